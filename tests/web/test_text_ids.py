"""Every id that a template, a module or the server says is among the texts, and every text is said somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from app.web.assets import STATIC, TEMPLATES
from app.web.texts import LANGUAGES

APP = Path(__file__).resolve().parents[2] / "app"
IDS = {
    entry.id.name
    for entry in FluentParser().parse(LANGUAGES["en"].files["en"]).body
    if isinstance(entry, ast.Message) and entry.value is not None
}
READERS = {"texts.js", "texts.py"}
SOURCES = [
    *sorted((STATIC / "js").rglob("*.js")),
    *sorted(TEMPLATES.rglob("*.html")),
    *sorted(TEMPLATES.rglob("*.svg")),
    *sorted(APP.rglob("*.py")),
]

CALL = re.compile(r"(?<![\w#])(?:(?<=\.\.\.)|(?<!\.))(?:texts\.)?(?:t|say|named|has)\(")
STRING = re.compile(r"""f?"([^"\n]*)"|f?'([^'\n]*)'|`([^`]*)`""")
HOLE = re.compile(r"\$?\{[^{}]*(?:\{[^{}]*\})?[^{}]*\}")
"""A variable part inside a string: `${name}` in JavaScript, `{name}` in Python."""


def first_argument(text: str, start: int) -> str:
    """The source of a call's first argument, from after its bracket to the comma or bracket that ends it."""
    depth, quote = 0, ""
    for place in range(start, len(text)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'`":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            if not depth:
                return text[start:place]
            depth -= 1
        elif letter == "," and not depth:
            return text[start:place]
    return text[start:]


def patterns(argument: str) -> Iterator[str]:
    """The ids that an argument can be, as regular expressions; none for a bare variable."""
    argument = re.sub(r"(^|(?<=[\"'`]) *: )[^?:]*\?(?!\?) *", r"\1", argument)  # conditions before JavaScript's choices
    argument = re.sub(r"\bif\b.*?\belse\b", ":", argument)  # and between Python's
    for choice in re.split(r"(?<=[\"'`]) *: *(?=[\"'`])", argument):
        found = list(STRING.finditer(choice))
        if not found:
            continue
        pieces = [re.sub(HOLE, "\0", next(g for g in one.groups() if g is not None)) for one in found]
        joined = "\0".join(pieces)
        before, after = choice[: found[0].start()].strip(), choice[found[-1].end() :].strip()
        joined = ("\0" if before.endswith(("~", "+")) else "") + joined + ("\0" if after.startswith(("~", "+")) else "")
        yield re.escape(joined.replace("_", "-")).replace("\0", "[A-Za-z0-9-]+").replace("\\[A-Za", "[A-Za")


def said() -> Iterator[tuple[Path, str]]:
    """Every id that is said: the file, and what it can be."""
    for path in (path for path in SOURCES if path.name not in READERS):
        text = path.read_text(encoding="utf-8")
        for call in CALL.finditer(text):
            for pattern in patterns(first_argument(text, call.end())):
                if not pattern.startswith("glossary"):  # these are for other languages: English has docs/notation.md
                    yield path, pattern


SAID = list(said())


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ('"close"', ["close"]),
        ("`next-${phase}`", ["next-[A-Za-z0-9-]+"]),
        ('playing ? "transport-pause" : "transport-play"', ["transport-pause", "transport-play"]),
        ('m === n ? "equal" : m > n ? "tall" : "wide"', ["equal", "tall", "wide"]),
        ("'map-image' if kind == 'image' else 'map-plane'", ["map-image", "map-plane"]),
        ("'option-' ~ kind ~ '-' ~ name ~ '-about'", ["option-[A-Za-z0-9-]+-[A-Za-z0-9-]+-about"]),
        ("'unit-' ~ unit", ["unit-[A-Za-z0-9-]+"]),
        ('f"phase-{self.name}"', ["phase-[A-Za-z0-9-]+"]),
        ("name", []),
    ],
)
def test_ids_are_found_in_calls(argument: str, expected: list[str]) -> None:
    assert [found.replace("\\-", "-") for found in patterns(argument)] == expected


def test_every_id_that_is_said_is_there() -> None:
    missing = {(path.name, pattern) for path, pattern in SAID if not any(re.fullmatch(pattern, name) for name in IDS)}
    assert not missing


def test_every_text_is_said() -> None:
    unsaid = {name for name in IDS if not any(re.fullmatch(pattern, name) for _, pattern in SAID)}
    assert not unsaid
