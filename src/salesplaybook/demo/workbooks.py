"""A table as an .xlsx file, the same bytes for the same cells: no time of writing is left in it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell


def workbook(table: dict[str, list[Any]], made: date) -> bytes:
    """Headers in the first row, then the rows; dates have no time. `made` is the day the file claims."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    sheet.append(list(table))
    for row in zip(*table.values(), strict=True):
        sheet.append([_day(sheet, cell) if isinstance(cell, datetime) else cell for cell in row])
    book.properties.created = datetime.combine(made, time(8))
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue(), made)


def _day(sheet: Any, day: datetime) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = "yyyy/m/d"
    return cell


def _timeless(content: bytes, made: date) -> bytes:
    """The same zip archive, every time in it set to 8 o'clock of the day `made`."""
    said = rb"\g<1>%sT08:00:00Z" % str(made).encode()
    at = (made.year, made.month, made.day, 8, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", said, part)
            new.writestr(zipfile.ZipInfo(name, at), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
