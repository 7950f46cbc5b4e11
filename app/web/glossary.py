"""What the words of the page mean: the rows of docs/notation.md's tables that begin with a word in bold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from app.web.assets import ROOT

NOTATION = ROOT / "docs" / "notation.md"

_ROW = re.compile(r"^\| \*\*([a-z -]+)\*\*[^|]*\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
_INDICES = r"(?:<su[bp]>[^<]*</su[bp]>)"
_SYMBOLS = re.compile(rf"(∂|[^\W\d_]|\d+|\S)({_INDICES}*)")
_IN_PROSE = re.compile(rf"\*([^*]+)\*|(\S*{_INDICES}(?:/?\w{_INDICES}|/∂\w{_INDICES})*)")


@dataclass(frozen=True)
class Entry:
    """A word, what stands for it in symbols (MathML; nothing for some), and what it means."""

    word: str
    symbols: Markup
    meaning: Markup


def read(path: Path = NOTATION) -> dict[str, Entry]:
    """The glossary, by the names of its words (`weighted-input`)."""
    return {entry.word.replace(" ", "-"): entry for entry in entries(path.read_text(encoding="utf-8"))}


def entries(text: str) -> Iterator[Entry]:
    """Every entry of a Markdown text."""
    for word, symbols, meaning in _ROW.findall(text):
        yield Entry(word, formula(symbols.strip()), prose(meaning.strip()))


def prose(cell: str) -> Markup:
    """A cell of words; symbols in it are in italics, or have indices."""
    place, pieces = 0, []
    for found in _IN_PROSE.finditer(cell):
        pieces += [escape(cell[place : found.start()]), formula(found[1] or found[2])]
        place = found.end()
    return Markup("").join([*pieces, escape(cell[place:])])


def formula(cell: str) -> Markup:
    """A cell of symbols, with their indices in <sup> and <sub>, as MathML."""
    pieces = [_indexed(symbol, indices) for symbol, indices in _SYMBOLS.findall(cell)]
    return Markup("<math>{}</math>").format(Markup("").join(pieces)) if pieces else Markup("")


def _indexed(symbol: str, indices: str) -> Markup:
    raised, lowered = (re.search(f"<{tag}>([^<]*)</{tag}>", indices) for tag in ("sup", "sub"))
    base = _one(symbol)
    if raised and lowered:
        return Markup("<msubsup>{}{}{}</msubsup>").format(base, _row(lowered[1]), _row(raised[1]))
    if raised:
        return Markup("<msup>{}{}</msup>").format(base, _row(raised[1]))
    return Markup("<msub>{}{}</msub>").format(base, _row(lowered[1])) if lowered else base


def _row(text: str) -> Markup:
    return Markup("<mrow>{}</mrow>").format(Markup("").join(_one(part) for part in re.findall(r"\d+|\S", text)))


def _one(symbol: str) -> Markup:
    if symbol in "/′":  # these stand close to what they belong to
        return Markup('<mo lspace="0" rspace="0">{}</mo>').format(symbol)
    if symbol in "()":
        return Markup('<mo stretchy="false">{}</mo>').format(symbol)
    if symbol == "T":
        return Markup('<mi mathvariant="normal">T</mi>')
    name = "mn" if symbol.isdigit() else "mi" if symbol.isalpha() or symbol == "∂" else "mo"
    return Markup("<{0}>{1}</{0}>").format(Markup(name), symbol)


def term(word: str, text: str) -> Markup:
    """A word of the page that is explained where it stands. Raises KeyError where the glossary does not have it."""
    GLOSSARY[word]
    return Markup(
        '<span class="explains" tabindex="0" data-word="{0}" aria-describedby="glossary-{0}">{1}</span>'
    ).format(word, text)


GLOSSARY = read()
