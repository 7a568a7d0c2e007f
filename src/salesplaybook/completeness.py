"""Whether an export holds all deals, or is a narrowed view of them, from which no win, loss or walk may be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from salesplaybook.history import Export
from salesplaybook.results import Message, say

MISSING = 0.2  # share of the last export's open deals over which an export that lacks them is a narrowed view


class Narrowed(NamedTuple):
    """Why an export is no state of all deals: it has none that is decided, or lacks many that were open."""

    day: date
    why: Literal["undecided", "lacking"]
    missing: int = 0
    of: int = 0
    since: date | None = None


def narrowed(exports: Sequence[Export], complete: set[date]) -> dict[date, Narrowed]:
    """The exports (in the order of their days) that are narrowed views; each is held against the last one that isn't.

    complete: days whose export holds all deals, as a person has said.
    """
    found: dict[date, Narrowed] = {}
    last: Export | None = None
    for export in exports:
        frame = export.frame
        if export.day not in complete:
            if not frame["status"].isin(("won", "lost")).any():
                found[export.day] = Narrowed(export.day, "undecided")
                continue
            if last is not None:
                before = last.frame.index[last.frame["status"] == "open"]
                missing = before.difference(frame.index).difference(list(export.unread))
                if len(missing) > MISSING * len(before):
                    found[export.day] = Narrowed(export.day, "lacking", len(missing), len(before), last.day)
                    continue
        last = export
    return found


def sentence(found: Narrowed, view: str) -> Message:
    """What is wrong with a narrowed export, and what to export instead; `view` holds all deals in the CRM."""
    if found.why == "undecided":
        return say(
            "The export of {day:iso} has no won and no lost deals, so it is a view of open deals only: no walk, wins "
            "or losses are shown. Export the view '{view}'; if it holds all deals, write complete: [{day}] in "
            "mapping.yaml.",
            day=found.day,
            view=view,
        )
    return say(
        "The export of {day:iso} lacks {missing:count} of the {of:count} deals that were open on {since:iso}, so it "
        "is a narrowed view: no walk, wins or losses are shown. Export the view '{view}'; if it holds all deals, write "
        "complete: [{day}] in mapping.yaml.",
        day=found.day,
        missing=found.missing,
        of=found.of,
        since=found.since,
        view=view,
    )
