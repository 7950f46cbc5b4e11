"""Large networks: what is drawn of them, a closer look, and one neuron in focus; numbers against the API's."""

from __future__ import annotations

import math
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from benchmarks.mnist import upload
from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

PIXELS = 784
NETS = {"64": [64, 30, 10], "784": [PIXELS, 30, 10], "256": [PIXELS, 256, 128, 10]}
FITTED = """() => {
  const [picture, stage] = ['#network', '#stage'].map(name => document.querySelector(name));
  const { width, height } = picture.dataset;
  return Math.abs(width - stage.clientWidth) < 3 && Math.abs(height - stage.clientHeight) < 3;
}"""
PLACES = "all => all.map(p => [p.dataset.layer, p.dataset.j, p.dataset.k].map(Number))"


@pytest.fixture(scope="module")
def images(server_url: str) -> str:
    """The name of an uploaded data set in MNIST's form."""
    return upload(server_url, 200)


def open_net(visitor: Watched, layers: list[int], images: str, steps: int = 3) -> Page:
    """The page of a new session with these layers, so many steps on."""
    body = {"layers": layers, "dataset": {"name": images if layers[0] == PIXELS else "digits"}, "seed": 1}
    session = httpx.post(f"{visitor.address}/api/sessions", json=body).raise_for_status().json()
    httpx.post(f"{visitor.address}{session['url']}/step", json={"unit": "step", "count": steps}, timeout=60)
    visitor.page.goto(f"{visitor.address}/sessions/{session['id']}")
    visitor.wait_for(steps, "update")
    visitor.page.wait_for_function(FITTED)  # the server's picture for this very stage comes a moment later
    return visitor.page


def drawn(page: Page) -> set[tuple[int, int, int]]:
    """The connections that are drawn."""
    places = page.eval_on_selector_all("path.connection:not(.unused):not(.away)", PLACES)
    return {(layer, j, k) for layer, j, k in places}


def sizes(trace: dict[str, Any], field: str, layers: list[int]) -> dict[tuple[int, int, int], float]:
    """The size of a field of every connection into these layers."""
    return {
        (layer, j, k): abs(x)
        for layer in layers
        for j, row in enumerate(trace["layers"][layer - 1][field], 1)
        for k, x in enumerate(row, 1)
    }


def check_strongest(page: Page, of: dict[tuple[int, int, int], float]) -> None:
    """The 300 that are drawn are the 300 largest."""
    shown = drawn(page)
    assert len(shown) == min(300, len(of))
    left_out = max((size for place, size in of.items() if place not in shown), default=0.0)
    assert min(of[place] for place in shown) >= left_out * (1 - 1e-6)


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("viewport", [(1440, 900), (1280, 720), (390, 844)])
def test_every_neuron_has_a_cell(visit: Opener, images: str, net: str, viewport: tuple[int, int]) -> None:
    visitor = visit(viewport={"width": viewport[0], "height": viewport[1]})
    page = open_net(visitor, NETS[net], images)
    for layer, neurons in enumerate(NETS[net], 1):
        assert page.locator(f'g.neuron[data-layer="{layer}"]').count() == neurons
    assert page.locator("#network .more").count() == 0
    boxes = page.eval_on_selector_all(
        "g.neuron:not(.pixels) > .face",
        "all => all.map(e => e.getBBox()).map(b => [b.x, b.y, b.x + b.width, b.y + b.height])",
    )
    width, height = (float(str(page.get_attribute("#network", f"data-{side}"))) for side in ("width", "height"))
    assert all(x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height for x0, y0, x1, y1 in boxes)
    ordered = sorted(boxes)
    for i, p in enumerate(ordered):
        for q in ordered[i + 1 : i + 60]:
            assert p[2] <= q[0] + 0.01 or p[3] <= q[1] + 0.01 or q[3] <= p[1] + 0.01, (p, q)


@pytest.mark.parametrize("net", NETS)
def test_the_300_drawn_are_the_300_most_blamed(visit: Opener, images: str, net: str) -> None:
    visitor = visit(reduced_motion="reduce")
    page = open_net(visitor, NETS[net], images)
    visitor.page.keyboard.press("2")
    page.wait_for_selector('#network[data-connections="sent"]', state="attached")
    path = "?" + "&".join(f"fields={field}" for field in ("w", "sent", "charged"))
    trace = visitor.get("/trace" + path.replace("&fields=", ","))
    layers = list(range(2, len(NETS[net]) + 1))
    check_strongest(page, sizes(trace, "sent", layers))
    visitor.page.keyboard.press("3")
    page.wait_for_selector('#network[data-connections="charged"]', state="attached")
    check_strongest(page, sizes(trace, "charged", layers))
    # Where blame travels, it is that layer's: else a large layer would never show any.
    visitor.post("/seek", {"step": 3, "phase": "send_back", "layer": 2})
    visitor.wait_for(3, "send_back", 2)
    check_strongest(page, sizes(trace, "sent", [3]))
    expect(page.locator("#legend-note")).to_contain_text("into layer 3")


