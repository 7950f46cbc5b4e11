from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sessions.schedule import Batches, Schedule


@st.composite
def schedules(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A number of examples, and batch sizes with the step after which they hold."""
    n = draw(st.integers(1, 30))
    after = sorted(draw(st.sets(st.integers(1, 60), max_size=5)))
    return n, [(step, draw(st.integers(1, n))) for step in (0, *after)]


def simulated(n: int, sizes: list[tuple[int, int]], steps: int) -> list[int]:
    """Examples visited after each step, counted one step after the other."""
    visited, size_after = [0], dict(sizes)
    size = size_after[0]
    for step in range(steps):
        size = size_after.get(step, size)
        left = n - visited[-1] % n
        visited.append(visited[-1] + min(size, left))
    return visited


@given(schedules())
def test_a_mini_batch_never_crosses_the_end_of_an_epoch_and_a_new_size_goes_on_from_the_next_example(
    case: tuple[int, list[tuple[int, int]]],
) -> None:
    n, sizes = case
    schedule = Schedule(n, sizes)
    assert [schedule.visited(step) for step in range(101)] == simulated(n, sizes, 100)


@given(schedules())
def test_epochs_and_their_ends_agree_with_what_was_visited(case: tuple[int, list[tuple[int, int]]]) -> None:
    n, sizes = case
    schedule = Schedule(n, sizes)
    assert (schedule.epoch(0), schedule.ends_epoch(0)) == (0, False)
    for step in range(1, 101):
        visited = schedule.visited(step)
        assert schedule.epoch(step) == -(-visited // n)
        assert schedule.ends_epoch(step) == (visited % n == 0)
        if schedule.ends_epoch(step):
            assert schedule.end_of_epoch(visited // n) == step
    assert schedule.end_of_epoch(0) == schedule.end_of_epoch(-3) == 0


@given(schedules(), st.booleans(), st.integers(0, 5))
def test_every_epoch_visits_every_example_once(
    case: tuple[int, list[tuple[int, int]]], shuffle: bool, seed: int
) -> None:
    n, sizes = case
    schedule, batches = Schedule(n, sizes), Batches(n, seed, shuffle)
    for epoch in (1, 2, 3):
        seen: list[int] = []
        for step in range(schedule.end_of_epoch(epoch - 1) + 1, schedule.end_of_epoch(epoch) + 1):
            size = [size for after, size in sizes if after < step][-1]
            seen += batches.at(schedule.visited(step - 1), size).tolist()
        assert sorted(seen) == list(range(n))
        assert shuffle or seen == list(range(n))


def test_epochs_have_orders_of_their_own_and_the_seed_decides() -> None:
    first, again, other = (Batches(40, seed, True) for seed in (1, 1, 2))
    assert first.order(1).tolist() == again.order(1).tolist() != first.order(2).tolist()
    assert first.order(1).tolist() != other.order(1).tolist()
