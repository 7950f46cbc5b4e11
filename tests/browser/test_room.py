"""For a room: presentation, what is hidden, and the address that says both and where the run stands."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

SIZES = {"wide": (1440, 900), "projector": (1280, 720), "phone": (390, 844)}
FITTED = """() => { const s = document.querySelector('#network'), t = document.querySelector('#stage');
    const [x, y] = [t.clientWidth / s.dataset.width, t.clientHeight / s.dataset.height];
    return s.dataset.phase && Math.abs(x - y) < 0.02 * x; }"""


def at(visitor: Watched, path: str) -> Page:
    """A page by its address, with its first frame drawn."""
    visitor.page.goto(visitor.address + path)
    visitor.page.wait_for_selector("#network[data-phase]", state="attached")
    return visitor.page


def font_size(page: Page, selector: str) -> float:
    """As it is on the screen, px: what a picture is enlarged by counts."""
    return float(
        page.evaluate(
            """selector => { const e = document.querySelector(selector);
            const scale = e.ownerSVGElement ? e.ownerSVGElement.getScreenCTM().a : 1;
            return parseFloat(getComputedStyle(e).fontSize) * scale; }""",
            selector,
        )
    )


def query(page: Page) -> dict[str, list[str]]:
    """The parameters of the page's address."""
    return parse_qs(urlsplit(page.url).query)


def wait_for_query(page: Page, name: str, value: str | None) -> None:
    """Wait until the address says so."""
    page.wait_for_function("([n, v]) => new URLSearchParams(location.search).get(n) === v", arg=[name, value])


# -- presentation


