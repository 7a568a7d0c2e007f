"""What needs somebody today: the five deals where acting is worth most, and data to mend, as counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.limits import ACTIONS, Rule, Suggestion
from salesplaybook.methods import ages
from salesplaybook.methods.warnings import Warned, amounts_given, given
from salesplaybook.results import Figure, Message, defined, of_deals, say
from salesplaybook.states import State

SHOWN = 5
LARGER = 2  # deals that are named though they aren't among the five
REASONS = 2  # warnings that stand beside a deal
Fault = Literal["no_amount", "close_passed", "no_account", "no_owner", "no_created", "dead"]


class Today(BaseModel):
    """A deal that needs somebody today. chance: of being won by the quarter's end, or else the win rate at its age."""

    deal: str
    name: str
    account: str | None
    owner: str | None
    figure: Figure
    at_list_price: bool
    chance: float | None
    warnings: list[Warned]
    do: Message
    by: date


class Mend(BaseModel):
    """Deals with data to mend: which, how many, what share of the open ones (by count, or of the amount), and how."""

    rule: Fault
    figure: Figure
    share: float
    by_amount: bool
    how: Message


def five(
    state: State,
    warned: Mapping[str, list[Warned]],
    *,
    chances: pd.Series,
    quarter_last: date,
    monday: date,
    hidden: set[str],
    actions: Mapping[Rule, Suggestion],
    later: Callable[[date, int], date],
) -> tuple[list[Today], list[Today], int]:
    """The five of the deals to act on with the most value x chance (of equal ones by key), the largest of those that
    hold more than one of the five and whose chance alone keeps them out, and how many there are to act on.

    To act on: open, due by the quarter's last day or undated, not dead, not hidden, with a warning that can be mended.

    warned    deal -> its warnings (`warnings.of_deals`) in the newest `state`
    chances   deal -> chance of being won by the quarter's end; for a deal that has none, see `chances_of`. Where none
              of the deals has one, they stand in the order of their values
    actions   what project.yaml suggests for a warning, before what stands in `limits.ACTIONS`
    later     the working day so many working days after a day (`Calendar.later`)
    """
    deals = state.open
    close = deals["expected_close"]
    due = close.isna() | (close <= pd.Timestamp(quarter_last))
    rules = {key: {w.rule for w in found} for key, found in warned.items()}
    acting = [bool(rules.get(key)) and "dead" not in rules[key] and key not in hidden for key in deals.index]
    deals = deals[due & np.array(acting, dtype=bool)]
    chance = chances_of(state, chances).reindex(deals.index)
    weight = chance.fillna(chance.mean()).fillna(1.0)
    worth = (deals["value"] * weight).sort_index()
    first = worth.sort_values(ascending=False, kind="stable").index[:SHOWN]
    others = deals["value"].drop(first)[chance.drop(first).notna()].sort_index()
    larger = others[others > deals.loc[first, "value"].min()].sort_values(ascending=False, kind="stable").index[:LARGER]

    def made(keys: pd.Index) -> list[Today]:
        return [_today(key, deals.loc[key], chance[key], warned[key], actions, monday, later) for key in keys]

    return made(first), made(larger), len(deals)


def chances_of(state: State, chances: pd.Series) -> pd.Series:
    """Each open deal's chance: as `chances` says, else the win rate of the deals decided at its age, else of all.

    NaN where too few deals were decided for any.
    """
    age = metrics.ages(state).reindex(state.open.index)
    at_age = pd.Series(float("nan"), index=state.open.index)
    for band in ages.by_age(state):
        inside = (age >= band.first) & (age <= (float("inf") if band.last is None else band.last))
        if band.rate.value is not None:
            at_age[inside] = float(band.rate.value)
    overall = metrics.win_rate(state.decided(), metrics.dateless(state)).value
    known = chances.astype("float64").reindex(state.open.index).fillna(at_age)
    return known if overall is None else known.fillna(float(overall))


def to_mend(state: State, dead_after: Figure) -> list[Mend]:
    """Counts of open deals whose data are to be mended, in a fixed order; `dead_after` is `metrics.dead_after`.

    A column that the export has for no open deal is nothing to mend deal by deal; only without amounts nothing can be
    said of money, so that is told. What a state rebuilt from dates can't know is not missing. Dead deals: the share of
    the amount (of the count, where no open deal has one).
    """
    deals = state.open
    if not len(deals):
        return []
    has: dict[Fault, pd.Series] = {
        "no_amount": amounts_given(deals),
        "close_passed": deals["expected_close"].isna() | (deals["expected_close"] >= pd.Timestamp(state.day)),
        "no_account": given(deals["account"]),
        "no_owner": given(deals["owner"]),
        "no_created": deals["created"].notna(),
    }
    unknown = ("no_account", "no_owner", "no_created", *(["no_amount"] if state.amounts_unknown else []))
    missing = {rule: ~good for rule, good in has.items() if good.any() or rule not in unknown}
    found = [_mend(rule, deals, hit) for rule, hit in missing.items()]
    found.append(_dead(deals, metrics.dead(state, dead_after)))
    return [mend for mend in found if mend.figure.n]


def _mend(rule: Fault, deals: pd.DataFrame, hit: pd.Series) -> Mend:
    how = say("add the column to the export") if rule == "no_amount" and hit.all() else say(HOW[rule])
    figure = of_deals(MEANS[rule], deals.loc[hit, "value"])
    return Mend(rule=rule, figure=figure, share=float(hit.mean()), by_amount=False, how=how)


def _dead(deals: pd.DataFrame, dead: Figure) -> Mend:
    total = int(deals["value"].sum())
    share = (dead.value or 0) / total if total else (dead.n or 0) / len(deals)
    return Mend(rule="dead", figure=dead, share=share, by_amount=total > 0, how=say(HOW["dead"]))


def _today(
    key: str,
    deal: pd.Series,
    chance: float,
    warned: list[Warned],
    actions: Mapping[Rule, Suggestion],
    monday: date,
    later: Callable[[date, int], date],
) -> Today:
    gravest = warned[0].rule
    text, days = ACTIONS[gravest]
    do = say(text)
    if own := actions.get(gravest):
        do, days = say("{text}", text=own.do), own.days
    return Today(
        deal=key,
        name=_text(deal["name"]) or key,
        account=_text(deal["account"]),
        owner=_text(deal["owner"]),
        figure=of_deals(defined("a deal to act on today, at its amount"), pd.Series({key: deal["value"]})),
        at_list_price=bool(deal["at_list_price"]),
        chance=None if pd.isna(chance) else float(chance),
        warnings=warned[:REASONS],
        do=do,
        by=later(monday, days),
    )


def _text(cell: object) -> str | None:
    return None if pd.isna(cell) or cell == "" else str(cell)  # type: ignore[call-overload]


MEANS: dict[Fault, str] = {
    "no_amount": defined("open deals without an amount, at what they count"),
    "close_passed": defined("open deals whose expected close has passed"),
    "no_account": defined("open deals without an account"),
    "no_owner": defined("open deals without an owner"),
    "no_created": defined("open deals without a created day"),
}
HOW: dict[Fault, str] = {
    "no_amount": defined("enter it, or void"),
    "close_passed": defined("new date, or lost"),
    "no_account": defined("enter it"),
    "no_owner": defined("name one"),
    "no_created": defined("enter it"),
    "dead": defined("close, or say why not"),
}
