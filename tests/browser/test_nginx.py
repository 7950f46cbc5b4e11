"""The recipe of docs/deploy/nginx.conf in a real nginx, with only names, ports and folders put in their places.

`make test` sees to it that there is an nginx, see nginx.py.
"""

from __future__ import annotations

import getpass
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser import nginx
from tests.browser.contexts import WAIT_MS
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
NGINX, OPENSSL = nginx.find("nginx"), nginx.find("openssl")
NAME = "blameflow.example.org"
MAIN = """
daemon off; user {user}; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ }}
http {{
  access_log off; types {{ }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {recipe}
}}
"""

pytestmark = pytest.mark.skipif(
    not NGINX or not OPENSSL,
    reason="no nginx or no openssl: python tests/browser/nginx.py, or apt install nginx openssl",
)


@dataclass
class Site:
    """Blameflow behind nginx."""

    address: str
    behind: int
    folder: Path
    server: subprocess.Popen[str]

    def start(self) -> None:
        """Start the server behind it."""
        command = [sys.executable, "-m", "app", "run", "--no-open", "--public", "--allowed-host", NAME]
        command += ["--port", str(self.behind), "--data-dir", str(self.folder / "data")]
        environment = os.environ | {"BLAMEFLOW_TRUSTED_PROXIES": "1"}
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
        assert self.server.stdout
        assert any("http://" in line for line in self.server.stdout)

    def stop(self) -> None:
        """Kill it."""
        self.server.kill()
        self.server.wait()
        assert self.server.stdout
        self.server.stdout.close()

    def client(self) -> httpx.Client:
        """A visitor."""
        context = ssl.create_default_context(cafile=str(self.folder / "crt"))
        context.check_hostname = False
        return httpx.Client(base_url=self.address, verify=context, timeout=20, headers={"Host": NAME})


def put(text: str, places: dict[str, str]) -> str:
    """The recipe with other names; each must be in it."""
    for old, new in places.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The recipe, running."""
    assert NGINX
    assert OPENSSL
    folder = tmp_path_factory.mktemp("nginx")
    request = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    request += ["-keyout", str(folder / "key"), "-out", str(folder / "crt"), "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run(request, check=True, capture_output=True)
    port, plain, behind = free_port(), free_port(), free_port()
    recipe = put(
        RECIPE,
        {
            "127.0.0.1:8000": f"127.0.0.1:{behind}",
            "listen 80": f"listen 127.0.0.1:{plain}",
            "    listen 443 ssl": f"    listen 127.0.0.1:{port} ssl",
            "/etc/ssl/blameflow.crt": str(folder / "crt"),
            "/etc/ssl/blameflow.key": str(folder / "key"),
            "/var/cache/nginx/blameflow": str(folder / "cache"),
        },
    )
    (folder / "nginx.conf").write_text(
        MAIN.format(folder=folder, recipe=recipe, user=getpass.getuser()), encoding="utf-8"
    )
    proxy = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    made = Site(f"https://127.0.0.1:{port}", behind, folder, proxy)  # type: ignore[arg-type]
    made.start()
    try:
        with made.client() as client:
            wait(lambda: client.get("/healthz").is_success)
        yield made
    finally:
        made.stop()
        proxy.terminate()
        proxy.wait()


def wait(good: object) -> None:
    """Until nginx listens."""
    assert callable(good)
    for _ in range(200):
        try:
            if good():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("nginx does not serve")


def test_each_frame_passes_at_once_and_as_it_is(site: Site) -> None:
    with site.client() as client:
        made = client.post("/api/sessions", json={"dataset": {"name": "xor"}})
        session, token = made.json(), made.headers["blameflow-control"]
        with client.stream("GET", session["stream_url"], headers={"Accept-Encoding": "gzip"}) as stream:
            assert "content-encoding" not in stream.headers
            frames = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith('data: {"seq"'))
            assert next(frames)["cursor"]["step"] == 0
            for step in range(1, 6):  # each waits for the one before: one held back would end this test
                client.post(session["url"] + "/step", headers={"Blameflow-Control": token}).raise_for_status()
                assert next(frames)["cursor"]["step"] == step


def test_the_server_knows_who_asks_and_that_it_was_by_tls(site: Site) -> None:
    with site.client() as client:
        page = client.get("/", follow_redirects=False)
        cookies = page.headers.get_list("set-cookie")
        assert cookies
        assert all("secure" in cookie.lower() for cookie in cookies)
        assert "max-age" in page.headers["strict-transport-security"]
        assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 421


def test_static_files_are_packed_and_kept(site: Site) -> None:
    with site.client() as client:
        client.cookies.clear()
        page = client.get("/", follow_redirects=True).text
        address = next(part for part in page.split('"') if part.endswith("/js/main.js"))
        first, second = (client.get(address) for _ in range(2))
        assert "immutable" in second.headers["cache-control"]
        assert (first.headers["content-encoding"], second.headers["x-cache"]) == ("gzip", "HIT")


@pytest.mark.browser
def test_a_page_is_live_over_http_2_and_finds_a_server_again_that_was_restarted(site: Site, browser: Browser) -> None:
    live = "body[data-connection=live]:not([data-stale])"
    with browser.new_context(ignore_https_errors=True) as context:
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(site.address)
        page.wait_for_selector(live)
        assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("#network[data-phase=feedforward]", state="attached")
        site.stop()
        page.wait_for_selector("body[data-connection=lost][data-stale]")
        site.start()
        page.wait_for_selector(live)
        page.wait_for_selector("#network[data-phase=feedforward]", state="attached")
