"""Data sets as the web process sees them: the uploaded ones that it keeps, and the built-in ones beside them."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from app.datasets import DataSet, build, built_in
from app.hosting.capacity import Capacity
from app.hosting.client import asking
from app.hosting.data_store import DataStore, fingerprint
from app.hosting.descriptions import Description, describe_built_in, describe_examples, describe_upload
from app.sessions.errors import NotFound, TooLarge, TooMany
from app.storage import Documents, WriteQueue

SHARED = ""
"""The owner of what is everybody's: of sessions that scripts make without a cookie, and of the server's data files."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an uploaded data set: whose it is, its size in bytes, and where it came from, if that counts."""

    owner: str
    size: int
    address: str = ""


class Uploads:
    """The uploaded data sets, in a folder that the workers read too."""

    def __init__(self, folder: Path, queue: WriteQueue, capacity: Capacity) -> None:
        self._store = DataStore(folder)
        self._queue = queue
        self._documents = Documents(queue.database, "dataset")
        self._capacity = capacity
        self._uploads: dict[str, Upload] = {}

    async def start(self) -> None:
        """Know again what was uploaded before."""
        for found in await self._queue.do(self._documents.all):
            if found.id in self._store:
                self._uploads[found.id] = Upload(found.owner, json.loads(found.head)["size"])
        await asyncio.to_thread(self._store.tidy, self._uploads)

    async def share(self, data: DataSet) -> str:
        """Take in a data set for everybody, unless the very same one is there; answers its id."""
        identifier = f"upload-{fingerprint(data)}"
        if identifier not in self._uploads:
            await self._keep(identifier, data, Upload(SHARED, data.inputs.nbytes + data.values.nbytes))
        return identifier

    async def add(self, data: DataSet, owner: str = SHARED) -> str:
        """Take in a data set; answers the id that a session's `dataset.name` takes.

        Raises
        ------
        TooMany
            as many as there may be are here already.
        TooLarge
            it does not fit in the space that is left.
        """
        if len(self._uploads) >= self._capacity.datasets:
            raise TooMany(
                3600,
                f"The server keeps {self._capacity.datasets} uploaded data sets, and has as many: try another day.",
            )
        most = self._capacity.datasets_per_owner
        if owner != SHARED and sum(upload.owner == owner for upload in self._uploads.values()) >= most:
            raise TooMany(60, f"You have {most} uploaded data sets, which is the most: delete one that is done with.")
        size = data.inputs.nbytes + data.values.nbytes
        address = asking.get().address
        self._check_part(address, size)
        left = self._capacity.dataset_bytes - sum(upload.size for upload in self._uploads.values())
        if size > left:
            raise TooLarge(
                f"The data set takes {size / 1e6:.1f} MB as 8-byte numbers, and there is room for {left / 1e6:.1f} MB:"
                " use fewer examples or columns."
            )
        identifier = f"upload-{secrets.token_hex(8)}"
        await self._keep(identifier, data, Upload(owner, size, address))
        return identifier

    def _check_part(self, address: str, size: int) -> None:
        """Raises TooMany, TooLarge where one address would have more than its part."""
        there = [upload for upload in self._uploads.values() if address and upload.address == address]
        part = self._capacity.address_part
        most, left = (
            self._capacity.datasets * part,
            self._capacity.dataset_bytes * part - sum(one.size for one in there),
        )
        if there and len(there) >= most:
            raise TooMany(
                3600,
                f"The server keeps {len(there)} data sets from your network, which is the most for one: delete one.",
            )
        if address and size > left:
            raise TooLarge(
                f"The data set takes {size / 1e6:.1f} MB as 8-byte numbers, and there is room for {left / 1e6:.1f} MB"
                " from your network: use fewer examples or columns."
            )

    async def _keep(self, identifier: str, data: DataSet, upload: Upload) -> None:
        self._uploads[identifier] = upload
        try:
            await asyncio.to_thread(self._store.save, identifier, data)
            head = json.dumps({"size": upload.size})
            await self._queue.do(lambda: self._documents.put(identifier, upload.owner, head))
        except BaseException:
            del self._uploads[identifier]
            raise

    async def delete(self, identifier: str, owner: str = SHARED) -> None:
        """Forget a data set of the owner's; sessions that are in use go on with it. Raises NotFound."""
        upload = self._uploads.get(identifier)
        if upload is None or upload.owner != owner:
            raise NotFound(f"There is no data set {identifier!r} of yours.")
        del self._uploads[identifier]
        await self._queue.do(lambda: self._documents.delete([identifier]))
        await asyncio.to_thread(self._store.delete, identifier)

    async def listing(self, owner: str = SHARED) -> list[Description]:
        """The built-in data sets, everybody's, and the owner's own."""
        described = [describe_built_in(info) for info in built_in()]
        for identifier in [name for name, upload in self._uploads.items() if upload.owner in (SHARED, owner)]:
            data = await asyncio.to_thread(self._store.load, identifier)
            if data is not None:  # else it is being saved, or was deleted meanwhile
                described.append(describe_upload(identifier, data))
        return described

    async def one(self, name: str, limit: int = 20) -> Description:
        """One data set with its first examples. Raises NotFound."""
        info = next((info for info in built_in() if info.name == name), None)
        if info is not None:
            data = await asyncio.to_thread(build, name, None, None, 1)
            return describe_built_in(info) | describe_examples(data, limit)
        uploaded = await asyncio.to_thread(self._store.load, name)
        if uploaded is None:
            names = ", ".join(info.name for info in built_in())
            raise NotFound(f"There is no data set {name!r}; there are {names}, and those that were uploaded.")
        return describe_upload(name, uploaded) | describe_examples(uploaded, limit)
