"""What the OpenAPI document says is what the API does: its inputs, right and wrong, get no 5xx and no other answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.settings import Settings
from tests.conftest import serving

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
"""Inputs of each call, right ones and as many wrong ones; `make fuzz` tries many more."""
SMALL = {"layers": [2, 2, 2], "dataset": {"name": "xor"}}
RACE = {"session": SMALL, "feedbacks": ["transpose"], "seeds": [1], "epochs": 1}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
tried: dict[str, int] = {}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of these tests' own, since they delete what they find."""
    with serving(Settings()) as url:
        yield url
    print(f"inputs tried: {sum(tried.values())}")


@pytest.fixture(scope="module")
def schema(server: str) -> Any:
    """The document, as schemathesis reads it."""
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


def operations(schema: Any) -> list[Any]:
    """All calls but the streams, which have no end."""
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if not operation.path.endswith("/stream")]


def made(server: str, path: str) -> str:
    """The id of something that the call may be about."""
    body, where = (RACE, "races") if path.startswith("/api/races") else (SMALL, "sessions")
    answer = httpx.post(f"{server}/api/{where}", json=body, timeout=60)
    if answer.status_code == 429:  # a race waits for others
        return str(httpx.get(f"{server}/api/races").json()[0]["id"])
    session = answer.json()
    if where == "sessions":
        httpx.post(f"{server}{session['url']}/step", json={"unit": "step"}, timeout=60)
    return str(session["id"])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_every_call_answers_as_the_document_says(server: str, schema: Any, mode: GenerationMode) -> None:
    wrong = []
    for operation in operations(schema):
        if mode is GenerationMode.POSITIVE or operation.body or operation.query:
            try:
                try_out(server, operation, mode)
            except FailureGroup as failures:
                wrong.append(f"{operation.label}: {failures}")
    assert not wrong, "\n\n".join(wrong)


def try_out(server: str, operation: Any, mode: GenerationMode) -> None:
    """Make a call with many inputs."""
    name = made(server, operation.path) if "{id}" in operation.path else ""
    # What the session is asked may well be impossible in it, but what is no such question must be refused.
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        if name:
            case.path_parameters["id"] = made(server, case.path) if case.method == "DELETE" else name
        case.headers = {}  # almost every If-Match is another revision's: 412, and nothing more is learned
        response = case.call(timeout=60)
        tried[operation.label] = tried.get(operation.label, 0) + 1
        case.validate_response(response, checks=checks)

    call()
