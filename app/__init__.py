"""Blameflow: see backpropagation happen, one exactly defined phase at a time."""
