"""What a session answers to whoever reads it."""

from __future__ import annotations

import io
import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from app.engine.trace import LayerTrace
from app.sessions.errors import Conflict, Invalid, NotFound, TooLarge
from app.sessions.limits import Limits
from app.sessions.requests import ExamplePart
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import BuiltIn, at, do, make, parameters, predict, small, trace, view

FEEDBACKS = ("transpose", "inverse", "random", "fresh_random", "sign", "frozen", "none", "negative")


# -- the trace


def test_the_trace_is_the_engines_own() -> None:
    session = small(example={"position": 3})
    do(session, "step", count=4)
    told, engine = trace(session), finish(session.timeline.trace(4))
    own = engine.example(3)
    rows = session.problem.examples.train.rows[engine.indices].tolist()
    assert (told["step"], told["epoch"], told["batch"]) == (4, 1, {"size": 8, "indices": rows})
    data = BuiltIn().get("circle", 50, None, 1)
    assert told["example"] == {
        "position": 3,
        "index": rows[3],
        "x": data.inputs[rows[3]].tolist(),
        "y": data.targets(2)[rows[3]].tolist(),
    }
    assert told["cost"] == {"example": own.cost, "batch": float(engine.costs.mean())}
    assert told["layers"][0] == {"layer": 1, "a": own.x.tolist()}
    for layer, batch, mine in zip(told["layers"][1:], engine.layers[1:], own.layers[1:], strict=True):
        assert list(layer) == [
            *("layer", "w", "b", "z", "a", "sigma_prime", "received", "delta"),
            *("sent", "charged", "nabla_w", "nabla_b", "w_after", "b_after"),
        ]
        for name, value in layer.items():
            shared = name in ("layer", "w", "b", "nabla_w", "nabla_b", "w_after", "b_after")
            assert value == np.asarray(getattr(batch if shared else mine, name)).tolist()


@pytest.mark.parametrize("feedback", FEEDBACKS)
@pytest.mark.parametrize("index", [None, 7])
def test_sent_summed_over_j_is_what_the_layer_below_received_and_charged_averages_to_nabla(
    feedback: str, index: int | None
) -> None:
    session = small(feedback={"name": feedback})
    do(session, "step", count=3)
    layers = trace(session, index=index)["layers"]
    for below, above in pairwise(layers[1:]):
        assert np.allclose(np.sum(above["sent"], axis=0), below["received"], rtol=1e-12, atol=1e-15)
        assert np.allclose(np.outer(above["delta"], below["a"]), above["charged"], rtol=1e-15)
    every = [trace(session, example=place)["layers"] for place in range(8)]
    for place in (1, 2, 3):
        mean = np.mean([layers[place]["charged"] for layers in every], axis=0)
        assert np.allclose(mean, layers[place]["nabla_w"], rtol=1e-9, atol=1e-14)


def test_the_trace_is_whole_in_every_phase() -> None:
    session = small()
    do(session, "step", count=3)
    end = trace(session)
    do(session, "seek", step=3, phase="feedforward", layer=2)
    assert trace(session) == end
    do(session, "seek", step=1)
    assert trace(session, step=3) == end
    assert at(session) == (1, "update", None)


def test_an_example_outside_the_mini_batch_is_computed_with_the_steps_parameters() -> None:
    session = small(shuffle=False, test_fraction=0)
    do(session, "step", count=2)
    inside, outside = trace(session, index=8), trace(session, index=30)
    assert inside["example"]["position"] == 0
    assert (outside["example"]["position"], outside["example"]["index"]) == (None, 30)
    assert outside["layers"][1]["w"] == inside["layers"][1]["w"]
    assert outside["layers"][1]["nabla_w"] == inside["layers"][1]["nabla_w"]
    do(session, "back")
    answer = predict(session, [outside["example"]["x"]])
    assert outside["layers"][-1]["a"] == pytest.approx(answer["outputs"][0], rel=1e-14)
    do(session, "settings", example={"index": 30})
    assert trace(session, step=2) == outside


def test_in_a_short_last_mini_batch_the_example_on_view_is_at_most_its_last() -> None:
    session = small(batch_size=12, example={"position": 10})
    do(session, "step", unit="epoch")
    told = trace(session)
    assert (told["batch"]["size"], told["example"]["position"]) == (4, 3)
    with pytest.raises(Invalid, match="The mini-batch of step 4 has 4 examples, 0 to 3; 10 was given"):
        trace(session, example=10)


