"""Figures for Prometheus: requests as they were answered, and what the services count, read when it is asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.sessions.service import SessionService

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Bounds of the histogram, in seconds."""


class Metrics:
    """All figures of one application.

    Parameters
    ----------
    service
        answers the service, or None before it has been started.
    """

    def __init__(self, service: Callable[[], SessionService | None]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "blameflow_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "blameflow_request_seconds",
            "Until an answer began.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._registry.register(OfService(service))

    def asked(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)


class OfService(Collector):
    """What the service counts, asked for each time."""

    def __init__(self, service: Callable[[], SessionService | None]) -> None:
        self._service = service

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the service need not be there yet."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures of now."""
        service = self._service()
        if service is None:
            return
        figures = service.figures()
        yield GaugeMetricFamily("blameflow_tasks", "Tasks of the event loop.", len(asyncio.all_tasks()))
        yield GaugeMetricFamily("blameflow_sessions", "Sessions that are kept.", figures.sessions)
        yield GaugeMetricFamily("blameflow_viewers", "Streams that are open.", figures.viewers)
        yield CounterMetricFamily("blameflow_frames", "Frames that were encoded, each once.", figures.frames)
        yield GaugeMetricFamily("blameflow_sessions_watched", "Sessions that somebody watches.", figures.watched)
        yield GaugeMetricFamily("blameflow_waiting_calls", "Calls that wait for a worker.", figures.waiting)
        yield CounterMetricFamily("blameflow_worker_restarts", "Workers that had to be replaced.", figures.restarts)
        yield CounterMetricFamily("blameflow_frames_offered", "Frames, times their viewers.", figures.offered)
        yield CounterMetricFamily("blameflow_frames_taken", "Frames that viewers were fast enough for.", figures.taken)
        busy = CounterMetricFamily(
            "blameflow_worker_busy_seconds", "Processor time of a worker, s.", labels=("worker",)
        )
        for number, pid in enumerate(figures.pids, 1):
            if (seconds := processor_seconds(pid)) is not None:
                busy.add_metric([str(number)], seconds)
        yield busy


def processor_seconds(pid: int | None) -> float | None:
    """Processor time that a process has had, in seconds, where the system tells it (Linux)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None
