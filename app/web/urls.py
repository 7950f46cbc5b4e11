"""All addresses that the program writes into pages, headers and answers are built here."""

from __future__ import annotations

from urllib.parse import quote

from app.web.assets import VERSION

HOME = "/"
NEW = "/new"
OPEN = "/open"
DOCS = "/docs"
OPENAPI = "/openapi.json"
API = "/api"
API_SESSIONS = f"{API}/sessions"
API_DATASETS = f"{API}/datasets"
API_RACES = f"{API}/races"
API_LESSONS = f"{API}/lessons"
API_OPTIONS = f"{API}/options"
API_STREAM = f"{API}/stream"
STATIC = f"/static/{VERSION}"


def static(path: str) -> str:
    """A file of `static/`, by its path inside it (`js/main.js`); it may be kept for ever."""
    return f"{STATIC}/{quote(path)}"


def page(session: str) -> str:
    """The page of a session."""
    return f"/sessions/{quote(session, safe='')}"


def with_token(token: str) -> str:
    """What stands behind the address of a session's page for who may change it: no server and no proxy is sent it."""
    return f"#control={token}"


def control(session: str) -> str:
    """Where a page leaves the token of its address."""
    return f"{page(session)}/control"


def copy(session: str) -> str:
    """Where a copy of a session at some point is opened, the visitor's own."""
    return f"{page(session)}/copy"


def carried(text: str) -> str:
    """Where a session is opened that the address carries in itself."""
    return f"{OPEN}?session={text}"


def api_session(session: str, call: str = "") -> str:
    """A session in the API, or one of its calls (`step`, `trace.npz`, …)."""
    address = f"{API_SESSIONS}/{quote(session, safe='')}"
    return f"{address}/{call}" if call else address


def stream(session: str) -> str:
    """The stream of a session's frames."""
    return api_session(session, "stream")


def api_dataset(name: str) -> str:
    """A data set in the API."""
    return f"{API_DATASETS}/{quote(name, safe='')}"


def preset(name: str) -> str:
    """Where a form posts to open a preset."""
    return f"/presets/{quote(name, safe='')}"


def lesson(name: str = "", call: str = "") -> str:
    """The list of lessons, the way into one, or its printed form (`print`)."""
    return "/".join(part for part in ("/lessons", quote(name, safe=""), call) if part)


def race(session: str = "") -> str:
    """Where races are prepared and seen; `session`: whose configuration it begins with."""
    return f"/races?session={quote(session, safe='')}" if session else "/races"


def api_race(race: str = "", call: str = "") -> str:
    """The races in the API, or one of them."""
    return "/".join(part for part in (API_RACES, quote(race, safe=""), call) if part)


def fragment(session: str, name: str) -> str:
    """A fragment of a session's page (`network`, `data`, `training`, …)."""
    return f"/fragments/sessions/{quote(session, safe='')}/{name}"
