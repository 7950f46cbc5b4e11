"""The wheel carries all it needs, and works from any directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installer would lay down in site-packages."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_every_vendored_file_that_package_json_lists_is_in_the_wheel_with_its_licence(unpacked: Path) -> None:
    listed = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["vendor"]
    assert listed
    for package, files in listed.items():
        assert list((unpacked / "app/static/vendor" / package).glob("LICENSE*")), f"{package} comes without its licence"
        for file in files:
            assert (unpacked / "app/static/vendor" / package / file).is_file(), f"{package}/{file}"


def test_every_template_and_static_file_of_the_checkout_is_in_the_wheel(unpacked: Path) -> None:
    for folder in ("templates", "static"):
        mine = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
        packed = {path.relative_to(unpacked / "app" / folder) for path in (unpacked / "app" / folder).rglob("*")}
        assert mine <= packed


def test_the_unpacked_wheel_serves_its_page_from_another_directory(unpacked: Path, tmp_path: Path) -> None:
    script = (
        "import app.main, app.web.templating\n"
        "from starlette.testclient import TestClient\n"
        "from pathlib import Path\n"
        "with TestClient(app.main.create_app(), base_url='http://localhost') as client:\n"
        "    page = client.get('/')\n"
        "    assert page.status_code == 200, page.text\n"
        "    assert 'id=\"network\"' in page.text\n"
        "print(Path(app.main.__file__).parent)\n"
    )
    main = f"if __name__ == '__main__':\n{''.join('    ' + line + chr(10) for line in script.splitlines())}"
    (tmp_path / "try.py").write_text(main, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    done = subprocess.run(
        [sys.executable, "try.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(unpacked / "app")
