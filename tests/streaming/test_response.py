"""The response leaves the hub however its connection ends."""

import asyncio
import socket
import sys
from typing import cast

import pytest
from starlette.types import Message

from app.streaming import response, sse
from app.streaming.backlog import Backlog
from app.streaming.hub import Hub
from app.streaming.response import AHEAD_S, LOOK_S, TRANSPORT, EventStream

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
        await asyncio.wait_for(call, 60)
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


class Transport:
    """A connection of our own server that takes so many bytes at once, and the rest when it is drained."""

    def __init__(self, room: int = 10**9) -> None:
        self.room = room
        self.written = b""
        self.held = 0
        self.drained = asyncio.Event()
        self.aborted = asyncio.Event()

    def write(self, data: bytes | memoryview) -> None:
        assert not self.held, "written to while it was busy"
        self.written += data
        self.held = max(0, len(data) - self.room)
        self.drained.clear()

    def drain(self) -> None:
        self.held = 0
        self.drained.set()

    def get_write_buffer_size(self) -> int:
        return self.held

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None:
        self.aborted.set()

    def set_write_buffer_limits(self, high: int | None = None) -> None:
        pass

    def get_extra_info(self, name: str) -> None:
        return None


class Direct(Connection):
    """A connection whose sends wait until the transport has nothing left, as the server's do."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self.transport = transport

    async def send(self, message: Message) -> None:
        if self.transport.held:
            await self.transport.drained.wait()
        await super().send(message)
        if message["type"] == "http.response.body" and not message["more_body"]:
            self.gone.set()

    def watch(self, hub: Hub) -> "asyncio.Future[None]":
        scope = {**SCOPE, "http_version": "1.1", "state": {TRANSPORT: self.transport}}
        return asyncio.ensure_future(EventStream(hub.subscribe("s"))(scope, self.receive, self.send))


def test_what_is_published_is_written_at_once_as_chunks() -> None:
    async def main() -> None:
        hub, transport = Hub(), Transport()
        connection = Direct(transport)
        call = connection.watch(hub)
        await settle()
        hub.publish("s", "topology", b"T" * 20)
        assert transport.written == b"14\r\n" + b"T" * 20 + b"\r\n"
        hub.publish("s", "frame", b"f")
        assert transport.written.endswith(b"1\r\nf\r\n")
        hub.close()
        await asyncio.wait_for(call, 60)
        assert connection.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
        assert hub.viewers("s") == 0

    asyncio.run(main())


def test_a_connection_that_is_busy_gets_the_newest_when_it_is_not_any_more_and_the_end_after_it() -> None:
    async def main() -> None:
        hub, transport = Hub(), Transport(room=4)
        connection = Direct(transport)
        call = connection.watch(hub)
        await settle()
        hub.publish("s", "topology", b"topology")
        for number in range(1000):
            hub.publish("s", "frame", b"f%d" % number)
        assert transport.written == sse.chunk(b"topology")
        transport.drain()
        await settle()
        hub.publish("s", "state", b"deleted")
        hub.end("s")
        await settle()
        assert not call.done()
        transport.drain()
        await settle()
        transport.drain()
        await asyncio.wait_for(call, 60)
        assert transport.written == b"".join(map(sse.chunk, (b"topology", b"f999", b"deleted")))
        assert connection.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    asyncio.run(main())


def test_a_large_frame_that_was_begun_is_brought_to_its_end_in_pieces() -> None:
    async def main() -> None:
        hub, transport = Hub(), Transport(room=1000)
        connection = Direct(transport)
        call = connection.watch(hub)
        await settle()
        hub.publish("s", "topology", b"T")
        large = bytes(range(256)) * 1000
        hub.publish("s", "key", large)
        assert len(transport.written) < 2 * sse.PIECE
        hub.publish("s", "key", b"newer")
        for _ in range(5):
            transport.drain()
            await settle()
        assert transport.written == b"".join(map(sse.chunk, (b"T", large, b"newer", sse.KEEP_ALIVE)))
        connection.gone.set()
        await asyncio.wait_for(call, 60)

    asyncio.run(main())


def test_a_viewer_that_has_caught_up_is_told_once_that_it_has_the_newest() -> None:
    async def main() -> None:
        hub, transport = Hub(), Transport(room=4)
        connection = Direct(transport)
        call = connection.watch(hub)
        await settle()
        hub.publish("s", "topology", b"topology")
        for _ in range(5):
            transport.drain()
            await settle()
        assert transport.written == sse.chunk(b"topology") + sse.chunk(sse.KEEP_ALIVE)
        connection.gone.set()
        await asyncio.wait_for(call, 60)

    asyncio.run(main())


def test_nothing_more_is_sent_while_what_was_takes_long_to_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [0.0]
    monkeypatch.setattr(Backlog, "seconds", lambda self: left[0])

    async def main() -> None:
        hub, transport = Hub(), Transport()
        connection = Direct(transport)
        call = connection.watch(hub)
        await settle()
        hub.publish("s", "topology", b"topology")
        left[0] = 3.0
        for number in range(1000):
            hub.publish("s", "frame", b"f%d" % number)
        await settle()
        assert transport.written == sse.chunk(b"topology")
        left[0] = AHEAD_S
        while b"keep-alive" not in transport.written:
            await asyncio.sleep(LOOK_S)
        assert transport.written == b"".join(map(sse.chunk, (b"topology", b"f999", sse.KEEP_ALIVE)))
        left[0] = 3.0
        hub.publish("s", "state", b"paused")
        hub.close()
        await asyncio.wait_for(call, 60)
        assert transport.written.endswith(sse.chunk(b"paused"))

    asyncio.run(main())


def test_who_does_not_read_the_last_bytes_is_cut_off_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response, "END_S", 0.01)

    async def main() -> None:
        hub, reads, reads_not = Hub(), Transport(room=4), Transport(room=4)
        calls = [(connection := Direct(transport), connection.watch(hub)) for transport in (reads, reads_not)]
        await settle()
        hub.publish("s", "topology", b"topology")
        await settle()
        hub.close()
        reads.drain()
        await asyncio.wait_for(calls[0][1], 60)
        await asyncio.wait_for(reads_not.aborted.wait(), 60)
        assert not reads.aborted.is_set()
        calls[1][0].gone.set()
        await asyncio.wait_for(calls[1][1], 60)

    asyncio.run(main())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_how_long_what_was_sent_takes_to_arrive_is_asked_of_the_system() -> None:
    async def main() -> None:
        accepted: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(lambda _, writer: accepted.append(writer), "127.0.0.1", 0)
        with socket.create_connection(server.sockets[0].getsockname()) as viewer:
            while not accepted:
                await asyncio.sleep(0)
            transport = cast(asyncio.Transport, accepted[0].transport)
            clear, backlog = Backlog(transport), Backlog(transport)
            backlog.limit()
            assert clear.seconds() == 0
            for _ in range(1000):
                transport.write(b"x" * 65_536)
            assert transport.get_write_buffer_size() > 0
            assert backlog.seconds() > 0
            assert viewer.recv(1) == b"x"
            transport.abort()
            await asyncio.sleep(0)
            assert backlog.seconds() == 0
        server.close()

    asyncio.run(main())


def test_the_response_ends_when_the_hub_closes() -> None:
    async def main() -> None:
        hub, connection = Hub(), Connection()
        call = asyncio.ensure_future(EventStream(hub.subscribe("s"))(dict(SCOPE), connection.receive, connection.send))
        await settle()
        hub.close()
        await asyncio.wait_for(call, 60)
        assert connection.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    asyncio.run(main())
