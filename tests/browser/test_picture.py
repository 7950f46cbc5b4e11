"""The server's picture against the page's own: at every phase the same numbers, classes, widths, texts and colours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

Drawn = dict[str, dict[str, Any]]

# What is seen of each connection and each part of each neuron, by its place. Of what is not displayed nothing is seen.
# As text: Playwright takes ten times as long for the same tree of objects.
READ = """() => {
  const skipped = new Set(["tabindex", "role", "aria-label", "data-written", "href", "id", "style"]);
  const styles = ["display", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity",
    "font-family", "font-size", "font-style", "font-weight", "text-anchor", "paint-order"];
  const numbers = (d) => (d.match(/-?[0-9.]+/g) ?? []).map(Number);
  const hidden = (e) => e.tagName !== "svg" && (getComputedStyle(e).display === "none" || hidden(e.parentElement));
  const read = (element) => {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("").trim();
    const seen = {tag: element.tagName, text};
    for (const {name, value} of element.attributes) if (!skipped.has(name)) seen[name] = value;
    seen.class = (seen.class ?? "").split(/ +/).filter((name) => name && name !== "pooled").sort().join(" ");
    if (seen.d) seen.d = numbers(seen.d);
    const style = getComputedStyle(element);
    seen.look = Object.fromEntries(styles.map((name) => [name, style.getPropertyValue(name)]));
    return seen;
  };
  const svg = document.querySelector("svg#network");
  const told = ["width", "height", "step", "phase", "phase-layer", "direction", "connections", "neurons", "kind",
    "layers", "mode", "numbers", "images"];
  const found = {network: Object.fromEntries(told.map((name) => [name, svg.getAttribute(`data-${name}`)]))};
  for (const path of svg.querySelectorAll("path.connection:not(.unused)"))
    found[`connection ${path.dataset.layer} ${path.dataset.j} ${path.dataset.k}`] = read(path);
  for (const neuron of svg.querySelectorAll("g.neuron, g.plate")) {
    found[neuron.id] = read(neuron);
    const parts = [...neuron.querySelectorAll("*:not(title)")].filter((part) => !hidden(part));
    for (const [i, part] of parts.entries()) found[`${neuron.id} ${i}`] = read(part);
  }
  for (const [i, part] of svg.querySelectorAll(".heads *:not(title), .bundle").entries())
    found[`head ${i}`] = read(part);
  return JSON.stringify(found);
}"""
SETTLED = """() => {
  const [stage, svg] = [document.getElementById("stage"), document.querySelector("svg#network")];
  const fits = (side, name) => Math.abs(stage[side] - Number(svg.dataset[name])) < 3;
  return svg.dataset.progress === "1.00" && fits("clientWidth", "width") && fits("clientHeight", "height")
    && (svg.dataset.images === "none" || !svg.querySelector("image.map.unused"))
    && document.getAnimations().every((one) => one.playState === "finished");
}"""
DRAWN_AGAIN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What came meanwhile asks for another drawing."""


class Both:
    """A page, and beside it the picture that the server makes for the same stage."""

    def __init__(self, visitor: Watched, page: Page, theme: str) -> None:
        self.visitor = visitor
        self.page = page
        self.theme = theme
        self.picture = page.context.new_page()
        self.picture.emulate_media(color_scheme="light" if theme == "dark" else "dark")  # it must not depend on it

    def compare(self, **query: str) -> Drawn:
        """Both show the same; answers what."""
        self.page.bring_to_front()  # a tab behind another one is drawn once a second only
        self.page.wait_for_function(SETTLED)
        wanted = self.at_rest()
        size = {name: wanted["network"][name] for name in ("width", "height")}
        asked = urlencode(size | {"theme": self.theme, "legend": "none"} | query)
        self.picture.goto(f"{self.visitor.session}/picture.svg?{asked}")
        found: Drawn = json.loads(self.picture.evaluate(READ))
        assert sorted(found) == sorted(wanted)
        for name, one in found.items():  # the page's JavaScript makes some paths from rounded numbers
            if "d" in one:
                ours, theirs = one.pop("d"), wanted[name].pop("d")
                assert len(ours) == len(theirs), name
                assert all(abs(x - y) <= 0.25 for x, y in zip(ours, theirs, strict=True)), (name, ours, theirs)
        different = {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]}
        shown = [f"{name}: {differences(*pair)}" for name, pair in different.items()]
        assert not different, "\n".join([f"{len(shown)} differ at {wanted['network']}", *shown[:8]])
        return found

    def at_rest(self) -> Drawn:
        """What the page shows once another screen shows the same: large pictures are written in slices."""
        before, now = "", self.page.evaluate(READ)
        while now != before:
            self.page.evaluate(DRAWN_AGAIN)
            before, now = now, self.page.evaluate(READ)
        drawn: Drawn = json.loads(now)
        return drawn


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    """What the picture has, and what the page has."""
    pairs = {name: (found.get(name), wanted.get(name)) for name in found | wanted if name != "look"}
    looks = found.get("look", {}), wanted.get("look", {})
    pairs |= {name: (looks[0].get(name), looks[1].get(name)) for name in looks[0] | looks[1]}
    return str({name: pair for name, pair in pairs.items() if pair[0] != pair[1]})


def both(visit: Opener, preset: str | dict[str, Any], theme: str = "light", **options: Any) -> Both:
    """A visitor of a preset, or of a session with these settings."""
    visitor = visit(reduced_motion="reduce", color_scheme=theme, **options)
    if isinstance(preset, str):
        page = visitor.open(preset)
    else:
        made = httpx.post(f"{visitor.address}/api/sessions", json=preset).raise_for_status().json()
        page = visitor.page
        page.goto(f"{visitor.address}/sessions/{made['id']}")
        page.wait_for_selector("#network[data-phase]", state="attached")
    page.mouse.move(0, 0)
    return Both(visitor, page, theme)


