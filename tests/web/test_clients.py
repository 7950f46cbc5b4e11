"""Random calls by several clients against a simple model of what each may do, and of where every session stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from app.settings import Settings
from app.web.safety import control, viewer
from app.web.safety.limits import ClientLimits
from tests.conftest import serving

CONFIG = {"layers": [2, 1, 2], "dataset": {"name": "xor", "size": 50}, "batch_size": 1, "seed": 1}
CLIENTS = ("ann", "bob", "")
"""Who calls: two browsers, and a script without a cookie."""


@dataclass
class Model:
    """A session as the model has it: who may change it, and what it must say of itself."""

    url: str
    maker: str
    token: str
    step: int = 0
    last_step: int = 0
    revision: int = 1
    rates: list[tuple[int, float]] = field(default_factory=list)
    """Learning rates, and the steps after which they came into force."""

    @property
    def rate(self) -> float:
        """The one in force where the session stands."""
        return [rate for after, rate in self.rates if after <= self.step][-1]


def headers(client: str, token: str = "") -> dict[str, str]:
    """What a client sends."""
    sent = {"Cookie": f"{viewer.VIEWER_COOKIE}={client * 8}"} if client else {}
    return sent | ({control.HEADER: token} if token else {})


class Clients(RuleBasedStateMachine):
    """What may happen."""

    sessions = Bundle("sessions")
    server: httpx.Client
    public: bool
    calls = 0

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Model] = []

    def teardown(self) -> None:
        for model in self.made:
            self.server.delete(model.url, headers=headers("", model.token))

    @invariant()
    def counted(self) -> None:
        type(self).calls += 1

    def may(self, client: str, token: str, model: Model) -> bool:
        return not self.public or token == model.token or (client != "" and client == model.maker)

    def write(self, model: Model, client: str, token: str, method: str, path: str, body: Any = None) -> Any:
        """A call that writes: its view, or None where it had to be refused."""
        answer = self.server.request(method, model.url + path, json=body, headers=headers(client, token))
        if not self.may(client, token, model):
            assert answer.status_code == 403
            return None
        assert answer.status_code == 200, answer.text
        model.revision += 1
        self.stands(model, answer.json())
        return answer.json()

    def stands(self, model: Model, view: Any) -> None:
        found = (
            view["cursor"]["step"],
            view["last_step"],
            view["revision"],
            view["config"]["optimizer"]["learning_rate"],
        )
        assert found == (model.step, model.last_step, model.revision, model.rate)

    @rule(target=sessions, client=st.sampled_from(CLIENTS))
    def create(self, client: str) -> Any:
        answer = self.server.post("/api/sessions", json=CONFIG, headers=headers(client))
        assert answer.status_code == 201, answer.text
        view = answer.json()
        model = Model(view["url"], client, answer.headers[control.HEADER])
        model.rates = [(0, view["config"]["optimizer"]["learning_rate"])]
        self.made.append(model)
        return model

    @rule(model=sessions, client=st.sampled_from(CLIENTS), known=st.booleans(), count=st.integers(1, 5))
    def step(self, model: Model, client: str, known: bool, count: int) -> None:
        token = model.token if known else ""
        before = model.step, model.last_step
        if self.may(client, token, model):
            model.step += count
            model.last_step = max(model.last_step, model.step)
        self.write(model, client, token, "POST", "/step", {"unit": "step", "count": count})
        assert self.may(client, token, model) or before == (model.step, model.last_step)

    @rule(model=sessions, client=st.sampled_from(CLIENTS), share=st.floats(0, 1))
    def seek(self, model: Model, client: str, share: float) -> None:
        step = int(share * model.last_step)
        if self.may(client, "", model):
            model.step = step
        self.write(model, client, "", "POST", "/seek", {"step": step})

    @rule(model=sessions, client=st.sampled_from(CLIENTS), rate=st.sampled_from([0.125, 0.25, 0.5]))
    def change(self, model: Model, client: str, rate: float) -> None:
        if self.may(client, "", model) and rate != model.rate:
            model.last_step = model.step
            model.rates = [change for change in model.rates if change[0] <= model.step] + [(model.step, rate)]
        self.write(model, client, "", "PATCH", "", {"optimizer": {"learning_rate": rate}})

    @rule(model=sessions, client=st.sampled_from(CLIENTS))
    def look(self, model: Model, client: str) -> None:
        answer = self.server.get(model.url, headers=headers(client))
        assert answer.status_code == 200
        self.stands(model, answer.json())

    @rule(model=sessions, client=st.sampled_from(CLIENTS))
    def stale(self, model: Model, client: str) -> None:
        """A call written against another revision changes nothing."""
        sent = {**headers(client, model.token), "If-Match": f'"{model.revision + 1}"'}
        assert self.server.post(f"{model.url}/step", headers=sent).status_code == 412

    @rule(target=sessions, model=sessions, client=st.sampled_from(CLIENTS))
    def fork(self, model: Model, client: str) -> Any:
        answer = self.server.post(f"{model.url}/fork", headers=headers(client))
        assert answer.status_code == 201, answer.text
        view = answer.json()
        maker = client if self.public or client else model.maker
        fork = Model(view["url"], maker, answer.headers[control.HEADER], model.step, model.step)
        fork.rates = [change for change in model.rates if change[0] <= model.step]
        fork.revision = view["revision"]
        self.stands(fork, view)
        self.made.append(fork)
        return fork

    @rule(client=st.sampled_from(CLIENTS))
    def listing(self, client: str) -> None:
        listed = {view["url"] for view in self.server.get("/api/sessions", headers=headers(client)).json()}
        own = {model.url for model in self.made if model.maker == client}
        if client == "" and self.public:
            assert listed == set()
        else:
            assert own <= listed
            assert not listed & ({model.url for model in self.made} - own)

    @rule(target=sessions, model=consumes(sessions), client=st.sampled_from(CLIENTS))
    def delete(self, model: Model, client: str) -> Any:
        answer = self.server.delete(model.url, headers=headers(client))
        if not self.may(client, "", model):
            assert answer.status_code == 403
            return model
        assert answer.status_code == 204
        assert self.server.get(model.url).status_code == 404
        self.made.remove(model)
        return multiple()


@contextmanager
def clients(public: bool) -> Iterator[type[Clients]]:
    """The machine with its server."""
    with (
        serving(Settings(public=public, clients=ClientLimits(per_second=1e6))) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield type("Clients", (Clients,), {"server": client, "public": public})


@pytest.mark.parametrize("public", [False, True], ids=["one machine", "a network"])
def test_many_clients_find_what_the_model_says(public: bool) -> None:
    effort = settings(
        max_examples=int(os.environ.get("FUZZ_EXAMPLES", "12")),
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    with clients(public) as machine:
        run_state_machine_as_test(machine, settings=effort)
    print(f"inputs tried: {machine.calls}")
