"""How right earlier forecasts and commits were: what was said of quarters that have closed since, beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel

from salesplaybook import metrics, periods
from salesplaybook.results import Said
from salesplaybook.states import State


class Track(BaseModel):
    """Counts, not percentages: of `n` ranges of the model, `inside` held what came; over how many quarters.

    bias, commit_bias   how much too high the middle, and the manager's commit, were on average (a share; < 0: too low)
    """

    n: int
    inside: int
    quarters: int
    bias: float | None
    commits: int
    commit_bias: float | None


def scored(said: Sequence[Said], closing: State, fiscal_start: int, on: date) -> list[Said]:
    """What had been said of quarters that are over, each with what came: as scored once, else by the deals of `on`.

    Owners' commits are kept and not scored: no person's record of being right is made.
    """
    out = []
    for line in said:
        if line.came is not None:
            out.append(line)
            continue
        period = periods.parse(line.period, fiscal_start)
        if period.last < min(on, closing.day) and (not line.owner):
            came = int(metrics.bookings(closing, period).value or 0)
            out.append(line.model_copy(update={"came": came, "scored_on": on}))
    return out


def track(past: Sequence[Said]) -> Track | None:
    """The record of the model's ranges and of the manager's commits; None where nothing has been scored."""
    ranges = [s for s in past if s.inside is not None]
    commits = [s for s in past if s.by == "manager"]
    if not ranges and not commits:
        return None
    return Track(
        n=len(ranges),
        inside=sum(bool(s.inside) for s in ranges),
        quarters=len({s.period for s in ranges}),
        bias=_bias(ranges),
        commits=len(commits),
        commit_bias=_bias(commits),
    )


def _bias(said: Sequence[Said]) -> float | None:
    known = [(s.said - s.came) / s.came for s in said if s.came]
    return sum(known) / len(known) if known else None
