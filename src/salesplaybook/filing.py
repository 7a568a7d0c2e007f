"""A new export is filed under its day in history/, byte for byte; what is typed stands beside the newest one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from salesplaybook import dating
from salesplaybook.dating import Arrived, DatedBy, days_of
from salesplaybook.errors import ExportError, SettingsError
from salesplaybook.results import Message, defined
from salesplaybook.settings import Mapping
from salesplaybook.store import Store, sha256
from salesplaybook.tables import files, kept, reading, recognise
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.schema import TABLES

INDEX = "filed.json"
TABLE = 3  # headers from which a sheet may hold deals


class Filed(NamedTuple):
    """A file in history: its day and how that was found, its name there and as it came, its tables, its number.

    sheets: the sheets that were read, each with its table
    """

    day: date
    file: str
    name: str
    sha256: str
    dated_by: DatedBy
    tables: list[str]
    number: int
    sheets: dict[str, str] = {}  # noqa: RUF012 (never changed)

    @property
    def path(self) -> str:
        return f"history/{self.day}/{self.file}"


class _New(NamedTuple):
    file: str
    data: bytes
    readings: list[Reading]
    modified: datetime
    left: list[str]  # headers of its sheets that no table fits

    @property
    def tables(self) -> list[str]:
        return sorted({r.table for r in self.readings})


def filed(store: Store) -> list[Filed]:
    """All that is filed, in the order in which it was filed."""
    found = []
    for day in store.folders("history"):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day) and store.exists("history", day, INDEX):
            index = json.loads(store.text("history", day, INDEX))
            found += [Filed(date.fromisoformat(day), **entry) for entry in index]
    return sorted(found, key=lambda f: f.number)


def true_day(filed: Filed, mapping: Mapping) -> date:
    """The day that an export tells of: as filed, unless mapping.yaml has another for its file or its day."""
    return mapping.dates.get(filed.name) or mapping.dates.get(str(filed.day), filed.day)


def file_exports(store: Store, reader: Reader) -> tuple[list[Filed], list[tuple[str, list[str]]]]:
    """Files what is new in data/: (newly filed, files that no table fits with their headers).

    Nothing is filed while one of the files can't be read, while none is recognised at all, or while there are no
    deals yet and a sheet that may hold them isn't recognised: ExportError says why.
    """
    mapping = reader.mapping
    check_named(store, mapping)
    with store.lock():
        known = filed(store)
        new, unfit = _new(store, known, reader)
        if unfit and not new and not known:
            raise unrecognised(*unfit[0])
        partly = next((n for n in new if n.left), None)
        tables = {t for f in known for t in f.tables} | {t for n in new for t in n.tables}
        if partly and "deals" not in tables:  # once it is filed they would stay unread
            raise unrecognised(partly.file, partly.left)
        deals = [r for n in new for r in n.readings if r.table == "deals"]
        if deals and all(r.frame.empty for r in deals):
            raise reading.nothing_left(deals[0])
        _check_once(known, new, mapping)
        keep_typed(store, known, mapping)
        made = []
        number = max((f.number for f in known), default=0)
        for n, (day, dated_by) in _dated(new, known, mapping):
            number += 1
            made.append(_file(store, n, day, dated_by, number))
        keep_typed(store, known + made, mapping)
    return made, unfit


def overruled(store: Store, since: int) -> list[Message]:
    """Of what was filed after number `since`: which files are not of the day in their name, a sentence each."""
    new = [f for f in filed(store) if f.number > since]
    return [said for f in new if (said := dating.overruled(f.name, f.day, f.dated_by))]


def check_named(store: Store, mapping: Mapping) -> None:
    """Error where mapping.yaml names a column that we don't have, or a file that isn't in data/."""
    recognise.check_mapping(mapping)
    for name in TABLES:
        wanted = getattr(mapping, name).file
        if wanted and not store.exists("data", wanted):
            raise ExportError(
                "data/{file} is not there, which mapping.yaml names for {table}. Put it there, or mend mapping.yaml.",
                file=wanted,
                table=name,
            )


def _check_once(known: list[Filed], new: list[_New], mapping: Mapping) -> None:
    """SettingsError where mapping.yaml says something of a file by a name that more than one export has had."""
    for n in new:
        earlier = [f for f in known if f.name == n.file]
        if earlier and (n.file in mapping.dates or n.file in mapping.complete):
            raise SettingsError(
                "mapping.yaml names {file} under dates: or complete:, and there are two exports of that name now. "
                "Name the day of the earlier one instead: {day:iso}.",
                file=n.file,
                day=earlier[-1].day,
            )


def _new(store: Store, known: list[Filed], reader: Reader) -> tuple[list[_New], list[tuple[str, list[str]]]]:
    """What lies in data/ and is not filed yet: the files read, and those that no table fits with their headers."""
    new, unfit = [], []
    names: list[str] = []
    for path, data, modified in _unfiled(store, known):
        found, headers, left = [], [], []
        for sheet in reader.sheets(path.name, data):
            names.append(sheet.name)
            if fit := reader.recognise(sheet):
                found.append(reader.read(sheet, fit))
            else:
                named = [h for h in sheet.header if h]
                headers += named
                left += named if len(named) >= TABLE else []
        if found:
            new.append(_New(path.name, data, found, datetime.fromtimestamp(modified, reader.settings.zone), left))
        else:
            unfit.append((path.name, headers))
    reader.check_sheets(names)
    return new, unfit


def unrecognised(file: str, headers: list[str]) -> ExportError:
    """That no table has a file's columns, and what to do."""
    return ExportError(
        "{file} is not recognised: no table of ours has its columns ({headers:list}). Run 'salesplaybook check' to see "
        "what can be guessed, or say in mapping.yaml which column is which.",
        file=file,
        headers=headers[:12],
    )


