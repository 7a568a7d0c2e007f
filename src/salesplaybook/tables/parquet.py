"""A Parquet file becomes a grid; its columns' names are the first row."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesplaybook.errors import ExportError
from salesplaybook.tables.grid import Grid, check_size, filled

PLAIN = (str, bool, int, Decimal, date, time, timedelta)


def read(file: str, data: bytes) -> Grid:
    """The rows of a Parquet file. ExportError where it is damaged or too large."""
    import duckdb

    # DuckDB reads files only; the copy stands in the system's folder for such, never beside the export.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "export.parquet"
        copy.write_bytes(data)
        settings = {"threads": "1", "memory_limit": "500MB", "temp_directory": folder, "TimeZone": "UTC"}
        try:
            with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as base:
                for name, value in settings.items():
                    base.execute(f"SET {name} = '{value}'")
                return Grid(file, rows=list(_rows(file, base, str(copy))))
        except duckdb.OutOfMemoryException:
            raise ExportError(
                "{file} asks for more memory than a table should. Export fewer columns, or a shorter period.", file=file
            ) from None
        except (duckdb.Error, OSError, RuntimeError, UnicodeError, OverflowError, ValueError):
            raise ExportError(
                "{file} can't be read as a Parquet file: it is damaged or cut off. Export it again.", file=file
            ) from None


def _rows(file: str, base: Any, copy: str) -> Iterator[tuple[int, list[Any]]]:
    (count,) = base.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [copy]).fetchone()
    found = base.execute("SELECT * FROM read_parquet(?, hive_partitioning = false)", [copy])
    names = [column[0] for column in found.description]
    check_size(file, (count or 0) * len(names))
    yield 1, names
    number = 1
    while rows := found.fetchmany(10_000):
        for row in rows:
            number += 1
            cells = [None if c is None else c if isinstance(c, PLAIN) else _cell(c) for c in row]
            if filled(cells):
                yield number, cells


def _cell(value: Any) -> Any:
    """Lists, structures and bytes become text; a number that is none becomes nothing."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return "; ".join(str(_cell(v)) for v in value if v is not None)
    return str(value)
