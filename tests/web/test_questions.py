"""Single numbers questioned over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.web.api import questions
from tests.web.test_refusals import problem


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A session three steps on: its address."""
    body = {"layers": [2, 4, 3, 2], "dataset": {"name": "circle", "size": 50}, "seed": 3}
    url = client.post("/api/sessions", json=body).json()["url"]
    client.post(f"{url}/step", json={"count": 3})
    return str(url)


@pytest.mark.parametrize(
    "body",
    [
        {"what": "weight", "layer": 2, "j": 4, "k": 2},
        {"what": "bias", "layer": 4, "j": 2, "by": 1e-4},
        {"what": "activation", "layer": 1, "j": 1, "k": None},
        {"what": "activation", "layer": 4, "j": 1},
    ],
)
@pytest.mark.parametrize("query", ["", "?step=2&example=1", "?index=7"])
def test_a_nudge_has_the_documented_shape(client: httpx.Client, session: str, body: dict[str, Any], query: str) -> None:
    before = client.get(session).json()
    answer = client.post(f"{session}/nudge{query}", json=body)
    assert answer.status_code == 200
    questions.Nudge.model_validate_json(answer.content, strict=True)
    assert answer.json()["agrees"] is True
    assert client.get(session).json() == before


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"what": "cost", "layer": 2, "j": 1},
        {"what": "weight", "layer": 2, "j": 1},
        {"what": "bias", "layer": 2, "j": 1, "k": 1},
        {"what": "bias", "layer": 2, "j": 0},
        {"what": "bias", "layer": 2.0, "j": 1},
        {"what": "bias", "layer": 2, "j": 5},
        {"what": "bias", "layer": 2, "j": 1, "by": 0},
        {"what": "bias", "layer": 2, "j": 1, "by": 0.2},
        {"what": "bias", "layer": 2, "j": 1, "epsilon": 1e-5},
    ],
)
def test_a_nudge_that_cannot_be_is_422(client: httpx.Client, session: str, body: object) -> None:
    problem(client.post(f"{session}/nudge") if body is None else client.post(f"{session}/nudge", json=body), 422)


def test_a_nudge_at_the_start_is_409_and_of_no_session_404(client: httpx.Client, session: str) -> None:
    body = {"what": "bias", "layer": 2, "j": 1}
    problem(client.post(f"{session}/nudge?step=4", json=body), 404)
    problem(client.post(f"{session}/nudge?index=1&example=1", json=body), 422)
    client.post(f"{session}/seek", json={"step": 0})
    assert "start" in problem(client.post(f"{session}/nudge", json=body), 409)["detail"]
    problem(client.post("/api/sessions/none/nudge", json=body), 404)


@pytest.mark.parametrize("query", ["layer=2&j=1&k=2", "layer=3&j=2", "layer=1&j=2", "layer=4&j=2&k=3&step=1"])
def test_contributions_have_the_documented_shape(client: httpx.Client, session: str, query: str) -> None:
    answer = client.get(f"{session}/contributions?{query}")
    assert answer.status_code == 200
    questions.Contributions.model_validate_json(answer.content, strict=True)
