"""Who asks: where others than this machine's users reach the server, each address may take a part of it and no more."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

SHARES = 30
"""Turns of an address in a circle of those that play, at most: as many visitors may share it."""
MOST_KEPT = 1_000
"""Addresses, and visitors of one, that are remembered."""


@dataclass(frozen=True, slots=True)
class Client:
    """What a request is known by.

    Attributes
    ----------
    address
        the network's that it comes from; empty where addresses are not counted.
    visitor
        the number in its cookie; empty where it has none.
    """

    address: str = ""
    visitor: str = ""


NOBODY = Client()
asking: ContextVar[Client] = ContextVar("asking", default=NOBODY)
"""The client of the request that is being answered."""


class Shares:
    """Whose turn it is when a session plays: a visitor's; but those of one address have `SHARES` among them.

    So a new cookie for each session gets no more of the processor than a class behind one address does. All that
    come from there without a cookie are one visitor.
    """

    def __init__(self) -> None:
        self._given: dict[str, dict[str, int]] = {}

    def of(self, client: Client) -> str:
        """What the client's turns are known by; empty where addresses are not counted."""
        if not client.address:
            return ""
        given = self._given.setdefault(client.address, {})
        number = given.setdefault(client.visitor, len(given) % SHARES)
        for known in (self._given, given):
            if len(known) > MOST_KEPT:
                del known[next(iter(known))]
        return f"{client.address} {number}"
