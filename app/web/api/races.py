"""Races: the same network trained with the error sent back in different ways, side by side."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.races.service import RaceService
from app.sessions.config import FeedbackName, SessionConfig, Strict
from app.streaming import sse
from app.streaming.response import EventStream
from app.web import urls
from app.web.answers import Json, file
from app.web.api.parts import Controls, Owner
from app.web.api.views import Answer
from app.web.head import ASKED_AS_HEAD
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(prefix=urls.API_RACES, tags=["races"], route_class=StrictRoute)

FEEDBACKS: list[FeedbackName] = ["transpose", "random", "inverse_rescaled", "none"]


async def _races(request: Request) -> RaceService:
    return cast(RaceService, request.app.state.races)


Races = Annotated[RaceService, Depends(_races)]
RaceId = Annotated[str, Path(description="Id of the race.", examples=["3f9c0b6a2d417e85c0aa"])]
State = Literal["waiting", "running", "done", "cancelled", "failed"]


class RaceRequest(Strict):
    """What is raced. Every field is optional."""

    session: SessionConfig = Field(
        default_factory=SessionConfig,
        description="The copies' configuration, as for a session; its `feedback` and `seed` are those of the race.",
        examples=[{"layers": [64, 30, 10], "dataset": {"name": "digits"}}],
    )
    feedbacks: list[FeedbackName] = Field(
        default=FEEDBACKS,
        min_length=1,
        description="The operators, each once. Without `none` (nothing sent back) a result says little.",
        examples=[FEEDBACKS],
    )
    seeds: list[Annotated[int, Field(ge=0, le=2**53 - 1)]] = Field(
        default=[1, 2, 3],
        min_length=1,
        description="Each once: start, split, order of the data and drawn data sets come from it.",
        examples=[[1, 2, 3, 4, 5]],
    )
    epochs: int = Field(default=30, ge=1, description="How long, in epochs.", examples=[30])


class Parts(Answer):
    """A figure over the epochs, of at most 2,000 fixed examples of each part."""

    train: list[float | None] = Field(description="One for each epoch from 0; null: not finite.", examples=[[2.3, 0.4]])
    test: list[float | None] = Field(description="The same; null throughout without a test set.", examples=[[2.3, 0.5]])


class Angles(Answer):
    """How far what is sent back misses the true gradient, in one hidden layer."""

    layer: int = Field(description="The layer, from 2.", examples=[2])
    degrees: list[float | None] = Field(
        description="Mean angle over 100 training examples, one for each epoch from 0, degrees; null: nothing is sent.",
        examples=[[90.2, 48.1]],
    )


class Run(Answer):
    """One copy."""

    feedback: str = Field(description="Its operator.", examples=["random"])
    seed: int = Field(description="Its seed.", examples=[1])
    finite: bool = Field(description="False: it ended at a step that is not finite.", examples=[True])
    epochs: list[int] = Field(description="Which epochs there are, from 0 (the start).", examples=[[0, 1]])
    steps: list[int] = Field(description="Steps after each of them.", examples=[[0, 144]])
    cost: Parts = Field(description="Mean cost, without the penalty.")
    accuracy: Parts = Field(description="Accuracy, 0 to 1; null where the targets are no classes.")
    angles: list[Angles] = Field(description="Of layers 2 to L−1.")


class Spread(Answer):
    """A figure at the last epoch, over the seeds."""

    mean: float | None = Field(description="The mean.", examples=[0.96])
    least: float | None = Field(description="The smallest.", examples=[0.95])
    most: float | None = Field(description="The largest.", examples=[0.97])
    deviation: float | None = Field(description="Standard deviation of the sample; 0 for one seed.", examples=[0.006])


class SpreadParts(Answer):
    """The same for each part of the data."""

    train: Spread | None = Field(description="Training; null: not known.")
    test: Spread | None = Field(description="Test; null: not known.")


class SpreadAngle(Spread):
    """The angle of one layer, degrees."""

    layer: int = Field(description="The layer, from 2.", examples=[2])


class Standing(Answer):
    """One operator, over the seeds that have come so far."""

    feedback: str = Field(description="The operator.", examples=["random"])
    runs: int = Field(description="Copies that have begun.", examples=[5])
    not_finite: int = Field(description="Copies that ended at a step that is not finite.", examples=[0])
    cost: SpreadParts = Field(description="Mean cost.")
    accuracy: SpreadParts = Field(description="Accuracy, 0 to 1.")
    angles: list[SpreadAngle] = Field(description="Of layers 2 to L−1.")


class ShortRace(Answer):
    """Where a race stands."""

    id: str = Field(description="Its id.", examples=["3f9c0b6a2d417e85c0aa"])
    url: str = Field(description="Its address.", examples=["/api/races/3f9c0b6a2d417e85c0aa"])
    stream_url: str = Field(
        description="Its events: `race`, each this object.", examples=["/api/races/3f9c0b6a2d417e85c0aa/stream"]
    )
    state: State = Field(description="What it is doing.", examples=["running"])
    message: str | None = Field(description="Why it failed, as a sentence; else null.", examples=[None])
    progress: float = Field(description="From 0 to 1.", examples=[0.4])
    created: str = Field(
        description="When it was asked for, UTC; empty if that was not kept yet.", examples=["2026-01-31T09:30:05Z"]
    )
    seconds: float = Field(description="How long it has run, s.", examples=[3.2])
    config: dict[str, object] = Field(
        description="The copies' configuration, filled.", examples=[{"layers": [64, 30, 10]}]
    )
    feedbacks: list[str] = Field(description="The operators.", examples=[FEEDBACKS])
    seeds: list[int] = Field(description="The seeds.", examples=[[1, 2, 3]])
    epochs: int = Field(description="How long, in epochs.", examples=[30])
    summary: list[Standing] = Field(description="One for each operator.")


class FullRace(ShortRace):
    """A race with all its curves."""

    runs: list[Run] = Field(description="One for each seed and operator.")


@router.post(
    "",
    status_code=201,
    summary="Start a race",
    response_model=FullRace,
    responses=refusals(400, 403, 413, 415, 422, 429, created="The race, waiting or running."),
)
async def create(races: Races, owner: Owner, controls: Controls, request: RaceRequest) -> Response:
    """Train copies from the same start in the same order of data, one for each operator, for several seeds.

    It runs in a process of its own, with lower priority than sessions; as many as there is room for, others wait.
    """
    made = await races.create(request.session, request.feedbacks, request.seeds, request.epochs, owner)
    return Json(made, 201, {"Location": made["url"], **controls.headers(made["id"])})


@router.get("", summary="List one's own races", response_model=list[ShortRace], responses=refusals(422, ok="Races."))
async def listing(races: Races, owner: Owner) -> Response:
    """This viewer's races without their curves, newest first. The server keeps the last hundred of all."""
    return Json(races.listing(owner))


