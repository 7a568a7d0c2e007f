"""Of which day an export is: by mapping.yaml, its name, its time, or the newest date in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from salesplaybook.settings import Mapping
from salesplaybook.tables.reading import Reading

# A file's own day is believed if it lies at most this many days after the newest date in the file.
LATE = timedelta(days=31)
DatedBy = Literal["name", "time", "newest", "mapping"]

_DAY_IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})"
    r"(?:(?P<s>[-_. ])(\d{1,2})(?P=s)(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2})(?:\d{4}|\d{6})?)"
    r"(?!\d)"
)


def day_in_name(file: str) -> date | None:
    """The day in a file's name: Deals_2026_09_21.csv, 商机_20260921.xlsx, 2026年9月21日.xlsx; of a range, its last."""
    found = None
    for m in _DAY_IN_NAME.finditer(file):
        month, day = next((a, b) for a, b in ((m[3], m[4]), (m[5], m[6]), (m[7], m[8])) if a)
        try:
            found = date(int(m[1]), int(month), int(day))
        except ValueError:
            continue
    return found


class Arrived(NamedTuple):
    """A file that is to be dated: its name, what was read of it, and when it was written."""

    file: str
    readings: list[Reading]
    modified: datetime


def days_of(arrived: Sequence[Arrived], mapping: Mapping, taken: Collection[date]) -> dict[str, tuple[date, DatedBy]]:
    """File name -> the day under which it belongs, and how that was found; a list without dates goes with the deals.

    taken: days that have an export already.
    """
    days: dict[str, tuple[date, DatedBy]] = {}
    for a in sorted(arrived, key=lambda a: (a.modified, a.file)):
        days[a.file] = _day_of(a, mapping, {*taken, *(day for day, _ in days.values())})
    deals = [days[a.file][0] for a in arrived if any(r.table == "deals" for r in a.readings)]
    for a in arrived:
        if deals and days[a.file][1] == "time" and all(r.newest is None for r in a.readings):
            days[a.file] = max(deals), "time"
    return days


def _day_of(arrived: Arrived, mapping: Mapping, taken: Collection[date]) -> tuple[date, DatedBy]:
    """Its name's day, else its time's; where that comes too late, the newest day in it.

    A second export with the same newest date as one of `taken` is of a quiet time: its name is right.
    """
    file, readings, modified = arrived
    if file in mapping.dates:
        return mapping.dates[file], "mapping"
    named = day_in_name(file)
    found = named or modified.date()
    newest = max((r.newest for r in readings if r.newest), default=None)
    if newest and found - newest > LATE and not (named and newest in taken):
        return newest, "newest"
    return found, "name" if named else "time"
