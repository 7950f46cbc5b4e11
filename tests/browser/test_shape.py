"""The network's shape changed on the picture: by mouse, by keyboard and by touch; refusals beside the button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, violations

pytestmark = pytest.mark.browser


def layers(page: Page) -> str | None:
    """The layers of the network on view."""
    return page.get_attribute("body", "data-layers")


def test_plus_over_a_layer_begins_a_new_run_and_back_returns_to_the_old_one(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 3})
    visitor.wait_for(3, "update")
    before = visitor.session
    more = page.locator('#shape [value="more-2"]')
    page.locator('.shape-layer[data-layer="2"] .shape-head').hover()
    more.hover()
    expect(page.locator("#shape-note")).to_have_text("4 → 5 neurons: begins a new run")
    more.click()
    page.wait_for_selector('body[data-layers="2,5,3,2"]')
    visitor.wait_for(0, "start")
    assert visitor.session != before
    assert visitor.get()["config"]["layers"] == [2, 5, 3, 2]
    page.go_back()
    page.wait_for_selector('body[data-layers="2,4,3,2"]')
    visitor.wait_for(3, "update")
    assert visitor.session == before


STAND_OVER = """() => [2, 3, 4].every((layer) => {
  const head = document.querySelector(`#network .head[data-layer="${layer}"]`).getBoundingClientRect();
  const button = document.querySelector(`.shape-layer[data-layer="${layer}"] .shape-head`).getBoundingClientRect();
  return head.width > 0 && button.left <= head.left && button.right >= head.right;
})"""


def test_the_buttons_stand_over_their_layers(visit: Opener) -> None:
    for width in (1440, 1280, 1024):
        visit(viewport={"width": width, "height": 800}).open("circle").wait_for_function(STAND_OVER)


def test_a_layer_is_added_between_two_and_taken_away_again(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator('#shape [value="insert-3"]').click()
    page.wait_for_selector('body[data-layers="2,4,4,3,2"]')
    page.locator('.shape-layer[data-layer="4"] .shape-head').click()
    menu = page.locator("#shape-menu-4")
    expect(menu).to_be_visible()
    expect(menu).to_contain_text("begins a new run")
    menu.get_by_text("Take this layer away").click()
    page.wait_for_selector('body[data-layers="2,4,4,2"]')
    assert visitor.get()["config"]["layers"] == [2, 4, 4, 2]


def test_the_activation_is_chosen_at_the_head(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    before = str(page.get_attribute("body", "data-session"))
    page.locator('.shape-layer[data-layer="4"] .shape-head').click()
    current = page.locator('#shape-menu-4 [aria-current="true"]')
    expect(current).to_have_text("sigmoid")
    page.locator("#shape-menu-4").get_by_text("softmax").click()
    page.wait_for_selector(f'body:not([data-session="{before}"])')
    assert visitor.get()["config"]["activations"] == ["tanh", "tanh", "softmax"]


def test_all_of_it_by_keyboard_and_the_focus_stays_on_the_new_page(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator("#neurons-choice input:checked").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('#shape') !== null"):
            break
    focused = "() => document.activeElement.value || document.activeElement.getAttribute('popovertarget')"
    assert page.evaluate("() => document.activeElement.matches('[data-examples]')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "insert-2"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "more-2"
    assert page.get_attribute("#network", "data-step") == "0"  # the arrows were the toolbar's
    page.keyboard.press("Enter")
    page.wait_for_selector('body[data-layers="2,5,3,2"]')
    page.wait_for_function("() => document.activeElement.value === 'more-2'")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == "shape-menu-2"
    page.keyboard.press("Enter")
    expect(page.locator("#shape-menu-2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shape-menu-2")).not_to_be_visible()
    assert page.evaluate(focused) == "shape-menu-2"


def test_what_is_refused_is_said_beside_the_button(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.expected.append("422")
    page.evaluate("document.getElementById('network-size-3').value = 'many'")
    page.locator('#shape [value="more-2"]').click()
    note = page.locator("#shape-note.refusal")
    expect(note).to_contain_text("many")
    expect(note).to_have_attribute("role", "alert")
    button, said = page.locator('#shape [value="more-2"]').bounding_box(), note.bounding_box()
    assert button
    assert said
    assert abs(said["x"] + said["width"] / 2 - button["x"] - 12) < 8
    assert 0 < said["y"] - button["y"] < 40
    assert layers(page) == "2,4,3,2"


def test_the_buttons_are_not_there_where_the_heads_are_not_over_their_layers(visit: Opener) -> None:
    page = visit().open("circle")
    bar = page.locator("#shape")
    expect(bar).to_be_visible()
    page.keyboard.press("+")
    expect(bar).not_to_be_visible()
    page.keyboard.press("0")
    expect(bar).to_be_visible()
    page.keyboard.press("d")
    expect(bar).not_to_be_visible()


def test_a_point_of_ones_own_comes_along_to_the_new_run(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/examples", {"inputs": [0.5, -1.0], "label": 1})
    page.locator('#shape [value="more-3"]').click()
    page.wait_for_selector('body[data-layers="2,4,4,2"]')
    assert visitor.get("/examples?part=added")["inputs"] == [[0.5, -1.0]]
    expect(page.locator("#aim-hint")).to_contain_text("1 added")


def test_axe_finds_nothing_in_the_menus(visit: Opener) -> None:
    page = visit(bypass_csp=True).open("circle")
    page.locator('.shape-layer[data-layer="2"] .shape-head').click()
    assert violations(page, "#shape, #shape-menu-2") == []


def test_on_a_phone_the_heads_open_and_can_be_seen_to(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    head = page.locator('.shape-layer[data-layer="3"] .shape-head')
    assert head.locator(".icon").evaluate("icon => getComputedStyle(icon).opacity") == "1"
    head.tap()
    menu = page.locator("#shape-menu-3")
    box = menu.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    menu.locator('[value="more-3"]').tap()
    page.wait_for_selector('body[data-layers="2,4,4,2"]')
