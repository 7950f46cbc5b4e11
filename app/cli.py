"""The blameflow command: start the server, say where it is, open a browser where there is one."""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from app.single_thread import SINGLE_THREAD

if TYPE_CHECKING:
    import uvicorn

    from app.settings import Settings
    from app.web.server import Server

DEFAULT_PORT = 8000
PORTS_TRIED = 100
MOST_FILES = 16_384


def parser() -> argparse.ArgumentParser:
    """The command line of blameflow."""
    top = argparse.ArgumentParser(
        prog="blameflow",
        description="See backpropagation: small networks trained one phase at a time, with the blame that flows back.",
        epilog="Every setting can also be given as an environment variable: see docs/settings.md.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser(
        "run", help="start the server and open the page", description="Start the server and open the page."
    )
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    run.add_argument(
        "--port", type=port_number, help=f"port to listen on (default: {DEFAULT_PORT}, or the next one that is free)"
    )
    run.add_argument(
        "--data",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="your own data set: a CSV file, an .npz with x and y, or MNIST's IDX files (images and labels)",
    )
    run.add_argument(
        "--public",
        action="store_true",
        help="sessions belong to who made them, others watch (by itself with --host on a network, or --allowed-host)",
    )
    run.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which the server is asked, besides --host and addresses in numbers; may be given again",
    )
    keeping = run.add_mutually_exclusive_group()
    keeping.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="the folder that sessions, races and uploaded data sets are kept in (default: the user's own)",
    )
    keeping.add_argument("--memory", action="store_true", help="keep nothing after the end")
    training = run.add_mutually_exclusive_group()
    training.add_argument("--workers", type=worker_count, metavar="N", help="processes that train (default: 1)")
    training.add_argument(
        "--no-worker",
        dest="workers",
        action="store_const",
        const=0,
        help="train in the server's own process: for the smallest machines",
    )
    run.add_argument("--no-open", action="store_true", help="do not open a browser")
    run.set_defaults(does=serve_until_interrupted)
    for name, does, what in (
        ("backup", back_up, "write all that is kept into one file; a server may go on meanwhile"),
        ("restore", put_back, "put what such a file holds into the folder, which no server may be using"),
    ):
        command = commands.add_parser(name, help=what, description=what.capitalize() + ".")
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument("--data-dir", type=Path, metavar="DIR", help="the folder (default: the user's own)")
        command.add_argument("--force", action="store_true", help="replace what is there")
        command.set_defaults(does=does)
    version_ = commands.add_parser("version", help="print the version")
    version_.set_defaults(does=print_version)
    return top


def port_number(text: str) -> int:
    """A TCP port from 1 to 65,535. Raises ArgumentTypeError with a sentence."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, not {text!r}")


def worker_count(text: str) -> int:
    """How many processes train. Raises ArgumentTypeError with a sentence."""
    if text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"workers are a whole number, at least 1, not {text!r}")


def listen(host: str, port: int | None) -> socket.socket:
    """A socket bound to the port, or to the first free one from DEFAULT_PORT on if none was asked for.

    Raises OSError if the host is not this machine's, or the port asked for is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    candidates = [port] if port else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    for candidate in candidates:
        # Named as TCP, since asyncio sends at once only there: else every answer waits 40 ms for an acknowledgement.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":  # elsewhere this option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(2048)
            return listener
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE or candidate == candidates[-1]:
                raise
    raise AssertionError("unreachable: the last candidate either bound or raised")


def has_browser() -> bool:
    """Whether somebody sits here who would see a browser window: a terminal, and a display where one is needed."""
    if not sys.stdout.isatty():
        return False
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_when_ready(server: uvicorn.Server, url: str, open_browser: bool) -> None:
    """Wait until the server answers, then print its address and open it."""
    while not server.started:
        if server.should_exit:
            return
        threading.Event().wait(0.02)
    print(f"Blameflow is at {url}  (Ctrl+C stops it)", flush=True)
    if open_browser:
        webbrowser.open(url)


