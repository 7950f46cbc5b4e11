"""Thirty sessions that play flat out, each with a viewer: how long a GET takes, how often a viewer sees a frame.

A real server is started. Its viewers are in a process of their own, so that what is measured here is not their reading.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.noise import noise
from benchmarks.table import Row, Table

SESSIONS = 30
SILENT = 20
"""Viewers that never read."""
ROUND = 100
"""GETs in a round."""
PAUSE_S = 0.01
"""Between two GETs, in seconds: somebody clicks, nobody hammers."""
CONFIGS: tuple[dict[str, Any], ...] = (
    {},
    {"dataset": {"name": "spiral"}, "layers": [2, 8, 8, 2]},
    {"dataset": {"name": "digits"}, "layers": [64, 30, 10]},
)
LARGE = {"dataset": {"name": "digits"}, "layers": [64, 300, 100, 10]}


def run(quick: bool) -> Table:
    """GET latency, frame rates and memory; a few seconds of each if ``quick``."""
    seconds = 3.0 if quick else 15.0
    table = Table(
        f"Load: {SESSIONS} sessions that play flat out over HTTP",
        notes=[
            "Nets [2,4,3,2], [2,8,8,2] and [64,30,10] in equal parts, each with a viewer of its stream.",
            f"p99: of {ROUND} GETs, the median over such rounds.",
            "Noise: p99 of how much longer than 5 ms an empty loop of 5 ms takes, just after the GETs.",
        ],
    )
    with server() as (port, pid):
        client = Client(port)
        sessions = [client.make(CONFIGS[number % len(CONFIGS)]) for number in range(SESSIONS)]
        urls = [session["url"] for session in sessions]
        idle = latencies(client, urls, seconds)
        for url in urls:
            client.ask("POST", f"{url}/play", {"per_second": 0})
        with viewers(port, urls) as ends:
            time.sleep(0.5)
            before, began = steps(client, urls), time.perf_counter()
            busy = latencies(client, urls, seconds)
            with noise(seconds) as late:
                traces = latencies(client, [f"{url}/trace" for url in urls], seconds)
            trained = (steps(client, urls) - before) / (time.perf_counter() - began)
            rates = ends()
        table.rows += [
            Row("GET a playing session, p99", 5, p99(busy), "ms", True, f"noise {late():.3g} ms; {len(busy)} GETs"),
            Row("GET a playing session, median", None, 1e3 * statistics.median(busy), "ms"),
            Row("GET of the idle server, p99", None, p99(idle), "ms", True, f"{len(idle)} GETs"),
            Row("GET of the idle server, median", None, 1e3 * statistics.median(idle), "ms"),
            Row("GET a trace of a playing session, p99", None, p99(traces), "ms", True, f"{len(traces)} GETs"),
            Row("frames a viewer sees, the slowest", None, min(rates), "/s", False, f"the fastest {max(rates):.1f}"),
            Row("steps trained, all sessions", None, trained, "/s"),
            memory_row("memory of the worker", worker_of(pid)),
            memory_row("memory of the web process", pid),
            silent_row(client, port, pid, seconds),
        ]
    return table


def p99(values: Sequence[float]) -> float:
    """What 99 of 100 are not above, in ms: the median over the rounds, since other programs run here too."""
    rounds = [sorted(values[start : start + ROUND]) for start in range(0, max(1, len(values) - ROUND // 2), ROUND)]
    return 1e3 * statistics.median(values[int(0.99 * (len(values) - 1))] for values in rounds)


@contextmanager
def server(*options: str, **settings: str) -> Iterator[tuple[int, int]]:
    """A server of its own, with options of the command and environment variables: its port and process id."""
    probe = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1])"
    port = int(subprocess.check_output([sys.executable, "-c", probe], text=True))
    command = [sys.executable, "-m", "app", "run", "--no-open", "--memory", "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings}) as process:
        assert process.stdout
        try:
            if not any(re.search(r"http://\S+", line) for line in process.stdout):
                raise RuntimeError("the server did not start")
            yield port, process.pid
        finally:
            process.terminate()


class Client:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer as JSON; raises for anything but success."""
        text = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} if text else {}
        try:
            self._connection.request(method, path, text, headers)
            response = self._connection.getresponse()
        except ConnectionError:  # after a few seconds without a call
            self._connection.close()
            self._connection.request(method, path, text, headers)
            response = self._connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read() or b"{}")
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {answer}")
        return answer

    def make(self, config: dict[str, Any]) -> dict[str, Any]:
        """The view of a new session."""
        return self.ask("POST", "/api/sessions", config)


