"""The matrix panel: cells, products and sums are the trace's; grid and network are linked; rows become columns."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Watched

pytestmark = pytest.mark.browser

RELATIVE = 2e-6
CELLS = """() => [...document.querySelectorAll("#matrix-grid .cell")].map(cell => ({...cell.dataset}))"""
SUMS = """() => [...document.querySelectorAll("#matrix-grid .head.sum:not(.unused)")]
  .map(head => head.dataset.value ?? null)"""
LETTERS = """() => [...document.querySelectorAll("#matrix-grid .cell .box-value")].map(value => {
  const {left, right} = value.getBoundingClientRect();
  return [value.textContent, parseFloat(getComputedStyle(value).fontSize), left, right];
})"""
ON_PLATES = """async (shares) => {
  const slider = document.getElementById("matrix-flip");
  const standing = [];
  for (const share of shares) {
    slider.value = share;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const plate of document.querySelectorAll("#matrix-grid .stick.raised:not(.unused)"))
      standing.push(plate.parentElement.querySelectorAll("g:not(.unused)").length);
  }
  return standing;
}"""
PLACES = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [...document.querySelectorAll("#matrix-grid .cell")].map(cell => {
  const box = cell.querySelector(".box").getBoundingClientRect();
  return [Number(cell.dataset.j), Number(cell.dataset.k), box.x + box.width / 2, box.y + box.height / 2];
}); }"""
FITTED = """() => {
  const [{width, height}, {clientWidth, clientHeight}] =
    [document.getElementById("network").dataset, document.getElementById("stage")];
  return Math.abs(width - clientWidth) <= 2 && Math.abs(height - clientHeight) <= 2;
}"""
NETWORK = (
    """() => [...document.querySelectorAll("#network path.connection")].map(path => path.getAttribute("d")).join()"""
)


def opened(visitor: Watched, layer: int = 3, phases: int = 7) -> Page:
    """The panel on the circle's network, after the gate of layer 3."""
    page = visitor.open("circle")
    visitor.post("/step", {"unit": "phase", "count": phases})
    page.wait_for_selector('#network[data-step="1"][data-phase]', state="attached")
    page.keyboard.press("m")
    page.locator("#matrix-pair").select_option(str(layer))
    page.wait_for_selector("#matrix-grid .cell[data-w]", state="attached")
    page.wait_for_function(FITTED)
    return page


def close(text: str | None, expected: float) -> bool:
    """Whether an attribute is this number."""
    return text is not None and math.isclose(float(text), expected, rel_tol=RELATIVE, abs_tol=1e-9)


@pytest.mark.parametrize("layer", [3, 4])
def test_cells_products_and_sums_are_the_traces_in_every_reading(visit: Opener, layer: int) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor, layer)
    trace = visitor.get("/trace")["layers"]
    own, below = trace[layer - 1], trace[layer - 2]
    for direction, sent in (("backward", "delta"), ("forward", "a"), ("ledger", None)):
        page.locator(f'#matrix button[data-direction="{direction}"]').first.click()
        page.wait_for_selector(f'#matrix-grid[data-direction="{direction}"]', state="attached")
        for cell in page.evaluate(CELLS):
            j, k = int(cell["j"]) - 1, int(cell["k"]) - 1
            product = (
                own["w"][j][k] * (1 if sent == "a" else own["delta"][j]) * (1 if sent == "delta" else below["a"][k])
            )
            assert close(cell["w"], own["w"][j][k])
            assert close(cell["product"], product), (direction, cell)
    page.keyboard.press("Escape")
    page.locator('#matrix button[data-direction="backward"]').first.click()
    page.locator("#matrix-run").click()
    page.locator("#matrix-run").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#matrix-grid .head.sum.partial")).to_have_count(0)
    if layer == 4:
        sums = page.evaluate(SUMS)
        assert len(sums) == len(below["received"])
        assert all(close(text, received) for text, received in zip(sums, below["received"], strict=True))


