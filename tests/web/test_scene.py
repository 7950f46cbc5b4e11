"""The picture's geometry: nothing overlaps, nothing leaves the stage, and every connection goes where it should."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.scene import timeline as scene_timeline
from app.web.scene.parts import Box, Picture
from app.web.scene.paths import along, handles, number
from app.web.scene.scene import SMALLEST_MAP, Scene, draw

WIDE, PROJECTOR, PHONE = (904, 512), (788, 372), (390, 424)
SIZES = (WIDE, PROJECTOR, PHONE)
DIGITS = Picture((64, 30, 10), ("sigmoid", "sigmoid"), "image", (8, 8), classes=tuple("0123456789"))
DEEP = Picture((784, 256, 128, 10), ("tanh", "tanh", "softmax"), "image", (28, 28), classes=tuple("0123456789"))
MNIST = Picture((784, 30, 10), ("sigmoid", "sigmoid"), "image", (28, 28), classes=tuple("0123456789"))


def plain(*layers: int) -> Picture:
    """A network of tanh neurons on points of the plane, or on numbers."""
    return Picture(layers, ("tanh",) * (len(layers) - 1), "plane" if layers[0] == 2 else "values")


SHAPES = (
    plain(2, 4, 3, 2),
    plain(2, 2, 2),
    plain(2, 4, 1),
    plain(1, 3, 1),
    plain(2, 1),
    plain(2, 8, 8, 2),
    plain(2, 64, 64, 2),
    plain(2, 3, 4, 5, 3, 4, 5, 3, 4, 3, 4, 2),
    plain(13, 7, 3),
    plain(40, 11, 26),
    DIGITS,
    MNIST,
    DEEP,
)


def squares(scene: Scene) -> list[Box]:
    return [neuron.at.box for neuron in scene.neurons]


def assert_sound(scene: Scene) -> None:
    """No two neurons meet, all are on the stage, and the layers stand from left to right with room between them."""
    for a, b in pairwise(scene.columns):
        assert b.left - a.right >= 6, (scene.picture.layers, scene.width, a, b)
    for column in scene.columns:
        own = [n.at.box for n in scene.neurons if n.at.layer == column.layer]
        in_rows = [own[i : i + column.columns] for i in range(0, len(own), column.columns)]
        for row in in_rows:
            assert all(b.left >= a.right - 1e-6 for a, b in pairwise(row))
        assert all(b[0].top >= a[0].bottom - 1e-6 for a, b in pairwise(in_rows))
    for box in squares(scene):
        assert box.left >= 0
        assert box.right <= scene.width
        assert box.top >= 18  # below the names of the layers
        assert box.bottom <= scene.height


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", SHAPES, ids=lambda p: "-".join(map(str, p.layers)))
def test_neurons_never_overlap_and_stay_on_the_stage(picture: Picture, size: tuple[int, int]) -> None:
    assert_sound(draw(picture, *size))


@given(
    layers=st.lists(st.integers(1, 120), min_size=2, max_size=12),
    width=st.integers(360, 1600),
    height=st.integers(300, 1000),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_network_on_any_stage_is_sound(layers: list[int], width: int, height: int) -> None:
    scene = draw(plain(*layers), width, height)
    assert_sound(scene)
    for column in scene.columns:
        assert 1 <= column.drawn <= column.neurons


@given(layers=st.lists(st.integers(1, 12), min_size=2, max_size=12), width=st.integers(360, 1600))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_buttons_of_the_timeline_never_overlap(layers: list[int], width: int) -> None:
    timeline = draw(plain(*layers), width, 500).timeline
    for lane in {stop.y for stop in timeline.stops}:
        stops = sorted((s for s in timeline.stops if s.y == lane), key=lambda s: s.x)
        assert stops[0].x - stops[0].width / 2 >= -1
        assert stops[-1].x + stops[-1].width / 2 <= width + 1
        if len(stops) * scene_timeline.BUTTON < width - 150:  # else no arrangement could keep them apart
            assert all(b.x - b.width / 2 >= a.x + a.width / 2 - 0.01 for a, b in pairwise(stops))


def test_timeline_lists_the_phases_of_a_step_in_their_order() -> None:
    names = [phase.words for phase in scene_timeline.phases(4)]
    assert names == [
        "start",
        "feedforward 2",
        "feedforward 3",
        "feedforward 4",
        "cost",
        "output error 4",
        "send back 3",
        "gate 3",
        "send back 2",
        "gate 2",
        "gradient 4",
        "gradient 3",
        "gradient 2",
        "update",
    ]


@pytest.mark.parametrize("size", [WIDE, PROJECTOR])
def test_phases_stand_under_the_layers_that_they_concern(size: tuple[int, int]) -> None:
    scene = draw(plain(2, 4, 3, 2), *size)
    assert scene.timeline.style == "words"
    places = {(s.phase.name, s.phase.layer): s.x for s in scene.timeline.stops}
    xs = [column.x for column in scene.columns]
    assert places["feedforward", 3] == xs[2]
    assert places["gate", 2] == xs[1]
    assert places["send_back", 3] == (xs[2] + xs[3]) / 2
    assert places["gradient", 4] == (xs[2] + xs[3]) / 2


def test_a_phone_has_its_phases_in_one_row_of_dots() -> None:
    timeline = draw(plain(2, 4, 3, 2), *PHONE).timeline
    assert timeline.single
    assert timeline.style == "dots"
    assert len({stop.y for stop in timeline.stops}) == 1
    assert min(stop.width for stop in timeline.stops) >= 24


@pytest.mark.parametrize("size", SIZES)
def test_connections_into_a_neuron_arrive_apart_from_each_other(size: tuple[int, int]) -> None:
    scene = draw(plain(2, 4, 3, 2), *size)
    arrivals: dict[tuple[int, int], list[float]] = {}
    for c in scene.connections:
        arrivals.setdefault((c.layer, c.j), []).append(float(c.d.split()[-1]))
    assert len(arrivals) == 4 + 3 + 2
    for heights in arrivals.values():
        assert all(b - a > 4 for a, b in pairwise(heights))


def test_a_connection_leaves_its_source_and_arrives_at_its_target() -> None:
    scene = draw(plain(2, 4, 3, 2), *WIDE)
    at = {(n.at.layer, n.at.j): n.at for n in scene.neurons}
    for c in scene.connections:
        numbers = [float(text) for text in re.findall(r"-?[0-9.]+", c.d)]
        source, target = at[c.layer - 1, c.k], at[c.layer, c.j]
        assert numbers[0] == pytest.approx(source.right + 1, abs=0.06)
        assert source.top <= numbers[1] <= source.bottom
        assert numbers[-2] == pytest.approx(target.left - 1, abs=0.06)
        assert target.top <= numbers[-1] <= target.bottom


def test_up_to_300_connections_are_paths_and_more_are_a_bundle_with_a_pool() -> None:
    exactly = draw(plain(2, 60, 3), *WIDE)  # 120 + 180
    assert exactly.mode == "paths"
    assert len(exactly.connections) == 300
    assert exactly.bundles == ()
    more = draw(plain(2, 60, 4), *WIDE)
    assert more.mode == "pool"
    assert more.connections == ()
    assert [bundle.layer for bundle in more.bundles] == [2, 3]
    assert more.pool == 300


def test_a_digit_is_drawn_as_its_pixels_and_its_outputs_as_rows() -> None:
    scene = draw(DIGITS, *WIDE)
    styles = [column.style for column in scene.columns]
    assert styles == ["pixels", "cells", "rows"]
    assert scene.columns[1].columns == 2
    pixels = [n.at for n in scene.neurons if n.at.layer == 1]
    assert len({round(p.y, 3) for p in pixels}) == 8
    assert [p.out_y for p in pixels] == sorted(p.out_y for p in pixels)
    assert {p.out_x for p in pixels} == {pixels[0].out_x}


@pytest.mark.parametrize("picture", [plain(2, 4, 3, 2), plain(2, 8, 8, 2), plain(2, 64, 64, 2), plain(2, 3, 4)])
def test_outputs_keep_room_for_the_lines_of_words_beside_them(picture: Picture) -> None:
    last = [neuron.at.y for neuron in draw(picture, *WIDE).neurons if neuron.kind == "output"]
    assert all(below - above >= 90 for above, below in pairwise(last))


def test_only_hidden_neurons_are_said_to_be_sent_blame() -> None:
    blocks = {n.at.layer: n.numbers for n in draw(plain(2, 2, 2), *WIDE).neurons}
    symbols = {layer: [line.symbol for line in block.lines] for layer, block in blocks.items() if block}
    assert "sent" in symbols[2]
    assert "sent" not in symbols[3]
    assert "∂C/∂a" in symbols[3]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", [DIGITS, MNIST, DEEP])
def test_every_neuron_of_a_large_network_has_a_cell(picture: Picture, size: tuple[int, int]) -> None:
    scene = draw(picture, *size)
    assert [column.drawn for column in scene.columns] == list(picture.layers)
    assert len(scene.neurons) == sum(picture.layers)
    sides = {round(column.size, 6) for column in scene.columns if column.style == "cells"}
    assert len(sides) == 1  # layers can be compared
    assert min(sides) >= (8 if size == PHONE else SMALLEST_MAP)


def test_every_mnist_pixel_is_drawn() -> None:
    assert draw(MNIST, *WIDE).columns[0].drawn == 784


def test_a_layer_of_a_thousand_neurons_says_how_many_are_left_out() -> None:
    scene = draw(plain(2, 10_000, 2), *PHONE)
    wide = scene.columns[1]
    assert 0 < wide.drawn < wide.neurons
    assert_sound(scene)


@pytest.mark.parametrize("size", [WIDE, PROJECTOR, (704, 335)])  # beside a lesson at 1280 × 720 there is little room
def test_every_number_of_a_small_network_has_a_place_of_its_own(size: tuple[int, int]) -> None:
    scene = draw(plain(2, 2, 2), *size)
    assert scene.numbers
    blocks = [*scene.connection_numbers, *(n.numbers for n in scene.neurons if n.numbers)]
    assert len(scene.connection_numbers) == 8
    assert len(blocks) == 8 + 4
    boxes = [block.box for block in blocks] + squares(scene)
    for a, b in combinations(boxes, 2):
        assert not a.meets(b), (a, b)
    assert all(box.left >= 0 and box.right <= scene.width and box.bottom <= scene.height for box in boxes)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", SHAPES, ids=lambda p: "-".join(map(str, p.layers)))
def test_running_sums_fit_under_their_neurons(picture: Picture, size: tuple[int, int]) -> None:
    scene = draw(picture, *size)
    neurons = {(n.at.layer, n.at.j): n for n in scene.neurons}
    for (layer, j), neuron in neurons.items():
        below = neurons.get((layer, j + 1))
        if neuron.sum and below:
            assert neuron.sum.y + neuron.sum.height + 14 <= below.at.top
        if neuron.sum:
            assert neuron.sum.terms in ((0,), tuple(range(1, picture.layers[layer] + 1)))


@pytest.mark.parametrize("picture", SHAPES, ids=lambda p: "-".join(map(str, p.layers)))
def test_names_over_the_layers_never_run_into_each_other(picture: Picture) -> None:
    for size in SIZES:
        heads = draw(picture, *size).heads
        for a, b in pairwise(heads):
            widths = [len(f"{head.number} {head.rest}".strip()) * 6.2 / 2 for head in (a, b)]
            assert b.x - a.x > sum(widths)


def test_a_path_is_the_curve_that_javascript_computes_for_the_pool() -> None:
    scene = draw(plain(2, 4, 3, 2), *WIDE)
    at = {(n.at.layer, n.at.j): n.at for n in scene.neurons}
    source, target = at[2, 3], at[3, 1]
    y0 = source.out_y + (1 - 1 - (3 - 1) / 2) * source.out_spread / 2
    y1 = target.in_y + (3 - 1 - (4 - 1) / 2) * target.in_spread / 3
    cubic = handles(source, target, 4, 3)
    assert cubic[0] == pytest.approx((source.out_x, y0))
    assert cubic[3] == pytest.approx((target.in_x, y1))
    assert cubic[1][0] - cubic[0][0] == pytest.approx(0.42 * (target.in_x - source.out_x))
    assert along(cubic, 0) == pytest.approx(cubic[0])
    assert along(cubic, 1) == pytest.approx(cubic[3])


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (1.25, "1.2"), (-0.04, "0"), (-3.0, "-3"), (100.06, "100.1")])
def test_coordinates_are_short(value: float, text: str) -> None:
    assert number(value) == text


def test_where_all_numbers_are_written_none_lies_under_the_next_neuron() -> None:
    for height in (335, 380, 420, 600):
        scene = draw(plain(2, 2, 2), 760, height)
        assert scene.numbers
        for one in scene.neurons:
            for other in scene.neurons:
                if one.numbers and one.at.layer == other.at.layer and one.at.j < other.at.j:
                    assert one.numbers.box.bottom <= other.at.top + 1
