"""A worker without a process of its own: it works in slices of a few milliseconds, between what the event loop does.

For the smallest machines, which have no memory for a second process. All is as ever, but who plays flat out is felt.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import closing

from app.hosting.calls import Calls
from app.hosting.messages import Call, Event, Message
from app.hosting.worker import Worker
from app.storage import Database

logger = logging.getLogger(__name__)


class Inline(Calls):
    """One worker in this process; where it fails, another one takes its place, as with processes.

    Parameters
    ----------
    make
        makes the worker, from the function that takes its messages.
    database
        the worker's, which is closed with it.
    received, died
        as for all calls.
    """

    def __init__(
        self,
        make: Callable[[Callable[[Message], None]], Worker],
        database: Database,
        received: Callable[[Event], None],
        died: Callable[[], None],
    ) -> None:
        super().__init__(received, died)
        self._database = database
        self._inbox: deque[Call] = deque()
        self._beats = 0
        self._worker = make(self._take)
        self._next: asyncio.Handle = self._loop.call_soon(self._turn)

    @property
    def pid(self) -> int | None:
        """None: it has no process of its own."""
        return None

    @property
    def beats(self) -> int:
        """How often the worker has come round."""
        return self._beats

    def kill(self) -> None:
        """Nothing: while it hangs, nobody is there to call this."""

    def _put(self, call: Call) -> None:
        self._inbox.append(call)
        self._next.cancel()
        self._next = self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """Begin what was asked for, work a little, and come back when there is more to do."""
        self._beats += 1
        try:
            while self._inbox:
                self._worker.handle(self._inbox.popleft())
            self._worker.turn()
        except Exception:
            logger.exception("the worker failed")
            self._database.close()
            self._end()
            return
        self._next = self._loop.call_later(self._worker.timeout(), self._turn)

    async def close(self) -> None:
        """Save what has changed, as far as there is time. Calls that still wait are refused."""
        self._closing = True
        self._next.cancel()
        if not self._dead:
            with closing(self._database):
                self._worker.close()
        self._end()
