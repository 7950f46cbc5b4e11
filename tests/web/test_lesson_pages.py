"""A link into the middle of a lesson leads to where a reader comes who walked there."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.lessons.lesson import Step
from app.lessons.library import lessons


def at(client: httpx.Client, url: str) -> dict[str, Any]:
    """Where a session stands, what sends its error back, and its weights."""
    view = client.get(url, params={"include": "parameters"}).raise_for_status().json()
    return {name: view[name] for name in ("cursor", "weights", "biases")} | {"feedback": view["config"]["feedback"]}


def walked(client: httpx.Client, url: str, step: Step) -> None:
    """What the page does when a reader comes to a step."""
    point, feedback = step.stage.at, step.stage.feedback
    if point is not None:
        view = client.get(url).raise_for_status().json()
        if (more := point.step - view["last_step"]) > 0:
            client.post(f"{url}/seek", json={"step": view["last_step"]}).raise_for_status()
            client.post(f"{url}/step", json={"count": more}).raise_for_status()
        client.post(f"{url}/seek", json=point.model_dump(exclude_none=True)).raise_for_status()
    if feedback is not None and client.get(url).json()["config"]["feedback"]["name"] != feedback:
        client.patch(url, json={"feedback": {"name": feedback}}).raise_for_status()


@pytest.mark.parametrize("name", list(lessons()))
def test_a_link_to_any_step_leads_to_where_a_reader_comes(client: httpx.Client, name: str) -> None:
    url = ""
    for number, step in enumerate(lessons()[name].steps, start=1):
        if step.stage.session is not None:
            url = client.post("/api/sessions", json=step.stage.session).raise_for_status().json()["url"]
        walked(client, url, step)
        location = client.get(f"/lessons/{name}?step={number}").headers["location"]
        page, _, hash_ = location.partition("#")
        assert hash_ == f"lesson={name}/{number}"
        assert at(client, f"/api{page}") == at(client, url), number
        if step.ask and step.ask.operator:
            client.patch(url, json={"feedback": {"name": step.ask.operator}}).raise_for_status()


def test_the_last_step_of_random_wires_is_about_a_network_that_has_learnt(client: httpx.Client) -> None:
    location = client.get("/lessons/random-wires?step=5").headers["location"]
    url = f"/api{location.partition('#')[0]}"
    view = client.get(url).json()
    assert view["config"]["feedback"]["name"] == "random"
    assert view["accuracy"]["test"] > 0.9
    compared = client.get(f"{url}/feedback-comparison").json()["operators"]
    (random,) = [one for one in compared if one["name"] == "random"]
    assert random["layers"][0]["chain"]["angle"] < 60
