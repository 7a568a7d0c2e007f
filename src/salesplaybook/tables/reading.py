"""A sheet becomes a table of ours: typed rows by their key, and the rows kept aside with their place and reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import pandas as pd

from salesplaybook.errors import ExportError
from salesplaybook.language import translate
from salesplaybook.results import say
from salesplaybook.settings import Settings, TableMapping
from salesplaybook.tables import amounts, statuses, values
from salesplaybook.tables.columns import Column, Rejected, typed
from salesplaybook.tables.frames import Frame
from salesplaybook.tables.layout import Passed, Sheet
from salesplaybook.tables.recognise import Fit, lacking, wanted
from salesplaybook.tables.schema import TABLES, Table
from salesplaybook.tables.soft import Soft
from salesplaybook.tables.statuses import Counted
from salesplaybook.tables.words import Words


@dataclass(frozen=True)
class Reading:
    """What was understood of one sheet.

    frame       the rows that could be read, in the columns of `tables.schema`, index = key; `row` is the file's row
    columns     our column -> the export's header, by mapping.yaml, known words or a guess (`by`); `header`: all of them
    rejected    the rows kept aside; `repeated` counts rows that stand in the file twice, letter for letter
    unread      the keys of rows kept aside: those deals are there, though it can't be told how they stand
    counted     each stage and status in it, and what it counts as
    foreign     currency -> what stands in it without a rate in project.yaml, in that currency: it is in no sum
    rounded     (row, id) that Excel has rounded: these rows are known by the table's other key
    orders      date column -> how it is written, where the column itself can't tell
    blanked     cells that can't be read in columns that may be blank: their rows count all the same
    soft        cells that say more or less than a value (约55.1, 11月底), and what was taken from them
    against     rows whose status and stage contradict each other
    lacking     headers that mapping.yaml names and this export doesn't have
    swapped     date column -> cells of which Excel has probably swapped day and month
    months      whether expected closes name a month only: they count as its last day
    """

    file: str
    table: str
    frame: Frame
    columns: dict[str, str]
    header: list[str]
    sheet: str = ""
    by: Literal["mapping", "known", "guess"] = "mapping"
    header_row: int = 1
    rejected: list[Rejected] = field(default_factory=list)
    repeated: int = 0
    unread: set[str] = field(default_factory=set)
    passed: list[Passed] = field(default_factory=list)
    hidden: int = 0
    counted: list[Counted] = field(default_factory=list)
    foreign: dict[str, amounts.Foreign] = field(default_factory=dict)
    rounded: list[tuple[int, str]] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    blanked: list[Rejected] = field(default_factory=list)
    soft: list[Soft] = field(default_factory=list)
    against: list[int] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    months: bool = False
    swapped: dict[str, int] = field(default_factory=dict)

    @property
    def unused(self) -> list[str]:
        """The headers that nothing took."""
        taken = set(self.columns.values())
        return [h for h in self.header if h and h not in taken]

    @property
    def confirmed(self) -> bool:
        """Whether a person has said, in mapping.yaml, which column is which and what each stage counts as."""
        return self.by == "mapping" and all(c.how != "known" for c in self.counted)

    @property
    def newest(self) -> date | None:
        """The newest created, closed, modified or last-activity day in it; of open deals a closing day is a plan."""
        dates = self.frame.reindex(columns=["created", "modified", "last_activity"])
        if self.table == "deals":  # many exports have one close date: of decided deals, when they closed
            closed = self.frame["closed"].fillna(self.frame["expected_close"])
            dates["closed"] = closed.mask(self.frame["status"].isin(("open", "on_hold")))
        newest = dates.max().max()
        return None if pd.isna(newest) else newest.date()


def read(sheet: Sheet, fit: Fit, how: TableMapping, settings: Settings, words: Words) -> Reading:
    """The rows of `sheet` as the table that it fits; amounts are cents of the project's currency."""
    table, columns = TABLES[fit.table], fit.columns
    for header in columns.values():
        if sheet.header.count(header) > 1:
            raise ExportError(
                "{file} has the column '{header}' more than once, so it can't be told which one is meant. "
                "Rename one of them and export again.",
                file=sheet.file,
                header=header,
            )
    aside: dict[int, Rejected] = {}
    found = {c: Column(sheet, h, c, table.columns[c], how, settings) for c, h in columns.items()}
    orders = _agree(found)
    cells = {name: column.read(aside) for name, column in found.items()}
    if "expected_close" in found and (newest := _newest(cells)):
        found["expected_close"].read_by(newest, cells["expected_close"])
    foreign = amounts.convert(cells, found, settings, [n for n, _ in sheet.rows])
    _too_wide(sheet, aside)
    rows = [number for number, _ in sheet.rows]
    frame = pd.DataFrame({c: typed(cells.get(c, [None] * len(rows)), h) for c, h in table.columns.items()})
    frame["row"] = rows
    counted, against = statuses.put(frame, how, columns, words, sheet.file, aside) if fit.table == "deals" else ([], [])
    if fit.table == "deals":
        _close(frame, found, aside)
    if fit.table == "receivables" and "paid" in found:  # what is left, where the list says only what has come in
        frame["unpaid"] = frame["unpaid"].fillna(frame["amount"] - frame["paid"].fillna(0))
    ids = found["id"].cells if "id" in found else [None] * len(rows)
    rounded = [(n, cell) for n, cell in zip(rows, ids, strict=True) if values.rounded(cell)]
    keyed = _keyed(frame, table, columns, {n for n, _ in rounded}, sheet.file, aside)
    good, repeated = _once(keyed[~keyed["row"].isin(list(aside))], table, columns, sheet.file, aside)
    return Reading(
        sheet.file,
        fit.table,
        good,
        columns,
        sheet.header,
        sheet.name,
        fit.by,
        sheet.header_row,
        [aside[n] for n in sorted(aside)],
        repeated,
        unread=set(keyed.index[keyed["row"].isin(list(aside))].dropna()) - set(good.index),
        passed=sheet.passed,
        hidden=sheet.hidden,
        counted=counted,
        foreign=foreign,
        rounded=[(n, str(cell)) for n, cell in rounded],
        orders=orders,
        blanked=[r for column in found.values() for r in column.blanked if r.row not in aside],
        soft=[s for column in found.values() for s in column.soft if s.row not in aside],
        against=against,
        lacking=[wanted(how.columns[c])[0] for c in lacking(columns, how)],
        swapped={name: column.swapped for name, column in found.items() if column.swapped},
        months="expected_close" in found and found["expected_close"].months > 0,
    )


