"""Performance: whether people can be told apart at all by their closed deals, and how large a difference it takes.

In: the deals decided in a window. Out: a Verdict a person, and what may be said of the team, as counts.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.methods import noise, rates
from salesplaybook.periods import Period
from salesplaybook.results import Figure, defined
from salesplaybook.states import State

CROWD = 3  # people under which what is said of all tells of one
OTHERS = defined("Win rate of the others: their won deals / their won and lost ones")
Side = Literal["above", "below", "alike"]


class Verdict(BaseModel):
    """A person's closed deals beside the others'; None where there are too few of them, or of the others.

    by_wins, by_value   where the win rate, and what a won deal brings, lie against what chance makes of equal skill
    low, high           under and over which win rate this person would be told from the others (None: not at all)
    """

    closed: int = 0
    won: int = 0
    by_wins: Side | None = None
    by_value: Side | None = None
    low: float | None = None
    high: float | None = None
    others: Figure | None = None


class Team(BaseModel):
    """What may be said of all: how many were compared, and how many stand out by wins, or by the value of won deals.

    rate   won / closed of all; each: closed deals of the one in the middle; low, high: what would be seen with these
    sizes  the same for other numbers of closed deals: (closed, low, high)
    """

    people: int = 0
    with_deals: int = 0
    apart_by_wins: int = 0
    apart_by_value: int = 0
    rate: float | None = None
    each: int | None = None
    low: float | None = None
    high: float | None = None
    sizes: list[tuple[int, float | None, float | None]] = []


def rate_window(state: State, period: Period) -> Period:
    """Over which days people are compared: the period; of a quarter in which most have under ten closed deals, the four
    quarters up to it. How many they are, and not how they ended, decides."""
    closed = _owned(metrics.decided_in(state, period))["owner"].value_counts()
    if period.kind != "quarter" or (len(closed) and (closed >= rates.FEW).mean() > 0.5):
        return period
    first = period.before().before().before().first
    return period._replace(name=f"{first.isoformat()}/{period.last.isoformat()}", first=first)


def compare(state: State, window: Period) -> tuple[dict[str, Verdict], Team]:
    """A Verdict of everybody with a closed deal in the window, and what may be said of the team."""
    decided = _owned(metrics.decided_in(state, window))
    names = sorted(decided["owner"].unique())
    if not names:
        return {}, Team()
    who = decided["owner"].map({name: place for place, name in enumerate(names)}).to_numpy()
    hit = (decided["status"] == "won").to_numpy()
    closed, won = np.bincount(who), np.bincount(who, hit).astype(int)
    tested = noise.comparable(closed) & (len(names) >= CROWD)
    apart, by_value = noise.wins(won, closed), _value(decided[hit], who[hit], len(names))
    people = int(tested.sum())
    found = {}
    for place, name in enumerate(names):
        n, k, rest, rest_won = closed[place], won[place], closed.sum() - closed[place], won.sum() - won[place]
        verdict = Verdict(closed=int(n), won=int(k), others=_others(int(rest_won), int(rest), len(names)))
        if tested[place]:
            verdict.by_wins = _side(apart[place], k / n - rest_won / rest)
            verdict.by_value = by_value.get(place)
            verdict.low, verdict.high = noise.visible(n, rest, rest_won / rest, people)
        found[name] = verdict
    return found, _team(found, closed[tested], int(closed.sum()), int(won.sum()))


def _team(found: dict[str, Verdict], tested: np.ndarray, closed: int, won: int) -> Team:
    team = Team(people=len(tested), with_deals=len(found), rate=won / closed if len(found) >= CROWD else None)
    if not len(tested):
        return team
    team.apart_by_wins = sum(v.by_wins in ("above", "below") for v in found.values())
    team.apart_by_value = sum(v.by_value in ("above", "below") for v in found.values())
    team.each = round(float(np.median(tested)))
    team.low, team.high = noise.visible(team.each, closed - team.each, won / closed, team.people)
    share = (closed - team.each) / team.each  # so many others for each, whatever the number
    for size in sorted({10, 20, 40, 80, 160, 320, team.each}):
        team.sizes.append((size, *noise.visible(size, size * share, won / closed, team.people)))
    return team


def _value(won: pd.DataFrame, who: np.ndarray, people: int) -> dict[int, Side]:
    """How what each person's won deals bring lies against the others', among deals of the same product."""
    priced = (won["amount"] > 0).fillna(False).to_numpy(dtype=bool)
    if people < CROWD or not priced.any():
        return {}
    amounts, who = won.loc[priced, "amount"].to_numpy(dtype=float), who[priced]
    kinds = pd.factorize(won.loc[priced, "product"].fillna(""))[0]
    usual = pd.Series(amounts).groupby(kinds).transform("mean").to_numpy()
    apart, excess = noise.value(amounts, who, kinds), np.bincount(who, amounts - usual)
    tested = noise.comparable(np.bincount(who))
    return {place: _side(apart[place], excess[place]) for place in map(int, np.flatnonzero(tested))}


def _side(apart: bool, difference: float) -> Side:
    return ("above" if difference > 0 else "below") if apart else "alike"


def _others(won: int, closed: int, people: int) -> Figure | None:
    """The others' win rate; None where it would be one person's."""
    if people < CROWD or closed < rates.FEW:
        return None
    low, high = rates.wilson(won, closed)
    return Figure(definition=OTHERS, unit="share", value=won / closed, low=low, high=high, n=closed)


def _owned(decided: pd.DataFrame) -> pd.DataFrame:
    return decided[decided["owner"].notna() & (decided["owner"] != "")]
