"""A still picture: the skeleton of a network, filled in with what the page's JavaScript draws when nothing moves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from app.web.picture.connections import Arrow, arrow, draw_connection, draw_numbers
from app.web.picture.images import Images
from app.web.picture.neurons import Look, draw_neuron
from app.web.picture.pens import Pen, Pens
from app.web.picture.phases import direction, sending_layer
from app.web.picture.quantities import Place, Seen
from app.web.picture.ranking import Strongest, competing, strongest
from app.web.picture.values import SYMBOLS
from app.web.scene.numbers import Block
from app.web.scene.parts import DRAWN_CONNECTIONS, Connection, Neuron
from app.web.scene.paths import handles, path
from app.web.scene.scene import DrawnNeuron, Scene

ARROWS = 24
"""So many connections at most carry an arrowhead, the strongest: more would be one heap."""


class Filling:
    """What the template writes into the skeleton of a scene.

    Parameters
    ----------
    kind
        What connections show: `weight`, `sent`, `charged` or `ledger`.
    look
        What neurons show.
    """

    still = True

    def __init__(self, scene: Scene, seen: Seen, kind: str, look: Look, images: Images) -> None:
        self.seen = seen
        self.kind = kind
        self._scene = scene
        self._look = look
        self._images = images

    @property
    def neurons(self) -> str:
        """What neurons show, as its symbol."""
        return SYMBOLS[self._look.kind]

    @cached_property
    def root(self) -> Pen:
        """Of the whole."""
        phase, layer = self.seen.phase
        written: dict[str, object] = {"step": self.seen.step, "phase": phase, "phase-layer": layer}
        written |= {"direction": "start" if phase == "start" else direction(self.seen.phase)}
        written |= {"connections": self.kind, "neurons": self._look.kind}
        written |= {"images": self._images.sharpness(self._scene)}
        pen = Pen()
        for name, value in written.items():
            pen.set(f"data-{name}", None if value is None else str(value))
        return pen

    @cached_property
    def strongest(self) -> Strongest | None:
        """What is drawn of a large network; None: everything is."""
        if self._scene.mode != "pool":
            return None
        drawn = [column.drawn for column in self._scene.columns]
        # Where nothing is known yet of what is shown, the largest weights stand there quietly.
        kind = self.kind if competing(self.seen, self.kind) else "weight"
        return strongest(self.seen, kind, DRAWN_CONNECTIONS, drawn)

    @cached_property
    def lent(self) -> tuple[Connection, ...]:
        """The connections of a large network that are drawn."""
        found = () if self.strongest is None else self.strongest.places
        return tuple(Connection(*place, path(*self._ends(place))) for place in found)

    @cached_property
    def arrows(self) -> list[Arrow]:
        """Where blame has been sent, so that a still picture shows its direction; the largest last, on top."""
        layer = sending_layer(self.seen.phase)
        places = [(c.layer, c.j, c.k) for c in self.lent or self._scene.connections if c.layer == layer]
        found = (arrow(self.seen, place, handles(*self._ends(place))) for place in places)
        return sorted((one for one in found if one is not None), key=lambda one: abs(one.value))[-ARROWS:]

    def connection(self, c: Connection) -> Pen:
        """Of a connection."""
        return draw_connection(self.seen, (c.layer, c.j, c.k), self.kind, self._scene.mode == "pool")

    def neuron(self, n: DrawnNeuron) -> Pens:
        """Of all parts of a neuron."""
        pens = draw_neuron(n, self.seen, self._look, self._images.field(n) is not None)
        self._images.paint(pens, n)
        return pens

    def numbers(self, block: Block) -> Pens:
        """Of the numbers beside a connection."""
        return draw_numbers(self.seen, (block.layer, block.j, block.k))

    @cached_property
    def _neurons(self) -> Mapping[tuple[int, int], DrawnNeuron]:
        return {(n.at.layer, n.at.j): n for n in self._scene.neurons}

    def _ends(self, place: Place) -> tuple[Neuron, Neuron, int, int]:
        layer, j, k = place
        layers = self.seen.layers
        return self._neurons[layer - 1, k].at, self._neurons[layer, j].at, layers[layer - 2], layers[layer - 1]
