"""How far deals get, and how long that takes: from the stages that the exports showed day by day."""

from __future__ import annotations

from datetime import date

import pandas as pd

SPAN = 28  # days of exports under which stages tell nothing yet


def has_history(rows: pd.DataFrame, days: list[date], stages: list[str]) -> bool:
    """Whether the exports show deals moving: stages are mapped, seen, and over at least four weeks."""
    return bool(stages) and len(days) > 1 and (days[-1] - days[0]).days >= SPAN and rows["stage"].isin(stages).any()


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
        key=("key", "first"), stage=("stage", "first"), shown=("known_from", "first"), to=("known_to", "last"),
        changed=("stage_changed", "first"), created=("created", "first"), first_seen=("first_seen", "first"),
    )  # fmt: skip
    stay["next_closed"] = known.groupby("visit")["closed"].first().shift(-1).where(stay["key"] == stay["key"].shift(-1))
    stay = stay[stay["stage"] != ""].copy()
    first_export = rows["known_from"].min()
    began = (stay["shown"] == stay["first_seen"]) & (stay["stage"] == stages[0])
    changed = stay["changed"].where(stay["changed"] <= stay["shown"])
    stay["entered"] = changed.fillna(stay["created"].where(began & (stay["created"] <= stay["shown"]))).fillna(stay["shown"])
    stay["seen"] = (stay["shown"] > first_export) | changed.notna() | (began & stay["created"].notna())
    left = stay["next_closed"].where(stay["next_closed"] >= stay["entered"]).fillna(stay["to"])
    stay["left"] = left.where(left <= end)
    stay["rank"] = stay["stage"].map({s: i for i, s in enumerate(stages)})
    return stay[["key", "stage", "rank", "entered", "left", "seen"]].reset_index(drop=True)


def conversions(stay: pd.DataFrame, status: pd.Series, stages: list[str]) -> pd.DataFrame:
    """Of the deals that were seen to reach a stage, how many went further, ended there, or are still there.

    A row a stage: reached, further, ended (lost there), still. Only deals first seen at or before the stage count: one
    that was first seen beyond it would tell of those that got through and not of those that did not. `status` is
    each deal's status now; void deals count nowhere.
    """
    deals = stay.groupby("key")["rank"].agg(["min", "max"])
    deals["status"] = status.reindex(deals.index)
    deals = deals[deals["status"].isin(("open", "won", "lost", "on_hold"))]
    out = []
    for rank, stage in enumerate(stages):
        here = deals[(deals["min"] <= rank) & ((deals["max"] >= rank) | (deals["status"] == "won"))]
        further = (here["max"] > rank) | (here["status"] == "won")
        ended = ~further & (here["status"] == "lost")
        out.append({"stage": stage, "further": here.index[further], "ended": here.index[ended],
                    "still": here.index[~further & ~ended]})  # fmt: skip
    return pd.DataFrame(out)


def days_in_stage(stay: pd.DataFrame, keys: pd.Index) -> pd.DataFrame:
    """Days of each finished stay whose entry was seen, of the deals in `keys`: columns stage, days."""
    done = stay[stay["key"].isin(keys) & stay["seen"] & stay["left"].notna()]
    return pd.DataFrame({"stage": done["stage"], "days": (done["left"] - done["entered"]).dt.days})
