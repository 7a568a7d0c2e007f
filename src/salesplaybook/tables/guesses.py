"""What a person might mean: offered by `check` to be confirmed, and never used unasked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from salesplaybook.settings import Mapping, Status, TableMapping
from salesplaybook.tables import days, money, recognise, values
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.recognise import Fit
from salesplaybook.tables.schema import TABLES, Holds, Table
from salesplaybook.tables.words import Words

ALIKE = 0.88  # how like a known header another must be
MOSTLY = 0.9  # share of a column's cells that must be of its kind
UTC = ZoneInfo("UTC")
SAMPLE = 500  # rows that are looked at


def _words(english: str, chinese: str) -> re.Pattern[str]:
    ours = "new|deal|opportunity"
    return re.compile(rf"(?<![a-z])(?:{english}|{ours})(?![a-z])|{chinese}|的|新|商机|(?<!\d)\d(?!\d)")


# What may stand in a header beside a known word and change nothing, by what the column holds: 客户 is 客户名称, but not
# 客户金额. A word that isn't here (已回款, 未税, 电话, 经理, 计划) makes another thing of it.
HARMLESS: dict[Holds, re.Pattern[str]] = {
    "text": _words("name", "名称|名字|姓名|全称"),
    "id": _words("id|no|number|code", "编号|编码|号码|号"),
    "money": _words("(?:total )?(?:amount|value)", "总?金额|总额|总价"),
    "date": _words("date|time|on|day", "日期|时间|年月日|日"),
    "percent": _words("percent", "百分比"),
    "flag": _words("is", "是否"),
}


class Guesses(BaseModel):
    """columns: header -> our column; stages: value -> what it may count as; values: our column -> old: new value."""

    columns: dict[str, str] = {}
    stages: dict[str, Status] = {}
    values: dict[str, dict[str, str]] = {}


def fit(sheet: Sheet, words: Words, without: Collection[str] = (), mapping: Mapping | None = None) -> Fit | None:
    """The table that a sheet may be, where none is recognised, by known headers and by those like them.

    without: the tables that other files are, known or mapped: a stray sheet beside them is none of these.
    mapping: what a person has begun to write goes before both.
    """
    fits = []
    for table in (t for t in TABLES.values() if t.name not in without):
        own: TableMapping = getattr(mapping or Mapping(), table.name)
        begun = own if recognise.by(table, own) == "known" else TableMapping()
        found = {c: headers[0] for c, headers in recognise.candidates(sheet, table, begun, words).items()}
        found |= {c: h for h, c in _columns(sheet, table, set(found.values()), {*found, *begun.columns}, words).items()}
        if len(found) >= 2 and all(any(c in found for c in group) for group in table.needs):
            fits.append(Fit(table.name, found, "guess"))
    return max(fits, key=lambda f: len(f.columns), default=None)


def how(sheet: Sheet, guess: Fit, words: Words, own: TableMapping | None = None) -> TableMapping:
    """What mapping.yaml would say if the guess were confirmed; `own` is what it says already."""
    own = own or TableMapping()
    said: list[str] = []
    for column in ("stage", "status"):
        if column in guess.columns:
            at = sheet.header.index(guess.columns[column])
            cells = (values.text(row[at]) for _, row in sheet.rows if at < len(row))
            said += dict.fromkeys(c for c in cells if c)
    guessed = {v: s for v, s in stages(said, words).items() if v not in own.statuses}
    return own.model_copy(update={"columns": dict(guess.columns), "stages": guessed | own.stages})


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
    said = stages(unknown, words) if found.table == "deals" else {}
    return Guesses(columns=columns, stages=said, values=_renamed(found, others))


def alike(sheet: Sheet, table: Table, found: dict[str, str], words: Words) -> dict[str, str]:
    """Header -> our column, for headers like known ones; `found` are the columns that are known (-> header)."""
    return _columns(sheet, table, set(found.values()), set(found), words)


def stages(unknown: Sequence[str], words: Words) -> dict[str, Status]:
    """What stages may count as, by parts of their names; of one that says nothing, nothing is offered."""
    found = {value: words.counts_as(value) or words.guess(value) for value in unknown}
    return {value: status for value, status in found.items() if status}


def _columns(sheet: Sheet, table: Table, taken: set[str], filled: set[str], words: Words) -> dict[str, str]:
    """Header -> our column, for the headers that nothing took and the columns that nothing filled."""
    known = {c: forms for c, forms in _forms(words, table.name).items() if c in table.columns and c not in filled}
    scores = []
    for header in dict.fromkeys(sheet.header):
        if not header or header in taken or words.unused(table.name, header) or words.column(table.name, header):
            continue
        own = plain(header)
        bare = {holds: _bare(header, holds) for holds in HARMLESS}
        for column, forms in known.items():
            holds = table.columns[column]
            like = 1.0 if len(own) >= _shortest(own) and bare[holds] in forms.bare else _like(own, forms.plain)
            if like >= ALIKE and mostly(sheet, header, holds):
                scores.append((like, header, column))
    found: dict[str, str] = {}
    for _, header, column in sorted(scores, key=lambda s: -s[0]):
        if header not in found and column not in found.values():
            found[header] = column
    return found


class _Forms(NamedTuple):
    """The headers known for a column: without harmless words, and the English ones' letters by their number."""

    bare: frozenset[str]
    plain: dict[int, list[str]]


