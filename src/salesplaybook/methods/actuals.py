"""What a period brought, metric by metric, beside its target, the quarters before and what is usual.

In: what is known as of a day (deals, contracts, payments), targets as people typed them. Out: Figures and Measured.
Bookings by the day of winning, revenue by the day of acceptance, cash by the day of payment, margin of won deals with
a cost, customers by the day of their first won deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel
from scipy.special import stdtrit

from salesplaybook import metrics
from salesplaybook.entries.kinds import Target
from salesplaybook.periods import Period, period_of
from salesplaybook.results import Figure, Message, defined, rows_of, say
from salesplaybook.states import Known, State

METRICS = ("bookings", "revenue", "collected", "margin", "new_customers")
MONEY = ("bookings", "revenue", "collected")
QUARTERS = 8  # of history that say what is usual
FEW = 4  # quarters under which nothing is called usual
GRACE = 7  # days that a record may begin after a period does, or end before it: nobody wins, or exports, every day
COSTED = 0.5  # share of the won amount whose cost must be known for a margin
DEFINITIONS = {
    "bookings": defined("Booked: won amounts by the day on which the deal closed"),
    "revenue": defined("Revenue: amounts of contracts by the day of acceptance"),
    "collected": defined("Cash collected: payments by the day on which they came in"),
    "margin": defined("Gross margin: (amount - cost) / amount of won deals that have both"),
    "new_customers": defined("New customers: accounts whose first won deal closed in the period"),
}


class Measured(BaseModel):
    """A metric in a period beside what it is measured by, all in the unit of `actual`: cents, a share, or a count.

    attainment   actual / target, gap: actual - target (of margin a difference of shares, without an attainment)
    before, year_before   the same metric one quarter, and four quarters, earlier
    year_to_date   of the fiscal year's quarters up to this one: what came / what their targets ask; None where one of
                   them has no target or nothing on record, or the period isn't over
    verdict      `usual`: within what the earlier quarters let one expect, 19 times in 20; `unusual`; `too_few` of them;
                 `running`: the period isn't over, and is no whole quarter to be compared; None: not asked
    """

    metric: str
    actual: Figure
    target: float | None = None
    attainment: float | None = None
    gap: float | None = None
    before: Figure | None = None
    year_before: Figure | None = None
    year_to_date: float | None = None
    verdict: Literal["usual", "unusual", "too_few", "running"] | None = "too_few"


def actual(known: Known, metric: str, period: Period, owner: str = "", state: State | None = None) -> Figure:
    """What a period brought by the day that is known, of all or of one owner; with the reason where nobody can say.

    metric   one of METRICS; of any other (a person's own) the figure says that it is counted by hand
    state    the deals as they are to be taken; None: as they stood at the period's end, or stand now
    """
    definition = DEFINITIONS.get(metric, metric)
    if metric not in METRICS:
        return Figure(definition=definition, unit="count", reason=say("an own metric: entered by hand"))
    unit: Literal["share", "count", "money"] = {"margin": "share", "new_customers": "count"}.get(metric, "money")  # type: ignore[assignment]
    if known.empty:
        return Figure(definition=definition, unit=unit, reason=say("no deals yet"))
    if metric in ("revenue", "collected"):
        return _listed(known, metric, period, owner)
    state = state or known.at(min(period.last, known.on))
    if reason := _off_the_record(known, metric, _first_closed(state), period):
        return Figure(definition=definition, unit=unit, reason=reason)
    if metric == "bookings":
        return metrics.bookings(_of(state, owner), period)
    return _margin(_of(state, owner), period) if metric == "margin" else _new_customers(state, period, owner)


def past(known: Known, metric: str, period: Period, owner: str = "", quarters: int = QUARTERS) -> list[Figure]:
    """The metric of the periods before `period`, oldest first, as far as they are on record, as known at its end."""
    found: list[Figure] = []
    state = None if known.empty else known.at(min(period.last, known.on))
    for _ in range(quarters):
        period = period.before()
        figure = actual(known, metric, period, owner, state)
        if figure.value is None:
            break
        found.insert(0, figure)
    return found


def came(known: Known, metric: str, state: State | None = None) -> pd.DataFrame:
    """What came of a money or count metric, row by row, for sums over many periods: day, owner, and amount (cents; of
    new customers 1 each); as `actual` counts it. Empty where nobody can say."""
    if known.empty or metric not in METRICS or metric == "margin":
        rows = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "owner": [], "amount": []})
        return rows
    if metric in ("revenue", "collected"):
        listed, column = (known.contracts, "accepted") if metric == "revenue" else (known.payments, "day")
        if listed.empty:
            return came(known, "")
        rows = listed.rename(columns={column: "day"}) if column != "day" else listed
        return rows.loc[rows["day"].notna(), ["day", "owner", "amount"]].fillna({"amount": 0})
    won = (state or known.deals).decided()
    won = won[won["status"] == "won"].rename(columns={"closed": "day"})
    if metric == "new_customers":
        won = won[won["account"].notna()].sort_values("day", kind="stable")
        won = won[~won["account"].duplicated()].assign(amount=1)
    return won[["day", "owner", "amount"]].fillna({"amount": 0})


def on_record(known: Known, metric: str, period: Period, state: State | None = None) -> bool:
    """Whether a period lies within what is on record of a metric, so that `actual` can tell it."""
    if metric in ("revenue", "collected") and not known.empty:
        rows = came(known, metric)
        return len(rows) > 0 and _off_the_record(known, metric, rows["day"].min(), period) is None
    return not known.empty and _off_the_record(known, metric, _first_closed(state or known.deals), period) is None


def measured(
    known: Known, metric: str, period: Period, targets: Sequence[Target], cents: int, owner: str = ""
) -> Measured:
    """A metric of a quarter beside its target and its history (see Measured); `cents` to a unit of currency."""
    state = None if known.empty else known.at(min(period.last, known.on))  # one, for all that is compared
    now, history = actual(known, metric, period, owner, state), past(known, metric, period, owner)
    goal = target(targets, metric, period.name, cents, owner)
    known_now, running = now.value is not None and goal is not None, known.on < period.last
    earlier = history[-1] if history else actual(known, metric, period.before(), owner, state)
    year_before = period
    for _ in range(4):
        year_before = year_before.before()
    return Measured(
        metric=metric,
        actual=now,
        target=goal,
        attainment=float(now.value) / goal if known_now and goal and metric != "margin" else None,  # type: ignore[arg-type]
        gap=float(now.value) - goal if known_now else None,  # type: ignore[arg-type,operator]
        before=earlier,
        year_before=actual(known, metric, year_before, owner, state),
        year_to_date=None if running else _year_to_date(known, metric, period, targets, cents, owner, state),
        verdict="running" if running else verdict(now.value, [f.value for f in history if f.value is not None]),
    )


def target(targets: Sequence[Target], metric: str, period: str, cents: int, owner: str = "") -> float | None:
    """What a period is to bring, in the unit of `actual`: cents, a share, a count; None where nobody said.

    For the whole, where only owners have targets, their sum (not of margin, which has none).
    """
    asked = [t for t in targets if (t.metric, t.period) == (metric, period)]
    mine = {t.owner: t.amount for t in asked if t.amount and t.amount > 0}
    said = mine.get(owner)
    if said is None and not owner and metric != "margin":
        said = sum(mine.values(), Decimal(0))
    if not said:
        return None
    return float(said) / 100 if metric == "margin" else float(said * (cents if metric in MONEY else 1))


def verdict(now: float | None, before: Sequence[float]) -> Literal["usual", "unusual", "too_few"]:
    """Whether a number lies where the ones before let one expect the next, 19 times in 20: the prediction interval of a
    normal sample (mean +- t x s x sqrt(1 + 1/n), n - 1 degrees of freedom; Hahn and Meeker 1991)."""
    n = len(before)
    if now is None or n < FEW:
        return "too_few"
    half = stdtrit(n - 1, 0.975) * np.std(before, ddof=1) * np.sqrt(1 + 1 / n)
    return "usual" if abs(now - np.mean(before)) <= half else "unusual"


def _listed(known: Known, metric: str, period: Period, owner: str) -> Figure:
    """Revenue from contracts, or cash from payments: the sum of the rows with their day in the period."""
    frame, column = (known.contracts, "accepted") if metric == "revenue" else (known.payments, "day")
    definition = DEFINITIONS[metric]
    if frame.empty or frame[column].notna().sum() == 0:
        missing = (
            say("not provided: no list of contracts with their day of acceptance")
            if metric == "revenue"
            else say("not provided: no list of payments")
        )
        return Figure(definition=definition, reason=missing)
    if reason := _off_the_record(known, metric, frame[column].min(), period):
        return Figure(definition=definition, reason=reason)
    day, last = frame[column], min(period.last, known.on)
    rows = frame[(day >= pd.Timestamp(period.first)) & (day <= pd.Timestamp(last))]
    if owner:
        if frame["owner"].isna().all():
            return Figure(definition=definition, reason=say("not provided: the list names no owners"))
        rows = rows[rows["owner"] == owner]
    return Figure(definition=definition, value=int(rows["amount"].fillna(0).sum()), n=len(rows))


def _margin(state: State, period: Period) -> Figure:
    decided = metrics.decided_in(state, period)
    won = decided[(decided["status"] == "won") & decided["amount"].notna()]
    costed = won[won["cost"].notna() & (won["amount"] > 0)]
    amount = int(costed["amount"].sum())
    if not amount:
        return Figure(
            definition=DEFINITIONS["margin"], unit="share", reason=say("not provided: no won deal with its cost")
        )
    if amount < COSTED * won.loc[won["amount"] > 0, "amount"].sum():
        return Figure(
            definition=DEFINITIONS["margin"],
            unit="share",
            n=len(costed),
            reason=say(
                "the cost is known of under half of what was won ({n:count} of {all:deals})",
                n=len(costed),
                all=len(won),
            ),
        )
    share = float(amount - int(costed["cost"].sum())) / amount
    return Figure(
        definition=DEFINITIONS["margin"], unit="share", value=share, n=len(costed), rows=rows_of(costed["amount"])
    )


def _new_customers(state: State, period: Period, owner: str) -> Figure:
    won = state.decided()
    won = won[(won["status"] == "won") & won["account"].notna()].sort_values("closed", kind="stable")
    if won.empty:
        return Figure(
            definition=DEFINITIONS["new_customers"],
            unit="count",
            reason=say("not provided: no won deal names a customer"),
        )
    first = won[~won["account"].duplicated()]
    first = first[(first["closed"] >= pd.Timestamp(period.first)) & (first["closed"] <= pd.Timestamp(period.last))]
    first = first[first["owner"] == owner] if owner else first
    return Figure(
        definition=DEFINITIONS["new_customers"],
        unit="count",
        value=len(first),
        n=len(first),
        rows=rows_of(first["amount"]),
    )


def _year_to_date(
    known: Known, metric: str, period: Period, targets: Sequence[Target], cents: int, owner: str, state: State | None
) -> float | None:
    year = period_of(period.first, "year", period.fiscal_start)
    quarters = [period]
    while quarters[0].first > year.first:
        quarters.insert(0, quarters[0].before())
    came = [actual(known, metric, q, owner, state).value for q in quarters]
    asked = [target(targets, metric, q.name, cents, owner) for q in quarters]
    if metric == "margin" or None in came or None in asked:
        return None
    return float(sum(v or 0 for v in came)) / sum(v or 0 for v in asked)


def _of(state: State, owner: str) -> State:
    return replace(state, frame=state.frame[state.frame["owner"] == owner]) if owner else state


def _first_closed(state: State) -> pd.Timestamp:
    return state.decided()["closed"].min()


def _off_the_record(known: Known, metric: str, first: pd.Timestamp, period: Period) -> Message | None:
    """Why a period can't be told: it begins before the first day on record, or ends (or stands) after the last."""
    if pd.isna(first):
        return say("no deal was decided yet")
    if (first.date() - period.first).days >= GRACE:
        return say("on record from {day:iso} on only", day=first.date())
    year_before = pd.Timestamp(period.first) - pd.DateOffset(years=1)
    if metric == "new_customers" and (first - year_before).days >= GRACE:  # until then old customers look new
        return say("on record from {day:iso} on: it takes a year to know who is new", day=first.date())
    lists = {"revenue": known.contracts_day, "collected": known.payments_day}
    last = lists.get(metric, known.newest)
    if last is not None and (min(period.last, known.on) - last).days > GRACE:
        return say("known up to {day:iso} only", day=last)
    return None
