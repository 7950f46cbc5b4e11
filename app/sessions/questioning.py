"""What a session answers of a single number: whether nudging it does what the trace says, and what it is made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.engine.bugs import BUGS, broken_check
from app.engine.comparison import degrees
from app.engine.nudge import Comparison, Number, nudge
from app.engine.spectrum import conditioned, spectrum
from app.engine.what_if import what_if
from app.sessions.contributions import connection, neuron
from app.sessions.errors import Conflict, Invalid, Loc
from app.sessions.examining import Examining
from app.sessions.reading import finite, parameters_before, plain
from app.sessions.requests import NudgeRequest, WhatIfRequest
from app.sessions.work import Work

LARGEST_BROKEN = 500
"""Weights and biases of a network whose broken passes are checked one by one."""
LARGEST_KAPPA = 1_000_000
ECHOED_WEIGHTS = 10_000
"""Weights up to which those of another condition number are told."""


class Questioning(Examining):
    """A session whose every number can be questioned."""

    def nudge(
        self, request: NudgeRequest, step: int | None = None, example: int | None = None, index: int | None = None
    ) -> Work[dict[str, Any]]:
        """One number of a step, moved a little both ways."""
        number = self._number(request)
        shown = yield from self._shown(step, example, index)
        trace, architecture = shown.trace, self.problem.architecture
        feedback = self.timeline.log.settings_after(trace.step - 1).feedback
        before = parameters_before(trace, architecture)
        found = nudge(architecture, before, trace, shown.example, number, feedback, request.by)
        size = {"size": len(trace.indices)}
        return {
            "step": trace.step,
            "example": {"position": shown.position, "index": shown.index},
            "feedback": feedback,
            "what": number.what,
            "layer": number.layer,
            "j": number.j,
            "k": request.k,
            "by": found.by,
            "value": finite(found.value),
            "layers": [
                {"layer": layer} | dict(zip(("before", "up", "down"), map(plain, ends), strict=True))
                for layer, ends in found.moved
            ],
            **compared_dict(found.example),
            "batch": None if found.batch is None else size | compared_dict(found.batch),
        }

    def what_if(self, request: WhatIfRequest) -> Work[dict[str, Any]]:
        """What other activations would lead to, at the cursor."""
        if request.layer == self._last_layer:
            raise Invalid(("body", "layer"), f"Layer {self._last_layer} is the output: nothing lies above it.")
        self.check_neuron(request.layer, request.k, ("body",), "k")
        shown = yield from self._shown(None, None, None)
        architecture, example = self.problem.architecture, shown.example
        found = what_if(
            architecture,
            parameters_before(shown.trace, architecture),
            example,
            request.layer,
            request.k,
            request.offsets,
        )
        above = example.layers[request.layer]
        assert above.z is not None
        return {
            "step": shown.trace.step,
            "example": {"position": shown.position, "index": shown.index},
            "layer": request.layer,
            "k": request.k,
            "value": finite(float(example.layers[request.layer - 1].a[request.k - 1])),
            "offsets": request.offsets,
            "cost": {"before": finite(example.cost), "after": plain(found.costs)},
            "z": {"before": plain(above.z), "after": plain(found.z.T)},
        }

    def spectrum(self, layer: int, kappa: float | None = None) -> Work[dict[str, Any]]:
        """The transpose and the inverse of the weights into a layer, at the cursor."""
        if not 2 <= layer <= self._last_layer:
            raise Invalid(("query", "layer"), f"Weights lead into layers 2 to {self._last_layer}; {layer} was given.")
        if kappa is not None and not 1 <= kappa <= LARGEST_KAPPA:
            raise Invalid(("query", "kappa"), f"kappa is from 1 to {LARGEST_KAPPA:,}; {kappa:g} was given.")
        shown = yield from self._shown(None, None, None)
        traced, one = shown.trace.layers[layer - 1], shown.example.layers[layer - 1]
        assert traced.w is not None
        assert one.delta is not None
        w = traced.w if kappa is None or not np.isfinite(traced.w).all() else conditioned(traced.w, kappa)
        try:
            found = spectrum(w, one.delta)
        except (ValueError, np.linalg.LinAlgError):
            raise Conflict(f"The weights into layer {layer} are not finite at step {shown.trace.step}.") from None
        return {
            "step": shown.trace.step,
            "example": {"position": shown.position, "index": shown.index},
            "layer": layer,
            "shape": list(w.shape),
            "rank": found.rank,
            "singular_values": plain(found.values),
            "condition": finite(found.condition),
            "worst_cosine": found.worst,
            "cosine": found.cosine,
            "angle": degrees(found.cosine),
            "transpose": {"vector": plain(found.transposed), "norm": finite(float(np.linalg.norm(found.transposed)))},
            "inverse": {"vector": plain(found.inverted), "norm": finite(float(np.linalg.norm(found.inverted)))},
            "weights": None if kappa is None or w.size > ECHOED_WEIGHTS else plain(w),
        }

    def broken_check(self, bug: str) -> Work[dict[str, Any]]:
        """The gradient of a broken backward pass against central differences, for the step at the cursor."""
        if bug not in BUGS:
            raise Invalid(("query", "bug"), f"There is no bug {bug[:40]!r}; there are {', '.join(BUGS)}.")
        architecture = self.problem.architecture
        if bug == "softmax_elementwise" and architecture.activations[-1] != "softmax":
            raise Conflict("This bug needs a network whose last layer is softmax.")
        if architecture.n_parameters > LARGEST_BROKEN:
            raise Conflict(f"Broken passes are for networks of at most {LARGEST_BROKEN:,} weights and biases.")
        trace = yield from self.traced(None)
        return {
            "step": trace.step,
            "bug": bug,
            "layers": broken_check(architecture, parameters_before(trace, architecture), trace, bug),
        }

    def contributions(self, layer: int, j: int, k: int | None = None, step: int | None = None) -> Work[dict[str, Any]]:
        """One connection (with ``k``) or neuron, example by example of a step's mini-batch."""
        self.check_neuron(layer, j, ("query",))
        if k is not None and layer == 1:
            raise Invalid(("query", "layer"), f"Connections lead into layers 2 to {self._last_layer}; 1 was given.")
        if k is not None:
            self.check_neuron(layer - 1, k, ("query",), "k")
        trace = yield from self.traced(step)
        rows = self.pool.rows_of(trace.indices)
        found = neuron(trace, layer, j, rows) if k is None else connection(trace, layer, j, k, rows)
        return {"step": trace.step, "feedback": self.timeline.log.settings_after(trace.step - 1).feedback} | found

    def _number(self, request: NudgeRequest) -> Number:
        """The number that is asked for. Raises Invalid where the network has none such."""
        if request.what != "activation" and request.layer == 1:
            kind = "Weights lead into" if request.what == "weight" else "Biases are those of"
            raise Invalid(("body", "layer"), f"{kind} layers 2 to {self._last_layer}; 1 was given.")
        self.check_neuron(request.layer, request.j, ("body",))
        if request.k is not None:
            self.check_neuron(request.layer - 1, request.k, ("body",), "k")
        return Number(request.what, request.layer, request.j, request.k or 0)

    @property
    def _last_layer(self) -> int:
        return len(self.problem.architecture.layers)

    def check_neuron(self, layer: int, j: int, place: Loc, name: str = "j") -> None:
        """Raises Invalid where the network has no neuron ``j`` (or ``k``) in this layer."""
        layers = self.problem.architecture.layers
        if not 1 <= layer <= len(layers):
            raise Invalid((*place, "layer"), f"This network has layers 1 to {len(layers)}; {layer} was given.")
        if not 1 <= j <= layers[layer - 1]:
            neurons = "1 neuron" if layers[layer - 1] == 1 else f"{layers[layer - 1]} neurons, 1 to {layers[layer - 1]}"
            raise Invalid((*place, name), f"Layer {layer} has {neurons}; {j} was given.")


def compared_dict(found: Comparison) -> dict[str, Any]:
    """What the trace says beside what nudging found, as the API has it."""
    return {
        "cost": dict(zip(("before", "up", "down"), map(finite, found.cost), strict=True)),
        "analytic": finite(found.analytic),
        "measured": finite(found.measured),
        "error": finite(found.error),
        "allowed": finite(found.allowed),
        "agrees": found.agrees,
        "reason": found.reason,
        "message": found.message,
    }
