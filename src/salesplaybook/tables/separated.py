"""Text with separators becomes a grid: what separates is found from the first rows, open quotes are told."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from salesplaybook.errors import ExportError
from salesplaybook.tables.grid import COLUMNS, Grid, check_size, filled

SEPARATORS = "\t|;,"  # of several that fit alike, the one that stands least in texts and numbers
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SEP_LINE = re.compile(r'"?sep=(.)"?[ \t,;]*\r?\n?', re.IGNORECASE)
LINE_LIMIT = 5_000_000
CELL_LIMIT = 1_000_000


def read(file: str, text: str) -> Grid:
    """The rows of `text`, numbered as records (a quoted line break doesn't count). ExportError names the row."""
    lines = _Lines(file, text)
    said = SEP_LINE.fullmatch(first.group()) if (first := LINE.match(text)) else None
    separator, width = (said[1], 0) if said else _separator(text[:65_536])
    usual = csv.field_size_limit(CELL_LIMIT)
    try:
        return Grid(file, rows=list(_rows(lines, separator, width, 1 if said else 0)), separator=separator)
    finally:
        csv.field_size_limit(usual)


class _Lines:
    """The lines of a text, one at a time; `kept` are those since the last call of `begin`."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.kept, self.count = file, list[str](), 0
        self._matches = LINE.finditer(text)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._matches).group()
        self.count += 1
        if len(line) > LINE_LIMIT:
            raise ExportError(
                "{file}, line {line} is {size:,} characters long; a row of a table has a few thousand. "
                "Export it again, with a line break after each row.",
                file=self.file,
                line=self.count,
                size=len(line),
            )
        self.kept.append(line)
        return line

    def begin(self) -> None:
        self.kept.clear()


def _rows(lines: _Lines, separator: str, width: int, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=separator)
    number, cells = 0, 0
    while True:
        lines.begin()
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if len(lines.kept) > 1:
                raise _open_quote(lines.file, number) from None
            raise ExportError(
                "{file}, row {row} holds a cell of more than {limit:,} characters. Export it again without it.",
                file=lines.file,
                row=number,
                limit=CELL_LIMIT,
            ) from None
        width = width or len(row)
        if (len(lines.kept) > 1 or lines.kept[0][-1] not in "\r\n") and _swallowed(lines.kept, row, separator, width):
            raise _open_quote(lines.file, number)
        if len(row) > COLUMNS:
            raise ExportError(
                "{file}, row {row} has {columns:,} columns; at most {limit:,} can be read. Export fewer columns.",
                file=lines.file,
                row=number,
                columns=len(row),
                limit=COLUMNS,
            )
        cells += len(row)
        check_size(lines.file, cells)
        if number > skipped and filled(row):
            yield number, row


def _swallowed(lines: list[str], row: list[str], separator: str, width: int) -> bool:
    """Whether a quote in this row is never closed, or closed by the next one that opens, rows below."""
    if len(lines) == 1 and '"' not in lines[0]:
        return False
    try:
        next(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        # In a single line a quote within a cell is taken letter by letter.
        return len(lines) > 1 or "unexpected end" in str(error)
    # A comma within a text is followed by a space, one between cells is not.
    between = re.compile(re.escape(separator) + r"(?! )")
    for cell in row:
        inner = re.split(r"\r\n|\r|\n", cell)[1:-1] if "\n" in cell or "\r" in cell else []
        inner = [line for line in inner if line.strip()]
        if inner and width > 1 and all(len(between.findall(line)) == width - 1 for line in inner):
            return True
    return False


def _open_quote(file: str, row: int) -> ExportError:
    return ExportError(
        '{file}, row {row}: a quotation mark (") opens a cell that is not closed in its row, and swallows the rows '
        "below. Close it, or double each quotation mark within a cell, or export the file again as Excel.",
        file=file,
        row=row,
    )


def _separator(sample: str) -> tuple[str, int]:
    """(what separates, the usual number of cells).

    It parts nearly all rows alike from the header on. Of several that do, the one that parts the header too (commas of
    decimals begin a row below), and of these the one that stands least in texts and numbers.
    """
    lines = [m.group() for m in LINE.finditer(sample)][:200]
    found: list[tuple[float, int, str, int]] = []
    for separator in SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        if len(lines) > 2 and sample[-1] not in "\r\n":
            widths.pop()  # may be cut off
        usual = Counter(w for w in widths if w > 1).most_common(1)
        if usual:
            width = usual[0][0]
            # A title may hold a comma: the header is followed by a row like itself.
            pairs = (at for at, two in enumerate(pairwise(widths)) if two == (width, width))
            first = next(pairs, widths.index(width))
            found.append((widths[first:].count(width) / len(widths[first:]), first, separator, width))
    if not found:
        return ",", 1
    best = max(found)[0]
    good = [f for f in found if f[0] >= best - 0.1]
    first = min(f[1] for f in good)
    _, _, separator, width = next(f for f in good if f[1] == first)
    return separator, width
