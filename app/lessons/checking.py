"""Whether an answer is right, by the engine's numbers: pure functions of documents as the API has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.lessons.lesson import DEEDS, Ask, Direction, Point, Quantity

Document = Mapping[str, Any]

ORDER = ("feedforward", "cost", "output_error", "send_back", "gate", "gradient", "update")

ABSENT = "This number is not there in the session on view: go back to the step's own session."


@dataclass(frozen=True)
class Numbers:
    """Where the numbers come from; each is asked for only if it is needed. ``bug``: the check of a broken pass."""

    view: Document
    trace: Callable[[], Document]
    comparison: Callable[[], Document]
    spectrum: Callable[[int], Document]


@dataclass(frozen=True)
class Checked:
    """Whether it is right, and what would be: a number, (j, k), j, or the place of an option.

    ``off``: by how many degrees an arrow missed; None for everything else.
    """

    right: bool
    answer: float | list[int] | int | None
    off: float | None = None


class Unanswerable(ValueError):  # noqa: N818 - it is the question that cannot be answered
    """The session does not have what the question is about; the sentence says so."""


def value(quantity: Quantity, numbers: Numbers) -> float:
    """The number that a question is about. Raises Unanswerable."""
    found = _value(quantity, numbers)
    if found is None or not math.isfinite(found):
        raise Unanswerable(ABSENT)
    return float(found)


def _value(quantity: Quantity, numbers: Numbers) -> float | None:
    of, layer, j, k = quantity.of, quantity.layer, quantity.j, quantity.k
    if of == "cost":
        return _number(numbers.trace()["cost"]["example"])
    if of == "accuracy":
        accuracy = numbers.view["accuracy"]
        return _number(accuracy["test"] if accuracy["test"] is not None else accuracy["train"])
    if layer is None:
        return None
    if of == "angle":
        return _angle(numbers.comparison(), quantity)
    if of in ("cosine", "condition", "worst_cosine"):
        return _number(numbers.spectrum(layer)[of])
    layers = numbers.trace()["layers"]
    if layer > len(layers):
        return None
    own = layers[layer - 1]
    if of == "norm":
        return math.sqrt(sum(x * x for x in own["delta"]))
    if of == "ledger":
        return _ledger(own, j, k)
    entry = own.get(of)
    for index in (j, k):
        if index is None or entry is None:
            continue
        if index > len(entry):
            return None
        entry = entry[index - 1]
    return _number(entry)


def _ledger(own: Document, j: int | None, k: int | None) -> float:
    shares = [
        [w * charged for w, charged in zip(*rows, strict=True)] for rows in zip(own["w"], own["charged"], strict=True)
    ]
    if j is not None and k is not None:
        return float(shares[j - 1][k - 1])
    return float(sum(map(sum, shares)))


def _angle(comparison: Document, quantity: Quantity) -> float | None:
    for operator in comparison["operators"]:
        if operator["name"] == (quantity.operator or comparison["feedback"]):
            for one in operator["layers"]:
                if one["layer"] == quantity.layer:
                    return _number(one["chain"]["angle"])
    return None


def _number(entry: object) -> float | None:
    return float(entry) if isinstance(entry, int | float) else None


def heading(direction: Direction, numbers: Numbers) -> float:
    """Where the arrow points, degrees from −180 to 180, counted from across towards up. Raises Unanswerable."""
    of, layer = direction.of, direction.layer
    if of == "inverse":
        entries = numbers.spectrum(layer)["inverse"]["vector"]
    else:
        layers = numbers.trace()["layers"]
        entries = (layers[layer - 1].get(of) if layer <= len(layers) else None) or []
    if max(direction.across, direction.up) > len(entries):
        raise Unanswerable(ABSENT)
    across, up = (_number(entries[place - 1]) for place in (direction.across, direction.up))
    if across is None or up is None or not math.isfinite(across + up) or across == up == 0:
        raise Unanswerable(ABSENT)
    return math.degrees(math.atan2(up, across))


def _arrow(ask: Ask, given: object, numbers: Numbers) -> Checked:
    assert ask.direction is not None
    answer = heading(ask.direction, numbers)
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        return Checked(False, answer)
    off = abs((given - answer + 180) % 360 - 180)
    return Checked(off <= ask.degrees, answer, off)


def largest(of: str, layer: int, trace: Document) -> list[int]:
    """The place with the largest size: [j, k] of a connection, [j] of a neuron; counted from 1."""
    if layer > len(trace["layers"]) or trace["layers"][layer - 1].get(of) is None:
        raise Unanswerable("This layer is not there in the session on view: go back to the step's own session.")
    entry = trace["layers"][layer - 1][of]
    if entry and isinstance(entry[0], list):
        places = [(abs(x), [j, k]) for j, row in enumerate(entry, 1) for k, x in enumerate(row, 1)]
    else:
        places = [(abs(x), [j]) for j, x in enumerate(entry, 1)]
    return max(places, key=lambda place: place[0])[1]


def check(ask: Ask, given: object, numbers: Numbers) -> Checked:
    """Whether what was answered, or done, is right. Raises Unanswerable."""
    if ask.kind == "choice":
        return Checked(given == ask.right, ask.right)
    if ask.kind == "number":
        assert ask.quantity is not None
        right = value(ask.quantity, numbers)
        close = isinstance(given, int | float) and not isinstance(given, bool)
        close = close and abs(float(given) - right) <= max(ask.within * abs(right), 5e-4)  # type: ignore[arg-type]
        return Checked(close, right)
    if ask.kind in ("connection", "neuron"):
        assert ask.largest is not None
        assert ask.layer is not None
        place = largest(ask.largest, ask.layer, numbers.trace())
        wanted = [ask.layer, *place]
        return Checked(given == wanted, wanted)
    if ask.kind == "arrow":
        return _arrow(ask, given, numbers)
    return Checked(done(ask, given, numbers.view), None)


def done(ask: Ask, given: object, view: Document) -> bool:
    """Whether the session, or the page, has come to where the reader was to take it."""
    if ask.accuracy is not None:
        accuracy = view["accuracy"]["test"] if view["accuracy"]["test"] is not None else view["accuracy"]["train"]
        return accuracy is not None and accuracy >= ask.accuracy
    if isinstance(ask.until, Point):
        return _reached(view["cursor"], ask.until)
    if ask.until in DEEDS:
        return given == ask.until
    return bool(view["config"]["feedback"]["name"] == ask.until)


def _reached(cursor: Document, point: Point) -> bool:
    return _place(cursor["step"], cursor["phase"], cursor["layer"]) >= _place(
        point.step, point.phase or "update", point.layer
    )


def _place(step: int, phase: str, layer: int | None) -> tuple[int, ...]:
    """Points of a session in their order."""
    if phase == "start":
        return (step, -1, 0, 0)
    if phase in ("send_back", "gate"):
        return (step, ORDER.index("send_back"), -(layer or 0), ORDER.index(phase))
    backward = phase == "gradient"
    return (step, ORDER.index(phase), -(layer or 0) if backward else (layer or 0), 0)
