"""Goals: a quarter's targets, whether history bears them out, who carries what, and how far along they are.

In: what is known as of a day, targets, goals and tasks as people typed them. Out: a Body with each metric beside its
plan line, each goal checked, the breakdown over people and months, and what would have to be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd
from pydantic import BaseModel

from salesplaybook.areas import goals_sentences as sentences
from salesplaybook.areas import no_data
from salesplaybook.areas.goals_checked import Checked, Task, checked, circles
from salesplaybook.areas.goals_checked import tasks as tasks_of
from salesplaybook.areas.goals_split import Breakdown, breakdown
from salesplaybook.areas.retrospective_came import Promised, promised
from salesplaybook.entries.kinds import Action, Goal, Lesson, Target
from salesplaybook.limits import Rules
from salesplaybook.methods import actuals, plan
from salesplaybook.methods.actuals import Measured
from salesplaybook.methods.forecast import outlook
from salesplaybook.methods.needed import Needed, needed
from salesplaybook.methods.similar import Recalled, recall
from salesplaybook.methods.split import Rule
from salesplaybook.methods.team import seats
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period, told_until
from salesplaybook.results import Figure, Forecast, Message, say
from salesplaybook.states import Known


class Progress(Measured):
    """A metric of the whole project beside its plan line.

    line      what should be there by the page's day, in the unit of `actual`; days: working days ahead (+) or behind
    highest   the most that a quarter on record brought, highest_in its name's place; plausible: that in words
    chance    to reach the target, or `unsaid`: why none is said
    """

    line: float | None = None
    days: int | None = None
    highest: float | None = None
    quarters: int = 0
    plausible: Message | None = None
    chance: float | None = None
    unsaid: Message | None = None


class Person(BaseModel):
    """Somebody's bookings beside the own target: days ahead (+) or behind (-) of the plan line, never a chance."""

    owner: str
    target: float | None
    actual: Figure
    days: int | None = None


class Draft(BaseModel):
    """A goal proposed for a target that has none."""

    metric: str
    what: Message
    how: Message
    serves: Message


class Body(BaseModel):
    """All that the page of goals shows, beside the record's own head. Amounts in cents.

    told_on    the last day that the numbers tell of; days_left, working_days: from the day after on
    rule       by which the breakdown is made; seasons: what the months usually bring (empty: not known)
    counts     of the goals: complete, draft
    problems   what could not be computed, and how it is mended
    """

    schema_number: int = 1
    title: list[Message]
    lead: list[Message] = []
    titles: dict[str, Message] = {}
    quarter: str = ""
    before: str = ""
    told_on: date | None = None
    share: float = 0.0
    days_left: int = 0
    working_days: int = 0
    progress: list[Progress] = []
    people: list[Person] = []
    split: Breakdown | None = None
    rule: Rule = "history"
    seasons: list[float] = []
    forecast: Forecast | None = None
    needed: Needed | None = None
    goals: list[Checked] = []
    counts: dict[str, int] = {}
    drafts: list[Draft] = []
    tasks: list[Task] = []
    promised: list[Promised] = []
    lessons: list[Recalled] = []
    sentence: Message | None = None
    problems: list[Message] = []
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        for row in self.progress:
            yield f"goal.{row.metric}", row.actual
            for name, figure in (("before", row.before), ("year_before", row.year_before)):
                if figure:
                    yield f"goal.{row.metric}.{name}", figure
        yield from ((f"person.{n}", person.actual) for n, person in enumerate(self.people, 1))
        if self.needed and self.needed.yields:
            yield "needed.yields", self.needed.yields


def body(
    period: Period,
    known: Known,
    rules: Rules,
    lessons: Sequence[tuple[str, Lesson]] = (),
    rule: Rule = "history",
    unfit: list[tuple[str, list[str]]] | None = None,
) -> Body:
    """The goals of a quarter as of a day. lessons: of this and other projects, each with its project; rule: how the
    bookings target is broken down; unfit: files that no table fits, named where there are no deals."""
    targets = [t for t in known.entries("targets") if isinstance(t, Target)]
    actions = [a for a in known.entries("actions") if isinstance(a, Action)]
    goals = [g for g in known.entries("goals") if isinstance(g, Goal)]
    told = min(told_until(min(known.on, known.newest or known.on)), period.last)
    found = Body(title=[], quarter=period.name, before=period.before().name, told_on=told, rule=rule)
    problems = [*_wrong_targets(targets, period, rules.cents), *circles(actions)]
    if not known.empty and not known.narrowed:
        found = _measured(found, period, known, rules, targets, told)
    elif known.narrowed:
        problems.append(known.narrowed)
    highest = {row.metric: row.highest for row in found.progress if row.highest}
    amounts = _amounts(targets, period, rules.cents)
    checks = checked(goals, period, amounts, highest, actions)
    done = sum(c.complete for c in checks)
    texts = [*(g.what for g in goals), *(g.how for g in goals), *(row.what for row in promised(actions, period))]
    found = found.model_copy(
        update={
            "goals": checks,
            "counts": {"complete": done, "draft": len(checks) - done},
            "drafts": _drafts(
                found.progress, period, known, {(g.metric, g.owner) for g in goals if g.period == period.name}
            ),
            "tasks": tasks_of(actions, checks, told),
            "promised": promised(actions, period),
            "lessons": recall(lessons, texts, ["forecast", "qualification", "cash"]),
            "problems": problems,
            "notes": no_data.steps("goals", unfit or []) if known.empty else [],
        }
    )
    return found.model_copy(
        update={
            "title": sentences.title(found),
            "lead": sentences.lead(found),
            "titles": sentences.titles(found),
            "sentence": sentences.sentence(found),
        }
    )


