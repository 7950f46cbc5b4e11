"""The hand on the decision map: choosing and adding examples by mouse, keyboard and touch; taking them back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Watched, violations

pytestmark = pytest.mark.browser

DARK_AT = """([x, y, r]) => {
  const canvas = document.querySelector('#decision-map');
  const ratio = canvas.width / canvas.clientWidth;
  const side = Math.round(2 * r * ratio);
  const pen = new OffscreenCanvas(side, side).getContext('2d', {willReadFrequently: true});
  pen.drawImage(canvas, -Math.round((x - r) * ratio), -Math.round((y - r) * ratio));
  const data = pen.getImageData(0, 0, side, side).data;
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && data[i] < 90) dark++;
  return dark;
}"""


def opened(visitor: Watched, body: dict[str, Any] | None = None) -> Page:
    """A session with a map, once the map is there."""
    page = visitor.open("circle" if body is None else None)
    if body is not None:
        made = httpx.post(visitor.address + "/api/sessions", json=body).raise_for_status().json()
        page.goto(f"{visitor.address}/sessions/{made['id']}")
        page.wait_for_selector("#network[data-phase]", state="attached")
    page.wait_for_selector("#map-aim[data-near]", state="attached")
    return page


def place(visitor: Watched, inputs: list[float]) -> tuple[float, float]:
    """Where two inputs stand on the map, px from its left upper corner."""
    maps = visitor.get("/response-maps?resolution=2")
    box = visitor.page.locator("#map-aim").bounding_box()
    assert box
    (x0, x1), (y0, y1) = maps["x"], maps["y"]
    across, up = (inputs[0] - x0) / (x1 - x0), (inputs[1] - y0) / (y1 - y0)
    return across * box["width"], (1 - up) * box["height"]


def inputs_at(visitor: Watched, at: tuple[float, float]) -> list[float]:
    """The inputs at a place of the map."""
    maps = visitor.get("/response-maps?resolution=2")
    box = visitor.page.locator("#map-aim").bounding_box()
    assert box
    (x0, x1), (y0, y1) = maps["x"], maps["y"]
    return [x0 + at[0] / box["width"] * (x1 - x0), y0 + (1 - at[1] / box["height"]) * (y1 - y0)]


def click(visitor: Watched, at: tuple[float, float], **options: Any) -> None:
    visitor.page.locator("#map-aim").click(position={"x": at[0], "y": at[1]}, **options)


def wait_for_added(visitor: Watched, count: int) -> list[list[float]]:
    """The inputs of the added examples, once there are so many."""
    visitor.page.wait_for_function(
        "([url, count]) => fetch(url).then(r => r.json()).then(view => view.examples.added === count)",
        arg=[visitor.session, count],
    )
    return list(visitor.get("/examples?part=added")["inputs"])


def test_a_click_near_an_example_puts_it_on_view_and_elsewhere_does_nothing(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    listed = visitor.get("/examples?limit=1000")
    # one that stands alone, so that no other is nearer
    inputs = listed["inputs"]

    def gap(i: int) -> float:
        return float(
            min(sum((a - b) ** 2 for a, b in zip(inputs[i], x, strict=True)) for j, x in enumerate(inputs) if j != i)
        )

    lonely = max(range(len(inputs)), key=gap)
    x, y = place(visitor, inputs[lonely])
    click(visitor, (x + 4, y - 4))
    page.wait_for_function(
        "x => Math.abs(document.querySelector('#neuron-1-1').dataset.a - x) < 1e-6", arg=inputs[lonely][0]
    )
    assert visitor.get()["config"]["example"] == {"index": listed["index"][lonely]}
    revision = visitor.get()["revision"]
    click(visitor, (3, 3))  # the corner is empty
    page.locator("#example-next").click()
    page.wait_for_function("() => document.querySelector('#batch-panel [aria-pressed=true]') !== null")
    assert visitor.get()["revision"] == revision + 1


def test_a_click_adds_a_point_of_the_class_and_undo_takes_it_back(visit: Opener) -> None:
    visitor = visit(color_scheme="light")
    page = opened(visitor)
    page.locator('#aim-mode [value="1"]').check(force=True)
    at = (30.0, 24.0)
    expected = inputs_at(visitor, at)
    before = page.evaluate(DARK_AT, [*at, 7])
    click(visitor, at)
    (found,) = wait_for_added(visitor, 1)
    assert found == pytest.approx(expected, abs=2e-3)
    told = visitor.get("/examples?part=added")
    assert (told["labels"], told["train"]) == ([1], [True])
    expect(page.locator("#aim-said-text")).to_contain_text("Added outside")
    x, y = place(visitor, found)
    page.wait_for_function(f"([at, before]) => ({DARK_AT})(at) > before + 12", arg=[[x, y, 7], before])
    expect(page.locator("#aim-hint")).to_contain_text("1 added")
    page.locator("#aim-undo").click()
    wait_for_added(visitor, 0)
    expect(page.locator("#aim-said")).not_to_be_visible()
    page.wait_for_function(f"([at, before]) => ({DARK_AT})(at) <= before", arg=[[*at, 7], before])
    page.locator("#redo").click()
    assert wait_for_added(visitor, 1) == [found]


def test_quick_clicks_are_a_point_each(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    page.locator('#aim-mode [value="0"]').check(force=True)
    for i in range(6):
        page.locator("#map-aim").click(position={"x": 20 + 12 * i, "y": 20})
    assert len(wait_for_added(visitor, 6)) == 6
    assert visitor.get("/examples?part=added")["labels"] == [0] * 6


def test_what_an_added_point_cuts_off_is_said_before(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    visitor.post("/step", {"unit": "step", "count": 40})
    visitor.post("/seek", {"step": 12})
    visitor.wait_for(12, "update")
    page.locator('#aim-mode [value="1"]').check(force=True)
    expect(page.locator("#cut-note")).to_contain_text("cuts off steps 13 to 40")
    click(visitor, (20, 20))
    wait_for_added(visitor, 1)
    view = visitor.get()
    assert (view["cursor"]["step"], view["last_step"]) == (12, 12)
    page.locator("#undo").click()
    page.wait_for_function(
        "url => fetch(url).then(r => r.json()).then(view => view.last_step === 40)", arg=visitor.session
    )
    # choosing cuts nothing, and says nothing of it
    page.locator('#aim-mode [value="choose"]').check(force=True)
    expect(page.locator("#cut-note")).not_to_be_visible()


def test_with_a_modifier_a_click_chooses_while_others_add(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    page.locator('#aim-mode [value="1"]').check(force=True)
    inputs = visitor.get("/examples?limit=1")["inputs"][0]
    click(visitor, place(visitor, inputs), modifiers=["Alt"])
    page.wait_for_function(
        "url => fetch(url).then(r => r.json()).then(v => 'index' in v.config.example)", arg=visitor.session
    )
    assert visitor.get()["examples"]["added"] == 0


def test_the_crosshair_of_the_keys_adds_and_chooses_and_says_where_it_is(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    page.locator("#aim-mode input").first.focus()
    page.keyboard.press("ArrowRight")  # add inside
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.id") == "map-aim"
    for _ in range(40):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#network", "data-step") == "0"  # the keys were the map's
    box = page.locator("#map-aim").bounding_box()
    assert box
    corner = inputs_at(visitor, (box["width"] / 24, 0))
    expect(page.locator("#aim-spoken")).to_contain_text("Nearest: example")
    page.keyboard.press("Enter")
    (found,) = wait_for_added(visitor, 1)
    assert found == pytest.approx(corner, abs=2e-3)
    # the map is a little larger now, and the crosshair still at that point: it is the nearest
    page.wait_for_function("() => /1 added/.test(document.querySelector('#aim-hint').textContent)")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#aim-spoken")).to_contain_text("Nearest: example 500, inside")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    expect(page.locator('#aim-mode [value="choose"]')).to_be_checked()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("x => Math.abs(document.querySelector('#neuron-1-1').dataset.a - x) < 1e-6", arg=found[0])
    assert visitor.get()["config"]["example"] == {"index": 500}


def test_regression_takes_a_target_and_refuses_what_is_no_number(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor, {"dataset": {"name": "plane"}})
    expect(page.locator("#aim-values")).not_to_be_visible()
    page.locator('#aim-mode [value="add"]').check(force=True)
    field = page.locator("#aim-values input")
    field.fill("much")
    click(visitor, (40, 40))
    expect(page.locator("#aim-refusal")).to_have_text("A target is a number, like −0.5.")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("−0.75")
    click(visitor, (40, 40))
    wait_for_added(visitor, 1)
    assert visitor.get("/examples?part=added")["targets"] == [[-0.75]]
    expect(page.locator("#aim-refusal")).not_to_be_visible()


def test_what_the_server_refuses_is_said_at_the_map(visit: Opener) -> None:
    visitor = visit()
    body = {"dataset": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0.1], [0.9], [0.8], [0.2]]}}
    page = opened(visitor, body | {"layers": [2, 2, 1], "cost": "cross_entropy", "activations": "sigmoid"})
    visitor.expected.append("422")
    page.locator('#aim-mode [value="add"]').check(force=True)
    page.locator("#aim-values input").fill("3")
    click(visitor, (100, 100))
    expect(page.locator("#aim-refusal")).to_contain_text("takes targets from 0 to 1")
    assert visitor.get()["examples"]["added"] == 0


def test_a_class_is_chosen_from_a_list_where_there_are_many(visit: Opener) -> None:
    visitor = visit()
    rows = [[0.1 * i, 0.1 * (i % 5)] for i in range(12)]
    page = opened(visitor, {"dataset": {"inputs": rows, "labels": [i % 6 for i in range(12)]}, "layers": [2, 4, 6]})
    page.locator('#aim-mode [value="add"]').check(force=True)
    page.locator("#aim-values select").select_option("4")
    click(visitor, (60, 60))
    wait_for_added(visitor, 1)
    assert visitor.get("/examples?part=added")["labels"] == [4]


def test_on_a_phone_a_tap_adds(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    page.locator('#tabs [data-sheet="map"]').tap()
    page.wait_for_selector("#map-aim[data-near]")
    page.locator("#aim-mode label").nth(2).tap()
    expected = inputs_at(visitor, (50, 60))
    page.locator("#map-aim").tap(position={"x": 50, "y": 60})
    (found,) = wait_for_added(visitor, 1)
    assert found == pytest.approx(expected, abs=3e-3)
    expect(page.locator("#aim-said-text")).to_contain_text("Added outside")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_axe_finds_nothing_at_the_map(visit: Opener) -> None:
    visitor = visit(bypass_csp=True)
    page = opened(visitor)
    page.locator('#aim-mode [value="1"]').check(force=True)
    click(visitor, (30, 30))
    wait_for_added(visitor, 1)
    expect(page.locator("#aim-said")).to_be_visible()
    assert violations(page, "#map-panel") == []
