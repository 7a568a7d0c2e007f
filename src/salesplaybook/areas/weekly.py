"""The Monday page: are we on pace, what changed, which five deals need somebody today, who promised what.

In: two exports as they stand (or two states rebuilt from dates), what was typed, receivables. Out: a Body.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas import no_data
from salesplaybook.areas import weekly_said as said
from salesplaybook.areas import weekly_sentences as sentences
from salesplaybook.areas.weekly_said import Agreed, Draft, OwnerRow, Promise
from salesplaybook.areas.weekly_track import Track, scored, track
from salesplaybook.entries import kinds
from salesplaybook.entries.kinds import Action
from salesplaybook.errors import ParameterError
from salesplaybook.language import by_name
from salesplaybook.limits import Rules
from salesplaybook.methods import cash, today, walk, warnings
from salesplaybook.methods.cash import Cash
from salesplaybook.methods.forecast import outlook
from salesplaybook.methods.today import Mend, Today
from salesplaybook.periods import Period, period_of, told_until, week_of
from salesplaybook.results import Figure, Forecast, Message, Said, Walk, say
from salesplaybook.states import Known, State

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Body(BaseModel):
    """All that the Monday page shows, beside the record's own head.

    owner       whose cut it is (empty: the whole)
    monday      the page's Monday; told_on: the day of the deals that it shows; compared: the day of what they are
                compared with: an earlier export, or (`rebuilt`) a state made from the dates of a later one
    quarter     the quarter that is measured; first_week: its first week, then `final` is the last one's bookings
    days_left, working_days   from the page's Monday on, it included; holidays: the weekdays off among them
    which       walk row -> its deals in words ("stock.won", "due.slipped")
    larger      deals that hold more than one of the five, and are less likely to be won by the quarter's end
    candidates  how many deals were to choose from; hidden: how many were ticked as handled
    owners      as many lines as the page has; all_owners: each
    commits, scored   what the ledger is to keep: this week's commits, and quarters that have closed
    """

    schema_number: int = 2
    title: list[Message]
    lead: list[Message] = []
    titles: dict[str, Message] = {}
    owner: str = ""
    monday: date | None = None
    told_on: date | None = None
    compared: date | None = None
    rebuilt: bool = False
    quarter: str = ""
    quarter_last: date | None = None
    days_left: int = 0
    working_days: int = 0
    holidays: dict[str, str] = {}
    first_week: bool = False
    final: Figure | None = None
    before_quarter: str = ""
    won: Figure | None = None
    won_week: Figure | None = None
    won_week_before: Figure | None = None
    target: int | None = None
    forecast: Forecast | None = None
    stock: Walk | None = None
    due: Walk | None = None
    which: dict[str, Message] = {}
    deals: list[Today] = []
    larger: list[Today] = []
    candidates: int = 0
    hidden: int = 0
    promises: list[Promise] = []
    cash: Cash | None = None
    commit: int | None = None
    commit_before: int | None = None
    commit_before_week: str = ""
    commit_skipped: bool = False
    owners: list[OwnerRow] = []
    all_owners: list[OwnerRow] = []
    mend: list[Mend] = []
    open_n: int = 0
    drafts: list[Draft] = []
    agreed: list[Agreed] = []
    track: Track | None = None
    commits: list[Said] = []
    scored: list[Said] = []
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        for name in ("stock", "due"):
            found: Walk | None = getattr(self, name)
            if found:
                yield from found.figures(name)
        for name in ("won", "won_week", "won_week_before", "final"):
            figure: Figure | None = getattr(self, name)
            if figure:
                yield name, figure
        yield from ((f"deal.{number}", deal.figure) for number, deal in enumerate(self.deals, 1))
        yield from ((f"mend.{mend.rule}", mend.figure) for mend in self.mend)
        if self.cash:
            for name in ("due", "overdue", "newly", "over_90"):
                yield f"cash.{name}", getattr(self.cash, name)


def body(
    period: Period,
    known: Known,
    rules: Rules,
    owner: str = "",
    unfit: list[tuple[str, list[str]]] | None = None,
) -> Body:
    """The Monday page of a week (`period`: the seven days before its Monday): of all deals, or one `owner`'s cut.

    unfit: files that no table fits, named where there are no deals.
    """
    monday = period.last + DAY
    if known.empty:
        return Body(title=[say("No deals yet: put an export into data/")], notes=no_data.steps("weekly", unfit or []))
    if known.narrowed:
        return of_a_view(known.deals, known.narrowed)
    opening, closing = states(known, period)
    if closing.frame.empty and not known.rows.empty:
        title, note = no_data.before(period.name, known.rows)
        return Body(title=[title], notes=[note])
    team = (opening, closing)
    if owner:
        _check_owner(owner, opening, closing)
        opening, closing = of_owner(opening, closing, owner)
    through = told_until(min(known.on, known.newest or known.on))
    quarter = period_of(max(monday, told_until(known.on) + DAY), "quarter", rules.fiscal_start)
    found = _counted(period, known, rules, quarter, through, (opening, closing), team, owner)
    return found.model_copy(
        update={
            "title": sentences.title(found.deals, found.forecast, found.won, monday, owner),
            "lead": [*no_data.stale(known.newest, monday), *sentences.lead(found)],
            "titles": sentences.titles(found),
            "which": sentences.which(found.stock, found.due, closing, opening),
            "notes": no_data.gaps(opening, closing),
        }
    )


def _counted(
    period: Period,
    known: Known,
    rules: Rules,
    quarter: Period,
    through: date,
    ends: tuple[State, State],
    whole: tuple[State, State],
    owner: str,
) -> Body:
    """The page's numbers, without its words. ends: opening and closing; whole: those of the whole team."""
    (opening, closing), team, monday, week = ends, whole[1], period.last + DAY, period.name
    actions, commits = known.entries("actions"), known.entries("commits")
    target = kinds.target(known.entries("targets"), quarter.name, rules.cents, owner)
    ahead = outlook(known, quarter, (quarter.last - through).days, target)
    dead_after = metrics.dead_after(team)
    warned = warnings.of_deals(known, rules.warnings, dead_after)
    handled = said.hidden(known.entries("handled"), monday, rules.warnings.handled_days)
    deals, larger, candidates = today.five(
        closing,
        warned,
        chances=today.chances_of(team, ahead.chances),  # nobody's own win rate
        quarter_last=quarter.last,
        monday=monday,
        hidden=handled,
        actions=rules.actions,
        later=rules.calendar.later,
    )
    last_week = known.entries("actions", known.a_week_before) if known.a_week_before else []
    owed = None if owner else cash.due(known.receivables, known.receivables_day or known.on, monday)
    mend = [] if owner else today.to_mend(closing, dead_after)
    commit = said.commits(commits, quarter.name, week, rules.cents, owner)
    before = quarter.before()
    recorded = _whole(closing, before)
    start = max(monday, quarter.first)
    first_week = (monday - quarter.first).days < 7
    # What was won after last Monday's export, on that day, is within.
    between = Period(week, opening.day + (opening.how != "export") * DAY, closing.day, "week")
    owners = said.owner_rows(
        metrics.booked_by_owner(closing, quarter),
        metrics.booked_by_owner(closing, before) if recorded else None,
        set(closing.open["owner"].dropna()),
        [c for c in commits if not owner or c.owner == owner],
        quarter.name,
        week,
        rules.cents,
    )
    past = scored(rules.said, closing, rules.fiscal_start, known.on, known.at)
    return Body(
        title=[],
        owner=owner,
        monday=monday,
        told_on=closing.day,
        compared=opening.day,
        rebuilt=opening.how != "export",
        quarter=quarter.name,
        quarter_last=quarter.last,
        days_left=(quarter.last - start).days + 1,
        working_days=rules.calendar.count(start, quarter.last),
        holidays={str(d): name for d, name in rules.calendar.holidays_between(start, quarter.last).items()},
        first_week=first_week,
        final=metrics.bookings(closing, before) if first_week and recorded and through >= before.last else None,
        before_quarter=before.name,
        won=metrics.bookings(closing, quarter),
        won_week=metrics.bookings(closing, period),
        won_week_before=metrics.bookings(closing, period.before()),
        target=target,
        forecast=None if owner else ahead.forecast,
        stock=walk.stock(opening, closing, between),
        due=walk.due(opening, closing, quarter),
        deals=deals,
        larger=larger,
        candidates=candidates,
        hidden=len(handled & set(closing.open.index)),
        promises=said.promises(_of(last_week, owner), actions, monday, known.a_week_before, whole),
        cash=owed,
        commit=commit.now,
        commit_before=commit.before,
        commit_before_week=commit.before_week,
        commit_skipped=commit.skipped,
        owners=said.shown(owners),
        all_owners=owners,
        mend=mend,
        open_n=len(closing.open),
        drafts=[] if owner else said.drafts(deals, owed, mend, actions, monday, rules.calendar, quarter.name),
        agreed=said.agreed(_of(actions, owner), monday, team),
        track=None if owner else track(past, rules.fiscal_start),
        commits=[] if owner else _commits(known, week, rules.cents),
        scored=[] if owner else [s for s in past if s.scored_on == known.on],
    )


