"""Every refusal is a problem (RFC 9457) with the right status, and changes nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.hosting.capacity import Capacity
from app.settings import Settings
from tests.conftest import serving

JSON = {"Content-Type": "application/json"}


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that an answer is."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert content["status"] == status
    assert content["type"] == "about:blank"
    assert content["title"]
    assert content["detail"][-1] in ".!)"
    return content


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A small new session: its address."""
    return str(client.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"])


NOT_JSON = [
    b"{nope",
    b"{'layers': [2]}",
    b" ",
    b"\xff\xfe",
    b'{"seed": 1}}',
    b'{"seed": 0x10}',
    b'{"dataset": {"name": "\xff"}}',
    b'{"dataset": {"name": "\\ud800"}}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"seed": ' + b"9" * 10_000 + b"}",
    b'\xef\xbb\xbf{"seed": 1}',
    b'{"seed": 1, }',
    b"undefined",
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:20]))
def test_what_is_not_json_is_400(client: httpx.Client, body: bytes) -> None:
    problem(client.post("/api/sessions", content=body), 400)
    problem(client.post("/api/sessions", content=body, headers=JSON), 400)
    problem(client.post("/api/sessions", content=body, headers={"Content-Type": "text/plain"}), 400)


@pytest.mark.parametrize("declared", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "?", ""])
def test_json_under_another_name_is_415(client: httpx.Client, declared: str) -> None:
    problem(client.post("/api/sessions", content=b"{}", headers={"Content-Type": declared}), 415)


@pytest.mark.parametrize(
    "declared", ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/ld+json", None]
)
def test_json_under_its_name_or_none_is_read(client: httpx.Client, declared: str | None) -> None:
    headers = {} if declared is None else {"Content-Type": declared}
    answer = client.post("/api/sessions", content=b'{"seed": 8}', headers=headers)
    assert answer.json()["config"]["seed"] == 8


WRONG = [
    ({"layer": [2, 1]}, ["layer"]),
    ({"layers": "2,4,2"}, ["layers"]),
    ({"layers": [2, "4", 2]}, ["layers", 1]),
    ({"layers": [2, 4.0, 2]}, ["layers", 1]),
    ({"layers": [2, 4.5, 2]}, ["layers", 1]),
    ({"layers": [2, True, 2]}, ["layers", 1]),
    ({"layers": [2, 0, 2]}, ["layers", 1]),
    ({"layers": [2]}, ["layers"]),
    ({"layers": []}, ["layers"]),
    ({"layers": [3, 2]}, ["layers", 0]),
    ({"layers": [2, 4, 5]}, ["layers", 2]),
    ({"layers": [2, 10**30, 2]}, ["layers", 1]),
    ({"activations": "swish"}, ["activations"]),
    ({"activations": ["softmax", "sigmoid"], "layers": [2, 3, 2]}, ["activations", 0]),
    ({"activations": ["tanh"], "layers": [2, 3, 2]}, ["activations"]),
    ({"activations": []}, ["activations"]),
    ({"cost": "cross_entropy", "activations": "tanh"}, None),
    ({"cost": "log_likelihood", "activations": "sigmoid"}, None),
    ({"initializer": {"name": "normal", "scale": -1}}, ["initializer", "scale"]),
    ({"initializer": {"name": "xavier", "scale": 1}}, ["initializer", "name"]),
    ({"train_biases": 1}, ["train_biases"]),
    ({"train_biases": "true"}, ["train_biases"]),
    ({"optimizer": {"learning_rate": "0.5"}}, ["optimizer", "learning_rate"]),
    ({"optimizer": {"learning_rate": -0.5}}, ["optimizer", "learning_rate"]),
    ({"optimizer": {"name": "sgd", "beta1": 0.9}}, ["optimizer", "beta1"]),
    ({"optimizer": "sgd"}, ["optimizer"]),
    ({"optimizer": {"rate": 1}}, ["optimizer", "rate"]),
    ({"regularization": {"name": "none", "lambda": 1}}, None),
    ({"regularization": {"name": "l2", "lambda_": 1}}, ["regularization", "lambda_"]),
    ({"batch_size": 0}, ["batch_size"]),
    ({"batch_size": 501}, ["batch_size"]),
    ({"dataset": {"name": "mnist"}}, ["dataset", "name"]),
    ({"dataset": {"name": "../../etc/passwd"}}, ["dataset", "name"]),
    ({"dataset": {"name": "a\u0000b"}}, ["dataset", "name"]),
    ({"dataset": {"name": ""}}, ["dataset", "name"]),
    ({"dataset": {"name": "circle", "size": 1}}, ["dataset", "size"]),
    ({"dataset": {"name": "circle", "size": 10**12}}, ["dataset", "size"]),
    ({"dataset": {"name": "circle", "noise": -1}}, ["dataset", "noise"]),
    ({"dataset": {"inputs": [[1, 2]]}}, ["dataset"]),
    ({"dataset": {"inputs": [[1, 2], [3]], "labels": [0, 1]}}, None),
    ({"dataset": {"inputs": [[1, 2]], "labels": [0], "targets": [[1]]}}, ["dataset"]),
    ({"dataset": {"inputs": [[1, 2]], "labels": [0.5]}}, ["dataset", "labels", 0]),
    ({"dataset": {"inputs": [], "labels": []}}, ["dataset", "inputs"]),
    ({"test_fraction": 1}, ["test_fraction"]),
    ({"feedback": {"name": "transposed"}}, ["feedback", "name"]),
    ({"example": {}}, ["example"]),
    ({"example": {"position": 0, "index": 0}}, ["example"]),
    ({"example": {"position": -1}}, ["example", "position"]),
    ({"seed": -1}, ["seed"]),
    ({"seed": 2**53}, ["seed"]),
    ({"seed": 1.0}, ["seed"]),
    ({"weights": [[[1, 2]]], "initializer": "he"}, ["initializer"]),
    ({"weights": [[[1, 2], [3]]]}, None),
    ([], []),
    ("text", []),
    (7, []),
]


