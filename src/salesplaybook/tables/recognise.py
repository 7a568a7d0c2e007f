"""Which table a sheet is, and which of its headers is which of our columns: by mapping.yaml, else by known words."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from salesplaybook.errors import ExportError, LackingColumn, SettingsError
from salesplaybook.names import TABLE_NAMES, column_names
from salesplaybook.settings import Mapping, TableMapping, nearest
from salesplaybook.tables import money
from salesplaybook.tables.layout import Sheet, cleaned
from salesplaybook.tables.schema import TABLES, Holds, Table
from salesplaybook.tables.values import text
from salesplaybook.tables.words import Words

# Where two columns may be the one that is meant and say different things, nobody but a person can choose.
DECISIVE = ("id", "stage", "status", "amount", "unpaid", "created", "expected_close", "closed", "due", "day")


# Without these an export isn't the one that mapping.yaml describes; what else it lacks is said, and stays blank.
MUST = ("id", "stage", "status", "amount", "unpaid", "due", "day")


class Fit(NamedTuple):
    """The table that a sheet is, our column -> its header, and whether mapping.yaml, our words or a guess says so."""

    table: str
    columns: dict[str, str]
    by: Literal["mapping", "known", "guess"]


def recognise(sheet: Sheet, mapping: Mapping, words: Words) -> Fit | None:
    """The table that a new `sheet` belongs to: one that mapping.yaml names, else that with most known columns.

    Of the columns that mapping.yaml names, those of `MUST` must be there. None where the sheet fits no table.
    ExportError where most columns say that it is a table of which it lacks some that are needed, or where two columns
    may be the one meant.
    """
    fits, nearly, barred = [], [], 0
    for name, table in TABLES.items():
        how: TableMapping = getattr(mapping, name)
        found = columns(sheet, table, how, words)
        if how.file not in (None, sheet.file) or how.sheet not in (None, sheet.name):
            barred = max(barred, len(found or ()))  # what it is, mapping.yaml takes from another file
            continue
        if found and len(found) >= min(2, len(how.columns) or 2) and not _missing(how, found):
            fits.append(Fit(name, found, by(table, how)))
        else:
            nearly.append((list(candidates(sheet, table, how, words)), name))
    best = max(fits, key=lambda f: _likely(sheet, f, getattr(mapping, f.table), words), default=None)
    if barred and (not best or best.by == "known") and barred > (len(best.columns) if best else 0):
        return None
    for there, name in nearly if not best or best.by == "known" else []:
        _refuse_incomplete(sheet, TABLES[name], getattr(mapping, name), there, len(best.columns) if best else 0)
    if best:
        may_be = candidates(sheet, TABLES[best.table], getattr(mapping, best.table), words)
        _refuse_doubtful(sheet, TABLES[best.table], may_be, words)
    return best


def _likely(sheet: Sheet, fit: Fit, how: TableMapping, words: Words) -> tuple[bool, int, int]:
    """How likely a sheet is the table that it fits: as a person says of a header in it, by its columns, by headers that
    are known and unused."""
    said = any(_header(sheet, h) for headers in how.columns.values() for h in wanted(headers))
    unused = sum(words.unused(fit.table, h) for h in sheet.header)
    return said, len(fit.columns), unused


def columns(sheet: Sheet, table: Table, how: TableMapping, words: Words) -> dict[str, str] | None:
    """Our column -> the header that holds it, as far as the sheet has them; None where it lacks what the table needs.

    This is all that an export already filed must meet: a column that is mapped since was not in it.
    """
    found = {c: headers[0] for c, headers in candidates(sheet, table, how, words).items()}
    return found if all(any(c in found for c in group) for group in table.needs) else None


def candidates(sheet: Sheet, table: Table, how: TableMapping, words: Words) -> dict[str, list[str]]:
    """Our column -> the sheet's headers that may be it, the likeliest first: by mapping.yaml, else as known exactly.

    To a mapping that is only begun the known headers of the other columns are added.
    """
    found = {c: [h for said in wanted(headers) if (h := _header(sheet, said))] for c, headers in how.columns.items()}
    mapped = {c: _filled_first(sheet, headers) for c, headers in found.items() if headers}
    if by(table, how) == "mapping":
        return mapped
    taken = {header for headers in mapped.values() for header in headers}
    others = {c: [h for h in hs if h not in taken] for c, hs in known(sheet, table, words).items()}
    both = mapped | {c: headers for c, headers in others.items() if headers and c not in how.columns}
    return {c: both[c] for c in table.columns if c in both}


def by(table: Table, how: TableMapping) -> Literal["mapping", "known"]:
    """Whether mapping.yaml says all of a table's columns, or is only begun: then our words say the others.

    It is begun while it lacks a column that the table needs, or says of no stage or status what it counts as. A mapping
    that `check` wrote says both.
    """
    lacks = any(not any(c in how.columns for c in group) for group in table.needs)
    silent = {"stage", "status"} & set(how.columns) and not (how.stages or how.statuses)
    return "known" if lacks or silent else "mapping"


def known(sheet: Sheet, table: Table, words: Words) -> dict[str, list[str]]:
    """Our column -> the headers known exactly for it, the most usual first."""
    found: dict[str, list[str]] = {}
    for header in sheet.header:
        column = words.column(table.name, header) if header else None
        # Fxiaoke's API writes a code and, beside it, its label: sales_stage and sales_stage__r.
        if column in table.columns and header not in found.get(column, []) and f"{header}__r" not in sheet.header:
            found.setdefault(column, []).append(header)
    dated = {"closed", "won_on", "lost_on"} & set(found)
    if table.name == "deals" and not dated and words.system(sheet.header) == "fxiaoke":
        # Of a decided deal the stage changed when it closed, and there is no other column that says when.
        found |= {"closed": found["stage_changed"]} if "stage_changed" in found else {}
    ranked = {c: sorted(found[c], key=lambda h: words.rank(table.name, h)) for c in table.columns if c in found}
    return {c: _filled_first(sheet, headers) for c, headers in ranked.items()}


def lacking(sheet_columns: Collection[str], how: TableMapping) -> list[str]:
    """The columns that mapping.yaml names and an export doesn't have."""
    return [c for c in how.columns if c not in sheet_columns]