def states(known: Known, period: Period) -> tuple[State, State]:
    """What is compared: the newest export and the one a week before it, as they stand; else states from dates."""
    newest, earlier = known.newest, known.a_week_before
    if newest is None:
        return known.at(period.eve), known.at(min(period.last, known.on))
    return known.shown(earlier) if earlier else known.at(min(period.eve, newest - WEEK)), known.shown(newest)


def of_owner(opening: State, closing: State, owner: str) -> tuple[State, State]:
    """Both states with the deals that are one owner's at the closing, or were at the opening and are gone since."""
    gone = opening.frame.index.difference(closing.frame.index)
    mine = closing.frame.index[closing.frame["owner"] == owner]
    keys = mine.union(gone[opening.frame.loc[gone, "owner"] == owner])
    first, last = (replace(s, frame=s.frame[s.frame.index.isin(keys)]) for s in (opening, closing))
    return replace(first, undated=[k for k in first.undated if k in keys]), last


def _check_owner(owner: str, opening: State, closing: State) -> None:
    """ParameterError where nobody of that name has, or had, a deal."""
    known = sorted({str(o) for s in (opening, closing) for o in s.frame["owner"].dropna()}, key=by_name)
    if owner not in known:
        begun = [name for name in known if owner.casefold() in name.casefold()]
        if like := begun or difflib.get_close_matches(owner, known, n=3):
            raise ParameterError(
                "Nobody called '{owner}' has a deal. Did you mean {like:list}?", owner=owner, like=like
            )
        raise ParameterError("Nobody called '{owner}' has a deal. Owners are: {known:list}.", owner=owner, known=known)


def of_a_view(latest: State, why: Message) -> Body:
    """The page of an export that holds only some of the deals: what to export instead."""
    n = len(latest.open)
    many = say("{n:deals} are open in a view that is not the whole pipeline", n=n)
    title = many if n != 1 else say("1 deal is open in a view that is not the whole pipeline")
    return Body(title=[title], open_n=n, notes=[why, no_data.again("weekly")])


def _commits(known: Known, week: str, cents: int) -> list[Said]:
    """What the ledger is to keep: this week's commits, and those of the export before, typed perhaps after its page."""
    found = said.said_commits(known.entries("commits"), week, known.newest or known.on, cents)
    if earlier := known.a_week_before:
        found = said.said_commits(known.entries("commits", earlier), week_of(earlier).name, earlier, cents) + found
    return found


def _whole(closing: State, quarter: Period) -> bool:
    """Whether all of a quarter is on record."""
    started = closing.decided()["closed"].min()
    return not pd.isna(started) and started.date() < quarter.first + WEEK


def _of(actions: list[Action], owner: str) -> list[Action]:
    return [a for a in actions if not owner or a.who == owner]