def heard(settings: Settings, options: argparse.Namespace) -> Settings:
    """The settings, with what follows from who reaches the server: others do by another name, and through a proxy."""
    from app.web.safety.hosts import is_loopback

    hosts = (*settings.allowed_hosts, *options.allowed_host, options.host)
    others = settings.trusted_proxies > 0 or not all(map(is_loopback, hosts))
    return replace(settings, public=settings.public or options.public or others, allowed_hosts=hosts)


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of the environment and of the command line, which comes first. Raises SettingsError."""
    from app.settings import Settings
    from app.storage.folder import of_the_user

    settings = Settings.from_environment(data=options.data)
    folder = options.data_dir or settings.data_dir or of_the_user()
    memory = options.data_dir is None and (options.memory or settings.memory)
    workers = settings.workers if options.workers is None else options.workers
    return replace(settings, data_dir=None if memory else folder, workers=workers)


def serve_until_interrupted(options: argparse.Namespace) -> int:
    """Serve until interrupted; 0 on a clean end, 2 on something the user can put right."""
    os.environ.update(SINGLE_THREAD)  # before numpy is imported: this process may be the one that trains
    gc.disable()  # what is imported is no garbage; looking for some takes a sixth of the start
    from app import logs
    from app.datasets import DataError
    from app.main import create_app
    from app.storage import DataFolder, StorageError
    from app.web.server import Server

    gc.freeze()
    gc.enable()
    try:
        settings = heard(settings_of(options), options)
        logs.begin(settings.log)
        folder = DataFolder(settings.data_dir).open()
    except (StorageError, ValueError) as error:
        return complain(str(error))
    with contextlib.closing(folder):
        try:
            application = create_app(settings, folder)
        except (DataError, ValueError, OSError) as error:
            return complain(str(error))
        try:
            listener = listen(options.host, options.port)
        except OSError as error:
            place = f"{options.host}, port {options.port or DEFAULT_PORT}"
            return complain(f"cannot listen on {place}: {error.strerror}.")
        return serve(Server(application), listener, options)


def allow_many_files() -> None:
    """Let this process have as many files open as it may: each viewer is one, and macOS begins with 256."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def serve(server: Server, listener: socket.socket, options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    port = listener.getsockname()[1]
    if options.port is None and port != DEFAULT_PORT:
        print(f"Port {DEFAULT_PORT} is taken, so this one listens on {port}.")
    shown = f"[{options.host}]" if ":" in options.host else options.host
    arguments = (server, f"http://{shown}:{port}/", not options.no_open and has_browser())
    threading.Thread(target=open_when_ready, args=arguments, daemon=True).start()
    allow_many_files()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0 if server.started else 1


def complain(sentence: str) -> int:
    """Print what is wrong; the exit status of a command that was not used right."""
    print(f"blameflow: {sentence}", file=sys.stderr)
    return 2


def kept_in(options: argparse.Namespace) -> Path:
    """The folder of data that a command is about, whether or not a server would keep anything."""
    from app.settings import Settings
    from app.storage.folder import of_the_user

    folder: Path | None = options.data_dir or Settings.from_environment().data_dir
    return folder or of_the_user()


def back_up(options: argparse.Namespace) -> int:
    """Write a backup; 0, or 2 on something the user can put right."""
    from app.storage import StorageError
    from app.storage.backup import backup

    try:
        size = backup(kept_in(options), options.file, options.force)
    except (StorageError, ValueError) as error:
        return complain(str(error))
    print(f"{options.file} holds all that is kept in {kept_in(options)} ({size / 1e6:.1f} MB).")
    return 0


def put_back(options: argparse.Namespace) -> int:
    """Restore a backup; 0, or 2 on something the user can put right."""
    from app.storage import DataFolder, StorageError
    from app.storage.backup import restore

    try:
        aside = restore(DataFolder(kept_in(options)), options.file, options.force)
    except (StorageError, ValueError) as error:
        return complain(str(error))
    print(f"{kept_in(options)} holds what was in {options.file}.")
    if aside is not None:
        print(f"What was there before lies in {aside}.")
    return 0


def print_version(options: argparse.Namespace) -> int:
    """Print the version; 0."""
    print(version("blameflow"))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. Returns the exit status."""
    options = parser().parse_args(arguments)
    status: int = options.does(options)
    return status
