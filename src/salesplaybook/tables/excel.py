"""Workbooks become grids: .xlsx, .xlsm, .xlsb and .ods (packed), .xls (binary). Values as Excel last computed them."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from salesplaybook.errors import ExportError
from salesplaybook.results import defined
from salesplaybook.tables import inside
from salesplaybook.tables.grid import CELLS, Grid, filled
from salesplaybook.tables.inside import Inside

NO_WORKBOOKS = {
    "word/": defined("a Word document"),
    "ppt/": defined("a PowerPoint presentation"),
    "Index/": defined("a Numbers or Pages document"),
    "mimetype": defined("an OpenDocument text or presentation"),
}

OPEN_DOCUMENT = defined("an OpenDocument spreadsheet (.ods)")
BINARY = defined("a binary workbook (.xlsb)")

TRIAL = """
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1_400_000_000, 1_400_000_000))
except (ImportError, OSError, ValueError):
    pass  # not on every system
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
for name in book.sheet_names:
    book.get_sheet_by_name(name)
"""


def packed(file: str, data: bytes) -> list[Grid]:
    """The sheets of a workbook that is a zip: .xlsx, .xlsm, .xlsb, .ods. ExportError where it is none."""
    parts = inside.unpacked(file, data)
    names = set(parts)
    if "xl/workbook.xml" in {n.lower() for n in names} or any(n.endswith("/workbook.xml") for n in names):
        sheets, from_1904 = _xml(file, parts)
    elif "xl/workbook.bin" in names:
        sheets, from_1904 = _xlsb(parts)
    elif "content.xml" in names:
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise _encrypted(file)
        if b"opendocument." in (kind := parts.get("mimetype", b"")) and b"spreadsheet" not in kind:
            raise _no_workbook(file, ["mimetype"])
        sheets, from_1904 = {"": inside.open_document(parts["content.xml"])}, False
    else:
        raise _no_workbook(file, sorted(names))
    parts.clear()
    for name, sheet in sheets.items():
        _check_reach(file, name, sheet)
    _check_reach(file, "", Inside(1, sum(s.rows * s.columns for s in sheets.values())))
    what = OPEN_DOCUMENT if "content.xml" in names else BINARY if "xl/workbook.bin" in names else None
    try:
        if what == BINARY:
            _try_apart(file, data)
        return _grids(file, _open(file, data), sheets, from_1904)
    except _Unreadable:
        if what is None:
            raise
        raise ExportError(
            "{file} is {what:text}, and can't be read as it stands. Open it in Excel or LibreOffice, and save it as "
            ".xlsx.",
            file=file,
            what=what,
        ) from None


def binary(file: str, data: bytes) -> list[Grid]:
    """The sheets of an .xls of Excel 97 to 2003. ExportError where it is encrypted or no workbook."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _encrypted(file)
    old = inside.OldWorkbook(data)
    if old.encrypted:
        raise _encrypted(file)
    _check_reach(file, "", Inside(1, sum(s.rows * s.columns for s in old.sheets)))
    _try_apart(file, data)
    book = _open(file, data)
    names = [sheet.name for sheet in book.sheets_metadata]
    sheets = dict(zip(names, old.sheets, strict=False)) if len(names) == len(old.sheets) else {}
    return _grids(file, book, sheets, old.from_1904)


def _xml(file: str, parts: dict[str, bytes]) -> tuple[dict[str, Inside], bool]:
    """(sheets by name, whether days count from 1904) of an .xlsx."""
    path = next(p for p in parts if p.lower().endswith("workbook.xml"))
    places = _sheet_places(path, parts)
    shared = next((p for p in parts if p.lower().endswith("sharedstrings.xml")), "")
    if inside.repeated(parts.get(shared, b""), [parts[p] for p in places if p in parts]):
        raise ExportError(
            "{file} repeats long texts in so many cells that they would fill the memory. "
            "Export it without that column.",
            file=file,
        )
    sheets = {}
    for place, xml in parts.items():
        # A sheet that nothing names is looked at too: what calamine opens is its own matter.
        if place in places or "worksheets/" in place.lower():
            sheets[places.get(place, place)] = inside.sheet(xml)
    return sheets, bool(re.search(rb"<(?:\w+:)?workbookPr[^>]*\bdate1904=[\"'](1|true)", parts[path]))


