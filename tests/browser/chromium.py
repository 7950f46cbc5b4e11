"""Find a Chromium for the browser tests, or get one: PATH, then the system's packages, then Playwright's own download.

`python tests/browser/chromium.py` prints where it is. CHROMIUM=path names one; BROWSER_TESTS=skip goes without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", SHELL)


def skipped() -> bool:
    """Whether the user chose to go without the browser tests."""
    return os.environ.get("BROWSER_TESTS") == "skip"


def find() -> str | None:
    """The path of a Chromium that is already here, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, NAMES)), None) or downloaded()


def for_tests() -> str | None:
    """The path of what the tests drive: the headless shell, which opens a page in half the time, else any."""
    return find() if os.environ.get("CHROMIUM") else shutil.which(SHELL) or find()


def downloaded() -> str | None:
    """The path of Playwright's own Chromium if it was downloaded before, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> str | None:
    """Install one: from Debian's packages if root, else by Playwright. None if neither can."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", SHELL], ["install", "-y", "chromium"]):
            subprocess.run(["apt-get", "-q", *command], check=False, stdout=subprocess.DEVNULL, env=quiet)
            if path := for_tests():
                return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium-headless-shell", "chromium"], check=False)
    return for_tests()


def main() -> int:
    """Make sure that there is one, unless told to skip."""
    if skipped():
        print("BROWSER_TESTS=skip: the tests in a real browser are left out.")
        return 0
    path = for_tests() or install()
    if path is None:
        print(
            "No Chromium was found, and none could be installed. Install one (Debian: sudo apt install chromium), "
            "or name it with CHROMIUM=/path/to/it, or go without these tests: make test BROWSER_TESTS=skip",
            file=sys.stderr,
        )
        return 1
    print(f"Browser tests use {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
