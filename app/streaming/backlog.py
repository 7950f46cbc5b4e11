"""What is on its way to a viewer and has not arrived: once the system has it, it cannot be taken back for newer frames.

A network that is slow, or a proxy that is full, would hold frames for seconds, in order. So the system is given little
more than it can deliver at once; it tells how much has not arrived, and how fast that goes (Linux; elsewhere 0 s).
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import time

UNSENT_BYTES = 2_048
"""How much the system takes for a viewer that reads slowly, beyond what is on its way."""
CLEAR_S = 0.15
"""For so long after all had arrived the system is not asked again, in seconds: asking takes half as long as sending."""
_RATE = struct.Struct("=Q")
_RATE_AT = 160
"""Where `tcp_info` of Linux has `tcpi_delivery_rate`: bytes a second, as acknowledged; 0 while it is not known."""
if sys.platform == "linux":
    import fcntl
    import termios
_COUNT = struct.Struct("=i")


class Backlog:
    """Of one connection."""

    def __init__(self, transport: asyncio.Transport) -> None:
        connection = transport.get_extra_info("socket")
        over_tcp = connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6)
        self._connection: socket.socket | None = connection if over_tcp else None
        self._clear_until = 0.0
        self._file = connection.fileno() if over_tcp else -1

    def limit(self) -> None:
        """Let the system refuse more while some is unsent, where it can: then what waits is not the newest any more."""
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        if self._connection is not None and option is not None:
            self._connection.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)

    def seconds(self) -> float:
        """How long it takes until all that was sent has arrived; 0 where it is not known."""
        if sys.platform != "linux" or self._connection is None:
            return 0.0
        now = time.monotonic()
        if now < self._clear_until:
            return 0.0
        try:
            (count,) = _COUNT.unpack(fcntl.ioctl(self._file, termios.TIOCOUTQ, b"\0\0\0\0"))
            if not count:
                self._clear_until = now + CLEAR_S
                return 0.0
            told = self._connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RATE_AT + _RATE.size)
        except OSError:  # it is closed
            return 0.0
        rate = _RATE.unpack_from(told, _RATE_AT)[0] if len(told) == _RATE_AT + _RATE.size else 0
        return float(count) / rate if rate else 0.0
