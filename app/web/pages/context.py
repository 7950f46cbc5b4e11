"""What the templates are given: a session's view, its data, its picture and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.engine.optimizers import OPTIMIZERS
from app.hosting.registry import Gone
from app.lessons.library import lessons
from app.sessions.errors import SessionError
from app.web.api.options import choices
from app.web.described import Described, View, bar, in_words, input_name, picture, title
from app.web.pages.action_text import action_title
from app.web.pages.activation_pictures import curve
from app.web.pages.forms import GIVEN, Form, data_form, network_form, training_form
from app.web.pages.thumbs import mark, thumb
from app.web.picture.pens import BLANK
from app.web.presets import PRESETS
from app.web.scene.scene import Scene, draw
from app.web.texts import say, spoken, t

ORDER = ("circle", "xor", "moons", "spiral", "gaussians", "digits", "sine", "plane", "and", "or")


def why(error: SessionError) -> str:
    """A refusal as a page says it; what only happens on a busy server is left in the words that scripts get."""
    return t("refusal-gone", session=str(error.args[0])) if isinstance(error, Gone) else error.detail


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
        "lessons": list(lessons(spoken.get().language).values()),
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
