"""Pictures of what is on view, as files: the same numbers, the same look, and what is on its way."""

from __future__ import annotations

import base64
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener, Watched
from tests.browser.test_room import FITTED, at

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
CIRCLE = "/new?layers=2,4,3,2&dataset=circle&seed=4&step=12&phase=send_back&layer=3"


def in_mid_flight(visitor: Watched) -> Page:
    """The blame on its way into layer 3, held there."""
    page = at(visitor, CIRCLE)
    page.wait_for_function(FITTED)
    page.locator('input[name="speed"][value="0.25"]').dispatch_event("click")
    page.keyboard.press("ArrowLeft")
    visitor.wait_for(12, "output_error", 4)
    page.keyboard.press("Space")
    visitor.wait_for(12, "send_back", 3)
    page.wait_for_function("() => Number(document.querySelector('#network').dataset.progress) > 0.3", polling=20)
    page.keyboard.press("Space")
    page.wait_for_function("url => fetch(url).then(r => r.json()).then(view => !view.playing)", arg=visitor.session)
    return page


def saved(page: Page, kind: str) -> tuple[str, bytes]:
    """The file that the menu gives, and its name."""
    page.locator('.top-bar [popovertarget="export-menu"]').click()
    with page.expect_download() as download:
        page.locator(f'#export-menu [data-picture="{kind}"]').click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_an_svg_has_the_numbers_of_the_picture_and_of_the_api(visit: Opener) -> None:
    visitor = visit()
    page = in_mid_flight(visitor)
    name, content = saved(page, "svg")
    assert name == "blameflow-step-12-send-back-3.svg"
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SVG}svg"
    assert (root.get("data-step"), root.get("data-phase"), root.get("data-phase-layer")) == ("12", "send_back", "3")
    assert root.get("viewBox") == page.get_attribute("#network", "viewBox")
    layers = visitor.get("/trace")["layers"]
    drawn = {element.get("id"): element for element in root.iter()}
    for l, layer in enumerate(layers[1:], start=2):  # noqa: E741
        for j, row in enumerate(layer["w"], start=1):
            for k, weight in enumerate(row, start=1):
                connection = drawn[f"connection-{l}-{j}-{k}"]
                assert float(connection.get("data-w", "nan")) == pytest.approx(weight, rel=1e-6)
                assert connection.get("data-w") == page.get_attribute(f"#connection-{l}-{j}-{k}", "data-w")
    for j, a in enumerate(layers[1]["a"], start=1):
        assert float(drawn[f"neuron-2-{j}"].get("data-a", "nan")) == pytest.approx(a, rel=1e-6)


def test_an_svg_stands_alone_and_has_what_is_on_its_way(visit: Opener) -> None:
    visitor = visit()
    page = in_mid_flight(visitor)
    text = saved(page, "svg")[1].decode()
    root = ElementTree.fromstring(text)
    assert "var(" not in text
    assert "light-dark" not in text
    assert not re.search(r"url\((?!data:|#)", text)
    for element in root.iter():
        assert not {"class", "tabindex", "role", "aria-label"} & set(element.keys())
        assert not element.tag.endswith(("script", "foreignObject"))
    assert not [element for element in root.iter(f"{SVG}path") if element.get("stroke") == "transparent"]
    flying = next(element for element in root.iter(f"{SVG}g") if element.get("id") == "on-its-way")
    trace = visitor.get("/trace")["layers"][3]
    lines = [
        e for e in flying.iter(f"{SVG}path") if "C" in (e.get("d") or "") and float(e.get("stroke-width", 0)) >= 1.5
    ]
    assert 0 < len(lines) <= sum(len(row) for row in trace["sent"])
    written = {e.text for e in flying.iter(f"{SVG}text")}
    sent = {f"{value:+.3g}"[:4].replace("-", "−") for row in trace["sent"] for value in row}
    assert all(any(text.startswith(number) for number in sent) for text in written if text)
    faces = re.findall(r'font-family:"(\w+)"[^}]*src:url\(data:font/woff2;base64,([A-Za-z0-9+/]{100})', text)
    assert {family for family, _ in faces} >= {"Inter", "Stix"}


def test_nothing_is_on_its_way_when_a_phase_is_done(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, CIRCLE)
    root = ElementTree.fromstring(saved(page, "svg")[1])
    flying = next(element for element in root.iter(f"{SVG}g") if element.get("id") == "on-its-way")
    assert len(flying) == 0


DIFFERENCE = """async ([one, other, width, height]) => {
    const painted = async address => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const canvas = new OffscreenCanvas(width, height), pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0, width, height);
        return pen.getImageData(0, 0, width, height).data;
    };
    const [p, q] = [await painted(one), await painted(other)];
    let [sum, far] = [0, 0];
    for (let i = 0; i < p.length; i++) { const d = Math.abs(p[i] - q[i]); sum += d; far += d > 60; }
    return [sum / p.length, far / p.length];
}"""


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_png_looks_like_the_screen_at_twice_its_size(visit: Opener, color_scheme: str) -> None:
    visitor = visit(color_scheme=color_scheme)
    page = in_mid_flight(visitor)
    box = page.locator("#network").bounding_box()
    assert box is not None
    screen = page.locator("#stage").screenshot()
    name, content = saved(page, "png")
    assert name.endswith(".png")
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (2 * round(box["width"]), 2 * round(box["height"]))
    pictures = [f"data:image/png;base64,{base64.b64encode(data).decode()}" for data in (screen, content)]
    mean, far = page.evaluate(DIFFERENCE, [*pictures, width // 2, height // 2])
    assert mean < 2
    assert far < 0.01


INKED = """async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    pen.drawImage(image, 0, 0);
    const from = document.querySelector('#network').getBoundingClientRect(), scale = image.width / from.width;
    return [...document.querySelectorAll('#network tspan.letter')].filter(e => e.checkVisibility()).map(e => {
        const b = e.getBoundingClientRect();
        const place = [b.left - from.left, b.top - from.top, b.width, b.height].map(length => length * scale);
        const {data} = pen.getImageData(...place);
        let dark = 0;
        for (let i = 0; i < data.length; i += 4) dark += data[i] < 140;
        return dark;
    });
}"""


def test_the_letters_of_a_png_are_all_there(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, CIRCLE)
    page.wait_for_function(FITTED)
    content = saved(page, "png")[1]
    inked = page.evaluate(INKED, f"data:image/png;base64,{base64.b64encode(content).decode()}")
    assert len(inked) >= 8
    assert min(inked) > 10


def test_large_networks_and_pixels_are_pictures_too(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(1, "update")
    root = ElementTree.fromstring(saved(page, "svg")[1])
    ids = [element.get("id") or "" for element in root.iter()]
    assert sum(name.startswith("neuron-1-") for name in ids) == 64
    assert sum(name.startswith("pool-") for name in ids) == page.locator("path.connection.pooled:not(.unused)").count()
    assert len([e for e in root.iter(f"{SVG}image") if (e.get("href") or "").startswith("data:image/png")]) == 30


def test_a_presentation_is_saved_as_large_as_it_is_seen(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, CIRCLE + "&present=1")
    page.wait_for_function(FITTED)
    with page.expect_download() as download:
        page.locator('#export-menu [data-picture="svg"]').dispatch_event("click")
    root = ElementTree.fromstring(Path(download.value.path()).read_bytes())
    box = page.locator("#network").bounding_box()
    assert box is not None
    assert (root.get("width"), root.get("height")) == (str(round(box["width"])), str(round(box["height"])))
