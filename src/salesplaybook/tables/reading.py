"""An export becomes a table by mapping.yaml: what was recognised, the typed rows, and the rows kept aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from salesplaybook.errors import ExportError, SettingsError
from salesplaybook.language import digits, translate
from salesplaybook.results import Message, say
from salesplaybook.settings import Mapping, TableMapping, nearest
from salesplaybook.tables import values
from salesplaybook.tables.files import Sheet
from salesplaybook.tables.schema import STATUSES, TABLES, Holds, Table

DATES_OF_LIFE = ("created", "closed", "modified", "last_activity")


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
    """

    file: str
    table: str
    frame: pd.DataFrame
    columns: dict[str, str]
    unused: list[str]
    rejected: list[Rejected] = field(default_factory=list)
    repeated: int = 0

    @property
    def newest(self) -> date | None:
        """The newest created, closed, modified or last-activity day in it."""
        days = [d for c in DATES_OF_LIFE if c in self.frame and not pd.isna(d := self.frame[c].max())]
        return max(days).date() if days else None


def recognise(sheet: Sheet, mapping: Mapping) -> str | None:
    """The table that `sheet` belongs to: all its mapped columns are there, and it has most of them.

    None where it fits no table. ExportError where it is nearly the deals table but columns are missing.
    """
    fits = {name: cols for name in TABLES if (cols := _columns(sheet, name, mapping)) is not None}
    if fits:
        return max(fits, key=lambda name: len(fits[name]))
    wanted = mapping.deals.columns
    found = [c for c, headers in wanted.items() if _header(sheet, headers)]
    missing = [c for c in wanted if c not in found]
    if len(found) >= 2 and len(found) * 2 >= len(wanted):
        raise ExportError(
            "{file} has no column '{header}', which mapping.yaml names for '{column}'. "
            "It has: {headers:list}. Export it with that column, or mend mapping.yaml.",
            file=sheet.file,
            header=_wanted(wanted[missing[0]])[0],
            column=missing[0],
            headers=sheet.header[:30],
        )
    return None


def read(sheet: Sheet, name: str, mapping: Mapping, currency: str) -> Reading:
    """The rows of `sheet` as the table `name`; amounts in whole cents of `currency`."""
    table, how = TABLES[name], getattr(mapping, name)
    columns = _columns(sheet, name, mapping) or {}
    taken = set(columns.values())
    for header in taken:
        if sheet.header.count(header) > 1:
            raise ExportError(
                "{file} has the column '{header}' more than once, so it can't be told which one is meant. "
                "Rename one of them and export again.",
                file=sheet.file,
                header=header,
            )
    aside: dict[int, Rejected] = {}
    width = len(sheet.header)
    cells = {
        column: _Column(sheet, header, table.columns[column], how, how.values.get(column, {}), currency).read(aside)
        for column, header in columns.items()
    }
    for number, row in sheet.rows:
        if any(c not in (None, "") for c in row[width:]) and number not in aside:
            why = say("the row has {found} cells, the header {expected}", found=len(row), expected=width)
            aside[number] = Rejected(sheet.file, number, "", str(row[width]), why)
    rows = [number for number, _ in sheet.rows]
    frame = pd.DataFrame({c: _typed(cells.get(c, [None] * len(rows)), h) for c, h in table.columns.items()})
    frame["row"] = rows
    if name == "deals":
        _put_status(frame, how, columns, sheet.file, aside)
    frame = frame[~frame["row"].isin(list(aside))]
    frame, repeated = _keyed(frame, table, columns, sheet.file, aside)
    if frame.empty:
        raise _nothing_left(sheet.file, aside)
    unused = [h for h in sheet.header if h and h not in taken]
    return Reading(sheet.file, name, frame, columns, unused, [aside[n] for n in sorted(aside)], repeated)


