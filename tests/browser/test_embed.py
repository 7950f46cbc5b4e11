"""The page in a frame of another site, which is a real page of another origin here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Opener, Watched
from tests.browser.test_room import at

pytestmark = pytest.mark.browser

PICTURE = "/new?layers=2,4,3,2&dataset=circle&seed=4&step=12&phase=send_back&layer=3&embed=1"
Frames = Callable[..., str]


@pytest.fixture
def foreign() -> Iterator[Frames]:
    """Makes a page of another site, with a frame for each address: `localhost` is not `127.0.0.1` to a browser."""
    pages: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages[-1] if self.path == "/" else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def make(*addresses: str) -> str:
        frames = [f'<iframe src="{a.replace("&", "&amp;")}" width="800" height="500"></iframe>' for a in addresses]
        pages.append(f'<!DOCTYPE html><link rel="icon" href="data:,"><title>Notes</title>{"".join(frames)}'.encode())
        return f"http://localhost:{server.server_address[1]}/"

    yield make
    server.shutdown()
    server.server_close()
    thread.join(5)


def framed(visitor: Watched, url: str) -> tuple[Page, FrameLocator]:
    """The other site's page, and the first frame in it."""
    visitor.expected += ["another host", url]
    visitor.page.goto(url)
    return visitor.page, visitor.page.frame_locator("iframe").first


def test_a_frame_in_another_site_s_page_shows_a_session_and_moves_it(visit: Opener, foreign: Frames) -> None:
    visitor = visit()
    page, frame = framed(visitor, foreign(visitor.address + PICTURE))
    expect(frame.locator("#network")).to_have_attribute("data-phase", "send_back")
    expect(frame.locator("#sentence")).to_contain_text("sends")
    frame.locator("#forward").click()
    expect(frame.locator("#network")).to_have_attribute("data-phase", "gate")
    expect(frame.locator("#line-phase")).to_have_text("gate, layer 3: times σ′")
    frame.locator("#play").click()
    expect(frame.locator("#network")).to_have_attribute("data-step", "13")
    frame.locator("#play").click()
    expect(frame.locator("#play")).to_have_attribute("aria-pressed", "false")
    assert page.context.cookies() == []


def test_the_picture_in_a_frame_has_the_numbers_of_its_session(visit: Opener, foreign: Frames) -> None:
    visitor, other = visit(), visit()
    _, frame = framed(visitor, foreign(visitor.address + PICTURE))
    expect(frame.locator("#network")).to_have_attribute("data-phase", "send_back")
    at(other, PICTURE.replace("&embed=1", ""))
    for j in (1, 2):
        for k in (1, 2, 3):
            drawn = frame.locator(f"#connection-4-{j}-{k}").get_attribute("data-sent")
            sent = other.get("/trace")["layers"][3]["sent"][j - 1][k - 1]
            assert float(drawn or "nan") == pytest.approx(sent, rel=1e-5)


def test_a_frame_has_a_transport_and_nothing_else_to_press(visit: Opener, foreign: Frames) -> None:
    visitor = visit()
    _, frame = framed(visitor, foreign(visitor.address + PICTURE))
    expect(frame.locator("#network")).to_have_attribute("data-phase", "send_back")
    assert frame.locator("form, dialog, input[type=file], [popover]:not(.shape-menu)").count() == 0
    seen = [b.get_attribute("id") for b in frame.locator("button").all() if b.is_visible()]
    assert seen == ["restart", "back", "play", "forward"]
    link = frame.locator("#open-whole")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("target", "_blank")


def test_the_link_in_a_frame_opens_its_session(visit: Opener, foreign: Frames) -> None:
    visitor = visit()
    page, frame = framed(visitor, foreign(visitor.address + PICTURE))
    expect(frame.locator("#network")).to_have_attribute("data-phase", "send_back")
    with page.context.expect_page() as opened:
        frame.locator("#open-whole").click()
    whole = opened.value
    whole.wait_for_selector("#network[data-phase=send_back]", state="attached")
    expect(whole.locator("#left")).to_be_visible()
    assert whole.get_attribute("body", "data-session") == frame.locator("body").get_attribute("data-session")


def test_any_other_page_cannot_be_framed(visit: Opener, foreign: Frames) -> None:
    visitor = visit()
    visitor.expected += ["frame-ancestors", "chrome-error"]
    page, frame = framed(visitor, foreign(visitor.address + PICTURE.replace("&embed=1", ""), visitor.address + PICTURE))
    expect(page.frame_locator("iframe").nth(1).locator("#network")).to_have_attribute("data-phase", "send_back")
    assert frame.locator("#network").count() == 0
    assert page.frames[1].url.startswith("chrome-error")


def test_a_refused_link_in_a_frame_says_why(visit: Opener, foreign: Frames) -> None:
    visitor = visit()
    visitor.expected.append("422")
    _, frame = framed(visitor, foreign(f"{visitor.address}/new?layers=2,0,2&embed=1"))
    expect(frame.locator("main p").first).to_contain_text("layers[1]: It must be at least 1; 0 was given.")


@pytest.mark.parametrize(("hide", "gone"), [("sentence", "#say"), ("transport", "#transport"), ("transport", "#line")])
def test_parts_of_a_frame_can_be_hidden(visit: Opener, hide: str, gone: str) -> None:
    visitor = visit(viewport={"width": 800, "height": 500})
    page = at(visitor, f"{PICTURE}&hide={hide}&theme=dark")
    expect(page.locator(gone)).not_to_be_visible()
    expect(page.locator("#network")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.parametrize("size", [(800, 500), (380, 420), (1280, 720), (320, 300)])
def test_a_frame_of_any_size_scrolls_nowhere(visit: Opener, size: tuple[int, int]) -> None:
    visitor = visit(viewport={"width": size[0], "height": size[1]})
    page = at(visitor, PICTURE)
    expect(page.locator("#play")).to_be_in_viewport()
    expect(page.locator("#open-whole")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
