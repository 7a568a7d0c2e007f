"""Where the table stands in a sheet: its header (one row or two), its rows, and what is passed over around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from salesplaybook.tables.files import Grid

HEADER_WITHIN = 30  # filled rows: below these no header is looked for
TOTALS = re.compile(
    r"(.*(小计|合计|总计|总和|汇总)|平均值?|共\s*\d+\s*[条行项]|(grand\s*|sub\s*-?)?totals?(\s*\(.*\))?|sum|count|average|avg\.?)"
    r"\s*([:：]\s*\d*\s*[条行项单个]?)?\s*",
    re.IGNORECASE,
)
FOOTERS = re.compile(
    r"\s*(第\s*\d+\s*页|confidential|copyright|©|page \d|as of \d|(制表|导出|打印|审核)\S{0,4}$|"
    r"[^:：]{0,12}(制表|导出|打印|备注|说明|注|审核|generated|exported|printed|report|filter|notes?)[^:：]{0,12}[:：])",
    re.IGNORECASE,
)
VITAL = {"id", "stage", "status"}  # a row that has one of these is no total and no footer
NEVER_FILLED = {"id", "name", "amount", "cost", "unpaid", "paid", "list_price"}  # a blank here is a blank
MONEY = {"amount", "cost", "unpaid", "paid", "list_price"}
Roles = Callable[[str], set[str]]
# 单位：万元 above the header, or a cell that is nothing but a unit: (万元).
UNIT = re.compile(
    r"(?:金额)?单位\s*[:：]\s*(?:人民币)?\s*([十百千万亿]*元|[万亿])|amounts? in\s+(thousands|millions)", re.IGNORECASE
)
ONLY_UNITS = re.compile(
    r"[(（\[【]?\s*(?:单位[:：])?\s*(?:[十百千万亿]*元|[万亿天个台套%％]|USD|CNY|RMB|EUR)\s*[)）\]】]?", re.IGNORECASE
)
Row = tuple[int, list[Any]]


class Passed(NamedTuple):
    """A row that is no part of the table: above the header, a total, a group's label, or below the last row.

    second: here the header of another table begins; what stands below is not read
    """

    row: int
    kind: Literal["above", "totals", "label", "footer", "second"]
    text: str


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in a file: its headers, its rows (number as Excel counts, cells), nothing interpreted.

    header_row    the number of the (last) row of the header
    passed        rows around and between that are not the table's
    hidden        how many of the rows Excel hides; they are read like all others
    unit          what a line above the header says amounts are in: 单位：万元
    """

    file: str
    name: str
    header: list[str]
    rows: list[Row]
    header_row: int = 1
    passed: list[Passed] = field(default_factory=list)
    hidden: int = 0
    from_1904: bool = False
    unit: str = ""


def sheet(grid: Grid, known: Callable[[str], bool], roles: Roles) -> Sheet:
    """The table in `grid`.

    known   whether a text is a header that somebody knows
    roles   which of our columns a header may be, in any table
    """
    at = _header_at(grid.rows, known)
    first, last, header = _header(grid, at, known)
    above = [Passed(n, "above", _words(row)) for n, row in grid.rows[:first]]
    columns = [roles(name) if name else set() for name in header]
    rows, between = _rows(grid.rows[last + 1 :], header, columns, known)
    rows = _filled_down(_unmerged(grid, rows, columns), header, columns, between)
    hidden = sum(number in grid.hidden for number, _ in rows)
    unit = next((m[1] or m[2] for said in (*(p.text for p in above), grid.name) if (m := UNIT.search(said))), "")
    return Sheet(
        grid.file, grid.name, header, rows, grid.rows[last][0], [*above, *between], hidden, grid.from_1904, unit
    )


def cleaned(cell: Any) -> str:
    """A header without the spaces around it; a line break within it is a space, or nothing in Chinese."""
    said = "" if cell is None else str(cell).replace("\ufeff", "").replace("\u00a0", " ").strip()
    said = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", said)
    return re.sub(r"\s*[\r\n]+\s*", lambda m: "" if re.search(r"[\u4e00-\u9fff]", said) else " ", said)


def _filled(row: list[Any]) -> list[Any]:
    return [c for c in row if c not in (None, "") and str(c).strip()]


