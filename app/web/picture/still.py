"""A picture of a network that stands alone, as SVG: the page's own skeleton and styles, filled in for one cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from app.web.described import Described, bar, input_name, picture, title
from app.web.picture import legend as picture_legend
from app.web.picture.filling import Filling
from app.web.picture.images import Images
from app.web.picture.neurons import Look
from app.web.picture.quantities import Seen, customary
from app.web.picture.style import Theme, style_sheet, tokens
from app.web.scene.scene import draw
from app.web.templating import render
from app.web.texts import t

Connections = Literal["weight", "sent", "charged", "ledger"]
Neurons = Literal["a", "z", "sigma_prime", "delta", "b"]

NO_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
"""Characters that XML cannot hold, and names in a file of somebody's own can (Source: XML 1.0, 2.2)."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see.

    Attributes
    ----------
    width, height
        Of the whole picture, px.
    connections
        None: what the page shows at this cursor.
    numbers
        Whether every number of a network that is small enough is written.
    legend
        Whether there are lines of words below.
    """

    width: int
    height: int
    theme: Theme
    connections: Connections | None
    neurons: Neurons
    numbers: bool
    legend: bool


def svg(content: Mapping[str, Any], data: Described, wanted: Wanted) -> str:
    """The picture; ``content`` as `SessionService.picture` has it, ``data`` the described data set."""
    view, drawn = content["view"], picture(content["view"], data)
    below = picture_legend.height(wanted.width) if wanted.legend else 0
    scene = draw(drawn, wanted.width, round(wanted.height - below), numbers=wanted.numbers)
    seen = Seen.of(drawn.layers, content["frame"])
    known = tokens(wanted.theme)
    images = Images(drawn, seen, content["maps"], (known["--value-plus"], known["--value-minus"]))
    look = Look(wanted.neurons, bar(view), scene.numbers)
    filling = Filling(scene, seen, wanted.connections or customary(seen.phase[0]), look, images)
    text = render(
        "picture.svg",
        scene=scene,
        fill=filling,
        bar=bar(view),
        input_name=input_name,
        width=wanted.width,
        height=wanted.height,
        style=Markup(_in_xml(style_sheet(wanted.theme))),
        title=t("picture-title", network=title(view, data), place=picture_legend.place(seen.step, seen.phase)),
        legend=picture_legend.legend(filling, wanted.width, scene.height) if wanted.legend else None,
    )
    return text.translate(NO_XML)


def _in_xml(style: str) -> str:
    return style.replace("&", "&amp;").replace("<", "&lt;")
