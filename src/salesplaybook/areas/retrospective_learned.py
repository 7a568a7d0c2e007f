"""What was learned: lines of the review, lessons with earlier ones that are alike, and what is proposed from the data.

Drafts are proposals: each rests on a number of the page, and counts once a person accepts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas.retrospective_came import Largest, fallen_due
from salesplaybook.entries.kinds import Lesson, Reflection, Tag
from salesplaybook.limits import Rules
from salesplaybook.methods import similar
from salesplaybook.methods.similar import Recalled
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period
from salesplaybook.results import Message, say
from salesplaybook.states import State

if TYPE_CHECKING:
    from salesplaybook.areas.retrospective import Body

ALIKE = 0.25  # likeness from which on an earlier lesson is pointed at
NEAR = 0.05  # a share of the target within which a number went neither well nor badly
DRAFTS = 3
DAYS = 10  # working days that a proposed action has
Heading = Literal["well", "badly", "why", "start", "stop", "continue"]
HEADINGS: tuple[Heading, ...] = ("well", "badly", "why", "start", "stop", "continue")


class Line(BaseModel):
    """A thought under its heading; `of`: of a why, the line that it asks about."""

    id: str
    heading: Heading
    text: str
    of: str = ""


class Learned(BaseModel):
    """A lesson of the quarter, and an earlier one that says much the same."""

    id: str
    situation: str
    did: str
    result: str
    advice: str
    tag: Tag | None = None
    deal: str = ""
    before: Recalled | None = None


class LineDraft(BaseModel):
    """A line that the numbers propose."""

    id: str
    heading: Heading
    text: Message


class LessonDraft(BaseModel):
    """A lesson that a deal proposes: situation and result. What was done, and the advice, a person says."""

    id: str
    deal: str = ""
    situation: Message
    result: Message
    tag: Tag


class ActionDraft(BaseModel):
    """An action for the next quarter that the numbers propose."""

    id: str
    deal: str = ""
    what: Message
    who: str = ""
    due: date
    measure: Message


def lines(found: Sequence[Reflection], period: Period) -> list[Line]:
    """The quarter's lines, heading by heading."""
    mine = [r for r in found if r.period == period.name and r.text.strip()]
    mine.sort(key=lambda r: HEADINGS.index(r.heading))
    return [Line(id=r.id, heading=r.heading, text=r.text, of=r.of) for r in mine]


def lessons(own: Sequence[Lesson], period: Period, everywhere: Sequence[tuple[str, Lesson]]) -> list[Learned]:
    """The quarter's lessons, each beside an earlier or another project's that is alike: was it learned before?"""
    mine = [x for x in own if x.period == period.name and similar.of_lesson(x).strip()]
    ids = {(x.id, x.period) for x in mine}
    others = [(project, x) for project, x in everywhere if (x.id, x.period) not in ids]
    return [_learned(x, others) for x in mine]


def _learned(lesson: Lesson, others: Sequence[tuple[str, Lesson]]) -> Learned:
    found = similar.recall(others, [similar.of_lesson(lesson)], [], 1)
    return Learned(
        **lesson.model_dump(include={"id", "situation", "did", "result", "advice", "tag", "deal"}),
        before=found[0] if found and found[0].score >= ALIKE else None,
    )


def drafts(page: Body, closing: State, period: Period, on: date, rules: Rules) -> dict[str, Any]:
    """What the page's numbers propose."""
    return {
        "line_drafts": _lines(page),
        "lesson_drafts": _lessons(page),
        "action_drafts": _actions(page, closing, rules.calendar.later(max(on, period.last), DAYS)),
    }


