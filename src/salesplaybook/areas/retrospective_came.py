"""What came of what was planned and said: the largest deals, dates, goals, promises, forecasts and risks.

In: walks, entries (`entries.kinds`), what the ledger holds. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from salesplaybook.areas.weekly_track import one_a_quarter, scored, track
from salesplaybook.entries.kinds import Action, Goal, Reason, Risk, Target
from salesplaybook.methods import actuals
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Said, Walk
from salesplaybook.states import Known, State

LARGEST = 3
SUMS = (*actuals.MONEY, "new_customers")  # once reached, they stay so
Became = Literal["won", "lost", "slipped"]
Goes = Literal["reached", "not_reached", "running", "unknown", "draft"]
# A row of the quarter's walks -> what became of its deals.
BECAME: dict[str, Became] = {
    "lost": "lost",
    "slipped": "slipped",
    "won": "won",
    "pulled_in": "won",
    "from_open": "won",
    "opened_and_won": "won",
    "reopened_and_won": "won",
    "dated_in": "won",
}


class Largest(BaseModel):
    """One of the quarter's largest deals, and why it went that way; said_by: who says so, or "" where nobody does."""

    deal: str
    name: str
    account: str = ""
    owner: str = ""
    amount: int
    became: Became
    why: str = ""
    competitor: str = ""
    said_by: Literal["data", "manager", ""] = ""


class Dates(BaseModel):
    """How many actions were to be done in the quarter, as far as it has gone, and how many were: in time, late, on a
    day that nobody wrote down, not yet; `goals_due`: how many goals were to be reached by a day in it."""

    due: int = 0
    in_time: int = 0
    late: int = 0
    undated: int = 0
    open: int = 0
    goals_due: int = 0


class Reached(BaseModel):
    """A goal beside what came of it, in the unit of its metric: cents, a share, or a count.

    state   `draft`: it lacks a target, so nobody can tell; `unknown`: what came isn't on record; `running`: it isn't
            reached, and the quarter isn't over
    target, came   None of a person's own target: this page is for the group
    """

    id: str
    what: str
    owner: str
    metric: str
    target: float | None = None
    came: float | None = None
    due: date | None = None
    state: Goes


class Track(BaseModel):
    """Forecasts and risks as counts: of `scored` ranges of the model, one a quarter, `inside` held what came; of
    `risks_scored` risks that were settled in the quarter `risks_happened`, where their probabilities sum to
    `risks_expected`.

    bias     how much too high the middle was on average (a share; < 0: too low)
    held     whether this quarter's range held what came; None where nobody can tell yet
    commit   the manager's last commit for the quarter, in cents
    """

    inside: int = 0
    scored: int = 0
    bias: float | None = None
    held: bool | None = None
    commit: int | None = None
    risks_happened: int = 0
    risks_scored: int = 0
    risks_expected: float | None = None


class Promised(BaseModel):
    """A promise of the review before, as it stands."""

    id: str
    what: str
    who: str
    due: date | None = None
    measure: str = ""
    state: Literal["done", "partly", "not_done", "open"]
    why: str = ""
    moved_to: date | None = None
    review: str = ""


class Move(BaseModel):
    """What is promised for the next quarter."""

    id: str
    what: str
    who: str
    due: date | None = None
    measure: str = ""


def largest(
    outcome: Walk | None, booked: Walk | None, ends: tuple[State, State], typed: Sequence[Reason], lost: pd.DataFrame
) -> list[Largest]:
    """The deals of the quarter's walks, each at what it counts there, the largest first: LARGEST of them, and the
    largest of each way if it isn't among these.

    ends: opening and closing, for their names; lost: the deals lost in the period, which stand in no walk where
    nothing was due at the opening
    """
    found: dict[str, tuple[int, Became]] = {}
    walks = [w for w in (outcome, booked) if w]
    rows = [(BECAME[s.name], s.figure.rows) for w in walks for s in w.steps if s.name in BECAME]
    if outcome is None:
        rows.append(("lost", {str(k): int(v) for k, v in lost["value"].items()}))
    for became, deals in rows:
        for key, amount in deals.items():
            if amount and (key not in found or abs(amount) > found[key][0]):
                found[key] = (abs(amount), became)
    ordered = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    firsts = [next((item for item in ordered if item[1][1] == way), None) for way in ("slipped", "lost", "won")]
    wanted = ordered[:LARGEST] + [item for item in firsts if item and item not in ordered[:LARGEST]]
    opening, closing = ends
    said = {r.deal: r for r in typed}
    out = []
    for key, (amount, became) in wanted:
        frame = closing.frame if key in closing.frame.index else opening.frame
        out.append(_largest(key, frame.loc[[key]].iloc[0], amount, became, said.get(key)))
    return out


def _largest(key: str, row: pd.Series, amount: int, became: Became, said: Reason | None) -> Largest:
    exported = _text(row["loss_reason"]) if became == "lost" else ""
    typed = said.why.strip() if said else ""
    against = (said.competitor.strip() if said else "") or _text(row["competitor"])
    why = typed or exported
    return Largest(
        deal=key,
        name=_text(row["name"]) or key,
        account=_text(row["account"]),
        owner=_text(row["owner"]),
        amount=amount,
        became=became,
        why=why,
        competitor=against,
        said_by="manager" if typed else "data" if exported or (became == "lost" and against) else "",
    )


