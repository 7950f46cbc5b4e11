"""Training: one step, phase by phase. All that is shown or trained goes through here, and so through `kernel`."""

from __future__ import annotations

from contextvars import Context
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from app.engine.activations import Floats
from app.engine.evaluation import evaluate, outputs
from app.engine.feedback import Feedback
from app.engine.kernel import Indices, Kernel, Workspace
from app.engine.network import Architecture, Parameters, feedforward
from app.engine.optimizers import OPTIMIZERS, OptimizerSettings, Regularization
from app.engine.trace import ExampleTrace, StepTrace
from app.engine.tracing import step_trace, trace_of_example

KERNELS = 4  # programs that are kept, one for each size of mini-batch: more than one epoch needs


@dataclass(frozen=True)
class TrainingSettings:
    """How to train; may change between steps."""

    optimizer: OptimizerSettings = field(default_factory=OptimizerSettings)
    regularization: Regularization = field(default_factory=Regularization)
    feedback: str = "transpose"
    train_biases: bool = True
    examples: int | None = None
    """Training examples that the penalty counts; None: all that were given."""


@dataclass(frozen=True)
class TrainerState:
    """Parameters, the optimizer's vectors, and the number of its updates: all that a step changes."""

    flat: Floats
    arrays: dict[str, Floats]
    t: int


@dataclass(frozen=True, slots=True)
class Record:
    """All that a step can be run again from: what it read, and what it changed, before it."""

    step: int
    indices: Indices
    settings: TrainingSettings
    before: TrainerState


