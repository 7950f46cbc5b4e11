"""Activation functions as small pictures: sigma over z from −3 to 3, with both axes."""

from __future__ import annotations

from functools import cache

import numpy as np
from markupsafe import Markup

from app.engine.activations import ACTIVATIONS
from app.web.scene.paths import number

WIDTH, HEIGHT = 36.0, 24.0
REACH = 3.0  # of z, each way
TALL = 1.3  # of a, each way; what is beyond leaves the picture
POINTS = 61


@cache
def curve(name: str) -> Markup:
    """The picture of an activation; bars that add up to one for softmax, which has no curve."""
    middle, base = number(HEIGHT / 2), number(HEIGHT - 3)
    if ACTIVATIONS[name].slope_calls is None:
        bars = "".join(f"M{x} {base}v-{h}" for x, h in ((9, 5), (18, 13), (27, 3)))
        content = f'<path class="curve-axis" d="M3 {base}h30"/><path class="curve-bar" d="{bars}"/>'
    else:
        axes = f"M1 {middle}h{number(WIDTH - 2)}M{number(WIDTH / 2)} 1v{number(HEIGHT - 2)}"
        content = f'<path class="curve-axis" d="{axes}"/><path class="curve-line" d="{_path(name)}"/>'
    return Markup(
        f'<svg class="curve" width="{number(WIDTH)}" height="{number(HEIGHT)}"'
        f' viewBox="0 0 {number(WIDTH)} {number(HEIGHT)}" aria-hidden="true" focusable="false">{content}</svg>'
    )


def _path(name: str) -> str:
    z = np.linspace(-REACH, REACH, POINTS).reshape(1, -1)
    a = ACTIVATIONS[name].value(z)
    shown = np.abs(a[0]) <= TALL
    x = WIDTH / 2 * (1 + z[0] / REACH)
    y = HEIGHT / 2 * (1 - a[0] / TALL)
    return "M" + " ".join(f"{number(px)} {number(py)}" for px, py in zip(x[shown], y[shown], strict=True))
