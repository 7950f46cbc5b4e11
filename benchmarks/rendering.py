"""What drawing costs the browser's main thread, in a headless Chromium on a real server.

Both sides of a ratio take turns in one run. Other programs may want the processor meanwhile: costs are the thread's own
time, and where a task took long, what it worked stands beside how long it took.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from benchmarks.browser import LONG_MS, Chromium, Watched, launched, middle
from benchmarks.load import Client, server
from benchmarks.mnist import upload
from benchmarks.table import Row, Table

Net = tuple[int, ...]
SMALL: Net = (5, 20, 10)
"""Exactly 300 connections."""
LARGE: Net = (784, 30, 10)
PIXELS = LARGE[0]
NETS: tuple[Net, ...] = ((2, 4, 3, 2), (64, 30, 10), LARGE, (784, 256, 128, 10))
STEPS = 5
"""Sessions stand at the end of this step."""
FLIGHT_MS = 8_000
"""From the sending back on, something travels for so long at a quarter of the speed."""
MOST_MB = 0.05
"""Memory is flat if it grows by at most this share."""


def run(quick: bool, minutes: float = 1.0) -> Table:
    """Frame costs and rates, long tasks, and memory over so many minutes of playing each way."""
    table = Table(
        "Rendering: headless Chromium, 1280 × 720",
        notes=[
            f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start: "
            "what other programs do makes frames late and tasks long.",
            "Costs are the main thread's own time (threadTicks). (smallest to largest) of the rounds.",
        ],
    )
    with server() as (port, _), launched(port) as browser:
        pages = Pages(port, upload(f"http://127.0.0.1:{port}"))
        rounds = 1 if quick else 5
        table.rows += [
            drawing_row(browser, pages, rounds),
            rate_row(browser, pages, rounds),
            *long_rows(browser, pages, 4.0 if quick else 10.0),
            *memory_rows(browser, pages, 0.2 if quick else minutes),
        ]
    return table


class Pages:
    """Sessions to open, and to bring to a point."""

    def __init__(self, port: int, images: str) -> None:
        self._port = port
        self._images = images

    def make(self, layers: Net) -> dict[str, Any]:
        """A new session, some steps on, so that its weights are not those of the start."""
        data: dict[str, Any] = {"name": self._images if layers[0] == PIXELS else "digits"}
        if layers[0] == 2:
            data = {"name": "circle"}
        elif layers == SMALL:
            rows = [[((7 * i + 3 * k) % 11) / 11 for k in range(layers[0])] for i in range(60)]
            data = {"inputs": rows, "labels": [i % layers[-1] for i in range(len(rows))]}
        session = Client(self._port).make({"layers": list(layers), "dataset": data, "seed": 1})
        self.ask(session, "step", {"unit": "step", "count": STEPS})
        return session

    def ask(self, session: dict[str, Any], call: str, body: dict[str, Any]) -> None:
        """A call of a session."""
        Client(self._port).ask("POST", f"{session['url']}/{call}", body)


class Flight:
    """A session's page on which blame goes back and charges fall, again and again, at a quarter of the speed."""

    def __init__(self, pages: Pages, session: dict[str, Any], watched: Watched) -> None:
        self._pages = pages
        self._session = session
        self._watched = watched

    def measure(self) -> tuple[float, float]:
        """The main thread's own time for each screen, ms; and screens a second."""
        watched = self._watched
        watched.page.bring_to_front()
        self._pages.ask(self._session, "seek", {"step": STEPS, "phase": "output_error"})
        watched.page.wait_for_selector('#network[data-phase="output_error"][data-progress="1.00"]', state="attached")
        watched.pace("phase", "0.25")
        with watched.playing():
            watched.page.wait_for_selector('#network[data-phase="send_back"]', state="attached")
            watched.reset()
            before = watched.metrics()["TaskDuration"]
            watched.page.wait_for_timeout(FLIGHT_MS)
            worked, counts = watched.metrics()["TaskDuration"] - before, watched.counts()
        return 1e3 * worked / counts["screens"], 1e3 * counts["flying"] / counts["ms"]


