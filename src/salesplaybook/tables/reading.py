"""An export becomes a table by mapping.yaml: what was recognised, the typed rows, and the rows kept aside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from salesplaybook.errors import ExportError
from salesplaybook.language import digits, translate
from salesplaybook.results import Message, say
from salesplaybook.settings import TableMapping
from salesplaybook.tables import values
from salesplaybook.tables.files import Sheet
from salesplaybook.tables.schema import STATUSES, TABLES, Holds, Table


class Rejected(NamedTuple):
    """A row kept aside: where it stands, what was found there, and why it can't be read."""

    file: str
    row: int
    column: str
    value: str
    why: Message


@dataclass(frozen=True)
class Reading:
    """What was understood of one sheet.

    frame       the rows that could be read, in the columns of `tables.schema`, index = key; `row` is the file's row
    columns     our column -> the export's header; `unused` are the headers that nothing took
    rejected    the rows kept aside; `repeated` counts rows that stand in the file twice, letter for letter
    unread      the keys of rows kept aside: those deals are there, though it can't be told how they stand
    """

    file: str
    table: str
    frame: pd.DataFrame
    columns: dict[str, str]
    unused: list[str]
    rejected: list[Rejected] = field(default_factory=list)
    repeated: int = 0
    unread: set[str] = field(default_factory=set)

    @property
    def newest(self) -> date | None:
        """The newest created, closed, modified or last-activity day in it; of open deals a closing day is a plan."""
        dates = self.frame.reindex(columns=["created", "modified", "last_activity"])
        if self.table == "deals":
            dates["closed"] = self.frame["closed"].mask(self.frame["status"].isin(("open", "on_hold")))
        newest = dates.max().max()
        return None if pd.isna(newest) else newest.date()


def read(sheet: Sheet, name: str, columns: dict[str, str], how: TableMapping, currency: str) -> Reading:
    """The rows of `sheet` as the table `name`; `columns` say where ours stand, amounts are cents of `currency`."""
    table, taken = TABLES[name], set(columns.values())
    for header in taken:
        if sheet.header.count(header) > 1:
            raise ExportError(
                "{file} has the column '{header}' more than once, so it can't be told which one is meant. "
                "Rename one of them and export again.",
                file=sheet.file,
                header=header,
            )
    aside: dict[int, Rejected] = {}
    cells = {
        column: _Column(sheet, header, table.columns[column], how, how.values.get(column, {}), currency).read(aside)
        for column, header in columns.items()
    }
    width = len(sheet.header)
    for number, row in sheet.rows:
        if any(c not in (None, "") for c in row[width:]):
            why = say("the row has {found} cells, the header {expected}", found=len(row), expected=width)
            aside.setdefault(number, Rejected(sheet.file, number, "", str(row[width]), why))
    rows = [number for number, _ in sheet.rows]
    frame = pd.DataFrame({c: _typed(cells.get(c, [None] * len(rows)), h) for c, h in table.columns.items()})
    frame["row"] = rows
    if name == "deals":
        _put_status(frame, how, columns, sheet.file, aside)
    keyed = _keyed(frame, table, columns, sheet.file, aside)
    good, repeated = _once(keyed[~keyed["row"].isin(list(aside))], table, columns, sheet.file, aside)
    unread = set(keyed.index[keyed["row"].isin(list(aside))].dropna()) - set(good.index)
    unused = [h for h in sheet.header if h and h not in taken]
    return Reading(sheet.file, name, good, columns, unused, [aside[n] for n in sorted(aside)], repeated, unread)


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