def test_a_closer_look_keeps_what_is_under_the_pointer(visit: Opener, images: str) -> None:
    page = open_net(visit(), NETS["256"], images)
    expect(page.locator("#zoom-reset")).to_be_hidden()
    box = page.locator("#neuron-2-100 > .face").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    under = "([x, y]) => document.elementFromPoint(x, y)?.closest('g.neuron')?.id"
    assert page.evaluate(under, [x, y]) == "neuron-2-100"
    page.mouse.move(x, y)
    page.mouse.wheel(0, -900)
    expect(page.locator("#zoom-reset")).to_be_visible()
    closer = page.locator("#neuron-2-100 > .face").bounding_box()
    assert closer
    assert closer["width"] > 3 * box["width"]
    assert page.evaluate(under, [x, y]) == "neuron-2-100"
    page.mouse.click(x, y)
    expect(page.locator('#inspector [data-of="neuron-2-100"]')).to_be_attached()
    # Dragged, the picture follows the pointer, and the end of a drag is no click.
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.up()
    assert page.evaluate(under, [x + 30, y + 20]) == "neuron-2-100"
    expect(page.locator('#inspector [data-of="neuron-2-100"]')).to_be_attached()
    page.keyboard.press("0")
    expect(page.locator("#zoom-reset")).to_be_hidden()
    again = page.locator("#neuron-2-100 > .face").bounding_box()
    assert again == pytest.approx(box)


def test_the_keys_zoom_and_what_is_walked_to_comes_into_view(visit: Opener, images: str) -> None:
    page = open_net(visit(), NETS["784"], images)
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert float(str(page.get_attribute("#network", "viewBox")).split()[2]) < 300
    page.keyboard.press("-")
    page.locator("#neuron-2-1").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "neuron-2-30"
    stage, neuron = page.locator("#stage").bounding_box(), page.locator("#neuron-2-30").bounding_box()
    assert stage
    assert neuron
    assert neuron["y"] >= stage["y"]
    assert neuron["y"] + neuron["height"] <= stage["y"] + stage["height"]
    page.locator("#zoom-reset").click()
    expect(page.locator("#zoom-reset")).to_be_hidden()


def test_two_fingers_zoom_and_one_scrolls_the_page_where_nothing_is_zoomed(visit: Opener, images: str) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    page = open_net(visitor, NETS["784"], images)
    box = page.locator("#stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    page.evaluate(
        "() => { window.stopped = []; document.addEventListener('touchmove', e => stopped.push(e.defaultPrevented)); }"
    )
    touch("touchStart", (x, y))
    touch("touchMove", (x, y - 60))
    touch("touchEnd")
    assert not any(page.evaluate("stopped"))
    expect(page.locator("#zoom-reset")).to_be_hidden()
    touch("touchStart", (x - 20, y), (x + 20, y))
    for apart in (30, 50, 80):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd")
    expect(page.locator("#zoom-reset")).to_be_visible()
    scale = 390 / float(str(page.get_attribute("#network", "viewBox")).split()[2])
    assert scale == pytest.approx(4, rel=0.15)
    assert page.evaluate("stopped.at(-1)")
    before = page.get_attribute("#network", "viewBox")
    touch("touchStart", (x, y))
    touch("touchMove", (x + 40, y))
    touch("touchMove", (x + 60, y))
    touch("touchEnd")
    expect(page.locator("#network")).not_to_have_attribute("viewBox", before)
    assert page.evaluate("stopped.at(-1)")
    page.locator("#zoom-reset").tap()
    expect(page.locator("#zoom-reset")).to_be_hidden()


def test_the_focus_shows_exactly_what_concerns_a_neuron(visit: Opener, images: str) -> None:
    visitor = visit(reduced_motion="reduce")
    page = open_net(visitor, NETS["784"], images)
    page.locator("#neuron-2-7").dblclick()
    expect(page.locator("#network")).to_have_attribute("data-focus", "neuron-2-7")
    trace = visitor.get("/trace?fields=w_after")
    own = {
        place: size
        for place, size in sizes(trace, "w_after", [2, 3]).items()
        if (place[0] == 2 and place[1] == 7) or (place[0] == 3 and place[2] == 7)
    }
    assert len(own) == PIXELS + 10
    check_strongest(page, own)
    expect(page.locator("#legend-note")).to_contain_text("its own 794")
    away = page.eval_on_selector_all("g.neuron.away", "all => all.map(g => g.id)")
    assert set(away) == {f"neuron-2-{j}" for j in range(1, 31) if j != 7}
    page.keyboard.press("Escape")
    expect(page.locator("#network")).not_to_have_attribute("data-focus", "neuron-2-7")
    check_strongest(page, sizes(trace, "w_after", [2, 3]))


