"""Every number in the picture is the server's own: each connection and neuron, in every phase, against the trace."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

LAYERS = [2, 4, 3, 2]
RELATIVE = 2e-6  # float32, and seven digits in the attribute

READ = """() => {
  const all = selector => [...document.querySelectorAll(selector)]
    .map(element => ({id: element.id, ...element.dataset}));
  return {connections: all('path.connection:not(.unused)'), neurons: all('g.neuron')};
}"""


def phases(layers: int) -> list[tuple[str, int | None]]:
    """In the order of the book."""
    back = [phase for layer in range(layers - 1, 1, -1) for phase in (("send_back", layer), ("gate", layer))]
    return [
        *(("feedforward", layer) for layer in range(2, layers + 1)),
        ("cost", None),
        ("output_error", layers),
        *back,
        *(("gradient", layer) for layer in range(layers, 1, -1)),
        ("update", None),
    ]


def known_after(name: str, layer: int, top: int) -> tuple[str, int | None]:
    """The phase that makes a number known; written anew here, from the table in the book's terms."""
    at_output = ("output_error", top)
    return {
        "a": ("feedforward", layer),
        "z": ("feedforward", layer),
        "received": at_output if layer == top else ("send_back", layer),
        "sigma_prime": at_output if layer == top else ("gate", layer),
        "delta": at_output if layer == top else ("gate", layer),
        "sent": ("send_back", layer - 1) if layer > 2 else (at_output if top == 2 else ("gate", 2)),
        "ledger": at_output if layer == top else ("gate", layer),
        "charged": ("gradient", layer),
        "w_after": ("update", None),
    }[name]


def camel(name: str) -> str:
    """As `dataset` calls it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def check(found: dict[str, str], name: str, expected: float, *, reached: bool) -> int:
    """One number of one element; answers how many were compared."""
    where = f"{found['id']} {name}"
    text = found.get(camel(name))
    if not reached:
        assert text is None, f"{where} is shown before it is known"
        return 0
    assert text is not None, f"{where} is missing"
    assert math.isclose(float(text), expected, rel_tol=RELATIVE, abs_tol=1e-12), f"{where}: {text}, not {expected}"
    return 1


def compare(page: Page, trace: dict[str, Any], place: int, order: list[tuple[str, int | None]]) -> int:
    """The whole picture against the trace at one phase; answers how many numbers were compared."""
    top = len(trace["layers"])
    shown = page.evaluate(READ)
    compared = 0

    def reached(name: str, layer: int) -> bool:
        return order.index(known_after(name, layer, top)) <= place

    for neuron in shown["neurons"]:
        layer, j = int(neuron["layer"]), int(neuron["j"])
        own = trace["layers"][layer - 1]
        if layer == 1:
            compared += check(neuron, "a", own["a"][j - 1], reached=True)
            continue
        compared += check(neuron, "b", own["b"][j - 1], reached=True)
        for name in ("a", "z", "sigma_prime", "received", "delta"):
            compared += check(neuron, name, own[name][j - 1], reached=reached(name, layer))
    for connection in shown["connections"]:
        layer, j, k = (int(connection[name]) for name in ("layer", "j", "k"))
        own = trace["layers"][layer - 1]
        compared += check(connection, "w", own["w"][j - 1][k - 1], reached=True)
        for name in ("sent", "charged", "w_after"):
            compared += check(connection, name, own[name][j - 1][k - 1], reached=reached(name, layer))
        ledger = own["w"][j - 1][k - 1] * own["charged"][j - 1][k - 1]
        compared += check(connection, "ledger", ledger, reached=reached("ledger", layer))
    return compared


def forward_through_a_step(visitor: Watched, step: int) -> None:
    order = phases(len(LAYERS))
    compared = []
    for place, (phase, layer) in enumerate(order):
        visitor.page.keyboard.press("ArrowRight")
        visitor.wait_for(step, phase, layer)
        compared.append(compare(visitor.page, visitor.get("/trace"), place, order))
    connections = sum(n * m for n, m in pairwise(LAYERS))
    assert compared[0] == 2 + 9 + connections + 2 * 4
    assert compared[-1] == 2 + 9 * 6 + connections * 5
    assert compared == sorted(compared)


def test_every_number_of_every_phase_is_the_traces(visit: Opener) -> None:
    visitor = visit()
    visitor.open("circle")
    forward_through_a_step(visitor, 1)
    forward_through_a_step(visitor, 2)


def test_going_back_shows_the_same_numbers_and_hides_what_is_not_known_yet(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    order = phases(len(LAYERS))
    visitor.post("/step", {"unit": "step", "count": 3})
    visitor.wait_for(3, "update")
    for place, (phase, layer) in reversed(list(enumerate(order[:-1]))):
        page.keyboard.press("ArrowLeft")
        visitor.wait_for(3, phase, layer)
        compare(page, visitor.get("/trace"), place, order)
    page.keyboard.press("ArrowLeft")
    visitor.wait_for(2, "update")
    compare(page, visitor.get("/trace"), len(order) - 1, order)


def test_blame_is_drawn_with_its_own_size_and_sign(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    visitor.post("/seek", {"step": 1, "phase": "send_back", "layer": 3})
    visitor.wait_for(1, "send_back", 3)
    drawn = page.eval_on_selector_all(
        'path.connection[data-layer="4"]',
        "all => all.map(p => [p.dataset.sent, p.dataset.show, p.className.baseVal,"
        " parseFloat(getComputedStyle(p).strokeWidth)])",
    )
    assert len(drawn) == 6
    for sent, show, classes, width in drawn:
        radius = 4 + 9 * min(max((math.log10(abs(float(sent))) + 3) / 3, 0), 1)
        assert show == "sent"
        assert ("minus" if float(sent) < 0 else "plus") in classes.split()
        assert abs(width - max(1.5, 0.42 * radius)) < 0.06
    quiet = page.eval_on_selector_all('path.connection[data-layer="2"]', "all => all.map(p => p.dataset.show)")
    assert set(quiet) == {"quiet"}


def test_all_blame_of_a_digit_is_there_when_stepping_back(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("digits")
    visitor.post("/step", {"unit": "step", "count": 20})
    visitor.post("/back", {"unit": "phase", "count": 3})
    visitor.wait_for(20, "gate", 2)
    trace = visitor.get("/trace")
    shown = page.evaluate(READ)["connections"]
    assert len(shown) == 300
    assert {connection["layer"] for connection in shown} == {"2", "3"}
    sizes = sorted((abs(x) for layer in trace["layers"][1:] for row in layer["sent"] for x in row), reverse=True)
    for connection in shown:
        layer, j, k = (int(connection[name]) for name in ("layer", "j", "k"))
        expected = trace["layers"][layer - 1]["sent"][j - 1][k - 1]
        assert math.isclose(float(connection["sent"]), expected, rel_tol=RELATIVE)
        assert abs(expected) >= sizes[299] * (1 - 1e-5)


def test_the_sum_under_a_neuron_is_what_it_was_sent(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "step"})
    visitor.post("/seek", {"step": 1, "phase": "send_back", "layer": 2})
    visitor.wait_for(1, "send_back", 2)
    received = visitor.get("/trace")["layers"][1]["received"]
    for j, expected in enumerate(received, 1):
        text = page.text_content(f"#neuron-2-{j} .sum-value") or ""
        assert float(text.replace("−", "-")) == pytest.approx(expected, rel=6e-3)
        assert page.locator(f"#neuron-2-{j} rect.term:not(.coming)").count() == 3
