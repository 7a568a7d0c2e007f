"""The quarterly review: one page from the records of the quarter, and from what is typed in its own form.

In: records of `crm`, `weekly`, `goals`, `risk`, `performance`, `retrospective`; decisions, the verdict, commits,
targets and promises as typed. Out: a Body. It makes no analysis of its own: what no record has is said to be missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from salesplaybook.areas import no_data
from salesplaybook.areas import quarterly_review_decisions as decisions
from salesplaybook.areas import quarterly_review_read as read
from salesplaybook.areas import quarterly_review_sentences as sentences
from salesplaybook.areas import quarterly_review_words as words
from salesplaybook.areas.quarterly_review_decisions import Ask, Draft
from salesplaybook.areas.quarterly_review_read import Largest, Move, Owed, Promised, Records, Risks, Team, Track
from salesplaybook.areas.quarterly_review_words import Length
from salesplaybook.areas.retrospective_came import moves, promised
from salesplaybook.entries.kinds import Action, Commit, Decision, Target, Verdict
from salesplaybook.limits import Rules
from salesplaybook.methods import actuals
from salesplaybook.methods.actuals import Measured
from salesplaybook.methods.bridge import Bridge
from salesplaybook.methods.deciding import Deciding
from salesplaybook.methods.quarters import after
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Forecast, Message, Walk, say
from salesplaybook.states import Known

READS = read.READS


class Said(BaseModel):
    """The quarter in one or two sentences: the draft from data, and the manager's own words where there are any.

    text    as the manager wrote it; shown: as much of it as the page has room for
    """

    draft: list[Message] = []
    text: str = ""
    shown: str = ""
    length: Length | None = None


class Standing(BaseModel):
    """A playbook that the review reads and whose record is no sound ground, by its name on pages: why."""

    area: str
    name: str
    state: Literal["missing", "failed", "stale", "later"]
    why: list[Message] = []


class Body(BaseModel):
    """All that the review's page shows, beside the record's own head.

    empty                there are no deals yet: the page says how to add them
    known_until          the newest export's day, where it is much older than the quarter's end; running: the quarter
                         isn't over, or wasn't as the record of its bookings was made
    quarter, following   names of the quarter that is looked back on, and of the one after
    forecast             of the quarter that follows; no_forecast: why there is none
    target, commit       of the quarter that follows, in cents; commit_week: the week in which the manager said so
    deals                those that decide the quarter that follows; asks: deal -> where the management can help
    goals                how many goals are whole, and how many drafts
    standing             which of the records are missing, or out of date
    """

    schema_number: int = 1
    title: list[Message]
    titles: dict[str, Message] = {}
    empty: bool = False
    quarter: str = ""
    following: str = ""
    before: str = ""
    on: date | None = None
    told_until: date | None = None
    known_until: date | None = None
    running: bool = False
    verdict: Said = Said()
    decisions: list[Ask] = []
    decision_drafts: list[Draft] = []
    numbers: list[Measured] = []
    outcome: Walk | None = None
    booked: Walk | None = None
    win_rate: Figure | None = None
    win_rate_before: Figure | None = None
    largest: list[Largest] = []
    dead: Figure | None = None
    dead_share: float | None = None
    forecast: Forecast | None = None
    no_forecast: Message | None = None
    target: int | None = None
    commit: int | None = None
    commit_week: str = ""
    track: Track = Track()
    deals: list[Deciding] = []
    asks: dict[str, str] = {}
    owed: Owed | None = None
    risks: Risks | None = None
    promised: list[Promised] = []
    moves: list[Move] = []
    team: Team | None = None
    goals: Message | None = None
    bridge: Bridge | None = None
    standing: list[Standing] = []
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        for measured in self.numbers:
            yield f"number.{measured.metric}", measured.actual
            for name in ("before", "year_before"):
                if earlier := getattr(measured, name):
                    yield f"number.{measured.metric}.{name}", earlier
        for name in ("outcome", "booked"):
            found: Walk | None = getattr(self, name)
            if found:
                yield from found.figures(name)
        for name in ("win_rate", "win_rate_before", "dead"):
            figure: Figure | None = getattr(self, name)
            if figure:
                yield name, figure
        yield from ((f"deciding.{number}", deal.figure) for number, deal in enumerate(self.deals, 1))
        if self.owed:
            for name in ("total", "overdue", "over_90", "due_next"):
                if sum_ := getattr(self.owed, name):
                    yield f"owed.{name}", sum_
        if self.bridge:
            yield "bridge.before", self.bridge.before
            yield "bridge.now", self.bridge.now
            yield from ((f"bridge.{name}", figure) for name, figure in self.bridge.steps.items())

    def length(self, text: str) -> Length:
        """How long a verdict is, and how long it may be."""
        return words.length(text)


@dataclass(frozen=True)
class Seen:
    """A record as of the review's day."""

    as_of: date
    body: dict[str, Any]
    figures: dict[str, Figure]
    deals: dict[str, dict[str, str | None]]


