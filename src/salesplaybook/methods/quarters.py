"""Past quarters at the same point: which are complete, and how each stood with as many days left as there are now."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from salesplaybook import metrics
from salesplaybook.methods.fitting import Deals, Past
from salesplaybook.periods import Period, period_of
from salesplaybook.states import Known, State

MOST = 8  # quarters looked back on: two years


def quarter_ahead(on: date, fiscal_start: int = 1) -> Period:
    """The quarter to forecast as of `on`: the one of the day after, so that a quarter on its last day is over."""
    return period_of(on + timedelta(days=1), "quarter", fiscal_start)


def complete(newest: State, on: date, fiscal_start: int = 1) -> list[Period]:
    """The quarters that begin not before the first closed date on record and have ended by `on`, oldest first."""
    first = first_complete(newest, fiscal_start)
    found = []
    while first is not None and first.last <= on:
        found.append(first)
        first = after(first)
    return found


def first_complete(newest: State, fiscal_start: int = 1) -> Period | None:
    """The first quarter that begins not before the first closed date on record; None where no such date is."""
    decided = newest.decided()
    if not len(decided):
        return None
    earliest = decided["closed"].min().date()
    inside = period_of(earliest, "quarter", fiscal_start)
    return inside if inside.first == earliest else after(inside)


def after(quarter: Period) -> Period:
    """The quarter that follows."""
    return period_of(quarter.last + timedelta(days=1), "quarter", quarter.fiscal_start)


def past(known: Known, quarter: Period, left: int, newest: State) -> tuple[Past, bool]:
    """The quarter as it stood with `left` days left, what came by its end as the `newest` state has it; and whether
    that state had to be rebuilt from the dates of a later export.

    What was won after that day and not open on it, or open without a created day, is new.
    """
    day = quarter.last - timedelta(days=left)
    state = known.at(day)
    was_open = state.open[state.open["created"].notna()]
    won = newest.frame[newest.frame["status"] == "won"]
    inside = (won["closed"] > pd.Timestamp(max(day, quarter.eve))) & (won["closed"] <= pd.Timestamp(quarter.last))
    came = won.loc[inside, "amount"].fillna(0).astype(float)
    by_then = quarter._replace(last=max(day, quarter.eve))
    so_far = float(metrics.bookings(newest, by_then).value or 0)
    here = deals(state, was_open, known.stages, newest)
    taken = Past(
        open=here,
        won=was_open.index.isin(came.index),
        amounts=came.reindex(was_open.index).fillna(0).to_numpy(dtype=float),
        new=came.drop(was_open.index, errors="ignore").to_numpy(dtype=float),
        so_far=so_far,
    )
    return taken, state.how == "rebuilt" or (state.how == "rolled back" and min(known.days) > day)


def deals(state: State, chosen: pd.DataFrame, stages: list[str], newest: State | None = None) -> Deals:
    """Deals of a state that are `chosen` (rows of its frame with a created day) as arrays.

    Where the state was rebuilt, stages are not known, and amounts are those that the `newest` state has, unless lost
    deals lost theirs: sizes that only won deals have would mislead.
    """
    values = chosen["value"].to_numpy(dtype=float)
    if state.how == "rebuilt" and newest is not None:
        values = np.where(chosen["at_list_price"], values, _amounts_since(chosen.index, newest))
    rank = {stage: number for number, stage in enumerate(stages)}
    seen = chosen["stage"].map(rank).fillna(-1).astype(int).to_numpy()
    return Deals(
        ages=np.maximum((pd.Timestamp(state.day) - chosen["created"]).dt.days.to_numpy(dtype=float), 0),
        values=values,
        listed=chosen["at_list_price"].to_numpy(dtype=bool),
        stages=np.full(len(chosen), -1) if state.how == "rebuilt" else seen,
    )


def _amounts_since(keys: pd.Index, newest: State) -> np.ndarray:
    """Each deal's amount as known by now; all NaN where too few lost deals have one."""
    rows = newest.frame.reindex(keys)
    own = rows["amount"].where(rows["amount"] > 0)
    lost = rows["status"] == "lost"
    own = own.fillna(rows["last_open_amount"].where(lost))
    if lost.any() and own[lost].notna().mean() < metrics.LOST_AMOUNTS:
        return np.full(len(keys), np.nan)
    return own.to_numpy(dtype=float, na_value=np.nan)
