"""Every lesson is played to its end on the live page, with a wrong answer and with the right one at each question."""

from __future__ import annotations

import math
import re
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
    elif kind == "arrow":
        draw(page, answer)
    elif kind in ("connection", "neuron"):
        names = "layer", "j", "k"
        place = {name: answer[i] for i, name in enumerate(names) if i < len(answer)}
        selector = "path.hit" if kind == "connection" else "g.neuron"
        where = "".join(f'[data-{name}="{number}"]' for name, number in place.items())
        page.locator(f"#network {selector}{where}").dispatch_event("click")
    page.locator("#lesson-check").click()


def draw(page: Page, degrees: float) -> None:
    """Draw an arrow with the pointer, from the middle."""
    plane = page.locator(".arrow-plane")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70 * math.cos(math.radians(degrees)), y - 70 * math.sin(math.radians(degrees)), steps=3)
    page.mouse.up()


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
    visitor = visit(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/{name}")
    lesson = lessons()[name]
    for number, step in enumerate(lesson.steps, start=1):
        page.wait_for_selector(f'#lesson[data-step="{number}"]')
        expect(page.locator("#lesson-step-title")).to_have_text(step.title)
        expect(page.locator("#lesson-title")).to_be_in_viewport()  # each step begins at its top
        page.wait_for_selector("#network[data-phase]", state="attached")
        if step.stage.at and step.stage.at.phase:
            page.wait_for_selector(f'#network[data-phase="{step.stage.at.phase}"]', state="attached")
        if step.stage.connections:
            expect(page.locator("#network")).to_have_attribute("data-connections", step.stage.connections)
        if step.ask:
            play(page, visitor, name, number, step.ask.model_dump(exclude_none=True))
            expect(page.locator("#lesson-said")).to_be_in_viewport(ratio=1)
        expect(page.locator("#lesson-next")).to_be_in_viewport(ratio=1)
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
    elif kind == "arrow":
        page.locator("#lesson-check").click()
        expect(said).to_contain_text("Draw the arrow first")
        answered(page, kind, right + 40)
        expect(said).to_contain_text(re.compile(r"off by (39|40|41)°; up to 15° are right"))
    else:
        page.locator("#lesson-check").click()
    expect(said).to_have_attribute("data-right", "false")
    expect(page.locator("#lesson-show")).to_be_visible()
    if kind in ("connection", "neuron"):
        answered(page, kind, [*right[:-1], 2 if right[-1] == 1 else 1])
        expect(said).to_have_attribute("data-right", "false")
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
    expect(page.locator(".printed-plane")).to_have_count(1)  # to be drawn in


def test_the_browser_s_back_and_forward_lead_from_step_to_step(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/three-numbers?step=2")
    visitor.wait_for(1, "send_back", 2)
    page.locator("#lesson-next").click()
    visitor.wait_for(1, "gradient", 3)
    page.wait_for_function("() => location.search.includes('gradient')")
    page.go_back()
    page.wait_for_selector('#lesson[data-step="2"]')
    visitor.wait_for(1, "send_back", 2)
    page.go_forward()
    page.wait_for_selector('#lesson[data-step="3"]')
    visitor.wait_for(1, "gradient", 3)


def test_who_leaves_a_lesson_comes_back_to_the_step_where_it_was_left(visit: Opener) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/why-the-transpose")
    for number in (2, 3):
        page.locator("#lesson-next").click()
        page.wait_for_selector(f'#lesson[data-step="{number}"]')
    page.locator("#lesson-leave").click()
    expect(page.locator("#lesson")).to_be_hidden()
    page.locator('[popovertarget="lesson-menu"]').click()
    link = page.locator('#lesson-menu a[data-lesson="why-the-transpose"]')
    expect(link).to_contain_text("goes on at step 3")
    expect(page.locator('#lesson-menu a[data-lesson="spot-the-bug"] .lesson-kept')).to_be_hidden()
    link.click()
    page.wait_for_selector('#lesson[data-step="3"]')
    expect(page.locator("#lesson-step-title")).to_have_text(lessons()["why-the-transpose"].steps[2].title)
    page.goto(f"{visitor.address}/lessons")
    page.locator('a.button[data-lesson="why-the-transpose"]').click()
    page.wait_for_selector('#lesson[data-step="3"]')


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


def test_on_a_phone_a_question_about_the_network_is_asked_and_answered_there(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True)
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/why-the-transpose?step=2")
    page.wait_for_selector("#network[data-phase]", state="attached")
    expect(page.locator("#lesson-strip")).to_be_hidden()
    page.locator("#lesson-to-network").tap()
    ask = lessons()["why-the-transpose"].steps[1].ask
    assert ask is not None
    expect(page.locator("#strip-question")).to_have_text(ask.question)
    page.locator('#network path.hit[data-layer="3"][data-j="1"][data-k="3"]').dispatch_event("click")
    page.locator("#strip-check").tap()
    expect(page.locator("#strip-said")).to_contain_text("Right.")
    page.locator("#strip-back").tap()
    expect(page.locator("#lesson-said")).to_be_visible()


def test_on_a_phone_random_wires_are_chosen_beside_the_dials(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True)
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/random-wires")
    page.wait_for_selector("#network[data-phase]", state="attached")
    page.locator("#lesson-to-network").tap()
    page.locator('#compass-table button[value="random"]').tap()
    expect(page.locator('#compass-table [aria-current="true"] button')).to_have_attribute("value", "random")
    expect(page.locator("#compass-words")).to_contain_text("Step 1 was sent back by transpose")
    page.locator('#tabs [data-sheet="setup"]').tap()
    page.locator("#lesson-check").tap()
    expect(page.locator("#lesson-said")).to_contain_text("Right.")
    page.locator('#tabs [data-sheet="network"]').tap()
    expect(page.locator("#operator-chip")).to_have_text("random in place of wᵀ")  # it has sent nothing yet


def test_on_a_phone_the_part_of_the_panel_that_a_step_speaks_of_is_in_view(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True)
    page = visitor.page
    page.goto(f"{visitor.address}/lessons/why-the-transpose?step=4")
    for step, seen in (
        (4, "#nudge-by"),
        (5, "#matrix-title"),
        (6, "#matrix-title"),
        (7, "#matrix-title"),
        (8, "#inverse-double"),
    ):
        page.wait_for_selector(f'#lesson[data-step="{step}"]')
        page.wait_for_selector("#matrix:not([hidden])", state="attached")
        page.locator('#tabs [data-sheet="network"]').tap()
        expect(page.locator(seen)).to_be_in_viewport(ratio=1)
        page.locator('#tabs [data-sheet="setup"]').tap()
        page.locator("#lesson-next").tap()


def test_without_a_server_an_answer_stays_and_is_checked_once_it_is_back(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page, said = visitor.page, visitor.page.locator("#lesson-said")
    page.goto(f"{visitor.address}/lessons/three-numbers?step=4")
    page.wait_for_selector("#network[data-phase]", state="attached")
    page.locator("#lesson-check").click()
    expect(said).to_contain_text("Write a number")  # nothing is no 0
    page.locator("#lesson-number").fill("0,4")
    visitor.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    page.context.set_offline(True)
    page.locator("#lesson-check").click()
    expect(said).to_contain_text("The server cannot be reached")
    expect(page.locator("#lesson-number")).to_have_value("0,4")
    page.context.set_offline(False)
    page.locator("#lesson-check").click()
    expect(said).to_contain_text("Right.")


def test_an_arrow_is_drawn_by_keyboard_too_and_is_beside_the_one_it_is_compared_with(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.page
    steps = lessons()["why-the-transpose"].steps
    step = next(number for number, one in enumerate(steps, 1) if one.ask and one.ask.kind == "arrow")
    page.goto(f"{visitor.address}/lessons/why-the-transpose?step={step}")
    x, y = visitor_spectrum(page, visitor)["inverse"]["vector"]
    beside = page.locator(".arrow-plane .beside")
    expect(beside).to_have_attribute("data-degrees", f"{math.degrees(math.atan2(y, x)):.2f}")
    plane = page.locator(".arrow-plane")
    plane.focus()
    for _ in range(13):
        plane.press("ArrowRight")
    expect(plane).to_have_attribute("aria-valuenow", "-60")
    plane.press("Shift+ArrowLeft")
    expect(plane).to_have_attribute("aria-valuenow", "-59")
    page.locator("#lesson-check").click()
    expect(page.locator("#lesson-said")).to_contain_text("Right.")
    expect(page.locator("#lesson-said")).to_contain_text(re.compile(r"Off by [01]°"))
    assert visitor.cursor()[0] == 1  # the keys were the arrow's, not the transport's


def visitor_spectrum(page: Page, visitor: Watched) -> Any:
    """Both arrows of the lesson's session, as the API has them."""
    page.wait_for_selector("#network[data-phase]", state="attached")
    return visitor.get("/spectrum?layer=3")