def phases(visitor: Watched) -> list[tuple[str, int | None]]:
    """Of a step of the session's network."""
    last = len(visitor.get()["config"]["layers"])
    back = [(name, layer) for layer in range(last - 1, 1, -1) for name in ("send_back", "gate")]
    return [
        *(("feedforward", layer) for layer in range(2, last + 1)),
        ("cost", None),
        ("output_error", last),
        *back,
        *(("gradient", layer) for layer in range(last, 1, -1)),
        ("update", None),
    ]


@pytest.mark.parametrize(
    ("preset", "theme", "viewport"),
    [
        ("circle", "light", (1440, 900)),
        ("circle", "dark", (390, 844)),
        ("xor", "dark", (1280, 720)),
        ("by-hand", "light", (1280, 720)),
        ("digits", "light", (1440, 900)),
        ("digits", "dark", (390, 844)),
    ],
)
def test_the_picture_is_the_pages_own_at_every_phase(
    visit: Opener, preset: str, theme: str, viewport: tuple[int, int]
) -> None:
    pair = both(visit, preset, theme, viewport={"width": viewport[0], "height": viewport[1]})
    pair.compare()
    pair.visitor.post("/step", {"unit": "step", "count": 2})
    for phase, layer in phases(pair.visitor):
        pair.visitor.post("/seek", {"step": 2, "phase": phase, "layer": layer})
        pair.visitor.wait_for(2, phase, layer)
        drawn = pair.compare()
        assert len([name for name in drawn if name.startswith("connection")]) >= 8


@pytest.mark.parametrize(
    "layers", [[64, 30, 10], [64, 100, 10], [64, 500, 10], [64, 12, 12, 10]], ids=["30", "100", "500", "two"]
)
def test_large_networks_are_drawn_alike(visit: Opener, layers: list[int]) -> None:
    pair = both(visit, {"layers": layers, "dataset": {"name": "digits"}})
    pair.visitor.post("/step", {"unit": "step"})
    for phase, layer in (("send_back", 2), ("gate", 2), ("gradient", 2), ("update", None)):
        pair.visitor.post("/seek", {"step": 1, "phase": phase, "layer": layer})
        pair.visitor.wait_for(1, phase, layer)
        pair.compare()


@pytest.mark.parametrize("preset", ["circle", "by-hand", "digits"])
def test_the_picture_shows_what_the_page_was_told_to_show(visit: Opener, preset: str) -> None:
    pair = both(visit, preset)
    pair.visitor.post("/step", {"unit": "step", "count": 1})
    pair.visitor.wait_for(1, "update")
    for neurons in ("z", "sigma_prime", "delta", "b", "a"):
        pair.page.check(f'input[name="neurons"][value="{neurons}"]', force=True)
        pair.page.wait_for_selector(f'#network[data-neurons="{neurons}"]', state="attached")
        pair.compare(neurons=neurons)
    for connections in ("ledger", "sent", "charged", "weight"):
        pair.page.check(f'input[name="connections"][value="{connections}"]', force=True)
        pair.page.wait_for_selector(f'#network[data-connections="{connections}"]', state="attached")
        pair.compare(connections=connections)


# Opacity, and colour as far as it is seen: a canvas keeps colours times opacity.
PIXELS = """async (selector) => {
  const found = [];
  for (const element of document.querySelectorAll(selector)) {
    const image = new Image();
    image.src = element.getAttribute("href");
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const {data} = pen.getImageData(0, 0, image.width, image.height);
    found.push([...data].map((x, i) => (i % 4 === 3 ? x : (x * data[i - (i % 4) + 3]) / 255)));
  }
  return found;
}"""


@pytest.mark.parametrize("preset", ["circle", "digits"])
def test_what_neurons_answer_is_painted_alike(visit: Opener, preset: str) -> None:
    pair = both(visit, preset)
    pair.visitor.post("/step", {"unit": "step", "count": 30})
    pair.page.reload()  # the first maps that it asks for are those of this step
    pair.visitor.wait_for(30, "update")
    pair.compare()
    wanted = pair.page.evaluate(PIXELS, "#network image.map")
    found = pair.picture.evaluate(PIXELS, "image.map")
    assert len(found) == len(wanted) == (11 if preset == "circle" else 30)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours == pytest.approx(theirs, abs=2)


def test_it_opens_as_a_file_and_as_an_image(visit: Opener, tmp_path: Path) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    loaded = "address => { const i = new Image(); i.src = address; return i.decode().then(() => [i.width, i.height]); }"
    assert page.evaluate(loaded, f"{visitor.session}/picture.svg?width=700&height=400") == [700, 400]
    file = tmp_path / "picture.svg"
    file.write_bytes(httpx.get(f"{visitor.session}/picture.svg?theme=dark").content)
    told: list[str] = []
    alone = page.context.new_page()
    alone.on("console", lambda message: told.append(message.text))
    alone.goto(file.as_uri())
    ground = "() => getComputedStyle(document.querySelector('.ground')).fill"
    assert alone.evaluate(ground) == "rgb(25, 28, 32)"
    assert alone.evaluate("() => document.querySelector('image.map').getBBox().width") > 20
    assert alone.evaluate("() => document.title") == "Circle · 2, 4, 3, 2: step 1 · update"
    assert told == []
