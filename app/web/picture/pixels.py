"""Fields of numbers as small images: the twin of `signedImage` in static/js/data/plane.js, written as PNG."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Floats

Bytes = NDArray[np.uint8]
Colour = tuple[int, int, int]

STRONGEST = 0.92
"""Opacity at full strength."""
NOT_FINITE = (127, 127, 127, 90)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def channels(colour: str) -> Colour:
    """Red, green and blue from 0 to 255, of `#d09` or `#dd0099`."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def signed_image(field: Floats, plus: str, minus: str, full: float) -> Bytes:
    """One pixel for each number: its sign as colour, its size as opacity; (rows, columns, 4), the top row first.

    ``full``: the size that is painted at full strength. What is not finite is grey.
    """
    finite = np.isfinite(field)
    known = np.where(finite, field, 0.0)
    image = np.empty((*field.shape, 4), np.uint8)
    image[..., :3] = np.where((known >= 0)[..., np.newaxis], channels(plus), channels(minus))
    image[..., 3] = np.rint(255 * STRONGEST * np.clip(np.abs(known) / full, 0, 1))
    image[~finite] = NOT_FINITE
    return image


def png(image: Bytes) -> bytes:
    """An image, (rows, columns, 4) red, green, blue and opacity, as a file (Source: PNG, third edition)."""
    rows, columns, _ = image.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)  # 8 bits, RGBA, no interlace
    unfiltered = np.hstack([np.zeros((rows, 1), np.uint8), image.reshape(rows, -1)])
    pixels = zlib.compress(unfiltered.tobytes(), 6)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def data_uri(image: Bytes) -> str:
    """An image inside the address that shows it."""
    return "data:image/png;base64," + b64encode(png(image)).decode("ascii")
