"""Days in cells: ISO, Chinese, US, German, Excel's numbers, epochs. What may be two days is none until it is told.

A moment with a zone is turned into the day of the project's zone; without a zone the written day stands.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from salesplaybook.tables.values import narrow, plain

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
EXCEL, EXCEL_1904 = date(1899, 12, 30), date(1904, 1, 1)  # the days that Excel calls 0
SERIALS = range(10_000, 100_000)  # of Excel: 1927 to 2173
EPOCH = date(1990, 1, 1)  # no sale is older than this and counted in seconds
SECONDS, MILLISECONDS = range(10**9, 2 * 10**9), range(10**11, 10**13)


def day(cell: Any, order: str | None, zone: ZoneInfo, from_1904: bool = False) -> date | None:
    """The day that a cell names; None if it is blank or Excel's zero date. ValueError if it is no day.

    `order` (mdy, dmy; ymd for 26/9/30) is how dates are written that don't begin with a year of four digits; without
    it, only those are read that can be one day alone. `from_1904`: the workbook's numbers count days from 1904.
    """
    if cell is None or (isinstance(cell, time) and cell == time()):  # Excel shows its zero date as 00:00
        return None
    if isinstance(cell, datetime):
        if cell != cell:
            return None  # pandas' NaT
        if not EXCEL.year <= cell.year <= LAST.year:
            raise ValueError(str(cell))
        return _checked(cell.astimezone(zone).date() if cell.tzinfo else cell.date(), from_1904)
    if isinstance(cell, date):
        return _checked(cell, from_1904)
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _counted(Decimal(str(cell)), zone, from_1904)
    said = plain(cell)
    if said is None:
        return None
    said = said.lower().removeprefix("'")
    if _NUMBER.fullmatch(said):
        return _counted(Decimal(said), zone, from_1904)
    return _written(said, order, zone)


def month(cell: Any) -> date | None:
    """The last day of the month that a text names without a day: 2026年8月, 2026-08, 8/2026, Aug 2026; else None."""
    if not isinstance(cell, str):
        return None
    try:
        said = (plain(cell) or "").lower().removeprefix("'")
    except ValueError:
        return None
    for pattern, year_at, month_at in _MONTH_ALONE:
        if m := pattern.fullmatch(said):
            year, number = int(m[year_at]), MONTHS.get(m[month_at]) or int(m[month_at] if m[month_at].isdigit() else 0)
            year += 2000 if year < 100 else 0
            if EPOCH.year <= year <= LAST.year and 1 <= number <= 12:
                return date(year, number, calendar.monthrange(year, number)[1])
    return None


def order(cells: Iterable[Any]) -> str | None:
    """Whether dates with their year last put the month (mdy) or the day first (dmy).

    None where no cell proves it, or some prove the contrary of others.
    """
    found = {
        m.group(1, 3, 4)
        for cell in cells
        if isinstance(cell, str) and (m := _YEAR_LAST.match(cell if cell.isascii() else narrow(cell)))
    }
    proved = set()
    for first, second, year in found:
        mdy, dmy = _existing(year, first, second), _existing(year, second, first)
        if bool(mdy) != bool(dmy):
            proved.add("mdy" if mdy else "dmy")
    short = [(first, last) for first, _, last in found if len(last) <= 2]
    if proved == {"dmy"} and short and len({first for first, _ in short}) < len({last for _, last in short}):
        return None  # 26/9/30, 26/10/5: what varies least is the year, and here it seems to come first
    return proved.pop() if len(proved) == 1 else None


_NUMBER = re.compile(r"\d{1,14}(?:\.\d+)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d{1,9})?)?(\D.*)?)?", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(\d{4}|\d\d(?=\s*年))\s*([-/.、年])\s*(\d\d?)\s*([-/.、月])\s*(\d\d?)(?:\s*[日号])?(\D.*)?", re.ASCII
)
_YEAR_LAST = re.compile(r"\s*(\d\d?)([-/.])\s?(\d\d?)\2\s?(\d{4}|\d\d?)(?!\d)", re.ASCII)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s+)?"
_MONTH = r"([a-zä]{3,9})"
_NTH = r"(\d\d?)(?:st|nd|rd|th)?"
_NAMED = (  # each with the places of year, month and day
    (re.compile(_WEEKDAY + _NTH + r"\.?[\s/-]*" + _MONTH + r"\.?,?[\s/-]*(\d{4}|\d\d)(\D.*)?", re.ASCII), 3, 2, 1),
    (re.compile(_WEEKDAY + _MONTH + r"\.?[\s-]*" + _NTH + r"[\s,-]+(\d{4})(\D.*)?", re.ASCII), 3, 1, 2),
    (re.compile(r"(\d{4})[\s/-]" + _MONTH + r"[\s/-](\d\d?)(\D.*)?", re.ASCII), 1, 2, 3),
)
_MONTH_ALONE = (  # each with the places of year and month
    (re.compile(r"(\d{4}|\d\d)\s*年\s*(\d\d?)\s*月(?:份?[底末]?|份)前?", re.ASCII), 1, 2),
    (re.compile(r"(\d{4})\s?[-/]\s?(\d\d?)", re.ASCII), 1, 2),
    (re.compile(r"(\d{4})\.(\d\d)", re.ASCII), 1, 2),  # 2026.1 may have been 2026.10
    (re.compile(r"(\d\d?)[-/.](\d{4})", re.ASCII), 2, 1),
    (re.compile(r"(?:(?:the )?end of |ende )?([a-zä]{3,9})\.?,?[\s-](\d{4})", re.ASCII), 2, 1),
    (re.compile(r"(\d{4})[\s-]([a-zä]{3,9})", re.ASCII), 1, 2),
)
_MONTHS = (
    "january januar jänner|february februar|march märz maerz mrz|april|may mai|june juni|july juli|august|"
    "september|october oktober|november|december dezember"
)
MONTHS = {
    name[:length]: number
    for number, names in enumerate(_MONTHS.split("|"), 1)
    for name in names.split()
    for length in range(3, len(name) + 1)
}
ZONES = {"z": 0, "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "est": -5, "edt": -4, "cdt": -5, "mdt": -6, "pst": -8}
ZONES |= {"pdt": -7, "jst": 9, "hkt": 8}  # CST is left out: it may be China's or Chicago's
_REST = re.compile(
    r"(?:[,\s]*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\s*\([一二三四五六日天]\)|"
    r"[,\s]*\((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)|[,\s]+(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\b\.?)?"
    r"(?:(?:[,\s]+(?:at\s+|um\s+)?|[t:]|(?=[上下中早晚凌]))"
    r"(?P<part>上午|下午|中午|早上|晚上|凌晨)?\s*(?P<hour>\d\d?)"
    r"(?:[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"|[时点](?:(?P<minute_cn>\d\d?)分?)?(?:\d\d?秒)?|(?=\s*[ap]\.?m))"
    r"\s*(?:(?P<half>[ap])\.?m\.?|uhr)?"
    r"\s*(?P<zone>z|[a-z]{3,4})?\s*(?:(?P<offset>[-+]\d\d?(?::?\d\d)?)(?:\s(?:[a-z]{2,3}t|utc)|\s*[\[(][^\])]*[\])])?)?)?\s*",
    re.ASCII,
)


def _checked(found: date, from_1904: bool = False) -> date | None:
    """A day of a year that a sale may have; None for Excel's day zero."""
    if EXCEL <= found < FIRST or (from_1904 and found == EXCEL_1904):
        return None
    if not FIRST <= found <= LAST:
        raise ValueError(f"{found} is out of range")
    return found


