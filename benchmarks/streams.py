"""Many viewers of one session: what is delivered, how late, at what price, and what the framework's own class takes.

A real server; the viewers are in a process of their own. Figures are of one core: the web process is one thread.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
import urllib.request
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import Any

from app.web.metrics import processor_seconds
from benchmarks.audience import Audience, Seen, audience
from benchmarks.load import Client, resident_mb, server, silent, worker_of
from benchmarks.noise import noise, quantile
from benchmarks.table import Row, Table

SMALL = {"dataset": {"name": "circle"}, "layers": [2, 12, 13, 8, 2]}
"""300 connections."""
LARGE = {"dataset": {"name": "digits"}, "layers": [64, 130, 12, 10]}
"""10,000 connections."""
VIEWERS = {"small": 1_000, "large": 300, "framework": 200}
SILENT = 10
IDLE = 200
CREATE = 400


def run(quick: bool) -> Table:
    """Deliveries, delays and prices; a few seconds of each if ``quick``."""
    seconds = 5.0 if quick else 20.0
    table = Table(
        "Streams: many viewers of one session",
        notes=[
            "Delay: from the making of a frame in the worker until a viewer has all of it, ms.",
            "A session is sent at most 30 frames a second, however fast it plays.",
            "Noise: how much longer than 5 ms an empty loop of 5 ms takes meanwhile, in a process of its own. Showing a"
            " frame to all takes several times as much work, and is stretched as much.",
        ],
    )
    with server() as (port, pid):
        client = Client(port)
        with noise(seconds / 2) as late:
            table.rows.append(Row("noise before anything runs, p99", None, late(), "ms", True))
        table.rows += crowd(client, port, pid, "small", SMALL, 60, seconds, 100)
        table.rows += crowd(client, port, pid, "large", LARGE, 20, seconds, 25)
        table.rows.append(silent_row(client, port, pid, 10 if quick else 60))
    with server() as (port, pid):
        table.rows += made_rows(Client(port), pid)
    ours = per_delivery(seconds, "ours")
    theirs = per_delivery(seconds, "framework")
    name = "processor time of a delivery, the framework's class / ours"
    detail = f"{1e6 * theirs:.1f} and {1e6 * ours:.1f} µs; {VIEWERS['framework']} viewers, the same frame"
    table.rows.append(Row(name, 6, theirs / ours, "x", False, detail))
    return table


def crowd(
    client: Client, port: int, pid: int, name: str, config: dict[str, Any], rate: int, seconds: float, late_ms: float
) -> list[Row]:
    """Many viewers of one session that plays."""
    session = client.make(config)
    viewers = VIEWERS[name]
    what = f"{viewers:,} viewers of {sum(a * b for a, b in pairwise(config['layers'])):,} connections"
    with audience(port, [session["stream_url"]] * viewers) as watching:
        watching.watch(1.0)  # what is only there at the beginning is over
        encoded, busy = frames_encoded(port), processor_seconds(pid) or 0.0
        with noise(seconds) as late:
            watching.begin(seconds + 1)
            client.ask("POST", f"{session['url']}/play", {"per_second": rate})
            time.sleep(seconds)
            client.ask("POST", f"{session['url']}/pause")
            seen = watching.seen()
        busy, encoded = (processor_seconds(pid) or 0.0) - busy, frames_encoded(port) - encoded
        client.ask("DELETE", session["url"])
    frames = len(seen.frames)
    delays, worst = delay(seen)
    return [
        Row(f"{what}: delivered", 0.99, seen.deliveries / (frames * viewers), "", False, f"{seen.deliveries:,} in all"),
        Row(f"{what}: frames", None, frames / seconds, "/s", False, f"{rate} steps a second are played"),
        Row(f"{what}: delay, p99", late_ms, delays, "ms", True, f"noise {late():.3g} ms; {worst}"),
        Row(f"{what}: encodings of a frame", 1, encoded / frames, "", True, f"{encoded} encoded, {frames} seen"),
        Row(
            f"{what}: processor time of a delivery",
            None,
            1e6 * busy / seen.deliveries,
            "µs",
            True,
            share(busy, seen, seconds),
        ),
    ]


def delay(seen: Seen) -> tuple[float, str]:
    """The p99 of each second's frames, the middle one of these; and what else is to be said."""
    rounds: dict[int, list[int]] = {}
    for seq, delays in seen.frames.items():
        rounds.setdefault(seq // 1000, []).extend(delays)
    each = [quantile(delays, 0.99) for delays in rounds.values()]
    together = [one for delays in seen.frames.values() for one in delays]
    whole = f"of all together {quantile(together, 0.99):g}, median {statistics.median(together):g}"
    return statistics.median(each), f"of each second's, the middle one; {whole}"


def share(busy: float, seen: Seen, seconds: float) -> str:
    """How busy both sides were."""
    return f"web process {busy / seconds:.0%} of a core, the viewers' {seen.cpu / seconds:.0%}"


def frames_encoded(port: int) -> int:
    """How many frames the workers have encoded, as the server counts them."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return int(next(float(line.split()[1]) for line in lines if line.startswith("blameflow_frames_encoded_total ")))


# --- memory, and sessions that are made


def silent_row(client: Client, port: int, pid: int, seconds: float) -> Row:
    """How much the web process grows with viewers that never read."""
    session = client.make(SMALL)
    client.ask("POST", f"{session['url']}/play", {"per_second": 0})
    sizes = []
    with audience(port, [session["stream_url"]]) as watching:
        watching.watch(3.0)
        sizes.append(resident_mb(pid) or 0.0)
        connections = [silent(port, session["url"]) for _ in range(SILENT)]
        for _ in range(4):
            watching.watch(seconds / 4)
            sizes.append(resident_mb(pid) or 0.0)
        for connection in connections:
            connection.close()
    client.ask("DELETE", session["url"])
    parts = ", ".join(f"{size:.1f}" for size in sizes)
    what = f"{SILENT} viewers that never read, over {seconds:g} s"
    return Row(
        what, 5, max(sizes[1:]) - sizes[0], "MB", True, f"the web process before, and after each quarter: {parts}"
    )


def made_rows(client: Client, pid: int) -> list[Row]:
    """Sessions created a second over one connection, and what an idle one takes."""
    client.make(SMALL)
    worker = worker_of(pid)
    assert worker is not None
    before, began = (resident_mb(worker) or 0.0) + (resident_mb(pid) or 0.0), time.perf_counter()
    for _ in range(CREATE):
        client.make(SMALL)
    seconds = time.perf_counter() - began
    after = (resident_mb(worker) or 0.0) + (resident_mb(pid) or 0.0)
    return [
        Row("sessions created, one client", None, CREATE / seconds, "/s"),
        Row("memory of an idle session, both processes", None, 1e3 * (after - before) / CREATE, "kB", True),
    ]


# --- the framework's own class


def per_delivery(seconds: float, whose: str) -> float:
    """Processor seconds that one delivery of the same frame takes, at 20 a second."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, whose), daemon=True)
    process.start()
    port = ours.recv()
    try:
        with audience(port, ["/stream"] * VIEWERS["framework"]) as watching:
            watching.watch(1.0)
            return _price(watching, process.pid, seconds)
    finally:
        process.kill()
        process.join()


def _price(watching: Audience, pid: int | None, seconds: float) -> float:
    before = processor_seconds(pid) or 0.0
    seen = watching.watch(seconds)
    return ((processor_seconds(pid) or 0.0) - before) / seen.deliveries


def serve(connection: Connection, whose: str) -> None:
    """A server that does nothing but show the same frame to everybody, by our hub or by the framework's class."""
    import asyncio
    import socket

    from fastapi import FastAPI
    from fastapi.sse import EventSourceResponse, ServerSentEvent

    from app.streaming import sse
    from app.streaming.hub import Hub
    from app.streaming.response import EventStream
    from app.web.server import Server

    frame = "x" * 2_500
    app, hub = FastAPI(), Hub()
    tick, latest = asyncio.Event(), 0

    if whose == "ours":

        @app.get("/stream")
        async def stream() -> EventStream:
            subscription = hub.subscribe("s")
            hub.publish("s", "topology", sse.event("topology", b"{}"))
            return EventStream(subscription)

    else:

        @app.get("/stream", response_class=EventSourceResponse)
        async def events() -> Any:
            while True:
                await tick.wait()
                yield ServerSentEvent(raw_data=frame, event="frame", id=str(latest))

    async def play() -> None:
        nonlocal tick, latest
        while True:
            await asyncio.sleep(0.05)
            latest = time.time_ns() // 1_000_000
            hub.publish("s", "key", sse.event("frame", frame.encode(), latest))
            over, tick = tick, asyncio.Event()
            over.set()

    app.end_streams = hub.close  # type: ignore[attr-defined]
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    connection.send(listener.getsockname()[1])

    async def main() -> None:
        task = asyncio.create_task(play())
        with suppress(asyncio.CancelledError):
            await Server(app).serve(sockets=[listener])  # type: ignore[arg-type]
        task.cancel()

    asyncio.run(main())
