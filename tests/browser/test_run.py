"""The run as a time line: going anywhere on its curves, what a change cuts off, runs that are kept and compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

WIDE = {"viewport": {"width": 1440, "height": 900}}
STANDS = "(url, step) => fetch(url).then(r => r.json()).then(view => view.cursor.step === step)"


def opened(visitor: Watched, steps: int, preset: str = "circle") -> Page:
    """A page on which so many steps were made."""
    page = visitor.open(preset)
    visitor.post("/step", {"count": steps})
    visitor.wait_for(steps, "update")
    expect(page.locator("#run")).to_have_attribute("aria-valuemax", str(steps))
    expect(page.locator("#cost-chart")).to_have_attribute("data-last", str(steps))
    return page


def where(page: Page, step: int) -> tuple[float, float]:
    """The point of the curves over a step, px. The axis of a run of 10 steps or more ends at its last step."""
    box = page.locator("#run").bounding_box()
    assert box is not None
    last = int(page.get_attribute("#run", "aria-valuemax") or 0)
    return box["x"] + box["width"] * step / max(10, last), box["y"] + box["height"] / 2


def go_back(visitor: Watched, step: int) -> None:
    visitor.post("/seek", {"step": step})
    visitor.wait_for(step, "update" if step else "start")


def test_a_click_on_the_curves_goes_to_that_step(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    for step in (13, 0, 29, 40):
        page.mouse.click(*where(page, step))
        visitor.wait_for(step, "update" if step else "start")
        assert visitor.get()["cursor"]["step"] == step
        expect(page.locator("#run")).to_have_attribute("aria-valuenow", str(step))
        expect(page.locator("#read-step")).to_have_text(str(step))
    assert visitor.get()["last_step"] == 40


def test_a_drag_takes_the_picture_along_and_ends_where_it_is_let_go(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    page.mouse.move(*where(page, 40))
    page.mouse.down()
    page.mouse.move(*where(page, 30), steps=5)
    visitor.wait_for(30, "update")
    page.mouse.move(*where(page, 7), steps=40)
    page.mouse.up()
    visitor.wait_for(7, "update")
    page.wait_for_function("([url, step]) => (" + STANDS + ")(url, step)", arg=[visitor.session, 7])
    expect(page.locator("#run")).to_have_attribute("aria-valuenow", "7")


# Counted in the page: the browser tells of a request's end later than the page, which may have begun another by then.
COUNT = """() => {
  const ask = window.fetch;
  window.seeks = {calls: 0, running: 0, most: 0};
  window.fetch = async (to, of) => {
    if (!String(to).endsWith("/seek")) return ask(to, of);
    seeks.calls += 1;
    seeks.running += 1;
    seeks.most = Math.max(seeks.most, seeks.running);
    return ask(to, of).finally(() => { seeks.running -= 1; });
  };
}"""


def test_a_drag_never_queues_calls(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    page.evaluate(COUNT)
    # On a machine where every answer came sooner than the next move, nothing would have to wait.
    slow = {"offline": False, "latency": 150, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    places = [where(page, step) for step in [*range(39, 0, -1), *range(1, 40), *range(40, 3, -1)]]
    page.mouse.move(*where(page, 40))
    page.mouse.down()
    for place in places:
        page.mouse.move(*place)
    page.mouse.up()
    visitor.wait_for(4, "update")
    seeks = page.evaluate("seeks")
    assert seeks["most"] == 1
    assert 1 < seeks["calls"] < len(places)


def test_the_keys_of_the_slider_go_by_steps_and_epochs(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 90)
    page.focus("#run")
    for key, step in (
        ("ArrowLeft", 89),
        ("PageDown", 49),
        ("ArrowRight", 50),
        ("PageUp", 90),
        ("Home", 0),
        ("End", 90),
    ):
        page.keyboard.press(key)
        visitor.wait_for(step, "update" if step else "start")
        assert visitor.get()["cursor"]["step"] == step
    cost = visitor.get()["cost"]
    spoken = f"step 90 · epoch 3, cost {cost['train']:.3f}, test {cost['test']:.3f}"
    expect(page.locator("#run")).to_have_attribute("aria-valuetext", spoken)


def test_a_finger_scrubs_on_a_phone(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    visitor.post("/step", {"count": 40})
    visitor.wait_for(40, "update")
    page.locator('#tabs [data-sheet="cost"]').click()
    page.locator("#run").wait_for()
    expect(page.locator("#cost-chart")).to_have_attribute("data-last", "40")
    page.touchscreen.tap(*where(page, 20))
    visitor.wait_for(20, "update")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_finger_drags_sideways_and_scrolls_up_and_down(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    visitor.post("/step", {"count": 40})
    visitor.wait_for(40, "update")
    page.locator('#tabs [data-sheet="cost"]').click()
    expect(page.locator("#cost-chart")).to_have_attribute("data-last", "40")
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", where(page, 35))
    for step in range(34, 7, -1):
        touch("touchMove", where(page, step))
    touch("touchEnd")
    visitor.wait_for(8, "update")
    x, y = where(page, 30)
    touch("touchStart", (x, y))
    for below in range(5, 80, 5):
        touch("touchMove", (x, y + below))
    touch("touchEnd")
    page.touchscreen.tap(*where(page, 9))
    visitor.wait_for(9, "update")
    assert visitor.get()["cursor"]["step"] == 9


def test_beside_a_playhead_near_the_end_there_are_fewer_words(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    go_back(visitor, 36)
    expect(page.locator("#run-word")).to_have_text("known")
    page.focus("#training-batch_size")
    expect(page.locator("#run-word")).to_have_text("cuts off")
    expect(page.locator("#cut-note")).to_contain_text("steps 37 to 40")


def test_the_numbers_under_the_pointer_are_those_of_the_history(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 80)
    history = visitor.get("/history")
    place = history["steps"].index(32)
    page.mouse.move(*where(page, 32))
    expect(page.locator("#cost-where")).to_have_text("step 32 · epoch 1")
    expect(page.locator("#cost-train")).to_have_text(f"{history['cost']['train'][place]:.3f}")
    expect(page.locator("#cost-test")).to_have_text(f"{history['cost']['test'][place]:.3f}")
    page.check('input[name="measure"][value="accuracy"]', force=True)
    page.mouse.move(*where(page, 32))
    share = 100 * history["accuracy"]["train"][place]
    expect(page.locator("#cost-train")).to_have_text(f"{share:.1f} %")
    page.mouse.move(10, 10)
    expect(page.locator("#cost-where")).to_have_text("step 80 · epoch 2")


# -- what a change cuts off


def test_it_is_told_what_a_change_cuts_off_before_it_does(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    page.focus("#training-learning_rate")
    expect(page.locator("#cut-note")).not_to_be_visible()
    go_back(visitor, 13)
    expect(page.locator("#cut-note")).to_have_text("A change here cuts off steps 14 to 40; undo brings them back.")
    expect(page.locator("#run-word")).to_have_text("cuts off 14 to 40")
    page.evaluate("document.activeElement.blur()")
    expect(page.locator("#cut-note")).not_to_be_visible()
    expect(page.locator("#run-word")).to_have_text("14 to 40: known")
    page.focus("#training-feedback")
    expect(page.locator("#training-feedback")).to_have_attribute("aria-describedby", "cut-note")
    view = visitor.get()
    assert (view["last_step"], view["cursor"]["step"]) == (40, 13)


def test_it_is_told_in_a_card_too_before_a_weight_is_edited(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    go_back(visitor, 31)
    page.locator('path.hit[data-layer="4"][data-j="2"][data-k="3"]').dispatch_event("click")
    page.locator('.card[data-of="connection-4-2-3"] input.edit').focus()
    expect(page.locator("#cut-note")).to_have_text("A change here cuts off steps 32 to 40; undo brings them back.")
    note, column = page.locator("#cut-note").bounding_box(), page.locator("#right").bounding_box()
    assert note is not None
    assert column is not None
    assert note["x"] + note["width"] <= column["x"]


def test_playing_on_from_the_past_cuts_nothing(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    costs = [visitor.get()["cost"]]
    go_back(visitor, 13)
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(14, "update")
    expect(page.locator("#run-word")).to_have_text("15 to 40: known")
    expect(page.locator("#notice")).not_to_be_visible()
    assert visitor.get()["last_step"] == 40
    visitor.post("/seek", {"step": 40})
    assert visitor.get()["cost"] == costs[0]


def test_after_a_change_the_notice_counts_what_was_discarded_and_undo_brings_it_back(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    before = visitor.get("/history")
    go_back(visitor, 13)
    page.fill("#training-learning_rate", "0.25")
    page.press("#training-learning_rate", "Enter")
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#notice-text")).to_have_text("27 steps discarded.")
    assert visitor.get()["last_step"] == 13
    expect(page.locator("#run-word")).not_to_be_visible()
    expect(page.locator("#undo")).to_have_attribute("title", "Take back: learning rate 1 → 0.25, after step 13")
    page.locator("#notice-act").click()
    expect(page.locator("#notice")).not_to_be_visible()
    expect(page.locator("#run")).to_have_attribute("aria-valuemax", "40")
    expect(page.locator("#redo")).to_have_attribute("title", "Do again: learning rate 1 → 0.25, after step 13")
    expect(page.locator("#undo")).to_have_attribute("aria-disabled", "true")
    assert visitor.get()["last_step"] == 40
    assert visitor.get("/history")["cost"]["train"][0] == before["cost"]["train"][0]


def test_undo_tells_what_it_cuts_off_and_the_notice_offers_redo(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 13)
    page.select_option("#training-feedback", "random")
    expect(page.locator("#undo")).to_have_attribute("data-cuts-after", "13")
    visitor.post("/step", {"count": 27})
    visitor.wait_for(40, "update")
    page.evaluate("document.activeElement.blur()")
    page.hover("#undo")
    expect(page.locator("#cut-note")).to_have_text("Taking it back cuts off steps 14 to 40; redo brings them back.")
    assert visitor.get()["last_step"] == 40
    page.click("#undo")
    expect(page.locator("#notice")).to_have_attribute("data-discarded", "27")
    expect(page.locator("#notice-act")).to_have_text("Redo")
    page.locator("#notice-act").click()
    visitor.wait_for(40, "update")
    view = visitor.get()
    assert (view["last_step"], view["config"]["feedback"]["name"]) == (40, "random")


def test_the_speed_is_not_offered_where_it_does_not_count(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = visitor.open("circle")
    expect(page.locator("#speed")).not_to_have_attribute("disabled", "")
    page.check('input[name="unit"][value="epoch"]', force=True)
    expect(page.locator("#speed")).to_have_attribute("disabled", "")
    page.check('input[name="unit"][value="step"]', force=True)
    expect(page.locator("#speed")).not_to_have_attribute("disabled", "")


def test_the_notice_counts_as_the_api_does_whoever_changes(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    go_back(visitor, 31)
    edit = {"weights": [{"layer": 2, "j": 1, "k": 1, "value": 0.5}]}
    changed = page.evaluate(
        "([url, body]) => fetch(url, {method: 'PATCH', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify(body)}).then(r => r.json())",
        [visitor.session + "/parameters", edit],
    )
    assert changed["discarded_steps"] == 9
    expect(page.locator("#notice")).to_have_attribute("data-discarded", "9")
    expect(page.locator("#undo")).to_have_attribute("title", "Take back: 1 weight edited, after step 31")


# -- kept runs


def kept(page: Page) -> list[dict[str, Any]]:
    return list(json.loads(page.evaluate("localStorage.getItem('blameflow-ghosts')") or "[]"))


def test_a_kept_run_survives_a_reload_and_has_the_numbers_of_the_history(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 45)
    page.locator("#keep-run").click()
    rows = page.locator("#ghosts .ghost")
    expect(rows).to_have_count(1)
    expect(page.locator("#keep-run")).to_have_attribute("aria-disabled", "true")
    page.reload()
    expect(rows).to_have_count(1)
    history, ghost = visitor.get("/history?points=200"), kept(page)[0]
    for measure in ("cost", "accuracy"):
        assert ghost["points"][measure] == history[measure]
    assert (ghost["points"]["steps"], ghost["last"]) == (history["steps"], 45)
    assert float(rows.locator('[data-field="cost"]').get_attribute("data-value") or 0) == history["cost"]["train"][-1]
    share = float(rows.locator('[data-field="accuracy"]').get_attribute("data-value") or 0)
    assert share == history["accuracy"]["test"][-1]


def test_a_kept_run_is_named_by_what_differs_and_leads_to_its_weights(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 45)
    weights = visitor.get("?include=parameters")["weights"]
    page.locator("#keep-run").click()
    expect(page.locator("#ghosts .ghost-name")).to_have_text("layers 2, 4, 3, 2")
    page.locator("#same-weights").click()
    visitor.wait_for(0, "start")
    assert visitor.get()["last_step"] == 45
    page.select_option("#training-feedback", "random")
    expect(page.locator("#notice-text")).to_have_text("45 steps discarded.")
    expect(page.locator("#ghosts .ghost-name")).to_have_text("sent back by transpose")
    expect(page.locator("#run-name")).to_have_text("this run: sent back by random")
    page.locator("#ghosts a.ghost-name").click()
    page.wait_for_selector("#network[data-phase]", state="attached")
    there = visitor.get("?include=parameters")
    assert (there["weights"], there["last_step"], there["cursor"]["step"]) == (weights, 45, 45)


def test_kept_runs_are_there_in_the_next_session_on_the_same_data_and_only_there(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 45)
    page.locator("#keep-run").click()
    expect(page.locator("#ghosts .ghost")).to_have_count(1)
    before = page.url
    page.locator("#new-weights").click()
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("#ghosts .ghost-name")).to_have_text("seed 4")
    expect(page.locator("#run-name")).to_have_text("this run: seed 5")
    visitor.open("xor")
    page.wait_for_selector("#cost-chart[data-points]")
    expect(page.locator("#ghosts .ghost")).to_have_count(0)
    assert len(kept(page)) == 1


def test_four_runs_are_kept_at_most_and_each_can_be_removed_with_its_session(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 20)
    rows = page.locator("#ghosts .ghost")
    for place, rate in enumerate((0.5, 0.25, 0.125, 0.0625)):
        page.locator("#keep-run").click()
        expect(rows).to_have_count(place + 1)
        go_back(visitor, 0)
        page.evaluate(
            "([url, rate]) => fetch(url, {method: 'PATCH', headers: {'content-type': 'application/json'},"
            " body: JSON.stringify({optimizer: {learning_rate: rate}})})",
            [visitor.session, rate],
        )
        expect(page.locator("#training-learning_rate")).to_have_value(str(rate))
        visitor.post("/step", {"count": 20})
        visitor.wait_for(20, "update")
    expect(page.locator("#keep-run")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#keep-run")).to_have_attribute("title", "4 runs are kept: remove one first")
    names = ["learning rate 1", "learning rate 0.5", "learning rate 0.25", "learning rate 0.125"]
    expect(page.locator("#ghosts .ghost-name")).to_have_text(names)
    gone = kept(page)[1]["session"]
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        page.get_by_role("button", name="remove learning rate 0.5").click()
    assert (answer.value.status, answer.value.url.rpartition("/")[2]) == (204, gone)
    expect(page.locator("#ghosts .ghost-name")).to_have_text([names[0], *names[2:]])
    expect(page.locator("#keep-run")).to_have_attribute("aria-disabled", "false")


def test_what_the_browser_kept_wrongly_is_left_out(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = visitor.open("circle")
    for wrong in ("{", "[1, {}]", '[{"id": "a", "facts": [], "points": {"steps": [1], "cost": {}}}]'):
        page.evaluate("text => localStorage.setItem('blameflow-ghosts', text)", wrong)
        page.reload()
        page.wait_for_selector("#cost-chart[data-points]")
        expect(page.locator("#ghosts")).not_to_be_visible()


# -- what is painted


def painted(page: Page, within: str) -> Callable[[], str]:
    return lambda: str(page.evaluate(f"() => document.querySelector('{within} canvas').toDataURL()"))


def test_a_kept_run_is_painted_behind_the_curves(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = opened(visitor, 40)
    visitor.post("/seek", {"step": 0})
    page.locator("#keep-run").click()
    expect(page.locator("#ghosts .ghost")).to_have_count(1)
    expect(page.locator("#cost-chart")).to_have_attribute("data-ghosts", "A")
    picture = painted(page, "#cost-chart")
    before = picture()
    page.get_by_role("button", name="remove layers").click()
    expect(page.locator("#cost-chart")).to_have_attribute("data-ghosts", "")
    assert picture() != before


def test_a_run_whose_numbers_left_the_range_is_told_and_every_earlier_step_can_be_gone_to(visit: Opener) -> None:
    visitor = visit(**WIDE)
    page = visitor.open("circle")
    body = {
        "layers": [2, 4, 3, 2], "activations": ["relu", "relu", "linear"], "cost": "quadratic",
        "optimizer": {"name": "sgd", "learning_rate": 1e30}, "dataset": {"name": "circle"},
    }  # fmt: skip
    made = page.evaluate(
        "body => fetch('/api/sessions', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify(body)}).then(r => r.json())",
        body,
    )
    page.goto(f"{visitor.address}/sessions/{made['id']}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    views = [visitor.post("/step")]
    while views[-1]["finite"] and len(views) < 20:
        views.append(visitor.post("/step"))
    last = views[-1]["cursor"]["step"]
    expect(page.locator("#cost-where")).to_have_text(f"step {last} · epoch 1")
    expect(page.locator("#cost-train")).to_have_text("not finite")
    page.mouse.click(*where(page, last - 1))
    visitor.wait_for(last - 1, "update" if last > 1 else "start")
    assert visitor.get()["finite"] is True
