"""A real server under everything at once, for long: are its memory, files and tasks afterwards where they began?

    make soak                    # ten minutes
    make soak MINUTES=2

Players, viewers that come and go, readers that never read, makers of sessions and data sets, and somebody who kills the
worker, in five parts of the same length; after each the server rests and is measured. The first part is for warming up:
what is made once has then been made. In the last two no worker is killed, so that one of them grows old enough to be
compared with itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

SESSIONS, PLAYERS, VIEWERS, SLOW, MAKERS = 8, 4, 20, 4, 2
KILL_S = (8.0, 20.0)
"""Between two workers that are killed, s."""
REST_S = 15.0
"""After which the server has nothing more to do."""
PARTS = 5
KILLING = 3
"""Parts in which workers are killed."""
BEGAN = {"server": 1, "worker": KILLING}
"""After which part (from 0) each has warmed up: its memory is then compared with that after the last part."""
ROOM_MB = 6.0
"""So much more memory is within what the allocator keeps. With 20,000 calls, each of them may leave 300 bytes."""
STEADY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}
"""Tells glibc to keep little of what was freed, and in one place, so that what grows is what is in use."""
CONFIGS = (
    {"dataset": {"name": "xor"}},
    {"dataset": {"name": "circle"}, "layers": [2, 8, 8, 2]},
    {"dataset": {"name": "digits"}, "layers": [64, 30, 10]},
)
POOL = 8
"""Threads for what would block, which are made when they are first needed."""
TABLE = "a,b,kind\n" + "".join(f"{i},{i % 7},{'xy'[i % 2]}\n" for i in range(200))


@dataclass
class Load:
    """What was done, and what came of it."""

    client: httpx.AsyncClient
    pid: int
    until: float = 0.0
    killing: bool = True
    urls: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        """A call; 503 is what it may be while there is no worker, any other 5xx is a fault."""
        try:
            answer = await self.client.request(method, path, **options)
        except httpx.TransportError as error:
            self.faults.append(f"{method} {path}: {error!r}")
            return None
        self.done[str(answer.status_code)] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.faults.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    async def made(self) -> str | None:
        """A new session's address."""
        answer = await self.call("POST", "/api/sessions", json=random.choice(CONFIGS))
        return str(answer.json()["url"]) if answer is not None and answer.status_code == 201 else None


async def player(load: Load) -> None:
    """Moves sessions about."""
    url = random.choice(load.urls)
    method, path, body = random.choice(
        [
            ("POST", "/play", {"per_second": random.choice([0, 4, 60])}),
            ("POST", "/play", {"unit": "phase", "per_second": 20}),
            ("POST", "/pause", None),
            ("POST", "/step", {"unit": random.choice(["phase", "step"]), "count": random.randint(1, 20)}),
            ("POST", "/back", {"unit": "step", "count": 5}),
            ("POST", "/seek", {"step": 0}),
            ("PATCH", "", {"batch_size": random.randint(1, 20)}),
            ("POST", "/undo", None),
            ("GET", "/trace?layer=2", None),
            ("GET", "/history", None),
            ("GET", "/gradient-check", None),
            ("GET", "/export", None),
        ]
    )
    await load.call(method, url + path, json=body)
    await asyncio.sleep(random.uniform(0, 0.2))


async def viewer(load: Load) -> None:
    """Watches a session for a while."""
    until = min(time.monotonic() + random.expovariate(1 / 5), load.until)
    try:
        async with load.client.stream("GET", f"{random.choice(load.urls)}/stream") as stream:
            load.done["streams"] += 1
            async for piece in stream.aiter_bytes():
                load.done["bytes streamed"] += len(piece)
                if time.monotonic() > until:
                    return
    except httpx.TransportError as error:
        load.faults.append(f"stream: {error!r}")


