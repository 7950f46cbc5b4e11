"""Every text of the page: one file of `static/texts/` holds a language, and the page carries it for the browser.

The files are written in Fluent (projectfluent.org). A template says `t("id", name=…)` for text and `say("id", name=…)`
where the message has `<b>`, `<i>` or `<kbd>` in it, a word of the glossary (`<term sent>sends</term>`), or arguments
that are markup. What is missing in a language is taken from English; what is missing there, or an argument that a
message needs, is an error. Names of the API may stand in an id as they are: their underscores become dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from markupsafe import Markup, escape

from app.web.assets import STATIC
from app.web.glossary import term

FOLDER = STATIC / "texts"
DEFAULT = "en"

_TAG = re.compile(r"&lt;(/?(?:b|i|kbd))&gt;")
_TERM = re.compile(r"&lt;term ([a-z-]+)&gt;(.*?)&lt;/term&gt;")
_FIRST_HELD = 0xE000  # private use: such a character stands for markup until the text is put together
_LESS_THAN = "\uf8ff"  # stands for a < that an argument brings: it never begins a tag


class MissingTextError(LookupError):
    """A text that no file has, or an argument that it needs and was not given."""


class Texts:
    """The texts of one language. Files are given by language, the one wanted first."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.language = next(iter(files))
        self.files = files

    @cached_property
    def _bundles(self) -> list[FluentBundle]:
        """The files, read when the first text is wanted: that takes a tenth of the server's start."""
        bundles = []
        for language, source in self.files.items():
            bundle = FluentBundle([language], use_isolating=False)
            bundle.add_resource(FluentResource(source))
            bundles.append(bundle)
        return bundles

    def has(self, name: str) -> bool:
        """Whether there is such a text."""
        return any(bundle.has_message(_dashed(name)) for bundle in self._bundles)

    def t(self, name: str, /, **given: str | int) -> str:
        """A text. A whole number is counted with; what only names something is given as a string.

        Raises MissingTextError.
        """
        name = _dashed(name)
        bundle = next((bundle for bundle in self._bundles if bundle.has_message(name)), None)
        pattern = bundle and bundle.get_message(name).value
        if not bundle or not pattern:
            raise MissingTextError(f"There is no text {name!r}.")
        for key, value in given.items():
            if isinstance(value, int) and value < 0:
                raise MissingTextError(f"{key} of the text {name!r} is not a count: {value}.")
        text, errors = bundle.format_pattern(pattern, given)
        if errors:
            raise MissingTextError(f"The text {name!r} cannot be said: {'; '.join(str(error) for error in errors)}.")
        return str(text)

    def say(self, name: str, /, **given: str | int) -> Markup:
        """A text as markup: its own tags and arguments that are markup stay, all else is escaped.

        Raises MissingTextError.
        """
        held: dict[int, str] = {ord(_LESS_THAN): "&lt;"}
        plain: dict[str, str | int] = {}
        for place, (key, value) in enumerate(given.items(), _FIRST_HELD):
            if isinstance(value, Markup):
                held[place] = str(value)
                plain[key] = chr(place)
            else:
                plain[key] = value.replace("<", _LESS_THAN) if isinstance(value, str) else value
        text = _TAG.sub(r"<\1>", str(escape(self.t(name, **plain))))
        text = _TERM.sub(lambda found: str(term(found[1], Markup(found[2]))), text)
        return Markup(text.translate(held))  # everything in it is escaped, markup already, or one of our tags


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def read(folder: Path) -> dict[str, Texts]:
    """The languages that there are: `{"en": …}`, each with English behind it."""
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ftl"))}
    return {name: Texts({name: text, DEFAULT: sources[DEFAULT]}) for name, text in sources.items()}


LANGUAGES = read(FOLDER)
spoken: ContextVar[Texts] = ContextVar("spoken", default=LANGUAGES[DEFAULT])
"""The texts for the answer that is being made."""


def t(name: str, /, **given: str | int) -> str:
    """A text in the visitor's language. Raises MissingTextError."""
    return spoken.get().t(name, **given)


def say(name: str, /, **given: str | int) -> Markup:
    """A text as markup in the visitor's language. Raises MissingTextError."""
    return spoken.get().say(name, **given)


def named(name: str, otherwise: str) -> str:
    """The page's own text for something that has one in English for scripts too, or that one."""
    texts = spoken.get()
    return texts.t(name) if texts.has(name) else otherwise


def chosen(accepted: str, languages: Iterable[str]) -> str:
    """The language for a header `Accept-Language`, of those that there are. English where none fits.

    Source: RFC 9110, 12.5.4; ranges are matched as RFC 4647, 3.4 says ("lookup": `de-AT` is content with `de`).
    """
    known = {language.lower(): language for language in languages}
    wishes = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, weight = part.partition(";")
        wishes.append((-_quality(weight), place, tag.strip().lower()))
    for quality, _, tag in sorted(wishes):
        while tag and quality:
            if tag in known:
                return known[tag]
            tag = tag.rpartition("-")[0]
    return DEFAULT


def _quality(weight: str) -> float:
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
    return float(found[1]) if found else float(not weight.strip())
