"""Hints in place: one at a time, beside what they explain, until they are known or dismissed for good."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser

SIZES: list[dict[str, Any]] = [
    {"viewport": {"width": 1440, "height": 900}},
    {"viewport": {"width": 1280, "height": 720}},
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
]


def shown(page: Page, name: str) -> None:
    """Wait until this hint is there, and no other."""
    expect(page.locator(".tip")).to_have_count(1)
    expect(page.locator(".tip")).to_have_attribute("data-tip", name)


def test_a_hint_goes_when_it_has_been_done_and_the_next_one_comes(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    shown(page, "step")
    page.locator("#forward").click()
    shown(page, "point")
    page.locator("#neuron-2-1").click()
    shown(page, "scrub")
    page.locator('#timeline button.phase[data-phase="cost"]').click()
    expect(page.locator(".tip")).to_have_count(0)
    page.keyboard.press("Escape")  # a card folds the panels in which the next hints are
    page.wait_for_url(lambda url: "pinned" not in url)
    page.mouse.move(2, 2)
    for step in (1, 2, 3):
        page.keyboard.press("Shift+ArrowRight")
        visitor.wait_for(step, "update")
    shown(page, "run")
    page.reload()
    shown(page, "run")
    page.get_by_role("button", name="dismiss this hint").click()
    shown(page, "add")
    assert page.locator(".tip > span").evaluate("words => words.scrollWidth <= words.clientWidth")


def test_what_is_dismissed_stays_away_until_hints_are_asked_for_again(visit: Opener) -> None:
    page = visit().open("circle")
    shown(page, "step")
    page.get_by_role("button", name="dismiss this hint").click()
    expect(page.locator(".tip")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    shown(page, "point")
    page.get_by_role("button", name="no more hints").click()
    expect(page.locator(".tip")).to_have_count(0)
    page.reload()
    page.wait_for_selector("#network[data-phase]", state="attached")
    page.locator("#back").click()
    page.keyboard.press("?")
    expect(page.locator(".tip")).to_have_count(0)
    page.get_by_role("button", name="Show hints again").click()
    page.keyboard.press("Escape")
    shown(page, "step")


@pytest.mark.parametrize("size", SIZES, ids=["wide", "projector", "phone"])
def test_no_hint_covers_or_moves_the_picture(visit: Opener, size: dict[str, Any]) -> None:
    page = visit(**size).open("circle")
    shown(page, "step")
    for name in ("step", "point", "scrub"):
        shown(page, name)
        tip, stage = page.locator(".tip").bounding_box(), page.locator("#stage").bounding_box()
        assert tip is not None
        assert stage is not None
        assert tip["y"] >= stage["y"] + stage["height"] or tip["y"] + tip["height"] <= stage["y"]
        assert tip["x"] >= 0
        assert tip["x"] + tip["width"] <= size["viewport"]["width"]
        close = page.locator(".tip-close").bounding_box()
        assert close is not None
        assert close["x"] + close["width"] <= tip["x"] + tip["width"]
        assert page.locator(".tip > span").evaluate("words => words.scrollWidth <= words.clientWidth")
        page.locator("#forward").click() if name == "step" else page.locator(".tip-close").click()
        page.wait_for_function("name => document.querySelector('.tip')?.dataset.tip !== name", arg=name)
        assert page.locator("#stage").bounding_box() == stage


def test_there_are_no_hints_for_an_audience(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    shown(page, "step")
    page.keyboard.press("p")
    expect(page.locator(".tip:visible")).to_have_count(0)
