"""Every number can be questioned: cards show what the API says, for the example and the mini-batch, at any phase."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opener, Watched, violations

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
CONNECTION = (4, 2, 3)


def pin_connection(page: Page, layer: int, j: int, k: int) -> Locator:
    """The card of a connection, pinned by a click."""
    page.locator(f'path.hit[data-layer="{layer}"][data-j="{j}"][data-k="{k}"]').dispatch_event("click")
    return page.locator(f'.card[data-of="connection-{layer}-{j}-{k}"]')


def pin_neuron(page: Page, layer: int, j: int) -> Locator:
    """The card of a neuron, pinned by a click, with all its parts open."""
    page.locator(f"#neuron-{layer}-{j}").dispatch_event("click")
    card = page.locator(f'.card[data-of="neuron-{layer}-{j}"]')
    card.evaluate("card => card.querySelectorAll('summary').forEach(s => s.parentElement.open || s.click())")
    return card


def expect_number(card: Locator, line: str, expected: float | None) -> None:
    """The number of a line has all digits of the API's; None: a dash."""
    result = card.locator(f'[data-line="{line}"] .result')
    if expected is None:
        expect(result).to_have_text("–")
        expect(result).not_to_have_attribute("data-exact", re.compile("."))
    else:
        expect(result).to_have_attribute("data-exact", javascript(expected))


def javascript(x: float) -> str:
    """As JavaScript writes a float64."""
    text = repr(float(x)).removesuffix(".0")
    if "e" in text:
        mantissa, exponent = text.split("e")
        value = int(exponent)
        text = f"{x:.{max(0, len(mantissa.lstrip('-').replace('.', '')) - 1 - value)}f}" if -7 < value < 0 else text
        text = re.sub(r"e-0", "e-", text)
    return text


def exact(card: Locator, line: str, where: str) -> list[float]:
    """All numbers of a part of a line."""
    found = card.locator(f'[data-line="{line}"] {where} [data-exact]').evaluate_all(
        "all => all.map(e => Number(e.dataset.exact))"
    )
    return [float(x) for x in found]


def at(visitor: Watched, step: int, phase: str, layer: int | None = None) -> dict[str, Any]:
    """Everything of a step from the API, with the page standing at one of its phases."""
    visitor.post("/seek", {"step": step, "phase": phase, **({"layer": layer} if layer else {})})
    visitor.wait_for(step, phase, layer)
    trace: dict[str, Any] = visitor.get("/trace")
    return trace


def test_a_connection_has_the_traces_numbers_in_every_phase_and_dashes_before(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 3})
    card = pin_connection(page, *CONNECTION)
    known: dict[str, set[str]] = {
        "feedforward": {"a"}, "output_error": {"a", "delta", "ledger"}, "send_back": {"a", "delta", "ledger", "sent"},
        "gradient": {"a", "delta", "ledger", "sent", "charged", "nabla_w"},
        "update": {"a", "delta", "ledger", "sent", "charged", "nabla_w", "update"},
    }  # fmt: skip
    for phase, layer in [("feedforward", 3), ("output_error", 4), ("send_back", 3), ("gradient", 4), ("update", None)]:
        trace = at(visitor, 2, phase, layer)
        below, own = trace["layers"][2], trace["layers"][3]
        w, a, delta = own["w"][1][2], below["a"][2], own["delta"][1]
        expected = {
            "a": a, "delta": delta, "sent": own["sent"][1][2], "charged": own["charged"][1][2], "ledger": a * w * delta,
            "nabla_w": own["nabla_w"][1][2], "update": own["w_after"][1][2],
        }  # fmt: skip
        for name, number in expected.items():
            expect_number(card, name, number if name in known[phase] else None)
        expect_number(card, "w", own["w_after"][1][2] if phase == "update" else w)
        if phase == "update":
            assert exact(card, "sent", ".terms") == [w, delta]
            assert exact(card, "charged", ".terms") == [a, delta]
            assert exact(card, "update", ".terms") == [w, 1.0, own["nabla_w"][1][2]]
        if phase == "feedforward":
            expect(card.locator('[data-line="sent"] .why')).to_have_text(
                "not reached in this step yet: known after send back 3"
            )


