"""What an activation would lead to if it were another: how every z above moves, and the cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Floats
from app.engine.gradient_check import nudgeable
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace


@dataclass(frozen=True)
class WhatIf:
    """For each of S offsets: z of the layer above, (n_(l+1), S), and the cost, (S,)."""

    z: Floats
    costs: Floats


def what_if(
    architecture: Architecture, before: Parameters, example: ExampleTrace, layer: int, k: int, offsets: Sequence[float]
) -> WhatIf:
    """Neuron ``k`` of ``layer`` (from 1, below the output) has each of the offsets added to its activation.

    ``before`` are the parameters before the step that ``example`` was traced in.
    """
    with np.errstate(all="ignore"):
        a = np.repeat(example.layers[layer - 1].a[:, None], len(offsets), axis=1)
        a[k - 1] += np.asarray(offsets)
        moved = nudgeable(architecture, before, example).from_a(layer - 2, a)
    return WhatIf(moved.zs[0], moved.costs)
