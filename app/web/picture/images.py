"""What the squares of neurons hold: their answer over the plane, or the weights with which they look at an image.

The twin of `ResponseMaps` and `WeightImages` in static/js/data/maps.js and weights.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.engine.activations import Floats
from app.web.picture.pens import Pens
from app.web.picture.pixels import data_uri, signed_image
from app.web.picture.quantities import Seen, shown
from app.web.picture.scales import image_full
from app.web.picture.text import fixed
from app.web.scene.parts import Picture
from app.web.scene.paths import number as coordinate
from app.web.scene.scene import DrawnNeuron, Scene

RESOLUTION = 48
"""Points along each side of a map."""
FULL = 1.0
"""The activation that is painted at full strength."""


class Images:
    """The images of one picture; ``maps`` as `SessionService.picture` has them."""

    def __init__(self, picture: Picture, seen: Seen, maps: Mapping[str, Any] | None, colours: tuple[str, str]) -> None:
        self._picture = picture
        self._seen = seen
        self._maps = maps
        self._colours = colours

    def field(self, n: DrawnNeuron) -> tuple[Floats, float] | None:
        """The numbers in the square of a neuron, the top row first, and the size at full strength; None: no image."""
        if n.map == "plane" and self._maps is not None:
            ends = (abs(end) for side in ("x", "y") for end in self._maps[side])
            full = max(ends) if n.at.layer == 1 else FULL
            return self._maps["layers"][n.at.layer - 1][n.at.j - 1][::-1], full
        weights = shown(self._seen, "weight", 2)
        if n.map == "image" and self._picture.image_shape is not None and weights is not None:
            return weights[n.at.j - 1].reshape(self._picture.image_shape), image_full(self._picture.layers[0])
        return None

    def sharpness(self, scene: Scene) -> str | None:
        """How images of weights are scaled: shrunk they are smoothed; None where the inputs are no image."""
        if self._picture.image_shape is None:
            return None
        sides = [n.at.size for n in scene.neurons if n.map == "image"]
        if not sides:
            return "none"
        return "smooth" if sides[0] < self._picture.image_shape[1] else "sharp"

    def paint(self, pens: Pens, n: DrawnNeuron) -> None:
        """The image of a neuron that has one, and the example on view as a point in it."""
        found = self.field(n)
        if found is None:
            return
        pens["map"].toggle("unused", False)
        pens["map"].set("href", data_uri(signed_image(found[0], *self._colours, found[1])))
        if self._maps is not None:
            self._place_example(pens, n, self._maps)

    def _place_example(self, pens: Pens, n: DrawnNeuron, maps: Mapping[str, Any]) -> None:
        inputs, at = self._seen.numbers[0]["a"], n.at
        x, y, size = (float(coordinate(side)) for side in (at.x, at.y, at.size))
        across, up = (_share(float(value), maps[side]) for value, side in zip(inputs, ("x", "y"), strict=True))
        pens["here"].set("cx", fixed(x + (across - 0.5) * size, 1))
        pens["here"].set("cy", fixed(y + (0.5 - up) * size, 1))
        pens["here"].toggle("unused", False)


def _share(x: float, ends: tuple[float, float]) -> float:
    return (x - ends[0]) / (ends[1] - ends[0])
