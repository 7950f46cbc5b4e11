"""How much one session may take. The values come from the settings; these are their defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper limits of one session; reaching one is answered with a sentence that names it."""

    weights: int = 1_000_000
    """Weights of a network, biases not counted."""
    layers: int = 32
    """Layers of a network, input and output included."""
    neurons: int = 10_000
    """Neurons in one layer."""
    steps: int = 10_000_000
    """Training steps that a session keeps; at the limit it goes no further."""
    actions: int = 10_000
    """Edits, changed settings and added examples that a session keeps."""
    added_examples: int = 1_000
    """Examples that may be added to a session's data."""
    undo: int = 100
    """Edits, changed settings and added examples that can be taken back."""
    memory_bytes: int = 64 * 2**20
    """Memory for a session's checkpoints and working arrays, bytes; the data set is not counted."""
    inline_examples: int = 10_000
    """Examples given inside the body of a request."""
    inline_numbers: int = 1_000_000
    """Numbers given inside the body of a request as inputs and targets."""
    predict_examples: int = 10_000
    """Examples of one prediction."""
    map_resolution: int = 200
    """Points along each side of a response map."""
    evaluation_examples: int = 2_000
    """Examples of each part (training, test) that cost and accuracy are computed over."""
    history_points: int = 1_024
    """Points of the cost curve that are kept; above it every other one is dropped."""
    step_seconds: float = 10.0
    """The longest that a call of step may run, seconds."""
    trace_bytes: int = 2_000_000
    """Size of a trace as JSON without ``layer`` or ``fields``, bytes (estimated)."""
    narrowed_trace_bytes: int = 32_000_000
    """Size of a trace as JSON with ``layer`` or ``fields``, bytes (estimated)."""
    slice_seconds: float = 0.003
    """How long a session works before it lets others have a turn, seconds."""
