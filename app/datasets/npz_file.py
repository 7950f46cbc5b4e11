"""npz: arrays x and y as numpy.savez writes them. Nothing is unpickled, and nothing is unpacked beyond the limits."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO

import numpy as np
from numpy.lib import format as npy

from app.datasets.arrays import Array, raw_from_arrays
from app.datasets.assemble import assemble
from app.datasets.dataset import DataError, DataSet
from app.datasets.file_limits import FileLimits, in_mb, shown

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # a zip with members, and an empty one
DIRECTORY_ENTRY = b"PK\x01\x02"
ENCRYPTED = 1
PAIRS = (("x", "y"), ("X", "y"))
PARTS = (("x_train", "y_train"), ("x_test", "y_test"))  # as Keras keeps MNIST
MOST_MEMBERS = 1_000
HEADER_BYTES = 10_000


def read_npz(file: str, data: bytes, limits: FileLimits | None = None) -> DataSet:
    """The data set of an npz file with arrays x and y (or x_train, y_train, x_test, y_test, which are joined).

    Raises
    ------
    DataError
        If something is missing, damaged, pickled, of a shape or type that is not understood, or too large.
    """
    limits = limits or FileLimits()
    if data.count(DIRECTORY_ENTRY) > 10 * MOST_MEMBERS:  # the directory is read whole, so not if it is the bomb
        raise _too_many(file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(file, archive)
            pairs = _pairs(file, members)
            _check_size(file, [members[name] for pair in pairs for name in pair], limits)
            arrays = [[_read(file, archive, members[name], limits) for name in pair] for pair in pairs]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{file} is a damaged zip: it cannot be unpacked.", file=file) from error
    x, y = (_joined(file, "xy"[place], [pair[place] for pair in arrays]) for place in (0, 1))
    return assemble(raw_from_arrays(file, x, y, limits))


def _too_many(file: str) -> DataError:
    return DataError(f"{file} has more than {MOST_MEMBERS:,} members: it is not an npz file with x and y.", file=file)


def _members(file: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The arrays in the archive, by name."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _too_many(file)
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise DataError(f"{file} is a document of an office program: save it as CSV instead.", file=file)
    names = [info.filename for info in infos]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{file} holds {shown(twice)} more than once.", file=file)
    return {info.filename.removesuffix(".npy"): info for info in infos if info.filename.endswith(".npy")}


def _pairs(file: str, members: dict[str, zipfile.ZipInfo]) -> list[tuple[str, str]]:
    for pair in PAIRS:
        if all(name in members for name in pair):
            return [pair]
    if all(name in members for name in PARTS[0]):
        return [pair for pair in PARTS if all(name in members for name in pair)]
    there = ", ".join(shown(name) for name in list(members)[:10]) or "no arrays"
    raise DataError(
        f"{file} holds {there}; it needs an array x (the inputs) and an array y (the targets), as from "
        "numpy.savez(file, x=…, y=…).",
        file=file,
    )


def _check_size(file: str, infos: Sequence[zipfile.ZipInfo], limits: FileLimits) -> None:
    """By the zip's directory, before anything is unpacked; reading never goes beyond what the directory says."""
    size = sum(info.file_size for info in infos)
    if size > limits.decompressed_bytes:
        raise DataError(
            f"{file} holds {in_mb(size)} when unpacked; {in_mb(limits.decompressed_bytes)} is the limit.", file=file
        )
    for info in infos:
        if info.flag_bits & ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataError(
                f"{file} is encrypted, or packed in an unusual way: save it with numpy.savez or savez_compressed.",
                file=file,
            )


def _read(file: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: FileLimits) -> Array:
    """One array. Its header is checked before memory is taken for what it promises."""
    with archive.open(info) as member:
        shape, fortran, dtype = _header(file, info.filename, member)
        count = math.prod(shape)
        limits.check_numbers(count, file)
        content = _content(member, info.file_size)
    if min(shape, default=0) < 0 or count * dtype.itemsize != len(content) or not content:
        raise DataError(
            f"{file}: the header of {shown(info.filename)} promises {count:,} values of {dtype.itemsize} bytes, and "
            f"{len(content):,} bytes follow.",
            file=file,
        )
    return np.frombuffer(content, dtype=dtype).reshape(shape, order="F" if fortran else "C")


def _content(member: IO[bytes], most: int) -> bytes:
    """The rest of a member, in parts: reading all at once would unpack without end if the directory lies."""
    parts, left = [], most
    while left > 0 and (part := member.read(min(left, 2**20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _header(file: str, name: str, member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    """Shape, whether in Fortran's order, and type. Source: numpy's NEP 1."""
    try:
        version = npy.read_magic(member)
        reader = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran, dtype = reader(member, max_header_size=HEADER_BYTES)
    except (zipfile.BadZipFile, zlib.error):
        raise
    except Exception as error:  # the header is a Python literal, and its parsers fail in many ways
        raise DataError(f"{file}: {shown(name)} is not an array that numpy wrote.", file=file) from error
    if dtype.hasobject:
        raise DataError(
            f"{file}: {shown(name)} holds Python objects, which can run programs when they are read, so they are not. "
            "Save plain numbers or words: x.astype(float), y.astype(int) or y.astype(str).",
            file=file,
        )
    if dtype.kind not in "buifUS" or len(shape) > 4:
        raise DataError(
            f"{file}: {shown(name)} has the type {dtype} and {len(shape)} axes; numbers or words in up to 4 axes can "
            "be read.",
            file=file,
        )
    return shape, fortran, dtype


def _joined(file: str, name: str, arrays: Sequence[Array]) -> Array:
    if len(arrays) == 1:
        return arrays[0]
    if len({(array.shape[1:], array.dtype.kind) for array in arrays}) > 1:
        raise DataError(
            f"{file}: {name}_train and {name}_test have different shapes or types: they cannot be joined.", file=file
        )
    return np.concatenate(arrays)
