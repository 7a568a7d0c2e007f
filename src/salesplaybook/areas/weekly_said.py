"""What people said on the Monday page: promises of last week, commits, and the actions that are proposed.

In: entries (`entries.kinds`) as they stand now and as they stood a week ago. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from salesplaybook.entries.kinds import Action, Commit, Handled, spoken
from salesplaybook.language import by_name
from salesplaybook.methods.cash import Cash
from salesplaybook.methods.today import Mend, Today
from salesplaybook.results import Message, Said, say
from salesplaybook.states import State
from salesplaybook.workdays import Calendar

OWNERS = 8  # lines of the commit table; the rest stand in one
DRAFTS = 6
SHOWN_LATE = 2  # new overdue invoices of which an action is drafted


# What became of a promise; won, lost, void: its deal has closed, so that nothing is left to do.
Way = Literal["done", "overdue", "moved", "open", "gone", "won", "lost", "void"]
CLOSED: tuple[Way, ...] = ("won", "lost", "void")


class Promise(BaseModel):
    """A promise as it stands now; `was_due` what it said a week ago."""

    id: str
    what: str
    who: str
    due: date | None
    was_due: date | None
    state: Way
    days_late: int = 0
    why: str = ""


class OwnerRow(BaseModel):
    """An owner's line of the commit table, in cents (no owner: `people` is 0, of deals that name nobody).

    people   how many stand in the line "the rest"; here: whether there is anything to commit to, as there isn't for
             somebody who had bookings in the last quarter alone
    """

    owner: str
    won: int | None
    commit: int | None
    before: int | None
    last_quarter: int | None
    people: int = 1
    here: bool = True


class Draft(BaseModel):
    """An action that is proposed: accepted or dropped in the form."""

    id: str
    deal: str
    what: Message
    who: str
    due: date


class Agreed(BaseModel):
    """An action that was accepted or typed, and is not done yet or was done this week."""

    id: str
    deal: str = ""
    what: str
    who: str
    due: date | None
    done: bool


class Commits(BaseModel):
    """The manager's commit for a quarter in cents: this week's, the one before and its week, whether it was skipped."""

    now: int | None = None
    before: int | None = None
    before_week: str = ""
    skipped: bool = False


def promises(
    last: Sequence[Action],
    now: Sequence[Action],
    monday: date,
    compared: date | None = None,
    ends: tuple[State, State] | None = None,
) -> list[Promise]:
    """What became of the promises of a week ago: overdue ones first, the longest first.

    last: as they stood when this week's export came, so that one may be done there already: it counts as done where
    that was within the week before the page's Monday (`compared`: the day of an earlier export, where one was left
    out); so for one that was moved. ends: the deals then and now; a promise about one that has closed is over.
    """
    standing = {action.id: action for action in now}
    since = min(monday - timedelta(days=7), _monday(compared or monday))
    then, closed = ({}, {}) if ends is None else map(_closed, ends)
    over = {deal for deal in then if deal in closed}
    found = [
        _promise(a, standing.get(a.id), monday, since, closed)
        for a in last
        if a.what
        and not a.dropped
        and (a.done >= since if a.done else _matters(a, over))
        and (not a.made or a.made < monday)
    ]
    order: list[Way] = ["overdue", "moved", "gone", *CLOSED, "open", "done"]
    return sorted(found, key=lambda p: (order.index(p.state), -p.days_late, p.due or date.max, p.id))


def _monday(export: date) -> date:
    """The Monday for which an export was made: at a weekend the coming one."""
    return export - timedelta(days=export.weekday() if export.weekday() < 5 else export.weekday() - 7)


def _matters(action: Action, closed: Collection[str]) -> bool:
    """Whether something is left to do: what serves a goal, or was promised in a review, does not end with its deal."""
    return action.deal not in closed or bool(action.goal or action.review)


def _closed(state: State) -> dict[str, Way]:
    ends = state.frame["status"]
    return dict(ends[ends.isin(CLOSED)])


def _promise(was: Action, now: Action | None, monday: date, since: date, closed: dict[str, Way]) -> Promise:
    said = now or was
    due, late = said.due, 0
    moved = said.moved and said.moved >= since  # perhaps since the export, in last week's state
    first = said.was_due if moved else was.due
    state: Way = "open"
    if now is None or now.dropped:
        state = "gone"
    elif now.done:
        state = "done"
    elif not _matters(now, closed):
        state = closed[now.deal]
    elif due and due < monday:
        state, late = "overdue", (monday - due).days
    elif due and first and due > first:
        state = "moved"
    return Promise(
        id=was.id, what=said.what, who=said.who, due=due, was_due=first, state=state, days_late=late, why=said.why
    )


def agreed(now: Sequence[Action], monday: date, state: State | None = None) -> list[Agreed]:
    """The actions that stand, those made this week first; done ones only of this week, none of a closed deal."""
    closed = _closed(state) if state else {}
    mine = [a for a in now if not a.dropped and a.what and (a.done >= monday if a.done else _matters(a, closed))]
    mine.sort(key=lambda a: (a.made != monday, a.due or date.max, a.id))
    return [Agreed(id=a.id, deal=a.deal, what=a.what, who=a.who, due=a.due, done=a.done is not None) for a in mine]


def hidden(ticks: Sequence[Handled], monday: date, days: int) -> set[str]:
    """The deals that were ticked as handled in the last `days` days before the page's Monday, or since."""
    return {t.deal for t in ticks if t.on > monday - timedelta(days=days)}


