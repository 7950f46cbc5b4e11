"""How much one client may ask, where others than this machine's users reach the server: so often, so much at once.

A visitor is known by the cookie and by the address. What many share (a school's) may ask for as much as thirty of them;
who comes without a cookie, or with another one each time, is held by the address alone. What is kept of one client
(sessions, data sets, races) is counted where it is kept, by what `client.asking` says here.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.hosting.client import Client, asking
from app.web.answers import problem
from app.web.safety import viewer


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """Upper limits of one client. A call that only reads costs 1; those that make much work cost more, see `COSTS`."""

    per_second: float = 60.0
    """What a visitor may ask for in the long run: dragging along a run asks some 20 times a second; in 1/s."""
    at_once: float = 600.0
    """And what has been saved up at most."""
    address_per_second: float = 1_800.0
    """The same of an address, which thirty visitors may share."""
    address_at_once: float = 18_000.0
    """And what it has saved up at most."""
    calls: int = 20
    """Calls of a visitor that are answered at once, beside streams: a browser has six connections."""
    address_calls: int = 300
    """And of an address; fewer than may wait for the worker, so that there is room for others."""
    streams: int = 20
    """Streams that a visitor holds open at once."""
    address_streams: int = 600
    """And an address."""


COSTS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (0, re.compile(r"(GET|HEAD) (/static/.*|/healthz|/readyz)")),
    (50, re.compile(r"POST (/api/datasets|/api/races|/fragments/.*/upload)")),
    (
        20,
        re.compile(
            r"POST (/api/sessions(/import|/[^/]*/fork)?|/presets/.*|/fragments/.*/(network|data))"
            r"|(GET|HEAD) (/|/new|/open|/lessons/[^/]*|/sessions/[^/]*/copy)"
        ),
    ),
    (
        5,
        re.compile(
            r"(GET|HEAD) /api/sessions/[^/]*/(gradient-check|feedback-comparison|broken-check|spectrum"
            r"|trace\.npz|export|link|response-maps|parameters\.npz|picture\.svg)"
            r"|POST /api/sessions/[^/]*/(predict|what-if)"
        ),
    ),
)
"""What a call costs, by its method and path; the first that fits, else 1."""
STREAM = re.compile(r"/api/(.*/)?stream")
STREAMS = "So many streams at once are more than one visitor may have: close some pages."
CALLS = "So many calls at once are more than this server answers for one visitor: wait for some of them."
MOST_KEPT = 20_000
"""Clients that are remembered; those that came least recently are forgotten, and begin with all they may save up."""


def cost(method: str, path: str) -> float:
    """What a call costs."""
    asked = f"{method} {path}"
    return next((price for price, form in COSTS if form.fullmatch(asked)), 1)


class Buckets:
    """What each client has left: it fills with time, and each call takes from it.

    Parameters
    ----------
    per_second, most
        how fast it fills, and how far.
    """

    def __init__(self, per_second: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._most = most
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, price: float) -> float:
        """Take a call's price, or nothing if less is left; answers after how many seconds there is enough."""
        now = self._clock()
        left, before = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - before) * self._per_second)
        missing = min(price, self._most) - left
        self._left[client] = (left if missing > 0 else left - price, now)
        if len(self._left) > MOST_KEPT:
            self._left.popitem(last=False)
        return max(0.0, missing / self._per_second)


class Limits:
    """Refuses (429) what is more than a client may ask for."""

    def __init__(self, app: ASGIApp, bounds: ClientLimits) -> None:
        self.app = app
        self._visitors = Buckets(bounds.per_second, bounds.at_once)
        self._addresses = Buckets(bounds.address_per_second, bounds.address_at_once)
        self._bounds = bounds
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        address, visitor = network(request.client.host if request.client else ""), viewer.of(request)
        price = cost(scope["method"], scope["path"])
        wait = self._addresses.take(address, price)
        if visitor and not wait:
            wait = self._visitors.take(visitor, price)
        if wait:
            sentence = "That is more than this server does for one visitor in so short a time: slow down a little."
            await problem(429, sentence, retry_after=wait)(scope, receive, send)
        elif not price:
            await self.app(scope, receive, send)
        else:
            asking.set(Client(address, visitor))
            await self._held(address, visitor, scope, receive, send)

    async def _held(self, address: str, visitor: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless so many are being answered already."""
        streams = STREAM.fullmatch(scope["path"]) is not None
        bounds, kind, sentence = self._bounds, "streams" if streams else "calls", STREAMS if streams else CALLS
        held = {f"{kind} {address}": getattr(bounds, f"address_{kind}")}
        if visitor:
            held[f"{kind} {visitor}"] = getattr(bounds, kind)
        if any(self._open[client] >= most for client, most in held.items()):
            await problem(429, sentence, retry_after=5 if streams else 1)(scope, receive, send)
            return
        self._open.update(held.keys())
        try:
            await self.app(scope, receive, send)
        finally:
            self._open.subtract(held.keys())
            for client in held:
                if not self._open[client]:
                    del self._open[client]


def network(address: str) -> str:
    """What one client has of addresses: of version 6 it has 2^64 of them, which differ in the last half."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((int(known), 64), strict=False).network_address)
