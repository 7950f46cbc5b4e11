"""What a network is (its architecture), its parameters, and the feedforward pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.engine.activations import ACTIVATIONS, Floats
from app.engine.costs import COSTS
from app.engine.errors import EngineError

ALIGNMENT = 64  # bytes: one cache line, so that the same numbers meet the same vector instructions


def aligned_zeros(size: int) -> Floats:
    """A vector of zeros that starts at a multiple of 64 bytes."""
    raw = np.zeros(size + ALIGNMENT // 8)
    start = (-raw.ctypes.data // 8) % (ALIGNMENT // 8)
    return raw[start : start + size]


@dataclass(frozen=True)
class Architecture:
    """Layers of neurons, an activation for each layer from 2 to L, and the cost.

    Raises
    ------
    EngineError
        If the parts make no sense together; the sentence says what to use instead.
    """

    layers: tuple[int, ...]
    activations: tuple[str, ...]
    cost: str

    def __post_init__(self) -> None:
        self._check_layers()
        self._check_activations()
        self._check_cost()

    def _check_layers(self) -> None:
        if len(self.layers) < 2:
            raise EngineError(
                "A network needs at least an input and an output layer: give two numbers or more.", "layers"
            )
        for place, neurons in enumerate(self.layers):
            if neurons < 1:
                raise EngineError(
                    f"Layer {place + 1} has {neurons} neurons; every layer needs at least 1.", "layers", place
                )

    def _check_activations(self) -> None:
        wanted = len(self.layers) - 1
        if len(self.activations) != wanted:
            raise EngineError(
                f"{len(self.layers)} layers need {wanted} activations, one for each layer from 2 to L; "
                f"{len(self.activations)} were given.",
                "activations",
            )
        for place, name in enumerate(self.activations):
            if name not in ACTIVATIONS:
                raise EngineError(
                    f"There is no activation {name!r}: use one of {', '.join(ACTIVATIONS)}.", "activations", place
                )
            if name == "softmax" and place < wanted - 1:
                raise EngineError(
                    f"softmax makes the neurons of a layer add up to 1, so it belongs in the last layer only, not in "
                    f"layer {place + 2}: use tanh, sigmoid or relu there.",
                    "activations",
                    place,
                )
        if self.activations[-1] == "softmax" and self.layers[-1] < 2:
            raise EngineError(
                "softmax of a single output is always 1: use sigmoid, or an output for each class.",
                "activations",
                wanted - 1,
            )

    def _check_cost(self) -> None:
        last = self.activations[-1]
        if self.cost not in COSTS:
            raise EngineError(f"There is no cost {self.cost!r}: use one of {', '.join(COSTS)}.", "cost")
        if self.cost == "cross_entropy" and last not in ("sigmoid", "softmax"):
            raise EngineError(
                f"cross_entropy takes logarithms of a and 1 − a, so the outputs must stay between 0 and 1; {last} "
                "leaves that range. Use sigmoid or softmax in the last layer, or the quadratic cost.",
                "cost",
            )
        if self.cost == "log_likelihood" and last != "softmax":
            raise EngineError(
                f"log_likelihood is the logarithm of a softmax output; the last layer is {last}. Use softmax there, or "
                "cross_entropy with sigmoid.",
                "cost",
            )

    @property
    def n_weights(self) -> int:
        """Weights of all layers, biases not counted."""
        return sum(below * above for below, above in zip(self.layers, self.layers[1:], strict=False))

    @property
    def n_parameters(self) -> int:
        """Weights and biases."""
        return self.n_weights + sum(self.layers[1:])


class Parameters:
    """All weights and biases in one vector; layer l is the block [w^l | b^l] of shape (n_l, n_(l-1) + 1).

    Attributes
    ----------
    flat
        The vector, float64.
    blocks, weights, biases
        Views of it, from layer 2 on: (n_l, n_(l-1) + 1), (n_l, n_(l-1)) and (n_l,).
    """

    def __init__(self, layers: Sequence[int], flat: Floats | None = None) -> None:
        self.layers = tuple(layers)
        shapes = [(above, below + 1) for below, above in zip(self.layers, self.layers[1:], strict=False)]
        size = sum(rows * columns for rows, columns in shapes)
        self.flat = aligned_zeros(size)
        if flat is not None:
            self.flat[:] = flat
        self.blocks = split_blocks(self.flat, shapes)
        self.weights = [block[:, :-1] for block in self.blocks]
        self.biases = [block[:, -1] for block in self.blocks]

    @classmethod
    def from_arrays(
        cls, layers: Sequence[int], weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]
    ) -> Parameters:
        """Parameters with the given weights, each (n_l, n_(l-1)), and biases, each (n_l,)."""
        parameters = cls(layers)
        for view, given in zip(parameters.weights + parameters.biases, [*weights, *biases], strict=True):
            view[...] = given
        return parameters

    def copy(self) -> Parameters:
        """The same numbers in a vector of their own."""
        return Parameters(self.layers, self.flat)


def split_blocks(flat: Floats, shapes: Sequence[tuple[int, int]]) -> list[Floats]:
    """Views of one vector, one after the other, with these shapes."""
    blocks, start = [], 0
    for rows, columns in shapes:
        blocks.append(flat[start : start + rows * columns].reshape(rows, columns))
        start += rows * columns
    return blocks


def feedforward(parameters: Parameters, activations: Sequence[str], x: Floats) -> tuple[list[Floats], list[Floats]]:
    """All z^l (from layer 2) and a^l (from layer 1) for the columns of x, (n_1, m). Source: Nielsen, eq. 25."""
    zs, layers = [], [x]
    with np.errstate(all="ignore"):
        for w, b, name in zip(parameters.weights, parameters.biases, activations, strict=True):
            z = w @ layers[-1] + b[:, None]
            zs.append(z)
            layers.append(ACTIVATIONS[name].value(z))
    return zs, layers
