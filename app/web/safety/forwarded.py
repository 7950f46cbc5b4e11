"""Who asks, where proxies stand before the server: each adds to `X-Forwarded-For` the address that it was asked from.

Only as many entries are believed as there are proxies, counted from the end: what stands before them may be anybody's.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class Forwarded:
    """Puts the client's address and scheme into the scope.

    Parameters
    ----------
    proxies
        how many there are; 0 believes no such header.
    """

    def __init__(self, app: ASGIApp, proxies: int) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.proxies and scope["type"] == "http":
            scope.update(told(Headers(scope=scope), self.proxies))
        await self.app(scope, receive, send)


def told(headers: Headers, proxies: int) -> dict[str, object]:
    """What the proxies tell of the request: `client` and `scheme`, as far as they do."""
    found: dict[str, object] = {}
    addresses = [each.strip() for value in headers.getlist("x-forwarded-for") for each in value.split(",")]
    if len(addresses) >= proxies and addresses[-proxies]:
        found["client"] = (addresses[-proxies], 0)
    if (scheme := headers.get("x-forwarded-proto", "").strip().lower()) in ("http", "https"):
        found["scheme"] = scheme
    return found