def _words(row: list[Any]) -> str:
    return " ".join(str(c) for c in _filled(row))[:80]


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and not re.fullmatch(r"[-+¥$€£(]?[\d.,:/\s%-]+\)?", cell.strip())


def _header_at(rows: list[Row], known: Callable[[str], bool]) -> int:
    """The header's place: the row with most known headers, else the first of texts that is as wide as the table."""
    candidates = [[cleaned(c) for c in row] for _, row in rows[:HEADER_WITHIN]]
    counts = [len({c for c in row if c and known(c)}) for row in candidates]
    if counts and max(counts) >= 2:
        return counts.index(max(counts))
    wide = Counter(len(_filled(row)) for _, row in rows).most_common(1)[0][0]
    for at, (_, row) in enumerate(rows[:HEADER_WITHIN]):
        cells = _filled(row)
        if len(cells) >= max(2, wide / 2) and all(_is_text(c) for c in cells):
            return at
    return 0


def _header(grid: Grid, at: int, known: Callable[[str], bool]) -> tuple[int, int, list[str]]:
    """(place of its first row, of its last, the headers): two rows become one where they are one."""
    rows = grid.rows
    one = [cleaned(c) for c in rows[at][1]]
    best = sum(map(known, filter(None, one)))
    for first in (at - 1, at):
        if not 0 <= first < len(rows) - 1 or len(_filled(rows[first][1])) < 2:
            continue
        top, sub = rows[first], rows[first + 1]
        if first == at and all(ONLY_UNITS.fullmatch(str(c).strip()) for c in _filled(sub[1])):
            return at, at + 1, _with_units(one, sub[1])
        if not all(_is_text(c) for c in _filled(sub[1])):
            continue
        names = _joined(grid, top, sub, known)
        gained = sum(map(known, filter(None, names))) > best
        if gained or (first == at and _spans(grid, top[0]) and _spans_fit(grid, top, sub)):
            return first, first + 1, names
    return at, at, one


def _with_units(header: list[str], units: list[Any]) -> list[str]:
    """Headers with the units that the row below them gives, in brackets: 金额(万元)."""
    cells = [cleaned(c).strip("()（）[]【】") for c in units] + [""] * len(header)
    return [f"{name}({unit})" if name and unit else name for name, unit in zip(header, cells, strict=False)]


def _spans(grid: Grid, row: int) -> list[tuple[int, int]]:
    """The columns (first, last) that cells of this row span."""
    return [(c, d) for r, c, s, d in grid.merged if r == row == s and d > c]


def _spans_fit(grid: Grid, top: Row, sub: Row) -> bool:
    """Whether below each spanning cell of `top` stand two texts at least, and below no other cell a text."""
    under = [c for c, cell in enumerate(sub[1]) if cell not in (None, "")]
    inside = [c for c in under if any(a <= c <= b for a, b in _spans(grid, top[0]))]
    return len(inside) >= 2 and inside == under


def _joined(grid: Grid, top: Row, sub: Row, known: Callable[[str], bool]) -> list[str]:
    spans = dict.fromkeys(c for a, b in _spans(grid, top[0]) for c in range(a, b + 1))
    width = max(len(top[1]), len(sub[1]))
    above, names = "", []
    for c in range(width):
        own = cleaned(top[1][c]) if c < len(top[1]) else ""
        below = cleaned(sub[1][c]) if c < len(sub[1]) else ""
        # A spanning cell's text stands in its first column only; without spans, a blank goes on with its left.
        above = own or (above if below and (c in spans or not grid.merged) else "")
        if not below or not above:
            names.append(below or above)
            continue
        joined = [above + below, f"{above} {below}", below]
        names.append(next((name for name in joined if known(name)), f"{above} {below}"))
    return names


