"""The forms of a page: what they change, what they refuse, and that what was typed is kept."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from app.web import urls


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A new session of the circle preset."""
    return str(client.get("/").headers["location"].rpartition("/")[2])


def config(client: httpx.Client, session: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(urls.api_session(session)).json()["config"]
    return found


def send(client: httpx.Client, session: str, form: str, **fields: str) -> httpx.Response:
    """A form, with the fields that differ from what it shows; dashes of names are written as underscores twice."""
    return client.post(
        urls.fragment(session, form),
        data={name.replace("__", "-"): value for name, value in fields.items()},
        headers={"HX-Request": "true"},
    )


def network(client: httpx.Client, session: str, **changed: str) -> httpx.Response:
    """The network form as it is shown, with some fields changed."""
    now = config(client, session)
    fields = {"layer-count": str(len(now["layers"])), "cost": now["cost"], "seed": str(now["seed"])}
    fields |= {"initializer": now["initializer"] or "given"}
    fields |= {f"size-{i}": str(n) for i, n in enumerate(now["layers"][1:-1], start=2)}
    fields |= {f"activation-{i}": name for i, name in enumerate(now["activations"], start=2)}
    fields |= {name.replace("__", "-"): value for name, value in changed.items()}
    return client.post(urls.fragment(session, "network"), data=fields, headers={"HX-Request": "true"})


def begun(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """The configuration of the session to which an answer leads."""
    assert answer.status_code == 200, answer.text
    return config(client, answer.headers["hx-redirect"].rpartition("/")[2])


def refusals(answer: httpx.Response) -> dict[str, str]:
    """The refused fields of a form and their sentences."""
    assert answer.status_code == 422, answer.text
    found = re.findall(r'<p class="refusal" id="\w+-(.*?)-refusal" role="alert">(.*?)</p>', answer.text, re.DOTALL)
    return dict(found)


def value(answer: httpx.Response, identifier: str) -> str:
    """What a field shows."""
    tag = re.search(rf'<input[^>]*id="{identifier}"[^>]*>', answer.text)
    assert tag, identifier
    found = re.search(r'value="([^"]*)"', tag[0])
    assert found
    return found[1]


# --- the picture


def test_the_scene_is_made_for_the_size_that_is_asked_for(client: httpx.Client, session: str) -> None:
    answer = client.get(urls.fragment(session, "scene"), params={"width": 640, "height": 400})
    assert answer.status_code == 200
    assert 'id="network"' in answer.text
    assert 'viewBox="0 0 640 400"' in answer.text
    assert 'id="timeline"' in answer.text
    assert answer.cookies["blameflow_stage"] == "640x400"


@pytest.mark.parametrize("size", [{"width": 0, "height": 400}, {"width": "x", "height": 400}, {"width": 640}])
def test_a_scene_of_no_size_is_refused(client: httpx.Client, session: str, size: dict[str, Any]) -> None:
    assert client.get(urls.fragment(session, "scene"), params=size).status_code == 422


# --- training: in place


def test_a_changed_learning_rate_is_in_force_in_the_same_session(client: httpx.Client, session: str) -> None:
    answer = send(client, session, "training", learning_rate="0.25")
    assert answer.status_code == 200
    assert "hx-redirect" not in answer.headers
    assert value(answer, "training-learning_rate") == "0.25"
    assert config(client, session)["optimizer"]["learning_rate"] == 0.25


def test_a_decimal_comma_and_a_true_minus_are_understood(client: httpx.Client, session: str) -> None:
    assert send(client, session, "training", learning_rate="0,25").status_code == 200
    assert refusals(send(client, session, "training", learning_rate="−1")).keys() == {"learning_rate"}


def test_another_optimizer_shows_its_own_numbers(client: httpx.Client, session: str) -> None:
    answer = send(client, session, "training", optimizer="adam")
    assert value(answer, "training-beta1") == "0.9"
    assert 'id="training-momentum"' not in answer.text
    assert config(client, session)["optimizer"]["name"] == "adam"


def test_a_chosen_penalty_begins_with_a_strength_that_does_something(client: httpx.Client, session: str) -> None:
    answer = send(client, session, "training", regularization="l2")
    assert value(answer, "training-lambda") == "0.1"
    assert send(client, session, "training", regularization="none").status_code == 200
    assert config(client, session)["regularization"] == {"name": "none", "lambda": 0.0}


def test_a_form_that_changes_nothing_writes_nothing(client: httpx.Client, session: str) -> None:
    before = client.get(urls.api_session(session)).json()["revision"]
    now = config(client, session)
    answer = send(client, session, "training", learning_rate="1", batch_size=str(now["batch_size"]))
    assert answer.status_code == 200
    assert client.get(urls.api_session(session)).json()["revision"] == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("learning_rate", "much", "A number is needed here; “much” was given."),
        ("learning_rate", "", "A number is needed here; nothing was given."),
        ("learning_rate", "nan", "finite"),
        ("batch_size", "2.5", "A whole number is needed here; “2.5” was given."),
        ("batch_size", "0", "at least 1"),
        ("batch_size", "4000", "at most 400; 4000 was given."),
        ("feedback", "magic", "must be"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    client: httpx.Client, session: str, field: str, typed: str, said: str
) -> None:
    before = client.get(urls.api_session(session)).json()
    answer = send(client, session, "training", **{field: typed})
    found = refusals(answer)
    assert found.keys() == {field}
    assert said in found[field]
    assert f'aria-describedby="training-{field}-refusal"' in answer.text
    if field != "feedback":
        assert value(answer, f"training-{field}") == typed
    assert client.get(urls.api_session(session)).json()["revision"] == before["revision"]


def test_what_was_typed_is_escaped(client: httpx.Client, session: str) -> None:
    answer = send(client, session, "training", learning_rate='"><script>')
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_form_can_be_read_again(client: httpx.Client, session: str) -> None:
    client.patch(urls.api_session(session), json={"batch_size": 7})
    assert value(client.get(urls.fragment(session, "training")), "training-batch_size") == "7"


# --- network: a new session


def test_more_and_fewer_neurons_begin_a_new_session(client: httpx.Client, session: str) -> None:
    assert begun(client, network(client, session, change="more-2"))["layers"] == [2, 5, 3, 2]
    assert begun(client, network(client, session, change="fewer-3"))["layers"] == [2, 4, 2, 2]
    assert begun(client, network(client, session, size__2="17"))["layers"] == [2, 17, 3, 2]
    assert config(client, session)["layers"] == [2, 4, 3, 2]


def test_a_layer_is_added_like_the_last_hidden_one_and_taken_away(client: httpx.Client, session: str) -> None:
    more = begun(client, network(client, session, change="more-layers"))
    assert (more["layers"], more["activations"]) == ([2, 4, 3, 3, 2], ["tanh", "tanh", "tanh", "sigmoid"])
    fewer = begun(client, network(client, session, change="fewer-layers"))
    assert (fewer["layers"], fewer["activations"]) == ([2, 4, 2], ["tanh", "sigmoid"])


def test_a_new_session_keeps_the_settings_of_the_one_before(client: httpx.Client, session: str) -> None:
    client.patch(urls.api_session(session), json={"batch_size": 7, "feedback": {"name": "random"}})
    after = begun(client, network(client, session, activation__2="relu"))
    assert after["activations"] == ["relu", "tanh", "sigmoid"]
    assert (after["batch_size"], after["feedback"]["name"], after["seed"]) == (7, "random", 4)
    assert after["dataset"] == config(client, session)["dataset"]


def test_a_cost_that_does_not_fit_can_be_put_right_in_the_same_form(client: httpx.Client, session: str) -> None:
    refused = network(client, session, cost="log_likelihood")
    assert "softmax" in refusals(refused)["cost"]
    assert re.search(r'<option value="log_likelihood" selected', refused.text)
    after = begun(client, network(client, session, cost="log_likelihood", activation__4="softmax"))
    assert (after["cost"], after["activations"][-1]) == ("log_likelihood", "softmax")


def test_another_start_and_seed_are_used(client: httpx.Client, session: str) -> None:
    after = begun(client, network(client, session, initializer="normal", seed="12", scale="0.5"))
    assert after["initializer"] == {"name": "normal", "scale": 0.5}
    assert after["seed"] == 12


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"size__2": "0"}, "size-2"),
        ({"size__3": "many"}, "size-3"),
        ({"size__2": "999999"}, "size-2"),
        ({"seed": "-1"}, "seed"),
        ({"initializer": "lucky"}, "initializer"),
        ({"activation__2": "softmax"}, "activation-2"),
        ({"activation__2": "sine"}, "activation-2"),
    ],
)
def test_a_network_that_cannot_be_is_refused_beside_its_field(
    client: httpx.Client, session: str, fields: dict[str, str], refused: str
) -> None:
    assert refusals(network(client, session, **fields)).keys() == {refused}


