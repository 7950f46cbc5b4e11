"""Frames: what a viewer is sent, from numbers to the bytes of one event, encoded once for all viewers.

Arrays travel as base64 of little-endian float32 in C order: a tenth of the bytes of JSON. (float16 would underflow
just where gradients vanish.) Plain numbers travel as JSON, and one that is not finite as null.
"""

from __future__ import annotations

import json
import math
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.streaming import sse

PROTOCOL = 1
"""The version of docs/protocol.md that these bytes follow."""

SCALES: Mapping[str, float] = {"weight_full": 3.0, "sent_low": 0.001, "sent_high": 1.0, "sum_full": 0.4}
"""Where drawing saturates: a weight, the smallest and largest blame of a connection, and the blame of a neuron."""


def narrow(array: NDArray[np.generic]) -> NDArray[np.float32]:
    """The array as little-endian float32, row by row. What float32 cannot hold becomes infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.ascontiguousarray(array, dtype="<f4")


def encode_array(array: NDArray[np.generic]) -> str:
    """Base64 of `narrow`."""
    narrowed = narrow(array)
    return b2a_base64(narrowed.data if narrowed.size else b"", newline=False).decode("ascii")


def decode_array(text: str, shape: tuple[int, ...] | None = None) -> NDArray[np.float32]:
    """The array that `encode_array` wrote: one-dimensional, or of the given shape."""
    flat = np.frombuffer(b64decode(text, validate=True), dtype="<f4")
    return flat if shape is None else flat.reshape(shape)


def _json(content: Mapping[str, object]) -> bytes:
    """JSON with arrays as base64, numpy scalars as Python's, and null for a float that is not finite."""
    try:
        text = json.dumps(content, separators=(",", ":"), allow_nan=False, default=_encoded)
    except ValueError:  # something is not finite; as that is rare, only then is everything looked through
        text = json.dumps(_finite(content), separators=(",", ":"), allow_nan=False)
    return text.encode()


def _encoded(value: object) -> object:
    """What JSON has no word for."""
    if isinstance(value, np.ndarray):
        return encode_array(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"an event cannot hold {type(value).__name__}")


def _finite(value: object) -> object:
    """The same with all encoded, and None for floats that are not finite."""
    if isinstance(value, np.ndarray | np.generic):
        value = _encoded(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def encode_event(name: Literal["topology", "frame", "state"], content: Mapping[str, object]) -> bytes:
    """The whole text of an event; a frame's `seq` is its number.

    Arrays, numpy scalars and floats that are not finite may stand anywhere in the content.
    """
    number = content["seq"] if name == "frame" else None
    if not (number is None or isinstance(number, int)):
        raise TypeError(f"the number of a frame is an integer, not {number!r}")
    return sse.event(name, _json(content), number)
