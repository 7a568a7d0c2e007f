"""口径: one function a figure. The first line of its docstring is the definition that pages print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from salesplaybook.methods import rates
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, of_deals, rows_of, say
from salesplaybook.states import State

FEW_WON = 50  # won (or decided) deals under which no deal is called dead (or too old)
DATELESS = 0.2  # share of decided deals without a closing day over which no rate is given
LOST_AMOUNTS = 0.8  # share of lost deals whose amount must be known for a win rate by value


def definition(metric: Callable[..., Any]) -> str:
    """What a figure means: the first line of its function's docstring."""
    return (metric.__doc__ or "").strip().splitlines()[0]


def pipeline(state: State) -> Figure:
    """Pipeline: deals with status open, at their amount (list price where the mapping says so)."""
    why = (
        say("rebuilt from dates: one export can't know the amounts of an earlier day")
        if state.amounts_unknown
        else None
    )
    return of_deals(definition(pipeline), state.open["value"], why)


def bookings(state: State, period: Period) -> Figure:
    """Booked: won amounts by the day on which the deal closed; list prices never count."""
    won = decided_in(state, period)
    return of_deals(definition(bookings), won.loc[won["status"] == "won", "amount"], _undated_wins(state))


def booked_by_owner(state: State, period: Period) -> pd.Series | None:
    """Bookings of a period in cents by owner, of deals that name nobody under ""; None where they can't be told."""
    if _undated_wins(state):
        return None
    decided = decided_in(state, period)
    won = decided[decided["status"] == "won"]
    return won.groupby(won["owner"].fillna(""))["amount"].sum().astype("int64")


def _undated_wins(state: State) -> Message | None:
    """Why nothing is said of bookings: over a fifth of the won deals have no closing day; None where they have."""
    won = state.frame[state.frame["status"] == "won"]
    blank = int(won["closed"].isna().sum())
    if blank <= DATELESS * len(won):
        return None
    return say("{blank:count} of {n:count} won deals have no closing day", blank=blank, n=len(won))


def dateless(state: State) -> Message | None:
    """Why rates are withheld: of the won and lost deals, over a fifth have no closing day; None where they have."""
    ends = state.frame[state.frame["status"].isin(("won", "lost"))]
    blank = int(ends["closed"].isna().sum())
    if blank <= DATELESS * len(ends):
        return None
    return say("{blank:count} of {n:count} won and lost deals have no closing day", blank=blank, n=len(ends))


def win_rate(decided: pd.DataFrame, withheld: Message | None = None) -> Figure:
    """Win rate: won / (won + lost), void and on hold in neither; of the quarter or, while it runs, of 13 weeks."""
    if withheld:
        return Figure(definition=definition(win_rate), unit="share", n=len(decided), reason=withheld)
    return rates.share(definition(win_rate), decided["status"] == "won", decided["value"])


def win_rate_by_value(decided: pd.DataFrame, withheld: Message | None = None) -> Figure:
    """Win rate by value: won amount / (won + lost amount); a lost deal counts what it last was when open."""
    own = decided["amount"].where(decided["amount"] > 0)
    known = own.fillna(decided["last_open_amount"].where(decided["status"] == "lost"))
    lost, n = decided["status"] == "lost", len(decided)
    text, blank = definition(win_rate_by_value), int(known[lost].isna().sum())
    if withheld:
        return Figure(definition=text, unit="share", n=n, reason=withheld)
    if n < rates.FEW:
        return Figure(definition=text, unit="share", n=n, reason=rates.too_few(n))
    if blank > (1 - LOST_AMOUNTS) * lost.sum():
        reason = say("{blank:count} of {lost:count} lost deals have no amount", blank=blank, lost=int(lost.sum()))
        return Figure(definition=text, unit="share", n=n, reason=reason)
    known = known.dropna().astype(float)
    if not known.sum() > 0:
        return Figure(definition=text, unit="share", n=n, reason=say("no decided deal has an amount"))
    hits = (decided.loc[known.index, "status"] == "won").to_numpy(dtype=float)
    value, low, high = rates.share_by_value(hits, known.to_numpy())
    rows = rows_of(known)
    return Figure(definition=text, unit="share", value=value, low=low, high=high, n=len(known), rows=rows)


def average_won(decided: pd.DataFrame) -> Figure:
    """Average deal: won amount / won deals with an amount."""
    won = decided.loc[decided["status"] == "won", "amount"].dropna().astype(float)
    text, n = definition(average_won), len(won)
    if n < rates.FEW:
        return Figure(definition=text, n=n, reason=rates.too_few(n))
    half = float(won.std(ddof=1) / np.sqrt(n)) * 1.2816  # 80 %, normal
    return Figure(
        definition=text,
        value=round(won.mean()),
        low=won.mean() - half,
        high=won.mean() + half,
        n=n,
        rows=rows_of(won),
    )


