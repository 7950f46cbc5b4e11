"""The curves between neurons. Each connection has a place of its own where it leaves and where it arrives."""

from __future__ import annotations

from app.web.scene.parts import Bundle, Connection, Neuron

BEND = 0.42
"""How far the handles of a curve reach, as a part of its width."""
POINTS = 0.28
"""Where on its connection an arrowhead stands, as a share of the curve: in the middle many of them cross."""
CURVES = 700
"""Up to so many connections a bundle is drawn curve by curve; beyond, as one band for each receiver."""

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]


def number(value: float) -> str:
    """A coordinate: a tenth of a pixel, without needless zeros."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text not in ("-0.0",) else "0"


def ends(source: Neuron, target: Neuron, n: int, m: int) -> tuple[float, float]:
    """Heights at which the connection leaves and arrives, px; n neurons in the source's layer, m in the target's."""
    leaves = source.out_y + (target.j - 1 - (m - 1) / 2) * source.out_spread / max(m - 1, 1)
    arrives = target.in_y + (source.j - 1 - (n - 1) / 2) * target.in_spread / max(n - 1, 1)
    return leaves, arrives


def handles(source: Neuron, target: Neuron, n: int, m: int) -> Cubic:
    """The cubic of the connection, from left to right."""
    y0, y1 = ends(source, target, n, m)
    reach = (target.in_x - source.out_x) * BEND
    return (source.out_x, y0), (source.out_x + reach, y0), (target.in_x - reach, y1), (target.in_x, y1)


def along(cubic: Cubic, t: float) -> Point:
    """The point of a cubic at t from 0 (left) to 1."""
    u = 1 - t
    weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    x, y = (sum(w * p[axis] for w, p in zip(weights, cubic, strict=True)) for axis in (0, 1))
    return x, y


def path(source: Neuron, target: Neuron, n: int, m: int) -> str:
    """SVG path of a connection, with straight runs through the grids of its two layers."""
    (x0, y0), (xa, ya), (xb, yb), (x1, y1) = handles(source, target, n, m)
    start = f"M{number(source.edge_out)} {number(y0)}"
    if source.edge_out != source.out_x:
        start += f"H{number(x0)}"
    curve = f"C{number(xa)} {number(ya)} {number(xb)} {number(yb)} {number(x1)} {number(y1)}"
    return start + curve + (f"H{number(target.edge_in)}" if target.edge_in != target.in_x else "")


def connections(below: tuple[Neuron, ...], above: tuple[Neuron, ...], n: int, m: int) -> tuple[Connection, ...]:
    """All connections between two layers; n and m count the neurons that are not drawn, too."""
    return tuple(
        Connection(target.layer, target.j, source.j, path(source, target, n, m)) for target in above for source in below
    )


def bundle(below: tuple[Neuron, ...], above: tuple[Neuron, ...], n: int, m: int) -> Bundle:
    """All connections into a layer as one path; n and m count the neurons that are not drawn, too."""
    layer = above[0].layer
    if len(below) * len(above) <= CURVES:
        return Bundle(layer, "".join(path(s, t, n, m) for t in above for s in below), filled=False)
    low = min(s.out_y - s.out_spread / 2 for s in below)
    high = max(s.out_y + s.out_spread / 2 for s in below)
    return Bundle(layer, "".join(band((below[0].out_x, low, high), target) for target in above), filled=True)


def band(start: tuple[float, float, float], target: Neuron) -> str:
    """The space that all connections into one neuron fill; they start at x between a low and a high y."""
    x0, low, high = start
    x1, half = target.in_x, target.in_spread / 2
    left, right = number(x0 + (x1 - x0) * BEND), number(x1 - (x1 - x0) * BEND)
    top, bottom = number(target.in_y - half), number(target.in_y + half)
    return (
        f"M{number(x0)} {number(low)}C{left} {number(low)} {right} {top} {number(x1)} {top}H{number(target.edge_in)}"
        f"V{bottom}H{number(x1)}C{right} {bottom} {left} {number(high)} {number(x0)} {number(high)}Z"
    )
