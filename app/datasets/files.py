"""A user's own files: CSV, npz or IDX, decided by what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.datasets.dataset import DataError, DataSet


@dataclass(frozen=True)
class FileLimits:
    """How large files may be: bytes of all files together, rows, columns, and bytes after decompression."""

    file_bytes: int = 64_000_000
    rows: int = 100_000
    columns: int = 4_096
    decompressed_bytes: int = 256_000_000


def read_files(
    files: Sequence[tuple[str, bytes]], target: str | None = None, limits: FileLimits | None = None
) -> DataSet:
    """A data set from files, each a name and its bytes; ``target`` names the target column of a CSV file."""
    raise DataError("Files cannot be read yet.")
