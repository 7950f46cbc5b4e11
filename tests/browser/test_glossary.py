"""Words that are explained where they stand: by pointer, by keyboard, by touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.web.glossary import GLOSSARY
from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def inside(page: Page) -> bool:
    """Whether the explanation is wholly in the window."""
    box, window = page.locator("#explained").bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    across = box["x"] >= 0 and box["x"] + box["width"] <= window["width"]
    return across and box["y"] >= 0 and box["y"] + box["height"] <= window["height"]


def at_send_back(visitor: Watched) -> Page:
    page = visitor.open("circle")
    page.locator('#timeline button.phase[data-phase="send_back"][data-layer="3"]').click()
    visitor.wait_for(1, "send_back", 3)
    expect(page.locator("#sentence .explains")).to_have_text("sends")
    return page


def test_pointing_at_a_word_explains_it_until_the_pointer_leaves(visit: Opener) -> None:
    page = at_send_back(visit())
    box = page.locator("#explained")
    page.locator("#sentence .explains").hover()
    expect(box).to_be_visible()
    expect(box).to_contain_text("this much of my error went through you")
    assert inside(page)
    box.hover()  # what is read may be pointed at
    page.wait_for_timeout(400)
    expect(box).to_be_visible()
    page.mouse.move(2, 2)
    expect(box).to_be_hidden()


def test_every_underlined_word_of_the_page_says_what_the_glossary_says(visit: Opener) -> None:
    page = at_send_back(visit(reduced_motion="reduce"))
    words = [term for term in page.locator(".explains").all() if term.is_visible()]
    assert len(words) >= 7
    for term in words:
        page.keyboard.press("Escape")  # the one before may lie over it
        expect(page.locator("#explained")).to_be_hidden()
        term.hover()
        expect(page.locator("#explained")).to_be_visible()
        name = str(term.get_attribute("data-word"))
        expect(page.locator("#explained")).to_have_text(page.locator(f"#glossary-{name}").text_content() or "")
        assert inside(page)
        assert name in GLOSSARY
        assert term.get_attribute("aria-describedby") == f"glossary-{name}"


def test_the_keyboard_reaches_words_and_escape_lets_go_of_nothing_else(visit: Opener) -> None:
    page = at_send_back(visit())
    page.locator("#neuron-3-1").dispatch_event("click")
    expect(page.locator("#inspector .card")).to_have_count(1)
    page.locator("#view-choice input").first.focus()
    term = page.locator("#sentence .explains")
    page.evaluate(
        "document.querySelector('#sentence .explains').previousSibling.parentNode.closest('section').tabIndex = -1"
    )
    page.evaluate("document.querySelector('#say').focus()")
    page.keyboard.press("Tab")
    expect(term).to_be_focused()
    expect(page.locator("#explained")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#explained")).to_be_hidden()
    expect(page.locator("#inspector .card")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#inspector .card")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_tap_explains_and_another_one_closes(visit: Opener, scheme: str) -> None:
    page = at_send_back(visit(color_scheme=scheme, **PHONE))
    term = page.locator("#sentence .explains")
    term.tap()
    expect(page.locator("#explained")).to_be_visible()
    assert inside(page)
    term.tap()
    expect(page.locator("#explained")).to_be_hidden()
    term.tap()
    page.locator("#equation").tap()
    expect(page.locator("#explained")).to_be_hidden()
