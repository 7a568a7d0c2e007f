"""What is odd in tables that were read: doubles, orphans, impossible dates, gaps and what they cost in money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pandas as pd
from pydantic import BaseModel

from salesplaybook.results import Message, defined, say
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.schema import TABLES
from salesplaybook.tables.values import normal

FAR = timedelta(days=5 * 366)  # an expected close so far ahead is a slip of the pen, or "some day"
# These change what the numbers mean: they stand on every page made from the export.
ALARMS = (
    "foreign",
    "rounded",
    "unconfirmed stages",
    "lacking columns",
    "status against stage",
    "second table",
    "swapped days",
)
OPEN, DECIDED = ("open",), ("won", "lost")
# What an open or decided deal lacks, and what that costs.
GAPS = (
    ("expected_close", OPEN, say("{n:deals} without an expected close: in no forecast and in no quarter's walk")),
    ("closed", DECIDED, say("{n:deals} won or lost without a closing day: in no quarter's bookings and rates")),
    ("created", OPEN, say("{n:deals} without a created day: their age can't be told")),
    ("owner", OPEN, say("{n:deals} without an owner")),
    ("account", OPEN, say("{n:deals} without an account")),
)


class Finding(BaseModel):
    """Something odd: of which kind, a sentence, the file's rows, and the amount in cents that it touches."""

    kind: str
    text: Message
    rows: list[int] = []
    cents: int | None = None


def alarms(found: Reading) -> list[Message]:
    """What a reader of any page made from this export has to know."""
    return [f.text for f in of_table(found, None) if f.kind in ALARMS]


def of_table(found: Reading, day: date | None) -> list[Finding]:
    """What is odd in one table; `day` is the export's (None: what lies ahead of it isn't looked for)."""
    return [*_as_written(found), *_doubles(found), *(_of_deals(found, day) if found.table == "deals" else [])]


def orphans(readings: Sequence[Reading]) -> dict[int, list[Finding]]:
    """By the reading's place: its values that the table which they refer to doesn't have, where that table is there."""
    there: dict[tuple[str, str], set[str]] = {}
    for table, column in {target for t in TABLES.values() for target in t.references.values()}:
        for r in readings:
            if r.table == table and column in r.columns:
                there.setdefault((table, column), set()).update(map(normal, r.frame[column].dropna().unique()))
    found: dict[int, list[Finding]] = {}
    for place, r in enumerate(readings):
        for column, target in TABLES[r.table].references.items():
            if column not in r.columns or not there.get(target):
                continue
            unknown = [v for v in r.frame[column].dropna().unique() if normal(v) not in there[target]]
            lost = r.frame[r.frame[column].isin(unknown)]
            if len(lost):
                text = say(
                    "{n:rows} with a {column} that is not in the table {table:text}: {values:list}",
                    n=len(lost),
                    column=r.columns[column],
                    table=target[0],
                    values=list(dict.fromkeys(lost[column]))[:5],
                )
                found.setdefault(place, []).append(_finding("orphans", text, lost))
    return found


def _finding(kind: str, text: Message, rows: pd.DataFrame) -> Finding:
    cents = int(rows["amount"].sum()) if "amount" in rows and rows["amount"].notna().any() else None
    return Finding(kind=kind, text=text, rows=[int(r) for r in rows["row"]], cents=cents)


def _as_written(found: Reading) -> Iterator[Finding]:
    """How the file is written: currencies, ids, dates, rows that Excel hides."""
    for currency, foreign in found.foreign.items():
        text = say(
            "{n:rows} in {currency} ({amount} in all), for which project.yaml has no rate: in no sum. "
            "Write under rates: what one {currency} is worth.",
            n=len(foreign.rows),
            currency=currency,
            amount=f"{foreign.amount:,f}",
        )
        yield Finding(kind="foreign", text=text, rows=foreign.rows)
    if found.rounded:
        text = say(
            "Excel has rounded {n:count} ids (such as {example}): these rows are told apart by account and name. "
            "Export as CSV, or format the column {column} as text.",
            n=len(found.rounded),
            example=found.rounded[0][1],
            column=found.columns["id"],
        )
        yield Finding(kind="rounded", text=text, rows=[n for n, _ in found.rounded])
    for p in found.passed:
        if p.kind == "second":
            text = say(
                "A second table begins in row {row} ({text}): it is not read. Put it on a sheet of its own.",
                row=p.row,
                text=p.text,
            )
            yield Finding(kind="second table", text=text, rows=[p.row])
    yield from _as_mapped(found)
    yield from _as_dated(found)
    for header in dict.fromkeys(r.column for r in found.blanked):
        cells = [r for r in found.blanked if r.column == header]
        text = say(
            "{n:count} cells of {column} can't be read and count as blank: {values:list}",
            n=len(cells),
            column=header,
            values=list(dict.fromkeys(r.value for r in cells))[:5],
        )
        yield Finding(kind="blanked", text=text, rows=[r.row for r in cells])
    for header in dict.fromkeys(s.column for s in found.soft):
        taken = [s for s in found.soft if s.column == header]
        text = say(
            "{n:count} cells of {column} say more or less than a value, and are read as one: {values:list}",
            n=len(taken),
            column=header,
            values=list(dict.fromkeys(f"{s.said} = {s.taken}" for s in taken))[:5],
        )
        yield Finding(kind="soft", text=text, rows=[s.row for s in taken])
    if found.hidden:
        yield Finding(kind="hidden", text=say("{n:rows} hidden in Excel, read all the same", n=found.hidden))


