"""The examples to choose from, and what the network at the cursor says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.sessions import examining
from app.sessions.errors import Invalid, TooLarge
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import do, make, predict, small, view


def examples(session: Session, **query: Any) -> dict[str, Any]:
    return finish(session.examples(**query))


COLUMNS = ("index", "part_of", "train", "targets", "labels", "predicted", "right", "cost", "added_after")


def test_examples_are_listed_by_rows_with_their_part() -> None:
    session = small()
    told = examples(session, limit=30, offset=40)
    assert (told["count"], told["total"], told["examined"], told["offset"]) == (50, 50, 50, 40)
    assert told["index"] == list(range(40, 50))
    assert {len(told[name]) for name in (*COLUMNS, "inputs")} == {10}
    whole = examples(session)
    assert whole["train"].count(True) == 40
    assert whole["inputs"][40:] == told["inputs"]
    assert whole["inputs"] == session.problem.examples.dataset.inputs.tolist()
    assert whole["targets"] == session.problem.examples.targets.tolist()
    assert whole["added_after"] == [None] * 50
    assert examples(session, limit=10, offset=99)["inputs"] == []
    with pytest.raises(Invalid):
        examples(session, limit=10, offset=-1)


def test_a_part_has_its_own_rows() -> None:
    session = small()
    train, test = examples(session, part="train"), examples(session, part="test")
    assert (train["total"], test["total"]) == (40, 10)
    assert set(train["part_of"]) == {"train"}
    assert set(test["part_of"]) == {"test"}
    assert train["index"] == session.problem.examples.train.rows.tolist()
    assert sorted([*train["index"], *test["index"]]) == list(range(50))
    assert train["wrong"] + test["wrong"] == examples(session)["wrong"]


@pytest.mark.parametrize("moves", [[], [("step", {"count": 7})], [("step", {"unit": "phase", "count": 9})]])
def test_the_mini_batch_is_listed_in_its_order(moves: list[Any]) -> None:
    session = small()
    for method, body in moves:
        do(session, method, **body)
    told = examples(session, part="batch")
    assert (told["part"], told["count"]) == ("batch", 50)
    assert told["index"] == finish(session.frame_data())["batch"]["indices"]
    assert told["total"] == told["examined"] == len(told["index"])
    whole = examples(session)
    assert told["cost"] == [whole["cost"][row] for row in told["index"]]
    assert told["wrong"] == told["right"].count(False)
    costly = examples(session, part="batch", order="cost")["cost"]
    assert costly == sorted(told["cost"], reverse=True)


def test_a_mini_batch_of_late_rows_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "EXAMINED", 12)
    session = small(dataset={"name": "circle", "size": 500})
    told = examples(session, part="batch", order="misclassified")
    assert max(told["index"]) > 12
    assert told["examined"] == len(told["index"]) == told["total"]
    assert None not in told["cost"]


@pytest.mark.parametrize("moves", [[], [("step", {"count": 30})], [("step", {"unit": "phase", "count": 9})]])
def test_what_is_said_of_them_is_what_the_network_at_the_cursor_predicts(moves: list[Any]) -> None:
    session = small()
    for method, body in moves:
        do(session, method, **body)
    told = examples(session)
    answer = predict(session, told["inputs"])
    assert told["step"] == session.cursor.parameters_step
    assert told["predicted"] == answer["labels"]
    assert told["right"] == [one == label for one, label in zip(answer["labels"], told["labels"], strict=True)]
    assert told["wrong"] == told["right"].count(False)
    costs = 0.5 * ((np.array(answer["outputs"]) - told["targets"]) ** 2).sum(axis=1)
    assert told["cost"] == pytest.approx(costs.tolist(), rel=1e-12)
    train = [right for right, part in zip(told["right"], told["part_of"], strict=True) if part == "train"]
    assert view(session)["accuracy"]["train"] == pytest.approx(np.mean(train))


def test_the_misclassified_come_first_the_costliest_of_them_first() -> None:
    session = small()
    do(session, "step", count=10)
    told = examples(session, order="misclassified")
    keys = [(right, -cost) for right, cost in zip(told["right"], told["cost"], strict=True)]
    assert 0 < told["wrong"] < 50
    assert keys == sorted(keys)
    assert told["right"][: told["wrong"]] == [False] * told["wrong"]
    page = examples(session, order="misclassified", offset=5, limit=3, part="train")
    whole = examples(session, order="misclassified", part="train")
    assert page["index"] == whole["index"][5:8]


def test_the_costliest_come_first_and_what_is_not_finite_before_all() -> None:
    session = small(dataset={"name": "sine", "size": 50}, layers=[1, 4, 1])
    told = examples(session, order="cost")
    assert told["cost"] == sorted(told["cost"], reverse=True)
    assert (told["wrong"], set(told["right"]), set(told["predicted"])) == (None, {None}, {None})
    with pytest.raises(Invalid, match="no classes, so none is misclassified: use order=cost"):
        examples(session, order="misclassified")
    do(session, "parameters", biases=[{"layer": 3, "j": 1, "value": 1e200}])
    assert set(examples(session, order="cost")["cost"]) == {None}


def test_one_output_names_the_class_from_a_half_on() -> None:
    session = make(dataset={"name": "xor"}, layers=[2, 2, 1], activations="sigmoid", batch_size=2)
    do(session, "step", count=5)
    told = examples(session)
    outputs = predict(session, told["inputs"])["outputs"]
    assert told["predicted"] == [int(output[0] >= 0.5) for output in outputs]


def test_figures_do_not_depend_on_what_was_asked_and_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    session = small(dataset={"name": "circle", "size": 500})
    do(session, "step", count=3)
    pages = [examples(session, limit=37, offset=offset) for offset in range(0, 500, 37)]
    again = small(dataset={"name": "circle", "size": 500})
    do(again, "step", count=3)
    whole = examples(again, limit=500)
    assert [cost for page in pages for cost in page["cost"]] == whole["cost"]
    monkeypatch.setattr(examining, "judge", None)
    assert examples(again, limit=500, order="cost")["wrong"] == whole["wrong"]


def test_another_point_and_another_log_are_looked_at_anew() -> None:
    session = small()
    do(session, "step", count=3)
    third = examples(session)
    do(session, "back")
    assert examples(session)["cost"] != third["cost"]
    do(session, "step")
    assert examples(session) == third
    do(session, "parameters", biases=[{"layer": 2, "j": 1, "value": 2.0}])
    assert examples(session)["cost"] != third["cost"]
    do(session, "undo")
    assert examples(session) == third


def test_of_a_large_data_set_the_first_rows_are_examined_and_any_row_can_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examining, "EXAMINED", 100)
    session = small(dataset={"name": "circle", "size": 500})
    told = examples(session, order="cost", limit=500)
    assert (told["total"], told["examined"], len(told["index"])) == (500, 100, 100)
    assert max(told["index"]) == 99
    beyond = examples(session, offset=450)
    assert (beyond["examined"], beyond["wrong"]) == (100, told["wrong"])
    assert None not in beyond["cost"]
    part = examples(session, part="test", order="misclassified", limit=500)
    assert part["examined"] == len(part["index"]) == sum(row < 100 for row in session.problem.examples._test_rows)


def test_long_work_lets_others_have_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "SLICE_PRODUCTS", 1)
    session = small(dataset={"name": "circle", "size": 500})
    assert sum(1 for _ in session.examples()) >= 500 // 16


def test_long_inputs_are_left_out_and_a_page_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    session = small()
    monkeypatch.setattr(examining, "PAGE_NUMBERS", 20)
    with pytest.raises(
        TooLarge, match="11 examples of 2 inputs are too many numbers for one answer: ask for at most 10"
    ):
        examples(session, limit=11)
    monkeypatch.setattr(examining, "INPUTS_SHOWN", 1)
    assert examples(session)["inputs"] is None


def test_asking_changes_nothing() -> None:
    session = small()
    do(session, "step", count=3)
    before = view(session, include_parameters=True)
    examples(session, order="misclassified")
    assert view(session, include_parameters=True) == before
