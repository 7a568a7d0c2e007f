"""Types into a form's parts as a person does, without a widget: what the form refuses is refused here too, in its own
words, and each field that was typed is counted. A tick, a choice and what stands in a field already are none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from salesplaybook.entries.keep import Kept
from salesplaybook.forms.fields import Part, Row, Rows, Typed, nothing, same
from salesplaybook.project import Project

FREE = ("tick", "choice")


@dataclass
class Then(Project):
    """A project on a day of its past: for a form, this is today."""

    morning: date = date.min

    @property
    def today(self) -> date:
        return self.morning


def then(folder: Path, day: date) -> Project:
    """The project as it stands open on a day."""
    here = Then.open(folder)
    assert isinstance(here, Then)
    here.morning = day
    return here


@dataclass
class Sheet:
    """A form before a manager: what stands in entries/, what is typed on top of it, and how many fields that took."""

    here: Project
    typed: int = 0
    _kept: dict[str, Kept] = field(default_factory=dict)
    _rows: dict[str, Rows] = field(default_factory=dict)

    def keys(self, part: Part) -> list[str]:
        """The rows that the part shows, by their keys."""
        return [row.key for row in part.rows(self.saved(part.kind))]

    def put(self, part: Part, key: str = "", **said: Any) -> str:
        """Types into a row of a part, or into a new one; its id. ValueError where the form refuses the row."""
        rows = self.saved(part.kind)
        row = next((r for r in part.rows(rows) if r.key == key), None) if key else Row()
        if row is None:
            raise ValueError(f"{part.title} has no row {key}")
        kinds = {column.name: column.kind for column in part.columns if column.kind != "said"}
        stood = {name: row.filled.get(name) if nothing(row.values.get(name)) else row.values[name] for name in kinds}
        values = {name: said.get(name, stood[name]) for name in kinds}
        typed = Typed(row.key, values)
        typed.changed = {name for name in kinds if not same(values[name], row.values.get(name))}
        typed.edited = {name for name in kinds if not same(values[name], stood[name])}
        if said.keys() - kinds.keys():
            raise ValueError(f"{part.title} has no column {min(said.keys() - kinds.keys())}")
        if wrong := part.check(typed):
            raise ValueError(f"{part.title}: {'; '.join(f'{name}: {note.text}' for name, note in wrong.items())}")
        self.typed += sum(kinds[name] not in FREE for name in typed.edited)
        return part.put(rows, typed)

    def saved(self, kind: str) -> Rows:
        """The rows of a kind as they stand, with what was typed."""
        if kind not in self._rows:
            self._kept[kind] = self.here.entries(kind)
            self._rows[kind] = {row.id: row for row in self._kept[kind].rows}
        return self._rows[kind]

    def save(self) -> None:
        """Presses the button."""
        for kind, rows in self._rows.items():
            if list(rows.values()) != self._kept[kind].rows:
                self._kept[kind] = self.here.save_entries(kind, list(rows.values()), self._kept[kind].version)
