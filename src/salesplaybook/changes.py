"""What differs between two looks at data/: after a file or mapping.yaml was mended, only this is shown."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from salesplaybook.looks import Look, Understood
from salesplaybook.names import STATUS_NAMES, TABLE_NAMES, column_names
from salesplaybook.results import Message, say
from salesplaybook.store import Store


class Change(NamedTuple):
    """A line that is new, gone or different, of which file."""

    file: str
    sign: Literal["+", "-"]
    text: Message


KEPT = (".cache", "check.json")
ROWS = 3  # rows put aside that are named


def since_last(store: Store, now: Understood) -> list[Change] | None:
    """What differs from the look that was kept last (see `between`); None where there is none."""
    if not store.exists(*KEPT):
        return None
    try:
        before = Understood.model_validate_json(store.text(*KEPT))
    except ValueError:  # of another version of ours
        return None
    return between(before, now)


def keep(store: Store, now: Understood) -> None:
    """Keeps a look, for the next one to be held against."""
    store.write(now.model_dump_json(), *KEPT)


def between(before: Understood, now: Understood) -> list[Change] | None:
    """What differs, file by file; None where the looks have no file in common, so that all is to be shown.

    A file that is gone, or filed since, is a line; a new one is held against the one that was its table before it.
    """
    old, new = _by_name(before), _by_name(now)
    if not old.keys() & new.keys():
        return None
    out = []
    for name in dict.fromkeys([*new, *old]):
        if name not in new:
            out.append(Change(name, "-", say("no longer in data/")))
        elif name not in old and new[name].filed:
            out.append(Change(name, "+", _filed(new[name])))
        else:
            was = _facts(old[name]) if name in old else _usual(new[name], before)
            has = _facts(new[name])
            out += _lines(name, "-", {k: text for k, text in was.items() if has.get(k) != text})
            out += _lines(name, "+", {k: text for k, text in has.items() if was.get(k) != text})
    return out


def _filed(look: Look) -> Message:
    table = TABLE_NAMES[look.table or "deals"]
    return say("filed as {table:text} of {day:iso}, {rows:rows}", table=table, day=look.day, rows=look.rows)


def _usual(look: Look, before: Understood) -> dict[tuple[str, ...], Message]:
    """What the newest earlier file of the same table says of columns and stages."""
    same = [x for x in before.looks if look.table and x.table == look.table and not x.problem]
    newest = max(same, key=lambda x: x.day or date.min, default=None)
    return {k: text for k, text in _facts(newest).items() if k[0] in ("column", "stage")} if newest else {}


def _lines(name: str, sign: Literal["+", "-"], facts: dict[tuple[str, ...], Message]) -> list[Change]:
    """A line each; of rows put aside the first few."""
    aside = [key for key in facts if key[0] == "aside"]
    out = [Change(name, sign, text) for key, text in facts.items() if key not in aside[ROWS:]]
    if (more := len(aside) - ROWS) > 0:
        out.append(Change(name, sign, say("{n:rows} more put aside", n=more)))
    return out


def _by_name(found: Understood) -> dict[str, Look]:
    return {look.file + (f" [{look.sheet}]" if look.sheet else ""): look for look in found.looks}


def _facts(look: Look) -> dict[tuple[str, ...], Message]:
    """All that a look says, each under what it is about."""
    facts: dict[tuple[str, ...], Message] = {}
    if look.problem:
        facts["problem",] = look.problem
    if look.table:
        facts["table",] = say("read as {table:text}, {rows:rows}", table=TABLE_NAMES[look.table], rows=look.rows)
    if look.day:
        facts["day",] = say("as of {day:iso}", day=look.day)
    for status, n in look.statuses.items():
        facts["status", status] = say("{status:text}: {n:deals}", status=STATUS_NAMES[status], n=n)
    if look.won_amount is not None:
        facts["won",] = say("won amount {amount:money}", amount=look.won_amount)
    if look.open_amount is not None:
        facts["open",] = say("open amount {amount:money}", amount=look.open_amount)
    for row, kind, text in look.passed:
        if kind != "above":
            facts["passed", str(row)] = say("row {row} passed over: {text}", row=row, text=text)
    for c in look.columns:
        if c.column:
            facts["column", c.header, c.column] = say(
                "column {header} is {column}", header=c.header, column=column_names([c.column])[0]
            )
        else:
            facts["column", c.header] = say("column {header} is not used", header=c.header)
    for s in look.stages:
        if s.counts_as:
            facts["stage", s.column, s.value] = say(
                "{value} counts as {status:text}", value=s.value, status=STATUS_NAMES[s.counts_as]
            )
        else:
            facts["stage", s.column, s.value] = say("it is not known what {value} counts as", value=s.value)
    for a in look.aside:
        facts["aside", str(a.row), a.column] = say(
            "row {row} put aside, {column}: {value}", row=a.row, column=a.column, value=a.value
        )
    for f in look.findings:
        about = f.text.values.get("column") or f.text.values.get("currency") or ""
        facts["finding", f.kind, f.text.text, about] = f.text
    return facts
