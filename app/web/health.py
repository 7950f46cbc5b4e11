"""For whoever looks after the server: is it alive, is it ready, and what has it done."""

from __future__ import annotations

import hmac

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.web.answers import Json
from app.web.api.parts import ServerSettings, Service
from app.web.errors import Refused

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> Response:
    """It answers."""
    return Json({"status": "alive"})


@router.get("/readyz")
async def ready(service: Service) -> Response:
    """Its worker answers too."""
    if not await service.answers():
        raise Refused(503, "The process that trains does not answer now.", headers={"Retry-After": "1"})
    return Json({"status": "ready"})


@router.get("/metrics")
async def metrics(request: Request, service: Service, settings: ServerSettings) -> Response:
    """Figures for Prometheus: for everybody on this machine; where others reach the server, for who has the token."""
    if settings.public and not is_bearer(request.headers.get("authorization", ""), settings.metrics_token):
        raise Refused(403, "Figures are for who sends the token of BLAMEFLOW_METRICS_TOKEN (Authorization: Bearer …).")
    text: bytes = request.app.state.metrics.text(await service.figures())
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def is_bearer(header: str, token: str) -> bool:
    """Whether an Authorization header has the token; without a token nobody has it."""
    kind, _, given = header.partition(" ")
    right = hmac.compare_digest(given.strip().encode(errors="replace"), token.encode())
    return bool(token) and kind.lower() == "bearer" and right
