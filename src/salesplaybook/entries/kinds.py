"""What people type, all kinds on one screen: a file each in entries/, a list of rows, each row an id and its fields.

Amounts are in whole currency (12400000, not cents), days are days. Unknown keys are kept; no row is thrown away.
What can be read is a row, even where it can't be right (a chance of 130 %): forms refuse it, areas say what they
left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from salesplaybook.results import defined

Person = Annotated[str, "person"]  # a form offers the project's people
Long = Annotated[str, "long"]  # a form gives it room for some lines
Share = Annotated[Decimal, "percent"]  # .3 is 30 %
Category = Literal["forecast", "customer", "people", "market", "delivery", "cash", "data", "other"]
Response = Literal["avoid", "reduce", "transfer", "accept"]
Outcome = Literal["done", "partly", "not_done"]
Priority = Literal["high", "normal", "low"]
Breakdown = Literal["history", "seasonality", "capacity", "equal"]
# What lessons are filed under, so that they are found again.
Tag = Literal[
    "qualification",
    "decision_chain",
    "pricing",
    "competition",
    "tender",
    "solution",
    "contract",
    "delivery",
    "cash",
    "forecast",
    "team",
    "partners",
]


class Entry(BaseModel):
    """A row. Its id stays the same for ever, so that one week's row can be found in the next week's."""

    model_config = ConfigDict(extra="allow")
    id: str = Field(description="the row's id, which stays as it is", min_length=1)


class Action(Entry):
    """A promise: who does what by when. A draft that was accepted has the draft's id; `dropped` keeps it from
    coming back. One with a `goal` is a task of that goal; one with a `review` was promised in that quarter's review,
    is asked for in the next one, and can't be dropped."""

    what: str = Field("", description="what will be done, in one line")
    who: Person = Field("", description="one person's name")
    due: date | None = Field(None, description="a day, as 2026-09-23")
    made: date | None = Field(None, description="the day on which it was promised, as 2026-09-21")
    deal: str = Field("", description="the deal's id, if it is about one")
    done: date | None = Field(None, description="the day on which it was done, as 2026-09-22")
    was_due: date | None = Field(None, description="the day before it was moved, as 2026-09-18")
    moved: date | None = Field(None, description="the day on which it was moved, as 2026-09-17")
    why: str = Field("", description="why it was moved or isn't done")
    dropped: bool = Field(False, description="true or false")
    goal: str = Field("", description="the id of the goal that it serves")
    priority: Priority = Field("normal", description="high, normal or low")
    after: str = Field("", description="the id of the task that has to be done first")
    measure: str = Field("", description="how it will be known that it is done")
    review: str = Field("", description="the quarter in whose review it was promised, as 2026Q3")
    outcome: Outcome | None = Field(None, description="done, partly or not_done")


class Handled(Entry):
    """A deal that needs nobody for a while; its id is the deal's and the day's."""

    deal: str = Field("", description="the deal's id")
    name: str = Field("", description="the deal's name")
    on: date = Field(description="the day of the tick, as 2026-09-21")
    note: str = Field("", description="what was done, in one line")


class Commit(Entry):
    """What the manager (owner empty), or an owner, commits to win in a period, said in a week."""

    period: str = Field(description="a quarter, as 2026Q3")
    week: str = Field(description="the week in which it was said, as 2026-W39")
    owner: Person = Field("", description="a person's name; empty: the manager, for all")
    amount: Decimal | None = Field(None, description="an amount in whole currency, as 12400000", ge=0)
    skipped: bool = Field(False, description="true or false")


class Target(Entry):
    """What a period is to bring, of the whole project or of an owner, in one metric.

    amount   in whole currency; of margin in percent, as 31; of new_customers a count; of an own metric as it counts
    by_hand  a person has set this part: a new breakdown leaves it as it is
    rule     of the whole: by which it is broken down over people and months
    """

    period: str = Field(description="a quarter, a month or a year, as 2026Q3, 2026-07 or 2026")
    metric: str = Field("bookings", description="bookings, revenue, collected, margin, new_customers or an own name")
    owner: Person = Field("", description="a person's name; empty: the whole project")
    amount: Decimal | None = Field(None, description="a number from 0 on, as 12840000; of margin in percent")
    by_hand: bool = Field(False, description="true or false")
    rule: Breakdown | None = Field(None, description="history, seasonality, capacity or equal")


