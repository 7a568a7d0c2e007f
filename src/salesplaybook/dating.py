"""Of which day an export is: by mapping.yaml, its name, its time, or the newest date in it.

A file that is saved over under last week's name is not of last week: what it tells of has happened since.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

import pandas as pd

from salesplaybook.results import Message, say
from salesplaybook.settings import Mapping
from salesplaybook.tables.reading import Reading

# A file's own day is believed if it lies at most this many days after the newest date in the file.
LATE = timedelta(days=31)
# A name's day is not believed where at least so many rows tell of what happened later, by more than a day: stamps may
# be another zone's.
LATER_ROWS = 2
GRACE = timedelta(days=1)
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


def days_of(
    arrived: Sequence[Arrived], mapping: Mapping, taken: Collection[date], known: Collection[str] = ()
) -> dict[str, tuple[date, DatedBy]]:
    """File name -> the day under which it belongs, and how that was found; a list without dates goes with the deals.

    taken: days that have an export already; known: the names that files had which are filed: only one of these can
    have been saved over.
    """
    days: dict[str, tuple[date, DatedBy]] = {}
    for a in sorted(arrived, key=lambda a: (a.modified, a.file)):
        days[a.file] = _day_of(a, mapping, {*taken, *(day for day, _ in days.values())}, a.file in known)
    deals = [days[a.file][0] for a in arrived if any(r.table == "deals" for r in a.readings)]
    for a in arrived:
        if deals and days[a.file][1] == "time" and all(r.newest is None for r in a.readings):
            days[a.file] = max(deals), "time"
    return days


def _day_of(arrived: Arrived, mapping: Mapping, taken: Collection[date], again: bool) -> tuple[date, DatedBy]:
    """Its name's day, if it isn't there `again` with rows that tell of later ones; else its time's; where that comes
    too late, the newest day in it.

    A second export with the same newest date as one of `taken` is of a quiet time: its name is right.
    """
    file, readings, modified = arrived
    if file in mapping.dates:
        return mapping.dates[file], "mapping"
    named = day_in_name(file)
    if named and again and _happened_after(named + GRACE, arrived) >= LATER_ROWS:
        named = None
    found = named or modified.date()
    newest = max((r.newest for r in readings if r.newest), default=None)
    if newest and found - newest > LATE and not (named and newest in taken):
        return newest, "newest"
    return found, "name" if named else "time"


def _happened_after(day: date, arrived: Arrived) -> int:
    """How many rows tell of something that happened after a day, before the file was written: what lies behind that is
    a plan, or a slip of the pen."""
    rows = 0
    for r in arrived.readings:
        days = r.frame[[c for c in ("created", "modified", "closed") if c in r.frame]].copy()
        if "last_activity" in r.frame and "modified" not in r.columns:  # CRMs, which know it, count planned visits too
            days["last_activity"] = r.frame["last_activity"]
        if r.table == "deals":  # of open deals a closing day is a plan
            days["closed"] = days["closed"].mask(r.frame["status"].isin(("open", "on_hold")))
        if r.table == "payments":
            days["day"] = r.frame["day"]
        happened = (days > pd.Timestamp(day)) & (days <= pd.Timestamp(arrived.modified.date()))
        rows += int(happened.any(axis=1).sum())
    return rows


def overruled(file: str, day: date, dated_by: str) -> Message | None:
    """That the day in a file's name was not believed, since its rows tell of later ones; None where it was."""
    named = day_in_name(file)
    if named is None or named >= day or dated_by not in ("time", "newest"):
        return None
    return say(
        "The name {file} says {named:iso}, but rows in it tell of later days: it counts as of {day:iso}. If the name "
        "is right, write in mapping.yaml: dates: {{{day}: {named}}}",
        file=file,
        named=named,
        day=day,
    )
