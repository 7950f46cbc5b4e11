"""The still picture: the twin, in Python, of what the page draws."""
