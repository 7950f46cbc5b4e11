"""The documentation page runs under our policy, and its examples can be sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


def test_the_documentation_lists_the_routes_and_sends_an_example(browser: Browser, server_url: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server_url}/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".opblock").count() >= 28
    page.locator(".opblock-post").first.click()
    page.get_by_role("button", name="Execute").first.click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("201")
    assert said == []  # nothing was blocked
    assert all(url.startswith((server_url, "data:")) for url in asked)
    page.close()
