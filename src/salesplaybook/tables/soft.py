"""Cells of hand-kept sheets that say more or less than a value: 约55.1, 55(含税), 11月底. What is sure is taken.

A range, a quarter or 年底前 is not sure. What is taken so is always told.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from salesplaybook.tables.days import MONTHS
from salesplaybook.tables.values import plain

# A month without a year is that of the nearest year, where the other years are at least a month further away.
SURELY = timedelta(days=150)

_WITH = r"含税价?|(?:incl|inc)\.? (?:tax|vat|gst)"
_WITHOUT = r"不含税价?|未税|(?:excl|ex)\.? (?:tax|vat|gst)|plus (?:tax|vat|gst)"
_TAX = rf"{_WITHOUT}|{_WITH}"
_ROUGHLY = r"暂[估定]|预[估计]|估[计算]?|大?约|est\.?|estimated?|approx\.?|approximately"
_BEHIND = rf"左右|上下|{_ROUGHLY}|{_TAX}"
_AMOUNT = re.compile(
    rf"(?:(?:{_ROUGHLY}|大概|about|around|ca\.|circa|[~≈]|{_TAX})\s*:?\s*)*(?P<amount>\S.*?)"
    rf"(?:\s*(?:{_BEHIND}|\(\s*(?:{_BEHIND})\s*\)|\[\s*(?:{_BEHIND})\s*\]))*"
)
_NUMERALS = dict(zip(["十一", "十二", *"一二三四五六七八九十"], [11, 12, *range(1, 11)], strict=True))
_CHINESE = re.compile(r"(\d\d?|十[一二]?|[一二三四五六七八九])\s*月(?:份?(?:[底末]前?)?|\s*(\d\d?)\s*[日号]前?)")
_ENGLISH = re.compile(r"(?:(?:by )?(?:the )?end (?:of )?)?([a-z]{3,9})\.?")


class Soft(NamedTuple):
    """A cell that says more or less than a value, and what was taken from it."""

    row: int
    column: str
    said: str
    taken: str


def amount(cell: Any, tax: str = "unstated") -> str | None:
    """The amount in a text, beside words that change nothing: 55.1 of 约55.1 and 55.1 (含税). None without such, and
    where it is with tax and the project's are not (`tax`: included, excluded, unstated), or the other way about."""
    said = plain(cell) if isinstance(cell, str) else None
    without = bool(said and re.search(_WITHOUT, said.lower()))
    if said and re.search(_TAX, said.lower()) and tax == ("included" if without else "excluded"):
        return None
    found = _AMOUNT.fullmatch(said.lower()) if said else None
    return found["amount"] if found and said and found["amount"] != said.lower() else None


def day(cell: Any, about: date) -> date | None:
    """The day that a text names without a year, the nearest to `about`; of a month its last; None where none is."""
    said = (plain(cell) or "").lower() if isinstance(cell, str) else ""
    if m := _CHINESE.fullmatch(said):
        month, number = _NUMERALS.get(m[1]) or int(m[1]), m[2] and int(m[2])
    elif m := _ENGLISH.fullmatch(said):
        month, number = MONTHS.get(m[1], 0), None
    else:
        return None
    found = []
    for year in range(about.year - 1, about.year + 2) if 1 <= month <= 12 else ():
        last = calendar.monthrange(year, month)[1]
        if 1 <= (number or last) <= last:
            found.append(date(year, month, number or last))
    nearest = min(found, key=lambda d: abs(d - about), default=None)
    return nearest if nearest and abs(nearest - about) <= SURELY else None
