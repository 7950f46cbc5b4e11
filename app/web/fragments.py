"""Parts of a page as HTML: the picture for a size, and the forms of the left column."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
