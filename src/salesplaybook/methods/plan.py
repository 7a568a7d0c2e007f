"""A target's line through its quarter: how much of it should be there by a day, how far ahead or behind a number is,
and how likely the rest still comes.

The line rises on working days only, in each month by the share that it usually brings. The chance of a metric without a
forecast of its own comes from what earlier quarters brought in as many remaining days: a Student t for the next value
of a small sample (Hahn and Meeker 1991) of square roots, which are nearer to a normal than amounts and counts are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr

from salesplaybook.methods import actuals
from salesplaybook.periods import Period, period_of
from salesplaybook.results import Message, say
from salesplaybook.states import Known
from salesplaybook.workdays import Calendar

DAY = timedelta(days=1)
ENOUGH = 3  # complete quarters, under which no chance is said and no month counts more than another
LOOKED_BACK = 8
SAME = 3  # quarters of the same months, from which on only these tell the months' shares


class Chance(NamedTuple):
    """The chance to reach a target, or the reason why none is said."""

    value: float | None
    reason: Message | None = None


@dataclass(frozen=True)
class Line:
    """A target's way through its quarter, day by day.

    shares   what part of the target should be there by the end of each day; worked: how many working days have passed
    """

    first: date
    shares: np.ndarray
    worked: np.ndarray

    def at(self, day: date) -> float:
        """The share that should be there by the end of `day`, 0 to 1."""
        place = min((day - self.first).days, len(self.shares) - 1)
        return float(self.shares[place]) if place >= 0 else 0.0

    def ahead(self, day: date, reached: float) -> int:
        """How many working days ahead (+) or behind (-) a share `reached` is by the end of `day`: to the day on which
        the line is there. At the line's end what isn't reached is a day behind at least."""
        place = min((day - self.first).days, len(self.shares) - 1)
        if place < 0:
            return 0
        at = float(np.interp(reached, [0.0, *self.shares], [0.0, *self.worked]))
        found = round(at - float(self.worked[place]))
        return min(found, -1) if round(reached, 9) < 1 <= round(float(self.shares[place]), 9) else found


def line(
    quarter: Period,
    calendar: Calendar,
    seasons: Sequence[float] = (),
    first: date | None = None,
    last: date | None = None,
) -> Line:
    """The line of a quarter; of somebody who is there from `first` to `last`, through these days.

    seasons    what share each month usually brings (see `seasons`); empty: all working days bring alike
    """
    days = [quarter.first + n * DAY for n in range((quarter.last - quarter.first).days + 1)]
    works = np.array([calendar.is_working(day) for day in days], dtype=float)
    worth = works.copy()
    for share, month in zip(seasons, months(quarter), strict=False):
        inside = np.array([day in month for day in days])
        worth[inside] = works[inside] * share / max(works[inside].sum(), 1)
    there = np.array([(first or days[0]) <= day <= (last or days[-1]) for day in days], dtype=float)
    weights = next((w for w in (worth * there, works * there, there) if w.sum() > 0), np.ones(len(days)))
    return Line(days[0], np.cumsum(weights) / weights.sum(), np.cumsum(works * there))


def months(quarter: Period) -> list[Period]:
    """The months of a quarter."""
    found, day = [], quarter.first
    while day <= quarter.last:
        found.append(period_of(day, "month", quarter.fiscal_start))
        day = found[-1].last + DAY
    return found


def seasons(known: Known, quarter: Period, calendar: Calendar, metric: str = "bookings") -> list[float]:
    """What share of a quarter its first, second and third month usually bring, given their working days this time.

    A month's worth is its share of what an earlier quarter brought over its share of that quarter's working days: so a
    Spring Festival that moves to another month takes that month's days, and not its worth. The mean of quarters with
    the same months where there are three of them, else of at most the last eight; empty under three of these.
    """
    if known.empty or metric not in actuals.METRICS or metric == "margin":
        return []
    same, every, before, rows = list[np.ndarray](), list[np.ndarray](), quarter, actuals.came(known, metric)
    for back in range(1, 4 * SAME + 1):
        before = before.before()
        if before.last > known.on:
            continue
        if not actuals.on_record(known, metric, before) or (worth := _worth(rows, before, calendar)) is None:
            break
        every += [worth] if len(every) < LOOKED_BACK else []
        same += [worth] if not back % 4 else []
    chosen = same if len(same) >= SAME else every
    if len(chosen) < ENOUGH:
        return []
    now = np.mean(chosen, axis=0) * np.array([calendar.count(m.first, m.last) for m in months(quarter)])
    return [float(share) for share in now / now.sum()] if now.sum() > 0 else []


def chance(known: Known, metric: str, quarter: Period, on: date, target: float, so_far: float) -> Chance:
    """The chance that a money or count metric reaches `target` by the quarter's end, given `so_far` by the end of `on`.

    Withheld under three earlier quarters, or where all of them brought the same. So few quarters can't show a rare
    thing: no chance is nearer to 0 or 1 than Laplace's rule of succession has it, 1 / (n + 2). Without that, of
    chances told as under 1 in 10 from 3 or 4 quarters, 1 in 6 came true in our simulations.
    """
    left, before, rest = (quarter.last - on).days, quarter, list[float]()
    if so_far >= target:
        return Chance(None, say("reached"))
    if left <= 0:
        return Chance(None, say("the quarter is over"))
    rows = actuals.came(known, metric)
    for _ in range(LOOKED_BACK):
        before = before.before()
        if before.last > known.on:
            continue
        if not actuals.on_record(known, metric, before):
            break
        rest.append(_sum(rows, max(before.last - (left - 1) * DAY, before.first), before.last))
    if len(rest) < ENOUGH:
        return Chance(None, say("earlier quarters on record: {n:count}; it takes {enough}", n=len(rest), enough=ENOUGH))
    found = exceeds(rest, target - so_far - (0.5 if metric not in actuals.MONEY else 0.0))
    if found is None:
        return Chance(None, say("the earlier quarters are all alike"))
    least = 1 / (len(rest) + 2)
    return Chance(min(max(found, least), 1 - least))


def exceeds(sample: Sequence[float], wanted: float) -> float | None:
    """The chance that the next value is at least `wanted`; None where the sample's values are all alike."""
    roots, n = np.sqrt(np.maximum(np.asarray(sample, dtype=float), 0)), len(sample)
    spread = float(np.std(roots, ddof=1)) * np.sqrt(1 + 1 / n)
    if not spread:
        return None
    return float(stdtr(n - 1, (roots.mean() - np.sqrt(max(wanted, 0))) / spread))


def _worth(rows: pd.DataFrame, quarter: Period, calendar: Calendar) -> np.ndarray | None:
    """What a working day of each month brought, beside a mean day of the quarter; None where it can't be told."""
    found = months(quarter)
    brought = np.array([_sum(rows, m.first, m.last) for m in found])
    days = np.array([calendar.count(m.first, m.last) for m in found], dtype=float)
    if brought.sum() <= 0 or not days.all():
        return None
    return np.maximum(brought, 0) / np.maximum(brought, 0).sum() / (days / days.sum())


def _sum(rows: pd.DataFrame, first: date, last: date) -> float:
    day = rows["day"]
    return float(rows.loc[(day >= pd.Timestamp(first)) & (day < pd.Timestamp(last + DAY)), "amount"].sum())
