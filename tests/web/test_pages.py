"""The pages: where `/` leads, what a page promises to the scripts, and presets."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from app.web import assets, texts, urls
from app.web.described import bar, input_name
from app.web.pages.context import percent
from app.web.presets import BY_HAND_BIASES, BY_HAND_WEIGHTS, PRESETS
from app.web.templating import plain, significant
from tests.conftest import serving


class Elements(HTMLParser):
    """Every element's name and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag

    def ids(self) -> list[str]:
        return [a["id"] or "" for _, a in self.found if "id" in a]

    def having(self, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [a for _, a in self.found if wanted.items() <= a.items()]


def opened(client: httpx.Client, preset: str) -> tuple[str, str]:
    """A new session of a preset: its id and its page."""
    answer = client.post(urls.preset(preset))
    assert answer.status_code == 303
    session = answer.headers["location"].rpartition("/")[2]
    return session, client.get(urls.page(session)).text


def test_the_first_visit_makes_a_circle_session_and_the_next_returns_to_it(client: httpx.Client) -> None:
    first = client.get("/")
    assert first.status_code == 303
    assert {"blameflow_session", "blameflow_viewer"} <= set(first.cookies)
    again = client.get("/")
    assert again.headers["location"] == first.headers["location"]
    page = client.get(first.headers["location"])
    assert 'data-layers="2,4,3,2"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_visitor_without_a_cookie_gets_a_session_of_their_own(client: httpx.Client) -> None:
    first = client.get("/").headers["location"]
    client.cookies.clear()
    assert client.get("/").headers["location"] != first


def test_a_deleted_session_is_replaced_by_a_new_one(client: httpx.Client) -> None:
    first = client.get("/").headers["location"]
    client.delete(urls.api_session(first.rpartition("/")[2]))
    assert client.get(first).status_code == 404
    second = client.get("/").headers["location"]
    assert second != first
    assert client.get(second).status_code == 200


def test_an_unknown_session_is_a_page_that_leads_on(client: httpx.Client) -> None:
    answer = client.get(urls.page("never"))
    assert answer.status_code == 404
    assert "There is no session" in answer.text
    assert f'href="{urls.HOME}"' in answer.text


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_as_its_title_says(client: httpx.Client, name: str) -> None:
    session, page = opened(client, name)
    layers = [int(n) for n in re.findall(r"\d+", texts.t(f"preset-{name}").partition("·")[2])]
    view = client.get(urls.api_session(session)).json()
    assert view["config"]["layers"] == layers
    assert f'data-session="{session}"' in page
    assert f'data-layers="{",".join(map(str, layers))}"' in page


def test_an_unknown_preset_is_refused_with_the_names_there_are(client: httpx.Client) -> None:
    answer = client.post(urls.preset("nothing"))
    assert answer.status_code == 404
    for name in PRESETS:
        assert name in answer.text


def test_htmx_is_sent_to_the_new_page(client: httpx.Client) -> None:
    answer = client.post(urls.preset("xor"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert re.fullmatch(r"/sessions/\w+", answer.headers["hx-redirect"])


@pytest.mark.parametrize("name", PRESETS)
def test_no_page_has_inline_styles_or_scripts_or_an_id_twice(client: httpx.Client, name: str) -> None:
    _, page = opened(client, name)
    elements = Elements(page)
    ids = elements.ids()
    assert len(ids) == len(set(ids))
    for tag, attributes in elements.found:
        assert "style" not in attributes, (tag, attributes)
        assert tag != "style"
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        is_data = attributes.get("type") == "text/plain"  # the texts: no browser runs them
        assert tag != "script" or is_data or (attributes.get("src") or "").startswith(urls.STATIC)


def test_everything_a_page_links_to_is_there(client: httpx.Client) -> None:
    _, page = opened(client, "circle")
    for address in sorted(set(re.findall(r'(?:src|href)="(/[^"]*)"', page))):
        if not address.startswith(urls.API_SESSIONS):
            assert client.get(address).status_code in (200, 303), address


def test_the_skeleton_names_every_connection_and_neuron(client: httpx.Client) -> None:
    _, page = opened(client, "circle")
    ids = set(Elements(page).ids())
    layers = (2, 4, 3, 2)
    for layer, n in enumerate(layers, start=1):
        for j in range(1, n + 1):
            assert f"neuron-{layer}-{j}" in ids
            for k in range(1, layers[layer - 2] + 1 if layer > 1 else 1):
                assert f"connection-{layer}-{j}-{k}" in ids
    for name in ("restart", "back", "play", "forward", "unit", "speed", "next", "read-step", "read-epoch", "read-cost"):
        assert name in ids
    for name in ("stage", "network", "pulses", "timeline", "sentence", "equation", "legend", "decision-map", "live"):
        assert name in ids


def test_a_large_network_has_a_bundle_and_a_pool_of_300(client: httpx.Client) -> None:
    _, page = opened(client, "digits")
    ids = Elements(page).ids()
    assert sum(name.startswith("pool-") for name in ids) == 300
    assert not any(name.startswith("connection-2") for name in ids)
    assert sum(name.startswith("neuron-1-") for name in ids) == 64
    assert len(re.findall(r'class="bundle( filled)?"', page)) == 2
    assert 'id="digit"' in page
    assert 'id="decision-map"' not in page


def test_by_hand_every_number_has_its_place_on_screen(client: httpx.Client) -> None:
    _, page = opened(client, "by-hand")
    elements = Elements(page)
    for field in ("w", "sent", "charged"):
        assert len(elements.having(data_field=field, **{"class": "number-line unused"})) == 8
    for field in ("b", "z", "a", "sigma_prime", "received", "delta"):
        assert len(elements.having(data_field=field, **{"class": "number-line unused"})) == 4


def test_the_by_hand_preset_gives_the_numbers_that_a_person_works_out(client: httpx.Client) -> None:
    session, _ = opened(client, "by-hand")
    client.post(urls.api_session(session, "step"), json={"unit": "step"})
    trace = client.get(urls.api_session(session, "trace")).json()
    _, second, third = trace["layers"]
    assert trace["example"]["x"] == [1.0, 0.5]
    # z = (0.5·1 − 1·0.5 + 0.5, 1·1 + 0.5·0.5 − 0.5)
    assert second["z"] == [0.5, 0.75]
    assert second["w"] == BY_HAND_WEIGHTS[0]
    assert third["b"] == BY_HAND_BIASES[1]
    # sigma(0.5) = 0.622459, sigma(0.75) = 0.679179; z₁ = 1·0.622459 − 0.5·0.679179, z₂ = −0.622459 + 1.5·0.679179 + 0.5
    assert third["z"] == pytest.approx([0.282870, 0.896309], abs=1e-6)
    # received at the output is a − y with y = (1, 0)
    assert third["received"] == pytest.approx([0.570250 - 1, 0.710197], abs=1e-5)
    # sent to neuron 1 of layer 2: 1·delta₁ − 1·delta₂
    assert second["received"][0] == pytest.approx(third["delta"][0] - third["delta"][1])


@pytest.mark.parametrize(
    ("cookie", "width"), [("390x424", "390"), ("1500x700", "1500"), ("wide", "904"), ("9x9", "904")]
)
def test_the_picture_is_made_for_the_stage_of_last_time(client: httpx.Client, cookie: str, width: str) -> None:
    session, _ = opened(client, "circle")
    client.cookies.set("blameflow_stage", cookie)
    page = client.get(urls.page(session)).text
    assert Elements(page).having(id="network")[0]["data-width"] == width


def test_a_phone_gets_a_phones_picture_at_once(client: httpx.Client) -> None:
    session, _ = opened(client, "circle")
    for headers in ({"Sec-CH-UA-Mobile": "?1"}, {"User-Agent": "Mozilla/5.0 (iPhone) Mobile/15E148"}):
        page = client.get(urls.page(session), headers=headers).text
        assert Elements(page).having(id="network")[0]["data-width"] == "390"


def test_data_of_the_command_line_opens_first(tmp_path: Any) -> None:
    from app.settings import Settings

    file = tmp_path / "flowers.csv"
    file.write_text("length,width,kind\n" + "".join(f"{i},{i * i % 7},{'a' if i % 2 else 'b'}\n" for i in range(30)))
    with serving(Settings(data=(file,))) as address, httpx.Client(base_url=address) as own:
        page = own.get("/", follow_redirects=True).text
    assert "flowers.csv" in page
    assert ">length =" in page or "length = " in page


def test_a_server_that_is_full_says_so_on_a_page() -> None:
    from app.hosting.capacity import Capacity
    from app.settings import Settings

    capacity = Capacity(sessions_per_owner=1, own_seconds=3600)
    with serving(Settings(capacity=capacity)) as address, httpx.Client(base_url=address) as own:
        own.get("/")
        answer = own.post(urls.preset("xor"))
        fragment = own.post(urls.preset("xor"), headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    assert "You have 1 sessions" in answer.text
    assert fragment.status_code == 429
    assert fragment.text.startswith('<p class="refusal"')


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.107, "0.107"),
        (-0.02491, "−0.0249"),
        (0.9999, "1.00"),
        (0, "0"),
        (1234.5, "1235"),
        (123456.0, "1.23·10⁵"),
        (-1.2e-7, "−1.20·10⁻⁷"),
        (None, "not finite"),
    ],
)
def test_numbers_are_shown_with_three_digits_and_a_true_minus(value: float | None, text: str) -> None:
    assert significant(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "0.1"), (1.0, "1"), (1 / 3, "0.33333333333333331"), (None, ""), (7, "7")]
)
def test_numbers_in_fields_read_back_exactly(value: float | None, text: str) -> None:
    assert plain(value) == text
    assert value is None or float(text) == value


