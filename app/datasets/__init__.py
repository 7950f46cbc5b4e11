"""Data to learn from: small drawn sets, real handwritten digits, and the user's own files."""

from __future__ import annotations

from app.datasets.built_in import DataSetInfo, build, built_in
from app.datasets.dataset import DataError, DataSet
from app.datasets.files import FileLimits, read_files
from app.datasets.inline import inline
from app.datasets.recommended import Recommended, recommend
from app.datasets.splitting import epoch_order, split

__all__ = [
    "DataError",
    "DataSet",
    "DataSetInfo",
    "FileLimits",
    "Recommended",
    "build",
    "built_in",
    "epoch_order",
    "inline",
    "read_files",
    "recommend",
    "split",
]
