"""Writing from an event loop: one thread with one connection, which does what it is given in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from app.storage.database import Database

logger = logging.getLogger(__name__)

T = TypeVar("T")


class WriteQueue:
    """The connection of the process that serves."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="blameflow-storage")

    async def do(self, work: Callable[[], T]) -> T:
        """Do this after what came before, and answer what it came to."""
        return await asyncio.wrap_future(self._thread.submit(work))

    def soon(self, work: Callable[[], None]) -> None:
        """Do this after what came before; nobody waits for it."""
        self._thread.submit(work).add_done_callback(_log)

    async def close(self) -> None:
        """Finish, bring all into the file itself, and close it."""
        await self.do(self.database.checkpoint)
        self._thread.shutdown()
        self.database.close()


def _log(done: Future[None]) -> None:
    if (error := done.exception()) is not None:
        logger.error("the data could not be written", exc_info=error)
