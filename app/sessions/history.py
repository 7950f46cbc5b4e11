"""Cost and accuracy over the run, at steps whose distance doubles as the run grows, so that memory is bounded."""

from __future__ import annotations

from dataclasses import dataclass

EVALUATION_BYTES = 350
"""Memory of one evaluation with its place in a dictionary, measured."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Cost (without penalty) and accuracy (0 to 1, or None) over the training and the test examples (None: no test)."""

    train_cost: float
    train_accuracy: float | None
    test_cost: float | None
    test_accuracy: float | None


def first_stride(n_evaluated: int, batch_size: int) -> int:
    """Steps between two points at first: a power of two at which evaluating takes about as long as training.

    A training step goes through the network three times (forward, back, gradient), an evaluation once.
    """
    ratio = n_evaluated / (3 * batch_size)
    stride = 1
    while 2 * stride <= ratio and stride < 64:
        stride *= 2
    return stride


class History:
    """Evaluations at the multiples of a stride; above the limit the stride doubles and every other one is dropped."""

    def __init__(self, stride: int, limit: int) -> None:
        self.stride = stride
        self.limit = max(2, limit)
        self._points: dict[int, Evaluation] = {}

    def __len__(self) -> int:
        return len(self._points)

    def wants(self, step: int) -> bool:
        """Whether a point of this step is to be added, and is not there yet."""
        return step % self.stride == 0 and step not in self._points

    def add(self, step: int, evaluation: Evaluation) -> None:
        """Keeps the evaluation if its step is a multiple of the stride."""
        if step % self.stride:
            return
        self._points[step] = evaluation
        while len(self._points) > self.limit:
            self.stride *= 2
            self._points = {at: point for at, point in self._points.items() if at % self.stride == 0}

    def cut(self, step: int, *, at_step: bool = False) -> dict[int, Evaluation]:
        """Drops, and gives back, the points after a step; ``at_step``: the one of the step itself too."""
        cut = {at: point for at, point in self._points.items() if at > step or (at_step and at == step)}
        for at in cut:
            del self._points[at]
        return cut

    def points(self, count: int, last_step: int) -> list[tuple[int, Evaluation]]:
        """At most ``count`` points up to ``last_step``, evenly chosen, the first and the last among them."""
        found = sorted((at, point) for at, point in self._points.items() if at <= last_step)
        if len(found) <= count:
            return found
        last = len(found) - 1
        return [found[round(place * last / max(1, count - 1))] for place in range(count)]
