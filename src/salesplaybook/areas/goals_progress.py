"""How far each metric, and each person, is along the plan line of the quarter; and whether the rest is likely to come.

A metric of the whole project has a chance, said only where history carries it; a person has working days ahead of the
own line or behind it, and never a chance: a few deals a person say nothing of the next ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, Field

from salesplaybook import metrics
from salesplaybook.areas import goals_sentences as sentences
from salesplaybook.entries.kinds import Goal, Target
from salesplaybook.language import by_name
from salesplaybook.limits import Rules
from salesplaybook.methods import actuals, plan
from salesplaybook.methods.actuals import Measured
from salesplaybook.methods.team import Seat
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Forecast, Message, say
from salesplaybook.states import Known


class Progress(Measured):
    """A metric of the whole project beside its plan line.

    line      what should be there by the page's day, in the unit of `actual`; days: working days ahead (+) or behind
    history   what the quarters before brought, oldest first, at most eight; highest: the most of it; plausible: what
              that says of the target, in words
    chance    to reach the target, or `unsaid`: why none is said
    sentence  where it stands, in words
    """

    line: float | None = None
    days: int | None = None
    history: list[float] = Field([])
    highest: float | None = None
    plausible: Message | None = None
    chance: float | None = None
    unsaid: Message | None = None
    sentence: Message | None = None


class Person(BaseModel):
    """Somebody's place on the own plan line: working days ahead (+) or behind (-), without the amounts: the page is for
    the group.

    targeted   a target is saved; reached: it is. there: the working days of the quarter on which this person is there;
    joined, left: within the quarter
    """

    owner: str
    targeted: bool = False
    reached: bool = False
    days: int | None = None
    there: int = 0
    joined: date | None = None
    left: date | None = None


def progress(
    metric: str,
    period: Period,
    known: Known,
    rules: Rules,
    typed: tuple[Sequence[Target], Sequence[Goal]],
    told: date,
    seasons: Sequence[float],
    ahead: Forecast | None,
) -> Progress:
    """A metric of the whole project. typed: targets and goals; told: the last day that the numbers tell of; seasons:
    what the months usually bring; ahead: the forecast of bookings, which has a chance of its own."""
    targets, goals = typed
    row = actuals.measured(known, metric, period, targets, rules.cents)
    if metric not in actuals.METRICS:
        row = _own(row, goals, period)
    history = [float(f.value) for f in actuals.past(known, metric, period) if f.value is not None]
    found = Progress(**row.model_dump(), history=history, highest=max(history, default=None))
    target, value = row.target, row.actual.value
    if target is None:
        return found
    if metric in actuals.METRICS:
        found = found.model_copy(update={"plausible": sentences.plausible(metric, target, history)})
    if value is None:
        return found.model_copy(update={"unsaid": row.actual.reason})
    if metric == "margin":
        reached = value >= target
        said = say("at or above its target so far") if reached else say("below its target so far")
        return found.model_copy(update={"unsaid": say("a share has no plan line"), "sentence": said})
    line = plan.line(period, rules.calendar, seasons)
    days = line.ahead(told, value / target)
    chance = _chance(metric, period, known, told, target, float(value), ahead)
    return found.model_copy(
        update={
            "line": target * line.at(told),
            "days": days,
            "chance": chance.value,
            "unsaid": chance.reason,
            "sentence": sentences.stands(value, target, days, told >= period.last),
        }
    )


def untold(
    metric: str, period: Period, rules: Rules, typed: tuple[Sequence[Target], Sequence[Goal]], why: Message
) -> Progress:
    """A metric of which the exports tell nothing, `why`: its target stands; an own metric is what people counted."""
    target = actuals.target(typed[0], metric, period.name, rules.cents)
    row = Measured(metric=metric, actual=Figure(definition=actuals.DEFINITIONS.get(metric, metric), reason=why))
    row = row.model_copy(update={"target": target})
    row = row if metric in actuals.METRICS else _own(row, typed[1], period)
    return Progress(**row.model_dump(), unsaid=None if target is None else row.actual.reason)


def people(
    team: Sequence[Seat],
    period: Period,
    known: Known,
    rules: Rules,
    targets: Sequence[Target],
    told: date,
    seasons: Sequence[float],
) -> list[Person]:
    """Those who have a target, sell, or have booked something, in name order; everybody's line runs through the days
    on which they are there."""
    decided, found = metrics.decided_in(known.at(min(period.last, known.on)), period), []
    booked = decided[decided["status"] == "won"]
    there = {seat.name for seat in team}
    others = sorted({str(name) for name in booked["owner"].dropna()} - there, key=by_name)
    for seat in [*team, *(Seat(name, period.first, period.last, sells=False) for name in others)]:
        target = actuals.target(targets, "bookings", period.name, rules.cents, seat.name)
        won = float(booked.loc[booked["owner"] == seat.name, "amount"].sum())
        if target is None and not won and not seat.sells:
            continue
        days = None
        if target and told >= seat.first:
            line = plan.line(period, rules.calendar, seasons, seat.first, seat.last)
            days = line.ahead(told, won / target)
        found.append(
            Person(
                owner=seat.name,
                targeted=target is not None,
                reached=target is not None and won >= target,
                days=days,
                there=rules.calendar.count(seat.first, seat.last),
                joined=seat.first if seat.first > period.first else None,
                left=seat.last if seat.last < period.last else None,
            )
        )
    return sorted(found, key=lambda person: by_name(person.owner))


def _own(row: Measured, goals: Sequence[Goal], period: Period) -> Measured:
    """A metric of people's own: what the goals that have it say that came."""
    mine = [g.came for g in goals if g.metric == row.metric and g.period == period.name and not g.dropped]
    said = [came for came in mine if came is not None]
    if not said:
        why = say("counted by hand: enter in the form what came so far")
        return row.model_copy(update={"actual": Figure(definition=row.metric, unit="count", reason=why)})
    value = float(sum(said))
    figure = Figure(definition=row.metric, unit="count", value=value)
    target = row.target
    update = {"attainment": value / target, "gap": value - target} if target else {}
    return row.model_copy(update={"actual": figure} | update)


def _chance(
    metric: str, period: Period, known: Known, told: date, target: float, value: float, ahead: Forecast | None
) -> plan.Chance:
    if value >= target:
        return plan.Chance(None, say("reached"))
    if told >= period.last:
        return plan.Chance(None, say("the quarter is over"))
    if metric not in actuals.METRICS:
        return plan.Chance(None, say("a metric of your own has no history to tell a chance by"))
    if metric == "bookings":
        return plan.Chance(ahead.chance, ahead.withheld) if ahead else plan.Chance(None, say("no forecast"))
    return plan.chance(known, metric, period, told, target, value)
