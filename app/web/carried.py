"""A session that a link carries in itself: its configuration, with the parameters of the moment as its start.

The text is a version, a dot, and the base64url of zlib's compressed JSON, whose checksum tells a link that was cut off
or mistyped. What it holds is read like the body of `POST /api/sessions`, and bounded before it is unpacked.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from app.datasets import built_in
from app.sessions.config import SessionConfig
from app.sessions.errors import Conflict, Invalid, TooLarge
from app.web import messages
from app.web.errors import Refused
from app.web.strict import check_width, read_json

VERSION = "1"
MADE_LETTERS = 6_000
"""The longest link that is made, in letters: mail and chat programs break longer ones."""
READ_LETTERS = 16_000
"""The longest text that is read."""
READ_BYTES = 262_144
"""The most that a text may hold once it is unpacked, in bytes."""

_TEXT = re.compile(r"([0-9]{1,4})\.([A-Za-z0-9_-]+)")
_LOC = ("query", "session")


def pack(view: Mapping[str, Any]) -> str:
    """The text for a view with its parameters. Raises Conflict, TooLarge."""
    held = zlib.compress(to_json(configuration(view)), 9)
    text = f"{VERSION}.{base64.urlsafe_b64encode(held).decode().rstrip('=')}"
    if len(text) > MADE_LETTERS:
        raise TooLarge(
            f"This network and its data would make a link of {len(text):,} letters, and mail and chat programs break"
            f" links of more than {MADE_LETTERS:,}. The session file holds all of it."
        )
    return text


def configuration(view: Mapping[str, Any]) -> dict[str, Any]:
    """The body of `POST /api/sessions` for a session that starts with the parameters of this one. Raises Conflict."""
    config = view["config"]
    if not view["finite"]:
        raise Conflict("The weights are not finite: go back to a step before, and share that.")
    dataset = config["dataset"]
    if "inputs" not in dataset and dataset["name"] not in {info.name for info in built_in()}:
        raise Conflict("The data set is not one that every Blameflow has. The session file holds all of it.")
    optimizer = {name: value for name, value in config["optimizer"].items() if value is not None}
    start = {"initializer": None, "weights": view["weights"], "biases": view["biases"]}
    return {name: value for name, value in (config | start | {"optimizer": optimizer}).items() if value is not None}


def unpack(text: str) -> SessionConfig:
    """The configuration that a text holds. Raises Invalid, with a sentence for whoever followed the link."""
    if len(text) > READ_LETTERS:
        raise Invalid(_LOC, f"This link is too long: {len(text):,} letters, and {READ_LETTERS:,} is the most.")
    parts = _TEXT.fullmatch(text)
    if parts is None:
        raise Invalid(_LOC, "This is not a link that Blameflow made. Was all of it copied, and nothing else?")
    if parts[1] != VERSION:
        raise Invalid(_LOC, f"This link is of version {parts[1]}, and this server reads version {VERSION} only.")
    return _checked(_decompressed(parts[2]))


def _decompressed(text: str) -> bytes:
    reader = zlib.decompressobj()
    try:
        held = reader.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), READ_BYTES)
    except (ValueError, zlib.error):
        raise Invalid(_LOC, "This link was changed on its way: it cannot be read. Copy it again.") from None
    if reader.unconsumed_tail:
        raise Invalid(_LOC, f"This link holds more than {READ_BYTES:,} bytes, which no session needs.")
    if not reader.eof:
        raise Invalid(_LOC, "The end of this link is missing. Copy it again, all of it.")
    if reader.unused_data:
        raise Invalid(_LOC, "Something stands behind the end of this link. Copy it again, and nothing else.")
    return held


def _checked(held: bytes) -> SessionConfig:
    try:
        body = read_json(held)
        check_width(body)
    except Refused:
        raise Invalid(_LOC, "This link does not hold a session.") from None
    try:
        return SessionConfig.model_validate(body)
    except ValidationError as error:
        raise refused(error) from None


def refused(error: ValidationError) -> Invalid:
    """What is wrong with a configuration that came in an address, in the words of the API."""
    found = [{"loc": ["query", *told["loc"]], "msg": told["msg"]} for told in messages.refusals(error.errors())]
    return Invalid(tuple(found[0]["loc"]), messages.summary(found))
