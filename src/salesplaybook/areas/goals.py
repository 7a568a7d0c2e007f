"""Goals: a quarter's targets, whether history bears them out, who carries what, and how far along they are.

In: what is known as of a day, targets, goals and tasks as people typed them. Out: a Body with each metric beside its
plan line, each goal checked, the breakdown over people and months, and what would have to be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field

from salesplaybook.areas import goals_sentences as sentences
from salesplaybook.areas import no_data
from salesplaybook.areas.goals_checked import Checked, Missing, Task, checked, circles, missing, wrong_targets
from salesplaybook.areas.goals_checked import tasks as tasks_of
from salesplaybook.areas.goals_drafts import Draft, drafts
from salesplaybook.areas.goals_progress import Person, Progress, people, progress, untold
from salesplaybook.areas.goals_split import Basis, Breakdown, bases, breakdowns
from salesplaybook.areas.retrospective_came import Promised, promised
from salesplaybook.entries.kinds import Action, Goal, Lesson, Target
from salesplaybook.limits import Rules
from salesplaybook.methods import actuals, plan
from salesplaybook.methods.forecast import outlook
from salesplaybook.methods.needed import Needed, needed
from salesplaybook.methods.similar import Recalled, recall
from salesplaybook.methods.team import seats
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period, told_until
from salesplaybook.results import Figure, Forecast, Message, say
from salesplaybook.states import Known

TAGS = ("forecast", "qualification", "cash")  # of lessons that concern any quarter's targets


class Body(BaseModel):
    """All that the page of goals shows, beside the record's own head. Amounts in cents.

    told_on    the last day that the numbers tell of; days_left, working_days: from the day after on
    share      what part of the bookings target should be there by told_on; seasons: what the months usually bring
    splits     each target that can be shared out, over people and months
    counts     of the goals: complete, draft
    problems   what could not be computed, and how it is mended
    """

    schema_number: int = 2
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
    splits: list[Breakdown] = []
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
    bases: dict[str, Basis] = Field({}, exclude=True, repr=False)  # for the form, which shares out what is typed
    period: Period | None = Field(None, exclude=True, repr=False)

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        for row in self.progress:
            yield f"goal.{row.metric}", row.actual
            for name, figure in (("before", row.before), ("year_before", row.year_before)):
                if figure:
                    yield f"goal.{row.metric}.{name}", figure
        if self.needed and self.needed.yields:
            yield "needed.yields", self.needed.yields

    @property
    def months(self) -> list[str]:
        """The names of the quarter's months."""
        return [month.name for month in plan.months(self.period)] if self.period else []

    def split(self, metric: str) -> Breakdown | None:
        """The breakdown of a metric's target; None where it has none."""
        return next((one for one in self.splits if one.metric == metric), None)

    def plausible(self, metric: str, target: float) -> Message | None:
        """What history says of a target that is being typed, in the metric's unit; None of a metric without one."""
        row = next((row for row in self.progress if row.metric == metric), None)
        if row is None or metric not in actuals.METRICS:
            return None
        return sentences.plausible(metric, target, row.history)

    def missing(self, values: Mapping[str, Any], targets: Sequence[Target]) -> list[Missing]:
        """What a goal lacks that is being typed, beside the targets as they are saved now. values: by field."""
        if self.period is None:
            return []
        said = {name: value for name, value in values.items() if name in Goal.model_fields and value is not None}
        goal = Goal.model_validate({"id": "typed", "period": self.period.name} | said)
        asked = _amounts(targets, self.period, 1)
        target = asked.get((goal.metric, goal.owner), asked.get((goal.metric, "")))
        return list(missing(goal, self.period, target, None))


