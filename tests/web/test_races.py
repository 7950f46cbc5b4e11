"""Races over HTTP: they run beside the sessions, are watched, cancelled and bounded."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.races.limits import RaceLimits
from app.settings import Settings
from tests.conftest import serving

SMALL = {"session": {"layers": [2, 4, 3, 2], "dataset": {"name": "circle", "size": 60}}, "epochs": 3, "seeds": [1, 2]}
LONG = {"session": {"layers": [64, 30, 10], "dataset": {"name": "digits"}}, "epochs": 900, "seeds": [1]}


def finished(client: httpx.Client, url: str) -> dict[str, Any]:
    """The race once it is over."""
    for _ in range(600):
        race: dict[str, Any] = client.get(url).raise_for_status().json()
        if race["state"] not in ("waiting", "running"):
            return race
        time.sleep(0.05)
    raise AssertionError(f"the race is still {race['state']}")


@pytest.fixture(scope="module")
def bounded() -> Iterator[httpx.Client]:
    """A server that keeps few races."""
    limits = RaceLimits(race_kept=3, race_waiting=2, race_seeds=3, race_epochs=1_000)
    with serving(Settings(races=limits)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_a_race_ends_with_a_curve_for_every_seed_and_operator(client: httpx.Client) -> None:
    made = client.post("/api/races", json=SMALL)
    assert made.status_code == 201
    race = made.json()
    assert made.headers["location"] == race["url"]
    assert race["feedbacks"] == ["transpose", "random", "inverse_rescaled", "none"]
    assert race["config"]["batch_size"] >= 1
    age = datetime.now(UTC) - datetime.fromisoformat(race["created"])
    assert -1 <= age.total_seconds() < 60
    race = finished(client, race["url"])
    assert (race["state"], race["progress"], race["message"]) == ("done", 1, None)
    assert {(run["feedback"], run["seed"]) for run in race["runs"]} == {
        (feedback, seed) for feedback in race["feedbacks"] for seed in (1, 2)
    }
    for run in race["runs"]:
        assert run["epochs"] == [0, 1, 2, 3]
        assert [angles["layer"] for angles in run["angles"]] == [2, 3]
        assert len(run["cost"]["test"]) == len(run["accuracy"]["train"]) == 4
    transpose = next(run for run in race["runs"] if run["feedback"] == "transpose")
    assert max(transpose["angles"][0]["degrees"]) < 1e-4
    assert {one["feedback"]: one["runs"] for one in race["summary"]} == dict.fromkeys(race["feedbacks"], 2)
    table = client.get(race["url"] + "/results.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == 2 * 4 * 4
    assert race["id"] in [one["id"] for one in client.get("/api/races").json()]


def test_the_copies_are_the_sessions_own_training(client: httpx.Client) -> None:
    race = finished(client, client.post("/api/races", json=SMALL | {"feedbacks": ["random"]}).json()["url"])
    run = next(run for run in race["runs"] if run["seed"] == 2)
    body = SMALL["session"] | {"seed": 2, "feedback": {"name": "random"}}  # type: ignore[operator]
    session = client.post("/api/sessions", json=body).json()
    view = client.post(session["url"] + "/step", json={"unit": "epoch", "count": 3}).json()
    assert view["cursor"]["step"] == run["steps"][-1]
    assert view["cost"]["train"] == run["cost"]["train"][-1]
    assert view["accuracy"]["test"] == run["accuracy"]["test"][-1]


def test_progress_is_streamed_until_the_end(client: httpx.Client) -> None:
    race = client.post("/api/races", json=SMALL).json()
    states = []
    with client.stream("GET", race["stream_url"]) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        states += [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: ")]
    assert states[-1]["state"] == "done"
    assert [state["progress"] for state in states] == sorted(state["progress"] for state in states)
    assert "runs" not in states[0]


def test_a_race_can_be_cancelled_and_keeps_what_it_has_found(bounded: httpx.Client) -> None:
    race = bounded.post("/api/races", json=LONG).json()
    waiting = bounded.post("/api/races", json=LONG).json()
    for _ in range(600):
        race = bounded.get(race["url"]).json()
        if race["progress"] > 0:
            break
        time.sleep(0.05)
    assert bounded.get(waiting["url"]).json()["state"] == "waiting"
    refused = bounded.post("/api/races", json=SMALL)
    assert refused.status_code == 429
    assert "2 races wait already" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 0
    cancelled = bounded.delete(waiting["url"]).json()
    assert (cancelled["state"], cancelled["progress"]) == ("cancelled", 0)
    assert bounded.delete(race["url"]).json()["state"] == "cancelled"
    race = finished(bounded, race["url"])
    assert race["state"] == "cancelled"
    assert 0 < race["progress"] < 1
    assert race["runs"][0]["cost"]["train"]
    assert finished(bounded, bounded.post("/api/races", json=SMALL).json()["url"])["state"] == "done"


def test_old_races_are_forgotten(bounded: httpx.Client) -> None:
    first = finished(bounded, bounded.post("/api/races", json=SMALL | {"epochs": 1}).json()["url"])
    for _ in range(3):
        finished(bounded, bounded.post("/api/races", json=SMALL | {"epochs": 1}).json()["url"])
    assert bounded.get(first["url"]).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"feedbacks": []}, "at least 1"),
        ({"feedbacks": ["transpose", "transpose"]}, "named twice"),
        ({"feedbacks": ["backwards"]}, "transpose"),
        ({"seeds": [1, 2, 3, 4]}, "At most 3 seeds"),
        ({"epochs": 1001}, "At most 1,000 epochs"),
        ({"epochs": 0}, "at least 1"),
        ({"session": {"layers": [2, 2]}}, "without hidden layers"),
        ({"session": {"layers": [3, 4, 2], "dataset": {"name": "circle"}}}, "2"),
        ({"session": {"dataset": {"name": "unknown"}}}, "no data set 'unknown'"),
        ({"speed": 3}, "speed"),
    ],
)
def test_what_cannot_be_raced_is_refused(bounded: httpx.Client, change: dict[str, Any], words: str) -> None:
    answer = bounded.post("/api/races", json=SMALL | change)
    assert answer.status_code == 422, answer.text
    assert words in answer.text
    assert all(error["loc"][0] == "body" for error in answer.json()["errors"])


def test_a_race_that_would_take_for_ever_is_refused(client: httpx.Client) -> None:
    body = LONG | {
        "epochs": 1_000,
        "seeds": list(range(20)),
        "session": {"layers": [64, 400, 400, 10], "dataset": {"name": "digits"}},
    }
    answer = client.post("/api/races", json=body)
    assert answer.status_code == 422
    assert "fewer epochs" in answer.json()["detail"]


def test_feedback_comparison_measures_every_operator(client: httpx.Client) -> None:
    session = client.post(
        "/api/sessions", json={"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}, "seed": 4}
    ).json()
    assert client.get(session["url"] + "/feedback-comparison").status_code == 409
    client.post(session["url"] + "/step", json={"unit": "step", "count": 3})
    found = client.get(session["url"] + "/feedback-comparison").raise_for_status().json()
    assert (found["step"], found["feedback"]) == (3, "transpose")
    assert len(found["operators"]) == 9
    trace = client.get(session["url"] + "/trace").json()
    for one in next(o for o in found["operators"] if o["name"] == "transpose")["layers"]:
        received = trace["layers"][one["layer"] - 1]["received"]
        assert one["chain"]["vector"] == pytest.approx(received, rel=1e-12)
        assert one["chain"]["angle"] == pytest.approx(0, abs=0.01)
    shallow = client.post("/api/sessions", json={"layers": [2, 2], "dataset": {"name": "circle"}}).json()
    client.post(shallow["url"] + "/step", json={"unit": "step"})
    refused = client.get(shallow["url"] + "/feedback-comparison")
    assert (refused.status_code, "no hidden layer" in refused.json()["detail"]) == (409, True)


def test_other_activations_and_other_condition_numbers_can_be_tried(client: httpx.Client) -> None:
    body = {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}, "seed": 4}
    session = client.post("/api/sessions", json=body).json()
    tried = {"layer": 2, "k": 3, "offsets": [0.0, 0.5]}
    assert client.post(session["url"] + "/what-if", json=tried).status_code == 409
    client.post(session["url"] + "/step", json={"unit": "step"})
    trace = client.get(session["url"] + "/trace").json()
    found = client.post(session["url"] + "/what-if", json=tried).raise_for_status().json()
    assert found["cost"]["after"][0] == pytest.approx(trace["cost"]["example"], rel=1e-12)
    for j, z in enumerate(found["z"]["after"][1]):
        assert z == pytest.approx(trace["layers"][2]["z"][j] + 0.5 * trace["layers"][2]["w"][j][2])
    wrong: dict[str, Any]
    for wrong in ({"layer": 4}, {"k": 5}, {"layer": 9}, {"offsets": []}, {"offsets": [0.1] * 201}):
        assert client.post(session["url"] + "/what-if", json=tried | wrong).status_code == 422, wrong
    one = client.get(session["url"] + "/spectrum?layer=3").raise_for_status().json()
    assert one["transpose"]["vector"] == pytest.approx(trace["layers"][1]["received"])
    assert one["shape"] == [3, 4]
    assert one["weights"] is None
    two = client.get(session["url"] + "/spectrum?layer=3&kappa=1").json()
    assert (two["cosine"], two["condition"]) == (pytest.approx(1), pytest.approx(1))
    assert len(two["weights"]) == 3
    for query in ("layer=1", "layer=3&kappa=0.5", "layer=3&kappa=nan"):
        assert client.get(session["url"] + "/spectrum?" + query).status_code == 422, query