def _sheet_places(path: str, parts: dict[str, bytes]) -> dict[str, str]:
    """Where each sheet stands in the zip: path -> name."""
    folder = PurePosixPath(path).parent
    relations = parts.get(f"{folder}/_rels/{PurePosixPath(path).name}.rels", b"").decode("utf-8", "replace")
    targets = {}
    for attributes in re.findall(r"<(?:\w+:)?Relationship\s([^>]*)>", relations):
        here = _attributes(attributes)
        target = here.get("Target", "")
        targets[here.get("Id")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
    found = {}
    for attributes in re.findall(r"<(?:\w+:)?sheet\s([^>]*)>", parts[path].decode("utf-8", "replace")):
        here = _attributes(attributes)
        relation = next((value for name, value in here.items() if name.endswith(":id")), None)
        if relation in targets:
            found[targets[relation]] = here.get("name", "")
    return found


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(a or b) for name, a, b in re.findall(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", text)}


def _xlsb(parts: dict[str, bytes]) -> tuple[dict[str, Inside], bool]:
    sheets = {name: inside.binary_sheet(data) for name, data in parts.items() if "worksheets/sheet" in name.lower()}
    # The record of the workbook's properties: kind 153, twelve bytes or more, the first bit tells 1904.
    properties = re.search(rb"\x99\x01.(.)", parts["xl/workbook.bin"], re.DOTALL)
    return sheets, bool(properties and properties[1][0] & 1)


def _check_reach(file: str, name: str, sheet: Inside) -> None:
    if sheet.rows * sheet.columns <= CELLS:
        return
    if not name:
        raise ExportError(
            "The sheets of {file} hold more than {limit:,} cells (rows × columns). Delete stray cells far from the "
            "table (Ctrl+End in Excel shows the last one), or export fewer columns or a shorter period.",
            file=file,
            limit=CELLS,
        )
    raise ExportError(
        "{file}, sheet '{sheet}' reaches to row {row:,} and column {column:,}: more than {limit:,} cells. Delete stray "
        "cells far from the table (Ctrl+End in Excel shows the last one), or export fewer columns or a shorter period.",
        file=file,
        sheet=name,
        row=sheet.rows,
        column=sheet.columns,
        limit=CELLS,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what a panic of calamine's writes to the terminal from it: it is answered with a sentence."""
    try:
        usual, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # a program without a terminal may have closed it
        yield
        return
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(usual, 2)
        os.close(usual)
        os.close(nothing)


def _try_apart(file: str, data: bytes) -> None:
    """ExportError where reading `data` ends a process: sizes in a damaged binary file may ask for any memory."""
    try:
        done = subprocess.run([sys.executable, "-I", "-c", TRIAL], input=data, capture_output=True, timeout=50)
    except subprocess.TimeoutExpired as error:
        raise _unreadable(file, error) from None
    if done.returncode < 0 or done.returncode > 2:
        raise _unreadable(file, MemoryError())


def _open(file: str, data: bytes) -> Any:
    try:
        with _quiet():
            return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise _encrypted(file) from None
    except BaseException as error:
        raise _unreadable(file, error) from None


def _grids(file: str, book: Any, sheets: dict[str, Inside], from_1904: bool) -> list[Grid]:
    grids, passed = [], []
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != SheetVisibleEnum.Visible:
            passed.append(sheet.name)
            continue
        known = sheets.get(sheet.name, Inside())
        grid = _grid(file, sheet.name, book, known, from_1904)
        if grid.rows and known.formulas >= max(2, len(grid.rows) / 2):
            raise ExportError(
                "{file}, sheet '{sheet}' holds {count} formulas without values: it was written by a program that does "
                "not compute. Open it in Excel, save it, and use that file.",
                file=file,
                sheet=sheet.name,
                count=known.formulas,
            )
        grids.append(grid)
    if passed and not any(grid.rows for grid in grids):
        raise ExportError(
            "The visible sheets of {file} are empty; hidden ones are not read: {sheets}. Show them in Excel, and save.",
            file=file,
            sheets=", ".join(passed),
        )
    return grids


def _grid(file: str, name: str, book: Any, known: Inside, from_1904: bool) -> Grid:
    try:
        with _quiet():
            sheet = book.get_sheet_by_name(name)
        left = [None] * (sheet.start[1] if sheet.start else 0)
        merged = [(a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []]
        rows = {n: left + row for n, row in enumerate(sheet.iter_rows(), 1) if filled(row)} if sheet.start else {}
    except BaseException as error:
        raise _unreadable(file, error) from None
    for (number, column), text in known.texts.items():
        row = rows.setdefault(number, [])
        row.extend([None] * (column + 1 - len(row)))
        if row[column] in (None, ""):
            row[column] = text
    ordered = sorted(rows.items()) if known.texts else list(rows.items())
    return Grid(file, name, ordered, merged, frozenset(known.hidden & rows.keys()), from_1904)


class _Unreadable(ExportError):
    """Calamine can't open a workbook; what it says of that is not for users."""


def _unreadable(file: str, error: BaseException) -> BaseException:
    """The sentence for an error of calamine's; its panics are BaseExceptions. Ctrl+C stays what it is."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return error
    text = defined(
        "{file} can't be opened as a workbook: it is damaged, or was not written as Excel writes it. "
        "Open it in Excel, and save it as .xlsx."
    )
    return _Unreadable(text, file=file)


def _encrypted(file: str) -> ExportError:
    return ExportError(
        "{file} is protected by a password. Open it in Excel, remove the password (File > Info), and save it.",
        file=file,
    )


def _no_workbook(file: str, names: list[str]) -> ExportError:
    for start, what in NO_WORKBOOKS.items():
        if any(name.startswith(start) for name in names):
            return ExportError("{file} is {what:text}, no workbook. Export it as CSV or Excel.", file=file, what=what)
    if not names:
        return ExportError("{file} is an empty zip archive. Export it again.", file=file)
    return ExportError(
        "{file} is a zip archive, no workbook; it holds: {names}. Unpack it and use the file inside.",
        file=file,
        names=", ".join(map(_in_chinese, names[:3])) + (" …" if len(names) > 3 else ""),
    )


def _in_chinese(name: str) -> str:
    """A name in a zip as Windows wrote it in China: GBK, which zipfile takes for the letters of old PCs."""
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name
