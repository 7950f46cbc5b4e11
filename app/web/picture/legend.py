"""The words under a picture that stands alone: the scale of what connections show, what is averaged, and the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.web.picture.filling import Filling
from app.web.picture.phases import Phase
from app.web.picture.text import number
from app.web.scene.parts import NARROW
from app.web.texts import t

ROW = 26.0
"""Height of a line, px."""
MARGIN = 16.0
LETTER = 6.6  # mean width of a letter, px
LINE = 28.0  # width of a line's sample, px
WEIGHTS = ((-3, "≤ −3"), (-1, "−1"), (1, "+1"), (3, "≥ +3"))
BLAME = ((4.0, "0.001"), (7.0, "0.01"), (10.0, "0.1"), (13.0, "1"))
"""Radii, px, and the sizes that they stand for."""
SIGNED = 9.3  # radius of the samples that stand for a sign, px


@dataclass(frozen=True)
class Sample:
    """A line or a drop as it is drawn for a value, and the word to the right of it; x, px."""

    x: float
    value: float  # a weight; for a drop 1 or −1
    radius: float  # 0 for a line
    word_x: float
    word: str

    @property
    def end(self) -> float:
        """Where the word ends, about, px."""
        return self.word_x + LETTER * len(self.word)


@dataclass(frozen=True)
class Legend:
    """Lines under a picture of `width` px: samples, what they mean, and where the picture was taken.

    Attributes
    ----------
    rows
        y of the middle of each line, px: samples, note, place; on a wide picture the place ends the first line.
    """

    width: float
    name: str
    samples: tuple[Sample, ...]
    note: str
    place: str
    rows: tuple[float, float, float]

    @property
    def narrow(self) -> bool:
        """Whether every part has a line of its own."""
        return self.width < NARROW


def height(width: float) -> float:
    """Height of the legend of a picture, px."""
    return ROW * (3 if width < NARROW else 2) + 8


def legend(filling: Filling, width: float, top: float) -> Legend:
    """The legend of a picture; ``top``: its upper edge, px."""
    kind, seen = filling.kind, filling.seen
    first, second, third = (top + 4 + ROW * (row + 0.5) for row in range(3))
    samples = (one for one in _samples(kind, width) if one.end <= width - MARGIN)
    return Legend(
        width=width,
        name=t(f"word-{kind}"),
        samples=tuple(samples),
        note=_note(filling),
        place=place(seen.step, seen.phase),
        rows=(first, second, third if width < NARROW else first),
    )


def place(step: int, phase: Phase) -> str:
    """Where a picture was taken: `step 3 · send back 2`."""
    if step == 0:
        return t("phase-start")
    words = t(f"phase-{phase[0].replace('_', '-')}")
    if phase[1] is not None:
        words = t("phase-of-layer", phase=words, layer=str(phase[1]))
    return t("picture-place", step=f"{step:,}", phase=words)


def _note(filling: Filling) -> str:
    """The scale; of a large network how many connections are drawn, and how strong the weakest of them is."""
    found = filling.strongest
    if found is None:
        return t("legend-weights" if filling.kind == "weight" else "legend-blame")
    return t(
        "legend-strongest" if len(found.places) < found.of else "legend-every",
        which="into" if len(found.layers) == 1 else "whole",
        drawn=f"{len(found.places):,}",
        of=f"{found.of:,}",
        layer=str(found.layers[0]),
        kind=t(f"word-{found.kind}"),
        least=number(found.least, digits=2),
    )


def _samples(kind: str, width: float) -> Iterator[Sample]:
    gap = 9 if width < NARROW else 14
    x = MARGIN + LETTER * len(t(f"word-{kind}")) + gap
    for value, radius, word in _wanted(kind, width < NARROW):
        word_x = x + (2 * radius + 20 if radius else LINE) + 5
        yield Sample(x, value, radius, word_x, word)
        x = word_x + LETTER * len(word) + gap


def _wanted(kind: str, narrow: bool) -> Iterator[tuple[float, float, str]]:
    """Value, radius and word of each sample."""
    if kind == "weight":
        yield from ((value, 0.0, word) for value, word in WEIGHTS)
        return
    yield from ((1, radius, word) for radius, word in (BLAME[1:] if narrow else BLAME))
    if not narrow:
        yield 1, SIGNED, t("legend-positive")
    yield -1, SIGNED, t("legend-negative")