def body(
    period: Period,
    known: Known,
    rules: Rules,
    lessons: Sequence[tuple[str, Lesson]] = (),
    unfit: list[tuple[str, list[str]]] | None = None,
) -> Body:
    """The goals of a quarter as of a day. lessons: of this and other projects, each with its project; unfit: files
    that no table fits, named where there are no deals."""
    targets = [t for t in known.entries("targets") if isinstance(t, Target)]
    actions = [a for a in known.entries("actions") if isinstance(a, Action)]
    goals = [g for g in known.entries("goals") if isinstance(g, Goal)]
    told = min(told_until(min(known.on, known.newest or known.on)), period.last)
    found = Body(title=[], quarter=period.name, before=period.before().name, told_on=told, period=period)
    found = _measured(found, period, known, rules, (targets, goals), told)
    highest = {row.metric: row.highest for row in found.progress if row.highest}
    mine = [g for g in goals if g.period == period.name and not g.dropped]
    checks = checked(mine, period, _amounts(targets, period, rules.cents), highest, actions)
    done, promises = sum(c.complete for c in checks), promised(actions, period)
    texts = [*(g.what for g in mine), *(g.how for g in mine), *(row.what for row in promises)]
    problems = [*wrong_targets(targets, period), *circles(actions)]
    problems += [p.problem for one in found.splits for p in one.parts if p.problem]
    problems += [said for one in found.splits for said in one.problems]
    found = found.model_copy(
        update={
            "goals": checks,
            "counts": {"complete": done, "draft": len(checks) - done},
            "drafts": drafts(found.progress, targets, period, known, goals),
            "tasks": tasks_of(actions, checks, told),
            "promised": promises,
            "lessons": [sentences.of_every_quarter(x, TAGS) for x in recall(lessons, texts, TAGS)],
            "problems": [*([known.narrowed] if known.narrowed else []), *problems],
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


def _measured(
    found: Body,
    period: Period,
    known: Known,
    rules: Rules,
    typed: tuple[Sequence[Target], Sequence[Goal]],
    told: date,
) -> Body:
    """The body with all that the exports tell; where they can't, with what is typed alone."""
    targets, start = typed[0], max(told, period.eve)
    metrics = [*actuals.METRICS, *_own(targets, period)]
    left = (period.last - start).days
    found = found.model_copy(
        update={
            "days_left": left,
            "working_days": rules.calendar.count(start + timedelta(days=1), period.last) if left else 0,
        }
    )
    if why := say("no deals yet") if known.empty else known.narrowed:
        rows = [untold(m, period, rules, typed, why) for m in metrics]
        return found.model_copy(update={"progress": rows})
    target = actuals.target(targets, "bookings", period.name, rules.cents)
    ahead = outlook(known, period, (period.last - told).days, round(target) if target else None).forecast
    seasons = {m: plan.seasons(known, period, rules.calendar, m) for m in metrics}
    rows = [progress(m, period, known, rules, typed, told, seasons[m], ahead) for m in metrics]
    team, won = seats(known, period), rows[0].actual.value
    shares, by_what = seasons["bookings"], bases(known, period, rules, team, seasons)
    return found.model_copy(
        update={
            "share": plan.line(period, rules.calendar, shares).at(told),
            "seasons": shares,
            "progress": rows,
            "people": people(team, period, known, rules, targets, told, shares),
            "bases": by_what,
            "splits": breakdowns(by_what, period, rules, targets, team),
            "forecast": ahead,
            "needed": needed(known, period, told, round(target), round(won), ahead.of_open)
            if target and won is not None
            else None,
        }
    )


def _own(targets: Sequence[Target], period: Period) -> list[str]:
    """Metrics of people's own that have a target for the quarter."""
    return list(dict.fromkeys(t.metric for t in targets if t.period == period.name and t.metric not in METRIC_NAMES))


def _amounts(targets: Sequence[Target], period: Period, cents: int) -> dict[tuple[str, str], float]:
    """(metric, owner) -> what the quarter is to bring, in the metric's unit; for all where the owner is empty."""
    mine = {(t.metric, owner) for t in targets if t.period == period.name for owner in ("", t.owner)}
    found = {(m, owner): actuals.target(targets, m, period.name, cents, owner) for m, owner in mine}
    return {key: amount for key, amount in found.items() if amount is not None}
