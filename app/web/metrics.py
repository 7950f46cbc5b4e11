"""Figures for Prometheus: requests as they were answered, and what the service counts at the moment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
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

from app.hosting.service import Figures

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Bounds of the histogram, in seconds."""
GAUGES = {
    "sessions": "Sessions that are kept.",
    "sessions_awake": "Sessions in a worker's memory; the others are put away to disk.",
    "sessions_playing": "Sessions that play.",
    "sessions_watched": "Sessions that somebody watches.",
    "sessions_bytes": "Memory of the sessions that are awake.",
    "viewers": "Streams that are open, times the sessions that each follows.",
    "waiting_calls": "Calls that wait for a worker.",
}
COUNTERS = {
    "frames_encoded": "Frames that were made, each once however many watch.",
    "frames_offered": "Frames that were there for viewers: each counts once for each viewer.",
    "frames_taken": "Frames that viewers were fast enough for.",
    "worker_restarts": "Workers that had to be replaced.",
}
FIELDS = {
    "sessions_awake": "awake",
    "sessions_playing": "playing",
    "sessions_watched": "watched",
    "sessions_bytes": "memory_bytes",
    "waiting_calls": "waiting",
    "frames_encoded": "encoded",
    "frames_offered": "offered",
    "frames_taken": "taken",
    "worker_restarts": "restarts",
}
"""What the service calls them, where that is not the same."""


class Metrics:
    """All figures of one application."""

    def __init__(self) -> None:
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
        self._service = OfService()
        self._registry.register(self._service)

    def asked(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, figures: Figures) -> bytes:
        """All figures as Prometheus reads them, with what the service counts now."""
        self._service.figures = figures
        return generate_latest(self._registry)


class OfService(Collector):
    """What the service counts."""

    figures: Figures | None = None

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the service need not be there yet."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures of now."""
        figures = self.figures
        if figures is None:
            return
        yield GaugeMetricFamily("blameflow_tasks", "Tasks of the event loop.", len(asyncio.all_tasks()))
        for name, help_ in GAUGES.items():
            yield GaugeMetricFamily(f"blameflow_{name}", help_, getattr(figures, FIELDS.get(name, name)))
        for name, help_ in COUNTERS.items():
            yield CounterMetricFamily(f"blameflow_{name}", help_, getattr(figures, FIELDS[name]))
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
