"""IDX files as MNIST comes: pairs found by content, parts joined, damage told."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DataError, FileLimits, read_files, read_idx

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
RNG = np.random.default_rng(1)
IMAGES = RNG.integers(0, 256, (60, 28, 28)).astype(np.uint8)
LABELS = (np.arange(60) % 10).astype(np.uint8)

Array = np.ndarray[Any, np.dtype[Any]]


def idx(array: Array) -> bytes:
    """An array as IDX."""
    code = CODES[array.dtype.str[1:]]
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def mnist() -> list[tuple[str, bytes]]:
    """Four files named as MNIST's; 50 images for training, 10 for testing."""
    return [
        ("train-images-idx3-ubyte", idx(IMAGES[:50])),
        ("train-labels-idx1-ubyte", idx(LABELS[:50])),
        ("t10k-images-idx3-ubyte", idx(IMAGES[50:])),
        ("t10k-labels-idx1-ubyte", idx(LABELS[50:])),
    ]


def refusal(files: list[tuple[str, bytes]], limits: FileLimits | None = None) -> DataError:
    """What is said of files that are wrong."""
    with pytest.raises(DataError) as caught:
        read_files(files, limits=limits)
    return caught.value


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_four_files_of_mnist_are_joined_in_any_order(order: tuple[int, ...]) -> None:
    files = mnist()
    data = read_files([files[place] for place in order])
    np.testing.assert_array_equal(data.inputs, IMAGES.reshape(60, 784) / 255)
    np.testing.assert_array_equal(data.values, LABELS)
    assert data.classes == tuple("0123456789")
    assert data.image_shape == (28, 28)
    assert data.preprocessing["inputs"] == {"method": "scaled", "shift": 0.0, "scale": 255.0}
    assert data.title == "train-images-idx3-ubyte + t10k-images-idx3-ubyte"


def test_gzipped_files_give_the_same_as_plain_ones_whatever_they_are_called() -> None:
    plain = read_files(mnist())
    packed = read_files([(f"{name}.gz", gzip.compress(content)) for name, content in mnist()])
    misnamed = read_files([(f"{place}.csv", gzip.compress(content)) for place, (_, content) in enumerate(mnist())])
    for other in (packed, misnamed):
        assert other.inputs.tobytes() == plain.inputs.tobytes()
        assert other.values.tobytes() == plain.values.tobytes()
    assert packed.title == plain.title


def test_one_pair_is_enough() -> None:
    data = read_files(mnist()[2:])
    assert len(data) == 10
    assert data.title == "t10k-images-idx3-ubyte"


def test_pairs_of_equal_length_go_together_by_name() -> None:
    files = [
        ("train-labels", idx(LABELS[:30])),
        ("test-labels", idx(LABELS[30:][::-1].copy())),
        ("test-images", idx(IMAGES[30:])),
        ("train-images", idx(IMAGES[:30])),
    ]
    data = read_idx(files)
    train = {tuple(row): label for row, label in zip(data.inputs.tolist(), data.values, strict=True)}
    assert train[tuple((IMAGES[0] / 255).ravel().tolist())] == LABELS[0]
    assert train[tuple((IMAGES[30] / 255).ravel().tolist())] == LABELS[59]


@pytest.mark.parametrize("kind", ["u1", "i1", "i2", "i4", "f4", "f8"])
def test_every_type_of_the_format_is_read(kind: str) -> None:
    images = RNG.integers(0, 100, (12, 3, 2)).astype(kind)
    images[0, 0, 0] = 100
    data = read_idx([("images", idx(images)), ("labels", idx(LABELS[:12]))])
    np.testing.assert_array_equal(data.inputs, images.reshape(12, 6).astype(float) / 255)


def test_a_table_of_two_axes_is_inputs_without_an_image() -> None:
    table = np.array([[-1.0, 1.0, 0.5], [1.0, -1.0, -0.5]] * 6)
    data = read_idx([("table", idx(table)), ("labels", idx(LABELS[:12]))])
    assert data.image_shape is None
    assert data.inputs.tobytes() == table.tobytes()


