"""How right earlier forecasts and commits were: what was said of quarters that have closed since, beside what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from pydantic import BaseModel

from salesplaybook import metrics, periods
from salesplaybook.results import Said
from salesplaybook.states import State

ENOUGH = 3  # quarters under which no mean error is said


class Track(BaseModel):
    """Counts, not percentages: of `n` ranges of the model, one a quarter, `inside` held what came.

    bias, commit_bias   how much too high the middle, and the manager's commit, were on average (a share; < 0: too low);
                        of the middle None under three quarters
    """

    n: int
    inside: int
    bias: float | None
    commits: int
    commit_bias: float | None


def scored(
    said: Sequence[Said],
    closing: State,
    fiscal_start: int,
    on: date,
    at: Callable[[date], State] | None = None,
) -> list[Said]:
    """What had been said of quarters that are over, each with what came: as scored once, else by the deals of `on`; an
    owner's commit by the deals that were the owner's at the quarter's end (`at`: the state of a day), if any were. The
    ledger keeps it; no page shows a person's record of being right.
    """
    out = []
    for line in said:
        if line.came is not None:
            out.append(line)
            continue
        period = periods.parse(line.period, fiscal_start)
        if period.last >= min(on, closing.day) or (line.owner and at is None):
            continue
        mine = _of(closing, at(period.last), line.owner) if at and line.owner else closing
        came = metrics.bookings(mine, period).value
        if came is not None and len(mine.frame):
            out.append(line.model_copy(update={"came": int(came), "scored_on": on}))
    return out


def _of(closing: State, end: State, owner: str) -> State:
    """The deals, as they are now, that were somebody's at a quarter's end."""
    mine = end.frame.index[end.frame["owner"] == owner]
    return replace(closing, frame=closing.frame[closing.frame.index.isin(mine)])


def one_a_quarter(past: Sequence[Said], fiscal_start: int = 1) -> list[Said]:
    """Of the scored ranges of each quarter the first that was made in it, else the first of all: thirteen of one
    quarter are right or wrong together, and tell no more than one."""
    found: dict[str, Said] = {}
    for line in sorted((s for s in past if s.inside is not None), key=lambda s: s.made_on):
        kept = found.get(line.period)
        if kept is None or kept.made_on < periods.parse(line.period, fiscal_start).first <= line.made_on:
            found[line.period] = line
    return [found[period] for period in sorted(found)]


def track(past: Sequence[Said], fiscal_start: int = 1) -> Track | None:
    """The record of the model's ranges and of the manager's commits; None where nothing has been scored."""
    ranges = one_a_quarter(past, fiscal_start)
    commits = [s for s in past if s.by == "manager" and not s.owner]
    if not ranges and not commits:
        return None
    return Track(
        n=len(ranges),
        inside=sum(bool(s.inside) for s in ranges),
        bias=_bias(ranges) if len(ranges) >= ENOUGH else None,
        commits=len(commits),
        commit_bias=_bias(commits),
    )


def _bias(said: Sequence[Said]) -> float | None:
    known = [(s.said - s.came) / s.came for s in said if s.came]
    return sum(known) / len(known) if known else None
