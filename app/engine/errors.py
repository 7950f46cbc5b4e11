"""What the engine refuses, in sentences."""

from __future__ import annotations


class EngineError(ValueError):
    """Settings that make no sense together. ``str(error)`` says what was given, and what to use instead.

    Attributes
    ----------
    field
        The setting, as the API names it, for example ``"activations"`` or ``"optimizer.momentum"``.
    index
        Position in the setting's list, from 0, where it is one.
    """

    def __init__(self, sentence: str, field: str, index: int | None = None) -> None:
        super().__init__(sentence)
        self.field = field
        self.index = index
