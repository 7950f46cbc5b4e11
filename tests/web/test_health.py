"""For whoever looks after a server: alive, ready, figures, and a log without secrets."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.hosting.capacity import Capacity
from app.logs import AsJson, AsText, request_number
from app.settings import Settings, SettingsError
from app.web.observed import NUMBER
from app.web.safety import viewer
from app.web.safety.control import HEADER
from tests.conftest import serving


def figures(client: httpx.Client) -> dict[tuple[str, ...], float]:
    """The samples: name and values of labels to value."""
    text = client.get("/metrics").text
    families = text_string_to_metric_families(text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def ready(client: httpx.Client) -> httpx.Response:
    """The answer once the worker has come up, which is given time on a busy machine."""
    for _ in range(20):
        if (answer := client.get("/readyz")).is_success:
            break
    return answer


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """What the log has about requests."""
    return [vars(record) for record in caplog.records if record.name == "app.web.observed"]


@pytest.fixture
def watched() -> Iterator[httpx.Client]:
    """A server that logs every request."""
    with (
        serving(Settings(log_requests=True)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def test_it_is_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert ready(client).json() == {"status": "ready"}


def test_requests_are_counted_by_template(watched: httpx.Client) -> None:
    url = watched.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"]
    watched.post(f"{url}/step")
    watched.head(url)
    watched.get("/nothing/of/the/kind")
    watched.request("BREW", "/api")
    watched.get("/api", headers={"Host": "evil.example"})
    found = figures(watched)
    assert found["blameflow_requests_total", "POST", "/api/sessions/{id}/step", "200"] == 1
    assert found["blameflow_requests_total", "HEAD", "/api/sessions/{id}", "200"] == 1
    assert found["blameflow_requests_total", "GET", "none", "404"] == 1
    assert found["blameflow_requests_total", "GET", "none", "421"] == 1
    assert ("blameflow_requests_total", "BREW", "/api", "405") not in found
    assert found["blameflow_request_seconds_count", "/api/sessions/{id}/step"] == 1
    assert found["blameflow_sessions",] == 1
    assert found["blameflow_worker_restarts_total",] == 0
    assert url.rpartition("/")[2] not in watched.get("/metrics").text


def frame_of(lines: Iterator[str], step: int) -> None:
    """Read a stream up to the frame of a step."""
    for line in lines:
        if line.startswith('data: {"seq"') and json.loads(line[6:])["cursor"]["step"] == step:
            return


def test_a_frame_is_encoded_once_offered_to_each_viewer_and_taken_by_who_reads(watched: httpx.Client) -> None:
    url = watched.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"]
    names = [f"blameflow_frames_{what}_total" for what in ("encoded", "offered", "taken")]
    with watched.stream("GET", f"{url}/stream") as one, watched.stream("GET", f"{url}/stream") as other:
        streams = (one.iter_lines(), other.iter_lines())
        for lines_ in streams:
            frame_of(lines_, 0)
        before = figures(watched)
        for step in (1, 2, 3):
            watched.post(f"{url}/step")
            for lines_ in streams:
                frame_of(lines_, step)
        after = figures(watched)
        assert [after[name,] - before[name,] for name in names] == [3, 6, 6]
        assert (after["blameflow_viewers",], after["blameflow_sessions_watched",]) == (2, 1)


def test_sessions_are_counted_as_they_are_kept_awake_and_playing() -> None:
    names = [f"blameflow_sessions{what}" for what in ("", "_awake", "_playing")]
    with (
        serving(Settings(workers=2, capacity=Capacity(idle_seconds=0.01))) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        made = [client.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"] for _ in range(3)]
        client.post(f"{made[0]}/play", json={"per_second": 1}).raise_for_status()
        for _ in range(300):  # what rests is put away once a second
            found = figures(client)
            if found["blameflow_sessions_awake",] == 1:
                break
            time.sleep(0.02)
        assert [found[name,] for name in names] == [3, 1, 1]
        assert found["blameflow_sessions_bytes",] > 0
        client.delete(made[0])
        found = figures(client)
        assert [found[name,] for name in names] == [2, 0, 0]
        assert found["blameflow_sessions_bytes",] == 0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process")
def test_calls_are_counted_while_they_wait_and_the_worker_is_busy_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.hosting.service.READY_S", 0.1)  # while it is held it tells nothing
    large = {"dataset": {"name": "digits"}, "layers": [64, 300, 10]}
    before = {child.pid for child in multiprocessing.active_children()}
    with serving(Settings()) as url, httpx.Client(base_url=url, timeout=30) as client:

        def now() -> tuple[float, float, float]:
            found = figures(client)
            names = (("waiting_calls",), ("tasks",), ("worker_busy_seconds_total", "1"))
            waiting, tasks, busy = (found[f"blameflow_{name}", *labels] for name, *labels in names)
            return waiting, tasks, busy

        session = client.post("/api/sessions", json=large).json()["url"]
        (worker,) = {child.pid for child in multiprocessing.active_children()} - before
        waiting, tasks, busy = now()
        assert waiting == 0
        assert worker is not None
        with ThreadPoolExecutor(3) as pool:
            os.kill(worker, signal.SIGSTOP)
            try:
                calls = [pool.submit(httpx.post, f"{url}{session}/step", json={"count": 100}) for _ in range(3)]
                while now()[0] < 3:
                    pass
                assert now()[0] == 3
                assert now()[1] >= tasks + 3
            finally:
                os.kill(worker, signal.SIGCONT)
            assert {call.result().status_code for call in calls} == {200}
        assert now()[0] == 0
        assert now()[2] > busy


def test_every_figure_is_in_the_guide(client: httpx.Client) -> None:
    text = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
    families = text_string_to_metric_families(client.get("/metrics").text)
    ours = {family.name: family.type for family in families if family.name.startswith("blameflow_")}
    shown = {f"{name}_total" if kind == "counter" else name for name, kind in ours.items()}
    assert set(re.findall(r"`(blameflow_\w+)`", text)) == {name for name in shown if not name.endswith("_created")}


def test_where_others_reach_the_server_figures_are_for_who_has_the_token() -> None:
    for token in ("", "let me see"):
        with serving(Settings(public=True, metrics_token=token)) as url:
            assert httpx.get(f"{url}/metrics").status_code == 403
            assert httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer x"}).status_code == 403
            answer = httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer let me see"})
            assert answer.status_code == (200 if token else 403)
            assert httpx.get(f"{url}/healthz").status_code == 200


def test_every_answer_has_a_number_that_the_log_has_too(
    watched: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app"):
        answer = watched.post("/api/sessions?secret=hidden", headers={"Cookie": f"{viewer.VIEWER_COOKIE}={'s' * 20}"})
        url = watched.post("/api/sessions", json={}).json()["url"]
        watched.get(f"{url}/trace?step=1", headers={HEADER: "hidden"})
        for _ in range(100):  # a line is written when its answer has gone
            if watched.get("/healthz").is_success and len(lines(caplog)) > 3:
                break
    told = lines(caplog)
    assert told[0] | {"method": "POST", "route": "/api/sessions", "status": 422} == told[0]
    assert told[2] | {"method": "GET", "route": "/api/sessions/{id}/trace", "status": 404} == told[2]
    assert len(answer.headers[NUMBER]) == 16
    for record in caplog.records:
        line = AsJson().format(record)
        assert "hidden" not in line
        assert "sssss" not in line
        assert url.rpartition("/")[2] not in line


def test_a_proxy_s_number_is_taken_over_where_there_is_one() -> None:
    given = {NUMBER: "0123-4567.abc"}
    with serving(Settings(trusted_proxies=1)) as url:
        assert httpx.get(f"{url}/healthz", headers=given).headers[NUMBER] == given[NUMBER]
        assert httpx.get(f"{url}/healthz", headers={NUMBER: "a b\tc" * 20}).headers[NUMBER] != "a b\tc" * 20
    with serving(Settings()) as url:
        assert httpx.get(f"{url}/healthz", headers=given).headers[NUMBER] != given[NUMBER]


def test_lines_for_people_and_for_programs() -> None:
    record = logging.LogRecord("app.x", logging.WARNING, "", 0, "%d went\nwrong", (3,), None)
    before = request_number.set("abc")
    try:
        assert AsText().format(record) == "WARNING app.x: 3 went\nwrong [abc]"
        content = json.loads(AsJson().format(record))
    finally:
        request_number.reset(before)
    assert "\n" not in AsJson().format(record)
    assert content.pop("time").endswith("+00:00")
    assert content == {"level": "warning", "logger": "app.x", "message": "3 went\nwrong", "request": "abc"}


def test_the_log_is_text_or_json() -> None:
    assert Settings.from_environment({"BLAMEFLOW_LOG": "json"}).log == "json"
    with pytest.raises(SettingsError, match="BLAMEFLOW_LOG must be text or json"):
        Settings.from_environment({"BLAMEFLOW_LOG": "xml"})


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process")
def test_it_is_not_ready_while_its_worker_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.hosting import service

    before = {child.pid for child in multiprocessing.active_children()}
    with serving(Settings()) as url, httpx.Client(base_url=url, timeout=30) as client:
        assert ready(client).status_code == 200
        children = [child.pid for child in multiprocessing.active_children() if child.pid and child.pid not in before]
        assert children
        monkeypatch.setattr(service, "READY_S", 0.2)
        for pid in children:
            os.kill(pid, signal.SIGSTOP)
        try:
            answer = client.get("/readyz")
        finally:
            for pid in children:
                os.kill(pid, signal.SIGCONT)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert client.get("/healthz").status_code == 200
