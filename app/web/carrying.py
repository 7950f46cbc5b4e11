"""What a visitor added to the data of one session, taken along to another that goes on from it."""

from __future__ import annotations

from typing import Any

from app.hosting.service import SessionService
from app.sessions.errors import SessionError
from app.sessions.requests import NewExample

PAGE = 100


async def carry(service: SessionService, view: dict[str, Any], session: str) -> None:
    """Adds to a new session the examples that were added to another up to its cursor, in their order.

    The new session is forgotten again where one of them does not suit it. Raises SessionError.
    """
    try:
        for offset in range(0, view["examples"]["added"], PAGE):
            page = await service.examples(view["id"], PAGE, offset, "added")
            if page["inputs"] is None:  # too long to be listed: such examples were not added by hand
                return
            for inputs, label, targets in zip(page["inputs"], page["labels"], page["targets"], strict=True):
                value = {"targets": targets} if label is None else {"label": label}
                await service.call(session, "examples", NewExample(inputs=inputs, **value))
    except SessionError:
        await service.delete(session)
        raise