def test_p_presents_and_escape_leaves(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.keyboard.press("p")
    for gone in (".top-bar", "#left", "#right", ".tools", ".legend", ".time", "#unit"):
        expect(page.locator(gone)).not_to_be_visible()
    for there in ("#network", "#sentence", "#play", "#line"):
        expect(page.locator(there)).to_be_visible()
    wait_for_query(page, "present", "1")
    page.keyboard.press("Escape")
    expect(page.locator(".top-bar")).to_be_visible()
    expect(page.locator("#line")).not_to_be_visible()
    wait_for_query(page, "present", None)


def test_a_presentation_has_all_of_the_screen_and_ends_with_it(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator("#present").click()
    page.wait_for_function("() => document.fullscreenElement === document.documentElement")
    expect(page.locator("#line")).to_be_visible()
    page.evaluate("document.exitFullscreen()")
    expect(page.locator("#line")).not_to_be_visible()
    page.keyboard.press("p")
    page.wait_for_function("() => document.fullscreenElement === document.documentElement")
    page.locator("#leave").click()
    page.wait_for_function("() => document.fullscreenElement === null")
    expect(page.locator(".top-bar")).to_be_visible()


def test_where_the_screen_is_not_given_the_window_does(visit: Opener) -> None:
    visitor = visit()
    visitor.page.add_init_script("Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('no'))")
    page = visitor.open("circle")
    page.keyboard.press("p")
    expect(page.locator("#line")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#line")).not_to_be_visible()


def test_escape_lets_go_of_nothing_while_presenting(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator("g.neuron#neuron-2-1").dispatch_event("click")
    pinned = page.locator('.card[data-of="neuron-2-1"]')
    expect(pinned).to_be_visible()
    page.keyboard.press("p")
    expect(pinned).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(pinned).to_be_visible()


def test_a_resting_pointer_is_out_of_the_way(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, "/new?dataset=circle&present=1")
    page.mouse.move(400, 300)
    page.wait_for_function("() => getComputedStyle(document.body).cursor === 'none'")
    page.mouse.move(420, 300)
    assert page.evaluate("getComputedStyle(document.body).cursor") != "none"


def test_letters_are_as_large_as_a_back_row_needs(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, "/new?layers=2,4,3,2&dataset=circle&seed=4&step=3&phase=send_back&layer=3&present=1")
    page.wait_for_function(FITTED)
    assert font_size(page, "#sentence") >= 27
    assert font_size(page, "#equation") >= 32
    assert font_size(page, "#line-phase") >= 20
    assert font_size(page, "#network .value") >= 18
    assert font_size(page, "#network .head") >= 16


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_presentation_fits_the_window(visit: Opener, size: str, color_scheme: str) -> None:
    width, height = SIZES[size]
    visitor = visit(viewport={"width": width, "height": height}, color_scheme=color_scheme)
    page = at(visitor, "/new?layers=2,4,3,2&dataset=circle&seed=4&step=3&phase=send_back&layer=3&present=1")
    page.wait_for_function(FITTED)
    inside = page.evaluate(
        """() => [...document.querySelectorAll('.stage, .say, .line, .moves')].map(e => e.getBoundingClientRect())
        .every(b => b.left >= 0 && b.right <= innerWidth + 0.5 && b.top >= 0 && b.bottom <= innerHeight + 0.5)"""
    )
    assert inside
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_all_keys_work_while_presenting(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.keyboard.press("P")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "feedforward", 2)
    expect(page.locator("#line")).to_have_attribute("data-direction", "forward")
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    page.keyboard.press("2")
    expect(page.locator("#network")).to_have_attribute("data-connections", "sent")
    page.keyboard.press("?")
    expect(page.locator("dialog#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#help")).not_to_be_visible()
    expect(page.locator("#line")).to_be_visible()
    page.keyboard.press("Home")
    visitor.wait_for(0, "start")


def test_the_line_says_phase_step_and_the_cost_of_the_example(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, "/new?dataset=circle&seed=4&layers=2,4,3,2&step=12&phase=send_back&layer=3&present=1")
    expect(page.locator("#line-phase")).to_have_text("send back into layer 3")
    expect(page.locator("#line")).to_have_attribute("data-direction", "back")
    cost = visitor.get("/trace")["cost"]["example"]
    found = re.fullmatch(r"step 12 · cost of this example ([\d.]+)", page.locator("#line-where").inner_text())
    assert found
    assert float(found[1]) == pytest.approx(cost, rel=5e-3)


def test_pulses_lie_on_the_enlarged_picture(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, "/new?dataset=circle&seed=4&layers=2,4,3,2&step=12&phase=send_back&layer=3&present=1")
    page.wait_for_function(FITTED)
    page.locator('input[name="speed"][value="0.25"]').dispatch_event("click")
    page.keyboard.press("ArrowLeft")
    visitor.wait_for(12, "output_error", 4)
    page.keyboard.press("Space")
    visitor.wait_for(12, "send_back", 3)
    page.wait_for_function("() => Number(document.querySelector('#network').dataset.progress) > 0.4", polling=20)
    page.keyboard.press("Space")
    # What is painted lies between the layers, where the connections into layer 4 are.
    left, right, painted_left, painted_right = page.evaluate(
        """() => {
        const canvas = document.querySelector('#pulses'), box = canvas.getBoundingClientRect();
        const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let [low, high] = [width, 0];
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++)
            if (data[4 * (y * width + x) + 3] > 40) { low = Math.min(low, x); high = Math.max(high, x); }
        const edge = (id, side) => document.querySelector(`${id} .face`).getBoundingClientRect()[side] - box.left;
        const scale = box.width / width;
        return [edge('#neuron-3-1', 'right'), edge('#neuron-4-1', 'left'), low * scale, high * scale];
    }"""
    )
    assert left - 30 <= painted_left < painted_right <= right + 30
    assert painted_right - painted_left > 0.3 * (right - left)


# -- what is hidden

HIDABLE: dict[str, str] = {
    "data": "#data", "network": "#network-settings", "training": "#training", "batch": "#batch-panel",
    "map": "#map-panel", "cost": "#cost-panel", "inspector": "#inspector-panel", "choices": ".tools",
    "legend": ".legend", "timeline": ".time", "sentence": "#say", "transport": "#transport",
}  # fmt: skip


def test_parts_can_be_hidden_and_the_address_keeps_it(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900})
    page = visitor.open("circle")
    menu = page.locator("#show-menu")
    page.locator('.top-bar [popovertarget="show-menu"]').first.click()
    for number, part in enumerate(HIDABLE, start=1):
        menu.locator(f'input[value="{part}"]').uncheck()
        expect(page.locator(HIDABLE[part])).not_to_be_visible()
        assert [other for other, place in HIDABLE.items() if page.is_visible(place)] == list(HIDABLE)[number:]
    wait_for_query(page, "hide", "left,right,choices,legend,timeline,sentence,transport")
    page.reload()
    for part, place in HIDABLE.items():
        expect(page.locator(place)).not_to_be_visible()
        expect(menu.locator(f'input[value="{part}"]')).not_to_be_checked()
    page.locator('.top-bar [popovertarget="show-menu"]').first.click()
    for part, place in HIDABLE.items():
        menu.locator(f'input[value="{part}"]').check()
        expect(page.locator(place)).to_be_visible()
    wait_for_query(page, "hide", None)


def test_hidden_columns_give_their_room_to_the_picture(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    at(visitor, urlsplit(page.url).path + "?hide=left,right")
    page.wait_for_function("() => document.querySelector('#stage').clientWidth === innerWidth")
    page.wait_for_function(FITTED)
    assert query(page)["hide"] == ["left,right"]


def test_nothing_hidden_can_be_reached_by_keyboard(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, "/new?hide=left,right,choices,legend,timeline,transport,sentence")
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.closest('header, main, aside, section, body').className"))
        assert page.evaluate("document.activeElement === document.body || document.activeElement.checkVisibility()")
    assert seen <= {"top-bar", "middle", ""}


# -- the address


def test_the_address_follows_the_run_and_what_is_shown(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    assert urlsplit(page.url).query == ""
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    wait_for_query(page, "step", "1")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(2, "feedforward", 2)
    wait_for_query(page, "layer", "2")
    page.keyboard.press("3")
    page.locator('input[name="neurons"][value="delta"]').check(force=True)
    page.click("#theme")
    wait_for_query(page, "theme", "dark")
    assert query(page) == {
        "step": ["2"], "phase": ["feedforward"], "layer": ["2"], "connections": ["charged"], "neurons": ["delta"],
        "theme": ["dark"],
    }  # fmt: skip
    page.keyboard.press("Home")
    visitor.wait_for(0, "start")
    wait_for_query(page, "step", None)


def test_an_address_opens_what_it_says(visit: Opener) -> None:
    maker, visitor = visit(), visit()
    path = urlsplit(maker.open("circle").url).path
    maker.post("/step", {"unit": "step"})
    page = at(visitor, f"{path}?theme=dark&connections=ledger&neurons=z&hide=cost&step=1")
    expect(page.locator("#network")).to_have_attribute("data-connections", "ledger")
    expect(page.locator("#network")).to_have_attribute("data-neurons", "z")
    expect(page.locator("#cost-panel")).not_to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    expect(page.locator("#moment")).not_to_be_visible()


def test_the_address_has_pace_cards_table_and_matrix_and_a_link_brings_them(visit: Opener) -> None:
    maker, visitor = visit(), visit()
    page = maker.open("circle")
    maker.post("/step", {"unit": "step"})
    maker.wait_for(1, "update")
    for name, value in (("unit", "step"), ("speed", "4"), ("view", "table")):
        page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)
    page.keyboard.press("m")
    page.locator("#matrix-pair").select_option("3")
    page.click("#matrix [data-question=inverse]")
    page.evaluate("history.replaceState(null, '', location.pathname)")
    wait_for_query(page, "question", "inverse")
    said = {
        "unit": ["step"],
        "speed": ["4"],
        "view": ["table"],
        "matrix": ["3"],
        "question": ["inverse"],
        "step": ["1"],
    }
    assert query(page) == said
    other = at(visitor, f"{page.url.removeprefix(maker.address)}&pinned=neuron-3-2,connection-4-1-2")
    expect(other.locator(".card[data-pinned]")).to_have_count(2)
    expect(other.locator("#matrix-inverse")).to_be_visible()
    expect(other.locator("#matrix-pair")).to_have_value("3")
    expect(other.locator("#table")).to_be_visible()
    expect(other.locator("input[name=unit]:checked")).to_have_value("step")
    expect(other.locator("input[name=speed]:checked")).to_have_value("4")
    wait_for_query(other, "pinned", "neuron-3-2,connection-4-1-2")
    assert query(other) == {**said, "pinned": ["neuron-3-2,connection-4-1-2"]}


def moved_on(visit: Opener) -> tuple[Watched, Watched, Page]:
    """A session at step 5, and a second visitor with a link to step 3 of it."""
    maker, visitor = visit(), visit()
    path = urlsplit(maker.open("circle").url).path
    maker.post("/step", {"count": 5})
    page = at(visitor, f"{path}?theme=dark&connections=weight&step=3&phase=send_back&layer=3")
    expect(page.locator("#moment-text")).to_contain_text("step 3, send back into layer 3")
    expect(page.locator("#moment-text")).to_contain_text("at step 5 now")
    return maker, visitor, page


def test_a_link_to_another_point_moves_nobody(visit: Opener) -> None:
    maker, visitor, page = moved_on(visit)
    assert visitor.cursor() == (5, "update", None)
    assert maker.get()["cursor"]["step"] == 5
    page.locator("#moment-close").click()
    expect(page.locator("#moment")).not_to_be_visible()
    page.reload()
    page.wait_for_selector("#network[data-phase]", state="attached")
    expect(page.locator("#moment")).not_to_be_visible()


def test_a_copy_of_a_link_s_moment_has_the_same_numbers_and_moves_nobody(visit: Opener) -> None:
    maker, visitor, page = moved_on(visit)
    page.locator("#moment-copy").click()
    visitor.wait_for(3, "send_back", 3)
    assert visitor.session != maker.session
    expect(page.locator("#network")).to_have_attribute("data-connections", "weight")
    assert query(page)["theme"] == ["dark"]
    assert maker.get()["cursor"] == {"step": 5, "phase": "update", "layer": None}
    maker.post("/seek", {"step": 3, "phase": "send_back", "layer": 3})
    assert both(maker, visitor, "?include=parameters", "weights")
    assert both(maker, visitor, "/trace", "layers")


def both(one: Watched, other: Watched, path: str, name: str) -> bool:
    """Whether the API says the same of both sessions, and something at all."""
    found: list[Any] = [visitor.get(path)[name] for visitor in (one, other)]
    return bool(found[0]) and found[0] == found[1]


def test_a_session_is_taken_to_a_link_s_moment_only_by_saying_so(visit: Opener) -> None:
    maker, visitor, page = moved_on(visit)
    page.locator("#moment-go").click()
    visitor.wait_for(3, "send_back", 3)
    maker.wait_for(3, "send_back", 3)
    expect(page.locator("#moment")).not_to_be_visible()


@pytest.mark.parametrize("wrong", ["step=3&phase=nowhere", "step=3&phase=gate&layer=9", "step=x", "step=3&phase=<b>"])
def test_a_link_to_no_point_follows_the_session(visit: Opener, wrong: str) -> None:
    maker, visitor = visit(), visit()
    path = urlsplit(maker.open("circle").url).path
    page = at(visitor, f"{path}?{wrong}")
    expect(page.locator("#moment")).not_to_be_visible()
    assert visitor.cursor() == (0, "start", None)


def test_a_link_to_what_is_no_longer_there_says_so(visit: Opener) -> None:
    maker, visitor = visit(), visit()
    path = urlsplit(maker.open("circle").url).path
    maker.post("/step", {"count": 2})
    page = at(visitor, f"{path}?step=7")
    expect(page.locator("#moment-text")).to_contain_text("the end of step 7, which is no longer there")
    expect(page.locator("#moment-copy")).not_to_be_visible()
    expect(page.locator("#moment-go")).not_to_be_visible()


def test_on_a_phone_the_menu_presents_and_changes_the_theme(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator('[popovertarget="more-menu"]').click()
    page.locator('[data-same-as="theme"]').click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.locator('[popovertarget="more-menu"]').click()
    page.locator('[data-same-as="present"]').click()
    expect(page.locator("#line")).to_be_visible()
    expect(page.locator("#tabs")).not_to_be_visible()
    page.locator("#leave").click()
    expect(page.locator("#tabs")).to_be_visible()
    page.locator('[popovertarget="more-menu"]').click()
    page.locator('[data-same-as="open-show"]').click()
    expect(page.locator("#more-menu")).not_to_be_visible()
    page.locator('#show-menu input[value="legend"]').uncheck()
    expect(page.locator("#legend")).not_to_be_visible()
