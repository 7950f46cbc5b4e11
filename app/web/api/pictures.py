"""A session's picture as a file."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.web import assets, urls
from app.web.api.parts import Owner, Service, SessionId
from app.web.api.reading import READING
from app.web.described import described
from app.web.openapi import ETAG, refusals
from app.web.picture import legend as picture_legend
from app.web.picture.images import RESOLUTION
from app.web.picture.still import Connections, Neurons, Wanted, svg
from app.web.scene.scene import LARGEST, SMALLEST
from app.web.strict import StrictRoute, Whole
from app.web.texts import spoken

router = APIRouter(prefix=f"{urls.API_SESSIONS}/{{id}}", tags=["documents"], route_class=StrictRoute)

SVG = "image/svg+xml"
LEAST_WIDTH = 360
"""The lines below take so much, px."""
LEAST_HEIGHT = SMALLEST + int(picture_legend.height(SMALLEST))
WIDTH, HEIGHT = 960, 540
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""The picture has its styles and its small images inside, and nothing in it may run or be fetched."""

Side = "px; text has a fixed size, so a smaller picture has larger words when it is shown as large as another."


@router.get(
    "/picture.svg",
    summary="The picture",
    response_class=Response,
    responses=refusals(*READING)
    | {
        200: {
            "description": "The network at the cursor as an SVG file that stands alone. Every connection and neuron has"
            " its numbers in `data-…` attributes, with seven digits.",
            "content": {SVG: {"schema": {"type": "string"}}},
            "headers": {"ETag": ETAG["ETag"] | {"description": "Another one for every other picture."}},
        },
        304: {"description": "`If-None-Match` names this very picture."},
    },
)
async def picture_svg(
    request: Request,
    service: Service,
    owner: Owner,
    id: SessionId,  # noqa: A002
    width: Annotated[Whole, Query(description=f"Width, {Side}", ge=LEAST_WIDTH, le=LARGEST)] = WIDTH,
    height: Annotated[
        Whole, Query(description="Height with the lines below, px.", ge=LEAST_HEIGHT, le=LARGEST)
    ] = HEIGHT,
    theme: Annotated[Literal["light", "dark"], Query(description="Colours for a light or a dark ground.")] = "light",
    connections: Annotated[
        Connections | None,
        Query(description="What connections show; left out: what the page shows in this phase."),
    ] = None,
    neurons: Annotated[
        Neurons,
        Query(description="What neurons show; on the way back those that have a δ show it, whatever is chosen."),
    ] = "a",
    numbers: Annotated[
        Literal["all", "few"],
        Query(description="`all`: every number, of a network so small that they fit; `few`: as in larger networks."),
    ] = "all",
    legend: Annotated[
        Literal["below", "none"], Query(description="Whether lines below say what the scale is, and the phase.")
    ] = "below",
) -> Response:
    """Draw the network as the page shows it at the cursor, standing still: sharp at any size, with its text as text.

    Blame that has just been sent carries arrowheads. Of more than 300 connections the strongest 300 are drawn.
    """
    content = await service.picture(id, RESOLUTION)
    view = content["view"]
    tag = _tag(view["revision"], view["cursor"], sorted(request.query_params.items()))
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    data = await described(service, view, await service.datasets.listing(owner))
    wanted = Wanted(width, height, theme, connections, neurons, numbers == "all", legend == "below")
    headers |= {"Content-Security-Policy": POLICY, "Content-Disposition": 'inline; filename="picture.svg"'}
    text = await asyncio.to_thread(svg, content, data, wanted)
    return Response(text, media_type=SVG, headers=headers)


def _tag(revision: int, cursor: object, query: object) -> str:
    """Of what a picture depends on: the session's state, what is asked for, the language, and this program."""
    of = repr((revision, cursor, query, spoken.get().language, assets.VERSION))
    return f'"{revision}-{hashlib.sha256(of.encode()).hexdigest()[:16]}"'
