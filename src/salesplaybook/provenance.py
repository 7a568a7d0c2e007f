"""What a record stands on: each export that was read, with what is to be known of it."""

from __future__ import annotations

from datetime import date

from salesplaybook.filing import Filed
from salesplaybook.records import Source
from salesplaybook.settings import Mapping
from salesplaybook.tables import findings
from salesplaybook.tables.reading import Reading


def source(filed: Filed, day: date, reading: Reading, mapping: Mapping) -> Source:
    """A filed export as a record names it; a day that was taken from its newest date is not confirmed."""
    named = not {filed.name, str(filed.day)}.isdisjoint(mapping.dates)
    return Source(
        file=filed.name,
        sha256=filed.sha256,
        table=reading.table,
        day=day,
        dated_by=filed.dated_by,
        confirmed=filed.dated_by != "newest" or named,
        mapping="confirmed" if reading.confirmed else "not confirmed",
        rows=len(reading.frame),
        repeated=reading.repeated,
        rejected=[(r.row, r.column, r.value, r.why) for r in reading.rejected],
        unused=reading.unused,
        notes=findings.alarms(reading),
    )
