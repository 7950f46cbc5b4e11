"""Where others reach the server, sessions belong to who made them: everybody may watch, few may change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.settings import Settings
from app.web import urls
from app.web.safety import control, viewer
from tests.conftest import serving

SMALL = {"layers": [2, 2, 1], "dataset": {"name": "xor"}}
ANN, BOB = ({"Cookie": f"{viewer.VIEWER_COOKIE}={name * 8}"} for name in ("anna", "bobb"))
READING = ("/predict", "/nudge", "/what-if", "/fork")
"""Calls that send something, and leave the session as it is."""
BODIES: dict[str, Any] = {
    "/seek": {"step": 0},
    "/parameters": {"biases": [{"layer": 2, "j": 1, "value": 1}]},
    "/examples": {"inputs": [0, 0], "label": 1},
}


@pytest.fixture(scope="module")
def public() -> Iterator[httpx.Client]:
    """A server that others reach."""
    with serving(Settings(public=True)) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def body(method: str, path: str) -> Any:
    """What such a call needs."""
    return {"batch_size": 1} if method == "PATCH" and not path else BODIES.get(path)


def made(public: httpx.Client, headers: dict[str, str] | None = None) -> tuple[str, str]:
    """A new session: its address and its token."""
    answer = public.post("/api/sessions", json=SMALL, headers=headers)
    assert answer.status_code == 201
    return answer.headers["location"], answer.headers[control.HEADER]


def writing(public: httpx.Client) -> list[tuple[str, str]]:
    """Every call that changes a session, as the documentation lists them: method and path behind the session's."""
    found = []
    prefix = "/api/sessions/{id}"
    for path, item in public.get(urls.OPENAPI).json()["paths"].items():
        found += [
            (method.upper(), path.removeprefix(prefix))
            for method in item
            if path.startswith(prefix) and method != "get" and not path.endswith(READING)
        ]
    return sorted(found, key=lambda call: call[0] == "DELETE")


def test_a_stranger_may_change_nothing(public: httpx.Client) -> None:
    url, token = made(public, ANN)
    before = public.get(url).json()
    calls = writing(public)
    assert len(calls) == 11
    other = made(public)[1]
    for headers in ({}, BOB, {control.HEADER: other}, {control.HEADER: token[:-1]}, {control.HEADER: "?"}):
        for method, path in calls:
            answer = public.request(method, url + path, json=body(method, path), headers=headers)
            assert (answer.status_code, method, path) == (403, method, path)
            assert "You are watching" in answer.json()["detail"]
    assert public.get(url).json() == before


@pytest.mark.parametrize("way", ["maker", "header", "cookie"])
def test_its_maker_may_and_who_has_the_token(public: httpx.Client, way: str) -> None:
    url, token = made(public, ANN)
    headers = {
        "maker": ANN,
        "header": {control.HEADER: token},
        "cookie": {"Cookie": f"{control.COOKIE}={made(public)[1]}.{token}"},
    }[way]
    public.post(f"{url}/step", headers=headers)
    for method, path in writing(public):
        answer = public.request(method, url + path, json=body(method, path), headers=headers)
        assert answer.status_code in (200, 204, 409), (method, path, answer.text)  # 409: nothing more to redo
    assert public.get(url).status_code == 404


def test_anybody_may_look_and_fork(public: httpx.Client) -> None:
    url, token = made(public, ANN)
    public.post(f"{url}/step", headers=ANN)
    for path in ("", "/trace", "/export", "/history", "/link"):
        assert public.get(url + path, headers=BOB).status_code == 200
    assert public.post(f"{url}/predict", json={"inputs": [[0, 1]]}, headers=BOB).status_code == 200
    for headers in (BOB, {}):
        fork = public.post(f"{url}/fork", headers=headers)
        own = fork.headers["location"]
        assert fork.headers[control.HEADER] != token
        assert public.post(f"{own}/step", headers={control.HEADER: fork.headers[control.HEADER]}).status_code == 200
        assert public.post(f"{own}/step", headers=ANN).status_code == 403


def test_an_import_belongs_to_who_imports(public: httpx.Client) -> None:
    url, _ = made(public, ANN)
    answer = public.post("/api/sessions/import", json=public.get(f"{url}/export").json(), headers=BOB)
    own = answer.headers["location"]
    assert public.post(f"{own}/step", headers=ANN).status_code == 403
    assert public.post(f"{own}/step", headers=BOB).status_code == 200
    assert public.post(f"{own}/step", headers={control.HEADER: answer.headers[control.HEADER]}).status_code == 200


def test_what_is_made_without_a_cookie_is_nobody_s_and_not_listed(public: httpx.Client) -> None:
    url, _ = made(public)
    assert public.get("/api/sessions").json() == []
    assert public.post(f"{url}/step").status_code == 403
    assert public.post(f"{url}/step", headers={"Cookie": f"{viewer.VIEWER_COOKIE}="}).status_code == 403


def test_a_session_that_is_not_there_is_404_for_strangers_too(public: httpx.Client) -> None:
    assert public.post("/api/sessions/none/step").status_code == 404


