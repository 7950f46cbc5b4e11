"""A single number of a session, questioned."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from app.sessions.errors import Conflict, Invalid, NotFound
from app.sessions.requests import NudgeRequest
from app.sessions.session import Session
from app.sessions.work import finish
from tests.engine.cases import known
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


# -- contributions


def contributions(
    session: Session, layer: int, j: int, k: int | None = None, step: int | None = None
) -> dict[str, Any]:
    return finish(session.contributions(layer, j, k, step))


@pytest.mark.parametrize("feedback", ["transpose", "random", "inverse"])
def test_a_connection_is_told_by_the_traces_of_its_examples(feedback: str) -> None:
    session = small(feedback={"name": feedback})
    do(session, "step", count=4)
    found = contributions(session, 3, 2, 4)
    assert [found[name] for name in ("step", "feedback", "what", "layer", "j", "k", "of", "listed")] == [
        *(4, feedback, "connection", 3, 2, 4, 8, 8)
    ]
    for place, told in enumerate(found["examples"]):
        one = trace(session, example=place)
        below, layer = one["layers"][1], one["layers"][2]
        assert told == {
            "position": place,
            "index": one["example"]["index"],
            "a": below["a"][3],
            "delta": layer["delta"][1],
            "sent": layer["sent"][1][3],
            "charged": layer["charged"][1][3],
        }
    assert found["value"] == layer["w"][1][3]
    assert found["mean"]["charged"] == layer["nabla_w"][1][3]
    assert found["mean"]["delta"] == layer["nabla_b"][1]


def test_a_neuron_is_told_by_the_traces_of_its_examples() -> None:
    session = small()
    do(session, "step", count=4)
    found = contributions(session, 2, 3)
    assert [found[name] for name in ("what", "layer", "j", "k")] == ["neuron", 2, 3, None]
    for place, told in enumerate(found["examples"]):
        one = trace(session, example=place)
        layer = one["layers"][1]
        names = ("a", "z", "received", "sigma_prime", "delta")
        assert told == {"position": place, "index": one["example"]["index"]} | {n: layer[n][2] for n in names}
    assert found["value"] == layer["b"][2]
    assert found["mean"]["delta"] == layer["nabla_b"][2]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_means_are_those_of_what_is_listed(optimizer: str) -> None:
    session = small(batch_size=40, optimizer={"name": optimizer})
    do(session, "step", count=2)
    for found in (contributions(session, 2, 1, 2), contributions(session, 3, 1)):
        for name, mean in found["mean"].items():
            values = np.array([example[name] for example in found["examples"]])
            assert abs(mean - values.mean()) <= 1e-15 * np.abs(values).mean()


def test_an_input_has_an_activation_only_and_softmax_no_slope() -> None:
    session = small(activations=["tanh", "tanh", "softmax"])
    do(session, "step")
    found = contributions(session, 1, 2)
    assert found["value"] is None
    assert {name for name, mean in found["mean"].items() if mean is not None} == {"a"}
    assert all(example["z"] is example["delta"] is None for example in found["examples"])
    assert contributions(session, 4, 1)["mean"]["sigma_prime"] is None


def test_contributions_of_another_step_and_phase_are_those_of_their_time() -> None:
    session = small()
    do(session, "step", count=3)
    end = contributions(session, 2, 1, 1)
    do(session, "seek", step=3, phase="cost")
    assert contributions(session, 2, 1, 1) == end
    do(session, "seek", step=1)
    assert contributions(session, 2, 1, 1, step=3) == end


def test_of_a_large_mini_batch_the_first_thousand_are_listed_and_all_are_in_the_means() -> None:
    session = small(dataset={"name": "circle", "size": 1_500}, test_fraction=0, batch_size=1_500)
    do(session, "step")
    found = contributions(session, 2, 1, 1)
    assert (found["of"], found["listed"], len(found["examples"])) == (1_500, 1_000, 1_000)
    engine = finish(session.timeline.trace(1))
    assert found["mean"]["a"] == float(engine.layers[0].a[0].mean())
    assert found["mean"]["charged"] == known(engine.layers[1].nabla_w)[0, 0]


def test_contributions_need_a_step_and_a_number_that_is_there() -> None:
    session = small()
    with pytest.raises(Conflict, match="stands at the start"):
        contributions(session, 2, 1)
    do(session, "step")
    for query, loc in (((5, 1), "layer"), ((0, 1), "layer"), ((1, 1, 1), "layer"), ((2, 5), "j"), ((2, 1, 3), "k")):
        with pytest.raises(Invalid) as refused:
            contributions(session, *query)
        assert refused.value.loc == ("query", loc)
    with pytest.raises(NotFound):
        contributions(session, 2, 1, step=2)
