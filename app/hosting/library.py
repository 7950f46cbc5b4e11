"""The data sets that sessions can name: those that were uploaded, by id, and the built-in ones.

The same arguments give the same object, so that thirty sessions of digits hold the digits once.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from weakref import WeakValueDictionary

from app.datasets import DataError, DataSet, DataSetInfo, build, built_in
from app.hosting.data_store import DataStore
from app.sessions.errors import InvalidConfig

RECENT = 8
"""Data sets that stay at hand while no session holds them: making the next session is then quick."""

Arguments = tuple[str, int | None, float | None, int]


class Library:
    """Finds data sets by name.

    Parameters
    ----------
    folder
        of the uploaded ones.
    """

    def __init__(self, folder: Path) -> None:
        self._store = DataStore(folder)
        self._infos = {info.name: info for info in built_in()}
        self._built: WeakValueDictionary[Arguments, DataSet] = WeakValueDictionary()
        self._recent: deque[DataSet] = deque(maxlen=RECENT)

    def get(self, name: str, size: int | None, noise: float | None, seed: int) -> DataSet:
        """The data set, from `seed` where it is drawn; None stands for the default size and noise.

        Raises
        ------
        InvalidConfig
            naming the field of the body that is wrong, and what it may be.
        """
        info = self._infos.get(name)
        return self._uploaded(name, size, noise) if info is None else self._built_in(info, size, noise, seed)

    def holds(self, data: DataSet) -> bool:
        """Whether this very data set can be had again by its name."""
        return any(data is known for known in (*self._built.values(), *self._store.opened()))

    def _uploaded(self, name: str, size: int | None, noise: float | None) -> DataSet:
        data = self._store.load(name)
        if data is None:
            names = ", ".join(self._infos)
            raise _invalid("name", f"There is no data set {name!r}; there are {names}, and those that were uploaded.")
        if size not in (None, len(data)):
            raise _invalid("size", f"This data set has {len(data):,} examples and is used as it is: leave size out.")
        if noise not in (None, data.noise):
            raise _invalid("noise", "An uploaded data set is used as it is: leave noise out.")
        return data

    def _built_in(self, info: DataSetInfo, size: int | None, noise: float | None, seed: int) -> DataSet:
        size = info.default_size if size is None else size
        noise = info.default_noise if noise is None else noise
        drawn = not info.fixed or noise is not None
        arguments = (info.name, size, noise, seed if drawn else 0)
        data = self._built.get(arguments)
        if data is None:
            try:
                data = build(info.name, size, noise, seed)
            except DataError as error:
                raise _invalid(error.field or "name", str(error)) from None
            self._built[arguments] = data
            self._recent.append(data)
        return data


def _invalid(field: str, sentence: str) -> InvalidConfig:
    return InvalidConfig(("body", "dataset", field), sentence)
