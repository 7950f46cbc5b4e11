"""Playing at a rate, on the caller's clock: a pure state machine, testable without sleeping."""

from __future__ import annotations

from typing import Literal

from app.sessions.requests import Until

CATCH_UP = 0.25  # s; a player that was held up for longer doesn't hurry after what it missed


class Player:
    """Says how many beats are due.

    Parameters
    ----------
    unit
        What goes by at each beat.
    per_second
        Beats per second; 0 = as fast as it can.
    until
        Where to stop by itself.
    now
        The clock when play was pressed, s. The first beat is due at once.
    """

    def __init__(self, unit: Literal["phase", "step"], per_second: float, until: Until | None, now: float) -> None:
        self.unit = unit
        self.per_second = per_second
        self.until = until
        self._next = now

    @property
    def flat_out(self) -> bool:
        """Whether it plays as fast as it can."""
        return self.per_second == 0

    def next_due(self) -> float:
        """When the next beat is due, s; minus infinity flat out."""
        return float("-inf") if self.flat_out else self._next

    def due(self, now: float) -> int | None:
        """Beats due by now; None flat out: as many as there is time for."""
        if self.flat_out:
            return None
        if now < self._next:
            return 0
        return 1 + int(min(now - self._next, CATCH_UP) * self.per_second)

    def played(self, beats: int, now: float) -> None:
        """Notes that so many beats have been played; what was missed for too long is forgiven."""
        if not self.flat_out:
            self._next = max(self._next + beats / self.per_second, now - CATCH_UP)

    def as_dict(self) -> dict[str, object]:
        """As in the request."""
        until = self.until.model_dump(exclude_none=True) if self.until else None
        return {"unit": self.unit, "per_second": self.per_second, "until": until}
