"""Benchmarks: both sides of every ratio are measured in the same run. `python -m benchmarks` or `make bench`."""
