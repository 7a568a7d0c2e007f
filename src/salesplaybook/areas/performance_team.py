"""Performance: what all pages of a period stand on, looked up once: the team, its deals, its load, its verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas.crm import idle_people
from salesplaybook.areas.performance_apart import CROWD, Team, Verdict, compare, rate_window
from salesplaybook.entries.kinds import Action, Goal, Talk, Target
from salesplaybook.limits import Rules
from salesplaybook.methods.team import Seat, seats
from salesplaybook.periods import Period, period_of
from salesplaybook.states import Known, State

ENDS = 4  # quarter ends that say what load is usual


class End(BaseModel):
    """A quarter's last day: open deals, and selling posts that were filled (half a post counts half)."""

    quarter: str
    open: int
    posts: float


class Load(BaseModel):
    """Open deals a selling post at the period's end, and on average at `n` quarter ends before; `ends`: all of them.

    people   how many who sell were there at the end; of fewer than CROWD no load is told, nor of an end with so few
    """

    now: float | None = None
    usual: float | None = None
    n: int = 0
    people: int = 0
    ends: list[End] = []


@dataclass(frozen=True)
class People:
    """All that the pages of a period are made of.

    seats      who was there on some day; sellers: those of them who have targets
    closing    the deals at the period's end, or now; window: the days over which people are compared
    decided    the deals decided in it; earlier: in the same length of time before, as far as all of it is on record
    verdicts, team   what may be said of each, and of all; team_before: of all, in the time before
    """

    known: Known
    seats: list[Seat]
    closing: State
    window: Period
    decided: pd.DataFrame
    verdicts: dict[str, Verdict]
    team: Team
    load: Load
    idle: int
    listed: bool
    earlier: pd.DataFrame | None = None
    team_before: Team | None = None
    talks: list[Talk] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    was_there: dict[str, set[str]] = field(default_factory=dict)

    @property
    def sellers(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.sells]

    def quarters(self, name: str, period: Period, most: int) -> int:
        """In how many periods just before this one somebody was there; at most so many are asked for."""
        for n in range(most):
            period = period.before()
            if period.name not in self.was_there:
                self.was_there[period.name] = {seat.name for seat in seats(self.known, period)}
            if name not in self.was_there[period.name]:
                return n
        return most


def look(period: Period, known: Known, rules: Rules) -> People:
    """Everything about the team in a period, of what is known."""
    known = cast(Known, _Once(known))
    closing, there = known.at(min(period.last, known.on)), seats(known, period)
    window = rate_window(closing, period)
    verdicts, team = compare(closing, window)
    days = window.last - window.first + timedelta(days=1)
    before = window._replace(first=window.first - days, last=window.first - timedelta(days=1))
    if window == period:
        before = period.before()
    started = closing.decided()["closed"].min()
    on_record = not pd.isna(started) and (started.date() - before.first).days < 7
    names = pd.DataFrame({"name": [seat.name for seat in there if seat.sells]}, dtype="object")
    return People(
        known=known,
        seats=there,
        closing=closing,
        window=window,
        decided=metrics.decided_in(closing, window),
        verdicts=verdicts,
        team=team,
        load=_load(known, period, closing, there, rules.fiscal_start),
        idle=len(idle_people(names, known.deals)),
        listed=bool(len(known.people)),
        earlier=metrics.decided_in(closing, before) if on_record else None,
        team_before=compare(closing, before)[1] if on_record else None,
        talks=[t for t in known.entries("talks") if isinstance(t, Talk)],
        actions=[a for a in known.entries("actions") if isinstance(a, Action)],
        targets=[t for t in known.entries("targets") if isinstance(t, Target)],
        goals=[g for g in known.entries("goals") if isinstance(g, Goal)],
    )


def _load(known: Known, period: Period, closing: State, there: list[Seat], fiscal_start: int) -> Load:
    started = closing.decided()["closed"].min()
    quarter = period_of(period.last, "quarter", fiscal_start)
    now, ends = _end(closing, there, period.last, quarter.name), list[End]()
    for _ in range(ENDS):
        quarter = quarter.before()
        if pd.isna(started) or started.date() >= quarter.last:
            break
        if end := _end(known.at(quarter.last), seats(known, quarter), quarter.last, quarter.name):
            ends.insert(0, end)
    return Load(
        now=now.open / now.posts if now else None,
        usual=sum(end.open / end.posts for end in ends) / len(ends) if ends else None,
        n=len(ends),
        people=len(_sellers(there, period.last)),
        ends=[*ends, now] if now else [],
    )


def _end(state: State, there: list[Seat], last: date, quarter: str) -> End | None:
    """None where so few sold that it tells of one."""
    sellers = _sellers(there, last)
    if len(sellers) < CROWD:
        return None
    return End(quarter=quarter, open=len(state.open), posts=sum(seat.capacity for seat in sellers))


def _sellers(there: list[Seat], last: date) -> list[Seat]:
    return [seat for seat in there if seat.sells and seat.last == last and seat.capacity > 0]


class _Once:
    """What is known, each state made once: every person's metrics ask for the same days."""

    def __init__(self, known: Known) -> None:
        self._known, self._states = known, dict[date, State]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)

    @property
    def deals(self) -> State:
        return self.at(self._known.on)

    def at(self, day: date) -> State:
        """The state at the end of a day."""
        if day not in self._states:
            self._states[day] = self._known.at(day)
        return self._states[day]
