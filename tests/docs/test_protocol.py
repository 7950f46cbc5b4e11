"""docs/protocol.md and its example against a real server: what is written there is what is sent, all of it."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.streaming import sse
from app.streaming.frames import PROTOCOL, SCALES, decode_array
from app.streaming.hub import KEEP_ALIVE_S

ROOT = Path(__file__).parents[2]
WATCH = ROOT / "docs" / "examples" / "watch.py"
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def ask(method: str, url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else None


@contextmanager
def session(server_url: str, **config: object) -> Iterator[str]:
    """The address of a session that is deleted in the end."""
    url = server_url + ask("POST", f"{server_url}/api/sessions", config)["url"]
    try:
        yield url
    finally:
        ask("DELETE", url)


def events(url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a stream."""
    with urllib.request.urlopen(f"{url}/stream", timeout=60) as stream:
        name = ""
        for line in stream:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)


def keys(content: object) -> set[str]:
    """Every key of a JSON document, however deep."""
    if isinstance(content, dict):
        return set(content) | {key for value in content.values() for key in keys(value)}
    return {key for item in content for key in keys(item)} if isinstance(content, list) else set()


def key_frame(url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The topology and the key frame that a new viewer gets."""
    stream = events(url)
    (first, topology), (second, frame) = next(stream), next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert (first, second) == ("topology", "frame")
    return topology, frame


def test_the_example_prints_the_blame_of_every_layer_as_the_trace_has_it(server_url: str) -> None:
    url = server_url + ask("POST", f"{server_url}/api/sessions", {})["url"]
    with subprocess.Popen([sys.executable, str(WATCH), url], stdout=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        assert watch.stdout.readline().startswith("step 0 cost 0.")
        ask("POST", f"{url}/play", {"per_second": 0, "until": {"step": 1234}})
        line = next(line for line in watch.stdout if line.startswith("step 1234 "))
        trace, view = ask("GET", f"{url}/trace"), ask("GET", url)
        ask("DELETE", url)
        assert watch.stdout.read() == ""
    assert watch.returncode == 0
    numbers = [float(word) for word in re.findall(r"(?<=cost )\S+|(?<=layer \d )\S+", line)]
    blame = [sum(map(abs, layer["received"])) for layer in trace["layers"][1:]]
    assert numbers == pytest.approx([view["cost"]["train"], *blame], rel=1e-3)


def test_the_example_is_twenty_lines_of_the_standard_library() -> None:
    tree = ast.parse(WATCH.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= sys.stdlib_module_names
    documented: list[ast.Module | ast.FunctionDef] = [
        tree,
        *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)),
    ]
    comments = sum(len((ast.get_docstring(node, clean=False) or "").split("\n")) for node in documented)
    lines = [line for line in WATCH.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) - comments <= 20


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"dataset": {"name": "plane"}, "feedback": {"name": "random"}},
        {"dataset": {"name": "digits"}, "optimizer": {"name": "adam"}},
    ],
)
def test_every_key_that_is_sent_is_in_the_document(server_url: str, config: dict[str, object]) -> None:
    with session(server_url, **config) as url:
        start = key_frame(url)
        ask("POST", f"{url}/step", {"unit": "phase", "count": 5})
        middle = key_frame(url)
        topology = start[0] | {"config": None}  # the configuration and the preprocessing are those of the API
        topology["data"] |= {"preprocessing": None}
        sent = keys(topology) | keys(start[1]) | keys(middle[1])
    assert sorted(key for key in sent if f"`{key}`" not in TEXT) == []


def test_shapes_are_as_the_document_says(server_url: str) -> None:
    with session(server_url, layers=[2, 5, 3, 2], feedback={"name": "random"}) as url:
        ask("POST", f"{url}/step")
        topology, frame = key_frame(url)
        trace = ask("GET", f"{url}/trace")
    sizes = topology["layers"]
    assert len(decode_array(frame["layers"][0]["a"])) == sizes[0]
    for layer, traced in zip(frame["layers"][1:], trace["layers"][1:], strict=True):
        below, here = sizes[layer["layer"] - 2 : layer["layer"]]
        for name in ("w", "w_after", "nabla_w"):
            assert decode_array(layer[name], (here, below)).tolist() == [
                pytest.approx(row, rel=1e-6) for row in traced[name]
            ]
        for name in ("b", "z", "a", "sigma_prime", "received", "delta", "nabla_b", "b_after"):
            assert decode_array(layer[name]).tolist() == pytest.approx(traced[name], rel=1e-6)
        assert ("feedback" in layer) == (layer["layer"] > 2)
        back = (
            decode_array(layer["feedback"], (below, here)).T
            if "feedback" in layer
            else decode_array(layer["w"], (here, below))
        )
        sent = back * decode_array(layer["delta"])[:, None]
        assert sent.ravel().tolist() == pytest.approx([n for row in traced["sent"] for n in row], rel=1e-5)
    assert len(decode_array(frame["batch"]["costs"])) == frame["batch"]["size"]
    assert len(decode_array(frame["example"]["y"])) == sizes[-1]


def test_the_numbers_of_the_document_are_those_of_the_code() -> None:
    assert f"version {PROTOCOL}" in TEXT
    for name, value in SCALES.items():
        assert f"`{name}` ({value:g})" in TEXT
    assert f"{KEEP_ALIVE_S:g} seconds" in TEXT
    assert f"{sse.RETRY_MS:,} ms" in TEXT
