"""A page whose server is killed and started again goes on by itself where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.browser.contexts import WAIT_MS
from tests.test_survival import serving

pytestmark = pytest.mark.browser


def test_an_open_page_goes_on_where_it_was_when_its_server_was_killed(
    browser: Browser, tmp_path: Path, unused_port: int
) -> None:
    with serving(tmp_path, unused_port) as (own, _):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        context.set_default_timeout(WAIT_MS)
        visitor = Watched(context.new_page(), str(own.base_url))
        page = visitor.open()
        page.evaluate("() => { window.sameDocument = true; }")
        visitor.post("/step", {"unit": "step", "count": 7})
        visitor.post("/step", {"unit": "phase", "count": 3})
        page.wait_for_selector('#network[data-step="8"]', state="attached")
        before, numbers = visitor.cursor(), visitor.get("?include=parameters")
    with serving(tmp_path, unused_port):
        assert visitor.get("?include=parameters") == numbers
        # That it shows what the new server says can be seen from what is done there.
        visitor.post("/step", {"unit": "phase", "count": 1})
        page.wait_for_function("(before) => document.querySelector('#network').dataset.phase !== before", arg=before[1])
        visitor.post("/play", {"unit": "step", "per_second": 20})
        page.wait_for_function("() => Number(document.querySelector('#network').dataset.step) > 15")
        told = visitor.get()["cursor"]["step"]
    with serving(tmp_path, unused_port):
        page.wait_for_function(
            "(told) => Number(document.querySelector('#network').dataset.step) > told + 10", arg=told
        )
        assert page.evaluate("() => window.sameDocument"), "it was not loaded again"
        page.keyboard.press("Space")
        while visitor.get()["playing"]:
            page.wait_for_timeout(50)
        stands = visitor.get()["cursor"]
        visitor.wait_for(stands["step"], stands["phase"], stands["layer"])
        context.close()
