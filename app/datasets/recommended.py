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
    "digits": Recommended((30,), 10, "sigmoid", "sigmoid", "cross_entropy", "xavier", 0.5, 10, 0.2, 15),
}


def recommend(data: DataSet) -> Recommended:
    """Settings for a data set: measured ones for those built in, sensible ones for any other."""
    chosen = MEASURED.get(data.name) or _generic(data)
    for_training = max(1, int(len(data) * (1 - chosen.test_fraction) + 1e-9))
    return replace(chosen, batch_size=min(chosen.batch_size, for_training))


def _generic(data: DataSet) -> Recommended:
    outputs = data.outputs_allowed()[0]
    if data.kind == "regression":
        output_activation, cost, rate = "linear", "quadratic", 0.05
    elif outputs > 2:
        output_activation, cost, rate = "softmax", "log_likelihood", 0.3
    else:
        output_activation, cost, rate = "sigmoid", "cross_entropy", 0.3
    # steps grow with the number of inputs that push the same way
    rate = rate / max(1.0, (data.inputs.shape[1] / 16) ** 0.5)
    return Recommended(
        hidden=(4, 3) if data.inputs.shape[1] <= 4 and outputs <= 3 else (8,) if data.inputs.shape[1] <= 16 else (30,),
        outputs=outputs,
        hidden_activation="tanh",
        output_activation=output_activation,
        cost=cost,
        initializer="xavier",
        learning_rate=rate,
        batch_size=10,
        test_fraction=0.0 if data.name == INLINE else 0.2,
        epochs=30,
    )
