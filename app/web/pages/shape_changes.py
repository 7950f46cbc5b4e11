"""What the buttons that change a network's shape do to its layers. Texts in, texts out: they are judged later."""

from __future__ import annotations

import re
from collections.abc import Sequence

FIRST_SIZE, FIRST_ACTIVATION = "4", "tanh"
"""Of a hidden layer with no other beside it."""
_CHANGE = re.compile(r"(more|fewer|insert|remove|activation)-([0-9]{1,2})(?:-([a-z_]{1,30}))?")


def changed(sizes: Sequence[str], names: Sequence[str], change: str) -> tuple[list[str], list[str]]:
    """The sizes of layers 2 to L−1 and the activations of layers 2 to L, after a button was pressed.

    `insert-3` puts a hidden layer before layer 3, with size and activation of its neighbour; `remove-3` takes layer 3
    away; `activation-3-relu` changes its activation; `more-layers` and `fewer-layers` do so at the last hidden layer.
    What is none of these, or names a layer that is not there, changes nothing; `more-3` and `fewer-3` are numbers and
    for whoever reads them.
    """
    sizes, names, last = list(sizes), list(names), len(sizes) + 2
    if change == "more-layers":
        change = f"insert-{last}"
    elif change == "fewer-layers":
        change = f"remove-{last - 1}"
    found = _CHANGE.fullmatch(change)
    if found is None:
        return sizes, names
    what, layer, activation = found[1], int(found[2]), found[3]
    if what == "insert" and 2 <= layer <= last:
        beside = max(layer - 3, 0)  # the layer before the gap, else the one after it
        sizes.insert(layer - 2, sizes[beside] if sizes else FIRST_SIZE)
        names.insert(layer - 2, names[beside] if len(names) > 1 else FIRST_ACTIVATION)
    elif what == "remove" and 2 <= layer < last:
        del sizes[layer - 2], names[layer - 2]
    elif what == "activation" and 2 <= layer <= last and activation:
        names[layer - 2] = activation
    return sizes, names


def counted(change: str) -> tuple[int, int]:
    """The layer that gets neurons by `more-3` or loses some by `fewer-3`, and how many; (0, 0): none."""
    found = _CHANGE.fullmatch(change)
    return (int(found[2]), {"more": 1, "fewer": -1}.get(found[1], 0)) if found else (0, 0)
