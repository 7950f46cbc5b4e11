"""The pages: `/` leads to the visitor's last session, or makes one; presets open new ones."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.sessions.config import NamedDataset, SessionConfig
from app.sessions.errors import NotFound, SessionError
from app.web import urls
from app.web.api.parts import Service
from app.web.described import described
from app.web.errors import Refused
from app.web.pages.context import page_context, why
from app.web.presets import FIRST, PRESETS
from app.web.safety import control, viewer
from app.web.safety.security import EMBED_SECURITY_POLICY
from app.web.shown import PARTS, kept, read
from app.web.templating import html

router = APIRouter(include_in_schema=False)

STAGE_COOKIE = "blameflow_stage"
WIDE, NARROW = (904, 508), (390, 424)
"""Sizes of the stage, px, where the browser has not yet told its own: a desktop's, and a phone's."""
_SIZE = re.compile(r"([0-9]{2,4})x([0-9]{2,4})")


@router.get(urls.HOME)
async def home(request: Request, service: Service) -> Response:
    """To the visitor's last session if it is still there, else to a new one."""
    last = request.cookies.get(viewer.SESSION_COOKIE, "")
    if last and await _alive(service, last):
        return leading_to(request, last)
    shared: str | None = request.app.state.shared_dataset
    config = SessionConfig(dataset=NamedDataset(name=shared)) if shared else PRESETS[FIRST].config
    owner = control.of(request).maker(request) or viewer.new()
    try:
        view = await service.create(config, owner)
    except SessionError as error:
        return refusal_page(error, request)
    return leading_to(request, view["id"], owner)


@router.get("/sessions/{session}")
async def session_page(request: Request, service: Service, session: str) -> Response:
    """The page of a session; who may not change it sees it without what changes it."""
    controls = control.of(request)
    try:
        view = await service.view(session)
        mine = controls.allows(request, session, service.owner(session))
        owner = control.of(request).maker(request) or viewer.new()
        sets = await service.datasets.listing(owner)
        data = await described(service, view, sets)
    except SessionError as error:
        return refusal_page(error, request)
    shown = read(request.query_params)
    template = "embed.html" if shown.embed else "page.html"
    context = page_context(view, data, sets, stage_size(request))
    token = controls.token(session) if controls.public and mine else ""
    answer = html(template, **context, shown=shown, parts=PARTS, watching=not mine, token=token)
    remember_session(answer, request, session, owner)
    return _framed(answer, request)


@router.post("/sessions/{session}/control")
async def take_control(request: Request, session: str) -> Response:
    """Keep the token of a link in a cookie, which scripts can't read, so that the page may change the session."""
    controls = control.of(request)
    sent = (await request.form(max_files=0, max_fields=1)).get("token", "")
    if not (isinstance(sent, str) and controls.is_token(session, sent)):
        raise Refused(403, "This link does not allow to change the session: it may have been cut off.")
    answer = Response(status_code=204)
    viewer.remember(answer, request, control.COOKIE, control.with_token(request, sent))
    return answer


@router.post("/presets/{name}")
async def preset(request: Request, service: Service, name: str) -> Response:
    """A new session of a preset; to its page."""
    owner = control.of(request).maker(request) or viewer.new()
    try:
        if name not in PRESETS:
            raise NotFound(f"There is no preset {name[:40]!r}; there are {', '.join(PRESETS)}.")
        view = await service.create(PRESETS[name].config, owner)
    except SessionError as error:
        if "hx-request" in request.headers:
            return html("fragments/refusal.html", error.status, sentence=why(error))
        return refusal_page(error, request)
    return leading_to(request, view["id"], owner, kept(request.headers))


def leading_to(request: Request, session: str, owner: str = viewer.SHARED, query: str = "") -> Response:
    """To the page of a session, as the browser or htmx understands it; `query`: how it is shown."""
    answer: Response
    address = urls.page(session) + query
    controls = control.of(request)
    if controls.public and read(request.query_params).embed:  # a frame keeps no cookie
        address += urls.with_token(controls.token(session))
    if "hx-request" in request.headers:
        answer = Response(headers={"HX-Redirect": address})
    else:
        answer = RedirectResponse(address, 303)
    answer.headers["Cache-Control"] = "no-store"
    remember_session(answer, request, session, owner)
    return answer


def remember_session(answer: Response, request: Request, session: str, owner: str) -> None:
    """Where the visitor was last, and who it is. A frame in another page is nobody's last visit."""
    if read(request.query_params).embed:
        return
    viewer.remember(answer, request, viewer.SESSION_COOKIE, session)
    if owner != viewer.SHARED and owner != viewer.of(request):
        viewer.remember(answer, request, viewer.VIEWER_COOKIE, owner)


async def _alive(service: Service, session: str) -> bool:
    try:
        await service.view(session)
    except NotFound:
        return False
    except SessionError:  # busy: it is there
        return True
    return True


def refusal_page(error: SessionError, request: Request) -> Response:
    """A page that says what was refused, and leads on."""
    answer = html("refusal.html", error.status, sentence=why(error))
    if (seconds := getattr(error, "retry_after", None)) is not None:
        answer.headers["Retry-After"] = str(max(1, round(seconds)))
    return _framed(answer, request)


def _framed(answer: Response, request: Request) -> Response:
    """The page, which any other may frame if it is asked for as one to be framed: it has no forms then."""
    if read(request.query_params).embed:
        answer.headers["Content-Security-Policy"] = EMBED_SECURITY_POLICY
    return answer


def stage_size(request: Request) -> tuple[int, int]:
    """The size of the visitor's stage, px: as it was last time, else a guess from what the browser tells."""
    found = _SIZE.fullmatch(request.cookies.get(STAGE_COOKIE, ""))
    if found:
        return int(found[1]), int(found[2])
    phone = request.headers.get("sec-ch-ua-mobile") == "?1" or "Mobi" in request.headers.get("user-agent", "")
    return NARROW if phone else WIDE
