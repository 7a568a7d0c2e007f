"""What people typed, in entries/KIND.yaml: read, and saved so that nothing unseen is lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from salesplaybook.entries import edits, rows
from salesplaybook.entries.kinds import ABOUT, KINDS, Entry
from salesplaybook.errors import EntriesChanged, EntriesError
from salesplaybook.language import translate as _
from salesplaybook.store import Store, sha256

FOLDER = ("entries",)


class Kept(NamedTuple):
    """A kind's rows as they stand in its file, and the version of that file: "" where there is none."""

    rows: list[Entry]
    version: str


def load(store: Store, kind: str, folder: tuple[str, ...] = FOLDER) -> Kept:
    """The rows of a kind. EntriesError names file, line and column, what was found, and how to mend it."""
    text, version = _read(store, kind, folder)
    file = "/".join((*folder, f"{kind}.yaml"))
    return Kept(list(_rows(text.removeprefix("\ufeff"), kind, file)), version)


@lru_cache(maxsize=200)
def _rows(text: str, kind: str, file: str) -> tuple[Entry, ...]:
    """A file is read by every snapshot and form; what it says is parsed once."""
    return tuple(written.row for written in rows.read(text, KINDS[kind], file).rows)


def save(store: Store, kind: str, entries: Sequence[Entry], version: str) -> Kept:
    """Writes the rows and fields of a kind that differ from the file; all else stays byte for byte. Waits for the lock.

    New rows are put at the end, rows that are not in `entries` go. EntriesChanged, and nothing is written, if the
    file is no longer the `version` that was loaded; EntriesError if it can't be read, or not be changed safely.
    """
    file = f"entries/{kind}.yaml"
    ids = [row.id for row in entries]
    if len(set(ids)) < len(ids):
        raise ValueError("an id stands twice")
    with store.lock():
        text, now = _read(store, kind, FOLDER)
        if now != version:
            raise EntriesChanged(
                "{file} was changed elsewhere since it was read here. Nothing was saved: read it again, then save.",
                file=file,
            )
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        text = text.removeprefix(mark)
        before = rows.read(text, KINDS[kind], file)
        after = edits.changed(text or (_head(kind) if entries and not version else ""), before, entries)
        if not _same(after, entries, kind, file):
            raise EntriesError(
                "{file} can't be changed safely, for it is written in a way that is read, but not written here. "
                "Write each row as lines such as 'key: value', the first one with '- ' before it.",
                file=file,
            )
        data = (mark + after).encode()
        if after != text:
            store.write(data, *FOLDER, f"{kind}.yaml")
    return Kept(list(entries), sha256(data) if version or after else "")


def _read(store: Store, kind: str, folder: tuple[str, ...]) -> tuple[str, str]:
    """The text of a kind's file with its mark and line ends, and its version."""
    parts = (*folder, f"{kind}.yaml")
    if not store.exists(*parts):
        return "", ""
    store.text(*parts)  # refused with a sentence where it isn't UTF-8
    data = store.path(*parts).read_bytes()
    return data.decode("utf-8"), sha256(data)


def _same(text: str, entries: Sequence[Entry], kind: str, file: str) -> bool:
    """Whether `text` reads as these rows, whatever their order."""
    try:
        read = {w.row.id: w.row.model_dump() for w in rows.read(text, KINDS[kind], file).rows}
    except EntriesError:
        return False
    return read == {row.id: row.model_dump() for row in entries}


def _head(kind: str) -> str:
    how = _("Forms write here, and you may too: a list of rows, an id each. Comments and further keys are kept.")
    return f"# {_(ABOUT[kind])}\n# {how}\n" if kind in ABOUT else f"# {how}\n"
