"""How much one client may ask, and what a body may take: each limit is met, and harms nobody else."""

from __future__ import annotations

import asyncio
import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import numpy as np
import pytest

from app.datasets import FileLimits
from app.hosting.capacity import Capacity
from app.hosting.client import SHARES, Client, Shares
from app.races.limits import RaceLimits
from app.settings import Settings
from app.web.answers import problem
from app.web.safety import limits, viewer
from app.web.safety.body_limit import BodyLimit
from app.web.safety.limits import Buckets, ClientLimits, cost, network
from tests.conftest import serving


def cookie(name: str) -> dict[str, str]:
    """A visitor's."""
    return {"Cookie": f"{viewer.VIEWER_COOKIE}={name * 16}"}


def test_a_bucket_fills_with_time_up_to_its_brim() -> None:
    now = 0.0
    buckets = Buckets(10, 30, lambda: now)
    assert [buckets.take("a", 10) for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.take("b", 10) == 0
    now = 0.5
    assert buckets.take("a", 10) == 0.5
    now = 1.0
    assert buckets.take("a", 10) == 0
    now = 1_000.0
    assert [buckets.take("a", 10) for _ in range(4)] == [0, 0, 0, 1]


def test_a_call_that_costs_more_than_a_bucket_holds_goes_through_when_it_is_full() -> None:
    now = 0.0
    buckets = Buckets(10, 30, lambda: now)
    assert buckets.take("a", 1_000) == 0
    assert buckets.take("a", 1) > 0


def test_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEPT", 10)
    buckets = Buckets(1, 1, lambda: 0.0)
    for number in range(100):
        buckets.take(str(number), 1)
    assert buckets.take("99", 1) > 0
    assert buckets.take("0", 1) == 0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", ""),
        ("not an address" * 100, ("not an address" * 100)[:64]),
    ],
)
def test_a_client_s_part_of_the_addresses(address: str, client: str) -> None:
    assert network(address) == client


@pytest.mark.parametrize(
    ("call", "price"),
    [
        ("GET /static/1/js/main.js", 0),
        ("GET /api/sessions/x", 1),
        ("POST /api/sessions/x/step", 1),
        ("GET /api/sessions/x/gradient-check", 5),
        ("POST /api/sessions/x/predict", 5),
        ("POST /api/sessions", 20),
        ("POST /api/sessions/import", 20),
        ("POST /api/sessions/x/fork", 20),
        ("GET /new", 20),
        ("GET /", 20),
        ("POST /api/datasets", 50),
        ("POST /fragments/sessions/x/upload", 50),
    ],
)
def test_what_makes_work_costs_more(call: str, price: float) -> None:
    assert cost(*call.split()) == price


TIGHT = ClientLimits(per_second=1, at_once=60, address_per_second=1, address_at_once=120, streams=2, address_streams=3)


@pytest.fixture
def tight() -> Iterator[httpx.Client]:
    """A server that allows little to each."""
    with serving(Settings(public=True, clients=TIGHT)) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_one_visitor_is_slowed_down_and_others_are_not(tight: httpx.Client) -> None:
    for _ in range(3):
        assert tight.post("/api/sessions", json={"dataset": {"name": "xor"}}, headers=cookie("a")).status_code == 201
    refused = tight.post("/api/sessions", json={}, headers=cookie("a"))
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert "visitor" in refused.json()["detail"]
    assert tight.get("/healthz", headers=cookie("a")).status_code == 200
    assert tight.get("/api", headers=cookie("b")).status_code == 200


def test_a_new_cookie_each_time_does_not_help(tight: httpx.Client) -> None:
    answers = [tight.post("/api/sessions", json={}, headers=cookie(name)).status_code for name in "abcdefgh"]
    assert answers.count(429) >= 2


def test_so_many_streams_are_open_at_once(tight: httpx.Client) -> None:
    made = tight.post("/api/sessions", json={"dataset": {"name": "xor"}}, headers=cookie("a"))
    url = made.json()["stream_url"]
    with ExitStack() as opened:
        for name, status in (("a", 200), ("a", 200), ("a", 429), ("b", 200), ("b", 429), ("c", 429)):
            stream = opened.enter_context(tight.stream("GET", url, headers=cookie(name)))
            assert (name, stream.status_code) == (name, status)
    for _ in range(200):  # the server notices in its own time that they are closed
        with tight.stream("GET", url, headers=cookie("a")) as stream:
            if stream.status_code == 200:
                break
            wait = stream.headers["retry-after"]
            assert int(wait) >= 1
    else:
        pytest.fail("a closed stream is never forgotten")


