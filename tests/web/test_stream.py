"""The stream over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

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