@pytest.mark.parametrize(
    ("name", "ends"), [("sigmoid", (0, 1)), ("softmax", (0, 1)), ("tanh", (-1, 1)), ("linear", (-2, 2))]
)
def test_the_bar_of_an_output_has_the_ends_of_its_activation(name: str, ends: tuple[float, float]) -> None:
    found = bar({"config": {"activations": ["tanh", name]}})
    assert (found["low"], found["high"]) == ends


def test_names_of_inputs_are_escaped_and_shortened() -> None:
    class Named:
        name = "<b>length of the leaf</b>"

    assert input_name(Named) == "&lt;b&gt;lengt…"
    Named.name = "x₁₂"
    assert '<tspan class="low" dy="3">12</tspan>' in input_name(Named)


def test_accuracy_reads_as_a_person_writes_it() -> None:
    assert (percent(0.8267), percent(None)) == ("82.7 %", "")


def test_the_help_names_every_key_that_the_page_listens_to(client: httpx.Client) -> None:
    main = (assets.STATIC / "js" / "main.js").read_text(encoding="utf-8")
    listed = main.partition("letters: {")[2].partition("},\n")[0]
    letters = re.findall(r"^    (\w|\"\W\"): \(\) =>", listed, re.MULTILINE)
    assert {"p", "d", "m"} <= set(letters)
    _, page = opened(client, "circle")
    named = set(re.findall(r"<kbd>(.*?)</kbd>", page.partition('id="help"')[2].partition("</dialog>")[0]))
    for letter in letters:
        key = letter.strip('"').upper().replace("-", "−")
        assert key in named or key == "=", key  # = is + without Shift
