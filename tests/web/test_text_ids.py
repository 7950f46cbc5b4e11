"""Every id that a template, a module or the server says is among the texts, and every text is said somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast, visitor

from app.web.assets import STATIC, TEMPLATES
from app.web.texts import LANGUAGES

APP = Path(__file__).resolve().parents[2] / "app"
MESSAGES = {
    entry.id.name: entry.value
    for entry in FluentParser().parse(LANGUAGES["en"].files["en"]).body
    if isinstance(entry, ast.Message) and entry.value is not None
}
IDS = set(MESSAGES)
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


class Variables(visitor.Visitor):
    """Collects the names of a message's arguments."""

    def __init__(self, pattern: ast.Pattern) -> None:
        self.found: set[str] = set()
        self.visit(pattern)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


def given(text: str, start: int) -> set[str] | None:
    """The names of the arguments in a call, from behind its first one; None where they come in a variable."""
    depth, end = 1, start
    while depth and end < len(text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[end], 0)
        end += 1
    rest = text[start : end - 1].lstrip(", ")
    if rest.startswith("{"):  # JavaScript's object: `{ layer, k: 1 }`
        return None if "..." in rest else set(re.findall(r"(?:^\{|,)\s*(\w+)\s*(?=[:,}])", flat(rest)))
    if not rest:
        return set()
    named = set(re.findall(r"(?:^|,)\s*(\w+)\s*=(?!=)", flat(rest)))
    return named if named and "**" not in rest else None


def flat(source: str) -> str:
    """Source without what is inside nested brackets and strings."""
    source = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", "0", source)
    outer, inner = source[:1], source[1:]
    while (less := re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}", "0", inner)) != inner:
        inner = less
    return outer + inner


def said() -> Iterator[tuple[Path, str]]:
    """Every id that is said: the file, and what it can be."""
    for path in (path for path in SOURCES if path.name not in READERS):
        text = path.read_text(encoding="utf-8")
        for call in CALL.finditer(text):
            for pattern in patterns(first_argument(text, call.end())):
                if not pattern.startswith("glossary"):  # these are for other languages: English has docs/notation.md
                    yield path, pattern


SAID = list(said())


def matching(pattern: str) -> set[str]:
    """The ids that a pattern stands for."""
    plain = pattern.replace("\\-", "-")
    return {plain} & IDS if "[" not in pattern else {name for name in IDS if re.fullmatch(pattern, name)}


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
    missing = {(path.name, pattern) for path, pattern in SAID if not matching(pattern)}
    assert not missing


def test_every_text_is_said() -> None:
    assert set().union(*map(matching, {pattern for _, pattern in SAID})) == IDS


def test_every_argument_that_a_text_needs_is_given() -> None:
    missing = set()
    for path in (path for path in SOURCES if path.name not in READERS):
        text = path.read_text(encoding="utf-8")
        for call in CALL.finditer(text):
            argument = first_argument(text, call.end())
            names = given(text, call.end() + len(argument))
            literal = [matching(pattern) for pattern in patterns(argument) if "[" not in pattern]
            for name in set().union(*literal) if names is not None else ():
                missing |= {(path.name, name, need) for need in Variables(MESSAGES[name]).found - (names or set())}
    assert not missing


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ('t("x", { layer, k: String(k + 1), of: f(a, { b: 1 }) })', {"layer", "k", "of"}),
        ("t('x', layer=layer | string, k=(a == b))", {"layer", "k"}),
        ('t("x")', set()),
        ('t("x", { ...names, k })', None),
        ('t("x", names)', None),
    ],
)
def test_arguments_are_found_in_calls(call: str, names: set[str] | None) -> None:
    assert given(call, call.index('"x"' if '"x"' in call else "'x'") + 3) == names