def latencies(client: Client, paths: Sequence[str], seconds: float) -> list[float]:
    """Seconds that GETs of the paths in turn take."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        client.ask("GET", paths[len(taken) % len(paths)])
        taken.append(time.perf_counter() - began)
        time.sleep(PAUSE_S)
    return taken


def steps(client: Client, urls: Sequence[str]) -> int:
    """Steps of all sessions together."""
    return sum(client.ask("GET", url)["cursor"]["step"] for url in urls)


# --- viewers ---


@contextmanager
def viewers(port: int, urls: Sequence[str]) -> Iterator[Callable[[], list[float]]]:
    """A viewer for each session; the function that is given ends them, and answers frames per second of each."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=view, args=(theirs, port, list(urls)))
    process.start()
    theirs.close()
    ours.recv()

    def end() -> list[float]:
        ours.send(None)
        rates: list[float] = ours.recv()
        return rates

    try:
        yield end
    finally:
        ours.close()
        process.terminate()
        process.join()


def view(connection: Connection, port: int, urls: list[str]) -> None:
    """The process of the viewers: says when all have begun, and at the end how many frames a second each had."""

    async def main() -> list[float]:
        counts = [0] * len(urls)
        tasks = [asyncio.create_task(watch(port, url, counts, place)) for place, url in enumerate(urls)]
        while not all(counts):
            await asyncio.sleep(0.01)
        connection.send(None)
        first, began = list(counts), time.perf_counter()
        try:
            await asyncio.to_thread(connection.recv)
        except EOFError:
            return []
        seconds = time.perf_counter() - began
        for task in tasks:
            task.cancel()
        return [(now - then) / seconds for then, now in zip(first, counts, strict=True)]

    with suppress(OSError):  # nobody may have asked
        connection.send(asyncio.run(main()))


async def watch(port: int, url: str, counts: list[int], place: int) -> None:
    """Counts the frames of one stream."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    writer.write(f"GET {url}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while line := await reader.readline():
        counts[place] += line.startswith(b"event: frame")


def silent_row(client: Client, port: int, pid: int, seconds: float) -> Row:
    """How much the web process grows with viewers that never read a large network's stream."""
    what = "memory for a viewer that never reads"
    url = client.make(LARGE)["url"]
    client.ask("POST", f"{url}/play", {"per_second": 0})
    with viewers(port, [url]):
        time.sleep(seconds / 2)
        before = resident_mb(pid)
        connections = [silent(port, url) for _ in range(SILENT)]
        time.sleep(seconds)
        after = resident_mb(pid)
        for connection in connections:
            connection.close()
    if before is None or after is None:
        return Row(what, 1, None, "MB", True, "only where there is /proc")
    return Row(what, 1, (after - before) / SILENT, "MB", True, f"{SILENT} of them, frames of [64,300,100,10]")


def silent(port: int, url: str) -> http.client.HTTPConnection:
    """A connection that asks for a stream and leaves it there."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"{url}/stream")
    return connection


# --- processes ---


def memory_row(what: str, pid: int | None) -> Row:
    """Memory of a process, without a target."""
    return Row(what, None, None if pid is None else resident_mb(pid), "MB", True)


def resident_mb(pid: int) -> float | None:
    """Memory of a process in MB, or None where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def worker_of(pid: int) -> int | None:
    """The largest child of the web process."""
    return max(children_of(pid), key=lambda child: resident_mb(child) or 0.0, default=None)


def children_of(pid: int) -> list[int]:
    """The processes that it started, its workers among them."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has just ended
        if int(fields[1]) == pid:
            children.append(int(stat.parent.name))
    return children