def _dated(new: list[_New], known: list[Filed], mapping: Mapping) -> list[tuple[_New, tuple[date, DatedBy]]]:
    """The new files with their days, in the order in which they are to be filed: of one day, the newest file last."""
    days = days_of(
        [Arrived(n.file, n.readings, n.modified) for n in new], mapping, {f.day for f in known}, {f.name for f in known}
    )
    return [(n, days[n.file]) for n in sorted(new, key=lambda n: (days[n.file][0], n.modified, n.file))]


def unfit(store: Store, reader: Reader) -> list[tuple[str, list[str]]]:
    """The files in data/ that no table fits, with their headers."""
    return _new(store, filed(store), reader)[1]


def waiting(store: Store) -> list[str]:
    """The names of the files in data/ that are not filed yet."""
    return [path.name for path, *_ in _unfiled(store, filed(store))]


def _unfiled(store: Store, known: list[Filed]) -> Iterator[tuple[Path, bytes, float]]:
    """Path, bytes and time of each export in data/ that is not filed yet."""
    seen = {f.sha256 for f in known}
    for path in (export(store, found.name) for found in store.entries("data") if is_export(found)):
        data, modified = b"", -1.0
        while modified != (modified := path.stat().st_mtime):  # overwritten while it was read: read again
            data = content(path)
        if sha256(data) not in seen:
            yield path, data, modified


def is_export(path: Path) -> bool:
    """Whether something in data/ has an export's name."""
    return files.is_export(path.name)


def export(store: Store, name: str) -> Path:
    """The path of an export in data/. ExportError where it has an export's name and is no file."""
    path = store.root / "data" / name
    if not path.is_file():
        raise ExportError(
            "data/{file} is no file ({found:text}). Take it away, and put the export itself there.",
            file=name,
            found=_no_file(path),
        )
    return path


def _no_file(path: Path) -> str:
    if path.is_dir():
        return defined("a folder")
    return defined("a link to nothing") if path.is_symlink() else defined("a pipe or device")


def content(path: Path) -> bytes:
    """The bytes of an export. ExportError where it is too large, or another program keeps it to itself."""
    if path.stat().st_size > files.LARGEST:
        raise files.too_large(path.name)
    try:
        return path.read_bytes()
    except PermissionError:
        raise ExportError("{file} can't be opened. Close it in Excel, then run again.", file=path.name) from None


def read_filed(store: Store, filed: Filed, reader: Reader) -> list[Reading]:
    """A filed export as today's mapping reads it: a column that is mapped since it was filed stays blank."""
    if not store.exists(filed.path):
        raise ExportError(
            "{file} is missing. Put it back, or take its line out of {index}.",
            file=filed.path,
            index=f"history/{filed.day}/{INDEX}",
        )
    data = store.path(filed.path).read_bytes()
    if sha256(data) != filed.sha256:
        raise ExportError("{file} was changed after it was filed. Put the export back as it came.", file=filed.path)
    place, key = (".cache", "readings", f"{filed.number}.json"), kept.key(reader, filed)
    known = kept.read(store.path(*place).read_bytes(), key) if store.exists(*place) else None
    if known is not None:
        return known
    found = reader.again(filed.name, data, filed.tables, filed.sheets)
    if not found:
        raise ExportError(
            "{file} was filed as {tables:list}, and mapping.yaml (or words.yaml) does not name its columns any more. "
            "Give both headers: 'amount: [old, new]'.",
            file=filed.path,
            tables=filed.tables,
        )
    with suppress(OSError):  # what can't be kept is read again
        store.write(kept.written(found, key), *place)
    return found


def keep_typed(store: Store, known: list[Filed], mapping: Mapping) -> None:
    """Copies entries/ and mapping.yaml beside the newest deals: what is typed now is part of that day's state."""
    deals = [f for f in known if "deals" in f.tables]
    if not deals:
        return
    newest = f"history/{max(deals, key=lambda f: (true_day(f, mapping), f.day)).day}"
    if store.exists("entries"):
        typed = {p.name: p for p in store.files("entries")}
        for name, path in typed.items():
            store.write(path.read_bytes(), newest, "entries", name)
        for gone in store.files(newest, "entries"):
            if gone.name not in typed:
                store.remove(newest, "entries", gone.name)
    if store.exists("mapping.yaml"):
        store.write(store.path("mapping.yaml").read_bytes(), newest, "mapping.yaml")


def _file(store: Store, new: _New, day: date, dated_by: DatedBy, number: int) -> Filed:
    name, stem, dot, ending, copy = new.file, *new.file.rpartition("."), 1
    while store.exists("history", str(day), name):
        copy += 1
        name = f"{stem} ({copy}){dot}{ending}"
    sheets = {r.sheet: r.table for r in new.readings}
    made = Filed(day, name, new.file, sha256(new.data), dated_by, new.tables, number, sheets)
    store.write(new.data, "history", str(day), name)
    index = json.loads(store.text("history", str(day), INDEX)) if store.exists("history", str(day), INDEX) else []
    entry = {k: v for k, v in made._asdict().items() if k != "day"}
    store.write(json.dumps([*index, entry], ensure_ascii=False, indent=1), "history", str(day), INDEX)
    return made
