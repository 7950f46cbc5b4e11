"""Every setting: its name, default, unit and what it does. The table of docs/settings.md is made from `SETTINGS`.

A setting is an environment variable. Those about one session begin with `BLAMEFLOW_SESSION_`, those about all together
with `BLAMEFLOW_SERVER_`, those about files of data with `BLAMEFLOW_FILE_`, those about races with `BLAMEFLOW_RACE_`,
those about one client with `BLAMEFLOW_CLIENT_`. Defaults stand where they are used.
"""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from app.datasets import FileLimits
from app.hosting.capacity import Capacity
from app.logs import FORMS, Form
from app.races.limits import RaceLimits
from app.sessions.limits import Limits
from app.web.safety.limits import ClientLimits

PREFIX = "BLAMEFLOW_"

Group = Literal["session", "server", "file", "race", "client", ""]


class SettingsError(ValueError):
    """A setting that cannot be; its text is a sentence that names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `create_app` takes.

    Attributes
    ----------
    data
        files of a data set that is there for everybody, and that the first page opens on.
    data_dir
        the folder that everything is kept in; None: nothing is kept. (The command uses the user's own folder then,
        unless `memory` says otherwise.)
    workers
        processes that train; 0: the server's own does.
    body_bytes, import_bytes
        the largest body of a call, and of `POST /api/sessions/import`.
    public
        whether others than this machine's users reach the server, so that sessions belong to who made them.
    allowed_hosts
        names that the server is asked by, besides those of this machine and addresses in numbers.
    trusted_proxies
        how many proxies stand before the server and tell the client's address.
    bodies_bytes
        of all bodies that are being read or answered.
    log, log_requests
        how the log is written, and whether each request stands in it.
    metrics_token
        who sends it may read `/metrics` from elsewhere.
    """

    data: tuple[Path, ...] = ()
    data_dir: Path | None = None
    memory: bool = False
    workers: int = 1
    body_bytes: int = 32 * 2**20
    import_bytes: int = 64 * 2**20
    public: bool = False
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    bodies_bytes: int = 512 * 2**20
    log: Form = "text"
    log_requests: bool = False
    metrics_token: str = ""
    limits: Limits = field(default_factory=Limits)
    capacity: Capacity = field(default_factory=Capacity)
    files: FileLimits = field(default_factory=FileLimits)
    races: RaceLimits = field(default_factory=RaceLimits)
    clients: ClientLimits = field(default_factory=ClientLimits)

    @staticmethod
    def from_environment(environment: Mapping[str, str] = os.environ, data: Iterable[Path] = ()) -> Settings:
        """The settings of these variables; `data` (options of the command line) comes first. Raises SettingsError."""
        _check_names(environment)
        given = {setting.variable: setting for setting in SETTINGS if environment.get(setting.variable, "") != ""}
        values: dict[Group, dict[str, Any]] = {
            "session": {},
            "server": {},
            "file": {},
            "race": {},
            "client": {},
            "": {},
        }
        for variable, setting in given.items():
            values[setting.group][setting.name] = setting.read(environment[variable])
        settings = Settings(
            limits=replace(Limits(), **values["session"]),
            capacity=replace(Capacity(), **values["server"]),
            files=replace(FileLimits(), **values["file"]),
            races=replace(RaceLimits(), **values["race"]),
            clients=replace(ClientLimits(), **values["client"]),
            **values[""],
        )
        return replace(settings, data=tuple(data) or settings.data)


