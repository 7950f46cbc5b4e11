"""The blameflow command, run as a user runs it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.cli import heard, listen, parser
from app.settings import Settings

COMMAND = [sys.executable, "-m", "app"]


def run(*arguments: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=timeout, check=False)


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, list[str]]]:
    """A server started by the command: its address and what it printed before it was ready."""
    process = subprocess.Popen([*COMMAND, "run", "--no-open", *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if found := re.search(r"http://\S+", line):
                yield found.group(), lines
                return
        raise AssertionError(f"it never said where it is: {lines}")
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_version_prints_the_version_of_pyproject() -> None:
    project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert run("version").stdout.strip() == project["project"]["version"]


def test_help_names_every_option() -> None:
    text = run("run", "--help").stdout
    assert all(
        option in text
        for option in ("--host", "--port", "--data", "--data-dir", "--memory", "--workers", "--no-worker", "--no-open")
    )


def test_it_listens_on_this_machine_only_unless_told_otherwise() -> None:
    assert parser().parse_args(["run"]).host == "127.0.0.1"


@pytest.mark.parametrize("workers", ["0", "-1", "two"])
def test_workers_are_counted_from_one(workers: str) -> None:
    done = run("run", f"--workers={workers}")
    assert done.returncode == 2
    assert "at least 1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "public"),
    [
        ([], Settings(), False),
        (["--host", "localhost"], Settings(), False),
        (["--host", "127.0.0.2"], Settings(), False),
        (["--host", "::1"], Settings(), False),
        (["--host", "0.0.0.0"], Settings(), True),
        (["--host", "192.168.1.2"], Settings(), True),
        (["--public"], Settings(), True),
        (["--allowed-host", "class.example"], Settings(), True),
        ([], Settings(public=True), True),
        ([], Settings(allowed_hosts=("class.example",)), True),
        ([], Settings(trusted_proxies=1), True),
    ],
)
def test_sessions_belong_to_who_made_them_wherever_others_reach_the_server(
    arguments: list[str], settings: Settings, public: bool
) -> None:
    assert heard(settings, parser().parse_args(["run", *arguments])).public is public


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8e3", "８０００", "eighty"])
def test_a_port_that_is_none_is_refused_with_the_allowed_range(port: str) -> None:
    done = run("run", f"--port={port}")
    assert done.returncode == 2
    assert "from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_explicit_port_that_is_taken_is_an_error_in_words(taken_port: int) -> None:
    done = run("run", "--no-open", f"--port={taken_port}")
    assert done.returncode == 2
    assert str(taken_port) in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch, taken_port: int) -> None:
    monkeypatch.setattr("app.cli.DEFAULT_PORT", taken_port)
    with listen("127.0.0.1", None) as listener:
        assert taken_port < listener.getsockname()[1] <= taken_port + 100


def test_it_serves_the_page_where_it_says(unused_port: int) -> None:
    with serving("--port", str(unused_port)) as (address, _):
        assert address == f"http://127.0.0.1:{unused_port}/"
        assert httpx.get(address, follow_redirects=True).status_code == 200


def test_data_from_a_file_is_what_the_page_opens_on(tmp_path: Path, unused_port: int) -> None:
    rows = "".join(f"{i / 10},{i % 7},{'high' if i > 20 else 'low'}\n" for i in range(40))
    (tmp_path / "heights.csv").write_text("width,depth,height\n" + rows, encoding="utf-8")
    with serving("--port", str(unused_port), "--data", str(tmp_path / "heights.csv")) as (address, _):
        page = httpx.get(address, follow_redirects=True).text
        assert "heights" in page
        assert "high" in page


def test_a_wrong_data_file_is_named_with_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("width,depth,height\n1,2,low\n3,four,high\n", encoding="utf-8")
    done = run("run", "--no-open", "--data", str(tmp_path / "bad.csv"))
    assert done.returncode == 2
    assert "bad.csv" in done.stderr
    assert "row 3" in done.stderr
    assert "depth" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_data_file_is_named(tmp_path: Path) -> None:
    done = run("run", "--no-open", "--data", str(tmp_path / "nowhere.csv"))
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="this system has no such limit")
def test_as_many_files_may_be_open_as_the_system_lets() -> None:
    script = (
        "import resource as r; from app.cli import allow_many_files;"
        " r.setrlimit(r.RLIMIT_NOFILE, (64, 500)); allow_many_files(); print(*r.getrlimit(r.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["500", "500"]