def test_a_neurons_sums_are_written_term_by_term_up_to_the_traces_sum(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 3})
    trace = at(visitor, 3, "gradient", 2)
    card = pin_neuron(page, 3, 2)
    below, own, above = trace["layers"][1:4]
    for name, key in {
        "z": "z",
        "a": "a",
        "received": "received",
        "sigma_prime": "sigma_prime",
        "delta": "delta",
    }.items():
        expect_number(card, name, own[key][1])
    expect_number(card, "nabla_b", own["nabla_b"][1])
    expect_number(card, "update", None)
    rows = card.locator('[data-line="z"] tbody tr:not(.rest)').evaluate_all(
        "rows => rows.map(r => [...r.querySelectorAll('td')].map(d => Number(d.dataset.exact)))"
    )
    assert [row[:2] for row in rows] == [[own["w"][1][k], below["a"][k]] for k in range(4)]
    assert sum(row[2] for row in rows) + own["b"][1] == pytest.approx(own["z"][1], rel=1e-12)
    sent = [x for j in range(2) for x in (above["w"][j][1], above["delta"][j])]
    assert exact(card, "received", ".terms") == sent
    assert sent[0] * sent[1] + sent[2] * sent[3] == pytest.approx(own["received"][1], rel=1e-12)
    assert exact(card, "delta", ".terms") == [own["received"][1], own["sigma_prime"][1]]


def test_the_mini_batch_side_has_the_contributions_and_the_step_s_own_gradient(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 2})
    trace = at(visitor, 2, "update")
    card = pin_connection(page, *CONNECTION)
    card.locator('.side input[value="batch"]').check(force=True)
    expect_number(card, "charged", trace["layers"][3]["nabla_w"][1][2])
    given = visitor.get("/contributions?layer=4&j=2&k=3")
    rows = card.locator('[data-line="charged"] tbody tr').evaluate_all(
        "rows => rows.map(r => [r.cells[0].textContent, ...[...r.querySelectorAll('td')]"
        ".map(d => Number(d.dataset.exact))])"
    )
    by_position = {str(one["position"] + 1): one for one in given["examples"]}
    for name, a, delta, charged in rows[:6]:
        one = by_position[name]
        assert (a, delta, charged) == (one["a"], one["delta"], one["charged"])
    assert sum(row[-1] for row in rows) / 10 == pytest.approx(given["mean"]["charged"], rel=1e-9)
    neuron = pin_neuron(page, 3, 1)
    neuron.locator('.side input[value="batch"]').check(force=True)
    expect_number(neuron, "delta", trace["layers"][2]["nabla_b"][0])


@pytest.mark.parametrize(
    ("line", "what", "target"),
    [("charged", "weight", (4, 2, 3)), ("received", "activation", (3, 1)), ("delta", "bias", (3, 1))],
)
def test_a_check_shows_the_nudge_beside_the_trace_and_goes_with_the_step(
    visit: Opener, line: str, what: str, target: tuple[int, ...]
) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 2})
    at(visitor, 2, "update")
    card = pin_connection(page, *target) if len(target) == 3 else pin_neuron(page, *target)
    names = dict(zip(("layer", "j", "k"), target, strict=False))
    answer = visitor.post("/nudge", {"what": what, **names})
    card.locator(f'[data-line="{line}"] .nudge').click()
    checked = card.locator(f'[data-line="{line}"] .checked')
    expect(checked).to_contain_text("✓ nudged by ±10⁻⁵")
    expect(checked).to_have_attribute("data-measured", javascript(answer["measured"]))
    expect(checked).to_have_attribute("data-analytic", javascript(answer["analytic"]))
    page.keyboard.press("Shift+ArrowRight")
    visitor.wait_for(3, "update")
    expect(checked).to_be_hidden()


