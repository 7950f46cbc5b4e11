"""Adding an example over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.streaming.hub import KEEP_ALIVE_S
from app.web.api import traces, views
from tests.web.test_refusals import problem

POINT = {"inputs": [0.25, -0.75], "label": 1}


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A session three steps on: its address."""
    body = {"layers": [2, 4, 3, 2], "dataset": {"name": "circle", "size": 50}, "batch_size": 8, "seed": 3}
    url = client.post("/api/sessions", json=body).json()["url"]
    client.post(f"{url}/step", json={"count": 3})
    return str(url)


def test_an_added_example_is_answered_as_documented_and_listed(client: httpx.Client, session: str) -> None:
    answer = client.post(f"{session}/examples", json=POINT)
    assert answer.status_code == 200
    added = views.AddedView.model_validate_json(answer.content, strict=True)
    assert (added.index, added.discarded_steps, added.examples.added) == (50, 0, 1)
    assert answer.headers["etag"] == f'"{added.revision}"'
    listed = client.get(f"{session}/examples?offset=50")
    page = traces.ExamplePage.model_validate_json(listed.content, strict=True)
    assert (page.inputs, page.labels, page.added_after) == ([[0.25, -0.75]], [1], [3])
    assert page.right[0] is not None
    seen = views.SessionView.model_validate_json(client.get(session).content, strict=True)
    assert seen.undo is not None
    assert (seen.undo.examples, seen.undo.after) == (1, 3)
    history = client.get(f"{session}/history")
    traces.History.model_validate_json(history.content, strict=True)
    assert history.json()["actions"][-1]["examples"] == 1


def test_one_in_the_past_cuts_and_undo_brings_back(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/seek", json={"step": 1})
    assert client.post(f"{session}/examples", json=POINT).json()["discarded_steps"] == 2
    undone = client.post(f"{session}/undo").json()
    assert (undone["last_step"], undone["examples"]) == (3, {"train": 40, "test": 10, "added": 0})
    assert client.post(f"{session}/redo").json()["examples"]["added"] == 1


def test_an_outdated_if_match_adds_nothing(client: httpx.Client, session: str) -> None:
    answer = client.post(f"{session}/examples", json=POINT, headers={"If-Match": '"1"'})
    problem(answer, 412)
    assert client.get(session).json()["examples"]["added"] == 0


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"inputs": [0, 0]},
        {"inputs": [0, 0], "label": 0, "targets": [1, 0]},
        {"inputs": [0, 0], "label": -1},
        {"inputs": [0, 0], "label": 1.0},
        {"inputs": [0, 0], "label": 2},
        {"inputs": [0], "label": 0},
        {"inputs": [], "label": 0},
        {"inputs": ["0", 0], "label": 0},
        {"inputs": [0, 0], "targets": [1, 0]},
        {"inputs": [0, 0], "label": 0, "weight": 2},
    ],
)
def test_an_example_that_does_not_fit_is_422_and_changes_nothing(
    client: httpx.Client, session: str, body: object
) -> None:
    before = client.get(session).json()
    address = f"{session}/examples"
    problem(client.post(address) if body is None else client.post(address, json=body), 422)
    problem(client.post(address, content=b'{"inputs": [NaN, 0], "label": 0}'), 422)
    assert client.get(session).json() == before


def events(client: httpx.Client, session: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with client.stream("GET", f"{session}/stream") as stream:
        name = ""
        for line in stream.iter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)


def test_viewers_are_told_of_other_examples(address: str, client: httpx.Client, session: str) -> None:
    # less than the pause between two comments of a quiet stream: what does not come is an error, not a long wait
    with httpx.Client(base_url=address, timeout=KEEP_ALIVE_S - 1) as viewer:
        told = events(viewer, session)
        name, first = next(told)
        assert (name, first["data"]["n_train"], first["data"]["n_added"]) == ("topology", 40, 0)
        client.post(f"{session}/examples", json=POINT)
        second = next(content for name, content in told if name == "topology")
        assert (second["data"]["n_train"], second["data"]["n_added"]) == (41, 1)
        assert second["data"]["examples_tag"] != first["data"]["examples_tag"]
        client.post(f"{session}/seek", json={"step": 1})
        third = next(content for name, content in told if name == "topology")
        assert third["data"]["examples_tag"] == first["data"]["examples_tag"]
