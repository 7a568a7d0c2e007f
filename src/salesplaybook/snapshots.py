"""All that was known as of a day: the exports up to it as today's mapping reads them, their lists, what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from salesplaybook import completeness, history, typed
from salesplaybook.completeness import Narrowed
from salesplaybook.filing import Filed
from salesplaybook.history import Export, Snapshot
from salesplaybook.store import Store
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.values import normal

Dated = tuple[date, Reading]


def take(
    store: Store, reader: Reader, filed: Sequence[tuple[Filed, date]], readings: Sequence[Dated], on: date
) -> Snapshot:
    """What was known at the end of `on`; filed: what lies in history, each with the day that it tells of."""
    deals, products, people, contracts, payments, receivables = (
        history.exports([x for x in readings if x[1].table == t])
        for t in ("deals", "products", "people", "contracts", "payments", "receivables")
    )
    files = [(f.name, str(f.day), day) for f, day in filed]
    complete = completeness.complete(reader.mapping, files)
    used, narrowed = _whole([e for e in deals if e.day <= on] or deals[:1], complete)
    until = max([on, *(e.day for e in used)])  # deals rebuilt from a later export come with its lists
    known = [r for day, r in readings if r.table == "deals" and day <= until]
    listed = history.newest(products, until).frame.dropna(subset=["name"])
    prices = {}
    if reader.mapping.deals.list_price and len(listed):
        priced = listed.dropna(subset=["list_price"])
        prices = {normal(n): int(p) for n, p in zip(priced["name"], priced["list_price"], strict=True)}
    view = reader.all_deals(known[-1].header if known else [])
    days = [e.day for e in used]
    agreed, paid, owed = (history.newest(lists, on) for lists in (contracts, payments, receivables))
    return Snapshot(
        on,
        history.versions(used),
        days,
        stages=_stages(reader, known),
        prices=prices,
        products=listed,
        people=history.newest(people, until).frame,
        narrowed=completeness.sentence(narrowed, view) if narrowed else None,
        contracts=agreed.frame,
        payments=paid.frame,
        receivables=owed.frame,
        contracts_day=agreed.day if len(agreed.frame) else None,
        payments_day=paid.day if len(paid.frame) else None,
        receivables_day=owed.day if len(owed.frame) else None,
        typed=typed.known(store, reader.mapping, on, days),
    )


def _whole(exports: list[Export], complete: set[date]) -> tuple[list[Export], Narrowed | None]:
    """The exports that hold all deals; or the newest alone, where it is a narrowed view, and why that is so."""
    found = completeness.narrowed(exports, complete)
    if exports and exports[-1].day in found:
        return exports[-1:], found[exports[-1].day]
    return [e for e in exports if e.day not in found], None


def _stages(reader: Reader, deals: list[Reading]) -> list[str]:
    """The open stages in the order of the process: mapping.yaml's, then those that are known without it."""
    mapped = [s for s, status in reader.mapping.deals.stages.items() if status == "open"]
    seen = [c.value for r in deals for c in r.counted if c.column == "stage" and c.counts_as == "open"]
    pipelines = {p for r in deals for p in r.frame["pipeline"].dropna().unique()}
    ordered = reader.words.in_order(dict.fromkeys(seen), pipelines)
    return [*mapped, *(s for s in ordered if s not in mapped)]
