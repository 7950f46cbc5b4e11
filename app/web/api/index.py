"""The root of the API: where everything is."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.web import urls
from app.web.answers import Json
from app.web.api.views import Answer
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(tags=["server"], route_class=StrictRoute)


class Index(Answer):
    """Addresses of the API's parts."""

    version: str = Field(description="Blameflow's version.", examples=["0.1.0"])
    sessions: str = Field(description="Sessions.", examples=[urls.API_SESSIONS])
    datasets: str = Field(description="Data sets.", examples=[urls.API_DATASETS])
    options: str = Field(description="Every choice there is.", examples=[urls.API_OPTIONS])
    openapi: str = Field(description="This documentation, for programs.", examples=[urls.OPENAPI])
    docs: str = Field(description="This documentation, for people.", examples=[urls.DOCS])


@router.get(urls.API, summary="Where everything is", response_model=Index, responses=refusals(422, ok="Addresses."))
async def index() -> Response:
    """The addresses of the API's parts."""
    return Json(
        {
            "version": version("blameflow"),
            "sessions": urls.API_SESSIONS,
            "datasets": urls.API_DATASETS,
            "options": urls.API_OPTIONS,
            "openapi": urls.OPENAPI,
            "docs": urls.DOCS,
        }
    )
