"""Going back: how long it takes to be anywhere within 1,000 steps, and what is kept for that.

[784, 30, 10] at mini-batch 10, on as many examples as fill the figures beside the network (2,000 of each part).
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from app.datasets import DataSet, inline
from app.sessions.config import SessionConfig
from app.sessions.limits import Limits
from app.sessions.requests import SeekRequest, StepRequest
from app.sessions.session import Session
from app.sessions.work import finish
from benchmarks.table import Row, Table

LAYERS = (784, 30, 10)
EXAMPLES = 5_000
STEPS = 1_000
SLOWEST_MS = 16.0
MOST_MB = 2.0


class _Digits:
    """Random images, as many numbers as handwritten digits."""

    def get(self, name: str, size: int | None, noise: float | None, seed: int) -> DataSet:
        draw = np.random.default_rng(seed)
        inputs = draw.random((EXAMPLES, LAYERS[0]))
        return inline(inputs.tolist(), labels=draw.integers(0, LAYERS[-1], EXAMPLES).tolist())


def run(quick: bool) -> Table:
    """Measures seeks to random steps, each place once, and what the checkpoints take."""
    config = {"layers": list(LAYERS), "batch_size": 10, "test_fraction": 0.4, "dataset": {"name": "digits"}}
    session = Session.create(SessionConfig.model_validate(config), _Digits(), Limits())
    finish(session.perform("step", StepRequest(count=STEPS), now=0.0))
    kept = session.timeline.checkpoints
    steps = random.Random(1).sample(range(1, STEPS + 1), 60 if quick else 300)
    hardest = [step for step in range(1, STEPS) if (step - 1) % kept.spacing == kept.spacing - 1]
    table = Table(
        f"Seeking: {list(LAYERS)} at mini-batch 10, anywhere within {STEPS:,} steps",
        notes=[
            "State and trace: the parameters before the step, by replay from the nearest checkpoint, and all numbers",
            "of the step, as the picture draws them; each step has the best of three rounds, the slowest step counts.",
            "A call of seek also answers the view. The first time that a step is looked at, that takes the cost and",
            "accuracy over 2,000 examples of each part: one round, since there is only one first time.",
        ],
    )
    there = best(3, steps + hardest, lambda step: finish(session.timeline.trace(step)))
    first = timed(steps, lambda step: finish(session.perform("seek", SeekRequest(step=step), now=0.0)))
    again = best(3, steps, lambda step: finish(session.perform("seek", SeekRequest(step=step), now=0.0)))
    detail = f"median {median(there):.1f} ms over {len(there)} seeks, at most {kept.spacing - 1} steps replayed"
    table.rows = [
        Row("state and trace of any step, slowest", SLOWEST_MS, max(there), "ms", at_most=True, detail=detail),
        Row("call of seek, first visit, slowest", None, max(first), "ms", detail=f"median {median(first):.1f} ms"),
        Row("call of seek, later visits, slowest", None, max(again), "ms", detail=f"median {median(again):.1f} ms"),
        Row(
            "memory of the checkpoints",
            MOST_MB,
            kept.memory_bytes() / 1e6,
            "MB",
            at_most=True,
            detail=f"{len(kept)} states, and those parked",
        ),
    ]
    return table


def timed(steps: list[int], seek: Callable[[int], object]) -> list[float]:
    """Milliseconds of each."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for step in steps:
            began = time.perf_counter()
            seek(step)
            times.append(1e3 * (time.perf_counter() - began))
    finally:
        gc.enable()
    return times


def best(rounds: int, steps: list[int], seek: Callable[[int], object]) -> list[float]:
    """Milliseconds of each step in its best round: what else the machine does shows in none of them."""
    all_rounds = [timed(steps, seek) for _ in range(rounds)]
    return [min(times) for times in zip(*all_rounds, strict=True)]
