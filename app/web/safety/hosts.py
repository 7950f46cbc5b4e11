"""By which names the server is asked. A foreign name that leads here (DNS rebinding) would make its pages ours.

An address in numbers is no name that anybody could lead elsewhere, so every one of them is good.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.answers import problem

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(?::[0-9]{1,5})?")


class Hosts:
    """Refuses requests whose `Host` is no name of this server (421), or none at all (400).

    Parameters
    ----------
    names
        good besides `localhost`.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self.app = app
        self.names = frozenset({"localhost", *(plain(name) for name in names)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refusal := self.refusal(Headers(scope=scope).getlist("host"))):
            status, sentence = refusal
            await problem(status, sentence)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def refusal(self, hosts: list[str]) -> tuple[int, str] | None:
        """What is wrong with these `Host` headers: the status and a sentence."""
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            return 400, "A request names the server once, in a Host header."
        name = plain(found["name"])
        if name in self.names or is_address(name):
            return None
        return 421, (
            f"This server is not known as {name[:100]}. If it should be: blameflow run --allowed-host {name[:100]}"
        )


def plain(name: str) -> str:
    """The name as it is compared: in small letters, without brackets and without the root's dot."""
    return name.lower().removeprefix("[").removesuffix("]").removesuffix(".")


def is_address(name: str) -> bool:
    """Whether it is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    return plain(host) == "localhost" or (is_address(plain(host)) and ipaddress.ip_address(plain(host)).is_loopback)
