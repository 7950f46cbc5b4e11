"""The glossary: every word comes out of docs/notation.md, and every word that the page underlines is in it."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from app.web.glossary import GLOSSARY, NOTATION, entries, formula, prose, term
from app.web.texts import LANGUAGES

ROWS = re.findall(r"^\| \*\*(.+?)\*\*.*?\|(.*?)\|(.*?)\|$", NOTATION.read_text(encoding="utf-8"), re.MULTILINE)


def words(markup: str) -> str:
    """What is left of Markdown or HTML without its marks and spaces."""
    return re.sub(r"<[^>]*>|[*\s]", "", unescape(markup))


def test_every_word_in_bold_is_in_the_glossary_with_its_symbols_and_meaning() -> None:
    assert len(ROWS) >= 20
    assert [entry.word for entry in GLOSSARY.values()] == [row[0] for row in ROWS]
    for entry, (_, symbols, meaning) in zip(GLOSSARY.values(), ROWS, strict=True):
        assert sorted(words(entry.symbols)) == sorted(words(symbols))  # MathML has a lower index before an upper one
        assert sorted(words(entry.meaning)) == sorted(words(meaning))


def test_the_page_carries_every_meaning_once(client: httpx.Client) -> None:
    page = client.get("/", follow_redirects=True).text
    block = page.partition('<div id="glossary" hidden>')[2].partition("</div>")[0]
    found = dict(re.findall(r'<p id="glossary-([a-z-]+)">(.*?)</p>', block, re.DOTALL))
    assert found.keys() == GLOSSARY.keys()
    for name, text in found.items():
        assert words(text) == words(GLOSSARY[name].symbols + GLOSSARY[name].meaning)


def test_every_word_that_is_underlined_is_explained(client: httpx.Client) -> None:
    page = client.get("/", follow_redirects=True).text
    assert set(re.findall(r'data-word="([a-z-]+)"', page)) <= GLOSSARY.keys()
    for texts in LANGUAGES.values():
        for source in texts.files.values():
            marked = re.findall(r"<term ([a-z-]+)>[^<{]+</term>", source.partition("\n\n")[2])
            assert set(marked) <= GLOSSARY.keys()
            assert source.partition("\n\n")[2].count("<term") == len(marked)
    with pytest.raises(KeyError):
        term("blame-game", "blame game")


def test_symbols_become_mathml() -> None:
    assert formula("a<sup>l−1</sup><sub>k</sub>") == (
        "<math><msubsup><mi>a</mi><mrow><mi>k</mi></mrow><mrow><mi>l</mi><mo>−</mo><mn>1</mn></mrow></msubsup></math>"
    )
    assert formula("") == ""
    assert prose("neuron *j* & z<sub>j</sub>") == (
        "neuron <math><mi>j</mi></math> &amp; <math><msub><mi>z</mi><mrow><mi>j</mi></mrow></msub></math>"
    )
    assert [entry.word for entry in entries("| **delta** | δ | an error |\n| `w` | w | a weight |\n")] == ["delta"]
