"""Web pages become grids: HTML tables, often saved as .xls or .csv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from salesplaybook.errors import ExportError
from salesplaybook.tables.grid import COLUMNS, Grid, check_size, filled

# Each piece is looked at once: html.parser takes minutes for a table of 100,000 rows, hours for a damaged one.
PIECE = re.compile(
    r"<t[dh]\b(?P<cell>[^<>]*)>(?P<said>[^<]*)</t[dh]\s*>"
    r"|<!--(?:.*?-->|.*)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)|<[!?][^>]*>"
    r"|<(?:script|style)\b[^>]*>(?:.*?</(?:script|style)\s*>|.*)"
    r"|<(?P<end>/?)(?P<tag>[A-Za-z][\w:.-]*)(?P<attributes>(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+)>|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
ROWS = 65_536
BREAKS = {("start", "br"), ("end", "p"), ("end", "div"), ("end", "li")}


def read(file: str, text: str) -> list[Grid]:
    """The tables of a web page that have two rows and two columns. ExportError where there is none."""
    if not re.search(r"<(!doctype html|html|head|body|table|meta|div)\b", text[:100_000], re.IGNORECASE):
        raise ExportError(
            "{file} is XML or another text with tags, not a table. Export it again as CSV (UTF-8) or Excel.", file=file
        )
    tables: list[Table] = []
    within: list[Table] = []
    title: list[str] = []
    in_title, cells = False, 0
    for kind, name, said in pieces(text):
        table = within[-1] if within else None
        if kind == "cell":
            if table:
                cells += table.open(said)
                table.words = [name]
                table.close()
                check_size(file, cells)
        elif name == "title":
            in_title = kind == "start"
        elif kind == "text":
            if in_title:
                title.append(said)
            elif table and table.words is not None:
                table.words.append(said.replace("\v", " "))
        elif name == "table":
            if kind == "start":
                within.append(Table())
                tables.append(within[-1])
            elif table:
                table.close()
                within.pop()
        elif table and name in ("td", "th"):
            if kind == "start":
                cells += table.open(said)
                check_size(file, cells)
            else:
                table.close()
        elif table and name == "tr":
            table.row() if kind == "start" else table.close()
        elif table and table.words is not None and (kind, name) in BREAKS:
            table.words.append("\v")
    for table in within:
        table.close()
    found = [table for table in tables if not table.is_layout()]
    if not found or re.search(r"<input[^>]{0,300}type\s*=\s*[\"']?password", text, re.IGNORECASE):
        raise _no_table(file, " ".join(unescape("".join(title)).split()), text)
    return [t.grid(file, str(i) if len(found) > 1 else "") for i, t in enumerate(found, 1)]


def _no_table(file: str, title: str, text: str) -> ExportError:
    words = " ".join(unescape(re.sub(r"<[^>]{0,2000}>", " ", text[:20_000])).split())
    return ExportError(
        "{file} is a web page without a table (“{title}”), often the login or error page of the CRM. "
        "Log in and export it again.",
        file=file,
        title=(title or words)[:80],
    )


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, name, text or attributes): kind is text, data, start or end; or ("cell", its text, attributes)."""
    for m in PIECE.finditer(text):
        if m["said"] is not None:
            yield "cell", m["said"], m["cell"]
        elif m["text"] is not None:
            yield "text", "", m["text"]
        elif m["tag"] is not None:
            yield ("end" if m["end"] else "start"), m["tag"].rpartition(":")[2].lower(), m["attributes"]
            if m["attributes"].endswith("/") and not m["end"]:
                yield "end", m["tag"].rpartition(":")[2].lower(), ""
        elif m["data"] is not None:
            yield "data", "", m["data"]


def attributes_of(text: str) -> dict[str, str]:
    found = ATTRIBUTE.findall(text)
    return {name.rpartition(":")[2].lower(): unescape(a or b or c) for name, a, b, c in found}


def number_in(attributes: dict[str, str], name: str, usual: int, most: int) -> int:
    said = attributes.get(name, "").strip()
    return min(int(said), most) if said.isdecimal() and len(said) < 9 else usual


class Table:
    """Rows as they grow; a cell that spans others stands in the first of them, as in Excel."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden: set[int] = set()
        self.words: list[str] | None = None
        self.taken: dict[int, int] = {}  # column -> last row of a cell from above that covers it
        self.span = (1, 1)

    def row(self) -> None:
        self.close()
        self.rows.append([])

    def open(self, attributes: str) -> int:
        """Begins a cell; how many columns it spans."""
        self.close()
        if not self.rows:
            self.rows.append([])
        here = attributes_of(attributes) if "span" in attributes.lower() else {}
        self.span = number_in(here, "rowspan", 1, ROWS) or ROWS, max(1, number_in(here, "colspan", 1, COLUMNS))
        self.words = []
        return self.span[1]

    def close(self) -> None:
        if self.words is None:
            return
        lines = (" ".join(line.split()) for line in unescape("".join(self.words)).split("\v"))
        self.put("\n".join(lines).strip(), *self.span)
        self.words = None

    def put(self, value: Any, down: int, across: int) -> None:
        row, number = self.rows[-1], len(self.rows)
        while self.taken.get(len(row), 0) >= number:
            row.append(None)
        column = len(row)
        row.extend([value, *[None] * (across - 1)])
        if down > 1:
            self.taken.update(dict.fromkeys(range(column, column + across), number + down - 1))
        if down > 1 or across > 1:
            self.merged.append((number, column, number + down - 1, column + across - 1))

    def grid(self, file: str, name: str) -> Grid:
        rows = [(number, row) for number, row in enumerate(self.rows, 1) if filled(row)]
        merged = [(a, b, min(c, len(self.rows)), d) for a, b, c, d in self.merged]
        return Grid(file, name, rows, merged, frozenset(self.hidden))

    def is_layout(self) -> bool:
        rows = [row for row in self.rows if filled(row)]
        return len(rows) < 2 or max(sum(c not in (None, "") for c in row) for row in rows) < 2