def body(
    period: Period,
    known: Known,
    rules: Rules,
    found: Records,
    failed: Collection[str] = (),
    stale: Mapping[str, Sequence[Message]] | None = None,
    unfit: list[tuple[str, list[str]]] | None = None,
) -> Body:
    """The review of a quarter.

    found     playbook -> its record of the quarter; one made as of a later day than the review's is left out
    failed    playbooks whose last run failed; stale: playbook -> why its record is out of date (`batch.due.reasons`)
    unfit     files that no table fits, named where there are no deals
    """
    records = {name: _seen(record, known) for name, record in found.items()}
    page = _read(period, known, rules, records).model_copy(
        update={"standing": _standing(found, records, failed, stale or {})}
    )
    if known.empty:
        title, steps = [say("No deals yet: put an export into data/")], no_data.steps("quarterly_review", unfit or [])
        return page.model_copy(update={"title": title, "empty": True, "notes": steps})
    typed = [v for v in known.entries("verdicts") if isinstance(v, Verdict) and v.period == period.name and v.text]
    text = typed[-1].text.strip() if typed else ""
    draft = sentences.verdict(page)
    said = Said(draft=draft, text=text, shown=words.cut(text), length=words.length(text) if text else None)
    return page.model_copy(
        update={
            "title": draft[:1],
            "verdict": said,
            "titles": sentences.titles(page),
            "decision_drafts": _drafts(page, known, rules),
            "notes": sentences.notes(page),
        }
    )