def nothing_left(found: Reading) -> ExportError:
    """Why a table has no row: filed like this, it would say that every deal has vanished."""
    if not found.rejected:
        return ExportError("{file} has a header and no rows. Export it again.", file=found.file)
    first = found.rejected[0]
    return ExportError(
        "None of the {n:count} rows of {file} can be read; the first, row {row}, column '{column}', "
        "holds '{value}': {why}. Mend mapping.yaml or the file.",
        n=len(found.rejected),
        file=found.file,
        row=first.row,
        column=first.column,
        value=first.value,
        why=translate(first.why.text, **first.why.values),
    )


def _agree(found: dict[str, Column]) -> dict[str, str]:
    """A date or amount column that can't tell how it is written takes it from the others of its file.

    Returns the date columns that took theirs so.
    """
    orders = {c.order for c in found.values() if c.holds == "date" and c.order}
    styles = {c.style for c in found.values() if c.holds == "money" and c.style in ("point", "comma")}
    took = {}
    for name, column in found.items():
        if column.holds == "date" and column.order is None and len(orders) == 1 and column.doubtful():
            column.order = took[name] = next(iter(orders)) or ""
            column.known.clear()
        if column.holds == "money" and column.style == "unclear" and len(styles) == 1:
            column.style = next(iter(styles))
    return took


def _newest(cells: dict[str, list[Any]]) -> date | None:
    """The newest day on which something was done; without such, the newest closing day."""
    for columns in (("created", "modified", "stage_changed", "last_activity"), ("closed", "won_on", "lost_on")):
        if there := [day for column in columns for day in cells.get(column, ()) if day]:
            return max(there)
    return None


