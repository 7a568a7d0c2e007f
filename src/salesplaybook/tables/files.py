"""A file becomes a sheet of cells: header and rows as they stand, nothing interpreted yet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from salesplaybook.errors import ExportError

EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXT = (".csv", ".txt", ".tsv")


@dataclass(frozen=True)
class Sheet:
    """name: the sheet's, in Excel; header: the first row that is not blank; rows: (number as Excel counts, cells)."""

    file: str
    name: str
    header: list[str]
    rows: list[tuple[int, list[Any]]]


def is_export(name: str) -> bool:
    """Whether a file of this name may hold a table."""
    return name.lower().endswith(EXCEL + TEXT)


def read(file: str, data: bytes) -> list[Sheet]:
    """The sheets of an export that hold anything. ExportError where it can't be opened."""
    if not data.strip():
        raise ExportError("{file} is empty (0 bytes). Export it again.", file=file)
    if file.lower().endswith(EXCEL):
        return [s for name, cells in _excel(file, data) if (s := _sheet(file, name, cells))]
    found = _sheet(file, "", _csv(file, data))
    return [found] if found else []


def _sheet(file: str, name: str, cells: list[list[Any]]) -> Sheet | None:
    rows = [(number, row) for number, row in enumerate(cells, 1) if any(c not in (None, "") for c in row)]
    if not rows:
        return None
    return Sheet(file, name, [str(c).strip().lstrip("\ufeff") for c in rows[0][1]], rows[1:])


def _excel(file: str, data: bytes) -> list[tuple[str, list[list[Any]]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(n, book.get_sheet_by_name(n).to_python(skip_empty_area=False)) for n in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise ExportError(
            "{file} can't be opened as an Excel file ({problem}). Open it in Excel and save it as .xlsx.",
            file=file,
            problem=str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from None


def _csv(file: str, data: bytes) -> list[list[Any]]:
    text = decoded(file, data)
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(",;\t|", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise ExportError(
            "{file} can't be read as a table ({problem}). Export it again as CSV or Excel.",
            file=file,
            problem=str(error),
        ) from None


def decoded(file: str, data: bytes) -> str:
    """The text of a CSV: UTF-16 only with its mark, UTF-8, then GB18030 (which holds GBK)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ExportError("{file} is neither UTF-8 nor GBK text. Export it again as CSV in UTF-8.", file=file)