def velocity(state: State, decided: pd.DataFrame) -> Figure:
    """Velocity: open deals x win rate x average won deal / average days to win, of deals with an amount."""
    text = definition(velocity)
    known = decided[decided["created"].notna() & (decided["amount"].notna() | (decided["status"] == "lost"))]
    won = (known["status"] == "won").to_numpy(dtype=float)
    n, hits = len(known), int(won.sum())
    if hits < rates.FEW:
        why = say("only {n:count} won deals with created day and amount; it takes {few}", n=hits, few=rates.FEW)
        return Figure(definition=text, unit="money a day", n=n, reason=why)
    money = known["amount"].fillna(0).to_numpy(dtype=float)
    days = np.maximum(days_between(known["created"], known["closed"]), 0)
    if not (won * days).sum():
        return Figure(
            definition=text, unit="money a day", n=n, reason=say("every won deal was created on the day it was won")
        )
    average, cycle = float((won * money).sum()) / hits, float((won * days).sum()) / hits
    low, high = rates.velocity_interval(len(state.open), won, money, days)
    value = rates.velocity(len(state.open), hits / n, average, cycle)
    rows = rows_of(known.loc[known["status"] == "won", "amount"])
    return Figure(definition=text, unit="money a day", value=value, low=low, high=high, n=n, rows=rows)


def dead_after(state: State) -> Figure:
    """Dead: open for more days than 99 % of won deals took; at least 50 won, in a history twice as long."""
    text = definition(dead_after)
    won = state.frame[(state.frame["status"] == "won") & state.frame["created"].notna() & state.frame["closed"].notna()]
    n = len(won)
    if n < FEW_WON:
        why = say("history too short: {n:count} won deals with both days; it takes {few}", n=n, few=FEW_WON)
        return Figure(definition=text, unit="days", n=n, reason=why)
    took = np.sort(days_between(won["created"], won["closed"]))
    limit = int(took[int(np.ceil(0.99 * n)) - 1])
    history = (state.day - state.frame["created"].min().date()).days
    if history < 2 * limit:
        why = say(
            "history too short: {history:count} days, and deals take up to {limit:count}", history=history, limit=limit
        )
        return Figure(definition=text, unit="days", n=n, reason=why)
    return Figure(definition=text, unit="days", value=limit, n=n)


def dead(state: State, after: Figure) -> Figure:
    """Dead deals: open for longer than that, at their amount (list price where the mapping says so)."""
    return _older(definition(dead), state, after)


def longest(state: State) -> Figure:
    """Longest decided: the most days that a won or lost deal has ever taken until then."""
    text, decided = definition(longest), state.decided()
    decided = decided[decided["created"].notna()]
    if not len(decided):
        return Figure(definition=text, unit="days", n=0, reason=say("no deal has been decided yet"))
    return Figure(
        definition=text,
        unit="days",
        value=int(days_between(decided["created"], decided["closed"]).max()),
        n=len(decided),
    )


def never_decided(state: State, after: Figure) -> Figure:
    """Older than any decided deal: open for longer than the longest of at least 50 that were won or lost until then."""
    text, n = definition(never_decided), after.n or 0
    if n < FEW_WON:
        return Figure(
            definition=text, n=None, reason=say("only {n:count} decided deals; it takes {few}", n=n, few=FEW_WON)
        )
    return _older(text, state, after)


def share_of(part: Figure, whole: Figure, text: str) -> Figure:
    """The share of deals of `whole` that are in `part`: a count of all, so it has no interval."""
    if part.reason or not whole.n:
        return Figure(definition=text, unit="share", n=whole.n, reason=part.reason or say("no deal is open"))
    return Figure(definition=text, unit="share", value=(part.n or 0) / whole.n, n=whole.n, rows=part.rows)


def decided_in(state: State, period: Period) -> pd.DataFrame:
    """The deals won or lost with a closing day in the period, as far as the state reaches."""
    decided = state.decided(period.first)
    return decided[decided["closed"] <= pd.Timestamp(period.last)]


def rate_window(period: Period, closing: date) -> Period:
    """Over which days a rate is taken: a quarter or year that is over, else the 13 weeks up to the `closing` day."""
    if period.kind in ("quarter", "year") and closing >= period.last:
        return period
    return period._replace(first=closing - timedelta(days=90), last=closing)


def days_between(first: pd.Series, last: pd.Series) -> np.ndarray:
    """Whole days from one date to another, a row each."""
    return (last - first).dt.days.to_numpy()


def ages(state: State) -> pd.Series:
    """How many days each open deal with a created day has been open."""
    created = state.open["created"].dropna()
    return (pd.Timestamp(state.day) - created).dt.days


def _older(text: str, state: State, after: Figure) -> Figure:
    if after.value is None:
        return Figure(definition=text, n=None, reason=after.reason)
    age = ages(state)
    old = state.open.loc[age[age > after.value].index, "value"]
    return of_deals(text, old)
