"""Optimizer, regularization, mini-batch size and feedback: from a request to what is in force, and back to JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.engine.optimizers import OPTIMIZERS, OptimizerSettings, Regularization
from app.sessions.config import OptimizerConfig, RegularizationConfig
from app.sessions.errors import InvalidConfig, Loc
from app.sessions.log import Settings
from app.sessions.requests import SettingsPatch

ADAPTIVE_RATE = 0.01
"""Learning rate of rules that divide by the size of the gradient: what suits plain descent is too much for them."""
NUMBERS = ("momentum", "alpha", "beta1", "beta2", "epsilon")


def default_rate(name: str, sgd_rate: float) -> float:
    """The learning rate of a rule where none is given; ``sgd_rate`` is what suits plain descent on the data."""
    if name in ("rmsprop", "adam"):
        return ADAPTIVE_RATE
    if name in ("momentum", "nesterov"):  # a velocity adds up 1 / (1 − μ) gradients
        return sgd_rate * (1 - OptimizerSettings().momentum)
    return sgd_rate


def fill_optimizer(given: OptimizerConfig | None, sgd_rate: float) -> OptimizerSettings:
    """The optimizer of a new session. Raises InvalidConfig for a number that its rule has no use for."""
    given = given or OptimizerConfig()
    name = given.name or "sgd"
    return _with_numbers(OptimizerSettings(name, default_rate(name, sgd_rate)), given)


def _with_numbers(settings: OptimizerSettings, given: OptimizerConfig) -> OptimizerSettings:
    uses = OPTIMIZERS[settings.name].uses
    numbers = {field: getattr(given, field) for field in NUMBERS if getattr(given, field) is not None}
    for field in numbers:
        if field not in uses:
            with_it = ", ".join(rule.name for rule in OPTIMIZERS.values() if field in rule.uses)
            raise InvalidConfig(
                ("body", "optimizer", field), f"{settings.name} has no {field}: leave it out, or use {with_it}."
            )
    if given.learning_rate is not None:
        numbers["learning_rate"] = given.learning_rate
    return replace(settings, **numbers)


def fill_regularization(given: RegularizationConfig | None, before: Regularization | None = None) -> Regularization:
    """The penalty, filled from the one before. Raises InvalidConfig for a λ without a penalty that it could weigh."""
    before = before or Regularization()
    if given is None:
        return before
    name = given.name or before.name
    lambda_ = before.lambda_ if given.lambda_ is None else given.lambda_
    if name == "none":
        if given.lambda_:
            raise InvalidConfig(
                ("body", "regularization", "name"), "lambda weighs a penalty: say which, name l1 or l2."
            )
        lambda_ = 0.0
    return Regularization(name, lambda_)


def check_batch_size(size: int, n_train: int, loc: Loc = ("body", "batch_size")) -> int:
    """The size. Raises InvalidConfig where there are fewer training examples."""
    if size > n_train:
        examples = "is 1 training example" if n_train == 1 else f"are {n_train} training examples"
        raise InvalidConfig(loc, f"There {examples}, so a mini-batch has at most {n_train}; {size} was given.")
    return size


def merged(settings: Settings, patch: SettingsPatch, n_train: int, sgd_rate: float) -> Settings:
    """The settings with what a patch changes. Raises InvalidConfig."""
    optimizer = settings.optimizer
    if patch.optimizer is not None:
        if patch.optimizer.name not in (None, optimizer.name):
            optimizer = fill_optimizer(patch.optimizer, sgd_rate)
        else:
            optimizer = _with_numbers(optimizer, patch.optimizer)
    return Settings(
        optimizer=optimizer,
        regularization=fill_regularization(patch.regularization, settings.regularization),
        batch_size=settings.batch_size if patch.batch_size is None else check_batch_size(patch.batch_size, n_train),
        feedback=settings.feedback if patch.feedback is None else patch.feedback.name,
    )


def settings_dict(settings: Settings) -> dict[str, Any]:
    """Settings as the API writes them: of the optimizer the numbers that its rule uses."""
    optimizer = settings.optimizer
    return {
        "optimizer": {
            "name": optimizer.name,
            "learning_rate": optimizer.learning_rate,
            **{field: getattr(optimizer, field) for field in OPTIMIZERS[optimizer.name].uses},
        },
        "regularization": {"name": settings.regularization.name, "lambda": settings.regularization.lambda_},
        "batch_size": settings.batch_size,
        "feedback": {"name": settings.feedback},
    }
