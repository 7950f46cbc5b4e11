"""What one race may take, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RaceLimits:
    """Attributes are explained where the settings are listed."""

    race_seeds: int = 20
    race_epochs: int = 1_000
    race_work: int = 1_000_000_000_000
    race_kept: int = 100
    race_waiting: int = 60
    race_waiting_per_address: int = 30
    race_waiting_per_owner: int = 3
    race_together: int = 1
