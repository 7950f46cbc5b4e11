"""What an address says about how a session is shown: which parts, which quantities, which theme, and at which point.

Whatever is not understood is left out: a link of a newer version still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, QueryParams

PARTS = (
    "data", "network", "training", "batch", "map", "cost", "inspector",
    "choices", "legend", "timeline", "sentence", "transport",
)  # fmt: skip
"""Parts of the page that can be hidden."""
COLUMNS = {"left": ("data", "network", "training", "batch"), "right": ("map", "cost", "inspector")}
"""Names for several of them."""
THEMES = ("light", "dark")
POINT = ("step", "phase", "layer")
NAMES = (
    "present", "embed", "theme", "hide", "connections", "neurons", "notation",
    "focus", "pinned", "view", "matrix", "question", "unit", "speed", *POINT,
)  # fmt: skip
"""The parameters of a page, in the order in which they are written."""
LASTING = ("present", "embed", "theme", "hide", "notation")
"""Those that the next session takes over."""
MOST_LETTERS = 200
"""Of one value."""


@dataclass(frozen=True)
class Shown:
    """How a session is shown.

    Attributes
    ----------
    hide
        Parts that are not there.
    given
        The parameters as they came, without those that nothing is known of.
    """

    present: bool
    embed: bool
    theme: str
    hide: tuple[str, ...]
    given: tuple[tuple[str, str], ...]

    def query(self, without: Iterable[str] = ()) -> str:
        """The parameters for the next address, with the question mark before them."""
        # Commas stay as they are: people read and change these addresses.
        pairs = [f"{name}={quote(value, safe=',')}" for name, value in self.given if name not in without]
        return "?" + "&".join(pairs) if pairs else ""


def read(query: QueryParams) -> Shown:
    """What a query says; of a parameter that is given twice, the last."""
    given = tuple((name, query[name]) for name in NAMES if 0 < len(query.get(name, "")) <= MOST_LETTERS)
    values = dict(given)
    return Shown(
        present=values.get("present") == "1",
        embed=values.get("embed") == "1",
        theme=values["theme"] if values.get("theme") in THEMES else "",
        hide=hidden(values.get("hide", "")),
        given=given,
    )


def kept(headers: Headers) -> str:
    """How the page looked from which a form was sent, as the query of the page that it leads to."""
    address = headers.get("hx-current-url") or headers.get("referer") or ""
    with suppress(ValueError):
        return read(QueryParams(urlsplit(address).query)).query(without=set(NAMES) - set(LASTING))
    return ""


def hidden(text: str) -> tuple[str, ...]:
    """The parts that a list with commas names, in their order."""
    named: set[str] = set()
    for word in text.split(","):
        named.update(COLUMNS.get(word.strip(), (word.strip(),)))
    return tuple(part for part in PARTS if part in named)
