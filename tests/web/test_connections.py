"""Clients that speak HTTP badly, slowly or not at all, by the byte."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from app.settings import Settings
from app.web import server
from tests.conftest import serving

POST = (
    b"POST /api/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that is soon tired of waiting."""
    monkeypatch.setattr(server, "DAWDLE_S", 0.5)
    with serving(Settings(public=True)) as url:
        yield url


def connect(url: str) -> socket.socket:
    """A connection to the server."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def rest(connection: socket.socket) -> bytes:
    """All that the server still sends before it closes the connection; a test that hangs here fails after 20 s."""
    received = b""
    with suppress(ConnectionResetError):  # it had not read all that was sent
        while part := connection.recv(65_536):
            received += part
    return received


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HT", b"GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", POST % (100, b"") + b"{"]
)
def test_who_begins_a_request_and_does_not_go_on_is_cut_off(hasty: str, begun: bytes) -> None:
    with connect(hasty) as connection:
        connection.sendall(begun)
        assert rest(connection) == b""


def test_a_head_that_trickles_is_cut_off_too(hasty: str) -> None:
    with connect(hasty) as connection:
        connection.sendall(b"GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        connection.settimeout(0.1)
        for _ in range(1_000):
            try:
                connection.sendall(b"X: y\r\n")
                if connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("it may go on for ever")


def test_who_takes_time_between_the_parts_of_a_body_or_listens_to_a_stream_is_not(hasty: str) -> None:
    body = b'{"dataset": {"name": "xor"}}'
    with connect(hasty) as connection:
        connection.sendall(POST % (len(body), b"Connection: close\r\n"))
        connection.settimeout(0.1)
        for place in range(len(body)):  # 2.8 s in all
            with pytest.raises(TimeoutError):
                connection.recv(1)
            connection.sendall(body[place : place + 1])
        connection.settimeout(20)
        answer = rest(connection)
    assert answer.startswith(b"HTTP/1.1 201")
    location = next(line for line in answer.split(b"\r\n") if line.startswith(b"location: "))[10:].decode()
    with httpx.stream("GET", f"{hasty}{location}/stream", timeout=20) as stream:
        lines = stream.iter_lines()
        signs = (line for line in lines if line.startswith(":"))  # every 5 s
        assert next(signs) is not None
        assert stream.status_code == 200


def test_a_request_that_says_its_length_twice_is_refused_and_what_follows_is_not_read(hasty: str) -> None:
    with connect(hasty) as connection:
        hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        connection.sendall(POST % (4, b"Transfer-Encoding: chunked\r\n") + b"0\r\n\r\n" + hidden)
        answer = rest(connection)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_websocket_is_answered_as_a_request_and_fills_no_log(hasty: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "eA==",
    }
    with caplog.at_level(logging.WARNING):
        assert httpx.get(f"{hasty}/healthz", headers=asked).status_code == 200
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]
