"""Choosing the example on view: what is listed is the server's, and choosing it changes nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Watched, violations

pytestmark = pytest.mark.browser

LISTED = "all => all.map(one => [Number(one.dataset.index), one.dataset.right ?? null])"


def listed(page: Page) -> list[list[Any]]:
    """The examples in the list: row, and whether the network is right."""
    return list(page.eval_on_selector_all(".example", LISTED))


def opened(visitor: Watched, part: str = "all", order: str = "index") -> Page:
    """The list, opened by its key."""
    page = visitor.page
    page.keyboard.press("e")
    page.wait_for_selector(".example")
    if part != "all":
        page.locator(f'#examples-part label:has([value="{part}"])').click()
    if order != "index":
        page.select_option("#examples-order", order)
    return page


def wait_for_list(visitor: Watched, part: str = "all", order: str = "index", count: int = 60) -> dict[str, Any]:
    """What the server lists, once the page lists the same."""
    told: dict[str, Any] = visitor.get(f"/examples?part={part}&order={order}&limit={count}")
    right = [None if one is None else str(one).lower() for one in told["right"]]
    expected = [[index, one] for index, one in zip(told["index"], right, strict=True)]
    visitor.page.wait_for_function(
        f"expected => JSON.stringify(({LISTED})([...document.querySelectorAll('.example')])) === expected",
        arg=str(expected).replace("'", '"').replace("None", "null").replace(" ", ""),
    )
    return told


def test_the_wrong_ones_come_first_and_one_of_them_is_put_on_view_without_cutting_anything(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    visitor.post("/step", {"unit": "step", "count": 60})
    visitor.post("/back", {"unit": "step", "count": 10})
    visitor.wait_for(50, "update")
    opened(visitor, order="misclassified")
    told = wait_for_list(visitor, order="misclassified")
    expect(page.locator("#examples-said")).to_have_text(f"{told['wrong']:,} of 1,797 are wrong at step 50.")
    page.locator(".example").nth(4).click()
    row = told["index"][4]
    expect(page.locator(f'.example[data-index="{row}"]')).to_have_attribute("aria-selected", "true")
    expect(page.locator('.example[aria-selected="true"]')).to_have_count(1)
    view = visitor.get()
    assert view["config"]["example"] == {"index": row}
    assert (view["cursor"]["step"], view["last_step"]) == (50, 60)
    x = visitor.get(f"/examples?limit=1&offset={row}")["inputs"][0]
    page.wait_for_function(
        "x => x.every((a, k) => Math.abs(document.querySelector(`#neuron-1-${k + 1}`).dataset.a - a) < 1e-6)", arg=x
    )
    answer = visitor.get(f"/trace?index={row}")["layers"][2]["a"][0]
    page.wait_for_function(
        "a => Math.abs(document.querySelector('#neuron-3-1').dataset.a - a) < 1e-5 * Math.abs(a)", arg=answer
    )


def test_an_image_has_its_pixels_its_class_the_answer_and_the_cost(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    visitor.post("/step", {"unit": "step", "count": 40})
    visitor.wait_for(40, "update")
    opened(visitor, order="misclassified")
    told = wait_for_list(visitor, order="misclassified")
    first = page.locator(".example").first
    assert (first.locator(".example-label").text_content() or "").split() == [
        *(str(told["labels"][0]), "✗", str(told["predicted"][0]))
    ]
    expect(first.locator(".example-about")).to_contain_text(f"{told['cost'][0]:.2f}")
    spoken = first.locator(".spoken").text_content() or ""
    assert spoken.startswith(
        f"example {told['index'][0]}: {told['labels'][0]}; the network answers {told['predicted'][0]}, wrong; cost "
    )
    alphas = first.locator("canvas").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 === 3)"
    )
    assert [alpha / 255 for alpha in alphas] == pytest.approx(told["inputs"][0], abs=0.005)


def test_it_is_all_there_by_keyboard(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    page.locator("#neuron-2-1").focus()
    opened(visitor)
    told = wait_for_list(visitor)
    focused = "() => Number(document.activeElement.dataset.index)"
    page.wait_for_function(f"first => ({focused})() === first", arg=told["index"][0])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == told["index"][5]  # four in a row
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.example[data-index="{told["index"][5]}"][aria-selected="true"]')
    page.keyboard.press("Space")  # chooses too, and does not play
    assert visitor.get()["config"]["example"] == {"index": told["index"][5]}
    assert page.get_attribute("#network", "data-step") == "0"
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.id") == "examples-more"
    page.keyboard.press("Escape")
    expect(page.locator("#examples")).not_to_be_visible()
    assert page.evaluate("() => document.activeElement.id") == "neuron-2-1"


def test_more_are_fetched_on_request(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    opened(visitor, order="cost")
    wait_for_list(visitor, order="cost")
    expect(page.locator("#examples-more")).to_have_text("60 more of 440")
    page.locator("#examples-more").click()
    wait_for_list(visitor, order="cost", count=120)
    expect(page.locator("#examples-more")).to_have_text("60 more of 380")


def test_it_says_of_when_it_is_and_looks_again_on_request(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    opened(visitor, order="misclassified")
    before = wait_for_list(visitor, order="misclassified")
    expect(page.locator("#examples-again")).not_to_be_visible()
    visitor.post("/step", {"unit": "epoch", "count": 3})
    visitor.wait_for(120, "update")
    again = page.locator("#examples-again")
    expect(again).to_have_text("As of step 0: look again")
    assert [row for row, _ in listed(page)] == before["index"]  # nothing moves under one's hand
    again.click()
    after = wait_for_list(visitor, order="misclassified")
    assert after["index"] != before["index"]
    expect(again).not_to_be_visible()
    expect(page.locator("#examples-said")).to_contain_text("at step 120")


def test_a_list_that_is_newer_than_the_picture_is_not_out_of_date(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.evaluate(
        """url => fetch(`${url}/step`, {method: 'POST', headers: {'content-type': 'application/json'},
        body: '{"unit": "step", "count": 25}'}).then(() => {
          document.querySelector('#batch-panel [data-examples]').click();
        })""",
        visitor.session,
    )
    wait_for_list(visitor)
    visitor.wait_for(25, "update")
    expect(page.locator("#examples-again")).not_to_be_visible()


def test_the_mini_batch_and_the_test_set_are_lists_of_their_own(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "phase", "count": 3})
    visitor.wait_for(1, "feedforward", 4)
    opened(visitor, part="batch")
    told = wait_for_list(visitor, part="batch")
    assert told["index"] == visitor.get("/trace")["batch"]["indices"]
    expect(page.locator("#examples-more")).not_to_be_visible()
    page.locator('#examples-part label:has([value="test"])').click()
    wait_for_list(visitor, part="test")
    assert page.locator("#examples-part small").all_text_contents() == ["10", "500", "100"]
    # a mini-batch is another one with each step
    page.locator('#examples-part label:has([value="batch"])').click()
    wait_for_list(visitor, part="batch")
    visitor.post("/step", {"unit": "step", "count": 2})
    visitor.wait_for(2, "update")
    expect(page.locator("#examples-again")).to_be_visible()


def test_a_set_without_test_examples_says_so(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("xor")
    opened(visitor)
    wait_for_list(visitor)
    expect(page.locator(".example")).to_have_count(4)
    page.locator('#examples-part label:has([value="test"])').click()
    expect(page.locator("#examples-said")).to_have_text("There is no test set: all 4 examples are trained on.")
    expect(page.locator(".example")).to_have_count(0)


def test_regression_has_no_wrong_ones_but_targets_and_answers(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    made = page.evaluate(
        """() => fetch('/api/sessions', {method: 'POST', headers: {'content-type': 'application/json'},
        body: '{"dataset": {"name": "sine"}}'}).then(r => r.json())"""
    )
    page.goto(f"{visitor.address}/sessions/{made['id']}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    opened(visitor, order="cost")
    told = wait_for_list(visitor, order="cost")
    assert page.eval_on_selector("#examples-order [value=misclassified]", "option => option.hidden") is True
    text = page.locator(".example").first.locator(".example-label").text_content() or ""
    output = page.evaluate(
        """([url, inputs]) => fetch(`${url}/predict`, {method: 'POST', headers: {'content-type': 'application/json'},
        body: JSON.stringify({inputs})}).then(r => r.json()).then(a => a.outputs[0][0])""",
        [visitor.session, told["inputs"][:1]],
    )
    assert float(text.split("answers")[1].split()[0].replace("−", "-")) == pytest.approx(output, rel=6e-3)
    assert float(text.split("y =")[1].split()[0].replace("−", "-")) == pytest.approx(told["targets"][0][0], rel=6e-3)


def test_on_a_phone_it_opens_from_the_inputs_and_makes_way(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    page.locator('.shape-layer[data-layer="1"] .shape-head').tap()
    told = wait_for_list(visitor)
    page.locator(".example").nth(2).tap()
    expect(page.locator("#examples")).not_to_be_visible()
    visitor.page.wait_for_function(
        "x => Math.abs(document.querySelector('#neuron-1-1').dataset.a - x) < 1e-6", arg=told["inputs"][2][0]
    )
    assert visitor.get()["config"]["example"] == {"index": told["index"][2]}
    page.locator('.shape-layer[data-layer="1"] .shape-head').tap()
    expect(page.locator("#examples")).to_be_visible()
    page.locator('#tabs [data-sheet="cost"]').tap()
    expect(page.locator("#examples")).not_to_be_visible()


def test_it_opens_beside_the_mini_batch_and_the_picture_stays_whole(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.locator("#batch-panel [data-examples]").click()
    wait_for_list(visitor)
    panel, stage = page.locator("#examples").bounding_box(), page.locator("#stage").bounding_box()
    assert panel
    assert stage
    assert panel["x"] + panel["width"] <= stage["x"]
    page.wait_for_function(
        "() => Math.abs(document.querySelector('#network').dataset.width"
        " - document.querySelector('#stage').clientWidth) < 3"
    )
    page.locator("#examples-close").click()
    expect(page.locator("#left")).to_be_visible()


def test_in_a_presentation_the_picture_makes_room_and_escape_closes_the_list_first(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    page.keyboard.press("p")
    expect(page.locator("body")).to_have_attribute("data-present", "")
    opened(visitor)
    panel, stage = page.locator("#examples").bounding_box(), page.locator("#stage").bounding_box()
    assert panel
    assert stage
    assert panel["x"] + panel["width"] <= stage["x"]
    page.keyboard.press("Escape")
    expect(page.locator("#examples")).not_to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-present", "")
    page.keyboard.press("Escape")
    expect(page.locator("body")).not_to_have_attribute("data-present", "")


def test_what_goes_wrong_is_said_in_the_panel(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    visitor.expected.append("ERR_FAILED")
    opened(visitor)
    page.route("**/examples?*", lambda route: route.abort())
    page.select_option("#examples-order", "cost")
    expect(page.locator("#examples-refusal")).to_contain_text("cannot be reached")
    page.unroute("**/examples?*")
    page.select_option("#examples-order", "misclassified")
    wait_for_list(visitor, order="misclassified")
    expect(page.locator("#examples-refusal")).not_to_be_visible()


def test_axe_finds_nothing(visit: Opener) -> None:
    visitor = visit(bypass_csp=True)
    page = visitor.open("digits")
    opened(visitor, order="misclassified")
    page.locator('.shape-layer[data-layer="2"] .shape-head').hover()
    assert violations(page, "#examples, #shape") == []