@pytest.mark.parametrize(("body", "place"), WRONG, ids=lambda value: json.dumps(value)[:50])
def test_a_wrong_configuration_is_422_and_names_its_place(
    client: httpx.Client, body: object, place: list[str | int] | None
) -> None:
    content = problem(client.post("/api/sessions", json=body), 422)
    for error in content["errors"]:
        assert set(error) == {"loc", "msg"}
        assert error["loc"][0] == "body"
        assert error["msg"].endswith(".")
    if place is not None:
        assert ["body", *place] in [error["loc"] for error in content["errors"]]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_nan_and_infinity_are_422_where_they_stand(client: httpx.Client, number: str) -> None:
    text = f'{{"optimizer": {{"learning_rate": {number}}}}}'
    content = problem(client.post("/api/sessions", content=text, headers=JSON), 422)
    assert content["errors"][0]["loc"] == ["body", "optimizer", "learning_rate"]
    assert "finite" in content["detail"] or "at least 0" in content["detail"]


def test_nan_deep_in_an_array_is_422(client: httpx.Client) -> None:
    text = '{"dataset": {"inputs": [[1, NaN]], "labels": [0]}}'
    content = problem(client.post("/api/sessions", content=text, headers=JSON), 422)
    assert content["errors"][0]["loc"] == ["body", "dataset", "inputs", 0, 1]


def test_the_sentence_says_what_was_given_and_what_is_allowed(client: httpx.Client) -> None:
    content = problem(client.post("/api/sessions", json={"layers": [2, 0, 2]}), 422)
    assert content["detail"] == "layers[1]: It must be at least 1; 0 was given."


def test_a_long_wrong_value_is_not_repeated_in_full(client: httpx.Client) -> None:
    answer = client.post("/api/sessions", json={"cost": "q" * 100_000})
    problem(answer, 422)
    assert len(answer.content) < 1_000


def test_a_body_that_is_wrong_everywhere_gets_a_short_answer(client: httpx.Client) -> None:
    inputs = [["x"] * 1_000] * 1_000  # told one by one, they would take the server minutes
    answer = client.post("/api/sessions", json={"dataset": {"inputs": inputs, "labels": ["y"] * 1_000}})
    assert 1 <= len(problem(answer, 422)["errors"]) <= 50
    answer = client.post("/api/sessions", json={f"field{n}": 0 for n in range(900)})
    assert len(problem(answer, 422)["errors"]) == 50


def test_an_object_with_very_many_fields_is_422(client: httpx.Client) -> None:
    many = {f"field{n}": 0 for n in range(1_001)}
    for body in (many, {"optimizer": many}, {"layers": [many]}):
        assert "1,001 fields" in problem(client.post("/api/sessions", json=body), 422)["detail"]


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("step", {"unit": "epochs"}),
        ("step", {"count": 0}),
        ("step", {"count": 10_001}),
        ("step", {"count": 1.5}),
        ("step", {"times": 2}),
        ("back", {"count": -1}),
        ("seek", None),
        ("seek", {}),
        ("seek", {"step": -1}),
        ("seek", {"step": 5}),
        ("seek", {"step": 0, "phase": "somewhere"}),
        ("play", {"unit": "epoch"}),
        ("play", {"per_second": -1}),
        ("play", {"until": {}}),
        ("play", {"until": {"step": 1, "cost": 0.1}}),
        ("pause", {"now": True}),
        ("undo", {"count": 2}),
        ("fork", []),
        ("predict", {"inputs": [[1]]}),
        ("predict", {"inputs": []}),
        ("predict", {}),
        ("predict", None),
    ],
)
def test_a_wrong_call_is_422_and_changes_nothing(client: httpx.Client, session: str, call: str, body: object) -> None:
    before = client.get(session).json()
    answer = client.post(f"{session}/{call}") if body is None else client.post(f"{session}/{call}", json=body)
    problem(answer, 422)
    assert client.get(session).json() == before


