"""The packaged digits are the real ones, and they come with their source and licence."""

from __future__ import annotations

import ast
import hashlib

import numpy as np
import pytest

from app.datasets import build
from app.datasets.digits import FILE

CLASS_COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # as scikit-learn documents them


def test_the_digits_are_the_1797_images_of_the_uci_test_set() -> None:
    data = build("digits")
    pixels = data.inputs * 16
    assert pixels.shape == (1797, 64)
    assert (pixels == np.round(pixels)).all()
    assert pixels.sum() == 561_718
    assert pixels.max() == 16
    assert np.bincount(data.values.astype(int)).tolist() == CLASS_COUNTS
    digest = hashlib.sha256(pixels.astype(np.uint8).tobytes() + data.values.astype(np.uint8).tobytes())
    assert digest.hexdigest() == "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


def test_the_first_image_is_a_zero_seen_upright() -> None:
    data = build("digits")
    assert data.image_shape == (8, 8)
    drawn = ["".join(" #"[int(pixel > 0.3)] for pixel in row) for row in data.inputs[0].reshape(8, 8)]
    assert drawn == ["  ###   ", "  ##### ", "  #  ## ", "  #  ## ", " ##  ## ", "  #  ## ", "  ####  ", "  ###   "]
    assert data.values[0] == 0
    assert data.classes is not None
    assert data.classes[0] == "0"


def test_pixels_lie_between_0_and_1_and_the_preprocessing_says_how() -> None:
    data = build("digits")
    assert (data.inputs.min(), data.inputs.max()) == (0, 1)
    assert data.preprocessing["inputs"] == {"method": "scaled", "shift": 0.0, "scale": 16.0}
    assert "divided by 16" in data.preprocessing["text"]


def test_source_citation_and_licence_are_told() -> None:
    data = build("digits")
    for part in ("UCI", "data set 80", "Alpaydin", "Kaynak", "1998", "10.24432/C50P49"):
        assert part in data.source
    assert data.licence == "CC BY 4.0"


def test_the_file_is_compact() -> None:
    assert FILE.stat().st_size < 50_000


def test_the_shared_digits_cannot_be_changed_by_who_asks_for_them() -> None:
    with pytest.raises(ValueError, match="read-only"):
        build("digits").inputs[0, 0] = 1


def test_only_the_script_that_makes_the_file_imports_scikit_learn() -> None:
    for path in FILE.parent.glob("*.py"):
        imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        uses = any((node.module or "").startswith("sklearn") for node in imports)
        assert uses == (path.name == "make_digits.py"), path.name
