"""Another language is one file: with a made-up one beside English, nothing on the page is in English any more.

Every text of the made-up language is the English one with accents on all its letters, so that a letter without one
gives away a text that is written somewhere else.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
from fluent.syntax import FluentParser, FluentSerializer, ast, visitor
from playwright.sync_api import Page, expect

from app.web import urls
from app.web.assets import ROOT
from app.web.glossary import GLOSSARY
from app.web.texts import LANGUAGES
from tests.browser.conftest import Opener, Watched
from tests.conftest import running

pytestmark = pytest.mark.browser

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćđéƒǵħíǰķłɱńóṕʠŕśťúṽẃẋýźÁɃĆĐÉƑǴĦÍĴĶŁṀŃÓṔɊŔŚŤÚṼẂẊÝŹ"
TAGS = re.compile(r"(</?(?:b|i|kbd)>|<term [a-z-]+>|</term>)")
LANGUAGE = "eo"

# What is no text: the program's name, classes and inputs of the data, the single letters of formulas ("z2 = 0.5").
# Lessons are files of their own, in a folder for each language.
NAMES = re.compile(
    r"Blameflow|\b(?:inside|outside)\b|row \d+, column \d+|(?<![A-Za-z])[A-Za-z](?![A-Za-z])|σ′|∂C/∂[awbz]"
)

FOUND = """() => {
  const found = new Set();
  const take = text => { if (/[A-Za-z]/.test(text ?? "")) found.add(text.trim().replace(/\\s+/g, " ")); };
  const NOT_READ = "#lesson-menu .menu-item, script, style, mi, mo, mn, .m, .letter, .symbol, annotation";
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(NOT_READ)) take(walker.currentNode.data);
  for (const name of ["aria-label", "title", "aria-valuetext", "aria-description", "alt", "placeholder", "data-note"])
    for (const element of document.querySelectorAll(`[${name}]`)) take(element.getAttribute(name));
  return [...found];
}"""


class Accents(visitor.Transformer):
    """Puts accents on all letters of the texts themselves; tags, ids and placeholders stay."""

    def visit_TextElement(self, node: ast.TextElement) -> ast.TextElement:  # noqa: N802
        table = str.maketrans(PLAIN, ACCENTED)
        node.value = "".join(p if TAGS.fullmatch(p) else p.translate(table) for p in TAGS.split(node.value))
        return node


def made_up(english: str) -> str:
    """The texts with accents, and the meanings of words, which English has in docs/notation.md."""
    words = "".join(f"glossary-{name} = What {name} means.\n" for name in GLOSSARY)
    return str(FluentSerializer().serialize(Accents().visit(FluentParser().parse(f"{english}\n{words}"))))


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the program with one more file."""
    folder = tmp_path_factory.mktemp("program")
    for name in ("app", "static", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "static" / "texts" / f"{LANGUAGE}.ftl").write_text(made_up(LANGUAGES["en"].files["en"]), encoding="utf-8")
    with running(folder) as url:
        yield url


def english(page: Page) -> list[str]:
    """What on the page has a letter without an accent, and is no name."""
    return [text for text in page.evaluate(FOUND) if re.search(r"[A-Za-z]", NAMES.sub("", text))]


@pytest.fixture
def reader(visit: Opener) -> Watched:
    """Somebody who reads the made-up language."""
    return visit(locale=LANGUAGE)


@pytest.mark.parametrize("preset", ["circle", "by-hand", "digits"])
def test_every_phase_of_a_step_is_said_in_the_language(reader: Watched, preset: str) -> None:
    page = reader.open(preset)
    assert page.get_attribute("html", "lang") == LANGUAGE
    page.locator('input[name="unit"][value="phase"]').check(force=True)
    buttons = page.locator("#timeline button.phase")
    for place in range(buttons.count()):
        expect(page.locator("#timeline button.phase[aria-current]")).to_have_attribute("data-order", str(place))
        assert english(page) == []
        if place < buttons.count() - 1:
            page.keyboard.press("ArrowRight")
    expect(page.locator("#sentence")).to_contain_text("Śťéṕ 1 íś đóńé")
    # What a screen reader says follows a moment after the picture.
    expect(page.locator("path.hit:not(.unused)").first).to_have_attribute("aria-label", re.compile("ćħáŕǵéđ"))
    assert english(page) == []


