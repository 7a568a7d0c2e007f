"""Cells as the systems write them: text, amounts, days and times of a column, and a table as comma-separated text."""

from __future__ import annotations

import csv
import io
import zlib
from datetime import datetime
from typing import Any

import pandas as pd


def text(values: pd.Series) -> list[str | None]:
    return [None if pd.isna(v) else str(v) for v in values]


def amounts(cents: pd.Series) -> list[str | None]:
    """Whole cents as text with two decimals, such as 21739535.00."""
    return [None if pd.isna(c) else f"{int(c) // 100}.{int(c) % 100:02d}" for c in cents]


def days(days: pd.Series) -> list[str | None]:
    return [None if pd.isna(d) else d.strftime("%Y-%m-%d") for d in days]


def dates(days: pd.Series) -> list[datetime | None]:
    return [None if pd.isna(d) else d.to_pydatetime() for d in days]


def times(deals: pd.DataFrame, column: str, form: str) -> list[str | None]:
    """The days of `column` with a time between 9:00 and 17:59 that stays the same from export to export."""
    times = []
    for name, day in zip(deals["name"], deals[column], strict=True):
        seconds = 9 * 3600 + zlib.crc32(f"{name}{column}{day}".encode()) % (9 * 3600)
        times.append(None if pd.isna(day) else (day + pd.Timedelta(seconds=seconds)).strftime(form))
    return times


def comma_separated(table: dict[str, list[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return text.getvalue().encode("utf-8")
