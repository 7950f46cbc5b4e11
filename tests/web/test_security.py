"""What protects a viewer, and the files of the front end."""

from __future__ import annotations

import re

import httpx
import pytest

from app.web import assets, urls

PATHS = ["/api", "/api/sessions", "/openapi.json", "/docs", "/nope", urls.static("js/docs.js"), "/static/none"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_policy(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://[::"},
    {"Origin": ""},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_s_page_cannot_write(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post("/api/sessions", json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


def test_our_own_pages_and_programs_can_write(client: httpx.Client, address: str) -> None:
    for headers in (
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": address},
        {"Origin": address},
        {"Sec-Fetch-Site": "none"},
    ):
        assert client.post("/api/sessions", json={}, headers=headers).status_code == 201


def test_another_site_s_link_can_be_followed(client: httpx.Client) -> None:
    assert client.get("/docs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_nothing_says_that_other_origins_may_read(client: httpx.Client) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (client.get("/api", headers=headers), client.options("/api/sessions", headers=headers)):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/api", "/api/options", "/api/sessions", "/api/datasets", "/api/nope"])
def test_answers_of_the_api_are_never_stored(client: httpx.Client, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_files_of_the_front_end_may_be_kept_for_ever(client: httpx.Client) -> None:
    answer = client.get(urls.static("js/docs.js"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_files_of_another_version_are_404(client: httpx.Client) -> None:
    answer = client.get("/static/000000000000/js/docs.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "..%2fpyproject.toml", "%2e%2e/app/main.py", "js/..%2f..%2fapp/main.py"]
)
def test_nothing_outside_the_folder_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(f"{urls.STATIC}/{path}").status_code == 404


def test_the_version_changes_with_any_content(tmp_path_factory: pytest.TempPathFactory) -> None:
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    for folder in (one, other):
        (folder / "a.js").write_text("1")
    assert assets.content_version(one) == assets.content_version(other)
    (other / "a.js").write_text("2")
    assert assets.content_version(one) != assets.content_version(other)


def test_the_documentation_page_loads_only_from_this_server(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    addresses = [found for found in re.findall(r'(?:src|href|data-openapi)="([^"]*)"', page.text) if found != "data:,"]
    assert len(addresses) >= 4
    for found in addresses:
        assert found.startswith("/")
        assert client.get(found).status_code == 200
    assert "<script>" not in page.text
    assert "style=" not in page.text