def _measured(found: Body, period: Period, known: Known, rules: Rules, targets: Sequence[Target], told: date) -> Body:
    """The body with all that the exports tell."""
    target = actuals.target(targets, "bookings", period.name, rules.cents)
    shares = plan.seasons(known, period)
    share = plan.expected(period, told, rules.calendar, shares)
    ahead = outlook(known, period, (period.last - told).days, round(target) if target else None).forecast
    wanted = [*actuals.METRICS, *_own(targets, period)]
    rows = [_progress(m, period, known, rules, targets, told, shares, ahead) for m in wanted]
    won = round(rows[0].actual.value or 0)
    start = max(told, period.eve)
    return found.model_copy(
        update={
            "seasons": shares,
            "share": share,
            "days_left": (period.last - start).days,
            "working_days": rules.calendar.count(min(date.fromordinal(start.toordinal() + 1), period.last), period.last)
            if start < period.last
            else 0,
            "progress": rows,
            "people": _people(period, known, rules, targets, told, shares),
            "split": breakdown(known, period, rules, targets, round(target) if target else None, found.rule, shares),
            "forecast": ahead,
            "needed": needed(known, period, told, round(target), won, ahead.of_open) if target else None,
        }
    )


def _progress(
    metric: str,
    period: Period,
    known: Known,
    rules: Rules,
    targets: Sequence[Target],
    told: date,
    shares: Sequence[float],
    ahead: Forecast,
) -> Progress:
    row = actuals.measured(known, metric, period, targets, rules.cents)
    history = [f.value for f in actuals.past(known, metric, period) if f.value is not None]
    target, value, most = row.target, row.actual.value, max(history, default=None)
    found = Progress(**row.model_dump(), highest=most, quarters=len(history))
    if target is None:
        return found
    found = found.model_copy(update={"plausible": sentences.plausible(metric, target, history)})
    if metric == "margin" or value is None:
        return found
    line = target * plan.expected(period, told, rules.calendar, shares)
    update: dict[str, object] = {"line": line, "days": plan.ahead(period, told, rules.calendar, value / target, shares)}
    if metric == "bookings":
        chance = plan.Chance(ahead.chance, ahead.withheld)
        if value >= target:
            chance = plan.Chance(None, say("reached"))
        elif told >= period.last:
            chance = plan.Chance(None, say("the quarter is over"))
    else:
        chance = plan.chance(known, metric, period, told, target, float(value))
    return found.model_copy(update=update | {"chance": chance.value, "unsaid": chance.reason})


def _people(
    period: Period, known: Known, rules: Rules, targets: Sequence[Target], told: date, shares: Sequence[float]
) -> list[Person]:
    """Those who have a target, or sell, in name order."""
    state, found = known.at(min(period.last, known.on)), []
    for seat in seats(known, period):
        target = actuals.target(targets, "bookings", period.name, rules.cents, seat.name) if seat.sells else None
        won = actuals.actual(known, "bookings", period, seat.name, state)
        if target is None and not won.value:
            continue
        days = None
        if target and won.value is not None:
            days = plan.ahead(period, told, rules.calendar, won.value / target, shares, seat.first)
        found.append(Person(owner=seat.name, target=target, actual=won, days=days))
    return found


def _drafts(rows: Sequence[Progress], period: Period, known: Known, taken: set[tuple[str, str]]) -> list[Draft]:
    """A goal for each metric with a target and without a goal; the means are the largest open deals due by its end."""
    metrics = {metric for metric, _ in taken}
    found = []
    for row in rows:
        if row.target is None or row.metric in metrics:
            continue
        found.append(
            Draft(
                metric=row.metric,
                what=sentences.drafted(row.metric, row.target, period.name),
                how=sentences.means(row.metric, _largest(known, period)),
                serves=say("the fiscal year's plan for {metric:text}", metric=sentences.metric_name(row.metric)),
            )
        )
    return found


def _largest(known: Known, period: Period) -> list[str]:
    open_ = known.deals.open if not known.empty else pd.DataFrame(columns=["expected_close", "value", "name"])
    due = open_[open_["expected_close"] <= pd.Timestamp(period.last)]
    return [str(name) for name in due.sort_values("value", ascending=False)["name"].dropna().head(3)]


def _own(targets: Sequence[Target], period: Period) -> list[str]:
    """Metrics of people's own that have a target for the quarter."""
    return list(dict.fromkeys(t.metric for t in targets if t.period == period.name and t.metric not in METRIC_NAMES))


def _amounts(targets: Sequence[Target], period: Period, cents: int) -> dict[tuple[str, str], float]:
    """(metric, owner) -> what the quarter is to bring, in the metric's unit."""
    mine = {(t.metric, t.owner) for t in targets if t.period == period.name} | {(t.metric, "") for t in targets}
    found = {(m, o): actuals.target(targets, m, period.name, cents if m in METRIC_NAMES else 1, o) for m, o in mine}
    return {key: amount for key, amount in found.items() if amount is not None}


def _wrong_targets(targets: Sequence[Target], period: Period, cents: int) -> list[Message]:
    """A sentence for each target that can't be one: zero, negative, a margin of 100 % or more."""
    found = []
    for t in targets:
        name = METRIC_NAMES.get(t.metric, t.metric)
        if t.period != period.name or t.amount is None:
            continue
        values = {"id": t.id, "metric": name, "amount": str(t.amount)}
        if t.amount <= 0:
            found.append(
                say(
                    "targets.yaml, {id}: {metric:text} is {amount}; a target is more than nothing. It is left out",
                    **values,
                )
            )
        elif t.metric == "margin" and t.amount >= 100:
            found.append(
                say(
                    "targets.yaml, {id}: a margin of {amount} %; expected under 100, as 31. Mend it under Targets",
                    **values,
                )
            )
    return found
