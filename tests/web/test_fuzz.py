"""No input ever gives a 500, and whatever is answered is JSON or a problem."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sessions import config, requests

MORE = max(1, int(os.environ.get("FUZZ_EXAMPLES", "0")) // 20)
"""`make fuzz` tries so many times more."""
tried = 0
QUICK = settings(
    max_examples=60 * MORE,
    deadline=None,
    database=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NUMBERS = st.sampled_from([0, 1, 2, 3, 10, -1, 0.5, 1e-300, 1e308, -0.0, 2**31, 2**63, 10**30, 1e5])
WORDS = st.sampled_from(
    ["sgd", "adam", "tanh", "softmax", "l2", "circle", "xor", "step", "phase", "update", "", "\u0000", "é"]
)
LEAVES = NUMBERS | WORDS | st.none() | st.booleans() | st.text(max_size=5)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
)


def field_names(model: type[config.Strict]) -> list[str]:
    """The names of a body's fields in JSON."""
    return [field.alias or name for name, field in model.model_fields.items()]


def near(model: type[config.Strict]) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies with the right names and anything in them; some of it right, since it is taken from the examples."""
    known: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in model.model_fields.items():
        right = st.sampled_from(field.examples or [None])
        inner = st.dictionaries(st.sampled_from(NESTED), LEAVES, max_size=3)
        known[field.alias or name] = right | right | ANYTHING | inner
    names = st.lists(st.sampled_from(field_names(model)), max_size=4, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: known[name] for name in chosen}))


NESTED = ["name", "learning_rate", "lambda", "size", "noise", "inputs", "targets", "labels", "position", "index",
          "step", "cost", "accuracy", "scale", "momentum", "layer", "j", "k", "value"]  # fmt: skip

WITHOUT_WEIGHT = {"layers": [2, 2, 1], "dataset": {"name": "xor"}}


def is_answer(answer: httpx.Response) -> None:
    """Whether it is what every answer is."""
    global tried
    tried += 1
    assert answer.status_code < 500, answer.text
    kind = answer.headers["content-type"]
    if answer.status_code >= 400:
        assert kind == "application/problem+json"
        assert answer.json()["detail"]
    elif kind == "application/json":
        json.loads(answer.content, parse_constant=lambda name: pytest.fail(f"{name} in an answer"))


@QUICK
@given(body=near(config.SessionConfig))
def test_any_configuration(client: httpx.Client, body: dict[str, Any]) -> None:
    answer = client.post("/api/sessions", json=body)
    is_answer(answer)
    if answer.status_code == 201:
        assert client.delete(answer.headers["location"]).status_code == 204


CALLS: dict[str, type[config.Strict]] = {
    "step": requests.StepRequest,
    "back": requests.StepRequest,
    "seek": requests.SeekRequest,
    "play": requests.PlayRequest,
    "predict": requests.PredictRequest,
    "nudge": requests.NudgeRequest,
    "examples": requests.NewExample,
    "": requests.SettingsPatch,
    "parameters": requests.ParametersPatch,
}


@pytest.fixture(scope="module")
def session(address: str) -> Iterator[str]:
    """A small session: its address."""
    yield str(httpx.post(f"{address}/api/sessions", json=WITHOUT_WEIGHT).json()["url"])
    print(f"inputs tried: {tried}")


@pytest.mark.parametrize("call", list(CALLS))
def test_any_call(client: httpx.Client, session: str, call: str) -> None:
    method = "PATCH" if call in ("", "parameters") else "POST"
    path = f"{session}/{call}".rstrip("/")

    @settings(QUICK, max_examples=30 * MORE)
    @given(body=near(CALLS[call]))
    def run(body: dict[str, Any]) -> None:
        is_answer(client.request(method, path, json=body))
        is_answer(client.get(session))

    run()
    client.post(f"{session}/pause")


@pytest.mark.parametrize("call", ["step", "play", "pause", "undo", "redo", "fork", "predict", "seek", "back", "nudge",
                                  "examples"])  # fmt: skip
def test_any_json_and_any_bytes(client: httpx.Client, session: str, call: str) -> None:
    @settings(QUICK, max_examples=15 * MORE)
    @given(body=ANYTHING.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40))
    def run(body: bytes) -> None:
        answer = client.post(f"{session}/{call}", content=body, headers={"Content-Type": "application/json"})
        is_answer(answer)
        if call == "fork" and answer.status_code == 201:
            client.delete(answer.headers["location"])

    run()
    client.post(f"{session}/pause")


READS = ["trace", "trace.npz", "gradient-check", "history", "response-maps", "examples", "export", "parameters.npz", "",
         "contributions"]  # fmt: skip
QUERY_NAMES = st.sampled_from(["step", "example", "index", "layer", "fields", "epsilon", "points", "resolution",
                               "limit", "offset", "include", "j", "k"])  # fmt: skip
QUERY_VALUES = st.sampled_from(
    ["0", "1", "2", "-1", "w", "parameters", "", "1e-4", "nan", "9" * 30, "%00", "%ff", "w,delta", " 1"]
)


@pytest.mark.parametrize("read", READS)
def test_any_query(client: httpx.Client, session: str, read: str) -> None:
    client.post(f"{session}/step")

    @settings(QUICK, max_examples=20 * MORE)
    @given(query=st.lists(st.tuples(QUERY_NAMES, QUERY_VALUES), max_size=3))
    def run(query: list[tuple[str, str]]) -> None:
        text = "&".join(f"{name}={value}" for name, value in query)
        is_answer(client.get(f"{session}/{read}".rstrip("/") + f"?{text}"))

    run()


@QUICK
@given(path=st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_path(client: httpx.Client, path: str) -> None:
    for before in ("/api/sessions/", "/api/datasets/", "/api/", "/static/"):
        answer = client.get(
            httpx.URL(str(client.base_url)).join(httpx.URL(before, raw_path=before.encode() + percent(path)))
        )
        is_answer(answer)


def percent(text: str) -> bytes:
    """Every byte of the text as %XX."""
    return b"".join(b"%%%02X" % byte for byte in text.encode())


@settings(QUICK, max_examples=40 * MORE)
@given(data=st.data())
def test_any_damage_to_an_exported_session(client: httpx.Client, session: str, data: st.DataObject) -> None:
    document = client.get(f"{session}/export").json()
    place: Any = document
    for _ in range(data.draw(st.integers(0, 4))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        place = place[key]
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    key = data.draw(st.sampled_from(keys))
    if data.draw(st.booleans()):
        place[key] = data.draw(ANYTHING)
    else:
        del place[key]
    answer = client.post("/api/sessions/import", json=document)
    is_answer(answer)
    if answer.status_code == 201:
        url = answer.headers["location"]
        for read in ("", "/trace", "/history", "/examples"):
            is_answer(client.get(url + read))
        is_answer(client.post(f"{url}/step"))
        is_answer(client.post(f"{url}/undo"))
        client.delete(url)


@settings(QUICK, max_examples=40 * MORE)
@given(name=st.text(max_size=10), content=st.binary(max_size=60), target=st.none() | st.text(max_size=5))
def test_any_file(client: httpx.Client, name: str, content: bytes, target: str | None) -> None:
    params = {} if target is None else {"target": target}
    safe = name.encode("utf-8", "replace").decode()
    answer = client.post("/api/datasets", files={"file": (safe, content)}, params=params)
    is_answer(answer)
    if answer.status_code == 201:
        client.delete(answer.headers["location"])