def test_in_a_small_network_the_focus_hides_the_other_connections(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    everything = drawn(page)
    page.locator("#neuron-3-2").focus()
    page.keyboard.press("f")
    expect(page.locator("#network")).to_have_attribute("data-focus", "neuron-3-2")
    assert drawn(page) == {place for place in everything if place[:2] == (3, 2) or (place[0], place[2]) == (4, 2)}
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("f")
    expect(page.locator("#network")).to_have_attribute("data-focus", "connection-3-2-1")
    assert drawn(page) == {(3, 2, 1)}
    away = page.eval_on_selector_all("g.neuron:not(.away)", "all => all.map(g => g.id)")
    assert set(away) == {"neuron-2-1", "neuron-3-2"}
    expect(page.locator("#focus-words")).to_have_text(
        "Only the connection from neuron 1 of layer 2 to neuron 2 of layer 3"
    )
    page.locator("#focus-end").click()
    expect(page.locator("#network")).not_to_have_attribute("data-focus", "connection-3-2-1")
    assert drawn(page) == everything
    # A card has a button for it.
    page.locator("#neuron-2-4").click()
    button = page.locator('#inspector [data-of="neuron-2-4"] [data-focus-on]')
    button.click()
    expect(page.locator("#network")).to_have_attribute("data-focus", "neuron-2-4")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator("#network")).not_to_have_attribute("data-focus", "neuron-2-4")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    # Esc lets go of the focus first, and of what is pinned only then.
    page.locator("#neuron-3-1").click()
    page.keyboard.press("f")
    expect(page.locator("#network")).to_have_attribute("data-focus", "neuron-3-1")
    page.keyboard.press("Escape")
    expect(page.locator("#network")).not_to_have_attribute("data-focus", "neuron-3-1")
    expect(page.locator('#inspector [data-of="neuron-3-1"][data-pinned]')).to_be_attached()


def test_an_empty_place_ends_the_focus_and_pulses_stay_on_their_lines(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator("#neuron-3-1").dblclick()
    expect(page.locator("#focus-chip")).to_be_visible()
    page.mouse.wheel(0, -300)
    stage = page.locator("#stage").bounding_box()
    assert stage
    page.locator("#stage").click(position={"x": 5, "y": stage["height"] / 2})
    expect(page.locator("#focus-chip")).to_be_hidden()
    assert math.isfinite(float(str(page.get_attribute("#network", "viewBox")).split()[2]))


def test_the_address_carries_the_focus(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator("#neuron-3-2").focus()
    page.keyboard.press("f")
    page.wait_for_function("() => location.search.includes('focus=neuron-3-2')")
    page.goto(page.url)
    expect(page.locator("#network")).to_have_attribute("data-focus", "neuron-3-2")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('focus')")
    page.goto(page.url.split("?")[0] + "?focus=neuron-9-9")
    page.wait_for_selector("#network[data-phase]", state="attached")
    assert page.get_attribute("#network", "data-focus") is None


IMAGES = """() => [...document.querySelectorAll('g.neuron[data-layer="2"] > image.map')].map(image =>
  [image.parentElement.dataset.j, image.classList.contains('unused') ? '' : image.getAttribute('href')])"""
PIXELS_OF = """async href => {
  const image = new Image();
  image.src = href;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  const {data, width, height} = pen.getImageData(0, 0, image.width, image.height);
  const channel = which => [...data].filter((_, i) => i % 4 === which);
  return {width, height, opacity: channel(3), blue: channel(2)};
}"""


@pytest.mark.parametrize(("net", "side"), [("64", 8), ("784", 28)])
def test_a_hidden_neuron_shows_its_weights_as_an_image(visit: Opener, images: str, net: str, side: int) -> None:
    visitor = visit()
    page = open_net(visitor, NETS[net], images)
    page.wait_for_function(f"() => ({IMAGES})().every(([, href]) => href)")
    shown = dict(page.evaluate(IMAGES))
    assert len(shown) == NETS[net][1]
    weights = visitor.get("/trace?fields=w_after")["layers"][1]["w_after"]
    painted = page.evaluate(PIXELS_OF, shown["17"])
    assert (painted["width"], painted["height"]) == (side, side)
    for opacity, blue, w in zip(painted["opacity"], painted["blue"], weights[16], strict=True):
        assert opacity == pytest.approx(255 * 0.92 * min(abs(w) * side / 8, 1), abs=2)
        assert opacity < 40 or (blue > 128) == (w > 0)


def test_images_appear_where_a_closer_look_has_room_for_them(visit: Opener, images: str) -> None:
    page = open_net(visit(), NETS["256"], images)
    assert not any(href for _, href in page.evaluate(IMAGES))
    tints = "document.querySelectorAll('g.neuron[data-layer=\"2\"] > .tint:not(.unused)').length"
    assert page.evaluate(tints) == 256
    for _ in range(3):
        page.keyboard.press("+")
    page.wait_for_function(f"() => ({IMAGES})().every(([, href]) => href)")
    page.wait_for_function(f"() => {tints} === 0")
    # Images that are still being painted come no more, once there is no room for them.
    for key in ("+", "0"):
        page.keyboard.press(key)
    page.wait_for_function(f"() => {tints} === 256")
