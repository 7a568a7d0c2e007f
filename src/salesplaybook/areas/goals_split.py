"""The breakdown of a quarter's targets over people and months: as it is saved, and as it would be made now.

What was set by hand stays, the rest is split again: also when somebody joins or leaves, or the whole has changed. What
stood before is in history/, beside the export of its day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from pydantic import BaseModel

from salesplaybook.entries.kinds import Target
from salesplaybook.language import by_name
from salesplaybook.limits import Rules
from salesplaybook.methods import actuals, plan, split
from salesplaybook.methods.split import RULES, Rule
from salesplaybook.methods.team import Seat, seats
from salesplaybook.periods import Period
from salesplaybook.results import Message, say
from salesplaybook.states import Known

QUARTERS = 4  # that say what each usually brings


class Part(BaseModel):
    """A person's part with its months, in the smallest unit (cents; of a count metric, pieces).

    days     on how many working days of the quarter this person is there
    saved    the part as it stands in targets.yaml; by_hand: the names (quarter or months) that were set so
    problem  why months that were set by hand could not stand
    """

    owner: str
    amount: int
    months: dict[str, int]
    days: int = 0
    saved: int | None = None
    by_hand: list[str] = []
    problem: Message | None = None


@dataclass(frozen=True)
class Basis:
    """What each rule goes by: weights of people, and of each one's months (`alike`: of somebody who isn't in the team
    yet); days: on which they are there; gone: people who were there before and aren't any more."""

    quarter: str
    money: bool
    people: dict[Rule, dict[str, float]]
    months: dict[Rule, dict[str, dict[str, float]]]
    alike: dict[str, float]
    days: dict[str, int]
    gone: frozenset[str] = frozenset()

    def split(
        self, rule: Rule, whole: int, by_hand: Mapping[str, int], months: Mapping[str, Mapping[str, int]]
    ) -> tuple[list[Part], Message | None]:
        """The whole over everybody and their months, or why it can't be made.

        by_hand, months    what was set by hand: owner -> part, owner -> month -> part. Somebody who isn't in the team
                           yet is taken as set; who is gone carries nothing any more
        """
        kept = {name: amount for name, amount in by_hand.items() if name not in self.gone}
        weights = self.people[rule] | {name: 0.0 for name in kept if name not in self.people[rule]}
        made = split.parts(whole, weights, kept, self.money)
        if made.parts is None:
            return [], made.problem
        return [
            self._part(name, made.parts[name], rule, name in kept, months.get(name, {}))
            for name in sorted(made.parts, key=by_name)
        ], None

    def _part(self, name: str, amount: int, rule: Rule, by_hand: bool, fixed: Mapping[str, int]) -> Part:
        weights = self.months[rule].get(name, self.alike)
        fixed = {month: part for month, part in fixed.items() if month in weights}
        made = split.parts(amount, weights, fixed, self.money)
        problem = made.problem
        if made.parts is None:
            made = split.parts(amount, weights, {}, self.money)
        hand = [*([self.quarter] if by_hand else []), *fixed]
        days, months = self.days.get(name, 0), made.parts or {}
        return Part(owner=name, amount=amount, months=months, days=days, by_hand=hand, problem=problem)


class Breakdown(BaseModel):
    """A target over people and months.

    rule      by which it is split; chosen: whether somebody chose it, or saved parts
    parts     as they would be made now; saved_sum: what the saved ones come to, None where there are none
    problems  why it can't be made; changed: what differs from the split that is saved, and why
    """

    metric: str
    rule: Rule
    chosen: bool = False
    whole: int
    months: list[str]
    parts: list[Part] = []
    saved_sum: int | None = None
    problems: list[Message] = []
    changed: list[Message] = []


def bases(
    known: Known, period: Period, rules: Rules, team: Sequence[Seat], seasons: Mapping[str, Sequence[float]]
) -> dict[str, Basis]:
    """By what each metric of `seasons` can be shared out, whether it has a target yet or not; a margin can't be."""
    sellers = [seat for seat in team if seat.sells and seat.capacity > 0]
    there = _there(known, period, rules)
    metrics = [metric for metric in seasons if metric != "margin"]
    return {metric: _basis(metric, known, period, rules, sellers, there, seasons[metric]) for metric in metrics}


def breakdowns(
    found: Mapping[str, Basis], period: Period, rules: Rules, targets: Sequence[Target], team: Sequence[Seat]
) -> list[Breakdown]:
    """Each target of the whole that can be shared out, by the bases found."""
    ours = {t.metric for t in targets if not t.owner and t.period == period.name and (t.amount or 0) > 0}
    return [
        _breakdown(metric, basis, period, rules, targets, team) for metric, basis in found.items() if metric in ours
    ]


