"""Lessons in the browser: the list, the way into one, and its printed form."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.lessons.lesson import Step
from app.lessons.library import lessons
from app.sessions.config import SessionConfig
from app.sessions.errors import SessionError
from app.sessions.requests import SeekRequest, StepRequest
from app.web import control, texts, urls, viewer
from app.web.api.lessons import found
from app.web.api.parts import Service
from app.web.pages import refusal_page, remember_session
from app.web.templating import html

router = APIRouter(include_in_schema=False)


@router.get("/lessons")
async def listing() -> Response:
    """All lessons."""
    return html("lessons.html", lessons=list(lessons(texts.spoken.get().language).values()), printed=None)


@router.get("/lessons/{name}/print")
async def printed(request: Request, name: str) -> Response:
    """A lesson to be read on paper."""
    try:
        return html("lessons.html", lessons=[], printed=found(name))
    except SessionError as error:
        return refusal_page(error, request)


@router.get("/lessons/{name}")
async def begin(request: Request, service: Service, name: str, step: int = 1) -> Response:
    """A session for a step of the lesson, at its point, and the lesson beside it."""
    owner = control.of(request).maker(request) or viewer.new()
    try:
        lesson = found(name)
        step = min(max(step, 1), len(lesson.steps))
        opener = max(place for place in range(step) if lesson.steps[place].stage.session is not None)
        view = await service.create(SessionConfig.model_validate(lesson.steps[opener].stage.session), owner)
        await _advance(service, view["id"], lesson.steps[step - 1])
    except SessionError as error:
        return refusal_page(error, request)
    answer = RedirectResponse(f"{urls.page(view['id'])}#lesson={name}/{step}", 303, {"Cache-Control": "no-store"})
    remember_session(answer, request, view["id"], owner)
    return answer


async def _advance(service: Service, session: str, step: Step) -> None:
    at = step.stage.at
    if at is None or at.step == 0:
        return
    await service.call(session, "step", StepRequest(count=at.step))
    await service.call(session, "seek", SeekRequest.model_validate(at.model_dump(exclude_none=True)))
