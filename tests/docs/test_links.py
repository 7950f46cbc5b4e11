"""docs/links.md names every parameter of an address, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from app.web import asked, shown

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "links.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([a-z_0-9]+)(?:=[^`]*)?`", TEXT))


@pytest.mark.parametrize("name", [*asked.PLACES, *shown.NAMES, *shown.PARTS, *shown.COLUMNS])
def test_every_parameter_and_part_is_described(name: str) -> None:
    assert name in WORDS


def test_no_parameter_is_described_that_is_not_there() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", TEXT, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z_0-9]+)", row)}
    assert named == {*asked.PLACES, *shown.NAMES}


def test_the_examples_open(client: httpx.Client) -> None:
    paths = re.findall(r"/new\?[^\s\"`…]+", TEXT)
    assert len(paths) == 2
    for path in paths:
        answer = client.get(path.replace("&amp;", "&"))
        assert answer.status_code == 303
        assert client.get(answer.headers["location"]).status_code == 200
