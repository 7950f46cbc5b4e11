"""The built-in digits in MNIST's form: IDX files of 28 × 28 pixels, for networks of 784 inputs."""

from __future__ import annotations

import struct

import httpx
import numpy as np

from app.datasets.digits import digits

SIDE, DIGIT = 28, 20
"""Pixels along an image, and along the digit in its middle, as in MNIST."""


def idx_files(count: int = 600) -> tuple[bytes, bytes]:
    """The first `count` digits as the contents of an images file and of a labels file."""
    data = digits()
    small = data.inputs[:count].reshape(-1, 8, 8) * 255
    images = np.zeros((len(small), SIDE, SIDE), np.uint8)
    start = (SIDE - DIGIT) // 2
    images[:, start : start + DIGIT, start : start + DIGIT] = np.rint(enlarged(small, DIGIT))
    labels = np.asarray(data.values[:count], np.uint8)
    head = struct.pack(">4B3I", 0, 0, 8, 3, len(images), SIDE, SIDE)
    return head + images.tobytes(), struct.pack(">4BI", 0, 0, 8, 1, len(labels)) + labels.tobytes()


def enlarged(images: np.ndarray, side: int) -> np.ndarray:
    """Images (n, s, s) as (n, side, side), linear between the centres of their pixels."""
    n = images.shape[1]
    at = np.clip((np.arange(side) + 0.5) * n / side - 0.5, 0, n - 1)
    low = np.minimum(at.astype(int), n - 2)
    mix = np.zeros((side, n))
    mix[np.arange(side), low] = 1 - (at - low)
    mix[np.arange(side), low + 1] = at - low
    return np.asarray(mix @ images @ mix.T)


def upload(address: str, count: int = 600) -> str:
    """The name of these digits as an uploaded data set of the server at an address."""
    images, labels = idx_files(count)
    files = {"images": ("train-images-idx3-ubyte", images), "labels": ("train-labels-idx1-ubyte", labels)}
    return str(httpx.post(f"{address}/api/datasets", files=files).raise_for_status().json()["name"])
