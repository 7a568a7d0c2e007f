"""Rows of cells as files: text in every way, workbooks, web pages, Parquet, and parts of them gone wrong."""

from __future__ import annotations

import csv
import gzip
import html
import io
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from corpus.dialects import Rows

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, all from 1


def text(rows: Rows, separator: str = ",", end: str = "\r\n", every: bool = False) -> str:
    """Separated text; `every`: each cell in quotes."""
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows(["" if c is None else c for c in row] for row in rows)
    return out.getvalue()


def comma(rows: Rows) -> bytes:
    return text(rows).encode()


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def workbook(
    *sheets: tuple[str, Rows],
    merged: Iterable[Merge] = (),
    hidden: Iterable[int] = (),
    from_1904: bool = False,
    at: tuple[int, int] = (1, 1),
    formats: Mapping[int, str] | None = None,
) -> bytes:
    """An .xlsx file. merged, hidden: of the last sheet; at: where rows begin; formats: of a column (from 1)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, at[0]):
            for c, cell in enumerate(row, at[1]):
                if cell is not None and cell != "":
                    found = sheet.cell(r, c, cell)
                    if formats and c in formats and r > at[0]:
                        found.number_format = formats[c]
    for first, left, last, right in merged:
        sheet.merge_cells(start_row=first, start_column=left, end_row=last, end_column=right)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book(rows: Rows, **how: Any) -> bytes:
    return workbook(("Sheet1", rows), **how)


def old_workbook(rows: Rows) -> bytes:
    """An .xls file of Excel 97; ImportError without xlwt."""
    import xlwt

    found = xlwt.Workbook(encoding="utf-8")
    sheet, day = found.add_sheet("商机"), xlwt.easyxf(num_format_str="yyyy/m/d")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None and cell != "":
                sheet.write(r, c, cell, *([day] if hasattr(cell, "year") else []))
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def parquet(rows: Rows, types: Mapping[str, str]) -> bytes:
    """A Parquet file, columns of text but for `types` (header -> SQL type); ImportError without duckdb."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as base:
        columns = ", ".join(f'"{h}" {types.get(h, "VARCHAR")}' for h in rows[0])
        base.execute(f"CREATE TABLE deals ({columns})")
        places = ", ".join("?" for _ in rows[0])
        base.executemany(f"INSERT INTO deals VALUES ({places})", [[c or None for c in row] for row in rows[1:]])
        path = Path(folder, "deals.parquet")
        base.execute(f"COPY deals TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def web_page(rows: Rows, charset: str = "utf-8", title: str = "") -> bytes:
    """A table of HTML as many systems save it under the name .xls."""
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape('' if c is None else str(c))}</td>" for c in row) + "</tr>\n"
        for row in rows
    )
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body>'
    return f'{head}{title}<table border="1">\n{cells}</table></body></html>'.encode(charset)


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XLSX = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
    '"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def by_hand(sheet: Iterable[bytes], level: int = 6) -> bytes:
    """An .xlsx file whose sheet is these bytes: for what openpyxl doesn't write."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as packed:
        for name, part in _XLSX.items():
            packed.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + part)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for piece in sheet:
                part.write(piece)
    return out.getvalue()


SHEET_HEAD = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_SHEET}"><sheetData>'.encode()
SHEET_END = b"</sheetData></worksheet>"


def with_formulas(rows: Rows, column: int) -> bytes:
    """An .xlsx file in which the cells of `column` (from 0) are formulas, with the values that Excel left there."""
    sheet = []
    for r, row in enumerate(rows, 1):
        cells = ""
        for c, cell in enumerate(row):
            place = f"{openpyxl.utils.get_column_letter(c + 1)}{r}"
            if c == column and r > 1 and cell not in (None, ""):
                cells += f'<c r="{place}"><f>SUM({cell},0)</f><v>{cell}</v></c>'
            elif cell not in (None, ""):
                kept = escape(str(cell))
                cells += f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
        sheet.append(f'<row r="{r}">{cells}</row>'.encode())
    return by_hand([SHEET_HEAD, *sheet, SHEET_END])


def zip_bomb(megabytes: int) -> bytes:
    """An .xlsx file of some megabytes whose sheet is `megabytes` when it is unpacked."""
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    piece = row * (1_000_000 // len(row))
    return by_hand([SHEET_HEAD, *([piece] * megabytes), SHEET_END], level=1)


def encrypted() -> bytes:
    """What Excel saves when a password is set: an OLE file with the streams EncryptionInfo and EncryptedPackage."""
    streams = [("EncryptionInfo", bytes(4096)), ("EncryptedPackage", bytes(range(256)) * 32)]
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat, body, entries = [fat_mark, end], b"", [("Root Entry", 5, 1, end, 0)]
    for n, (name, data) in enumerate(streams):
        first, count = len(fat), len(data) // 512
        fat += [first + i + 1 for i in range(count - 1)] + [end]
        body += data
        entries.append((name, 2, free if n else 2, first, len(data)))
    table = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    directory = b"".join(_entry(*e) for e in entries) + _entry("", 0, free, 0, 0)
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return head + table + directory + body


def _entry(name: str, kind: int, next_to: int, first: int, size: int) -> bytes:
    free, coded = 0xFFFFFFFF, (name + "\0").encode("utf-16-le") if name else b""
    child, right = (next_to, free) if kind == 5 else (free, next_to)
    found = coded.ljust(64, b"\0") + struct.pack("<HBB3I", len(coded), kind, 1, free, right, child)
    return found + bytes(36) + struct.pack("<IQ", first, size)


def unzipped_part(data: bytes, name: str, change: Any) -> bytes:
    """The same zip file with the part `name` changed by `change`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return out.getvalue()


def columns(rows: Rows, *headers: Sequence[Any]) -> Rows:
    """`rows` with more columns on the right, each its header and its cells."""
    return [[*row, *(column[i] for column in headers)] for i, row in enumerate(rows)]
