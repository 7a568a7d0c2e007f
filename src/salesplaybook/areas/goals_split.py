"""The breakdown of the quarter's targets over people and months, as it would be now: what was set by hand stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from salesplaybook.areas.weekly import by_owner
from salesplaybook.entries.kinds import Target
from salesplaybook.limits import Rules
from salesplaybook.methods import split
from salesplaybook.methods.split import Rule
from salesplaybook.methods.team import Seat, seats
from salesplaybook.periods import Period
from salesplaybook.results import Message, say
from salesplaybook.states import Known

QUARTERS = 4  # that say what each usually brings


class Part(BaseModel):
    """A person's part of the bookings target, in cents, with its months; saved: as it stands in targets.yaml.

    days   on how many working days of the quarter this person is there; by_hand: the names (quarter or month) set so;
    problem: why hand-set months could not stand
    """

    owner: str
    amount: int
    months: dict[str, int]
    days: int
    saved: int | None = None
    by_hand: list[str] = []
    problem: Message | None = None


class Breakdown(BaseModel):
    """The whole over people and months, by one rule; `problems` says why some of it can't be made.

    changed   what differs from the split that is saved: who joined, who left
    """

    rule: Rule
    whole: int
    months: list[str]
    parts: list[Part] = []
    problems: list[Message] = []
    changed: list[Message] = []


def breakdown(
    known: Known,
    period: Period,
    rules: Rules,
    targets: Sequence[Target],
    whole: int | None,
    rule: Rule,
    seasons: list[float],
) -> Breakdown | None:
    """The bookings target of the quarter over who sells in it; None where there is no target, or nobody to carry it."""
    team = [seat for seat in seats(known, period) if seat.sells and seat.capacity > 0]
    if whole is None or whole <= 0 or not team:
        return None
    names = [month.name for month in split.months(period)]
    found = Breakdown(rule=rule, whole=whole, months=names)
    saved = _saved(targets, period.name, rules.cents)
    weights = split.of_people(rule, team, period, rules.calendar, _history(known, period))
    by_hand = {
        name: a for name, a in _saved(targets, period.name, rules.cents, by_hand=True).items() if name in weights
    }
    people = split.parts(whole, weights, by_hand)
    if people.parts is None:
        return found.model_copy(update={"problems": [people.problem], "changed": _changed(saved, team)})
    parts = []
    for seat in team:
        part = people.parts[seat.name]
        fixed = {
            name: amount
            for name in names
            if (amount := _saved(targets, name, rules.cents, by_hand=True).get(seat.name)) is not None
        }
        months = split.over_months(part, seat, period, rules.calendar, fixed, seasons)
        problem = months.problem
        if problem:
            months = split.over_months(part, seat, period, rules.calendar, {}, seasons)
        days = rules.calendar.count(seat.first, seat.last)
        hand = [*([period.name] if seat.name in by_hand else []), *fixed]
        parts.append(
            Part(
                owner=seat.name,
                amount=part,
                months=months.parts or {},
                days=days,
                saved=saved.get(seat.name),
                by_hand=hand,
                problem=problem,
            )
        )
    return found.model_copy(update={"parts": parts, "changed": _changed(saved, team)})


def _saved(targets: Sequence[Target], period: str, cents: int, *, by_hand: bool = False) -> dict[str, int]:
    mine = [t for t in targets if (t.period, t.metric) == (period, "bookings") and t.owner and t.amount is not None]
    return {t.owner: round((t.amount or 0) * cents) for t in mine if t.by_hand or not by_hand}


def _history(known: Known, period: Period) -> Mapping[str, float]:
    """What each brought in the last four quarters."""
    if known.empty:
        return {}
    found: dict[str, float] = {}
    state, before = known.deals, period
    for _ in range(QUARTERS):
        before = before.before()
        for owner, amount in by_owner(state, before).items():
            found[str(owner)] = found.get(str(owner), 0.0) + float(amount)
    return found


def _changed(saved: Mapping[str, int], team: Sequence[Seat]) -> list[Message]:
    """Who stands in the saved split and is no longer there, and the other way round."""
    if not saved:
        return []
    there = {seat.name for seat in team}
    left = sorted(name for name in saved if name not in there)
    joined = [seat.name for seat in team if seat.name not in saved]
    found = []
    if left:
        found.append(say("no longer in the team, and without a part now: {names:list}", names=left))
    if joined:
        found.append(say("not in the saved split yet: {names:list}", names=joined))
    return found
