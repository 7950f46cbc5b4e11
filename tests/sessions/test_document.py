"""A session as a document, and back; documents that were made to harm."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sessions.errors import Invalid
from app.sessions.limits import Limits
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import BuiltIn, bits, do, key, make, small, trace, view


def document(session: Session, with_data: bool = True) -> dict[str, Any]:
    """The session as whoever asks for it over HTTP has it."""
    told: dict[str, Any] = json.loads(
        json.dumps(finish(session.export(with_data)), allow_nan=False, default=np.ndarray.tolist)
    )
    return told


def told(session: Session) -> dict[str, Any]:
    """Its view, without what a copy has of its own."""
    found = view(session, include_parameters=True)
    return {name: value for name, value in found.items() if name not in ("revision", "playing", "play")}


def eventful() -> Session:
    """With Adam, random feedback, edits, changes, undone ones, and standing in mid-step."""
    session = small(optimizer={"name": "adam", "learning_rate": 0.02}, feedback={"name": "random"}, seed=4)
    do(session, "step", count=7)
    do(session, "settings", batch_size=5)
    do(session, "step", count=5)
    do(session, "parameters", weights=[{"layer": 2, "j": 1, "k": 1, "value": 0.25}])
    do(session, "step", count=4)
    do(session, "settings", feedback={"name": "fresh_random"}, example={"index": 3})
    do(session, "undo")
    do(session, "seek", step=12)
    do(session, "settings", regularization={"name": "l2", "lambda": 0.1})
    do(session, "step", count=3)
    do(session, "step", unit="phase", count=6)
    do(session, "settings", optimizer={"name": "rmsprop"})
    return session


@pytest.mark.parametrize("with_data", [True, False])
def test_an_imported_session_stands_at_the_same_point_with_the_same_bits(with_data: bool) -> None:
    session = eventful()
    there = Session.from_export(document(session, with_data), Limits(), BuiltIn())
    assert told(there) == told(session)
    assert (key(there), there.timeline.log) == (key(session), session.timeline.log)
    assert trace(there) == trace(session)
    assert bits(there) == bits(session)
    assert finish(there.history())["steps"][-1] == finish(session.history())["steps"][-1]
    assert document(there, with_data) == document(session, with_data)


@pytest.mark.parametrize(
    "moves", [[("step", 3)], [("back", 2)], [("undo", 0)], [("undo", 0), ("undo", 0), ("redo", 0)]]
)
def test_an_imported_session_goes_on_and_back_with_the_same_bits(moves: list[tuple[str, int]]) -> None:
    session = eventful()
    there = Session.from_export(document(session), Limits())
    for method, count in moves:
        for each in (session, there):
            do(each, method, **({"count": count} if count else {}))
        assert told(there) == told(session)
        assert bits(there) == bits(session)


@pytest.mark.parametrize("steps", [0, 1, 6])
def test_an_edit_at_the_very_step_comes_along(steps: int) -> None:
    session = small(optimizer={"name": "momentum"})
    if steps:
        do(session, "step", count=steps)
    do(session, "parameters", biases=[{"layer": 2, "j": 1, "value": 0.75}])
    do(session, "settings", optimizer={"name": "nesterov"})
    there = Session.from_export(document(session), Limits())
    assert told(there) == told(session)
    for each in (session, there):
        do(each, "step", count=3)
    assert bits(there) == bits(session)


def test_a_session_that_is_put_away_takes_checkpoints_along() -> None:
    session = small(layers=[2, 20, 20, 2])
    do(session, "step", count=1_000)
    kept = document(session, with_data=False)["checkpoints"]
    assert [state["step"] for state in kept] == [128 * place for place in range(1, 8)]
    there = Session.from_export(document(session, with_data=False), Limits(), BuiltIn())
    for step in (999, 130, 3):
        for each in (session, there):
            do(each, "seek", step=step)
        assert bits(there) == bits(session)


def test_a_diverged_session_can_be_exported_and_goes_back_where_it_arrives() -> None:
    session = small(activations=["relu", "relu", "linear"], cost="quadratic", optimizer={"learning_rate": 1e3})
    do(session, "step", count=100)
    there = Session.from_export(document(session), Limits())
    assert told(there) == told(session)
    for each in (session, there):
        do(each, "back")
    assert bits(there) == bits(session)


@pytest.mark.parametrize("name", ["xor", "circle", "plane", "digits"])
def test_the_config_of_a_view_makes_the_same_session(name: str) -> None:
    session = make(dataset={"name": name}, seed=7)
    again = make(**view(session)["config"])
    assert told(again) == told(session)
    for each in (session, again):
        do(each, "step", count=4)
    assert bits(again) == bits(session)


def test_the_config_of_an_inline_session_with_explicit_weights_makes_the_same_session() -> None:
    session = make(
        dataset={"inputs": [[0, 0], [0, 1], [1, 0]], "targets": [[0.5], [1], [2]]},
        weights=[[[1, -1], [0.5, 2]], [[1, 1]]],
        biases=[[0, 0.1], [0]],
        optimizer={"name": "rmsprop", "alpha": 0.9},
    )
    again = make(**json.loads(json.dumps(view(session)["config"])))
    for each in (session, again):
        do(each, "step", count=4)
    assert told(again) == told(session)


# -- documents that cannot be

DOCUMENT = document(eventful())
HOSTILE: list[Any] = [
    *(None, True, 0, -1, 1, 3, 10**30, 2**53, -0.5, 1e308, 1.5, math.nan, math.inf),
    *("", "sgd", "softmax", "\0", [], {}, [[]], [None], [1e308], {"name": "adam"}, [0] * 100),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in a document; of long lists the first and the last."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key_, item in items:
        if not isinstance(value, list) or key_ in (0, len(value) - 1):
            found += places(item, (*path, key_))
    return found


PLACES = places(DOCUMENT)


def use(session: Session) -> None:
    """Everything that a session does, a little of each."""
    json.dumps(view(session, include_parameters=True), allow_nan=False)
    for method, body in (
        ("step", {}),
        ("back", {"count": 2}),
        ("undo", {}),
        ("redo", {}),
        ("seek", {"step": 0}),
        ("step", {"unit": "phase"}),
    ):
        try:
            json.dumps(do(session, method, **body), allow_nan=False)
        except Exception as error:
            if not hasattr(error, "detail"):
                raise
    if session.cursor.step:
        json.dumps(trace(session), allow_nan=False)
        finish(session.gradient_check())
    finish(session.frame_data())
    finish(session.history())
    json.dumps(finish(session.export()), allow_nan=False)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(
    st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(HOSTILE) | st.just("delete")), min_size=1, max_size=2)
)
def test_a_document_that_was_tampered_with_is_refused_as_invalid_or_works(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    tampered = copy.deepcopy(DOCUMENT)
    for path, value in changes:
        try:
            place = tampered
            for part in path[:-1]:
                place = place[part]
            if value == "delete":
                del place[path[-1]]
            else:
                place[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    try:
        session = Session.from_export(tampered, Limits(), BuiltIn())
    except Invalid:
        return
    use(session)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("layers",), [2, 10**6, 3, 2], ["layers", 1]),
        (("layers",), [3, 4, 3, 2], ["data", "inputs"]),
        (("state", "step"), 1, ["state", "step"]),
        (("state", "parameters"), [0.0], ["state"]),
        (("state", "optimizer"), {}, ["state", "optimizer"]),
        (("state", "parameters", 0), None, ["state", "parameters"]),
        (("cursor", "step"), 99, ["cursor", "step"]),
        (("cursor", "layer"), 9, ["layer"]),
        (("log", "last_step"), 10**9, ["log"]),
        (("log", "first", "batch_size"), 41, ["log"]),
        (("start",), [0.0], ["start"]),
        (("example",), {"index": 50}, ["example", "index"]),
        (("undo", 0, "after"), 3_000, ["undo", 0]),
        (("version",), 2, ["version"]),
        (("echoed", "initializer"), {"script": 1}, ["echoed", "initializer", "name"]),
        (("data", "values", 0), 2, ["data"]),
        (("history", "steps"), [1, 2], ["history"]),
    ],
)
def test_what_is_wrong_in_a_document_is_named(path: tuple[Any, ...], value: Any, place: list[Any]) -> None:
    tampered = copy.deepcopy(DOCUMENT)
    *parents, last = path
    within = tampered
    for part in parents:
        within = within[part]
    within[last] = value
    with pytest.raises(Invalid) as refused:
        Session.from_export(tampered, Limits())
    assert refused.value.loc == ("body", *place)


@pytest.mark.parametrize("nothing", [{}, [], None, "x", {"format": "blameflow-session"}])
def test_what_is_no_document_is_refused(nothing: Any) -> None:
    with pytest.raises(Invalid, match="not a session that was exported here"):
        Session.from_export(nothing, Limits())


def test_a_document_without_data_needs_a_place_to_look_it_up() -> None:
    with pytest.raises(Invalid, match="has no data") as refused:
        Session.from_export(document(small(), with_data=False), Limits())
    assert refused.value.loc == ("body", "data")


# -- extreme data

EXTREME = (0.0, -0.0, 5e-324, 1.0, -1e10, 1e154, 1e300, -1.7976931348623157e308, 1.7976931348623157e308)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(
    st.lists(st.lists(st.sampled_from(EXTREME), min_size=2, max_size=2), min_size=1, max_size=6),
    st.sampled_from(EXTREME),
    st.sampled_from(["linear", "sigmoid", "tanh", "relu", "gelu", "softplus"]),
    st.sampled_from(["sgd", "adam", "rmsprop", "momentum"]),
    st.sampled_from(["transpose", "inverse_rescaled", "sign", "random"]),
)
def test_extreme_data_never_end_in_an_error(
    inputs: list[list[float]], target: float, activation: str, optimizer: str, feedback: str
) -> None:
    session = make(
        layers=[2, 3, 3, 1],
        activations=activation,
        cost="quadratic",
        dataset={"inputs": inputs, "targets": [[target]] * len(inputs)},
        optimizer={"name": optimizer},
        feedback={"name": feedback},
    )
    use(session)
    json.dumps(finish(session.response_maps(5)), allow_nan=False)
    use(Session.from_export(document(session), Limits()))


def test_infinite_start_weights_are_refused() -> None:
    with pytest.raises(Invalid, match="infinite weights"):
        small(initializer={"name": "normal", "scale": 1.7e308})
    assert np.isfinite(small(initializer={"name": "normal", "scale": 1e100}).problem.start.flat).all()
