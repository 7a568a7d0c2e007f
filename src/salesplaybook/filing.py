"""A new export is filed under its day in history/, byte for byte; what is typed stands beside the newest one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from salesplaybook.errors import ExportError
from salesplaybook.settings import Mapping, Settings
from salesplaybook.store import Store, sha256
from salesplaybook.tables import files, reading
from salesplaybook.tables.reading import Reading

# A file's own day is believed if it lies at most this many days after the newest date in the file.
LATE = timedelta(days=31)
INDEX = "filed.json"


class Filed(NamedTuple):
    """A file in history: its day and how that was found, its name there and as it came, and its number in filing."""

    day: date
    file: str
    name: str
    sha256: str
    dated_by: Literal["name", "time", "newest"]
    number: int

    @property
    def path(self) -> str:
        return f"history/{self.day}/{self.file}"


class _New(NamedTuple):
    file: str
    data: bytes
    readings: list[Reading]
    modified: datetime


def filed(store: Store) -> list[Filed]:
    """All that is filed, in the order in which it was filed."""
    found = []
    for day in store.folders("history"):
        if store.exists("history", day, INDEX):
            index = json.loads(store.text("history", day, INDEX))
            found += [Filed(date.fromisoformat(day), **entry) for entry in index]
    return sorted(found, key=lambda f: f.number)


def file_exports(store: Store, settings: Settings, mapping: Mapping) -> tuple[list[Filed], list[tuple[str, list[str]]]]:
    """Files what is new in data/: (newly filed, files that no table fits with their headers).

    Nothing is filed while one of the files can't be read: ExportError names it.
    """
    reading.check_mapping(mapping)
    for name in ("deals", "products", "people"):
        wanted = getattr(mapping, name).file
        if wanted and not store.exists("data", wanted):
            raise ExportError(
                "data/{file} is not there, which mapping.yaml names for {table}. Put it there, or mend mapping.yaml.",
                file=wanted,
                table=name,
            )
    with store.lock():
        known = filed(store)
        new, unfit = [], []
        for path, data in _unfiled(store, known):
            found, headers = read_export(path.name, data, settings, mapping)
            modified = datetime.fromtimestamp(path.stat().st_mtime, settings.zone)
            if found:
                new.append(_New(path.name, data, found, modified))
            else:
                unfit.append((path.name, headers))
        keep_typed(store, known)
        days = {n.file: _day(n) for n in new}
        deals = [days[n.file][0] for n in new if any(r.table == "deals" for r in n.readings)]
        made: list[Filed] = []
        for n in new:
            day, dated_by = days[n.file]
            if deals and dated_by == "time" and all(r.newest is None for r in n.readings):
                day = max(deals)  # a list without dates belongs to the deals that came with it
            made.append(_file(store, n, day, dated_by, len(known) + len(made) + 1))
        keep_typed(store, known + made)
    return made, unfit


def waiting(store: Store) -> list[str]:
    """The names of the files in data/ that are not filed yet."""
    return [path.name for path, _ in _unfiled(store, filed(store))]


def _unfiled(store: Store, known: list[Filed]) -> Iterator[tuple[Path, bytes]]:
    seen = {f.sha256 for f in known}
    for path in store.files("data"):
        if files.is_export(path.name) and sha256(data := path.read_bytes()) not in seen:
            yield path, data


def read_export(file: str, data: bytes, settings: Settings, mapping: Mapping) -> tuple[list[Reading], list[str]]:
    """The tables in a file, and the headers of its sheets that fit none."""
    found, headers = [], []
    for sheet in files.read(file, data, mapping.deals.sheet):
        table = reading.recognise(sheet, mapping)
        if table:
            found.append(reading.read(sheet, table, mapping, settings.currency))
        else:
            headers += sheet.header
    return found, headers


def keep_typed(store: Store, known: list[Filed]) -> None:
    """Copies entries/ and mapping.yaml beside the newest export: what is typed now is part of that day's state."""
    if not known:
        return
    newest = f"history/{max(f.day for f in known)}"
    typed = {p.name: p for p in store.files("entries")}
    for name, path in typed.items():
        store.write(path.read_bytes(), newest, "entries", name)
    for gone in store.files(newest, "entries"):
        if gone.name not in typed:
            store.remove(newest, "entries", gone.name)
    if store.exists("mapping.yaml"):
        store.write(store.path("mapping.yaml").read_bytes(), newest, "mapping.yaml")


_DAY_IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})"
    r"(?:(?P<s>[-_. ])(\d{1,2})(?P=s)(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2})(?:\d{4}|\d{6})?)"
    r"(?!\d)"
)


def day_in_name(file: str) -> date | None:
    """The day that stands in a file's name: Deals_2026_09_21.csv, 商机_20260921.xlsx, 2026年9月21日.xlsx."""
    for m in _DAY_IN_NAME.finditer(file):
        month, day = next((a, b) for a, b in ((m[3], m[4]), (m[5], m[6]), (m[7], m[8])) if a)
        try:
            return date(int(m[1]), int(month), int(day))
        except ValueError:
            continue
    return None


def _day(new: _New) -> tuple[date, Literal["name", "time", "newest"]]:
    """Under which day a file belongs: its name's, else its time's; where both come too late, the newest day in it."""
    named = day_in_name(new.file)
    day = named or new.modified.date()
    newest = max((r.newest for r in new.readings if r.newest), default=None)
    if newest and day - newest > LATE:
        return newest, "newest"
    return day, "name" if named else "time"


def _file(store: Store, new: _New, day: date, dated_by: Literal["name", "time", "newest"], number: int) -> Filed:
    name, stem, dot, ending, copy = new.file, *new.file.rpartition("."), 1
    while store.exists("history", str(day), name):
        copy += 1
        name = f"{stem} ({copy}){dot}{ending}"
    entry = {"file": name, "name": new.file, "sha256": sha256(new.data), "dated_by": dated_by, "number": number}
    store.write(new.data, "history", str(day), name)
    index = json.loads(store.text("history", str(day), INDEX)) if store.exists("history", str(day), INDEX) else []
    store.write(json.dumps([*index, entry], ensure_ascii=False, indent=1), "history", str(day), INDEX)
    return Filed(day, name, new.file, sha256(new.data), dated_by, number)
