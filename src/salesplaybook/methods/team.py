"""Who is in the team in a period: the CRM's list of people, and what was typed of them, which counts more."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd

from salesplaybook.entries.kinds import Member
from salesplaybook.language import by_name
from salesplaybook.periods import Period
from salesplaybook.states import Known


class Seat(NamedTuple):
    """Somebody who is there on some days of a period, the first and the last of them included.

    capacity   the share of a full post; sells: whether this person has targets
    """

    name: str
    first: date
    last: date
    capacity: float = 1.0
    sells: bool = True


def seats(known: Known, period: Period) -> list[Seat]:
    """The people of a period in name order.

    Of the list of people those who had joined and hadn't left; where there is no list, whoever owns a deal that was
    open at its end or was decided in it. A typed Member adds somebody, or says otherwise of somebody.
    """
    typed = {m.name: m for m in known.entries("people") if isinstance(m, Member)}
    found = []
    for name in sorted({*_listed(known, period), *typed}, key=by_name):
        joined, left = _days(known.people, name)
        member = typed.get(name) or Member(id=name, name=name)
        first = max(period.first, member.joined or joined or period.first)
        last = min(period.last, member.left or left or period.last)
        if first <= last:
            found.append(Seat(name, first, last, float(member.capacity), member.sells))
    return found


def _listed(known: Known, period: Period) -> list[str]:
    if len(known.people):
        return [str(name) for name in known.people["name"].dropna()]
    if known.empty:
        return []
    state = known.at(min(period.last, known.on))
    closed = state.frame["closed"]
    decided = closed.notna() & (closed >= pd.Timestamp(period.first)) & (closed <= pd.Timestamp(period.last))
    return [str(o) for o in state.frame.loc[decided | (state.frame["status"] == "open"), "owner"].dropna().unique()]


def _days(people: pd.DataFrame, name: str) -> tuple[date | None, date | None]:
    """When somebody joined and left, by the list of people."""
    rows = people[people["name"] == name] if len(people) else people
    if rows.empty:
        return None, None
    joined, left = (rows.iloc[-1].get(column) for column in ("joined", "left"))
    return (None if pd.isna(joined) else joined.date()), (None if pd.isna(left) else left.date())
