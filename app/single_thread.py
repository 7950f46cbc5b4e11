"""BLAS with one thread: for matrices as small as these, more only cost time. This imports nothing."""

from __future__ import annotations

SINGLE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Environment variables that BLAS reads when numpy is imported."""