def test_a_file_of_the_wrong_length_is_named() -> None:
    files = mnist()
    cut = refusal([(files[0][0], files[0][1][:-1]), files[1]])
    assert cut.file == "train-images-idx3-ubyte"
    assert str(cut) == (
        "train-images-idx3-ubyte should have 39,216 bytes, for its header says 50 × 28 × 28; it has 39,215. "
        "Is it cut off?"
    )
    assert refusal([files[0], (files[1][0], files[1][1] + b"\0")]).file == "train-labels-idx1-ubyte"
    header_only = refusal([files[0], (files[1][0], files[1][1][:6])])
    assert header_only.file == "train-labels-idx1-ubyte"
    assert "header alone takes 8 bytes" in str(header_only)


def test_a_header_that_promises_more_than_memory_is_refused_by_the_length_of_the_file() -> None:
    lie = struct.pack(">BBBB3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1) + b"abc"
    assert "Is it cut off?" in str(refusal([("images", lie), mnist()[1]]))


def test_files_without_a_partner_are_named() -> None:
    files = mnist()
    assert "only images (train-images-idx3-ubyte): add the file with the labels" in str(refusal(files[:1]))
    assert "only labels (train-labels-idx1-ubyte): add the file with the images" in str(refusal(files[1:2]))
    crossed = refusal([files[0], files[3]])
    assert str(crossed) == (
        "train-images-idx3-ubyte has 50 images, and no file has as many labels: t10k-labels-idx1-ubyte has 10."
    )
    assert "no file has as many labels" in str(refusal(files[:3]))
    assert "no file of so many images is left" in str(refusal([*files[:2], files[3]]))


def test_images_of_different_sizes_are_not_joined() -> None:
    files = [*mnist()[:2], ("t10k-images", idx(IMAGES[50:, :14, :14])), mnist()[3]]
    error = refusal(files)
    assert error.file == "t10k-images"
    assert "of another size" in str(error)


def test_damaged_and_cut_off_gzip_files_are_named() -> None:
    images, labels = mnist()[:2]
    packed = gzip.compress(images[1])
    for content, says in ((packed[:-20], "cut off"), (packed[:40] + b"\xff" * 20 + packed[60:], "damaged")):
        error = refusal([("images.gz", content), labels])
        assert error.file == "images"
        assert says in str(error)


def test_images_beyond_the_limits_are_refused() -> None:
    assert "more than 59 examples" in str(refusal(mnist(), FileLimits(rows=59)))
    assert "785 columns" in str(refusal(mnist(), FileLimits(columns=784)))
    assert "376,320" not in str(refusal(mnist(), FileLimits(decompressed_bytes=370_000)))
    assert "47,040 numbers, which take 0.376 MB" in str(refusal(mnist(), FileLimits(decompressed_bytes=370_000)))


def test_nothing_by_four_thousand_millions_is_refused_like_nothing() -> None:
    header = b"\0\0\x08\x04" + (0).to_bytes(4, "big") + (2**32 - 1).to_bytes(4, "big") * 3
    with pytest.raises(DataError):
        read_files([("images", header), ("labels", idx(LABELS[:0]))])


SMALL = [("images", idx(IMAGES[:4, :3, :3])), ("labels", idx(LABELS[:4]))]


@given(st.integers(0, 1), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 255)), min_size=1, max_size=4))
def test_files_with_changed_bytes_are_read_or_refused_but_never_crash(
    which: int, changes: list[tuple[int, int]]
) -> None:
    files = [(name, bytearray(content)) for name, content in SMALL]
    for place, byte in changes:
        files[which][1][place] = byte
    with contextlib.suppress(DataError):
        data = read_files([(name, bytes(content)) for name, content in files])
        assert np.isfinite(data.inputs).all()