def _close(frame: pd.DataFrame, found: dict[str, Column], aside: dict[int, Rejected]) -> None:
    """Fills the closing days from those of won and of lost deals apart.

    A decided deal without one closed on its expected close: where that can't be read, or names no year (the nearest
    may not have come yet), its row goes aside.
    """
    ended = {"won_on": ("won",), "lost_on": ("lost", "void")}
    for column, statuses_ in ended.items():
        frame["closed"] = frame["closed"].fillna(frame[column].where(frame["status"].isin(statuses_)))
    undated = set(frame.loc[frame["status"].isin(("won", "lost", "void")) & frame["closed"].isna(), "row"])
    expected = found.get("expected_close")
    for unread in expected.blanked if expected else ():
        if unread.row in undated:
            aside.setdefault(unread.row, unread)
    for s in expected.soft if expected else ():
        if expected and s.row in undated:
            why = say("this is no day on which a deal was won or lost")
            aside.setdefault(s.row, Rejected(expected.sheet.file, s.row, s.column, s.said, why))


def _too_wide(sheet: Sheet, aside: dict[int, Rejected]) -> None:
    width = len(sheet.header)
    for number, row in sheet.rows:
        if len(row) > width and any(c not in (None, "") for c in row[width:]):
            extra = next(c for c in row[width:] if c not in (None, ""))
            why = say("the row has {found} cells, the header {expected}", found=len(row), expected=width)
            aside.setdefault(number, Rejected(sheet.file, number, "", str(extra), why, "width"))


def _keyed(
    frame: pd.DataFrame,
    table: Table,
    columns: dict[str, str],
    rounded: set[int],
    file: str,
    aside: dict[int, Rejected],
) -> pd.DataFrame:
    """The frame by its key (see `_key`); a row without one goes aside, its key None."""
    key = _key(table, columns)
    # An id counts letter by letter; names are compared without regard to width, case and spaces.
    keys = frame["id"] if key == ["id"] else _together(frame, key)
    blank = keys.isna() | keys.eq("") if table.events else frame[key[-1]].isna()
    other = [c for c in table.otherwise if c in columns]
    if key == ["id"] and rounded and other:  # one rounded id stands for many rows
        keys = keys.mask(frame["row"].isin(rounded), _together(frame, other))
    header = columns[key[-1]]
    for row in frame.loc[blank, "row"]:
        aside[int(row)] = Rejected(file, int(row), header, "", say("the row has no {column}", column=header), "key")
    return frame.set_index(pd.Index(keys.mask(blank, None), name="key", dtype="object"))


def _together(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    def plain(value: Any) -> str:
        return "" if pd.isna(value) else values.normal(str(value))

    parts = [frame[c].map(plain) for c in columns]
    return pd.Series([" | ".join(row) for row in zip(*parts, strict=True)], index=frame.index, dtype="object")


def _once(
    frame: pd.DataFrame, table: Table, columns: dict[str, str], file: str, aside: dict[int, Rejected]
) -> tuple[pd.DataFrame, int]:
    """Each key once, and how many rows were mere repetitions; one that contradicts an earlier row goes aside."""
    repeated = frame.reset_index().duplicated(["key", *table.columns]).to_numpy()
    frame = frame[~repeated]
    again = frame.index.duplicated()
    header = columns[_key(table, columns)[-1]]
    first = dict(zip(frame.index[~again], frame["row"][~again], strict=True))
    for found, row in zip(frame.index[again], frame.loc[again, "row"], strict=True):
        why = say("the same {column} as in row {first}, with other values", column=header, first=int(first[found]))
        aside[int(row)] = Rejected(file, int(row), header, str(found), why, "again")
    return frame[~again], int(repeated.sum())


def _key(table: Table, columns: dict[str, str]) -> list[str]:
    """The columns that identify a row: the table's own key if the export has it, else the other one."""
    otherwise = tuple(columns) if table.events else table.otherwise
    return [c for c in table.key if c in columns] or [c for c in otherwise if c in columns]
