"""Calls that wait for their answers, whoever does the work: a process of its own, or this one in between."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable

from app.hosting.messages import NO_ANSWER, Answer, Call, Event, Message
from app.sessions.errors import SessionError

logger = logging.getLogger(__name__)


class Unavailable(SessionError):  # noqa: N818 - named after what HTTP calls it
    """The worker cannot answer now; 503, and the client may try again."""

    status = 503
    title = "Not available for a moment"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Calls(ABC):
    """The calls to one worker, from its start to its end; a new worker has calls of its own.

    Parameters
    ----------
    received
        is called, in the event loop's thread, with everything that the worker pushes.
    died
        is called, in the event loop's thread, when the worker has gone without having been asked to.
    """

    def __init__(self, received: Callable[[Event], None], died: Callable[[], None]) -> None:
        self._received = received
        self._died = died
        self._loop = asyncio.get_running_loop()
        self._calls: dict[int, asyncio.Future[object]] = {}
        self._number = NO_ANSWER
        self._closing = False
        self._dead = False
        self.hung = False
        """Whether it was killed, since it hung."""

    @property
    @abstractmethod
    def pid(self) -> int | None:
        """The worker's process id, if it is a process of its own."""

    @property
    @abstractmethod
    def beats(self) -> int:
        """How often the worker has come round."""

    @abstractmethod
    def kill(self) -> None:
        """Kill a worker that hangs."""

    @abstractmethod
    async def close(self) -> None:
        """Stop the worker and wait until it is gone. Calls that still wait are refused."""

    @abstractmethod
    def _put(self, call: Call) -> None:
        """Give the worker a call."""

    @property
    def dead(self) -> bool:
        """Whether the worker has gone."""
        return self._dead

    @property
    def waiting(self) -> int:
        """How many calls have no answer yet."""
        return len(self._calls)

    async def call(self, method: str, session: str, *arguments: object, timeout: float, share: str = "") -> object:
        """Send a call and wait for its answer, at most so many seconds.

        Raises
        ------
        SessionError
            the worker's refusal; `Unavailable` if it died or took too long.
        RuntimeError
            a fault of ours in the worker, which it has logged.
        """
        if self._dead:
            raise _lost()
        self._number += 1
        number = self._number
        answer: asyncio.Future[object] = self._loop.create_future()
        self._calls[number] = answer
        self._put(Call(number, method, session, arguments, share))
        try:
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError:
            raise Unavailable(
                f"the server is busy: {method!r} was not done within {timeout:g} s; it goes on, so look at the session"
                " in a while to see what came of it",
                retry_after=5,
            ) from None
        finally:
            self._calls.pop(number, None)

    def post(self, method: str, session: str, *arguments: object) -> None:
        """Send a call that has no answer."""
        if not self._dead:
            self._put(Call(NO_ANSWER, method, session, arguments))

    def _take(self, message: Message) -> None:
        if not isinstance(message, Answer):
            self._received(message)
            return
        answer = self._calls.get(message.number)
        if answer is None or answer.done():
            return  # its client has gone
        if message.refusal is not None:
            answer.set_exception(message.refusal)
        elif message.fault is not None:
            answer.set_exception(RuntimeError(message.fault))
        else:
            answer.set_result(message.value)

    def _end(self) -> None:
        """The worker is gone: refuse what waits, and tell, once."""
        if self._dead:
            return
        self._dead = True
        for answer in self._calls.values():
            if not answer.done():
                answer.set_exception(_lost())
        if not self._closing:
            logger.error("the worker %s has died", self.pid)
            self._died()


def _lost() -> Unavailable:
    return Unavailable("the process that trains stopped unexpectedly and is being started again; try again in a moment")
