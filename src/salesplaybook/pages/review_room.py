"""How the quarterly review keeps to its one sheet: the height of its rows, told before it is laid out.

How many rows a block has is limited, texts are cut to their columns; what is left is how high the rows are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from salesplaybook.language import Language
from salesplaybook.pages.wording import short, width
from salesplaybook.records import Record


class Room(NamedTuple):
    """Pixels of a row, of a row of two lines, and between blocks."""

    row: int = 18
    two: int = 30
    gap: int = 10


# From the roomiest on; the first that fits is taken.
ROOMS = (
    Room(24, 36, 20),
    Room(22, 34, 17),
    Room(21, 33, 15),
    Room(20, 32, 13),
    Room(19, 31, 12),
    Room(18, 30, 11),
    Room(18, 29, 10),
    Room(17, 29, 9),
    Room(17, 28, 8),
    Room(16, 27, 7),
    Room(16, 26, 6),
    Room(15, 26, 5),
)
SHEET = 1117  # px of an A4 page's height, less a few for another browser's fonts
HEAD, TABLE, NOTE, LINE = 18.5, 16.6, 15.7, 17  # a block's title, a table's head, a note below it, a line of a title
WIDE = 30  # px between blocks, at most
FULL, HALF = 58.5, 27.0  # ems of a title over the whole width, and over half of it


def of(record: Record) -> Room:
    """The room that a review's page has: what is left over parts its blocks, up to `WIDE`."""
    room = next((room for room in ROOMS if height(record, room) <= SHEET), ROOMS[-1])
    left = (SHEET - height(record, room)) / 8
    return room._replace(gap=max(room.gap, min(WIDE, int(room.gap + left))))


def height(record: Record, room: Room) -> float:
    """About how high the page will be, in px, rather more than less."""
    body, say = record.body, Language(record.project["language"], record.project["currency"])
    if body["empty"]:
        return 0
    parts = [
        _decisions(body, room),
        HEAD + TABLE + room.row * len(body["numbers"]),
        _went(body, say, room),
        max(_outlook(body, say, room), _deals(body, room)),
        max(_cash(body, say, room), _risks(body, say, room)),
        max(_promised(body, say, room), _moves(body, room)),
        20,
    ]
    return _head(record, say) + sum(parts) + room.gap * (len(parts) + 1) + _foot(record, say)


def _said(message: Mapping[str, Any] | None, say: Language) -> str:
    return say(message["text"], **message["values"]).replace("**", "") if message else ""


def _lines(text: str, ems: float) -> int:
    """How many lines a text takes; some break early."""
    return max(1, ceil(width(text) * 1.03 / ems))


def _head(record: Record, say: Language) -> float:
    body, verdict = record.body, record.body["verdict"]
    draft = (" " * (not say.chinese)).join(_said(part, say) for part in verdict["draft"][1:])
    text = (
        f"{verdict['shown']} {say('written by the manager')}, {say('cut here, whole below')}"
        if verdict["text"]
        else draft
    )
    newest = [s for s in record.read.sources if s.table == "deals"]
    last = max(newest, key=lambda s: s.day) if newest else None
    alarms = (bool(last.rejected) + len(last.notes)) if last else 0
    parts = [say("Quarterly review"), short(record.project["name"], 20), record.period, " " * 60]
    parts += [record.project["manager"], say("Data as of {day:iso}", day=record.as_of), " " * 60]
    masthead = 1 if sum(width(part) for part in parts) < 69 else 2
    lead = 17.7 * _lines(text, FULL - 1) if text else 0
    return 40 + 15 * masthead + 16.5 + 26.3 * len(body["title"]) + 3 + lead + 19 * alarms


def _decisions(body: Mapping[str, Any], room: Room) -> float:
    shown = min(len(body["decisions"]), 3)
    return HEAD + (TABLE + room.two * shown if shown else 0)


def _went(body: Mapping[str, Any], say: Language, room: Room) -> float:
    if not body["booked"]:
        return HEAD + NOTE
    rows, bar = 0, 12 * (room.row > 16 and bool(body["outcome"]))
    for walk in (body["outcome"], body["booked"]):
        if walk:
            parts = [say(step["name"].replace("_", " ")) + " 1,234.5 + " for step in walk["steps"]]
            rows += _lines("x" * 20 + "".join(parts), 69)
    deals = TABLE + room.row * min(len(body["largest"]), 3) if body["largest"] else 0
    return HEAD + 6 + 18 * rows + bar + NOTE * (not body["outcome"]) + deals