def _as_mapped(found: Reading) -> Iterator[Finding]:
    """Where the export and mapping.yaml part ways."""
    if found.lacking:
        text = say(
            "mapping.yaml names columns that this export doesn't have, so they are blank: {columns:list}",
            columns=found.lacking,
        )
        yield Finding(kind="lacking columns", text=text)
    if found.against:
        text = say(
            "{n:deals} count as their status says, though their stage says otherwise. If the status is of something "
            "else (a delivery, an approval), take it out of mapping.yaml.",
            n=len(found.against),
        )
        yield Finding(kind="status against stage", text=text, rows=found.against)
    known = [c.value for c in found.counted if c.how == "known"]
    if known and found.by == "mapping":
        text = say(
            "mapping.yaml does not say what these count as, and they are counted as usual: {values:list}", values=known
        )
        yield Finding(kind="unconfirmed stages", text=text)


def _as_dated(found: Reading) -> Iterator[Finding]:
    """How its dates were read, where they don't say so themselves."""
    for column, order in found.orders.items():
        text = say(
            "{column}: read as {order:text}, as the file's other dates prove; the column itself can't tell",
            column=found.columns[column],
            order={"mdy": defined("month/day/year"), "dmy": defined("day/month/year")}[order],
        )
        yield Finding(kind="date order", text=text)
    for column, n in found.swapped.items():
        text = say(
            "{column}: Excel has probably swapped day and month in {n:count} cells, since the others are text with "
            "days after the 12th. Export with dates such as 2026-09-30, or as CSV.",
            column=found.columns[column],
            n=n,
        )
        yield Finding(kind="swapped days", text=text)
    if found.months:
        text = say("{column}: a month without a day counts as its last day", column=found.columns["expected_close"])
        yield Finding(kind="months", text=text)


def _doubles(found: Reading) -> Iterator[Finding]:
    if found.repeated:
        yield Finding(
            kind="repeated", text=say("{n:rows} repeated letter by letter: they count once", n=found.repeated)
        )
    again = [r for r in found.rejected if r.kind == "again"]
    if again:
        text = say("{n:rows} put aside, since they contradict an earlier row with the same key", n=len(again))
        yield Finding(kind="contradicting", text=text, rows=[r.row for r in again])
    if found.table == "deals" and {"id", "name", "account"} <= found.columns.keys():
        named = found.frame[found.frame["status"] == "open"].dropna(subset=["name", "account"])
        both = named["account"].map(normal) + " | " + named["name"].map(normal)
        twins = named[both.duplicated(keep=False)]
        if len(twins):
            text = say("{n:deals} beside another open deal of the same account and name", n=len(twins))
            yield _finding("twins", text, twins)


def _of_deals(found: Reading, day: date | None) -> Iterator[Finding]:
    frame = found.frame
    decided = frame["status"].isin((*DECIDED, "void"))
    closed = frame["closed"].fillna(frame["expected_close"]).where(decided)  # many CRMs have one close date for both
    early = frame[closed < frame["created"]]
    if len(early):
        yield _finding("closed before created", say("{n:deals} closed before the created day", n=len(early)), early)
    if day is not None:
        far = frame[(frame["status"] == "open") & (frame["expected_close"] > pd.Timestamp(day + FAR))]
        if len(far):
            text = say("{n:deals} to close more than five years from now", n=len(far))
            yield _finding("far future", text, far)
        # A day of grace: the export's day is the project's, its stamps may be another zone's.
        late = pd.Timestamp(day + timedelta(days=1))
        past = (frame[["created", "modified", "last_activity"]] > late).any(axis=1)
        ahead = frame[past | (closed > late)]
        if len(ahead):
            text = say("{n:deals} created, changed or closed after {day:iso}", n=len(ahead), day=day)
            yield _finding("in the future", text, ahead)
    yield from _gaps(found)


def _gaps(found: Reading) -> Iterator[Finding]:
    frame = found.frame
    if "won_on" in found.columns and not {"closed", "lost_on"} & set(found.columns):
        lost = frame[(frame["status"] == "lost") & frame["expected_close"].notna()]
        if len(lost):
            text = say(
                "{n:deals} lost count at their expected close, for {column} tells of won deals alone",
                n=len(lost),
                column=found.columns["won_on"],
            )
            yield _finding("lost without a day", text, lost)
    for column, statuses, text in GAPS:
        blank = frame[column].isna()
        if column == "closed":  # of a closed deal its expected close is the closing day, or its stage-change time
            blank &= frame["expected_close"].isna() & frame["stage_changed"].isna()
        lacking = frame[frame["status"].isin(statuses) & blank]
        if len(lacking) and (column in found.columns or column == "closed"):
            yield _finding(f"no {column}", say(text.text, n=len(lacking)), lacking)
    going_on = frame[frame["status"] == "open"]
    none = going_on[going_on["amount"].isna() & going_on["currency"].isna()]
    if len(none) and "amount" in found.columns:
        usual = going_on["amount"].median()
        if pd.isna(usual):
            yield Finding(
                kind="no amount",
                text=say("{n:deals} without an amount", n=len(none)),
                rows=[int(r) for r in none["row"]],
            )
            return
        text = say(
            "{n:deals} without an amount count as nothing; at the median of the others, {usual:money}, they would be "
            "about {all:money}",
            n=len(none),
            usual=int(usual),
            all=int(usual) * len(none),
        )
        yield Finding(kind="no amount", text=text, rows=[int(r) for r in none["row"]], cents=int(usual) * len(none))
