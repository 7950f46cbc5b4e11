"""Writes the program's pages into a folder, as the server answers them, for a checker of HTML to read.

`python -m tests.rendered_pages FOLDER`
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx

from app.main import create_app
from app.settings import Settings
from app.web import urls
from app.web.presets import PRESETS

ODD_SHAPES: dict[str, dict[str, Any]] = {
    "wide": {"layers": [2, 64, 64, 2]},
    "thin": {"layers": [1, 3, 1], "dataset": {"name": "sine"}},
    "deep": {"layers": [2, 3, 4, 5, 3, 4, 5, 3, 4, 3, 4, 2]},
    "three-classes": {"dataset": {"name": "gaussians"}},
}
SIZES = ("904x512", "390x424")
OTHERS = {
    "lessons": urls.lesson(),
    "lesson-on-paper": urls.lesson("why-the-transpose", "print"),
    "races": urls.race(),
    "no-race": f"{urls.race()}/none",
}
REFUSED = {
    "training": {"learning_rate": "much", "batch_size": "0"},
    "network": {"layer-count": "4", "size-2": "0", "cost": "quadratic", "initializer": "xavier", "seed": "x"},
    "data": {"dataset": "circle", "size": "1"},
}


async def pages(client: httpx.AsyncClient) -> dict[str, str]:
    """Every page and every refused form, by a name for its file."""
    sessions = {}
    for name in PRESETS:
        answer = await client.post(urls.preset(name))
        sessions[name] = answer.headers["location"].rpartition("/")[2]
    for name, body in ODD_SHAPES.items():
        sessions[name] = (await client.post(urls.API_SESSIONS, json=body)).json()["id"]
    found = {"no-session": (await client.get(urls.page("none"))).text}
    for name, session in sessions.items():
        for size in SIZES:
            client.cookies.set("blameflow_stage", size)
            found[f"{name}-{size}"] = (await client.get(urls.page(session))).text
    found |= {name: (await client.get(url)).text for name, url in OTHERS.items()}
    for name, fields in REFUSED.items():
        answer = await client.post(urls.fragment(sessions["circle"], name), data=fields)
        if answer.status_code != 422:
            raise SystemExit(f"The form {name} was not refused: {answer.status_code}")
        found[f"refused-{name}"] = in_a_page(answer.text)
    return found


def in_a_page(fragment: str) -> str:
    """A fragment as a page of its own, so that it can be checked."""
    return f'<!DOCTYPE html>\n<html lang="en"><head><title>A form</title></head><body>\n{fragment}</body></html>\n'


async def write(folder: Path) -> None:
    """Write them all."""
    folder.mkdir(parents=True, exist_ok=True)
    application = create_app(Settings())
    transport = httpx.ASGITransport(app=application)
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        for name, text in (await pages(client)).items():
            (folder / f"{name}.html").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
