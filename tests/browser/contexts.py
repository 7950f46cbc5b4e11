"""Browsers of visitors. Of who used one before nothing is left in it, but the HTTP cache."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

WAIT_S = 60
"""Nothing takes so long, unless the machine is busy with something else: then a test goes on later, not wrongly."""
WAIT_MS = 1000 * WAIT_S
VIEWPORT: ViewportSize = {"width": 1280, "height": 720}


class Contexts:
    """Contexts of one browser, each lent to one test after another.

    So the two hundred files of the page are fetched and compiled once, not in each test.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[str, list[BrowserContext]] = {}
        self.lent: list[tuple[str, BrowserContext]] = []

    def page(self, viewport: ViewportSize = VIEWPORT, **options: Any) -> Page:
        """A page of a visitor who never was anywhere."""
        kind = repr(sorted(options.items()))
        free = self.free.setdefault(kind, [])
        context = free.pop() if free else self.browser.new_context(viewport=VIEWPORT, **options)
        context.set_default_timeout(WAIT_MS)
        self.lent.append((kind, context))
        page = context.new_page()
        page.set_viewport_size(viewport)
        return page

    def give_back(self) -> None:
        """The test is over: its pages are closed, and cookies and whatever its sites have stored is gone."""
        while self.lent:
            kind, context = self.lent.pop()
            for page in context.pages:
                page.close()
            context.set_storage_state({"cookies": [], "origins": []})
            self.free[kind].append(context)
