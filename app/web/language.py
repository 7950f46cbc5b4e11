"""Each answer is made in the visitor's language, as far as there is a file of texts for it."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.texts import LANGUAGES, chosen, spoken


class Language:
    """Chooses the texts by `Accept-Language`. Pages say that they depend on it; calls of the API do not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.add_vary_header("Accept-Language")
            await send(message)

        texts = LANGUAGES[chosen(Headers(scope=scope).get("accept-language", ""), LANGUAGES)]
        token = spoken.set(texts)
        try:
            await self.app(scope, receive, with_header)
        finally:
            spoken.reset(token)
