"""Deals by age, where no stage history shows how far they get: open ones by days open, and a period's new ones."""

from __future__ import annotations

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.methods import rates
from salesplaybook.periods import Period
from salesplaybook.results import Figure, defined, of_deals, rows_of
from salesplaybook.states import State

STEPS = (7, 14, 30, 60, 90, 180, 365)  # widths of age bands, in days


class Band(BaseModel):
    """Deals by days open: what is open at that age, and the win rate of those decided at it. last: None = and over."""

    first: int
    last: int | None
    open: Figure
    rate: Figure


class Cohort(BaseModel):
    """The deals created in the period before, and what became of them."""

    period: str
    n: int
    won: Figure
    lost: Figure
    open: Figure


def by_age(closing: State) -> list[Band]:
    """Open deals by days open, beside the win rate of the deals decided at that age until then."""
    decided = closing.decided()
    decided = decided[decided["created"].notna()]
    age_open, open_deals = metrics.ages(closing), closing.open
    age_then = pd.Series(metrics.days_between(decided["created"], decided["closed"]), index=decided.index)
    top = int(age_then.max()) if len(age_then) else 0
    step = max((s for s in STEPS if 3 * s < top), default=STEPS[0])
    edges = [-1, step, 2 * step, 3 * step, max(top, 3 * step + 1)]
    out = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        inside = (age_open > low) if high is None else (age_open > low) & (age_open <= high)
        here = open_deals.loc[age_open[inside].index, "value"]
        then = (age_then > low) if high is None else (age_then > low) & (age_then <= high)
        at_age = decided[then]
        rate = rates.share(defined("won or lost at that age"), at_age["status"] == "won", at_age["value"])
        out.append(
            Band(
                first=low + 1,
                last=high,
                open=of_deals(defined("open for that many days"), here),
                rate=rate,
            )
        )
    return out


def cohort(closing: State, period: Period) -> Cohort | None:
    """What became of the deals created in the period before, void ones aside; None for a week, or where none were."""
    if period.kind == "week":
        return None
    before = period.before()
    frame = closing.frame[closing.frame["status"] != "void"]
    created = frame["created"]
    deals = frame[(created >= pd.Timestamp(before.first)) & (created <= pd.Timestamp(before.last))]
    if not len(deals):
        return None
    text = defined("of the deals created in the period before")

    def part(*statuses: str) -> Figure:
        hit = deals["status"].isin(statuses)
        rows = rows_of(deals.loc[hit, "value"])
        return Figure(definition=text, unit="share", value=float(hit.mean()), n=len(deals), rows=rows)

    return Cohort(period=before.name, n=len(deals), won=part("won"), lost=part("lost"), open=part("open", "on_hold"))
