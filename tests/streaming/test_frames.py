"""Frames and the text of events: what is written is what is read, and it is one line of standard JSON."""

import json

import numpy as np
import pytest

from app.streaming import frames, sse


def read(text: bytes) -> tuple[str, str | None, dict[str, object]]:
    """The name, number and content of one event."""
    assert text.endswith(b"\n\n")
    fields = dict(line.split(": ", 1) for line in text.decode().strip().split("\n"))
    return fields["event"], fields.get("id"), json.loads(fields["data"])


def test_an_array_comes_back_as_float32_row_by_row() -> None:
    w = np.array([[1.5, -2.0, 1e-30], [0.1, 3.0, 4.0]])
    assert np.array_equal(frames.decode_array(frames.encode_array(w), (2, 3)), w.astype(np.float32))
    assert np.array_equal(frames.decode_array(frames.encode_array(w.T)), w.T.astype(np.float32).ravel())


def test_bytes_are_little_endian() -> None:
    assert frames.encode_array(np.array([1.0])) == "AACAPw=="
    assert frames.encode_array(np.array([1.0], dtype=">f8")) == "AACAPw=="


def test_an_empty_array_is_an_empty_string() -> None:
    assert frames.encode_array(np.zeros((0, 3))) == ""
    assert frames.decode_array("", (0, 3)).shape == (0, 3)


def test_what_float32_cannot_hold_becomes_infinite_without_a_warning() -> None:
    decoded = frames.decode_array(frames.encode_array(np.array([1e300, -1e300, np.nan])))
    assert decoded[0] == np.inf
    assert decoded[1] == -np.inf
    assert np.isnan(decoded[2])


def test_a_frame_carries_its_seq_as_the_number_of_the_event() -> None:
    text = frames.encode_event("frame", {"seq": 41, "layers": [{"layer": 1, "a": np.array([0.5])}]})
    name, number, content = read(text)
    assert (name, number) == ("frame", "41")
    assert content == {"seq": 41, "layers": [{"layer": 1, "a": frames.encode_array(np.array([0.5]))}]}


def test_other_events_have_no_number_so_that_they_do_not_move_last_event_id() -> None:
    assert read(frames.encode_event("state", {"revision": 3, "seq": 9}))[1] is None


def test_numbers_that_are_not_finite_are_null_however_deep() -> None:
    content = {"seq": 1, "cost": {"train": float("inf"), "rest": [np.float64("nan"), np.int64(3), (np.bool_(True),)]}}
    assert read(frames.encode_event("frame", content))[2]["cost"] == {"train": None, "rest": [None, 3, [True]]}


def test_a_line_break_in_the_text_stays_inside_its_json_string() -> None:
    assert read(frames.encode_event("state", {"message": "one\r\ntwo\u2028"}))[2] == {"message": "one\r\ntwo\u2028"}


def test_data_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="one line"):
        sse.event("frame", b"{\n}")


def test_a_large_event_goes_out_in_pieces_that_join_to_the_same_bytes() -> None:
    text = bytes(range(256)) * 1000
    pieces = list(sse.pieces(text))
    assert b"".join(pieces) == text
    assert max(map(len, pieces)) == sse.PIECE
    assert next(sse.pieces(b"small")) == b"small"
