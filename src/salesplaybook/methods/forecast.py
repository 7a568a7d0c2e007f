"""Forecast: what will be won by the end of a quarter, as a range beside two benchmarks that are hard to beat.

The question is "won by the end of the period", not "won one day". Each number comes from complete quarters, looked at
with as many days left as there are now (`quarters`):

- last_quarter: as much as the last complete quarter brought;
- pace: what is won so far / the share of their totals that complete quarters had won with as many days left (sum by
  sum); it can't be said before anything is won;
- model: the median of simulated ends (`fitting`, `simulation`), its range being P10-P90.

Past errors: each complete quarter is said once more by each way from the complete quarters before it alone, of which
there must be one: (said - came) / came, came being its bookings as known today. A quarter counts only where all ways
could be tried, so that the errors are of the same quarters. The headline is the way with the smallest mean size of
errors; where nothing could be tried yet, pace once half of a quarter's total is usually won by then, else the last
quarter. The last eight complete quarters count (`quarters.MOST`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from salesplaybook import metrics
from salesplaybook.methods import fitting, quarters, simulation
from salesplaybook.methods.fitting import Past
from salesplaybook.methods.quarters import quarter_ahead
from salesplaybook.periods import Period
from salesplaybook.results import Benchmark, Forecast, Message, say
from salesplaybook.states import Known

__all__ = ["Outlook", "outlook", "quarter_ahead"]

ENOUGH = 3  # complete quarters from which on there is a range
FEW_OPEN = 30  # deals seen open in complete quarters, under which no deal's chance is given
FEW_WON = 5  # deals won in their remaining days, under which nothing is simulated
TRIED = 500  # draws for a quarter that is over: its median is all that is asked
MOSTLY_WON = 0.5
Way = Literal["last_quarter", "pace", "model"]


@dataclass(frozen=True)
class Outlook:
    """A forecast, and each open deal's chance to be won by the period's end.

    chances   index = key of each open deal; never 0 or 1; NaN where it can't be said (no created day, thin data)
    """

    forecast: Forecast
    chances: pd.Series


def outlook(known: Known, quarter: Period, left: int, target: int | None = None, seed: int = 0) -> Outlook:
    """What is known as of `known.on` says about the end of `quarter`, of which `left` days are left after that day.

    target in cents. The same `seed` gives the same draws.
    """
    newest = known.deals
    booked = metrics.bookings(newest, quarter)
    due = newest.open[newest.open["expected_close"] <= pd.Timestamp(quarter.last)]
    said = Forecast(
        period=quarter.name,
        last=quarter.last,
        made_on=known.on,
        days_left=left,
        case="a",
        won=int(booked.value or 0),
        due=int(due["value"].sum()),
        due_n=len(due),
        target=target,
    )
    unknown = pd.Series(np.nan, index=newest.open.index, dtype=float)
    if not newest.frame["value"].any():
        return Outlook(said.model_copy(update={"withheld": NO_AMOUNTS}), unknown)
    first = quarters.first_complete(newest, quarter.fiscal_start)
    if first is None or booked.reason:
        # Where it isn't known what is won, nobody knows how far the target is.
        untold = {"withheld": NO_ENDS} if first is None else {"withheld": booked.reason, "target": None}
        return Outlook(said.model_copy(update=untold), unknown)
    over = [q for q in quarters.complete(newest, known.on, quarter.fiscal_start) if q.last < quarter.first]
    over = over[-quarters.MOST :]
    looked = [quarters.past(known, q, left, newest) for q in over]
    past = [p for p, _ in looked]
    found: dict[str, object] = {
        "case": "b",
        "quarters": [q.name for q in over],
        "rebuilt": any(rebuilt for _, rebuilt in looked),
        "usual_share": _usual_share(past),
    }
    why, since = _too_early(first, past, left, metrics.dateless(newest))
    ways: list[Way] = ["last_quarter", "pace"]
    chances = unknown
    if _won(past) >= FEW_WON and not metrics.dateless(newest):
        dated = newest.open[newest.open["created"].notna()]
        now, fitted = quarters.deals(newest, dated, known.stages), fitting.fit(past)
        drawn = simulation.simulate(fitted, now, np.random.default_rng(seed))
        if sum(len(p.open.ages) for p in past) >= FEW_OPEN:
            chances = pd.Series(drawn.chances, index=dated.index).reindex(unknown.index)
        if not why:
            found |= _range(said, drawn) | {"case": "d" if fitted.stages_count(now) else "c"}
            ways.append("model")
    said = said.model_copy(update=found | {"withheld": why, "range_from": since})
    return Outlook(_with_benchmarks(said, past, ways, seed), chances)


NO_AMOUNTS = say("no deal has an amount: export that column too")
NO_ENDS = say(
    "no won or lost deal has a closing day yet: export those that are closed too, with the day on which each was won "
    "or lost"
)


def _range(said: Forecast, drawn: simulation.Draws) -> dict[str, object]:
    """P10, P50, P90, where the median comes from, and the chance of the target."""
    total = said.won + drawn.open + drawn.new
    p10, p50, p90 = (round(float(p)) for p in np.quantile(total, [0.1, 0.5, 0.9]))
    # Of simulated ends near the median, the share that open deals bring.
    near = np.abs(total - p50) <= np.quantile(np.abs(total - p50), 0.2)
    rest, of_open = (drawn.open + drawn.new)[near].sum(), drawn.open[near].sum()
    from_open = round((p50 - said.won) * float(of_open / rest)) if rest else 0
    reached = None if said.target is None else (float((total >= said.target).sum()) + 0.5) / (len(total) + 1)
    return {
        "p10": p10,
        "p50": p50,
        "p90": p90,
        "of_open": from_open,
        "of_new": p50 - said.won - from_open,
        "chance": reached,
    }


def _with_benchmarks(said: Forecast, past: Sequence[Past], ways: Sequence[Way], seed: int) -> Forecast:
    """The forecast with each way's number and past errors, and the headline."""
    now = {"last_quarter": _last(past), "pace": _pace(past, said.won), "model": said.p50}
    can = [way for way in ways if now[way] is not None]
    errors: dict[str, list[float]] = {way: [] for way in can}
    for number in range(1, len(past)):
        before, then = past[:number], past[number]
        tried = {way: _tried(way, before, then, seed) for way in can}
        if then.total > 0 and all(value is not None for value in tried.values()):
            for way, value in tried.items():
                errors[way].append((float(value or 0) - then.total) / then.total)
    found = [Benchmark(name=way, value=_cents(now[way]), errors=errors.get(way, [])) for way in ways]
    return said.model_copy(update={"benchmarks": found, "headline": _headline(found, said.usual_share)})


