"""What the stream shows of a session: numbers as arrays, which the encoder of frames takes as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.sessions.questioning import Questioning
from app.sessions.reading import Shown, batch_cost, finest_map, finite
from app.sessions.work import Work

BATCH_SHOWN = 1_000
"""Examples of a mini-batch up to which a frame lists them."""


class Framing(Questioning):
    """A session that can be drawn."""

    def topology(self) -> dict[str, Any]:
        """What stays the same between frames."""
        architecture, data = self.problem.architecture, self.problem.examples.dataset
        config = self.config()
        del config["example"]
        return {
            "layers": list(architecture.layers),
            "activations": list(architecture.activations),
            "cost": architecture.cost,
            "config": config,
            "phases": [{"phase": phase, "layer": layer} for phase, layer in self.points.phases],
            "feedback": self.settings().feedback,
            "data": {
                "name": data.name,
                "title": data.title,
                "kind": data.kind,
                "n_train": self.pool.n_train(self.cursor.parameters_step),
                "n_test": self.problem.examples.n_test,
                "n_added": self.pool.added_by(self.cursor.step),
                "examples_tag": self.pool.tag(self.cursor.step),
                "classes": data.classes,
                "feature_names": data.feature_names,
                "image_shape": data.image_shape,
                "preprocessing": data.preprocessing,
            },
        }

    def frame_data(self) -> Work[dict[str, Any]]:
        """What is to be drawn at the cursor."""
        frame = self.status() | (yield from self.evaluation())
        step = self.cursor.step
        n = self.timeline.schedule.examples_next(self.cursor.parameters_step)
        frame["epoch_steps"] = -(-n // self.settings().batch_size)
        if step == 0:
            yield from self.timeline.go(0)
            return frame | self._frame_before()
        if self.cursor.complete and self.timeline.log.edits_after(step):
            yield from self.timeline.go(step)
            edited: Any = self.timeline.trainer.parameters.copy()
        else:
            edited = None
        trace = yield from self.timeline.trace(step)
        return frame | self._frame_of(self.on_view(trace), edited)

    def picture(self, resolution: int) -> Work[dict[str, Any]]:
        """All that is to be drawn at the cursor: the view, a frame, and where there is a plane its maps, else None.

        The maps are `x` and `y` (low, high), and `layers`: for each layer (n_l, resolution, resolution), rows upward.
        """
        view = yield from self.view()
        frame = yield from self.frame_data()
        return {"view": view, "frame": frame, "maps": (yield from self._maps(resolution))}

    def _maps(self, resolution: int) -> Work[dict[str, Any] | None]:
        layers = self.problem.architecture.layers
        if layers[0] != 2 or resolution > finest_map(layers):
            return None
        (x, y), activations = yield from self._over_plane(resolution)
        return {"x": x, "y": y, "layers": [a.reshape(len(a), resolution, resolution) for a in activations]}

    def _frame_before(self) -> dict[str, Any]:
        """At the start: the network, and the example that comes first."""
        parameters, rows = self.timeline.trainer.parameters, self.pool.rows_of(self.timeline.batch(1))
        example = self._example_within(len(rows))
        position = example.get("position")
        if position is None:
            index = example["index"]
            places = np.flatnonzero(rows == index)
            position = int(places[0]) if len(places) else None
        else:
            index = int(rows[position])
        x, y = self.pool.example(index)
        layers: list[dict[str, Any]] = [{"layer": 1, "a": x}]
        for place, (w, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
            layers.append({"layer": place + 2, "w": w.copy(), "b": b.copy()})
        shown = {"position": position, "index": index, "label": self.pool.label(index), "cost": None}
        return {
            "batch": {"size": len(rows), "indices": rows.tolist() if len(rows) <= BATCH_SHOWN else None, "costs": None},
            "example": shown | {"y": y},
            "layers": layers,
        }

    def _frame_of(self, shown: Shown, edited: Any) -> dict[str, Any]:
        """In a step or at its end; ``edited``: the parameters in force at its end, if they were edited there."""
        trace, rows = shown.trace, self.pool.rows_of(shown.trace.indices)
        listed = len(rows) <= BATCH_SHOWN
        layers = [self._frame_layer(shown, place) for place in range(len(trace.layers))]
        if edited is not None:
            for layer, w, b in zip(layers[1:], edited.weights, edited.biases, strict=True):
                layer |= {"w_after": w, "b_after": b}
        return {
            "batch": {
                "size": len(rows),
                "cost": batch_cost(trace),
                "indices": rows.tolist() if listed else None,
                "costs": trace.costs if listed else None,
            },
            "example": {
                "position": shown.position,
                "index": shown.index,
                "label": self.pool.label(shown.index),
                "cost": finite(shown.example.cost),
                "y": shown.example.y,
            },
            "layers": layers,
        }

    @staticmethod
    def _frame_layer(shown: Shown, place: int) -> dict[str, Any]:
        fields = shown.fields(place)
        layer: dict[str, Any] = {name: value for name, value in fields.items() if name not in ("sent", "charged")}
        feedback = shown.trace.layers[place].feedback
        if feedback is not None:
            layer["feedback"] = feedback
        return {"layer": place + 1, **layer}
