"""Addresses that open a session: with settings, at a point of another's, carried in the link, and in a frame."""

from __future__ import annotations

import base64
import json
import re
import socket
import zlib
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from app.datasets import built_in
from app.sessions.config import SessionConfig
from app.sessions.errors import Invalid
from app.web import asked, carried, shown, urls
from app.web.presets import PRESETS


def session_of(answer: httpx.Response) -> str:
    """The API's address of the session that an answer leads to."""
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/sessions/(\w+)(\?.*)?", answer.headers["location"])
    assert found
    return urls.api_session(found[1])


def packed(body: object, version: str = "1") -> str:
    """A link's text that holds anything."""
    held = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"{version}.{base64.urlsafe_b64encode(zlib.compress(held)).decode().rstrip('=')}"


def is_page(answer: httpx.Response, status: int, *words: str) -> None:
    """A page that says what was wrong, and leads on."""
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert f'href="{urls.HOME}"' in answer.text
    for word in words:
        assert word in answer.text


# -- how it is shown


def test_what_a_query_says_is_read_and_written_again_in_one_order() -> None:
    read = shown.read(QueryParams("hide=cost,left,nonsense&present=1&theme=dark&connections=sent&new=1&step=3"))
    assert (read.present, read.embed, read.theme) == (True, False, "dark")
    assert read.hide == ("data", "network", "training", "batch", "cost")
    assert read.query() == "?present=1&theme=dark&hide=cost,left,nonsense&connections=sent&step=3"
    assert read.query(without=shown.POINT).endswith("&connections=sent")
    assert shown.read(QueryParams("")).query() == ""


@pytest.mark.parametrize("query", ["theme=blue", "present=yes", "embed=", "hide=%00,<b>", "theme=" + "x" * 5_000])
def test_what_a_page_does_not_understand_is_left_out(client: httpx.Client, query: str) -> None:
    path = client.get("/").headers["location"]
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text.partition("<body")[2][:500]


# -- settings in the address


def test_an_address_with_settings_opens_a_session_with_them(client: httpx.Client) -> None:
    query = (
        "layers=2,5,3,2&activations=relu,tanh,sigmoid&dataset=circle&size=200&noise=0.2&learning_rate=.25"
        "&optimizer=momentum&momentum=0.5&regularization=l2&lambda=0.1&batch_size=7&shuffle=false&train_biases=false"
        "&test_fraction=0.5&feedback=random&example=3&seed=4&initializer=normal&scale=1e-1&cost=quadratic"
    )
    config = client.get(session_of(client.get(f"/new?{query}"))).json()["config"]
    assert config == {
        "layers": [2, 5, 3, 2], "activations": ["relu", "tanh", "sigmoid"], "cost": "quadratic",
        "dataset": {"name": "circle", "size": 200, "noise": 0.2},
        "optimizer": {"name": "momentum", "learning_rate": 0.25, "momentum": 0.5},
        "regularization": {"name": "l2", "lambda": 0.1}, "batch_size": 7, "shuffle": False, "train_biases": False,
        "test_fraction": 0.5, "feedback": {"name": "random"}, "example": {"position": 3}, "seed": 4,
        "initializer": {"name": "normal", "scale": 0.1}, "weights": None, "biases": None,
    }  # fmt: skip


def test_settings_in_an_address_make_the_session_that_the_same_body_makes(client: httpx.Client) -> None:
    body = {"layers": [2, 4, 1], "dataset": {"name": "xor"}, "activations": "tanh", "seed": 9}
    made = client.post("/api/sessions", json=body).json()
    asked_for = client.get(session_of(client.get("/new?layers=2,4,1&dataset=xor&activations=tanh&seed=9"))).json()
    assert asked_for["config"] == made["config"]
    assert asked_for["cost"] == made["cost"]


def test_nothing_in_the_address_is_the_session_of_an_empty_body(client: httpx.Client) -> None:
    made = client.get(session_of(client.get("/new"))).json()
    assert made["config"] == client.post("/api/sessions", json={}).json()["config"]


