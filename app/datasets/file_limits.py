"""How large a user's files may be, and how they and places in them are named in messages."""

from __future__ import annotations

from dataclasses import dataclass

from app.datasets.dataset import DataError

LARGEST_NUMBER = 1e300  # beyond it, differences and squares overflow
NUMBER_BYTES = 8


@dataclass(frozen=True)
class FileLimits:
    """Upper limits for the files of one data set, with a sentence for each that is passed.

    Attributes
    ----------
    file_bytes
        Bytes of all files together, as they come.
    rows, columns
        Examples; numbers in an example, the target's column included.
    decompressed_bytes
        Bytes of all files together after decompression, and of the inputs as 8-byte numbers. MNIST takes 440 MB.
    """

    file_bytes: int = 64 * 2**20
    rows: int = 100_000
    columns: int = 4_096
    decompressed_bytes: int = 512 * 2**20

    def check_rows(self, rows: int, file: str) -> None:
        """Raises DataError for too many rows."""
        if rows > self.rows:
            raise DataError(f"{file} has more than {self.rows:,} examples, which is the limit: use fewer.", file=file)

    def check_columns(self, columns: int, file: str) -> None:
        """Raises DataError for too many numbers in an example."""
        if columns > self.columns:
            raise DataError(f"{file} has {columns:,} columns, and {self.columns:,} is the limit: use fewer.", file=file)

    def check_numbers(self, numbers: int, file: str) -> None:
        """Raises DataError if so many numbers take too much memory."""
        size = numbers * NUMBER_BYTES
        if size > self.decompressed_bytes:
            raise DataError(
                f"{file} holds {numbers:,} numbers, which take {in_mb(size)}; {in_mb(self.decompressed_bytes)} is the "
                "limit: use fewer examples.",
                file=file,
            )


def in_mb(size: int) -> str:
    """Bytes as megabytes, for people."""
    return f"{size / 1e6:,.3g} MB" if size < 1e9 else f"{size / 1e6:,.0f} MB"


def display_name(name: str) -> str:
    """A file's name without its folder, short and printable, for messages."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter if letter.isprintable() else "?" for letter in base)
    return (printable if len(printable) <= 80 else printable[:79] + "…") or "the file"


def shown(text: str) -> str:
    """A cell or a name in quotes, short and printable."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    return f"“{printable if len(printable) <= 40 else printable[:39] + '…'}”"
