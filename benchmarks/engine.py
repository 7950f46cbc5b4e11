"""Speed of a training step, as ratios to plain numpy and to torch eager.

All contenders train the same network on the same data in the same order of shuffled mini-batches: float64, plain SGD,
tanh hidden layers, sigmoid outputs, quadratic cost, one thread.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.initializers import initialize
from app.engine.network import Architecture
from app.engine.optimizers import OptimizerSettings
from app.engine.training import Trainer, TrainingSettings
from benchmarks.table import Row, Table

Floats = NDArray[np.float64]
Batches = list[NDArray[np.intp]]

EXAMPLES = 2_000
RATE = 0.1
SMALL = ((2, 4, 2, 1), (2, 8, 8, 8, 8, 8, 8, 1))
DIGITS = ((64, 30, 10), (784, 30, 10))


@dataclass(frozen=True)
class Contender:
    """Something that trains: ``steps`` on these batches; ``weights`` tells what it has come to, layer by layer."""

    steps: Callable[[Batches], None]
    weights: Callable[[], list[Floats]]


@dataclass(frozen=True)
class Case:
    """One network at one mini-batch size, and what is wanted of it; None: no target."""

    layers: tuple[int, ...]
    m: int
    numpy: float | None
    torch: float | None

    def __str__(self) -> str:
        return f"[{','.join(map(str, self.layers))}] at {self.m}"


CASES = (
    *(Case(layers, m, 3.0, 20.0 if m <= 32 else None) for layers in SMALL for m in (1, 10, 32, 128)),
    Case(DIGITS[0], 10, 2.2, None),
    Case(DIGITS[1], 10, 1.4, 6.0),
)
TRACED = tuple(Case(layers, 10, None, None) for layers in (*SMALL, *DIGITS))
TRACING = 1.3
FRAMES = 30  # a second


def run(quick: bool) -> Table:
    """Measures all cases."""
    torch = _torch()
    table = Table(
        "Engine: one training step",
        notes=[
            "Ratio = time of the other / time of the kernel: median of the ratios of interleaved rounds.",
            "Tracing, as a ratio to Trainer.step alone:",
            "  recording  keeps at every step what it takes to run it again to the bit (Trainer.recorded_step);",
            f"  frames     trains flat out and takes {FRAMES} steps apart in each second, as a watched session does;",
            "  every step takes each one apart at once (Trainer.traced_step), which no session does as it plays.",
            *([] if torch else ["torch is not installed: its ratios are not measured."]),
        ],
    )
    for case in CASES:
        table.rows += _against_others(case, torch, quick)
    for case in TRACED:
        table.rows += _tracing(case, quick)
    return table


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    return torch


def _against_others(case: Case, torch: Any, quick: bool) -> list[Row]:
    contenders = {"kernel": kernel_steps(case), "plain numpy": plain_numpy_steps(case)}
    if torch is not None:
        contenders["torch"] = torch_steps(case, torch)
    times = interleaved(contenders, case.m, quick)
    kernel, numpy = times["kernel"], times["plain numpy"]
    detail = f"{micro(kernel)} against {micro(numpy)}"
    rows = [Row(f"{case} vs numpy", case.numpy, ratio(numpy, kernel), detail=detail)]
    if torch is not None:
        detail = f"{micro(kernel)} against {micro(times['torch'])}"
        rows.append(Row(f"{case} vs torch", case.torch, ratio(times["torch"], kernel), detail=detail))
    elif case.torch is not None:
        rows.append(Row(f"{case} vs torch", case.torch, None, detail="torch is not installed"))
    return rows


def _tracing(case: Case, quick: bool) -> list[Row]:
    contenders = {"step": kernel_steps(case), "recorded": recorded_steps(case), "traced": traced_steps(case)}
    times = interleaved(contenders, case.m, quick)
    step, recorded, traced = times["step"], times["recorded"], times["traced"]
    # of a second, the frames take what is left out of so much training
    frames = median(1 / (1 - FRAMES * (slow - fast)) for slow, fast in zip(traced, step, strict=True))
    detail = f"against {micro(step)}"
    return [
        Row(f"{case} recording", TRACING, ratio(recorded, step), at_most=True, detail=f"{micro(recorded)} {detail}"),
        Row(f"{case} frames", TRACING, frames, at_most=True, detail=f"{FRAMES} a second"),
        Row(f"{case} every step", None, ratio(traced, step), detail=f"{micro(traced)} {detail}"),
    ]


# -- the contenders


def problem(case: Case) -> tuple[Floats, Floats]:
    """Seeded examples as rows: inputs (N, n_1) and targets (N, n_L) in 0…1."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(EXAMPLES, case.layers[0])), rng.random((EXAMPLES, case.layers[-1]))


def shuffled_batches(m: int, steps: int, seed: int) -> Batches:
    """Consecutive mini-batches of shuffled epochs."""
    rng = np.random.default_rng(seed)
    batches: Batches = []
    while len(batches) < steps:
        order = rng.permutation(EXAMPLES)
        batches += [order[start : start + m] for start in range(0, EXAMPLES - m + 1, m)]
    return batches[:steps]


