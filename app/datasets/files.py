"""A user's own files: CSV, npz or IDX, gzipped or not, decided by what is in them and not by their names."""

from __future__ import annotations

from collections.abc import Sequence

from app.datasets import gzip_file, npz_file
from app.datasets.csv_file import read_csv
from app.datasets.dataset import DataError, DataSet
from app.datasets.file_limits import FileLimits, display_name, in_mb
from app.datasets.idx_file import is_idx, read_idx
from app.datasets.npz_file import read_npz

MOST_FILES = 8
NPY_MAGIC = b"\x93NUMPY"

Files = Sequence[tuple[str, bytes]]


def read_files(files: Files, target: str | None = None, limits: FileLimits | None = None) -> DataSet:
    """One data set from files, each a name and its bytes; ``target`` names the target's column of a CSV file.

    One CSV file, or one npz file, or IDX files: images with their labels, and any number of such pairs joined.

    Raises
    ------
    DataError
        With ``file``, ``row`` and ``column`` where they are known.
    """
    limits = limits or FileLimits()
    _check_sizes(files, limits)
    unpacked = _unpacked(files, limits)
    idx = [is_idx(data) for _, data in unpacked]
    if target is not None and (any(idx) or unpacked[0][1].startswith(npz_file.MAGIC)):
        raise DataError("Only CSV files have a target column to choose: leave target out.", field="target")
    if all(idx):
        return read_idx(unpacked, limits)
    if len(unpacked) > 1:
        names = ", ".join(name for name, _ in unpacked)
        raise DataError(
            f"These are {len(unpacked)} files ({names}), which only IDX files may be: give one CSV or npz file, or IDX "
            "images with their labels.",
            file=unpacked[idx.index(False)][0],
        )
    name, data = unpacked[0]
    if data.startswith(npz_file.MAGIC):
        return read_npz(name, data, limits)
    if data.startswith(NPY_MAGIC):
        raise DataError(
            f"{name} is one array; inputs and targets are needed together: numpy.savez(file, x=…, y=…).", file=name
        )
    return read_csv(name, data, target, limits)


def _check_sizes(files: Files, limits: FileLimits) -> None:
    if not 1 <= len(files) <= MOST_FILES:
        raise DataError(f"Give from 1 to {MOST_FILES} files; {len(files)} were given.", field="files")
    total = sum(len(data) for _, data in files)
    if total > limits.file_bytes:
        raise DataError(
            f"The files take {in_mb(total)}, and {in_mb(limits.file_bytes)} is the limit.",
            file=display_name(files[0][0]),
            field="files",
        )


def _unpacked(files: Files, limits: FileLimits) -> list[tuple[str, bytes]]:
    left = limits.decompressed_bytes
    unpacked = []
    for name, data in files:
        name = display_name(name)
        if not data:
            raise DataError(f"{name} is empty.", file=name)
        if data.startswith(gzip_file.MAGIC):
            name = name.removesuffix(".gz")
            data = gzip_file.gunzipped(name, data, left)
            left -= len(data)
        unpacked.append((name, data))
    return unpacked
