"""Links that lead others to what is on view, and session files that are opened."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Watched
from tests.browser.test_room import at, query, wait_for_query

pytestmark = pytest.mark.browser


def link(page: Page, way: str) -> str:
    """The link that the share dialog gives for this way; it is left open."""
    if not page.locator("dialog#share").is_visible():
        page.locator("#open-share").click()
    page.locator(f'#share input[value="{way}"]').check()
    shape = {"live": r"/sessions/\w+(\?|$)", "moment": "/copy", "carried": r"/open\?session=", "frame": "<iframe"}[way]
    field = page.locator("#share-text")
    expect(field).to_have_value(re.compile(shape))
    return field.input_value()


def same_numbers(one: Watched, other: Watched) -> None:
    """Weights and biases of both sessions, and the costs, are the same, bit for bit."""
    found = [visitor.get("?include=parameters") for visitor in (one, other)]
    for name in ("weights", "biases", "cost", "accuracy"):
        assert found[0][name] == found[1][name]


def opened(visitor: Watched, url: str) -> Page:
    """The page that a link leads to."""
    return at(visitor, url.removeprefix(visitor.address))


def test_a_link_to_follow_leads_to_the_session_as_it_is_shown(visit: Opener) -> None:
    maker, visitor = visit(), visit()
    page = at(maker, "/new?dataset=circle&seed=4&step=7&theme=dark&hide=cost")
    page.keyboard.press("2")
    url = link(page, "live")
    assert url == page.url.partition("?")[0] + "?theme=dark&hide=cost&connections=sent"
    page.locator("#share-as-seen").uncheck()
    expect(page.locator("#share-text")).to_have_value(page.url.partition("?")[0])
    other = opened(visitor, url)
    assert visitor.session == maker.session
    expect(other.locator("#network")).to_have_attribute("data-connections", "sent")
    expect(other.locator("#cost-panel")).not_to_be_visible()
    expect(other.locator("#moment")).not_to_be_visible()


def test_a_link_to_a_moment_gives_identical_numbers_whatever_becomes_of_the_session(visit: Opener) -> None:
    maker, witness, visitor, another = visit(), visit(), visit(), visit()
    page = at(maker, "/new?dataset=circle&seed=4&step=12&phase=send_back&layer=3")
    maker.wait_for(12, "send_back", 3)
    url = link(page, "moment")
    page.locator("#close-share").click()
    at(witness, "/new?dataset=circle&seed=4&step=12&phase=send_back&layer=3")
    maker.post("/seek", {"step": 3})
    httpx.patch(maker.session, json={"optimizer": {"learning_rate": 0.01}}).raise_for_status()
    maker.post("/step", {"count": 30})
    for one in (visitor, another):
        opened(one, url)
        one.wait_for(12, "send_back", 3)
        same_numbers(one, witness)
        assert one.get("/trace") == witness.get("/trace")
    assert len({maker.session, visitor.session, another.session}) == 3
    assert maker.get()["cursor"]["step"] == 33


def test_the_same_moment_is_put_aside_once(visit: Opener) -> None:
    maker = visit()
    page = at(maker, "/new?dataset=circle&seed=4&step=2")
    first = link(page, "moment")
    link(page, "live")
    assert link(page, "moment") == first
    page.locator("#close-share").click()
    page.keyboard.press("ArrowRight")
    maker.wait_for(3, "feedforward", 2)
    assert link(page, "moment") != first


def test_a_link_that_carries_the_weights_opens_them(visit: Opener) -> None:
    maker, visitor = visit(), visit()
    page = at(maker, "/new?dataset=moons&layers=2,5,1&seed=4&step=40&theme=dark")
    url = link(page, "carried")
    assert len(url) < 6_200
    opened(visitor, url)
    assert visitor.session != maker.session
    assert visitor.cursor() == (0, "start", None)
    same_numbers(maker, visitor)
    assert query(visitor.page) == {"theme": ["dark"]}
    drawn = {float(visitor.page.get_attribute(f"#connection-2-{j}-1", "data-w") or "nan") for j in range(1, 6)}
    weights = {row[0] for row in maker.get("?include=parameters")["weights"][0]}
    assert sorted(drawn) == pytest.approx(sorted(weights), abs=1e-6)


def test_a_frame_for_a_web_page_carries_the_weights_too(visit: Opener) -> None:
    maker, visitor = visit(), visit()
    page = at(maker, "/new?dataset=moons&layers=2,5,1&seed=4&step=40&theme=dark")
    code = link(page, "frame")
    found = re.fullmatch(r'<iframe src="([^"]+)" width="800" height="500" title="[^"]+"></iframe>', code)
    assert found
    framed = opened(visitor, found[1].replace("&amp;", "&"))
    assert framed.get_attribute("body", "data-embed") is not None
    assert query(framed) == {"embed": ["1"], "theme": ["dark"]}
    same_numbers(maker, visitor)


def test_a_network_too_large_for_a_link_is_offered_as_a_file(visit: Opener) -> None:
    visitor = visit()
    visitor.expected.append("413")
    page = visitor.open("digits")
    page.locator("#open-share").click()
    page.locator('#share input[value="carried"]').check()
    expect(page.locator("#share-refusal")).to_contain_text("The session file holds all of it.")
    expect(page.locator("#share-text")).to_have_value("")
    expect(page.locator("#share-copy")).to_be_disabled()
    with page.expect_download() as download:
        page.locator("#share-refusal a").click()
    assert json.loads(download.value.path().read_text())["format"] == "blameflow-session"


def test_copying_puts_the_link_on_the_clipboard(visit: Opener) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open("circle")
    url = link(page, "live")
    page.locator("#share-copy").click()
    expect(page.locator("#share-note")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == url


@pytest.mark.parametrize("tail", ["1.AAAA", "9.AAAA", "", "1.eNqrVg", "%00%ff", "1." + "A" * 30_000])
def test_a_broken_link_is_a_clear_page(visit: Opener, tail: str) -> None:
    visitor = visit()
    visitor.expected.append("422")
    page = visitor.page
    answer = page.goto(f"{visitor.address}/open?session={tail}")
    assert answer is not None
    assert answer.status == 422
    expect(page.locator("main p").first).to_contain_text("ink")
    page.get_by_role("link", name="To your session").click()
    page.wait_for_selector("#network[data-phase]", state="attached")


def exported(visitor: Watched, folder: Path) -> Path:
    """The visitor's session as a file."""
    file = folder / "session.json"
    file.write_text(httpx.get(f"{visitor.session}/export").text)
    return file


