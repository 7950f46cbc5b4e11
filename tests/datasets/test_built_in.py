"""The built-in data sets: the same seed gives the same numbers, and every limit is told in a sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.datasets import DataError, DataSetInfo, build, built_in

ALL = pytest.mark.parametrize("info", built_in(), ids=lambda info: info.name)
DRAWN = pytest.mark.parametrize("info", [info for info in built_in() if not info.fixed], ids=lambda info: info.name)


def test_the_built_in_sets_are_those_of_the_api() -> None:
    names = [info.name for info in built_in()]
    assert names == ["xor", "and", "or", "circle", "moons", "spiral", "gaussians", "plane", "sine", "digits"]


@ALL
def test_the_data_is_as_its_description_says(info: DataSetInfo) -> None:
    data = build(info.name)
    assert (data.name, data.title, data.kind, data.classes) == (info.name, info.title, info.kind, info.classes)
    assert data.inputs.shape == (info.default_size, info.n_inputs)
    assert data.inputs.dtype == np.float64
    assert data.inputs.flags.c_contiguous
    assert data.outputs_allowed()[0] == info.outputs
    assert data.targets(info.outputs).shape == (info.default_size, info.outputs)
    assert len(data.feature_names) == info.n_inputs == len(set(data.feature_names))
    assert data.noise == info.default_noise
    assert info.source
    assert info.licence
    json.dumps(data.preprocessing, allow_nan=False)


@DRAWN
def test_the_same_seed_gives_the_same_bits_and_another_gives_others(info: DataSetInfo) -> None:
    one, again, other = (build(info.name, 40, 0.3, seed) for seed in (7, 7, 8))
    assert one.inputs.tobytes() == again.inputs.tobytes()
    assert one.values.tobytes() == again.values.tobytes()
    assert one.inputs.tobytes() != other.inputs.tobytes()


def test_sets_of_one_seed_do_not_share_their_draws() -> None:
    plane, sine = build("plane", 40, seed=7).inputs, build("sine", 40, seed=7).inputs
    assert not np.isin(sine, plane).any()


@DRAWN
def test_inputs_are_centred_and_about_one_in_size(info: DataSetInfo) -> None:
    inputs = build(info.name, info.largest_size, seed=3).inputs
    assert np.abs(inputs.mean(axis=0)).max() < 0.05
    assert inputs.std(axis=0).min() > 0.3
    assert inputs.std(axis=0).max() <= 1
    assert np.abs(inputs).max() < 2.5


@DRAWN
def test_classes_have_equal_shares(info: DataSetInfo) -> None:
    data = build(info.name, 100)
    if info.classes is None or info.name in ("and", "or"):
        return
    shares = np.bincount(data.values.astype(int), minlength=len(info.classes))
    assert shares.max() - shares.min() <= 1


@DRAWN
def test_more_noise_moves_the_same_points(info: DataSetInfo) -> None:
    without, little, more = (build(info.name, 60, noise) for noise in (0.0, 0.1, 0.2))
    if info.kind == "classification":
        np.testing.assert_array_equal(without.values, more.values)
        np.testing.assert_allclose(more.inputs - without.inputs, 2 * (little.inputs - without.inputs), atol=1e-12)
    else:
        np.testing.assert_array_equal(without.inputs, more.inputs)
        np.testing.assert_allclose(more.values - without.values, 2 * (little.values - without.values), atol=1e-12)


@pytest.mark.parametrize(("name", "truth"), [("xor", [0, 1, 1, 0]), ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1])])
def test_a_gate_is_its_four_corners_in_the_order_of_a_truth_table(name: str, truth: list[int]) -> None:
    data = build(name)
    assert data.inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert data.values.tolist() == truth
    inputs = data.preprocessing["inputs"]
    raw = data.inputs * inputs["scale"] + inputs["shift"]
    assert raw.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert build(name, 8).inputs.tolist() == data.inputs.tolist() * 2


def test_the_circle_has_its_disc_within_0_5_and_its_ring_from_0_65_to_1() -> None:
    data = build("circle", 1_000, 0.0)
    radius = np.hypot(*data.inputs.T)
    assert data.classes == ("inside", "outside")
    assert radius[data.values == 0].max() <= 0.5
    assert radius[data.values == 1].min() >= 0.65
    assert radius.max() <= 1
    blurred = build("circle", 10_000, 0.4).inputs - build("circle", 10_000, 0.0).inputs
    assert blurred.std() == pytest.approx(0.2, rel=0.03)


def test_plane_and_sine_are_the_functions_they_say() -> None:
    plane, sine = build("plane", 50, 0.0), build("sine", 50, 0.0)
    np.testing.assert_allclose(plane.values[:, 0], 0.8 * plane.inputs[:, 0] - 0.5 * plane.inputs[:, 1])
    np.testing.assert_allclose(sine.values, np.sin(2 * np.pi * sine.inputs))


@pytest.mark.parametrize(
    ("arguments", "field", "says"),
    [
        (("moon",), "name", "There is no data set 'moon': the built-in ones are xor, and, or, circle"),
        (("circle", 9), "size", "The size of circle must be from 10 to 10,000; 9 was given."),
        (("circle", 10_001), "size", "10,001 was given"),
        (("xor", 3), "size", "from 4 to 1,000"),
        (("circle", 100, -0.1), "noise", "The noise of circle must be from 0 to 2; -0.1 was given."),
        (("circle", 100, 2.1), "noise", "2.1 was given"),
        (("circle", 100, float("nan")), "noise", "nan was given"),
        (("digits", 100), "size", "1,797"),
        (("digits", None, 0.1), "noise", "take no noise"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_field_and_a_sentence(
    arguments: tuple[str, int | None, float | None], field: str, says: str
) -> None:
    with pytest.raises(DataError) as caught:
        build(*arguments)
    assert caught.value.field == field
    assert says in str(caught.value)