def test_the_point_in_an_address_is_where_the_new_session_stands(client: httpx.Client) -> None:
    answer = client.get("/new?dataset=xor&seed=2&step=5&phase=send_back&layer=2&connections=sent&present=1")
    assert answer.headers["location"].endswith("?present=1&connections=sent")
    made = client.get(session_of(answer)).json()
    assert made["cursor"] == {"step": 5, "phase": "send_back", "layer": 2}
    other = client.post("/api/sessions", json={"dataset": {"name": "xor"}, "seed": 2}).json()["url"]
    client.post(f"{other}/step", json={"count": 5})
    client.post(f"{other}/seek", json={"step": 5, "phase": "send_back", "layer": 2})
    assert client.get(f"{made['url']}/trace").json() == client.get(f"{other}/trace").json()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("layers=2,x,2", "layers[1]: It must be a whole number; &#34;x&#34; was given."),
        ("layers=", "layers[0]: It must be a whole number"),
        ("layers=2,0,2", "layers[1]: It must be at least 1; 0 was given."),
        ("layers=2,4,7", "The data has 2 classes"),
        ("layers=2," + "9" * 18 + ",2", "at most"),
        ("learning_rate=fast", "optimizer.learning_rate: It must be a number"),
        ("learning_rate=1e999", "optimizer.learning_rate"),
        ("learning_rate=nan", "optimizer.learning_rate"),
        ("shuffle=yes", "shuffle: It must be true or false"),
        ("dataset=nothing", "nothing"),
        ("optimizer=best", "optimizer.name"),
        ("pace=1", "pace: There is no such setting; there are layers, "),
        ("seed=1&seed=2", "seed: It was given twice."),
        ("<b>=1", "&lt;b&gt;: There is no such setting"),
        ("seed=" + "1" * 5_000, "too long"),
        ("step=-1", "step: It must be at least 0"),
        ("step=3&phase=nowhere", "phase"),
        ("step=99999999", "leads to step 10,000 at most"),
    ],
)
def test_a_wrong_setting_is_a_page_with_the_api_s_sentence(client: httpx.Client, query: str, words: str) -> None:
    is_page(client.get(f"/new?{query}"), 422, words)


def test_an_address_that_is_refused_leaves_no_session_behind(client: httpx.Client) -> None:
    client.get("/")
    before = len(client.get("/api/sessions").json())
    assert client.get("/new?dataset=xor&step=3&phase=nowhere").status_code == 422
    assert client.get("/new?layers=2,3,3,1&dataset=xor&step=3&phase=gate").status_code == 422
    assert len(client.get("/api/sessions").json()) == before


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*asked.PLACES, *shown.NAMES, "more"]),
            st.text(max_size=12)
            | st.sampled_from(["1", "2,3", "0.5", "normal", "xor", "true", "-1", "1e5", "send_back"]),
        ),
        max_size=6,
    )
)
def test_any_settings_are_a_configuration_or_refused(pairs: list[tuple[str, str]]) -> None:
    query = QueryParams(pairs)
    for read in (asked.configuration, asked.point):
        with suppress(Invalid):
            read(query)


# -- a copy of another's session


def test_a_copy_stands_at_the_point_and_the_session_stays_where_it_is(client: httpx.Client) -> None:
    session = session_of(client.get("/new?dataset=circle&seed=4&step=30"))
    identifier = session.rpartition("/")[2]
    client.cookies.clear()
    answer = client.get(f"{urls.copy(identifier)}?step=21&phase=gate&layer=2&connections=sent&theme=dark")
    assert answer.headers["location"].endswith("?theme=dark&connections=sent")
    made = session_of(answer)
    assert made != session
    assert client.get(made).json()["cursor"] == {"step": 21, "phase": "gate", "layer": 2}
    assert client.get(session).json()["cursor"]["step"] == 30
    client.post(f"{session}/seek", json={"step": 21, "phase": "gate", "layer": 2})
    assert client.get(f"{made}/trace").json() == client.get(f"{session}/trace").json()
    both = [client.get(f"{url}?include=parameters").json() for url in (made, session)]
    assert both[0]["weights"] == both[1]["weights"]
    assert both[0]["biases"] == both[1]["biases"]


