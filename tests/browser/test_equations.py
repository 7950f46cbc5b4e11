"""Equations are MathML with the trace's numbers in the picture's colours; they wrap, and there are words for each."""

from __future__ import annotations

import math

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_numbers import phases

pytestmark = pytest.mark.browser

NUMBERS = "all => all.map(n => [Number(n.dataset.exact), n.textContent, n.className || n.getAttribute('class')])"


def numbers(page: Page) -> list[tuple[float, str, str]]:
    """The numbers of the phase's equation: exact, as written, class."""
    return [tuple(n) for n in page.eval_on_selector_all("#equation math mn[data-exact]", NUMBERS)]


def test_the_equation_of_send_back_is_typeset_from_the_traces_terms_up_to_their_sum(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    visitor.post("/seek", {"step": 1, "phase": "send_back", "layer": 2})
    visitor.wait_for(1, "send_back", 2)
    trace = visitor.get("/trace")
    below, above = trace["layers"][1], trace["layers"][2]
    shown = numbers(page)
    assert len(shown) == 3 * 2 + 1
    k = min(range(4), key=lambda k: abs(below["received"][k] - shown[-1][0]))
    expected = [x for j in range(3) for x in (above["w"][j][k], above["delta"][j])] + [below["received"][k]]
    for (x, text, colour), number, kind in zip(shown, expected, ["value", "blame"] * 3 + ["blame"], strict=True):
        assert math.isclose(x, number, rel_tol=2e-6)
        assert colour == f"{kind}-{'plus' if number > 0 else 'minus'}"
        assert text.startswith("−") == (number < 0)
    assert page.locator("#equation math msubsup").count() >= 3


def test_every_equation_has_words_for_whoever_hears_it_and_is_drawn_for_the_others_only(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    for phase, layer in phases(4):
        page.keyboard.press("ArrowRight")
        visitor.wait_for(1, phase, layer)
        words = page.locator("#equation > .hidden-text").inner_text()
        assert "equals" in words
        assert not set("=−+·×(′σδ∂∑") & set(words), words
        assert page.locator("#equation > .maths[aria-hidden=true] math").count() >= 1


def test_no_piece_of_an_equation_is_wider_than_a_phone(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = visitor.open("circle")
    for phase, layer in phases(4):
        page.locator("#forward").click()
        visitor.wait_for(1, phase, layer)
        rights = page.eval_on_selector_all("#equation math", "all => all.map(m => m.getBoundingClientRect().right)")
        assert rights
        assert max(rights) <= 390 - 8, (phase, layer)


def test_where_only_numbers_change_only_numbers_are_touched(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "phase", "count": 4})
    visitor.wait_for(1, "cost")
    page.evaluate("() => { document.querySelector('#equation math:last-of-type mn').kept = true; }")
    before = numbers(page)
    visitor.post("/step", {"unit": "phase", "count": len(phases(4))})
    visitor.wait_for(2, "cost")
    expect(page.locator("#sentence")).to_contain_text("costs")
    assert numbers(page) != before
    assert page.evaluate("() => document.querySelector('#equation math:last-of-type mn').kept") is True
