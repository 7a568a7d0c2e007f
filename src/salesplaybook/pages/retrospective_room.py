"""How many rows of what stand on the retrospective's one sheet: what is left out opens with a link.

Rows are of fixed height, so a page's height can be told before it is laid out.
"""

from __future__ import annotations

from math import ceil
from typing import Any, NamedTuple

from salesplaybook.language import Language
from salesplaybook.pages.wording import width
from salesplaybook.records import Record

SHEET = 1122
ROW, TWO, TITLE, HEAD = 17, 28.5, 17.5, 17  # a row, one of two lines, a section's title, a table's head


class Caps(NamedTuple):
    """Rows of each list that the page cuts."""

    lessons: int = 2
    promised: int = 5
    moves: int = 3
    reasons: int = 4
    stages: int = 2
    competitors: int = 2
    lines: int = 2
    notes: int = 3


# In this order rows are given up, until the page fits.
LESS = (
    {"notes": 2},
    {"promised": 4},
    {"lessons": 1},
    {"promised": 3},
    {"moves": 2},
    {"reasons": 3, "stages": 1, "competitors": 1},
    {"lines": 1, "notes": 1},
    {"promised": 2, "moves": 1},
)


def caps(record: Record) -> Caps:
    """The rows that a record's page has room for."""
    found = Caps()
    for less in LESS:
        if height(record, found) <= SHEET:
            break
        found = found._replace(**less)
    return found


def height(record: Record, caps: Caps) -> float:
    """About how high the page will be, in px, rather more than less."""
    body = record.body
    if not body["numbers"]:
        return 0
    walks = max(len(w["steps"]) for w in (body["booked"], body["outcome"]) if w) if body["booked"] else 0
    bridge = _title(record, "bridge") + (HEAD + ROW * (2 + len(body["bridge"]["steps"])) + 16 if body["bridge"] else 30)
    said = _title(record, "said") + ROW * (5 if body["track"]["commit"] is not None else 4)
    parts = [
        _head(record),
        TITLE + HEAD + ROW * len(body["numbers"]) + (17 if body["owed"] else 0),
        max(_title(record, "booked"), _title(record, "outcome")) + HEAD + ROW * (walks + 1) + 14 * _listed(body),
        TITLE + HEAD + ROW * len(body["largest"]) if body["largest"] else 0,
        max(bridge + 8 + said, _review(record, caps)),
        _lines(body, caps),
        max(_promised(body, caps), _list(body["moves"], caps.moves, TWO)),
        _list(body["lessons"], caps.lessons, TWO),
        _foot(record, caps),
    ]
    return 40 + sum(parts) + 7 * (len(parts) - 2)


def _head(record: Record) -> float:
    say = Language(record.project["language"], record.project["currency"])
    lead = "".join(say(said["text"], **said["values"]) for said in record.body["lead"]).replace("*", "")
    deals = [s for s in record.read.sources if s.table == "deals"]
    newest = max(deals, key=lambda s: s.day, default=None)
    alarms = bool(newest.rejected) + len(newest.notes) if newest else 0
    return 31 + 26.3 * len(record.body["title"]) + 14 + 18 * ceil(width(lead) / 57.5) + 19 * alarms


def _listed(body: dict[str, Any]) -> int:
    return max((len(w["listed"]) for w in (body["booked"], body["outcome"]) if w), default=0)


def _title(record: Record, name: str) -> float:
    """A section's title of half the sheet's width, 12.2 px and bold: it may take two lines."""
    said = record.body["titles"].get(name)
    say = Language(record.project["language"], record.project["currency"])
    lines = ceil(width(say(said["text"], **said["values"])) * 1.1 / 28.2) if said else 1
    return TITLE + 16.5 * (lines - 1)


def _review(record: Record, caps: Caps) -> float:
    review = record.body["review"]
    groups = [(review[g], getattr(caps, g)) for g in ("reasons", "stages", "competitors")] if review else []
    rows = sum(ROW * min(len(found), most) + 19 for found, most in groups if found)
    notes = 0 if not review or review["reasons"] else 26 * len(review["notes"])
    return _title(record, "review") + 18 + rows + notes


def _lines(body: dict[str, Any], caps: Caps) -> float:
    found = {h: sum(line["heading"] == h for line in body["lines"]) for h in ("well", "badly", "why")}
    if not body["lines"]:
        return TITLE + 16
    return (
        TITLE
        + 20
        + 16 * max(2, min(found["well"], caps.lines), min(found["badly"], caps.lines))
        + 16 * bool(found["why"])
    )


def _promised(body: dict[str, Any], caps: Caps) -> float:
    shown = body["promised"][: caps.promised]
    two = sum(p["state"] in ("partly", "not_done") for p in shown)
    return _list(shown, caps.promised, ROW) + (TWO - ROW) * two


def _list(rows: list[Any], most: int, row: float) -> float:
    return TITLE + (HEAD + row * min(len(rows), most) if rows else 30)


def _foot(record: Record, caps: Caps) -> float:
    """The tallest column of the footer, of 9.4 px: definitions 192 px, files 288 px, notes 192 px wide."""
    say = Language(record.project["language"], record.project["currency"])
    body = record.body
    read = ""
    for table in {s.table for s in record.read.sources}:
        days = sorted((s for s in record.read.sources if s.table == table), key=lambda s: s.day)
        read += f"{days[-1].file}, {days[-1].rows} rows | " + (
            say("earlier exports since {day:iso}: {n:count}", n=9, day=days[0].day) if len(days) > 1 else ""
        )
        read += " " * 290 * ((not days[0].confirmed) + (days[-1].mapping != "confirmed")) * (table == "deals")
    read += ", ".join(record.read.not_used)
    notes = [say(said["text"], **said["values"]) for said in body["notes"][: caps.notes]]
    means = 75 if say.chinese else 50
    lines = max(ceil(width(read) / 30), ceil(sum(width(n) + 2 for n in notes) * 1.08 / 20) + 1, ceil(means * 1.08 / 20))
    return 8 + 13.4 * lines