def _lines(page: Body) -> list[LineDraft]:
    """At most three that went well and three that went badly: numbers against their targets, the walk, promises."""
    found: list[LineDraft] = []

    def add(rule: str, heading: Heading, text: Message) -> None:
        if sum(d.heading == heading for d in found) < DRAFTS:
            found.append(LineDraft(id=f"{page.quarter}:{heading}:{rule}", heading=heading, text=text))

    for number in page.numbers:
        if number.target is None or number.actual.value is None or number.attainment is None:
            continue
        if page.running and number.attainment < 1:
            continue
        values = {
            "metric": METRIC_NAMES[number.metric],
            "value": number.actual.value,
            "target": number.target,
            "share": number.attainment,
        }
        text = say("{metric:text}: {value:money} of {target:money} ({share:percent})", **values)
        if abs(number.attainment - 1) > NEAR:
            add(number.metric, "well" if number.attainment > 1 else "badly", text)
    slipped, due = page.outcome["slipped"] if page.outcome else None, page.outcome.opening if page.outcome else None
    if slipped and due and slipped.value:
        add(
            "slipped",
            "badly",
            say(
                "{n:deals} of the {due:count} due slipped out of the quarter, {value:money}",
                n=slipped.n,
                due=due.n,
                value=slipped.value,
            ),
        )
    if page.owed and page.owed.over_90.value:
        add("over_90", "badly", say("{value:money} is overdue for more than 90 days", value=page.owed.over_90.value))
    pulled = page.booked["pulled_in"] if page.booked else None
    if pulled and pulled.value:
        add("pulled_in", "well", say("{n:deals} were won earlier than planned", n=pulled.n))
    if asked := fallen_due(page.promised, page.on):
        done = sum(p.state == "done" for p in asked)
        text = say("{done:count} of {n:count} promises of the last review are done", done=done, n=len(asked))
        add("promises", "well" if done == len(asked) else "badly", text)
    return found


def _lessons(page: Body) -> list[LessonDraft]:
    """Of the largest deals that slipped or were lost, one each, where the walk tells of them."""
    found = []
    for became, tag in (("slipped", "forecast"), ("lost", "competition")):
        deal = next((d for d in (*page.largest, *page.others) if d.became == became), None)
        if deal is None:
            continue
        found.append(
            LessonDraft(
                id=f"{page.quarter}:{became}:{deal.deal}",
                deal=deal.deal,
                situation=_situation(deal),
                result=say("it slipped out of {quarter}", quarter=page.quarter)
                if became == "slipped"
                else say("it was lost in {quarter}", quarter=page.quarter),
                tag=tag if became == "slipped" or deal.competitor else "qualification",
            )
        )
    return found


def _situation(deal: Largest) -> Message:
    values = {"deal": deal.name, "amount": deal.amount, "why": deal.why, "competitor": deal.competitor}
    if deal.why and deal.competitor:
        return say("{deal}, {amount:money}: {why}, against {competitor}", **values)
    if deal.why:
        return say("{deal}, {amount:money}: {why}", **values)
    return say("{deal}, {amount:money}", **values)


def _actions(page: Body, closing: State, due: date) -> list[ActionDraft]:
    """At most three: the customer that owes most, the largest slipped deal that is still open, dead deals."""
    found = []
    if page.owed and page.owed.rows:
        row = page.owed.rows[0]
        found.append(
            ActionDraft(
                id=f"{page.quarter}:owed:{row.account}",
                what=say(
                    "Agree with {account} how and when the {amount:money} is paid",
                    account=row.account,
                    amount=row.amount,
                ),
                who=row.owner,
                due=due,
                measure=say("paid, or a plan with dates"),
            )
        )
    both = (*page.largest, *page.others)
    slipped = next((d for d in both if d.became == "slipped" and d.deal in closing.open.index), None)
    if slipped:
        found.append(
            ActionDraft(
                id=f"{page.quarter}:slipped:{slipped.deal}",
                deal=slipped.deal,
                what=say("Agree with the customer on a date for {deal}", deal=slipped.name),
                who=slipped.owner,
                due=due,
                measure=say("a date that the customer has confirmed"),
            )
        )
    dead = metrics.dead(closing, metrics.dead_after(closing))
    if dead.n:
        found.append(
            ActionDraft(
                id=f"{page.quarter}:dead",
                what=say("Close or re-date the {n:count} deals that are probably dead", n=dead.n),
                due=due,
                measure=say("none of them is left"),
            )
        )
    return found
