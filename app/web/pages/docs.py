"""`/docs`: the API's documentation for people. All of it comes from this server, so that it works offline."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.web import urls

router = APIRouter(include_in_schema=False)

SWAGGER = "vendor/swagger-ui-dist"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blameflow: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}">
</head>
<body>
<div id="api" data-openapi="{openapi}"></div>
<noscript><p>This page needs JavaScript. The same for programs: <a href="{openapi}">{openapi}</a></p></noscript>
<script src="{bundle}"></script>
<script type="module" src="{start}"></script>
</body>
</html>
"""


def page() -> str:
    """The page's HTML."""
    return PAGE.format(
        style=escape(urls.static(f"{SWAGGER}/swagger-ui.css")),
        bundle=escape(urls.static(f"{SWAGGER}/swagger-ui-bundle.js")),
        start=escape(urls.static("js/docs.js")),
        openapi=escape(urls.OPENAPI),
    )


@router.get(urls.DOCS)
async def docs() -> HTMLResponse:
    """Swagger UI over our own OpenAPI document."""
    return HTMLResponse(page())
