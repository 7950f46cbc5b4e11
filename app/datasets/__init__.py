"""Data to learn from: small drawn sets, real handwritten digits, and the user's own files."""

from __future__ import annotations

from app.datasets.built_in import DataSetInfo, build, built_in
from app.datasets.csv_file import read_csv
from app.datasets.dataset import DataError, DataSet
from app.datasets.file_limits import FileLimits
from app.datasets.files import read_files
from app.datasets.idx_file import read_idx
from app.datasets.inline import inline
from app.datasets.npz_file import read_npz
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
    "read_csv",
    "read_files",
    "read_idx",
    "read_npz",
    "recommend",
    "split",
]
