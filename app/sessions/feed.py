"""What the viewers of one session are sent, and when: at most 30 frames a second, weights at most 10 times.

A *key* frame carries everything. Other frames leave out what there is per connection: it is the same in all phases of
one step, and while the session plays it may be a little old. A frame is made only for a session that somebody views,
and only when the session has moved since the last one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from app.sessions.messages import Event, EventKind
from app.sessions.work import Work
from app.streaming.frames import PROTOCOL, SCALES, encode_event

FRAME_S = 1 / 30
"""Shortest time between frames, in seconds."""
KEY_S = 1 / 10
"""Shortest time between key frames while playing, in seconds."""
KEY_BYTES_PER_S = 1_000_000
"""Above it, key frames of a playing session come less often: what one viewer of a large network is sent."""
SHARE = 3
"""While playing, frames are given at most one in so many parts of a session's time."""

HEAVY = frozenset({"w", "w_after", "nabla_w", "feedback"})
"""What a layer has per connection: left out between key frames."""
NOTHING: frozenset[str] = frozenset()
GRADIENTS = frozenset({"nabla_w", "nabla_b"})
"""Left out while whole steps are played: nobody can follow them."""


class Viewed(Protocol):
    """What a feed asks of a session."""

    @property
    def revision(self) -> int: ...
    @property
    def playing(self) -> bool: ...
    def topology(self) -> dict[str, Any]: ...
    def frame_data(self) -> Work[dict[str, Any]]: ...
    def drain_events(self) -> list[dict[str, Any]]: ...


class Feed:
    """The stream of one session, at its source.

    Parameters
    ----------
    push
        takes an encoded event on its way to the viewers.
    clock
        monotonic, in seconds.
    """

    def __init__(
        self, name: str, session: Viewed, push: Callable[[Event], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.viewed = False
        self._session = session
        self._push = push
        self._clock = clock
        self._moved = False
        self._frame_due = 0.0
        self._key_due = 0.0
        self._key_step: int | None = None
        self._key_has_gradients = False
        self._config: object = None
        # Numbers rise even when the worker or the server starts anew, since they start at the time in ms.
        self._seq = time.time_ns() // 1_000_000

    def view(self) -> None:
        """Somebody views the session who has nothing yet: a topology and a key frame are due now."""
        self.viewed = True
        self._config = None
        self._frame_due = self._key_due = 0.0
        self.changed(rewritten=True)

    def changed(self, rewritten: bool = False) -> None:
        """The session was written to: tell its state, perhaps its topology, and a frame is due.

        `rewritten`: a step with the same number as before may have other weights now.
        """
        if rewritten:
            self._key_step = None
        told = self._session.drain_events()
        if not self.viewed:
            return
        topology = self._session.topology()
        if self._config is None or topology["config"] != self._config:
            self._config = topology["config"]
            self._send("topology", {"protocol": PROTOCOL, "session": self.name, "scales": SCALES, **topology})
        for event in told:
            self._send("state", event)
        self._moved = True

    def ticked(self, moved: bool) -> None:
        """The session has played; what it says of itself (that it has ended, say) comes after the frame of it."""
        self._moved = self._moved or moved

    def due(self) -> float | None:
        """When the next frame is due, in seconds of the clock; None if the viewers have the newest."""
        return self._frame_due if self.viewed and self._moved else None

    def soon(self, seconds: float) -> bool:
        """Whether a frame is due within so many seconds, if the session moves: then its step is to be traced."""
        return self.viewed and self._frame_due <= self._clock() + seconds

    def emit(self) -> Work[None]:
        """Make the newest frame and push it."""
        self._moved = False
        spent, resumed = 0.0, self._clock()
        work = self._session.frame_data()
        while True:
            try:
                next(work)
            except StopIteration as end:
                data: dict[str, Any] = end.value
                break
            spent += self._clock() - resumed
            yield
            resumed = self._clock()
        if not self.viewed:
            return
        self._frame(data)
        now = self._clock()
        spent += now - resumed
        self._frame_due = now + (max(FRAME_S, SHARE * spent) if data["playing"] else FRAME_S)

    def _frame(self, data: dict[str, Any]) -> None:
        step, playing = data["cursor"]["step"], data["playing"]
        omitted = GRADIENTS if playing and data["cursor"]["phase"] == "update" else NOTHING
        lacking = step != self._key_step or not (omitted or self._key_has_gradients)
        key = lacking and (not playing or self._clock() >= self._key_due)
        if not key:
            omitted |= HEAVY
        layers = [{name: value for name, value in layer.items() if name not in omitted} for layer in data["layers"]]
        self._seq += 1
        size = self._send("key" if key else "frame", {"seq": self._seq, "key": key, **data, "layers": layers})
        if key:
            self._key_step = step
            self._key_has_gradients = not omitted
            self._key_due = self._clock() + max(KEY_S, size / KEY_BYTES_PER_S)

    def _send(self, kind: EventKind, content: Mapping[str, object]) -> int:
        """Push an event; answers its size in bytes."""
        text = encode_event("frame" if kind == "key" else kind, content)
        self._push(Event(self.name, kind, text))
        return len(text)