def drawing_row(browser: Chromium, pages: Pages, rounds: int) -> Row:
    """Setting what has changed, against setting everything on every frame."""
    checked: list[float] = []
    every: list[float] = []
    session = pages.make(SMALL)
    with browser.on(session) as one, browser.on(session, every=True) as other:
        for _ in range(rounds):
            for watched, costs in ((one, checked), (other, every)):
                costs.append(Flight(pages, session, watched).measure()[0])
    ratio = statistics.median(a / b for a, b in zip(checked, every, strict=True))
    detail = f"ms a frame: {middle(checked)} checked, {middle(every)} setting everything"
    return Row("main thread, checked / setting every attribute", 0.5, ratio, "x", True, detail)


def rate_row(browser: Chromium, pages: Pages, rounds: int) -> Row:
    """Frames a second while pulses fly: 300 connections, and 24,000."""
    few: list[float] = []
    many: list[float] = []
    small, large = pages.make(SMALL), pages.make(LARGE)
    with browser.on(small) as one, browser.on(large) as other:
        for _ in range(rounds):
            for session, watched, rates in ((small, one, few), (large, other, many)):
                rates.append(Flight(pages, session, watched).measure()[1])
    lost = 1 - statistics.median(b / a for a, b in zip(few, many, strict=True))
    detail = f"frames a second: {middle(few)} with 300, {middle(many)} with 23,820 connections"
    return Row("frames lost from 300 to 24,000 connections", 10, 100 * lost, "%", True, detail)


# --- long tasks ---


def long_rows(browser: Chromium, pages: Pages, seconds: float) -> list[Row]:
    """The longest task of each network, by phases and flat out."""
    rows = []
    for layers in NETS:
        with browser.on(pages.make(layers)) as watched:
            rows += [long_row(browser, watched, layers, *pace, seconds) for pace in (("phase", "1"), ("step", "max"))]
    return rows


def long_row(browser: Chromium, watched: Watched, layers: Net, unit: str, speed: str, seconds: float) -> Row:
    """The longest task as the browser reports it, and what of it the thread worked."""
    watched.pace(unit, speed)

    def play() -> None:
        with watched.playing():
            watched.reset()
            watched.page.wait_for_timeout(1e3 * seconds)
            counted.extend(watched.counts()["long"])

    counted: list[float] = []
    longest = browser.longest(watched, play)
    what = f"longest task, {list(layers)}, {unit}s at {speed}{'×' if speed == '1' else ''}"
    detail = f"{len(counted)} over {LONG_MS} ms in {seconds:.0f} s; the most that one worked: {longest.worked:.0f} ms"
    if counted and longest.worked <= LONG_MS:
        detail += ", the rest it waited for a processor"
    return Row(what, LONG_MS, max([*counted, longest.worked]), "ms", True, detail)


# --- memory ---


def memory_rows(browser: Chromium, pages: Pages, minutes: float) -> list[Row]:
    """What JavaScript holds while it plays flat out, and by phases: the first and the last third of the time.

    Compiled code is held too (0.4 MB of it came within 8 minutes): so a fifth of the time it plays uncounted.
    """
    rows = []
    for unit, speed in (("step", "max"), ("phase", "1")):
        heaps: list[float] = []
        nodes: list[float] = []
        with browser.on(pages.make(LARGE)) as watched:
            watched.pace(unit, speed)
            with watched.playing():
                watched.page.wait_for_timeout(12e3 * minutes)
                end = time.perf_counter() + 60 * minutes
                while time.perf_counter() < end or len(heaps) < 6:
                    watched.page.wait_for_timeout(max(500.0, 60e3 * minutes / 30))
                    heaps.append(watched.heap())
                    nodes.append(watched.metrics()["Nodes"])
        third = len(heaps) // 3
        first, last = statistics.median(heaps[:third]), statistics.median(heaps[-third:])
        detail = (
            f"{first:.2f} to {last:.2f} MB after forced collections over {minutes:g} min; "
            f"{nodes[0]:.0f} to {nodes[-1]:.0f} nodes"
        )
        what = f"memory growth, {list(LARGE)}, {unit}s at {speed}"
        rows.append(Row(what, 100 * MOST_MB, 100 * (last / first - 1), "%", True, detail))
    return rows
