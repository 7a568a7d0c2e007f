"""The cells of one column become values; a row with one that can't be read goes aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Literal, NamedTuple

import pandas as pd

from salesplaybook.errors import ExportError
from salesplaybook.language import digits
from salesplaybook.results import Message, say
from salesplaybook.settings import Settings, TableMapping
from salesplaybook.tables import days, money, soft, values
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.schema import Holds

Kind = Literal["cell", "stage", "key", "again", "width"]


class Rejected(NamedTuple):
    """A row kept aside: where it stands, what was found there, and why it can't be read."""

    file: str
    row: int
    column: str
    value: str
    why: Message
    kind: Kind = "cell"


# A cell of these that can't be read is left blank, and said; in any other column it puts its row aside. So is an
# expected close: that of a deal without a closing day puts its row aside later, when it is known to be decided.
OPTIONAL = {
    *("crm_probability", "next_step_date", "last_activity", "modified", "stage_changed", "cost", "is_closed"),
    *("joined", "left"),
}

UNREADABLE: dict[str, Message] = {
    "money": say("this is no amount"),
    "date": say("this is no day"),
    "percent": say("this is no probability between 0 and 100 %"),
    "flag": say("this is neither yes nor no"),
}
NO_ORDER = say(
    "it can't be told whether the month or the day comes first: write dates: mdy or dates: dmy under the table in "
    "mapping.yaml"
)
NO_POINT = say(
    "it can't be told whether the point or comma is the decimal sign: format the column as a number, and export again"
)


