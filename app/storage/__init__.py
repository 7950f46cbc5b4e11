"""Storage: documents that outlive every process, in one SQLite file in a folder that one server has to itself.

It knows nothing of what the documents are about. A document is kept as it was last written, and after it what has been
appended since: appending is cheap, so that nothing is acknowledged before it is kept.
"""

from app.storage.database import Database, Superseded, Writer
from app.storage.documents import Document, Documents
from app.storage.errors import StorageError
from app.storage.folder import DataFolder
from app.storage.queue import WriteQueue
from app.storage.secret import secret

__all__ = [
    "DataFolder",
    "Database",
    "Document",
    "Documents",
    "StorageError",
    "Superseded",
    "WriteQueue",
    "Writer",
    "secret",
]
