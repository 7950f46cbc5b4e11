"""Where sessions belong to who made them: whoever may only watch sees so, and the link to control works."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from app.settings import Settings
from tests.browser.contexts import Contexts
from tests.conftest import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def public() -> Iterator[str]:
    """A server that others reach."""
    with serving(Settings(public=True)) as url:
        yield url


Somebody = Callable[[str], Page]


@pytest.fixture
def somebody(contexts: Contexts) -> Iterator[Somebody]:
    """Makes a visitor with a browser of their own, at an address."""

    def make(address: str) -> Page:
        page = contexts.page()
        page.goto(address)
        page.wait_for_selector("#network[data-phase]", state="attached")
        return page

    yield make
    contexts.give_back()


def test_who_watches_sees_so_and_moves_nothing(somebody: Somebody, public: str) -> None:
    own = somebody(public)
    other = somebody(own.url)
    expect(other.get_by_text("You are watching.").first).to_be_visible()
    assert [name for name in ("play", "forward", "undo", "shape", "unit") if other.is_visible(f"#{name}")] == []
    expect(other.locator("#training-form input[name=learning_rate]")).to_be_disabled()
    expect(other.locator("#network-form select").first).to_be_disabled()
    other.keyboard.press("ArrowRight")
    own.keyboard.press("ArrowRight")
    for page in (own, other):
        page.wait_for_selector(
            '#network[data-step="1"][data-phase="feedforward"][data-phase-layer="2"]', state="attached"
        )


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
def test_nothing_that_who_watches_can_press_is_refused(somebody: Somebody, public: str, key: str) -> None:
    own = somebody(public)
    own.keyboard.press("Shift+ArrowRight")
    own.wait_for_selector('#network[data-step="1"][data-phase="update"]', state="attached")
    other = somebody(own.url.partition("?")[0])
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


def test_make_it_mine_is_a_copy_at_the_same_point(somebody: Somebody, public: str) -> None:
    own = somebody(public)
    own.keyboard.press("ArrowRight")
    own.wait_for_selector('#network[data-step="1"]', state="attached")
    other = somebody(own.url.partition("?")[0])
    other.click("#make-mine")
    other.wait_for_selector("#play", state="visible")
    other.wait_for_selector('#network[data-step="1"]', state="attached")
    assert other.url.partition("?")[0] != own.url.partition("?")[0]


def test_the_link_to_control_makes_the_page_anew_without_the_token_in_its_address(
    somebody: Somebody, public: str
) -> None:
    own = somebody(public)
    own.click("#open-share")
    expect(own.locator("text=To watch")).to_be_visible()
    own.check("input[name=way][value=control]")
    link = own.input_value("#share-text")
    assert "#control=" in link
    other = somebody(link)
    other.wait_for_selector("body:not([data-watching])")
    assert "control" not in other.url
    assert "control" not in str(other.evaluate("document.cookie"))
    other.keyboard.press("ArrowRight")
    own.wait_for_selector('#network[data-step="1"]', state="attached")


def test_a_frame_of_another_page_moves_its_own_session(somebody: Somebody, public: str) -> None:
    page = somebody(f"{public}/new?dataset=xor&embed=1")
    page.wait_for_selector("#play", state="visible")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('#network[data-step="1"]', state="attached")
    assert not page.context.cookies(public) or all("control" not in c["name"] for c in page.context.cookies(public))
