"""The connections with the most of what is shown: the twin of static/js/picture/ranking.js."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.streaming.frames import narrow
from app.web.picture.quantities import Place, Seen, shown


def competing(seen: Seen, kind: str) -> list[int]:
    """The layers whose incoming connections may be among the strongest.

    Where something travels that layer's alone; at a gate those of the blame that arrived and of the blame that goes on;
    else all where the number is known.
    """
    name, at = seen.phase
    under = () if at is None else {"send_back": (at + 1,), "gate": (at, at + 1), "output_error": ()}.get(name, (at,))
    known = (n for n in range(2, len(seen.layers) + 1) if kind == "weight" or seen.reached(kind, n))
    return [layer for layer in known if not under or layer in under]


@dataclass(frozen=True)
class Strongest:
    """The connections with the most of what is shown.

    Attributes
    ----------
    kind
        What they were chosen by.
    least
        The smallest size among them, as float32 has it.
    of
        How many competed.
    layers
        Into which layers.
    """

    places: tuple[Place, ...]
    kind: str
    least: float
    of: int
    layers: list[int]


def strongest(seen: Seen, kind: str, count: int, drawn: Sequence[int]) -> Strongest:
    """The strongest connections, layer by layer, and of equals the first.

    ``drawn``: how many neurons of each layer have a place in the picture, layer 1 first.
    """
    layers = competing(seen, kind)
    sizes = {layer: _sizes(seen, kind, layer, drawn) for layer in layers}
    every = np.concatenate([np.zeros(0, "f4"), *(of.ravel() for of in sizes.values())])
    least = float(np.partition(every, -count)[-count]) if len(every) > count else 0.0
    equals = count - int((every > least).sum())
    keep = (every > 0) & (every >= least)
    keep[np.flatnonzero(keep & (every == least))[equals:]] = False
    places, start = [], 0
    for layer, of in sizes.items():
        kept = keep[start : start + of.size].reshape(of.shape)
        places += [(layer, int(j) + 1, int(k) + 1) for j, k in np.argwhere(kept)]
        start += of.size
    return Strongest(tuple(places), kind, float(every[keep].min(initial=np.inf)) if places else 0.0, len(every), layers)


def _sizes(seen: Seen, kind: str, layer: int, drawn: Sequence[int]) -> NDArray[np.float32]:
    """The size of what each connection shows; 0 where it has no place in the picture or is not finite."""
    of = shown(seen, kind, layer)
    assert of is not None
    sizes = np.abs(narrow(of))
    sizes[~np.isfinite(of)] = 0
    sizes[drawn[layer - 1] :] = 0
    sizes[:, drawn[layer - 2] :] = 0
    return sizes
