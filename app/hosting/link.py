"""The web process's end of the pipe to the worker: calls out, answers in, and what happens when the worker dies.

Two threads do the reading and the writing, since both may block: a worker in the middle of a large step reads
nothing, and the event loop must not wait for it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess

from app.hosting.calls import Calls
from app.hosting.messages import Call, Counts, Event
from app.single_thread import SINGLE_THREAD

CLOSE_S = 1.5
"""How long a worker that is asked to stop may take, in seconds, before it is killed."""


@contextmanager
def worker_surroundings() -> Iterator[None]:
    """While a process is being started: one BLAS thread, and interrupts held back, so that it inherits both.

    A Ctrl-C is for the web process, which then stops the worker in good order; it is delivered afterwards.
    """
    kept = {name: os.environ.get(name) for name in SINGLE_THREAD}
    os.environ.update(SINGLE_THREAD)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def end_with_parent(last: Callable[[], None] = lambda: None) -> None:
    """From now on end this process when the web process has ended, even in the middle of one long call of numpy.

    `last` is done before, in a thread of its own.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent, last), name="blameflow-parent", daemon=True).start()


def _follow(parent: BaseProcess, last: Callable[[], None]) -> None:
    parent.join()
    try:
        last()
    finally:
        os._exit(1)


class Link(Calls):
    """One worker process, from its start to its death; a new worker is a new link.

    Parameters
    ----------
    main
        what the worker runs: a function of a module, called with its end of the pipe, the `Counts`, and the arguments.
    arguments
        picklable; given to `main` after the two.
    received, died
        as for all calls.
    """

    def __init__(
        self,
        main: Callable[..., None],
        arguments: tuple[object, ...],
        received: Callable[[Event], None],
        died: Callable[[], None],
    ) -> None:
        super().__init__(received, died)
        self._outbox: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        self._connection: Connection = ours
        self._counts = context.RawValue(Counts)
        self._process: SpawnProcess = context.Process(
            target=main, args=(theirs, self._counts, *arguments), name="blameflow-worker", daemon=True
        )
        with worker_surroundings():
            self._process.start()
        self._pid = self._process.pid
        theirs.close()
        self._reader = threading.Thread(target=self._read, name="blameflow-worker-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="blameflow-worker-writer", daemon=True)
        self._reader.start()
        self._writer.start()

    @property
    def pid(self) -> int | None:
        """The worker's process id."""
        return self._pid

    @property
    def beats(self) -> int:
        """How often the worker has come round."""
        return self._counts.beats

    def kill(self) -> None:
        """Kill a worker that hangs."""
        self.hung = True
        self._kill()

    def _put(self, call: Call) -> None:
        self._counts.asked += 1
        self._outbox.put(call)

    async def close(self) -> None:
        """Stop the worker and wait until it is gone. Calls that still wait are refused."""
        self._closing = True
        self._outbox.put(None)
        await asyncio.to_thread(self._stop)
        self._end()

    def _stop(self) -> None:
        self._reader.join(CLOSE_S)
        if self._reader.is_alive():
            self._kill()
        self._reader.join()

    def _kill(self) -> None:
        with suppress(ValueError):  # it has just ended
            self._process.kill()

    def _release(self) -> None:
        """The worker has closed its end: wait for its end, and close what is held for it."""
        self._writer.join()
        self._process.join(CLOSE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._connection.close()
        self._process.close()

    def _write(self) -> None:
        """The writer thread: calls in order; None asks the worker to stop."""
        try:
            while (call := self._outbox.get()) is not None:
                self._connection.send(call)
            self._connection.send(None)
        except (OSError, ValueError):
            pass  # the worker is gone: the reader notices

    def _read(self) -> None:
        """The reader thread: until the worker closes its end, by dying or by stopping."""
        try:
            while True:
                self._to_loop(self._take, self._connection.recv())
        except (EOFError, OSError):
            self._outbox.put(None)  # lets the writer thread end
            self._to_loop(self._end)
            self._release()

    def _to_loop(self, function: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            if not self._loop.is_closed():
                raise
