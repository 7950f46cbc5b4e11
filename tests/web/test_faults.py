"""What happens when something behind the routes fails: a problem all the same, and nothing of ours is shown."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace

import httpx
import pytest

from app.hosting.calls import Unavailable
from app.main import create_app
from app.sessions.errors import Conflict, Invalid, NotFound, PreconditionFailed, SessionError, TooLarge, TooMany
from app.settings import Settings


def answer_of(error: Exception) -> httpx.Response:
    """What `GET /api/sessions` answers when the service raises this."""

    async def listing(owner: str) -> None:
        raise error

    async def ask() -> httpx.Response:
        application = create_app(Settings())
        application.state.service = SimpleNamespace(listing=listing)
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/api/sessions")

    return asyncio.run(ask())


def test_a_fault_is_logged_and_answered_without_its_details(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = answer_of(RuntimeError("the secret of line 17"))
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound("No."), 404), (Conflict("No."), 409), (PreconditionFailed("No."), 412), (TooLarge("No."), 413)],
)
def test_a_refusal_has_its_status_and_sentence(error: SessionError, status: int) -> None:
    answer = answer_of(error)
    assert (answer.status_code, answer.json()["detail"]) == (status, "No.")
    assert "errors" not in answer.json()


def test_a_wrong_value_has_its_place() -> None:
    answer = answer_of(Invalid(("body", "layers", 1), "No."))
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"loc": ["body", "layers", 1], "msg": "No."}])


@pytest.mark.parametrize(("error", "status"), [(TooMany(0.2), 429), (Unavailable("Wait.", retry_after=5), 503)])
def test_what_may_be_tried_again_says_when(error: SessionError, status: int) -> None:
    answer = answer_of(error)
    assert answer.status_code == status
    assert answer.headers["retry-after"] == ("1" if status == 429 else "5")
