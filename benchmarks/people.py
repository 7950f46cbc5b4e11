"""A class and a school: everybody has a session on a page of their own, and does with it what people do.

One in ten plays flat out, four in ten play phase by phase at the usual pace, the others look at what stands still. A
real server is started for each size; those who look are in a process of their own.
"""

from __future__ import annotations

import statistics
import time

from app.web.metrics import processor_seconds
from benchmarks.load import CONFIGS, Client, children_of, latencies, p99, resident_mb, server, viewers
from benchmarks.noise import noise
from benchmarks.table import Row, Table

SIZES = ((30, 30, 1), (300, 300, 2), (3000, 300, 2))
"""People who have a session, those of them who are at it, and worker processes."""
PACE = {"unit": "phase", "per_second": 4 / 3}
FLAT_OUT = {"unit": "step", "per_second": 0}


def run(quick: bool) -> Table:
    """GET latency, frames and processor time for each size; a few seconds of each if ``quick``."""
    table = Table(
        "People: each with a session and a page of their own",
        notes=[
            "All are at it, of 3,000 only 300.",
            "Of ten one plays flat out, four play 1.33 phases a second, five look at what stands still.",
        ],
    )
    for people, there, workers in SIZES:
        table.rows += measured(people, there, workers, 4.0 if quick else 20.0)
    return table


def measured(people: int, there: int, workers: int, seconds: float) -> list[Row]:
    """The rows of one size."""
    names = ("SESSIONS", "SESSIONS_PER_OWNER")
    settings = {f"BLAMEFLOW_SERVER_{name}": str(2 * people) for name in names} | {"BLAMEFLOW_SERVER_ADDRESS_PART": "1"}
    with server("--workers", str(workers), **settings) as (port, pid):
        client = Client(port)
        urls = [client.make(CONFIGS[number % len(CONFIGS)])["url"] for number in range(people)][-there:]
        with viewers(port, urls) as ends:
            for number, url in enumerate(urls):
                if number % 10 < 5:
                    client.ask("POST", f"{url}/play", PACE if number % 10 else FLAT_OUT)
            processes = [pid, *children_of(pid)]
            time.sleep(1.0)
            before, began = [(processor_seconds(process) or 0.0) for process in processes], time.perf_counter()
            with noise(seconds) as late:
                taken = latencies(client, urls, seconds)
            passed = time.perf_counter() - began
            shares = [
                ((processor_seconds(process) or 0.0) - then) / passed
                for process, then in zip(processes, before, strict=True)
            ]
            rates = ends()
        paced = [rate for number, rate in enumerate(rates) if 0 < number % 10 < 5]
        memory = sum(resident_mb(process) or 0.0 for process in processes)
        told = f"{workers} {'worker' if workers == 1 else 'workers'}"
        return [
            Row(
                f"{people}: GET, p99",
                None,
                p99(taken),
                "ms",
                True,
                f"median {1e3 * statistics.median(taken):.2g}; noise {late():.3g} ms",
            ),
            Row(
                f"{people}: phases a viewer sees, of those at the usual pace",
                None,
                min(paced),
                "/s",
                False,
                f"the slowest; the fastest {max(paced):.2f}",
            ),
            Row(
                f"{people}: frames a viewer sees, of those flat out",
                None,
                min(rates[::10]),
                "/s",
                False,
                f"the slowest; the fastest {max(rates[::10]):.1f}",
            ),
            Row(
                f"{people}: the web process",
                None,
                100 * shares[0],
                "% of a core",
                True,
                f"{told} {100 * sum(shares[1:]):.0f} % together",
            ),
            Row(f"{people}: memory, all processes", None, memory, "MB", True),
        ]
