# /// script
# requires-python = ">=3.11"
# dependencies = ["scikit-learn>=1.5", "numpy>=2.2"]
# ///
"""Makes digits.npz from scikit-learn's copy of the UCI test set: ``uv run app/datasets/make_digits.py``.

scikit-learn is needed here only; the program itself reads the file with numpy. Running it again gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

FILE = Path(__file__).with_name("digits.npz")


def main() -> None:
    """Write images (1797, 8, 8) with pixels 0 to 16 and labels (1797,), as bytes, compressed."""
    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    assert images.shape == (1797, 8, 8), images.shape
    assert (images == digits.images).all(), "a pixel is not a whole number"
    np.savez_compressed(FILE, images=images, labels=labels)
    print(f"{FILE.name}: {len(labels)} images, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
