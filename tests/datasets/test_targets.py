"""Classes become one-hot targets; inline data is used as given; what does not fit is told in a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DataError, build, inline
from app.datasets.dataset import DataSet

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def test_classes_become_one_hot_targets() -> None:
    targets = build("gaussians", 30).targets(3)
    assert ((targets == 0) | (targets == 1)).all()
    assert (targets.argmax(axis=1) == build("gaussians", 30).values).all()
    assert (targets.sum(axis=1) == 1).all()


def test_two_classes_also_fit_one_output_as_0_and_1() -> None:
    circle = build("circle", 20)
    assert circle.outputs_allowed() == (2, 1)
    assert circle.targets(1)[:, 0].tolist() == circle.values.tolist()
    assert build("xor").outputs_allowed() == (1, 2)


@pytest.mark.parametrize(
    ("data", "outputs", "says"),
    [
        (build("gaussians"), 2, "The data has 3 classes, so the output layer needs 3 neurons; 2 were given."),
        (build("circle"), 3, "The data has 2 classes, so the output layer needs 2 neurons, or 1; 3 were given."),
        (build("plane"), 2, "The data has 1 target, so the output layer needs 1 neuron; 2 were given."),
        (build("digits"), 1, "The data has 10 classes, so the output layer needs 10 neurons; 1 was given."),
        (
            inline([[0], [1], [2]], labels=[0, 4, 1]),
            3,
            "The largest label is 4, so the output layer needs at least 5 neurons; 3 were given.",
        ),
    ],
)
def test_a_wrong_number_of_outputs_is_refused_and_told_what_fits(data: DataSet, outputs: int, says: str) -> None:
    with pytest.raises(DataError) as caught:
        data.targets(outputs)
    assert str(caught.value) == says
    assert caught.value.field == "layers"


def test_inline_labels_fit_every_output_layer_above_the_largest_label() -> None:
    data = inline([[0], [1], [2]], labels=[0, 2, 1])
    assert data.outputs_allowed() == (3,)
    assert data.targets(5).tolist() == [[1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0]]
    ones = inline([[0], [1]], labels=[0, 0])
    assert ones.targets(1).tolist() == [[0], [0]]
    assert ones.targets(2).tolist() == [[1, 0], [1, 0]]


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_inline_numbers_are_used_bit_for_bit(rows: list[tuple[float, float, float]]) -> None:
    data = inline([row[:2] for row in rows], targets=[row[2:] for row in rows])
    assert data.inputs.tobytes() == np.array([row[:2] for row in rows]).tobytes()
    assert data.targets(1).tobytes() == np.array([row[2:] for row in rows]).tobytes()
    assert data.preprocessing["inputs"]["method"] == "none"
    assert data.name == "inline"


@pytest.mark.parametrize(
    ("inputs", "targets", "labels", "field", "row", "column"),
    [
        ([[1, 2], [3]], None, [0, 1], "inputs", 1, None),
        ([[1, 2], [3, 10**400]], None, [0, 1], "inputs", 1, 1),
        ([[1, 2], [3, float("nan")]], None, [0, 1], "inputs", 1, 1),
        ([], None, [], "inputs", None, None),
        ([[]], None, [0], "inputs", 0, None),
        ([[1], [2]], [[1, 2], [3]], None, "targets", 1, None),
        ([[1], [2]], [[1]], None, "targets", None, None),
        ([[1], [2]], [], None, "targets", None, None),
        ([[1], [2]], None, [0], "labels", None, None),
        ([[1], [2]], None, [], "labels", None, None),
        ([[1], [2]], None, [0, -1], "labels", 1, None),
        ([[1], [2]], None, [0, 10**30], "labels", 1, None),
        ([[1]], None, None, "targets", None, None),
        ([[1]], [[1]], [1], "targets", None, None),
    ],
)
def test_inline_data_that_is_wrong_is_refused_with_its_place(
    inputs: list[list[float]],
    targets: list[list[float]] | None,
    labels: list[int] | None,
    field: str,
    row: int | None,
    column: int | None,
) -> None:
    with pytest.raises(DataError) as caught:
        inline(inputs, targets=targets, labels=labels)
    assert (caught.value.field, caught.value.row, caught.value.column) == (field, row, column)
    assert str(caught.value).endswith(".")
