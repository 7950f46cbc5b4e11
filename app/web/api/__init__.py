"""The API: every route below `/api`, see docs at `/docs`."""

from __future__ import annotations

from fastapi import APIRouter

from app.web.api import datasets, documents, index, lessons, moving, options, pictures, races, reading, sessions, stream

ROUTERS: tuple[APIRouter, ...] = (
    index.router,
    sessions.router,
    moving.router,
    reading.router,
    documents.router,
    pictures.router,
    stream.router,
    datasets.router,
    datasets.files_router,
    races.router,
    lessons.router,
    options.router,
)
