"""The process of one race: it is told what to race, sends each point as it comes, and can be killed at any moment."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from app.hosting.library import Library
from app.hosting.link import end_with_parent
from app.races.race import Entry, run
from app.sessions.errors import SessionError
from app.sessions.limits import Limits

logger = logging.getLogger(__name__)

NICENESS = 10
"""Below the process that trains sessions: a race must not slow anybody's hands."""
DONE = "done"


def main(connection: Connection, entry: Entry, folder: Path, limits: Limits) -> None:
    """Races until the end, or until nobody listens any more. ``folder`` is that of the uploaded data sets."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICENESS)
    try:
        for point in run(entry, Library(folder), limits):
            connection.send(point)
        connection.send(DONE)
    except (BrokenPipeError, OSError):
        pass  # the race was cancelled, or the server has gone
    except SessionError as error:
        connection.send(error)
    except Exception:
        logger.exception("a race has failed")
        raise
    finally:
        connection.close()
