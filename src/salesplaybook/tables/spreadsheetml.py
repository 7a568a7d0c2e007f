"""A workbook as XML (SpreadsheetML of Excel 2003, often named .xls) becomes grids."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

from salesplaybook.errors import ExportError
from salesplaybook.tables.grid import COLUMNS, Grid, check_size
from salesplaybook.tables.markup import ROWS, Table, attributes_of, number_in, pieces


def is_workbook(text: str) -> bool:
    """Whether a text is such a workbook."""
    return bool(re.search(r"<(?:\w+:)?Workbook[\s>]", text[:10_000])) and "com:office:spreadsheet" in text[:10_000]


def read(file: str, text: str) -> list[Grid]:
    """The visible sheets. ExportError where the XML is cut off, or holds too many cells."""
    if not re.search(r"</(?:\w+:)?Workbook>\s*$", text[-1000:]):
        raise ExportError("{file} is cut off: the end of its XML is missing. Export or copy it again.", file=file)
    book = _Workbook(file)
    for kind, name, said in pieces(text):
        if kind == "start":
            book.start(name, said)
        elif kind == "end":
            book.end(name)
        else:
            book.text(said if kind == "data" else unescape(said))
    from_1904 = bool(re.search(r"<(?:\w+:)?Date1904\s*/?>", text[:100_000]))
    grids = [t.grid(file, name) for i, (name, t) in enumerate(book.sheets) if i not in book.hidden]
    return [replace(grid, from_1904=from_1904) for grid in grids]


class _Workbook:
    """What is open while the XML goes by."""

    def __init__(self, file: str) -> None:
        self.file, self.cells = file, 0
        self.sheets: list[tuple[str, Table]] = []
        self.hidden: set[int] = set()
        self.inside = ""  # the element whose text counts: "data" or "visible"
        self.comment = False
        self.words: list[str] = []
        self.kind = "String"
        self.span = (1, 1)

    def start(self, name: str, said: str) -> None:
        here = attributes_of(said)
        if name == "worksheet":
            self.sheets.append((here.get("name", ""), Table()))
        elif not self.sheets:
            return
        elif name == "row":
            self._row(here)
        elif name == "cell":
            self._cell(here)
        elif name == "comment":
            self.comment = True
        elif name in ("data", "visible") and not self.comment:
            self.inside, self.words, self.kind = name, [], here.get("type", "String")

    def text(self, said: str) -> None:
        if self.inside:
            self.words.append(said)

    def end(self, name: str) -> None:
        if name == "comment":
            self.comment = False
        elif name == "cell" and self.sheets and self.sheets[-1][1].rows:
            value = _typed(self.kind, "".join(self.words)) if self.words else None
            self.sheets[-1][1].put(value, *self.span)
            self.words = []
        elif name == "visible" and "Hidden" in "".join(self.words):
            self.hidden.add(len(self.sheets) - 1)
            self.words = []
        if name == self.inside:
            self.inside = ""

    def _row(self, here: dict[str, str]) -> None:
        table = self.sheets[-1][1]
        number = max(len(table.rows) + 1, number_in(here, "index", 1, 1_048_576))
        table.rows.extend([] for _ in range(number - len(table.rows)))
        if here.get("hidden") == "1":
            table.hidden.add(number)

    def _cell(self, here: dict[str, str]) -> None:
        table = self.sheets[-1][1]
        if not table.rows:
            return
        row = table.rows[-1]
        blank = max(0, number_in(here, "index", 1, COLUMNS) - 1 - len(row))
        self.span = (number_in(here, "mergedown", 0, ROWS) + 1, number_in(here, "mergeacross", 0, COLUMNS) + 1)
        self.words, self.inside = [], ""
        self.cells += blank + self.span[1]
        check_size(self.file, self.cells)
        row.extend([None] * blank)


def _typed(kind: str, text: str) -> Any:
    """A cell's value; what can't be read as what it says it is stays text."""
    try:
        match kind:
            case "Number":
                return float(text)
            case "DateTime":
                return datetime.fromisoformat(text)
            case "Boolean":
                return text.strip() == "1"
    except ValueError:
        pass
    return text