def commits(found: Sequence[Commit], quarter: str, week: str, cents: int, owner: str = "") -> Commits:
    """An owner's (empty: the manager's) commit for the quarter: as of this week, and as it was before."""
    now = spoken(found, quarter, week, owner)
    weeks = {
        c.week for c in found if c.period == quarter and c.owner == owner and c.week < week and c.amount is not None
    }
    last = max(weeks, default="")
    before = spoken(found, quarter, last, owner) if last else None

    def in_cents(said: Commit | None) -> int | None:
        return None if said is None or said.amount is None else round(said.amount * cents)

    return Commits(
        now=in_cents(now), before=in_cents(before), before_week=last, skipped=now is not None and now.amount is None
    )


def owner_rows(
    won: pd.Series | None,
    last_quarter: pd.Series | None,
    open_owners: set[str],
    found: Sequence[Commit],
    quarter: str,
    week: str,
    cents: int,
) -> list[OwnerRow]:
    """A line for each owner, by name, from bookings by owner (cents); the last one of deals that name nobody.

    won: of the quarter so far; last_quarter: of the whole one before; None where it isn't known.
    """
    said = {c.owner for c in found if c.period == quarter and c.owner}
    here = (set() if won is None else set(won.index)) | open_owners | said
    past = set() if last_quarter is None else set(last_quarter[last_quarter != 0].index)
    rows = []
    for name in sorted(here | past, key=lambda name: (not name, by_name(name))):
        own = commits(found, quarter, week, cents, name) if name else Commits()
        before = None if last_quarter is None else int(last_quarter.get(name, 0))
        now = None if won is None else int(won.get(name, 0))
        row = OwnerRow(owner=name, won=now, commit=own.now, before=own.before, last_quarter=before)
        rows.append(row.model_copy(update={"people": int(bool(name)), "here": name in here}))
    return rows


def shown(rows: list[OwnerRow]) -> list[OwnerRow]:
    """As many lines as the page has: from the ninth owner on they stand in one, with those who are not here."""
    here, nobody = [r for r in rows if r.here and r.owner], [r for r in rows if not r.owner]
    rest = [*here[OWNERS:], *(r for r in rows if r.owner and not r.here)]
    return [*here[:OWNERS], *([_together(rest)] if len(rest) > 1 else rest), *nobody]


def _together(rows: list[OwnerRow]) -> OwnerRow:
    def total(values: list[int | None]) -> int | None:
        known = [v for v in values if v is not None]
        return sum(known) if known else None

    return OwnerRow(
        owner="",
        won=total([r.won for r in rows]),
        commit=total([r.commit for r in rows]),
        before=total([r.before for r in rows]),
        last_quarter=total([r.last_quarter for r in rows]),
        people=sum(r.people for r in rows),
    )


def said_commits(found: Sequence[Commit], week: str, on: date, cents: int) -> list[Said]:
    """A week's commits as the ledger keeps them; `on` is the day of that week's export."""
    return [
        Said(period=c.period, made_on=on, by="manager", owner=c.owner, said=round(c.amount * cents))
        for c in found
        if c.week == week and c.amount is not None
    ]


def drafts(
    deals: Sequence[Today],
    cash: Cash | None,
    mend: Sequence[Mend],
    typed: Sequence[Action],
    monday: date,
    calendar: Calendar,
    quarter: str = "",
) -> list[Draft]:
    """Actions to accept: for the deals of today, new overdue invoices, and data to mend; a late promise is none.

    A draft's id is its rule and what it is about (a deal, an invoice and its day, a quarter): one that was accepted and
    stands, or was dropped, is not proposed again; one that was done may come again, under a new number. Of receivables
    listed more than a week before, nobody is called.
    """
    soon, later = calendar.later(monday, 1), calendar.later(monday, 3)
    found = [
        Draft(
            id=f"{deal.warnings[0].rule}:{deal.deal}",
            deal=deal.deal,
            what=say("{deal}: {do:text}", deal=deal.name, do=deal.do.values.get("text", deal.do.text)),
            who=deal.owner or "",
            due=deal.by,
        )
        for deal in deals
    ]
    found += [
        Draft(
            id=f"cash:{row.contract or row.account}:{row.due}",
            deal="",
            what=say("Call {account} about the {amount:money}", account=row.account, amount=row.amount),
            who=row.owner or "",
            due=soon,
        )
        for row in (cash.rows if cash and monday - cash.as_of <= timedelta(days=7) else [])
        if row.kind == "new"
    ][:SHOWN_LATE]
    passed = next((m for m in mend if m.rule == "close_passed"), None)
    if passed:
        what = (
            say("Re-date or close the {n:count} deals past their date", n=passed.figure.n)
            if passed.figure.n != 1
            else say("Re-date or close the deal past its date")
        )
        found.append(Draft(id=f"mend:close_passed:{quarter}", deal="", what=what, who="", due=later))
    return [d for d in (_fresh(draft, typed) for draft in found) if d][:DRAFTS]


def _fresh(draft: Draft, typed: Sequence[Action]) -> Draft | None:
    same = [a for a in typed if a.id == draft.id or a.id.startswith(f"{draft.id}#")]
    if any(a.dropped or not a.done for a in same):
        return None
    return draft.model_copy(update={"id": f"{draft.id}#{len(same) + 1}"}) if same else draft
