"""The forms of the left column: from a session's configuration to fields, and from fields to a configuration.

A field that holds no number is refused here with a sentence; everything else is for the session to judge. Values are
kept as they were typed, so that a refused form shows them again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.sessions.errors import Invalid, SessionError
from app.web import messages
from app.web.pages import shape_changes
from app.web.templating import plain
from app.web.texts import t

T = TypeVar("T", bound=BaseModel)
Fields = Mapping[str, str]
Body = dict[str, Any]

OPTIMIZER_NUMBERS = ("momentum", "alpha", "beta1", "beta2", "epsilon")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
MOST_LAYERS = 64


@dataclass
class Form:
    """A form as it is drawn: values as text, refusals by field; `""` holds what concerns no single field."""

    name: str
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    layers: list[str] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether anything in it was refused."""
        return any(self.errors.values())

    def refuse(self, name: str, sentence: str) -> None:
        """Keep the first sentence about a field."""
        self.errors[name] = self.errors[name] or sentence

    def number(self, name: str) -> float | None:
        """The number in a field; refused if it is none."""
        text = self.values.get(name, "").strip().replace("−", "-").replace(",", ".")
        try:
            return float(text)
        except ValueError:
            self.refuse(name, t("settings-number-needed", given=_quoted(text)))
            return None

    def whole(self, name: str) -> int | None:
        """The whole number in a field; refused if it is none."""
        text = self.values.get(name, "").strip().replace("−", "-")
        if WHOLE.fullmatch(text):
            return int(text)
        self.refuse(name, t("settings-whole-number-needed", given=_quoted(text)))
        return None


# --- from a configuration to fields


def data_form(config: Body) -> Form:
    """Size and noise of the data on view."""
    dataset = config["dataset"]
    return Form("data", {name: plain(dataset.get(name)) for name in ("size", "noise")})


def network_form(config: Body) -> Form:
    """Layers, activations, cost, start and seed."""
    initializer = config["initializer"]
    scaled = isinstance(initializer, Mapping)
    values = {f"size-{layer}": str(n) for layer, n in enumerate(config["layers"], start=1)}
    values |= {f"activation-{layer}": name for layer, name in enumerate(config["activations"], start=2)}
    values |= {
        "cost": config["cost"],
        "initializer": initializer["name"] if scaled else initializer or GIVEN,
        "scale": plain(initializer["scale"]) if scaled else "0.01",
        "seed": str(config["seed"]),
    }
    return Form("network", values, layers=[str(n) for n in config["layers"]])


def training_form(config: Body) -> Form:
    """All that counts from the next step on."""
    optimizer, penalty = config["optimizer"], config["regularization"]
    values = {name: plain(optimizer.get(name)) for name in ("learning_rate", *OPTIMIZER_NUMBERS)}
    values |= {
        "optimizer": optimizer["name"],
        "batch_size": str(config["batch_size"]),
        "regularization": penalty["name"],
        "lambda": plain(penalty["lambda"]),
        "feedback": config["feedback"]["name"],
    }
    return Form("training", values)


GIVEN = "given"
"""What the start is called where weights were given and not drawn."""


# --- from fields to a configuration


def new_network(config: Body, fields: Fields) -> tuple[Form, Body]:
    """The form as sent, with its buttons worked, and the configuration of the session it asks for."""
    told = fields.get("layer-count", "")
    count = min(max(int(told) if WHOLE.fullmatch(told) else len(config["layers"]), 2), MOST_LAYERS)
    change = fields.get("change", "")
    sizes, names = shape_changes.changed(
        [fields.get(f"size-{layer}", "") for layer in range(2, count)],
        [fields.get(f"activation-{layer}", "") for layer in range(2, count + 1)],
        change,
    )
    layers = [str(config["layers"][0]), *sizes, str(config["layers"][-1])]
    values = {name: fields.get(name, "") for name in ("cost", "initializer", "scale", "seed")}
    values |= {f"size-{layer}": text for layer, text in enumerate(layers, start=1)}
    values |= {f"activation-{layer}": name for layer, name in enumerate(names, start=2)}
    form = Form("network", values, layers=layers)
    read = [form.whole(f"size-{layer}") for layer in range(1, len(layers) + 1)]
    layer, by = shape_changes.counted(change)
    if by and 2 <= layer < len(layers) and (size := read[layer - 1]) is not None:
        read[layer - 1] = max(1, size + by)
        form.values[f"size-{layer}"] = form.layers[layer - 1] = str(read[layer - 1])
    return form, _network_body(config, form, read, names)


