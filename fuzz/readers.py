"""What reads from outside, as functions of bytes: each reads them, refuses them with a sentence, or has a fault."""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from starlette.datastructures import QueryParams

from app.datasets import DataError, FileLimits, read_csv, read_files, read_idx, read_npz
from app.sessions.errors import SessionError
from app.sessions.limits import Limits
from app.sessions.session import Session
from app.sessions.work import finish
from app.web import asked, carried
from tests.sessions.made import BuiltIn, do, make, view

FILES = FileLimits(file_bytes=2**20, rows=2_000, columns=200, decompressed_bytes=2**22)
LIMITS = Limits(weights=5_000, memory_bytes=4_000_000)
ODD: tuple[Any, ...] = (None, True, -1, 0, 1, 2**31, 2**53, 10**30, 0.5, 1e308, -0.0, "", "x", "é\0", [], [[]], {})


def csv(content: bytes) -> None:
    """A CSV file."""
    read_csv("a.csv", content, None, FILES)


def npz(content: bytes) -> None:
    """An npz file."""
    read_npz("a.npz", content, FILES)


def idx(content: bytes) -> None:
    """Images and labels, one behind the other: the first two bytes say where the second file begins."""
    place = int.from_bytes(content[:2], "big")
    read_idx([("images", content[2 : 2 + place]), ("labels", content[2 + place :])], FILES)


def files(content: bytes) -> None:
    """A file of any kind, by what stands in it."""
    read_files([("file", content)], None, FILES)


def link(content: bytes) -> None:
    """A session that a link carries."""
    carried.unpack(content.decode("latin-1"))


def address(content: bytes) -> None:
    """Settings in an address."""
    asked.configuration(QueryParams(content))
    asked.point(QueryParams(content))


def document(content: bytes) -> None:
    """An exported session: as JSON, and what is read of it is used."""
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return  # the web refuses it before
    use(read)


def tampered(content: bytes) -> None:
    """An exported session, changed at the places and to the values that the bytes choose."""
    changed = json.loads(EXPORTED)
    for start in range(0, min(len(content), 60), 6):
        change(changed, content[start : start + 6])
    use(changed)


def change(within: Any, choice: bytes) -> None:
    """Change one place of a document."""
    *way, how = choice.ljust(6, b"\0")
    for depth, step in enumerate(way, 1):
        keys = list(within) if isinstance(within, dict) else list(range(len(within)))
        if not keys:
            return
        key = keys[step % len(keys)]
        if depth == len(way) or not isinstance(within[key], dict | list) or not within[key]:
            if how % 8:
                within[key] = ODD[how % len(ODD)]
            else:
                del within[key]
            return
        within = within[key]


def use(read: Any) -> None:
    """A session of a document, and a little of what it does."""
    session = Session.from_export(read, LIMITS, BuiltIn())
    for method in ("step", "back", "undo", "redo"):
        with suppress(SessionError):
            do(session, method)
    json.dumps(finish(session.export()), allow_nan=False)
    finish(session.frame_data())


def small_session() -> Session:
    """A session at its start."""
    return make(LIMITS, layers=[2, 2, 2], dataset={"name": "xor"}, seed=1)


def exported() -> bytes:
    """The document of one that has been used."""
    session = small_session()
    do(session, "step", unit="step", count=2)
    do(session, "settings", optimizer={"name": "adam"})
    do(session, "parameters", biases=[{"layer": 2, "j": 1, "value": 0.5}])
    do(session, "step", unit="epoch")
    do(session, "undo")
    return json.dumps(finish(session.export())).encode()


def packed(**arrays: Any) -> bytes:
    """An npz file of these arrays."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def images(count: int = 3) -> bytes:
    """Images and labels as `idx` takes them."""
    first = struct.pack(">BBBBIII", 0, 0, 8, 3, count, 2, 2) + bytes(4 * count)
    return struct.pack(">H", len(first)) + first + struct.pack(">BBBBI", 0, 0, 8, 1, count) + bytes(range(count))


EXPORTED = exported()
TABLE = b"a,b,kind\n1,2,x\n3,4.5,y\n-1e3,0,x\n"


@dataclass(frozen=True)
class Reader:
    """One of them, and what it reads without complaint, from which the bytes are varied."""

    read: Callable[[bytes], None]
    sound: tuple[bytes, ...]


READERS: Mapping[str, Reader] = {
    "csv": Reader(csv, (TABLE, TABLE.replace(b",", b";"), b'"a b",y\n"1",2\n3,4\n')),
    "npz": Reader(npz, (packed(x=np.eye(3), y=np.arange(3)), packed(x=np.eye(3, dtype="f4"), y=np.eye(3)))),
    "idx": Reader(idx, (images(), images(5))),
    "files": Reader(files, (TABLE, gzip.compress(TABLE), packed(x=np.eye(3), y=np.arange(3)))),
    "link": Reader(link, (carried.pack(view(small_session(), include_parameters=True)).encode(), b"2.AAAA")),
    "address": Reader(address, (b"layers=2,4,2&dataset=circle&step=5", b"optimizer=adam&learning_rate=0.1&seed=3")),
    "document": Reader(document, (EXPORTED,)),
    "tampered": Reader(tampered, (b"\1\2\3\4\5\6", bytes(12))),
}


def is_read(reader: Reader, content: bytes) -> bool:
    """Whether the bytes are read; anything but a refusal is a fault, and is raised."""
    try:
        reader.read(content)
    except (DataError, SessionError):
        return False
    return True
