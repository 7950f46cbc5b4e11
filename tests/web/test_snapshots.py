"""The main states of the picture against reviewed copies in tests/snapshots: text that a person can read in a review.

`make snapshots` writes them anew; then look at what has changed, as text and in a browser, before it is kept.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import httpx
import pytest

from app.web import urls
from app.web.picture.style import Theme, style_sheet
from app.web.presets import PRESETS

FOLDER = Path(__file__).parents[1] / "snapshots"
RENEW = os.environ.get("SNAPSHOTS") == "renew"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
TOKEN = re.compile(r'\s([\w:-]+)="([^"]*)"|>([^<]+)')
"""An attribute, or what stands between tags."""
LEFT_OUT = re.compile(r"href|data-(x|y|size|half|top|height|low|high|(in|out|edge)-[a-z-]+)|aria-labelledby|xmlns")
"""Images, and places that the element's own attributes tell, too."""
ROUNDED_PX = frozenset(
    {"d", "x", "y", "cx", "cy", "r", "rx", "width", "height", "transform", "viewBox", "stroke-width"}
)
NEAR_PX, NEAR_STYLE, NEAR = 1.01, 0.051, 0.012
"""On another machine a last digit may differ by one: px, a style's (not rounded), and of other numbers a share."""
NAMING = frozenset({"id", "class", "data-layer", "data-j", "data-k", "data-step", "data-layers"})
DIVERGING: dict[str, Any] = {
    **PRESETS["circle"].body,
    "activations": "linear",
    "cost": "quadratic",
    "optimizer": {"name": "sgd", "learning_rate": 1e200},
}


@dataclass(frozen=True)
class State:
    """A picture: a session, where it stands, and how it is drawn."""

    name: str
    body: dict[str, Any]
    at: dict[str, object] = field(default_factory=dict)
    steps: int = 3
    theme: Theme = "light"
    query: dict[str, object] = field(default_factory=dict)


CIRCLE, BY_HAND = (PRESETS[name].body for name in ("circle", "by-hand"))
DIGITS = PRESETS["digits"].body | {"layers": [64, 12, 10]}  # fewer lines to review than the preset's
PHONE: dict[str, object] = {"width": 390, "height": 500}
STATES = (
    State("start", CIRCLE, steps=0),
    State("feedforward", CIRCLE, {"phase": "feedforward", "layer": 3}),
    State("output-error", CIRCLE, {"phase": "output_error"}),
    State("send-back", CIRCLE, {"phase": "send_back", "layer": 2}),
    State("send-back-phone-dark", CIRCLE, {"phase": "send_back", "layer": 3}, theme="dark", query=PHONE),
    State("gate", CIRCLE, {"phase": "gate", "layer": 2}),
    State("gradient", CIRCLE, {"phase": "gradient", "layer": 3}),
    State("update", CIRCLE, {"phase": "update"}),
    State("ledger", CIRCLE, {"phase": "update"}, query={"connections": "ledger", "neurons": "sigma_prime"}),
    State("by-hand", BY_HAND, {"phase": "update"}, steps=1),
    State("digits-dark", DIGITS, {"phase": "send_back", "layer": 2}, steps=1, theme="dark"),
    State("diverged", DIVERGING, {"phase": "gate", "layer": 2}),
)


def picture(client: httpx.Client, state: State) -> str:
    """The file that the server answers."""
    url = client.post(urls.API_SESSIONS, json=state.body).raise_for_status().json()["url"]
    if state.steps:
        step = client.post(f"{url}/step", json={"unit": "step", "count": state.steps}).raise_for_status().json()
        client.post(f"{url}/seek", json={"step": step["cursor"]["step"], **state.at}).raise_for_status()
    query = {name: str(value) for name, value in (state.query | {"theme": state.theme}).items()}
    return client.get(f"{url}/picture.svg", params=query).raise_for_status().text


def reviewable(svg: str, theme: Theme) -> str:
    """One element a line, numbers rounded, without images; its styles are a file of their own."""
    root = ElementTree.fromstring(svg)
    for element in root:
        if element.tag.endswith("style"):
            root.remove(element)
    lines = "\n".join(written(root, 0))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet href="{theme}.css"?>\n{lines}\n'


