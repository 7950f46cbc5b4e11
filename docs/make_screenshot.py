"""Make docs/screenshot.png and the short film docs/blame.webp from the real app: `make screenshot`.

A server of its own trains the circle for a while, then stands in the middle of a step, where blame is on its way back.
"""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import chromium  # noqa: E402

TARGET = ROOT / "docs" / "screenshot.png"
FILM = ROOT / "docs" / "blame.webp"
FILM_WIDTH = 880  # px
MOMENTS = 32  # of four phases: send back and gate, twice
MOMENT_MS, REST_MS = 110, 1200

STEP = 130
BEFORE = {"step": STEP + 1, "phase": "output_error"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    """Wait until the server answers."""
    for _ in range(200):
        try:
            urllib.request.urlopen(url + "/api/options").close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"The server at {url} did not start.")


def stand_in_the_middle(page: Page, api: str) -> None:
    """Train, then stand in a step where the outputs have their error, and nothing was sent back yet."""
    for call, body in (("step", {"count": STEP + 1}), ("seek", BEFORE)):
        answer = page.request.post(f"{api}/{call}", data=body)
        if not answer.ok:
            raise SystemExit(f"{call}: {answer.text()}")


def shoot(url: str) -> None:
    """Open the page, bring it to the phase, and take the picture while pulses travel."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto(url)
        api = url + str(page.locator("body").get_attribute("data-url"))
        stand_in_the_middle(page, api)
        page.locator('#network[data-phase="output_error"]').wait_for()
        page.wait_for_timeout(1000)  # curves and maps are drawn
        page.keyboard.press("ArrowRight")
        page.locator('#network[data-phase="send_back"]').wait_for()
        page.wait_for_timeout(450)  # pulses are half-way
        page.screenshot(path=TARGET)
        film(page)
        browser.close()


def film(page: Page) -> None:
    """Blame going back through the whole network, moment by moment, by the keys of the playhead."""
    page.request.post(
        page.url.split("/sessions")[0] + str(page.get_attribute("body", "data-url")) + "/seek", data=BEFORE
    )
    page.locator('#network[data-phase="output_error"][data-progress="1.00"]').wait_for()
    frames = []
    for moment in range(MOMENTS):
        place = float(page.get_attribute("#playhead", "aria-valuenow") or 0)
        page.locator("#playhead").press("ArrowRight")
        page.wait_for_function(
            "place => Number(document.getElementById('playhead').getAttribute('aria-valuenow')) > place", arg=place
        )
        page.wait_for_timeout(60 if moment % 8 != 7 else 400)
        frames.append(shrunk(page.locator(".middle").screenshot()))
    times = [REST_MS if moment % 8 == 7 else MOMENT_MS for moment in range(MOMENTS)]
    frames[0].save(FILM, save_all=True, append_images=frames[1:], duration=times, loop=0, quality=70, method=4)


def shrunk(picture: bytes) -> Image.Image:
    """A frame of the film."""
    frame = Image.open(io.BytesIO(picture)).convert("RGB")
    return frame.resize((FILM_WIDTH, round(frame.height * FILM_WIDTH / frame.width)), Image.Resampling.LANCZOS)


def main() -> None:
    """Start a server, take the picture, stop the server."""
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "app", "run", "--no-open", "--memory", "--port", url.rsplit(":", 1)[1]]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(url)
        shoot(url)
    finally:
        server.terminate()
        server.wait(10)
    for made in (TARGET, FILM):
        print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
