"""A training session: its log, the checkpoints beside it, and a cursor.

Interface (the session knows neither its id nor its URLs; whoever serves it adds ``id``, ``url`` and ``stream_url``).
``Work[T]`` is ``Generator[None, None, T]``: it yields after every slice of work (about 3 ms), so that sessions can take
turns, and returns the answer; ``finish(work)`` runs one to its end. One operation of a session at a time: while a
``Work`` of it is unfinished, call nothing else on it, ``tick`` included. Refusals are raised from
``app.sessions.errors`` at the first ``next`` and change nothing.

Making:
    Session.create(config: SessionConfig, datasets: DataSets, limits: Limits) -> Session
    Session.from_export(document: Mapping[str, object], limits: Limits) -> Session
    fork() -> Session

Writing, all through one door, which checks ``if_match`` (None: not asked), answers the view (with ``discarded_steps``
where the log may change) and raises ``revision`` by one:
    perform(method, body, *, now, if_match=None) -> Work[dict]
        method  "step", "back" (StepRequest), "seek" (SeekRequest), "play" (PlayRequest), "pause" (None),
                "settings" (SettingsPatch), "parameters" (ParametersPatch), "undo", "redo" (None)
        body    None stands for the model with its defaults
        now     a monotonic clock, s

Playing (the clock is the caller's):
    playing: bool
    tick(now, seconds, traced=False) -> bool    plays what is due, for at most ``seconds``; True if the cursor moved;
                                                ``traced``: the last step is traced, which makes the next frame cheap
    next_due() -> float | None                  when the next tick has something to do, s on that clock; None: never
    drain_events() -> list[dict]                {"revision", "playing", "reason", "message"} since the last call;
                                                reasons: played paused edited undone redone until not_finite limit

Reading:
    revision: int
    view(include_parameters=False) -> Work[dict]
    trace(step=None, example=None, index=None, layer=None, fields=None) -> Work[dict]
    trace_npz(step=None, example=None, index=None) -> Work[bytes]
    parameters_npz() -> Work[bytes]
    export() -> Work[dict]
    gradient_check(epsilon=1e-5) -> Work[dict]
    predict(PredictRequest) -> Work[dict]
    history(points=500) -> dict
    response_maps(resolution=50) -> Work[dict]
    examples(limit=100, offset=0) -> dict       {"count", "offset", "inputs", "targets", "labels", "train": [bool]}
    topology() -> dict, frame_data() -> Work[dict]     for app.streaming: contents of the events `topology` (without
                                                protocol, session, scales) and `frame` (without seq and key), numbers
                                                as numpy arrays; ``w``, ``b``, ``w_after``, ``b_after``, ``nabla_w``,
                                                ``nabla_b`` are always there, and may be left out by the encoder;
                                                a layer has ``feedback`` (shape of w^T, of the layer below) where the
                                                operator is not the transpose
    memory_bytes() -> int
"""
