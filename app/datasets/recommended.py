"""Settings with which each data set trains well, in a network small enough to look at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.datasets.dataset import INLINE, DataSet


@dataclass(frozen=True)
class Recommended:
    """What a session is filled with where nothing is said.

    Attributes
    ----------
    hidden
        Neurons of the hidden layers; ``outputs`` of the last.
    hidden_activation, output_activation, cost, initializer
        Names as in the API.
    learning_rate, batch_size
        Of plain gradient descent; batch_size in examples, never more than there are for training.
    test_fraction
        Part of the examples held back for testing.
    epochs
        After so many it has learned what it will.
    """

    hidden: tuple[int, ...]
    outputs: int
    hidden_activation: str
    output_activation: str
    cost: str
    initializer: str
    learning_rate: float
    batch_size: int
    test_fraction: float
    epochs: int


_GATE = Recommended((3,), 1, "tanh", "sigmoid", "cross_entropy", "xavier", 1.0, 4, 0.0, 100)
MEASURED = {
    "xor": _GATE,
    "and": replace(_GATE, hidden=(2,)),
    "or": replace(_GATE, hidden=(2,)),
    "circle": Recommended((4, 3), 2, "tanh", "sigmoid", "quadratic", "xavier", 1.0, 10, 0.2, 60),
    "moons": Recommended((4, 3), 2, "tanh", "sigmoid", "cross_entropy", "xavier", 0.5, 10, 0.2, 80),
    "spiral": Recommended((8, 8), 2, "tanh", "sigmoid", "cross_entropy", "xavier", 0.3, 10, 0.2, 150),
    "gaussians": Recommended((4,), 3, "tanh", "softmax", "log_likelihood", "xavier", 0.3, 10, 0.2, 20),
    "plane": Recommended((3,), 1, "tanh", "linear", "quadratic", "xavier", 0.1, 10, 0.2, 30),
    "sine": Recommended((6, 6), 1, "tanh", "linear", "quadratic", "book", 0.2, 10, 0.2, 100),
    "digits": Recommended((30,), 10, "sigmoid", "sigmoid", "cross_entropy", "xavier", 0.5, 10, 0.2, 20),
}


def recommend(data: DataSet) -> Recommended:
    """Settings for a data set: measured ones for those built in, sensible ones for any other."""
    chosen = MEASURED.get(data.name) or _generic(data)
    for_training = max(1, int(len(data) * (1 - chosen.test_fraction) + 1e-9))
    return replace(chosen, batch_size=min(chosen.batch_size, for_training))


def _generic(data: DataSet) -> Recommended:
    n_inputs, outputs = data.inputs.shape[1], data.outputs_allowed()[0]
    hidden, learning_rate = _for_inputs(n_inputs, outputs)
    common = Recommended(
        hidden=hidden,
        outputs=outputs,
        hidden_activation="tanh",
        output_activation="sigmoid",
        cost="cross_entropy",
        initializer="xavier",
        learning_rate=learning_rate,
        batch_size=10,
        test_fraction=0.0 if data.name == INLINE else 0.2,
        epochs=30,
    )
    if data.kind == "regression":
        # an outlier's error has no upper limit, so steps are smaller
        return replace(common, output_activation="linear", cost="quadratic", learning_rate=min(0.05, learning_rate))
    if outputs > 2:
        return replace(common, output_activation="softmax", cost="log_likelihood")
    return common


def _for_inputs(n_inputs: int, outputs: int) -> tuple[tuple[int, ...], float]:
    """Hidden layers and learning rate: the more inputs push the same way, the smaller the step."""
    if n_inputs <= 4 and outputs <= 3:
        return (4, 3), 0.3
    if n_inputs <= 16:
        return (8,), 0.3
    return (30,), 0.1 if n_inputs <= 100 else 0.05
