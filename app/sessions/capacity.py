"""How much all sessions together may take. The values come from the settings; these are their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capacity:
    """Upper limits of the server; reaching one is answered with 429 and a sentence that names it."""

    sessions: int = 1_000
    """Sessions that are kept, those put away included. Beyond it, sessions that nobody ever touched make room."""
    sessions_per_owner: int = 50
    """Sessions of one visitor."""
    memory_bytes: int = 2**30
    """Memory for the sessions that are awake; beyond it, those that rest longest are put away."""
    idle_seconds: float = 600.0
    """A session that nobody uses, watches or plays for so long is put away to disk, until it is asked for again."""
    untouched_seconds: float = 60.0
    """A session that nobody ever touched may have to make room when it is this old."""
    waiting_calls: int = 500
    """Calls that wait for the worker."""
    call_seconds: float = 60.0
    """How long a call waits for its answer; the longest that a step may run is less."""
    datasets: int = 50
    """Uploaded data sets."""
    dataset_bytes: int = 2**30
    """Size of all uploaded data sets together, as 8-byte numbers on disk."""
