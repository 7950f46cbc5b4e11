"""The timeline of a step: a hairpin in line with the layers. Forward runs right, back runs left, then it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.web.scene.paths import number
from app.web.texts import t

Lane = Literal["forward", "back", "learn"]

LANES: dict[Lane, float] = {"forward": 14.0, "back": 42.0, "learn": 70.0}
HEIGHT = 88.0
DOTS_HEIGHT = 52.0
BUTTON = 24.0  # height of a button, and least width, px
TITLES = 88.0  # the names of the lanes stand left of it, px
WIDEST_DOT = 40.0
MOST_DOTS = 16  # so many phases at most stand in one row of a phone
LETTER = 6.3  # mean width of a letter at 12 px, px


@dataclass(frozen=True)
class Phase:
    """A phase of a step; `layer` counts from 1, None where it has none."""

    name: str
    layer: int | None
    lane: Lane

    @property
    def words(self) -> str:
        """As it is written: `send back 3`."""
        words = t(f"phase-{self.name}")
        return words if self.layer is None else t("phase-of-layer", phase=words, layer=str(self.layer))


@dataclass(frozen=True)
class Stop:
    """A phase in its place on the track: the button's box, px, and the piece of track that leads to it."""

    order: int
    phase: Phase
    x: float
    y: float
    width: float
    segment: str


@dataclass(frozen=True)
class Timeline:
    """The whole track."""

    width: float
    height: float
    style: Literal["words", "dots"]
    stops: tuple[Stop, ...]
    titles: bool
    single: bool = False


def phases(layers: int) -> tuple[Phase, ...]:
    """`start` and the phases of a step in their order, for a network of so many layers."""
    found = [Phase("start", None, "forward")]
    found += [Phase("feedforward", layer, "forward") for layer in range(2, layers + 1)]
    found += [Phase("cost", None, "forward"), Phase("output_error", layers, "back")]
    for layer in range(layers - 1, 1, -1):
        found += [Phase("send_back", layer, "back"), Phase("gate", layer, "back")]
    found += [Phase("gradient", layer, "learn") for layer in range(layers, 1, -1)]
    return (*found, Phase("update", None, "learn"))


def timeline(xs: Sequence[float], width: float, narrow: bool) -> Timeline:
    """The track for layers whose centres stand at `xs` (px), `width` px wide."""
    found = phases(len(xs))
    if narrow and len(found) <= MOST_DOTS:
        return _row(found, width)
    left = 0.0 if narrow else TITLES
    places = _places(found, xs, width, left)
    widths = [len(phase.words) * LETTER + 14 for phase in found]
    words = not narrow and _apart(found, places, widths, left, width)
    if not words:
        places, widths = _spread(found, places, left + 12, width), [BUTTON] * len(found)
    turn = width - 24
    stops = tuple(
        Stop(i, phase, x, LANES[phase.lane], w, _segment(found, places, i, turn))
        for i, (phase, x, w) in enumerate(zip(found, places, widths, strict=True))
    )
    return Timeline(width, HEIGHT, "words" if words else "dots", stops, titles=not narrow)


def _row(found: Sequence[Phase], width: float) -> Timeline:
    pitch = (width - 40) / (len(found) - 1)
    wide = max(BUTTON, pitch)
    stops = []
    for i, phase in enumerate(found):
        x = 20 + i * pitch
        segment = f"M{number(x - pitch)} 14H{number(x)}" if i else ""
        stops.append(Stop(i, phase, x, LANES["forward"], min(wide, pitch, WIDEST_DOT), segment))
    return Timeline(width, DOTS_HEIGHT, "dots", tuple(stops), titles=False, single=True)


def _places(found: Sequence[Phase], xs: Sequence[float], width: float, left: float) -> list[float]:
    """Under the layer that the phase concerns; what goes between two layers stands between them."""
    last = len(xs)

    def between(layer: int) -> float:
        return (xs[layer - 1] + xs[layer]) / 2

    cost = min(xs[-1] + max(96.0, (xs[-1] - xs[-2]) * 0.5), width - 66)
    places = []
    for phase in found:
        layer = phase.layer or 0
        if phase.name in ("start", "update"):
            x = max(xs[0], left + 28)
        elif phase.name == "cost":
            x = cost
        elif phase.name == "send_back":
            x = between(layer)
        elif phase.name == "gradient":
            x = between(layer - 1)
        else:  # what goes before the output error stands close to it
            x = xs[layer - 1] + (14 if phase.name == "output_error" and last > 2 else 0)
        places.append(min(x, width - 62 if layer == last else width - 30))
    return places


def _apart(found: Sequence[Phase], places: Sequence[float], widths: Sequence[float], left: float, width: float) -> bool:
    """Whether no two words of a lane come nearer than 1 px (each has 7 px about it), nor leave the track."""
    for lane in LANES:
        boxes = sorted(
            (x - w / 2, x + w / 2) for phase, x, w in zip(found, places, widths, strict=True) if phase.lane == lane
        )
        if boxes[0][0] < left - 4 or boxes[-1][1] > width - 24:
            return False
        if any(b[0] - a[1] < 1 for a, b in pairwise(boxes)):
            return False
    return True


def _spread(found: Sequence[Phase], places: Sequence[float], left: float, width: float) -> list[float]:
    """Dots stay near their layers; where they would come nearer than a button is wide, the lane is spread evenly."""
    spread = list(places)
    for lane in LANES:
        members = sorted((i for i, phase in enumerate(found) if phase.lane == lane), key=lambda i: places[i])
        xs = [places[i] for i in members]
        if any(b - a < BUTTON for a, b in pairwise(xs)) or xs[0] < left:
            low, high = left, width - 42.0
            pitch = (high - low) / max(len(members) - 1, 1)
            for n, i in enumerate(members):
                spread[i] = low + n * pitch
    return spread


def _segment(found: Sequence[Phase], places: Sequence[float], i: int, turn: float) -> str:
    """The piece of track from the phase before to this one; the first of the way back turns about the end."""
    if i == 0:
        return ""
    lane, before, x = found[i].lane, places[i - 1], places[i]
    y = LANES[lane]
    if found[i - 1].lane == lane:
        return f"M{number(before)} {number(y)}H{number(x)}"
    if lane == "back":
        up = LANES["forward"]
        r = (y - up) / 2
        bend = number(turn - r + 10)
        return f"M{number(before)} {number(up)}H{bend}a{number(r)} {number(r)} 0 0 1 0 {number(2 * r)}H{number(x)}"
    return ""
