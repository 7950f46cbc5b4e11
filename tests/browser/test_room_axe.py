"""Automated accessibility checks of what is for a room: presentation, frame, menus, dialogs, the notice of a link."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opener, violations
from tests.browser.test_room import FITTED, at

pytestmark = pytest.mark.browser

CIRCLE = "/new?layers=2,4,3,2&dataset=circle&seed=4&step=12&phase=send_back&layer=3"
OPENED = {
    "present": (CIRCLE + "&present=1", ""),
    "embed": (CIRCLE + "&embed=1", ""),
    "share": (CIRCLE, "() => document.getElementById('open-share').click()"),
    "show": (CIRCLE, "() => document.getElementById('show-menu').showPopover()"),
    "export": (CIRCLE, "() => document.getElementById('export-menu').showPopover()"),
    "help": (CIRCLE, "() => document.getElementById('open-help').click()"),
    "moment": (CIRCLE, "() => { document.getElementById('moment').hidden = false; }"),
    "hidden": (CIRCLE + "&hide=left,right,timeline,legend", ""),
}


@pytest.mark.parametrize("state", OPENED)
def test_axe_finds_nothing(visit: Opener, state: str) -> None:
    path, act = OPENED[state]
    visitor = visit(bypass_csp=True, viewport={"width": 1280, "height": 720})
    page = at(visitor, path)
    page.wait_for_function(FITTED)
    page.wait_for_function("() => /sent/.test(document.querySelector('path.hit[data-layer=\"4\"]').ariaLabel)")
    if act:
        page.evaluate(act)
    assert violations(page) == []
