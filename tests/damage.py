"""Good files of every kind that we read, and what happens to files on their way: bytes that flip, go, come or move."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import duckdb
import openpyxl
import xlwt
from hypothesis import strategies as st

ROWS: list[list[Any]] = [
    ["编号", "商机名称", "阶段", "金额", "created"],
    ["D-1", "滨江二期，扩容", "赢单", 1250.5, date(2026, 9, 3)],
    ["D-2", "Müller & Söhne", "open", 300, date(2026, 9, 4)],
    ["D-3", "城东医院", "输单", 42, date(2026, 9, 5)],
]
SPREADSHEETML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{}</Workbook>'
)
OPEN_DOCUMENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="S">{}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def text(rows: list[list[Any]] = ROWS, separator: str = ",") -> str:
    return "".join(separator.join(str(cell) for cell in row) + "\r\n" for row in rows)


def excel(rows: list[list[Any]] = ROWS, change: Any = None) -> bytes:
    """An .xlsx; `change` gets the workbook before it is saved."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    # The time of writing changes the size by a byte, and with it the names of tests, which workers compare.
    core = zipfile.ZipFile(out).read("docProps/core.xml")
    return with_part(
        out.getvalue(), "docProps/core.xml", re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-09-21T08:00:00Z", core)
    )


def old_excel(rows: list[list[Any]] = ROWS, change: Any = None) -> bytes:
    """An .xls of Excel 97; `change` gets the workbook before it is filled."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    if change:
        change(book)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell, day if isinstance(cell, date | datetime) else xlwt.Style.default_style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_part(data: bytes, name: str, part: str | bytes) -> bytes:
    """A zip with one part exchanged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({**{n: archive.read(n) for n in archive.namelist()}, name: part})


def sheet_xml(rows: str) -> bytes:
    """An .xlsx whose sheet holds this XML, letter by letter."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(excel(), "xl/worksheets/sheet1.xml", sheet)


def open_document(rows: str) -> bytes:
    """An .ods whose only table holds these rows."""
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    content = OPEN_DOCUMENT.format(rows)
    return packed({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def parquet(query: str, folder: Any) -> bytes:
    """What DuckDB's `query` gives."""
    path = folder / "made.parquet"
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    data: bytes = path.read_bytes()
    path.unlink()
    return data


def good(folder: Any) -> dict[str, bytes]:
    """A good file of every kind, by its name; all hold ROWS."""
    html = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS)
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    xml = "".join("<Row>" + "".join(cell.format(str(c).replace("&", "&amp;")) for c in row) + "</Row>" for row in ROWS)
    ods = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    ods_rows = "".join(
        f"<table:table-row>{''.join(ods.format(str(c).replace('&', '&amp;')) for c in row)}</table:table-row>"
        for row in ROWS
    )
    values = ", ".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in ROWS[1:])
    names = ", ".join(f'"{name}"' for name in ROWS[0])
    return {
        "utf-8.csv": text().encode("utf-8-sig"),
        "gbk.csv": text().encode("gb18030"),
        "utf-16.txt": text(separator="\t").encode("utf-16"),
        "packed.csv.gz": gzip.compress(text().encode(), mtime=0),
        "new.xlsx": excel(),
        "old.xls": old_excel(),
        "open.ods": open_document(ods_rows),
        "page.xls": f"<html><head><title>Export</title></head><body><table>{html}</table></body></html>".encode(),
        "xml.xls": SPREADSHEETML.format(f'<Worksheet ss:Name="S"><Table>{xml}</Table></Worksheet>').encode(),
        "columns.parquet": parquet(f"SELECT * FROM (VALUES {values}) AS t({names})", folder),
    }


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with one to four things wrong."""
    out = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(out) - 1)))
        match draw(st.sampled_from(["flip", "cut", "insert", "swap", "drop"])):
            case "flip" if out:
                out[place] ^= draw(st.integers(1, 255))
            case "cut":
                del out[place:]
            case "insert":
                out[place:place] = draw(st.binary(min_size=1, max_size=6))
            case "swap":
                other = draw(st.integers(0, max(0, len(out) - 1)))
                out[place : place + 4], out[other : other + 4] = out[other : other + 4], out[place : place + 4]
            case "drop":
                del out[place : place + draw(st.integers(1, 40))]
    return bytes(out)