def test_a_copy_without_a_point_is_made_at_the_cursor(client: httpx.Client) -> None:
    session = session_of(client.get("/new?step=3&phase=cost"))
    made = session_of(client.get(urls.copy(session.rpartition("/")[2])))
    assert client.get(made).json()["cursor"] == {"step": 3, "phase": "cost", "layer": None}


@pytest.mark.parametrize("query", ["step=4", "step=x", "step=1&phase=gate", "phase=cost", "step=1&layer=2.5"])
def test_a_copy_at_no_point_of_the_session_is_a_page_that_says_so(client: httpx.Client, query: str) -> None:
    session = session_of(client.get("/new?step=3"))
    is_page(client.get(f"{urls.copy(session.rpartition('/')[2])}?{query}"), 422)


def test_a_copy_of_no_session_is_a_page_that_says_so(client: httpx.Client) -> None:
    is_page(client.get(urls.copy("none")), 404, "There is no session")


@pytest.mark.parametrize("path", [urls.NEW, urls.OPEN, urls.copy("none")])
def test_another_page_s_pictures_and_scripts_make_no_session(client: httpx.Client, path: str) -> None:
    for mode in ("no-cors", "cors", "same-origin"):
        assert client.get(path, headers={"Sec-Fetch-Mode": mode}).status_code == 403
    assert client.get(urls.NEW, headers={"Sec-Fetch-Mode": "navigate"}).status_code == 303


# -- carried in the link


@pytest.mark.parametrize("info", built_in(), ids=lambda info: info.name)
def test_a_link_carries_exactly_these_parameters(client: httpx.Client, info: Any) -> None:
    body: dict[str, Any] = {"dataset": {"name": info.name}, "seed": 3}
    if info.name == "digits":
        body["layers"] = [64, 2, 10]
    session = client.post("/api/sessions", json=body).json()["url"]
    client.post(f"{session}/step", json={"count": 12})
    before = client.get(f"{session}?include=parameters").json()
    answer = client.get(f"{session}/link")
    if info.name == "digits":
        assert answer.status_code in (200, 413)
        return
    url = answer.json()["url"]
    assert len(url) < 6_100
    made = client.get(f"{session_of(client.get(url))}?include=parameters").json()
    assert made["weights"] == before["weights"]
    assert made["biases"] == before["biases"]
    assert made["cost"] == before["cost"]
    without = {"initializer", "weights", "biases"}
    assert {k: v for k, v in made["config"].items() if k not in without} == {
        k: v for k, v in before["config"].items() if k not in without
    }
    assert made["cursor"]["step"] == 0


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "digits"])
def test_every_small_preset_fits_in_a_link(client: httpx.Client, name: str) -> None:
    session = session_of(client.post(urls.preset(name)))
    url = client.get(f"{session}/link").json()["url"]
    assert client.get(session_of(client.get(url + "&theme=dark"))).json()["config"]["layers"] == list(
        PRESETS[name].config.layers or ()
    )


def test_a_network_too_large_for_a_link_is_413_and_names_the_file(client: httpx.Client) -> None:
    session = client.post("/api/sessions", json={"layers": [64, 30, 10], "dataset": {"name": "digits"}}).json()["url"]
    answer = client.get(f"{session}/link")
    assert answer.status_code == 413
    assert "The session file holds all of it." in answer.json()["detail"]


def test_uploaded_data_is_not_put_in_a_link(client: httpx.Client) -> None:
    file = ("few.csv", "a,b,kind\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 2]}\n" for i in range(12)), "text/csv")
    name = client.post("/api/datasets", files={"file": file}).json()["id"]
    session = client.post("/api/sessions", json={"dataset": {"name": name}}).json()["url"]
    answer = client.get(f"{session}/link")
    assert answer.status_code == 409
    assert "The session file holds all of it." in answer.json()["detail"]


def test_a_session_that_is_not_finite_has_no_link(client: httpx.Client) -> None:
    body = {"activations": ["relu", "linear"], "layers": [2, 4, 2], "cost": "quadratic", "dataset": {"name": "circle"},
            "optimizer": {"name": "sgd", "learning_rate": 1e200}}  # fmt: skip
    session = client.post("/api/sessions", json=body).json()["url"]
    client.post(f"{session}/step", json={"count": 5})
    assert client.get(session).json()["finite"] is False
    answer = client.get(f"{session}/link")
    assert answer.status_code == 409
    assert "not finite" in answer.json()["detail"]


