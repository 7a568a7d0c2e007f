"""Of which day an export is: by mapping.yaml, its name, its time, or the newest date in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal

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


def day_of(
    file: str, readings: list[Reading], modified: datetime, mapping: Mapping, taken: Collection[date] = ()
) -> tuple[date, DatedBy]:
    """Under which day a file belongs: its name's, else its time's; where that comes too late, the newest day in it.

    taken: days that have an export. A second one with the same newest date is of a quiet time: its name is right.
    """
    if file in mapping.dates:
        return mapping.dates[file], "mapping"
    named = day_in_name(file)
    found = named or modified.date()
    newest = max((r.newest for r in readings if r.newest), default=None)
    if newest and found - newest > LATE and not (named and newest in taken):
        return newest, "newest"
    return found, "name" if named else "time"
