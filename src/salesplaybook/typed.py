"""What people typed: as it stands in entries/, as it stood beside an export, and lessons lent by other projects."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from salesplaybook import filing, history, periods
from salesplaybook.entries import keep
from salesplaybook.entries.kinds import KINDS, Entry, Lesson
from salesplaybook.errors import PlaybookError
from salesplaybook.language import current
from salesplaybook.results import Message, say
from salesplaybook.settings import Mapping
from salesplaybook.store import Store, sha256

Typed = dict[date, dict[str, list[Entry]]]  # day of an export -> kind -> rows


@dataclass
class Lent:
    """What other projects have learned: lessons, each with its project's folder; `read` is what they were read from,
    as a hash each; `missing` says which folders could not be read, and why."""

    lessons: list[tuple[str, Lesson]] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    missing: list[Message] = field(default_factory=list)


def known(store: Store, mapping: Mapping, on: date, days: list[date]) -> Typed:
    """What was typed by the newest export up to `on`, and by the one of a week before it; `days`: those of exports.

    What is typed after the newest export of all stands in entries/, else beside the export in history/.
    """
    filed = sorted({(filing.true_day(f, mapping), f.day) for f in filing.filed(store) if "deals" in f.tables})
    if not filed:
        return {on: _rows(store, "entries")}
    until = [true for true, _ in filed if true <= on]
    wanted = {until[-1], history.week_before(days, on)} if until else set()
    return {
        true: _rows(store, "entries") if true == filed[-1][0] else _rows(store, "history", str(day), "entries")
        for true, day in filed
        if true in wanted
    }


def fingerprint(typed: Typed, wanted: Collection[str] | None = None) -> str:
    """The hash of what was typed of the `wanted` kinds (None: of all); "" where that is nothing."""
    said = {
        str(day): {
            kind: [row.model_dump(mode="json") for row in rows]
            for kind, rows in kinds.items()
            if rows and (wanted is None or kind in wanted)
        }
        for day, kinds in typed.items()
    }
    return sha256(json.dumps(said, sort_keys=True).encode()) if any(said.values()) else ""


def lent(store: Store, folders: Sequence[str], on: date, fiscal_start: int) -> Lent:
    """The lessons of other projects' quarters that had begun by `on`; of each folder only entries/lessons.yaml is read.

    A folder that is none, or a file that can't be read, is a sentence and no failure.
    """
    found = Lent()
    for folder in dict.fromkeys(folders):
        other = Store(store.root / folder)
        if other.root == store.root:
            continue
        if not other.exists("project.yaml"):
            found.missing.append(
                say(
                    "No lessons from {folder}: there is no project. Mend the line lessons_from: in project.yaml.",
                    folder=folder,
                )
            )
            continue
        try:
            rows, version = keep.load(other, "lessons")
        except PlaybookError as error:
            text = current()(error.text, **error.values)
            found.missing.append(say("No lessons from {folder}: {why}", folder=folder, why=text))
            continue
        found.read[f"{folder.rstrip('/')}/lessons"] = version
        found.lessons += [
            (other.root.name, row) for row in rows if isinstance(row, Lesson) and _begun(row.period, on, fiscal_start)
        ]
    return found


def _begun(period: str, on: date, fiscal_start: int) -> bool:
    """Whether a quarter had begun by a day: so that an earlier day's page learns nothing from what came after it."""
    try:
        return periods.parse(period, fiscal_start).first <= on
    except PlaybookError:
        return True  # typed by hand in another way: better shown than lost


def _rows(store: Store, *folder: str) -> dict[str, list[Entry]]:
    return {kind: keep.load(store, kind, folder).rows for kind in KINDS}
