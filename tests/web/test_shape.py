"""The buttons over the picture that change the network's shape: what they do to the layers, and that they are there."""

from __future__ import annotations

import re

import httpx
import pytest

from app.web import urls
from app.web.pages.shape_changes import changed, counted
from tests.web.test_fragments import begun, network, session

__all__ = ["session"]

SIZES, NAMES = ["4", "3"], ["tanh", "relu", "sigmoid"]


@pytest.mark.parametrize(
    ("change", "sizes", "names"),
    [
        ("insert-2", ["4", "4", "3"], ["tanh", "tanh", "relu", "sigmoid"]),
        ("insert-3", ["4", "4", "3"], ["tanh", "tanh", "relu", "sigmoid"]),
        ("insert-4", ["4", "3", "3"], ["tanh", "relu", "relu", "sigmoid"]),
        ("more-layers", ["4", "3", "3"], ["tanh", "relu", "relu", "sigmoid"]),
        ("remove-2", ["3"], ["relu", "sigmoid"]),
        ("remove-3", ["4"], ["tanh", "sigmoid"]),
        ("fewer-layers", ["4"], ["tanh", "sigmoid"]),
        ("activation-3-leaky_relu", SIZES, ["tanh", "leaky_relu", "sigmoid"]),
        ("activation-4-linear", SIZES, ["tanh", "relu", "linear"]),
    ],
)
def test_a_button_changes_the_layer_that_it_names(change: str, sizes: list[str], names: list[str]) -> None:
    assert changed(SIZES, NAMES, change) == (sizes, names)


@pytest.mark.parametrize(
    "change",
    [
        "",
        "insert-1",
        "insert-5",
        "remove-1",
        "remove-4",
        "activation-1-tanh",
        "activation-5-tanh",
        "activation-2",
        "x-2",
        "insert",
        "insert-2-3",
        "remove--1",
        "more-2",
        "fewer-3",
    ],
)
def test_what_names_no_such_layer_changes_nothing(change: str) -> None:
    assert changed(SIZES, NAMES, change) == (SIZES, NAMES)


def test_a_network_without_hidden_layers_gets_one_and_loses_none() -> None:
    assert changed([], ["sigmoid"], "insert-2") == (["4"], ["tanh", "sigmoid"])
    assert changed([], ["sigmoid"], "fewer-layers") == ([], ["sigmoid"])


def test_neurons_are_counted_up_and_down() -> None:
    assert (counted("more-3"), counted("fewer-2"), counted("insert-2"), counted("")) == (
        (3, 1),
        (2, -1),
        (2, 0),
        (0, 0),
    )


def test_a_layer_between_others_begins_a_new_run(client: httpx.Client, session: str) -> None:
    config = begun(client, network(client, session, change="insert-3"))
    assert config["layers"] == [2, 4, 4, 3, 2]
    assert len(config["activations"]) == 4


def test_an_activation_is_changed_from_the_head_of_its_layer(client: httpx.Client, session: str) -> None:
    config = begun(client, network(client, session, change="activation-2-relu"))
    assert (config["layers"], config["activations"]) == ([2, 4, 3, 2], ["relu", "tanh", "sigmoid"])


def test_an_activation_that_does_not_exist_is_refused_at_its_field(client: httpx.Client, session: str) -> None:
    answer = network(client, session, change="activation-2-cube")
    assert answer.status_code == 422
    assert 'id="network-activation-2-refusal"' in answer.text


@pytest.mark.parametrize("count", ["x", "", "1.5", "-3", "99999999999999999999"])
def test_a_count_of_layers_that_is_none_is_no_fault_of_the_server(
    client: httpx.Client, session: str, count: str
) -> None:
    assert network(client, session, layer__count=count).status_code in (200, 422)


def add(client: httpx.Client, session: str, **example: object) -> None:
    client.post(f"{urls.api_session(session)}/examples", json=example).raise_for_status()


def test_examples_that_were_added_come_along_to_the_new_run(client: httpx.Client, session: str) -> None:
    for i in range(3):
        add(client, session, inputs=[0.1 * i, -0.2], label=i % 2)
    client.post(f"{urls.api_session(session)}/step", json={"unit": "step", "count": 2}).raise_for_status()
    answer = network(client, session, change="more-2")
    new = answer.headers["hx-redirect"].rpartition("/")[2]
    told = client.get(f"{urls.api_session(new)}/examples", params={"part": "added"}).json()
    assert told["inputs"] == [[0.0, -0.2], [0.1, -0.2], [0.2, -0.2]]
    assert (told["labels"], told["added_after"]) == ([0, 1, 0], [0, 0, 0])
    assert client.get(urls.api_session(new)).json()["config"]["layers"] == [2, 5, 3, 2]


def test_a_cost_that_an_added_example_does_not_suit_is_refused_and_leaves_nothing(client: httpx.Client) -> None:
    body = {"dataset": {"inputs": [[0, 0], [0, 1]], "targets": [[0.1], [0.9]]}, "layers": [2, 2, 1]}
    made = client.post("/api/sessions", json=body | {"cost": "quadratic", "activations": "sigmoid"}).json()
    add(client, made["id"], inputs=[1, 1], targets=[3])
    count = len(client.get("/api/sessions").json())
    answer = network(client, made["id"], cost="cross_entropy")
    assert answer.status_code == 422
    assert "takes targets from 0 to 1" in answer.text
    assert len(client.get("/api/sessions").json()) == count


def test_every_layer_has_its_buttons_over_the_picture(client: httpx.Client, session: str) -> None:
    page = client.get(urls.page(session)).text
    bar = page[page.index('id="shape"') : page.index('id="shape-note"')]
    assert re.findall(r'form="network-form" name="change" value="([a-z]+-[0-9]+)"', bar) == [
        *("insert-2", "fewer-2", "more-2", "insert-3", "fewer-3", "more-3", "insert-4"),
    ]
    assert re.findall(r'popovertarget="shape-menu-([0-9])"', bar) == ["2", "3", "4"]
    assert page.count('value="activation-2-') == 8  # softmax is for the last layer only
    assert page.count('value="activation-4-') == 9
    assert re.findall(r'value="(activation-[0-9]-\w+)"[^>]*aria-current="true"', page) == [
        *("activation-2-tanh", "activation-3-tanh", "activation-4-sigmoid"),
    ]


def test_a_layer_of_one_neuron_cannot_lose_it(client: httpx.Client) -> None:
    made = client.post("/api/sessions", json={"layers": [2, 1, 2], "dataset": {"name": "circle"}}).json()
    page = client.get(urls.page(made["id"])).text
    assert len(re.findall(r'value="fewer-2"[^>]* disabled>', page)) == 3  # over the picture, in its menu, in the form