def test_with_softmax_sigma_prime_is_null_in_the_last_layer_only() -> None:
    session = small(activations=["tanh", "tanh", "softmax"])
    do(session, "step")
    for query in ({}, {"index": 7}, {"index": 8}):
        layers = trace(session, **query)["layers"]
        assert [layer["sigma_prime"] is None for layer in layers[1:]] == [False, False, True]
        assert np.isfinite(layers[-1]["delta"]).all()


def test_received_is_null_where_it_overflows_and_delta_stays_finite() -> None:
    config: dict[str, Any] = {"layers": [2, 1], "dataset": {"inputs": [[1, 1], [0, 1]], "labels": [0, 1]}}
    session = make(activations="sigmoid", cost="cross_entropy", weights=[[[1000, 0]]], batch_size=1, **config)
    do(session, "settings", example={"index": 0})
    do(session, "step", unit="epoch")
    for step in (1, 2):
        layer = trace(session, step=step)["layers"][1]
        assert layer["received"] is None
        assert layer["delta"] == [1.0]
        json.dumps(layer, allow_nan=False)


def test_there_is_no_trace_at_the_start_nor_of_steps_that_are_not_there() -> None:
    session = small()
    with pytest.raises(Conflict, match="stands at the start"):
        trace(session)
    with pytest.raises(NotFound, match="has no step 1: it has made none yet"):
        trace(session, step=1)
    do(session, "step", count=2)
    for step in (0, 3):
        with pytest.raises(NotFound, match=f"no step {step}: it has steps 1 to 2"):
            trace(session, step=step)
    do(session, "seek", step=0)
    assert trace(session, step=2)["step"] == 2
    with pytest.raises(Invalid, match="The data set has 50 examples, 0 to 49; 50 was given"):
        trace(session, step=2, index=50)


def test_a_trace_can_be_narrowed() -> None:
    session = small()
    do(session, "step")
    whole = trace(session)["layers"]
    assert trace(session, layer=3)["layers"] == [whole[2]]
    assert trace(session, layer=2, fields=["delta", "w"])["layers"] == [
        {"layer": 2, "w": whole[1]["w"], "delta": whole[1]["delta"]}
    ]
    assert trace(session, fields=["delta"])["layers"][0] == {"layer": 1}
    with pytest.raises(Invalid, match="layers 1 to 4; 5 was given"):
        trace(session, layer=5)
    with pytest.raises(Invalid, match="no field 'x'"):
        trace(session, fields=["x"])


def test_a_large_trace_names_the_ways_around() -> None:
    session = small(Limits(trace_bytes=3_000, narrowed_trace_bytes=4_000), layers=[2, 20, 20, 2])
    do(session, "step")
    with pytest.raises(TooLarge, match=r"narrow it with \?layer= or \?fields=, or take all of it as trace.npz"):
        trace(session)
    assert trace(session, fields=["delta", "received"])
    with pytest.raises(TooLarge):
        trace(session, fields=["w"])
    assert finish(session.trace_npz())


def test_trace_npz_has_everything_of_the_trace_and_the_batch() -> None:
    session = small(feedback={"name": "random"})
    do(session, "step", count=2)
    told = trace(session, example=5)
    with np.load(io.BytesIO(finish(session.trace_npz(example=5))), allow_pickle=False) as arrays:
        for layer in told["layers"]:
            for name, value in layer.items():
                if name != "layer":
                    assert arrays[f"{name}_{layer['layer']}"].tolist() == value
        assert arrays["indices"].tolist() == told["batch"]["indices"]
        assert arrays["batch_delta_3"][:, 5].tolist() == told["layers"][2]["delta"]
        assert arrays["costs"].shape == (8,)
        assert arrays["feedback_3"].shape == (4, 3)


# -- checks, predictions, maps


def test_the_gradient_check_agrees_for_the_transpose_and_names_another_operator() -> None:
    session = small()
    with pytest.raises(Conflict):
        finish(session.gradient_check())
    do(session, "step", count=3)
    do(session, "step", unit="phase", count=2)
    told = finish(session.gradient_check())
    assert (told["passed"], told["step"], told["example"]["position"]) == (True, 4, 0)
    assert [layer["layer"] for layer in told["layers"]] == [2, 3, 4]
    json.dumps(told, allow_nan=False)
    do(session, "settings", feedback={"name": "random"})
    do(session, "step", count=2)
    told = finish(session.gradient_check())
    assert told["passed"] is False
    assert "random" in told["layers"][0]["verdict"]
    for epsilon in (0.0, -1.0, 0.2, float("nan")):
        with pytest.raises(Invalid, match=r"epsilon is above 0 and at most 0\.1"):
            finish(session.gradient_check(epsilon))


