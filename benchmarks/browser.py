"""A headless Chromium on the page of a session, and what its main thread does while it plays."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Route, ViewportSize, sync_playwright

from tests.browser import chromium

SIZE: ViewportSize = {"width": 1280, "height": 720}
LONG_MS = 50
"""Longer tasks are long, as browsers count them."""

# Counts screens, and apart from them those on which something travels: its progress is not at its end.
WATCH = """
window.bench = {long: [], screens: 0, flying: 0, ms: 0};
new PerformanceObserver(list => bench.long.push(...list.getEntries().map(task => task.duration)))
  .observe({type: 'longtask', buffered: true});
let last = 0, flew = false;
requestAnimationFrame(function screen(now) {
  const svg = document.getElementById('network');
  const flies = svg !== null && Number(svg.dataset.progress) < 1;
  bench.screens++;
  if (flies && flew) {
    bench.flying++;
    bench.ms += now - last;
  }
  [last, flew] = [now, flies];
  requestAnimationFrame(screen);
});
"""
NAIVE = {
    "picture/brush.js": {
        "if (this.#written.get(name) === value) return;": "",
        'if (this.#written.get("#text") === content) return;': "",
        "if (this.#written.get(`.${name}`) === on) return;": "",
        'if ((this.#written.get(`:${property}`) ?? "") === value) return;': "",
        "return same;": "return false;",
    },
    "picture/connections.js": {"if (drawn.written !== this.#drawnOf) {": "if (drawn.place) {"},
    "picture/scene.js": {"store.onMove((seen) => this.#move(seen));": "store.onMove((seen) => this.#draw(seen));"},
}
"""What the page's scripts are without their checks: on every frame, everything is set, whether it changed or not."""


@dataclass(frozen=True)
class Task:
    """The longest task of the main thread: how long it took, and what of that the thread worked, ms."""

    wall: float
    worked: float


class Watched:
    """The page of a session."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self.page = page
        self._session = session
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def pace(self, unit: str, speed: str) -> None:
        """What is one step, and how fast they follow each other."""
        for name, value in (("unit", unit), ("speed", speed)):
            self.page.check(f'input[name="{name}"][value="{value}"]', force=True)
        self.page.evaluate("document.activeElement.blur()")

    @contextmanager
    def playing(self) -> Iterator[None]:
        """It plays, and pauses at the end."""
        self.page.keyboard.press("Space")
        self.page.wait_for_selector("body[data-playing]", state="attached")
        try:
            yield
        finally:
            self.page.keyboard.press("Space")
            self.page.wait_for_selector("body:not([data-playing])", state="attached")

    def reset(self) -> None:
        """Counts from here on."""
        self.page.evaluate("Object.assign(bench, {long: [], screens: 0, flying: 0, ms: 0})")

    def counts(self) -> Any:
        """What was counted."""
        return self.page.evaluate("bench")

    def metrics(self) -> dict[str, float]:
        """The browser's own figures: `TaskDuration` is the main thread's work so far, s; `Nodes` of its documents."""
        return {one["name"]: one["value"] for one in self._session.send("Performance.getMetrics")["metrics"]}

    def heap(self) -> float:
        """Bytes that JavaScript holds after a forced collection, in MB."""
        self._session.send("HeapProfiler.collectGarbage")
        used: float = self._session.send("Runtime.getHeapUsage")["usedSize"]
        return used / 1e6


class Chromium:
    """A running browser."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address

    @contextmanager
    def on(self, session: Mapping[str, Any], every: bool = False) -> Iterator[Watched]:
        """The page of a session, at rest. `every`: on every frame it sets everything, whether it changed or not."""
        context = self._browser.new_context(viewport=SIZE)
        page = context.new_page()
        page.add_init_script(WATCH)
        for script, checks in NAIVE.items() if every else ():
            page.route(f"**/js/{script}", partial(_without, checks))
        page.goto(f"{self._address}/sessions/{session['id']}")
        page.wait_for_selector("#network[data-phase]", state="attached")
        page.wait_for_timeout(2_000)
        try:
            yield Watched(page, context.new_cdp_session(page))
        finally:
            context.close()

    def longest(self, watched: Watched, play: Callable[[], None]) -> Task:
        """The task in which the main thread worked longest while something is played."""
        self._browser.start_tracing(page=watched.page, categories=["toplevel"])
        play()
        events = json.loads(self._browser.stop_tracing())["traceEvents"]
        main = {
            (e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
        }
        tasks = [e for e in events if e["ph"] == "X" and (e["pid"], e["tid"]) in main]
        longest = max(tasks, key=lambda e: e.get("tdur", 0))
        return Task(longest["dur"] / 1e3, longest.get("tdur", 0) / 1e3)


def _without(checks: Mapping[str, str], route: Route) -> None:
    """A script without its checks. Raises RuntimeError where it has others than are known here."""
    response = route.fetch()
    text = response.text()
    for check, instead in checks.items():
        if text.count(check) != 1:
            raise RuntimeError(f"{route.request.url} has no single {check!r}: the benchmark has to follow it")
        text = text.replace(check, instead)
    route.fulfill(response=response, body=text)


@contextmanager
def launched(port: int) -> Iterator[Chromium]:
    """A browser for the server at a port. Raises RuntimeError where there is none."""
    path = chromium.find()
    if path is None:
        raise RuntimeError("no Chromium: run python tests/browser/chromium.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield Chromium(browser, f"http://127.0.0.1:{port}")
        finally:
            browser.close()


def middle(values: list[float]) -> str:
    """Median, smallest and largest of what was measured several times."""
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"
