"""A target's line through its quarter: how much of it should be there by a day, how far ahead or behind a number is,
and how likely the rest still comes.

The line rises on working days only, in each month by the share that it usually brings. The chance of a money or count
metric without a forecast of its own is that of what earlier quarters brought in as many remaining days: a Student t
for the next value of a small normal sample (Hahn and Meeker 1991).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from salesplaybook.methods import actuals, split
from salesplaybook.methods.quarters import complete
from salesplaybook.periods import Period
from salesplaybook.results import Message, say
from salesplaybook.states import Known
from salesplaybook.workdays import Calendar

DAY = timedelta(days=1)
ENOUGH = 4  # earlier quarters, under which no chance is said
LOOKED_BACK = 8


class Chance(NamedTuple):
    """The chance to reach a target, or the reason why none is said."""

    value: float | None
    reason: Message | None = None


def seasons(known: Known, quarter: Period, metric: str = "bookings") -> list[float]:
    """What share of a quarter its first, second and third month usually bring: of the complete ones before, at most
    eight; empty under four of them, or where the metric isn't on record."""
    if known.empty:
        return []
    over = [q for q in complete(known.deals, known.on, quarter.fiscal_start) if q.last < quarter.first][-LOOKED_BACK:]
    brought = [
        [actuals.actual(known, metric, month, state=known.deals).value for month in split.months(q)] for q in over
    ]
    whole = [row for row in brought if all(v is not None for v in row) and sum(v or 0 for v in row) > 0]
    if len(whole) < ENOUGH:
        return []
    shares = np.array(whole, dtype=float)
    mean = (shares / shares.sum(axis=1, keepdims=True)).mean(axis=0)
    return [float(share) for share in mean / mean.sum()]


def expected(quarter: Period, on: date, calendar: Calendar, shares: Sequence[float] = ()) -> float:
    """The share of a quarter's target that should be there by the end of `on`, 0 to 1."""
    found = split.months(quarter)
    days = [calendar.count(m.first, m.last) for m in found]
    worth = list(shares) or [d / max(sum(days), 1) for d in days]
    there = 0.0
    for month, full, share in zip(found, days, worth, strict=True):
        if on >= month.last:
            there += share
        elif on >= month.first:
            there += share * calendar.count(month.first, on) / max(full, 1)
    return min(there, 1.0)


def ahead(
    quarter: Period,
    on: date,
    calendar: Calendar,
    reached: float,
    shares: Sequence[float] = (),
    joined: date | None = None,
) -> int:
    """How many working days ahead (+) or behind (-) of the line a share `reached` is on `on`: to the day on which the
    line is where `reached` is. From `joined` on, for somebody who wasn't there before."""
    first = max(quarter.first, joined or quarter.first)
    start = expected(quarter, first - DAY, calendar, shares) if first > quarter.first else 0.0

    def line(day: date) -> float:
        return (expected(quarter, day, calendar, shares) - start) / max(1 - start, 1e-9)

    day = first - DAY
    while day < quarter.last and line(day + DAY) <= reached + 1e-12:
        day += DAY
    if day >= on:
        return calendar.count(on + DAY, day)
    return -calendar.count(day + DAY, on)


def chance(known: Known, metric: str, quarter: Period, on: date, target: float, so_far: float) -> Chance:
    """The chance that a money or count metric reaches `target` by the quarter's end, given `so_far` by the end of `on`.

    Withheld under four earlier quarters, or where they are all alike.
    """
    left = (quarter.last - on).days
    if so_far >= target:
        return Chance(None, say("reached"))
    if left <= 0:
        return Chance(None, say("the quarter is over"))
    rest, before = [], quarter
    for _ in range(LOOKED_BACK):
        before = before.before()
        end = before._replace(first=max(before.last - timedelta(days=left - 1), before.first))
        whole = actuals.actual(known, metric, before, state=None if known.empty else known.deals)
        if whole.value is None:
            break
        rest.append(float(actuals.actual(known, metric, end, state=known.deals).value or 0))
    n = len(rest)
    if n < ENOUGH:
        return Chance(None, say("{n:count} earlier quarters on record; it takes {enough}", n=n, enough=ENOUGH))
    spread = float(np.std(rest, ddof=1)) * np.sqrt(1 + 1 / n)
    if not spread:
        return Chance(None, say("the earlier quarters are all alike"))
    return Chance(float(student.sf((target - so_far - float(np.mean(rest))) / spread, n - 1)))
