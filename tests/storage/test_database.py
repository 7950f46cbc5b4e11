"""The file of documents: whole or not at all, one writer in a place, and nothing that cannot be read is touched."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.storage import Database, DataFolder, Documents, StorageError, Superseded, schema, secret
from app.storage.database import LONG_LOG


def documents(path: Path, kind: str = "thing") -> Documents:
    with DataFolder(path) as folder:
        return Documents(Database(folder.database), kind)


def test_a_document_is_found_by_whoever_opens_the_file_next(tmp_path: Path) -> None:
    things = documents(tmp_path)
    things.put("b", "me", "head", b"body")
    things.put("a", "you", "other")
    things.append("b", [(1, "one"), (2, "two")])
    again = documents(tmp_path)
    assert [(found.id, found.owner, found.head, found.appended) for found in again.all()] == [
        ("b", "me", "head", 2),
        ("a", "you", "other", 0),
    ]
    assert again.body("b") == b"body"
    assert again.entries("b") == [(1, "one"), (2, "two")]
    assert documents(tmp_path, "another kind").all() == []


def test_a_document_that_is_written_anew_keeps_owner_and_age_and_has_nothing_after_it(tmp_path: Path) -> None:
    things = documents(tmp_path)
    things.put("a", "me", "1")
    made = things.all()[0]
    things.append("a", [(1, "one")], head="2")
    things.used({"a": 5.0})
    things.put("a", "somebody", "3")
    (found,) = things.all()
    assert (found.owner, found.made, found.used, found.head, found.appended) == ("me", made.made, 5.0, "3", 0)


def test_what_fails_in_the_middle_has_not_happened(tmp_path: Path) -> None:
    things = documents(tmp_path)
    things.put("a", "me", "1")
    with pytest.raises(sqlite3.Error):
        things.append("a", [(1, "one"), (2, None)], head="2")  # type: ignore[list-item]
    (found,) = things.all()
    assert (found.head, found.appended) == ("1", 0)


def test_of_two_writers_in_one_place_only_the_later_one_writes(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        main = Database(folder.database)
        first, other = (Documents(Database(folder.database, main.appoint(slot)), "thing") for slot in (0, 1))
        first.put("a", "", "")
        second = Documents(Database(folder.database, main.appoint(0)), "thing")
        second.put("b", "", "")
        other.put("c", "", "")
        with pytest.raises(Superseded):
            first.put("d", "", "")
        main.dismiss()
        for late in (second, other):
            with pytest.raises(Superseded):
                late.put("d", "", "")
        assert [found.id for found in Documents(main, "thing").all()] == ["a", "b", "c"]


def test_a_folder_is_one_servers_until_it_ends_however_it_ends(tmp_path: Path) -> None:
    holder = "import sys; from pathlib import Path; from app.storage import DataFolder\n"
    holder += "folder = DataFolder(Path(sys.argv[1])).open(); print('open', flush=True); input()"
    command = [sys.executable, "-c", holder, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StorageError, match="another Blameflow is using"):
            DataFolder(tmp_path).open()
        process.kill()
    documents(tmp_path)


def damage_first_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 200)


def damage_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 4096)


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def write_nonsense(path: Path) -> None:
    path.write_text("not a database at all, but long enough to be one " * 100, encoding="utf-8")


def take_for_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (damage_first_page, "is damaged"),
        (damage_the_middle, "is damaged"),
        (cut_short, "is damaged"),
        (write_nonsense, "is damaged"),
        (take_for_another_program, "not a file of Blameflow's"),
        (make_newer, "newer Blameflow"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_left_as_it_is(
    tmp_path: Path, break_it: Callable[[Path], object], sentence: str
) -> None:
    with DataFolder(tmp_path) as folder, closing(Database(folder.database)) as database:
        things = Documents(database, "thing")
        for number in range(200):
            things.put(f"{number}", "", "x" * 500)
        database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    break_it(folder.database)
    before = folder.database.read_bytes()
    for _ in range(2):
        with pytest.raises(StorageError, match=sentence) as refused:
            DataFolder(tmp_path).open()
        assert str(folder.database) in str(refused.value)
        assert folder.database.read_bytes() == before


def test_an_older_file_is_brought_up_to_date_with_all_that_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents(tmp_path).put("a", "me", "head")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "ALTER TABLE counter ADD COLUMN more TEXT"))
    assert [found.id for found in documents(tmp_path).all()] == ["a"]
    with DataFolder(tmp_path) as folder, closing(sqlite3.connect(folder.database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
        assert "more" in [row[1] for row in connection.execute("PRAGMA table_info(counter)")]


def test_a_step_to_the_next_version_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents(tmp_path).put("a", "me", "head")
    with monkeypatch.context() as patched:
        failing = "ALTER TABLE counter ADD COLUMN more TEXT; INSERT INTO nowhere VALUES (1)"
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, failing))
        with pytest.raises(StorageError, match="nowhere"):
            DataFolder(tmp_path).open()
    assert [found.id for found in documents(tmp_path).all()] == ["a"]


def test_a_long_log_begins_anew_and_who_reads_does_not_hold_up_who_writes(tmp_path: Path) -> None:
    """By itself it begins anew only if nobody writes for as long as a checkpoint takes."""
    with DataFolder(tmp_path) as folder, closing(Database(folder.database)) as database:
        statements: list[str] = []
        database._connection.set_trace_callback(statements.append)
        things = Documents(Database(folder.database), "thing")
        things.put("a", "", "", b"x" * 4_096)
        database.checkpoint()
        assert not any("RESTART" in statement for statement in statements)
        with closing(sqlite3.connect(folder.database, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM document").fetchone()
            things.put("a", "", "", b"x" * 4_096 * (LONG_LOG + 100))
            database.checkpoint()
            things.put("b", "", "")
        assert any("RESTART" in statement for statement in statements)


def test_a_temporary_folder_is_gone_at_the_end() -> None:
    with DataFolder() as folder:
        assert folder.database.is_file()
    assert not folder.path.exists()


def test_the_secret_is_drawn_once(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        first = secret(Database(folder.database), "control")
        assert len(first) == 32
        assert secret(Database(folder.database), "control") == first
        assert secret(Database(folder.database), "another") != first
