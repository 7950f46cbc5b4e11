"""Every setting is listed once, read from the environment, and written in docs/settings.md."""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import DEFAULTS, SETTINGS, Settings, SettingsError, table, unlisted

WRITTEN = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_every_field_is_a_setting() -> None:
    assert unlisted() == set()


def test_every_setting_is_a_field_and_has_its_own_variable() -> None:
    for setting in SETTINGS:
        assert setting.name in {item.name for item in fields(DEFAULTS[setting.group])}
    assert len({setting.variable for setting in SETTINGS}) == len(SETTINGS)


def test_every_setting_has_a_unit_and_help() -> None:
    for setting in SETTINGS:
        assert setting.unit
        assert len(setting.help) > 5


def test_the_documentation_has_the_table_of_settings() -> None:
    _, _, after = WRITTEN.read_text(encoding="utf-8").partition("held equal by a test -->\n\n")
    assert after == table() + "\n", f"the table should be:\n{table()}"


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"BLAMEFLOW_SESSION_LAYERS": ""}) == Settings()


GIVEN: dict[str, tuple[str, object]] = {
    "data": ("a.csv", (Path("a.csv"),)),
    "allowed_hosts": ("a.example, b.example", ("a.example", "b.example")),
    "public": ("1", True),
    "data_dir": ("kept", Path("kept")),
    "memory": ("1", True),
    "log": ("json", "json"),
    "log_requests": ("1", True),
    "metrics_token": ("s3cret", "s3cret"),
}


@pytest.mark.parametrize("text", ["yes", "2", "true", " "])
def test_a_switch_is_0_or_1(text: str) -> None:
    with pytest.raises(SettingsError, match="BLAMEFLOW_PUBLIC must be 0 or 1"):
        Settings.from_environment({"BLAMEFLOW_PUBLIC": text})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.variable)
def test_every_variable_arrives_where_it_belongs(setting: object) -> None:
    from app.settings import Setting

    assert isinstance(setting, Setting)
    text, value = GIVEN.get(setting.name, ("1234567", 1_234_567))
    settings = Settings.from_environment({setting.variable: text})
    where = {
        "session": settings.limits,
        "server": settings.capacity,
        "file": settings.files,
        "race": settings.races,
        "client": settings.clients,
        "": settings,
    }
    assert getattr(where[setting.group], setting.name) == value


@pytest.mark.parametrize("text", ["ten", "0", "-1", "1.5", "nan", "1e3", "inf", " ", "0x10"])
def test_a_value_that_cannot_be_names_its_variable(text: str) -> None:
    with pytest.raises(SettingsError, match=r"BLAMEFLOW_SERVER_SESSIONS must be a whole number, at least 1; it is"):
        Settings.from_environment({"BLAMEFLOW_SERVER_SESSIONS": text})


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "soon"])
def test_seconds_are_finite_numbers(text: str) -> None:
    with pytest.raises(SettingsError, match="BLAMEFLOW_SERVER_IDLE_SECONDS must be a number"):
        Settings.from_environment({"BLAMEFLOW_SERVER_IDLE_SECONDS": text})


def test_a_misspelled_variable_is_told() -> None:
    with pytest.raises(SettingsError, match=re.escape("Did you mean BLAMEFLOW_SESSION_WEIGHTS?")):
        Settings.from_environment({"BLAMEFLOW_SESSION_WEIGHT": "7"})


def test_files_of_the_command_line_come_before_those_of_the_environment() -> None:
    environment = {"BLAMEFLOW_DATA": os.pathsep.join(["a.csv", "b.csv"])}
    assert Settings.from_environment(environment).data == (Path("a.csv"), Path("b.csv"))
    assert Settings.from_environment(environment, [Path("c.csv")]).data == (Path("c.csv"),)