@lru_cache(maxsize=64)
def _forms(words: Words, table: str) -> dict[str, _Forms]:
    found = {}
    for column, headers in words.headers(table).items():
        lengths: dict[int, list[str]] = {}
        for word in dict.fromkeys(map(plain, headers)):
            if word.isascii() and len(word) >= 4:
                lengths.setdefault(len(word), []).append(word)
        found[column] = _Forms(frozenset(_bare(h, TABLES[table].columns[column]) for h in headers), lengths)
    return found


def _bare(header: str, holds: Holds) -> str:
    """A header's letters without the words that say no more than what a column holds: 预计成交 of 预计成交日期."""
    said = HARMLESS[holds].sub(" ", values.normal(money.header(header)[0]))
    return "".join(c for c in said if c.isalnum())


def _shortest(own: str) -> int:
    return 4 if own.isascii() else 2


def _like(own: str, known: dict[int, list[str]]) -> float:
    """How like the most similar known header it is, in English, where letters are mistyped; a word more is no slip."""
    best = 0.0
    if not own.isascii() or len(own) < 4:  # a Chinese sign more or less is another thing: 预计交付日期 is no close date
        return best
    matcher = difflib.SequenceMatcher(b=own, autojunk=False)
    for length in range(int(len(own) * 0.75), int(len(own) * 1.35) + 1):
        if 2 * min(length, len(own)) < ALIKE * (length + len(own)):
            continue
        for word in known.get(length, ()):
            if word[0] != own[0] and word[-1] != own[-1]:
                continue
            if abs(length - len(own)) > 1 and (word in own or own in word):
                continue
            matcher.set_seq1(word)
            if matcher.quick_ratio() >= ALIKE:
                best = max(best, matcher.ratio())
    return best


def plain(header: str) -> str:
    """A header's letters and digits alone, small, its unit left out."""
    return "".join(c for c in values.normal(money.header(header)[0]) if c.isalnum())


def _cells(sheet: Sheet, header: str) -> list[Any]:
    at = sheet.header.index(header)
    cells = (row[at] if at < len(row) else None for _, row in sheet.rows[:SAMPLE])
    return [c for c in cells if values.text(c) is not None]


def mostly(sheet: Sheet, header: str, holds: Holds) -> bool:
    """Whether nearly all cells of a column are what our column holds."""
    cells = _cells(sheet, header)
    numbers = all(isinstance(c, int | float | Decimal) or str(c).strip().isdigit() for c in cells)
    if not cells or (holds == "date" and numbers):  # 45000 may be a day to Excel; here it is rather an amount
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


def _moved(sheet: Sheet, found: Reading) -> dict[str, str]:
    """A close date that all decided deals have, and no other, is when they closed, not when they are expected to."""
    if {"closed", "won_on", "lost_on"} & set(found.columns) or "expected_close" not in found.columns:
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
