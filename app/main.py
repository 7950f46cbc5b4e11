"""Everything is put together here."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from app.datasets import DataSet, read_files
from app.hosting.service import SessionService
from app.races.service import RaceService
from app.settings import Settings
from app.storage import DataFolder, secret
from app.web import assets, health, urls
from app.web.api import ROUTERS
from app.web.errors import HANDLERS
from app.web.head import Head
from app.web.language import Language
from app.web.metrics import Metrics
from app.web.observed import Observed
from app.web.openapi import DESCRIPTION, TAGS, with_problem
from app.web.pages import ROUTERS as PAGES
from app.web.safety.body_limit import BodyLimit
from app.web.safety.control import Control
from app.web.safety.forwarded import Forwarded
from app.web.safety.hosts import Hosts
from app.web.safety.limits import Limits
from app.web.safety.security import SameSite, SecurityHeaders

logger = logging.getLogger(__name__)

MULTIPART_BYTES = 100_000
"""What a form adds to its files."""


class Blameflow(FastAPI):
    """The application; `state` has `service`, `settings` and `shared_dataset` (the id of `--data`, or None)."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if not self.openapi_schema:
            self.openapi_schema = with_problem(super().openapi())
        return self.openapi_schema

    def end_streams(self) -> None:
        """End all streams; a server that is told to stop calls it first, since an open stream holds it up."""
        for service in (getattr(self.state, "service", None), getattr(self.state, "races", None)):
            if service is not None:
                service.end_streams()


def create_app(settings: Settings | None = None, folder: DataFolder | None = None) -> Blameflow:
    """The application.

    Parameters
    ----------
    folder
        of its data, which is open, and is closed at the end; None: the one of `settings.data_dir`.

    Raises
    ------
    DataError, OSError
        for files of `settings.data` that cannot be used.
    """
    settings = settings or Settings.from_environment()
    shared = read_shared(settings)
    metrics = Metrics()
    application = Blameflow(
        title="Blameflow",
        version=version("blameflow"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        openapi_url=urls.OPENAPI,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,  # our routes check it themselves, with an answer that says what to send
        exception_handlers=dict(HANDLERS),
        middleware=[
            Middleware(Observed, metrics=metrics, believed=settings.trusted_proxies > 0, logged=settings.log_requests),
            Middleware(Forwarded, proxies=settings.trusted_proxies),
            Middleware(SecurityHeaders),
            *([Middleware(Limits, bounds=settings.clients)] if settings.public else []),
            Middleware(Hosts, names=settings.allowed_hosts),
            Middleware(SameSite),
            Middleware(
                BodyLimit,
                limit=settings.body_bytes,
                paths={
                    f"{urls.API_SESSIONS}/import": settings.import_bytes,
                    urls.API_DATASETS: settings.files.file_bytes + MULTIPART_BYTES,
                },
                together=settings.bodies_bytes,
            ),
            Middleware(Head),
            Middleware(Language),
        ],
        lifespan=lifespan(settings, shared, folder),
    )
    application.state.settings = settings
    application.state.metrics = metrics
    application.state.control = Control(settings.public, secrets.token_bytes(32))
    for router in (*ROUTERS, health.router, *PAGES):
        application.include_router(router)
    application.mount(urls.STATIC, assets.ImmutableFiles(directory=assets.STATIC), "static")
    return application


def read_shared(settings: Settings) -> DataSet | None:
    """The data set of `settings.data`. Raises DataError, OSError."""
    if not settings.data:
        return None
    return read_files([(path.name, path.read_bytes()) for path in settings.data], limits=settings.files)


def lifespan(settings: Settings, shared: DataSet | None, folder: DataFolder | None) -> Any:
    """Starts the services with the server, and stops them."""

    @asynccontextmanager
    async def run(application: FastAPI) -> AsyncIterator[None]:
        opened = folder or DataFolder(settings.data_dir).open()
        try:
            async with serving(application, settings, opened):
                if shared is not None:
                    application.state.shared_dataset = await application.state.service.datasets.share(shared)
                yield
        finally:
            opened.close()

    return run


@asynccontextmanager
async def serving(application: FastAPI, settings: Settings, folder: DataFolder) -> AsyncIterator[None]:
    """The services, from their start to their end."""
    service = SessionService(settings.limits, settings.capacity, folder, settings.workers)
    races = RaceService(
        folder.datasets, service.queue, settings.limits, settings.races, settings.capacity.keep_alive_seconds
    )
    application.state.service, application.state.races, application.state.shared_dataset = service, races, None
    try:
        await service.start()
        await races.start()
        kept = await service.queue.do(lambda: secret(service.queue.database, "control"))
        application.state.control = Control(settings.public, kept)
        yield
    finally:
        await races.close()
        await service.close()