def test_an_upload_is_its_maker_s(public: httpx.Client) -> None:
    files = {"file": ("a.csv", "x,y\n" + "".join(f"{i},{i}\n" for i in range(10)))}
    name = public.post("/api/datasets", files=files).json()["id"]
    assert name not in {data["name"] for data in public.get("/api/datasets").json()}
    assert public.post("/api/sessions", json={"dataset": {"name": name}}).status_code == 201
    assert public.delete(f"/api/datasets/{name}").status_code == 404


def test_a_race_is_its_maker_s(public: httpx.Client) -> None:
    race = {"session": SMALL, "feedbacks": ["transpose"], "seeds": [1], "epochs": 1}
    answer = public.post("/api/races", json=race, headers=ANN)
    url = answer.headers["location"]
    page = f"{urls.race()}/{url.rpartition('/')[2]}"
    assert 'id="race-cancel"' in public.get(page, headers=ANN).text
    assert 'id="race-cancel"' not in public.get(page, headers=BOB).text
    assert public.delete(url, headers=BOB).status_code == 403
    assert public.delete(url, headers=ANN).status_code == 200
    assert public.delete(url, headers={control.HEADER: answer.headers[control.HEADER]}).status_code == 200


def test_the_page_of_a_stranger_only_watches(public: httpx.Client) -> None:
    url, token = made(public, ANN)
    page = urls.page(url.rpartition("/")[2])
    own, watched = public.get(page, headers=ANN).text, public.get(page, headers=BOB).text
    assert "data-watching" not in own
    assert token in own
    assert "data-watching" in watched
    assert token not in watched
    assert 'id="make-mine"' in watched
    assert watched.count('<fieldset class="resting" disabled>') == 4
    training = urls.fragment(url.rpartition("/")[2], "training")
    assert 'class="resting" disabled' in public.get(training, headers=BOB).text
    assert 'class="resting"' not in public.get(training, headers=ANN).text
    assert public.post(training, data={"learning_rate": "0.1"}, headers=BOB).status_code == 403
    assert public.post(training, data={"learning_rate": "0.1"}, headers=ANN).status_code == 200


def test_the_link_to_control_gives_a_cookie_that_scripts_cannot_read(public: httpx.Client) -> None:
    url, token = made(public, ANN)
    page = urls.page(url.rpartition("/")[2])
    refused = public.post(f"{page}/control", data={"token": token[:-1] + "x"})
    assert refused.status_code == 403
    assert control.COOKIE not in refused.cookies
    taken = public.post(f"{page}/control", data={"token": token}, headers=BOB)
    assert taken.status_code == 204
    cookie = taken.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    both = {"Cookie": f"{BOB['Cookie']}; {control.COOKIE}={taken.cookies[control.COOKIE]}"}
    public.cookies.clear()
    assert "data-watching" not in public.get(page, headers=both).text
    assert public.post(f"{url}/step", headers=both).status_code == 200


def test_a_browser_keeps_so_many_tokens_the_newest_first(public: httpx.Client) -> None:
    cookie, urls_made = "", []
    for _ in range(control.MOST_TOKENS + 1):
        url, token = made(public)
        urls_made.append(url)
        headers = {"Cookie": f"{control.COOKIE}={cookie}"}
        answer = public.post(f"{urls.page(url.rpartition('/')[2])}/control", data={"token": token}, headers=headers)
        cookie = answer.cookies[control.COOKIE]
        public.cookies.clear()
    headers = {"Cookie": f"{control.COOKIE}={cookie}"}
    assert public.post(f"{urls_made[0]}/step", headers=headers).status_code == 403
    assert public.post(f"{urls_made[1]}/step", headers=headers).status_code == 200
    assert public.post(f"{urls_made[-1]}/step", headers=headers).status_code == 200


def test_a_frame_has_its_token_behind_the_address(public: httpx.Client) -> None:
    address = public.get("/new?embed=1&dataset=xor").headers["location"]
    page, _, token = address.partition("#control=")
    session = urls.api_session(page.partition("?")[0].rpartition("/")[2])
    assert public.post(f"{session}/step").status_code == 403
    assert public.post(f"{session}/step", headers={control.HEADER: token}).status_code == 200


def test_on_this_machine_everybody_may_and_the_token_is_told_all_the_same(client: httpx.Client) -> None:
    answer = client.post("/api/sessions", json=SMALL, headers=ANN)
    assert answer.headers[control.HEADER]
    assert client.post(f"{answer.headers['location']}/step", headers=BOB).status_code == 200
    page = client.get(urls.page(answer.json()["id"]), headers=BOB).text
    assert "data-watching" not in page
    assert answer.headers[control.HEADER] not in page


def test_tokens_differ_by_session_and_by_server() -> None:
    one, other = control.Control(True, b"1" * 32), control.Control(True, b"2" * 32)
    assert len({one.token("a"), one.token("b"), other.token("a")}) == 3
    assert len(one.token("a")) == 43
