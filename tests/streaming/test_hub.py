"""The hub: newest wins, nobody waits for anybody, weights are never missed, and every stream comes to its end."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine

from app.streaming import sse
from app.streaming.hub import Hub
from app.streaming.subscription import Subscription


def run(main: Coroutine[object, object, None]) -> None:
    """Run to the end; whatever hangs fails after 10 s."""
    asyncio.run(asyncio.wait_for(main, 60))


def reader(subscription: Subscription) -> AsyncIterator[bytes]:
    return aiter(subscription)


async def take(source: AsyncIterator[bytes], count: int) -> list[bytes]:
    return [await anext(source) for _ in range(count)]


async def opened(hub: Hub, session: str = "s") -> AsyncIterator[bytes]:
    """A viewer that has read the retry line."""
    source = reader(hub.subscribe(session))
    assert await anext(source) == sse.RETRY
    return source


def test_a_viewer_starts_with_topology_then_the_newest_key_frame_then_the_newest_frame() -> None:
    async def main() -> None:
        hub = Hub()
        first = await opened(hub)
        hub.publish("s", "topology", b"T")
        for name in (b"k1", b"k2"):
            hub.publish("s", "key", name)
        hub.publish("s", "frame", b"f3")
        hub.publish("s", "frame", b"f4")
        second = await opened(hub)
        assert await take(second, 3) == [b"T", b"k2", b"f4"]
        assert await take(first, 3) == [b"T", b"k2", b"f4"]

    run(main())


def test_a_viewer_waits_for_the_topology_before_any_frame() -> None:
    async def main() -> None:
        hub = Hub()
        viewer = await opened(hub)
        next_event = asyncio.ensure_future(anext(viewer))
        hub.publish("s", "frame", b"f1")
        for _ in range(5):
            await asyncio.sleep(0)
        assert not next_event.done()
        hub.publish("s", "topology", b"T")
        assert await next_event == b"T"
        assert await anext(viewer) == b"f1"

    run(main())


def test_a_slow_viewer_skips_to_the_newest_frame() -> None:
    async def main() -> None:
        hub = Hub()
        viewer = await opened(hub)
        hub.publish("s", "topology", b"T")
        hub.publish("s", "key", b"k1")
        assert await take(viewer, 2) == [b"T", b"k1"]
        for number in range(2, 1000):
            hub.publish("s", "frame", b"f%d" % number)
        assert await anext(viewer) == b"f999"

    run(main())


def test_a_slow_viewer_gets_the_weights_that_it_missed_before_the_newest_frame() -> None:
    async def main() -> None:
        hub = Hub()
        viewer = await opened(hub)
        hub.publish("s", "topology", b"T")
        hub.publish("s", "key", b"k1")
        await take(viewer, 2)
        for kind, name in (("frame", b"f2"), ("key", b"k3"), ("frame", b"f4"), ("key", b"k5"), ("frame", b"f6")):
            hub.publish("s", "key" if kind == "key" else "frame", name)
        assert await take(viewer, 2) == [b"k5", b"f6"]
        hub.publish("s", "frame", b"f7")
        assert await anext(viewer) == b"f7"

    run(main())


def test_a_key_frame_that_comes_while_a_viewer_is_sending_comes_before_the_newest_frame() -> None:
    async def main() -> None:
        hub = Hub()
        viewer = await opened(hub)
        hub.publish("s", "topology", b"T")
        hub.publish("s", "key", b"k1")
        hub.publish("s", "frame", b"f2")
        assert await take(viewer, 2) == [b"T", b"k1"]
        hub.publish("s", "key", b"k3")
        hub.publish("s", "frame", b"f4")
        assert await take(viewer, 2) == [b"k3", b"f4"]

    run(main())


def test_a_state_from_before_a_viewer_came_is_not_told_to_it_but_a_later_one_is() -> None:
    async def main() -> None:
        hub = Hub()
        await opened(hub)
        hub.publish("s", "topology", b"T")
        hub.publish("s", "state", b"played")
        viewer = await opened(hub)
        assert await anext(viewer) == b"T"
        hub.publish("s", "frame", b"f1")
        hub.publish("s", "state", b"paused")
        assert await take(viewer, 2) == [b"f1", b"paused"]

    run(main())


def test_all_viewers_get_the_same_bytes_object() -> None:
    async def main() -> None:
        hub = Hub()
        viewers = [await opened(hub) for _ in range(50)]
        hub.publish("s", "topology", b"T")
        text = b"frame text"
        hub.publish("s", "key", text)
        for viewer in viewers:
            await anext(viewer)
        for viewer in viewers:
            assert await anext(viewer) is text

    run(main())


def test_a_viewer_that_never_reads_holds_no_old_frames() -> None:
    async def main() -> None:
        hub = Hub()
        await opened(hub)
        hub.publish("s", "topology", b"T")
        texts = [bytes(1000) + b"%d" % number for number in range(100)]
        kept_before = [sys.getrefcount(text) for text in texts]
        for text in texts:
            hub.publish("s", "frame", text)
        del text
        now = [sys.getrefcount(text) for text in texts]
        assert now == [*kept_before[:-1], kept_before[-1] + 1]

    run(main())


def test_interest_is_told_when_the_first_viewer_comes_and_the_last_goes() -> None:
    async def main() -> None:
        told: list[tuple[str, bool]] = []
        hub = Hub(lambda session, wanted: told.append((session, wanted)))
        one, two = hub.subscribe("s"), hub.subscribe("s")
        assert told == [("s", True)]
        one.close()
        one.close()
        assert told == [("s", True)]
        async with two:
            assert hub.viewers("s") == 1
        assert told == [("s", True), ("s", False)]
        assert hub.viewers("s") == 0
        hub.close()

    run(main())


def test_a_new_first_viewer_is_not_given_what_was_published_before_everyone_left() -> None:
    async def main() -> None:
        hub = Hub()
        one = hub.subscribe("s")
        hub.publish("s", "topology", b"old")
        one.close()
        viewer = await opened(hub)
        hub.publish("s", "topology", b"new")
        assert await anext(viewer) == b"new"

    run(main())


def test_a_deleted_session_ends_its_streams_after_the_last_event() -> None:
    async def main() -> None:
        hub = Hub()
        viewer, waiting = await opened(hub), await opened(hub)
        other = await opened(hub, "other")
        rest = asyncio.ensure_future(anext(waiting, None))
        await asyncio.sleep(0)
        hub.publish("s", "topology", b"T")
        hub.publish("s", "state", b"deleted")
        hub.end("s")
        assert [text async for text in viewer] == [b"T", b"deleted"]
        assert await rest == b"T"
        hub.publish("other", "topology", b"alive")
        assert await anext(other) == b"alive"

    run(main())


def test_closing_the_hub_ends_every_stream_and_turns_later_viewers_away() -> None:
    async def main() -> None:
        hub = Hub()
        viewers = [await opened(hub, name) for name in "abc"]
        waiting = [asyncio.ensure_future(anext(viewer, None)) for viewer in viewers]
        await asyncio.sleep(0)
        hub.close()
        assert await asyncio.gather(*waiting) == [None, None, None]
        assert [text async for text in hub.subscribe("a")] == [sse.RETRY]

    run(main())


def test_a_beat_sends_each_viewer_one_comment() -> None:
    async def main() -> None:
        hub = Hub()
        viewer = await opened(hub)
        for _ in range(2):
            comment = asyncio.ensure_future(anext(viewer))
            await asyncio.sleep(0)
            hub.beat()
            assert await comment == b": keep-alive\n\n"
        hub.publish("s", "topology", b"T")
        assert await anext(viewer) == b"T"

    run(main())


def test_the_hub_beats_by_itself() -> None:
    async def main() -> None:
        hub = Hub(keep_alive_s=0.01)
        viewer = await opened(hub)
        assert await take(viewer, 3) == [sse.KEEP_ALIVE] * 3
        hub.close()
        assert await anext(viewer, None) is None

    run(main())
