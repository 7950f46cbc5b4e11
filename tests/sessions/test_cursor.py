from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sessions.cursor import START, Cursor, Points, end_of
from app.sessions.errors import Invalid


def test_phases_of_three_layers_stand_in_the_order_of_the_book() -> None:
    assert Points(3).phases == (
        ("feedforward", 2),
        ("feedforward", 3),
        ("cost", None),
        ("output_error", 3),
        ("send_back", 2),
        ("gate", 2),
        ("gradient", 3),
        ("gradient", 2),
        ("update", None),
    )


@given(st.integers(2, 12), st.integers(0, 10**9))
def test_every_number_is_one_point_and_back(layers: int, number: int) -> None:
    points = Points(layers)
    cursor = points.cursor(number)
    assert points.number(cursor) == number
    assert points.find(cursor.step, cursor.phase, cursor.layer) == cursor


@given(st.integers(2, 12), st.integers(1, 10**9))
def test_the_next_point_is_never_before_and_parameters_change_only_at_update(layers: int, number: int) -> None:
    points = Points(layers)
    before, after = points.cursor(number - 1), points.cursor(number)
    assert before.step <= after.step <= before.step + 1
    assert (after.parameters_step == before.parameters_step + 1) == (after.phase == "update")


@given(st.integers(2, 12), st.integers(-5, 0))
def test_nothing_is_before_the_start(layers: int, number: int) -> None:
    assert Points(layers).cursor(number) == START == end_of(number)


def test_without_a_phase_a_point_is_the_end_of_the_step() -> None:
    assert Points(4).find(7, None, None) == Cursor(7, "update")
    assert Points(4).find(0, None, None) == Points(4).find(0, "start", None) == START


def test_the_layer_may_be_left_out_where_there_is_only_one() -> None:
    assert Points(4).find(7, "output_error", None) == Cursor(7, "output_error", 4)
    assert Points(3).find(7, "gate", None) == Cursor(7, "gate", 2)


@pytest.mark.parametrize(
    ("layers", "step", "phase", "layer", "place", "sentence"),
    [
        (4, 7, "gate", None, "layer", "The phase gate has several layers: say which, 2 or 3."),
        (4, 7, "gate", 4, "layer", "The phase gate has only layer 2 or 3, not 4."),
        (4, 7, "cost", 2, "layer", "The phase cost has no layer, not 2."),
        (4, 7, None, 2, "layer", "The phase update has no layer, not 2."),
        (2, 7, "gate", None, "phase", "A step of this network has no phase gate: it has feedforward, cost, "),
        (4, 7, "start", None, "phase", "A step of this network has no phase start: it has feedforward, cost, "),
        (4, 0, "cost", None, "phase", "Step 0 is the start, before any step: it has no phase cost."),
        (4, 0, None, 2, "layer", "Step 0 is the start: it has no layer."),
    ],
)
def test_a_point_that_is_not_there_is_refused_with_what_there_is(
    layers: int, step: int, phase: str | None, layer: int | None, place: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Points(layers).find(step, phase, layer)
    assert refused.value.loc == ("body", place)
    assert refused.value.msg.startswith(sentence)
