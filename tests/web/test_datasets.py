"""Data sets over HTTP: the built-in ones, and uploads."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from app.datasets import FileLimits
from app.hosting.capacity import Capacity
from app.settings import Settings
from app.web.api import datasets
from tests.conftest import serving

CSV = b"width,height,kind\n" + b"".join(b"%d,%d.5,%s\n" % (i, i % 7, b"tall" if i > 10 else b"flat") for i in range(20))
NAMED = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\nzz\r\n--x--\r\n'
BUILT_IN = ["xor", "and", "or", "circle", "moons", "spiral", "gaussians", "plane", "sine", "digits"]


def upload(client: httpx.Client, name: str, content: bytes, **more: Any) -> httpx.Response:
    """Post one file."""
    return client.post("/api/datasets", files={"file": (name, content)}, **more)


def idx(array: np.ndarray[Any, Any]) -> bytes:
    """The array as an IDX file of unsigned bytes."""
    return struct.pack(">HBB" + "I" * array.ndim, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def test_the_built_in_ones_are_listed(client: httpx.Client) -> None:
    listed = client.get("/api/datasets").json()
    assert [data["name"] for data in listed if data["built_in"]] == BUILT_IN
    for data in listed:
        datasets.Described.model_validate(data)


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_shows_its_first_examples(client: httpx.Client, name: str) -> None:
    content = client.get(f"/api/datasets/{name}?limit=3").json()
    datasets.DescribedWithExamples.model_validate(content)
    assert np.array(content["examples"]["inputs"]).shape == (3, content["n_inputs"])


def test_digits_are_the_real_ones(client: httpx.Client) -> None:
    content = client.get("/api/datasets/digits?limit=0").json()
    assert (content["size"], content["image_shape"], content["classes"]) == (1797, [8, 8], [str(n) for n in range(10)])
    assert content["examples"]["inputs"] == []


def test_an_unknown_data_set_is_404(client: httpx.Client) -> None:
    answer = client.get("/api/datasets/mnist")
    assert answer.status_code == 404
    assert "circle" in answer.json()["detail"]


@pytest.mark.parametrize("limit", ["-1", "1001", "x", "1.5"])
def test_a_wrong_limit_is_422(client: httpx.Client, limit: str) -> None:
    assert client.get(f"/api/datasets/circle?limit={limit}").status_code == 422


def test_a_csv_file_becomes_a_data_set_that_a_session_takes(client: httpx.Client) -> None:
    made = upload(client, "trees.csv", CSV)
    assert made.status_code == 201, made.text
    content = made.json()
    datasets.Uploaded.model_validate_json(made.content, strict=True)
    assert (content["size"], content["n_inputs"], content["classes"]) == (20, 2, ["flat", "tall"])
    assert client.get(made.headers["location"]).json()["size"] == 20
    session = client.post("/api/sessions", json={"dataset": {"name": content["id"]}}).json()
    assert session["config"]["layers"][0] == 2
    assert session["preprocessing"] == content["preprocessing"]
    assert client.post(f"{session['url']}/step").status_code == 200


def test_the_target_column_can_be_named_in_the_query_or_the_form(client: httpx.Client) -> None:
    numbers = b"width,height,depth\n1,2,3\n2,3,5\n4,4,4\n"
    for target in ({"params": {"target": "width"}}, {"data": {"target": "width"}}):
        made = upload(client, "trees.csv", numbers, **target)
        assert made.status_code == 201, made.text
        assert made.json()["feature_names"] == ["height", "depth"]


def test_a_target_column_that_is_not_there_is_422(client: httpx.Client) -> None:
    answer = upload(client, "trees.csv", CSV, params={"target": "age"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["query", "target"]
    assert "age" in answer.json()["detail"]


def test_two_target_columns_are_422(client: httpx.Client) -> None:
    answer = upload(client, "trees.csv", CSV, params={"target": "kind"}, data={"target": "width"})
    assert answer.status_code == 422


def test_an_npz_file_is_taken(client: httpx.Client) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, x=np.arange(12.0).reshape(6, 2), y=np.array([0, 1, 2, 0, 1, 2]))
    made = upload(client, "own.npz", buffer.getvalue())
    assert made.status_code == 201, made.text
    assert made.json()["outputs_allowed"][0] == 3


def test_a_pair_of_idx_files_is_taken(client: httpx.Client) -> None:
    images = idx(np.random.default_rng(1).integers(0, 256, (6, 4, 3)))
    labels = idx(np.array([0, 1, 2, 0, 1, 2]))
    files = [
        ("file", ("train-images-idx3-ubyte.gz", gzip.compress(images))),
        ("file", ("train-labels-idx1-ubyte", labels)),
    ]
    made = client.post("/api/datasets", files=files)
    assert made.status_code == 201, made.text
    assert made.json()["image_shape"] == [4, 3]


def test_a_wrong_cell_is_422_with_its_row_and_column(client: httpx.Client) -> None:
    answer = upload(client, "bad.csv", b"width,depth,height\n1,2,low\n3,four,high\n")
    assert answer.status_code == 422
    assert all(part in answer.json()["detail"] for part in ("bad.csv", "row 3", "depth"))
    assert answer.json()["errors"][0]["loc"] == ["body", "bad.csv", 3, "depth"]


class Trap:
    """Shows itself if it is ever unpickled."""

    sprung = False

    def __reduce__(self) -> tuple[Any, ...]:
        return (setattr, (Trap, "sprung", True))


def test_a_pickled_array_is_never_opened(client: httpx.Client) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, x=np.array([Trap()], dtype=object), y=np.array([1]))
    assert upload(client, "evil.npz", buffer.getvalue()).status_code == 422
    assert not Trap.sprung


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("half.npz", b"PK\x03\x04"), ("zeros.gz", b"\x1f\x8b\x08"), ("odd", b"\x00\x00\x08\x03\x00"),
     ("\udcff.csv", b"\xff\xfe\x00"), ("one.csv", b"a\n1\n"), ("head.csv", b"a,b\n")],
)  # fmt: skip
def test_a_file_that_is_no_data_is_422(client: httpx.Client, name: str, content: bytes) -> None:
    answer = upload(client, name.encode("utf-8", "replace").decode(), content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_without_a_file_is_422(client: httpx.Client) -> None:
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    empty = b'--x\r\nContent-Disposition: form-data; name="target"\r\n\r\ny\r\n--x--\r\n'
    assert client.post("/api/datasets", content=empty, headers=boundary).status_code == 422
    other = empty.replace(b"target", b"file")
    assert client.post("/api/datasets", content=other, headers=boundary).status_code == 422


@pytest.mark.parametrize(
    ("declared", "content", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/csv", CSV, 415),
        ("", b"", 415),
        ("multipart/form-data", b"--x--", 400),
        ("multipart/form-data; boundary=x", b"nothing", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=x; charset=idna", NAMED % b"\xff..", None),
        ("multipart/form-data; boundary=x; charset=hex", NAMED % b"zz", None),
        ("multipart/form-data; boundary=x; charset=utf-16", NAMED % b"a", None),
    ],
)  # fmt: skip
def test_a_form_that_is_none_is_refused(
    client: httpx.Client, declared: str, content: bytes, status: int | None
) -> None:
    answer = client.post("/api/datasets", content=content, headers={"Content-Type": declared})
    assert answer.status_code == status or (status is None and 400 <= answer.status_code < 500)


def test_too_many_files_are_refused(client: httpx.Client) -> None:
    files = [("file", (f"{n}.csv", b"a,b\n1,2\n")) for n in range(9)]
    assert client.post("/api/datasets", files=files).status_code == 400


def test_an_upload_of_one_s_own_is_not_listed_for_others_and_can_be_deleted(client: httpx.Client) -> None:
    cookie = {"Cookie": "blameflow_viewer=abcdefabcdefabcdefab"}
    made = upload(client, "trees.csv", CSV, headers=cookie).json()["id"]
    assert made in [data["name"] for data in client.get("/api/datasets", headers=cookie).json()]
    assert made not in [data["name"] for data in client.get("/api/datasets").json()]
    assert client.delete(f"/api/datasets/{made}").status_code == 404
    assert client.delete(f"/api/datasets/{made}", headers=cookie).status_code == 204
    assert client.get(f"/api/datasets/{made}").status_code == 404
    assert client.post("/api/sessions", json={"dataset": {"name": made}}).status_code == 422


def test_a_built_in_data_set_cannot_be_deleted(client: httpx.Client) -> None:
    assert client.delete("/api/datasets/circle").status_code == 404


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server with a data set of everybody's, and room for one upload of 2,000 bytes."""
    path = tmp_path_factory.mktemp("data") / "trees.csv"
    path.write_bytes(CSV)
    settings = Settings(data=(path,), files=FileLimits(file_bytes=2_000, rows=30), capacity=Capacity(datasets=2))
    with serving(settings) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_the_data_of_the_command_line_is_there_for_everybody(small: httpx.Client) -> None:
    own = [data for data in small.get("/api/datasets").json() if not data["built_in"]]
    assert [data["title"] for data in own] == ["trees.csv"]
    assert small.post("/api/sessions", json={"dataset": {"name": own[0]["name"]}}).status_code == 201


def test_nobody_can_delete_the_data_of_the_command_line(small: httpx.Client) -> None:
    (name,) = [data["name"] for data in small.get("/api/datasets").json() if not data["built_in"]]
    assert small.delete(f"/api/datasets/{name}").status_code == 409
    assert small.get(f"/api/datasets/{name}").status_code == 200


def test_a_file_above_the_limits_is_refused_with_the_limit(small: httpx.Client) -> None:
    assert upload(small, "long.csv", b"a,b\n" + b"1,2\n" * 31).status_code in (413, 422)
    assert upload(small, "large.csv", b"a,b\n" + b"1,2\n" * 5_000).status_code in (413, 422)
    answer = upload(small, "huge.csv", b"a,b\n" + b"1,2\n" * 50_000)
    assert answer.status_code == 413
    assert "bytes" in answer.json()["detail"]


def test_too_many_uploads_are_429(small: httpx.Client) -> None:
    made = upload(small, "trees.csv", CSV)
    assert made.status_code == 201
    answer = upload(small, "trees.csv", CSV)
    assert answer.status_code == 429
    assert "retry-after" in answer.headers
    assert small.delete(f"/api/datasets/{made.json()['id']}").status_code == 204
