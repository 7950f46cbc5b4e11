"""Edits of weights and biases, checked against the network."""

from __future__ import annotations

from app.engine.network import Architecture, Parameters
from app.sessions.errors import Invalid
from app.sessions.log import Edit
from app.sessions.requests import BiasEdit, ParametersPatch, WeightEdit


def edit_of(architecture: Architecture, patch: ParametersPatch, after: int) -> Edit:
    """The edit after a step. Raises Invalid where it is empty, or names a neuron that the network has not."""
    if not patch.weights and not patch.biases:
        raise Invalid(("body",), "Give weights or biases to set: this body has neither.")
    weights, biases = patch.weights or [], patch.biases or []
    for place, weight in enumerate(weights):
        _check(architecture, weight, ("weights", place))
        below = architecture.layers[weight.layer - 2]
        if weight.k > below:
            raise Invalid(
                ("body", "weights", place, "k"),
                f"Layer {weight.layer - 1} has {below} neurons, 1 to {below}; {weight.k} was given.",
            )
    for place, bias in enumerate(biases):
        _check(architecture, bias, ("biases", place))
    return Edit(
        after,
        tuple((weight.layer, weight.j, weight.k, weight.value) for weight in weights),
        tuple((bias.layer, bias.j, bias.value) for bias in biases),
    )


def _check(architecture: Architecture, edit: WeightEdit | BiasEdit, place: tuple[str, int]) -> None:
    last = len(architecture.layers)
    if edit.layer > last:
        raise Invalid(
            ("body", *place, "layer"), f"Weights and biases are those of layers 2 to {last}; {edit.layer} was given."
        )
    neurons = architecture.layers[edit.layer - 1]
    if edit.j > neurons:
        raise Invalid(
            ("body", *place, "j"), f"Layer {edit.layer} has {neurons} neurons, 1 to {neurons}; {edit.j} was given."
        )


def changes_nothing(edit: Edit, parameters: Parameters) -> bool:
    """Whether all numbers are already what they are to be."""
    return all(parameters.weights[layer - 2][j - 1, k - 1] == value for layer, j, k, value in edit.weights) and all(
        parameters.biases[layer - 2][j - 1] == value for layer, j, value in edit.biases
    )
