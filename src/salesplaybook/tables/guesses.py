"""What a person might mean: offered by `check` to be confirmed, and never used unasked."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from salesplaybook.settings import Status, TableMapping
from salesplaybook.tables import days, money, recognise, values
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.recognise import Fit
from salesplaybook.tables.schema import TABLES, Holds, Table
from salesplaybook.tables.words import Words

ALIKE = 0.82  # how like a known header another must be
MOSTLY = 0.9  # share of a column's cells that must be of its kind
UTC = ZoneInfo("UTC")
SAMPLE = 500  # rows that are looked at


class Guesses(BaseModel):
    """columns: header -> our column; stages: value -> what it may count as; values: our column -> old: new value."""

    columns: dict[str, str] = {}
    stages: dict[str, Status] = {}
    values: dict[str, dict[str, str]] = {}


def fit(sheet: Sheet, words: Words) -> Fit | None:
    """The table that a sheet may be, where none is recognised, by known headers and by those like them."""
    fits = []
    for table in TABLES.values():
        found = {c: headers[0] for c, headers in recognise.known(sheet, table, words).items()}
        found |= {c: h for h, c in _columns(sheet, table, set(found.values()), set(found), words).items()}
        if len(found) >= 2 and all(any(c in found for c in group) for group in table.needs):
            fits.append(Fit(table.name, found, "guess"))
    return max(fits, key=lambda f: len(f.columns), default=None)


def how(sheet: Sheet, guess: Fit, words: Words) -> TableMapping:
    """What mapping.yaml would say if the guess were confirmed."""
    said: list[str] = []
    for column in ("stage", "status"):
        if column in guess.columns:
            at = sheet.header.index(guess.columns[column])
            cells = (values.text(row[at]) for _, row in sheet.rows if at < len(row))
            said += dict.fromkeys(c for c in cells if c)
    return TableMapping(columns=dict(guess.columns), stages=stages(said, words))


def of(sheet: Sheet | None, found: Reading, words: Words, others: Sequence[Reading]) -> Guesses:
    """What may be meant by the headers, stages and names that are not known in a table that was read.

    sheet: its cells, for the headers; None: no header is in doubt.
    """
    table = TABLES[found.table]
    columns = {}
    if sheet and found.by == "known":
        columns = _columns(sheet, table, set(found.columns.values()), set(found.columns), words)
        columns |= _moved(sheet, found)
    unknown = [c.value for c in found.counted if not c.counts_as]
    said = stages(unknown, words, [c.value for c in found.counted]) if found.table == "deals" else {}
    return Guesses(columns=columns, stages=said, values=_renamed(found, others))


def stages(unknown: Sequence[str], words: Words, all_values: Sequence[str] | None = None) -> dict[str, Status]:
    """What stages may count as, by parts of their names; where won and lost are there by name, the others are open."""
    guessed: dict[str, Status] = {}
    for value in unknown:
        found = words.counts_as(value) or words.guess(value)
        if found:
            guessed[value] = found
    known = {words.counts_as(v) or guessed.get(v) for v in all_values or unknown}
    if {"won", "lost"} <= known:
        guessed |= {v: "open" for v in unknown if v not in guessed and not words.says_nothing(v)}
    return guessed


def _columns(sheet: Sheet, table: Table, taken: set[str], filled: set[str], words: Words) -> dict[str, str]:
    """Header -> our column, for the headers that nothing took and the columns that nothing filled."""
    scores = []
    for header in dict.fromkeys(sheet.header):
        if not header or header in taken or words.unused(table.name, header) or words.column(table.name, header):
            continue
        for column, known in words.headers(table.name).items():
            if column in filled or column not in table.columns:
                continue
            like = _like(header, known)
            if like >= ALIKE and _holds(sheet, header, table.columns[column]):
                scores.append((like, header, column))
    found: dict[str, str] = {}
    for _, header, column in sorted(scores, key=lambda s: -s[0]):
        if header not in found and column not in found.values():
            found[header] = column
    if table.name == "deals" and "created" not in {*filled, *found.values()}:
        found |= _created(sheet, taken | found.keys(), words)
    return found


def _like(header: str, known: Sequence[str]) -> float:
    """How like the most similar known header it is; one that holds a known header whole is nearly that."""
    own = plain(header)
    best = 0.0
    for word in map(plain, known):
        if len(word) >= (2 if word > "\u2e80" else 4) and word in own:
            best = max(best, 0.83 + 0.1 * len(word) / len(own))
        best = max(best, difflib.SequenceMatcher(None, own, word).ratio())
    return best


def plain(header: str) -> str:
    """A header's letters and digits alone, small, its unit left out."""
    return "".join(c for c in values.normal(money.header(header)[0]) if c.isalnum())


def _cells(sheet: Sheet, header: str) -> list[Any]:
    at = sheet.header.index(header)
    cells = (row[at] if at < len(row) else None for _, row in sheet.rows[:SAMPLE])
    return [c for c in cells if values.text(c) is not None]


def _holds(sheet: Sheet, header: str, holds: Holds) -> bool:
    """Whether nearly all cells of a column are what our column holds."""
    cells = _cells(sheet, header)
    if not cells:
        return False
    good, style = 0, money.style(cells)
    for cell in cells:
        try:
            if holds == "money":
                money.amount(cell, Decimal(1), style, "CNY")
            elif holds == "date":
                _day(cell)
            elif holds == "percent":
                values.percent(cell)
            elif holds == "flag":
                values.flag(cell)
            good += 1
        except (ValueError, ArithmeticError):
            pass
    return good >= MOSTLY * len(cells)


def _day(cell: Any) -> Any:
    try:
        return days.day(cell, "mdy", UTC)
    except ValueError:
        return days.day(cell, "dmy", UTC)


def _created(sheet: Sheet, taken: set[str], words: Words) -> dict[str, str]:
    """The one column of days left over, where there is just one: when the deal began."""
    left = [h for h in sheet.header if h and h not in taken and not words.known(h)]
    of_days = [h for h in left if _looks_dated(sheet, h)]
    return {of_days[0]: "created"} if len(of_days) == 1 else {}


def _looks_dated(sheet: Sheet, header: str) -> bool:
    plain_numbers = all(isinstance(c, int | float) or str(c).strip().isdigit() for c in _cells(sheet, header))
    return not plain_numbers and _holds(sheet, header, "date")


def _moved(sheet: Sheet, found: Reading) -> dict[str, str]:
    """A close date that all decided deals have, and no other, is when they closed, not when they are expected to."""
    if "closed" in found.columns or "expected_close" not in found.columns:
        return {}
    header = found.columns["expected_close"]
    decided = set(found.frame.loc[found.frame["status"].isin(("won", "lost")), "row"])
    at = sheet.header.index(header)
    dated = {n for n, row in sheet.rows if at < len(row) and values.text(row[at]) is not None}
    return {header: "closed"} if decided and dated == decided and len(decided) < len(sheet.rows) else {}


def _renamed(found: Reading, others: Sequence[Reading]) -> dict[str, dict[str, str]]:
    """Names that another table writes a little differently: old -> as it is there."""
    out: dict[str, dict[str, str]] = {}
    for column, (table, target) in TABLES[found.table].references.items():
        there = [n for r in others if r.table == table and target in r.columns for n in r.frame[target].dropna()]
        if column not in found.columns or not there or column == "owner":
            continue
        by_plain = {plain(name): name for name in there}
        exact = {values.normal(name) for name in there}
        for name in found.frame[column].dropna().unique():
            if values.normal(name) not in exact and plain(name) in by_plain:
                out.setdefault(column, {})[name] = by_plain[plain(name)]
    return out
