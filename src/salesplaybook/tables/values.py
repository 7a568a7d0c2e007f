"""Cells become values: text, whole cents, days. What can't be read stays None and is told by the caller."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

BLANKS = {"", "null", "none", "nan", "nat", "#n/a", "n/a", "na", "-", "--", "—", "–", "无", "待定", "空"}
LONGEST_AMOUNT = 10**17  # cents; larger than any sale, and within 64 bits


def text(cell: Any) -> str | None:
    """A cell as text, without the spaces around it; None where it says nothing."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    said = unicodedata.normalize("NFC", str(cell)).replace("\u00a0", " ").strip()
    return None if said.lower() in BLANKS else said


def normal(said: str | None) -> str:
    """Text for comparing names: full-width and capital letters, and spaces, make no difference."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", said or "")).strip().casefold()


def cents(cell: Any, unit: Decimal, places: int) -> int | None:
    """An amount in whole cents: `unit` is what one stands for (10000 for 万元), `places` the currency's digits.

    Exact: a number is taken by its shortest decimal text, and rounded half up to the cent. ValueError if it is none.
    """
    said = text(cell)
    if said is None:
        return None
    plain = unicodedata.normalize("NFKC", said).replace(" ", "").lstrip("¥$€£")
    if "," in plain and not _THOUSANDS.fullmatch(plain):
        raise ValueError(said)  # 1.234,56 or 12,5: not to be guessed
    plain = plain.replace(",", "")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    try:
        value = (Decimal(plain) * unit).scaleb(places).quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        raise ValueError(said) from None
    if not value.is_finite() or abs(value) > LONGEST_AMOUNT:
        raise ValueError(said)
    return int(value)


def percent(cell: Any) -> float | None:
    """A probability as a share of one: 30, 30% and 0.3 are all .3. ValueError if it is none."""
    said = text(cell)
    if said is None:
        return None
    value = float(unicodedata.normalize("NFKC", said).rstrip("% "))
    value = value / 100 if said.endswith(("%", "％")) or value > 1 else value
    if not 0 <= value <= 1:
        raise ValueError(said)
    return value


_THOUSANDS = re.compile(r"[-+(¥$€£]*\d{1,3}(,\d{3})+(\.\d*)?\)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T,].*)?$")


def day(cell: Any, order: str | None) -> date | None:
    """A day: 2026-09-30, 2026/9/30, 2026年9月30日, 20260930, an Excel date or its number, or 9/30/2026.

    `order` (mdy or dmy) is how a date with its year last is written. ValueError if it is no day.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(cell)
    if said is None:
        return None
    said = unicodedata.normalize("NFKC", said)
    if m := _YEAR_FIRST.match(said) or _COMPACT.match(said):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if (m := _YEAR_LAST.match(said)) and order in ("mdy", "dmy"):
        first, second = (int(m[1]), int(m[2])) if order == "mdy" else (int(m[2]), int(m[1]))
        return date(int(m[3]), first, second)
    if re.fullmatch(r"\d{5}(\.\d+)?", said):  # the number that Excel keeps a date as: days since 1899-12-30
        return date(1899, 12, 30) + timedelta(days=int(float(said)))
    raise ValueError(said)


def date_order(cells: Iterable[Any]) -> str | None:
    """Whether dates with their year last put the month or the day first; None where the column can't tell."""
    found = [m for cell in cells if isinstance(cell, str) and (m := _YEAR_LAST.match(cell.strip()))]
    # What can be a day in one order only; 13/45/2026 is none in either and proves nothing.
    dmy = any(12 < int(m[1]) <= 31 and int(m[2]) <= 12 for m in found)
    mdy = any(12 < int(m[2]) <= 31 and int(m[1]) <= 12 for m in found)
    return None if dmy == mdy else "dmy" if dmy else "mdy"