@dataclass
class Column:
    """Reads one column of a sheet, each distinct cell once.

    unit, currency   what one stands for and in which currency, by the header's own words, else the mapping's unit
    order, style     how its dates and amounts are written, as its cells prove (see `days.order`, `money.style`)
    """

    sheet: Sheet
    header: str
    column: str
    holds: Holds
    how: TableMapping
    settings: Settings
    order: str | None = None
    unit: Decimal = Decimal(1)
    currency: str | None = None
    style: money.Style | None = None
    known: dict[Any, Any] = field(default_factory=dict)
    blanked: list[Rejected] = field(default_factory=list)
    soft: list[soft.Soft] = field(default_factory=list)
    amounts: dict[Any, str] = field(default_factory=dict)  # cells that say more than an amount -> the amount
    months: int = 0  # distinct cells that name a month only
    swapped: int = 0  # cells of which Excel has probably swapped day and month

    def __post_init__(self) -> None:
        self.at = self.sheet.header.index(self.header)
        self.cells = [row[self.at] if self.at < len(row) else None for _, row in self.sheet.rows]
        if self.holds == "date":
            written = days.order(self.cells)
            self.order = self.how.dates or written
            self.swapped = self._swapped(written)
        if self.holds == "money":
            _, unit, self.currency = money.header(self.header, self.settings.currency)
            own = self.how.unit
            said = own.get(self.column) if isinstance(own, dict) else None
            mapped = own if isinstance(own, Decimal) else None
            if not (said or unit or mapped) and (left := money.unit_left(self.header)):
                raise ExportError(
                    "{file}: the header '{header}' seems to say that its amounts are in {unit}, and it can't be told "
                    "for sure. Write under the table in mapping.yaml: unit: {{{column}: 10000}}, or 1 if they are not.",
                    file=self.sheet.file,
                    header=self.header,
                    unit=left,
                    column=self.column,
                )
            self.unit = said or unit or mapped or money.header(f"x({self.sheet.unit})")[1] or Decimal(1)
            self.style = money.style(self.cells)
            if self.style == "unclear" and self.unit in (10**4, 10**8):
                self.style = "point"  # 12.345 in 万元 is plain
            elif self.style == "unclear" and digits(self.settings.currency) == 3:
                self.style = "point"

    def _swapped(self, written: str | None) -> int:
        """How many cells are Excel's own days, none after the 12th, where the others stayed text like 25/08/2026.

        Excel took for a day what could be one in its own order, and left the rest: those that it took are wrong.
        """
        own = [c.day for c in self.cells if isinstance(c, date)]
        return len(own) if own and written and max(own) <= 12 else 0

    def read(self, aside: dict[int, Rejected]) -> list[Any]:
        out = [self._known(cell) for cell in self.cells]
        for at, ((row, _), value) in enumerate(zip(self.sheet.rows, out, strict=True)):
            if isinstance(value, Message):
                cell, out[at] = self.cells[at], None
                found = Rejected(self.sheet.file, row, self.header, str(cell), value)
                if self.column in OPTIONAL or (self.column == "expected_close" and value is not NO_ORDER):
                    self.blanked.append(found)
                else:
                    aside.setdefault(row, found)
            elif taken := self.amounts.get(self.cells[at]):
                self.soft.append(soft.Soft(row, self.header, str(self.cells[at]), taken))
        return out

    def read_by(self, day: date, out: list[Any]) -> None:
        """Puts into `out` the days that cells name without a year, in a file whose newest day is `day`."""
        at = {row: place for place, (row, _) in enumerate(self.sheet.rows)}
        left = []
        for found in self.blanked:
            if near := soft.day(found.value, day):
                out[at[found.row]] = near
                self.soft.append(soft.Soft(found.row, self.header, found.value, near.isoformat()))
            else:
                left.append(found)
        self.blanked = left

    def _known(self, cell: Any) -> Any:
        key = (type(cell), cell)
        if key not in self.known:
            try:
                self.known[key] = self._value(cell)
            except (ValueError, ArithmeticError):
                self.known[key] = self._why(cell)
        return self.known[key]

    def _value(self, cell: Any) -> Any:
        match self.holds:
            case "money":
                return self._amount(cell)
            case "date":
                return self._day(cell)
            case "percent":
                return values.percent(cell)
            case "flag":
                return values.flag(cell)
            case "id":
                said = values.identifier(cell)
            case _:
                said = values.text(cell)
        renames = self.how.values.get(self.column, {})
        return renames.get(said, said) if said else said

    def _amount(self, cell: Any) -> Any:
        try:
            return money.amount(cell, self.unit, self.style, self.settings.currency)
        except ValueError:
            said = soft.amount(cell, self.settings.tax)
            if said is None:
                raise
            found = money.amount(said, self.unit, self.style, self.settings.currency)
            self.amounts[cell] = said
            return found

    def _day(self, cell: Any) -> Any:
        """A day; of an expected close that names a month only, the month's last day."""
        try:
            return days.day(cell, self.order, self.settings.zone, self.sheet.from_1904)
        except ValueError:
            month = days.month(cell) if self.column == "expected_close" else None
            if month is None:
                raise
            self.months += 1
            return month

    def doubtful(self) -> bool:
        """Whether some date of it can't be read, since month or day may come first."""
        return any(self._known(cell) is NO_ORDER for cell in dict.fromkeys(c for c in self.cells if isinstance(c, str)))

    def _why(self, cell: Any) -> Message:
        """Why a cell can't be read: in general, or since the column leaves open how it is to be read."""
        if self.holds == "date" and self.order is None:
            ways: list[Callable[[], Any]] = [
                partial(days.day, cell, order, self.settings.zone) for order in ("mdy", "dmy", "ymd")
            ]
            why = NO_ORDER
        elif self.holds == "money" and self.style in ("unclear", "comma"):
            ways = [partial(money.amount, cell, self.unit, "point", self.settings.currency)]
            why = NO_POINT
        else:
            return UNREADABLE[self.holds]
        return why if any(_readable(way) for way in ways) else UNREADABLE[self.holds]


def _readable(way: Callable[[], Any]) -> bool:
    try:
        way()
    except (ValueError, ArithmeticError):
        return False
    return True


def typed(cells: list[Any], holds: Holds) -> pd.Series:
    """The values of a column as pandas holds them: whole cents, days, shares of one, yes or no, text."""
    if holds == "money":
        return pd.Series(cells, dtype="Int64")
    if holds == "date":
        return pd.to_datetime(pd.Series(cells, dtype="object"), errors="coerce").astype("datetime64[s]")
    if holds == "percent":
        return pd.Series(cells, dtype="float64")
    return pd.Series(cells, dtype="object")
