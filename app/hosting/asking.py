"""What can be asked of a session: every question goes to the worker that has it, and changes nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, cast

from app.sessions.requests import ExampleOrder, ExamplePart, NudgeRequest, PredictRequest, WhatIfRequest

View = dict[str, Any]


def named(session: str, view: View) -> View:
    """A worker's view of a session, with its id and its addresses."""
    url = f"/api/sessions/{session}"
    return {"id": session, "url": url, "stream_url": f"{url}/stream", **view}


class Asking(ABC):
    """The questions. They raise NotFound, and whatever the session refuses."""

    @abstractmethod
    async def _read(self, session: str, method: str, *arguments: object) -> Any:
        """What the session's own method of that name answers."""

    async def trace(
        self,
        session: str,
        step: int | None = None,
        example: int | None = None,
        layer: int | None = None,
        fields: Sequence[str] | None = None,
        index: int | None = None,
    ) -> dict[str, Any]:
        """The trace of a step, see `Session.trace`."""
        return cast(dict[str, Any], await self._read(session, "trace", step, example, index, layer, fields))

    async def trace_npz(
        self, session: str, step: int | None = None, example: int | None = None, index: int | None = None
    ) -> bytes:
        """The whole trace of a step as an npz file."""
        return cast(bytes, await self._read(session, "trace_npz", step, example, index))

    async def parameters_npz(self, session: str) -> bytes:
        """Weights and biases at the cursor as an npz file."""
        return cast(bytes, await self._read(session, "parameters_npz"))

    async def export(self, session: str) -> dict[str, Any]:
        """The document that `import_` takes."""
        return cast(dict[str, Any], await self._read(session, "export"))

    async def gradient_check(self, session: str, epsilon: float = 1e-5) -> dict[str, Any]:
        """The trace against central differences."""
        return cast(dict[str, Any], await self._read(session, "gradient_check", epsilon))

    async def feedback_comparison(self, session: str) -> dict[str, Any]:
        """Every feedback operator beside the measured gradient, at the cursor."""
        answer: dict[str, Any] = await self._read(session, "feedback_comparison")
        return answer

    async def nudge(
        self,
        session: str,
        request: NudgeRequest,
        step: int | None = None,
        example: int | None = None,
        index: int | None = None,
    ) -> dict[str, Any]:
        """One number of a step, moved a little both ways."""
        return cast(dict[str, Any], await self._read(session, "nudge", request, step, example, index))

    async def what_if(self, session: str, request: WhatIfRequest) -> dict[str, Any]:
        """What other activations would lead to."""
        answer: dict[str, Any] = await self._read(session, "what_if", request)
        return answer

    async def broken_check(self, session: str, bug: str) -> dict[str, Any]:
        """The gradient of a broken backward pass against central differences."""
        answer: dict[str, Any] = await self._read(session, "broken_check", bug)
        return answer

    async def spectrum(self, session: str, layer: int, kappa: float | None = None) -> dict[str, Any]:
        """The transpose and the inverse of the weights into a layer."""
        answer: dict[str, Any] = await self._read(session, "spectrum", layer, kappa)
        return answer

    async def contributions(
        self, session: str, layer: int, j: int, k: int | None = None, step: int | None = None
    ) -> dict[str, Any]:
        """One connection or neuron, example by example of a step's mini-batch."""
        return cast(dict[str, Any], await self._read(session, "contributions", layer, j, k, step))

    async def predict(self, session: str, request: PredictRequest) -> dict[str, Any]:
        """Outputs at the cursor for these inputs."""
        return cast(dict[str, Any], await self._read(session, "predict", request))

    async def history(self, session: str, points: int = 500) -> dict[str, Any]:
        """Cost and accuracy over the run."""
        return cast(dict[str, Any], await self._read(session, "history", points))

    async def response_maps(self, session: str, resolution: int = 50) -> dict[str, Any]:
        """Each neuron over the plane of two inputs."""
        return cast(dict[str, Any], await self._read(session, "response_maps", resolution))

    async def topology(self, session: str) -> dict[str, Any]:
        """What stays the same between frames, as the stream tells it."""
        return cast(dict[str, Any], await self._read(session, "topology"))

    async def picture(self, session: str, resolution: int) -> dict[str, Any]:
        """The view, the frame and the maps at the cursor, see `Framing.picture`."""
        content = cast(dict[str, Any], await self._read(session, "picture", resolution))
        return content | {"view": named(session, content["view"])}

    async def examples(
        self,
        session: str,
        limit: int = 100,
        offset: int = 0,
        part: ExamplePart = "all",
        order: ExampleOrder = "index",
    ) -> dict[str, Any]:
        """Some of the session's examples, and what the network at the cursor says of them."""
        return cast(dict[str, Any], await self._read(session, "examples", limit, offset, part, order))
