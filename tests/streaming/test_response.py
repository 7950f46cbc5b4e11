"""The response leaves the hub however its connection ends."""

import asyncio

import pytest
from starlette.types import Message

from app.streaming import sse
from app.streaming.hub import Hub
from app.streaming.response import EventStream

SCOPE = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "method": "GET", "headers": []}


class Connection:
    """One ASGI connection: what was sent, and a client that hangs up when told."""

    def __init__(self, fail: bool = False) -> None:
        self.sent: list[Message] = []
        self.gone = asyncio.Event()
        self.fail = fail

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.fail:
            raise OSError("the connection is lost")
        self.sent.append(message)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_client_that_hangs_up_is_no_viewer_any_more() -> None:
    async def main() -> None:
        hub, connection = Hub(), Connection()
        response = EventStream(hub.subscribe("s"))
        call = asyncio.ensure_future(response(dict(SCOPE), connection.receive, connection.send))
        await settle()
        hub.publish("s", "topology", b"T")
        await settle()
        assert [message.get("body") for message in connection.sent] == [None, sse.RETRY, b"T"]
        headers = dict(connection.sent[0]["headers"])
        assert headers[b"content-type"] == b"text/event-stream; charset=utf-8"
        assert headers[b"cache-control"] == b"no-store"
        assert hub.viewers("s") == 1
        connection.gone.set()
        await asyncio.wait_for(call, 5)
        assert hub.viewers("s") == 0
        hub.close()

    asyncio.run(main())


def test_a_connection_that_fails_before_the_first_byte_is_no_viewer_any_more() -> None:
    async def main() -> None:
        hub, connection = Hub(), Connection(fail=True)
        with pytest.raises(BaseException, match="lost"):
            await EventStream(hub.subscribe("s"))(dict(SCOPE), connection.receive, connection.send)
        assert hub.viewers("s") == 0
        hub.close()

    asyncio.run(main())


def test_the_response_ends_when_the_hub_closes() -> None:
    async def main() -> None:
        hub, connection = Hub(), Connection()
        call = asyncio.ensure_future(EventStream(hub.subscribe("s"))(dict(SCOPE), connection.receive, connection.send))
        await settle()
        hub.close()
        await asyncio.wait_for(call, 5)
        assert connection.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    asyncio.run(main())
