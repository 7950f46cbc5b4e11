"""The contenders of the benchmark do the same work, and its table says what was reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.engine import (
    Case,
    Contender,
    kernel_steps,
    plain_numpy_steps,
    recorded_steps,
    shuffled_batches,
    torch_steps,
    traced_steps,
)
from benchmarks.table import Row, Table
from tests.engine.cases import same

CASE = Case((2, 8, 8, 1), 10, None, None)


def with_torch(case: Case) -> Contender:
    torch: Any = pytest.importorskip("torch")
    return torch_steps(case, torch)


@pytest.mark.parametrize("other", [plain_numpy_steps, recorded_steps, traced_steps, with_torch])
def test_all_contenders_train_to_the_same_weights(other: Callable[[Case], Contender]) -> None:
    batches = shuffled_batches(CASE.m, 300, seed=1)
    kernel, contender = kernel_steps(CASE), other(CASE)
    before = [w.copy() for w in kernel.weights()]
    kernel.steps(batches)
    contender.steps(batches)
    for ours, theirs, start in zip(kernel.weights(), contender.weights(), before, strict=True):
        same(ours, theirs, 1e-10)
        assert abs(ours - start).max() > 1e-2


def test_the_table_says_what_was_met_missed_and_not_measured() -> None:
    rows = [
        Row("fast", 3.0, 3.0),
        Row("slow", 3.0, 2.9),
        Row("small", 1.3, 1.3, at_most=True),
        Row("large", 1.3, 1.4, at_most=True),
        Row("absent", 20.0, None),
        Row("told", None, 5.0),
    ]
    assert [row.verdict for row in rows] == ["met", "missed", "met", "missed", "not measured", ""]
    assert Table("t", rows).summary() == "2 of 5 targets met; missed: slow, large."
    assert "≤ 1.3 x" in str(Table("t", rows))
