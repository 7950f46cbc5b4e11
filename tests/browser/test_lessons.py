"""Every lesson is played to its end on the live page, with a wrong answer and with the right one at each question."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.lessons.library import lessons
from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

WRONG = {"number": 123456.0, "choice": None, "connection": None, "neuron": None}


def answered(page: Page, kind: str, answer: Any) -> None:
    """Give an answer as a reader does."""
    if kind == "number":
        page.locator("#lesson-number").fill(str(answer))
    elif kind == "choice":
        page.locator(f'input[name="lesson-option"][value="{answer}"]').check()
    elif kind in ("connection", "neuron"):
        names = "layer", "j", "k"
        place = {name: answer[i] for i, name in enumerate(names) if i < len(answer)}
        selector = "path.hit" if kind == "connection" else "g.neuron"
        where = "".join(f'[data-{name}="{number}"]' for name, number in place.items())
        page.locator(f"#network {selector}{where}").dispatch_event("click")
    page.locator("#lesson-check").click()


def learn(visitor: Watched) -> None:
    """Train until nine of ten are right."""
    for _ in range(20):
        answer = httpx.post(f"{visitor.session}/step", json={"unit": "epoch", "count": 5}, timeout=60)
        accuracy = answer.raise_for_status().json()["accuracy"]
        if (accuracy["test"] if accuracy["test"] is not None else accuracy["train"]) >= 0.9:
            return
    raise AssertionError("it does not learn")


def act(page: Page, visitor: Watched, until: Any) -> None:
    """Do what a step asks for."""
    if until == "turned":
        page.locator("#matrix-transpose").click()
        page.wait_for_selector('#matrix-grid[data-flip="1.000"]', state="attached")
    elif until == "nudged":
        expect(page.locator("#nudge-plot path").first).to_be_attached()
        page.locator("#nudge-by").press("ArrowRight")
        page.wait_for_function("() => document.getElementById('matrix-nudge').dataset.measured")
    elif isinstance(until, str):
        httpx.patch(visitor.session, json={"feedback": {"name": until}}).raise_for_status()
    elif until is None:
        learn(visitor)
    else:
        visitor.post("/step", {"unit": "step", "count": max(1, until["step"])})
    page.locator("#lesson-check").click()


@pytest.mark.parametrize("name", list(lessons()))
def test_a_lesson_is_played_to_its_end(visit: Opener, name: str) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/{name}")
    lesson = lessons()[name]
    for number, step in enumerate(lesson.steps, start=1):
        page.wait_for_selector(f'#lesson[data-step="{number}"]')
        expect(page.locator("#lesson-step-title")).to_have_text(step.title)
        page.wait_for_selector("#network[data-phase]", state="attached")
        if step.stage.at and step.stage.at.phase:
            page.wait_for_selector(f'#network[data-phase="{step.stage.at.phase}"]', state="attached")
        if step.ask:
            play(page, visitor, name, number, step.ask.model_dump(exclude_none=True))
        page.locator("#lesson-next").click()
    expect(page.locator("#lesson")).to_be_hidden()
    assert page.evaluate("name => Object.values(localStorage).includes('done')", name)


def play(page: Page, visitor: Watched, name: str, number: int, ask: dict[str, Any]) -> None:
    """First wrong, then right."""
    said, kind = page.locator("#lesson-said"), ask["kind"]
    if kind == "do":
        page.locator("#lesson-check").click()
        expect(said).to_have_attribute("data-right", "false")
        act(page, visitor, ask.get("until"))
        expect(said).to_have_attribute("data-right", "true")
        return
    session = page.get_attribute("body", "data-session")
    url = f"{visitor.address}/api/lessons/{name}/steps/{number}"
    right = httpx.get(f"{url}/answer?session={session}").raise_for_status().json()["answer"]
    if kind == "choice":
        answered(page, kind, 1 if right != 1 else 2)
    elif kind == "number":
        answered(page, kind, WRONG["number"])
    else:
        page.locator("#lesson-check").click()
    expect(said).to_have_attribute("data-right", "false")
    expect(page.locator("#lesson-show")).to_be_visible()
    answered(page, kind, right)
    expect(said).to_have_attribute("data-right", "true")


def test_the_list_leads_to_lessons_and_their_printed_form(visit: Opener) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.address}/lessons")
    expect(page.locator(".lesson-list li")).to_have_count(len(lessons()))
    page.locator('a[href$="/why-the-transpose/print"]').click()
    steps = lessons()["why-the-transpose"].steps
    expect(page.locator("section h3")).to_have_count(len(steps))
    expect(page.locator("main")).to_contain_text(steps[3].title)


def test_on_a_phone_a_lesson_has_a_sheet_and_the_network_is_one_tab_away(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/why-the-transpose")
    step = lessons()["why-the-transpose"].steps[1]
    expect(page.locator("#lesson-next")).to_be_in_viewport()
    page.locator("#lesson-next").click()
    expect(page.locator("#lesson-step-title")).to_have_text(step.title)
    page.locator('#tabs [data-sheet="network"]').click()
    expect(page.locator("#lesson")).to_be_hidden()
    expect(page.locator("#network")).to_be_visible()
    page.locator('#tabs [data-sheet="setup"]').click()
    expect(page.locator("#lesson-step-title")).to_be_visible()
    page.locator("#lesson-leave").click()
    expect(page.locator("#network")).to_be_visible()
