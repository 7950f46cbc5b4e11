"""Automated accessibility checks of the matrix panel, a lesson with an arrow, and a race."""

from __future__ import annotations

import httpx
import pytest

from app.lessons.library import lessons
from tests.browser.conftest import Opener, Watched, violations
from tests.browser.contexts import WAIT_S
from tests.browser.test_matrix import FITTED

pytestmark = pytest.mark.browser


def quiet(visit: Opener) -> Watched:
    """A visitor whose page lets axe in."""
    return visit(bypass_csp=True, reduced_motion="reduce")


@pytest.mark.parametrize(("question", "notation"), [("row", "sums"), ("transpose", "columns"), ("inverse", "rows")])
def test_axe_finds_nothing_in_the_panel(visit: Opener, question: str, notation: str) -> None:
    visitor = quiet(visit)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "phase", "count": 8})
    visitor.wait_for(1, "send_back", 2)
    page.keyboard.press("m")
    page.locator("#matrix-notation").select_option(notation)
    page.wait_for_function(FITTED)
    page.locator(f'#matrix .question[data-question="{question}"]').click()
    if question == "transpose":
        page.locator(".nudge-handle[data-k='2']").press("ArrowUp")
        page.wait_for_selector(".nudge-moves text", state="attached")
    assert violations(page) == []


def test_axe_finds_nothing_in_a_lesson_with_an_arrow(visit: Opener) -> None:
    visitor = quiet(visit)
    page = visitor.page
    steps = lessons()["why-the-transpose"].steps
    step = next(number for number, one in enumerate(steps, 1) if one.ask and one.ask.kind == "arrow")
    page.goto(f"{visitor.address}/lessons/why-the-transpose?step={step}")
    page.wait_for_selector(".arrow-plane .beside", state="attached")
    page.locator(".arrow-plane").press("ArrowUp")
    page.locator("#lesson-check").click()
    page.wait_for_selector('#lesson-said[data-right="false"]')
    assert violations(page, "#lesson") == []


def test_axe_finds_nothing_on_the_pages_of_races_and_lessons(visit: Opener) -> None:
    visitor = quiet(visit)
    page = visitor.page
    body = {"session": {"layers": [2, 3, 2]}, "feedbacks": ["transpose", "none"], "seeds": [1], "epochs": 1}
    race = httpx.post(f"{visitor.address}/api/races", json=body, timeout=WAIT_S).raise_for_status().json()["id"]
    for path in ("/races", f"/races/{race}", "/lessons", "/lessons/why-the-transpose/print"):
        page.goto(visitor.address + path)
        if path.endswith(race):
            page.wait_for_selector("#race-cost canvas")
        assert violations(page) == [], path