def test_nothing_that_opens_is_in_english(reader: Watched) -> None:
    page = reader.open("circle")
    reader.wait_for(0, "start")
    page.keyboard.press("Shift+ArrowRight")
    reader.wait_for(1, "update")
    for menu in page.locator("[popover]").all():
        menu.evaluate("menu => menu.showPopover()")
        assert english(page) == []
        menu.evaluate("menu => menu.hidePopover()")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert english(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#table table").first).to_be_visible()
    assert english(page) == []


def test_panels_that_are_filled_when_they_open_are_in_the_language(reader: Watched) -> None:
    page = reader.open("circle")
    page.keyboard.press("Shift+ArrowRight")
    reader.wait_for(1, "update")
    page.locator("#map-panel [data-examples]").click()
    expect(page.locator("#examples button").first).to_be_visible()
    assert english(page) == []
    page.keyboard.press("Escape")
    page.locator("#open-share").click()
    expect(page.locator("#share")).to_be_visible()
    assert english(page) == []
    page.keyboard.press("Escape")
    page.locator("#neuron-2-1").dblclick()
    expect(page.locator("#focus-chip")).to_be_visible()
    assert english(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#matrix")).to_be_visible()
    expect(page.locator("#matrix text.box-name", has_text="δ").first).to_be_visible()
    assert english(page) == []


def test_the_page_of_races_is_in_the_language(reader: Watched) -> None:
    reader.page.goto(f"{reader.address}{urls.race()}")
    expect(reader.page.locator("h1").first).to_be_visible()
    assert english(reader.page) == []


CARDS = {
    "neuron-4-1": "#neuron-4-1",
    "neuron-2-1": "#neuron-2-1",
    "neuron-1-1": "#neuron-1-1",
    "connection-3-1-2": 'path.hit[data-layer="3"][data-j="1"][data-k="2"]',
}


def test_choices_and_cards_are_in_the_language(reader: Watched) -> None:
    page = reader.open("circle")
    page.keyboard.press("Shift+ArrowRight")
    reader.wait_for(1, "update")
    for name in ("connections", "neurons"):
        for choice in page.locator(f'input[name="{name}"]').all():
            choice.check(force=True)
            assert english(page) == []
    for name, place in CARDS.items():
        page.locator(place).dispatch_event("click")
        expect(page.locator(f'#inspector .card[data-of="{name}"]')).to_be_visible()
        assert english(page) == []
        page.keyboard.press("Escape")


def test_what_goes_wrong_is_said_in_the_language(reader: Watched) -> None:
    page = reader.open("circle")
    reader.expected += ["422", "Failed to load resource"]
    page.fill("#training-learning_rate", "1,2,3")
    page.keyboard.press("Tab")
    expect(page.locator("#training .refusal")).to_be_visible()
    assert english(page) == []


def test_numbers_that_grew_too_large_are_told_in_the_language(reader: Watched) -> None:
    page = reader.open("circle")
    body = {
        "layers": [2, 4, 3, 2],
        "activations": ["relu", "relu", "linear"],
        "cost": "quadratic",
        "optimizer": {"name": "sgd", "learning_rate": 1e200},
        "dataset": {"name": "circle"},
    }
    made = httpx.post(f"{reader.address}/api/sessions", json=body).raise_for_status().json()
    page.goto(f"{reader.address}/sessions/{made['id']}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    step = 0
    while reader.get()["finite"]:  # one press more would be refused, in the words that scripts get
        step += 1
        page.keyboard.press("Shift+ArrowRight")
        reader.wait_for(step, "update")
    expect(page.locator("#trouble")).to_be_visible()
    assert english(page) == []


def test_a_session_that_is_gone_is_told_in_the_language(reader: Watched) -> None:
    reader.expected += ["404", "Failed to load resource"]
    reader.page.goto(f"{reader.address}/sessions/0123")
    assert english(reader.page) == []
