"""A sheet's cells as they stand, and how many of them we take in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from salesplaybook.errors import ExportError

CELLS = 5_000_000  # in a file: keeps the process under 1,500 MB, measured with cells of text
COLUMNS = 16_384  # as in Excel


@dataclass(frozen=True)
class Grid:
    """A sheet's cells as they stand, nothing interpreted.

    name        the sheet's, "" outside of Excel
    rows        (number as Excel counts, cells); rows without anything are left out. Cells: None, "", str, int, float,
                bool, Decimal, datetime, date, time, timedelta
    merged      (first row, first column, last row, last column): rows as Excel counts, columns from 0
    hidden      numbers of rows that Excel hides; they are read like all others
    from_1904   numbers that stand for days count from 1904 (old Mac workbooks)
    separator   of a text file: , ; tab |
    """

    file: str
    name: str = ""
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    from_1904: bool = False
    separator: str = ""


def filled(row: list[Any]) -> bool:
    """Whether a row holds anything but blanks and spaces."""
    return any(c is not None and c != "" and not (isinstance(c, str) and c.isspace()) for c in row)


def check_size(file: str, cells: int) -> None:
    """ExportError where a file holds more cells than we take in."""
    if cells > CELLS:
        raise ExportError(
            "{file} holds more than {limit:,} cells (rows × columns). Export fewer columns, or a shorter period.",
            file=file,
            limit=CELLS,
        )
