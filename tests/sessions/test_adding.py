"""Adding an example: an action of the log, exact like all others."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from app.sessions.errors import Conflict, Invalid
from app.sessions.limits import Limits
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import at, bits, do, make, predict, small, trace, trace_bits, view

POINT: dict[str, Any] = {"inputs": [0.25, -0.75], "label": 1}


def examples(session: Session, **query: Any) -> dict[str, Any]:
    return finish(session.examples(limit=1_000, **query))


def add(session: Session, **body: Any) -> dict[str, Any]:
    return do(session, "examples", **(body or POINT))


def batches(session: Session, steps: range) -> list[list[int]]:
    return [trace(session, step=step)["batch"]["indices"] for step in steps]


# -- what it does


def test_an_added_example_has_the_next_row_and_is_part_of_the_cost_at_once() -> None:
    session = small()
    do(session, "step", count=2)
    before = view(session)
    answer = add(session)
    assert (answer["index"], answer["discarded_steps"], answer["revision"]) == (50, 0, before["revision"] + 1)
    assert answer["examples"] == {"train": 41, "test": 10, "added": 1}
    assert answer["cost"]["of"] == 41
    y = np.array(predict(session, [POINT["inputs"]])["outputs"][0])
    own = 0.5 * ((y - [0, 1]) ** 2).sum()
    assert answer["cost"]["train"] == pytest.approx((40 * before["cost"]["train"] + own) / 41, rel=1e-12)
    assert answer["cost"]["test"] == before["cost"]["test"]
    assert (answer["cursor"], answer["last_step"]) == (before["cursor"], before["last_step"])


def test_it_is_visited_from_the_next_epoch_on_and_the_epoch_under_way_ends_as_it_began() -> None:
    session, other = small(), small()
    for one in (session, other):
        do(one, "step", count=2)
    add(session)
    for one in (session, other):
        do(one, "step", count=20)
    assert batches(session, range(1, 6)) == batches(other, range(1, 6))
    second = batches(session, range(6, 12))
    assert sorted(row for batch in second for row in batch) == sorted(
        [*session.problem.examples.train.rows.tolist(), 50]
    )
    assert [len(batch) for batch in second] == [8, 8, 8, 8, 8, 1]
    assert (view(session)["epoch"], view(other)["epoch"]) == (4, 5)


def test_at_the_end_of_an_epoch_the_next_step_may_visit_it() -> None:
    session = make(dataset={"name": "xor"}, batch_size=4)
    do(session, "step")
    add(session, inputs=[0.5, 0.5], label=1)
    do(session, "settings", batch_size=5)
    do(session, "step")
    assert sorted(trace(session)["batch"]["indices"]) == [0, 1, 2, 3, 4]
    assert finish(session.frame_data())["epoch_steps"] == 1


def test_it_trains_as_if_it_had_come_with_the_data() -> None:
    session = small(test_fraction=0.0)
    told, data = view(session, include_parameters=True), session.problem.examples.dataset
    same = {name: told["config"][name] for name in ("layers", "activations", "cost", "optimizer", "batch_size", "seed")}
    inline = {"inputs": [*data.inputs.tolist(), POINT["inputs"]], "labels": [*data.values.tolist(), 1]}
    whole = make(dataset=inline, weights=told["weights"], biases=told["biases"], **same)
    add(session)
    for one in (session, whole):
        do(one, "step", unit="epoch", count=3)
    assert bits(session) == bits(whole)
    assert trace_bits(session) == trace_bits(whole)


def test_steps_and_cost_before_it_stay_as_they_were() -> None:
    session = small(optimizer={"name": "adam"}, regularization={"name": "l2", "lambda": 1.0})
    do(session, "step", count=12)
    seen = {}
    for step in range(1, 7):
        do(session, "seek", step=step)
        seen[step] = (bits(session), trace_bits(session), view(session)["cost"])
    assert add(session)["discarded_steps"] == 6
    do(session, "step", count=6)
    for step in range(1, 6):
        do(session, "seek", step=step)
        assert (bits(session), trace_bits(session), view(session)["cost"]) == seen[step]
        assert view(session)["examples"]["added"] == 0
    do(session, "seek", step=6)
    assert (trace_bits(session), view(session)["examples"]["added"]) == (seen[6][1], 1)
    assert view(session)["cost"] != seen[6][2]


def test_the_penalty_counts_it_from_the_step_after_which_it_was_added() -> None:
    session = small(regularization={"name": "l2", "lambda": 2.0}, optimizer={"name": "sgd", "learning_rate": 0.1})
    do(session, "step", count=2)
    w = np.concatenate([np.ravel(w) for w in view(session, include_parameters=True)["weights"]])
    assert view(session)["cost"]["regularization"] == pytest.approx(2 / (2 * 40) * (w**2).sum())
    assert add(session)["cost"]["regularization"] == pytest.approx(2 / (2 * 41) * (w**2).sum())
    do(session, "step")
    layer = trace(session)["layers"][1]
    moved = -0.1 * (np.array(layer["nabla_w"]) + 2 / 41 * np.array(layer["w"]))
    assert np.allclose(np.array(layer["w_after"]) - layer["w"], moved, rtol=1e-9)


# -- where it stands in the log


def test_in_mid_step_it_counts_once_the_step_is_complete() -> None:
    session, other = small(), small()
    for one in (session, other):
        do(one, "step", count=2)
        do(one, "step", unit="phase", count=3)
    before = view(session)
    answer = add(session)
    assert (answer["cost"], answer["cursor"]) == (before["cost"], before["cursor"])
    assert answer["examples"]["added"] == 0
    assert answer["pending"] == {"examples": {"train": 41, "test": 10, "added": 1}}
    assert examples(session)["added_after"][50:] == [3]
    assert examples(session)["index"][50:] == [answer["index"]] == [50]
    assert trace_bits(session) == trace_bits(other)
    do(session, "step", count=1)
    done = view(session)
    assert (done["examples"]["added"], done["pending"], done["cost"]["of"]) == (1, {}, 41)


def test_undo_and_redo_take_it_back_with_what_it_cut() -> None:
    session = small()
    do(session, "step", count=9)
    there = bits(session)
    do(session, "seek", step=4)
    answer = add(session)
    assert answer["undo"] == {"after": 4, "settings": [], "weights": 0, "biases": 0, "examples": 1}
    do(session, "step", count=9)
    with_it = bits(session)
    undone = do(session, "undo")
    assert (undone["last_step"], undone["examples"]["added"], undone["discarded_steps"]) == (9, 0, 9)
    do(session, "seek", step=9)
    assert bits(session) == there
    redone = do(session, "redo")
    assert (redone["last_step"], redone["examples"]["added"]) == (13, 1)
    assert bits(session) == with_it


def test_later_ones_fall_when_the_past_is_changed() -> None:
    session = small()
    for step in (2, 4, 6):
        do(session, "seek", step=step) if session.timeline.log.last_step >= step else do(session, "step", count=2)
        add(session, inputs=[step / 10, 0.0], label=0)
    assert [one.after for one in session.timeline.log.additions] == [2, 4, 6]
    do(session, "seek", step=4)
    assert examples(session)["added_after"][50:] == [2, 4]
    assert add(session)["index"] == 52
    assert [one.after for one in session.timeline.log.additions] == [2, 4, 4]
    do(session, "seek", step=3)
    do(session, "settings", batch_size=3)
    assert [one.after for one in session.timeline.log.additions] == [2]


def test_a_fork_has_those_up_to_its_point_and_goes_on_alike() -> None:
    session = small()
    do(session, "step", count=3)
    add(session)
    do(session, "step", count=10)
    fork = session.fork()
    assert examples(fork) == examples(session)
    for one in (session, fork):
        do(one, "step", count=10)
    assert bits(fork) == bits(session)
    do(session, "seek", step=2)
    assert session.fork().timeline.log.additions == ()


@pytest.mark.parametrize(
    "moves", [[], [("undo", {})], [("seek", {"step": 3})], [("seek", {"step": 6, "phase": "cost"})]]
)
def test_a_document_carries_it_and_what_undo_knows(moves: list[Any]) -> None:
    session = small()
    do(session, "step", count=3)
    add(session)
    do(session, "step", count=5)
    do(session, "settings", example={"index": 50})
    for method, body in moves:
        do(session, method, **body)
    document = json.loads(json.dumps(finish(session.export()), allow_nan=False))
    there = Session.from_export(document, session.limits)
    for one in (session, there):
        if not moves or moves[0][0] != "undo":
            do(one, "undo")
        do(one, "redo")
        do(one, "seek", step=8)
        do(one, "step", count=5)
    assert bits(there) == bits(session)
    assert trace_bits(there) == trace_bits(session)
    for one in (session, there):
        do(one, "seek", step=2)
    assert bits(there) == bits(session)
    assert view(there)["cost"]["of"] == 40
    assert finish(there.examples()) == finish(session.examples())


def test_a_document_may_have_a_mini_batch_that_needs_what_was_added_and_no_larger_one() -> None:
    session = make(dataset={"name": "xor"}, batch_size=4)
    do(session, "step")
    add(session, inputs=[0.5, 0.5], label=1)
    do(session, "settings", batch_size=5)
    do(session, "step", count=3)
    document = finish(session.export())
    there = Session.from_export(document, session.limits)
    do(there, "step")
    do(session, "step")
    assert bits(there) == bits(session)
    change = next(action for action in document["log"]["actions"] if "settings" in action)
    change["after"] = 0
    document["log"]["actions"].sort(key=lambda action: action["after"])
    with pytest.raises(Invalid, match="There are 4 training examples, so a mini-batch has at most 4; 5 was given"):
        Session.from_export(document, session.limits)


def test_other_sessions_of_the_data_set_are_not_touched() -> None:
    session, other, alone = small(), small(), small(seed=2)
    assert session.problem.examples is other.problem.examples
    do(session, "step", count=3)
    add(session)
    do(other, "step", count=12)
    assert view(other)["examples"] == {"train": 40, "test": 10, "added": 0}
    assert len(examples(other)["index"]) == len(examples(alone)["index"]) == 50
    assert max(row for batch in batches(other, range(1, 13)) for row in batch) < 50


# -- looking at it


def test_it_can_be_put_on_view_also_at_the_start_and_in_its_mini_batch() -> None:
    session = small()
    add(session)
    do(session, "settings", example={"index": 50})
    frame = finish(session.frame_data())
    assert (frame["example"]["index"], frame["example"]["label"]) == (50, 1)
    assert frame["layers"][0]["a"].tolist() == POINT["inputs"]
    assert frame["example"]["y"].tolist() == [0.0, 1.0]
    positions = []
    for _ in range(6):
        do(session, "step")
        told = trace(session)
        assert told["example"]["index"] == 50
        assert (told["example"]["x"], told["example"]["y"]) == (POINT["inputs"], [0.0, 1.0])
        frame = finish(session.frame_data())
        assert frame["example"]["position"] == told["example"]["position"]
        assert frame["batch"]["indices"] == told["batch"]["indices"]
        positions.append(told["example"]["position"])
        if positions[-1] is not None:
            assert told["batch"]["indices"][positions[-1]] == 50
    assert positions.count(None) == 5
    with np.load(io.BytesIO(finish(session.trace_npz())), allow_pickle=False) as arrays:
        assert arrays["index"] == 50


def test_before_it_was_added_another_example_is_on_view_and_undone_it_is_gone() -> None:
    session = small()
    do(session, "step", count=2)
    add(session)
    do(session, "settings", example={"index": 50})
    do(session, "step", count=2)
    do(session, "back", count=3)
    assert view(session)["config"]["example"] == {"position": 0}
    assert trace(session)["example"]["position"] == 0
    with pytest.raises(Invalid, match="The data set has 50 examples, 0 to 49; 50 was given"):
        trace(session, index=50)
    with pytest.raises(Invalid):
        do(session, "settings", example={"index": 50})
    do(session, "seek", step=0)
    assert finish(session.frame_data())["example"]["position"] == 0
    do(session, "seek", step=3)
    assert view(session)["config"]["example"] == {"index": 50}
    do(session, "undo")
    assert view(session)["config"]["example"] == {"position": 0}
    do(session, "redo")
    assert view(session)["config"]["example"] == {"position": 0}


def test_it_is_listed_with_what_the_network_says_of_it() -> None:
    session = small()
    add(session)
    do(session, "step", count=12)
    told = examples(session)
    assert (told["count"], told["total"], told["examined"]) == (51, 51, 51)
    assert (told["inputs"][50], told["targets"][50], told["labels"][50]) == (POINT["inputs"], [0.0, 1.0], 1)
    assert (told["part_of"][50], told["train"][50], told["added_after"][50]) == ("train", True, 0)
    assert told["predicted"][50] == predict(session, [POINT["inputs"]])["labels"][0]
    assert 50 in examples(session, part="train")["index"]
    assert examples(session, part="added")["index"] == [50]
    assert 50 not in examples(session, part="test")["index"]


def test_the_topology_tells_that_there_are_other_examples() -> None:
    session = small()
    tags = [session.topology()["data"]["examples_tag"]]
    do(session, "step", count=3)
    for body in (POINT, {"inputs": [0.0, 0.0], "label": 0}):
        add(session, **body)
        data = session.topology()["data"]
        assert (data["n_train"], data["n_test"], data["n_added"]) == (40 + len(tags), 10, len(tags))
        tags.append(data["examples_tag"])
    assert len(set(tags)) == 3
    do(session, "undo")
    assert session.topology()["data"]["examples_tag"] == tags[1]
    do(session, "seek", step=2)
    assert session.topology()["data"]["examples_tag"] == tags[0]


def test_a_map_stays_where_it_is_unless_one_is_added_outside_of_it() -> None:
    session = small()
    before = finish(session.response_maps(5))
    add(session, inputs=[before["x"][1] - 0.01, before["y"][0] + 0.01], label=0)
    assert finish(session.response_maps(5)) == before
    add(session, inputs=[10.0, 0.0], label=0)
    wide = finish(session.response_maps(5))
    assert wide["x"][1] > 10
    do(session, "undo")
    assert finish(session.response_maps(5)) == before


def test_any_data_set_takes_them_and_numbers_are_those_of_its_kind() -> None:
    digits = make(dataset={"name": "digits"}, layers=[64, 8, 10])
    add(digits, inputs=[0.5] * 64, label=7)
    assert examples(digits, order="cost", part="train")["index"].count(1_797) <= 1
    do(digits, "settings", example={"index": 1_797})
    do(digits, "step")
    assert trace(digits)["example"]["y"] == [0.0] * 7 + [1.0, 0.0, 0.0]
    sine = make(dataset={"name": "sine", "size": 20}, layers=[1, 4, 1])
    add(sine, inputs=[0.5], targets=[0.25])
    assert examples(sine)["targets"][20] == [0.25]
    xor = make(dataset={"inputs": [[0, 0], [0, 1]], "targets": [[0], [1]]}, batch_size=1)
    add(xor, inputs=[1.0, 0.0], label=1)
    assert examples(xor)["targets"][2] == [1.0]
    assert view(xor)["accuracy"]["train"] is not None
    logic = make(dataset={"name": "xor"}, layers=[2, 2, 1])
    add(logic, inputs=[0.5, 0.5], label=0)
    assert (examples(logic)["targets"][4], examples(logic)["labels"][4]) == ([0.0], 0)


def test_a_large_evaluated_part_makes_room_for_those_that_were_added() -> None:
    session = small(Limits(evaluation_examples=20))
    fixed = session.problem.examples.train_evaluated.rows.tolist()
    for count in (1, 2, 3):
        assert add(session)["cost"]["of"] == 20
        assert session.pool.evaluated(0).rows.tolist() == [*fixed[: 20 - count], *range(50, 50 + count)]


# -- what is refused


SINE: dict[str, Any] = {"dataset": {"name": "sine"}, "layers": [1, 2, 1]}
BETWEEN: dict[str, Any] = {
    "dataset": {"inputs": [[0]], "targets": [[0.5]]},
    "cost": "cross_entropy",
    "layers": [1, 1],
    "batch_size": 1,
}


@pytest.mark.parametrize(
    ("config", "body", "loc", "sentence"),
    [
        ({}, {"inputs": [1.0], "label": 0}, "inputs", "has 2 inputs; 1 were given"),
        ({}, {"inputs": [1.0, 2.0], "label": 2}, "label", "There are 2 classes, 0 to 1; label 2 was given"),
        ({}, {"inputs": [1.0, 2.0], "targets": [0.0, 1.0]}, "targets", "have classes: give label, 0 to 1, instead"),
        (SINE, {"inputs": [1.0], "label": 0}, "label", "give targets, 1 number"),
        (SINE, {"inputs": [1.0], "targets": [1.0, 2.0]}, "targets", "has 1 output; 2 were given"),
        (BETWEEN, {"inputs": [1.0], "targets": [1.5]}, "targets", "takes targets from 0 to 1"),
    ],
)
def test_an_example_that_does_not_fit_is_refused_and_nothing_changes(
    config: dict[str, Any], body: dict[str, Any], loc: str, sentence: str
) -> None:
    session = small(**config)
    before = view(session)
    with pytest.raises(Invalid, match=sentence) as refused:
        add(session, **body)
    assert refused.value.loc == ("body", loc)
    assert view(session) == before


def test_so_many_are_added_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    session = small(Limits(added_examples=2))
    add(session)
    add(session)
    with pytest.raises(Conflict, match="At most 2 examples are added to a session, and this one has as many"):
        add(session)
    do(session, "undo")
    monkeypatch.setattr("app.sessions.changing.ADDED_NUMBERS", 5)
    with pytest.raises(Conflict, match="at most 5 numbers of added examples, and has 3"):
        add(session)


def test_one_that_breaks_the_cost_says_so_and_undo_is_the_way_back() -> None:
    session = small(layers=[2, 2], activations="linear")
    do(session, "step", count=2)
    answer = add(session, inputs=[1e200, 0.0], label=0)
    assert (answer["finite"], answer["not_finite"]["step"]) == (False, 2)
    assert "With the example added after step 2, the cost is not a finite number" in answer["not_finite"]["message"]
    with pytest.raises(Conflict, match="With the example added after step 2"):
        do(session, "step")
    document = json.loads(json.dumps(finish(session.export()), allow_nan=False))
    assert view(Session.from_export(document, session.limits))["not_finite"] == answer["not_finite"]
    assert do(session, "undo")["finite"] is True
    do(session, "step", unit="phase")
    assert add(session, inputs=[1e200, 0.0], label=0)["finite"] is True
    do(session, "step")
    assert view(session)["not_finite"]["step"] == 3
    start = small(layers=[2, 2], activations="linear")
    assert "added after step 0" in add(start, inputs=[1e200, 0.0], label=0)["not_finite"]["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": [1.0]},
        {"label": 2},
        {"label": None},
        {"label": None, "targets": [0.0, 1.0]},
        {"targets": [1.0]},
        {"inputs": []},
    ],
)
def test_a_document_with_an_example_that_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    session = small()
    add(session)
    document = finish(session.export())
    document["log"]["actions"][0]["example"] |= change
    with pytest.raises(Invalid):
        Session.from_export(document, session.limits)


def test_while_it_plays_it_pauses_at_the_end_of_the_step() -> None:
    session = small()
    do(session, "play", unit="phase", per_second=100)
    session.tick(0.03, 1.0)
    assert not session.cursor.complete
    answer = add(session)
    assert (answer["playing"], at(session)) == (False, (1, "update", None))
    assert answer["examples"]["added"] == 1
