"""How much of the Monday page stands on its one sheet: the height of its rows, and how many rows of what may go on.

Rows are of fixed height and texts are cut to their columns, so a page's height can be told before it is laid out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from salesplaybook.language import Language
from salesplaybook.pages.wording import width
from salesplaybook.records import Record


class Room(NamedTuple):
    """Pixels of a row, of a deal's row and between sections; how many rows promises, invoices and actions may take,
    how many notes stand in the footer, sentences in the lead, and blank rows below the actions."""

    row: int = 18
    deal: int = 32
    gap: int = 12
    promises: int = 5
    cash: int = 4
    actions: int = 7
    notes: int = 3
    lead: int = 3
    blank: int = 2

    @property
    def tight(self) -> bool:
        """Whether what can be said in fewer lines is."""
        return self.row < 18


    def of(self, n: int, most: int) -> int:
        """How many of `n` rows to show where `most` may stand and a line says how many more there are."""
        return n if n <= most + 1 else most


# From the roomiest on; the first that fits is taken.
ROOMS = (
    Room(22, 37, 16, 6, 4, 8),
    Room(21, 36, 15, 6, 4, 8),
    Room(20, 35, 14, 6, 4, 8),
    Room(19, 33, 13, 5, 4, 8),
    Room(18, 32, 12, 5, 4, 7),
    Room(18, 31, 11, 4, 4, 6),
    Room(18, 30, 10, 4, 4, 6, 2, 2),
    Room(18, 29, 9, 3, 3, 5, 2, 2),
    Room(18, 28, 8, 3, 3, 4, 2, 2),
    Room(18, 28, 8, 2, 2, 3, 2, 2),
    Room(17, 28, 8, 2, 2, 3, 2, 2),
    Room(17, 28, 8, 1, 2, 2, 1, 2),
    Room(16, 27, 7, 1, 2, 1, 1, 2, 1),
)
SHEET = 1122  # px of an A4 page's height
WIDE = 24  # px between sections, at most
HEAD, TABLE, NOTE = 18.5, 16.6, 15.7  # a section's title, a table's head, a line below it


def of(record: Record) -> Room:
    """The room that a weekly record's page has; what is left over parts its sections, up to `WIDE`."""
    room = next((room for room in ROOMS if height(record, room) <= SHEET), ROOMS[-1])
    left = (SHEET - height(record, room)) / 6
    return room._replace(gap=max(room.gap, min(WIDE, round(room.gap + left))))


def height(record: Record, room: Room) -> float:
    """About how high the page will be, in px, rather more than less."""
    body = record.body
    if not body["stock"]:
        return 0
    parts = [_changes(body, room), HEAD + (TABLE + room.deal * len(body["deals"]) if body["deals"] else 0)]
    if body["owner"]:
        parts += [_promises(body, room), _commit(body, room)]
    else:
        parts += [max(_promises(body, room), _cash(body, room))]
        parts += [max(_commit(body, room) + 8 + 18, _mend(body, room) + 8 + _actions(body, room))]
    return _head(record, room) + _pace(body, room) + sum(parts) + room.gap * (len(parts) + 1) + _foot(record, room)


def _head(record: Record, room: Room) -> float:
    body, newest = record.body, max((s for s in record.read.sources if s.table == "deals"), key=lambda s: s.day)
    lead = ceil(sum(_lines(record, [said], 0.01) for said in body["lead"][: room.lead]) * 0.01 * 12.2 / 700)
    alarms = bool(newest.rejected) + len(newest.notes)
    return (36 if room.tight else 44) + 30 + 26.3 * len(body["title"]) + 4 + 18 * lead + 7 + 19 * alarms


def _pace(body: Mapping[str, Any], room: Room) -> float:
    told = body["forecast"]
    if body["owner"] or body["won"] is None or body["won"]["value"] is None:
        return 0
    known = [b for b in told["benchmarks"] if b["value"] is not None] if told else []
    rows = 1 + len(known) + bool(body["first_week"] and body["final"])
    note = bool(told and (told["p50"] is not None or told["withheld"]))
    return TABLE + room.row * rows + NOTE * note


def _changes(body: Mapping[str, Any], room: Room) -> float:
    walks = [walk for walk in (body["stock"], body["due"]) if walk]
    rows = {step["name"] for walk in walks for step in walk["steps"]}
    notes = len(walks) < 2, any(walk["listed"] for walk in walks), bool(body["stock"]["withheld"])
    return HEAD + TABLE + room.row * (len(rows) + 2) + NOTE * sum(notes)


def _promises(body: Mapping[str, Any], room: Room) -> float:
    told = sum(p["state"] != "done" for p in body["promises"])
    shown = room.of(told, room.promises)
    rest = told > shown or told < len(body["promises"])
    return HEAD + (TABLE + room.row * (shown + rest) if body["promises"] else 14)


def _cash(body: Mapping[str, Any], room: Room) -> float:
    cash = body["cash"]
    return HEAD + (TABLE + room.row * (min(len(cash["rows"]), room.cash) + bool(cash["older_n"])) if cash else 44)


def _commit(body: Mapping[str, Any], room: Room) -> float:
    if not body["owners"]:
        return HEAD
    return HEAD + TABLE + room.row * (len(body["owners"]) + (0 if body["owner"] else 1 if room.tight else 2)) + NOTE


def _mend(body: Mapping[str, Any], room: Room) -> float:
    return HEAD + (TABLE + room.row * len(body["mend"]) if body["mend"] else 0)


def _actions(body: Mapping[str, Any], room: Room) -> float:
    stand = len(body["drafts"]) + sum(not a["done"] for a in body["agreed"])
    return HEAD + TABLE + room.row * (min(stand, room.actions + 1) + room.blank)


def _foot(record: Record, room: Room) -> float:
    """The footer's tallest column: texts of 9.4 px in two columns of 207 px and one of 259."""
    body, sources = record.body, {s.table: s for s in record.read.sources}.values()
    read = sum(ceil(width(s.file + ", 1,234 rows; earlier exports since 2026-01-01: 10") / 21) for s in sources)
    read += sum(3 * (not s.confirmed) + 3 * (s.mapping != "confirmed") for s in sources)
    read += ceil(sum(width(f) + 1 for f in record.read.not_used) / 21) + bool(record.read.not_used)
    dead = [m["figure"]["definition"] for m in body["mend"] if m["rule"] == "dead"]
    means = _lines(record, [{"text": text} for text in [body["won"]["definition"], *dead]], 21, "Meanings won ")
    means += 2 * bool(body["due"])
    notes = _lines(record, body["notes"][: room.notes], 26, "Left out ")
    return 8 + 14.4 * max(read, means, notes + 1 + 2 * bool(body["forecast"]) + (len(body["notes"]) > room.notes))


def _lines(record: Record, said: Sequence[Mapping[str, Any]], ems: float, lead: str = "") -> int:
    """How many lines of `ems` some kept sentences take, a paragraph each."""
    say = Language(record.project["language"], record.project["currency"])
    texts = [say(one["text"], **one.get("values", {})).replace("*", "") for one in said]
    return sum(ceil(width((lead if n == 0 else "") + text) / ems) for n, text in enumerate(texts))
