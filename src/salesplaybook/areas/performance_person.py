"""Performance: what a person's quarter consists of: pipeline made, promises, data to mend, cycle, score, commitments.

In: the state at the quarter's end, what was typed, warnings. Out: small models, each number with its deals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import pandas as pd
from pydantic import BaseModel
from scipy.stats import quantile_test

from salesplaybook import metrics
from salesplaybook.entries.kinds import Action, Outcome, Talk
from salesplaybook.limits import Rule, Scorecard
from salesplaybook.methods import actuals, rates
from salesplaybook.methods.actuals import Measured
from salesplaybook.methods.warnings import Warned
from salesplaybook.periods import Period
from salesplaybook.results import LEVEL, Figure, Message, defined, of_deals, say
from salesplaybook.states import State

QUARTERS = 4  # of one's own that say what is usual
ENOUGH = 0.5  # share of the weights under which there is no score
# Which of the warnings are about data that the owner can mend, in their order, and what they are called.
DATA: dict[Rule, str] = {
    "no_step": defined("No next step"),
    "step_overdue": defined("Next step overdue"),
    "close_passed": defined("Close date passed"),
    "no_amount": defined("No amount"),
    "no_contact": defined("No contact"),
    "no_account": defined("No account"),
}
MADE = defined(
    "Pipeline made: own deals created in the period, at their amount; a lost one at what it last was when open"
)
TO_MEND = defined("own open deals with data to mend")
OPEN = defined("own open deals, at their amount")
CYCLE = defined("Days to win: from created to won, the middle of the won deals")
Way = Literal["in_time", "late", "moved", "open", "undated"]
RUNNING = say("still running: not compared with whole quarters yet")


class Kept(BaseModel):
    """A promise that was due in the period, and what became of it; `due` as it was promised first.

    way   `undated`: done, and nobody said on which day: neither in time nor late
    """

    what: str
    due: date
    way: Way
    done: date | None = None
    moved_to: date | None = None
    why: str = ""


class Faulty(BaseModel):
    """Own open deals that lack something."""

    rule: Rule
    figure: Figure


class Part(BaseModel):
    """A part of the scorecard: 0 to 100, or why there is none; `says` what it was made of."""

    name: Literal["attainment", "pipeline", "promises", "data"]
    weight: float
    value: float | None = None
    says: Message


class Score(BaseModel):
    """The weighted score of the parts with data; `of`: their share of all weights (under half: no score)."""

    parts: list[Part] = []
    value: float | None = None
    of: float = 0.0


class Commitment(BaseModel):
    """What one side promised, and what came of it."""

    by: Literal["person", "manager"]
    what: str
    due: date | None = None
    outcome: Outcome | None = None


def made(state: State, period: Period, owner: str) -> Figure:
    """Own deals created in the period; without a sum where too many lost ones have no amount, without a number where
    the export is older than the period's end."""
    if state.how == "export" and (min(period.last, state.day) - state.export).days > actuals.GRACE:
        return Figure(definition=MADE, reason=say("known up to {day:iso} only", day=state.export))
    frame = state.frame[state.frame["owner"] == owner]
    created = frame["created"]
    frame = frame[(created >= pd.Timestamp(period.first)) & (created <= pd.Timestamp(period.last))]
    lost = frame["status"] == "lost"
    was_open = frame["last_open_amount"].where(lost & ~(frame["amount"].fillna(0) > 0))
    cents = was_open.fillna(frame["value"]).astype("Int64")
    blank = int((lost & ~(cents > 0)).sum())
    if blank > (1 - metrics.LOST_AMOUNTS) * len(frame):
        why = say("{blank:count} of {lost:count} lost deals have no amount", blank=blank, lost=int(lost.sum()))
        return of_deals(MADE, cents, why)
    if state.amounts_unknown and (frame["status"] == "open").any():
        return of_deals(MADE, cents, say("rebuilt from dates: one export can't know the amounts of an earlier day"))
    return of_deals(MADE, cents)


def made_before(state: State, period: Period, owner: str, quarters: int = QUARTERS) -> list[tuple[str, Figure]]:
    """The same of so many quarters before, oldest first, as far as deals are on record."""
    first = state.frame["created"].min()
    found: list[tuple[str, Figure]] = []
    for _ in range(quarters):
        period = period.before()
        if pd.isna(first) or (first.date() - period.first).days >= 7:
            break
        found.insert(0, (period.name, made(state, period, owner)))
    return found


def promises(actions: Sequence[Action], owner: str, period: Period, on: date) -> list[Kept]:
    """What a person's promises with a day in the period, up to `on`, became, in the order of that day."""
    found = []
    for action in actions:
        due = action.was_due or action.due
        if action.who != owner or action.dropped or not action.what or due is None or due not in period or due > on:
            continue
        moved_to = action.due if action.was_due and action.due != due else None
        found.append(
            Kept(
                what=action.what,
                due=due,
                way=_way(action, due, moved_to, on),
                done=action.done,
                moved_to=moved_to,
                why=action.why,
            )
        )
    return sorted(found, key=lambda kept: (kept.due, kept.what))


def _way(action: Action, due: date, moved_to: date | None, on: date) -> Way:
    if action.done:
        return "in_time" if action.done <= due else "late" if moved_to is None else "moved"
    if action.outcome == "done":  # said in a review, without a day
        return "undated"
    return "moved" if moved_to and moved_to >= on else "open"


