"""Which table a sheet is, and which of its headers is which of our columns, by mapping.yaml."""

from __future__ import annotations

from salesplaybook.errors import ExportError, SettingsError
from salesplaybook.settings import Mapping, TableMapping, nearest
from salesplaybook.tables.files import Sheet
from salesplaybook.tables.schema import TABLES, Table


def recognise(sheet: Sheet, mapping: Mapping) -> tuple[str, dict[str, str]] | None:
    """The table that a new `sheet` belongs to and where our columns stand in it: our column -> its header.

    All mapped columns must be there; of several tables that fit, the one with most columns is taken. None where it
    fits none. ExportError where it is nearly the deals table but columns are missing.
    """
    fits: dict[str, dict[str, str]] = {}
    for name, table in TABLES.items():
        how: TableMapping = getattr(mapping, name)
        found = columns(sheet, table, how)
        meant = how.file in (None, sheet.file) and how.sheet in (None, sheet.name)
        if meant and found and len(found) >= (len(how.columns) or 2):
            fits[name] = found
    if fits:
        return max(fits.items(), key=lambda fit: len(fit[1]))
    wanted = mapping.deals.columns
    there = [c for c, headers in wanted.items() if _header(sheet, headers)]
    missing = [c for c in wanted if c not in there]
    if len(there) >= 2 and len(there) * 2 >= len(wanted):
        raise ExportError(
            "{file} has no column '{header}', which mapping.yaml names for '{column}'. "
            "It has: {headers:list}. Export it with that column, or mend mapping.yaml.",
            file=sheet.file,
            header=_wanted(wanted[missing[0]])[0],
            column=missing[0],
            headers=sheet.header[:30],
        )
    return None


def columns(sheet: Sheet, table: Table, how: TableMapping) -> dict[str, str] | None:
    """Our column -> the header that holds it, as far as the sheet has them; None where it lacks what the table needs.

    An unmapped table is recognised by our own column names. This is all that an export already filed must meet: a
    column that is mapped since was not in it.
    """
    wanted = how.columns or {c: c for c in table.columns}
    found = {c: h for c, headers in wanted.items() if (h := _header(sheet, headers))}
    return found if all(any(c in found for c in group) for group in table.needs) else None


def check_mapping(mapping: Mapping) -> None:
    """SettingsError where mapping.yaml names a column that we don't have, or leaves out one that a table needs."""
    for name, table in TABLES.items():
        how: TableMapping = getattr(mapping, name)
        for column in (*how.columns, *how.values):
            if column not in table.columns:
                right = nearest(column, table.columns)
                raise SettingsError(
                    "mapping.yaml: {table} has no column '{column}'. It has: {columns:list}.",
                    table=name,
                    column=column,
                    columns=[right] if right else list(table.columns),
                )
        for group in table.needs:
            if how.columns and not any(c in how.columns for c in group):
                raise SettingsError(
                    "mapping.yaml: {table} needs one of the columns {columns:list}. "
                    "Add it under {table}: columns:, with the export's header.",
                    table=name,
                    columns=list(group),
                )


def _header(sheet: Sheet, wanted: str | list[str]) -> str | None:
    return next((h for h in _wanted(wanted) if h in sheet.header), None)


def _wanted(headers: str | list[str]) -> list[str]:
    return [headers] if isinstance(headers, str) else headers