def test_with_another_feedback_the_check_fails_and_says_why(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    body = {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}, "feedback": {"name": "random"}, "seed": 3}
    made = page.evaluate(
        "body => fetch('/api/sessions', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify(body)}).then(r => r.json())",
        body,
    )
    page.goto(f"{visitor.address}/sessions/{made['id']}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    visitor.post("/step", {"unit": "step"})
    visitor.wait_for(1, "update")
    card = pin_neuron(page, 3, 1)
    expect(card.locator('[data-line="received"] .note')).to_contain_text("B stands where the transpose would: random.")
    card.locator('[data-line="received"] .nudge').click()
    checked = card.locator('[data-line="received"] .checked')
    expect(checked).to_have_attribute("data-agrees", "false")
    expect(checked).to_contain_text("✗")
    answer = visitor.post("/nudge", {"what": "activation", "layer": 3, "j": 1})
    expect(checked).to_contain_text(answer["message"])


def test_six_cards_can_be_pinned_and_stay_live_while_it_trains(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    visitor.wait_for(1, "update")
    for j, k in ((1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)):
        pin_connection(page, 4, j, k)
    cards = page.locator(".card[data-pinned]")
    expect(cards).to_have_count(6)
    pin_neuron(page, 2, 1)
    expect(cards).to_have_count(6)
    expect(page.locator('.card[data-of="connection-4-1-1"]')).to_have_count(0)
    before = page.locator('.card[data-of="connection-4-2-3"] input.edit').input_value()
    page.check('input[name="unit"][value="step"]', force=True)
    page.check('input[name="speed"][value="max"]', force=True)
    page.locator("#play").click()
    page.wait_for_function(
        "b => document.querySelector('.card[data-of=\"connection-4-2-3\"] input.edit').value !== b", arg=before
    )
    assert page.get_attribute("#play", "aria-pressed") == "true"
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    step = visitor.get()["cursor"]["step"]
    visitor.wait_for(step, "update")
    trace = visitor.get("/trace")
    expect_number(page.locator('.card[data-of="connection-4-2-3"]'), "sent", trace["layers"][3]["sent"][1][2])


def test_cards_follow_whoever_looks_around_in_a_step(visit: Opener) -> None:
    visitor = visit(viewport=DESK, reduced_motion="reduce")
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    trace = at(visitor, 1, "gradient", 4)
    card = pin_connection(page, *CONNECTION)
    expect_number(card, "charged", trace["layers"][3]["charged"][1][2])
    page.locator("#playhead").press("PageDown")
    expect_number(card, "charged", None)
    expect_number(card, "sent", trace["layers"][3]["sent"][1][2])


def test_enter_on_a_connection_pins_it_and_moves_nothing(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    page.focus("#neuron-2-1")
    page.keyboard.press("ArrowLeft")
    focused = "() => ['layer', 'j', 'k'].map(name => document.activeElement.dataset[name])"
    before = page.evaluate(focused)
    page.keyboard.press("Enter")
    expect(page.locator('.card[data-of="connection-2-1-1"]')).to_have_attribute("data-pinned", "")
    assert page.evaluate(focused) == before == ["2", "1", "1"]
    assert visitor.cursor() == (0, "start", None)


def test_a_card_in_which_somebody_types_is_not_taken_away(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    page.locator("#neuron-3-1").hover()
    card = page.locator('.card[data-of="neuron-3-1"]')
    card.locator('input[data-field="b"]').click()
    page.keyboard.type("0.")
    page.locator("#neuron-2-2").hover()
    expect(page.locator('.card[data-of="neuron-2-2"]')).to_be_visible()
    page.keyboard.type("25")
    assert card.locator('input[data-field="b"]').input_value() == "0.25"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#neuron-3-1').dataset.b === '0.25'")
    page.mouse.move(640, 90)
    expect(page.locator('.card[data-of="neuron-2-2"]')).to_have_count(0)
    expect(card).to_be_visible()


def test_copying_gives_all_digits(visit: Opener) -> None:
    visitor = visit(viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    trace = at(visitor, 1, "update")
    card = pin_connection(page, *CONNECTION)
    own = trace["layers"][3]
    w, sent, delta = own["w"][1][2], own["sent"][1][2], own["delta"][1]
    expect_number(card, "sent", sent)
    card.locator(".copy").click()
    page.wait_for_function("() => navigator.clipboard.readText().then(text => text.includes('sent'))")
    text = page.evaluate("() => navigator.clipboard.readText()")
    assert f"{javascript(w)} × ({javascript(delta)}) = {javascript(sent)}" in re.sub(r"\s+", " ", text)
    page.evaluate(
        """() => { const result = document.querySelector('[data-line="sent"] .result');
        getSelection().selectAllChildren(result); document.execCommand('copy'); }"""
    )
    assert page.evaluate("() => navigator.clipboard.readText()") == javascript(sent)


def test_an_edit_that_discards_steps_says_so_before_and_esc_takes_it_back(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step", "count": 5})
    at(visitor, 2, "update")
    card = pin_connection(page, *CONNECTION)
    edit = card.locator("input.edit")
    before = edit.input_value()
    edit.focus()
    expect(page.locator("#cut-note")).to_have_text("A change here cuts off steps 3 to 5; undo brings them back.")
    page.keyboard.type("0.5")
    page.keyboard.press("Escape")
    expect(page.locator("#cut-note")).to_be_hidden()
    assert edit.input_value() == before
    assert visitor.get()["last_step"] == 5
    edit.focus()
    edit.fill("abc")
    page.keyboard.press("Enter")
    expect(card.locator(".refusal:visible")).to_contain_text("“abc” is not a number")
    edit.focus()
    edit.fill("0.5")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#connection-4-2-3').dataset.wAfter === '0.5'")
    expect(card.locator(".refusal:visible")).to_have_count(0)
    assert visitor.get()["last_step"] == 2


def test_the_keyboard_goes_from_the_picture_to_the_card_and_back(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    page.focus("#neuron-2-1")
    page.keyboard.press("i")
    card = page.locator('.card[data-of="neuron-2-1"]')
    expect(card).to_be_focused()
    expect(card).to_have_attribute("data-pinned", "")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('.card') !== null")
    page.keyboard.press("i")
    expect(page.locator("#neuron-2-1")).to_be_focused()
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    expect(page.locator("#neuron-2-1")).to_be_focused()
    expect(card).not_to_have_attribute("data-pinned", "")
    assert visitor.cursor() == (0, "start", None)


def test_pointing_at_a_card_shows_its_own_in_the_picture(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("circle")
    pin_neuron(page, 3, 1)
    card = pin_connection(page, *CONNECTION)
    hot = "() => [...document.querySelectorAll('#network .hot')].map(e => e.id)"
    assert set(page.evaluate(hot)) == {"neuron-3-1", "connection-4-2-3"}
    card.locator("h3").hover()
    assert page.evaluate(hot) == ["connection-4-2-3"]
    page.mouse.move(700, 60)
    assert set(page.evaluate(hot)) == {"neuron-3-1", "connection-4-2-3"}


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, DESK])
def test_cards_lie_over_no_chart(visit: Opener, viewport: dict[str, int]) -> None:
    visitor = visit(viewport=viewport)
    page = visitor.open("circle")
    pin_connection(page, *CONNECTION)
    pin_neuron(page, 3, 1)
    box = page.locator("#inspector-panel").bounding_box()
    assert box
    for panel in ("#map-panel", "#cost-panel"):
        other = page.locator(panel).bounding_box()
        assert other
        assert other["y"] + other["height"] <= box["y"] + 1
    first = page.locator(".card").first.bounding_box()
    assert first
    assert first["y"] + 200 < viewport["height"]
    page.keyboard.press("Escape")
    expect(page.locator("#map-panel")).to_have_attribute("open", "")
    expect(page.locator("#cost-panel")).to_have_attribute("open", "")


def test_cards_of_a_digit_net_have_the_largest_terms_and_the_image_of_the_weights(visit: Opener) -> None:
    visitor = visit(viewport=DESK)
    page = visitor.open("digits")
    visitor.post("/step", {"unit": "step", "count": 3})
    trace = at(visitor, 3, "update")
    card = pin_neuron(page, 2, 7)
    below, own, above = trace["layers"]
    expect(card.locator("img.weights")).to_have_attribute("src", re.compile("^data:image/png"))
    expect_number(card, "z", own["z"][6])
    products = sorted((w * a for w, a in zip(own["w"][6], below["a"], strict=True)), key=abs, reverse=True)
    shown = card.locator('[data-line="z"] tbody tr:not(.rest) td:last-child').evaluate_all(
        "all => all.map(e => Number(e.dataset.exact))"
    )
    assert shown == products[:6]
    rest = card.locator('[data-line="z"] tbody tr.rest').first
    expect(rest).to_contain_text("and 58 more, together")
    others = float(rest.locator("td").get_attribute("data-exact") or "nan")
    assert others == pytest.approx(sum(products[6:]), rel=1e-9, abs=1e-12)
    assert len(above["w"]) == 10
    pooled = page.locator("path.hit.pooled:not(.unused)").first
    place = [int(pooled.get_attribute(f"data-{name}") or 0) for name in ("layer", "j", "k")]
    card = pin_connection(page, *place)
    layer, j, k = place
    expect_number(card, "charged", trace["layers"][layer - 1]["charged"][j - 1][k - 1])


@pytest.mark.parametrize("width", [1280, 390])
def test_long_numbers_stay_inside_their_card(visit: Opener, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 844})
    page = visitor.open("circle")
    body = {
        "layers": [2, *[12] * 5, 2], "activations": ["sigmoid"] * 6, "dataset": {"name": "circle"}, "seed": 3,
        "initializer": {"name": "normal", "scale": 0.05},
    }  # fmt: skip
    made = page.evaluate(
        "body => fetch('/api/sessions', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify(body)}).then(r => r.json())",
        body,
    )
    page.goto(f"{visitor.address}/sessions/{made['id']}")
    page.wait_for_selector("#network[data-phase]", state="attached")
    visitor.post("/step", {"unit": "step"})
    visitor.wait_for(1, "update")
    neuron, connection = pin_neuron(page, 2, 3), pin_connection(page, 2, 3, 1)
    assert abs(visitor.get("/trace")["layers"][1]["delta"][2]) < 1e-4
    for side in ("example", "batch"):
        for card in (neuron, connection):
            card.locator(f'.side input[value="{side}"]').check(force=True)
            expect(card.locator(".result[data-exact]").first).to_be_attached()
            overflowing = card.evaluate(
                """card => [...card.querySelectorAll('math, td, th, .result, p')].filter(e =>
                e.getBoundingClientRect().right > card.getBoundingClientRect().right - 4).map(e => e.textContent)"""
            )
            assert overflowing == []


def test_axe_finds_nothing_in_cards(visit: Opener) -> None:
    visitor = visit(viewport=DESK, bypass_csp=True)
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    at(visitor, 1, "gate", 3)
    pin_neuron(page, 3, 1).locator('[data-line="received"] .nudge').click()
    connection = pin_connection(page, *CONNECTION)
    pin_neuron(page, 4, 1).locator('.side input[value="batch"]').check(force=True)
    expect(page.locator(".checked:visible")).to_contain_text("✓")
    expect(connection.locator(".why:visible").first).to_contain_text("not reached")
    assert violations(page, "#right") == []


def test_on_a_phone_a_tap_opens_the_card_over_the_lower_half(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("circle")
    page.locator("#neuron-2-1").tap()
    card = page.locator('.card[data-of="neuron-2-1"]')
    expect(card).to_be_visible()
    expect(page.locator("#network")).to_be_visible()
    box, network = page.locator("#right").bounding_box(), page.locator("#neuron-1-1").bounding_box()
    assert box
    assert network
    assert network["y"] + network["height"] < box["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    card.locator(".unpin").tap()
    expect(page.locator("#right")).to_be_hidden()