def test_predictions_are_those_of_the_parameters_at_the_cursor() -> None:
    session = small()
    do(session, "step", count=3)
    inputs = BuiltIn().get("circle", 50, None, 1).inputs[:5].tolist()
    end = predict(session, inputs)
    assert np.shape(end["outputs"]) == (5, 2)
    assert end["labels"] == np.argmax(end["outputs"], axis=1).tolist()
    do(session, "seek", step=3, phase="gradient", layer=2)
    middle = predict(session, inputs)
    do(session, "seek", step=2)
    assert predict(session, inputs) == middle != end


def test_outputs_that_are_no_numbers_name_no_class_and_there_is_no_accuracy() -> None:
    session = small(
        layers=[2, 3, 2], activations=["relu", "linear"], cost="quadratic", optimizer={"learning_rate": 1e200}
    )
    do(session, "step")
    told = view(session)
    assert not told["finite"]
    assert told["accuracy"] == {"train": None, "test": None}
    assert finish(session.history())["accuracy"]["train"][-1] is None
    answer = predict(session, [[0.1, 0.2]])
    assert (answer["outputs"], answer["labels"], answer["classes"]) == ([[None, None]], [None], [None])
    page = finish(session.examples(limit=50))
    assert (set(page["predicted"]), set(page["right"]), page["wrong"]) == ({None}, {False}, 50)


def test_predictions_are_bounded_and_checked() -> None:
    session = small(Limits(predict_examples=3))
    with pytest.raises(TooLarge, match="at most 3 examples, and this one has 4"):
        predict(session, [[0.0, 0.0]] * 4)
    with pytest.raises(Invalid, match="This network has 2 inputs; example 1 has 3 numbers") as refused:
        predict(session, [[0.0, 0.0], [0.0, 0.0, 0.0]])
    assert refused.value.loc == ("body", "inputs", 1)


def test_response_maps_show_what_predict_answers() -> None:
    session = small()
    do(session, "step", count=3)
    maps = finish(session.response_maps(5))
    (x0, x1), (y0, y1) = maps["x"], maps["y"]
    corners = predict(session, [[x0, y0], [x1, y0], [x0, y1], [x1, y1]])["outputs"]
    for j in (0, 1):
        face = maps["layers"][3]["maps"][j]
        found = [face[0][0], face[0][4], face[4][0], face[4][4]]
        assert found == pytest.approx([corner[j] for corner in corners], rel=1e-12)
    assert [len(layer["maps"]) for layer in maps["layers"]] == [2, 4, 3, 2]


