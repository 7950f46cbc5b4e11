"""The examples to choose from, with what the network at the cursor says of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.engine.evaluation import are_classes, classes_of, judge
from app.engine.network import Parameters
from app.sessions.data import Indices
from app.sessions.errors import Invalid, TooLarge
from app.sessions.looking import Looking
from app.sessions.pool import Pool
from app.sessions.problem import Problem
from app.sessions.reading import plain
from app.sessions.requests import ExampleOrder, ExamplePart
from app.sessions.work import Work

EXAMINED = 10_000
"""Rows of the data set that the network is asked about, at most; of the added ones it always is."""
SLICE_PRODUCTS = 5_000_000
"""Multiplications between two turns of others: a few milliseconds."""
INPUTS_SHOWN = 1_024
"""Inputs of an example up to which they are listed."""
PAGE_NUMBERS = 500_000
"""Inputs of one page, at most."""


class Examined:
    """What one network says of the examples of a pool, found out as it is asked.

    Always whole blocks of rows go through the network, and the same ones: a figure never depends on what was asked.
    """

    def __init__(self, problem: Problem, pool: Pool, count: int, parameters: Parameters) -> None:
        self._architecture = problem.architecture
        self._pool = pool
        self._parameters = parameters
        self._block = max(16, min(1_000, SLICE_PRODUCTS // problem.architecture.n_weights))
        self._known = np.zeros(-(-count // self._block), dtype=np.bool_)
        self.cost = np.full(count, np.nan)
        self.named = np.zeros(count, dtype=np.intp)
        targets = pool.targets(np.arange(count))
        self.classes = are_classes(targets)
        self.right = np.zeros(count, dtype=np.bool_)

    def look_at(self, rows: Indices) -> Work[None]:
        """Finds out what the network says of these rows."""
        for block in np.unique(rows // self._block):
            if not self._known[block]:
                self._look(int(block))
                yield

    def _look(self, block: int) -> None:
        rows = np.arange(block * self._block, min((block + 1) * self._block, len(self.cost)))
        y = self._pool.targets(rows)
        self.cost[rows], self.named[rows] = judge(self._architecture, self._parameters, self._pool.inputs(rows), y)
        self.right[rows] = np.isfinite(self.cost[rows]) & (self.named[rows] == classes_of(y.T))
        self._known[block] = True

    def predicted(self, rows: Indices) -> list[int | None]:
        """The class that the network names for each of these rows; None where its cost is not finite."""
        told = zip(self.named[rows].tolist(), np.isfinite(self.cost[rows]).tolist(), strict=True)
        return [named if known else None for named, known in told]

    def memory_bytes(self) -> int:
        """Memory of what is kept, bytes."""
        return self._parameters.flat.nbytes + sum(map(len, (self.cost, self.named))) * 8 + len(self.right)

    def ordered(self, rows: Indices, order: ExampleOrder) -> Indices:
        """The rows, which were looked at, in another order; not finite counts as costliest."""
        cost = np.where(np.isnan(self.cost[rows]), np.inf, self.cost[rows])
        keys = (rows, -cost) if order == "cost" else (rows, -cost, self.right[rows])
        return rows if order == "index" else rows[np.lexsort(keys)]


class Examining(Looking):
    """A session whose examples can be chosen from."""

    _examined: tuple[tuple[int, int], Examined] | None = None

    def examples(
        self, limit: int = 100, offset: int = 0, part: ExamplePart = "all", order: ExampleOrder = "index"
    ) -> Work[dict[str, Any]]:
        """Some of the examples that there are at the cursor, and what the network there says of them."""
        if limit < 0 or offset < 0:
            raise Invalid(("query", "limit" if limit < 0 else "offset"), "limit and offset are 0 or more.")
        self._check_page(limit)
        found = yield from self._examined_here()
        if order == "misclassified" and not found.classes:
            raise Invalid(("query", "order"), "These targets are no classes, so none is misclassified: use order=cost.")
        rows = self._rows_of(part)
        looked_at = rows[:EXAMINED] if part == "batch" else rows[(rows < EXAMINED) | (rows >= self.pool.own)]
        yield from found.look_at(looked_at)
        page = found.ordered(rows if order == "index" else looked_at, order)[offset : offset + limit]
        yield from found.look_at(page)
        return {
            "count": self.pool.count(self.cursor.step),
            "part": part,
            "order": order,
            "offset": offset,
            "total": len(rows),
            "examined": len(looked_at),
            "wrong": int((~found.right[looked_at]).sum()) if found.classes else None,
            "step": self.cursor.parameters_step,
        } | self._columns(page, found)

    def memory_bytes(self) -> int:
        """Memory of the session beside its data set, bytes."""
        return super().memory_bytes() + (self._examined[1].memory_bytes() if self._examined else 0)

    def _check_page(self, limit: int) -> None:
        n_inputs = self.problem.architecture.layers[0]
        if n_inputs <= INPUTS_SHOWN and limit * n_inputs > PAGE_NUMBERS:
            raise TooLarge(
                f"{limit:,} examples of {n_inputs} inputs are too many numbers for one answer: ask for at most "
                f"{PAGE_NUMBERS // n_inputs:,} at a time."
            )

    def _rows_of(self, part: ExamplePart) -> Indices:
        """The rows of a part that there are at the cursor, ascending; a mini-batch's in its own order."""
        if part == "batch":
            return self.pool.rows_of(self.timeline.batch(max(self.cursor.step, 1)))
        rows = np.arange(self.pool.count(self.cursor.step))
        if part == "all":
            return rows
        if part == "added":
            return rows[self.pool.own :]
        train = self.pool.is_train(rows)
        return rows[train if part == "train" else ~train]

    def _examined_here(self) -> Work[Examined]:
        """What the network at the cursor says, as far as it has been asked already."""
        step, count = self.cursor.parameters_step, self.pool.count(self.cursor.step)
        key = (self.timeline.switches, step)
        if self._examined is not None and self._examined[0] == key and len(self._examined[1].cost) == count:
            return self._examined[1]
        yield from self.timeline.go(step)
        found = Examined(self.problem, self.pool, count, self.timeline.trainer.parameters.copy())
        self._examined = (key, found)
        return found

    def _columns(self, rows: Indices, found: Examined) -> dict[str, Any]:
        """One list for each thing that is told, with an entry for each row."""
        pool, train = self.pool, self.pool.is_train(rows)
        shown = self.problem.architecture.layers[0] <= INPUTS_SHOWN
        nothing = [None] * len(rows)
        return {
            "index": rows.tolist(),
            "part_of": ["train" if one else "test" for one in train],
            "train": train.tolist(),
            "inputs": plain(pool.inputs(rows)) if shown else None,
            "targets": plain(pool.targets(rows)),
            "labels": [pool.label(int(row)) for row in rows],
            "predicted": found.predicted(rows) if found.classes else nothing,
            "right": found.right[rows].tolist() if found.classes else nothing,
            "cost": plain(found.cost[rows]),
            "added_after": [pool.added_after(int(row)) for row in rows],
        }
