"""Whether a goal is one: specific, measurable, achievable, relevant, time-bound (Doran 1981, whose A also asks who does
it). What is missing, and the mend proposed; a goal that lacks something is a draft, and stays.

Tasks that wait for each other in a circle are named, and targets that can't be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel

from salesplaybook.entries.kinds import Action, Goal, Target
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period
from salesplaybook.results import Message, say

Letter = Literal["S", "M", "A", "R", "T"]
SIGNS, WORDS = 6, 3  # Chinese signs, or words, under which nobody can tell what a goal is
SHARE = 100  # a margin of so many percent leaves no cost


class Missing(BaseModel):
    """What a goal lacks, by its letter, and how it is mended."""

    letter: Letter
    what: Message
    mend: Message


class Checked(BaseModel):
    """A goal with what it lacks; `complete` where that is nothing. target: of the whole, in the unit of its metric; a
    person's own isn't shown to the group."""

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
    """Each goal of the period with what it lacks.

    targets   (metric, owner) -> the period's target; highest: metric -> the most that one of the last quarters brought
    """
    found = []
    for goal in goals:
        own = targets.get((goal.metric, goal.owner)) if goal.owner else None
        target = targets.get((goal.metric, "")) if own is None else own
        tasks = [a for a in actions if a.goal == goal.id and not a.dropped]
        found.append(
            Checked(
                id=goal.id,
                what=goal.what,
                owner=goal.owner,
                metric=goal.metric,
                metric_name=METRIC_NAMES.get(goal.metric, goal.metric),
                target=target if own is None else None,
                due=goal.due,
                missing=list(missing(goal, period, target, highest.get(goal.metric))),
                tasks=len(tasks),
                tasks_done=sum(t.done is not None for t in tasks),
            )
        )
    return found


def missing(goal: Goal, period: Period, target: float | None, most: float | None) -> Iterator[Missing]:
    """What a goal lacks, in the order of the letters. most: the most that a quarter looked back on brought."""
    if not _says_something(goal.what):
        yield Missing(
            letter="S",
            what=say("one can't tell what is to be reached"),
            mend=say("say what will be there, how much and for whom, in one line"),
        )
    if not goal.metric:
        yield Missing(
            letter="M",
            what=say("nothing measures it"),
            mend=say("choose a metric that has a target"),
        )
    elif target is None:
        yield Missing(
            letter="M",
            what=say("no target for {metric:text}", metric=METRIC_NAMES.get(goal.metric, goal.metric)),
            mend=say("enter one under Targets, for {quarter}", quarter=period.name),
        )
    if not goal.owner:
        yield Missing(letter="A", what=say("nobody owns it"), mend=say("name one person who answers for it"))
    if not goal.how:
        above = target is not None and most and target > most
        yield Missing(
            letter="A",
            what=say("above every recent quarter: what differs?") if above else say("by which means isn't said"),
            mend=say("name the two or three deals, people or steps that bring it"),
        )
    if not goal.serves:
        yield Missing(
            letter="R",
            what=say("what it serves isn't said"),
            mend=say("name it: the year's target, a market, a customer"),
        )
    if goal.due is None:
        yield Missing(
            letter="T", what=say("no date"), mend=say("take the quarter's last day, {day:iso}", day=period.last)
        )
    elif goal.due not in period:
        yield Missing(
            letter="T",
            what=say("{day:iso} lies outside {quarter}", day=goal.due, quarter=period.name),
            mend=say("take a day until {day:iso}", day=period.last),
        )


def tasks(actions: Sequence[Action], goals: Sequence[Checked], on: date) -> list[Task]:
    """The tasks of the goals: the late ones first, then the open ones, each by priority and day."""
    whose, known = {g.id for g in goals}, {a.id: a for a in actions}
    order, weight = {"late": 0, "open": 1, "done": 2}, {"high": 0, "normal": 1, "low": 2}
    found = []
    for action in actions:
        if action.goal not in whose or action.dropped:
            continue
        state: Literal["done", "late", "open"] = "done" if action.done else "open"
        if not action.done and action.due and action.due <= on:
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
    return sorted(found, key=lambda t: (order[t.state], weight[t.priority], t.due or date.max, t.id))


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
            names = [said[id] for id in [*path[path.index(at) :], at]]
            found.append(
                say("these tasks wait for each other in a circle: {tasks}; free one of them", tasks=" → ".join(names))
            )
        elif path and at not in said:
            values = {"task": said[path[-1]], "after": after[path[-1]]}
            found.append(say("'{task}' waits for a task '{after}' that isn't there: choose another, or none", **values))
        seen |= set(path)
    return found


def wrong_targets(targets: Sequence[Target], period: Period) -> list[Message]:
    """A sentence for each target of the quarter that can't be one: zero, negative, a margin of 100 % or more."""
    found = []
    for t in targets:
        if t.period != period.name or t.amount is None:
            continue
        values = {"id": t.id, "metric": METRIC_NAMES.get(t.metric, t.metric), "amount": f"{t.amount:f}"}
        if t.amount < 0 or (t.amount == 0 and not t.owner):
            found.append(
                say(
                    "{metric:text}: a target of {amount} (targets.yaml, {id}); a target is more than nothing, so it is "
                    "left out: mend it under Targets",
                    **values,
                )
            )
        elif t.metric == "margin" and t.amount >= SHARE:
            found.append(
                say(
                    "{metric:text}: a target of {amount} % (targets.yaml, {id}); expected is less than 100, as 31: "
                    "mend it under Targets",
                    **values,
                )
            )
    return found


def _says_something(text: str) -> bool:
    """Whether a line has more than a word: some signs or words, or two of them with a number."""
    chinese, words = len(re.findall(r"[\u3400-\u9fff]", text)), len(re.findall(r"[^\W\d\u3400-\u9fff]+", text))
    number = re.search(r"\d", text) is not None
    return chinese >= SIGNS or words >= WORDS or (number and (chinese >= 2 or words >= 1))