def test_a_session_file_is_opened_from_the_menu(visit: Opener, tmp_path: Path) -> None:
    maker, visitor = visit(), visit()
    at(maker, "/new?dataset=xor&seed=3&step=9&phase=gate")
    file = exported(maker, tmp_path)
    page = at(visitor, "/new?dataset=circle&theme=dark")
    page.locator("#preset-button").click()
    with page.expect_file_chooser() as chooser:
        page.locator('#preset-menu [data-same-as="session-file"]').click()
    with page.expect_navigation():
        chooser.value.set_files(file)
    visitor.wait_for(9, "gate", 2)
    same_numbers(maker, visitor)
    assert maker.session != visitor.session
    assert query(page)["theme"] == ["dark"]


DROP = """([name, text]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], name));
    for (const kind of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


def test_a_session_file_is_opened_by_dropping_it(visit: Opener, tmp_path: Path) -> None:
    maker, visitor = visit(), visit()
    at(maker, "/new?dataset=xor&seed=3&step=5")
    page = visitor.open("circle")
    before = page.url
    page.evaluate(DROP, ["a.json", exported(maker, tmp_path).read_text()])
    page.wait_for_url(lambda url: url != before)
    visitor.wait_for(5, "update")
    same_numbers(maker, visitor)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("points.csv", "a,b\n1,2\n", "points.csv is not a session file"),
        ("a.json", "{", "not JSON"),
        ("a.json", "{}", "not a session that was exported"),
        ("a.json", "[]", "a.json is not a session file"),
    ],
)
def test_a_file_that_is_no_session_is_refused_in_words(visit: Opener, name: str, text: str, words: str) -> None:
    visitor = visit()
    visitor.expected += ["400", "422"]
    page = visitor.open("circle")
    before = visitor.session
    page.evaluate(DROP, [name, text])
    expect(page.locator("#problem-text")).to_contain_text(words)
    expect(page.locator("#drop")).not_to_be_visible()
    assert visitor.session == before


def test_another_preset_keeps_what_is_hidden(visit: Opener) -> None:
    visitor = visit()
    page = at(visitor, "/new?dataset=circle&hide=cost,timeline&theme=dark&connections=sent")
    before = page.url
    page.locator("#preset-button").click()
    page.locator("#preset-menu").get_by_text("XOR").click()
    page.wait_for_url(lambda url: url.partition("?")[0] != before.partition("?")[0])
    page.wait_for_selector("#network[data-phase]", state="attached")
    wait_for_query(page, "hide", "cost,timeline")
    assert query(page)["theme"] == ["dark"]
    expect(page.locator("#cost-panel")).not_to_be_visible()
