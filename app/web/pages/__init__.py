"""The pages and their fragments."""

from __future__ import annotations

from fastapi import APIRouter

from app.web.pages import docs, fragments, lessons, links, races, session

ROUTERS: tuple[APIRouter, ...] = (
    docs.router,
    session.router,
    links.router,
    races.router,
    lessons.router,
    fragments.router,
)
