"""A whole in parts that sum to it exactly, in the currency's smallest unit: over people, and over the months of each.

Parts are in proportion to weights; what is left over by rounding down goes to the largest remainders (Hamilton 1792).
A round whole has round parts (12,800,000 in thousands, not in cents). Parts that were set by hand stay as they are, the
rest is split over the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, get_args

from salesplaybook.entries.kinds import Breakdown
from salesplaybook.methods.plan import months
from salesplaybook.methods.team import Seat
from salesplaybook.periods import Period
from salesplaybook.results import Message, say
from salesplaybook.workdays import Calendar

Rule = Breakdown
ROUND = 1000
RULES: tuple[Rule, ...] = get_args(Rule)


class Parts(NamedTuple):
    """The parts by name, None where they can't be made; `problem` says why, and how it is mended."""

    parts: dict[str, int] | None
    problem: Message | None = None


def apportioned(whole: int, weights: Sequence[float], step: int = 1) -> list[int]:
    """`whole` (not negative) in parts by `weights` (none negative; all zero counts as all equal); they sum exactly.

    step    what each part is a multiple of; the whole has to be one too
    """
    if not weights:
        return []
    if step > 1:
        return [part * step for part in apportioned(whole // step, weights)]
    exact = [Fraction(w) for w in weights]
    if not sum(exact):
        exact = [Fraction(1)] * len(exact)
    shares = [whole * w / sum(exact) for w in exact]
    parts = [int(share) for share in shares]  # rounded down
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def parts(whole: int, weights: Mapping[str, float], by_hand: Mapping[str, int], money: bool = True) -> Parts:
    """`whole` over the names of `weights`, those in `by_hand` as they are.

    A problem where the hand-set parts exceed the whole, or are all there is and don't make it up. money: whether the
    numbers are cents, for the words.
    """
    fixed = {name: amount for name, amount in by_hand.items() if name in weights}
    left = whole - sum(fixed.values())
    free = [name for name in weights if name not in fixed]
    values = {"sum": sum(fixed.values()), "whole": whole, "over": -left, "left": left}
    if left < 0:
        return Parts(
            None,
            say(
                "the parts set by hand come to {sum:money}, the whole is {whole:money}: take {over:money} off them, or "
                "make the whole larger",
                **values,
            )
            if money
            else say(
                "the parts set by hand come to {sum:count}, the whole is {whole:count}: take {over:count} off them, or "
                "make the whole larger",
                **values,
            ),
        )
    if left and not free:
        return Parts(
            None,
            say(
                "all parts are set by hand and come to {sum:money} of {whole:money}: empty one of them, and it takes "
                "the {left:money} that are left",
                **values,
            )
            if money
            else say(
                "all parts are set by hand and come to {sum:count} of {whole:count}: empty one of them, and it takes "
                "the {left:count} that are left",
                **values,
            ),
        )
    split = dict(zip(free, apportioned(left, [weights[name] for name in free], _step(left)), strict=True))
    return Parts({name: fixed[name] if name in fixed else split[name] for name in weights})


def _step(whole: int) -> int:
    """The largest power of ten in which a whole can be shared out fairly: one of at least ROUND of them."""
    step = 1
    while whole and whole % (step * 10) == 0 and whole // (step * 10) >= ROUND:
        step *= 10
    return step


def presence(seat: Seat, month: Period, calendar: Calendar) -> int:
    """On how many working days of a month somebody is there."""
    first, last = max(seat.first, month.first), min(seat.last, month.last)
    return calendar.count(first, last) if first <= last else 0


def of_people(
    rule: Rule, team: Sequence[Seat], quarter: Period, calendar: Calendar, history: Mapping[str, float]
) -> dict[str, float]:
    """What each person's part is in proportion to.

    history    what each brings in a quarter, for as long as they are there in this one; somebody without any counts
               like the middle one of the others
    capacity   working days x share of a full post; `seasonality` shares out months, and people by capacity
    equal      alike for everybody, by the days that they are there
    """
    all_days = max(calendar.count(quarter.first, quarter.last), 1)
    there = {s.name: calendar.count(s.first, s.last) / all_days for s in team}
    known = sorted(history[s.name] for s in team if history.get(s.name, 0) > 0)
    if rule == "history" and known:
        usual = known[len(known) // 2]
        return {s.name: max(history.get(s.name, 0), 0) * there[s.name] or usual * there[s.name] for s in team}
    if rule == "equal":
        return there
    return {s.name: there[s.name] * s.capacity for s in team}


def of_months(
    rule: Rule, seat: Seat, quarter: Period, calendar: Calendar, seasons: Sequence[float]
) -> dict[str, float]:
    """What each month's part of somebody's part is in proportion to, for as long as they are there in it.

    `history` and `seasonality`: to what the months usually bring (`seasons`, see `plan`; empty: not known); `capacity`,
    and where that isn't known: to working days; `equal`: alike.
    """
    found = months(quarter)
    there = [presence(seat, month, calendar) for month in found]
    full = [max(calendar.count(month.first, month.last), 1) for month in found]
    if rule == "equal":
        worth = [1.0] * len(found)
    elif rule == "capacity" or not seasons:
        worth = [float(days) for days in full]
    else:
        worth = list(seasons)
    return {m.name: w * days / all_ for m, w, days, all_ in zip(found, worth, there, full, strict=True)}
