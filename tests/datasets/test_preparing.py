"""Inputs are standardised or scaled where that is needed, and the preprocessing says exactly how."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.datasets import DataSet, read_csv
from app.datasets.arrays import raw_from_arrays
from app.datasets.assemble import assemble
from app.datasets.file_limits import FileLimits

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]


def made(x: Array, y: Array | None = None) -> DataSet:
    """The data set of arrays, as if from a file."""
    y = np.arange(len(x)) % 2 if y is None else y
    return assemble(raw_from_arrays("some.npz", x, y, FileLimits()))


@given(
    hnp.arrays(
        np.float64, st.tuples(st.integers(2, 12), st.integers(1, 5)), elements=st.floats(-1e300, 1e300, width=64)
    )
)
def test_prepared_is_raw_less_shift_over_scale_bit_for_bit_and_finite(x: Array) -> None:
    data = made(x.copy())
    how = data.preprocessing["inputs"]
    again = x if how["method"] == "none" else (x - np.array(how["shift"])) / np.array(how["scale"])
    assert data.inputs.tobytes() == np.ascontiguousarray(again).tobytes()
    assert np.isfinite(data.inputs).all()
    json.dumps(data.preprocessing, allow_nan=False)


def test_columns_are_standardised_and_constant_ones_become_0() -> None:
    rng = np.random.default_rng(1)
    x = np.stack([rng.normal(1e6, 3, 200), rng.normal(0, 1e-9, 200), np.full(200, 0.1), rng.normal(5, 1, 200)], axis=1)
    data = made(x)
    assert data.inputs.mean(axis=0) == pytest.approx(0, abs=1e-8)
    assert data.inputs.std(axis=0) == pytest.approx([1, 1, 0, 1])
    assert (data.inputs[:, 2] == 0).all()
    assert data.preprocessing["inputs"]["method"] == "standardized"
    assert data.preprocessing["inputs"]["scale"][2] == 1
    assert "1 of them never changes, so it is 0" in data.preprocessing["text"]


def test_inputs_that_are_centred_and_about_one_in_size_are_left_alone() -> None:
    x = np.random.default_rng(1).normal(0, 1, (100, 3))
    data = made(x.copy())
    assert data.preprocessing["inputs"] == {"method": "none", "shift": 0.0, "scale": 1.0}
    assert data.inputs.tobytes() == x.tobytes()


def test_regression_targets_are_standardised_where_they_need_it() -> None:
    x, y = np.random.default_rng(1).normal(0, 1, (2, 100, 2))
    data = made(x, y * [1, 1_000] + [0, 5e4])
    how = data.preprocessing["targets"]
    assert how["method"] == "standardized"
    assert data.values.std(axis=0) == pytest.approx(1)
    assert data.values * how["scale"] + how["shift"] == pytest.approx(y * [1, 1_000] + [0, 5e4])
    assert "; the targets were shifted and scaled" in data.preprocessing["text"]
    assert made(x, y).preprocessing["targets"]["method"] == "none"
    assert made(x).preprocessing["targets"] is None


@pytest.mark.parametrize(
    ("highest", "scale"), [(255, 255.0), (200, 255.0), (17, 255.0), (16, 16.0), (15, 15.0), (1_000, 1_000.0)]
)
def test_whole_pixels_are_divided_by_their_brightest_level(highest: int, scale: float) -> None:
    x = np.random.default_rng(1).integers(0, highest + 1, (50, 4, 4))
    x[0, 0, 0] = highest
    data = made(x)
    assert data.preprocessing["inputs"] == {"method": "scaled", "shift": 0.0, "scale": scale}
    np.testing.assert_array_equal(data.inputs, x.reshape(50, 16) / scale)


def test_images_between_0_and_1_are_left_alone_and_others_are_moved_together() -> None:
    x = np.random.default_rng(1).uniform(0, 1, (50, 4, 4))
    assert made(x.copy()).preprocessing["inputs"]["method"] == "none"
    moved = made(x * 10 - 5)
    assert moved.preprocessing["inputs"]["method"] == "standardized"
    assert isinstance(moved.preprocessing["inputs"]["shift"], float)
    assert (moved.inputs.mean(), moved.inputs.std()) == pytest.approx((0, 1))


def test_a_table_of_pixels_is_seen_as_square_images() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (30, 64))
    header = ",".join([*(f"p{k}" for k in range(64)), "kind"])
    rows = (",".join([*map(str, row), "ab"[place % 2]]) for place, row in enumerate(pixels))
    data = read_csv("pixels.csv", "\n".join([header, *rows]).encode())
    assert data.image_shape == (8, 8)
    assert data.feature_names[0] == "p0"
    np.testing.assert_array_equal(data.inputs, pixels / 255)
    assert "Pixels were divided by 255" in data.preprocessing["text"]


def test_a_table_of_few_whole_numbers_is_not_taken_for_pixels() -> None:
    data = made(np.random.default_rng(1).integers(0, 256, (30, 9)))
    assert data.preprocessing["inputs"]["method"] == "standardized"
    assert data.image_shape is None
