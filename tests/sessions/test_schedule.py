from __future__ import annotations

from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.sessions.schedule import Batches, Schedule

facts = settings(deadline=None, derandomize=True, max_examples=200)


@dataclass(frozen=True)
class Case:
    """A number of examples, batch sizes with the step after which they hold, and after which steps one was added."""

    n: int
    sizes: list[tuple[int, int]]
    added: list[int]

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.n, self.sizes, self.added)

    def simulated(self, steps: int) -> list[tuple[int, int, int]]:
        """After each step: epochs completed, examples visited of the next one, and how many that has."""
        epochs, offset, n, size, there = 0, 0, self.n, 0, self.n
        told, size_after = [], dict(self.sizes)
        for step in range(steps + 1):
            size = size_after.get(step, size)
            there += self.added.count(step)
            if offset == 0:
                n = there
            told.append((epochs, offset, n))
            offset += min(size, n - offset)
            if offset == n:
                epochs, offset = epochs + 1, 0
        return told


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n = draw(st.integers(1, 30))
    after = sorted(draw(st.sets(st.integers(1, 60), max_size=5)))
    added = sorted(draw(st.lists(st.integers(0, 60), max_size=6)))
    return Case(n, [(step, draw(st.integers(1, n + len(added) if step else n))) for step in (0, *after)], added)


@facts
@given(cases())
@example(Case(4, [(0, 2)], [1, 1, 2, 3]))  # two wait, then one comes just as they join, and one waits again
@example(Case(4, [(0, 2), (1, 1)], [1]))  # the new size decides when the epoch ends, at which the example joins
def test_a_mini_batch_never_crosses_the_end_of_an_epoch_and_what_was_added_joins_the_next_one(case: Case) -> None:
    told = case.simulated(100)
    assert [(*case.schedule.at(step), case.schedule.examples_next(step)) for step in range(101)] == told


@facts
@given(cases())
def test_epochs_and_their_ends_agree_with_what_was_visited(case: Case) -> None:
    schedule, told = case.schedule, case.simulated(100)
    assert (schedule.epoch(0), schedule.ends_epoch(0)) == (0, False)
    for step in range(1, 101):
        epochs, offset, _ = told[step]
        assert schedule.epoch(step) == epochs + (1 if offset else 0)
        assert schedule.ends_epoch(step) == (offset == 0)
        if schedule.ends_epoch(step):
            assert schedule.end_of_epoch(epochs) == step
    assert schedule.end_of_epoch(0) == schedule.end_of_epoch(-3) == 0


@facts
@given(cases(), st.booleans(), st.integers(0, 5))
def test_every_epoch_visits_every_example_that_was_there_when_it_began_once(
    case: Case, shuffle: bool, seed: int
) -> None:
    schedule, batches = case.schedule, Batches(seed, shuffle)
    for epoch in (1, 2, 3):
        seen: list[int] = []
        start = schedule.end_of_epoch(epoch - 1)
        for step in range(start, schedule.end_of_epoch(epoch)):
            size = [size for after, size in case.sizes if after <= step][-1]
            seen += batches.at(schedule, step, size).tolist()
        there = case.n + sum(after <= start for after in case.added)
        assert sorted(seen) == list(range(there))
        assert shuffle or seen == list(range(there))


def test_an_added_example_leaves_the_epoch_under_way_as_it_was() -> None:
    batches = Batches(1, True)
    before, after = Schedule(10, [(0, 3)]), Schedule(10, [(0, 3)], [2])
    for step in range(4):
        assert batches.at(before, step, 3).tolist() == batches.at(after, step, 3).tolist()
    assert max(batches.at(after, step, 11).max() for step in range(4, 8)) == 10


def test_epochs_have_orders_of_their_own_and_the_seed_decides() -> None:
    first, again, other = (Batches(seed, True) for seed in (1, 1, 2))
    assert first.order(1, 40).tolist() == again.order(1, 40).tolist() != first.order(2, 40).tolist()
    assert first.order(1, 40).tolist() != other.order(1, 40).tolist()