GOOD = packed({"layers": [2, 3, 2], "dataset": {"name": "circle"}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a link that Blameflow made"),
        ("hello", "not a link that Blameflow made"),
        ("1.", "not a link that Blameflow made"),
        ("1.!!!!", "not a link that Blameflow made"),
        ("1.AAAA", "changed on its way"),
        ("1.A", "changed on its way"),
        (GOOD[:-6], "end of this link is missing"),
        (GOOD[:20] + ("A" if GOOD[20] != "A" else "B") + GOOD[21:], "Copy it again"),
        (GOOD + "AAAA", "behind the end"),
        ("2" + GOOD[1:], "of version 2, and this server reads version 1 only"),
        (packed(b"{nope"), "does not hold a session"),
        (packed(b"[" * 9_000), "does not hold a session"),
        (packed([1, 2]), "It must be an object"),
        (packed({"layers": [2, 0, 2]}), "layers[1]: It must be at least 1; 0 was given."),
        (packed({"layers": [2, 3, 2], "weights": [[[1, 2]]]}), "weights"),
        (packed({"code": "1"}), "code: There is no field of this name."),
        (packed({"learning_rate": float("nan")}), "There is no field"),
        (packed({"optimizer": {"learning_rate": float("inf")}}), "optimizer.learning_rate: It must be a finite number"),
        (packed({"dataset": {"name": "<b>bold</b>"}}), "&lt;b&gt;"),
        (packed(b" " * 300_000), "more than 262,144 bytes"),
        (packed(b"\x00" * 30_000_000), "too long"),
        ("1." + "A" * 20_000, "too long: 20,002 letters"),
    ],
)
def test_a_wrong_link_is_a_page_that_says_what_is_wrong(client: httpx.Client, text: str, words: str) -> None:
    is_page(client.get(urls.OPEN, params={"session": text}), 422, words)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(b"\x00" * 10_000_000)
    assert len(bomb) < carried.READ_LETTERS
    with pytest.raises(Invalid, match="more than 262,144 bytes"):
        carried.unpack(bomb)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda held: packed(held)) | st.text("1.AZaz09-_", max_size=60)
)
def test_any_text_is_a_session_or_refused(text: str) -> None:
    with suppress(Invalid):
        assert isinstance(carried.unpack(text), SessionConfig)


@pytest.mark.parametrize("letters", [50_000, 300_000, 2_000_000])
def test_an_address_as_long_as_browsers_send_is_a_page_that_says_so(address: str, letters: int) -> None:
    host = urlsplit(address)
    with socket.create_connection((host.hostname or "", host.port or 0), timeout=20) as connection:
        connection.sendall(
            b"GET /open?session=1." + b"A" * letters + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65_536), b"")).decode()
    assert answer.startswith("HTTP/1.1 422")
    assert f"too long: {letters + 2:,} letters" in answer


# -- in a frame


def test_only_a_page_that_is_made_for_it_may_be_framed_by_other_sites(client: httpx.Client) -> None:
    path = client.get("/").headers["location"]
    assert "frame-ancestors 'self'" in client.get(path).headers["content-security-policy"]
    assert "frame-ancestors 'self'" in client.get(f"{path}?embed=0").headers["content-security-policy"]
    for address in (f"{path}?embed=1", "/sessions/none?embed=1", "/new?seed=x&embed=1"):
        policy = client.get(address).headers["content-security-policy"]
        assert "frame-ancestors" not in policy
        assert "default-src 'none'; script-src 'self'" in policy
    for other in ("/docs?embed=1", "/api?embed=1", "/nope?embed=1"):
        assert "frame-ancestors 'self'" in client.get(other).headers["content-security-policy"]


def test_a_frame_is_nobody_s_last_visit(client: httpx.Client) -> None:
    mine = client.get("/").headers["location"]
    client.cookies.clear()
    for address in (f"{mine}?embed=1", "/new?embed=1", f"{mine}/copy?embed=1"):
        assert "set-cookie" not in client.get(address).headers
    assert "set-cookie" in client.get(mine).headers
