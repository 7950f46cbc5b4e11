"""Parts of a page as HTML: the picture for a size, and the forms of the left column.

What changes the network or the data begins a new session, to which the browser is sent; the rest changes the session
in place. A refusal is the form again, with its sentence beside the field (422).
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.datasets import DataError, read_files
from app.sessions.config import SessionConfig
from app.sessions.errors import SessionError
from app.sessions.requests import SettingsPatch
from app.web import urls
from app.web.api.datasets import parts, read_form, reading
from app.web.api.parts import ServerSettings, Service
from app.web.carrying import carry
from app.web.described import described
from app.web.errors import Refused
from app.web.pages.context import form_context, listed, scene_context, why
from app.web.pages.forms import Form, changed_settings, checked, data_form, new_data, new_network, refused
from app.web.pages.session import STAGE_COOKIE
from app.web.pages.thumbs import thumb
from app.web.safety import control, viewer
from app.web.scene.scene import LARGEST, SMALLEST
from app.web.shown import kept
from app.web.templating import html

router = APIRouter(prefix="/fragments/sessions/{session}", include_in_schema=False)

MOST_FIELDS = 200
Side = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/scene")
async def scene(request: Request, service: Service, session: str, width: Side, height: Side) -> Response:
    """The picture and the timeline for a stage of this size, px; remembered for the next page."""
    try:
        view = await service.view(session)
        sets = await service.datasets.listing(viewer.of(request))
        context = scene_context(view, await described(service, view, sets), (width, height))
    except SessionError as error:
        return html("fragments/refusal.html", error.status, sentence=why(error))
    answer = html("fragments/scene.html", **context)
    kept = "x".join(str(min(max(side, SMALLEST), LARGEST)) for side in (width, height))
    viewer.remember(answer, request, STAGE_COOKIE, kept)
    return answer


@router.get("/training")
async def training(request: Request, service: Service, session: str) -> Response:
    """The settings as they are in force."""
    try:
        view = await service.view(session)
    except SessionError as error:
        return html("fragments/refusal.html", error.status, sentence=why(error))
    watching = not control.of(request).allows(request, session, service.owner(session))
    return html("fragments/training.html", **form_context(view), watching=watching)


@router.post("/training")
async def change_training(request: Request, service: Service, session: str) -> Response:
    """Changed settings, from the next step on."""
    try:
        control.of(request).check(request, session, service.owner(session))
        view = await service.view(session)
        form, patch = changed_settings(view["config"], await fields(request))
        settings = checked(form, SettingsPatch, patch)
        if settings is not None and patch:
            view = await _changed(service, session, form, settings) or view
    except SessionError as error:
        return html("fragments/refusal.html", error.status, sentence=why(error))
    except Refused as error:
        return html("fragments/refusal.html", error.status_code, sentence=error.detail)
    if form.refused:
        return html("fragments/training.html", 422, **form_context(view, {"train_form": form}))
    return html("fragments/training.html", **form_context(view))


async def _changed(service: Service, session: str, form: Form, settings: SettingsPatch) -> dict[str, Any] | None:
    try:
        return await service.call(session, "settings", settings)
    except SessionError as error:
        if error.status == 404:
            raise
        refused(form, error)
        return None


@router.post("/network")
async def change_network(request: Request, service: Service, session: str) -> Response:
    """A new session with another network or start, on the same data: examples that were added come along."""
    try:
        view = await service.view(session)
        form, body = new_network(view["config"], await fields(request))
        answer = await _begun(request, service, form, body, view)
        if answer is not None:
            return answer
        data = await described(service, view, await service.datasets.listing(viewer.of(request)))
    except SessionError as error:
        return html("fragments/refusal.html", error.status, sentence=why(error))
    context = form_context(view, {"net_form": form})
    return html("fragments/network_form.html", 422, **context, image=data["image_shape"] is not None)


@router.post("/data")
async def change_data(request: Request, service: Service, session: str) -> Response:
    """A new session on other data."""
    try:
        view = await service.view(session)
        form, body = new_data(view["config"], await fields(request))
        return await _begun(request, service, form, body) or await _data_again(request, service, view, form)
    except SessionError as error:
        return html("fragments/refusal.html", error.status, sentence=why(error))


@router.post("/upload")
async def upload(request: Request, service: Service, settings: ServerSettings, session: str) -> Response:
    """Files of the visitor's own, and a new session on them."""
    try:
        view = await service.view(session)
        form = data_form(view["config"])
        answer = None
        try:
            name = await _taken_in(request, service, settings)
            answer = await _begun(request, service, form, {"dataset": {"name": name}})
        except (DataError, Refused) as error:
            form.refuse("file", error.detail if isinstance(error, Refused) else str(error))
        return answer or await _data_again(request, service, view, form)
    except SessionError as error:
        return html("fragments/refusal.html", error.status, sentence=why(error))


async def _taken_in(request: Request, service: Service, settings: ServerSettings) -> str:
    """The id of the data set in the files of a form. Raises DataError, Refused, SessionError."""
    sent = await read_form(request)
    try:
        files, target = await parts(sent)
    finally:
        await sent.close()
    async with reading:
        data = await asyncio.to_thread(read_files, files, target, settings.files)
    return await service.datasets.add(data, control.of(request).maker(request))


async def _begun(
    request: Request, service: Service, form: Form, body: dict[str, Any], before: dict[str, Any] | None = None
) -> Response | None:
    """The way to the new session, or None with the refusals in the form.

    ``before``: a session whose added examples come along.
    """
    config = checked(form, SessionConfig, {name: value for name, value in body.items() if value is not None})
    if config is None:
        return None
    try:
        view = await service.create(config, control.of(request).maker(request))
        if before is not None:
            await carry(service, before, view["id"])
    except SessionError as error:
        refused(form, error)
        return None
    address = urls.page(view["id"]) + kept(request.headers)
    return Response(headers={"HX-Redirect": address, "Cache-Control": "no-store"})


async def _data_again(request: Request, service: Service, view: dict[str, Any], form: Form) -> Response:
    sets = await service.datasets.listing(viewer.of(request))
    data = await described(service, view, sets)
    context = form_context(view, {"data_form": form})
    return html("fragments/data.html", 422, **context, data=data, datasets=listed(sets), thumb=thumb)


async def fields(request: Request) -> dict[str, str]:
    """The text fields of a form."""
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in sent.multi_items() if isinstance(value, str)}
