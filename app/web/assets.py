"""Where the files of the front end are, and the version in their addresses.

A wheel carries `static/` and `templates/` inside the package; a checkout has them beside it.
"""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"

FOR_EVER = "public, max-age=31536000, immutable"

# Windows takes types from its registry, where some programs have put wrong ones; a module must be JavaScript.
for _suffix, _type in (
    (".js", "text/javascript"),
    (".css", "text/css"),
    (".svg", "image/svg+xml"),
    (".woff2", "font/woff2"),
):
    mimetypes.add_type(_type, _suffix)


def content_version(folder: Path) -> str:
    """A short hash of the names and contents of all files: equal files have equal addresses, others never have."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


VERSION = content_version(STATIC)


class ImmutableFiles(StaticFiles):
    """Files whose address holds their version, so that a browser need never ask again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for ever. Raises HTTPException 404, 405."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = FOR_EVER
        return response
