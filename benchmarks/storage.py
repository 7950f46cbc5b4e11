"""What it costs that sessions outlive the server: an entry before each answer, saving, waking, start and end."""

from __future__ import annotations

import json
import math
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from app.hosting.archive import Archive
from app.hosting.capacity import Capacity
from app.hosting.library import Library
from app.hosting.registry import Registry
from app.sessions.config import NamedDataset, OptimizerConfig, SessionConfig
from app.sessions.limits import Limits
from app.sessions.requests import PlayRequest, StepRequest, Until
from app.sessions.work import finish
from app.storage import Database, DataFolder
from app.web.metrics import processor_seconds
from benchmarks.noise import noise
from benchmarks.table import Row, Table

ADAM = OptimizerConfig(name="adam")
DIGITS = NamedDataset(name="digits")
NETWORKS = {
    "[2, 4, 3, 2]": SessionConfig(),
    "[64, 30, 10] with Adam": SessionConfig(layers=[64, 30, 10], dataset=DIGITS, optimizer=ADAM),
    "[64, 300, 100, 10] with Adam": SessionConfig(layers=[64, 300, 100, 10], dataset=DIGITS, optimizer=ADAM),
}
ENTRIES = 100
STREAMS = 20
STARTS = ("start", "start after kill -9")
NOISE_S = 5.0


def run(quick: bool) -> Table:
    """One round of starting and stopping if ``quick``, else five."""
    table = Table(
        "Storage: what is kept, and what that costs",
        notes=[
            f"Streams open while it stops: {STREAMS}.",
            "Noise: p99 of how much longer than 5 ms an empty loop of 5 ms takes, just before.",
        ],
    )
    for name, config in NETWORKS.items():
        table.rows += kept(name, config)
    with noise(NOISE_S) as late:
        disturbed = f"noise {late():.3g} ms"
    rounds = [lives() for _ in range(1 if quick else 5)]
    for what, most in (("start", 1.0), ("start after kill -9", 1.0), ("SIGTERM", 2.0), ("SIGINT", 2.0)):
        each = [times[what] for times in rounds]
        detail = f"{disturbed}; slowest {max(each):.2f} s of {len(each)}"
        if what in STARTS:
            detail += f"; processor time {statistics.median(times[f'{what}, processor'] for times in rounds):.2f} s"
        table.rows.append(Row(what, most, statistics.median(each), "s", at_most=True, detail=detail))
    return table


def kept(name: str, config: SessionConfig) -> list[Row]:
    """An entry beside the call that it is of, a whole session, and waking from both."""
    with DataFolder() as folder, closing(Database(folder.database)) as main:
        archive = Archive(Database(folder.database, main.appoint(0)))

        def registry() -> Registry:
            return Registry(archive, Library(folder.datasets), Limits(), Capacity(), True, _nobody, time.monotonic)

        first = registry()
        hosted = finish(first.create("a", "", config))
        finish(hosted.session.perform("play", PlayRequest(per_second=0, until=Until(step=2_000)), now=0.0))
        while hosted.session.playing:
            hosted.session.tick(0.0, 1.0)
        saving = median([_timed(lambda: finish(first.save("a", hosted))) for _ in range(10)])
        size = len(json.dumps(archive.body("a")))
        wake = _timed(lambda: finish(registry().get("a")))
        calls, entries = [], []
        for _ in range(ENTRIES):
            calls.append(_timed(lambda: finish(hosted.session.perform("step", StepRequest(), now=0.0))))
            entries.append(_timed(lambda: first.record("a", hosted, "key")))
        again = _timed(lambda: finish(registry().get("a")))
    return [
        Row(f"{name}: an entry", None, median(entries) * 1e3, "ms", detail=f"the call: {median(calls) * 1e3:.2f} ms"),
        Row(f"{name}: saving", None, saving * 1e3, "ms", detail=f"{size / 1e3:,.0f} kB as plain JSON"),
        Row(f"{name}: waking", None, wake * 1e3, "ms", detail=f"with {ENTRIES} entries {again * 1e3:.0f} ms"),
    ]


median: Callable[[list[float]], float] = statistics.median


def _nobody(event: object) -> None:
    pass


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def lives() -> dict[str, float]:
    """How long a server takes to start, to start after it was killed, and to stop with streams open, in seconds."""
    times = {}
    with tempfile.TemporaryDirectory() as name:
        playing: list[str] = []
        for what, number in (("start", signal.SIGKILL), ("start after kill -9", signal.SIGTERM), ("", signal.SIGINT)):
            began = time.perf_counter()
            process, address = started(Path(name))
            if what:
                times[what] = time.perf_counter() - began
                times[f"{what}, processor"] = processor_seconds(process.pid) or math.nan
            playing = playing or played(address)
            streams = [watched(f"{address}{url}/stream") for url in playing]
            began = time.perf_counter()
            process.send_signal(number)
            process.wait()
            if number != signal.SIGKILL:
                times[number.name] = time.perf_counter() - began
            for stream in streams:
                stream.close()
    return times


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A server that answers, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app", "run", "--no-open", "--port", str(port), "--data-dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = next(found.group() for line in process.stdout if (found := re.search(r"http://\S+", line)))
    with urlopen(f"{address}api/sessions") as answer:
        answer.read()
    return process, address


def played(address: str) -> list[str]:
    """New sessions that play flat out: their addresses."""
    urls = []
    for _ in range(STREAMS):
        made = json.load(urlopen(_post(f"{address}api/sessions", {})))
        urls.append(made["url"].lstrip("/"))
        urlopen(_post(f"{address}{urls[-1]}/play", {"per_second": 0})).read()
    return urls


def watched(url: str) -> Any:
    """A stream of which the first frame has come."""
    stream = urlopen(url)
    while b"event: frame" not in stream.readline():
        pass
    return stream


def _post(url: str, body: object) -> Request:
    return Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