class Goal(Entry):
    """A SMART goal: what (specific), a metric with its target (measurable), how (achievable), what it serves
    (relevant), until when (time-bound). What is missing makes it a draft; it is never refused.

    came   what an own metric has reached, as a person counts it
    """

    period: str = Field(description="a quarter, as 2026Q3")
    what: str = Field("", description="what is to be reached, in one line")
    owner: Person = Field("", description="one person's name")
    metric: str = Field("", description="bookings, revenue, collected, margin, new_customers or an own name")
    how: Long = Field("", description="by which means it is to be reached")
    serves: Long = Field("", description="what larger goal it serves")
    due: date | None = Field(None, description="a day, as 2026-09-30")
    came: Decimal | None = Field(None, description="a number, as 42")
    dropped: bool = Field(False, description="true or false")


class Risk(Entry):
    """A risk: because of a cause an event may happen, with an effect in money; what is done about it, and what is left.

    low, likely, high   the loss in whole currency if it happens; *_after: with the response in place
    happened            whether it came true, said when the period or the project closes
    """

    what: str = Field("", description="the risk in one line")
    cause: Long = Field("", description="why it may happen")
    event: Long = Field("", description="what may happen")
    effect: Long = Field("", description="what it would cost")
    category: Category = Field("other", description="forecast, customer, people, market, delivery, cash, data or other")
    owner: Person = Field("", description="one person's name")
    probability: Share | None = Field(None, description="a share between 0 and 100 %, as 0.3")
    low: Decimal | None = Field(None, description="an amount in whole currency, as 200000")
    likely: Decimal | None = Field(None, description="an amount in whole currency, as 400000")
    high: Decimal | None = Field(None, description="an amount in whole currency, as 660000")
    response: Response = Field("accept", description="avoid, reduce, transfer or accept")
    measure: Long = Field("", description="what is done about it")
    cost: Decimal | None = Field(None, description="what the response costs, as 90000")
    probability_after: Share | None = Field(None, description="a share between 0 and 100 %, as 0.1")
    low_after: Decimal | None = Field(None, description="an amount in whole currency, as 100000")
    likely_after: Decimal | None = Field(None, description="an amount in whole currency, as 200000")
    high_after: Decimal | None = Field(None, description="an amount in whole currency, as 300000")
    trigger: Long = Field("", description="the sign by which it is known to come")
    triggered: date | None = Field(None, description="the day on which that sign was seen, as 2026-09-21")
    due: date | None = Field(None, description="the day by which the response stands, as 2026-10-20")
    made: date | None = Field(None, description="the day on which it was entered, as 2026-07-06")
    tag: Tag | None = Field(None, description="one of the tags of lessons")
    happened: bool | None = Field(None, description="true or false")
    closed: date | None = Field(None, description="the day on which it was settled, as 2026-09-30")
    dropped: bool = Field(False, description="true or false")


class Reflection(Entry):
    """A line of a retrospective, under one of its headings."""

    period: str = Field(description="a quarter, as 2026Q3")
    heading: Literal["well", "badly", "why", "start", "stop", "continue"] = Field(
        description="well, badly, why, start, stop or continue"
    )
    text: Long = Field("", description="one thought, in a line or two")
    of: str = Field("", description="of a why: the id of the line that it asks about")


class Reason(Entry):
    """Why a deal was won, lost or slipped, as a person says it; its id is the deal's."""

    deal: str = Field(description="the deal's id")
    name: str = Field("", description="the deal's name")
    why: str = Field("", description="the reason, in one line")
    competitor: str = Field("", description="who won it instead")


class Lesson(Entry):
    """What a project learned: the situation, what was done, what came of it, what to do next time.

    used   where it was used since, a quarter each
    """

    period: str = Field(description="a quarter, as 2026Q3")
    situation: Long = Field("", description="the situation, in a line or two")
    did: Long = Field("", description="what we did")
    result: Long = Field("", description="what came of it")
    advice: Long = Field("", description="what to do next time")
    tag: Tag | None = Field(None, description="one of the tags of lessons")
    deal: str = Field("", description="the deal's id, if it is about one")
    used: list[str] = Field([], description="quarters in which it was used, as [2026Q4]")


