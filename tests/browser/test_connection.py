"""What the page says of its connection, and how it comes back: always by itself, never with old numbers as new ones."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Opener
from tests.browser.contexts import WAIT_MS
from tests.browser.slowly import slowly

pytestmark = pytest.mark.browser

LIVE = "body[data-connection=live]:not([data-stale])"
BEAT_S = 0.5
ALONE = "delete window.SharedWorker"
STEPS = """() => {
  window.steps = new Set();
  const seen = new MutationObserver(() => window.steps.add(document.getElementById("network").dataset.step));
  seen.observe(document.body, {subtree: true, attributeFilter: ["data-step"]});
}"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Command:
    """The command as a process that can be killed, stopped and started again at the same address."""

    def __init__(self, port: int, *options: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._arguments = [sys.executable, "-m", "app", "run", "--no-open", "--port", str(port), *options]
        self.start()

    def start(self) -> None:
        environment = os.environ | {"BLAMEFLOW_SERVER_KEEP_ALIVE_SECONDS": str(BEAT_S)}
        self.process = subprocess.Popen(self._arguments, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        assert any("http://" in line for line in self.process.stdout)

    def send(self, what: signal.Signals) -> None:
        os.kill(self.process.pid, what)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


Maker = Callable[..., Command]


@pytest.fixture
def command(unused_port: int) -> Iterator[Maker]:
    """Starts the command, once."""
    made: list[Command] = []

    def make(*options: str) -> Command:
        made.append(Command(unused_port, *options))
        return made[0]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor, whose console is not watched: a browser complains of every connection that fails."""
    with browser.new_context(viewport={"width": 1280, "height": 720}) as one:
        one.set_default_timeout(WAIT_MS)
        yield one


def opened(context: BrowserContext, address: str) -> Page:
    """A page with current numbers; it remembers that it was not loaded anew."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(LIVE)
    page.wait_for_selector("#network[data-phase]", state="attached")
    page.evaluate("window.same = true")
    return page


def make(address: str, **config: Any) -> Any:
    """A new session."""
    return httpx.post(f"{address}/api/sessions", json={"dataset": {"name": "xor"}, **config}).raise_for_status().json()


def stands_at(page: Page, step: int) -> None:
    expect(page.locator("#network")).to_have_attribute("data-step", str(step))


def test_twelve_tabs_of_twelve_sessions_are_all_live_at_once(context: BrowserContext, server_url: str) -> None:
    sessions = [make(server_url, seed=seed) for seed in range(12)]
    pages = [opened(context, f"{server_url}/sessions/{session['id']}") for session in sessions]
    for session in sessions:
        httpx.post(server_url + session["url"] + "/step", json={"count": 3})
    for page in pages:
        stands_at(page, 3)
        page.wait_for_selector(LIVE)
    pages[-1].keyboard.press("ArrowRight")  # and there is a connection left for what they ask
    expect(pages[-1].locator("#network")).to_have_attribute("data-step", "4")


@pytest.mark.parametrize("alone", [False, True])
def test_a_hidden_page_gets_nothing_and_is_right_when_it_is_shown(
    context: BrowserContext, server_url: str, alone: bool
) -> None:
    if alone:
        context.add_init_script(ALONE)
    session = make(server_url)
    page = opened(context, f"{server_url}/sessions/{session['id']}")
    watching = opened(context, f"{server_url}/sessions/{session['id']}")
    page.evaluate(HIDE, True)
    expect(page.locator("body")).to_have_attribute("data-stale", "")
    httpx.post(server_url + session["url"] + "/step", json={"count": 7})
    stands_at(watching, 7)
    stands_at(page, 0)
    page.evaluate(HIDE, False)
    stands_at(page, 7)
    page.wait_for_selector(LIVE)


def test_a_page_that_is_kept_in_memory_follows_nothing_and_is_right_when_it_comes_back(
    context: BrowserContext, server_url: str
) -> None:
    session = make(server_url)
    page = opened(context, f"{server_url}/sessions/{session['id']}")
    watching = opened(context, f"{server_url}/sessions/{session['id']}")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(page.locator("body")).to_have_attribute("data-stale", "")
    httpx.post(server_url + session["url"] + "/step", json={"count": 7})
    stands_at(watching, 7)
    stands_at(page, 0)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    stands_at(page, 7)
    page.wait_for_selector(LIVE)


def test_who_goes_away_and_back_finds_the_session_as_it_is_by_then(context: BrowserContext, server_url: str) -> None:
    session = make(server_url)
    page = opened(context, f"{server_url}/sessions/{session['id']}")
    page.goto(f"{server_url}/lessons")
    httpx.post(server_url + session["url"] + "/step", json={"count": 7})
    page.go_back()
    stands_at(page, 7)
    page.wait_for_selector(LIVE)


def test_a_tab_that_the_browser_froze_is_right_when_it_goes_on(context: BrowserContext, server_url: str) -> None:
    session = make(server_url)
    page = opened(context, f"{server_url}/sessions/{session['id']}")
    watching = opened(context, f"{server_url}/sessions/{session['id']}")
    devtools = context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    for step in (7, 14):
        httpx.post(server_url + session["url"] + "/step", json={"count": 7})
        stands_at(watching, step)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    stands_at(page, 14)
    page.wait_for_selector(LIVE)
    assert page.evaluate("window.same")


def test_on_a_slow_network_frames_are_left_out_and_the_newest_comes(context: BrowserContext, server_url: str) -> None:
    session = make(server_url, layers=[64, 30, 10], dataset={"name": "digits"})
    url = server_url + session["url"]
    with slowly(server_url) as network:
        page = opened(context, f"{network.address}/sessions/{session['id']}")
        page.evaluate(STEPS)
        network.bytes_per_second = 60_000
        httpx.post(f"{url}/play", json={"unit": "step", "per_second": 20}).raise_for_status()
        page.wait_for_function("() => window.steps.size > 4")
        step = httpx.post(f"{url}/pause").raise_for_status().json()["cursor"]["step"]
        stands_at(page, step)
        page.wait_for_selector(LIVE)
        assert page.evaluate("window.steps.size") < step / 2


def test_on_a_network_that_is_too_slow_the_page_says_so_until_it_has_caught_up(
    context: BrowserContext, server_url: str
) -> None:
    session = make(server_url, layers=[64, 30, 10], dataset={"name": "digits"})
    url = server_url + session["url"]
    with slowly(server_url) as network:
        page = opened(context, f"{network.address}/sessions/{session['id']}")
        httpx.post(f"{url}/play", json={"unit": "step", "per_second": 20}).raise_for_status()
        page.wait_for_function("() => Number(document.getElementById('network').dataset.step) > 3")
        page.wait_for_selector(LIVE)
        network.bytes_per_second = 12_000
        page.wait_for_selector("body[data-connection=live][data-stale]")
        expect(page.locator("#connection")).to_contain_text("is slow")
        expect(page.locator("#connection")).to_contain_text(re.compile(r"from [0-9]+ s ago"))
        step = httpx.post(f"{url}/pause").raise_for_status().json()["cursor"]["step"]
        stands_at(page, step)
        page.wait_for_selector(LIVE)
        expect(page.locator("#connection")).to_be_hidden()


def test_a_page_without_the_worker_that_tabs_share_is_live_too(context: BrowserContext, server_url: str) -> None:
    context.add_init_script(ALONE)
    session = make(server_url)
    page = opened(context, f"{server_url}/sessions/{session['id']}")
    httpx.post(server_url + session["url"] + "/step")
    stands_at(page, 1)


def test_when_the_shared_worker_is_ended_the_page_goes_on(context: BrowserContext, server_url: str) -> None:
    session = make(server_url)
    page = opened(context, f"{server_url}/sessions/{session['id']}")
    assert context.browser
    devtools = context.browser.new_browser_cdp_session()
    workers = [t for t in devtools.send("Target.getTargets")["targetInfos"] if t["type"] == "shared_worker"]
    own = [worker for worker in workers if server_url in worker["url"]]
    assert own
    for worker in own:
        devtools.send("Target.closeTarget", {"targetId": worker["targetId"]})
    httpx.post(server_url + session["url"] + "/step")
    stands_at(page, 1)
    page.wait_for_selector(LIVE)
    assert page.evaluate("window.same")


def test_a_server_that_is_killed_and_started_again_is_found_again(
    context: BrowserContext, command: Maker, tmp_path: Path
) -> None:
    server = command("--data-dir", str(tmp_path))
    session = make(server.address)
    page = opened(context, f"{server.address}/sessions/{session['id']}")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#network")).to_have_attribute("data-phase", "feedforward")
    server.kill()
    page.wait_for_selector("body[data-connection=lost][data-stale]")
    expect(page.locator("#connection")).to_contain_text("is lost")
    expect(page.locator("#connection")).to_contain_text(re.compile(r"[0-9]+ s ago"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("#problem-text")).to_contain_text("Nothing was changed")
    server.start()
    page.wait_for_selector(LIVE)
    expect(page.locator("#connection")).to_contain_text("started again")
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("#network")).to_have_attribute("data-phase", "feedforward")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#network")).to_have_attribute("data-phase-layer", "3")
    assert page.evaluate("window.same")


def test_what_was_typed_is_still_there_when_it_could_not_be_sent(
    context: BrowserContext, command: Maker, tmp_path: Path
) -> None:
    server = command("--data-dir", str(tmp_path))
    session = make(server.address)
    page = opened(context, f"{server.address}/sessions/{session['id']}")
    page.locator("#neuron-3-1").press("Enter")
    field = page.locator(".card input.edit").first
    rate = page.locator("input[name='learning_rate']")
    server.kill()
    page.wait_for_selector("body[data-connection=lost]")
    for place, text in ((field, "0.125"), (rate, "0.375")):
        place.fill(text)
        place.press("Enter")
        expect(page.get_by_text("Nothing was changed").first).to_be_visible()
        assert place.input_value() == text
    server.start()
    page.wait_for_selector(LIVE)
    assert httpx.get(server.address + session["url"]).json()["revision"] == session["revision"]
    assert (field.input_value(), rate.input_value()) == ("0.125", "0.375")


def test_a_server_that_does_not_answer_is_told_of_and_waited_for(context: BrowserContext, command: Maker) -> None:
    server = command("--memory")
    page = opened(context, f"{server.address}/sessions/{make(server.address)['id']}")
    server.send(signal.SIGSTOP)
    try:
        page.wait_for_selector("body[data-connection=silent][data-stale]")
        expect(page.locator("#connection")).to_be_visible()
        page.wait_for_selector("body[data-connection=lost]")
    finally:
        server.send(signal.SIGCONT)
    page.wait_for_selector(LIVE)
    expect(page.locator("#connection")).to_be_hidden()


def test_a_network_that_is_away_is_noticed_and_found_again(context: BrowserContext, command: Maker) -> None:
    context.add_init_script(ALONE)  # of the network of other workers the browser says nothing to this test
    server = command("--memory")
    session = make(server.address)
    page = opened(context, f"{server.address}/sessions/{session['id']}")
    context.set_offline(True)
    page.evaluate("() => fetch('/healthz').catch(() => null)")
    server.send(signal.SIGSTOP)
    page.wait_for_selector("body[data-connection=lost][data-stale]")
    server.send(signal.SIGCONT)
    httpx.post(server.address + session["url"] + "/step")
    page.wait_for_timeout(1500)
    expect(page.locator("body")).to_have_attribute("data-stale", "")
    stands_at(page, 0)
    context.set_offline(False)
    stands_at(page, 1)
    page.wait_for_selector(LIVE)


def test_a_session_that_is_gone_is_begun_anew_from_its_settings(context: BrowserContext, command: Maker) -> None:
    server = command("--memory")
    session = make(server.address, layers=[2, 5, 2], seed=9)
    page = opened(context, f"{server.address}/sessions/{session['id']}")
    server.kill()
    server.start()
    page.wait_for_selector("body[data-connection=gone][data-stale]")
    expect(page.locator("#connection")).to_contain_text("no longer has")
    page.locator("#connection-act").click()
    page.wait_for_url(lambda url: session["id"] not in url)
    page.wait_for_selector(LIVE)
    view = httpx.get(server.address + str(page.get_attribute("body", "data-url"))).json()
    assert {name: view["config"][name] for name in ("layers", "seed")} == {"layers": [2, 5, 2], "seed": 9}


def test_after_an_upgrade_of_the_server_a_reload_is_offered(visit: Opener) -> None:
    page = visit().open()
    page.wait_for_selector(LIVE)
    page.evaluate(
        """async () => {
          const own = document.querySelector("script[type=module]").src;
          const {Sign} = await import(own.replace("main.js", "server/connection.js"));
          const now = {state: "live", current: true, retryAt: 0, heardAt: 1, restarted: false};
          new Sign({hurry() {}}).show({...now, version: "another"});
        }"""
    )
    expect(page.locator("#connection")).to_contain_text("updated")
    expect(page.locator("#connection-act")).to_have_text("Reload")


def test_a_race_is_followed_over_the_same_connection_and_says_when_it_is_lost(
    context: BrowserContext, command: Maker, tmp_path: Path
) -> None:
    server = command("--data-dir", str(tmp_path))
    body = {"session": {"layers": [64, 30, 10], "dataset": {"name": "digits"}}, "seeds": [1, 2, 3], "epochs": 300}
    race = httpx.post(f"{server.address}/api/races", json=body, timeout=20).raise_for_status().json()
    page = context.new_page()
    page.goto(f"{server.address}/races/{race['id']}")
    page.wait_for_selector(LIVE)
    server.kill()
    page.wait_for_selector("body[data-connection=lost][data-stale]")
    server.start()
    page.wait_for_selector("body[data-connection=live], body[data-connection=gone]")
