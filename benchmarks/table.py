"""What a benchmark answers: rows of target, measured figure, and whether it was met."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One figure. ``target`` is met by ``measured`` at least so large, or at most where ``at_most``; None: no target.

    ``measured`` is None where it could not be measured; ``detail`` then says why, and else how it came about.
    """

    what: str
    target: float | None
    measured: float | None
    unit: str = "x"
    at_most: bool = False
    detail: str = ""

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, ``not measured``, or nothing without a target."""
        if self.measured is None:
            return "not measured"
        if self.target is None:
            return ""
        reaches = operator.le if self.at_most else operator.ge
        return "met" if reaches(self.measured, self.target) else "missed"

    def cells(self) -> tuple[str, ...]:
        """As text, in the order of COLUMNS."""
        sign = "≤" if self.at_most else "≥"
        target = "" if self.target is None else f"{sign} {self.target:g} {self.unit}"
        measured = "" if self.measured is None else f"{self.measured:.3g} {self.unit}"
        return self.what, target, measured, self.verdict, self.detail


COLUMNS = ("what", "target", "measured", "", "detail")


@dataclass
class Table:
    """A benchmark's rows, and notes on how they were measured."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [COLUMNS, *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        text.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([f"## {self.title}", *self.notes, "", *text, "", self.summary()])

    def summary(self) -> str:
        """How many targets were met."""
        verdicts = [row.verdict for row in self.rows if row.target is not None]
        text = f"{verdicts.count('met')} of {len(verdicts)} targets met"
        missed = [row.what for row in self.rows if row.target is not None and row.verdict == "missed"]
        return f"{text}; missed: {', '.join(missed)}." if missed else f"{text}."