class Trainer:
    """Runs steps of one network on one set of training examples.

    Parameters
    ----------
    inputs, targets
        The training examples as rows: (N, n_1) and (N, n_L). Inputs that have a last column of ones already,
        (N, n_1 + 1), and targets stored by columns, are not copied, so that many trainers may share them.
    settings
        In force until ``configure``.
    seed
        Random feedback is drawn from it.
    start
        The parameters at the start; ``sign`` and ``frozen`` feedback need them.
    parameters
        Where training goes on from; default: the start.
    """

    def __init__(
        self,
        architecture: Architecture,
        inputs: Floats,
        targets: Floats,
        settings: TrainingSettings,
        seed: int,
        start: Parameters,
        parameters: Parameters | None = None,
    ) -> None:
        self.architecture = architecture
        self.parameters = (parameters or start).copy()
        self.seed = seed
        self.start = start
        padded = inputs.shape[1] == architecture.layers[0] + 1
        self._inputs = inputs if padded else np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
        self._targets = np.ascontiguousarray(targets.T, dtype=np.float64)
        self._more: tuple[Floats, Floats] | None = None
        self._quiet = Context()  # in which numpy does not warn: entering it is cheaper than np.errstate
        self._quiet.run(partial(np.seterr, all="ignore"))
        self._arrays: dict[str, Floats] = {}
        self._t = 0
        self._settings: TrainingSettings | None = None
        self.configure(settings)

    # -- settings

    def configure(self, settings: TrainingSettings) -> None:
        """Settings for the steps that follow. The optimizer's state stays if its rule does, else starts anew."""
        if settings == self._settings:
            return
        names = OPTIMIZERS[settings.optimizer.name].arrays
        if self._settings is None or self._settings.optimizer.name != settings.optimizer.name:
            self._arrays = {name: np.zeros_like(self.parameters.flat) for name in names}
            self._t = 0
        self._settings = settings
        self._feedback = Feedback(settings.feedback, self.seed, self.start)
        self._matrices = None if settings.feedback == "transpose" else self._feedback_buffers()
        self._plain = settings.optimizer.name == "sgd" and not settings.regularization.active
        self._kernels: dict[int, Kernel] = {}

    def add_examples(self, inputs: Floats, targets: Floats) -> None:
        """Further training examples, (k, n_1 + 1) with a last column of ones and (k, n_L), in place of earlier ones.

        Their places come after those of the examples that the trainer was made with, which are not copied.
        """
        self._more = (inputs, np.ascontiguousarray(targets.T)) if len(inputs) else None
        self._kernels = {}

    @property
    def settings(self) -> TrainingSettings:
        """The settings in force."""
        assert self._settings is not None
        return self._settings

    def _feedback_buffers(self) -> list[Floats]:
        matrices = self._feedback.matrices(self.parameters, 0)
        return [np.array(matrix, order="C") for matrix in matrices]

    def _kernel(self, m: int) -> Kernel:
        kernel = self._kernels.get(m)
        if kernel is None:
            if len(self._kernels) == KERNELS:
                self._kernels.clear()
            rate = self.settings.optimizer.learning_rate
            kernel = self._kernels[m] = Kernel(
                self.architecture,
                self.parameters,
                self._inputs,
                self._targets,
                m,
                scale=-rate / m if self._plain else 1.0 / m,
                feedback=self._matrices,
                train_biases=self.settings.train_biases,
                plain=self._plain,
                more=self._more,
            )
        return kernel

    # -- the crux

    def step(self, indices: Indices, number: int) -> None:
        """Step ``number`` on these training examples (m,), in place. Overflow is a state, not a warning."""
        self._quiet.run(self._run, indices, number)

    def _run(self, indices: Indices, number: int) -> Kernel:
        kernel = self._kernels.get(len(indices)) or self._kernel(len(indices))
        if self._matrices is not None and self._feedback.operator.changes != "never":
            self._refresh_feedback(number)
        kernel.run(indices)
        if not self._plain:
            self._update(kernel)
        return kernel

    def _refresh_feedback(self, number: int) -> None:
        assert self._matrices is not None
        for buffer, matrix in zip(self._matrices, self._feedback.matrices(self.parameters, number), strict=True):
            buffer[...] = matrix

    def _update(self, kernel: Kernel) -> None:
        """The gradient with its penalty goes through the optimizer's rule."""
        optimizer = self.settings.optimizer
        self._add_penalty(kernel.gradient)
        self._t += 1
        rule = OPTIMIZERS[optimizer.name].update
        if self.settings.train_biases:
            rule(optimizer, self.parameters.flat, kernel.gradient.flat, self._arrays, self._t)
        else:
            biases = [bias.copy() for bias in self.parameters.biases]
            rule(optimizer, self.parameters.flat, kernel.gradient.flat, self._arrays, self._t)
            for bias, kept in zip(self.parameters.biases, biases, strict=True):
                bias[...] = kept

    def _add_penalty(self, gradient: Parameters) -> None:
        penalty = self.settings.regularization
        if penalty.active:
            factor = penalty.lambda_ / self._counted
            for nabla, w in zip(gradient.weights, self.parameters.weights, strict=True):
                nabla += factor * (np.sign(w) if penalty.name == "l1" else w)

    @property
    def _counted(self) -> int:
        """Training examples, as the penalty counts them."""
        given = len(self._inputs) + (0 if self._more is None else len(self._more[0]))
        return given if self.settings.examples is None else self.settings.examples

    # -- looking

    def recorded_step(self, indices: Indices, number: int) -> Record:
        """The same step, and what it takes to run it again: cheap enough to be done at every step."""
        record = Record(number, indices.copy(), self.settings, self.state())
        self.step(indices, number)
        return record

    def trace(self, record: Record) -> StepTrace:
        """Runs a recorded step again, bit for bit, and takes it apart; afterwards all is as it was."""
        settings, state = self.settings, self.state()
        self.configure(record.settings)
        self.restore(record.before)
        trace = self.traced_step(record.indices, record.step)
        self.configure(settings)
        self.restore(state)
        return trace

    def traced_step(self, indices: Indices, number: int) -> StepTrace:
        """The same step, bit for bit, taken apart."""
        before = self.parameters.copy()
        kernel: Kernel = self._quiet.run(self._run, indices, number)
        work = Workspace(self.architecture.layers, len(indices), kernel.work.flat)
        matrices = self._matrices and [matrix.copy() for matrix in self._matrices]
        return step_trace(self.architecture, number, indices.copy(), work, before, self.parameters.copy(), matrices)

    def trace_example(self, trace: StepTrace, x: Floats, y: Floats) -> ExampleTrace:
        """Any example, x (n_1,) and y (n_L,), sent through the step's network as it was before the step."""
        return trace_of_example(self.architecture, trace, x, y)

    # -- states

    def state(self) -> TrainerState:
        """A copy of all that a step changes."""
        return TrainerState(
            self.parameters.flat.copy(), {name: array.copy() for name, array in self._arrays.items()}, self._t
        )

    def restore(self, state: TrainerState) -> None:
        """Goes back to a state; vectors of another optimizer's rule are left out, and its own start anew."""
        self.parameters.flat[:] = state.flat
        same = state.arrays.keys() == self._arrays.keys()
        for name, array in self._arrays.items():
            array[:] = state.arrays[name] if same else 0.0
        self._t = state.t if same else 0

    def is_finite(self) -> bool:
        """Whether every weight and bias is finite."""
        with np.errstate(all="ignore"):
            total = float(self.parameters.flat.sum())
        return bool(np.isfinite(total) or np.isfinite(self.parameters.flat).all())

    # -- using the network

    def feedforward(self, inputs: Floats) -> tuple[list[Floats], list[Floats]]:
        """All z^l and a^l for inputs as rows (N, n_1); columns are examples in what comes back."""
        return feedforward(self.parameters, self.architecture.activations, inputs.T)

    def predict(self, inputs: Floats) -> Floats:
        """Outputs (N, n_L) for inputs (N, n_1)."""
        return np.concatenate([a.T for _, _, a in outputs(self.architecture, self.parameters, inputs)])

    def evaluate(self, inputs: Floats, targets: Floats) -> tuple[float, float | None]:
        """Mean cost and accuracy over examples as rows, (N, n_1) and (N, n_L); the same bits every time.

        Accuracy: the largest output's class for one-hot targets, at least 0.5 for one output with targets 0 and 1; None
        for other targets, and where the cost is not finite.
        """
        return evaluate(self.architecture, self.parameters, inputs, targets)

    def penalty(self) -> float:
        """The regularization term: λ/n Σ|w| or λ/(2n) Σ w², n = training examples; 0 without one."""
        penalty, n = self.settings.regularization, self._counted
        if not penalty.active:
            return 0.0
        with np.errstate(all="ignore"):
            sizes = (np.abs(w).sum() if penalty.name == "l1" else 0.5 * (w * w).sum() for w in self.parameters.weights)
            return float(penalty.lambda_ / n * sum(sizes))
