"""What the server writes about itself, to standard error: a line a person reads, or one JSON object a line.

Nothing of a request stands in it but its method, its path as a template, its status and its number: no addresses, no
cookies, no tokens.
"""

from __future__ import annotations

import json
import logging
import os
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal, get_args

Form = Literal["text", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
FIELDS = ("request", "method", "route", "status", "ms")
"""What a line about a request has besides."""

request_number: ContextVar[str] = ContextVar("request_number", default="")
"""The number of the request that is being answered, which every line about it has; clients get it as `X-Request-ID`."""


class AsText(logging.Formatter):
    """A line for people."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line; its request at the end, where there is one."""
        line = super().format(record)
        number = getattr(record, "request", None) or request_number.get()
        return f"{line} [{number}]" if number else line


class AsJson(logging.Formatter):
    """An object for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The object in one line."""
        content: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_number.get():
            content["request"] = number
        content |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            content["exception"] = self.formatException(record.exc_info)
        return json.dumps(content, ensure_ascii=False)


def begin(form: Form, level: int = logging.INFO) -> None:
    """Write all of this process's log so from now on; libraries' only from warnings on."""
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson() if form == "json" else AsText())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("app").setLevel(level)


def begin_as_told() -> None:
    """The same in a process that is given no settings, only the environment."""
    begin("json" if os.environ.get("BLAMEFLOW_LOG") == "json" else "text")
