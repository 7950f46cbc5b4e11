"""A real Chromium against the real command. Every page is watched: no errors, no other host, nothing blocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from tests.browser import chromium
from tests.browser.contexts import WAIT_MS, WAIT_S, Contexts

expect.set_options(timeout=WAIT_MS)

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
FONTS = "() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))"
AT_REST = """() => document.getAnimations().every((one) =>
  one.playState === "finished" || one.effect.getComputedTiming().endTime === Infinity)"""


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe finds in the parts of the page that the selector names: in light all of it, in dark what colours do."""
    page.add_script_tag(path=str(AXE))
    return [text for scheme, rules in RULES.items() for text in _violations(page, within, scheme, rules)]


def _violations(page: Page, within: str, scheme: Literal["light", "dark"], rules: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_selector("[data-unspoken]", state="detached")
    page.wait_for_function(AT_REST)
    options = {"resultTypes": ["violations"], **rules}
    found = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{scheme}: {violation['impact']} {violation['id']}: {node['html'][:160]}"
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
        """The visitor's session, or a new one of a preset, with its first frame drawn and its fonts there."""
        if preset is not None:
            made = self.page.request.post(f"{self.address}/presets/{preset}", max_redirects=0)
            assert made.status == 303, made.text()
        self.page.goto(self.address)
        self.page.wait_for_selector("#network[data-phase]", state="attached")
        self.page.evaluate(FONTS)
        return self.page

    @property
    def session(self) -> str:
        """The session's URL of the API."""
        return self.address + str(self.page.get_attribute("body", "data-url"))

    def get(self, path: str = "") -> Any:
        """What the API answers about the session."""
        return httpx.get(self.session + path, timeout=WAIT_S).raise_for_status().json()

    def post(self, path: str, body: object = None) -> Any:
        """Somebody else writes to the session."""
        return httpx.post(self.session + path, json=body, timeout=WAIT_S).raise_for_status().json()

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


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    """The browsers of all visitors."""
    return Contexts(browser)


@pytest.fixture
def visit(contexts: Contexts, server_url: str) -> Iterator[Opener]:
    """Makes a visitor with a browser of their own: `visit(viewport=…, color_scheme=…, reduced_motion=…)`."""
    watched: list[Watched] = []

    def make(**options: Any) -> Watched:
        one = Watched(contexts.page(**options), server_url)
        _watch(one)
        watched.append(one)
        return one

    yield make
    contexts.give_back()
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