@pytest.mark.parametrize("call", ["step", "back", "play", "pause", "undo", "redo", "fork"])
@pytest.mark.parametrize("body", [b"{nope", b"\x00", b"[" * 5_000])
def test_a_call_with_what_is_not_json_is_400(client: httpx.Client, session: str, call: str, body: bytes) -> None:
    problem(client.post(f"{session}/{call}", content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    "query",
    [
        "step=one", "step=1.0", "step=1_0", "step=%201", "step=" + "9" * 5_000, "step=", "stepp=1", "step=1&step=1",
        "layer=0", "layer=4", "fields=w,zz", "fields=", "example=-1", "example=99", "index=4", "index=0&example=0",
    ],
)  # fmt: skip
def test_a_wrong_query_is_422_and_names_the_parameter(client: httpx.Client, session: str, query: str) -> None:
    client.post(f"{session}/step")
    content = problem(client.get(f"{session}/trace?{query}"), 422)
    assert content["errors"][0]["loc"][0] == "query"
    assert content["errors"][0]["loc"][1] in query


@pytest.mark.parametrize(
    "path",
    ["contributions", "contributions?layer=2", "contributions?layer=2&j=0", "contributions?layer=9&j=1",
     "contributions?layer=2&j=1&k=x", "contributions?layer=1&j=1&k=1", "history?points=1",
     "history?points=x", "response-maps?resolution=1", "response-maps?resolution=100000",
     "gradient-check?epsilon=nan", "gradient-check?epsilon=inf", "gradient-check?epsilon=0", "gradient-check?epsilon=x",
     "examples?limit=0", "examples?offset=-1",
     "examples?part=some", "examples?order=best", "examples?limit=1001", "export?all=1", "stream?from=1"],
)  # fmt: skip
def test_other_wrong_queries_are_422(client: httpx.Client, session: str, path: str) -> None:
    client.post(f"{session}/step")
    problem(client.get(f"{session}/{path}"), 422)


def test_a_view_with_an_unknown_include_is_422(client: httpx.Client, session: str) -> None:
    problem(client.get(session, params={"include": "everything"}), 422)


@pytest.mark.parametrize(
    "path", ["/nope", "/api/nope", "/api/sessions/", "/static/x.css", "/api/sessions/a/b/c", "/API"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_an_unknown_path_is_404(client: httpx.Client, path: str, method: str) -> None:
    problem(client.request(method, path), 404)


def test_a_browser_that_asks_for_a_page_that_is_not_there_gets_one(client: httpx.Client) -> None:
    answer = client.get("/nope<script>", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>" not in answer.text
    problem(client.get("/api/nope", headers={"Accept": "text/html"}), 404)


def test_a_call_without_the_body_it_needs_says_so(client: httpx.Client, session: str) -> None:
    content = problem(client.post(f"{session}/seek"), 422)
    assert content["errors"] == [{"loc": ["body"], "msg": "This call needs a body, in JSON."}]


@pytest.mark.parametrize(
    "identifier", ["0", "import", "%00", "%F0%9F%98%80", "a" * 5_000, "%ff", "..", "%2e%2e", "%5C", "'"]
)
def test_a_session_of_an_odd_name_is_404(client: httpx.Client, identifier: str) -> None:
    problem(client.get(f"/api/sessions/{identifier}x"), 404)
    problem(client.post(f"/api/sessions/{identifier}x/step"), 404)
    problem(client.get(f"/api/datasets/{identifier}x"), 404)


CALLS = ["step", "back", "play", "pause", "undo", "redo", "fork"]
READS = ["", "/trace", "/trace.npz", "/gradient-check", "/history", "/response-maps", "/examples", "/parameters.npz",
         "/export", "/stream", "/contributions?layer=2&j=1"]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_a_call_to_no_session_is_404(client: httpx.Client, call: str) -> None:
    problem(client.post(f"/api/sessions/none/{call}"), 404)


@pytest.mark.parametrize("read", READS)
def test_reading_no_session_is_404(client: httpx.Client, read: str) -> None:
    problem(client.get(f"/api/sessions/none{read}"), 404)


def test_a_step_that_was_not_made_is_404(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/step")
    problem(client.get(f"{session}/trace?step=2"), 404)
    problem(client.get(f"{session}/trace?step=0"), 404)


@pytest.mark.parametrize("read", ["trace", "trace.npz", "gradient-check", "contributions?layer=2&j=1"])
def test_at_the_start_there_is_nothing_to_trace_which_is_409(client: httpx.Client, session: str, read: str) -> None:
    assert "start" in problem(client.get(f"{session}/{read}"), 409)["detail"]


def test_maps_of_a_network_without_a_plane_are_409(client: httpx.Client) -> None:
    url = client.post("/api/sessions", json={"dataset": {"name": "sine"}}).json()["url"]
    problem(client.get(f"{url}/response-maps"), 409)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/sessions", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/api/sessions", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/api/sessions/x", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("GET", "/api/sessions/x/step", "OPTIONS, POST"),
        ("HEAD", "/api/sessions/x/step", "OPTIONS, POST"),
        ("POST", "/api/sessions/x/trace", "GET, HEAD, OPTIONS"),
        ("GET", "/api/sessions/x/parameters", "OPTIONS, PATCH"),
        ("PATCH", "/api/datasets", "GET, HEAD, OPTIONS, POST"),
        ("TRACE", "/api", "GET, HEAD, OPTIONS"),
        ("BREW", "/api", "GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_405_with_all_that_are_allowed(
    client: httpx.Client, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    if method != "HEAD":
        problem(answer, 405)


def test_options_says_what_is_allowed(client: httpx.Client) -> None:
    answer = client.options("/api/sessions")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_head_is_get_without_a_body(client: httpx.Client, session: str) -> None:
    for path in ("/api", session, f"{session}/stream", "/openapi.json", "/docs"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
    assert client.head(session).headers["etag"] == '"1"'


def test_a_body_that_is_too_large_is_413(client: httpx.Client) -> None:
    problem(client.post("/api/sessions", content=b" " * (33 * 2**20), headers=JSON), 413)


def test_a_body_that_is_too_large_without_a_length_is_413(client: httpx.Client) -> None:
    pieces = (b" " * 2**20 for _ in range(33))
    problem(client.post("/api/sessions", content=pieces, headers=JSON), 413)


def test_a_trace_that_is_too_large_is_413_and_says_what_to_do(client: httpx.Client) -> None:
    inputs = [[0.0] * 500] * 2
    body = {"dataset": {"inputs": inputs, "labels": [0, 1]}, "layers": [500, 100, 2]}
    url = client.post("/api/sessions", json=body).json()["url"]
    client.post(f"{url}/step")
    assert "trace.npz" in problem(client.get(f"{url}/trace"), 413)["detail"]
    assert client.get(f"{url}/trace?layer=3").status_code == 200
    assert client.get(f"{url}/trace.npz").status_code == 200


@pytest.fixture(scope="module")
def small() -> Iterator[httpx.Client]:
    """A server where two sessions are one's own at most, and three in all."""
    capacity = Capacity(sessions=3, sessions_per_owner=2, own_seconds=1_000)
    with (
        serving(Settings(body_bytes=2_000, capacity=capacity)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def test_too_many_sessions_are_429_with_when_to_try_again(small: httpx.Client) -> None:
    cookie = {"Cookie": "blameflow_viewer=0123456789abcdef0123"}
    urls = [small.post("/api/sessions", headers=cookie).json()["url"] for _ in range(2)]
    refused = small.post("/api/sessions", headers=cookie)
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) >= 1
    small.delete(urls[0])
    assert small.post("/api/sessions", headers=cookie).status_code == 201


def test_the_body_limit_is_a_setting(small: httpx.Client) -> None:
    answer = small.post("/api/sessions", content=b" " * 3_000, headers=JSON)
    assert "2,000 bytes" in problem(answer, 413)["detail"]


def raw(address: str, request: bytes) -> bytes:
    """What the server answers to these bytes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_body_that_breaks_off_harms_nobody(address: str, client: httpx.Client) -> None:
    raw(address, b'POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"seed"')
    assert client.get("/api").status_code == 200


def test_a_header_that_is_no_text_is_no_fault_of_ours(address: str) -> None:
    for header in (
        b"If-Match: \xff\xfe",
        b"Cookie: \xff=\xff",
        b"Content-Type: \xff",
        b"Origin: http://[",
        b"Cookie: =",
    ):
        answer = raw(
            address,
            b"POST /api/sessions/x/step HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + b"\r\n\r\n",
        )
        assert b" 500 " not in answer.splitlines()[0]
