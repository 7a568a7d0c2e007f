"""Who brings how much: of deals that are open, and of what was won in the quarters before."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

import pandas as pd

from salesplaybook import metrics
from salesplaybook.periods import Period
from salesplaybook.results import Message, say
from salesplaybook.states import State


def by_quarter(
    state: State, period: Period, account: str
) -> tuple[tuple[float | None, float | None, float | None], Message]:
    """What a customer brought in each of the last four quarters on record: least, mean and most."""
    first = state.decided()["closed"].min()
    quarters = [q for q in year(period) if not pd.isna(first) and q.first + timedelta(days=7) > first.date()]
    deals = [won(state, quarter) for quarter in quarters]
    amounts = [float(of.loc[of["account"] == account, "amount"].sum()) for of in deals]
    if len(amounts) < 2:
        return (None, None, None), say("too few quarters on record to say what is at stake")
    said = say("what this brought in a quarter: least, mean and most of {n:count}", n=len(amounts))
    return (min(amounts), sum(amounts) / len(amounts), max(amounts)), said


def year(period: Period) -> list[Period]:
    """The four quarters before a period, the newest first."""
    found = [period.before()]
    while len(found) < 4:
        found.append(found[-1].before())
    return found


def won_before(state: State, period: Period) -> pd.DataFrame:
    """The deals won in the four quarters before a period, with an amount above 0."""
    return won(state, period._replace(first=year(period)[-1].first, last=period.eve))


def won(state: State, period: Period) -> pd.DataFrame:
    """The deals won in a period, with an amount above 0: what is taken back would make the parts more than all."""
    decided = metrics.decided_in(state, period)
    return decided[(decided["status"] == "won") & (decided["amount"] > 0)]


def largest(
    deals: pd.DataFrame, by: str, column: str, least: int, among: Collection[str] | None = None
) -> tuple[str, float, pd.DataFrame] | None:
    """Who has most of an amount above 0: the name, the share of all, and the deals; None under so many deals.

    among   the names that are looked at; what the others have counts in all
    """
    deals = deals[deals[column] > 0]
    total = float(deals[column].sum()) if len(deals) >= least else 0.0
    theirs = deals if among is None else deals[deals[by].isin(among)]
    sums = theirs.groupby(by)[column].sum().sort_values(ascending=False, kind="stable")
    if total <= 0 or sums.empty:
        return None
    name = str(sums.index[0])
    return name, float(sums.iloc[0]) / total, deals[deals[by] == name]


def different(names: pd.Series) -> int:
    """How many different people stand in cells that may hold several."""
    return len({n.strip().casefold() for cell in names for n in re.split(r"[;；、|/\n]", str(cell)) if n.strip()})


def mostly(owners: pd.Series) -> str:
    """The owner of most of some deals; "" where none is known."""
    found = owners.dropna()
    return str(found.mode().iloc[0]) if len(found) else ""