def dates(actions: Sequence[Action], goals: Sequence[Goal], period: Period, on: date) -> Dates:
    """What was to be done in the quarter, by the day on which it was first promised for."""
    found = Dates(goals_due=sum(g.due is not None and g.due in period for g in goals if not g.dropped))
    for action in actions:
        first = action.was_due or action.due
        if not action.what or first is None or first not in period or (action.dropped and not action.review):
            continue
        if first > on:
            continue
        found.due += 1
        if action.done and action.done <= on:
            found.in_time += action.done <= first
            found.late += action.done > first
        elif action.outcome == "done" and action.done is None:
            found.undated += 1
        else:
            found.open += 1
    return found


def goals(found: Sequence[Goal], targets: Sequence[Target], known: Known, period: Period, cents: int) -> list[Reached]:
    """Each goal of the quarter beside what came of it."""
    return [_reached(g, targets, known, period, cents) for g in found if g.period == period.name and not g.dropped]


def _reached(goal: Goal, targets: Sequence[Target], known: Known, period: Period, cents: int) -> Reached:
    own = any(t.owner == goal.owner and (t.metric, t.period) == (goal.metric, period.name) for t in targets)
    owner = goal.owner if own and goal.owner else ""
    standard = goal.metric in actuals.METRICS
    asked = actuals.target(targets, goal.metric, period.name, cents if standard else 1, owner) if goal.metric else None
    came: float | int | Decimal | None = goal.came
    if standard and not known.empty:
        came = actuals.actual(known, goal.metric, period, owner).value
    complete = bool(goal.what and goal.owner and goal.metric and asked is not None)
    state: Goes = "draft"
    if complete and asked is not None:
        state = "unknown" if came is None else "reached" if float(came) >= asked else "not_reached"
    if known.on < period.last and (state == "not_reached" or (state == "reached" and goal.metric not in SUMS)):
        state = "running"
    return Reached(
        id=goal.id,
        what=goal.what,
        owner=goal.owner,
        metric=goal.metric,
        target=None if owner else asked,
        came=None if came is None or owner else float(came),
        due=goal.due,
        state=state,
    )


def said_and_came(
    said: Sequence[Said], latest: State, risks: Sequence[Risk], period: Period, fiscal_start: int, on: date
) -> Track:
    """Forecasts and commits of quarters up to this one, and risks settled in it."""
    past = [s for s in scored(said, latest, fiscal_start, on) if s.period <= period.name]
    all_of, mine = track(past, fiscal_start), one_a_quarter([s for s in past if s.period == period.name], fiscal_start)
    commits = [s for s in said if s.by == "manager" and not s.owner and s.period == period.name]
    last = max(commits, key=lambda s: s.made_on, default=None)
    settled = [r for r in risks if r.happened is not None and r.closed and r.closed in period]
    chances = [float(r.probability) for r in settled if r.probability is not None and 0 <= r.probability <= 1]
    return Track(
        inside=all_of.inside if all_of else 0,
        scored=all_of.n if all_of else 0,
        bias=all_of.bias if all_of else None,
        held=mine[0].inside if mine else None,
        commit=last.said if last else None,
        risks_happened=sum(bool(r.happened) for r in settled),
        risks_scored=len(settled),
        risks_expected=sum(chances) if chances and len(chances) == len(settled) else None,
    )


def promised(actions: Sequence[Action], period: Period) -> list[Promised]:
    """What was promised in the review of the quarter before, and what older reviews promised and moved into this one.

    A promise stands whether somebody has marked it as dropped or not.
    """
    before = period.before().name
    mine = [a for a in actions if a.review == before and a.what]
    mine += [a for a in actions if a.review and a.review < before and a.what and _carried(a, period)]
    return [_promised(a) for a in mine]


def _carried(action: Action, period: Period) -> bool:
    """Whether an older promise was still to be kept when the quarter began."""
    done = action.outcome == "done" or (action.outcome is None and action.done is not None)
    return action.moved is not None and not (done and action.done is not None and action.done < period.first)


def _promised(action: Action) -> Promised:
    state: Literal["done", "partly", "not_done", "open"] = action.outcome or ("done" if action.done else "open")
    return Promised(
        id=action.id,
        what=action.what,
        who=action.who,
        due=action.was_due or action.due,
        measure=action.measure,
        state=state,
        why=action.why,
        moved_to=action.due if action.moved else None,
        review=action.review,
    )


def fallen_due(found: Sequence[Promised], on: date | None) -> list[Promised]:
    """The promises that could have been kept by now: all but the open ones of a later day."""
    return [p for p in found if p.state != "open" or p.due is None or on is None or p.due <= on]


def moves(actions: Sequence[Action], period: Period) -> list[Move]:
    """What this quarter's review promises for the next."""
    mine = [a for a in actions if a.review == period.name and a.what]
    return [Move(id=a.id, what=a.what, who=a.who, due=a.due, measure=a.measure) for a in mine]


def figures(prefix: str, found: Mapping[str, Figure]) -> Iterator[tuple[str, Figure]]:
    yield from ((f"{prefix}.{name}", figure) for name, figure in found.items())


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell).strip()  # type: ignore[call-overload]
