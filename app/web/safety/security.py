"""What protects a viewer: headers for every answer, and nothing done on behalf of another site.

Pure ASGI: a stream's bytes pass through without a task or a queue in between.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import urls
from app.web.answers import problem

EMBED_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
"""For pages made to be framed by others, slides in a file included, which no source expression of a policy names."""
CONTENT_SECURITY_POLICY = f"{EMBED_SECURITY_POLICY}; frame-ancestors 'self'"

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{name}=()" for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
    ),
}
TRANSPORT_SECURITY = "max-age=31536000"
"""Over TLS: the browser comes by TLS only for a year. Not for names below this one, which are not ours to say."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})
"""What a browser says of its requests to us that come from our pages, or from nobody's (a typed address)."""


class SecurityHeaders:
    """Adds the headers to every answer, and `no-store` where the answer says nothing of caching."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
            await send(message)

        await self.app(scope, receive, with_headers)


class SameSite:
    """Refuses what another site's page asked for, if a browser says so (403): all but following a link.

    What only reads is refused too: the other page would not see the answer, but could make the server work, or have
    it make sessions. Programs other than browsers send no such header, and are let through.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_refused(scope["method"], scope["path"], Headers(scope=scope)):
            answer = problem(403, "A page of another site asked for this; only this server's own pages may.")
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_refused(method: str, path: str, headers: Headers) -> bool:
    """Whether it is neither asked for by our own pages nor a link that is followed: of the API, in a window only."""
    if not is_foreign(headers):
        return False
    if method not in READING or headers.get("sec-fetch-mode") != "navigate":
        return True
    return path.startswith(f"{urls.API}/") and headers.get("sec-fetch-dest", "document") != "document"


def is_foreign(headers: Headers) -> bool:
    """Whether a page of another origin sent the request (`Sec-Fetch-Site`; older browsers: `Origin`)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in OWN_SITE
    origin = headers.get("origin")
    return origin is not None and not is_host(origin, headers.get("host", ""))


def is_host(origin: str, host: str) -> bool:
    """Whether an `Origin` is the address that the request was sent to; the scheme may differ behind a proxy."""
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False
