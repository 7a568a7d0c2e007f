"""Deals that decide a quarter: of those that may still come in by its end, the ones with the most amount x chance."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.methods.today import chances_of
from salesplaybook.results import Figure, defined, of_deals
from salesplaybook.states import State

SHOWN = 8


class Deciding(BaseModel):
    """An open deal, its amount in cents, and its chance to be won by the quarter's end.

    by_age   the chance is the win rate of deals decided at its age, since the model can't say one
    """

    deal: str
    name: str
    account: str = ""
    owner: str = ""
    stage: str = ""
    amount: int
    figure: Figure
    at_list_price: bool = False
    chance: float | None = None
    by_age: bool = False
    next_step: str = ""
    next_step_date: date | None = None


def deciding(state: State, chances: pd.Series, quarter_last: date, most: int = SHOWN) -> list[Deciding]:
    """The open deals with the most amount x chance (of equal ones by key): due by the quarter's last day, or undated;
    not dead, and worth something.

    chances   deal -> chance of being won by the quarter's end (`forecast.Outlook`). A deal that has none counts with
              the win rate at its age, one without that with the mean; where no deal has one, the amounts order them
    """
    deals = state.open
    close = deals["expected_close"]
    dead = metrics.dead(state, metrics.dead_after(state)).rows
    deals = deals[
        (close.isna() | (close <= pd.Timestamp(quarter_last))) & ~deals.index.isin(list(dead)) & (deals["value"] > 0)
    ]
    chance = chances_of(state, chances).reindex(deals.index)
    worth = (deals["value"] * chance.fillna(chance.mean()).fillna(1.0)).sort_index()
    first = worth.sort_values(ascending=False, kind="stable").index[:most]
    own = chances.reindex(first).notna()
    return [_deciding(str(key), deals.loc[key], chance[key], bool(own[key])) for key in first]


def _deciding(key: str, deal: pd.Series, chance: float, own: bool) -> Deciding:
    step = deal["next_step_date"]
    return Deciding(
        deal=key,
        name=_text(deal["name"]) or key,
        account=_text(deal["account"]),
        owner=_text(deal["owner"]),
        stage=_text(deal["stage"]),
        amount=int(deal["value"]),
        figure=of_deals(defined("a deal that decides the quarter, at its amount"), pd.Series({key: deal["value"]})),
        at_list_price=bool(deal["at_list_price"]),
        chance=None if pd.isna(chance) else float(chance),
        by_age=not pd.isna(chance) and not own,
        next_step=_text(deal["next_step"]),
        next_step_date=None if pd.isna(step) else step.date(),
    )


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell).strip()  # type: ignore[call-overload]
