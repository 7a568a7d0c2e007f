"""What people typed: as it stands in entries/, and as it stood beside an export in history/."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from salesplaybook import filing, history
from salesplaybook.entries import keep
from salesplaybook.entries.kinds import KINDS, Entry
from salesplaybook.settings import Mapping
from salesplaybook.store import Store, sha256

Typed = dict[date, dict[str, list[Entry]]]  # day of an export -> kind -> rows


def known(store: Store, mapping: Mapping, on: date, days: list[date]) -> Typed:
    """What was typed by the newest export up to `on`, and by the one of a week before it; `days`: those of exports.

    What is typed after the newest export of all stands in entries/, else beside the export in history/.
    """
    filed = sorted({(filing.true_day(f, mapping), f.day) for f in filing.filed(store) if "deals" in f.tables})
    if not filed:
        return {on: _rows(store, "entries")}
    until = [true for true, _ in filed if true <= on]
    wanted = {until[-1], history.week_before(days, on)} if until else set()
    return {
        true: _rows(store, "entries") if true == filed[-1][0] else _rows(store, "history", str(day), "entries")
        for true, day in filed
        if true in wanted
    }


def fingerprint(typed: Typed, wanted: Collection[str] | None = None) -> str:
    """The hash of what was typed of the `wanted` kinds (None: of all); "" where that is nothing."""
    said = {
        str(day): {
            kind: [row.model_dump(mode="json") for row in rows]
            for kind, rows in kinds.items()
            if rows and (wanted is None or kind in wanted)
        }
        for day, kinds in typed.items()
    }
    return sha256(json.dumps(said, sort_keys=True).encode()) if any(said.values()) else ""


def _rows(store: Store, *folder: str) -> dict[str, list[Entry]]:
    return {kind: keep.load(store, kind, folder).rows for kind in KINDS}
