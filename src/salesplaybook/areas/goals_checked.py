"""Whether a goal is one: specific, measurable, achievable, relevant, time-bound (Doran 1981). What is missing, and the
mend proposed; a goal that lacks something is a draft, and stays.

Tasks that wait for each other in a circle are named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel

from salesplaybook.entries.kinds import Action, Goal
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period
from salesplaybook.results import Message, say

Letter = Literal["S", "M", "A", "R", "T"]
SIGNS = 6  # under this many Chinese signs, or three words, nobody can tell what a goal is


class Missing(BaseModel):
    """What a goal lacks, by its letter, and how it is mended."""

    letter: Letter
    what: Message
    mend: Message


class Checked(BaseModel):
    """A goal with what it lacks; `complete` where that is nothing. target in the unit of its metric."""

    id: str
    what: str
    owner: str = ""
    metric: str = ""
    metric_name: str = ""
    target: float | None = None
    due: date | None = None
    missing: list[Missing] = []
    tasks: int = 0
    tasks_done: int = 0

    @property
    def complete(self) -> bool:
        return not self.missing


class Task(BaseModel):
    """A task of a goal. after: what has to be done first, in words; state as of the page's day."""

    id: str
    goal: str
    what: str
    who: str
    due: date | None = None
    priority: Literal["high", "normal", "low"] = "normal"
    after: str = ""
    state: Literal["done", "late", "open"]


def checked(
    goals: Sequence[Goal],
    period: Period,
    targets: Mapping[tuple[str, str], float],
    highest: Mapping[str, float],
    actions: Sequence[Action],
) -> list[Checked]:
    """Each goal of the period that wasn't dropped.

    targets   (metric, owner) -> the period's target; highest: metric -> the most that a quarter has ever brought
    """
    return [
        _checked(goal, period, targets, highest, [a for a in actions if a.goal == goal.id and not a.dropped])
        for goal in goals
        if goal.period == period.name and not goal.dropped
    ]


def _checked(
    goal: Goal,
    period: Period,
    targets: Mapping[tuple[str, str], float],
    highest: Mapping[str, float],
    tasks: Sequence[Action],
) -> Checked:
    target = targets.get((goal.metric, goal.owner))
    target = targets.get((goal.metric, "")) if target is None else target
    name = METRIC_NAMES.get(goal.metric, goal.metric)
    missing = []
    if not _says_something(goal.what):
        missing.append(
            Missing(
                letter="S",
                what=say("one can't tell what is to be reached"),
                mend=say("say what will be there, how much and for whom, in one line"),
            )
        )
    if not goal.owner:
        missing.append(Missing(letter="S", what=say("nobody owns it"), mend=say("name one person who answers for it")))
    if not goal.metric:
        missing.append(
            Missing(
                letter="M", what=say("no metric"), mend=say("choose one: bookings, cash, margin, or a name of your own")
            )
        )
    elif target is None:
        missing.append(
            Missing(
                letter="M",
                what=say("no target for {metric:text}", metric=name),
                mend=say("enter one under Targets, for {quarter}", quarter=period.name),
            )
        )
    most = highest.get(goal.metric)
    if not goal.how:
        how = say("by which means?")
        if target is not None and most and target > most:
            how = say("more than any quarter on record brought: what will be different?")
        missing.append(
            Missing(letter="A", what=how, mend=say("name the two or three deals, people or steps that bring it"))
        )
    if not goal.serves:
        missing.append(
            Missing(
                letter="R",
                what=say("it is not said what it serves"),
                mend=say("name the larger goal: the year's target, a market, a customer"),
            )
        )
    if goal.due is None:
        missing.append(
            Missing(
                letter="T", what=say("no date"), mend=say("take the quarter's last day, {day:iso}", day=period.last)
            )
        )
    elif goal.due not in period:
        missing.append(
            Missing(
                letter="T",
                what=say("{day:iso} lies outside {quarter}", day=goal.due, quarter=period.name),
                mend=say("take a day until {day:iso}, or move the goal to its own quarter", day=period.last),
            )
        )
    return Checked(
        id=goal.id,
        what=goal.what,
        owner=goal.owner,
        metric=goal.metric,
        metric_name=name,
        target=target,
        due=goal.due,
        missing=missing,
        tasks=len(tasks),
        tasks_done=sum(t.done is not None for t in tasks),
    )


def tasks(actions: Sequence[Action], goals: Sequence[Checked], on: date) -> list[Task]:
    """The tasks of the goals, open ones first, then by day; the late ones before."""
    whose, known = {g.id for g in goals}, {a.id: a for a in actions}
    order = {"late": 0, "open": 1, "done": 2}
    found = []
    for action in actions:
        if action.goal not in whose or action.dropped:
            continue
        state: Literal["done", "late", "open"] = "done" if action.done else "open"
        if not action.done and action.due and action.due < on:
            state = "late"
        first = known.get(action.after)
        found.append(
            Task(
                id=action.id,
                goal=action.goal,
                what=action.what,
                who=action.who,
                due=action.due,
                priority=action.priority,
                after=first.what if first else action.after,
                state=state,
            )
        )
    return sorted(found, key=lambda t: (order[t.state], t.due or date.max, t.id))


def circles(actions: Sequence[Action]) -> list[Message]:
    """A sentence for each circle of tasks that wait for each other, and for each that waits for one not there."""
    after = {a.id: a.after for a in actions if a.after and not a.dropped}
    said = {a.id: a.what or a.id for a in actions}
    found, seen = [], set[str]()
    for start in after:
        path: list[str] = []
        at = start
        while at in after and at not in path and at not in seen:
            path.append(at)
            at = after[at]
        if at in path:
            round_ = [said[id] for id in [*path[path.index(at) :], at]]
            found.append(
                say("these tasks wait for each other in a circle: {tasks}: free one of them", tasks=" → ".join(round_))
            )
        elif path and at not in said:
            found.append(
                say("'{task}' waits for a task '{after}' that isn't there", task=said[path[-1]], after=after[path[-1]])
            )
        seen |= set(path)
    return found


def _says_something(text: str) -> bool:
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    return chinese >= SIGNS or (not chinese and len(re.findall(r"\w+", text)) >= 3)
