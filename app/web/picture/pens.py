"""What a drawing sets on the elements of the skeleton: classes, attributes, styles and text, as brush.js does.

The page's skeleton is drawn with pens that set nothing (`BLANK`): its JavaScript sets the same later.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from app.web.scene.parts import Connection


class Pen:
    """What is set on one element.

    Attributes
    ----------
    text
        Its content, escaped unless it is markup.
    name
        The symbol before it, where that is another than the skeleton's.
    """

    def __init__(self) -> None:
        self.text: str = ""
        self.name: str = ""
        self._classes: dict[str, bool] = {}
        self._attributes: dict[str, str] = {}
        self._styles: dict[str, str] = {}

    def toggle(self, name: str, on: bool) -> None:
        """Whether the element has a class."""
        self._classes[name] = on

    def sign(self, x: float) -> None:
        """The sign as a class: plus, minus or zero; none for NaN."""
        for name, on in (("plus", x > 0), ("minus", x < 0), ("zero", x == 0)):
            self.toggle(name, on)

    def set(self, name: str, value: str | None) -> None:
        """An attribute; None: it is not there."""
        if value is not None:
            self._attributes[name] = value

    def style(self, name: str, value: str) -> None:
        """A style that has to win over the style sheet; empty: as the style sheet says."""
        if value:
            self._styles[name] = value

    def classes(self, skeleton: str = "") -> str:
        """The element's classes, among them those that the skeleton gives it unless they were taken away."""
        kept = [name for name in skeleton.split() if self._classes.get(name, True)]
        return " ".join([*kept, *(name for name, on in self._classes.items() if on and name not in kept)])

    def attributes(self, skeleton: Mapping[str, object] | None = None) -> Markup:
        """The element's attributes, among them those of the skeleton that may be another here; each after a space."""
        every = {**(skeleton or {}), **self._attributes}
        if self._styles:
            every["style"] = "; ".join(f"{name}: {value}" for name, value in self._styles.items())
        return Markup("".join(f' {name}="{escape(str(value))}"' for name, value in every.items()))


class Pens(dict[str, Pen]):
    """The pens of what belongs together, by name; one that nobody has taken up sets nothing."""

    def __missing__(self, name: str) -> Pen:
        self[name] = Pen()
        return self[name]


class _NoPens(Pens):
    """Pens of which none sets anything."""

    def __missing__(self, name: str) -> Pen:
        return NOTHING


NOTHING = Pen()


class Blank:
    """What the page's skeleton is filled with: nothing."""

    still = False
    root = NOTHING
    lent: tuple[Connection, ...] = ()
    _none = _NoPens()

    def connection(self, _: object) -> Pen:
        """Of a connection."""
        return NOTHING

    def neuron(self, _: object) -> Pens:
        """Of all parts of a neuron."""
        return self._none

    def numbers(self, _: object) -> Pens:
        """Of the numbers beside a connection."""
        return self._none


BLANK = Blank()
