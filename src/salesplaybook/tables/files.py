"""A file becomes grids of cells. What it is is told by its first bytes, not by its name."""

from __future__ import annotations

import gc
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from salesplaybook.errors import ExportError
from salesplaybook.results import defined
from salesplaybook.tables import encodings, excel, markup, parquet, separated, spreadsheetml
from salesplaybook.tables.grid import Grid

__all__ = ["LARGEST", "Grid", "is_export", "read", "too_large"]

EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXT = (".csv", ".txt", ".tsv")
MEGABYTES = 150  # of text, unpacked; of anything else as it stands
LARGEST = MEGABYTES * 1_000_000  # bytes: of a larger file none need be read to refuse it (see `too_large`)
OTHERS = {
    b"%PDF": defined("a PDF"),
    b"\x89PNG": defined("a picture"),
    b"\xff\xd8\xff": defined("a picture"),
    b"GIF8": defined("a picture"),
    b"7z\xbc\xaf\x27\x1c": defined("a 7z archive"),
    b"Rar!": defined("a RAR archive"),
    b"{\\rtf": defined("an RTF document"),
    b"SQLite format 3": defined("a SQLite database"),
    b"ARROW1": defined("an Arrow file"),
    b"ORC": defined("an ORC file"),
}
OFFICE = re.compile(r"^(\[Content_Types\]\.xml|content\.xml|mimetype|(xl|word|ppt|Index)/)", re.IGNORECASE)
ASIDE = re.compile(r"^__MACOSX/|(^|/)\.")  # what a Mac puts into its archives besides
JSON = re.compile(r"\{\s*(\"[^\"]*\"\s*:|\})|\[\s*(\{|\[|\"|\])")


def is_export(name: str) -> bool:
    """Whether a file of this name may hold a table, as it stands or packed."""
    name = name.lower()
    return name.endswith(".zip") or name.removesuffix(".gz").endswith((*EXCEL, *TEXT, ".parquet"))


def read(file: str, data: bytes) -> list[Grid]:
    """The sheets of an export that hold anything. ExportError where it can't be read, or holds nothing."""
    if not data:
        raise ExportError("{file} is empty (0 bytes). Export it again.", file=file)
    if len(data) > LARGEST:
        raise too_large(file)
    if data.startswith(b"PK"):
        data = _archived(file, data) or data
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(file, data)
    with _no_collection():
        grids = [grid for grid in _grids(file, data) if grid.rows]
    if not grids:
        raise ExportError("{file} holds nothing: no cell of it is filled. Export it again.", file=file)
    return grids


@contextmanager
def _no_collection() -> Iterator[None]:
    """Rows by the hundred thousand hold no cycles: looking for some takes as long as reading them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _grids(file: str, data: bytes) -> list[Grid]:
    if data.startswith(b"PK"):
        return excel.packed(file, data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return excel.binary(file, data)
    if data.startswith(b"PAR1"):
        return [parquet.read(file, data)]
    for first, what in OTHERS.items():
        if data.startswith(first) and (first != b"ORC" or data.endswith(b"ORC")):
            raise _no_table(file, what)
    text = encodings.decoded(file, data)
    start = text[:5000].lstrip()
    if start.startswith("<") and "<office:document" in start:
        raise _no_table(file, defined("a flat OpenDocument file"))
    if start.startswith("<"):
        return spreadsheetml.read(file, text) if spreadsheetml.is_workbook(text) else markup.read(file, text)
    if JSON.match(start) and _is_json(text):
        raise _no_table(file, "JSON")
    grid = separated.read(file, text)
    if file.lower().endswith((*EXCEL, ".parquet")) and all(len(row) < 2 for _, row in grid.rows):
        raise ExportError(
            "{file} is no workbook but plain text without columns; it begins with: {start}. "
            "Export it again as CSV or Excel.",
            file=file,
            start=" ".join(text[:200].split())[:60],
        )
    return [grid]


def _no_table(file: str, what: str) -> ExportError:
    return ExportError(
        "{file} is {what:text}, not a table. Export it again as CSV (UTF-8) or Excel (.xlsx).", file=file, what=what
    )


def too_large(file: str) -> ExportError:
    """The sentence for a file of more than LARGEST bytes."""
    return ExportError(
        "{file} holds more than {limit} MB. Export fewer columns, or a shorter period.", file=file, limit=MEGABYTES
    )


def _is_json(text: str) -> bool:
    """JSON, JSON lines, or JSON that is cut off; not a CSV whose first header happens to stand in brackets."""
    first = text.lstrip().split("\n", 1)[0]
    if text.lstrip().startswith(("{", "[{")) or first.strip() in ("[", "[]"):
        return True
    try:
        json.loads(text[:1_000_000])
    except (ValueError, RecursionError):
        return False
    return True


def _archived(file: str, data: bytes) -> bytes | None:
    """The only export in a zip archive; None where there are several or none, or the zip is itself a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not ASIDE.search(e.filename)]
            exports = [e for e in entries if is_export(e.filename) and not e.filename.lower().endswith(".zip")]
            if len(exports) != 1 or any(OFFICE.search(e.filename) for e in entries):
                return None
            with archive.open(exports[0]) as stream:
                found = stream.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error, IndexError):
        return None  # damaged or encrypted: said where workbooks are unpacked
    if not found:
        raise _holds_nothing(file)
    if len(found) > LARGEST:
        raise too_large(file)
    return found


def _holds_nothing(file: str) -> ExportError:
    return ExportError("{file} holds an empty file. Export it again.", file=file)


def _unpacked(file: str, data: bytes) -> bytes:
    """What a .gz holds (several parts may follow each other), never more than the limit."""
    limit, out, size = LARGEST, [], 0
    while data.startswith(b"\x1f\x8b"):
        part = zlib.decompressobj(wbits=31)
        try:
            out.append(part.decompress(data, limit - size + 1))
        except zlib.error:
            break
        size += len(out[-1])
        if size > limit:
            raise too_large(file)
        if not part.eof:
            break
        data = part.unused_data
    else:
        if size:
            return b"".join(out)
        raise _holds_nothing(file)
    raise ExportError("{file} can't be unpacked: it is damaged or cut off. Export or copy it again.", file=file)