def test_a_refused_network_says_that_the_one_on_view_is_another(client: httpx.Client, session: str) -> None:
    said = '<p class="hint">Refused: the network on view is still the one before.'
    assert said in network(client, session, seed="-1").text
    assert said not in client.get(urls.page(session)).text


def test_given_weights_stay_while_the_shape_stays(client: httpx.Client) -> None:
    session = client.post(urls.preset("by-hand")).headers["location"].rpartition("/")[2]
    weights = config(client, session)["weights"]
    assert begun(client, network(client, session, cost="cross_entropy"))["weights"] == weights
    wider = begun(client, network(client, session, change="more-2"))
    assert wider["layers"] == [2, 3, 2]
    assert wider["weights"] is None


# --- data: a new session


def test_other_data_begins_a_session_with_what_suits_it(client: httpx.Client, session: str) -> None:
    after = begun(client, send(client, session, "data", dataset="digits"))
    assert after["layers"] == [64, 30, 10]
    assert after["cost"] == "cross_entropy"


def test_another_size_of_the_same_data_keeps_the_network(client: httpx.Client, session: str) -> None:
    answer = send(client, session, "data", dataset="circle", size="60", noise="0.3")
    after = begun(client, answer)
    assert after["dataset"] == {"name": "circle", "size": 60, "noise": 0.3}
    assert after["layers"] == [2, 4, 3, 2]
    assert after["seed"] == 4


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"size": "1"}, "size"),
        ({"size": "few"}, "size"),
        ({"size": "50", "noise": "99"}, "noise"),
    ],
)
def test_data_that_cannot_be_drawn_is_refused_beside_its_field(
    client: httpx.Client, session: str, fields: dict[str, str], refused: str
) -> None:
    assert refusals(send(client, session, "data", dataset="circle", **fields)).keys() == {refused}


