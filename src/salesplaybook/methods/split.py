"""A whole in parts that sum to it exactly, in the currency's smallest unit: over people, and over the months of each.

Parts are in proportion to weights; what is left over by rounding down goes to the largest remainders (Hamilton 1792).
Parts that were set by hand stay as they are, the rest is split over the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from salesplaybook.methods.team import Seat
from salesplaybook.periods import Period, period_of
from salesplaybook.results import Message, say
from salesplaybook.workdays import Calendar

Rule = Literal["history", "seasonality", "capacity", "equal"]


class Parts(NamedTuple):
    """The parts by name, None where they can't be made; `problem` says why."""

    parts: dict[str, int] | None
    problem: Message | None = None


def apportioned(whole: int, weights: Sequence[float]) -> list[int]:
    """`whole` (not negative) in parts by `weights` (none negative; all zero counts as all equal); they sum exactly."""
    if not weights:
        return []
    exact = [Fraction(w) for w in weights]
    if not sum(exact):
        exact = [Fraction(1)] * len(exact)
    shares = [whole * w / sum(exact) for w in exact]
    parts = [int(share) for share in shares]  # rounded down
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def parts(whole: int, weights: Mapping[str, float], by_hand: Mapping[str, int]) -> Parts:
    """`whole` over the names of `weights`, those in `by_hand` as they are.

    A problem where the hand-set parts exceed the whole, or are all there is and don't make it up.
    """
    fixed = {name: amount for name, amount in by_hand.items() if name in weights}
    left = whole - sum(fixed.values())
    free = [name for name in weights if name not in fixed]
    if left < 0:
        return Parts(
            None,
            say(
                "the parts set by hand come to {sum:money}, more than the whole of {whole:money}: make one smaller, or "
                "the whole larger",
                sum=sum(fixed.values()),
                whole=whole,
            ),
        )
    if left and not free:
        return Parts(
            None,
            say(
                "all parts are set by hand and come to {sum:money} of {whole:money}: free one of them, or change the "
                "whole",
                sum=sum(fixed.values()),
                whole=whole,
            ),
        )
    split = dict(zip(free, apportioned(left, [weights[name] for name in free]), strict=True))
    return Parts({name: fixed[name] if name in fixed else split[name] for name in weights})


def months(quarter: Period) -> list[Period]:
    """The months of a quarter."""
    found, day = [], quarter.first
    while day <= quarter.last:
        month = period_of(day, "month", quarter.fiscal_start)
        found.append(month)
        day = date.fromordinal(month.last.toordinal() + 1)
    return found


def presence(seat: Seat, month: Period, calendar: Calendar) -> int:
    """On how many working days of a month somebody is there."""
    first, last = max(seat.first, month.first), min(seat.last, month.last)
    return calendar.count(first, last) if first <= last else 0


def of_people(
    rule: Rule, team: Sequence[Seat], quarter: Period, calendar: Calendar, history: Mapping[str, float]
) -> dict[str, float]:
    """What each person's part is in proportion to.

    history    what each brought in the last four quarters, for as long as they are there now; somebody without any
               counts like the middle one of the others
    capacity   working days x share of a full post; `seasonality` shares out months, and people by capacity
    equal      alike for everybody who is there, by the days that they are there
    """
    all_days = max(calendar.count(quarter.first, quarter.last), 1)
    there = {s.name: calendar.count(s.first, s.last) / all_days for s in team}
    if rule == "history" and any(history.get(s.name, 0) > 0 for s in team):
        known = sorted(history[s.name] for s in team if history.get(s.name, 0) > 0)
        usual = known[len(known) // 2]
        return {s.name: (history.get(s.name, 0) or usual) * there[s.name] for s in team}
    if rule == "equal":
        return there
    return {s.name: there[s.name] * s.capacity for s in team}


def over_months(
    whole: int, seat: Seat, quarter: Period, calendar: Calendar, by_hand: Mapping[str, int], seasons: Sequence[float]
) -> Parts:
    """A person's part over the months of the quarter: by working days there, and, where `seasons` says what share each
    month usually brings (empty: nothing is known), in proportion to that share of a month's working days."""
    found = months(quarter)
    there = [presence(seat, month, calendar) for month in found]
    if seasons and any(there):
        whole_days = [max(calendar.count(m.first, m.last), 1) for m in found]
        weights = [share * days / full for share, days, full in zip(seasons, there, whole_days, strict=True)]
    else:
        weights = [float(days) for days in there]
    return parts(whole, {m.name: w for m, w in zip(found, weights, strict=True)}, by_hand)
