"""A real Chromium against the real command. Every page is watched: no errors, no other host, nothing blocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from tests.browser import chromium

WAIT_MS = 60_000
expect.set_options(timeout=WAIT_MS)

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AT_REST = """() => document.getAnimations().every((one) =>
  one.playState === "finished" || one.effect.getComputedTiming().endTime === Infinity)"""


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe finds in the parts of the page that the selector names, once all has faded in and is named."""
    page.wait_for_function(AT_REST)
    page.wait_for_selector("[data-unspoken]", state="detached")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("(within) => axe.run(within, {resultTypes: ['violations']})", within)
    return [
        f"{violation['impact']} {violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests come last: while the browser runs, its library keeps an event loop in this thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of all these tests."""
    if chromium.skipped():
        pytest.skip("BROWSER_TESTS=skip")
    path = chromium.for_tests()
    if path is None:
        pytest.fail("no Chromium: run python tests/browser/chromium.py, or set BROWSER_TESTS=skip")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path)
        yield running
        running.close()


@dataclass
class Watched:
    """A page, and whatever went wrong on it.

    Attributes
    ----------
    expected
        What may stand in a console message: a refusal that the test provokes is logged by the browser itself.
    """

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, preset: str | None = None) -> Page:
        """The visitor's session, or a new one of a preset, with its first frame drawn."""
        self.page.goto(self.address)
        if preset is not None:
            self.page.evaluate("name => fetch(`/presets/${name}`, {method: 'POST'})", preset)
            self.page.goto(self.address)
        self.page.wait_for_selector("#network[data-phase]", state="attached")
        return self.page

    @property
    def session(self) -> str:
        """The session's URL of the API."""
        return self.address + str(self.page.get_attribute("body", "data-url"))

    def get(self, path: str = "") -> Any:
        """What the API answers about the session."""
        return httpx.get(self.session + path, timeout=60).raise_for_status().json()

    def post(self, path: str, body: object = None) -> Any:
        """Somebody else writes to the session."""
        return httpx.post(self.session + path, json=body, timeout=60).raise_for_status().json()

    def cursor(self) -> tuple[int, str, int | None]:
        """Where the picture stands, once it is drawn: one that was just made for another size is not yet."""
        drawn = self.page.wait_for_selector("#network[data-phase]", state="attached")
        assert drawn is not None
        step, phase, layer = drawn.evaluate("({dataset}) => [dataset.step, dataset.phase, dataset.phaseLayer ?? null]")
        return int(step), phase, None if layer is None else int(layer)

    def wait_for(self, step: int, phase: str, layer: int | None = None) -> None:
        """Wait until the picture stands there."""
        where = f'#network[data-step="{step}"][data-phase="{phase}"]'
        where += f'[data-phase-layer="{layer}"]' if layer else ":not([data-phase-layer])"
        self.page.wait_for_selector(where, state="attached")


Opener = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, server_url: str) -> Iterator[Opener]:
    """Makes a visitor with a browser of their own: `visit(viewport=…, color_scheme=…, reduced_motion=…)`."""
    contexts = []
    watched: list[Watched] = []

    def make(**options: Any) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        one = Watched(context.new_page(), server_url)
        _watch(one)
        watched.append(one)
        return one

    yield make
    for context in contexts:
        context.close()
    for one in watched:
        unexpected = [text for text in one.troubles if not any(known in text for known in one.expected)]
        assert unexpected == []


def _watch(one: Watched) -> None:
    own = urlsplit(one.address).netloc

    def answered(response: Response) -> None:
        if response.status >= 400:
            one.troubles.append(f"{response.status} {response.url}")
        if urlsplit(response.url).scheme.startswith("http") and urlsplit(response.url).netloc != own:
            one.troubles.append(f"another host: {response.url}")

    page = one.page
    page.on("console", lambda m: one.troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: one.troubles.append(f"{error}"))
    page.on("response", answered)
    page.on("request", lambda r: one.troubles.append(r.url) if urlsplit(r.url).netloc not in (own, "") else None)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(`blocked by policy: ${e.blockedURI}`))"
    )