def make_trainer(case: Case) -> Trainer:
    """The engine, as sessions use it."""
    depth = len(case.layers) - 1
    architecture = Architecture(case.layers, ("tanh",) * (depth - 1) + ("sigmoid",), "quadratic")
    settings = TrainingSettings(OptimizerSettings("sgd", learning_rate=RATE))
    start = initialize("xavier", 1.0, case.layers, 1)
    return Trainer(architecture, *problem(case), settings, 1, start)


def kernel_steps(case: Case) -> Contender:
    """Tracing off."""
    trainer = make_trainer(case)

    def steps(batches: Batches) -> None:
        for number, indices in enumerate(batches, start=1):
            trainer.step(indices, number)

    return Contender(steps, lambda: trainer.parameters.weights)


def recorded_steps(case: Case) -> Contender:
    """Every step is recorded; the newest record is kept."""
    trainer = make_trainer(case)

    def steps(batches: Batches) -> None:
        for number, indices in enumerate(batches, start=1):
            trainer.recorded_step(indices, number)

    return Contender(steps, lambda: trainer.parameters.weights)


def traced_steps(case: Case) -> Contender:
    """Every step is taken apart."""
    trainer = make_trainer(case)

    def steps(batches: Batches) -> None:
        for number, indices in enumerate(batches, start=1):
            trainer.traced_step(indices, number)

    return Contender(steps, lambda: trainer.parameters.weights)


def plain_numpy_steps(case: Case) -> Contender:
    """The same training, vectorised and written straightforwardly; columns are examples."""
    inputs, targets = problem(case)
    start = initialize("xavier", 1.0, case.layers, 1)
    weights = [w.copy() for w in start.weights]
    biases = [b[:, None].copy() for b in start.biases]
    rate = RATE / case.m

    def step(indices: NDArray[np.intp]) -> None:
        activations = [inputs[indices].T]
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            activations.append(np.tanh(w @ activations[-1] + b))
        a = 1 / (1 + np.exp(-(weights[-1] @ activations[-1] + biases[-1])))
        delta = (a - targets[indices].T) * a * (1 - a)
        for place in range(len(weights) - 1, -1, -1):
            below = activations[place]
            nabla_w, nabla_b = delta @ below.T, delta.sum(axis=1, keepdims=True)
            if place > 0:
                delta = (weights[place].T @ delta) * (1 - below * below)
            weights[place] -= rate * nabla_w
            biases[place] -= rate * nabla_b

    def steps(batches: Batches) -> None:
        for indices in batches:
            step(indices)

    return Contender(steps, lambda: weights)


def torch_steps(case: Case, torch: Any) -> Contender:
    """Eager torch as its tutorials write it, in float64."""
    modules: list[Any] = []
    for w in initialize("xavier", 1.0, case.layers, 1).weights:
        linear = torch.nn.Linear(*w.shape[::-1], dtype=torch.float64)
        torch.nn.init.zeros_(linear.bias)
        linear.weight.data.copy_(torch.from_numpy(w))
        modules += [linear, torch.nn.Tanh()]
    modules[-1] = torch.nn.Sigmoid()
    model = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    x, y = (torch.from_numpy(array) for array in problem(case))

    def steps(batches: Batches) -> None:
        for indices in batches:
            at = torch.from_numpy(indices)
            optimizer.zero_grad()
            cost = 0.5 * (model(x[at]) - y[at]).square().sum(dim=1).mean()
            cost.backward()
            optimizer.step()

    return Contender(steps, lambda: [layer.weight.detach().numpy() for layer in modules[::2]])


# -- the clock

# Every contender has one thread: its own time leaves out what else the machine does. Windows counts it too coarsely.
CLOCK = time.thread_time if time.get_clock_info("thread_time").resolution < 1e-6 else time.perf_counter


def interleaved(contenders: dict[str, Contender], m: int, quick: bool) -> dict[str, list[float]]:
    """Seconds per step of each contender in each round; the contenders take turns within a round."""
    rounds, seconds = (5, 0.01) if quick else (25, 0.03)
    warm = shuffled_batches(m, 20, seed=2)
    batches: dict[str, Batches] = {}
    for name, contender in contenders.items():
        contender.steps(warm)
        one = timed(contender, warm) / len(warm)
        batches[name] = shuffled_batches(m, max(10, int(seconds / one)), seed=3)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, contender in contenders.items():
                times[name].append(timed(contender, batches[name]) / len(batches[name]))
    finally:
        gc.enable()
    return times


def timed(contender: Contender, batches: Batches) -> float:
    """Seconds that these steps take."""
    began = CLOCK()
    contender.steps(batches)
    return CLOCK() - began


def ratio(slow: list[float], fast: list[float]) -> float:
    """Median over the rounds of the ratio in each."""
    return median(a / b for a, b in zip(slow, fast, strict=True))


def micro(times: list[float]) -> str:
    """A median as text."""
    return f"{1e6 * median(times):.1f} µs"
