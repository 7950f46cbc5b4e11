"""Backup and restore by the command, with a real server writing meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.datasets import build
from app.hosting.data_store import DataStore
from app.storage import Database, DataFolder, Documents, schema


def blameflow(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done


def fill(path: Path, *names: str) -> None:
    """A folder with documents of these names, and a data set."""
    with DataFolder(path) as folder, closing(Database(folder.database)) as database:
        for name in names:
            Documents(database, "thing").put(name, "me", "head", b"body" * 10_000)
            Documents(database, "thing").append(name, [(1, "one")])
        DataStore(folder.datasets).save("upload-00ff", build("moons", 60))


def names(path: Path) -> list[str]:
    with DataFolder(path) as folder, closing(Database(folder.database)) as database:
        return [found.id for found in Documents(database, "thing").all()]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup of a folder."""
    fill(tmp_path / "old", "a", "b")
    assert blameflow("backup", tmp_path / "saved.db", "--data-dir", tmp_path / "old").returncode == 0
    return tmp_path / "saved.db"


def test_what_was_backed_up_is_restored_whole(saved: Path, tmp_path: Path) -> None:
    done = blameflow("restore", saved, "--data-dir", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert names(tmp_path / "new") == ["a", "b"]
    with DataFolder(tmp_path / "new") as folder, closing(Database(folder.database)) as database:
        assert Documents(database, "thing").entries("b") == [(1, "one")]
        data = DataStore(folder.datasets).load("upload-00ff")
        assert data is not None
        assert (data.inputs == build("moons", 60).inputs).all()
        assert database.read("SELECT name FROM sqlite_schema WHERE name = 'file'") == []


@pytest.mark.skipif(os.name != "posix", reason="the system knows no such modes")
def test_nobody_else_reads_what_is_kept_or_backed_up(saved: Path, tmp_path: Path) -> None:
    assert blameflow("restore", saved, "--data-dir", tmp_path / "new").returncode == 0
    for file in (saved, tmp_path / "old" / "blameflow.db", tmp_path / "new" / "blameflow.db"):
        assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_backup_is_made_while_somebody_writes(tmp_path: Path) -> None:
    fill(tmp_path / "old", "a")
    with DataFolder(tmp_path / "old") as folder, closing(Database(folder.database)) as database:
        Documents(database, "thing").put("b", "me", "head")  # in the log, not yet in the file itself
        with database.writing() as connection:
            connection.execute("UPDATE document SET owner = 'nobody'")
            assert blameflow("backup", tmp_path / "saved.db", "--data-dir", tmp_path / "old").returncode == 0
    assert blameflow("restore", tmp_path / "saved.db", "--data-dir", tmp_path / "new").returncode == 0
    with DataFolder(tmp_path / "new") as folder, closing(Database(folder.database)) as database:
        assert [(found.id, found.owner) for found in Documents(database, "thing").all()] == [("a", "me"), ("b", "me")]


def test_nothing_is_replaced_unless_it_is_said_and_then_it_is_put_aside(saved: Path, tmp_path: Path) -> None:
    assert blameflow("backup", saved, "--data-dir", tmp_path / "old").returncode == 2
    assert blameflow("backup", saved, "--data-dir", tmp_path / "old", "--force").returncode == 0
    fill(tmp_path / "other", "c")
    refused = blameflow("restore", saved, "--data-dir", tmp_path / "other")
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert names(tmp_path / "other") == ["c"]
    done = blameflow("restore", saved, "--data-dir", tmp_path / "other", "--force")
    assert done.returncode == 0
    assert names(tmp_path / "other") == ["a", "b"]
    (aside,) = (tmp_path / "other").glob("before-restore-*")
    assert str(aside) in done.stdout
    assert names(aside) == ["c"]


def test_a_folder_in_use_is_not_restored_into(saved: Path, tmp_path: Path) -> None:
    with DataFolder(tmp_path / "old"):
        refused = blameflow("restore", saved, "--data-dir", tmp_path / "old", "--force")
    assert refused.returncode == 2
    assert "another Blameflow is using" in refused.stderr
    assert names(tmp_path / "old") == ["a", "b"]


def test_a_file_that_is_no_whole_backup_is_refused_and_nothing_changed(saved: Path, tmp_path: Path) -> None:
    fill(tmp_path / "other", "c")
    broken = tmp_path / "broken.db"

    def refused(sentence: str) -> None:
        done = blameflow("restore", broken, "--data-dir", tmp_path / "other", "--force")
        assert done.returncode == 2
        assert sentence in done.stderr
        assert names(tmp_path / "other") == ["c"]

    refused("is not there")
    broken.write_bytes(saved.read_bytes()[:-20_000])
    refused("is damaged")
    broken.write_bytes(b"")
    refused("is empty")
    broken.write_bytes((tmp_path / "old" / "blameflow.db").read_bytes())
    refused("blameflow backup")
    for statement, sentence in (
        (f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}", "newer Blameflow"),
        ("INSERT INTO file VALUES ('../outside', 0, 'x')", "'../outside'"),
        ("INSERT INTO file VALUES ('upload-1/../../outside', 0, 'x')", "outside"),
    ):
        broken.write_bytes(saved.read_bytes())
        with closing(sqlite3.connect(broken, isolation_level=None)) as connection:
            connection.execute(statement)
        refused(sentence)
    assert not (tmp_path / "outside").exists()


def test_without_anything_to_save_it_says_so(tmp_path: Path) -> None:
    done = blameflow("backup", tmp_path / "saved.db", "--data-dir", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nothing to be saved" in done.stderr
    assert list(tmp_path.iterdir()) == []
