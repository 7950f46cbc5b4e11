"""Lessons: data in files, checked when they are read; what a reader answers is checked against the engine's numbers."""
