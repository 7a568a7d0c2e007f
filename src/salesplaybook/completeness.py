"""Whether an export holds all deals, or is a narrowed view of them, from which no win, loss or walk may be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

import pandas as pd

from salesplaybook.history import Export
from salesplaybook.results import Message, defined, say
from salesplaybook.settings import Mapping
from salesplaybook.tables.values import normal

MISSING = 0.2  # share of the last export's open deals over which an export that lacks them is a narrowed view


class Narrowed(NamedTuple):
    """Why an export is no state of all deals.

    undecided   it has no won and no lost deal; unread: perhaps since some of its rows can't be read
    lacking     it lacks many that were open; other ids: they are there, under other ids
    """

    day: date
    why: Literal["undecided", "unread", "lacking", "other ids"]
    missing: int = 0
    of: int = 0
    since: date | None = None


def complete(mapping: Mapping, exports: Iterable[tuple[str, str, date]]) -> set[date]:
    """The days of the exports (name, filed day, the day that it tells of) that hold all deals, as mapping.yaml says."""
    said = set(mapping.complete)
    return {day for name, filed, day in exports if not said.isdisjoint({name, filed, str(day)})}


def narrowed(exports: Sequence[Export], complete: set[date]) -> dict[date, Narrowed]:
    """The exports (in the order of their days) that are narrowed views; each is held against the last one that isn't.

    complete: days whose export holds all deals, as a person has said.
    """
    found: dict[date, Narrowed] = {}
    last: Export | None = None
    for export in exports:
        why = None if export.day in complete else _why(export, last)
        if why:
            found[export.day] = why
            continue
        last = export
    return found


def _why(export: Export, last: Export | None) -> Narrowed | None:
    if not export.frame["status"].isin(("won", "lost")).any():
        return Narrowed(export.day, "unread" if export.unread else "undecided")
    if last is None:
        return None
    before = last.frame.index[last.frame["status"] == "open"]
    missing = before.difference(export.frame.index).difference(list(export.unread))
    if len(missing) <= MISSING * len(before):
        return None
    named = _named(last.frame.loc[missing])
    gone = len(missing) - int(named.isin(_named(export.frame)).sum())
    if gone <= MISSING * len(before):
        return Narrowed(export.day, "other ids", len(missing), len(before), last.day)
    return Narrowed(export.day, "lacking", gone, len(before), last.day)


def _named(frame: pd.DataFrame) -> pd.Series:
    """Deals by account and name, for telling the same ones under other ids; those without a name are like no other."""
    frame = frame.reindex(columns=["account", "name"])
    own = pd.Series(frame.index, index=frame.index)
    accounts, names = (frame[c].map(lambda said: normal(None if pd.isna(said) else said)) for c in frame)
    return accounts + " | " + names.where(frame["name"].notna(), own)


TEXTS = {
    "undecided": defined(
        "The export of {day:iso} has no won and no lost deals, so it is a view of open deals only: no walk, wins "
        "or losses are shown. Export the view '{view}'; if it holds all deals, write complete: [{day}] in "
        "mapping.yaml."
    ),
    "unread": defined(
        "The export of {day:iso} has rows that can't be read, and none that is won or lost: no walk, wins or "
        "losses are shown. Mend the rows that salesplaybook check lists."
    ),
    "other ids": defined(
        "{missing:count} of the {of:count} deals that were open on {since:iso} stand in the export of {day:iso} "
        "under other ids, so that they can't be followed: no walk, wins or losses are shown. Export with the same "
        "id column."
    ),
    "lacking": defined(
        "The export of {day:iso} lacks {missing:count} of the {of:count} deals that were open on {since:iso}, so it "
        "is a narrowed view: no walk, wins or losses are shown. Export the view '{view}'; if it holds all deals, write "
        "complete: [{day}] in mapping.yaml."
    ),
}


def sentence(found: Narrowed, view: str) -> Message:
    """What is wrong with a narrowed export, and what to export instead; `view` holds all deals in the CRM."""
    values = found._asdict()
    return say(TEXTS[values.pop("why")], view=view, **values)
