"""How far deals get, and how long that takes: from the stages that the exports showed day by day."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pydantic import BaseModel

from salesplaybook.methods import rates
from salesplaybook.results import Figure, defined, of_deals, say
from salesplaybook.states import State

SPAN = 28  # days of exports under which stages tell nothing yet


class Stage(BaseModel):
    """A stage of the process: what is open in it, how many went on, and how long that takes."""

    name: str
    open: Figure
    onward: Figure
    still: int = 0
    won_days: Figure
    slow: Figure


def has_history(rows: pd.DataFrame, days: list[date], stages: list[str]) -> bool:
    """Whether the exports show deals moving: stages are mapped, seen, and over at least four weeks."""
    long_enough = len(days) > 1 and (days[-1] - days[0]).days >= SPAN
    return long_enough and bool(rows["stage"].isin(stages).any())


def by_stage(rows: pd.DataFrame, closing: State, stages: list[str]) -> list[Stage]:
    """Each open stage: its deals, how many of those that reached it went on, and days in it of deals that were won."""
    stay = visits(rows, stages, closing.day)
    ways = conversions(stay, closing.frame["status"], stages)
    won = closing.frame.index[closing.frame["status"] == "won"]
    took = days_in_stage(stay, won)
    standing = stay[stay["left"].isna()].drop_duplicates("key", keep="last").set_index("key")
    out = []
    for stage in stages:
        here = closing.open[closing.open["stage"] == stage]
        way = ways[stage]
        hits = way[way != "still"] == "further"
        onward = rates.share(
            defined("of the deals seen to reach the stage and to leave it: went further or were won"),
            hits,
            closing.frame["value"].reindex(hits.index),
        )
        days = took.loc[took["stage"] == stage, "days"]
        won_days = _days(defined("median days in the stage of deals that were won"), days)
        limit = None if won_days.reason else float(days.quantile(0.9, interpolation="higher"))
        # A deal that has moved on in the export after the closing day was not seen to stand here before.
        entered = standing.loc[standing["stage"] == stage, "entered"].reindex(here.index)
        since = (pd.Timestamp(closing.day) - entered).dt.days
        slow_text = defined("open in the stage for longer than 9 of 10 deals that were won")
        slow = (
            Figure(definition=slow_text, n=None, reason=won_days.reason)
            if limit is None
            else of_deals(slow_text, here.loc[since > limit, "value"])
        )
        out.append(
            Stage(
                name=stage,
                open=of_deals(defined("open in the stage"), here["value"]),
                onward=onward,
                still=int((way == "still").sum()),
                won_days=won_days,
                slow=slow,
            )
        )
    return out


def visits(rows: pd.DataFrame, stages: list[str], until: date) -> pd.DataFrame:
    """Each stay of a deal in an open stage, as the exports up to `until` showed it, in the order of time.

    key, stage, rank (its place in the process), entered, left (NaT while it stands), and whether the entry was
    seen: a deal that stood in a stage when the first export was made has been there longer than we know, unless
    the export says since when (stage_changed).
    """
    end = pd.Timestamp(until)
    known = rows[rows["known_from"] <= end].reset_index(names="key").sort_values(["key", "known_from"])
    known["stage"] = known["stage"].where((known["status"] == "open") & known["stage"].isin(stages), "")
    fresh = (known["key"] != known["key"].shift()) | (known["stage"] != known["stage"].shift())
    known["visit"] = fresh.cumsum()
    stay = known.groupby("visit").agg(
        key=("key", "first"),
        stage=("stage", "first"),
        shown=("known_from", "first"),
        changed=("stage_changed", "first"),
        created=("created", "first"),
        first_seen=("first_seen", "first"),
    )
    # groupby's own `last` passes over NaT, and a stay that still stands would end with an earlier version of the deal.
    stay["to"] = known.drop_duplicates("visit", keep="last").set_index("visit")["known_to"]
    stay["next_closed"] = known.groupby("visit")["closed"].first().shift(-1).where(stay["key"] == stay["key"].shift(-1))
    stay = stay[stay["stage"] != ""].copy()
    first_export = rows["known_from"].min()
    began = (stay["shown"] == stay["first_seen"]) & (stay["stage"] == stages[0])
    changed = stay["changed"].where(stay["changed"] <= stay["shown"])
    stay["entered"] = changed.fillna(stay["created"].where(began & (stay["created"] <= stay["shown"]))).fillna(
        stay["shown"]
    )
    stay["seen"] = (stay["shown"] > first_export) | changed.notna() | (began & stay["created"].notna())
    left = stay["next_closed"].where(stay["next_closed"] >= stay["entered"]).fillna(stay["to"])
    stay["left"] = left.where(left <= end)
    stay["rank"] = stay["stage"].map({s: i for i, s in enumerate(stages)})
    return stay[["key", "stage", "rank", "entered", "left", "seen"]].reset_index(drop=True)


def conversions(stay: pd.DataFrame, status: pd.Series, stages: list[str]) -> dict[str, pd.Series]:
    """Stage -> of the deals that were seen to reach it: each one's way, `further`, `ended` (lost there) or `still`.

    Only deals first seen at or before the stage count: one that was first seen beyond it would tell of those that got
    through and not of those that did not. `status` is each deal's status now; void deals count nowhere.
    """
    deals = stay.groupby("key")["rank"].agg(["min", "max"])
    deals["status"] = status.reindex(deals.index)
    deals = deals[deals["status"].isin(("open", "won", "lost", "on_hold"))]
    out = {}
    for rank, stage in enumerate(stages):
        here = deals[(deals["min"] <= rank) & ((deals["max"] >= rank) | (deals["status"] == "won"))]
        further = (here["max"] > rank) | (here["status"] == "won")
        way = pd.Series("still", index=here.index, dtype="object").mask(here["status"] == "lost", "ended")
        out[stage] = way.mask(further, "further")
    return out


def days_in_stage(stay: pd.DataFrame, keys: pd.Index) -> pd.DataFrame:
    """Days of each finished stay whose entry was seen, of the deals in `keys`: columns stage, days."""
    done = stay[stay["key"].isin(keys) & stay["seen"] & stay["left"].notna()]
    return pd.DataFrame({"stage": done["stage"], "days": (done["left"] - done["entered"]).dt.days})


def _days(text: str, days: pd.Series) -> Figure:
    if len(days) < rates.FEW:
        why = say("only {n:count} won deals seen to pass it; it takes {few}", n=len(days), few=rates.FEW)
        return Figure(definition=text, unit="days", n=len(days), reason=why)
    return Figure(definition=text, unit="days", value=float(days.median()), n=len(days))