def _headline(found: Sequence[Benchmark], usual: float | None) -> Way | None:
    tried = [b for b in found if b.error is not None]
    if tried:
        return min(tried, key=lambda b: b.error or 0).name
    sayable: list[Way] = [b.name for b in found if b.value is not None]
    first: Way = "pace" if (usual or 0) >= MOSTLY_WON else "last_quarter"
    return first if first in sayable else next(iter(sayable), None)


def _tried(way: Way, before: Sequence[Past], then: Past, seed: int) -> float | None:
    """What `way` would have said of a quarter that is over, from those before it."""
    if way == "last_quarter":
        return _last(before)
    if way == "pace":
        return _pace(before, then.so_far)
    if _won(before) < FEW_WON:
        return None
    drawn = simulation.simulate(fitting.fit(before), then.open, np.random.default_rng(seed), TRIED)
    return then.so_far + float(np.median(drawn.open + drawn.new))


def _last(past: Sequence[Past]) -> float | None:
    return past[-1].total if past else None


def _pace(past: Sequence[Past], so_far: float) -> float | None:
    usual = _usual_share(past)
    return so_far / usual if usual and so_far > 0 else None


def _usual_share(past: Sequence[Past]) -> float | None:
    total = sum(p.total for p in past)
    return sum(p.so_far for p in past) / total if total > 0 else None


def _won(past: Sequence[Past]) -> int:
    """How many deals were won in the remaining days."""
    return sum(int(p.won.sum()) + len(p.new) for p in past)


def _cents(value: float | None) -> int | None:
    return None if value is None else round(value)


def _too_early(
    first: Period, past: Sequence[Past], left: int, dateless: Message | None
) -> tuple[Message | None, date | None]:
    """Why there is no range, and the day from which there will be one: after the third complete quarter."""
    if dateless:
        return dateless, None
    if len(past) < ENOUGH:
        third = quarters.after(quarters.after(first))
        why = say("a range takes {few} complete quarters; so far: {n:count}", few=ENOUGH, n=len(past))
        return why, third.last + timedelta(days=1)
    if _won(past) < FEW_WON:
        return say(
            "only {n:count} deals were won in the last {left:count} days of complete quarters; it takes {few}",
            n=_won(past),
            left=left,
            few=FEW_WON,
        ), None
    return None, None