def _filled_first(sheet: Sheet, headers: list[str]) -> list[str]:
    return sorted(headers, key=lambda h: _blank(sheet, h)) if len(headers) > 1 else headers


def _blank(sheet: Sheet, header: str) -> bool:
    at = sheet.header.index(header)
    return all(at >= len(row) or text(row[at]) is None for _, row in sheet.rows)


def _missing(how: TableMapping, found: Collection[str]) -> list[str]:
    """Columns without which an export isn't what mapping.yaml describes."""
    return [c for c in how.columns if c in MUST and c not in found]


def _refuse_doubtful(sheet: Sheet, table: Table, found: dict[str, list[str]], words: Words) -> None:
    """ExportError where two headers may be one decisive column and their cells differ.

    Beside a column of stages that we know, one of sentences (进展: 等客户回话) is no other.
    """
    for column, headers in found.items():
        others = headers[1:] if column in DECISIVE else []
        if column in ("stage", "status") and others and _holds_stages(sheet, headers[0], words):
            others = [h for h in others if _holds_stages(sheet, h, words)]
        for other in others:
            for number, one, two in _side_by_side(sheet, headers[0], other, table.columns[column]):
                if one and two and one != two:
                    raise ExportError(
                        "{file} has two columns that may be the {column}: '{one}' and '{two}' (row {row}: {first} and "
                        "{second}). Say in mapping.yaml which one counts, under {table}: columns: ({key}: {one}).",
                        file=sheet.file,
                        column=column_names([column])[0],
                        key=column,
                        one=headers[0],
                        two=other,
                        row=number,
                        first=f"{one:f}" if isinstance(one, Decimal) else str(one),
                        second=f"{two:f}" if isinstance(two, Decimal) else str(two),
                        table=table.name,
                    )


