"""Jinja templates: strict about names, escaping everything, with all addresses from `urls`."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from app.web import glossary, texts, urls
from app.web.assets import TEMPLATES, VERSION
from app.web.picture.text import number
from app.web.scene.paths import number as coordinate


def significant(value: float | None) -> str:
    """A number as it is shown: three significant digits, and a true minus sign."""
    return texts.t("number-not-finite") if value is None else number(value)


def plain(value: object) -> str:
    """A number as it stands in a field: the fewest digits that read back exactly."""
    if isinstance(value, float):
        return f"{value:.17g}" if float(f"{value:.12g}") != value else f"{value:.12g}"
    return "" if value is None else str(value)


def marked(text: str) -> Markup:
    """A lesson's text: `**strong**` and `_maths_`, all else escaped."""
    strong = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", str(escape(text)))
    return Markup(re.sub(r"_([^_]+)_", r"<i>\1</i>", strong))


environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals.update(
    urls=urls,
    static=urls.static,
    version=VERSION,
    t=texts.t,
    say=texts.say,
    has=lambda name: texts.spoken.get().has(name),
    term=glossary.term,
    glossary=glossary.GLOSSARY,
    spoken=texts.spoken.get,
    watching=False,
    token="",
)
environment.filters.update(
    px=coordinate,
    marked=marked,
    fine=lambda value: f"{value:.3g}",
    significant=significant,
    plain=plain,
)


def render(template: str, **values: Any) -> str:
    """A template's text."""
    return environment.get_template(template).render(values)


def html(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as an answer that is never stored."""
    return HTMLResponse(render(template, **values), status, {"Cache-Control": "no-store"})
