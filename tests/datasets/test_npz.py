"""npz files: what is understood, and that nothing is unpickled or unpacked beyond the limits."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DataError, FileLimits, read_npz
from app.datasets.dataset import DataSet

RNG = np.random.default_rng(1)
X = RNG.normal(0, 1, (20, 3))
LABELS = np.arange(20) % 3


def packed(**arrays: Any) -> bytes:
    """What numpy writes."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def zipped(**members: bytes) -> bytes:
    """A zip with these members, names without .npy."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def npy(header: str, content: bytes = b"") -> bytes:
    """An array file with this header, true or not."""
    raw = header.encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(raw)) + raw + content


def refusal(content: bytes, limits: FileLimits | None = None) -> str:
    """What is said of a file that is wrong."""
    with pytest.raises(DataError) as caught:
        read_npz("my.npz", content, limits)
    assert caught.value.file == "my.npz"
    assert str(caught.value).startswith("my.npz")
    return str(caught.value)


def labels_of(data: DataSet) -> list[str]:
    """The class of each example by name."""
    assert data.classes is not None
    return [data.classes[label] for label in data.values.astype(int)]


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (LABELS, ["0", "1", "2"]),
        (LABELS.astype(np.uint8), ["0", "1", "2"]),
        (LABELS.astype(">i2") * 5 - 5, ["-5", "0", "5"]),
        (LABELS[:, None], ["0", "1", "2"]),
        (np.eye(3)[LABELS], ["0", "1", "2"]),
        (np.eye(3, dtype=bool)[LABELS], ["0", "1", "2"]),
        (np.array(["ä", "b", "c"])[LABELS], ["ä", "b", "c"]),
        (np.array(["ä".encode(), b"b", b"c"])[LABELS], ["ä", "b", "c"]),
    ],
)
def test_whole_numbers_words_and_one_hot_rows_are_classes(y: np.ndarray[Any, Any], names: list[str]) -> None:
    data = read_npz("my.npz", packed(x=X, y=y))
    assert data.kind == "classification"
    assert labels_of(data) == [names[label] for label in LABELS]
    assert data.inputs.tobytes() == X.tobytes()


def test_truth_values_are_the_classes_false_and_true() -> None:
    data = read_npz("my.npz", packed(x=X, y=LABELS == 1))
    assert data.classes == ("false", "true")
    assert data.values.tolist() == (LABELS == 1).astype(int).tolist()


def test_labels_with_fractions_in_their_type_are_a_regression_and_it_says_so() -> None:
    data = read_npz("my.npz", packed(x=X, y=LABELS.astype(np.float32)))
    assert (data.kind, data.values.shape) == ("regression", (20, 1))
    assert "save y as integers" in data.description


def test_several_targets_are_a_regression() -> None:
    y = RNG.normal(0, 1, (20, 2))
    data = read_npz("my.npz", packed(x=X, y=y))
    assert data.values.tobytes() == y.tobytes()
    assert data.outputs_allowed() == (2,)


@pytest.mark.parametrize("axes", [(20, 4, 5), (20, 4, 5, 1), (20, 1, 4, 5)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_grey_images_keep_their_shape_and_are_scaled(axes: tuple[int, ...], order: str) -> None:
    images = RNG.integers(0, 256, axes).astype(np.uint8)
    data = read_npz("my.npz", packed(x=np.array(images, order=order), y=LABELS))  # type: ignore[call-overload]
    assert data.image_shape == (4, 5)
    np.testing.assert_array_equal(data.inputs, images.reshape(20, 20) / 255)
    assert data.feature_names[5] == "row 2, column 1"


def test_training_and_test_parts_are_joined_as_keras_keeps_them() -> None:
    content = packed(x_train=X[:15], y_train=LABELS[:15], x_test=X[15:], y_test=LABELS[15:])
    data = read_npz("mnist.npz", content)
    assert data.inputs.tobytes() == X.tobytes()
    assert data.values.tolist() == LABELS.tolist()


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": X}, "holds “x”; it needs an array x (the inputs) and an array y (the targets)"),
        ({"a": X, "b": X}, "holds “a”, “b”"),
        ({"x": X, "y": LABELS[:-1]}, "20 inputs (x) and 19 targets (y)"),
        ({"x": X, "y": np.ones(20, int)}, "examples of one class only, “1”"),
        ({"x": X[:1], "y": LABELS[:1]}, "only one example"),
        ({"x": X[:0], "y": LABELS[:0]}, "0 values"),
        ({"x": X + 1j, "y": LABELS}, "type complex128"),
        ({"x": X.astype(str), "y": LABELS}, "inputs must be real numbers"),
        ({"x": X.astype("datetime64[s]"), "y": LABELS}, "numbers or words"),
        ({"x": np.zeros((20, 8, 8, 3)), "y": LABELS}, "Turn colours into grey first"),
        ({"x": 5, "y": LABELS}, "single number as x"),
        ({"x": X, "y": 5}, "single value as y"),
        ({"x": X, "y": np.zeros((20, 2, 2))}, "y of shape (20, 2, 2)"),
        ({"x": X, "y": np.full((20, 2), "a")}, "y of shape (20, 2)"),
        ({"x": X, "y": np.array([b"\xff", b"a"] * 10)}, "not UTF-8"),
        ({"x": X, "y": np.array(["", "a"] * 10)}, "row 1 of y: the class's name is empty"),
        ({"x": X, "y": np.array(["a", "b" * 101] * 10)}, "row 2 of y: the class's name “bbb"),
        ({"x": np.arange(1001.0), "y": np.arange(1001)}, "1,001 different values"),
        ({"x": np.where(X[4, 2] == X, np.nan, X), "y": LABELS}, "row 5, column 3 of x (numpy's [4, 2]): nan is not"),
        ({"x": np.where(X[4, 2] == X, np.inf, X), "y": LABELS}, "row 5, column 3 of x (numpy's [4, 2]): inf is not"),
        ({"x": X * 1e302, "y": LABELS}, "is too large: numbers go up to 1e300"),
        ({"x": X, "y": np.where(LABELS == 2, np.nan, X[:, 0])}, "row 3, column 1 of y"),
    ],
)
def test_arrays_that_make_no_data_set_are_refused(arrays: dict[str, Any], says: str) -> None:
    assert says in refusal(packed(**arrays))


def test_the_place_of_a_number_that_is_not_finite_is_given() -> None:
    with pytest.raises(DataError) as caught:
        read_npz("my.npz", packed(x=np.where(X[4, 2] == X, np.nan, X), y=LABELS))
    assert (caught.value.row, caught.value.column) == (5, 3)


class Planted:
    """Unpickling it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


