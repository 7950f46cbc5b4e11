"""The documentation is complete: every route, parameter, field and refusal is described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

Schema = dict[str, Any]

PROMISED = """
POST /api/sessions · GET /api/sessions · GET /api/sessions/{id} · PATCH /api/sessions/{id} · DELETE /api/sessions/{id}
POST /api/sessions/{id}/step · POST /api/sessions/{id}/back · POST /api/sessions/{id}/seek
POST /api/sessions/{id}/play
POST /api/sessions/{id}/pause · PATCH /api/sessions/{id}/parameters · POST /api/sessions/{id}/undo
POST /api/sessions/{id}/redo · POST /api/sessions/{id}/fork · GET /api/sessions/{id}/trace
GET /api/sessions/{id}/trace.npz · GET /api/sessions/{id}/gradient-check · POST /api/sessions/{id}/predict
POST /api/sessions/{id}/nudge · GET /api/sessions/{id}/contributions
GET /api/sessions/{id}/examples · POST /api/sessions/{id}/examples
GET /api/sessions/{id}/history · GET /api/sessions/{id}/response-maps · GET /api/sessions/{id}/parameters.npz
GET /api/sessions/{id}/feedback-comparison · POST /api/sessions/{id}/what-if
GET /api/sessions/{id}/spectrum · GET /api/sessions/{id}/broken-check
POST /api/races · GET /api/races/{id} · DELETE /api/races/{id}
GET /api/sessions/{id}/export · POST /api/sessions/import · GET /api/sessions/{id}/stream · GET /api/options
GET /api/datasets · GET /api/datasets/{name} · POST /api/datasets
"""


@pytest.fixture(scope="module")
def document(address: str) -> Schema:
    """The OpenAPI document."""
    content: Schema = httpx.get(f"{address}/openapi.json").json()
    return content


def operations(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Every route, as `GET /api/…`, and what is said of it."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def properties(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Every field of every schema."""
    for name, schema in document["components"]["schemas"].items():
        for field, content in schema.get("properties", {}).items():
            yield f"{name}.{field}", content


def test_every_route_that_is_promised_is_there(document: Schema) -> None:
    promised = set(re.findall(r"[A-Z]+ /\S+", PROMISED))
    assert len(promised) == 39
    assert promised <= {name for name, _ in operations(document)}


def test_pages_are_not_in_it(document: Schema) -> None:
    assert all(path.startswith("/api") for path in document["paths"])


def test_every_route_has_a_summary_and_a_description(document: Schema) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert len(operation["description"]) > 20, name
        assert operation["tags"], name


def test_every_tag_is_described(document: Schema) -> None:
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert {tag for _, operation in operations(document) for tag in operation["tags"]} == described


def test_every_field_has_a_description_and_an_example(document: Schema) -> None:
    fields = dict(properties(document))
    assert len(fields) > 100
    assert [name for name, content in fields.items() if len(content.get("description", "")) < 5] == []
    referring = {name for name, content in fields.items() if "$ref" in str(content)}
    assert [name for name, content in fields.items() if "examples" not in content and name not in referring] == []


def test_every_array_says_its_shape_or_what_it_lists(document: Schema) -> None:
    for name, content in properties(document):
        if "array" in str(content.get("items", {}).get("type", "")):
            assert "shape" in content["description"].lower() or "[" in content["description"], name


def test_every_parameter_has_a_description(document: Schema) -> None:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert len(parameter["description"]) > 5, (name, parameter["name"])


def test_every_refusal_is_a_problem(document: Schema) -> None:
    for name, operation in operations(document):
        refusals = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert refusals, name
        for status, answer in refusals.items():
            assert list(answer["content"]) == ["application/problem+json"], (name, status)
            assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
    assert {"type", "title", "status", "detail", "errors"} == set(
        document["components"]["schemas"]["Problem"]["properties"]
    )


def test_every_good_answer_has_a_schema(document: Schema) -> None:
    for name, operation in operations(document):
        good = [answer for status, answer in operation["responses"].items() if status in ("200", "201")]
        assert good or "204" in operation["responses"], name
        for answer in good:
            schemas = [content["schema"] for content in answer["content"].values()]
            assert schemas, name
            assert all(schemas), name


def test_every_writing_call_says_that_it_takes_if_match(document: Schema) -> None:
    for name, operation in operations(document):
        method, _, path = name.partition(" ")
        reads = method == "GET" or path.endswith(("/predict", "/nudge", "/what-if"))
        writes = path.startswith("/api/sessions/{id}") and not reads
        headers = [
            parameter["name"].lower() for parameter in operation.get("parameters", []) if parameter["in"] == "header"
        ]
        fork = path.endswith("/fork")  # whoever may look may fork
        wanted = ["if-match"] if fork else ["blameflow-control", "if-match"] if writes else []
        assert sorted(headers) == wanted, name


def test_every_example_of_a_session_makes_one(document: Schema, client: httpx.Client) -> None:
    content = document["paths"]["/api/sessions"]["post"]["requestBody"]["content"]["application/json"]
    assert len(content["examples"]) >= 3
    for example in content["examples"].values():
        assert client.post("/api/sessions", json=example["value"]).status_code == 201


def test_every_view_says_that_it_has_an_etag(document: Schema) -> None:
    for name, operation in operations(document):
        for status in ("200", "201"):
            answer = operation["responses"].get(status, {})
            views = re.search(r"/(SessionView|ChangedView|FullView|AddedView)'", str(answer.get("content")))
            if views and "array" not in str(answer["content"]):
                assert "ETag" in answer["headers"], name
            if status == "201" and answer:
                assert "Location" in answer["headers"], name
                if views or "/races" in name:
                    assert "Blameflow-Control" in answer["headers"], name


def test_every_reference_leads_somewhere(document: Schema) -> None:
    names = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))
    assert names <= set(document["components"]["schemas"])


def test_nothing_of_the_framework_s_own_refusals_is_left(document: Schema) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "ValidationError" not in document["components"]["schemas"]


def test_operation_ids_are_unique(document: Schema) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))
