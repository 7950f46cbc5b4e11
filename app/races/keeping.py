"""Races as they are kept: what is raced, and how it stands, and then point after point as they come."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from app.races.race import Entry, Point
from app.sessions.config import SessionConfig
from app.storage import Documents, WriteQueue

if TYPE_CHECKING:
    from app.races.service import Race


class RaceArchive:
    """All races that are kept."""

    def __init__(self, queue: WriteQueue) -> None:
        self._queue = queue
        self._documents = Documents(queue.database, "race")

    async def put(self, race: Race) -> None:
        """Keep a new race."""
        head = _head(race)
        await self._queue.do(lambda: self._documents.put(race.name, race.owner, head))

    def soon(self, race: Race) -> None:
        """Keep how a race stands, and the points that have come since the last time."""
        head, place = _head(race), race.kept
        points = [
            (place + number, json.dumps(astuple(point))) for number, point in enumerate(race.results.order[place:])
        ]
        race.kept += len(points)
        self._queue.soon(lambda: self._documents.append(race.name, points, head))

    async def settled(self) -> None:
        """Wait until all is written."""
        await self._queue.do(lambda: None)

    def delete(self, name: str) -> None:
        """Forget a race."""
        self._queue.soon(lambda: self._documents.delete([name]))

    async def all(self) -> list[tuple[str, str, dict[str, Any], list[Point]]]:
        """Name, owner, head and points of every race, the oldest first."""
        return await self._queue.do(self._read)

    def _read(self) -> list[tuple[str, str, dict[str, Any], list[Point]]]:
        return [
            (
                found.id,
                found.owner,
                json.loads(found.head),
                [_point(text) for _, text in self._documents.entries(found.id)],
            )
            for found in self._documents.all()
        ]


def _head(race: Race) -> str:
    entry = race.entry
    return json.dumps(
        {
            "entry": {
                "config": entry.config.model_dump(mode="json", by_alias=True, exclude_unset=True),
                "feedbacks": entry.feedbacks,
                "seeds": entry.seeds,
                "epochs": entry.epochs,
            },
            "created": race.created,
            "config": race.config,
            "state": race.state,
            "message": race.message,
            "seconds": race.seconds,
        }
    )


def entry_of(head: dict[str, Any]) -> Entry:
    """What is raced."""
    read = head["entry"]
    config = SessionConfig.model_validate_json(json.dumps(read["config"]))
    return Entry(config, tuple(read["feedbacks"]), tuple(read["seeds"]), read["epochs"])


def _point(text: str) -> Point:
    feedback, seed, epoch, step, cost, accuracy, angles, finite = json.loads(text)
    return Point(feedback, seed, epoch, step, tuple(cost), tuple(accuracy), angles, finite)
