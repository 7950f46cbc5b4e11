"""The journal of a session: what was done since it was last saved, written down before it is acknowledged.

An entry says where the session stood, what was done, and where it stood then. Doing it again gives the same numbers,
since steps do; so an entry takes some hundred bytes, however large the network is.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import BaseModel

from app.sessions.cursor import Cursor
from app.sessions.requests import NewExample, ParametersPatch, PlayRequest, SeekRequest, SettingsPatch, StepRequest

STOPPED = "stopped"
"""In place of a method: the session stopped playing by itself."""
PLAYED = "played"
"""In place of a method: the session has played on, and plays. The next entry takes the place of this one."""

BODIES: dict[str, type[BaseModel]] = {
    "step": StepRequest,
    "back": StepRequest,
    "seek": SeekRequest,
    "play": PlayRequest,
    "settings": SettingsPatch,
    "parameters": ParametersPatch,
    "examples": NewExample,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One call that was done, or how far the session has played."""

    method: str
    body: BaseModel | None
    before: Cursor
    """Where it was done: if the session played, it had come to rest there."""
    after: Cursor
    revision: int
    key: str | None = None
    """What the call is known by, if it is made again after the worker died in the middle of it."""
    told: dict[str, Any] = field(default_factory=dict)
    """What its answer had beside the view."""

    def text(self) -> str:
        """As it is written down."""
        body = None if self.body is None else self.body.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return json.dumps(
            {
                "method": self.method,
                "body": body,
                "before": asdict(self.before),
                "after": asdict(self.after),
                "revision": self.revision,
                "key": self.key,
                "told": self.told,
            },
            separators=(",", ":"),
        )


def read(text: str) -> Entry:
    """The entry that was written."""
    found = json.loads(text)
    body = found.pop("body")
    given = None if body is None else BODIES[found["method"]].model_validate_json(json.dumps(body))
    before, after = Cursor(**found.pop("before")), Cursor(**found.pop("after"))
    return Entry(body=given, before=before, after=after, **found)
