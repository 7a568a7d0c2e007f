"""What was entered, by column and day: a CRM's columns, and the notes from which any day's export is made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

COLUMNS = (
    "id",
    "name",
    "account",
    "owner",
    "contact",
    "product",
    "stage",
    "status",
    "amount",
    "cost",
    "created",
    "expected_close",
    "closed",
    "stage_changed",
    "modified",
    "next_step",
    "next_step_date",
    "last_activity",
    "source",
    "loss_reason",
    "competitor",
    "region",
    "department",
)
MONEY = ("amount", "cost")
DATES = (
    "created",
    "expected_close",
    "closed",
    "stage_changed",
    "modified",
    "next_step_date",
    "last_activity",
)
TEXTS = tuple(column for column in COLUMNS if column not in (*MONEY, *DATES))


def by_column(notes: list[tuple[int, int, str, Any]]) -> dict[str, pd.DataFrame]:
    """Notes, a frame a column, in the order of days; also the days of any change and of stage changes."""
    every = pd.DataFrame(notes, columns=["deal", "day", "column", "value"]).sort_values("day", kind="stable")
    frames = {}
    for column in (*COLUMNS, "listed"):
        source = {"modified": every, "stage_changed": every[every["column"] == "stage"]}.get(column)
        frame = every[every["column"] == column] if source is None else source.assign(value=source["day"])
        values = frame["value"].tolist()
        if column in DATES:
            typed: Any = dates(values)
        elif column in MONEY:
            typed = pd.array(values, dtype="Int64")
        else:
            typed = pd.Series(values, dtype="object")
        frames[column] = pd.DataFrame(
            {"deal": frame["deal"].to_numpy(), "day": frame["day"].to_numpy(), "value": typed}
        )
    return frames


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def dates(days: list[Any]) -> pd.Series:
    """Days since 1970 (None: unknown) as datetime64."""
    return pd.Series(
        pd.to_datetime(pd.array(days, dtype="Float64").astype("float64"), unit="D").astype("datetime64[s]")
    )
