"""The README's commands and examples are run as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The README's code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def test_the_python_example_runs_and_shows_that_the_columns_of_w_send_the_blame(server_url: str) -> None:
    (example,) = blocks("python")
    assert "http://localhost:8000" in example
    script = example.replace("http://localhost:8000", server_url)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"was sent (\S+); column \d of w times delta is (\S+)", done.stdout)
    assert len(rows) == 3
    assert all(sent == total for sent, total in rows)
    assert "same gradient: True" in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are for curl, which this machine has not")
def test_the_curl_examples_answer_what_the_api_promises(server_url: str) -> None:
    (example,) = blocks("sh")
    commands = example.replace("\\\n", " ").replace("localhost:8000", server_url.removeprefix("http://")).splitlines()
    answers = [json.loads(subprocess.check_output(["sh", "-c", command], text=True)) for command in commands]
    assert answers[0]["config"]["layers"] == [2, 4, 3, 2]
    assert answers[0]["cursor"] == {"step": 0, "phase": "start", "layer": None}
    assert "transpose" in json.dumps(answers[1])


def test_every_folder_of_the_map_exists() -> None:
    root = Path(__file__).resolve().parent.parent
    rows = re.findall(r"^\| (`.+?`(?:, `.+?`)*) \|", README, re.M)
    folders = [name for row in rows for name in re.findall(r"`([a-z/]+)`", row) if (root / name.split("/")[0]).is_dir()]
    assert {"app/engine", "app/sessions", "app/web", "templates"} <= set(folders)
    assert all((root / folder).is_dir() for folder in folders)
