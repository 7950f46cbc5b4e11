"""What a file is, is decided by what is in it; sizes are checked before anything is unpacked."""

from __future__ import annotations

import contextlib
import gzip
import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DataError, FileLimits, read_files
from app.datasets.gzip_file import gunzipped

CSV = b"a,kind\n1,x\n2,y\n"


def npz() -> bytes:
    """A small npz file."""
    file = io.BytesIO()
    np.savez(file, x=np.eye(4), y=np.arange(4))
    return file.getvalue()


def refusal(files: list[tuple[str, bytes]], target: str | None = None, limits: FileLimits | None = None) -> DataError:
    """What is said of files that are wrong."""
    with pytest.raises(DataError) as caught:
        read_files(files, target, limits)
    return caught.value


def test_the_content_decides_and_not_the_name() -> None:
    assert read_files([("table.npz", CSV)]).classes == ("x", "y")
    assert read_files([("arrays.csv", npz())]).classes == ("0", "1", "2", "3")
    assert read_files([("arrays", gzip.compress(npz()))]).classes == ("0", "1", "2", "3")


def test_a_gzipped_csv_loses_its_ending_in_the_title() -> None:
    data = read_files([("folder/table.csv.gz", gzip.compress(CSV))])
    assert (data.title, data.source) == ("table.csv", "The file table.csv.")


def test_the_target_goes_to_a_csv_file_and_to_no_other() -> None:
    assert read_files([("t.csv", b"kind,a\nx,1\ny,2\n")], target="kind").classes == ("x", "y")
    assert refusal([("a.npz", npz())], target="y").field == "target"
    assert refusal([("i", b"\0\0\x08\x01\0\0\0\1\5")], target="y").field == "target"


@pytest.mark.parametrize("files", [[("a.csv", CSV), ("b.csv", CSV)], [("i", b"\0\0\x08\x01\0\0\0\1\5"), ("b", CSV)]])
def test_several_files_are_for_idx_only(files: list[tuple[str, bytes]]) -> None:
    assert "which only IDX files may be" in str(refusal(files))


def test_no_file_nine_files_and_an_empty_file_are_refused() -> None:
    assert "from 1 to 8 files; 0 were given" in str(refusal([]))
    assert "9 were given" in str(refusal([("a", b"a")] * 9))
    assert str(refusal([("a.csv", b"")])) == "a.csv is empty."
    assert "a.csv is empty" in str(refusal([("a.csv.gz", gzip.compress(b""))]))


def test_files_that_are_something_else_are_refused_with_what_to_do() -> None:
    one = io.BytesIO()
    np.save(one, np.eye(3))
    assert "numpy.savez(file, x=…, y=…)" in str(refusal([("a.npy", one.getvalue())]))
    assert "Is it a CSV file?" in str(refusal([("a.png", b"\x89PNG\r\n\x1a\n\0\0")]))
    assert "neither CSV nor npz nor IDX" in str(refusal([("a.bin", b"abc\0\1\2")]))


def test_files_that_are_too_large_together_are_refused_before_they_are_looked_at() -> None:
    error = refusal([("a", b"\0" * 600), ("b", b"\0" * 600)], limits=FileLimits(file_bytes=1_000))
    assert "0.0012 MB, and 0.001 MB is the limit" in str(error)
    assert error.field == "files"


def test_a_gzip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    tracemalloc.start()
    error = refusal([("bomb.csv.gz", bomb)], limits=FileLimits(decompressed_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "holds more than 1 MB when unpacked" in str(error)
    assert peak < 5_000_000


def test_the_limit_is_for_all_files_together() -> None:
    labels = gzip.compress(b"\0\0\x08\x01" + struct.pack(">I", 600) + bytes(600))
    assert "when unpacked" in str(refusal([("a", labels), ("b", labels)], limits=FileLimits(decompressed_bytes=1_000)))


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.integers(0, 8))
def test_gzip_files_of_several_members_and_padding_are_unpacked(parts: list[bytes], padding: int) -> None:
    content = b"".join(map(gzip.compress, parts)) + bytes(padding)
    assert gunzipped("a.gz", content, 800) == b"".join(parts)


def test_the_members_of_a_gzip_file_are_limited_together() -> None:
    content = gzip.compress(bytes(60)) * 2
    assert len(gunzipped("a.gz", content, 120)) == 120
    with pytest.raises(DataError, match="when unpacked"):
        gunzipped("a.gz", content, 119)


def test_what_follows_a_gzip_member_and_is_none_is_refused() -> None:
    with pytest.raises(DataError, match="damaged"):
        gunzipped("a.gz", gzip.compress(b"abc") + b"more", 100)


def test_gzip_checks_the_sum_of_its_content() -> None:
    content = bytearray(gzip.compress(b"abc" * 100))
    content[-8:-4] = struct.pack("<I", zlib.crc32(b"other"))
    with pytest.raises(DataError, match="damaged"):
        gunzipped("a.gz", bytes(content), 1_000)


def test_names_are_shown_short_printable_and_without_folders() -> None:
    error = refusal([("C:\\secret\\folder\\<b>\x1b[31m" + "x" * 300 + ".csv", b"a,b\n")])
    assert error.file is not None
    assert error.file.startswith("<b>?[31mxxx")
    assert len(error.file) <= 80
    assert "secret" not in str(error)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_but_never_crash(content: bytes) -> None:
    with contextlib.suppress(DataError):
        data = read_files([("any", content)])
        assert np.isfinite(data.inputs).all()


@given(st.text(st.sampled_from('abn1234567890.,;\n\r\t"-+eE _é'), max_size=200))
def test_any_text_is_read_or_refused_but_never_crashes(text: str) -> None:
    with contextlib.suppress(DataError):
        data = read_files([("any.csv", text.encode())])
        assert np.isfinite(data.inputs).all()
        assert np.isfinite(data.values).all()
        assert len(data) == len(data.values) >= 2
