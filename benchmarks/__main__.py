"""python -m benchmarks [NAME …] [--quick] [--minutes N]: runs the named benchmarks, or all."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time

# One thread on both sides, which must be said before numpy is imported.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

# A module of this package each, with ``run(quick: bool) -> Table``; rendering's has ``minutes`` too.
NAMES = ("engine", "seek", "load", "people", "streams", "storage", "rendering")


def main(arguments: list[str]) -> int:
    """Prints a table for each benchmark. Returns 0 even where a target is missed: tables are for reading."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="fewer, shorter rounds: rougher figures")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long rendering watches memory (default 1)")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}: choose from {', '.join(NAMES)}")
    for name in options.names or NAMES:
        more = {"minutes": options.minutes} if name == "rendering" else {}
        began = time.monotonic()
        table = importlib.import_module(f"benchmarks.{name}").run(options.quick, **more)
        print(table, f"It took {time.monotonic() - began:.0f} s.", sep="\n", end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
