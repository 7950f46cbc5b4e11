"""CSV: a header row, numbers as inputs, and one target column of numbers (regression) or words (classes)."""

from __future__ import annotations

import csv
import io
import math
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.datasets.assemble import Raw, assemble, check_class_count
from app.datasets.dataset import DataError, DataSet, Floats
from app.datasets.file_limits import LARGEST_NUMBER, FileLimits, shown

DELIMITERS = ",;\t"
FEW_VALUES = 20  # whole numbers in a target that look as if they could be meant as classes
LONGEST_WORD = 100
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


def read_csv(file: str, data: bytes, target: str | None = None, limits: FileLimits | None = None) -> DataSet:
    """The data set of a CSV file; ``target`` names the target's column, else it is the last.

    Raises
    ------
    DataError
        With ``row`` (the header is row 1) and ``column`` (its name) where one place is wrong.
    """
    limits = limits or FileLimits()
    text = decoded(file, data)
    below_header = max(0, text.find("\n"))
    table = Table(file, _delimiter(text), limits, underscores=text.find("_", below_header) >= 0)
    # not StringIO, which takes 4 bytes for every letter
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")
    table.read(csv.reader(lines, delimiter=table.delimiter, strict=True), target)
    return assemble(table.raw())


def decoded(file: str, data: bytes) -> str:
    """The text: UTF-8, or UTF-16 with a byte order mark, as spreadsheets write it. Raises DataError."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte {error.start + 1:,} (0x{data[error.start]:02X}) is not UTF-8 text"
        raise DataError(
            f"{file}, row {row}: {wrong}. Is it a CSV file? If so, save it again as “CSV UTF-8”.", file=file, row=row
        ) from error
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(
            f"{file} is not a file that can be read: it is neither CSV nor npz nor IDX (row {row} has a zero byte).",
            file=file,
            row=row,
        )
    return text


def _delimiter(text: str) -> str:
    """The one of comma, semicolon and tab that the header has most of, quoted names aside."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0][:100_000])
    return max(DELIMITERS, key=header.count)


