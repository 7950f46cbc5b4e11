"""Every choice that a session has, with its defaults and what it means: made from the tables of the engine."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from functools import cache
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.datasets import Recommended, build, built_in, recommend
from app.engine.activations import ACTIVATIONS
from app.engine.costs import COSTS
from app.engine.feedback import FEEDBACKS
from app.engine.initializers import INITIALIZERS
from app.engine.optimizers import OPTIMIZERS, REGULARIZATIONS, OptimizerSettings
from app.sessions.config import ScaledInitializer
from app.sessions.filling import DEFAULT_SEED
from app.sessions.requests import PlayRequest, StepRequest
from app.sessions.settings_filling import ADAPTIVE_RATE
from app.web import urls
from app.web.answers import Json
from app.web.api.parts import ServerSettings
from app.web.api.views import Answer
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(tags=["server"], route_class=StrictRoute)

PHASES = {
    "start": "Nothing has been done yet.",
    "feedforward": "Layer l computes z = w a + b and a = σ(z), for l = 2 to L.",
    "cost": "The outputs are compared with the target.",
    "output_error": "δ of layer L: dC/da times σ′(z) (BP1).",
    "send_back": "Layer l receives what the layer above sends: (wᵀ δ), for l = L−1 to 2 (BP2, first half).",
    "gate": "Layer l multiplies what it received by σ′(z): its own δ (BP2, second half).",
    "gradient": "Every weight of layer l is charged a × δ, every bias δ, for l = L to 2 (BP3, BP4).",
    "update": "The parameters change.",
}
HAS_LAYER = frozenset({"feedforward", "output_error", "send_back", "gate", "gradient"})
COST_NEEDS = {"cross_entropy": ["sigmoid", "softmax"], "log_likelihood": ["softmax"]}
NUMBER_HELP = {
    "learning_rate": "size of a step, times the gradient",
    "momentum": "part of the last velocity that is kept, 0 to 1",
    "alpha": "decay of the mean square, 0 to 1",
    "beta1": "decay of the mean gradient, from 0 to below 1",
    "beta2": "decay of the mean square, from 0 to below 1",
    "epsilon": "added to the root in the denominator",
}


class Choice(Answer):
    """One thing that can be chosen."""

    name: str = Field(description="Its name in a configuration.", examples=["tanh"])
    description: str = Field(description="What it is.", examples=["a = tanh z, between −1 and 1."])


class ActivationChoice(Choice):
    """An activation."""

    hidden: bool = Field(description="Whether hidden layers can have it.", examples=[True])


class CostChoice(Choice):
    """A cost."""

    outputs: list[str] = Field(description="Activations of the last layer that it goes with.", examples=[["sigmoid"]])


class NumberChoice(Choice):
    """A number that goes with a choice."""

    default: float | None = Field(
        description="Its value where none is given; null: it depends on the data set.", examples=[0.9]
    )


class ChoiceWithNumbers(Choice):
    """A choice that takes numbers."""

    numbers: list[NumberChoice] = Field(description="The numbers that it takes.")


class PhaseChoice(Choice):
    """A phase of a step."""

    has_layer: bool = Field(description="Whether it is done layer by layer.", examples=[True])


class Filling(Answer):
    """What a session on a data set is filled with where nothing is said."""

    layers: list[int] = Field(description="Neurons in each layer.", examples=[[2, 4, 3, 2]])
    activations: list[str] = Field(description="For each layer from 2.", examples=[["tanh", "tanh", "sigmoid"]])
    cost: str = Field(description="The cost.", examples=["quadratic"])
    initializer: str = Field(description="How the start is drawn.", examples=["xavier"])
    learning_rate: float = Field(description="Of plain gradient descent.", examples=[1.0])
    batch_size: int = Field(description="Examples in a mini-batch.", examples=[10])
    test_fraction: float = Field(description="Part of the examples held back, 0 to 1.", examples=[0.2])
    epochs: int = Field(description="After so many it has learned what it will.", examples=[60])


class DataSetChoice(Choice):
    """A built-in data set."""

    title: str = Field(description="What people call it.", examples=["Circle"])
    kind: str = Field(description="`classification` or `regression`.", examples=["classification"])
    size: int = Field(description="Examples, where none is given.", examples=[500])
    noise: float | None = Field(description="Noise, where none is given; null: it takes none.", examples=[0.1])
    filling: Filling = Field(description="What a session is filled with.")


class Options(Answer):
    """Every choice there is."""

    activations: list[ActivationChoice] = Field(description="σ of a layer.")
    costs: list[CostChoice] = Field(description="C of an example.")
    initializers: list[ChoiceWithNumbers] = Field(description="How the start is drawn.")
    optimizers: list[ChoiceWithNumbers] = Field(description="The rule of the update.")
    regularizations: list[ChoiceWithNumbers] = Field(description="The penalty on the weights.")
    feedbacks: list[Choice] = Field(description="What stands in BP2 for the transpose.")
    datasets: list[DataSetChoice] = Field(description="What to learn from; uploads are listed by `/api/datasets`.")
    phases: list[PhaseChoice] = Field(description="The phases of a step, in order, after the start.")
    units: list[Choice] = Field(description="How far `step` and `back` go.")
    defaults: dict[str, Any] = Field(
        description="Values that don't depend on the data set.",
        examples=[{"train_biases": True, "shuffle": True, "seed": 1}],
    )
    limits: dict[str, float] = Field(
        description="Upper limits of one session on this server.", examples=[{"layers": 32}]
    )


def _choices(table: Any) -> list[dict[str, Any]]:
    return [{"name": item.name, "description": item.description} for item in table.values()]


def _number(name: str, default: float | None, description: str) -> dict[str, Any]:
    return {"name": name, "description": description, "default": default}


def _initializers() -> list[dict[str, Any]]:
    scale = _number("scale", ScaledInitializer(name="normal").scale, "standard deviation of the weights")
    normal = {"name": "normal", "description": "Weights N(0, scale²), biases 0.", "numbers": [scale]}
    return [choice | {"numbers": []} for choice in _choices(INITIALIZERS)] + [normal]


def _optimizers() -> list[dict[str, Any]]:
    found = []
    for choice in _choices(OPTIMIZERS):
        uses = OPTIMIZERS[choice["name"]].uses
        adaptive = choice["name"] in ("rmsprop", "adam")
        rate = _number("learning_rate", ADAPTIVE_RATE if adaptive else None, NUMBER_HELP["learning_rate"])
        others = [_number(name, getattr(OptimizerSettings(), name), NUMBER_HELP[name]) for name in uses]
        found.append(choice | {"numbers": [rate, *others]})
    return found


def _regularizations() -> list[dict[str, Any]]:
    strength = _number("lambda", 0.0, "λ, its strength")
    return [
        {"name": name, "description": text, "numbers": [] if name == "none" else [strength]}
        for name, text in REGULARIZATIONS.items()
    ]


def _filling(n_inputs: int, good: Recommended) -> dict[str, Any]:
    return {
        "layers": [n_inputs, *good.hidden, good.outputs],
        "activations": [good.hidden_activation] * len(good.hidden) + [good.output_activation],
        **{
            name: getattr(good, name)
            for name in ("cost", "initializer", "learning_rate", "batch_size", "test_fraction", "epochs")
        },
    }


def _datasets() -> list[dict[str, Any]]:
    return [
        {
            "name": info.name,
            "description": info.description,
            "title": info.title,
            "kind": info.kind,
            "size": info.default_size,
            "noise": info.default_noise,
            "filling": _filling(info.n_inputs, recommend(build(info.name))),
        }
        for info in built_in()
    ]


@cache
def choices() -> dict[str, Any]:
    """All choices; they are the same for everybody, and take a moment to put together."""
    return {
        "activations": [choice | {"hidden": choice["name"] != "softmax"} for choice in _choices(ACTIVATIONS)],
        "costs": [
            choice | {"outputs": COST_NEEDS.get(choice["name"], list(ACTIVATIONS))} for choice in _choices(COSTS)
        ],
        "initializers": _initializers(),
        "optimizers": _optimizers(),
        "regularizations": _regularizations(),
        "feedbacks": _choices(FEEDBACKS),
        "datasets": _datasets(),
        "phases": [
            {"name": name, "description": text, "has_layer": name in HAS_LAYER} for name, text in PHASES.items()
        ],
        "units": [
            {"name": "phase", "description": "One phase of a step."},
            {"name": "step", "description": "One update of the parameters: a mini-batch."},
            {"name": "epoch", "description": "All training examples once."},
        ],
        "defaults": {
            "dataset": {"name": "circle"},
            "train_biases": True,
            "shuffle": True,
            "optimizer": {"name": OptimizerSettings().name},
            "regularization": {"name": "none", "lambda": 0.0},
            "feedback": {"name": "transpose"},
            "example": {"position": 0},
            "seed": DEFAULT_SEED,
            "step": StepRequest().model_dump(),
            "play": PlayRequest().model_dump(exclude_none=True),
        },
    }


@router.get(
    urls.API_OPTIONS, summary="Every choice", response_model=Options, responses=refusals(422, ok="Every choice.")
)
async def options(settings: ServerSettings) -> Response:
    """Every activation, cost, initializer, optimizer, penalty, feedback operator, data set and phase."""
    found = await asyncio.to_thread(choices)
    return Json(found | {"limits": asdict(settings.limits)})