def test_a_planted_pickle_is_refused_and_does_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "it-ran"
    planted = np.array([Planted(folder)] * 20, dtype=object)
    content = packed(x=X, y=planted)
    assert "Python objects" in refusal(content)
    assert "Python objects" in refusal(packed(x=planted, y=LABELS))
    assert "not an array" in refusal(zipped(x=pickle.dumps(planted), y=pickle.dumps(planted)))
    structured = npy("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (20,)}", pickle.dumps(planted))
    assert "Python objects" in refusal(zipped(x=structured, y=structured))
    assert not folder.exists()
    np.load(io.BytesIO(content), allow_pickle=True)["y"]  # the plant works where it is let
    assert folder.exists()


def peak_while_refused(content: bytes, limits: FileLimits | None = None) -> tuple[int, str]:
    """Bytes taken at most while a file is refused, and what is said."""
    tracemalloc.start()
    says = refusal(content, limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, says


def test_a_zip_bomb_is_refused_by_its_directory_without_being_unpacked() -> None:
    huge = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (8000000,)}") + bytes(64_000_000)
    content = zipped(x=huge, y=huge)
    assert len(content) < 200_000
    peak, says = peak_while_refused(content, FileLimits(decompressed_bytes=10_000_000))
    assert "holds 128 MB when unpacked; 10 MB is the limit" in says
    assert peak < 3_000_000


