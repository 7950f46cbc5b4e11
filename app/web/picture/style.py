"""The look of a picture that stands alone: the page's own style sheets, with every token resolved for one theme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from app.web.assets import STATIC

Theme = Literal["light", "dark"]
Rule = tuple[str, list[tuple[str, str]]]
"""A selector, and its declarations."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_PAIR = re.compile(r"light-dark\(((?:[^(),]|\([^()]*\))+),((?:[^(),]|\([^()]*\))+)\)")
_IS = re.compile(r":is\(([^()]*)\)")
ONLY_ON_A_PAGE = re.compile(
    r":hover|:focus|\bbody\b|\.(hit|hot|dim|away|arriving|stage|chip)\b|\.stage-|\.legend|\[data-focus\]"
)
"""What a picture that nobody can point at, and in which nothing moves, has no use for."""
OF_HANDS = re.compile(r"cursor|pointer-events|transition|outline|touch-action|user-select|will-change|vector-effect")


@cache
def tokens(theme: Theme) -> Mapping[str, str]:
    """The constants of the look, `--ink` and so on, as they are in a theme."""
    found: dict[str, str] = {}
    for selector, declarations in _rules("tokens.css"):
        if selector == ":root":
            found |= {name: _in_theme(value, theme) for name, value in declarations if name.startswith("--")}
    return found


@cache
def style_sheet(theme: Theme) -> str:
    """The rules of the network's picture, one a line, without variables. Raises KeyError for one that is not known."""
    known = tokens(theme)
    lines = []
    for selector, declarations in (*_of_text(), *_rules("network.css"), *_rules("zoom.css"), *_rules("picture.css")):
        plain = (one for part in _parts(selector) for one in _without_is(part))
        kept = ", ".join(one for one in plain if not ONLY_ON_A_PAGE.search(one))
        style = "; ".join(
            f"{name}: {_resolved(value, known)}" for name, value in declarations if not OF_HANDS.fullmatch(name)
        )
        if kept and style:
            lines.append(f"{kept} {{ {style} }}")
    return "\n".join(lines)


def _of_text() -> Iterator[Rule]:
    every = (*_rules("base.css"), *_rules("controls.css"))
    return (rule for rule in every if rule[0] in ("svg text", ".letter"))


def _in_theme(value: str, theme: Theme) -> str:
    return _PAIR.sub(lambda pair: pair[1 if theme == "light" else 2].strip(), value)


def _resolved(value: str, known: Mapping[str, str]) -> str:
    while _VARIABLE.search(value):
        value = _VARIABLE.sub(lambda name: known[name[1]], value)
    return value


def _rules(name: str) -> Iterator[Rule]:
    """The rules of a style sheet in their order, without those that depend on the screen (`@media`)."""
    text = _COMMENT.sub("", (STATIC / "css" / name).read_text(encoding="utf-8"))
    for head, body in _blocks(text):
        if not head.startswith("@"):
            declared = (part.partition(":") for part in body.split(";") if part.strip())
            yield head, [(name.strip(), value.strip()) for name, _, value in declared]


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """What stands before and inside each outermost pair of braces."""
    depth, begin, opened = 0, 0, 0
    for match in re.finditer(r"[{}]", text):
        depth += 1 if match[0] == "{" else -1
        if match[0] == "{" and depth == 1:
            opened = match.end()
        elif depth == 0:
            yield " ".join(text[begin : opened - 1].split()), text[opened : match.start()]
            begin = match.end()


def _without_is(selector: str) -> list[str]:
    """A selector written out for each choice of an `:is()`, which programs other than browsers don't know."""
    found = _IS.search(selector)
    if found is None:
        return [selector]
    before, after = selector[: found.start()], selector[found.end() :]
    return [one for choice in found[1].split(",") for one in _without_is(before + choice.strip() + after)]


def _parts(selector: str) -> list[str]:
    """The selectors of a list; a comma inside of brackets does not part them."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", selector)]
