"""What undo and redo are called: the words that static/js/run/naming.js has too, in tests/js/run.test.js."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.web.pages.action_text import action_title, action_words

NOTHING: dict[str, Any] = {"after": 1440, "settings": [], "weights": 0, "biases": 0, "examples": 0}
RATE = {"name": "learning_rate", "before": 1.0, "after": 1.5}
RULE = [
    {"name": "optimizer", "before": "sgd", "after": "momentum"},
    {"name": "momentum", "before": None, "after": 0.9},
]


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ({"settings": [RATE]}, "learning rate 1 → 1.5"),
        (
            {"settings": RULE, "weights": 2, "biases": 1, "examples": 1},
            "optimizer sgd → momentum, momentum none → 0.9, 2 weights edited, 1 bias edited, 1 example added",
        ),
        (
            {"settings": [{"name": "feedback", "before": "transpose", "after": "fresh_random"}]},
            "sent back by transpose → fresh random",
        ),
    ],
)
def test_an_action_is_told_by_what_it_did(done: dict[str, Any], words: str) -> None:
    assert action_words(NOTHING | done) == words


def test_a_button_says_what_it_takes_back_or_that_there_is_nothing() -> None:
    assert action_title("undo", NOTHING | {"settings": [RATE]}) == (
        "Take back: learning rate 1 → 1.5, after step 1,440"
    )
    assert action_title("undo", None) == "Nothing to take back"
    assert action_title("redo", None) == "Nothing to do again"


def test_the_training_form_says_what_undo_and_redo_do(client: httpx.Client) -> None:
    session = client.post("/api/sessions", json={"dataset": {"name": "xor"}}).json()["url"]
    form = f"/fragments/sessions/{session.rpartition('/')[2]}/training"
    assert 'title="Nothing to take back"' in client.get(form).text
    client.patch(session, json={"batch_size": 2})
    assert "mini-batch" in client.get(form).text.partition('id="undo"')[2].partition(">")[0]
    client.post(f"{session}/undo")
    after = client.get(form).text
    assert 'aria-disabled="true"' in after.partition('id="undo"')[2].partition(">")[0]
    assert "Do again: mini-batch" in after.partition('id="redo"')[2].partition(">")[0]
