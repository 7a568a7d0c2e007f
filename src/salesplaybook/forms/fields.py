"""What a form is made of: parts, whose rows have columns, and a row as it is typed. No widget is made here.

All that a part needs is named here; `columns` and `values` hold what is about a column alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markupsafe import Markup

from salesplaybook.entries.kinds import KINDS, Entry
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.columns import TRACKS, Column, Kind, columns, kind_of
from salesplaybook.forms.values import amount, errors_of, nothing, number, pasted, read, same, shown, shown_amount
from salesplaybook.language import by_name

__all__ = [
    "TRACKS",
    "Column",
    "Kind",
    "Note",
    "Notes",
    "Part",
    "Row",
    "Rows",
    "Typed",
    "amount",
    "columns",
    "errors_of",
    "kind_of",
    "nothing",
    "number",
    "of_kind",
    "pasted",
    "people",
    "read",
    "same",
    "shown",
    "shown_amount",
]


@dataclass
class Row:
    """A row of a grid before anything is typed: `values` as they are saved; `filled` stands in the fields unsaved."""

    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)

    def shows(self, name: str) -> Any:
        """What stands in a field."""
        value = self.values.get(name)
        return self.filled.get(name) if nothing(value) else value


class Note(NamedTuple):
    """A sentence below a field.

    mend   what a click puts there: a value for this field, or a dict of values by column, where it mends several
    offer  what that click is called
    also   further columns that it is about: they are marked too, the sentence stands once
    """

    text: str
    mend: Any = None
    offer: str = ""
    also: tuple[str, ...] = ()

    def mends(self, name: str) -> dict[str, Any]:
        """The values that the click puts, by column; `name`: the column below which the sentence stands."""
        if isinstance(self.mend, dict):
            return self.mend
        return {} if self.mend is None else {name: self.mend}


@dataclass
class Typed:
    """A row as it stands in the fields.

    changed   the columns that differ from what is saved; edited: those that a person changed
    errors    by column, what can't be read
    """

    key: str
    values: dict[str, Any]
    changed: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    errors: dict[str, Note] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Whether it is a new row into which nothing was typed."""
        return not self.key and not self.errors and all(nothing(v) for v in self.values.values())


Rows = dict[str, Entry]  # a kind's rows by id
Notes = dict[str, Note]  # by column; "" is the whole row's


def _no_notes(typed: Typed) -> Notes:
    return {}


@dataclass(frozen=True)
class Part:
    """A grid of a form: which rows of a kind it shows, and how what is typed becomes a row of that kind.

    rows    what is saved -> the rows shown
    put     puts a typed row into the kind's rows, or takes it out of them; returns its id
    check   what can't be saved so; warn: what can, but looks wrong
    add     what a click on a new row is called; empty: there are no new rows
    total   a line below the grid, told as one types
    live    what the `said` columns of a row show, told as one types; called for blank and faulty rows too
    """

    kind: str
    title: str
    columns: list[Column]
    rows: Callable[[Rows], list[Row]]
    put: Callable[[Rows, Typed], str]
    check: Callable[[Typed], Notes] = _no_notes
    warn: Callable[[Typed], Notes] = _no_notes
    note: str = ""
    add: str = ""
    total: Callable[[list[Typed]], str | Markup] | None = None
    live: Callable[[Typed], dict[str, str | Markup]] | None = None

    @property
    def line(self) -> list[Column]:
        """What stands in a row's own line."""
        return [c for c in self.columns if not _below(c)]

    @property
    def below(self) -> list[Column]:
        """What a row opens to."""
        return [c for c in self.columns if _below(c)]

    @property
    def opens(self) -> bool:
        """Whether a row is opened by a button; it stands open where nothing is typed in its own line."""
        return bool(self.below) and any(c.kind != "said" for c in self.line)


def of_kind(kind: str, title: str, wanted: list[Column], add: str, note: str = "") -> Part:
    """All rows of a kind, each to be changed, and new ones to be added: the form of a kind that needs no more."""
    model = KINDS[kind]

    def rows(saved: Rows) -> list[Row]:
        return [Row(row.id, row.model_dump()) for row in saved.values()]

    def put(saved: Rows, typed: Typed) -> str:
        before = saved[typed.key].model_dump() if typed.key in saved else {}
        said = before | {name: value for name, value in typed.values.items() if name in typed.changed}
        said["id"] = typed.key or made_id(said, saved)
        saved[said["id"]] = model.model_validate({k: v for k, v in said.items() if v is not None})
        return str(said["id"])

    def check(typed: Typed) -> Notes:
        said = {k: v for k, v in typed.values.items() if v not in (None, "")}
        return {name: Note(text) for name, text in errors_of(model, {"id": "new", **said}).items()}

    return Part(kind, title, wanted, rows, put, check, note=note, add=add)


def _below(column: Column) -> bool:
    return column.below or column.kind == "long"


def people(*names: Collection[str]) -> list[str]:
    """All names once, in the order of names."""
    return sorted({n for some in names for n in some if n}, key=by_name)