@dataclass
class Table:
    """A CSV file while it is read; numbers go straight into arrays, for a list of cells takes ten times the memory."""

    file: str
    delimiter: str
    limits: FileLimits
    header: list[str] = field(default_factory=list)
    underscores: bool = False  # Python's float takes 1_000, nobody else does: each cell is looked at closely
    place: int = 0  # of the target's column
    inputs: array[float] = field(default_factory=lambda: array("d"))
    targets: list[str] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))  # in the file, of each example

    def read(self, reader: Iterator[list[str]], target: str | None) -> None:
        """All rows. Raises DataError."""
        for row, cells in self._numbered(reader):
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                continue  # an empty line
            if not self.header:
                self.header = [cell.strip() for cell in cells]
                self._check_header(row)
                self.place = self._target_place(target)
            else:
                self._add(row, cells)
        if not self.header:
            raise DataError(f"{self.file} is empty: it needs a header row and examples.", file=self.file)
        if not self.rows:
            raise DataError(f"{self.file} has a header row and no examples below it.", file=self.file, row=1)

    def _numbered(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
        row = 0
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
                raise self._wrong(row, None, f"{reason}.") from error
            yield row, cells

    def _wrong(self, row: int, place: int | None, says: str) -> DataError:
        column = None if place is None else self.header[place] or place + 1
        where = "" if place is None else f", column {shown(str(column))}"
        return DataError(f"{self.file}, row {row}{where}: {says}", file=self.file, row=row, column=column)

    # -- the header

    def _check_header(self, row: int) -> None:
        self.limits.check_columns(len(self.header), self.file)
        if len(self.header) < 2:
            raise self._wrong(
                row,
                None,
                "there is only one column; at least one input and the target are needed, with commas between.",
            )
        if all(_number(cell, self.delimiter) is not None for cell in self.header):
            raise self._wrong(row, None, "the first row must name the columns, and holds only numbers.")
        first: dict[str, int] = {}
        for place, name in enumerate(self.header):
            if not name:
                raise self._wrong(row, place, f"column {place + 1} has no name. Name it, or take it out.")
            if name in first:
                raise self._wrong(row, place, f"columns {first[name] + 1} and {place + 1} have the same name.")
            if len(name) > LONGEST_WORD:
                raise self._wrong(row, place, f"the name is longer than {LONGEST_WORD} letters.")
            first[name] = place

    def _target_place(self, target: str | None) -> int:
        if target is None:
            return len(self.header) - 1
        if target.strip() not in self.header:
            names = ", ".join(shown(name) for name in self.header[:10]) + (" …" if len(self.header) > 10 else "")
            raise DataError(
                f"{self.file} has no column {shown(target)} to take as the target; its columns are {names}.",
                file=self.file,
                field="target",
            )
        return self.header.index(target.strip())

    # -- the examples

    def _add(self, row: int, cells: list[str]) -> None:
        if len(cells) != len(self.header):
            raise self._wrong(row, None, f"{_cells(len(cells))}, and the header has {len(self.header)}.")
        self.limits.check_rows(len(self.rows) + 1, self.file)
        self.rows.append(row)
        self.targets.append(cells[self.place].strip())
        del cells[self.place]
        try:
            numbers = list(map(float, cells))
        except ValueError:
            numbers = []
        if self.underscores or not _fine(numbers):
            numbers = [self._input(row, place + (place >= self.place), cell) for place, cell in enumerate(cells)]
        self.inputs.extend(numbers)
        self.limits.check_numbers(len(self.inputs), self.file)

    def _input(self, row: int, place: int, cell: str) -> float:
        """One input, looked at closely. Raises DataError."""
        number = self._checked_number(row, place, cell)
        if number is None:
            raise self._wrong(row, place, f"{shown(cell.strip())} is not a number; inputs must be numbers.")
        return number

    def _checked_number(self, row: int, place: int, cell: str) -> float | None:
        if not cell.strip():
            raise self._wrong(row, place, "the cell is empty. Fill it in, or take the row out.")
        number = _number(cell, self.delimiter)
        if number is not None and not abs(number) <= LARGEST_NUMBER:
            too_large = not np.isnan(number) and "n" not in cell.lower()  # "inf" has an n, 1e999 has none
            says = "is too large: numbers go up to 1e300" if too_large else "is not a finite number"
            raise self._wrong(row, place, f"{shown(cell.strip())} {says}.")
        return number

    # -- the whole

    def raw(self) -> Raw:
        """What was read. Raises DataError if the target is mixed."""
        n, columns = len(self.rows), len(self.header) - 1
        inputs = np.frombuffer(self.inputs, dtype=np.float64).reshape(n, columns)
        names = tuple(name for place, name in enumerate(self.header) if place != self.place)
        if _number(self.targets[0], self.delimiter) is not None:
            values = self._numbers()
            return Raw(self.file, inputs, values[:, None], None, names, remark=self._remark(values))
        words = self._words()
        classes = sorted(set(words))
        check_class_count(
            len(classes), f"{self.file}, column {shown(self.header[self.place])}", self.file, self.header[self.place]
        )
        numbers = {word: number for number, word in enumerate(classes)}
        labels = np.array([numbers[word] for word in words], dtype=np.int64)
        return Raw(self.file, inputs, labels, tuple(classes), names)

    def _numbers(self) -> Floats:
        values = np.empty(len(self.rows))
        for index, cell in enumerate(self.targets):
            number = self._checked_number(self.rows[index], self.place, cell)
            if number is None:
                raise self._mixed(index, "is not a number, and")
            values[index] = number
        return values

    def _words(self) -> Sequence[str]:
        for index, cell in enumerate(self.targets):
            row = self.rows[index]
            if not cell:
                raise self._wrong(row, self.place, "the cell is empty. Fill it in, or take the row out.")
            if len(cell) > LONGEST_WORD:
                raise self._wrong(row, self.place, f"a class's name may have {LONGEST_WORD} letters at most.")
            number = _number(cell, self.delimiter)
            if number is not None and np.isfinite(number):
                raise self._mixed(index, "is a number, but")
        return self.targets

    def _mixed(self, index: int, says: str) -> DataError:
        return self._wrong(
            self.rows[index],
            self.place,
            f"{shown(self.targets[index])} {says} row {self.rows[0]} has {shown(self.targets[0])}. Targets are either "
            "all numbers (regression) or all words (classes).",
        )

    def _remark(self, values: Floats) -> str:
        different = np.unique(values)
        if len(different) > FEW_VALUES or (different != np.floor(different)).any():
            return ""
        return (
            f"{shown(self.header[self.place])} holds numbers, so this is a regression. For classes write words, "
            f"such as {shown(f'class {different[0]:.0f}')}."
        )


def _fine(numbers: list[float]) -> bool:
    """Whether there are numbers, all finite and not too large; quickly, for this is asked of every row."""
    finite = bool(numbers) and math.isfinite(sum(numbers))  # too large ones may add up to infinity, and go the slow way
    return finite and max(numbers) <= LARGEST_NUMBER and min(numbers) >= -LARGEST_NUMBER


def _cells(n: int) -> str:
    return f"there {'is 1 cell' if n == 1 else f'are {n} cells'}"


def _number(cell: str, delimiter: str) -> float | None:
    """The number a cell holds, maybe infinite or not a number; None for anything else."""
    cell = cell.strip()
    if delimiter != "," and DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None
