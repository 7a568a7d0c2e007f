"""What a record stands on: each export that was read, with what is to be known of it."""

from __future__ import annotations

from datetime import date

from salesplaybook import dating
from salesplaybook.filing import Filed
from salesplaybook.records import Source
from salesplaybook.results import say
from salesplaybook.settings import Mapping
from salesplaybook.tables import findings
from salesplaybook.tables.reading import Reading


def sources(filed: Filed, day: date, readings: list[Reading], mapping: Mapping, counts: bool) -> list[Source]:
    """A filed export as a record names it, once for each table; a day taken from its newest date is not confirmed.

    counts: whether its deals stand in the state that the record tells of; a narrowed view's don't.
    """
    said = not {filed.name, str(filed.day)}.isdisjoint(mapping.dates)
    confirmed = filed.dated_by != "newest" or said
    overruled = None if said else dating.overruled(filed.name, filed.day, filed.dated_by)
    found: list[Source] = []
    for table in dict.fromkeys(r.table for r in readings):
        sheets = [r for r in readings if r.table == table]
        notes = [note for r in sheets for note in findings.alarms(r)]
        if overruled and not found:  # once a file
            notes.insert(0, overruled)
        if table == "deals" and not counts:
            notes.append(say("{file} of {day:iso} is a narrowed view: it is left out", file=filed.name, day=day))
        found.append(
            Source(
                file=filed.name,
                sha256=filed.sha256,
                table=table,
                day=day,
                dated_by=filed.dated_by,
                confirmed=confirmed,
                mapping="confirmed" if all(r.confirmed for r in sheets) else "not confirmed",
                rows=sum(len(r.frame) for r in sheets),
                repeated=sum(r.repeated for r in sheets),
                rejected=[(a.row, a.column, a.value, a.why) for r in sheets for a in r.rejected],
                unused=list(dict.fromkeys(h for r in sheets for h in r.unused)),
                notes=notes,
            )
        )
    return found