def test_transposing_mirrors_every_cell_and_moves_nothing_in_the_network(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    network, before = page.evaluate(NETWORK), {(j, k): (x, y) for j, k, x, y in page.evaluate(PLACES)}
    page.keyboard.press("t")
    page.wait_for_selector("#matrix-grid.turning", state="attached")
    page.wait_for_selector('#matrix-grid[data-flip="1.000"]', state="attached")
    after = {(j, k): (x, y) for j, k, x, y in page.evaluate(PLACES)}
    box = page.locator("#matrix-grid").bounding_box()
    assert box is not None
    for (j, k), (x, y) in before.items():
        other = after[j, k]
        assert other[0] - before[1, 1][0] == pytest.approx(y - before[1, 1][1], abs=0.6)
        assert other[1] - before[1, 1][1] == pytest.approx(x - before[1, 1][0], abs=0.6)
    assert page.evaluate(NETWORK) == network
    expect(page.locator("#matrix-saying")).to_contain_text("the network did not")
    page.keyboard.press("t")
    page.wait_for_selector('#matrix-grid[data-flip="0.000"]', state="attached")


@pytest.mark.parametrize("direction", ["backward", "forward", "ledger"])
def test_no_plate_turns_that_nothing_stands_on(visit: Opener, direction: str) -> None:
    page = opened(visit())
    page.locator(f'#matrix button[data-direction="{direction}"]').first.click()
    standing = page.evaluate(ON_PLATES, [0.1, 0.25, 0.4, 0.6, 0.8, 0.95])
    assert len(standing) >= 6
    assert min(standing) > 0


def test_the_notation_stores_the_matrix_the_other_way_round_and_is_in_the_address_and_remembered(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor)
    before = {(j, k): (x, y) for j, k, x, y in page.evaluate(PLACES)}
    page.locator("#matrix-notation").select_option("rows")
    page.wait_for_selector('#matrix-grid[data-flip="1.000"]', state="attached")
    expect(page.locator("#matrix-flip")).to_have_value("0")
    after = {(j, k): (x, y) for j, k, x, y in page.evaluate(PLACES)}
    for place, (x, y) in after.items():
        assert x - after[1, 1][0] == pytest.approx(before[place][1] - before[1, 1][1], abs=0.6)
        assert y - after[1, 1][1] == pytest.approx(before[place][0] - before[1, 1][0], abs=0.6)
    names = page.locator("#matrix-grid .cell .box-name").all_text_contents()
    assert names[:4] == ["w₁₁", "w₂₁", "w₃₁", "w₄₁"]  # the weights into upper neuron 1
    expect(page.locator("#matrix-saying")).to_contain_text("adds up its row")
    page.locator("#matrix-transpose").click()
    page.wait_for_selector('#matrix-grid[data-flip="0.000"]', state="attached")
    expect(page.locator("#matrix-saying")).to_contain_text("stands as a column")
    page.wait_for_url("**notation=rows**")
    page.goto(visitor.address)
    page.wait_for_selector("#network[data-phase]", state="attached")
    expect(page.locator("#matrix-notation")).to_have_value("rows")
    page.goto(page.url.split("?")[0] + "?notation=sums")
    page.wait_for_selector("#network[data-phase]", state="attached")
    page.keyboard.press("m")
    expect(page.locator("#matrix-transpose")).to_be_hidden()
    expect(page.locator('#matrix button[data-direction="backward"][data-how="gather"]')).to_have_text("sum over j")


def test_grid_and_network_point_at_each_other(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor)
    page.locator('#matrix-grid .cell[data-j="2"][data-k="4"]').hover()
    expect(page.locator("#network path.connection.hot")).to_have_count(1)
    expect(page.locator("#network path.connection.hot")).to_have_id("connection-3-2-4")
    page.mouse.move(5, 700)
    expect(page.locator("#network path.connection.hot")).to_have_count(0)
    page.locator("#neuron-2-3 .frame").hover(force=True)
    lit = page.locator("#matrix-grid .cell.lit")
    expect(lit).to_have_count(3)
    assert lit.evaluate_all("cells => cells.map(cell => cell.dataset.k)") == ["3", "3", "3"]
    expect(page.locator("#matrix-saying")).to_contain_text("Neuron 3 gathers from its column 3")


def test_arrow_keys_walk_the_cells_as_they_are_seen(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor)
    where = "() => [document.activeElement.dataset.j, document.activeElement.dataset.k]"
    page.locator('#matrix-grid .cell[data-j="1"][data-k="1"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(where) == ["2", "2"]
    page.locator("#matrix-flip").evaluate("slider => { slider.value = 1; slider.dispatchEvent(new Event('input')); }")
    page.locator('#matrix-grid .cell[data-j="2"][data-k="2"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == ["3", "2"]


def test_a_run_stops_where_somebody_looks_and_goes_on_from_there(visit: Opener) -> None:
    visitor = visit()
    page = opened(visitor)
    page.locator("#matrix-run").click()
    page.wait_for_selector("#matrix-grid .cell.lit", state="attached")
    page.locator('#matrix-grid .cell[data-j="3"][data-k="2"]').hover()
    lit = page.locator("#matrix-grid .cell.lit")
    expect(lit).to_have_attribute("data-j", "3")
    expect(page.locator("#matrix-saying")).to_contain_text("Connection 2 ← 3")
    page.mouse.move(5, 700)
    expect(lit).to_have_attribute("data-k", "3")


def test_what_was_sent_is_the_slope_that_nudging_measures(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor)
    received = visitor.get("/trace")["layers"][1]["received"]
    page.locator('#matrix [data-question="transpose"]').click()
    expect(page.locator("#nudge-neuron")).to_have_value("2")  # the question has set its stage
    page.locator("#nudge-neuron").select_option("3")
    slider = page.locator("#nudge-by")
    expect(page.locator("#nudge-plot path").first).to_be_attached()
    slider.focus()
    for _ in range(4):
        slider.press("ArrowRight")
    page.wait_for_function("() => document.getElementById('matrix-nudge').dataset.measured")
    card = page.locator("#matrix-nudge")
    assert float(card.get_attribute("data-sent") or "nan") == pytest.approx(received[2], rel=1e-9)
    assert float(card.get_attribute("data-measured") or "nan") == pytest.approx(received[2], rel=1e-5, abs=1e-8)


def test_an_activation_is_dragged_on_the_network_and_everything_above_moves_by_its_weight(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor)
    trace = visitor.get("/trace")["layers"]
    expect(page.locator(".nudge-handle")).to_have_count(0)
    page.locator('#matrix [data-question="transpose"]').click()
    expect(page.locator(".nudge-handle")).to_have_count(4)
    view, x, y = page.get_attribute("#network", "viewBox"), *middle(page, ".nudge-handle[data-k='3'] .grip")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 35, steps=4)
    expect(page.locator("#nudge-neuron")).to_have_value("3")
    expect(page.locator("#matrix-grid .cell.lit")).to_have_count(3)
    by = float(page.locator("#nudge-by").input_value())
    assert by > 0.3
    for j in range(3):
        expect(page.locator(".nudge-moves text", has_text=f"z{'₁₂₃'[j]}")).to_have_count(1)
        moved = page.locator("#matrix-grid .head.sum[data-value]:not(.unused)").nth(j).get_attribute("data-value")
        assert close(moved, by * trace[2]["w"][j][2])
    page.mouse.up()
    page.wait_for_function("() => document.getElementById('matrix-nudge').dataset.measured")
    measured = float(page.locator("#matrix-nudge").get_attribute("data-measured") or "nan")
    assert measured == pytest.approx(trace[1]["received"][2], rel=1e-5, abs=1e-8)
    expect(page.locator(".nudge-moves text")).to_have_count(0)
    # neither the picture moved, nor was anything pinned
    assert page.get_attribute("#network", "viewBox") == view
    expect(page.locator("#inspector-panel .card")).to_have_count(0)


def test_a_handle_is_moved_by_keys_which_the_transport_does_not_hear(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor)
    page.locator('#matrix [data-question="transpose"]').click()
    handle, cursor = page.locator(".nudge-handle[data-k='1']"), visitor.cursor()
    handle.focus()
    for key in ("ArrowUp", "ArrowUp", "Shift+ArrowDown"):
        handle.press(key)
    expect(handle).to_have_attribute("aria-valuenow", "-0.3")
    handle.press("Escape")
    expect(handle).to_have_attribute("aria-valuenow", "0")
    handle.press("ArrowDown")
    handle.press("Enter")
    page.wait_for_function("() => document.getElementById('matrix-nudge').dataset.measured")
    assert visitor.cursor() == cursor
    page.keyboard.press("m")
    expect(page.locator(".nudge-handle")).to_have_count(0)


def test_on_a_phone_the_network_is_above_what_is_nudged(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True)
    page = opened(visitor)
    page.locator('#matrix [data-question="transpose"]').tap()
    handle = page.locator(".nudge-handle[data-k='2'] .grip")
    expect(handle).to_be_in_viewport()
    page.wait_for_function(FITTED)
    handle.tap()  # a tap takes it and lets it go where it was
    expect(page.locator("#nudge-neuron")).to_have_value("2")
    expect(page.locator("#nudge-by")).to_have_value("0")


def middle(page: Page, selector: str) -> tuple[float, float]:
    """Where to press."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_twelve_by_twelve_has_its_numbers_on_a_phone(visit: Opener) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = visitor.open()
    made = visitor.page.request.post(f"{visitor.address}/api/sessions", data={"layers": [2, 12, 12, 2]}).json()
    page.goto(f"{visitor.address}/sessions/{made['id']}?matrix=3")
    page.wait_for_selector("#matrix-grid .cell[data-w]", state="attached")
    letters = page.evaluate(LETTERS)
    assert len(letters) == 144
    assert all(re.fullmatch(r"−?\d?\.\d+|≈ 0", words) and size >= 10 for words, size, *_ in letters)
    assert min(left for *_, left, _ in letters) >= 0
    assert max(right for *_, right in letters) <= 390


def test_the_inverse_is_shown_with_its_worst_angle_and_can_be_made_to_agree(visit: Opener) -> None:
    visitor = visit(reduced_motion="reduce")
    page = opened(visitor, layer=4)
    page.locator('#matrix [data-question="inverse"]').click()
    card = page.locator("#matrix-inverse")
    found = visitor.get("/spectrum?layer=4")
    expect(card).to_have_attribute("data-condition", str(found["condition"]))
    expect(card).to_have_attribute("data-cosine", str(found["cosine"]))
    expect(page.locator("#inverse-words")).to_contain_text("it has no inverse")
    page.locator("#inverse-kappa").evaluate("slider => { slider.value = 0; slider.dispatchEvent(new Event('input')); }")
    page.wait_for_function(
        "() => Math.abs(Number(document.getElementById('matrix-inverse').dataset.condition) - 1) < 1e-6"
    )
