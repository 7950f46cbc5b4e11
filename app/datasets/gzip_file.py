"""Decompression that stops at a limit, so that a small file cannot fill the memory."""

from __future__ import annotations

import zlib

from app.datasets.dataset import DataError
from app.datasets.file_limits import in_mb

MAGIC = b"\x1f\x8b"
GZIP = 31  # zlib's name for: a gzip header, any window


def gunzipped(file: str, data: bytes, most: int) -> bytes:
    """The content of a gzip file of one or more members, at most so many bytes. Source: RFC 1952.

    Raises
    ------
    DataError
        If it is larger, damaged or cut off; at most ``most`` + 1 bytes are ever made.
    """
    parts: list[bytes] = []
    left = most
    while data:
        member = zlib.decompressobj(GZIP)
        try:
            part = member.decompress(data, left + 1)
        except zlib.error as error:
            raise DataError(f"{file} is gzipped, and damaged: it cannot be unpacked.", file=file) from error
        if len(part) > left:
            raise DataError(f"{file} holds more than {in_mb(most)} when unpacked, which is the limit.", file=file)
        if not member.eof:
            raise DataError(f"{file} is gzipped, and cut off: its end is missing.", file=file)
        parts.append(part)
        left -= len(part)
        data = member.unused_data.lstrip(b"\0")  # padding, as on tapes
    return b"".join(parts)
