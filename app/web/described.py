"""What a session is about, in the words and shapes of whoever draws it: its data, its network, its outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from app.hosting.service import SessionService
from app.sessions.errors import NotFound
from app.web.presets import BY_HAND_WEIGHTS
from app.web.scene.parts import Kind, Picture
from app.web.texts import named, t

View = Mapping[str, Any]
Described = dict[str, Any]

LETTER_INDEX = re.compile(r"([A-Za-z])([₀-₉]*)")
SHOWN_NAME = 9  # letters of an input's name
SHOWN_LAYERS = 6
UNBOUNDED = 2.0  # the bar of an output without bounds ends there


async def described(service: SessionService, view: View, sets: list[Described]) -> Described:
    """The data of a session, with the size and noise that it has there."""
    asked = view["config"]["dataset"]
    if "inputs" in asked or asked.get("name") == "inline":
        found = _inline(asked)
    else:
        name = asked["name"]
        known = next((s for s in sets if s["name"] == name), None)
        found = known or await _found(service, view, name)
    return in_words(found) | {"size": asked.get("size", found["size"]), "noise": asked.get("noise", found["noise"])}


async def _found(service: SessionService, view: View, name: str) -> Described:
    """A data set that is not among the visitor's; one that was deleted is what its session still knows of it."""
    try:
        return await service.datasets.one(name, 1)
    except NotFound:
        kept = (await service.topology(view["id"]))["data"]
    names = {
        "classes": kept["classes"],
        "feature_names": kept["feature_names"] or [],
        "image_shape": kept["image_shape"],
    }
    return _inline({"size": kept["n_train"] + kept["n_test"]}) | {"name": name, "title": kept["title"]} | names


def _inline(asked: Mapping[str, Any]) -> Described:
    inputs = asked.get("inputs", ())
    size = asked.get("size", len(inputs))
    return {
        "name": "inline",
        "title": "",
        "description": "",
        "built_in": False,
        "size": size,
        "noise": None,
        "size_can_be_chosen": False,
        "noise_can_be_chosen": False,
        "classes": None,
        "feature_names": [],
        "image_shape": None,
    }


def in_words(data: Described) -> Described:
    """A data set as the page speaks of it; an uploaded one has words of its own."""
    name = data["name"]
    return data | {
        "title": named(f"dataset-{name}", data["title"]),
        "description": named(f"dataset-{name}-about", data["description"]),
        "label": named(f"dataset-{name}-label", data["title"]),
    }


def picture(view: View, data: Described) -> Picture:
    """What is to be drawn of a session."""
    config = view["config"]
    layers = tuple(config["layers"])
    shape = data["image_shape"]
    kind: Kind = "values"
    if shape is not None and shape[0] * shape[1] == layers[0]:
        kind = "image"
    elif layers[0] == 2:
        kind = "plane"
    return Picture(
        layers=layers,
        activations=tuple(config["activations"]),
        kind=kind,
        image_shape=(shape[0], shape[1]) if kind == "image" else None,
        features=tuple(data["feature_names"]),
        classes=tuple(data["classes"] or ()),
    )


def title(view: View, data: Described) -> str:
    """What is on the page in a few words: `Circle · 2, 4, 3, 2`."""
    config = view["config"]
    layers = [str(n) for n in config["layers"]]
    if len(layers) > SHOWN_LAYERS:
        layers = [*layers[:3], "…", layers[-1]]
    name = t("dataset-by-hand") if config.get("weights") == BY_HAND_WEIGHTS else data["title"]
    return f"{name} · {', '.join(layers)}"


def bar(view: View) -> dict[str, float]:
    """The ends of the bar of an output, by what its activation can reach."""
    last = view["config"]["activations"][-1]
    if last in ("sigmoid", "softmax"):
        return {"low": 0, "high": 1}
    return {"low": -1, "high": 1} if last == "tanh" else {"low": -UNBOUNDED, "high": UNBOUNDED}


def input_name(neuron: Any) -> Markup:
    """The name of an input as text of the SVG: an italic letter with its index, or a word."""
    found = LETTER_INDEX.fullmatch(neuron.name)
    if found is None:
        name = neuron.name
        return escape(name if len(name) <= SHOWN_NAME else name[: SHOWN_NAME - 1] + "…")
    if not found[2]:
        return Markup('<tspan class="letter">{}</tspan>').format(found[1])
    index = found[2].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    return Markup(
        '<tspan class="letter">{}</tspan><tspan class="low" dy="3">{}</tspan><tspan dy="-3">&#8203;</tspan>'
    ).format(found[1], index)