def _counted(number: Decimal, zone: tzinfo, from_1904: bool) -> date | None:
    """The day that a number stands for: 46295 is Excel's, 20260930 is written, 1759276800000 an epoch."""
    if number.is_nan() or number == 0:
        return None
    if not 0 < number < 10**14:
        raise ValueError(str(number))
    whole = int(number)
    if whole in SERIALS:
        return _checked((EXCEL_1904 if from_1904 else EXCEL) + timedelta(days=whole))
    if whole in SECONDS or whole in MILLISECONDS:
        found = datetime.fromtimestamp(whole if whole in SECONDS else whole // 1000, zone).date()
        if found >= EPOCH:
            return _checked(found)
        return _written(str(whole), None, zone)  # 202601050930, or nothing that a sale could be of
    if number != whole:
        raise ValueError(str(number))
    return _written(str(whole), None, zone)


def _written(said: str, order: str | None, zone: tzinfo) -> date | None:
    """The day of a text in small letters; ValueError if there is none in it."""
    if m := _COMPACT.fullmatch(said):
        year, month, number, hour, minute, second, rest = m.groups()
        clock = f" {hour}:{minute}:{second or '00'}{rest or ''}" if hour else ""
        return _of_zone(_standing(year, month, number), clock, zone)
    if m := _YEAR_FIRST.fullmatch(said):
        if m[2] + m[4] not in ("--", "//", "..", "、、", "年月"):
            raise ValueError(said)
        return _of_zone(_standing(m[1], m[3], m[5]), m[6], zone)
    if m := _YEAR_LAST.match(said):
        return _of_zone(_year_last(m[1], m[2], m[3], m[4], order), said[m.end() :], zone)
    for pattern, year_at, month_at, day_at in _NAMED:
        if (m := pattern.fullmatch(said)) and m[month_at] in MONTHS:
            return _of_zone(_standing(m[year_at], str(MONTHS[m[month_at]]), m[day_at]), m[4], zone)
    raise ValueError(said)


def _year_last(first: str, mark: str, second: str, year: str, order: str | None) -> date | None:
    """The day of 9/30/2026 or 30.09.26; None for Excel's zero date, ValueError where it may be two days."""
    if (int(year), *sorted((int(first), int(second)))) in ((0, 0, 0), (1900, 0, 1), (1899, 12, 30), (1899, 12, 31)):
        return None
    mdy, dmy = _existing(year, first, second), _existing(year, second, first)
    ymd = _existing(first, second, year) if len(first) == 2 >= len(year) else None  # 26/9/30
    if order:
        found = {{"mdy": mdy, "dmy": dmy, "ymd": ymd}[order]}
    elif mark == ".":
        found = {dmy or mdy or ymd}
    else:
        found = {mdy, dmy, ymd} - {None}
    if len(found) != 1 or found == {None}:
        raise ValueError(f"{first}{mark}{second}{mark}{year}")
    return found.pop()


def _standing(year: str, month: str, number: str) -> date | None:
    """The day of a year, a month and a number; None for the zero date, ValueError if there is no such day."""
    if (int(year), int(month), int(number)) in ((0, 0, 0), (1900, 1, 0)):
        return None
    return date(_year(year), int(month), int(number))


def _existing(year: str, month: str, number: str) -> date | None:
    if len(year) == 1:
        return None
    try:
        return date(_year(year), int(month), int(number))
    except ValueError:
        return None


def _year(year: str) -> int:
    return int(year) + (0 if len(year) > 2 else 2000 if int(year) < 70 else 1900)


def _of_zone(found: date | None, rest: str | None, zone: tzinfo) -> date | None:
    """The day in `zone`, where `rest`, what follows the date, is a time with a zone; ValueError if it is no time."""
    if not rest or not rest.strip():
        return found and _checked(found)
    m = _REST.fullmatch(rest)
    if not m:
        raise ValueError(rest)
    hour, minute = int(m["hour"] or 0), int(m["minute"] or m["minute_cn"] or 0)
    if (m["half"] == "p" or m["part"] in ("下午", "晚上")) and hour < 12:
        hour += 12
    elif (m["half"] == "a" or m["part"] == "凌晨") and hour == 12:
        hour = 0
    if hour * 60 + minute > 24 * 60 or minute > 59 or int(m["second"] or 0) > 60:
        raise ValueError(rest)
    offset = _offset(m["zone"], m["offset"])
    if found is None or offset is None or not _checked(found):
        return found and _checked(found)
    midnight = datetime(found.year, found.month, found.day, tzinfo=timezone(offset))
    moment = midnight + timedelta(hours=hour, minutes=minute)
    return _checked(moment.astimezone(zone).date())


def _offset(zone: str | None, offset: str | None) -> timedelta | None:
    """How far a zone is from UTC: z, gmt+8, +0800, -05:30; None without one, ValueError if it is not known."""
    if zone and (zone not in ZONES or (offset and ZONES[zone])):
        raise ValueError(zone)
    if not offset:
        return None if not zone else timedelta(hours=ZONES[zone])
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        raise ValueError(offset)
    return timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
