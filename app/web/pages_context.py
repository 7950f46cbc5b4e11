"""What the templates are given: a session's view, its data, its picture and its forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from app.engine.optimizers import OPTIMIZERS
from app.sessions.errors import SessionError
from app.sessions.registry import Gone
from app.sessions.service import SessionService
from app.web.action_text import action_title
from app.web.activation_pictures import curve
from app.web.api.options import choices
from app.web.fragments_forms import GIVEN, Form, data_form, network_form, training_form
from app.web.pages_thumbs import mark, thumb
from app.web.picture_pens import BLANK
from app.web.presets import BY_HAND_WEIGHTS, PRESETS
from app.web.scene import Scene, draw
from app.web.scene_parts import Kind, Picture
from app.web.texts import named, say, t

View = Mapping[str, Any]
Described = dict[str, Any]

ORDER = ("circle", "xor", "moons", "spiral", "gaussians", "digits", "sine", "plane", "and", "or")
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
        found = known or await service.dataset(name, 1)
    return in_words(found) | {"size": asked.get("size", found["size"]), "noise": asked.get("noise", found["noise"])}


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


def why(error: SessionError) -> str:
    """A refusal as a page says it; what only happens on a busy server is left in the words that scripts get."""
    return t("refusal-gone", session=str(error.args[0])) if isinstance(error, Gone) else error.detail


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


def scene_context(view: View, data: Described, size: tuple[int, int]) -> dict[str, Any]:
    """For the picture and the timeline."""
    scene: Scene = draw(picture(view, data), *size)
    return {"view": view, "data": data, "scene": scene, "bar": bar(view), "input_name": input_name, "fill": BLANK}


def form_context(view: View, forms: Mapping[str, Form] | None = None) -> dict[str, Any]:
    """For the forms; those given are shown as they were sent, the others as the configuration is."""
    config, given, known = view["config"], forms or {}, choices()
    network = given.get("net_form") or network_form(config)
    drawn = list(known["initializers"])
    if network.values["initializer"] == GIVEN:
        drawn.insert(0, {"name": GIVEN})
    training = given.get("train_form") or training_form(config)
    rule = OPTIMIZERS.get(config["optimizer"]["name"])
    return {
        "view": view,
        "choices": known,
        "activations": known["activations"],
        "hidden_activations": [a for a in known["activations"] if a["hidden"]],
        "initializers": drawn,
        "optimizer_numbers": list(rule.uses) if rule else [],
        "data_form": given.get("data_form") or data_form(config),
        "net_form": network,
        "train_form": training,
        "action_title": action_title,
    }


def page_context(view: View, data: Described, sets: list[Described], size: tuple[int, int]) -> dict[str, Any]:
    """For the whole page."""
    return {
        **scene_context(view, data, size),
        **form_context(view),
        "title": title(view, data),
        "presets": list(PRESETS.values()),
        "datasets": listed(sets),
        "thumb": thumb,
        "curve": curve,
        "image": data["image_shape"] is not None,
        "class_mark": class_mark,
        "percent": percent,
        "sentence": sentence(view),
    }


def listed(sets: list[Described]) -> list[Described]:
    """The data sets with the word under each thumbnail, the best known first."""
    places = {name: place for place, name in enumerate(ORDER)}
    ordered = sorted(sets, key=lambda s: places.get(s["name"], len(ORDER)))
    return [in_words(data) for data in ordered]


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


def class_mark(kind: int) -> Markup:
    """The mark of a class, for a key of 12 × 12 px."""
    return Markup(mark(kind))


def percent(share: float | None) -> str:
    """A share as a person reads it."""
    return "" if share is None else f"{100 * share:.1f} %"


def sentence(view: View) -> Markup:
    """Where the session stands, until the first frame says it better."""
    step = view["cursor"]["step"]
    if step == 0:
        return say("sentence-at-start")
    return say("sentence-in-step", step=str(step))
