"""How much all sessions together may take. The values come from the settings; these are their defaults."""

from __future__ import annotations

from dataclasses import dataclass

from app.streaming.hub import KEEP_ALIVE_S


@dataclass(frozen=True, slots=True)
class Capacity:
    """Upper limits of the server; reaching one is answered with 429 and a sentence that names it."""

    sessions: int = 1_000
    """Sessions that are kept, those put away included. Beyond it, those that nobody needs any more make room."""
    sessions_per_owner: int = 50
    """Sessions of one visitor, whose oldest make room for newer ones; scripts without a cookie share the total."""
    address_part: float = 0.5
    """Part of all sessions and data sets that one address may have; counted on a network only."""
    memory_bytes: int = 2**30
    """Memory for the sessions that are awake; beyond it, those that rest longest are put away."""
    idle_seconds: float = 600.0
    """A session that nobody used, watched or played for so long rests on disk until it is asked for; in seconds."""
    own_seconds: float = 5.0
    """A session that rested so long may have to make room for the next one of the same visitor, in seconds."""
    untouched_seconds: float = 60.0
    """A session that nobody ever touched may have to make room when it has rested so long, in seconds."""
    abandoned_seconds: float = 86_400.0
    """Any other session may have to make room when nobody has asked for it or watched it for so long, in seconds."""
    waiting_calls: int = 500
    """Calls that wait for the worker."""
    call_seconds: float = 60.0
    """How long a call waits for its answer; the longest that a step may run is less; in seconds."""
    hang_seconds: float = 30.0
    """A process that trains and has not come round for so long is killed, and another one started; in seconds."""
    deaths: int = 3
    """A session that the process died of so often in a row, while it was being loaded, is not loaded again."""
    keep_days: float = 0.0
    """A session that nobody has asked for or watched for so many days is deleted; 0: never."""
    keep_alive_seconds: float = KEEP_ALIVE_S
    """Every so many seconds a viewer's stream shows a sign of life; in seconds."""
    datasets: int = 100
    """Uploaded data sets."""
    datasets_per_owner: int = 20
    """Uploaded data sets of one visitor; scripts without a cookie share the server's total instead."""
    dataset_bytes: int = 2**30
    """Size of all uploaded data sets together, as 8-byte numbers on disk."""