def _network_body(config: Body, form: Form, layers: Sequence[int | None], names: Sequence[str]) -> Body:
    start = form.values["initializer"]
    body = _kept(config) | {"layers": list(layers), "activations": list(names), "cost": form.values["cost"]}
    body["seed"] = form.whole("seed")
    if start == "normal":
        body["initializer"] = {"name": "normal", "scale": form.number("scale") if form.values["scale"] else 0.01}
    elif start != GIVEN:
        body["initializer"] = start
    elif list(layers) == config["layers"]:  # the given weights still fit
        body |= {name: config[name] for name in ("weights", "biases") if config.get(name) is not None}
    return body


def new_data(config: Body, fields: Fields) -> tuple[Form, Body]:
    """The form as sent, and the configuration of the session it asks for: the same network if the data is the same."""
    name = fields.get("dataset", "")
    form = Form("data", {key: fields.get(key, "") for key in ("size", "noise")})
    if name != config["dataset"].get("name"):
        return form, {"dataset": {"name": name}, "seed": config["seed"]}
    dataset: Body = {"name": name}
    if "size" in fields:
        dataset["size"] = form.whole("size")
    if "noise" in fields:
        dataset["noise"] = form.number("noise")
    kept = _kept(config) | {key: config.get(key) for key in ("layers", "activations", "cost", "initializer", "seed")}
    kept.pop("batch_size")  # refilled: it may not fit any more
    return form, kept | {"dataset": dataset}


def _kept(config: Body) -> Body:
    """What a new session takes over from the one before."""
    names = ("dataset", "optimizer", "regularization", "batch_size", "feedback", "train_biases", "shuffle")
    return {name: config[name] for name in (*names, "test_fraction")}


def changed_settings(config: Body, fields: Fields) -> tuple[Form, Body]:
    """The form as sent, and a patch with what differs from the configuration."""
    before = training_form(config)
    form = Form("training", {name: fields.get(name, value) for name, value in before.values.items()})
    changed = {name for name, value in form.values.items() if value.strip() != before.values[name]}
    patch: Body = {}
    optimizer: Body = {n: form.number(n) for n in ("learning_rate", *OPTIMIZER_NUMBERS) if n in changed}
    if "optimizer" in changed:  # the numbers beside it were those of the rule before
        optimizer = {"name": form.values["optimizer"]}
    if optimizer:
        patch["optimizer"] = optimizer
    penalty = {"lambda": form.number("lambda")} if "lambda" in changed else {}
    if "regularization" in changed:
        penalty = _new_penalty(form, config)
    if penalty:
        patch["regularization"] = penalty
    if "batch_size" in changed:
        patch["batch_size"] = form.whole("batch_size")
    if "feedback" in changed:
        patch["feedback"] = {"name": form.values["feedback"]}
    return form, patch


FIRST_LAMBDA = 0.1
"""λ of a penalty that was just chosen: zero would do nothing."""


def _new_penalty(form: Form, config: Body) -> Body:
    name = form.values["regularization"]
    strength = config["regularization"]["lambda"] or FIRST_LAMBDA
    return {"name": name} if name == "none" else {"name": name, "lambda": strength}


# --- refusals


def checked(form: Form, model: type[T], body: Body) -> T | None:
    """The body as a request, or None with the refusals in the form."""
    if form.refused:
        return None
    try:
        return model.model_validate(body)
    except ValidationError as error:
        for refusal in messages.refusals(error.errors()):
            form.refuse(place(form, ("body", *refusal["loc"])), refusal["msg"])
        return None


def refused(form: Form, error: SessionError) -> None:
    """Put a session's refusal beside the field that it concerns."""
    form.refuse(place(form, error.loc) if isinstance(error, Invalid) else "", error.detail)


def place(form: Form, loc: Sequence[str | int]) -> str:
    """The field for a place in the body: `("body", "layers", 1)` is `size-2`."""
    parts = [part for part in loc if part != "body"]
    if not parts:
        return ""
    first, second = str(parts[0]), parts[1] if len(parts) > 1 else None
    if first == "layers":
        return f"size-{second + 1}" if isinstance(second, int) and form.name == "network" else "layers"
    if first == "activations":
        last = len(form.layers)
        return f"activation-{second + 2 if isinstance(second, int) else last}"
    if first == "initializer":
        return "scale" if second == "scale" else "initializer"
    if first == "optimizer":
        return str(second) if second in ("learning_rate", *OPTIMIZER_NUMBERS) else "optimizer"
    if first == "regularization":
        return "lambda" if second in ("lambda", "lambda_") else "regularization"
    if first == "dataset":
        return str(second) if second in ("size", "noise") else "dataset"
    shown = {"network": ("cost", "seed"), "training": ("batch_size", "feedback"), "data": ()}
    return first if first in shown[form.name] else ""


def _quoted(text: str) -> str:
    return t("settings-given", text=text[:20]) if text else t("settings-nothing")
