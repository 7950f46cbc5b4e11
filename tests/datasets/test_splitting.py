"""Laws of the split and of the order of an epoch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import epoch_order, split

SEEDS = st.integers(0, 2**53)


@given(n=st.integers(1, 400), fraction=st.floats(0, 0.999), seed=SEEDS)
def test_train_and_test_are_ascending_and_together_hold_every_row_once(n: int, fraction: float, seed: int) -> None:
    train, test = split(n, fraction, seed)
    assert sorted([*train, *test]) == list(range(n))
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()
    assert len(train) >= 1
    assert train.dtype == test.dtype == np.intp


@pytest.mark.parametrize(
    ("n", "fraction", "held_back"),
    [
        (1797, 0.2, 360),
        (500, 0.2, 100),
        (10, 0.7, 7),
        (100, 0.07, 7),
        (10, 0.01, 1),
        (4, 0.0, 0),
        (1, 0.9, 0),
        (2, 0.99, 1),
    ],
)
def test_the_fraction_is_rounded_up_but_one_training_example_remains(n: int, fraction: float, held_back: int) -> None:
    assert len(split(n, fraction, 1)[1]) == held_back


@given(seed=SEEDS)
def test_the_split_depends_on_the_seed_alone(seed: int) -> None:
    first, again, other = split(200, 0.3, seed), split(200, 0.3, seed), split(200, 0.3, seed + 1)
    assert (first[1] == again[1]).all()
    assert (first[1] != other[1]).any()


@given(n=st.integers(1, 300), seed=SEEDS, epoch=st.integers(1, 10_000))
def test_an_epoch_visits_every_example_once_in_an_order_of_its_own(n: int, seed: int, epoch: int) -> None:
    order = epoch_order(n, seed, epoch, True)
    assert sorted(order) == list(range(n))
    assert order.dtype == np.intp
    assert (order == epoch_order(n, seed, epoch, True)).all()
    if n > 20:
        assert (order != epoch_order(n, seed, epoch + 1, True)).any()
        assert (order != epoch_order(n, seed + 1, epoch, True)).any()


def test_without_shuffle_examples_come_as_they_stand_in_every_epoch() -> None:
    assert epoch_order(5, 1, 9, False).tolist() == [0, 1, 2, 3, 4]


def test_the_split_of_a_seed_is_pinned() -> None:
    # exported sessions hold the seed and not the split: changing how it is drawn would change what they show
    assert split(10, 0.3, 1)[1].tolist() == [0, 5, 8]
    assert epoch_order(6, 1, 1, True).tolist() == [0, 5, 2, 1, 4, 3]
