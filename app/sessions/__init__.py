"""Training sessions: a session is its log, with checkpoints; the state at any point is replayed exactly."""
