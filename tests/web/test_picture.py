"""`picture.svg`: well-formed, alone, safe, with the trace's own numbers, and refused clearly."""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import httpx
import numpy as np
import pytest

from app.sessions.cursor import Points
from app.web import urls
from app.web.picture.pixels import channels, data_uri, signed_image
from app.web.picture.style import style_sheet, tokens
from app.web.presets import PRESETS

SVG = "{http://www.w3.org/2000/svg}"
FIELDS = {"w": "w", "w-after": "w_after", "sent": "sent", "charged": "charged"}
NEURON = {"a": "a", "z": "z", "sigma-prime": "sigma_prime", "received": "received", "delta": "delta", "b": "b"}


class Drawn:
    """A session, and its picture."""

    def __init__(self, client: httpx.Client, body: dict[str, Any]) -> None:
        self.client = client
        self.url = str(client.post(urls.API_SESSIONS, json=body).raise_for_status().json()["url"])

    def post(self, call: str, **body: object) -> Any:
        return self.client.post(f"{self.url}/{call}", json=body).raise_for_status().json()

    def get(self, **query: object) -> httpx.Response:
        return self.client.get(f"{self.url}/picture.svg", params={k: str(v) for k, v in query.items()})

    def root(self, **query: object) -> ElementTree.Element:
        return ElementTree.fromstring(self.get(**query).raise_for_status().content)

    def trace(self) -> list[dict[str, Any]]:
        answer = self.client.get(f"{self.url}/trace").raise_for_status().json()
        return list(answer["layers"])

    def points(self, depth: int) -> Iterator[dict[str, object]]:
        """Every phase of step 1, where the session stands then."""
        self.post("step", unit="step")
        for phase, layer in Points(depth).phases:
            self.post("seek", step=1, phase=phase, layer=layer)
            yield {"phase": phase, "layer": layer}


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Elements that have a class."""
    return [element for element in root.iter() if name in element.get("class", "").split()]


def text_of(root: ElementTree.Element, name: str) -> str:
    return "".join(root.find(f".//{SVG}{name}").itertext())  # type: ignore[union-attr]


@pytest.fixture
def circle(client: httpx.Client) -> Drawn:
    return Drawn(client, PRESETS["circle"].body)


def test_it_is_an_svg_file_that_nothing_can_run_in_and_nothing_is_fetched_by(circle: Drawn) -> None:
    answer = circle.get()
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-disposition"] == 'inline; filename="picture.svg"'
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}script"))
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.get("href", "data:image/png;base64,").startswith("data:image/png;base64,")
    style = text_of(root, "style")
    assert "var(" not in style
    assert "light-dark" not in style
    assert set(re.findall(r"url\(([^)]*)\)", style)) <= {'"#hatch"'}


RANDOM_FEEDBACK = PRESETS["circle"].body | {"feedback": {"name": "random"}}
SOFTMAX = PRESETS["digits"].body | {
    "layers": [64, 12, 10],
    "activations": ["relu", "softmax"],
    "cost": "log_likelihood",
}
SHAPES = [*(PRESETS[name].body for name in ("circle", "xor", "by-hand", "digits")), RANDOM_FEEDBACK, SOFTMAX]


@pytest.mark.parametrize("body", SHAPES, ids=["circle", "xor", "by-hand", "digits", "random-feedback", "softmax"])
def test_every_number_in_it_is_the_traces_at_every_phase(client: httpx.Client, body: dict[str, Any]) -> None:
    drawn = Drawn(client, body)
    depth = len(client.get(drawn.url).json()["config"]["layers"])
    seen = set()
    for point in drawn.points(depth):
        root, layers = drawn.root(), drawn.trace()
        for element in of_class(root, "connection"):
            layer, j, k = (int(element.get(f"data-{name}", "")) for name in ("layer", "j", "k"))
            for name, field in FIELDS.items():
                if (written := element.get(f"data-{name}")) is not None:
                    assert float(written) == pytest.approx(layers[layer - 1][field][j - 1][k - 1], rel=1e-5, abs=1e-30)
                    seen.add(field)
        for element in of_class(root, "neuron"):
            layer, j = int(element.get("data-layer", "")), int(element.get("data-j", ""))
            for name, field in NEURON.items():
                if (written := element.get(f"data-{name}")) is not None:
                    assert float(written) == pytest.approx(layers[layer - 1][field][j - 1], rel=1e-5, abs=1e-30), point
                    seen.add(field)
    assert seen == {*FIELDS.values(), *NEURON.values()}


def test_what_the_cursor_has_not_reached_is_not_in_it(circle: Drawn) -> None:
    circle.post("step", unit="step")
    circle.post("seek", step=1, phase="send_back", layer=3)
    root = circle.root()
    by_layer = {int(n.get("data-layer", "")): n for n in of_class(root, "neuron")}
    assert {layer for layer, n in by_layer.items() if n.get("data-received") is not None} == {3, 4}
    assert {layer for layer, n in by_layer.items() if n.get("data-delta") is not None} == {4}
    sent = {int(c.get("data-layer", "")) for c in of_class(root, "connection") if c.get("data-sent") is not None}
    assert sent == {4}
    assert {c.get("data-show") for c in of_class(root, "connection")} == {"sent", "quiet"}


def test_arrowheads_say_which_way_blame_went(circle: Drawn) -> None:
    circle.post("step", unit="step")
    circle.post("seek", step=1, phase="send_back", layer=2)
    root = circle.root()
    arrows = of_class(root, "arrow")
    connections = {c.get("id"): c for c in of_class(root, "connection")}
    assert len(arrows) == 4 * 3
    for arrow in arrows:
        place = "-".join(str(arrow.get(f"data-{name}")) for name in ("layer", "j", "k"))
        blame = float(connections[f"connection-{place}"].get("data-sent", ""))
        assert ("plus" in arrow.get("class", "")) == (blame > 0)
        (x0, _), (tip, _), (x2, _) = [map(float, p.split()) for p in arrow.get("d", "").strip("MZ").split("L")]
        assert tip < (x0 + x2) / 2  # to the left, where the layer below stands
    circle.post("seek", step=1, phase="gate", layer=2)
    assert of_class(circle.root(), "arrow") == []


def test_a_large_network_shows_its_strongest_connections_and_says_how_many(client: httpx.Client) -> None:
    digits = Drawn(client, PRESETS["digits"].body)
    digits.post("step", unit="step")
    digits.post("seek", step=1, phase="gradient", layer=2)
    root, layer = digits.root(), digits.trace()[1]
    charged = np.abs(np.array(layer["charged"]))
    drawn = {(int(c.get("data-j", "")) - 1, int(c.get("data-k", "")) - 1) for c in of_class(root, "connection")}
    assert len(drawn) == 300
    weakest = min(charged[place] for place in drawn)
    assert (charged > weakest * (1 + 1e-6)).sum() <= 300
    note = "".join(of_class(root, "note")[0].itertext())
    assert note.startswith("the top 300 of the 1,920 into layer 2: |charged| ≥ ")


def test_a_picture_says_what_it_is(circle: Drawn) -> None:
    circle.post("step", unit="step")
    circle.post("seek", step=1, phase="send_back", layer=2)
    root = circle.root()
    assert root.get("role") == "img"
    assert text_of(root, "title") == "Circle · 2, 4, 3, 2: step 1 · send back 2"
    assert "Connections show: sent" in text_of(root, "desc")
    words = ["".join(element.itertext()) for element in of_class(root, "picture-legend")[0].iter(f"{SVG}text")]
    assert words == ["sent", "0.001", "0.01", "0.1", "1", "positive", "negative", *words[-2:]]
    assert words[-2:] == ["one example, not averaged · log scale, fixed", "step 1 · send back 2"]
    assert of_class(circle.root(legend="none"), "picture-legend") == []


@pytest.mark.parametrize("width", [360, 390, 700, 960, 2000])
def test_the_legend_stays_within_the_picture(circle: Drawn, width: int) -> None:
    root = circle.root(width=width, height=700, connections="sent")
    legend = of_class(root, "picture-legend")[0]
    for element in legend.iter(f"{SVG}text"):
        x, letters = float(element.get("x", "")), 5.6 * len("".join(element.itertext()))
        left, right = (x - letters, x) if "at-end" in element.get("class", "") else (x, x + letters)
        assert left >= 0
        assert right <= width
        assert 700 - 90 < float(element.get("y", "")) < 700


def test_the_theme_is_the_tokens_own(circle: Drawn) -> None:
    light, dark = (text_of(circle.root(theme=theme), "style") for theme in ("light", "dark"))
    assert ".ground { fill: #fff }" in light
    assert ".ground { fill: #191c20 }" in dark
    assert tokens("dark")["--blame-minus"] in dark
    assert tokens("light")["--blame-minus"] not in dark
    assert circle.get().text == circle.get(theme="light").text


def test_the_style_sheet_leaves_out_what_moves_and_what_is_pointed_at() -> None:
    for style in (style_sheet("light"), style_sheet("dark")):
        assert not re.search(r":hover|:focus|transition|cursor:|pointer-events|\.hit|@media", style)
        assert all(line.count("{") == line.count("}") == 1 for line in style.splitlines())


def test_choices_are_shown(circle: Drawn) -> None:
    circle.post("step", unit="step")
    root = circle.root(connections="ledger", neurons="b", theme="dark")
    network = next(svg for svg in root.iter(f"{SVG}svg") if svg.get("id") == "network")
    assert (network.get("data-connections"), network.get("data-neurons")) == ("ledger", "b")
    assert {c.get("data-show") for c in of_class(root, "connection")} == {"ledger"}
    value = next(iter(of_class(root, "value")))
    assert "".join(value.itertext()).startswith("x")
    hidden = [n for n in of_class(root, "neuron") if n.get("data-layer") == "2"]
    biases = circle.trace()[1]["b_after"]
    for neuron, b in zip(hidden, biases, strict=True):
        written = "".join(of_class(neuron, "value")[0].itertext()).removeprefix("b ").replace("−", "-")
        assert float(written) == pytest.approx(b, rel=6e-3)


def test_every_number_of_a_small_network_can_be_left_out(client: httpx.Client) -> None:
    drawn = Drawn(client, PRESETS["by-hand"].body)
    assert of_class(drawn.root(), "number-line")
    assert not of_class(drawn.root(numbers="few"), "number-line")


def test_numbers_beyond_the_computers_range_are_hatched_and_no_coordinate_is_lost(client: httpx.Client) -> None:
    body = PRESETS["circle"].body | {"optimizer": {"name": "sgd", "learning_rate": 1e200}, "activations": "linear"}
    drawn = Drawn(client, body | {"cost": "quadratic"})
    drawn.post("step", unit="step", count=4)
    last = client.get(drawn.url).json()["last_step"]
    for phase, layer in Points(4).phases:
        drawn.post("seek", step=last, phase=phase, layer=layer)
        root = drawn.root()
        geometry = [e.get(name, "") for e in root.iter() for name in ("x", "y", "width", "height", "cx", "cy", "d")]
        assert not [value for value in geometry if re.search("nan|inf", value, re.IGNORECASE)], (phase, layer)
    assert of_class(root, "not-finite")


def test_its_tag_names_the_picture(circle: Drawn) -> None:
    first = circle.get()
    again = circle.client.get(f"{circle.url}/picture.svg", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    tags = {first.headers["etag"], circle.get(theme="dark").headers["etag"]}
    circle.post("step", unit="phase")
    tags.add(circle.get().headers["etag"])
    assert len(tags) == 3


def test_names_of_somebodys_own_are_text(client: httpx.Client) -> None:
    names = ["a<b>&\"'\x07\x0b", "]]>"]
    table = "x,y,target\n" + "\n".join(f'{i},{i % 3},"{names[i % 2].replace(chr(34), chr(34) * 2)}"' for i in range(20))
    added = client.post(urls.API_DATASETS, files={"file": ("names.csv", table, "text/csv")}).raise_for_status().json()
    drawn = Drawn(client, {"layers": [2, 3, 2], "dataset": {"name": added["id"]}})
    shown = {"".join(name.itertext()) for name in of_class(drawn.root(), "name")}
    assert any("a<b>&\"'" in name for name in shown)


def test_a_session_outlives_its_data_set(client: httpx.Client) -> None:
    table = "x,y,kind\n" + "\n".join(f"{i},{i % 3},{('round', 'square')[i % 2]}" for i in range(20))
    added = client.post(urls.API_DATASETS, files={"file": ("shapes.csv", table, "text/csv")}).raise_for_status().json()
    drawn = Drawn(client, {"layers": [2, 3, 2], "dataset": {"name": added["id"]}})
    before = drawn.get().raise_for_status().text
    client.delete(urls.api_dataset(added["id"])).raise_for_status()
    assert drawn.get().raise_for_status().text == before
    page = client.get(urls.page(drawn.url.rpartition("/")[2])).raise_for_status().text
    assert "square" in page


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"width": 100}, "width"),
        ({"width": 5000}, "width"),
        ({"height": 200}, "height"),
        ({"height": "1e3"}, "height"),
        ({"theme": "blue"}, "theme"),
        ({"connections": "blame"}, "connections"),
        ({"neurons": "w"}, "neurons"),
        ({"numbers": "none"}, "numbers"),
        ({"legend": "yes"}, "legend"),
        ({"step": 3}, "step"),
    ],
)
def test_what_cannot_be_drawn_is_refused(circle: Drawn, query: dict[str, object], place: str) -> None:
    answer = circle.get(**query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["loc"] == ["query", place]


def test_a_picture_of_no_session_is_not_there(client: httpx.Client) -> None:
    assert client.get(f"{urls.API_SESSIONS}/none/picture.svg").status_code == 404


def test_an_image_is_a_png_of_its_field() -> None:
    field = np.array([[1.0, -0.5, 0.0], [np.nan, 7.0, -np.inf]])
    image = signed_image(field, "#0d66e3", "#fa0", 1.0)
    file = b64decode(data_uri(image).removeprefix("data:image/png;base64,"))
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(file):
        size, name = struct.unpack(">I4s", file[at : at + 8])
        content = file[at + 8 : at + 8 + size]
        assert struct.unpack(">I", file[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + content)
        chunks[name] = content
        at += 12 + size
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (3, 2, 8, 6, 0, 0, 0)
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(2, 1 + 3 * 4)
    assert (rows[:, 0] == 0).all()
    pixels = rows[:, 1:].reshape(2, 3, 4)
    assert pixels[0, 0].tolist() == [13, 102, 227, 235]
    assert pixels[0, 1].tolist() == [255, 170, 0, 117]
    assert pixels[0, 2, 3] == 0
    assert pixels[1].tolist() == [[127, 127, 127, 90], [13, 102, 227, 235], [127, 127, 127, 90]]
    assert channels("#fff") == (255, 255, 255)
