"""From numbers to what is seen of them: the cases that JavaScript answers too, in tests/js/cases.test.js."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.trace import phases
from app.web.picture import phases as picture_phases
from app.web.picture import scales as picture_scales
from app.web.picture import text
from app.web.picture.phases import Phase
from app.web.picture.quantities import Seen, customary, prominence
from app.web.picture.ranking import Strongest, competing, strongest

CASES = Path(__file__).parents[1] / "cases"
SCALES = json.loads((CASES / "scales.json").read_text(encoding="utf-8"))
PHASES = json.loads((CASES / "phases.json").read_text(encoding="utf-8"))
ABOUT = SCALES.pop("about")
NO_JSON = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def function(name: str) -> Callable[..., Any]:
    """The function of a case."""
    for module in (picture_scales, text):
        if hasattr(module, name):
            return getattr(module, name)  # type: ignore[no-any-return]
    raise AssertionError(f"nothing is called {name}")


def revived(value: Any) -> Any:
    """What JSON has no word for."""
    return NO_JSON.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("name", "given", "answer"), [(name, *case) for name, cases in SCALES.items() for case in cases]
)
def test_a_number_is_drawn_as_the_page_draws_it(name: str, given: list[Any], answer: Any) -> None:
    found, wanted = function(name)(*map(revived, given)), revived(answer)
    if isinstance(found, str):
        assert found == answer
    else:
        assert found == pytest.approx(wanted, rel=1e-12, abs=1e-15, nan_ok=True)


def phase_of(name: str) -> Phase:
    """`send_back 3`"""
    phase, _, layer = name.partition(" ")
    return phase, int(layer) if layer else None


@pytest.mark.parametrize("depth", PHASES["known_after"])
def test_a_quantity_is_known_from_its_phase_on(depth: str) -> None:
    order: list[Phase] = [("start", None), *phases(int(depth))]
    for quantity, layers in PHASES["known_after"][depth].items():
        for layer, name in layers.items():
            known = [picture_phases.reached(quantity, int(layer), int(depth), phase) for phase in order]
            assert known == [place >= order.index(phase_of(name)) for place in range(len(order))], (quantity, layer)


def test_nothing_but_the_inputs_is_known_of_layer_1() -> None:
    for quantity in PHASES["known_after"]["2"]:
        assert picture_phases.reached(quantity, 1, 2, ("update", None)) is (quantity == "a")


def test_each_phase_shows_what_it_is_about() -> None:
    assert {name: customary(phase_of(name)[0]) for name in PHASES["customary"]} == PHASES["customary"]
    assert {name: picture_phases.direction(phase_of(name)) for name in PHASES["direction"]} == PHASES["direction"]


@pytest.mark.parametrize(("depth", "phase", "kind", "layer", "answer"), PHASES["prominence"])
def test_connections_stand_out_where_something_happens(
    depth: int, phase: str, kind: str, layer: int, answer: str
) -> None:
    seen = Seen((1,) * depth, 1, phase_of(phase), (), np.zeros(1), None)
    assert prominence(seen, kind, layer) == answer


@pytest.mark.parametrize(("depth", "phase", "kind", "layers"), PHASES["competing"])
def test_the_strongest_connections_are_those_of_the_layer_where_something_happens(
    depth: int, phase: str, kind: str, layers: list[int]
) -> None:
    seen = Seen((1,) * depth, 1, phase_of(phase), (), np.zeros(1), None)
    assert competing(seen, kind) == layers


def test_of_equally_strong_connections_the_first_are_chosen_after_all_that_are_stronger() -> None:
    numbers: tuple[dict[str, Any], ...] = ({}, {"w": np.full((2, 2), 0.5)}, {"w": np.array([[0.1, 9], [np.inf, 8]])})
    seen = Seen((2, 2, 2), 0, ("start", None), numbers, np.zeros(2), None)
    four = ((2, 1, 1), (2, 1, 2), (3, 1, 2), (3, 2, 2))
    assert strongest(seen, "weight", 4, (2, 2, 2)) == Strongest(four, "weight", 0.5, 8, [2, 3])
    assert strongest(seen, "weight", 9, (2, 1, 2)).places == ((2, 1, 1), (2, 1, 2), (3, 1, 1))
    assert strongest(seen, "sent", 9, (2, 2, 2)) == Strongest((), "sent", 0.0, 0, [])
