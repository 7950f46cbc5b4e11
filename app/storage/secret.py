"""What the server knows and nobody else: drawn once, and kept with the rest."""

from __future__ import annotations

import secrets

from app.storage.database import Database
from app.storage.documents import Documents

BYTES = 32


def secret(database: Database, name: str) -> bytes:
    """32 random bytes, the same for as long as the file is kept."""
    kept = Documents(database, "secret")
    if kept.find(name) is None:
        kept.put(name, "", "", secrets.token_bytes(BYTES))
    found = kept.body(name)
    assert found is not None
    return found
