"""A single number of a session, questioned."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.sessions.config import NudgeRequest
from app.sessions.errors import Conflict, Invalid, NotFound
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import bits, do, small, trace


def nudge(session: Session, what: str, layer: int, j: int, k: int | None = None, **query: Any) -> dict[str, Any]:
    by = query.pop("by", 1e-5)
    request = NudgeRequest.model_validate({"what": what, "layer": layer, "j": j, "k": k, "by": by})
    return finish(session.nudge(request, **query))


# -- nudging


def test_a_nudge_tells_the_numbers_of_the_trace() -> None:
    session = small(example={"position": 3})
    do(session, "step", count=4)
    told, found = trace(session), nudge(session, "weight", 3, 2, 4)
    layer = told["layers"][2]
    assert (found["step"], found["feedback"], found["by"]) == (4, "transpose", 1e-5)
    assert found["example"] == {"position": 3, "index": told["example"]["index"]}
    assert [found[name] for name in ("what", "layer", "j", "k")] == ["weight", 3, 2, 4]
    assert found["value"] == layer["w"][1][3]
    assert found["analytic"] == layer["charged"][1][3]
    assert found["batch"]["analytic"] == layer["nabla_w"][1][3]
    assert (found["cost"]["before"], found["batch"]["cost"]["before"]) == (
        told["cost"]["example"],
        told["cost"]["batch"],
    )
    assert found["batch"]["size"] == 8
    assert found["agrees"] is found["batch"]["agrees"] is True
    assert [moved["layer"] for moved in found["layers"]] == [3, 4]
    for moved in found["layers"]:
        assert moved["before"] == told["layers"][moved["layer"] - 1]["z"]
    json.dumps(found, allow_nan=False)


def test_delta_c_over_delta_a_is_what_the_neuron_received() -> None:
    session = small()
    do(session, "step", count=2)
    layers = trace(session)["layers"]
    for j in range(1, 5):
        found = nudge(session, "activation", 2, j)
        slope = (found["cost"]["up"] - found["cost"]["down"]) / (2 * found["by"])
        assert slope == pytest.approx(layers[1]["received"][j - 1], abs=1e-8)
        assert found["agrees"] is True
        assert found["batch"] is None
        ((ahead,),) = [found["layers"]]
        moved = [(up - before) / 1e-5 for up, before in zip(ahead["up"], ahead["before"], strict=True)]
        assert moved == pytest.approx([row[j - 1] for row in layers[2]["w"]], abs=1e-9)


def test_an_input_receives_what_layer_2_sends_it() -> None:
    session = small()
    do(session, "step", count=2)
    found = nudge(session, "activation", 1, 2)
    assert found["analytic"] == pytest.approx(sum(row[1] for row in trace(session)["layers"][1]["sent"]))
    assert found["agrees"] is True


def test_a_nudge_uses_the_parameters_of_before_the_step_in_every_phase() -> None:
    session = small()
    do(session, "step", count=3)
    end = nudge(session, "bias", 2, 1)
    assert end["value"] == trace(session)["layers"][1]["b"][0]
    do(session, "seek", step=3, phase="feedforward", layer=2)
    assert nudge(session, "bias", 2, 1) == end
    do(session, "seek", step=1)
    assert nudge(session, "bias", 2, 1, step=3) == end != nudge(session, "bias", 2, 1)


def test_any_example_can_be_nudged() -> None:
    session = small()
    do(session, "step", count=3)
    outside = next(row for row in range(50) if row not in trace(session)["batch"]["indices"])
    found = nudge(session, "weight", 2, 1, 1, index=outside)
    assert found["example"] == {"position": None, "index": outside}
    assert found["agrees"] is True
    assert nudge(session, "weight", 2, 1, 1, example=5)["example"]["position"] == 5


def test_nudging_changes_nothing() -> None:
    session = small(optimizer={"name": "adam"})
    do(session, "step", count=3)
    before, revision = bits(session), session.revision
    for what, layer, j, k in (("weight", 2, 1, 2), ("bias", 3, 1, None), ("activation", 4, 1, None)):
        nudge(session, what, layer, j, k)
    assert (bits(session), session.revision) == (before, revision)


def test_with_another_operator_a_hidden_number_differs_by_design() -> None:
    session = small(feedback={"name": "random"})
    do(session, "step")
    found = nudge(session, "bias", 2, 1)
    assert (found["agrees"], found["reason"]) == (False, "feedback")
    assert "random" in found["message"]
    assert "random" in found["batch"]["message"]
    assert nudge(session, "bias", 4, 1)["agrees"] is True


def test_at_the_start_nothing_can_be_nudged() -> None:
    session = small()
    with pytest.raises(Conflict, match="stands at the start"):
        nudge(session, "bias", 2, 1)
    do(session, "step")
    with pytest.raises(NotFound, match="no step 2"):
        nudge(session, "bias", 2, 1, step=2)


@pytest.mark.parametrize(
    ("number", "loc", "sentence"),
    [
        (("weight", 1, 1, 1), "layer", "Weights lead into layers 2 to 4; 1 was given."),
        (("bias", 1, 1, None), "layer", "Biases are those of layers 2 to 4; 1 was given."),
        (("bias", 5, 1, None), "layer", "This network has layers 1 to 4; 5 was given."),
        (("bias", 2, 5, None), "j", "Layer 2 has 4 neurons, 1 to 4; 5 was given."),
        (("activation", 1, 3, None), "j", "Layer 1 has 2 neurons, 1 to 2; 3 was given."),
        (("weight", 2, 1, 3), "k", "Layer 1 has 2 neurons, 1 to 2; 3 was given."),
    ],
)
def test_a_number_that_is_not_there_is_refused(number: tuple[Any, ...], loc: str, sentence: str) -> None:
    session = small()
    do(session, "step")
    with pytest.raises(Invalid) as refused:
        nudge(session, *number)
    assert (refused.value.loc, refused.value.msg) == (("body", loc), sentence)
