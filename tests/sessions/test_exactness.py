"""Coming back to a point shows exactly the numbers of the first visit, to the bit."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, precondition, rule

from app.sessions.config import FeedbackName, OptimizerName
from app.sessions.cursor import Cursor
from app.sessions.errors import Conflict
from app.sessions.limits import Limits
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import at, bits, do, key, small, trace_bits, view

OPTIMIZERS = OptimizerName.__args__  # type: ignore[attr-defined]  # the names of a Literal
FEEDBACKS = FeedbackName.__args__  # type: ignore[attr-defined]

CHANGES: list[dict[str, Any]] = [
    *({"optimizer": {"name": name}} for name in OPTIMIZERS),
    *({"feedback": {"name": name}} for name in FEEDBACKS),
    *({"regularization": {"name": name, "lambda": 0.5}} for name in ("l1", "l2")),
    {"regularization": {"name": "none"}},
    *({"batch_size": size} for size in (1, 3, 8, 40)),
    {"optimizer": {"learning_rate": 0.1}},
    {"example": {"index": 3}},
    {"regularization": {"name": "l2", "lambda": 5.0}, "example": {"index": 49}},
]


class Memory:
    """Remembers the bits of every point that was visited, and compares when one is visited again."""

    def __init__(self) -> None:
        self.points: dict[Any, bytes] = {}
        self.revisits = 0

    def visit(self, session: Session, *, traced: bool = True) -> None:
        """Holds the point that the session stands at to its first visit."""
        found = {"point": bits(session)}
        if traced and session.cursor.step:
            found["trace"] = trace_bits(session)
        for what, content in found.items():
            known = self.points.setdefault((key(session), what), content)
            assert known == content, f"{what} at {session.cursor} differs from the first visit"
            self.revisits += known is not content


def exported(session: Session) -> Session:
    """The session after a journey as JSON."""
    document = json.loads(json.dumps(finish(session.export()), allow_nan=False))
    return Session.from_export(document, session.limits)


def random_point(session: Session, rng: random.Random) -> dict[str, Any]:
    step = rng.randint(0, session.timeline.log.last_step)
    if step == 0 or rng.random() < 0.4:
        return {"step": step}
    phase, layer = rng.choice(session.points.phases)
    return {"step": step, "phase": phase, "layer": layer}


def random_move(session: Session, rng: random.Random) -> Session:
    """One move; mostly to and fro, now and then a change, an undo, a fork or a journey as a document."""
    kind = rng.choices(
        ("step", "back", "seek", "settings", "parameters", "examples", "undo", "redo", "fork", "document"),
        (300, 230, 400, 20, 15, 15, 15, 10, 5, 2),
    )[0]
    if kind in ("step", "back"):
        unit = rng.choices(("phase", "step", "epoch"), (5, 4, 1 if kind == "back" else 2))[0]
        do(session, kind, unit=unit, count=rng.randint(1, 4))
    elif kind == "seek":
        do(session, "seek", **random_point(session, rng))
    elif kind == "settings":
        do(session, "settings", **rng.choice(CHANGES))
    elif kind == "parameters":
        weight = {"layer": 2, "j": rng.randint(1, 4), "k": rng.randint(1, 2), "value": rng.uniform(-1, 1)}
        do(session, "parameters", weights=[weight], biases=[{"layer": 3, "j": 1, "value": rng.uniform(-1, 1)}])
    elif kind == "examples":
        do(session, "examples", inputs=[rng.uniform(-1, 1), rng.uniform(-1, 1)], label=rng.randint(0, 1))
    elif kind in ("undo", "redo"):
        do(session, kind)
    else:
        return session.fork() if kind == "fork" else exported(session)
    return session


def wander(session: Session, moves: int, seed: int) -> tuple[Session, Memory]:
    """Random moves, each compared with what was seen before; refused ones must have changed nothing."""
    rng, memory = random.Random(seed), Memory()
    for number in range(moves):
        before = session.cursor, session.timeline.log, session.revision
        try:
            session = random_move(session, rng)
        except Conflict:
            assert (session.cursor, session.timeline.log, session.revision) == before
            continue
        memory.visit(session, traced=number % 4 == 0)
    return session, memory


def test_ten_thousand_random_moves_give_identical_bits_at_every_revisited_point() -> None:
    start = small(optimizer={"name": "adam"}, feedback={"name": "random"}, seed=5)
    _, memory = wander(start, 10_000, seed=20)
    assert memory.revisits > 3_000
    assert len(memory.points) > 3_000
    points = [point for (point, *_), _ in memory.points]
    assert max(point.step for point in points) > 50
    assert any(not point.complete for point in points)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_moves_in_a_net_that_keeps_few_checkpoints_in_little_memory_are_exact(optimizer: str) -> None:
    limits = Limits(memory_bytes=100_000)
    start = small(limits, layers=[2, 20, 20, 2], optimizer={"name": optimizer}, regularization={"name": "l2"})
    start.timeline.checkpoints.spacing = 4
    do(start, "step", unit="epoch", count=20)
    session, memory = wander(start, 150, seed=3)
    assert memory.revisits > 20
    assert session.timeline.checkpoints.spacing > 4
    assert session.timeline.checkpoints.bytes <= 100_000


@pytest.mark.parametrize("feedback", FEEDBACKS)
@pytest.mark.parametrize("shuffle", [True, False])
def test_seek_then_replay_gives_identical_weights(feedback: str, shuffle: bool) -> None:
    config: dict[str, Any] = {"feedback": {"name": feedback}, "shuffle": shuffle, "layers": [2, 20, 20, 2]}
    session, again = small(**config), small(**config)
    do(session, "step", count=30)
    there = bits(session)
    do(session, "seek", step=7, phase="gate", layer=2)
    do(session, "step", unit="phase", count=3)
    do(session, "step", count=24)
    assert at(session) == (30, "update", None)
    assert bits(session) == there
    for _ in range(30):
        do(again, "step")
        finish(again.trace())
    assert bits(again) == there


def test_the_same_body_and_seed_give_the_same_numbers_and_another_seed_others() -> None:
    sessions = [small(seed=seed) for seed in (1, 1, 2)]
    for session in sessions:
        do(session, "step", unit="epoch", count=2)
    first, second, other = map(bits, sessions)
    assert first == second != other


class Moves(RuleBasedStateMachine):
    """Moves and changes in any order; what was seen once is seen again."""

    sessions: Bundle[Session] = Bundle("sessions")

    @initialize(target=sessions, optimizer=st.sampled_from(OPTIMIZERS), feedback=st.sampled_from(FEEDBACKS))
    def begin(self, optimizer: str, feedback: str) -> Session:
        self.memory = Memory()
        return small(optimizer={"name": optimizer}, feedback={"name": feedback})

    def attempt(self, session: Session, method: str, **body: Any) -> None:
        before = session.cursor, session.timeline.log, session.revision, session.playing
        try:
            answer = do(session, method, **body)
        except Conflict:
            assert (session.cursor, session.timeline.log, session.revision, session.playing) == before
            return
        assert session.revision == before[2] + 1
        assert answer["last_step"] == session.timeline.log.last_step >= session.cursor.step
        assert answer["discarded_steps"] >= 0
        self.memory.visit(session)

    @rule(session=sessions, unit=st.sampled_from(["phase", "step", "epoch"]), count=st.integers(1, 15))
    def step(self, session: Session, unit: str, count: int) -> None:
        self.attempt(session, "step", unit=unit, count=count)

    @rule(session=sessions, unit=st.sampled_from(["phase", "step", "epoch"]), count=st.integers(1, 15))
    def back(self, session: Session, unit: str, count: int) -> None:
        self.attempt(session, "back", unit=unit, count=count)

    @rule(session=sessions, seed=st.integers(0, 2**32))
    def seek(self, session: Session, seed: int) -> None:
        self.attempt(session, "seek", **random_point(session, random.Random(seed)))

    @rule(session=sessions, patch=st.sampled_from(CHANGES))
    def change(self, session: Session, patch: dict[str, Any]) -> None:
        self.attempt(session, "settings", **patch)

    @rule(session=sessions, value=st.floats(-2, 2), j=st.integers(1, 4))
    def edit(self, session: Session, value: float, j: int) -> None:
        self.attempt(session, "parameters", biases=[{"layer": 2, "j": j, "value": value}])

    @rule(session=sessions, x=st.tuples(st.floats(-2, 2), st.floats(-2, 2)), label=st.integers(0, 1))
    def add(self, session: Session, x: tuple[float, float], label: int) -> None:
        self.attempt(session, "examples", inputs=list(x), label=label)

    @rule(session=sessions, method=st.sampled_from(["undo", "redo"]))
    def take_back(self, session: Session, method: str) -> None:
        self.attempt(session, method)

    @rule(session=sessions)
    def undo_and_redo_come_back(self, session: Session) -> None:
        if session._undo:
            do(session, "pause")  # else undoing would first bring the step that plays to its end
            before = session.timeline.log, session.cursor, bits(session)
            do(session, "undo")
            do(session, "redo")
            assert (session.timeline.log, session.cursor, bits(session)) == before

    @rule(session=sessions, unit=st.sampled_from(["phase", "step"]), beats=st.integers(1, 30))
    def play(self, session: Session, unit: str, beats: int) -> None:
        self.attempt(session, "play", unit=unit, per_second=100)
        for beat in range(beats):
            session.tick(beat / 100, 1.0, traced=beat % 2 == 0)
        self.memory.visit(session)

    @precondition(lambda self: True)
    @rule(target=sessions, session=sessions)
    def fork(self, session: Session) -> Session:
        fork = session.fork()
        self.memory.visit(fork)
        return fork

    @rule(target=sessions, session=consumes(sessions))
    def travel(self, session: Session) -> Session:
        there = exported(session)
        told, before = view(there, True), view(session, True)
        for answer in (told, before):
            del answer["revision"], answer["playing"], answer["play"]
        assert told == before
        self.memory.visit(there)
        return there


Moves.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
test_moves_in_any_order_are_exact = Moves.TestCase


def test_a_parked_state_is_never_that_of_another_history() -> None:
    session = small(layers=[2, 20, 20, 2])
    do(session, "step", count=20)
    do(session, "seek", step=5)
    do(session, "settings", optimizer={"learning_rate": 0.01})
    do(session, "step", count=15)
    other = bits(session)
    do(session, "undo")
    do(session, "seek", step=20)
    assert bits(session) != other
    do(session, "redo")
    assert session.cursor == Cursor(20, "update")
    assert bits(session) == other
