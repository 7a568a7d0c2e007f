"""Weeks, months, quarters and years: which days a name such as 2026Q3 or 2026-W39 stands for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from salesplaybook.errors import PeriodError

Kind = Literal["week", "month", "quarter", "year"]


class Period(NamedTuple):
    """The window that is measured, `first` and `last` day included.

    A week's page is made in the week and tells of the week before: the window of 2026-W39 is the seven days
    before its Monday. Quarters and years are fiscal, named by the year in which the fiscal year begins.
    """

    name: str
    first: date
    last: date
    kind: Kind
    fiscal_start: int = 1

    @property
    def eve(self) -> date:
        """The day before the window: the state at its end is the window's opening."""
        return self.first - timedelta(days=1)

    def before(self) -> Period:
        """The period of the same kind just before this one."""
        if self.kind == "week":
            return week_of(self.first)
        return period_of(self.eve, self.kind, self.fiscal_start)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def parse(name: str, fiscal_start: int = 1) -> Period:
    """The period called `name`: 2026-W39, 2026-09, 2026Q3 or 2026. PeriodError for anything else."""
    text = str(name).strip().upper()
    if not "1901" <= text[:4] <= "2998":
        text = ""  # no year that a sale was made in, and a calendar may end there
    if m := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        try:
            return week_of(date.fromisocalendar(int(m[1]), int(m[2]), 1))
        except ValueError:
            raise PeriodError("{name}: the year {year} has no week {week}.", name=name, year=m[1], week=m[2]) from None
    if (m := re.fullmatch(r"(\d{4})-(\d{2})", text)) and 1 <= int(m[2]) <= 12:
        return _months(text, int(m[1]), int(m[2]), 1, "month", fiscal_start)
    if m := re.fullmatch(r"(\d{4})Q([1-4])", text):
        return _months(text, int(m[1]), fiscal_start + 3 * (int(m[2]) - 1), 3, "quarter", fiscal_start)
    if m := re.fullmatch(r"(\d{4})", text):
        return _months(text, int(text), fiscal_start, 12, "year", fiscal_start)
    raise PeriodError(
        "'{name}' is no period. Write a week (2026-W39), a month (2026-09), a quarter (2026Q3) or a year (2026).",
        name=name,
    )


def week_of(day: date) -> Period:
    """The period of the ISO week in which `day` lies: the seven days before that week's Monday."""
    year, week, _ = day.isocalendar()
    monday = date.fromisocalendar(year, week, 1)
    return Period(f"{year}-W{week:02}", monday - timedelta(days=7), monday - timedelta(days=1), "week")


def period_of(day: date, kind: Kind, fiscal_start: int = 1) -> Period:
    """The month, quarter, year (or the week whose page is made then) in which `day` lies."""
    if kind == "week":
        return week_of(day)
    if kind == "month":
        return parse(f"{day:%Y-%m}", fiscal_start)
    months = (day.year * 12 + day.month - 1) - (fiscal_start - 1)
    year, within = divmod(months, 12)
    return parse(f"{year:04}" if kind == "year" else f"{year:04}Q{within // 3 + 1}", fiscal_start)


def last_complete(on: date, kind: Kind, fiscal_start: int = 1) -> Period:
    """The last period of a kind that is over at the end of `on`."""
    return period_of(on + timedelta(days=1), kind, fiscal_start).before()


def coming_monday(day: date) -> date:
    """A weekend counts to the Monday after it; any other day to itself."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= 5 else day


def told_until(day: date) -> date:
    """The last whole day that an export of `day` tells of: one of a Monday, dropped at 8:30, of the week before."""
    return day - timedelta(days=1) if day.weekday() == 0 else day


def parse_day(text: str) -> date:
    """The day written as 2026-09-30. PeriodError for anything else."""
    try:
        return date.fromisoformat(str(text).strip()[:10])
    except ValueError:
        raise PeriodError("'{text}' is no day. Write it as 2026-09-30.", text=text) from None


def _months(name: str, year: int, month: int, length: int, kind: Kind, fiscal_start: int) -> Period:
    first = _month(year, month)
    return Period(name, first, _month(year, month + length) - timedelta(days=1), kind, fiscal_start)


def _month(year: int, month: int) -> date:
    """The first day of a month; month 13 is January of the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
