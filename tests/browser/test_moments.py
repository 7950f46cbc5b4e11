"""Any moment of a step can be looked at, in flight, stopped or scrubbed, and looks the same from both sides."""

from __future__ import annotations

import math

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser

PICTURE = r"""() => {
  const written = element => [...element.attributes].filter(({name}) => name !== "aria-label")
    .map(({name, value}) => `${name}=${value.split(" ").sort().join(" ")}`).sort().join();
  return [...document.querySelectorAll("#network, #network *")]
    .filter(element => !element.closest(".unused, .sum:not(.shown), .sum:not(.at-gate) > :is(.whole, .passed)"))
    .map(element => `${written(element)}:${element.childElementCount ? "" : element.textContent}`)
    .join("\n") + document.getElementById("pulses").toDataURL();
}"""
PROGRESS = "() => Number(document.getElementById('network').dataset.progress)"


def progress(page: Page) -> float:
    """How far the phase on view has come."""
    return float(page.evaluate(PROGRESS))


def nudge(page: Page, key: str, times: int = 1) -> None:
    """Move the playhead by its keys."""
    for _ in range(times):
        page.locator("#playhead").press(key)


def settled(page: Page, at: float) -> None:
    """Wait until the playhead stands there."""
    expect(page.locator("#playhead")).to_have_attribute("aria-valuenow", str(at).removesuffix(".0"))
    page.wait_for_function("() => !document.querySelector('.map') || !document.getAnimations().length")


def test_a_moment_looks_the_same_from_both_sides(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/seek", visitor.post("/step", {"unit": "phase", "count": 6})["cursor"])
    visitor.wait_for(1, "send_back", 3)
    pictures = []
    nudge(page, "ArrowLeft", 3)
    settled(page, 5.63)
    pictures.append(page.evaluate(PICTURE))
    nudge(page, "PageDown")
    nudge(page, "PageUp", 2)
    settled(page, 6.63)
    visitor.wait_for(1, "gate", 3)
    assert page.evaluate(PICTURE) != pictures[0]
    nudge(page, "PageDown")
    settled(page, 5.63)
    visitor.wait_for(1, "send_back", 3)
    pictures.append(page.evaluate(PICTURE))
    assert pictures[0] == pictures[1]
    assert visitor.get()["cursor"] == {"step": 1, "phase": "send_back", "layer": 3}


def test_a_drag_along_the_timeline_asks_the_server_once_when_it_ends(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    visitor.wait_for(1, "update")
    calls: list[str] = []
    page.on(
        "request", lambda request: calls.append(request.url.rsplit("/", 1)[1]) if request.method == "POST" else None
    )
    start = page.locator('#timeline [data-phase="output_error"]').bounding_box()
    end = page.locator('#timeline [data-phase="gate"][data-layer="3"]').bounding_box()
    assert start is not None
    assert end is not None
    y = start["y"] + start["height"] / 2
    page.mouse.move(start["x"] + start["width"] / 2, y)
    page.mouse.down()
    seen = set()
    for share in range(11):
        page.mouse.move(start["x"] + share / 10 * (end["x"] + 6 - start["x"]), y)
        seen.add((page.get_attribute("#network", "data-phase"), progress(page)))
    assert {"send_back", "gate"} <= {phase for phase, _ in seen}
    assert any(0 < moment < 1 for phase, moment in seen if phase == "send_back")
    assert calls == []
    page.mouse.up()
    page.wait_for_function("() => !document.body.hasAttribute('data-scrubbing')")
    phase, layer = page.get_attribute("#network", "data-phase"), page.get_attribute("#network", "data-phase-layer")
    page.wait_for_function(
        "([url, phase]) => fetch(url).then(r => r.json()).then(view => view.cursor.phase === phase)",
        arg=[visitor.session, phase],
    )
    assert visitor.get()["cursor"] == {"step": 1, "phase": phase, "layer": int(layer or 0) or None}
    assert calls == ["seek"]


def test_blame_in_flight_can_be_stopped_and_goes_on(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "phase", "count": 5})
    visitor.wait_for(1, "output_error", 4)
    page.locator('input[name="speed"][value="0.25"]').check(force=True)
    page.keyboard.press("Space")
    visitor.wait_for(1, "send_back", 3)
    page.wait_for_function(f"() => ({PROGRESS})() > 0.2")
    page.keyboard.press("Space")
    page.wait_for_function("url => fetch(url).then(r => r.json()).then(view => !view.playing)", arg=visitor.session)
    stopped = progress(page)
    assert 0.2 < stopped < 1
    picture = page.evaluate(PICTURE)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(PICTURE) == picture
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => ({PROGRESS})() === 1")
    assert visitor.get()["cursor"] == {"step": 1, "phase": "send_back", "layer": 3}
    page.keyboard.press("ArrowRight")
    visitor.wait_for(1, "gate", 3)


def test_a_gate_is_as_far_open_as_the_slope_and_a_dead_neuron_passes_nothing(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    session = page.evaluate(
        """() => fetch("/api/sessions", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({layers: [2, 4, 3, 2], activations: ["tanh", "relu", "sigmoid"], seed: 4,
        dataset: {name: "circle"}})}).then(r => r.json()).then(view => view.id)"""
    )
    page.goto(f"{visitor.address}/sessions/{session}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    visitor.post("/step", {"unit": "step"})
    visitor.post("/seek", {"step": 1, "phase": "gate", "layer": 3})
    visitor.wait_for(1, "gate", 3)
    layer = visitor.get("/trace")["layers"][2]
    assert 0 in layer["sigma_prime"], "one neuron is dead for this example"
    for j, slope in enumerate(layer["sigma_prime"], start=1):
        doors = page.locator(f"#neuron-3-{j} .doors")
        assert math.isclose(float(doors.get_attribute("data-open") or "nan"), min(abs(slope), 1), abs_tol=5e-4)
        assert ("shut" in (doors.get_attribute("class") or "")) == (slope == 0)
        passed = page.locator(f"#neuron-3-{j} .passed")
        expected = min(abs(layer["delta"][j - 1]) / 0.4, 1) * float(
            page.get_attribute(f"#sum-3-{j}", "data-half") or "nan"
        )
        assert math.isclose(float(passed.get_attribute("width") or "nan"), max(expected, 1.5), abs_tol=0.06)
    assert page.locator("#neuron-2-1 .doors").get_attribute("class") == "doors unused"


def test_an_update_makes_a_connection_thicker_or_thinner(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("by-hand")
    visitor.post("/step", {"unit": "step"})
    visitor.wait_for(1, "update")
    layer = visitor.get("/trace")["layers"][1]
    widths = []
    for _ in range(9):
        widths.append(
            float(page.evaluate("() => parseFloat(document.getElementById('connection-2-1-1').style.strokeWidth)"))
        )
        nudge(page, "ArrowLeft")
    for width, weight in ((widths[0], layer["w_after"][0][0]), (widths[-2], layer["w"][0][0])):
        assert math.isclose(width, 0.75 + 6.25 * min(abs(weight) / 3, 1), abs_tol=0.06)
    assert widths[:8] == sorted(widths[:8], reverse=widths[0] > widths[7])