def written(element: ElementTree.Element, depth: int) -> Iterator[str]:
    """An element and what is in it; a line of text is one line."""
    name, space = element.tag.rpartition("}")[2], "  " * depth
    if name in ("text", "title", "desc") or not len(element):
        yield space + inline(element)
        return
    yield f"{space}<{name}{attributes(element)}>"
    for child in element:
        yield from written(child, depth + 1)
    yield f"{space}</{name}>"


def inline(element: ElementTree.Element) -> str:
    name = element.tag.rpartition("}")[2]
    content = escape(element.text or "") + "".join(inline(child) + escape(child.tail or "") for child in element)
    return f"<{name}{attributes(element)}" + (f">{content}</{name}>" if content.strip() else "/>")


def attributes(element: ElementTree.Element) -> str:
    found = ' xmlns="http://www.w3.org/2000/svg"' if element.get("aria-labelledby") else ""
    for name, value in element.attrib.items():
        if not LEFT_OUT.fullmatch(name):
            found += f" {name.rpartition('}')[2]}={quoteattr(rounded(name, value))}"
    return found


def rounded(name: str, value: str) -> str:
    """Whole pixels, and three digits of a number."""
    if name in ROUNDED_PX:
        return NUMBER.sub(lambda number: f"{float(number[0]):.0f}".replace("-0", "0"), value)
    return f"{float(value):.3g}" if name.startswith("data-") and NUMBER.fullmatch(value) else value


def unlike(found: str, kept: str) -> list[str]:
    """Lines that differ by more than rounding, as a difference shows them."""
    ours, theirs = found.splitlines(), kept.splitlines()
    pairs = list(zip(ours, theirs, strict=False))
    told = [f"- {old}\n+ {new}" for new, old in pairs if new != old and not alike(new, old)]
    return told + [f"+ {line}" for line in ours[len(pairs) :]] + [f"- {line}" for line in theirs[len(pairs) :]]


def alike(one: str, other: str) -> bool:
    """Whether two lines say the same, but for the last digit of a number."""
    if NUMBER.sub("#", one) != NUMBER.sub("#", other) or "<" not in one:
        return one == other
    return all(
        math.isclose(a, b, rel_tol=share, abs_tol=px)
        for (a, share, px), (b, _, _) in zip(numbers(one), numbers(other), strict=True)
    )


def numbers(line: str) -> Iterator[tuple[float, float, float]]:
    """Every number of a line, and how far from it another may be: a share of it, or px."""
    for token in TOKEN.finditer(line):
        name = token[1] or ""
        px = NEAR_PX if name in ROUNDED_PX else NEAR_STYLE if name == "style" else 0.0
        share = 0.0 if px or name in NAMING else NEAR
        for number in NUMBER.findall(token[2] or token[3] or ""):
            yield float(number), share, px


def compare(name: str, found: str) -> None:
    path = FOLDER / name
    if RENEW:
        path.write_text(found, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    told = unlike(found, kept)
    assert not told, f"{name} has changed in {len(told)} lines; if that is right: make snapshots\n" + "\n".join(
        told[:6]
    )


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_state_is_drawn_as_it_was_when_it_was_reviewed(client: httpx.Client, state: State) -> None:
    compare(f"{state.name}.svg", reviewable(picture(client, state), state.theme))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_styles_are_as_they_were_when_they_were_reviewed(theme: Theme) -> None:
    compare(f"{theme}.css", style_sheet(theme) + "\n")


def test_nothing_is_kept_that_is_not_compared() -> None:
    wanted = {f"{state.name}.svg" for state in STATES} | {"light.css", "dark.css"}
    assert {path.name for path in FOLDER.iterdir()} == wanted


def test_a_difference_is_seen_and_rounding_is_not() -> None:
    line = '<text class="plus" x="10" data-j="3" data-w="0.123" style="stroke-width: 2.35px">a −0.12</text>'
    near = line.replace('"10"', '"11"').replace("0.123", "0.124").replace("2.35", "2.4")
    assert unlike(line, near) == []
    for old, new in (
        ('"10"', '"12"'),
        ("0.123", "0.125"),
        ("2.35", "2.45"),
        ("plus", "minus"),
        ("−0", "0"),
        ("3", "4"),
    ):
        assert unlike(line, line.replace(old, new, 1)), new
    assert unlike(line, "")
    assert unlike("", line)
    assert unlike("a { opacity: 0.62 }", "a { opacity: 0.61 }")