def test_no_example_lies_at_the_very_edge_of_a_map() -> None:
    session = make(dataset={"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "labels": [0, 1, 1, 0]})
    maps = finish(session.response_maps(2))
    for low, high in (maps["x"], maps["y"]):
        assert low <= -0.1
        assert high >= 1.1


def test_response_maps_need_two_inputs_and_a_sensible_resolution() -> None:
    session = small()
    for resolution in (1, 201):
        with pytest.raises(Invalid, match="resolution is from 2 to 200"):
            finish(session.response_maps(resolution))
    with pytest.raises(TooLarge, match="is the most"):
        finish(small(layers=[2, 100, 2]).response_maps(200))
    with pytest.raises(Conflict, match="two inputs; this network has 1"):
        finish(make(dataset={"name": "sine"}).response_maps(10))


def test_parameters_npz_is_the_network_at_the_cursor() -> None:
    session = small()
    do(session, "step", count=3)
    do(session, "back", unit="phase")
    told = view(session, include_parameters=True)
    with np.load(io.BytesIO(finish(session.parameters_npz())), allow_pickle=False) as arrays:
        assert [arrays[f"w_{layer}"].tolist() for layer in (2, 3, 4)] == told["weights"]
        assert [arrays[f"b_{layer}"].tolist() for layer in (2, 3, 4)] == told["biases"]


# -- the run


def test_cost_and_accuracy_are_over_at_most_so_many_fixed_examples() -> None:
    session = small(Limits(evaluation_examples=20))
    told = view(session)
    assert told["cost"]["of"] == 20
    rows = session.problem.examples.train_evaluated.rows
    assert set(rows) < set(session.problem.examples.train.rows)
    outputs = np.array(predict(session, session.problem.examples.dataset.inputs[rows].tolist())["outputs"])
    y = session.problem.examples.targets[rows]
    assert told["cost"]["train"] == pytest.approx(0.5 * ((outputs - y) ** 2).sum(axis=1).mean(), rel=1e-12)
    assert told["accuracy"]["train"] == (outputs.argmax(axis=1) == y.argmax(axis=1)).mean()


def test_the_penalty_stands_beside_the_cost() -> None:
    plain, penalized = small(), small(regularization={"name": "l2", "lambda": 2.0})
    told = view(penalized)
    weights = np.concatenate([np.ravel(w) for w in view(penalized, include_parameters=True)["weights"]])
    assert told["cost"]["regularization"] == pytest.approx(2.0 / (2 * 40) * (weights**2).sum(), rel=1e-12)
    assert told["cost"]["train"] == view(plain)["cost"]["train"]
    assert view(plain)["cost"]["regularization"] == 0.0


def test_history_is_the_views_figures_over_the_run() -> None:
    session = small()
    figures = {0: view(session)}
    for step in range(1, 12):
        figures[step] = do(session, "step")
    told = finish(session.history())
    assert told["steps"][0] == 0
    assert told["steps"][-1] == 11
    for place, step in enumerate(told["steps"]):
        for what in ("cost", "accuracy"):
            for part in ("train", "test"):
                assert told[what][part][place] == figures[step][what][part]
    assert told["epochs"][-1] == 3


def test_history_is_thinned_to_a_bound_and_to_what_is_asked_for() -> None:
    session = small(Limits(history_points=16))
    do(session, "step", count=2_000)
    assert len(session.timeline.history) <= 16
    told = finish(session.history(8))
    assert len(told["steps"]) <= 8
    assert (told["steps"][0], told["steps"][-1]) == (0, 2_000)
    assert told["steps"] == sorted(told["steps"])
    for points in (1, 17):
        with pytest.raises(Invalid, match="points is from 2 to 16"):
            finish(session.history(points))


def test_history_has_the_last_step_wherever_the_cursor_stands() -> None:
    session = small(Limits(history_points=16))
    do(session, "step", count=2_001)
    do(session, "seek", step=1_003)
    for points in (2, 3, 5, 16):
        told = finish(session.history(points))
        assert (len(told["steps"]) <= points, told["steps"][0], told["steps"][-1]) == (True, 0, 2_001)
        assert (1_003 in told["steps"]) == (points > 2)


def test_history_forgets_what_was_cut_and_undo_brings_it_back() -> None:
    session = small()
    do(session, "step", count=100)
    told = finish(session.history())
    do(session, "seek", step=10)
    do(session, "settings", batch_size=4)
    assert finish(session.history())["steps"][-1] == 10
    do(session, "undo")
    assert set(finish(session.history())["steps"]) == {*told["steps"], 10}


def test_the_history_of_a_fork_in_mid_step_knows_nothing_of_what_was_edited_at_its_end() -> None:
    session = small(layers=[2, 4, 2])
    do(session, "step", count=4)
    do(session, "parameters", biases=[{"layer": 3, "j": 1, "value": 5.0}])
    edited = view(session)["cost"]["train"]
    do(session, "seek", step=4, phase="cost")
    fork = session.fork()
    assert edited not in finish(fork.history())["cost"]["train"]
    do(fork, "step")
    assert view(fork)["cost"]["train"] != edited
    do(session, "seek", step=4)
    assert finish(session.fork().history())["cost"]["train"][-1] == edited


def test_history_goes_to_the_last_step_beyond_the_cursor_also_after_a_journey() -> None:
    session = small(layers=[2, 20, 20, 2])
    do(session, "step", count=101)
    figures = view(session)
    do(session, "seek", step=37, phase="cost")
    there = Session.from_export(json.loads(json.dumps(finish(session.export()))), session.limits)
    for one in (session, there):
        told = finish(one.history())
        assert (told["last_step"], told["steps"][-1], told["epochs"][-1]) == (101, 101, 21)
        assert told["cost"]["train"][-1] == figures["cost"]["train"]
        assert at(one) == (37, "cost", None)
    do(there, "step", count=1)
    do(session, "step", count=1)
    assert view(there, True)["weights"] == view(session, True)["weights"]


def test_history_tells_how_epochs_go_by_also_with_examples_that_were_added() -> None:
    session = small()
    do(session, "step", count=7)
    do(session, "examples", inputs=[0.0, 0.0], label=0)
    do(session, "step", count=10)
    do(session, "settings", batch_size=7)
    do(session, "step", count=20)
    told = finish(session.history())
    assert [list(leg.values()) for leg in told["schedule"]] == [
        *([0, 0, 0, 8, 40], [7, 1, 16, 8, 40], [10, 2, 0, 8, 41], [17, 3, 8, 7, 41])
    ]
    for step, epoch in zip(told["steps"], told["epochs"], strict=True):
        leg = [leg for leg in told["schedule"] if leg["after"] <= step][-1]
        steps, first = step - leg["after"], math.ceil((leg["n_train"] - leg["offset"]) / leg["batch_size"])
        later = math.ceil(leg["n_train"] / leg["batch_size"])
        begun = steps > 0 or leg["offset"] > 0
        assert epoch == leg["epochs"] + (math.ceil((steps - first) / later) + 1 if steps > first else begun)


# -- frames


def test_a_frame_has_the_numbers_of_the_trace() -> None:
    session = small(feedback={"name": "random"}, example={"position": 2})
    do(session, "step", count=2)
    told, frame = trace(session), finish(session.frame_data())
    assert frame["example"]["position"] == 2
    assert frame["batch"]["indices"] == told["batch"]["indices"]
    for mine, layer in zip(frame["layers"], told["layers"], strict=True):
        for name in set(mine) - {"feedback", "layer"}:
            assert np.asarray(mine[name]).tolist() == layer[name]
    assert [("feedback" in layer) for layer in frame["layers"]] == [False, False, True, True]
    engine: tuple[LayerTrace, ...] = finish(session.timeline.trace(2)).layers
    assert (frame["layers"][2]["feedback"] == engine[2].feedback).all()


def test_at_the_start_a_frame_shows_what_comes_first() -> None:
    session = small()
    frame = finish(session.frame_data())
    do(session, "step")
    told = trace(session)
    assert frame["batch"]["indices"] == told["batch"]["indices"]
    assert frame["example"]["index"] == told["example"]["index"]
    assert frame["layers"][0]["a"].tolist() == told["layers"][0]["a"]
    assert frame["layers"][1]["w"].tolist() == told["layers"][1]["w"]
    assert set(frame["layers"][1]) == {"layer", "w", "b"}


def test_looking_changes_nothing() -> None:
    session = small(optimizer={"name": "adam"})
    do(session, "step", count=4)
    do(session, "step", unit="phase", count=5)
    before = session.cursor, session.timeline.log, session.revision
    numbers = parameters(session)
    told = view(session)
    trace(session, step=2)
    finish(session.gradient_check())
    finish(session.response_maps(5))
    finish(session.frame_data())
    finish(session.export())
    session.fork()
    assert (session.cursor, session.timeline.log, session.revision) == before
    assert (parameters(session) == numbers).all()
    assert view(session) == told


@pytest.mark.parametrize("part", ["batch", "train", "test"])
@pytest.mark.parametrize("steps", [0, 3])
def test_any_row_can_be_put_on_view_and_the_frame_and_the_trace_follow(part: ExamplePart, steps: int) -> None:
    session = small(shuffle=False)
    if steps:
        do(session, "step", count=steps)
    batch = finish(session.frame_data())["batch"]["indices"]
    listed = finish(session.examples(part=part))["index"]
    row = next(row for row in listed if (row in batch) == (part == "batch"))
    last, revision = session.timeline.log.last_step, session.revision
    answer = do(session, "settings", example={"index": row})
    assert (answer["config"]["example"], answer["discarded_steps"]) == ({"index": row}, 0)
    assert (answer["last_step"], answer["revision"]) == (last, revision + 1)
    frame, examples = finish(session.frame_data()), session.problem.examples
    position = batch.index(row) if part == "batch" else None
    assert (frame["example"]["index"], frame["example"]["position"]) == (row, position)
    assert frame["example"]["label"] == examples.label(row)
    assert frame["example"]["y"].tolist() == examples.targets[row].tolist()
    assert frame["layers"][0]["a"].tolist() == examples.dataset.inputs[row].tolist()
    if steps:
        told = trace(session)
        assert told["example"]["position"] == position
        assert told["layers"][1]["a"] == frame["layers"][1]["a"].tolist()
        assert told["cost"]["example"] == frame["example"]["cost"]


def test_of_a_single_example_it_is_not_said_that_there_are_several() -> None:
    session = make(layers=[1, 1], dataset={"inputs": [[1.0]], "targets": [[2.0]]})
    do(session, "step")
    with pytest.raises(Invalid, match="There is 1 training example, so"):
        do(session, "settings", batch_size=2)
    with pytest.raises(Invalid, match="A mini-batch has 1 example, number 0; 3 was given"):
        do(session, "settings", example={"position": 3})
    with pytest.raises(Invalid, match="The mini-batch of step 1 has 1 example, number 0; 3 was given"):
        trace(session, example=3)
    with pytest.raises(Invalid, match="The data set has 1 example, number 0; 3 was given"):
        trace(session, index=3)
