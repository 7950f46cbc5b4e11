"""The log of a session: what was changed or added, and after which step. Immutable, so that undo is keeping the old."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property

from app.engine.network import Parameters
from app.engine.optimizers import OptimizerSettings, Regularization


@dataclass(frozen=True, slots=True)
class Settings:
    """What may change while training, in force for the steps that follow."""

    optimizer: OptimizerSettings
    regularization: Regularization
    batch_size: int
    feedback: str


@dataclass(frozen=True, slots=True)
class Change:
    """Settings in force from step ``after`` + 1 on."""

    after: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class Edit:
    """Weights (layer, j, k, value) and biases (layer, j, value) set after a step; layers and neurons count from 1."""

    after: int
    weights: tuple[tuple[int, int, int, float], ...]
    biases: tuple[tuple[int, int, float], ...]

    @property
    def size(self) -> int:
        """How many numbers it sets."""
        return len(self.weights) + len(self.biases)

    def apply(self, parameters: Parameters) -> None:
        """Sets the numbers, in order."""
        for layer, j, k, value in self.weights:
            parameters.weights[layer - 2][j - 1, k - 1] = value
        for layer, j, value in self.biases:
            parameters.biases[layer - 2][j - 1] = value


@dataclass(frozen=True, slots=True)
class Addition:
    """A training example that there is from the end of a step on: its inputs, and its class, from 0, or its targets."""

    after: int
    inputs: tuple[float, ...]
    value: int | tuple[float, ...]

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return len(self.inputs) + (1 if isinstance(self.value, int) else len(self.value))


@dataclass(frozen=True)
class Log:
    """Everything that determines a session beside its first configuration, each kind in order of steps."""

    first: Settings
    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    additions: tuple[Addition, ...] = ()
    last_step: int = 0

    def settings_after(self, step: int) -> Settings:
        """The settings that step ``step`` + 1 uses."""
        place = bisect_right(self.changes, step, key=lambda change: change.after)
        return self.changes[place - 1].settings if place else self.first

    def edits_after(self, step: int) -> tuple[Edit, ...]:
        """What was edited at the end of a step."""
        first = bisect_left(self.edits, step, key=lambda edit: edit.after)
        return self.edits[first : bisect_right(self.edits, step, lo=first, key=lambda edit: edit.after)]

    def additions_after(self, step: int) -> tuple[Addition, ...]:
        """What was added at the end of a step, or in the middle of it."""
        first = bisect_left(self.additions, step, key=lambda addition: addition.after)
        return self.additions[first : bisect_right(self.additions, step, lo=first, key=lambda one: one.after)]

    @property
    def actions(self) -> int:
        """How many actions there are."""
        return len(self.changes) + len(self.edits) + len(self.additions)

    @property
    def added_numbers(self) -> int:
        """Numbers of all examples that were added."""
        return sum(addition.size for addition in self.additions)

    @property
    def edited_numbers(self) -> int:
        """Numbers that all edits set."""
        return sum(edit.size for edit in self.edits)

    @cached_property
    def action_steps(self) -> list[int]:
        """The steps after which something was done, in order."""
        steps = {change.after for change in self.changes} | {edit.after for edit in self.edits}
        return sorted(steps | {addition.after for addition in self.additions})

    def has_actions(self, step: int) -> bool:
        """Whether something was done after this step."""
        return self.next_action(step - 1) == step

    def next_action(self, step: int) -> int | None:
        """The first step beyond this one after which something was done."""
        place = bisect_right(self.action_steps, step)
        return self.action_steps[place] if place < len(self.action_steps) else None

    @cached_property
    def batch_sizes(self) -> list[tuple[int, int]]:
        """Pairs (after, batch size), the first with after = 0."""
        sizes = {0: self.first.batch_size} | {change.after: change.settings.batch_size for change in self.changes}
        return sorted(sizes.items())

    def before(self, step: int) -> Log:
        """The log as far as nothing that was done after this step, or later, counts."""
        return Log(
            first=self.first,
            changes=tuple(change for change in self.changes if change.after < step),
            edits=tuple(edit for edit in self.edits if edit.after < step),
            additions=tuple(addition for addition in self.additions if addition.after < step),
            last_step=min(self.last_step, step),
        )

    def since(self, step: int) -> Log:
        """The log with only what was done after this step, or later."""
        return replace(
            self,
            changes=tuple(change for change in self.changes if change.after >= step),
            edits=tuple(edit for edit in self.edits if edit.after >= step),
            additions=tuple(addition for addition in self.additions if addition.after >= step),
        )

    def joined(self, tail: Log) -> Log:
        """The log with the actions and the last step of another, all of which come later."""
        return replace(
            self,
            changes=(*self.changes, *tail.changes),
            edits=(*self.edits, *tail.edits),
            additions=(*self.additions, *tail.additions),
            last_step=tail.last_step,
        )

    def reaching(self, step: int) -> Log:
        """The same log, once a step has been entered."""
        return self if step <= self.last_step else replace(self, last_step=step)

    def cut(self, step: int, *, edits: bool = True) -> Log:
        """The log without what came after a step; ``edits``: keep what was edited at its very end."""
        return Log(
            first=self.first,
            changes=tuple(change for change in self.changes if change.after <= step),
            edits=tuple(edit for edit in self.edits if edit.after < step or (edits and edit.after == step)),
            additions=tuple(addition for addition in self.additions if addition.after <= step),
            last_step=min(self.last_step, step),
        )

    def changed(self, change: Change, *, edits: bool) -> Log:
        """Cut after the change's step, with the change instead of an earlier one there."""
        cut = self.cut(change.after, edits=edits)
        kept = tuple(earlier for earlier in cut.changes if earlier.after < change.after)
        return replace(cut, changes=(*kept, change))

    def edited(self, edit: Edit) -> Log:
        """Cut after the edit's step, with the edit."""
        cut = self.cut(edit.after)
        return replace(cut, edits=(*cut.edits, edit))

    def added(self, addition: Addition, *, edits: bool) -> Log:
        """Cut after the addition's step, with the addition."""
        cut = self.cut(addition.after, edits=edits)
        return replace(cut, additions=(*cut.additions, addition))