DEFAULTS: Mapping[Group, Any] = {
    "session": Limits(),
    "server": Capacity(),
    "file": FileLimits(),
    "race": RaceLimits(),
    "client": ClientLimits(),
    "": Settings(),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `least` is the smallest value that makes sense."""

    group: Group
    name: str
    unit: str
    help: str
    least: float = 1

    @property
    def variable(self) -> str:
        """The environment variable."""
        own = self.name.removeprefix(f"{self.group}_")  # FILE_BYTES, not FILE_FILE_BYTES
        return PREFIX + (f"{self.group}_{own}" if self.group else own).upper()

    @property
    def default(self) -> Any:
        """The value where the variable is not set, or empty."""
        return getattr(DEFAULTS[self.group], self.name)

    def read(self, text: str) -> Any:
        """The value that a variable's text stands for. Raises SettingsError."""
        if self.unit == "files":
            return tuple(Path(name) for name in text.split(os.pathsep) if name)
        if self.unit == "names":
            return tuple(name.strip() for name in text.split(",") if name.strip())
        if isinstance(self.default, bool):
            return self._switch(text)
        if self.default is None:
            return Path(text)
        if isinstance(self.default, str):
            return self._words(text)
        kind = type(self.default)
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value >= self.least):
            number = "a whole number" if kind is int else "a number"
            raise SettingsError(f"{self.variable} must be {number}, at least {self.least:g}; it is {text!r}.")
        return value

    def _switch(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise SettingsError(f"{self.variable} must be 0 or 1; it is {text!r}.")
        return text == "1"

    def _words(self, text: str) -> str:
        if self.name == "log" and text not in FORMS:
            raise SettingsError(f"{self.variable} must be {' or '.join(FORMS)}; it is {text!r}.")
        return text

    def in_table(self) -> str:
        """The default as the table has it."""
        if self.default is None:
            return "the user's own"
        if isinstance(self.default, str) or self.default == ():
            return str(self.default or "none")
        return f"{int(self.default) if isinstance(self.default, bool) else self.default:,}".removesuffix(".0")


SETTINGS: tuple[Setting, ...] = (
    Setting("", "data", "files", "files of a data set, as `--data` takes them, with `:` between them (Windows: `;`)"),
    Setting("", "data_dir", "folder", "of all that is kept, as `--data-dir`: sessions, races, uploaded data sets"),
    Setting("", "memory", "0 or 1", "1: keep nothing after the end, as `--memory`"),
    Setting("", "workers", "processes", "that train, each a part of the sessions; 0: the server's own", 0),
    Setting("", "body_bytes", "bytes", "largest body of a call of the API", 1_000),
    Setting("", "import_bytes", "bytes", "largest document that `POST /api/sessions/import` takes", 1_000),
    Setting(
        "",
        "public",
        "0 or 1",
        "1: sessions belong to who made them; by itself with `--host` on a network, other names or proxies",
    ),
    Setting(
        "",
        "allowed_hosts",
        "names",
        "that the server is asked by, with `,` between them, besides `--host` and addresses",
    ),
    Setting("", "trusted_proxies", "proxies", "before the server, each of which adds to `X-Forwarded-For`", 0),
    Setting("", "log", "`text` or `json`", "how the log is written, to standard error"),
    Setting("", "log_requests", "0 or 1", "1: each request stands in the log, without its address, cookies and query"),
    Setting("", "metrics_token", "text", "who sends it may read `/metrics` where others reach the server"),
    Setting("", "bodies_bytes", "bytes", "of all bodies that are being read or answered, together", 1_000),
    Setting("server", "sessions", "sessions", "kept, put away ones included; untouched ones make room for new ones"),
    Setting("server", "sessions_per_owner", "sessions", "of one visitor; those that rest make room for new ones"),
    Setting("server", "address_part", "part", "of all sessions and data sets that one address may have", 0.001),
    Setting("server", "memory_bytes", "bytes", "for all sessions that are awake; beyond it they are put away to disk"),
    Setting("server", "idle_seconds", "s", "until a session that nobody uses, watches or plays is put away", 0.01),
    Setting("server", "own_seconds", "s", "until a visitor's session may have to make room for the visitor's next", 0),
    Setting("server", "untouched_seconds", "s", "until a session that was never used may have to make room", 0),
    Setting("server", "abandoned_seconds", "s", "until a session that nobody asks for may have to make room", 0),
    Setting("server", "waiting_calls", "calls", "that wait for the process that trains; beyond it calls get 429"),
    Setting("server", "call_seconds", "s", "that a call waits for its answer", 0.1),
    Setting("server", "hang_seconds", "s", "until a process that trains and does not answer is killed", 3),
    Setting("server", "deaths", "deaths", "of the process while it loads a session, until that is set aside", 1),
    Setting("server", "keep_days", "days", "until a session that nobody uses or watches is deleted; 0: never", 0),
    Setting("server", "keep_alive_seconds", "s", "between signs of life on a quiet stream", 0.1),
    Setting("server", "datasets", "data sets", "uploaded"),
    Setting("server", "datasets_per_owner", "data sets", "uploaded by one visitor"),
    Setting("server", "dataset_bytes", "bytes", "of all uploaded data sets together, as 8-byte numbers"),
    Setting("file", "file_bytes", "bytes", "of all files of one data set together"),
    Setting("file", "rows", "rows", "of a data set from files"),
    Setting("file", "columns", "columns", "of a data set from files"),
    Setting("file", "decompressed_bytes", "bytes", "of the files of one data set after decompression"),
    Setting("race", "race_seeds", "seeds", "of one race"),
    Setting("race", "race_epochs", "epochs", "of one race"),
    Setting("race", "race_work", "parameters × examples", "that one race may train through, over all its copies"),
    Setting("race", "race_kept", "races", "that are kept, the results of old ones included"),
    Setting("race", "race_waiting", "races", "that run or wait"),
    Setting("race", "race_waiting_per_address", "races", "of one address that run or wait"),
    Setting("race", "race_waiting_per_owner", "races", "of one visitor that run or wait"),
    Setting("race", "race_together", "races", "that run at once, each in a process of its own"),
    Setting(
        "client",
        "per_second",
        "1/s",
        "calls of one visitor, where others reach the server; costly ones count more",
        0.1,
    ),
    Setting("client", "at_once", "calls", "of one visitor that may be saved up"),
    Setting("client", "address_per_second", "1/s", "calls of one address, which many visitors may share", 0.1),
    Setting("client", "address_at_once", "calls", "of one address that may be saved up"),
    Setting("client", "calls", "calls", "of one visitor that are answered at once, streams not counted"),
    Setting("client", "address_calls", "calls", "of one address that are answered at once"),
    Setting("client", "streams", "streams", "of one visitor that are open"),
    Setting("client", "address_streams", "streams", "of one address that are open"),
    Setting("session", "weights", "weights", "of a network, biases not counted"),
    Setting("session", "layers", "layers", "of a network, input and output included", 2),
    Setting("session", "neurons", "neurons", "in one layer"),
    Setting("session", "steps", "steps", "that a session goes at most"),
    Setting("session", "actions", "actions", "(edits, changed settings, added examples) that a session keeps"),
    Setting("session", "added_examples", "examples", "that may be added to a session's data"),
    Setting("session", "undo", "actions", "that can be taken back"),
    Setting("session", "memory_bytes", "bytes", "for a session's checkpoints and arrays, without its data", 1_000_000),
    Setting("session", "inline_examples", "examples", "given inside a request"),
    Setting("session", "inline_numbers", "numbers", "given inside a request as inputs and targets"),
    Setting("session", "predict_examples", "examples", "of one prediction"),
    Setting("session", "map_resolution", "points", "along each side of a response map", 2),
    Setting("session", "evaluation_examples", "examples", "of each part (training, test) that cost is computed over"),
    Setting("session", "history_points", "points", "of the cost curve that are kept", 16),
    Setting("session", "step_seconds", "s", "that one call of `step` may take", 0.01),
    Setting("session", "trace_bytes", "bytes", "of a trace as JSON, without `layer` and `fields`"),
    Setting("session", "narrowed_trace_bytes", "bytes", "of a trace as JSON, with `layer` or `fields`"),
    Setting("session", "slice_seconds", "s", "that one session works before others have a turn", 0.000_1),
)


def _check_names(environment: Mapping[str, str]) -> None:
    known = [setting.variable for setting in SETTINGS]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            nearest = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            raise SettingsError(f"There is no setting {name}.{hint}")


def table() -> str:
    """The settings as a Markdown table."""
    rows = (f"| `{each.variable}` | {each.in_table()} | {each.unit} | {each.help} |" for each in SETTINGS)
    return "\n".join(("| variable | default | unit | what it is |", "|---|---|---|---|", *rows))


def unlisted() -> set[tuple[Group, str]]:
    """Fields of the dataclasses that no setting stands for; a test holds this empty."""
    groups: Mapping[Group, Any] = {**DEFAULTS}
    there = {(group, item.name) for group, defaults in groups.items() for item in fields(defaults)}
    groups_themselves: set[tuple[Group, str]] = {
        ("", name) for name in ("limits", "capacity", "files", "races", "clients")
    }
    return there - {(setting.group, setting.name) for setting in SETTINGS} - groups_themselves