def to_mend(state: State, warned: Mapping[str, list[Warned]], owner: str) -> list[Faulty]:
    """A person's open deals with something to mend, by what it is."""
    mine = state.open[state.open["owner"] == owner]
    found = []
    for rule, name in DATA.items():
        keys = [key for key in mine.index if any(w.rule == rule for w in warned.get(str(key), []))]
        if keys:
            found.append(Faulty(rule=rule, figure=of_deals(name, mine.loc[keys, "value"])))
    return found


def cycle(decided: pd.DataFrame, owner: str) -> Figure:
    """The middle of the days from created to won, with its interval by ranks (binomial): one slow deal is one deal."""
    won = decided[(decided["status"] == "won") & (decided["owner"] == owner) & decided["created"].notna()]
    n = len(won)
    if n < rates.FEW:
        why = say("only {n:count} won deals with both days; it takes {few}", n=n, few=rates.FEW)
        return Figure(definition=CYCLE, unit="days", n=n, reason=why)
    days = pd.Series(metrics.days_between(won["created"], won["closed"]), index=won.index)
    inside = quantile_test(days.to_numpy(), p=0.5).confidence_interval(confidence_level=LEVEL)
    rows = of_deals(CYCLE, won["amount"]).rows
    return Figure(
        definition=CYCLE,
        unit="days",
        value=float(days.median()),
        low=float(inside.low),
        high=float(inside.high),
        n=n,
        rows=rows,
    )


def commitments(talks: Sequence[Talk], owner: str, period: str) -> list[Commitment]:
    """The promises of both sides from a person's talk about a period; those without words are left out."""
    talk = talk_of(talks, owner, period)
    if talk is None:
        return []
    both = [
        Commitment(by="person", what=talk.promise, due=talk.due, outcome=talk.outcome),
        Commitment(by="manager", what=talk.support, due=talk.support_due, outcome=talk.support_outcome),
    ]
    return [one for one in both if one.what]


def talk_of(talks: Sequence[Talk], owner: str, period: str) -> Talk | None:
    """A person's talk about a period; of two, the one typed last."""
    return next((t for t in reversed(talks) if (t.person, t.period) == (owner, period)), None)


def score(
    weights: Scorecard,
    measured: Sequence[Measured],
    made_now: Figure,
    before: Sequence[Figure],
    kept: Sequence[Kept],
    open_deals: Figure,
    mend: Figure,
    running: bool = False,
) -> Score:
    """The scorecard: each part from 0 to 100, their mean by weight; one without data, or of weight 0, is in no sum.

    running   the period isn't over: what is measured by whole quarters is in no sum either
    """
    whole = [_attainment(weights.attainment, measured), _pipeline(weights.pipeline, made_now, before)]
    parts = [
        *([part.model_copy(update={"value": None, "says": RUNNING}) for part in whole] if running else whole),
        _promises(weights.promises, kept),
        _data(weights.data, open_deals, mend),
    ]
    parts = [part for part in parts if part.weight]
    known = [part for part in parts if part.value is not None]
    total, held = sum(p.weight for p in parts), sum(p.weight for p in known)
    of = held / total if total else 0.0
    value = sum(p.weight * (p.value or 0) for p in known) / held if of >= ENOUGH else None
    return Score(parts=parts, value=value, of=of)


def _attainment(weight: float, measured: Sequence[Measured]) -> Part:
    reached = [m.attainment for m in measured if m.attainment is not None]
    if not reached:
        return Part(name="attainment", weight=weight, says=say("no target with an actual beside it"))
    value = 100 * sum(min(max(r, 0), 1) for r in reached) / len(reached)
    said = say("mean attainment of {n:count} targets, none counted over 100", n=len(reached))
    if len(reached) == 1:
        said = say("attainment of the one target, not counted over 100")
    return Part(name="attainment", weight=weight, value=value, says=said)


def _pipeline(weight: float, now: Figure, before: Sequence[Figure]) -> Part:
    if now.n is None and now.reason is not None:
        return Part(name="pipeline", weight=weight, says=now.reason)
    by_amount = now.value is not None and all(f.value is not None for f in before)
    came = [float((f.value if by_amount else f.n) or 0) for f in (*before, now)]
    usual = sum(came[:-1]) / len(before) if before else 0
    if not usual:
        return Part(name="pipeline", weight=weight, says=say("no earlier quarter of your own on record"))
    said = (
        say("amount of new deals / mean of your {n:count} quarters before, not counted over 100", n=len(before))
        if by_amount
        else say("number of new deals / mean of your {n:count} quarters before, not counted over 100", n=len(before))
    )
    return Part(name="pipeline", weight=weight, value=min(100 * came[-1] / usual, 100), says=said)


def _promises(weight: float, kept: Sequence[Kept]) -> Part:
    dated = [k for k in kept if k.way != "undated"]
    if not dated:
        none = say("no day is known of the promises that were done") if kept else say("no promise was due")
        return Part(name="promises", weight=weight, says=none)
    share = sum(k.way == "in_time" for k in dated) / len(dated)
    return Part(name="promises", weight=weight, value=100 * share, says=say("share of promises done in time"))


def _data(weight: float, open_deals: Figure, mend: Figure) -> Part:
    if not open_deals.n:
        return Part(name="data", weight=weight, says=say("no open deal"))
    share = 1 - (mend.n or 0) / open_deals.n
    return Part(name="data", weight=weight, value=100 * share, says=say("share of open deals with nothing to mend"))