def _read(period: Period, known: Known, rules: Rules, found: Mapping[str, Seen | None]) -> Body:
    """What the records and the entries say, without the page's own words."""
    following = after(period)
    targets = [t for t in known.entries("targets") if isinstance(t, Target)]
    actions = [a for a in known.entries("actions") if isinstance(a, Action)]
    typed = [d for d in known.entries("decisions") if isinstance(d, Decision) and d.period == period.name]
    asked = [d for d in typed if not d.dropped and d.matter.strip()]
    crm, retro, group, goals = (found.get(n) for n in ("crm", "retrospective", "performance", "goals"))
    outcome, booked = read.walk(crm, "outcome"), read.walk(crm, "booked")
    forecast = read.forecast(found, following.name)
    target = actuals.target(targets, "bookings", following.name, rules.cents)
    commit, week = _commit(known, following.name, rules.cents, found.get("weekly"))
    closing = crm.body.get("closing_day") if crm else None
    until = None if known.empty else no_data.known_until(known, period)
    numbers = read.numbers(found, actuals.target(targets, "bookings", period.name, rules.cents), until)
    told = date.fromisoformat(closing) if closing and closing < period.last.isoformat() else None
    return Body(
        title=[],
        quarter=period.name,
        following=following.name,
        before=period.before().name,
        on=known.on,
        told_until=told,
        known_until=until,
        running=known.on < period.last or numbers[0].verdict == "running" or (retro is None and told is not None),
        decisions=[Ask.model_validate(d.model_dump(include=set(Ask.model_fields))) for d in asked if not d.deal],
        numbers=numbers,
        outcome=outcome,
        booked=booked,
        win_rate=crm.figures.get("win_rate") if crm else None,
        win_rate_before=crm.figures.get("before.win_rate") if crm else None,
        largest=read.largest(found, (outcome, booked)),
        dead=crm.figures.get("dead") if crm else None,
        dead_share=share.value if crm and (share := crm.figures.get("dead_share")) else None,
        forecast=forecast,
        no_forecast=None if forecast else sentences.no_forecast(crm, following.name),
        target=forecast.target if forecast and forecast.target else None if target is None else round(target),
        commit=commit,
        commit_week=week,
        track=read.track(found),
        deals=read.deciding(found, following.name),
        asks={d.deal: d.matter for d in asked if d.deal},
        owed=read.owed(found),
        risks=read.risks(found),
        promised=read.pieces(Promised, retro, "promised")
        if retro
        else [Promised.model_validate(p.model_dump()) for p in promised(actions, period)],
        moves=read.pieces(Move, retro, "moves")
        if retro
        else [Move.model_validate(m.model_dump()) for m in moves(actions, period)],
        team=read.piece(Team, group.body) if group else None,
        goals=read.piece(Message, goals.body.get("sentence")) if goals else None,
        bridge=read.bridge(found),
    )


def _seen(record: read.Found | None, known: Known) -> Seen | None:
    """The record, if it tells of no later day than is known. What is no deal any more is no row of a figure."""
    if record is None or record.as_of > known.on:
        return None
    keys = set() if known.empty else set(known.rows.index)
    rows = {name: {k: v for k, v in figure.rows.items() if k in keys} for name, figure in record.figures.items()}
    figures = {name: figure.model_copy(update={"rows": rows[name]}) for name, figure in record.figures.items()}
    return Seen(record.as_of, record.body, figures, record.deals)


def _standing(
    found: Records, seen: Mapping[str, Seen | None], failed: Collection[str], stale: Mapping[str, Sequence[Message]]
) -> list[Standing]:
    out = []
    for area, name in sentences.AREA_NAMES.items():
        record, why = found.get(area), list(stale.get(area, ()))
        state: Literal["missing", "failed", "stale", "later"] = "stale"
        if area in failed:
            state, why = "failed", []
        elif record is None:
            state, why = "missing", []
        elif seen[area] is None:
            state, why = "later", [say("made as of {day:iso}", day=record.as_of)]
        if why or state != "stale":
            out.append(Standing(area=area, name=name, state=state, why=why))
    return out


def _commit(known: Known, quarter: str, cents: int, weekly: Seen | None) -> tuple[int | None, str]:
    """The manager's last commit for a quarter, as typed; else the one on the Monday page."""
    mine = [c for c in known.entries("commits") if isinstance(c, Commit) and c.period == quarter and not c.owner]
    said = [c for c in mine if c.amount is not None]
    if last := max(said, key=lambda c: c.week, default=None):
        return round((last.amount or 0) * cents), last.week
    if weekly and weekly.body.get("quarter") == quarter:
        return weekly.body.get("commit"), ""
    return None, ""


def _drafts(page: Body, known: Known, rules: Rules) -> list[Draft]:
    """What the data suggest to ask for, without what was accepted or dropped before."""
    by = rules.calendar.later(known.on, decisions.DAYS)
    typed = {d.id for d in known.entries("decisions") if isinstance(d, Decision)}
    drafts = [Draft(by=by, **said) for said in decisions.to_decide(page)]
    return [d for d in drafts if d.id not in typed or any(a.id == d.id for a in page.decisions)]