def _nothing_left(file: str, aside: dict[int, Rejected]) -> ExportError:
    """Why a table has no row: filed like this, it would say that every deal has vanished."""
    if not aside:
        return ExportError("{file} has a header and no rows. Export it again.", file=file)
    first = aside[min(aside)]
    return ExportError(
        "None of the {n:count} rows of {file} can be read; the first, row {row}, column '{column}', "
        "holds '{value}': {why}. Mend mapping.yaml or the file.",
        n=len(aside),
        file=file,
        row=first.row,
        column=first.column,
        value=first.value,
        why=translate(first.why.text, **first.why.values),
    )


def check_mapping(mapping: Mapping) -> None:
    """SettingsError where mapping.yaml names a column that we don't have, or leaves out one that a table needs."""
    for name, table in TABLES.items():
        how: TableMapping = getattr(mapping, name)
        for column in (*how.columns, *how.values):
            if column not in table.columns:
                right = nearest(column, table.columns)
                raise SettingsError(
                    "mapping.yaml: {table} has no column '{column}'. It has: {columns:list}.",
                    table=name,
                    column=column,
                    columns=[right] if right else list(table.columns),
                )
        for group in table.needs:
            if how.columns and not any(c in how.columns for c in group):
                raise SettingsError(
                    "mapping.yaml: {table} needs one of the columns {columns:list}. "
                    "Add it under {table}: columns:, with the export's header.",
                    table=name,
                    columns=list(group),
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
            except (ValueError, OverflowError):
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
        return self.renames.get(said, said) if said else said


UNREADABLE: dict[str, Message] = {
    "money": say("this is no amount"),
    "date": say(
        "this is no day; where it can't be told whether the month or the day comes first, "
        "write dates: mdy or dmy in mapping.yaml"
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
) -> tuple[pd.DataFrame, int]:
    """The frame by its key; rows without one, and rows that contradict an earlier one, go aside."""
    key = [c for c in table.key if c in columns] or [c for c in ("account", "name") if c in columns]
    header = columns[key[-1]]
    # An id counts letter by letter; names are compared without regard to width, case and spaces.
    parts = [frame[c] if key == ["id"] else frame[c].map(values.normal) for c in key]
    keys = parts[0] if len(parts) == 1 else parts[0] + " | " + parts[1]
    frame = frame.set_index(pd.Index(keys, name="key", dtype="object"))
    blank = frame[key[-1]].isna()
    for row in frame.loc[blank, "row"]:
        aside[int(row)] = Rejected(file, int(row), header, "", say("the row has no {column}", column=header))
    frame = frame[~blank]
    repeated = frame.reset_index().duplicated(["key", *table.columns]).to_numpy()
    frame = frame[~repeated]
    again = frame.index.duplicated()
    first = dict(zip(frame.index[~again], frame["row"][~again], strict=True))
    for found, row in zip(frame.index[again], frame.loc[again, "row"], strict=True):
        why = say("the same {column} as in row {first}, with other values", column=header, first=int(first[found]))
        aside[int(row)] = Rejected(file, int(row), header, str(found), why)
    return frame[~again], int(repeated.sum())


def _columns(sheet: Sheet, name: str, mapping: Mapping) -> dict[str, str] | None:
    """Our column -> the sheet's header, if the sheet has all that the mapping names for the table; else None."""
    how: TableMapping = getattr(mapping, name)
    if how.file and how.file != sheet.file:
        return None
    if not how.columns:  # an unmapped table is recognised by our own column names
        found = {c: c for c in TABLES[name].columns if c in sheet.header}
        complete = all(any(c in found for c in group) for group in TABLES[name].needs)
        return found if complete and len(found) > 1 else None
    found = {c: h for c, headers in how.columns.items() if (h := _header(sheet, headers))}
    return found if len(found) == len(how.columns) else None


def _header(sheet: Sheet, wanted: str | list[str]) -> str | None:
    return next((h for h in _wanted(wanted) if h in sheet.header), None)


def _wanted(headers: str | list[str]) -> list[str]:
    return [headers] if isinstance(headers, str) else headers
