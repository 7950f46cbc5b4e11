"""Every fuzzer, one after the other, and how many inputs each has tried: `make fuzz`, `make fuzz SECONDS=600`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fuzz.readers import READERS

FOLDER = Path(".cache/fuzz")
BY_PROPERTY = (
    "tests/datasets",
    "tests/sessions/test_document.py",
    "tests/web/test_fuzz.py",
    "tests/web/test_clients.py",
)


@dataclass(frozen=True)
class Outcome:
    """What a fuzzer tried, and what it found."""

    name: str
    tried: int | None
    found: str


def guided(seconds: int) -> Iterator[Outcome]:
    """Each reader under atheris."""
    if importlib.util.find_spec("atheris") is None:
        yield Outcome("readers, guided by coverage", 0, "left out: there is no atheris for this Python")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in READERS:
        command = [sys.executable, "-m", "fuzz.guided", name, str(seconds), str(FOLDER)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        found = "nothing" if done.returncode == 0 else f"a fault, in {FOLDER}\n{done.stderr[-3_000:]}"
        yield Outcome(f"{name}, guided by coverage", int(tried[1]) if tried else None, found)


def tested(name: str, examples: int, *paths: str) -> Outcome:
    """Tests with properties, with more examples than in the suite."""
    environment = {**os.environ, "FUZZ_EXAMPLES": str(examples)}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rP", "--tb=short", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    runs = [int(number) for number in re.findall(r"inputs tried: (\d+)", done.stdout)]
    return Outcome(name, sum(runs), "nothing" if done.returncode == 0 else done.stdout[-6_000:])


def every(seconds: int, examples: int) -> Iterator[Outcome]:
    """One after the other."""
    yield from guided(seconds)
    yield tested("any call and any file", examples, "tests/web/test_fuzz.py")
    yield tested("many clients against a model", examples, "tests/web/test_clients.py")
    yield tested("the OpenAPI document", examples, "tests/web/test_schema.py")


def main() -> int:
    """All of them; 1 if one has found something."""
    options = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    options.add_argument("--seconds", type=int, default=60, help="for each reader (default: 60)")
    options.add_argument("--examples", type=int, default=200, help="for each call of the API (default: 200)")
    given = options.parse_args()
    outcomes = []
    for outcome in every(given.seconds, given.examples):
        tried = "?" if outcome.tried is None else f"{outcome.tried:,}"
        print(f"{outcome.name:38} {tried:>12} inputs, found: {outcome.found}", flush=True)
        outcomes.append(outcome)
    return int(any(outcome.found != "nothing" and outcome.tried != 0 for outcome in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
