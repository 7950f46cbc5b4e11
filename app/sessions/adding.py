"""An example that is to be added to a session's data, checked against the network and the data set."""

from __future__ import annotations

from app.engine.evaluation import are_classes
from app.sessions.errors import Invalid, Loc
from app.sessions.log import Addition
from app.sessions.pool import targets_of
from app.sessions.problem import Problem
from app.sessions.requests import NewExample


def addition_of(problem: Problem, new: NewExample, after: int) -> Addition:
    """The addition after a step. Raises Invalid where it has not the shape of the others, or does not suit the cost."""
    n_inputs = problem.architecture.layers[0]
    if len(new.inputs) != n_inputs:
        raise Invalid(
            ("body", "inputs"), f"An example of this session has {n_inputs} inputs; {len(new.inputs)} were given."
        )
    value = _class(problem, new) if new.targets is None else _targets(problem, new.targets)
    return Addition(after, tuple(new.inputs), value)


def check_addition(problem: Problem, addition: Addition, place: Loc) -> None:
    """Raises Invalid, with that place, where an addition that comes from outside is none that could have been made."""
    label = addition.value if isinstance(addition.value, int) else None
    targets = None if isinstance(addition.value, int) else list(addition.value)
    try:
        made = addition_of(
            problem, NewExample(inputs=list(addition.inputs), label=label, targets=targets), addition.after
        )
    except Invalid as error:
        raise Invalid(place, f"An added example does not fit the others: {error.msg}") from None
    if made != addition:
        raise Invalid(place, "An added example does not fit the others: it has a label where they have targets.")


def _class(problem: Problem, new: NewExample) -> int | tuple[float, ...]:
    """The value of an example with a label."""
    examples, n_outputs = problem.examples, problem.architecture.layers[-1]
    assert new.label is not None
    classification = examples.dataset.kind == "classification"
    if not (classification or are_classes(examples.targets)):
        raise Invalid(
            ("body", "label"), f"The examples of this session have no classes: give targets, {_numbers(n_outputs)}."
        )
    classes = max(2, n_outputs)
    if new.label >= classes:
        raise Invalid(
            ("body", "label"), f"There are {classes} classes, 0 to {classes - 1}; label {new.label} was given."
        )
    return new.label if classification else tuple(targets_of(new.label, n_outputs).tolist())


def _targets(problem: Problem, targets: list[float]) -> tuple[float, ...]:
    """The value of an example with targets."""
    n_outputs, cost = problem.architecture.layers[-1], problem.architecture.cost
    if problem.examples.dataset.kind == "classification":
        raise Invalid(
            ("body", "targets"),
            f"The examples of this session have classes: give label, 0 to {max(2, n_outputs) - 1}, instead of targets.",
        )
    if len(targets) != n_outputs:
        raise Invalid(
            ("body", "targets"), f"This network has {_numbers(n_outputs, 'output')}; {len(targets)} were given."
        )
    if cost == "cross_entropy" and not all(0 <= target <= 1 for target in targets):
        raise Invalid(("body", "targets"), "The cost cross_entropy takes targets from 0 to 1.")
    if cost == "log_likelihood" and sorted(targets) != [0.0] * (n_outputs - 1) + [1.0]:
        raise Invalid(
            ("body", "targets"), "The cost log_likelihood takes a 1 for the right class and 0 for all others."
        )
    return tuple(targets)


def _numbers(count: int, noun: str = "number") -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
