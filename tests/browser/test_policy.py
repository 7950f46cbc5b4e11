"""The Content-Security-Policy holds on every page, and nothing that a page does needs more."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.contexts import WAIT_MS

pytestmark = pytest.mark.browser

WATCH = """
window.blocked = [];
addEventListener("securitypolicyviolation", e => blocked.push(`${e.effectiveDirective} ${e.blockedURI}`));
"""
PAGES = ("/", "/new?dataset=digits", "/new?dataset=circle&embed=1", "/new?dataset=circle&present=1", "/lessons",
         "/lessons/from-nothing", "/races", "/docs", "/nothing", "/sessions/none", "/new?layers=x")  # fmt: skip


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that remembers what was blocked."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    made = context.new_page()
    made.set_default_timeout(WAIT_MS)
    made.add_init_script(WATCH)
    yield made
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_a_page_is_blocked(page: Page, server_url: str, path: str) -> None:
    answer = page.goto(server_url + path, wait_until="load")
    assert answer
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    if page.query_selector("#network"):
        page.wait_for_selector("#network[data-phase]", state="attached")
        page.keyboard.press("ArrowRight")
        page.wait_for_selector('#network[data-step="1"]', state="attached")
    assert page.evaluate("blocked") == []


def test_the_page_of_a_race_too(page: Page, server_url: str) -> None:
    body = {"session": {"dataset": {"name": "xor"}}, "feedbacks": ["transpose"], "seeds": [1], "epochs": 1}
    race = httpx.post(f"{server_url}/api/races", json=body, timeout=30).json()["id"]
    page.goto(f"{server_url}/races/{race}", wait_until="load")
    assert page.evaluate("blocked") == []


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))",
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')",
        "setTimeout('window.ran = true')",
        "document.body.append(Object.assign(document.createElement('style'), {textContent: 'body { color: red }'}))",
        "fetch('http://127.0.0.1:1/').catch(() => null)",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://127.0.0.1:1/'}))",
    ],
)
def test_what_a_smuggled_script_would_do_is_blocked(page: Page, server_url: str, attempt: str) -> None:
    page.goto(f"{server_url}/lessons", wait_until="load")
    page.evaluate(f"() => {{ {attempt} }}")
    page.wait_for_function("blocked.length > 0")
    assert page.evaluate("window.ran") is None
