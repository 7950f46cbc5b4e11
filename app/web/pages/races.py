"""The pages of races: one to prepare a race, and one for each race, which survives a reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.engine.feedback import FEEDBACKS
from app.sessions.errors import SessionError
from app.web.api.parts import Service
from app.web.api.races import FEEDBACKS as USUAL
from app.web.api.races import Races
from app.web.pages.session import refusal_page
from app.web.safety import control
from app.web.templating import html

router = APIRouter(include_in_schema=False)

BOOK = {"activations": "sigmoid", "cost": "cross_entropy", "initializer": "book", "batch_size": 10}
DIGITS = {"dataset": {"name": "digits"}, "optimizer": {"name": "sgd", "learning_rate": 0.5}, **BOOK}
NOT_RACED = frozenset({"seed", "feedback", "example"})


@dataclass(frozen=True)
class Preset:
    """A race that is worth running: its name among the texts, and the body of the call."""

    name: str
    body: Mapping[str, Any]


PRESETS = (
    Preset(
        "one-hidden",
        {
            "session": {"layers": [64, 30, 10], **DIGITS},
            "feedbacks": list(USUAL),
            "seeds": [1, 2, 3, 4, 5],
            "epochs": 30,
        },
    ),
    Preset(
        "three-hidden",
        {
            "session": {"layers": [64, 30, 30, 30, 10], **DIGITS},
            "feedbacks": ["transpose", "random", "inverse", "inverse_rescaled", "none"],
            "seeds": [1, 2, 3, 4, 5],
            "epochs": 60,
        },
    ),
    Preset(
        "toy",
        {
            "session": {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}},
            "feedbacks": ["transpose", "random", "sign", "negative", "none"],
            "seeds": [1, 2, 3],
            "epochs": 40,
        },
    ),
)


@router.get("/races")
async def prepare(request: Request, service: Service, races: Races, session: str = "") -> Response:
    """A form for a new race: of a session's configuration, or one of the presets."""
    own = None
    if session:
        try:
            view = await service.view(session)
        except SessionError as error:
            return refusal_page(error, request)
        config = {name: value for name, value in view["config"].items() if name not in NOT_RACED}
        own = Preset("own", {"session": config, "feedbacks": list(USUAL), "seeds": [1, 2, 3], "epochs": 30})
    entries = [*([own] if own else []), *PRESETS]
    return html("races.html", entries=entries, operators=list(FEEDBACKS), race=None, session=session)


@router.get("/races/{race}")
async def see(request: Request, races: Races, race: str) -> Response:
    """A race as it stands; the page follows it."""
    try:
        document = races.document(race)
        mine = control.of(request).allows(request, race, races.owner(race))
    except SessionError as error:
        return refusal_page(error, request)
    return html("races.html", entries=PRESETS, operators=list(FEEDBACKS), race=document, session="", watching=not mine)
