"""A network as a picture: everything that the template of the SVG writes down. Pure functions of shape and size.

Layers are columns from left to right; connections are curves that fan out where they arrive. Text sizes are constants,
so a scene is made for one size of the stage, in CSS pixels, and made again where the stage has another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.web.scene import numbers as scene_numbers
from app.web.scene.columns import Stage, columns, margins, neurons
from app.web.scene.numbers import Block
from app.web.scene.parts import (
    DRAWN_CONNECTIONS,
    Bundle,
    Column,
    Connection,
    Head,
    Neuron,
    Picture,
)
from app.web.scene.paths import bundle, connections
from app.web.scene.timeline import Timeline, timeline
from app.web.texts import t

SMALLEST, LARGEST = 240, 4000
"""Sizes of a stage, px."""
LETTER = 6.9  # mean width of a letter of a name over a layer, px
SUM_TERMS = 6  # so many arriving numbers have a bar of their own
SUM_TEXT = 18.0
SMALLEST_MAP = 13.0  # a smaller square shows one tint, px
FOR_EACH_WEIGHT = 0.8  # and one with less room for each weight, px: its image would be a grey
ROW_TRACK, TILE_TRACK = 62, 76  # widths of the bar beside an output, px
NAME_LETTERS, ROW_LETTERS = 14, 3  # room for the name of a class beside a square, and in a small one


@dataclass(frozen=True)
class Sum:
    """The running sum under a neuron: a waterfall of bars about a zero line, and the number under them, px."""

    x: float
    y: float
    half: float
    bar: float
    gap: float
    terms: tuple[int, ...]  # numbers of the neurons that send; (0,) where they share one bar

    @property
    def height(self) -> float:
        """Height of all bars, px."""
        return len(self.terms) * (self.bar + self.gap) - self.gap


@dataclass(frozen=True)
class DrawnNeuron:
    """A neuron with what is written on it."""

    at: Neuron
    kind: str  # input, hidden or output
    name: str
    map: str  # what its square shows: "plane", "image" (its weights as one), or nothing
    closer: bool  # whether a closer look shows its weights as an image
    value: bool  # whether there is room for a number
    caption: bool
    sum: Sum | None
    numbers: Block | None

    @property
    def bar_x(self) -> float:
        """Left end of the bar beside an output, px."""
        return self.at.right + 12

    @property
    def track(self) -> int:
        """Width of the bar beside an output, px."""
        return ROW_TRACK if self.at.style == "rows" else TILE_TRACK

    @property
    def short(self) -> str:
        """The name, cut to the room there is."""
        room = ROW_LETTERS if self.kind == "output" and self.at.style == "rows" else NAME_LETTERS
        return self.name if len(self.name) <= room else self.name[: room - 1] + "…"


@dataclass(frozen=True)
class Scene:
    """A network for a stage of `width` × `height` px."""

    picture: Picture
    width: int
    height: int
    narrow: bool
    mode: str  # "paths" or "pool"
    numbers: bool
    columns: tuple[Column, ...]
    heads: tuple[Head, ...]
    neurons: tuple[DrawnNeuron, ...]
    connections: tuple[Connection, ...]
    bundles: tuple[Bundle, ...]
    connection_numbers: tuple[Block, ...]
    timeline: Timeline
    right: float  # space for words to the right of the last layer, px

    @property
    def pool(self) -> int:
        """How many connections JavaScript may draw over the bundle."""
        return min(DRAWN_CONNECTIONS, self.picture.connections) if self.mode == "pool" else 0


def draw(picture: Picture, width: int, height: int, numbers: bool = True) -> Scene:
    """The scene of a network on a stage of so many CSS pixels; ``numbers``: all are written if they fit."""
    width, height = (min(max(side, SMALLEST), LARGEST) for side in (width, height))
    numbers = numbers and scene_numbers.fits(picture, width, height)
    stage = Stage(width, height, numbers)
    placed = columns(picture, stage)
    layers = tuple(neurons(column) for column in placed)
    whole = picture.connections <= DRAWN_CONNECTIONS
    pairs = list(zip(pairwise(layers), pairwise(picture.layers), strict=True))
    blocks = scene_numbers.neuron_blocks(layers) if numbers else ()
    return Scene(
        picture=picture,
        width=width,
        height=height,
        narrow=stage.narrow,
        mode="paths" if whole else "pool",
        numbers=numbers,
        columns=placed,
        heads=heads(picture, placed, width),
        neurons=tuple(drawn_neuron(picture, stage, placed, at, blocks) for layer in layers for at in layer),
        connections=tuple(c for pair, size in pairs for c in connections(*pair, *size)) if whole else (),
        bundles=() if whole else tuple(bundle(*pair, *size) for pair, size in pairs),
        connection_numbers=scene_numbers.connection_blocks(layers) if numbers else (),
        timeline=timeline([column.x for column in placed], width, stage.narrow),
        right=margins(picture, stage, placed[-1].style)[1],
    )


def drawn_neuron(
    picture: Picture, stage: Stage, placed: Sequence[Column], at: Neuron, blocks: Sequence[Block]
) -> DrawnNeuron:
    """A neuron with the words for which there is room."""
    column = placed[at.layer - 1]
    pitch = min((b.x - a.x for a, b in pairwise(placed)), default=stage.width)
    last = at.layer == len(placed)
    weights = picture.has_pixels(1) and at.layer == 2 and not last
    kind = "input" if at.layer == 1 else "output" if last else "hidden"
    words = at.style == "tiles" and column.room >= 16 and pitch >= 60
    own = next((block for block in blocks if (block.layer, block.j) == (at.layer, at.j)), None)
    above = placed[at.layer].neurons if kind == "hidden" else 0
    return DrawnNeuron(
        at=at,
        kind=kind,
        name=_name(picture, kind, at.style, at.j),
        map=_map(picture, at, weights=weights),
        closer=weights,
        value=words and own is None,
        caption=words and kind == "hidden" and own is None,
        sum=_sum(at, column, above) if words and kind == "hidden" and own is None and column.room >= 34 else None,
        numbers=own,
    )


def heads(picture: Picture, placed: Sequence[Column], width: float) -> tuple[Head, ...]:
    """The names over the layers: the longest form in which they all fit beside each other."""
    words = [
        t("layer-pixels" if picture.has_pixels(1) else "layer-input"),
        *(t(f"option-activation-{name}") for name in picture.activations),
    ]
    counted = [
        t("head-counted", count=column.neurons, what=word) if column.style != "tiles" else word
        for column, word in zip(placed, words, strict=True)
    ]
    forms = (
        [(t("head-layer", layer=str(c.layer)), f"· {text}") for c, text in zip(placed, counted, strict=True)],
        [(str(c.layer), f"· {text}") for c, text in zip(placed, counted, strict=True)],
        [(str(c.layer), text) for c, text in zip(placed, words, strict=True)],
        [(str(c.layer), "") for c in placed],
    )
    form = next((f for f in forms if _fit(f, placed, width)), forms[-1])
    return tuple(
        Head(c.layer, c.x, number, rest, t("head-title", layer=str(c.layer), count=c.neurons, what=word))
        for c, (number, rest), word in zip(placed, form, words, strict=True)
    )


def _fit(form: Sequence[tuple[str, str]], placed: Sequence[Column], width: float) -> bool:
    boxes = [
        (c.x - len(f"{number} {rest}") * LETTER / 2, c.x + len(f"{number} {rest}") * LETTER / 2)
        for c, (number, rest) in zip(placed, form, strict=True)
    ]
    apart = all(b[0] - a[1] >= 8 for a, b in pairwise(boxes))
    return apart and boxes[0][0] >= 0 and boxes[-1][1] <= width


def _name(picture: Picture, kind: str, style: str, j: int) -> str:
    if kind == "input":
        return picture.features[j - 1] if len(picture.features) == picture.layers[0] else f"x{_low(j)}"
    if kind == "output" and len(picture.classes) == picture.layers[-1]:
        return picture.classes[j - 1]
    return t("output-number", j=str(j)) if kind == "output" and style == "tiles" else str(j)


def _map(picture: Picture, at: Neuron, *, weights: bool) -> str:
    if at.size < SMALLEST_MAP:
        return ""
    if picture.kind == "plane":
        return "plane"
    return "image" if weights and at.size >= FOR_EACH_WEIGHT * max(picture.image_shape or ()) else ""


def _low(j: int) -> str:
    return str(j).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _sum(at: Neuron, column: Column, above: int) -> Sum:
    terms = tuple(range(1, above + 1)) if above <= SUM_TERMS else (0,)
    room = column.room - 6 - SUM_TEXT
    pitch = min(7.5, room / len(terms))
    if pitch < 3.5:
        terms, pitch = (0,), min(7.5, room)
    gap = 1.5 if pitch > 5 else 1.0
    return Sum(at.x, at.bottom + 6, min(0.86 * column.size, 57.0), pitch - gap, gap, terms)
