"""A server that is killed in the middle of its work: what it has acknowledged is there when it is started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.storage import Database, DataFolder, Documents
from app.storage.folder import remove_abandoned

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that cannot be caught")

VIEWER = {"cookie": "blameflow_viewer=a-viewer-of-these-tests"}
CONFIG = {"layers": [2, 5, 2], "optimizer": {"name": "adam"}, "dataset": {"name": "moons"}, "seed": 3}


@contextmanager
def serving(folder: Path, port: int, *options: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """The command on a folder of data: a client, and the process, which is killed at the end if it still runs."""
    command = [sys.executable, "-m", "app", "run", "--no-open", "--port", str(port), "--data-dir", str(folder)]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        assert any(re.search(r"http://\S+", line) for line in process.stdout), "it never said where it is"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, headers=VIEWER) as client:
            yield client, process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a server has started."""
    command = ["ps", "-o", "pid=", "--ppid", str(process.pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def is_running(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip()[:1] not in ("", "Z")


def whole(client: httpx.Client, session: str) -> dict[str, Any]:
    """A view with all weights and biases, but not what the session is called."""
    answer = client.get(f"/api/sessions/{session}", params={"include": "parameters"})
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json().items() if name not in ("id", "url", "stream_url")}


Action = tuple[str, str, dict[str, Any]]


def actions(seed: int) -> Iterator[Action]:
    """Calls that write, drawn by chance."""
    chance = np.random.default_rng(seed)
    while True:
        rate = {"optimizer": {"learning_rate": float(chance.uniform(0.001, 0.1))}}
        edit = {"weights": [{"layer": 2, "j": 1, "k": 2, "value": float(chance.normal())}]}
        added = {"inputs": chance.normal(size=2).tolist(), "label": int(chance.integers(2))}
        found: list[Action] = [
            ("PATCH", "", rate),
            ("PATCH", "/parameters", edit),
            ("POST", "/examples", added),
            ("POST", "/back", {"count": int(chance.integers(1, 6))}),
            ("POST", "/step", {"unit": "phase", "count": int(chance.integers(1, 9))}),
            ("POST", "/undo", {}),
            ("POST", "/step", {"count": int(chance.integers(1, 200))}),
        ]
        yield found[int(chance.integers(len(found)))]


def do(client: httpx.Client, session: str, action: Action) -> None:
    """Make a call, which may be refused where the session stands."""
    method, path, body = action
    answer = client.request(method, f"/api/sessions/{session}{path}", json=None if path == "/undo" else body)
    assert answer.status_code in (200, 409), answer.text


@pytest.mark.parametrize("option", ["--workers=2", "--no-worker"])
def test_a_server_that_is_killed_at_any_moment_keeps_what_it_acknowledged(
    tmp_path: Path, unused_port: int, client: httpx.Client, option: str
) -> None:
    """An undisturbed server is asked for the same, and must come to the same numbers."""
    undisturbed = client.post("/api/sessions", json=CONFIG).json()["id"]
    with serving(tmp_path, unused_port, option) as (own, _):
        session = own.post("/api/sessions", json=CONFIG).json()["id"]
    planned = actions(1)
    action, acknowledged = next(planned), 0
    for round_ in range(3):
        with serving(tmp_path, unused_port, option) as (own, process):
            assert [view["id"] for view in own.get("/api/sessions").json()] == [session], "it is still its viewer's"
            if whole(own, session)["revision"] > whole(client, undisturbed)["revision"]:
                do(client, undisturbed, action)  # it was done, though there was no time left to say so
                action = next(planned)
            assert whole(own, session) == whole(client, undisturbed)
            workers = children(process)
            killer = threading.Timer(0.3 + 0.13 * round_, process.kill)
            killer.start()
            with suppress(httpx.TransportError):
                while True:
                    do(own, session, action)
                    do(client, undisturbed, action)
                    action, acknowledged = next(planned), acknowledged + 1
            killer.join()
            while any(is_running(pid) for pid in workers):
                time.sleep(0.01)
    assert acknowledged > 10


def test_what_plays_plays_on_and_what_was_told_is_not_taken_back(tmp_path: Path, unused_port: int) -> None:
    with serving(tmp_path, unused_port) as (own, _):
        session = own.post("/api/sessions", json=CONFIG).json()["id"]
        until = {"step": 30_000}
        own.post(f"/api/sessions/{session}/play", json={"per_second": 0, "until": until}).raise_for_status()
        told = [own.get(f"/api/sessions/{session}").json()["cursor"]["step"] for _ in range(30)]
        assert told[-1] > 0
    with serving(tmp_path, unused_port) as (own, _):
        view = own.get(f"/api/sessions/{session}").json()
        assert view["cursor"]["step"] >= told[-1]
        while own.get(f"/api/sessions/{session}").json()["playing"]:
            time.sleep(0.05)
        again = own.post("/api/sessions", json=CONFIG).json()["id"]
        for _ in range(3):
            own.post(f"/api/sessions/{again}/step", json={"count": 10_000}).raise_for_status()
        one, other = whole(own, session), whole(own, again)
        assert one["cursor"]["step"] == 30_000
        assert (one["weights"], one["biases"]) == (other["weights"], other["biases"])


DEADLY = """
import os, signal, sys
from app.cli import main
from app.sessions.session import Session

ordinary = Session.from_export

def deadly(document, *rest):
    if document["seed"] == 666:
        os.kill(os.getpid(), signal.SIGKILL)
    return ordinary(document, *rest)

Session.from_export = deadly
sys.exit(main())
"""
"""The command, where loading one session ends the process."""


def test_a_session_that_the_server_dies_of_when_it_is_loaded_is_set_aside_at_last(
    tmp_path: Path, unused_port: int
) -> None:
    """Without a worker, whose death takes the server along; whoever looks after it starts it again and again."""
    with serving(tmp_path, unused_port, "--no-worker") as (own, _):
        deadly, other = (own.post("/api/sessions", json=CONFIG | {"seed": seed}).json()["url"] for seed in (666, 3))
        for url in (deadly, other):
            own.post(f"{url}/step", json={"count": 3}).raise_for_status()
        before = whole(own, other.rpartition("/")[2])
    command = [sys.executable, "-c", DEADLY, "run", "--no-open", "--no-worker", f"--port={unused_port}"]
    deaths = 0
    with httpx.Client(base_url=f"http://127.0.0.1:{unused_port}", timeout=30, headers=VIEWER) as own:
        while True:
            with subprocess.Popen([*command, f"--data-dir={tmp_path}"], stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout
                answer = None
                with suppress(httpx.TransportError):
                    if any("http://" in line for line in process.stdout):
                        answer = own.get(deadly)
                if answer is None:
                    deaths += 1
                    continue
                try:
                    assert (deaths, answer.status_code) == (3, 409)
                    assert "not loaded again" in answer.json()["detail"]
                    assert whole(own, other.rpartition("/")[2]) == before
                    document = own.get(f"{deadly}/export").json()
                finally:
                    process.kill()
                break
    with serving(tmp_path, unused_port) as (own, _):
        assert own.get(deadly).status_code == 409
        again = own.post("/api/sessions/import", json=document)
        assert again.status_code == 201
        own.post(f"{again.json()['url']}/step").raise_for_status()
        assert own.delete(deadly).status_code == 204
        assert own.get(deadly).status_code == 404


def test_after_starts_that_came_to_nothing_a_server_without_a_worker_begins_with_all_paused(
    tmp_path: Path, unused_port: int
) -> None:
    with serving(tmp_path, unused_port, "--no-worker") as (own, _):
        url = own.post("/api/sessions", json=CONFIG).json()["url"]
        own.post(f"{url}/play", json={"per_second": 1}).raise_for_status()
    for _ in range(2):
        with serving(tmp_path, unused_port, "--no-worker") as (own, _):
            assert own.get(url).json()["playing"]
    with serving(tmp_path, unused_port, "--no-worker") as (own, _):
        assert not own.get(url).json()["playing"]


def test_data_sets_races_and_their_owners_are_known_again(tmp_path: Path, unused_port: int) -> None:
    rows = "a,b,kind\n" + "".join(f"{i / 10},{i % 7},{'high' if i > 20 else 'low'}\n" for i in range(40))
    race = {"session": {"layers": [2, 4, 2]}, "feedbacks": ["transpose", "random"], "seeds": [1, 2], "epochs": 3}
    with serving(tmp_path, unused_port) as (own, _):
        data = own.post("/api/datasets", files={"file": ("mine.csv", rows)}).json()["name"]
        session = own.post("/api/sessions", json={"dataset": {"name": data}}).json()["id"]
        finished = own.post("/api/races", json=race).json()["id"]
        while (found := own.get(f"/api/races/{finished}").json())["state"] != "done":
            time.sleep(0.05)
        long = own.post("/api/races", json=race | {"epochs": 60}).json()["id"]
        while own.get(f"/api/races/{long}").json()["progress"] < 0.02:
            time.sleep(0.05)
    with serving(tmp_path, unused_port) as (own, _):
        assert own.get(f"/api/races/{finished}").json() == found
        assert [one["id"] for one in own.get("/api/races").json()] == [long, finished]
        assert data in [one["name"] for one in own.get("/api/datasets").json()]
        own.post(f"/api/sessions/{session}/step").raise_for_status()
        while (went_on := own.get(f"/api/races/{long}").json())["state"] != "done":
            assert went_on["state"] in ("waiting", "running")
            time.sleep(0.05)
        assert all(run["epochs"] == list(range(61)) for run in went_on["runs"] if run["finite"])
        stranger = httpx.Client(base_url=own.base_url, headers={"cookie": "blameflow_viewer=another-viewer-of-these"})
        with stranger:
            assert stranger.get("/api/sessions").json() == []
            assert stranger.get("/api/races").json() == []
            assert data not in [one["name"] for one in stranger.get("/api/datasets").json()]


def test_a_server_that_kept_nothing_and_was_killed_is_cleared_away_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    hold = "import sys; from app.storage import DataFolder; folder = DataFolder().open(); print(flush=True); input()"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    killed, alive = (
        subprocess.Popen(
            [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        for _ in range(2)
    )
    for process in (killed, alive):
        assert process.stdout
        assert process.stdout.readline() == "\n"
    there = {*tmp_path.iterdir()}
    (tmp_path / "blameflow-of-something-else").mkdir()
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    killed.kill()
    killed.communicate()
    remove_abandoned()
    assert len(there & {*tmp_path.iterdir()}) == 1
    alive.communicate("")
    assert [path.name for path in tmp_path.iterdir()] == ["blameflow-of-something-else"]


def test_a_second_server_on_the_same_folder_is_refused(tmp_path: Path, unused_port: int) -> None:
    with serving(tmp_path, unused_port):
        command = [sys.executable, "-m", "app", "run", "--no-open", "--data-dir", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 2
        assert "another Blameflow is using" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_damaged_file_is_refused_in_words_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "blameflow.db").write_bytes(b"no database" * 1000)
    command = [sys.executable, "-m", "app", "run", "--no-open", "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "blameflow.db").read_bytes() == b"no database" * 1000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_does_so_with_streams_open_and_saves_all(
    tmp_path: Path, unused_port: int, number: signal.Signals
) -> None:
    with serving(tmp_path, unused_port) as (own, process):
        session = own.post("/api/sessions", json=CONFIG).json()["id"]
        own.post(f"/api/sessions/{session}/play", json={"per_second": 0})
        with own.stream("GET", f"/api/sessions/{session}/stream") as stream:
            lines = stream.iter_lines()
            assert next(lines)
            process.send_signal(number)
            assert process.wait(timeout=10) in (0, -number)
            for _ in lines:
                pass
    with DataFolder(tmp_path) as folder, closing(Database(folder.database)) as database:
        (kept,) = Documents(database, "session").all()
        assert kept.appended == 0, "it was saved whole"