def test_a_zip_bomb_whose_directory_lies_is_not_unpacked_either() -> None:
    huge = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (8000000,)}") + bytes(64_000_000)
    content = zipped(x=huge, y=huge)
    content = content.replace(struct.pack("<I", len(huge)), struct.pack("<I", 100_000))
    peak, says = peak_while_refused(content)
    assert "damaged" in says
    assert peak < 5_000_000


def test_numbers_beyond_the_limit_are_refused_by_the_header_before_they_are_unpacked() -> None:
    content = packed(x=np.zeros((20_000, 1_000), np.uint8), y=np.arange(20_000) % 2)
    peak, says = peak_while_refused(content, FileLimits(decompressed_bytes=100_000_000))
    assert "20,000,000 numbers, which take 160 MB" in says
    assert peak < 3_000_000


def test_a_header_that_promises_more_than_there_is_takes_no_memory() -> None:
    for shape in ("(1000000000000,)", "(60000000,)", "(10, 10)", "(-1,)", "(-5, -5)", "(0,)", "()", "(True,)"):
        lie = npy(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}", bytes(80))
        peak, _ = peak_while_refused(zipped(x=lie, y=lie))
        assert peak < 3_000_000, shape


def test_a_directory_of_a_million_members_is_not_read() -> None:
    peak, says = peak_while_refused(b"PK\x03\x04" + b"PK\x01\x02" * 1_000_000)
    assert "more than 1,000 members" in says
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "header",
    [
        "",
        "{",
        "[" * 5_000,
        "()" * 2_000,
        "{'descr': 'x', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': 7, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1.5,)}",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f99', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|V8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1)}",
        "__import__('os').mkdir('it-ran')",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}" + " " * 20_000,
    ],
)
def test_a_header_that_numpy_did_not_write_is_refused(header: str) -> None:
    assert refusal(zipped(x=npy(header, bytes(8)), y=npy(header, bytes(8))))


def test_other_zips_are_refused_with_what_to_do() -> None:
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
    assert "save it as CSV" in refusal(office.getvalue())
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert "holds no arrays" in refusal(empty.getvalue())
    assert "damaged" in refusal(packed(x=X, y=LABELS)[:-30])
    twice = zipped(x=b"a", z=b"b").replace(b"z.npy", b"x.npy")
    assert "more than once" in refusal(twice)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x.npy", b"a")
        archive.writestr("y.npy", b"b")
    assert "packed in an unusual way" in refusal(other.getvalue())


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(zipped(x=b"a", y=b"b"))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "encrypted" in refusal(bytes(content))


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (FileLimits(rows=19), "more than 19 examples"),
        (FileLimits(columns=3), "4 columns, and 3 is the limit"),
        (FileLimits(decompressed_bytes=700), "when unpacked"),
    ],
)
def test_arrays_beyond_a_limit_are_refused_with_the_limit(limits: FileLimits, says: str) -> None:
    assert says in refusal(packed(x=X, y=LABELS), limits)


def test_small_types_count_as_the_8_bytes_they_become() -> None:
    content = packed(x=np.zeros((1_000, 100), np.uint8), y=np.arange(1_000) % 2)
    assert "100,000 numbers, which take 0.8 MB; 0.5 MB is the limit" in refusal(
        content, FileLimits(decompressed_bytes=500_000)
    )


SOUND = packed(x=X, y=LABELS)


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_file_with_changed_bytes_is_read_or_refused_but_never_crashes(changes: list[tuple[int, int]]) -> None:
    content = bytearray(SOUND)
    for place, byte in changes:
        content[place] = byte
    with contextlib.suppress(DataError):
        data = read_npz("my.npz", bytes(content))
        assert np.isfinite(data.inputs).all()
