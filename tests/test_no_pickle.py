"""Nothing that comes from outside is unpickled, or run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).resolve().parent.parent / "app").rglob("*.py"))
NAMES = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
BUILT_IN = {"eval", "exec", "compile"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(file.parents[1])))
def test_no_module_unpickles_or_runs_text(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not NAMES & {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in NAMES
        elif isinstance(node, ast.Call):
            check(node)


def check(call: ast.Call) -> None:
    """A call is none of text as a program, and reads arrays without unpickling."""
    name = ast.unparse(call.func)
    assert name not in BUILT_IN
    if name in ("np.load", "numpy.load", "np.lib.format.read_array"):
        allowed = {keyword.arg: keyword.value for keyword in call.keywords}
        assert isinstance(allowed.get("allow_pickle"), ast.Constant)
        assert ast.literal_eval(allowed["allow_pickle"]) is False
