"""Traces, checks, predictions, curves, maps and files over HTTP; and answers have the documented shapes."""

from __future__ import annotations

import io
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import BaseModel

from app.web.api import datasets, index, options, traces, views


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A session three steps on: its address."""
    url = client.post("/api/sessions", json={"dataset": {"name": "circle", "size": 50}, "seed": 3}).json()["url"]
    client.post(f"{url}/step", json={"count": 3})
    return str(url)


def checked(model: type[BaseModel], content: Any) -> Any:
    """The content, once it has exactly the documented fields and types."""
    model.model_validate(content, strict=True)
    return content


SHAPES: list[tuple[str, type[BaseModel]]] = [
    ("", views.SessionView),
    ("?include=parameters", views.FullView),
    ("/trace", traces.Trace),
    ("/gradient-check", traces.GradientCheck),
    ("/history", traces.History),
    ("/response-maps?resolution=5", traces.ResponseMaps),
    ("/examples?limit=3", traces.ExamplePage),
    ("/examples?part=test&order=misclassified&offset=2", traces.ExamplePage),
]


@pytest.mark.parametrize(("path", "model"), SHAPES)
def test_answers_have_the_documented_shape(
    client: httpx.Client, session: str, path: str, model: type[BaseModel]
) -> None:
    model.model_validate_json(client.get(session + path).content, strict=True)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/api", index.Index),
        ("/api/options", options.Options),
        ("/api/datasets/digits?limit=2", datasets.DescribedWithExamples),
    ],
)
def test_answers_about_the_server_have_the_documented_shape(
    client: httpx.Client, path: str, model: type[BaseModel]
) -> None:
    model.model_validate_json(client.get(path).content, strict=True)


@pytest.mark.parametrize("call", ["step", "back", "play", "pause"])
def test_calls_answer_the_documented_view(client: httpx.Client, session: str, call: str) -> None:
    views.ChangedView.model_validate_json(client.post(f"{session}/{call}").content, strict=True)


@pytest.mark.parametrize(
    "body",
    [
        {"dataset": {"name": "digits"}},
        {"dataset": {"name": "sine"}, "optimizer": {"name": "adam"}, "regularization": {"name": "l2", "lambda": 0.1}},
        {"dataset": {"inputs": [[0.5], [1]], "labels": [0, 1]}, "example": {"index": 1}},
        {"layers": [2, 1, 2], "weights": [[[1, 2]], [[1], [2]]], "initializer": None},
        {"initializer": {"name": "normal", "scale": 0.5}, "optimizer": {"name": "momentum"}},
    ],
)
def test_every_kind_of_session_has_the_documented_view(client: httpx.Client, body: dict[str, object]) -> None:
    made = client.post("/api/sessions", json=body)
    views.SessionView.model_validate_json(made.content, strict=True)


def test_sent_and_charged_are_what_the_book_says(client: httpx.Client, session: str) -> None:
    trace = client.get(f"{session}/trace").json()
    below, layer = (trace["layers"][place] for place in (1, 2))
    w, delta = np.array(layer["w"]), np.array(layer["delta"])
    assert np.array_equal(np.array(layer["sent"]), w * delta[:, None])
    assert np.array_equal(np.array(layer["charged"]), delta[:, None] * np.array(below["a"]))


def test_a_trace_of_another_step_is_that_of_its_time(client: httpx.Client, session: str) -> None:
    second = client.get(f"{session}/trace?step=2").json()
    client.post(f"{session}/seek", json={"step": 2})
    assert client.get(f"{session}/trace").json() == second
    assert second["step"] == 2


def test_a_trace_is_narrowed_by_layer_and_fields(client: httpx.Client, session: str) -> None:
    trace = client.get(f"{session}/trace?layer=2&fields=w,delta").json()
    assert [sorted(layer) for layer in trace["layers"]] == [["delta", "layer", "w"]]
    assert trace["layers"][0]["layer"] == 2


def test_a_row_outside_the_batch_is_traced_without_a_position(client: httpx.Client, session: str) -> None:
    trace = client.get(f"{session}/trace").json()
    outside = next(row for row in range(50) if row not in trace["batch"]["indices"])
    other = client.get(f"{session}/trace?index={outside}").json()
    assert other["example"]["position"] is None
    assert other["example"]["index"] == outside
    assert other["layers"][1]["nabla_w"] == trace["layers"][1]["nabla_w"]
    assert other["layers"][1]["a"] != trace["layers"][1]["a"]


def test_the_trace_file_holds_the_same_numbers(client: httpx.Client, session: str) -> None:
    trace = client.get(f"{session}/trace").json()
    answer = client.get(f"{session}/trace.npz")
    assert answer.headers["content-disposition"] == 'attachment; filename="trace.npz"'
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as arrays:
        for layer in trace["layers"][1:]:
            for field in ("w", "a", "delta", "sent", "nabla_w"):
                assert np.array_equal(arrays[f"{field}_{layer['layer']}"], layer[field])


def test_the_parameters_file_holds_the_parameters(client: httpx.Client, session: str) -> None:
    view = client.get(session, params={"include": "parameters"}).json()
    with np.load(io.BytesIO(client.get(f"{session}/parameters.npz").content), allow_pickle=False) as arrays:
        for place, (w, b) in enumerate(zip(view["weights"], view["biases"], strict=True)):
            assert np.array_equal(arrays[f"w_{place + 2}"], w)
            assert np.array_equal(arrays[f"b_{place + 2}"], b)


def test_the_gradient_check_passes_and_fails_by_design(client: httpx.Client, session: str) -> None:
    assert client.get(f"{session}/gradient-check").json()["passed"] is True
    client.patch(session, json={"feedback": {"name": "negative"}})
    client.post(f"{session}/step")
    check = client.get(f"{session}/gradient-check", params={"epsilon": "1e-4"}).json()
    assert check["passed"] is False
    assert check["epsilon"] == 1e-4
    assert any("negative" in layer["verdict"] for layer in check["layers"])


def test_a_prediction_is_the_network_s_output(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/seek", json={"step": 2})
    x = client.get(f"{session}/trace?step=3").json()
    answer = client.post(f"{session}/predict", json={"inputs": [x["example"]["x"]]})
    traces.Prediction.model_validate_json(answer.content, strict=True)
    assert answer.json()["outputs"][0] == pytest.approx(x["layers"][-1]["a"], rel=1e-12)


def test_predicting_changes_nothing(client: httpx.Client, session: str) -> None:
    before = client.get(session).json()
    client.post(f"{session}/predict", json={"inputs": [[1, 2], [0.5, -1e300]]})
    assert client.get(session).json() == before


def test_a_number_that_is_not_finite_is_null(client: httpx.Client, session: str) -> None:
    dataset = {"inputs": [[1]], "targets": [[0]]}
    body: dict[str, object] = {"activations": "linear", "optimizer": {"learning_rate": 1e308}, "dataset": dataset}
    url = client.post("/api/sessions", json={**body, "weights": [[[9]]]}).json()["url"]
    assert client.post(f"{url}/predict", json={"inputs": [[1e308]]}).json()["outputs"] == [[None]]
    view = client.post(f"{url}/step").json()
    assert view["finite"] is False
    assert view["cost"]["train"] is None
    assert view["not_finite"]["step"] == 1
    views.ChangedView.model_validate(view)
    assert client.post(f"{url}/back").status_code == 200


def test_the_history_has_as_many_of_everything(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/step", json={"unit": "epoch", "count": 5})
    history = client.get(f"{session}/history?points=4").json()
    lists = [history["steps"], history["epochs"], *history["cost"].values(), *history["accuracy"].values()]
    assert len({len(values) for values in lists}) == 1
    assert 2 <= len(history["steps"]) <= 4


def test_examples_come_in_pages(client: httpx.Client, session: str) -> None:
    whole = client.get(f"{session}/examples").json()
    page = client.get(f"{session}/examples?limit=5&offset=48").json()
    assert page["count"] == 50
    assert page["inputs"] == whole["inputs"][48:]
    assert client.get(f"{session}/examples?offset=1000").json()["inputs"] == []


def test_options_name_everything_that_a_configuration_takes(client: httpx.Client) -> None:
    found = client.get("/api/options").json()
    for optimizer in found["optimizers"]:
        numbers = {number["name"]: number["default"] or 0.1 for number in optimizer["numbers"]}
        body = {"optimizer": {"name": optimizer["name"], **numbers}}
        assert client.post("/api/sessions", json=body).status_code == 201
    for feedback in found["feedbacks"]:
        assert client.post("/api/sessions", json={"feedback": {"name": feedback["name"]}}).status_code == 201
    for activation in found["activations"]:
        chosen = {"activations": ["tanh", activation["name"]], "layers": [2, 3, 2]}
        assert client.post("/api/sessions", json=chosen).status_code == 201


def test_options_tell_what_a_session_is_filled_with(client: httpx.Client) -> None:
    for dataset in client.get("/api/options").json()["datasets"]:
        config = client.post("/api/sessions", json={"dataset": {"name": dataset["name"]}}).json()["config"]
        for field in ("layers", "activations", "cost", "initializer", "batch_size", "test_fraction"):
            assert config[field] == dataset["filling"][field], (dataset["name"], field)
        assert config["optimizer"]["learning_rate"] == dataset["filling"]["learning_rate"]


def test_options_phases_are_the_api_s(client: httpx.Client, session: str) -> None:
    phases = [phase["name"] for phase in client.get("/api/options").json()["phases"]]
    client.post(f"{session}/seek", json={"step": 0})
    seen = ["start"]
    while seen[-1] != "update":
        cursor = client.post(f"{session}/step", json={"unit": "phase"}).json()["cursor"]
        if cursor["phase"] not in seen:
            seen.append(cursor["phase"])
    assert seen == phases
