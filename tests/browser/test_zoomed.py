"""Small windows, and large ones at 200 %: whatever can be pressed can be scrolled to, and nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.test_room import FITTED, at

pytestmark = pytest.mark.browser

SIZE = "() => (({width, height}) => [width, height])(document.getElementById('network').getBoundingClientRect())"

CIRCLE = "/new?layers=2,4,3,2&dataset=circle&seed=4&step=12&phase=send_back&layer=3"
SIZES = [(720, 450), (640, 360), (960, 600), (1024, 560), (768, 1024), (390, 560), (320, 640), (1100, 700)]

# Whatever is on the page (not in a closed menu or dialog) is brought into view, and must then be what the pointer hits.
OUT_OF_REACH = """() => {
    const missed = [];
    for (const e of document.querySelectorAll('button, a[href], input, select, textarea')) {
        if (e.closest('svg, [popover], dialog, .shape, .skip, .hidden-text')) continue;
        if (!e.checkVisibility({visibilityProperty: true})) continue;
        const seen = e.closest('label') ?? e;
        seen.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
        const b = seen.getBoundingClientRect();
        if (!b.width || !b.height) continue;
        const [x, y] = [b.left + b.width / 2, b.top + b.height / 2];
        const hit = document.elementFromPoint(x, y);
        const inside = b.left >= -1 && b.right <= innerWidth + 1 && y >= 0 && y <= innerHeight;
        if (!inside || !hit || !seen.contains(hit))
            missed.push(`${e.id || e.className} ${e.value} at ${Math.round(x)}, ${Math.round(y)}: ${hit?.className}`);
    }
    scrollTo(0, 0);
    return missed;
}"""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_is_within_reach(visit: Opener, size: tuple[int, int]) -> None:
    visitor = visit(viewport={"width": size[0], "height": size[1]})
    page = at(visitor, CIRCLE)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(OUT_OF_REACH) == []
    if size[0] <= 700:
        for sheet in ("setup", "map", "cost", "inspect"):
            page.locator(f'#tabs [data-sheet="{sheet}"]').click()
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.evaluate(OUT_OF_REACH) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_picture_keeps_a_size_at_which_it_can_be_read(visit: Opener, size: tuple[int, int]) -> None:
    visitor = visit(viewport={"width": size[0], "height": size[1]})
    page = at(visitor, CIRCLE)
    page.wait_for_function(FITTED)
    width, height = page.evaluate(SIZE)
    assert height >= 200
    assert width >= min(size[0] - 20, 380)


@pytest.mark.parametrize("size", [(720, 450), (640, 360)], ids=["720x450", "640x360"])
def test_menus_and_dialogs_fit_a_zoomed_window(visit: Opener, size: tuple[int, int]) -> None:
    visitor = visit(viewport={"width": size[0], "height": size[1]})
    page = at(visitor, CIRCLE)
    page.keyboard.press("?")
    inside = """e => {
        const b = e.getBoundingClientRect();
        return b.top >= 0 && b.bottom <= innerHeight && b.left >= 0 && b.right <= innerWidth;
    }"""
    assert page.locator("dialog#help").evaluate(inside)
    page.keyboard.press("Escape")
    page.locator("#open-share").evaluate("button => button.click()")
    assert page.locator("dialog#share").evaluate(inside)
    page.keyboard.press("Escape")
    for menu in ("show-menu", "export-menu", "preset-menu"):
        page.locator(f"#{menu}").evaluate("menu => menu.showPopover()")
        assert page.locator(f"#{menu}").evaluate(inside)


def test_the_wheel_scrolls_a_page_that_scrolls(visit: Opener) -> None:
    visitor = visit(viewport={"width": 720, "height": 450})
    page = at(visitor, CIRCLE)
    page.mouse.move(360, 300)
    page.mouse.wheel(0, 300)
    page.wait_for_function("() => scrollY > 100")
    page.mouse.wheel(0, -300)
    page.wait_for_function("() => scrollY === 0")
    assert page.locator("#stage[data-zoomed]").count() == 0


def test_on_a_phone_what_is_refused_is_seen(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    visitor.expected.append("422")
    page.locator('#tabs [data-sheet="setup"]').click()
    page.fill("#training-learning_rate", "-5")
    page.press("#training-learning_rate", "Enter")
    refusal = page.locator("#training-learning_rate-refusal")
    expect(refusal).to_be_in_viewport(ratio=0.9)
    covered = """(one) => {
      const {left, bottom} = one.getBoundingClientRect();
      return document.elementFromPoint(left + 10, bottom - 4) !== one;
    }"""
    assert not refusal.evaluate(covered)


def test_a_target_that_is_a_number_has_room_on_a_phone(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844})
    page = visitor.page
    page.goto(f"{visitor.address}/new?layers=2,4,1&dataset=plane")
    page.wait_for_selector("#network[data-phase]", state="attached")
    page.wait_for_function(FITTED)
    right = (
        "() => Math.max(...[...document.querySelectorAll('#network text')].map((x) => x.getBoundingClientRect().right))"
    )
    assert page.evaluate(right) <= 390