class Decision(Entry):
    """What the management is asked to decide in a quarter's review."""

    period: str = Field(description="a quarter, as 2026Q3")
    matter: str = Field("", description="what is to be decided, in one line")
    options: str = Field("", description="what can be done, as: add / withdraw")
    recommend: str = Field("", description="what you recommend")
    by: date | None = Field(None, description="the latest day, as 2026-10-15")
    otherwise: str = Field("", description="what no decision costs")
    deal: str = Field("", description="the deal's id, where help with one is asked for")
    dropped: bool = Field(False, description="true or false")


class Verdict(Entry):
    """The quarter in one sentence, where the manager has rewritten the draft; its id is the quarter's."""

    period: str = Field(description="a quarter, as 2026Q3")
    text: Long = Field("", description="a sentence or two, 80 Chinese characters or 35 words at most")


class Talk(Entry):
    """A person's quarter, talked over: what the person wrote first, and a promise of each side.

    Asked for in the next quarter's talk: outcome of what the person promised, support_outcome of what the manager did.
    """

    period: str = Field(description="a quarter, as 2026Q3")
    person: Person = Field(description="the person's name")
    own: Long = Field("", description="what the person wrote before anything else")
    wish: Long = Field("", description="where the person wants to go")
    promise: str = Field("", description="what the person promises, in one line")
    due: date | None = Field(None, description="a day, as 2026-11-30")
    outcome: Outcome | None = Field(None, description="done, partly or not_done")
    support: str = Field("", description="what the manager promises, in one line")
    support_due: date | None = Field(None, description="a day, as 2026-11-30")
    support_outcome: Outcome | None = Field(None, description="done, partly or not_done")


class Member(Entry):
    """Somebody of the team: from when until when, and how much of a full post; its id is the name."""

    name: Person = Field(description="a person's name")
    joined: date | None = Field(None, description="the first day, as 2026-08-03")
    left: date | None = Field(None, description="the last day, as 2026-08-31")
    capacity: Share = Field(Decimal(1), description="a share of a full post, as 0.5")
    sells: bool = Field(True, description="true or false: whether this person has targets")


KINDS: dict[str, type[Entry]] = {
    "actions": Action,
    "handled": Handled,
    "commits": Commit,
    "targets": Target,
    "goals": Goal,
    "risks": Risk,
    "reflections": Reflection,
    "reasons": Reason,
    "lessons": Lesson,
    "decisions": Decision,
    "verdicts": Verdict,
    "talks": Talk,
    "people": Member,
}
# The first line of a kind's file.
ABOUT: dict[str, str] = {
    "actions": defined("Promises: who does what by when."),
    "handled": defined("Deals that were ticked as handled, each on its day."),
    "commits": defined("What the manager, and each owner, commits to win in a period, week by week."),
    "targets": defined("What a period is to bring, of the whole project or of a person, in one metric."),
    "goals": defined("Goals of a quarter; what is missing makes one a draft."),
    "risks": defined("What may happen, what it would cost, and what is done about it."),
    "reflections": defined("What went well and badly, and what is to change, quarter by quarter."),
    "reasons": defined("Why deals were won, lost or slipped."),
    "lessons": defined("What was learned, for the next project."),
    "decisions": defined("What the management is asked to decide."),
    "verdicts": defined("A quarter in one sentence, in the manager's words."),
    "talks": defined("What each person wrote and promised, and what the manager promised; not for the group."),
    "people": defined("Who is in the team, from when until when, with how much of a post."),
}


def spoken(rows: Sequence[Commit], quarter: str, week: str, owner: str = "") -> Commit | None:
    """What an owner (empty: the manager) committed to for a quarter in a week, or that it was skipped; None before.

    Of two rows that say so, the last counts, and an amount more than a skip.
    """
    mine = [c for c in rows if (c.period, c.week, c.owner) == (quarter, week, owner)]
    said = [c for c in mine if c.amount is not None] or [c for c in mine if c.skipped]
    return said[-1] if said else None


def target(found: Sequence[Target], quarter: str, cents: int, owner: str = "") -> int | None:
    """What the quarter is to bring in bookings, in cents (`cents` to a unit of currency); None where nothing is said.

    For the whole, where only owners have targets, their sum.
    """
    mine = {
        t.owner: t.amount for t in found if t.period == quarter and t.metric == "bookings" and t.amount and t.amount > 0
    }
    amount = mine.get(owner) or (sum(mine.values()) if not owner else None)
    return round(amount * cents) if amount else None
