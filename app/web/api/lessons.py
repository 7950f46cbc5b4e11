"""Lessons: what they say, and whether an answer is right by the session's own numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from app.lessons.checking import Numbers, Unanswerable, check
from app.lessons.lesson import Ask, Lesson, Quantity
from app.lessons.library import lessons
from app.sessions.config import Strict
from app.sessions.errors import Conflict, NotFound
from app.web import texts, urls
from app.web.answers import Json
from app.web.api.parts import Service
from app.web.api.views import Answer
from app.web.openapi import refusals
from app.web.strict import StrictRoute, Whole

router = APIRouter(prefix=urls.API_LESSONS, tags=["lessons"], route_class=StrictRoute)

TOLD = ("kind", "question", "options", "layer", "until", "axes", "beside", "named", "degrees")
"""What is told of a question; not how it is checked."""

LessonName = Annotated[str, Path(description="Name of the lesson.", examples=["why-the-transpose"])]


class Listed(Answer):
    """A lesson in the list."""

    name: str = Field(description="Its name.", examples=["why-the-transpose"])
    title: str = Field(description="Its title.", examples=["Why the transpose"])
    about: str = Field(description="What it is about, in a sentence.", examples=["Why not the inverse?"])
    minutes: int = Field(description="How long it takes, min.", examples=[10])
    steps: int = Field(description="How many steps it has.", examples=[8])


class ToldLesson(Answer):
    """A lesson as it is told; what answers are right is not in it."""

    name: str = Field(description="Its name.", examples=["why-the-transpose"])
    title: str = Field(description="Its title.", examples=["Why the transpose"])
    about: str = Field(description="What it is about, in a sentence.", examples=["Why not the inverse?"])
    minutes: int = Field(description="How long it takes, min.", examples=[10])
    steps: list[dict[str, object]] = Field(
        description="Its steps: title, text, stage and ask.", examples=[[{"title": "What is sent"}]]
    )


class Given(Strict):
    """What a reader answers."""

    session: str = Field(description="Id of the session on view.", examples=["3f9c0b6a2d417e85c0aa"])
    answer: float | list[int] | str | None = Field(
        default=None,
        description="A number; the place of an option, from 1; [layer, j, k] of a connection, [layer, j] of a neuron;"
        " the degrees of an arrow, from across towards up; or what was done on the page.",
        examples=[[3, 2, 1]],
    )


class Told(Answer):
    """Whether it is right."""

    right: bool = Field(description="Whether it is.", examples=[True])
    said: str = Field(description="What there is to say then: the explanation, or a hint.", examples=["Yes."])
    off: float | None = Field(description="By how much an arrow missed, degrees; null for all else.", examples=[12.5])


class Shown(Answer):
    """The right answer."""

    answer: float | list[int] | int | None = Field(
        description="In the form in which it is given; null where something is to be done.", examples=[-5.0]
    )
    said: str = Field(description="The explanation.", examples=["Neuron 1 sends 5 times its weight."])


def found(name: str) -> Lesson:
    """The lesson in the visitor's language. Raises NotFound."""
    known = lessons(texts.spoken.get().language)
    if name not in known:
        raise NotFound(f"There is no lesson {name[:40]!r}; there are {', '.join(known)}.")
    return known[name]


def asked(name: str, step: int) -> Ask:
    """The question of a step, from 1. Raises NotFound."""
    steps = found(name).steps
    ask = steps[step - 1].ask if 1 <= step <= len(steps) else None
    if ask is None:
        raise NotFound(f"Step {step} of this lesson asks nothing, or there is no such step.")
    return ask


@router.get("", summary="List the lessons", response_model=list[Listed], responses=refusals(422, ok="The lessons."))
async def listing() -> Response:
    """All lessons, in the order in which they are best taken."""
    known = lessons(texts.spoken.get().language).values()
    return Json(
        [{**one.model_dump(include={"name", "title", "about", "minutes"}), "steps": len(one.steps)} for one in known]
    )


@router.get(
    "/{name}", summary="Read a lesson", response_model=ToldLesson, responses=refusals(404, 422, ok="The lesson.")
)
async def read(name: LessonName) -> Response:
    """What a lesson says and sets up, step by step."""
    lesson = found(name).model_dump(mode="json", exclude_none=True)
    for step in lesson["steps"]:
        if "ask" in step:
            step["ask"] = {key: step["ask"][key] for key in TOLD if key in step["ask"]}
    return Json(lesson)


@router.post(
    "/{name}/steps/{step}/check",
    summary="Check an answer",
    response_model=Told,
    responses=refusals(400, 403, 404, 409, 413, 415, 422, ok="Whether it is right."),
)
async def check_answer(
    service: Service, name: LessonName, step: Annotated[Whole, Path(description="Which step, from 1.")], given: Given
) -> Response:
    """Whether an answer is right, by the numbers of the session on view at its cursor."""
    ask = asked(name, step)
    result = await _checked(service, ask, given.session, given.answer)
    return Json({"right": result.right, "said": ask.said if result.right else ask.hint, "off": result.off})


@router.get(
    "/{name}/steps/{step}/answer",
    summary="See the right answer",
    response_model=Shown,
    responses=refusals(404, 409, 422, ok="The answer."),
)
async def answer(
    service: Service,
    name: LessonName,
    step: Annotated[Whole, Path(description="Which step, from 1.")],
    session: Annotated[str, Query(description="Id of the session on view.")],
) -> Response:
    """For whoever gives up: the answer by the numbers of the session, and why."""
    ask = asked(name, step)
    result = await _checked(service, ask, session, None)
    return Json({"answer": result.answer, "said": ask.said})


async def _checked(service: Service, ask: Ask, session: str, given: object) -> Any:
    """The check with the session's numbers, of which only those that are needed are asked for."""
    needed = _needed(ask)
    waits: dict[str, Awaitable[Any]] = {"view": service.view(session)}
    if "trace" in needed:
        waits["trace"] = service.trace(session, None, None, None, None, None)
    if "comparison" in needed:
        waits["comparison"] = service.feedback_comparison(session)
    about = ask.direction or ask.quantity
    if "spectrum" in needed and about and about.layer:
        waits["spectrum"] = service.spectrum(session, about.layer)
    documents = dict(zip(waits, await asyncio.gather(*waits.values()), strict=True))
    numbers = Numbers(
        documents["view"],
        lambda: documents["trace"],
        lambda: documents["comparison"],
        lambda _: documents["spectrum"],
    )
    try:
        return check(ask, given, numbers)
    except Unanswerable as error:
        raise Conflict(str(error)) from None


def _needed(ask: Ask) -> str:
    if ask.kind in ("connection", "neuron"):
        return "trace"
    if ask.direction is not None:
        return "spectrum" if ask.direction.of == "inverse" else "trace"
    quantity: Quantity | None = ask.quantity
    if quantity is None or quantity.of == "accuracy":
        return ""
    if quantity.of == "angle":
        return "comparison"
    return "spectrum" if quantity.of in ("cosine", "condition", "worst_cosine") else "trace"
