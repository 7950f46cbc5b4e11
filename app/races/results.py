"""What a race has found so far: a curve for each copy, and the spread over the seeds."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.races.race import Entry, Point


@dataclass
class Curve:
    """One copy over its epochs."""

    feedback: str
    seed: int
    points: list[Point] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """As the API has it: lists of the same length, one entry for each epoch from 0."""
        points = self.points
        layers = range(len(points[0].angles)) if points else range(0)
        return {
            "feedback": self.feedback,
            "seed": self.seed,
            "finite": not points or points[-1].finite,
            "epochs": [point.epoch for point in points],
            "steps": [point.step for point in points],
            "cost": {"train": [p.cost[0] for p in points], "test": [p.cost[1] for p in points]},
            "accuracy": {"train": [p.accuracy[0] for p in points], "test": [p.accuracy[1] for p in points]},
            "angles": [{"layer": place + 2, "degrees": [p.angles[place] for p in points]} for place in layers],
        }


class Results:
    """All curves of a race."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.order: list[Point] = []
        """All points as they came."""
        self.curves = {(feedback, seed): Curve(feedback, seed) for seed in entry.seeds for feedback in entry.feedbacks}

    def add(self, point: Point) -> None:
        """Takes up where a copy stands; what is known already, of a race that began once more, is left as it is."""
        points = self.curves[point.feedback, point.seed].points
        if not points or point.epoch > points[-1].epoch:
            points.append(point)
            self.order.append(point)

    @property
    def progress(self) -> float:
        """From 0 to 1; a copy that is not finite any more is done."""
        whole = self.entry.runs * (self.entry.epochs + 1)
        done = sum(
            self.entry.epochs + 1 if curve.points and not curve.points[-1].finite else len(curve.points)
            for curve in self.curves.values()
        )
        return done / whole

    def summary(self) -> list[dict[str, Any]]:
        """For each operator, over the seeds that have come so far: the last figures, their mean and spread."""
        return [self._summary(feedback) for feedback in self.entry.feedbacks]

    def _summary(self, feedback: str) -> dict[str, Any]:
        last = [curve.points[-1] for (name, _), curve in self.curves.items() if name == feedback and curve.points]
        angles = [point.angles for point in last]
        return {
            "feedback": feedback,
            "runs": len(last),
            "not_finite": sum(not point.finite for point in last),
            "cost": {part: spread([p.cost[i] for p in last]) for i, part in enumerate(("train", "test"))},
            "accuracy": {part: spread([p.accuracy[i] for p in last]) for i, part in enumerate(("train", "test"))},
            "angles": [
                {"layer": place + 2, **(spread([of[place] for of in angles]) or _NOTHING)}
                for place in range(len(angles[0]) if angles else 0)
            ],
        }

    def table(self) -> str:
        """Every point as CSV, with a header row."""
        text = io.StringIO()
        layers = max((len(c.points[0].angles) for c in self.curves.values() if c.points), default=0)
        writer = csv.writer(text, lineterminator="\n")
        head = ["feedback", "seed", "epoch", "step", "cost_train", "cost_test", "accuracy_train", "accuracy_test"]
        writer.writerow([*head, "finite", *(f"angle_layer_{place + 2}" for place in range(layers))])
        for curve in self.curves.values():
            for p in curve.points:
                row = [p.feedback, p.seed, p.epoch, p.step, *p.cost, *p.accuracy, str(p.finite).lower(), *p.angles]
                writer.writerow(["" if value is None else value for value in row])
        return text.getvalue()


_NOTHING = {"mean": None, "least": None, "most": None, "deviation": None}


def spread(values: Sequence[float | None]) -> dict[str, float | None] | None:
    """Mean, least, most and standard deviation (of the sample) of what is there; None where nothing is."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    deviation = statistics.stdev(known) if len(known) > 1 else 0.0
    return {"mean": statistics.fmean(known), "least": min(known), "most": max(known), "deviation": deviation}
