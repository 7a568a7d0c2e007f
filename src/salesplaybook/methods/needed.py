"""What would have to be true: how much new pipeline a week, from today on, a target asks for, beside the most that is
on record.

Target - won - what the open deals usually give = what must come from deals that are not open yet. Of what was opened in
as many last days of earlier quarters, a share was won in time: that is the yield. Needed a week = that / yield / weeks.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from salesplaybook.methods.quarters import complete
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, defined, rows_of, say
from salesplaybook.states import Known, State

ENOUGH = 3  # complete quarters
FEW_WON = 5  # deals opened and won in time, under which no yield is said
UNPRICED = 1 / 3  # of the opened deals without an amount, above which none is said either
LOOKED_BACK = 8
YIELD = defined("of the value opened in as many last days of earlier quarters, the share that was won in time")


class Needed(BaseModel):
    """What a target asks for. Money in cents.

    gap       target - won so far; open_gives: what of it the open deals usually give; rest: what is left to open
    a_week    new pipeline needed in each of the `weeks` left; best: the most that ever came a week, as the mean over as
              many days in a row (from best_first to best_last); usual: as the mean over as many last days of quarters
    verdict   `covered`: nothing new is needed; `usual`, `seen` (up to the best), `never` (more than ever on record);
              None where `withheld` says why
    """

    gap: int
    open_gives: int | None = None
    rest: int | None = None
    weeks: float = 0.0
    yields: Figure | None = None
    a_week: int | None = None
    usual: int | None = None
    best: int | None = None
    best_first: date | None = None
    best_last: date | None = None
    verdict: Literal["covered", "usual", "seen", "never"] | None = None
    withheld: Message | None = None


def needed(known: Known, quarter: Period, told: date, target: int, won: int, open_gives: int | None) -> Needed | None:
    """What `target` asks for from the day after `told` on; None where it is reached or the quarter is over.

    open_gives   what the open deals usually bring by the quarter's end (a forecast's `of_open`); None: not known
    """
    left, gap = (quarter.last - told).days, target - won
    if gap <= 0 or left <= 0:
        return None
    found = Needed(gap=gap, open_gives=open_gives, weeks=round(left / 7, 1))
    if open_gives is None:
        return found.model_copy(update={"withheld": say("what the open deals usually give is not known yet")})
    rest = max(gap - open_gives, 0)
    found = found.model_copy(update={"rest": rest})
    if not rest:
        return found.model_copy(update={"verdict": "covered"})
    newest = known.deals
    every = [q for q in complete(newest, known.on, quarter.fiscal_start) if q.last < quarter.first]
    over = every[-LOOKED_BACK:]
    if len(over) < ENOUGH:
        return found.model_copy(
            update={
                "withheld": say("complete quarters on record: {n:count}; it takes {enough}", n=len(over), enough=ENOUGH)
            }
        )
    return _from(found, newest, over, every[0].first, told, left)


def _from(found: Needed, newest: State, over: list[Period], first: date, told: date, left: int) -> Needed:
    """`over`: the quarters that say what is usual; first: the day from which on everything is on record."""
    ends = pd.concat([_opened(newest, q.last - timedelta(days=left - 1), q.last) for q in over])
    blank = float((ends["worth"] <= 0).mean()) if len(ends) else 1.0
    won = ends[ends["in_time"]]
    if blank > UNPRICED:
        return found.model_copy(update={"withheld": say("too many deals have no amount to tell what new ones bring")})
    if len(won) < FEW_WON:
        why = say(
            "in the last {left:count} days of earlier quarters only {n:count} deals were opened and won; it takes "
            "{few}",
            left=left,
            n=len(won),
            few=FEW_WON,
        )
        return found.model_copy(update={"withheld": why})
    share, weeks = float(won["worth"].sum() / ends["worth"].sum()), left / 7
    usual, a_week = float(ends["worth"].sum()) / len(over) / weeks, (found.rest or 0) / share / weeks
    most, last = _best(newest, first, told, left)
    verdict = "usual" if a_week <= usual else "seen" if a_week <= most / weeks else "never"
    rows = rows_of(ends["worth"].astype("int64"))
    return found.model_copy(
        update={
            "yields": Figure(definition=YIELD, value=share, unit="share", n=len(ends), rows=rows),
            "a_week": round(a_week),
            "usual": round(usual),
            "best": round(most / weeks),
            "best_first": last - timedelta(days=left - 1),
            "best_last": last,
            "verdict": verdict,
        }
    )


def _best(newest: State, first: date, last: date, days: int) -> tuple[float, date]:
    """The most that was opened in so many days in a row, and the last of these."""
    opened = _opened(newest, first, last)
    by_day = opened["worth"].astype(float).groupby(opened["created"]).sum()
    every = by_day.reindex(pd.date_range(first, last), fill_value=0.0).rolling(days).sum()
    place = int(every.fillna(-1).to_numpy().argmax())
    return float(every.iloc[place]), first + timedelta(days=place)


def _opened(newest: State, first: date, last: date) -> pd.DataFrame:
    """The deals created from `first` to `last`: when, what each is worth, and whether it was won by `last`."""
    frame = newest.frame
    created = frame["created"].dt.normalize()
    made = frame[(created >= pd.Timestamp(first)) & (created <= pd.Timestamp(last))]
    # A lost deal's amount is often set to zero: it counts what it last was when open.
    worth = made["amount"].where(made["amount"] > 0).fillna(made["last_open_amount"]).fillna(made["value"])
    in_time = (made["status"] == "won") & (made["closed"] <= pd.Timestamp(last))
    return pd.DataFrame(
        {
            "created": created[made.index],
            "worth": worth.fillna(0).astype("int64"),
            "in_time": in_time.fillna(False).astype(bool),
        }
    )
