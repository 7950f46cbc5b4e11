"""Find an nginx and an openssl for the test of the recipe, or unpack Debian's into .cache/: nothing is installed.

`python tests/browser/nginx.py` prints where they are. Where there are none the test is skipped, and says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).parents[2] / ".cache" / "nginx"
PATH = f"{PLACE}/usr/sbin:{PLACE}/usr/bin:/usr/sbin"
PACKAGES = {"nginx": ("nginx", "nginx-core", "nginx-light"), "openssl": ("openssl",)}
"""A program to the packages that may have it, which differ between Debian's and Ubuntu's releases."""


def find(program: str) -> str | None:
    """The path of a program that is already here, or None."""
    return shutil.which(program) or shutil.which(program, path=PATH)


def unpack(package: str) -> bool:
    """Unpack one of Debian's packages; whether that could be done. It needs no root, and starts no service."""
    PLACE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["apt-get", "download", "-q", package], cwd=PLACE, capture_output=True, check=False)
    files = [*PLACE.glob(f"{package}_*.deb")]
    for file in files:
        subprocess.run(["dpkg", "-x", str(file), str(PLACE)], check=True)
        file.unlink()
    return done.returncode == 0 and bool(files)


def get(program: str) -> str | None:
    """The program, from the first package that has it."""
    for package in PACKAGES[program]:
        if unpack(package) and (path := find(program)):
            return path
    return None


def main() -> int:
    """Get what is missing, if that can be done here; the other tests do without."""
    for program in PACKAGES:
        path = find(program) or (get(program) if shutil.which("apt-get") and shutil.which("dpkg") else None)
        if path is None:
            print(f"No {program} was found (Debian: apt install {program}): docs/deploy/nginx.conf is not tested.")
        else:
            print(f"docs/deploy/nginx.conf is tested with {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
