"""What protects a viewer, and the files of the front end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import cast

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive

from app.settings import Settings
from app.web import assets, urls
from app.web.safety.forwarded import told
from app.web.safety.security import SecurityHeaders
from tests.conftest import serving

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
    assert "camera=()" in headers["permissions-policy"]


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


LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("path", ["/", "/docs", "/api/options", "/lessons"])
def test_another_site_s_link_can_be_followed(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers=LINK).status_code in (200, 303)


@pytest.mark.parametrize(
    "headers",
    [
        {**LINK, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {**LINK, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {**LINK, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Origin": "http://evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/lessons/first", "/api/options", "/api/sessions/x/stream", "/docs"])
def test_another_site_s_page_cannot_make_the_server_work(
    client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    assert client.get(path, headers=headers).status_code == 403


def test_another_site_s_page_frames_pages_but_not_the_api(client: httpx.Client) -> None:
    frame = {**LINK, "Sec-Fetch-Dest": "iframe"}
    assert client.get("/new?embed=1", headers=frame).status_code == 303
    assert client.get("/api/options", headers=frame).status_code == 403


NAMES = ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.9:1", "[::1]:8000", "192.168.1.20", "class.example:99"]
STRANGE = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:80",
    "1.2.3",
    "0x7f000001",
    "class.example.x",
]


@pytest.fixture(scope="module")
def named() -> Iterator[httpx.Client]:
    """A server that was told one name of its own."""
    with (
        serving(Settings(allowed_hosts=("Class.Example",))) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize("host", [*NAMES, "class.example."])
def test_the_server_is_asked_by_its_names_and_by_addresses(named: httpx.Client, host: str) -> None:
    assert named.get("/api", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize("path", ["/", "/api/sessions", "/static/x"])
def test_a_foreign_name_that_leads_here_is_421_and_says_how_to_allow_it(
    named: httpx.Client, host: str, path: str
) -> None:
    answer = named.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert f"--allowed-host {host.partition(':')[0]}" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["", "a b", "[::1", "localhost:x", "a/b", "localhost, evil.example"])
def test_a_host_that_is_none_is_400(named: httpx.Client, host: str) -> None:
    assert named.get("/api", headers={"Host": host}).status_code == 400


def test_what_proxies_tell_is_believed_of_as_many_as_there_are() -> None:
    headers = Headers({"X-Forwarded-For": "6.6.6.6, 1.1.1.1,2.2.2.2", "X-Forwarded-Proto": "https"})
    assert told(headers, 1) == {"client": ("2.2.2.2", 0), "scheme": "https"}
    assert told(headers, 2) == {"client": ("1.1.1.1", 0), "scheme": "https"}
    assert told(Headers({"X-Forwarded-For": "1.1.1.1", "X-Forwarded-Proto": "gopher"}), 2) == {}


def test_without_proxies_nothing_is_believed(client: httpx.Client) -> None:
    forged = client.get("/", headers={"X-Forwarded-Proto": "https"})
    assert "strict-transport-security" not in forged.headers
    with serving(Settings(trusted_proxies=1)) as url:
        answer = httpx.get(f"{url}/", headers={"X-Forwarded-Proto": "https"})
        assert "strict-transport-security" in answer.headers
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


def test_browsers_are_told_to_come_by_tls_only_where_they_did() -> None:
    assert "strict-transport-security" in headers_of("https")
    assert "strict-transport-security" not in headers_of("http")


def headers_of(scheme: str) -> Headers:
    """What the middleware adds to an empty answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": []}
    asyncio.run(SecurityHeaders(Response())(scope, cast(Receive, None), send))
    return Headers(raw=sent[0]["headers"])


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
