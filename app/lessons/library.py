"""All lessons, read from their files: one TOML file each, in the folder of its language."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from app.lessons.lesson import Lesson

FOLDER = Path(__file__).parent / "content"
DEFAULT = "en"
ORDER = ("from-nothing", "why-the-transpose", "three-numbers", "where-blame-dies", "random-wires", "spot-the-bug")


class LessonError(ValueError):
    """A file that is no lesson; the sentence names the file and the place in it."""


def read(path: Path) -> Lesson:
    """The lesson in a file. Raises LessonError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Lesson.model_validate_json(_json({"name": path.stem, **content}))
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"{path.name}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LessonError(f"{path.name}: {place}: {first['msg']}") from None


def _json(content: object) -> str:
    """As JSON, so that lists may stand for tuples though types are strict."""
    return json.dumps(content)


@cache
def lessons(language: str = DEFAULT) -> dict[str, Lesson]:
    """The lessons of a language, by name, in their order; English where there are none. Raises LessonError."""
    folder = FOLDER / language
    if not folder.is_dir():
        return lessons(DEFAULT)
    found = {path.stem: read(path) for path in sorted(folder.glob("*.toml"))}
    places = {name: place for place, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda item: places.get(item[0], len(ORDER))))