def _breakdown(
    metric: str, basis: Basis, period: Period, rules: Rules, targets: Sequence[Target], team: Sequence[Seat]
) -> Breakdown:
    mine = [t for t in targets if t.metric == metric]
    own = next(t for t in mine if not t.owner and t.period == period.name and (t.amount or 0) > 0)
    cents, names = rules.cents if metric in actuals.MONEY else 1, [month.name for month in plan.months(period)]
    saved, by_hand = _parts(mine, period.name, cents), _parts(mine, period.name, cents, by_hand=True)
    whole = round((own.amount or 0) * cents)
    found = Breakdown(
        metric=metric,
        rule=own.rule or "history",
        chosen=bool(own.rule or saved),
        whole=whole,
        months=names,
        saved_sum=sum(saved.values()) if saved else None,
    )
    if not basis.days and not by_hand:
        why = say("nobody is known who sells: put a list of people into data/, or enter them under Team")
        return found.model_copy(update={"problems": [why]})
    months: dict[str, dict[str, int]] = {}
    for name in names:
        for owner, amount in _parts(mine, name, cents, by_hand=True).items():
            months.setdefault(owner, {})[name] = amount
    parts, problem = basis.split(found.rule, whole, by_hand, months)
    parts = [p.model_copy(update={"saved": saved.get(p.owner)}) for p in parts]
    changed = [] if problem or not saved else _changed(saved, parts, team, period, whole, basis)
    return found.model_copy(update={"parts": parts, "problems": [problem] if problem else [], "changed": changed})


def _basis(
    metric: str,
    known: Known,
    period: Period,
    rules: Rules,
    team: Sequence[Seat],
    there: Mapping[str, float],
    seasons: Sequence[float],
) -> Basis:
    calendar, whole = rules.calendar, Seat("", period.first, period.last)
    history = _history(metric, known, period, there)
    listed = set(known.people["name"].dropna()) if len(known.people) else set()
    return Basis(
        quarter=period.name,
        money=metric in actuals.MONEY,
        people={rule: split.of_people(rule, team, period, calendar, history) for rule in RULES},
        months={rule: {s.name: split.of_months(rule, s, period, calendar, seasons) for s in team} for rule in RULES},
        alike=split.of_months("capacity", whole, period, calendar, ()),
        days={seat.name: calendar.count(seat.first, seat.last) for seat in team},
        # Who isn't in the team, but was, or stands on its list, has gone; who doesn't, is new.
        gone=frozenset({*there, *listed} - {seat.name for seat in team}),
    )


def _there(known: Known, period: Period, rules: Rules) -> dict[str, float]:
    """For how many of the last four quarters each was there, in quarters."""
    found: dict[str, float] = {}
    for _ in range(QUARTERS):
        period = period.before()
        if known.empty or not actuals.on_record(known, "bookings", period):
            break
        days = max(rules.calendar.count(period.first, period.last), 1)
        for seat in seats(known, period):
            found[seat.name] = found.get(seat.name, 0) + rules.calendar.count(seat.first, seat.last) / days
    return found


def _history(metric: str, known: Known, period: Period, there: Mapping[str, float]) -> dict[str, float]:
    """What each brings in a quarter: in the last four, over as much of them as they were there."""
    rows, first = actuals.came(known, metric), period
    for _ in range(QUARTERS):
        if not actuals.on_record(known, metric, first.before()):
            break
        first = first.before()
    day = rows["day"]
    rows = rows[(day >= pd.Timestamp(first.first)) & (day < pd.Timestamp(period.first))]
    brought = rows.groupby("owner")["amount"].sum()
    return {str(name): float(amount) / max(there.get(str(name), 1.0), 0.25) for name, amount in brought.items()}


def _parts(targets: Sequence[Target], period: str, cents: int, *, by_hand: bool = False) -> dict[str, int]:
    """The saved parts of a period by owner; a negative one is none."""
    mine = [t for t in targets if t.period == period and t.owner and t.amount is not None and t.amount >= 0]
    return {t.owner: round((t.amount or 0) * cents) for t in mine if t.by_hand or not by_hand}


def _changed(
    saved: Mapping[str, int], parts: Sequence[Part], team: Sequence[Seat], period: Period, whole: int, basis: Basis
) -> list[Message]:
    """How the split would be another than the one that is saved, and why."""
    if {p.owner: p.amount for p in parts} == saved:
        return []
    found, there = [], {seat.name: seat for seat in team}
    left = sorted((name for name in saved if name in basis.gone), key=by_name)
    new = [p.owner for p in parts if p.owner not in saved]
    if left:
        found.append(say("no longer in the team: {names:list}", names=left))
    for name in new:
        seat = there.get(name)
        if seat and seat.first > period.first:
            found.append(say("{name} joined on {day:date}", name=name, day=seat.first))
    plain = [name for name in new if not (name in there and there[name].first > period.first)]
    if plain:
        found.append(say("without a part so far: {names:list}", names=plain))
    leaving = [name for name in saved if name in there and there[name].last < period.last]
    found += [say("{name} leaves on {day:date}", name=name, day=there[name].last) for name in leaving]
    off = sum(saved.values()) - whole
    if off:
        values = {"sum": sum(saved.values()), "whole": whole}
        found.append(
            say("the saved parts come to {sum:money}, the target is {whole:money}", **values)
            if basis.money
            else say("the saved parts come to {sum:count}, the target is {whole:count}", **values)
        )
    return found or [say("history or working days have changed since it was saved")]
