"""What can be wrong with a folder of data."""

from __future__ import annotations


class StorageError(Exception):
    """The folder or the file cannot be used; the text is a sentence that says why, and what to do."""
