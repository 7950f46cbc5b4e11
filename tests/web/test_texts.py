"""The texts: which language a visitor gets, what a message may contain, and that nothing is missing in silence."""

from __future__ import annotations

import re

import httpx
import pytest
from fluent.syntax import FluentParser, ast, visitor
from markupsafe import Markup

from app.web.texts import LANGUAGES, MissingTextError, Texts, chosen

ENGLISH = LANGUAGES["en"].files["en"]
SOME = """
hello = Hello { $name }
counted = { $count ->
    [one] { $count } example
   *[other] { $count } examples
}
loud = <b>{ $name }</b> sends { $blame }
"""


@pytest.fixture(scope="module")
def some() -> Texts:
    return Texts({"en": SOME})


def test_a_text_takes_its_arguments_and_counts_with_numbers(some: Texts) -> None:
    assert some.t("hello", name="you") == "Hello you"
    assert some.t("counted", count=1) == "1 example"
    assert some.t("counted", count=1437) == "1,437 examples"


def test_markup_of_the_text_and_of_arguments_stays_and_all_else_is_escaped(some: Texts) -> None:
    said = some.say("loud", name="<b>x & y", blame=Markup('<b class="blame-minus">−0.5</b>'))
    assert said == '<b>&lt;b&gt;x &amp; y</b> sends <b class="blame-minus">−0.5</b>'


def test_a_missing_text_or_argument_is_an_error(some: Texts) -> None:
    with pytest.raises(MissingTextError, match="no text 'bye'"):
        some.t("bye")
    with pytest.raises(MissingTextError, match="name"):
        some.t("hello")
    with pytest.raises(MissingTextError, match="not a count"):
        some.t("counted", count=-1)


def test_what_a_language_lacks_is_said_in_english() -> None:
    german = Texts({"de": "hello = Hallo { $name }", "en": SOME})
    assert german.t("hello", name="du") == "Hallo du"
    assert german.t("counted", count=2) == "2 examples"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("en;q=0.5, de;q=0.9", "de"),
        ("fr, pt-BR;q=0.8", "pt-BR"),
        ("pt", "en"),
        ("de;q=0, fr", "en"),
        ("*", "en"),
        ("de;q=much,,;;", "en"),
    ],
)
def test_the_language_is_the_best_liked_of_those_there_are(accepted: str, language: str) -> None:
    assert chosen(accepted, ["en", "de", "pt-BR"]) == language


def test_every_message_of_every_file_can_be_read() -> None:
    for name, texts in LANGUAGES.items():
        resource = FluentParser().parse(texts.files[name])
        junk = [entry.content for entry in resource.body if isinstance(entry, ast.Junk)]
        assert not junk
        ids = [entry.id.name for entry in resource.body if isinstance(entry, ast.Message)]
        assert len(ids) == len(set(ids))


def test_a_page_says_its_language_and_carries_its_texts(client: httpx.Client) -> None:
    page = client.get("/", follow_redirects=True, headers={"Accept-Language": "xx, en;q=0.3"})
    assert '<html lang="en">' in page.text
    assert "Accept-Language" in page.headers["vary"]
    assert f'<script class="texts" type="text/plain" lang="en">\n{ENGLISH}</script>' in page.text


def test_no_file_ends_the_element_that_carries_it() -> None:
    for texts in LANGUAGES.values():
        assert not any(re.search("<!--|</?script", source, re.IGNORECASE) for source in texts.files.values())


class Counted(visitor.Visitor):
    """Collects the arguments that a message counts with."""

    def __init__(self, pattern: ast.Pattern) -> None:
        self.found: set[str] = set()
        self.names: set[str] = set()
        self.visit(pattern)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802
        if any(isinstance(v.key, ast.Identifier) and v.key.name == "one" for v in node.variants):
            assert isinstance(node.selector, ast.VariableReference)
            self.found.add(node.selector.id.name)
        self.generic_visit(node)


COUNTED = {
    entry.id.name: counted
    for entry in FluentParser().parse(ENGLISH).body
    if isinstance(entry, ast.Message) and entry.value and (counted := Counted(entry.value)).found
}


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_is_said_differently_of_one_and_of_several(name: str) -> None:
    counted = COUNTED[name]

    def said(count: int) -> str:
        given: dict[str, str | int] = dict.fromkeys(counted.names, "x") | dict.fromkeys(counted.found, count)
        return re.sub(r"<[^>]*>", "", LANGUAGES["en"].t(name, **given))

    assert re.search(r"\b1 (?!(?:is|bias|class)\b)\w+s\b", said(1)) is None
    assert said(1) != re.sub(r"\b3\b", "1", said(3))
    assert said(3) == re.sub(r"\b4\b", "3", said(4))
    assert said(1437).count("1,437") == said(3).count("3")