async def slow_reader(load: Load) -> None:
    """Asks for a stream and never reads it."""
    address = urlsplit(str(load.client.base_url))
    host = f"{address.hostname}:{address.port}"
    connection = socket.create_connection((address.hostname or "", address.port or 0))
    try:
        connection.sendall(f"GET {random.choice(load.urls)}/stream HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        load.done["streams never read"] += 1
        await asyncio.sleep(min(random.uniform(5, 30), max(0.0, load.until - time.monotonic())))
    finally:
        connection.close()


async def maker(load: Load) -> None:
    """Makes sessions, pages and data sets, and deletes them."""
    url = await load.made()
    if url is None:
        return
    for path in ("/step", "/fork"):
        answer = await load.call("POST", url + path)
        if path == "/fork" and answer is not None and answer.status_code == 201:
            await load.call("DELETE", answer.headers["location"])
    await load.call("GET", f"/sessions/{url.rpartition('/')[2]}")
    exported = await load.call("GET", f"{url}/export")
    if exported is not None and exported.is_success:
        again = await load.call("POST", "/api/sessions/import", json=exported.json())
        if again is not None and again.status_code == 201:
            await load.call("DELETE", again.headers["location"])
    uploaded = await load.call("POST", "/api/datasets", files={"file": ("a.csv", TABLE)})
    if uploaded is not None and uploaded.status_code == 201:
        await load.call("DELETE", uploaded.headers["location"])
    await load.call("DELETE", url)
    await asyncio.sleep(random.uniform(0, 0.5))


async def killer(load: Load) -> None:
    """Kills the worker, in the middle of whatever it does."""
    await asyncio.sleep(min(random.uniform(*KILL_S), max(0.0, load.until - time.monotonic())))
    for pid in workers(load.pid):
        os.kill(pid, signal.SIGKILL)
        load.done["workers killed"] += 1


async def under_load(load: Load, seconds: float) -> None:
    """Everything at once, for so long; afterwards all that was made is deleted."""
    load.until = time.monotonic() + seconds
    load.urls = [url for url in [await load.made() for _ in range(SESSIONS)] if url]

    async def again(act: Callable[[Load], Awaitable[None]]) -> None:
        while time.monotonic() < load.until:
            await act(load)

    acts = [player] * PLAYERS + [viewer] * VIEWERS + [slow_reader] * SLOW + [maker] * MAKERS + [killer] * load.killing
    await asyncio.gather(*(again(act) for act in acts))
    await asyncio.sleep(2)  # the last worker that was killed is being started again
    mine = [view["url"] for view in (await load.client.get("/api/sessions")).json()]  # pages gave a cookie
    for url in {*load.urls, *mine}:
        await load.call("DELETE", url)
    await load.client.aclose()
    await asyncio.sleep(REST_S)


# --- what a process has


def workers(server: int) -> list[int]:
    """The processes that the server has started to train."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == server and b"spawn_main" in command:
            found.append(int(folder.name))
    return found


def measured(server: int, address: str) -> dict[str, float]:
    """Memory (MB), open files, threads and tasks."""
    (worker,) = workers(server)
    figures = {}
    for name, pid in (("server", server), ("worker", worker)):
        status = Path(f"/proc/{pid}/status").read_text()
        figures[f"{name}: memory, MB"] = int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1_000
        figures[f"{name}: open files"] = len(os.listdir(f"/proc/{pid}/fd"))
        figures[f"{name}: threads"] = int(re.findall(r"Threads:\s+(\d+)", status)[0])
    text = httpx.get(f"{address}/metrics").text
    for name, metric in (
        ("tasks", "blameflow_tasks"),
        ("sessions", "blameflow_sessions"),
        ("viewers", "blameflow_viewers"),
    ):
        figures[f"server: {name}"] = float(re.findall(rf"^{metric} (\S+)", text, re.M)[0])
    return figures


def settled(server: int, address: str) -> dict[str, float]:
    """The least of some seconds: a connection may just be closing."""
    samples = []
    for _ in range(5):
        samples.append(measured(server, address))
        time.sleep(1)
    return {name: min(sample[name] for sample in samples) for name in samples[0]}


def grown(parts: list[dict[str, float]]) -> list[str]:
    """What is not where it began."""
    found = []
    for name, last in parts[-1].items():
        whose = name.partition(":")[0]
        memory = "memory" in name
        first = parts[BEGAN[whose] if memory else 0][name]
        if last > first + (ROOM_MB if memory else POOL if "threads" in name else 0.0):
            found.append(f"{name} has grown: {first:,.1f}, and in the end {last:,.1f}")
    return found


def soak(address: str, pid: int, minutes: float) -> int:
    """The whole; 1 if something has grown or failed."""
    limits = httpx.Limits(max_connections=200)
    parts: list[dict[str, float]] = []
    done: Counter[str] = Counter()
    faults: list[str] = []
    for part in range(PARTS):
        client = httpx.AsyncClient(base_url=address, timeout=70, limits=limits)
        load = Load(client, pid, killing=part < KILLING)
        asyncio.run(under_load(load, 60 * minutes / PARTS))
        parts.append(settled(pid, address))
        done += load.done
        faults += load.faults
    print(f"\n| after {minutes / PARTS:g} min each |" + "".join(f" {part + 1} |" for part in range(PARTS)))
    print("|---|" + "---|" * PARTS)
    for name in parts[0]:
        print(f"| {name} |" + "".join(f" {part[name]:,.1f} |" for part in parts))
    print("\nDone:", ", ".join(f"{number:,} × {what}" for what, number in sorted(done.items())))
    wrong = grown(parts) + faults
    print("\n".join(wrong[:20]) or "Everything is where it began.")
    return int(bool(wrong))


def main() -> int:
    """Start a server, and soak it."""
    options = argparse.ArgumentParser(prog="make soak", description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--log", type=Path, default=Path(os.devnull), help="where the server's log goes")
    given = options.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, given.log.open("w") as log:
        command = [sys.executable, "-m", "app", "run", "--no-open", "--port", str(port), "--data-dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | STEADY)
        try:
            assert process.stdout
            assert "Blameflow is at" in process.stdout.readline()
            return soak(f"http://127.0.0.1:{port}", process.pid, given.minutes)
        finally:
            process.terminate()
            process.wait(15)


if __name__ == "__main__":
    raise SystemExit(main())
