"""Small made-up data: each function draws inputs (size, n_1), about −1 to 1, and values; ``noise`` has no unit.

Where points stand is drawn before the noise, so that with one seed more noise blurs the same picture.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.datasets.dataset import Floats, Integers

Drawn = tuple[Floats, Integers | Floats]
TURNS = 1.25  # of each arm of the spiral


def classes_in_turn(size: int, n_classes: int) -> Integers:
    """0, 1, … over and over, so that every class has its fair share, (size,)."""
    return np.arange(size, dtype=np.int64) % n_classes


def polar(radius: Floats, angle: Floats) -> Floats:
    """Points (size, 2) from radius and angle (rad), (size,) each."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def blur(points: Floats, deviation: float, rng: np.random.Generator) -> Floats:
    """The points moved by normal noise of this standard deviation."""
    moved: Floats = points + deviation * rng.standard_normal(points.shape)
    return moved


def mixed(points: Floats, values: Integers | Floats, rng: np.random.Generator) -> Drawn:
    """The same examples in a random order."""
    order = rng.permutation(len(points))
    return np.ascontiguousarray(points[order]), values[order]


def gate(truth: tuple[int, int, int, int]) -> Callable[[int, float, np.random.Generator], Drawn]:
    """A logic gate: the corners (0, 0), (0, 1), (1, 0), (1, 1) in turn, moved to ±1; noise in half sides."""

    def draw(size: int, noise: float, rng: np.random.Generator) -> Drawn:
        corner = classes_in_turn(size, 4)
        points = np.stack([corner // 2, corner % 2], axis=1).astype(np.float64) * 2 - 1
        return blur(points, noise, rng), np.array(truth, dtype=np.int64)[corner]

    return draw


def circle(size: int, noise: float, rng: np.random.Generator) -> Drawn:
    """A disc of radius 0.5 (class 0) inside a ring from 0.65 to 1; noise in radii of the disc."""
    label = classes_in_turn(size, 2)
    part, angle = rng.uniform(size=size), rng.uniform(0, 2 * np.pi, size)
    radius = np.where(label == 0, 0.5 * part, 0.65 + 0.35 * part)
    return mixed(blur(polar(radius, angle), 0.5 * noise, rng), label, rng)


def moons(size: int, noise: float, rng: np.random.Generator) -> Drawn:
    """Two half circles that reach into each other; noise in their radii."""
    label = classes_in_turn(size, 2)
    arc = polar(np.ones(size), rng.uniform(0, np.pi, size))
    points = np.where(label[:, None] == 0, arc, [1.0, 0.5] - arc) - [0.5, 0.25]
    return mixed(blur(points, noise, rng) / 1.5, label, rng)


def spiral(size: int, noise: float, rng: np.random.Generator) -> Drawn:
    """Two arms that wind about each other; noise in the distance between them."""
    label = classes_in_turn(size, 2)
    along = np.sqrt(rng.uniform(0.01, 1.0, size))  # the root: as many points to a length of arm, inside and outside
    points = polar(along, 2 * np.pi * TURNS * along + np.pi * label)
    return mixed(blur(points, noise * 0.5 / TURNS, rng), label, rng)


def gaussians(size: int, noise: float, rng: np.random.Generator) -> Drawn:
    """Three round clouds, their centres 0.7 from the middle; noise, their deviation, in that distance."""
    label = classes_in_turn(size, 3)
    centres = polar(np.full(size, 0.7), np.pi / 2 - 2 * np.pi / 3 * label.astype(np.float64))
    return mixed(blur(centres, 0.7 * noise, rng), label, rng)


def plane(size: int, noise: float, rng: np.random.Generator) -> Drawn:
    """y = 0.8 x₁ − 0.5 x₂ over the square from −1 to 1; noise on y."""
    points = rng.uniform(-1, 1, (size, 2))
    return points, blur(points @ [[0.8], [-0.5]], noise, rng)


def sine(size: int, noise: float, rng: np.random.Generator) -> Drawn:
    """y = sin(2πx) of one input from −1 to 1: two waves; noise on y."""
    points = rng.uniform(-1, 1, (size, 1))
    return points, blur(np.sin(2 * np.pi * points), noise, rng)
