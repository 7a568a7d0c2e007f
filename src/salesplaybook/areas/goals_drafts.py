"""Goals as they can be proposed from the data: one for each target that has none, with means and what it serves."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pydantic import BaseModel

from salesplaybook.areas import goals_sentences as sentences
from salesplaybook.areas.goals_progress import Progress
from salesplaybook.entries.kinds import Goal, Target
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period, period_of
from salesplaybook.results import Message, say
from salesplaybook.states import Known

NAMED = 3  # deals, or customers, that are named as the means


class Draft(BaseModel):
    """A goal proposed for a target that has none. how, serves: None where only a person can say."""

    metric: str
    what: Message
    how: Message | None = None
    serves: Message | None = None


def drafts(
    rows: Sequence[Progress], targets: Sequence[Target], period: Period, known: Known, goals: Sequence[Goal]
) -> list[Draft]:
    """A goal for each metric that has a target. One that stands already is proposed no more; a dropped one stays away,
    by its id."""
    taken = {
        g.metric for g in goals if g.period == period.name and not g.dropped and g.id != draft_id(period, g.metric)
    }
    return [
        Draft(
            metric=row.metric,
            what=sentences.drafted(row.metric, row.target, period.name),
            how=_means(row.metric, known, period),
            serves=_serves(row.metric, targets, period),
        )
        for row in rows
        if row.target is not None and row.metric not in taken
    ]


def draft_id(period: Period, metric: str) -> str:
    """The id of the goal that is proposed for a metric, so that a dismissed one does not return."""
    return f"{period.name}:goal:{metric}"


def _means(metric: str, known: Known, period: Period) -> Message | None:
    """What the data tell of how it is to be reached: the largest deals that are due, the largest that is overdue."""
    if metric in ("bookings", "new_customers") and (deals := _largest_due(known, period)):
        return say("win the largest deals that are due: {names:list}", names=deals)
    if metric == "collected" and (customers := _overdue(known)):
        return say("agree on a date with those who are overdue with most: {names:list}", names=customers)
    return None


def _serves(metric: str, targets: Sequence[Target], period: Period) -> Message | None:
    year = period_of(period.first, "year", period.fiscal_start).name
    mine = [t for t in targets if (t.metric, t.period, t.owner) == (metric, year, "") and (t.amount or 0) > 0]
    if not mine:
        return None
    return say(
        "the target of {year} for {metric:text}: {amount}",
        year=year,
        metric=METRIC_NAMES.get(metric, metric),
        amount=f"{mine[-1].amount:,f}",
    )


def _largest_due(known: Known, period: Period) -> list[str]:
    if known.empty or known.narrowed:
        return []
    deals = known.deals.open
    due = deals[deals["expected_close"] <= pd.Timestamp(period.last)].sort_values(
        "value", ascending=False, kind="stable"
    )
    return [str(name) for name in due["name"].dropna().head(NAMED)]


def _overdue(known: Known) -> list[str]:
    owed = known.receivables
    if owed.empty:
        return []
    unpaid = owed["unpaid"].fillna(owed["amount"]).fillna(0).astype(float)
    late = unpaid[(unpaid > 0) & (owed["due"] < pd.Timestamp(known.on))].groupby(owed["account"]).sum()
    return [str(name) for name in late.sort_values(ascending=False, kind="stable").index[:NAMED]]
