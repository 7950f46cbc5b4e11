"""The table twin: the same numbers as in the picture, in every phase, for whoever reads rather than looks."""

from __future__ import annotations

import math

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser

RELATIVE = 2e-6
NAMES = {"sigmaPrime": "sigma_prime", "after": "w_after", "bAfter": "b_after"}
READ = """() => [...document.querySelectorAll("#table tr[data-layer]")].map(row => ({
  ...row.dataset,
  cells: Object.fromEntries([...row.cells].filter(cell => cell.dataset.field)
    .map(cell => [cell.dataset.field.split(" ")[0], [cell.dataset.value ?? null, cell.textContent]]))
}))"""


def test_the_table_has_every_number_of_the_step_and_nothing_before_its_phase(visit: Opener) -> None:
    visitor = visit()
    page = visitor.open("circle")
    page.keyboard.press("d")
    expect(page.locator("#table")).to_be_visible()
    visitor.post("/step", {"unit": "phase", "count": 7})
    visitor.wait_for(1, "gate", 3)
    expect(page.locator("#table tr[data-layer='3'][data-j='1']:not([data-k]) [data-field^='delta']")).not_to_have_text(
        "–"
    )
    layers = visitor.get("/trace")["layers"]
    compared = 0
    for row in page.evaluate(READ):
        layer, j, k = int(row["layer"]), int(row["j"]), int(row.get("k", 0))
        for field, (value, text) in row["cells"].items():
            late = field in ("charged", "after", "bAfter") or (layer == 3 and field == "sent")
            late |= layer == 2 and field in ("received", "sigmaPrime", "delta", "sent", "ledger")
            if late:
                assert (value, text) == (None, "–"), (row, field)
                continue
            own = layers[layer - 1]
            if field == "ledger":
                expected = own["w"][j - 1][k - 1] * own["charged"][j - 1][k - 1]
            else:
                numbers = own[NAMES.get(field, field)]
                expected = numbers[j - 1][k - 1] if k else numbers[j - 1]
            assert math.isclose(float(value), expected, rel_tol=RELATIVE, abs_tol=1e-12), (row, field)
            compared += 1
    assert compared == 2 + 4 * 3 + (3 + 2) * 6 + 8 + 12 * 2 + 6 * 3


def test_picture_and_table_take_turns(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844})
    page = visitor.open("by-hand")
    table = page.get_by_role("region", name="the network's numbers as tables")
    expect(table).to_have_count(0)
    page.get_by_role("radio", name="table").check()
    expect(table).to_be_visible()
    expect(table.get_by_role("table")).to_have_count(5)
    page.get_by_role("radio", name="picture").check()
    expect(page.locator("#table")).to_be_hidden()
    expect(page.locator("#network")).to_be_visible()
