"""What is kept, how much of it, and that nothing but time depends on it."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.training import TrainerState
from app.sessions import checkpoints as module
from app.sessions.checkpoints import Checkpoints, first_spacing, state_bytes
from app.sessions.history import Evaluation, History, first_stride
from app.sessions.limits import Limits
from app.sessions.work import finish
from tests.sessions.made import bits, do, make, small


def state(step: int, numbers: int = 10) -> TrainerState:
    return TrainerState(np.full(numbers, float(step)), {}, step)


def filled(steps: int, spacing: int, limit: int) -> Checkpoints:
    kept = Checkpoints(spacing, limit)
    for step in range(steps + 1):
        if kept.wants(step):
            kept.add(step, state(step))
    return kept


def test_small_networks_keep_every_step_and_others_few() -> None:
    assert (first_spacing(35), first_spacing(400), first_spacing(401)) == (1, 1, module.SPACING)


@given(st.integers(1, 300), st.integers(1, 8), st.integers(2_000, 60_000), st.integers(0, 400))
def test_the_nearest_state_is_at_or_before_the_step_and_within_the_spacing(
    steps: int, spacing: int, limit: int, step: int
) -> None:
    kept = filled(steps, spacing, limit)
    at, found = kept.nearest(step)
    assert (found.flat == at).all()
    assert at <= step
    assert at == max(each for each in kept if each <= step)
    assert min(step, steps) - at < kept.spacing
    assert kept.bytes <= limit or len(kept) <= 2


def test_memory_is_bounded_by_dropping_every_other_state() -> None:
    kept = filled(100, 1, 20 * state_bytes(state(0)))
    assert kept.spacing == 8
    assert list(kept) == list(range(0, 101, 8))


def test_the_number_of_states_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    assert list(filled(30, 1, 10**9)) == [0, 4, 8, 12, 16, 20, 24, 28]


def test_pinned_states_stay_until_memory_runs_out() -> None:
    kept = Checkpoints(64, 6 * state_bytes(state(0)))
    for step in (0, 3, 5):
        kept.add(step, state(step), pinned=step > 0)
    for step in range(64, 1_000, 64):
        if kept.wants(step):
            kept.add(step, state(step))
    assert {0, 3, 5} < set(kept)
    for step in range(7, 30):
        kept.add(step, state(step), pinned=True)
    assert kept.bytes <= kept.limit_bytes
    assert {0, 28, 29} < set(kept)


def test_saving_a_session_again_and_again_keeps_no_more_of_it() -> None:
    session = small(layers=[2, 20, 20, 2])
    for _ in range(20):
        do(session, "step", count=10)
        finish(session.export())
    assert list(session.timeline.checkpoints) == [0, 128]


def test_parked_states_help_for_a_while_and_take_no_more_than_there_is() -> None:
    kept = filled(100, 50, 10**6)
    for step in (60, 61, 62):
        kept.park(step, state(step))
    assert [kept.nearest(step)[0] for step in (60, 61, 70)] == [50, 61, 62]
    kept.cut(61)
    assert kept.nearest(70)[0] == 61
    full = Checkpoints(1, 3 * state_bytes(state(0)))
    for step in range(3):
        full.add(step, state(step))
    full.park(7, state(7))
    assert full.memory_bytes() <= full.limit_bytes


def test_what_a_cut_takes_can_be_put_back() -> None:
    kept = filled(100, 10, 10**6)
    taken = kept.cut(45)
    assert (list(kept), sorted(taken)) == ([0, 10, 20, 30, 40], [50, 60, 70, 80, 90, 100])
    kept.restore(taken)
    assert list(kept) == list(range(0, 101, 10))
    assert kept.bytes == 11 * state_bytes(state(0))


@pytest.mark.parametrize("limit", [60_000, 250_000, 64 * 2**20])
def test_little_memory_costs_time_and_never_a_bit(limit: int) -> None:
    session = small(Limits(memory_bytes=limit), layers=[2, 6, 2], optimizer={"name": "adam"})
    do(session, "step", count=700)
    assert session.timeline.checkpoints.memory_bytes() <= limit
    for step in (1, 350, 699, 7):
        do(session, "seek", step=step)
        fresh = small(layers=[2, 6, 2], optimizer={"name": "adam"})
        do(fresh, "step", count=step)
        assert bits(session) == bits(fresh)


@pytest.mark.parametrize("layers", [[2, 4, 3, 2], [2, 40, 40, 2]])
def test_memory_is_told_within_reason(layers: list[int]) -> None:
    session = make(layers=layers, optimizer={"name": "adam"}, dataset={"name": "circle", "size": 50})
    session.timeline.checkpoints.spacing = 1
    do(session, "step", count=5)
    told = session.memory_bytes()
    tracemalloc.start()
    do(session, "step", count=1_500)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert 0.6 * taken < session.memory_bytes() - told < 1.7 * taken


# -- the cost curve


@given(st.integers(0, 3_000), st.integers(2, 40), st.integers(2, 50))
def test_a_curve_keeps_the_start_even_distances_and_its_bound(steps: int, limit: int, count: int) -> None:
    history = History(1, limit)
    for step in range(steps + 1):
        if history.wants(step):
            history.add(step, Evaluation(float(step), None, None, None))
    points = [step for step, _ in history.points(10**6, steps)]
    assert points == list(range(0, steps + 1, history.stride))
    assert len(points) <= limit
    chosen = [step for step, _ in history.points(count, steps)]
    assert len(chosen) <= count
    assert set(chosen) <= set(points)
    assert (chosen[0], chosen[-1]) == (points[0], points[-1])


def test_evaluating_for_the_curve_takes_about_as_long_as_training() -> None:
    assert [first_stride(n, m) for n, m in ((4, 4), (500, 10), (4_000, 10), (4_000, 1))] == [1, 16, 64, 64]
