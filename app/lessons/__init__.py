"""Lessons: guided tours through a session, with questions that the numbers answer (none yet)."""
