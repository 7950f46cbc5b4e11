"""Answers to the questions of lessons over HTTP."""

from __future__ import annotations

import httpx
import pytest

from app.lessons.library import lessons


@pytest.fixture
def session(client: httpx.Client) -> str:
    """The id of a session such as the lesson about bugs opens."""
    first = lessons()["spot-the-bug"].steps[0].stage.session
    made = client.post("/api/sessions", json=first).json()
    client.post(f"{made['url']}/step", json={})
    return str(made["id"])


@pytest.mark.parametrize(("given", "right"), [(2, True), (2.0, True), (2.5, False), (1.9, False), (3, False)])
def test_an_option_is_named_by_its_place_and_no_fraction_is_rounded(
    client: httpx.Client, session: str, given: float, right: bool
) -> None:
    address = "/api/lessons/spot-the-bug/steps/2"
    answer = client.post(f"{address}/check", json={"session": session, "answer": given}).json()
    assert answer["right"] is right
    assert client.get(f"{address}/answer?session={session}").json()["answer"] == 2