def test_on_one_machine_nothing_is_counted() -> None:
    with serving(Settings(clients=TIGHT)) as url, httpx.Client(base_url=url, timeout=30) as client:
        assert {client.get("/api", headers=cookie("a")).status_code for _ in range(150)} == {200}


def test_bodies_together_are_bounded() -> None:
    answers: list[int] = []

    async def app(scope: object, receive: object, send: object) -> None:
        for _ in range(3):
            await receive()  # type: ignore[operator]
        gate.set()
        await both.wait()

    async def call(limit: BodyLimit) -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b" " * 10, "more_body": True}

        async def send(message: object) -> None: ...

        try:
            await limit({"type": "http", "path": "/", "headers": []}, receive, send)
            answers.append(200)
        except Exception as error:
            answers.append(getattr(error, "status_code", 500))

    async def run() -> None:
        limit = BodyLimit(app, 100, {}, together=50)
        first = asyncio.create_task(call(limit))
        await gate.wait()
        await call(limit)
        both.set()
        await first
        await call(limit)

    gate, both = asyncio.Event(), asyncio.Event()
    asyncio.run(run())
    assert sorted(answers) == [200, 200, 429]
    assert problem(429, "").status_code == 429


def test_one_visitor_has_so_many_data_sets() -> None:
    table = {"file": ("a.csv", "x,y\n" + "".join(f"{i},{i}\n" for i in range(10)))}
    with serving(Settings(capacity=Capacity(datasets_per_owner=2))) as url, httpx.Client(base_url=url) as client:
        answers = [client.post("/api/datasets", files=table, headers=cookie("a")) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert client.post("/api/datasets", files=table, headers=cookie("b")).status_code == 201
        client.delete(answers[0].headers["location"], headers=cookie("a"))
        assert client.post("/api/datasets", files=table, headers=cookie("a")).status_code == 201


XOR = {"layers": [2, 2, 1], "dataset": {"name": "xor"}}
TABLE = {"file": ("a.csv", "x,y\n" + "".join(f"{i},{i}\n" for i in range(10)))}


@pytest.fixture
def halved() -> Iterator[Callable[[str], httpx.Client]]:
    """Clients of a server that keeps six sessions and data sets, half of them of one address; none has a cookie."""
    capacity = Capacity(sessions=6, datasets=6, untouched_seconds=1_000, idle_seconds=1_000)
    settings = Settings(public=True, trusted_proxies=1, capacity=capacity, races=RaceLimits(race_waiting_per_address=2))
    with serving(settings) as url, ExitStack() as opened:

        def at(address: str) -> httpx.Client:
            headers = {"X-Forwarded-For": address}
            return opened.enter_context(httpx.Client(base_url=url, headers=headers, timeout=30))

        yield at


def make_one(what: str, client: httpx.Client, visitor: str = "") -> httpx.Response:
    """A session, a data set or a race of a visitor's, or of somebody's without a cookie."""
    headers = cookie(visitor) if visitor else {}
    if what == "datasets":
        return client.post("/api/datasets", files=TABLE, headers=headers)
    race = {"session": XOR, "feedbacks": ["transpose"], "seeds": [1], "epochs": 1_000}
    return client.post(f"/api/{what}", json=race if what == "races" else XOR, headers=headers)


@pytest.mark.parametrize(("what", "most"), [("sessions", 3), ("datasets", 3), ("races", 2)])
@pytest.mark.parametrize("names", ["    ", "abcd"], ids=["without a cookie", "with a new cookie each time"])
def test_one_address_has_so_many_and_others_have_room(
    halved: Callable[[str], httpx.Client], what: str, most: int, names: str
) -> None:
    greedy, other = halved("192.0.2.1"), halved("192.0.2.2")
    answers = [make_one(what, greedy, name.strip()) for name in names[: most + 1]]
    assert [answer.status_code for answer in answers] == [201] * most + [429]
    assert "from your network" in answers[-1].json()["detail"]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert make_one(what, other).status_code == 201


def test_pages_that_are_opened_without_a_cookie_count_for_the_address(halved: Callable[[str], httpx.Client]) -> None:
    greedy = halved("192.0.2.1")
    answers = []
    for _ in range(4):
        greedy.cookies.clear()
        answers.append(greedy.get("/").status_code)
    assert answers == [303, 303, 303, 429]


def test_in_a_class_nobody_s_sessions_make_room_and_nobody_else_s() -> None:
    """Behind one address: a script that leaves sessions about, and pupils who come back."""
    capacity = Capacity(sessions=8, own_seconds=1_000, idle_seconds=0, abandoned_seconds=1_000)
    with serving(Settings(public=True, capacity=capacity)) as url, httpx.Client(base_url=url, timeout=30) as client:
        left = client.post("/api/sessions", json=XOR)
        client.post(f"{left.json()['url']}/step", headers={"Blameflow-Control": left.headers["blameflow-control"]})
        pupils = [client.post("/api/sessions", json=XOR, headers=cookie(name)).json()["url"] for name in "abc"]
        for url, name in zip(pupils, "abc", strict=True):
            client.post(f"{url}/step", headers=cookie(name)).raise_for_status()
        assert client.post("/api/sessions", json=XOR, headers=cookie("d")).status_code == 201
        assert client.get(left.json()["url"]).status_code == 404
        assert {client.get(url).status_code for url in pupils} == {200}


@pytest.mark.parametrize("names", [" " * 8, "abcdefgh"], ids=["without a cookie", "with a new cookie each time"])
def test_so_many_calls_are_answered_at_once(names: str) -> None:
    bounds = ClientLimits(calls=2, address_calls=3)
    slow = "/api/sessions/{}/step"
    with serving(Settings(public=True, clients=bounds)) as url, httpx.Client(base_url=url, timeout=30) as client:
        made = client.post("/api/sessions", json={"layers": [64, 500, 500, 10], "dataset": {"name": "digits"}})
        token = {"Blameflow-Control": made.headers["blameflow-control"]}

        async def all_at_once() -> list[int]:
            async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                calls = [
                    client.post(
                        slow.format(made.json()["id"]),
                        json={"count": 20},
                        headers=token | (cookie(n) if n != " " else {}),
                    )
                    for n in names
                ]
                return [answer.status_code for answer in await asyncio.gather(*calls)]

        answers = asyncio.run(all_at_once())
        assert answers.count(200) >= 3
        assert answers.count(429) >= 1
        assert client.get("/api").status_code == 200


def test_visitors_of_one_address_have_so_many_turns_among_them() -> None:
    shares = Shares()
    pupils = {shares.of(Client("192.0.2.1", f"pupil {number}")) for number in range(SHARES)}
    assert len(pupils) == SHARES
    assert {shares.of(Client("192.0.2.1", f"new cookie {number}")) for number in range(5_000)} == pupils
    assert len({shares.of(Client("192.0.2.2")) for _ in range(100)}) == 1
    assert shares.of(Client("192.0.2.2")) not in pupils
    assert shares.of(Client()) == ""


@pytest.mark.parametrize("kind", ["gzip", "npz"])
def test_a_bomb_that_is_uploaded_is_refused_and_the_server_goes_on(kind: str) -> None:
    files = FileLimits(decompressed_bytes=10_000_000)
    with serving(Settings(files=files)) as url, httpx.Client(base_url=url, timeout=60) as client:
        answer = client.post("/api/datasets", files={"file": BOMBS[kind]()})
        assert answer.status_code == 422
        assert "10 MB" in answer.json()["detail"] or "10.0 MB" in answer.json()["detail"]
        assert client.get("/readyz").status_code == 200


def npz_bomb() -> tuple[str, bytes]:
    """400 MB of zeros in 400 kB."""
    file = io.BytesIO()
    np.savez_compressed(file, x=np.zeros((50_000, 1_000)), y=np.zeros(50_000))
    return "bomb.npz", file.getvalue()


BOMBS: dict[str, Callable[[], tuple[str, bytes]]] = {
    "gzip": lambda: ("bomb.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 25_000_000, 1)),
    "npz": npz_bomb,
}
