"""Where every number is written, in networks small enough to be followed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.web.scene.parts import Box, Neuron, Picture
from app.web.scene.paths import POINTS, Cubic, along, handles
from app.web.texts import t

MOST_CONNECTIONS = 12
MOST_LAYERS = 3
LEAST_WIDTH, LEAST_HEIGHT = 700.0, 300.0
LINE = 15.0  # height of a line of 12-px text, px
CONNECTION_WIDTH = 118.0  # "charged −0.00123", px
NEURON_WIDTH = 104.0
HEAD = 10.0  # half of the largest arrowhead, px
AIR = 24.0  # before the text of most blocks, px
LIFTS = (0.0, -12.0, 12.0, -24.0, 24.0, -36.0, 36.0)  # off the path, px
CONNECTION_FIELDS = (("w", "w"), ("sent", "sent"), ("charged", "charged"))
NEURON_FIELDS = (
    ("b", "b"),
    ("z", "z"),
    ("a", "a"),
    ("sigma_prime", "σ′"),
    ("received", "sent"),
    ("delta", "δ"),
)


@dataclass(frozen=True)
class Line:
    """One number: the field it shows, the symbol before it, and its height from the block's centre, px."""

    field: str
    symbol: str
    y: float


@dataclass(frozen=True)
class Block:
    """The numbers of one connection or neuron, about a centre (x, y), px."""

    layer: int
    j: int
    k: int
    x: float
    y: float
    width: float
    lines: tuple[Line, ...]

    @property
    def box(self) -> Box:
        """What the block covers."""
        half = len(self.lines) * LINE / 2
        return Box(self.x - self.width / 2, self.y - half, self.x + self.width / 2, self.y + half)


def fits(picture: Picture, width: float, height: float) -> bool:
    """Whether every number of this network can be written at once."""
    small = picture.connections <= MOST_CONNECTIONS and max(picture.layers) <= 2 and picture.kind != "image"
    return small and len(picture.layers) <= MOST_LAYERS and width >= LEAST_WIDTH and height >= LEAST_HEIGHT


def neuron_blocks(layers: tuple[tuple[Neuron, ...], ...]) -> tuple[Block, ...]:
    """Under each neuron that computes something."""
    height = len(NEURON_FIELDS) * LINE
    return tuple(
        Block(n.layer, n.j, 0, n.x, n.bottom + 4 + height / 2, NEURON_WIDTH, _lines(_neuron_fields(n, len(layers))))
        for layer in layers[1:]
        for n in layer
    )


def _neuron_fields(neuron: Neuron, last: int) -> tuple[tuple[str, str], ...]:
    """Nobody sends anything to an output: its number comes from the cost."""
    if neuron.layer < last:
        return NEURON_FIELDS
    return tuple((field, "∂C/∂a" if field == "received" else symbol) for field, symbol in NEURON_FIELDS)


def connection_blocks(layers: tuple[tuple[Neuron, ...], ...]) -> tuple[Block, ...]:
    """On each connection, where it meets neither a neuron nor another block."""
    taken = [n.box for layer in layers for n in layer] + [block.box for block in neuron_blocks(layers)]
    blocks = []
    for below, above in pairwise(layers):
        straight_first = sorted(((s, t) for t in above for s in below), key=lambda pair: abs(pair[0].y - pair[1].y))
        for source, target in straight_first:
            block = _free(source, target, len(below), len(above), taken)
            taken.append(block.box)
            blocks.append(block)
    return tuple(blocks)


def _free(source: Neuron, target: Neuron, n: int, m: int, taken: list[Box]) -> Block:
    """The block nearest the best place of its path that meets least of what is there."""
    cubic = handles(source, target, n, m)
    lines = _lines(CONNECTION_FIELDS)
    crosses = abs(source.y - target.y) >= source.size and min(n, m) > 1
    best = 36 if crosses else 50  # of two that cross, each is read on its own side
    taken = taken if crosses else [*taken, _head(cubic)]

    def at(t: float, lift: float) -> Block:
        x, y = along(cubic, t)
        return Block(target.layer, target.j, source.j, x, y + lift, CONNECTION_WIDTH, lines)

    candidates = [(abs(t - best) + abs(lift) * 1.5, at(t / 100, lift)) for t in range(26, 75, 2) for lift in LIFTS]
    return min(candidates, key=lambda c: c[0] + sum(c[1].box.shares(box, 2.0) for box in taken))[1]


def _head(cubic: Cubic) -> Box:
    """Where no text may begin: the head of an arrow, which says without any motion which way the blame goes."""
    x, y = along(cubic, POINTS)
    return Box(x - HEAD - AIR, y - HEAD, x + HEAD - AIR, y + HEAD)


def _lines(fields: tuple[tuple[str, str], ...]) -> tuple[Line, ...]:
    first = -(len(fields) - 1) / 2 * LINE
    return tuple(Line(field, _name(symbol), first + i * LINE) for i, (field, symbol) in enumerate(fields))


def _name(symbol: str) -> str:
    return t(f"word-{symbol}") if symbol in ("sent", "charged") else symbol