class _Column:
    """Reads the cells of one column, each distinct one once; a row with one that can't be read goes aside."""

    def __init__(
        self, sheet: Sheet, header: str, holds: Holds, how: TableMapping, renames: dict[str, str], currency: str
    ):
        self.sheet, self.header, self.at, self.holds = sheet, header, sheet.header.index(header), holds
        self.how, self.renames, self.places = how, renames, digits(currency)
        cells = (row[self.at] for _, row in sheet.rows if self.at < len(row))
        self.order = how.dates or (values.date_order(cells) if holds == "date" else None)
        self.known: dict[Any, Any] = {}

    def read(self, aside: dict[int, Rejected]) -> list[Any]:
        return [self._cell(n, row[self.at] if self.at < len(row) else None, aside) for n, row in self.sheet.rows]

    def _cell(self, row: int, cell: Any, aside: dict[int, Rejected]) -> Any:
        key = (type(cell), cell)
        if key not in self.known:
            try:
                self.known[key] = self._value(cell)
            except (ValueError, ArithmeticError):
                self.known[key] = UNREADABLE[self.holds]
        value = self.known[key]
        if isinstance(value, Message):
            aside.setdefault(row, Rejected(self.sheet.file, row, self.header, str(cell), value))
            return None
        return value

    def _value(self, cell: Any) -> Any:
        match self.holds:
            case "money":
                return values.cents(cell, self.how.unit, self.places)
            case "date":
                return values.day(cell, self.order)
            case "percent":
                return values.percent(cell)
        said = values.text(cell)
        if said and self.holds == "id":
            said = re.sub(r"^(\d+)\.0$", r"\1", said)  # a number that passed through Excel
        return self.renames.get(said, said) if said else said


UNREADABLE: dict[str, Message] = {
    "money": say("this is no amount"),
    "date": say(
        "this is no day; where it can't be told whether the month or the day comes first, "
        "write dates: mdy or dmy under deals: in mapping.yaml"
    ),
    "percent": say("this is no probability between 0 and 100 %"),
}


def _typed(cells: list[Any], holds: Holds) -> pd.Series:
    if holds == "money":
        return pd.Series(cells, dtype="Int64")
    if holds == "date":
        return pd.to_datetime(pd.Series(cells, dtype="object"), errors="coerce").astype("datetime64[s]")
    if holds == "percent":
        return pd.Series(cells, dtype="float64")
    return pd.Series(cells, dtype="object")


def _put_status(
    frame: pd.DataFrame, how: TableMapping, columns: dict[str, str], file: str, aside: dict[int, Rejected]
) -> None:
    """What each deal counts as: by its status where the mapping knows it, else by its stage."""
    own = {s: s for s in STATUSES}
    by_status, by_stage = own | how.statuses, own | how.stages
    statuses = frame["status"].map(by_status)
    counts_as = statuses.where(statuses.notna(), frame["stage"].map(by_stage))
    column = "stage" if "stage" in columns else "status"
    unknown = frame[counts_as.isna()]
    for row, value in zip(unknown["row"], unknown[column], strict=True):
        why = say(
            "mapping.yaml does not say what this counts as: add it under {where}",
            where="stages" if column == "stage" else "statuses",
        )
        aside.setdefault(int(row), Rejected(file, int(row), columns.get(column, ""), str(value or ""), why))
    frame["status"] = counts_as.astype("object")


def _keyed(
    frame: pd.DataFrame, table: Table, columns: dict[str, str], file: str, aside: dict[int, Rejected]
) -> pd.DataFrame:
    """The frame by its key (see `_key`); a row without one goes aside, its key None."""
    key = _key(table, columns)
    # An id counts letter by letter; names are compared without regard to width, case and spaces.
    parts = [frame[c] if key == ["id"] else frame[c].map(values.normal) for c in key]
    keys = parts[0] if len(parts) == 1 else parts[0] + " | " + parts[1]
    blank = frame[key[-1]].isna()
    for row in frame.loc[blank, "row"]:
        why = say("the row has no {column}", column=columns[key[-1]])
        aside[int(row)] = Rejected(file, int(row), columns[key[-1]], "", why)
    return frame.set_index(pd.Index(keys.mask(blank, None), name="key", dtype="object"))


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
        aside[int(row)] = Rejected(file, int(row), header, str(found), why)
    return frame[~again], int(repeated.sum())


def _key(table: Table, columns: dict[str, str]) -> list[str]:
    """The columns that identify a row: the table's own key if the export has it, else account and name."""
    return [c for c in table.key if c in columns] or [c for c in ("account", "name") if c in columns]