@router.get("/{id}", summary="See a race", response_model=FullRace, responses=refusals(404, 422, ok="The race."))
async def see(races: Races, id: RaceId) -> Response:  # noqa: A002
    """Where it stands, with all curves as far as they have come."""
    return Json(races.document(id))


@router.get(
    "/{id}/results.csv",
    summary="Results as CSV",
    response_class=Response,
    responses=refusals(404, 422)
    | {
        200: {
            "description": "One row for each copy and epoch.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    },
)
async def results(races: Races, id: RaceId) -> Response:  # noqa: A002
    """Every point of every copy: cost, accuracy and angles after each epoch, with a header row."""
    return file(races.table(id).encode(), "blameflow-race.csv", "text/csv; charset=utf-8")


@router.get(
    "/{id}/stream",
    summary="Stream a race's progress",
    response_class=Response,
    responses=refusals(404, 422)
    | {
        200: {
            "description": "Server-sent events `race`: the race without its curves, at once and then at most 4 times a"
            " second. It ends when the race is over.",
            "content": {sse.MEDIA_TYPE: {"schema": {"type": "string"}}},
        }
    },
)
async def stream(request: Request, races: Races, id: RaceId) -> Response:  # noqa: A002
    """Where the race stands, as it comes."""
    subscription = races.subscribe(id)
    if request.scope.get(ASKED_AS_HEAD):
        subscription.close()
        return Response(media_type=sse.MEDIA_TYPE, headers=sse.HEADERS)
    return EventStream(subscription)


@router.delete(
    "/{id}",
    summary="Cancel a race",
    response_model=FullRace,
    responses=refusals(403, 404, 422, ok="What it has found."),
)
async def cancel(request: Request, races: Races, controls: Controls, id: RaceId) -> Response:  # noqa: A002
    """Stop it. What it has found so far is kept; a race that is over stays as it is.

    Where races belong to who started them, only they can, or who sends the token of the call that started it.
    """
    controls.check(request, id, races.owner(id))
    return Json(await races.cancel(id))
