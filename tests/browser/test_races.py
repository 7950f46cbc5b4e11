"""Races on their page: started from the form, followed, kept over a reload, and the same numbers as the API's."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser


def test_a_race_is_started_followed_and_still_there_after_a_reload(visit: Opener) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.address}/races")
    page.get_by_text("Circle", exact=True).click()
    page.locator('input[name="epochs"]').fill("3")
    page.get_by_role("button", name="Start the race").click()
    page.wait_for_url("**/races/*")
    expect(page.locator("#race-state")).to_have_text("Done", timeout=30_000)
    expect(page.locator("#race-cancel")).to_be_hidden()
    expect(page.locator("#race-table tr")).to_have_count(6)
    race = httpx.get(f"{visitor.address}/api/races/{page.get_attribute('body', 'data-race')}").json()
    for one in race["summary"]:
        row = page.locator(f'#race-table tr[data-feedback="{one["feedback"]}"]')
        expect(row).to_have_attribute("data-accuracy", str(one["accuracy"]["test"]["mean"]))
    for name, kind in (("CSV", "results.csv"), ("JSON", "")):
        with page.expect_download() as given:
            page.get_by_role("link", name=name, exact=True).click()
        told = httpx.get(f"{visitor.address}/api/races/{race['id']}/{kind}".rstrip("/"))
        assert given.value.path().read_bytes() == told.content
        assert given.value.suggested_filename == f"blameflow-race.{name.lower()}"
    page.reload()
    expect(page.locator("#race-table tr")).to_have_count(6)
    expect(page.locator("#race-accuracy canvas")).to_be_visible()
    expect(page.locator("#race-cost canvas")).to_be_visible()
    expect(page.locator("#race-angles canvas")).to_have_count(2)


def test_two_races_at_once_are_both_listed_and_one_is_cancelled_after_a_reload(visit: Opener) -> None:
    visitor = visit()
    page = visitor.page
    body = {"session": {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}}, "feedbacks": ["transpose", "random"]}
    page.goto(f"{visitor.address}/races")
    start = """body => fetch("/api/races", {method: "POST", body: JSON.stringify(body),
      headers: {"Content-Type": "application/json"}}).then((answer) => answer.json())"""
    ways = ({"seeds": [1, 2, 3, 4, 5], "epochs": 1000}, {"seeds": [1], "epochs": 2})
    long, short = (page.evaluate(start, body | way)["id"] for way in ways)
    page.reload()
    for race in (long, short):
        expect(page.locator(f'#race-list a[href$="{race}"]')).to_contain_text("2, 4, 3, 2: transpose, random")
    # what differs is told
    for race, told in (
        (long, "circle · 5 seeds · 1,000 epochs · learning rate"),
        (short, "circle · 1 seed · 2 epochs"),
    ):
        expect(page.locator(f'#race-list li:has(a[href$="{race}"]) small')).to_contain_text(told)
    page.locator(f'#race-list a[href$="{long}"]').click()
    expect(page.locator("#race-cancel")).to_be_visible()
    page.reload()
    page.locator("#race-cancel").click()
    expect(page.locator("#race-state")).to_have_text("Cancelled")
    expect(page.locator("#race-cancel")).to_be_hidden()
    page.goto(f"{visitor.address}/races/{short}")
    expect(page.locator("#race-state")).to_have_text("Done")


def test_a_race_of_the_sessions_own_network_is_refused_in_words(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("by-hand")
    session = page.get_attribute("body", "data-session")
    page.goto(f"{visitor.address}/races?session={session}")
    expect(page.locator("input[name=entry]")).to_have_count(4)
    page.locator('input[name="epochs"]').evaluate("input => { input.removeAttribute('max'); input.value = 5000; }")
    visitor.expected.append("422")
    page.get_by_role("button", name="Start the race").click()
    expect(page.locator("#race-message")).to_contain_text("At most 1,000 epochs")


def test_without_a_server_no_race_is_started_and_what_was_chosen_stays(visit: Opener) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.address}/races")
    page.get_by_text("Circle", exact=True).click()
    page.locator('input[name="epochs"]').fill("7")
    visitor.expected.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    expect(page.locator("#race-message")).to_contain_text("The server cannot be reached")  # before it is tried
    page.get_by_role("button", name="Start the race").click()
    expect(page.locator("#race-message")).to_contain_text("What you chose stays here")
    expect(page.locator('input[name="epochs"]')).to_have_value("7")
    page.context.set_offline(False)
    expect(page.locator("#race-message")).to_be_hidden()
    expect(page.locator('input[name="entry"]:checked')).to_have_value("toy")


def test_a_race_that_explodes_says_what_happened(visit: Opener) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.address}/races")
    session = {
        "layers": [2, 4, 4, 2],
        "activations": ["relu", "relu", "linear"],
        "initializer": "book_large",
        "dataset": {"name": "circle"},
        "optimizer": {"name": "sgd", "learning_rate": 1000},
    }
    start = """body => fetch("/api/races", {method: "POST", body: JSON.stringify(body),
      headers: {"Content-Type": "application/json"}}).then((answer) => answer.json())"""
    body = {"session": session, "feedbacks": ["transpose"], "seeds": [1], "epochs": 5}
    page.goto(f"{visitor.address}/races/{page.evaluate(start, body)['id']}")
    expect(page.locator("#race-state")).to_have_text("Done")
    expect(page.locator("#race-table")).to_contain_text("1 (1 not finite)")
    expect(page.locator("#race-broken")).to_contain_text("A smaller learning rate may help")


BELOW_THE_PICTURE = """() => {
  const [picture, chip] = ["network", "operator-chip"].map((id) => document.getElementById(id).getBoundingClientRect());
  return chip.height > 0 && chip.top >= picture.bottom;
}"""


def test_the_dial_shows_the_angle_that_the_server_measures(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 5})
    httpx.patch(visitor.session, json={"feedback": {"name": "random"}}).raise_for_status()
    visitor.post("/step", {"unit": "step"})
    visitor.wait_for(6, "update")
    page.locator("#compass-panel > summary").click()
    found = visitor.get("/feedback-comparison")
    layers = next(one["layers"] for one in found["operators"] if one["name"] == "random")
    chip = page.locator("#operator-chip")
    expect(chip).to_contain_text("random in place of wᵀ")
    for one in layers:
        angle = one["chain"]["angle"]
        expect(chip).to_contain_text(f"{angle:.{0 if angle >= 9.95 else 1}f}° in layer {one['layer']}")
        dial = page.locator(f'.dial[data-layer="{one["layer"]}"]')
        expect(dial).to_have_attribute("data-angle", str(one["chain"]["angle"]))
        expect(dial).to_have_attribute("data-norm", str(one["chain"]["norm"]))
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(BELOW_THE_PICTURE)


def test_cards_say_what_stands_in_the_transposes_place_and_how_far_off_it_is(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    expect(page.locator("#operator-chip")).to_be_hidden()
    httpx.patch(visitor.session, json={"feedback": {"name": "random"}}).raise_for_status()
    visitor.post("/step", {"unit": "step", "count": 2})
    visitor.wait_for(2, "update")
    found = visitor.get("/feedback-comparison")
    layers = next(one["layers"] for one in found["operators"] if one["name"] == "random")
    angle = next(one["chain"]["angle"] for one in layers if one["layer"] == 2)
    for target in ("#neuron-2-1", '#network path.hit[data-layer="3"][data-j="1"][data-k="1"]'):
        page.locator(target).dispatch_event("click")
    said = page.locator("#inspector-panel").get_by_text(f"Layer 2 is sent {angle:.0f}° off the gradient")
    expect(said).to_have_count(2)
    # and before blame has come there, as soon as a card is opened
    visitor.post("/step", {"unit": "phase"})
    visitor.wait_for(3, "feedforward", 2)
    angles = visitor.get("/feedback-comparison")["operators"]
    angle = next(one["layers"][0]["chain"]["angle"] for one in angles if one["name"] == "random")
    expect(page.locator("#inspector-panel").get_by_text(f"Layer 2 is sent {angle:.0f}° off")).to_have_count(2)
    expect(
        page.locator("#inspector-panel").get_by_text("B stands where the transpose would: random").first
    ).to_be_visible()