def _holds_stages(sheet: Sheet, header: str, words: Words) -> bool:
    at = sheet.header.index(header)
    cells = {said for _, row in sheet.rows if at < len(row) and (said := text(row[at]))}
    return any(words.counts_as(said) for said in cells)


def _side_by_side(sheet: Sheet, one: str, two: str, holds: Holds) -> Iterator[tuple[int, Any, Any]]:
    """Row number and the two columns' cells; amounts in their headers' units, so that 1.2 (万元) is 12000 (元)."""

    def value(row: list[Any], header: str) -> Any:
        at = sheet.header.index(header)
        cell = row[at] if at < len(row) else None
        if holds == "money":
            try:
                amount = money.amount(cell, money.header(header)[1] or Decimal(1), None, "CNY")
                return amount.value.normalize() if amount else None
            except ValueError:
                pass
        return text(cell)

    for number, row in sheet.rows:
        yield number, value(row, one), value(row, two)


def _refuse_incomplete(sheet: Sheet, table: Table, how: TableMapping, there: list[str], others: int) -> None:
    """ExportError where a sheet has most columns of a table, but not all that it must have.

    others: how many columns it has of the table that it fits best otherwise.
    """
    headers = [h for h in sheet.header if h][:30]
    lacks = [group for group in table.needs if not any(c in there for c in group)]
    missing = _missing(how, there) or (lacking(there, how) if by(table, how) == "mapping" else [])
    if missing or by(table, how) == "mapping":
        most = len(there) >= 2 and len(there) * 2 >= len(how.columns) and not (lacks and others >= len(there))
        if missing and (most or how.file == sheet.file):
            raise ExportError(
                "{file} has no column '{header}', which mapping.yaml names for '{column}'. "
                "It has: {headers:list}. Export it with that column, or mend mapping.yaml.",
                file=sheet.file,
                header=wanted(how.columns[missing[0]])[0],
                column=missing[0],
                headers=headers,
            )
    elif lacks and table.name == "deals" and len(there) > max(2, others):
        raise LackingColumn(
            "{file} has columns of {table:text} ({there:list}), and none that is known to be its {lacking:list}. "
            "It has: {headers:list}. Export it with that column, or say in mapping.yaml which one it is.",
            file=sheet.file,
            table=TABLE_NAMES[table.name],
            there=column_names(there[:6]),
            lacking=column_names(lacks[0]),
            headers=headers,
        )


def check_mapping(mapping: Mapping) -> None:
    """SettingsError where mapping.yaml names a column that we don't have."""
    for name, table in TABLES.items():
        how: TableMapping = getattr(mapping, name)
        for column in (*how.columns, *how.values, *(how.unit if isinstance(how.unit, dict) else ())):
            if column not in table.columns:
                right = nearest(column, table.columns)
                raise SettingsError(
                    "mapping.yaml: {table} has no column '{column}'. It has: {columns:list}.",
                    table=name,
                    column=column,
                    columns=[right] if right else list(table.columns),
                )


def wanted(headers: str | list[str]) -> list[str]:
    return [headers] if isinstance(headers, str) else headers


def _header(sheet: Sheet, headers: str | list[str]) -> str | None:
    """The sheet's header that mapping.yaml means: letter by letter, else without regard to width and line breaks."""
    for header in wanted(headers):
        if header in sheet.header:
            return header
        if alike := [h for h in sheet.header if h and plain(h) == plain(header)]:
            return alike[0]
    return None


def plain(header: str) -> str:
    """A header for comparing: width, spaces and line breaks make no difference."""
    return "".join(unicodedata.normalize("NFKC", cleaned(header)).split())
