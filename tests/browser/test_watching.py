"""Where sessions belong to who made them: whoever may only watch sees so, and the link to control works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.settings import Settings
from tests.browser.contexts import WAIT_MS
from tests.conftest import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def public() -> Iterator[str]:
    """A server that others reach."""
    with serving(Settings(public=True)) as url:
        yield url


def somebody(browser: Browser, address: str) -> Page:
    """A visitor with a browser of their own, at an address."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(address)
    page.wait_for_selector("#network[data-phase]", state="attached")
    return page


def test_who_watches_sees_so_and_moves_nothing(browser: Browser, public: str) -> None:
    own = somebody(browser, public)
    other = somebody(browser, own.url)
    assert other.is_visible("text=You are watching.")
    assert not any(other.is_visible(f"#{name}") for name in ("play", "forward", "undo", "shape", "unit"))
    assert other.is_disabled("#training-form input[name=learning_rate]")
    assert other.is_disabled("#network-form select >> nth=0")
    other.keyboard.press("ArrowRight")
    own.keyboard.press("ArrowRight")
    for page in (own, other):
        page.wait_for_selector(
            '#network[data-step="1"][data-phase="feedforward"][data-phase-layer="2"]', state="attached"
        )
    own.context.close()
    other.context.close()


# Presses whatever can be pressed and leaves the page as it is, and tells what the page asked of the session.
PRESS = """async () => {
  const asked = [], ask = window.fetch;
  window.fetch = (to, of) => (of?.method && of.method !== "GET" && asked.push(`${of.method} ${to}`), ask(to, of));
  for (const details of document.querySelectorAll("details")) details.open = true;
  await new Promise(requestAnimationFrame);
  const leaves = "#problem *, .top-bar *, #fold-left, #examples-close, #close-matrix, .unpin, input[name=view]";
  let pressed = 0;
  for (const one of document.querySelectorAll("button, input[type=radio], [role=option], [role=slider]")) {
    if (one.matches(leaves) || one.closest("[inert]") || !one.checkVisibility({visibilityProperty: true})) continue;
    if (one.matches(":disabled, [aria-disabled=true]") && one.localName === "button") continue;
    one.click();
    one.focus();
    for (const key of ["Enter", "ArrowLeft"]) one.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    pressed++;
  }
  await new Promise((then) => setTimeout(then));
  const alerts = [...document.querySelectorAll("[role=alert]")].filter((one) => one.checkVisibility());
  return {pressed, asked, said: alerts.map((one) => one.textContent.trim())};
}"""


@pytest.mark.parametrize("key", ["", "e", "m"])
def test_nothing_that_who_watches_can_press_is_refused(browser: Browser, public: str, key: str) -> None:
    own = somebody(browser, public)
    own.keyboard.press("Shift+ArrowRight")
    own.wait_for_selector('#network[data-step="1"][data-phase="update"]', state="attached")
    other = somebody(browser, own.url.partition("?")[0])
    other.dispatch_event("path.hit", "click")
    other.wait_for_selector(".card[data-pinned] [data-field=w]")
    if key:
        other.keyboard.press(key)
        other.wait_for_selector("#examples-list [role=option]" if key == "e" else "#matrix:not([hidden])")
    done = other.evaluate(PRESS)
    assert done["pressed"] > 10
    assert done["said"] == []
    assert [call for call in done["asked"] if not call.endswith(("/nudge", "/what-if", "/predict"))] == []
    assert other.locator("#examples-list [role=option]:not([aria-disabled=true])").count() == 0
    assert other.locator(".card input").evaluate_all("all => all.filter(one => one.type !== 'radio').length") == 0
    own.context.close()
    other.context.close()


def test_make_it_mine_is_a_copy_at_the_same_point(browser: Browser, public: str) -> None:
    own = somebody(browser, public)
    own.keyboard.press("ArrowRight")
    own.wait_for_selector('#network[data-step="1"]', state="attached")
    other = somebody(browser, own.url.partition("?")[0])
    other.click("#make-mine")
    other.wait_for_selector("#play", state="visible")
    other.wait_for_selector('#network[data-step="1"]', state="attached")
    assert other.url.partition("?")[0] != own.url.partition("?")[0]
    own.context.close()
    other.context.close()


def test_the_link_to_control_makes_the_page_anew_without_the_token_in_its_address(
    browser: Browser, public: str
) -> None:
    own = somebody(browser, public)
    own.click("#open-share")
    assert own.is_visible("text=To watch")
    own.check("input[name=way][value=control]")
    link = own.input_value("#share-text")
    assert "#control=" in link
    other = somebody(browser, link)
    other.wait_for_selector("body:not([data-watching])")
    assert "control" not in other.url
    assert "control" not in str(other.evaluate("document.cookie"))
    other.keyboard.press("ArrowRight")
    own.wait_for_selector('#network[data-step="1"]', state="attached")
    own.context.close()
    other.context.close()


def test_a_frame_of_another_page_moves_its_own_session(browser: Browser, public: str) -> None:
    page = somebody(browser, f"{public}/new?dataset=xor&embed=1")
    page.wait_for_selector("#play", state="visible")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('#network[data-step="1"]', state="attached")
    assert not page.context.cookies(public) or all("control" not in c["name"] for c in page.context.cookies(public))
    page.context.close()
