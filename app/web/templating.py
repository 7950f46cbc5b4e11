"""Jinja templates: strict about names, escaping everything, with all addresses from `urls`."""

from __future__ import annotations

import math
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from app.web import urls
from app.web.assets import TEMPLATES, VERSION
from app.web.scene_paths import number

MINUS = "−"


def significant(value: float | None, digits: int = 3) -> str:
    """A number as it is shown: so many significant digits, and a true minus sign."""
    if value is None:
        return "not finite"
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e5:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa}·10{_high(int(exponent))}".replace("-", MINUS)
    rounded = float(f"{value:.{digits}g}")
    places = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{places}f}".replace("-", MINUS)


def _high(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def plain(value: object) -> str:
    """A number as it stands in a field: the fewest digits that read back exactly."""
    if isinstance(value, float):
        return f"{value:.17g}" if float(f"{value:.12g}") != value else f"{value:.12g}"
    return "" if value is None else str(value)


environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals.update(
    urls=urls, static=urls.static, version=VERSION, count=lambda n: "1 example" if n == 1 else f"{n:,} examples"
)
environment.filters.update(
    px=number,
    fine=lambda value: f"{value:.3g}",
    significant=significant,
    plain=plain,
    words=lambda name: name.replace("_", " "),
)


def render(template: str, **values: Any) -> str:
    """A template's text."""
    return environment.get_template(template).render(values)


def html(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as an answer that is never stored."""
    return HTMLResponse(render(template, **values), status, {"Cache-Control": "no-store"})
