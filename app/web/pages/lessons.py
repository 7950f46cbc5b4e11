"""Lessons in the browser: the list, the way into one, and its printed form."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.lessons.lesson import Step
from app.lessons.library import lessons
from app.sessions.config import SessionConfig
from app.sessions.errors import SessionError
from app.sessions.requests import SeekRequest, SettingsPatch, StepRequest
from app.web import texts, urls
from app.web.api.lessons import found
from app.web.api.parts import Service
from app.web.pages.session import refusal_page, remember_session
from app.web.safety import control, viewer
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
        await _walk(service, view["id"], lesson.steps[opener:step])
    except SessionError as error:
        return refusal_page(error, request)
    answer = RedirectResponse(f"{urls.page(view['id'])}#lesson={name}/{step}", 303, {"Cache-Control": "no-store"})
    remember_session(answer, request, view["id"], owner)
    return answer


async def _walk(service: Service, session: str, steps: Sequence[Step]) -> None:
    """Lead the session to the last of some steps as a reader comes there, who did what the others ask for."""
    trained = 0
    for place, step in enumerate(steps, start=1):
        at, feedback = step.stage.at, step.stage.feedback
        if at is not None:
            if at.step > trained:
                await service.call(session, "seek", SeekRequest(step=trained))
                await service.call(session, "step", StepRequest(count=at.step - trained))
                trained = at.step
            await service.call(session, "seek", SeekRequest.model_validate(at.model_dump(exclude_none=True)))
        if place < len(steps) and step.ask and step.ask.operator:
            feedback = step.ask.operator
        if feedback is not None:
            await service.call(session, "settings", SettingsPatch.model_validate({"feedback": {"name": feedback}}))