def _rows(
    rows: list[Row], header: list[str], columns: list[set[str]], known: Callable[[str], bool]
) -> tuple[list[Row], list[Passed]]:
    """The table's rows, and those passed over: totals, labels of groups, the header again, and what stands below."""
    vital = [c for c, roles in enumerate(columns) if roles & VITAL]
    width = sum(map(bool, header))
    start = next((c for c, name in enumerate(header) if name), 0)
    filled = {n: _filled(row) for n, row in rows}
    full = max((len(f) for f in filled.values()), default=0)
    kept: list[Row] = []
    passed: list[Passed] = []
    for number, row in rows:
        cells = filled[number]
        if len(cells) >= 3 and _is_header(cells, known) and not _again(row, header, start):
            passed.append(Passed(number, "second", _words(row)))
            break
        kind: Literal["totals", "label"] | None = None
        few = len(cells) <= max(1, 0.75 * full)
        if width >= 3 and few and TOTALS.fullmatch(_close(str(cells[0]))) and not _vital(row, cells[0], vital):
            kind = "totals"
        elif (width >= 3 and len(cells) == 1 and full > 2) or _again(row, header, start):
            kind = "label"
        if kind:
            passed.append(Passed(number, kind, _words(row)))
        else:
            kept.append((number, row))
    while kept and width >= 3 and len(filled[kept[-1][0]]) <= max(2, full / 2) and _below(*kept[-1], vital):
        number, row = kept.pop()
        passed.append(Passed(number, "footer", _words(row)))
    end = kept[-1][0] if kept else 0
    return kept, sorted(p._replace(kind="footer") if p.kind == "label" and p.row > end else p for p in passed)


def _again(row: list[Any], header: list[str], start: int) -> bool:
    """Whether a row is the header once more, as at the top of each printed page."""
    return start < len(row) and cleaned(row[start]) == header[start] and [cleaned(c) for c in row] == header


def _is_header(cells: list[Any], known: Callable[[str], bool]) -> bool:
    return all(isinstance(c, str) and len(c) < 40 and known(c) for c in cells)


def _vital(row: list[Any], first: Any, vital: list[int]) -> bool:
    """Whether a row has an id, stage or status beside its first filled cell."""
    return any(c < len(row) and row[c] not in (None, "") and row[c] is not first for c in vital)


def _close(said: str) -> str:
    """A word without the spaces within it that Chinese sheets are fond of: 合  计."""
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", said.strip())


def _below(number: int, row: list[Any], vital: list[int]) -> bool:
    """Whether a last row is a footer, or a sum without a word."""
    cells = _filled(row)
    if FOOTERS.match(str(cells[0])):
        return len(cells) <= 2 or not _vital(row, cells[0], vital)
    return not any(_is_text(c) for c in cells if isinstance(c, str)) and not _vital(row, None, vital)


def _unmerged(grid: Grid, rows: list[Row], columns: list[set[str]]) -> list[Row]:
    """A cell that spans several rows counts for each of them; an amount for the first, or it would be added up."""
    down = [(r, c, s) for r, c, s, _ in grid.merged if s > r and c < len(columns) and not columns[c] & MONEY]
    cells = dict(rows)
    for first, column, last in down:
        value = cells[first][column] if first in cells and column < len(cells[first]) else None
        for number in range(first + 1, last + 1):
            if number in cells and value not in (None, "") and column < len(cells[number]):
                cells[number] = [*cells[number][:column], value, *cells[number][column + 1 :]]
    return list(cells.items())


def _filled_down(rows: list[Row], header: list[str], columns: list[set[str]], passed: list[Passed]) -> list[Row]:
    """In a report grouped by its leading columns each group is named once: its rows below are filled with it.

    Groups are shown by totals between the rows, or by the arrow that Salesforce puts into their header.
    """
    if not rows:
        return rows
    totals = any(p.kind == "totals" and p.row < rows[-1][0] for p in passed)
    groups = []
    for column in [c for c, name in enumerate(header) if name]:
        cells = [row[column] if column < len(row) else None for _, row in rows]
        if columns[column] & NEVER_FILLED or cells[0] in (None, "") or all(c not in (None, "") for c in cells):
            break
        if not totals and not re.search("[↑↓]", header[column]):
            break
        groups.append(column)
    last: dict[int, Any] = {}
    out = []
    for number, row in rows:
        row = [*row, *[None] * (len(header) - len(row))]
        for column in groups:
            if row[column] in (None, ""):
                row[column] = last.get(column)
            else:
                last[column] = row[column]
        out.append((number, row))
    return out if groups else rows
