"""The page in the hands of a visitor: transport, keys, themes, sizes, and what it says."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener, violations

pytestmark = pytest.mark.browser

PRESETS = {"circle": "2,4,3,2", "xor": "2,4,1", "spiral": "2,8,8,2", "digits": "64,30,10", "by-hand": "2,2,2"}


@pytest.mark.parametrize(("preset", "layers"), PRESETS.items())
def test_every_preset_opens_and_steps(visit: Opener, preset: str, layers: str) -> None:
    visitor = visit()
    page = visitor.open(preset)
    assert page.get_attribute("body", "data-layers") == layers
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    expect(page.locator("#read-step")).to_have_text("1")
    expect(page.locator("#sentence")).to_contain_text("Step 1 is done")


def test_the_preset_menu_leads_to_a_new_session(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open()
    before = page.url
    page.locator('[popovertarget="preset-menu"]').click()
    page.locator("#preset-menu").get_by_text("XOR").click()
    page.wait_for_url(lambda url: url != before)
    page.wait_for_selector("#network[data-phase]", state="attached")
    assert page.get_attribute("body", "data-layers") == PRESETS["xor"]


def test_a_reload_keeps_the_session_and_where_it_stands(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "feedforward", 3)
    session = visitor.session
    page.goto(visitor.address)
    visitor.wait_for(1, "feedforward", 3)
    assert visitor.session == session


def test_space_plays_and_pauses(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    visitor.wait_for(1, "feedforward", 3)
    assert visitor.get()["playing"] is True
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("url => fetch(url).then(r => r.json()).then(view => !view.playing)", arg=visitor.session)


def test_keys_step_by_phase_by_step_and_back_to_the_start(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("xor")
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(2, "feedforward", 2)
    page.keyboard.press("ArrowLeft")
    visitor.wait_for(1, "update")
    page.keyboard.press("Home")
    visitor.wait_for(0, "start")
    expect(page.locator("#back")).to_have_attribute("aria-disabled", "true")


def test_digits_choose_what_connections_show_and_a_question_mark_opens_the_help(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    for key, kind in (("2", "sent"), ("3", "charged"), ("1", "weight")):
        page.keyboard.press(key)
        expect(page.locator("#network")).to_have_attribute("data-connections", kind)
        expect(page.locator(f'input[name="connections"][value="{kind}"]')).to_be_checked()
        expect(page.locator("#legend")).to_have_attribute("data-connections", kind)
    page.keyboard.press("?")
    expect(page.locator("dialog#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#help")).not_to_be_visible()


def test_keys_belong_to_a_field_while_somebody_types(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {id: 'typed'}))")
    page.focus("#typed")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2 ")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "feedforward", 2)
    assert page.input_value("#typed") == "2 "
    assert page.get_attribute("#network", "data-connections") == "weight"


def test_a_click_on_the_timeline_goes_there_and_back(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator('#timeline [data-phase="send_back"][data-layer="3"]').click()
    visitor.wait_for(1, "send_back", 3)
    current = page.locator("#timeline [aria-current=step]")
    expect(current).to_have_count(1)
    expect(current).to_have_attribute("data-phase", "send_back")
    page.locator('#timeline [data-phase="feedforward"][data-layer="2"]').click()
    visitor.wait_for(1, "feedforward", 2)
    page.locator('#timeline [data-phase="update"]').click()
    visitor.wait_for(1, "update")
    page.locator('#timeline [data-phase="start"]').click()
    visitor.wait_for(0, "start")


def test_another_visitors_steps_arrive_by_the_stream(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "epoch", "count": 2})
    visitor.wait_for(80, "update")
    expect(page.locator("#read-epoch")).to_have_text("2")
    assert visitor.get()["cursor"]["step"] == 80


PAINTED = """() => {
  const canvas = document.querySelector('#pulses');
  const blank = Object.assign(document.createElement('canvas'), {width: canvas.width, height: canvas.height});
  return canvas.toDataURL() !== blank.toDataURL();
}"""


def test_pulses_are_painted_while_blame_is_sent_back(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.check('input[name="speed"][value="0.25"]', force=True)
    visitor.post("/step", {"unit": "phase", "count": 5})
    visitor.wait_for(1, "output_error", 4)
    assert page.evaluate(PAINTED) is False
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "send_back", 3)
    page.wait_for_function(PAINTED, polling=100)
    expect(page.locator("#equation")).to_contain_text("on its way")
    page.wait_for_function(f"() => !({PAINTED})()", polling=100)
    expect(page.locator("#equation")).not_to_contain_text("on its way")


def test_pausing_holds_the_pulses_in_flight(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.check('input[name="speed"][value="0.25"]', force=True)
    visitor.post("/step", {"unit": "phase", "count": 5})
    visitor.wait_for(1, "output_error", 4)
    page.keyboard.press("Space")
    visitor.wait_for(1, "send_back", 3)
    page.wait_for_function(PAINTED, polling=100)
    page.keyboard.press("Space")
    picture = "() => document.querySelector('#pulses').toDataURL()"
    held = page.evaluate(picture)
    for _ in range(5):
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate(picture) == held
    assert page.evaluate(PAINTED) is True


def test_reduced_motion_shows_arrowheads_that_stand_still(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "phase", "count": 5})
    visitor.wait_for(1, "output_error", 4)
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "send_back", 3)
    page.wait_for_function(PAINTED, polling=100)
    picture = "() => document.querySelector('#pulses').toDataURL()"
    held = page.evaluate(picture)
    for _ in range(5):
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate(picture) == held
    assert page.locator("rect.term.coming").count() == 0
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "gate", 3)
    assert page.evaluate(PAINTED) is False


def test_nothing_travels_at_the_highest_speed(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.check('input[name="speed"][value="max"]', force=True)
    visitor.post("/step", {"unit": "phase", "count": 5})
    visitor.wait_for(1, "output_error", 4)
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "send_back", 3)
    assert page.evaluate(PAINTED) is False
    assert page.locator("rect.term.coming").count() == 0


def test_the_theme_follows_the_system_until_it_is_switched_and_then_is_remembered(visit: Opener) -> None:
    visitor = visit(color_scheme="dark")
    page = visitor.open("circle")
    surface = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(surface)
    page.click("#theme")
    light = page.evaluate(surface)
    assert dark != light
    page.reload()
    assert page.evaluate(surface) == light
    page.click("#theme")
    assert page.evaluate(surface) == dark


def test_response_maps_and_the_decision_map_are_painted(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.wait_for_function("() => document.querySelectorAll('image.map[href^=\"data:image/png\"]').length === 11")
    page.wait_for_function(
        """() => { const canvas = document.querySelector('#decision-map');
        const blank = Object.assign(document.createElement('canvas'), {width: canvas.width, height: canvas.height});
        return canvas.toDataURL() !== blank.toDataURL(); }"""
    )
    before = page.get_attribute("#neuron-4-1 image.map", "href")
    visitor.post("/step", {"unit": "epoch"})
    page.wait_for_function(
        "b => document.querySelector('#neuron-4-1 image.map').getAttribute('href') !== b", arg=before
    )


def test_a_bar_of_the_mini_batch_chooses_the_example_on_view(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900})
    page = visitor.open("circle")
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    before = page.get_attribute("#neuron-1-1", "data-a")
    page.locator('.batch-bar[data-position="4"]').click()
    expect(page.locator('.batch-bar[data-position="4"]')).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("b => document.querySelector('#neuron-1-1').dataset.a !== b", arg=before)
    assert visitor.get("/trace")["example"]["position"] == 4


def test_a_connection_is_read_with_six_digits_and_edited_in_place(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900})
    page = visitor.open("circle")
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    page.locator('path.hit[data-layer="4"][data-j="2"][data-k="3"]').dispatch_event("click")
    card = page.locator('.card[data-of="connection-4-2-3"]')
    last = visitor.get("/trace")["layers"][3]
    expect(card.locator('[data-field="sent"]')).to_have_attribute(
        "data-exact", re.compile(re.escape(repr(last["sent"][1][2])))
    )
    edit = card.locator('input[data-field="w"]')
    edit.fill("−0,75")
    edit.press("Enter")
    page.wait_for_function("() => document.querySelector('#connection-4-2-3').dataset.wAfter === '-0.75'")
    assert visitor.get("?include=parameters")["weights"][2][1][2] == -0.75


def test_an_edit_in_mid_step_is_refused_with_the_servers_sentence(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900})
    visitor.expected.append("409")
    page = visitor.open("circle")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "feedforward", 2)
    page.locator("g.neuron#neuron-2-1").dispatch_event("click")
    card = page.locator('.card[data-of="neuron-2-1"]')
    card.locator('input[data-field="b"]').fill("1")
    card.locator('input[data-field="b"]').press("Enter")
    expect(card.locator('[data-field="refusal"]')).to_be_visible()
    expect(card.locator('[data-field="refusal"]')).to_contain_text(".")
    assert "1 " not in (card.locator('input[data-field="b"]').input_value())


def test_arrow_keys_walk_from_neuron_to_connection_to_neuron(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.focus("#neuron-2-1")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.k") == "1"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "neuron-1-2"
    expect(page.locator('.card[data-of="neuron-1-2"]')).to_be_visible()
    assert visitor.cursor() == (0, "start", None)


def test_numbers_that_are_not_finite_are_told_with_a_way_back(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    body = {
        "layers": [2, 4, 3, 2], "activations": ["relu", "relu", "linear"], "cost": "quadratic",
        "optimizer": {"name": "sgd", "learning_rate": 1e200}, "dataset": {"name": "circle"},
    }  # fmt: skip
    made = page.evaluate(
        "body => fetch('/api/sessions', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify(body)}).then(r => r.json())",
        body,
    )
    page.goto(f"{visitor.address}/sessions/{made['id']}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
        page.wait_for_function("() => document.querySelector('#transport').dataset.waiting !== 'true'")
        if not visitor.get()["finite"]:
            break
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator("#sentence")).to_contain_text("grew past the largest number")
    page.locator("#trouble-back").click()
    expect(page.locator("#trouble")).not_to_be_visible()
    assert visitor.get()["finite"] is True


def test_a_phone_shows_the_network_and_its_sheets(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#forward").click()
    visitor.wait_for(1, "feedforward", 2)
    for sheet in ("map", "cost", "setup", "network"):
        page.locator(f'#tabs [data-sheet="{sheet}"]').click()
        expect(page.locator(f'#tabs [data-sheet="{sheet}"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#network")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_picture_is_made_anew_for_another_size_of_the_window(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900})
    page = visitor.open("circle")
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "feedforward", 2)
    page.set_viewport_size({"width": 1100, "height": 700})
    page.wait_for_function(
        """() => { const s = document.querySelector('#network'), t = document.querySelector('#stage');
        return Math.abs(s.dataset.width - t.clientWidth) <= 2 && s.dataset.phase; }"""
    )
    assert page.get_attribute("#neuron-2-1", "data-a") is not None
    expect(page.locator("#timeline [aria-current=step]")).to_have_attribute("data-phase", "feedforward")


@pytest.mark.parametrize("preset", ["circle", "digits"])
def test_axe_finds_nothing_serious(visit: Opener, preset: str) -> None:
    visitor = visit(bypass_csp=True, viewport={"width": 1440, "height": 900})
    page = visitor.open(preset)
    visitor.post("/step", {"unit": "step"})
    visitor.post("/seek", {"step": 1, "phase": "gate", "layer": 2})
    visitor.wait_for(1, "gate", 2)
    page.wait_for_function("() => /sent/.test(document.querySelector('path.hit[data-k]').ariaLabel)")
    assert violations(page) == []


def test_playing_digits_reaches_95_percent_on_what_it_never_saw(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    page.locator("#play").click()
    page.wait_for_function(
        "() => parseFloat(document.querySelector('#read-accuracy').textContent) > 95", timeout=60_000
    )
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("url => fetch(url).then(r => r.json()).then(view => !view.playing)", arg=visitor.session)
    assert visitor.get()["accuracy"]["test"] > 0.95