def _outlook(body: Mapping[str, Any], say: Language, room: Room) -> float:
    told = body["forecast"]
    title = 1 + (bool(told) and told["chance"] is not None)  # the chance in words may take a second line
    now = body["numbers"] and body["numbers"][0]["actual"]["value"] is not None
    pace = bool(told) and any(b["name"] == "pace" and b["value"] is not None for b in told["benchmarks"])
    known = 3 * bool(told and told["p50"] is not None) + bool(now) + pace
    known += (body["commit"] is not None) + (body["target"] is not None)
    rows = bool(told and told["p50"] is not None) + 1 + bool(now) + pace
    notes = 0.0
    if told:
        why = _said(told["withheld"], say) if told["p50"] is None else ""
        first = _lines(f"No range: {why}; there will be one from 2027-01-01 on", 35) if why else 1 + (not say.chinese)
        tried = any(benchmark["errors"] for benchmark in told["benchmarks"])
        notes = 13 * (first + 1 + (not say.chinese)) + 6 + 16 * tried
    else:
        notes = 14.0 * _lines(_said(body["no_forecast"], say), 35)
    compared = TABLE + max(room.row, 17) * rows if known > 1 else 28
    return HEAD + LINE * (title - 1) + compared + notes


def _deals(body: Mapping[str, Any], room: Room) -> float:
    shown = body["deals"][:5]
    if not shown:
        return HEAD + NOTE
    return HEAD + TABLE + room.two * len(shown) + 2 * NOTE * any(d["by_age"] for d in shown)


def _cash(body: Mapping[str, Any], say: Language, room: Room) -> float:
    title = _lines(_said(body["titles"].get("cash"), say), HALF)
    rows = min(len(body["owed"]["rows"]), 3) if body["owed"] else 0
    note = NOTE if body["owed"] else 14 * (2 if say.chinese else 3)
    return HEAD + LINE * (title - 1) + (TABLE + room.row * rows if rows else 0) + note


def _risks(body: Mapping[str, Any], say: Language, room: Room) -> float:
    title = _lines(_said(body["titles"].get("risks"), say), HALF)
    shown = min(len(body["risks"]["top"]), 3) if body["risks"] else 0
    table = TABLE + room.two * shown + NOTE * (1 if say.chinese else 2) if shown else 14 * 2
    return HEAD + LINE * (title - 1) + table


def _promised(body: Mapping[str, Any], say: Language, room: Room) -> float:
    title = _lines(_said(body["titles"].get("promised"), say), HALF)
    shown = min(len(body["promised"]), 5)
    return HEAD + LINE * (title - 1) + (TABLE + room.row * shown if shown else 14 * 2)


def _moves(body: Mapping[str, Any], room: Room) -> float:
    shown = min(len(body["moves"]), 3)
    return HEAD + (TABLE + room.two * shown if shown else 14 * 2)


def _foot(record: Record, say: Language) -> float:
    """The footer's tallest column, of 9.4 px: running text in 213 and 245 px, paragraphs in 213."""
    body = record.body
    known = [n["actual"] for n in body["numbers"] if n["actual"]["value"] is not None]
    means = [say("Meanings"), *(say(f["definition"]) for f in known)]
    means += [say("Win rate: won / (won + lost), void in neither")] * bool(body["win_rate"])
    means += [say("Due: open at the start, expected to close in the quarter")] * bool(body["outcome"])
    read = [say("Read")]
    for table in dict.fromkeys(source.table for source in record.read.sources):
        days = sorted((s for s in record.read.sources if s.table == table), key=lambda s: s.day)
        text = f"{days[-1].file}, {say.count(days[-1].rows)} rows" + ", 2 repeated" * bool(days[-1].repeated)
        if len(days) > 1:
            text += "; " + say("earlier exports since {day:iso}: {n:count}", n=len(days), day=days[0].day)
        if table == "deals":
            unsure = (not all(s.confirmed for s in days)) + (days[-1].mapping != "confirmed")
            text += " " * 290 * unsure
        read += [text] + [f"{table}: {len(days[-1].rejected)} rows can't be read"] * bool(days[-1].rejected)
    read += ["Not used: " + ", ".join(record.read.not_used)] * bool(record.read.not_used) + ["every row could be read"]
    left = [_standing(body, state, say) for state in ("missing", "failed", "stale", "later")]
    left += [_said(note, say) for note in body["notes"][:2]]
    paragraphs = sum(_lines(text, 22) * 13.4 + 1 for text in left if text) or 14.4
    return 8 + max(13.4 * _running(means, 21.5), 13.4 * _running(read, 24.8), paragraphs)


def _standing(body: Mapping[str, Any], state: str, say: Language) -> str:
    found = [s for s in body["standing"] if s["state"] == state]
    whys = [_said(s["why"][0], say) if s["why"] and len(body["standing"]) < 3 else "" for s in found]
    return "Out of date " * bool(found) + ", ".join(say(s["name"]) + why for s, why in zip(found, whys, strict=True))


def _running(texts: Sequence[str], ems: float) -> int:
    """How many lines some texts take one after the other, a stroke between them."""
    return ceil(sum(width(text) + 1.3 for text in texts) * 1.05 / ems)
