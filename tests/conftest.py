"""Servers for the tests: one in a thread, which most use, and the command itself as a process of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from app.web.server import Server

os.environ["BLAMEFLOW_MEMORY"] = "1"  # no test, nor a command that it starts, comes near the user's own data


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def unused_port() -> int:
    """A port that nobody listens on."""
    return free_port()


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The application behind real HTTP, in a thread: its address."""
    server = Server(create_app(settings))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            for _ in range(6_000):
                if server.started:
                    break
                assert thread.is_alive(), "the server did not start"
                thread.join(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the application with its default settings, in this process."""
    with serving(Settings()) as url:
        yield url


@pytest.fixture(scope="session")
def connection(address: str) -> Iterator[httpx.Client]:
    """A client that keeps its connections for all tests."""
    with httpx.Client(base_url=address, timeout=30) as shared:
        yield shared


@pytest.fixture
def client(connection: httpx.Client) -> httpx.Client:
    """A client of the application, without cookies."""
    connection.cookies.clear()
    return connection


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The command, as a process of its own: its address."""
    with running() as url:
        yield url


@contextmanager
def running(folder: Path | None = None) -> Iterator[str]:
    """The command of a checkout (this one, if none is named) as a process of its own: its address."""
    command = [sys.executable, "-m", "app", "run", "--no-open", "--memory", "--port", str(free_port())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    assert process.stdout
    try:
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found.group().rstrip("/")
                return
        raise AssertionError("the command ended before it served")
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()
