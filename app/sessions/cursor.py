"""Where a session stands: a step and the last phase done in it. Pure arithmetic on the phases of a step."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.trace import phases
from app.sessions.errors import Invalid


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last phase done inside a step, with its layer where it has one."""

    step: int
    phase: str
    layer: int | None = None

    @property
    def complete(self) -> bool:
        """Whether no step has been begun and left unfinished."""
        return self.phase in ("start", "update")

    @property
    def parameters_step(self) -> int:
        """The step whose result the parameters at this point are: they change only at ``update``."""
        return self.step if self.complete else self.step - 1

    def as_dict(self) -> dict[str, object]:
        """As in the API."""
        return {"step": self.step, "phase": self.phase, "layer": self.layer}


START = Cursor(0, "start")


def end_of(step: int) -> Cursor:
    """The end of a step; step 0 is the start."""
    return Cursor(step, "update") if step > 0 else START


class Points:
    """All points that a cursor can stand at, numbered: 0 is the start, then every phase of step 1, of step 2, …"""

    def __init__(self, n_layers: int) -> None:
        self.phases: tuple[tuple[str, int | None], ...] = tuple(
            (str(phase), layer) for phase, layer in phases(n_layers)
        )
        self._place = {phase: place for place, phase in enumerate(self.phases)}

    def place(self, phase: str, layer: int | None) -> int:
        """The place of a phase in its step, from 0."""
        return self._place[phase, layer]

    def number(self, cursor: Cursor) -> int:
        """The number of a point."""
        if cursor.step == 0:
            return 0
        return (cursor.step - 1) * len(self.phases) + self.place(cursor.phase, cursor.layer) + 1

    def cursor(self, number: int) -> Cursor:
        """The point with a number."""
        if number <= 0:
            return START
        step, place = divmod(number - 1, len(self.phases))
        return Cursor(step + 1, *self.phases[place])

    def find(self, step: int, phase: str | None, layer: int | None) -> Cursor:
        """The point that a request names.

        Raises
        ------
        Invalid
            If a step has no such phase, or the phase no such layer; the sentence says which there are.
        """
        if step == 0:
            return self._find_start(phase, layer)
        layers = [at for name, at in self.phases if name == (phase or "update")]
        if not layers:
            names = ", ".join(dict.fromkeys(name for name, _ in self.phases))
            raise Invalid(("body", "phase"), f"A step of this network has no phase {phase}: it has {names}.")
        if layer is None and len(layers) > 1:
            raise Invalid(("body", "layer"), f"The phase {phase} has several layers: say which, {_listed(layers)}.")
        if layer is not None and layer not in layers:
            fits = "no layer" if layers == [None] else f"only layer {_listed(layers)}"
            raise Invalid(("body", "layer"), f"The phase {phase or 'update'} has {fits}, not {layer}.")
        return Cursor(step, phase or "update", layers[0] if layer is None else layer)

    @staticmethod
    def _find_start(phase: str | None, layer: int | None) -> Cursor:
        if phase not in (None, "start"):
            raise Invalid(("body", "phase"), f"Step 0 is the start, before any step: it has no phase {phase}.")
        if layer is not None:
            raise Invalid(("body", "layer"), "Step 0 is the start: it has no layer.")
        return START


def _listed(layers: list[int | None]) -> str:
    return " or ".join(str(layer) for layer in sorted(layer for layer in layers if layer is not None))
