"""The pages: `/` leads to the visitor's last session, or makes one; presets open new ones."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
