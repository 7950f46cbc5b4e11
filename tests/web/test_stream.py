"""The stream over real HTTP."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app.hosting.capacity import Capacity
from app.settings import Settings
from tests.conftest import serving


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A small new session: its address."""
    return str(client.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"])


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and data of events, as they come; keep-alives would otherwise let a test wait for ever."""
    name = ""
    end = time.monotonic() + 30
    for line in lines:
        assert time.monotonic() < end, "what was waited for never came"
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_it_starts_with_the_topology_and_a_key_frame(client: httpx.Client, session: str) -> None:
    with client.stream("GET", f"{session}/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        came = events(answer.iter_lines())
        name, topology = next(came)
        assert (name, topology["protocol"], topology["layers"][0]) == ("topology", 1, 2)
        name, frame = next(came)
        assert (name, frame["key"], frame["cursor"]) == ("frame", True, {"step": 0, "phase": "start", "layer": None})


def test_a_step_is_seen_by_whoever_watches(client: httpx.Client, session: str) -> None:
    with client.stream("GET", f"{session}/stream") as answer:
        came = events(answer.iter_lines())
        next(came), next(came)
        client.post(f"{session}/step")
        frame = next(data for name, data in came if name == "frame")
        assert frame["cursor"] == {"step": 1, "phase": "update", "layer": None}


def test_it_ends_when_the_session_is_deleted(client: httpx.Client, session: str) -> None:
    with client.stream("GET", f"{session}/stream") as answer:
        came = events(answer.iter_lines())
        next(came), next(came)
        client.delete(session)
        assert [name for name, _ in came if name == "frame"] == []


def test_one_stream_carries_several_sessions_with_the_same_bytes_as_their_own(client: httpx.Client) -> None:
    made = [client.post("/api/sessions", json={"dataset": {"name": "xor"}, "seed": seed}).json() for seed in (1, 2)]
    wanted = ",".join(one["id"] for one in made)
    with client.stream("GET", f"/api/stream?sessions={wanted}") as answer, ExitStack() as stack:
        own = {
            one["id"]: events(stack.enter_context(client.stream("GET", one["stream_url"])).iter_lines()) for one in made
        }
        came = events(answer.iter_lines())
        name, server = next(came)
        assert (name, sorted(server)) == ("server", ["at", "beat_s", "protocol", "server", "static"])
        about: str = ""
        seen: set[tuple[str, str]] = set()
        while len(seen) < 4:
            name, data = next(came)
            if name == "about":
                about = data["session"]
            elif name in ("topology", "frame"):
                assert (name, data) == next(own[about])
                seen.add((about, name))
        client.post(f"{made[1]['url']}/step")
        frames = ((name, data) for name, data in came if name in ("about", "frame"))
        name, data = next(frames)
        if name == "about":
            about = data["session"]
            name, data = next(frames)
        assert (about, data["cursor"]["step"]) == (made[1]["id"], 1)


def test_a_stream_of_several_tells_of_those_that_are_not_there_and_goes_on(client: httpx.Client, session: str) -> None:
    name = session.rpartition("/")[2]
    with client.stream("GET", f"/api/stream?sessions=nowhere,{name}&races=none") as answer:
        came = events(answer.iter_lines())
        next(came)
        assert [next(came) for _ in range(2)] == [
            ("end", {"session": "nowhere", "found": False}),
            ("end", {"race": "none", "found": False}),
        ]
        assert [next(came)[0] for _ in range(3)] == ["about", "topology", "frame"]
        client.delete(session)
        assert ("end", {"session": name, "found": True}) in came


def test_a_stream_of_several_shows_signs_of_life_that_browsers_tell_of() -> None:
    with serving(Settings(capacity=Capacity(keep_alive_seconds=0.1))) as url, httpx.Client(base_url=url) as client:
        name = client.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["id"]
        with client.stream("GET", f"/api/stream?sessions={name}") as answer:
            came = events(answer.iter_lines())
            server = next(came)[1]
            assert server["beat_s"] == 0.1
            beats = (data["at"] for name, data in came if name == "beat")
            assert 0 <= next(beats) - server["at"] < next(beats) - server["at"] < 60_000


@pytest.mark.parametrize("query", ["", "?sessions=", "?sessions=a%20b", f"?sessions={','.join(map(str, range(33)))}"])
def test_a_stream_of_none_or_too_many_is_refused(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/stream{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_over_http_1_0_a_stream_has_no_chunks(client: httpx.Client, session: str) -> None:
    address = urlsplit(str(client.base_url))
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20) as connection:
        connection.sendall(f"GET {session}/stream HTTP/1.0\r\nHost: {address.netloc}\r\n\r\n".encode())
        text = b""
        while text.count(b"\n\n") < 3:
            more = connection.recv(65536)
            assert more
            text += more
    assert text.partition(b"\r\n\r\n")[2].startswith(b"retry: 1000\n\nevent: topology\n")


def test_an_open_stream_does_not_hold_up_the_end_of_the_server() -> None:
    ended = threading.Event()

    def watch(url: str, ready: threading.Event) -> None:
        with httpx.Client(base_url=url, timeout=30) as client:
            session = client.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"]
            with client.stream("GET", f"{session}/stream") as answer:
                for _ in events(answer.iter_lines()):
                    ready.set()
        ended.set()

    ready = threading.Event()
    with serving(Settings()) as url:
        viewer = threading.Thread(target=watch, args=(url, ready), daemon=True)
        viewer.start()
        assert ready.wait(20)
    viewer.join(5)
    assert ended.is_set()  # the stream came to its end, and was not broken off
