"""Retrospective: what was planned and said of a quarter, what came of it and why, what was learned, what is promised.

In: the states at both ends of the quarter, targets, goals, risks, promises and what was typed of the quarter,
receivables, what the ledger holds. Out: a Body, each number with its deals, or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas import no_data
from salesplaybook.areas import retrospective_came as came
from salesplaybook.areas import retrospective_learned as learned
from salesplaybook.areas import retrospective_sentences as sentences
from salesplaybook.areas.retrospective_came import Dates, Largest, Move, Promised, Reached, Track
from salesplaybook.areas.retrospective_learned import ActionDraft, Learned, LessonDraft, Line, LineDraft
from salesplaybook.entries.kinds import Action, Entry, Goal, Lesson, Reason, Reflection, Risk, Target
from salesplaybook.limits import Rules
from salesplaybook.methods import actuals, reasons, walk
from salesplaybook.methods import bridge as bridges
from salesplaybook.methods import owed as receivables
from salesplaybook.methods.actuals import Measured
from salesplaybook.methods.bridge import Bridge
from salesplaybook.methods.owed import Owed
from salesplaybook.methods.reasons import Review
from salesplaybook.periods import Period, period_of
from salesplaybook.results import Figure, Message, Walk, say
from salesplaybook.states import Known, State

NUMBERS = ("bookings", "revenue", "collected", "margin")
Row = TypeVar("Row", bound=Entry)


class Body(BaseModel):
    """All that the retrospective's page shows, beside the record's own head.

    running    the quarter isn't over; known_until: the newest export's day, where the exports end long before it does
    numbers    bookings, revenue, collected, margin beside their targets
    largest    the three largest deals of the quarter's walks, with reasons; others: the largest that slipped, was lost,
               was won, where these three hold none of it
    bridge     bookings against the quarter before; no_bridge: why there is none
    review     won and lost deals; questions: three to ask one of the customers, of the deal named in `asked`
    promised   of the review before; moves: promised for the next quarter
    lines      what went well and badly, whys, what to start, stop, continue
    *_drafts   what is proposed from the data; it counts once a person accepts it
    """

    schema_number: int = 2
    title: list[Message]
    lead: list[Message] = []
    titles: dict[str, Message] = {}
    quarter: str = ""
    before: str = ""
    following: str = ""
    on: date | None = None
    opening_day: date | None = None
    closing_day: date | None = None
    running: bool = False
    known_until: date | None = None
    numbers: list[Measured] = []
    dates: Dates = Dates()
    goals: list[Reached] = []
    outcome: Walk | None = None
    booked: Walk | None = None
    largest: list[Largest] = []
    others: list[Largest] = []
    bridge: Bridge | None = None
    no_bridge: Message | None = None
    review: Review | None = None
    asked: str = ""
    questions: list[Message] = []
    owed: Owed | None = None
    track: Track = Track()
    promised: list[Promised] = []
    moves: list[Move] = []
    lines: list[Line] = []
    lessons: list[Learned] = []
    line_drafts: list[LineDraft] = []
    lesson_drafts: list[LessonDraft] = []
    action_drafts: list[ActionDraft] = []
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        for measured in self.numbers:
            yield f"number.{measured.metric}", measured.actual
            for name in ("before", "year_before"):
                if figure := getattr(measured, name):
                    yield f"number.{measured.metric}.{name}", figure
        for name in ("outcome", "booked"):
            found: Walk | None = getattr(self, name)
            if found:
                yield from found.figures(name)
        if self.bridge:
            yield "bridge.before", self.bridge.before
            yield "bridge.now", self.bridge.now
            yield from ((f"bridge.{name}", figure) for name, figure in self.bridge.steps.items())
        if self.review:
            yield from (("won", self.review.won), ("lost", self.review.lost), ("win_rate", self.review.rate))
            for group in ("reasons", "competitors", "stages"):
                for number, count in enumerate(getattr(self.review, group), 1):
                    yield f"{group}.{number}", count.figure
        if self.owed:
            for name in ("total", "overdue", "over_90", "due_next"):
                yield f"owed.{name}", getattr(self.owed, name)


def body(
    period: Period,
    known: Known,
    rules: Rules,
    lessons: Sequence[tuple[str, Lesson]] = (),
    unfit: list[tuple[str, list[str]]] | None = None,
    missing: Sequence[Message] = (),
) -> Body:
    """The retrospective of a quarter.

    lessons: those of this project and of others, each with its project's name, in which alike ones are looked for;
    unfit: files that no table fits, named where there are no deals; missing: why some lessons can't be read.
    """
    typed = _typed(period, known, lessons)
    if known.empty:
        title = [say("No deals yet: put an export into data/")]
        return Body(title=title, notes=no_data.steps("retrospective", unfit or []), **typed)
    if known.narrowed:
        n = len(known.deals.open)
        title = [say("{n:deals} are open in a view that is not the whole pipeline", n=n)]
        return Body(title=title, notes=[known.narrowed, no_data.again("retrospective")], **typed)
    opening, closing = known.at(period.eve), known.at(min(period.last, known.on))
    if closing.frame.empty and not known.rows.empty:
        first, note = no_data.before(period.name, known.rows)
        return Body(title=[first], notes=[note], **typed)
    found = _counted(period, known, rules, (opening, closing)).model_copy(update=typed)
    found = found.model_copy(update=learned.drafts(found, closing, period, known.on, rules))
    return found.model_copy(
        update={
            "title": sentences.title(found),
            "lead": sentences.lead(found),
            "titles": sentences.titles(found),
            "notes": [*sentences.notes(found, known, period, (opening, closing)), *missing],
        }
    )


def _counted(period: Period, known: Known, rules: Rules, ends: tuple[State, State]) -> Body:
    """The page's numbers, without its words."""
    opening, closing = ends
    targets, goals = rows(known, "targets", Target), rows(known, "goals", Goal)
    typed = rows(known, "reasons", Reason)
    decided, earlier = (metrics.decided_in(closing, p) for p in (period, period.before()))
    outcome, booked = walk.outcome(opening, closing, period), walk.booked(opening, closing, period)
    numbers = [actuals.measured(known, m, period, targets, rules.cents) for m in NUMBERS]
    rate = metrics.win_rate(decided, metrics.dateless(closing))
    stood = reasons.stood(known.rows, known.stages, closing.day)
    lost = decided[decided["status"] == "lost"]
    largest = came.largest(outcome, booked, ends, typed, lost)
    running = known.on < period.last
    bridge = bridge_of(numbers[0], _won(earlier), _won(decided), running)
    asked = sentences.to_ask(lost)
    following = period_of(period.last + (period.first - period.eve), "quarter", period.fiscal_start)
    return Body(
        title=[],
        quarter=period.name,
        before=period.before().name,
        following=following.name,
        on=known.on,
        opening_day=opening.day,
        closing_day=closing.day,
        running=running,
        known_until=no_data.known_until(known, period),
        numbers=numbers,
        dates=came.dates(rows(known, "actions", Action), goals, period, known.on),
        goals=came.goals(goals, targets, known, period, rules.cents),
        outcome=outcome,
        booked=booked,
        largest=largest[: came.LARGEST],
        others=largest[came.LARGEST :],
        bridge=bridge if isinstance(bridge, Bridge) else None,
        no_bridge=bridge if isinstance(bridge, Message) else None,
        review=reasons.review(decided, rate, typed, stood),
        asked=asked,
        questions=sentences.questions(asked),
        owed=receivables.owed(known.receivables, known.receivables_day or known.on, following),
        track=came.said_and_came(
            rules.said, known.deals, rows(known, "risks", Risk), period, rules.fiscal_start, known.on
        ),
    )


def bridge_of(bookings: Measured, before: pd.DataFrame, now: pd.DataFrame, running: bool) -> Bridge | Message:
    """The bridge from the quarter before, or why there is none: a part of a quarter is compared with no whole one."""
    for figure in (bookings.actual, bookings.before):
        if figure is not None and figure.reason is not None:
            return figure.reason
    return say("the quarter is still running") if running else bridges.bridge(before, now)


def rows(known: Known, kind: str, model: type[Row]) -> list[Row]:
    """What people had typed of a kind."""
    return [row for row in known.entries(kind) if isinstance(row, model)]


def _typed(period: Period, known: Known, lessons: Sequence[tuple[str, Lesson]]) -> dict[str, object]:
    """What stands on the page because somebody typed it: it needs no deals."""
    actions = rows(known, "actions", Action)
    return {
        "promised": came.promised(actions, period),
        "moves": came.moves(actions, period),
        "lines": learned.lines(rows(known, "reflections", Reflection), period),
        "lessons": learned.lessons(rows(known, "lessons", Lesson), period, lessons),
    }


def _won(decided: pd.DataFrame) -> pd.DataFrame:
    return decided[decided["status"] == "won"]
