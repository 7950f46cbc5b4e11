"""Sessions over HTTP: making, seeing, changing and deleting them."""

from __future__ import annotations

from itertools import pairwise

import httpx
import pytest


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A small new session: its address."""
    made = client.post("/api/sessions", json={"dataset": {"name": "circle", "size": 50}, "seed": 3})
    assert made.status_code == 201, made.text
    return str(made.json()["url"])


def test_a_new_session_is_201_with_its_location(client: httpx.Client) -> None:
    made = client.post("/api/sessions", json={})
    assert made.status_code == 201
    assert made.headers["location"] == made.json()["url"]
    assert client.get(made.headers["location"]).json() == made.json()


def test_a_body_of_nothing_makes_a_session_of_defaults(client: httpx.Client) -> None:
    made = client.post("/api/sessions").json()
    assert made["config"]["dataset"]["name"] == "circle"
    assert made["cursor"] == {"step": 0, "phase": "start", "layer": None}


def test_the_same_body_gives_the_same_numbers(client: httpx.Client) -> None:
    body = {"dataset": {"name": "moons", "size": 60}, "seed": 11}
    one, other = (client.post("/api/sessions", json=body).json()["url"] for _ in range(2))
    costs = [client.post(f"{url}/step", json={"count": 5}).json()["cost"] for url in (one, other)]
    assert costs[0] == costs[1]


def test_the_revision_is_the_etag(client: httpx.Client, session: str) -> None:
    answer = client.post(f"{session}/step")
    assert answer.headers["etag"] == f'"{answer.json()["revision"]}"'
    assert client.get(session).headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize("call", ["step", "back", "seek", "play", "pause", "undo", "redo", "fork"])
def test_an_outdated_if_match_is_412_and_changes_nothing(client: httpx.Client, session: str, call: str) -> None:
    before = client.post(f"{session}/step").json()
    body = {"step": 0} if call == "seek" else None
    answer = client.post(f"{session}/{call}", json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    del before["discarded_steps"]
    assert client.get(session).json() == before


@pytest.mark.parametrize("body", [{"batch_size": 5}, {"feedback": {"name": "random"}}])
def test_an_outdated_if_match_refuses_a_patch(client: httpx.Client, session: str, body: dict[str, object]) -> None:
    client.post(f"{session}/step")
    assert client.patch(session, json=body, headers={"If-Match": '"1"'}).status_code == 412


def test_an_outdated_if_match_refuses_a_delete(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/step")
    assert client.delete(session, headers={"If-Match": '"1"'}).status_code == 412
    assert client.get(session).status_code == 200


@pytest.mark.parametrize("header", ['"1"', "*", '"7", "1"', 'W/"9", "1"', "1"])
def test_an_if_match_that_names_the_revision_is_accepted(client: httpx.Client, session: str, header: str) -> None:
    assert client.get(session).headers["etag"] == '"1"'
    assert client.post(f"{session}/step", headers={"If-Match": header}).status_code == 200


@pytest.mark.parametrize(
    "header", ['"2"', 'W/"1"', '"7", "8"', '"one"', '""', '"1e0"', "''", '"-1"', '"' + "9" * 400 + '"']
)
def test_an_if_match_that_does_not_is_412(client: httpx.Client, session: str, header: str) -> None:
    answer = client.post(f"{session}/step", headers={"If-Match": header})
    assert answer.status_code == 412
    assert client.get(session).json()["last_step"] == 0


def test_include_parameters_adds_them_in_the_book_s_shapes(client: httpx.Client, session: str) -> None:
    view = client.get(session, params={"include": "parameters"}).json()
    layers = view["config"]["layers"]
    assert [[len(w), len(w[0])] for w in view["weights"]] == [[m, n] for n, m in pairwise(layers)]
    assert [len(b) for b in view["biases"]] == layers[1:]
    assert "weights" not in client.get(session).json()


def test_numbers_read_back_exactly(client: httpx.Client) -> None:
    weights = [[[0.1, 1e-300, 1 / 3]], [[-0.0], [5e-324], [1.7976931348623157e308]]]
    body = {"layers": [3, 1, 3], "weights": weights, "dataset": {"inputs": [[1, 2, 3]], "targets": [[0, 0, 1]]}}
    url = client.post("/api/sessions", json={**body, "activations": "linear"}).json()["url"]
    shown = client.get(url, params={"include": "parameters"}).json()["weights"]
    assert repr(shown) == repr(weights)


def test_an_edit_is_seen_and_undone(client: httpx.Client, session: str) -> None:
    edit = {"weights": [{"layer": 2, "j": 1, "k": 2, "value": 0.5}]}
    changed = client.patch(f"{session}/parameters", json=edit)
    assert changed.json()["discarded_steps"] == 0
    seen = client.get(session, params={"include": "parameters"}).json()
    assert seen["weights"][0][0][1] == 0.5
    client.post(f"{session}/undo")
    undone = client.get(session, params={"include": "parameters"}).json()
    assert undone["weights"][0][0][1] != 0.5
    client.post(f"{session}/redo")
    assert client.get(session, params={"include": "parameters"}).json()["weights"] == seen["weights"]


def test_a_change_in_the_past_says_how_many_steps_it_cut(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/step", json={"count": 6})
    client.post(f"{session}/seek", json={"step": 2})
    assert client.patch(session, json={"batch_size": 7}).json()["discarded_steps"] == 4


def test_undo_without_anything_to_undo_is_409(client: httpx.Client, session: str) -> None:
    assert client.post(f"{session}/undo").status_code == 409
    assert client.post(f"{session}/redo").status_code == 409


def test_back_at_the_start_is_409(client: httpx.Client, session: str) -> None:
    assert client.post(f"{session}/back").status_code == 409


def test_a_fork_is_a_session_of_its_own(client: httpx.Client, session: str) -> None:
    before = client.post(f"{session}/step", json={"count": 3}).json()
    made = client.post(f"{session}/fork")
    assert made.status_code == 201
    assert made.headers["location"] == made.json()["url"] != session
    assert made.json()["cost"] == before["cost"]
    client.post(f"{made.json()['url']}/step")
    assert client.get(session).json()["last_step"] == 3


def test_a_fork_at_another_point_leaves_the_session_where_it_is(client: httpx.Client, session: str) -> None:
    before = client.post(f"{session}/step", json={"count": 3}).json()
    made = client.post(f"{session}/fork", json={"step": 2, "phase": "cost"}).json()
    assert made["cursor"] == {"step": 2, "phase": "cost", "layer": None}
    now = client.get(session).json()
    assert (now["cursor"], now["revision"]) == (before["cursor"], before["revision"])
    client.post(f"{session}/seek", json={"step": 2, "phase": "cost"})
    assert client.get(f"{made['url']}/trace").json() == client.get(f"{session}/trace").json()


def test_a_fork_where_the_session_never_was_is_422(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/step")
    answer = client.post(f"{session}/fork", json={"step": 2})
    assert answer.status_code == 422
    assert "steps 0 (the start) to 1" in answer.json()["detail"]


def test_a_deleted_session_is_gone(client: httpx.Client, session: str) -> None:
    answer = client.delete(session)
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(session).status_code == 404
    assert client.delete(session).status_code == 404


def test_the_listing_has_one_s_own_sessions_newest_first(client: httpx.Client) -> None:
    cookie = {"Cookie": "blameflow_viewer=0123456789abcdef0123"}
    ids = [client.post("/api/sessions", json={}, headers=cookie).json()["id"] for _ in range(3)]
    assert [view["id"] for view in client.get("/api/sessions", headers=cookie).json()] == ids[::-1]
    assert not {view["id"] for view in client.get("/api/sessions").json()} & set(ids)


def test_api_calls_never_set_a_cookie(client: httpx.Client, session: str) -> None:
    answers = [client.post("/api/sessions"), client.get("/api/sessions"), client.post(f"{session}/step")]
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_a_session_that_plays_says_so_and_pauses(client: httpx.Client, session: str) -> None:
    playing = client.post(f"{session}/play", json={"unit": "step", "per_second": 1})
    assert playing.json()["playing"] is True
    paused = client.post(f"{session}/pause").json()
    assert paused["playing"] is False
    assert paused["cursor"]["phase"] in ("start", "update")


def test_an_exported_session_is_imported_at_the_same_point(client: httpx.Client, session: str) -> None:
    before = client.post(f"{session}/step", json={"count": 4}).json()
    document = client.get(f"{session}/export")
    assert "session.json" in document.headers["content-disposition"]
    made = client.post("/api/sessions/import", content=document.content, headers={"Content-Type": "application/json"})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == made.json()["url"] != session
    for field in ("cursor", "cost", "accuracy", "config", "last_step"):
        assert made.json()[field] == before[field]


@pytest.mark.parametrize("document", [{}, {"format": "something"}, [], "text", None, 7])
def test_what_is_no_exported_session_is_422(client: httpx.Client, document: object) -> None:
    assert client.post("/api/sessions/import", json=document).status_code == 422