def test_unknown_data_is_refused(client: httpx.Client, session: str) -> None:
    assert refusals(send(client, session, "data", dataset="stars")).keys() == {"dataset"}


FLOWERS = "length,width,kind\n" + "".join(f"{i},{i * i % 7},{'rose' if i % 2 else 'lily'}\n" for i in range(30))


def test_an_uploaded_file_opens_in_a_session_and_is_listed(client: httpx.Client, session: str) -> None:
    answer = client.post(urls.fragment(session, "upload"), files={"file": ("flowers.csv", FLOWERS)})
    assert answer.status_code == 200, answer.text
    page = client.get(answer.headers["hx-redirect"]).text
    assert "30 examples of flowers.csv" in page
    assert "lily" in page


def test_a_bad_file_is_refused_with_its_row_and_column(client: httpx.Client, session: str) -> None:
    bad = FLOWERS.replace("3,2,rose", "3,two,rose")
    found = refusals(client.post(urls.fragment(session, "upload"), files={"file": ("flowers.csv", bad)}))
    assert "flowers.csv, row 5" in found["file"]
    assert "width" in found["file"]


def test_no_file_is_refused(client: httpx.Client, session: str) -> None:
    answer = client.post(urls.fragment(session, "upload"), files={"file": ("", b"")})
    assert answer.status_code == 422


# --- sessions that are gone


@pytest.mark.parametrize("form", ["training", "network", "data", "upload"])
def test_a_session_that_is_gone_is_said_in_html(client: httpx.Client, form: str) -> None:
    answer = send(client, "gone", form, learning_rate="1")
    assert answer.status_code == 404
    assert "There is no session" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_a_scene_of_a_session_that_is_gone_is_said_in_html(client: httpx.Client) -> None:
    answer = client.get(urls.fragment("gone", "scene"), params={"width": 640, "height": 400})
    assert answer.status_code == 404
    assert "There is no session" in answer.text
