"""How much of the Monday page stands on its one sheet: the height of its rows, and how many rows of what may go on.

Rows are of fixed height and texts are cut to their columns, so a page's height can be told before it is laid out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from salesplaybook.language import Language
from salesplaybook.names import CURRENCIES
from salesplaybook.pages.wording import short, width
from salesplaybook.records import Record


class Room(NamedTuple):
    """How the page's height is spent.

    row, deal, gap   px of a row, of a deal's row, and between sections
    promises, cash, actions, notes, lead   how many rows, notes in the footer and sentences these may take
    blank            rows below the actions, to write in
    promise_lines, action_lines   in how many lines a promise, and an action, may be told
    kept             how many promises that were kept have a row of their own
    wide             how many times as wide the columns of promises and cash are: in a notebook nothing is beside them
    mend_left        whether the data to mend stand below the commits, where that is the shorter column
    """

    row: int = 18
    deal: int = 32
    gap: int = 12
    promises: int = 5
    cash: int = 7
    actions: int = 7
    notes: int = 3
    lead: int = 3
    blank: int = 2
    promise_lines: int = 1
    action_lines: int = 1
    kept: int = 0
    wide: float = 1
    mend_left: bool = False

    @property
    def tight(self) -> bool:
        """Whether what can be said in fewer lines is."""
        return self.row < 18

    def of(self, n: int, most: int) -> int:
        """How many of `n` rows to show where `most` may stand and a line says how many more there are."""
        return n if n <= most + 1 else most

    def promised(self, promises: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The promises that stand row by row, and those that a line tells of: what is done, as far as need be."""
        rows, done = [p for p in promises if p["state"] != "done"], [p for p in promises if p["state"] == "done"]
        shown = rows[: self.of(len(rows), self.promises)]
        if len(shown) == len(rows):
            shown += done[: self.of(len(done), self.kept) if self.kept or len(done) == 1 else 0]
        return shown, [p for p in promises if p not in shown]

    def invoices(self, cash: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of what is to come in, which add up to its sums: by name as far as there is room, what became
        overdue first; the rest of a kind as a line (`n` invoices, `more` than those named)."""
        named = {kind: [row for row in cash["rows"] if row["kind"] == kind] for kind in ("due", "new")}
        known = {kind: (cash[name]["n"], cash[name]["value"]) for kind, name in (("due", "due"), ("new", "newly"))}
        older = {"n": cash["overdue"]["n"] - known["new"][0], "amount": cash["overdue"]["value"] - known["new"][1]}
        lines = {kind: min(n, 1) for kind, (n, _) in known.items()}
        most = {kind: len(named[kind]) + (n > len(named[kind])) for kind, (n, _) in known.items()}
        for kind in ("new", "due") * 2:
            if sum(lines.values()) + bool(older["n"]) < self.cash and lines[kind] < most[kind]:
                lines[kind] += 1
        out: list[dict[str, Any]] = []
        for kind, (n, value) in known.items():
            shown = named[kind][: lines[kind] - (n > lines[kind])] if n else []
            out += [row | {"n": 0} for row in shown]
            if n > len(shown):
                left = value - sum(row["amount"] for row in shown)
                out.append({"kind": kind, "n": n - len(shown), "amount": left, "more": bool(shown)})
        return [*out, {"kind": "older", **older, "more": False}] if older["n"] else out


# From the roomiest on; the first that fits is taken.
ROOMS = (
    Room(22, 37, 16, 6, 7, 8, promise_lines=2, action_lines=2),
    Room(20, 35, 14, 6, 7, 8, promise_lines=2, action_lines=2),
    Room(18, 32, 12, 5, 6, 7, promise_lines=2, action_lines=2),
    Room(22, 37, 16, 6, 7, 8),
    Room(21, 36, 15, 6, 7, 8),
    Room(19, 33, 13, 5, 7, 8),
    Room(18, 32, 12, 5, 6, 7),
    Room(18, 31, 11, 4, 5, 6),
    Room(18, 30, 10, 4, 5, 6, 2, 2),
    Room(18, 29, 9, 3, 4, 5, 2, 2),
    Room(18, 28, 7, 3, 4, 4, 2, 2, 1),
    Room(17, 28, 8, 3, 4, 4, 2, 2, 1),
    Room(17, 28, 8, 2, 3, 3, 2, 2, 1),
    Room(17, 28, 8, 1, 3, 2, 1, 2, 1),
    Room(16, 27, 7, 1, 3, 1, 1, 2, 1),
)
SHEET = 1119  # px of an A4 page's height, less a few for another browser's fonts
# Lines and rows where all that there is has room.
FULL = {
    "promise_lines": 2,
    "action_lines": 2,
    "actions": 12,
    "cash": 7,
    "lead": 4,
    "promises": 8,
    "notes": 3,
    "kept": 8,
}
WIDE = 24  # px between sections, at most
HEAD, TABLE, NOTE = 18.5, 16.6, 15.7  # a section's title, a table's head, a line below it
SECOND = 12.5  # a row's second line
LONG_NAME = 11  # letters


def of(record: Record) -> Room:
    """The room that a weekly record's page has: what is left over holds rows that were left out, as many as go on,
    then parts the sections, up to `WIDE`."""
    rooms = [room._replace(mend_left=left) for room in ROOMS for left in (False, True)]
    room = next((room for room in rooms if height(record, room) <= SHEET), ROOMS[-1])
    for name, most in FULL.items():
        while getattr(room, name) < most and height(record, more := _one_more(room, name)) <= SHEET:
            room = more
    while room.blank and _hidden(record.body, room):
        more = room._replace(blank=room.blank - 1, actions=room.actions + 1)
        if height(record, more) > max(SHEET, height(record, room)):
            break
        room = more
    left = (SHEET - height(record, room)) / 6
    return room._replace(gap=max(room.gap, min(WIDE, int(room.gap + left))))


def _hidden(body: Mapping[str, Any], room: Room) -> bool:
    """Whether actions are only counted: then they go before blank rows."""
    n = len(body["drafts"]) + sum(not a["done"] for a in body["agreed"])
    return room.of(n, room.actions) < n


def _one_more(room: Room, name: str) -> Room:
    return room._replace(**{name: getattr(room, name) + 1})


def height(record: Record, room: Room) -> float:
    """About how high the page will be, in px, rather more than less."""
    body = record.body
    if not body["stock"]:
        return 0
    deals = TABLE + room.deal * len(body["deals"]) + NOTE * bool(body["larger"]) if body["deals"] else 0
    parts = [_changes(body, room), HEAD + deals]
    if body["owner"]:
        parts += [max(_promises(body, room), _commit(body, room))]
    else:
        parts += [max(_promises(body, room), _cash(record, room))]
        mend, left, right = _mend(record, room) + 8, _commit(body, room) + 8 + 18, _actions(record, room)
        parts += [max(left + mend, right) if room.mend_left else max(left, mend + right)]
    return _head(record, room) + _pace(body, room) + sum(parts) + room.gap * (len(parts) + 1) + _foot(record, room)


def _head(record: Record, room: Room) -> float:
    body, newest = record.body, max((s for s in record.read.sources if s.table == "deals"), key=lambda s: s.day)
    say = Language(record.project["language"], record.project["currency"])
    told = "".join(say(said["text"], **said["values"]) for said in body["lead"][: room.lead]).replace("*", "")
    lead = _lines([told], 57.5)  # 12.2 px in 714
    alarms = bool(newest.rejected) + len(newest.notes)
    padding = 36 if room.tight else 44
    return padding + 15 + 15 * _masthead(record, say) + 26.3 * len(body["title"]) + 11 + 18 * lead + 19 * alarms


def _masthead(record: Record, say: Language) -> int:
    """The lines of the masthead: what is compared goes below the rest where both have no room beside each other."""
    body, money = record.body, record.project["currency"]
    parts = [say("Monday page"), short(record.project["name"], 20), f"{record.period} (21 Sep)"]
    parts.append(say("{days:count} days left in {quarter}, {n:count} working", days=10, n=10, quarter="Q3"))
    some = len(body["holidays"]) == 1 or (body["holidays"] and not body["rebuilt"])
    parts += [say(" (holiday: {day})", day="25 Sep")] if some else []
    known = "against {day}, rebuilt from dates" if body["rebuilt"] else "against the export of {day}"
    parts += [say(known, day="14 Sep"), say(CURRENCIES.get(money, money)), say(", excl. tax")]
    return 1 if sum(width(part) for part in parts) + 5 < 69 else 2


def _pace(body: Mapping[str, Any], room: Room) -> float:
    told = body["forecast"]
    if body["owner"] or body["won"] is None or body["won"]["value"] is None:
        return 0
    final = bool(body["first_week"] and body["final"])  # stands instead of the last quarter as a benchmark
    known = [b for b in told["benchmarks"] if b["value"] is not None] if told else []
    rows = 1 + sum(not (final and b["name"] == "last_quarter") for b in known) + final
    note = bool(told and (told["p50"] is not None or told["withheld"]))
    return TABLE + room.row * rows + NOTE * note


def _changes(body: Mapping[str, Any], room: Room) -> float:
    walks = [walk for walk in (body["stock"], body["due"]) if walk]
    rows = {step["name"] for walk in walks for step in walk["steps"]}
    notes = len(walks) < 2, any(walk["listed"] for walk in walks), bool(body["stock"]["withheld"])
    return HEAD + TABLE + room.row * (len(rows) + 2) + NOTE * sum(notes)


def _promises(body: Mapping[str, Any], room: Room) -> float:
    shown, rest = room.promised(body["promises"])
    rows = float(room.row * (len(shown) + bool(rest)))
    rows += _second([p["what"] for p in shown], promise_ems(body), room.promise_lines)
    return HEAD + (TABLE + rows if body["promises"] else 14)


def _cash(record: Record, room: Room) -> float:
    cash, chinese = record.body["cash"], record.project["language"] == "zh_CN"
    return HEAD + (TABLE + room.row * len(room.invoices(cash)) if cash else 31 if chinese else 44)


def _commit(body: Mapping[str, Any], room: Room) -> float:
    owners, note = body["owners"], bool(body["forecast"] and body["forecast"]["p50"] is not None)
    said = [row["commit"] for row in owners if row["commit"] is not None]
    sums = 0 if body["owner"] else 1 if room.tight or not said or sum(said) == body["commit"] else 2
    return HEAD + (TABLE + room.row * (len(owners) + sums) if owners else 0) + NOTE * note


def _mend(record: Record, room: Room) -> float:
    body, said = record.body, record.body["titles"].get("mend")
    say = Language(record.project["language"], record.project["currency"])
    lines = _lines([say(said["text"], **said["values"])], 27) if said else 1  # 12.2 px, bold, in 344
    return HEAD + 16.5 * (lines - 1) + (TABLE + room.row * len(body["mend"]) if body["mend"] else 0)


def _actions(record: Record, room: Room) -> float:
    body, say = record.body, Language(record.project["language"], record.project["currency"])
    told = [say(d["what"]["text"], **d["what"]["values"]) for d in body["drafts"]]
    told += [a["what"] for a in body["agreed"] if not a["done"]]
    rows = min(len(told), room.actions + 1) + room.blank
    return HEAD + TABLE + room.row * rows + _second(told[: room.actions + 1], action_ems(body), room.action_lines)


def promise_ems(body: Mapping[str, Any]) -> float:
    """How wide the column of promises is: less where one was moved, from a day to another."""
    return 11.1 if any(p["state"] == "moved" for p in body["promises"]) else 15


def action_ems(body: Mapping[str, Any]) -> float:
    """How wide the column of actions is: less where a name is long."""
    return 18.4 if any(len(a["who"] or "") > LONG_NAME for a in [*body["drafts"], *body["agreed"]]) else 19.8


def _second(texts: Sequence[str], ems: float, lines: int) -> float:
    """What rows take more that are told in two lines."""
    return SECOND * sum(width(text) > ems for text in texts) if lines > 1 else 0


def _foot(record: Record, room: Room) -> float:
    """The footer's tallest column, of 9.4 px: two of running text, 192 and 212 px wide, and paragraphs in 270."""
    body, say = record.body, Language(record.project["language"], record.project["currency"])
    read = []
    for table in {source.table for source in record.read.sources}:
        days = sorted((s for s in record.read.sources if s.table == table), key=lambda s: s.day)
        text = f"{days[-1].file}, {say.count(days[-1].rows)} rows" + ", 2 repeated" * bool(days[-1].repeated)
        if len(days) > 1:
            text += "; " + say("earlier exports since {day:iso}: {n:count}", n=len(days), day=days[0].day)
        read.append(text + " " * 290 * ((not days[0].confirmed) + (days[-1].mapping != "confirmed")))
    read += ["Not used: " + ", ".join(record.read.not_used)] * bool(record.read.not_used)
    means = ["Meanings " + say(body["won"]["definition"])]
    means += [say("Due: open, expected to close by {day:date}", day=body["quarter_last"])] * bool(body["due"])
    dead = any(mend["rule"] == "dead" for mend in body["mend"])
    means += [say("Dead: open for more days than 99 of 100 won deals took")] * dead
    notes = [say(one["text"], **one["values"]) for one in body["notes"][: room.notes]]
    left = _lines(["Left out " + notes[0], *notes[1:]], 27.8) if notes else 0
    told = body["forecast"]
    tried = bool(told) and any(one["errors"] for one in told["benchmarks"])
    long = 1 if say.chinese else 2  # lines
    left += (long if body["track"] else 1) * bool(told) + long * tried + (len(body["notes"]) > room.notes)
    return 8 + max(13.4 * _running(["Read", *read], 21.7), 13.4 * _running(means, 19.7), 14.4 * left)


def _running(texts: Sequence[str], ems: float) -> int:
    """How many lines some texts take one after the other, a stroke between them; some break early."""
    return ceil((sum(width(text) + 1.3 for text in texts)) * 1.04 / ems)


def _lines(texts: Sequence[str], ems: float) -> int:
    """How many lines of `ems` some texts take, a paragraph each."""
    return sum(ceil(width(text) / ems) for text in texts)
