"""What all deals of a company share: how often things happen, days off, shocks, and how a deal is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

Days = tuple[date, date]  # first and last

# Weibull of the days to a decision: a tenth by day 36, half by 79, nine tenths by 130.
SHAPE, SCALE = 2.4, 92.0
HORIZON = 900  # days within which every worked deal is decided


@dataclass(frozen=True)
class Rates:
    """How often things happen, as shares of deals; `win_rate` is a chance (see `Market`). 0: never."""

    win_rate: float = 0.33
    zombies: float = 0.04  # never worked again, never decided, still open
    void: float = 0.06
    on_hold: float = 0.1
    deleted: float = 0.05  # in the CRM; half of them come back, restored (same id) or entered anew (new id)
    reopened: float = 0.06  # of lost deals
    reassigned: float = 0.04  # to a colleague
    stepped_back: float = 0.05  # a stage back, for a while
    backdated: float = 0.04  # entered days after it was created; a decision entered days after it was made
    undated: float = 0.03  # no expected close, ever
    unregistered: float = 0.0  # no created date, as in hand-kept sheets
    unpriced: float = 0.15  # no amount before the proposal


@dataclass(frozen=True)
class Market:
    """What all deals share. On a day, a deal of age t is decided with hazard h(t), by competing risks:

    won with h(t) * win_rate * win[day], lost with h(t) * (1 - win_rate) * lose[day]. Both are 0 on days off;
    `win` also carries the quarter's shock and the quarter's end. So the odds that a decision is a win are
    win_rate / (1 - win_rate) * win / lose: shock and quarter end are additive on the logit scale.
    """

    start: int
    win: np.ndarray
    lose: np.ndarray

    def workday(self, day: int) -> int:
        """`day`, or the next day on which people work."""
        while self.lose[day - self.start] < 0.5:
            day += 1
        return day

    def decision(
        self,
        rng: np.random.Generator,
        win_rate: float,
        day: int,
        age: int,
        pause: tuple[int, int] | None = None,
    ) -> Decision:
        """When a deal that is `age` days old on `day` is decided, and how. Nothing is decided in a pause."""
        ages, at = age + np.arange(HORIZON), day - self.start + np.arange(HORIZON)
        hazard = SHAPE / SCALE * (ages / SCALE) ** (SHAPE - 1)
        if pause:
            hazard[max(pause[0] - day, 0) : max(pause[1] - day, 0)] = 0
        win, lose = hazard * win_rate * self.win[at], hazard * (1 - win_rate) * self.lose[at]
        i = int(np.searchsorted(np.cumsum(win + lose), rng.exponential()))
        chance = float(win[i] / (win[i] + lose[i]))
        return Decision(day + i, bool(rng.random() < chance), chance)


class Decision(NamedTuple):
    """The day, whether won, and the chance that a decision on that day is a win."""

    day: int
    won: bool
    chance: float


def market_of(
    rng: np.random.Generator,
    start: int,
    end: int,
    quiet: tuple[Days, ...],
    shock_sd: float,
    quarter_end: float,
) -> tuple[Market, pd.Series]:
    """What befalls all deals from day `start` to `end`, and the shock of each quarter on the logit scale."""
    days = pd.DatetimeIndex(np.arange(start, end + 3 * HORIZON).astype("datetime64[D]"))
    open_ = np.where(days.dayofweek < 5, 1.4, 0.0)
    for begin, until in quiet:
        open_[(days >= pd.Timestamp(begin)) & (days <= pd.Timestamp(until))] *= 0.03
    quarters = days.to_period("Q").astype(str)
    shocks = pd.Series(rng.normal(0, 1, quarters.nunique()) * shock_sd, index=quarters.unique(), name="shock")
    win = open_ * np.exp(shocks[quarters].to_numpy()) * np.where(days.month % 3 == 0, quarter_end, 1.0)
    return Market(start, win, open_), shocks
