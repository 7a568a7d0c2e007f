"""What a form's fields are, from a kind's model; and typed text as values, values as text. No widget is made here."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pydantic import BaseModel, ValidationError

from salesplaybook.entries.kinds import KINDS, Entry
from salesplaybook.entries.rows import made_id
from salesplaybook.language import Language, by_name
from salesplaybook.language import translate as _
from salesplaybook.tables import days, money
from salesplaybook.tables.values import flag, normal

Kind = Literal["text", "long", "person", "date", "money", "percent", "number", "tick", "choice", "said"]


@dataclass(frozen=True)
class Column:
    """A column of a form's grid.

    name     the model's field, or any name of a `said` one (which is shown and not typed)
    kind     a `long` one stands in the part that a row opens to
    label    its head, translated; hint: what stands in an empty field
    track    its width, as CSS grids take it
    choices  what can be chosen: shown text -> value
    right    whether it is a number, set flush right
    """

    name: str
    label: str
    kind: Kind = "text"
    track: str = "minmax(0, 2fr)"
    hint: str = ""
    choices: dict[str, Any] = field(default_factory=dict)
    right: bool = False


@dataclass
class Row:
    """A row of a grid before anything is typed: `values` as they are saved; `filled` stands in the fields unsaved."""

    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)


class Note(NamedTuple):
    """A sentence below a field; `mend` is the value that a click puts there, `offer` what the click is called."""

    text: str
    mend: Any = None
    offer: str = ""


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
    live    what the `said` columns of a row show, told as one types
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


TRACKS: dict[Kind, str] = {
    "person": "170px",
    "date": "132px",
    "money": "112px",
    "percent": "72px",
    "number": "96px",
    "tick": "56px",
}


def columns(
    model: type[BaseModel], labels: dict[str, str], choices: dict[str, dict[str, Any]] | None = None
) -> list[Column]:
    """A column for each field of `model` that has a label, in the labels' order; its kind is told by its type."""
    found = []
    for name, label in labels.items():
        kind = kind_of(model, name)
        said = (choices or {}).get(name) or ({str(v): v for v in _literals(model, name)} if kind == "choice" else {})
        track = TRACKS.get(kind, "minmax(0, 2fr)")
        found.append(Column(name, label, "choice" if said else kind, track, choices=said))
    return found


def kind_of(model: type[BaseModel], name: str) -> Kind:
    """What a field is typed as, by the type of a model's field."""
    about = model.model_fields[name]
    types = _plain_types(about.annotation)
    marked: dict[Any, Kind] = {"person": "person", "long": "long", "percent": "percent"}
    if mark := next((marked[m] for m in (*about.metadata, *_marks(about.annotation)) if m in marked), None):
        return mark
    if any(get_origin(t) is Literal for t in types):
        return "choice"
    for kind, wanted in (("date", date), ("money", Decimal), ("tick", bool)):
        if wanted in types:
            return kind  # type: ignore[return-value]
    return "text"


def nothing(value: Any) -> bool:
    """Whether a field with this value says nothing: an amount of 0 says something."""
    return value is None or value is False or value == ""


def same(value: Any, other: Any) -> bool:
    """Whether two values of a field say the same."""
    return bool(value == other) or (nothing(value) and nothing(other))


def read(column: Column, said: Any, say: Language) -> Any:
    """What was typed into a field as a value; None for nothing. ValueError, with a sentence, if it can't be read."""
    if not isinstance(said, str) or column.kind in ("said", "choice"):
        return said
    said = said.strip()
    if column.kind == "money":
        return amount(said, say)
    if column.kind in ("percent", "number"):
        return number(said, percent=column.kind == "percent")
    if column.kind == "date":
        try:
            return days.day(said, "ymd", ZoneInfo("UTC"))
        except ValueError:
            raise ValueError(_("'{text}' is no day. Write it as 2026-09-30.", text=said)) from None
    if column.kind == "tick":
        try:
            return bool(flag(said))
        except ValueError:
            raise ValueError(_("'{text}' is neither yes nor no.", text=said)) from None
    return said


def amount(said: str, say: Language) -> Decimal | None:
    """An amount in whole currency: 12400000, 12,400,000, 1240万, 12.4M. ValueError, with a sentence, if it is none."""
    try:
        found = money.amount(said, Decimal(1), "point", say.currency)
    except ValueError:
        found = money.Amount(Decimal(-1), None)
    if found is None:
        return None
    if found.value < 0 or found.currency not in (None, say.currency):
        raise ValueError(_("'{text}' is no amount. Write 12400000, 12,400,000 or 12.4M.", text=said))
    return found.value


def number(said: str, percent: bool = False) -> Decimal | None:
    """A plain number; a percentage, typed as 30 %, 30 or 0.3, as the share .3. ValueError, with a sentence, otherwise."""
    plain = unicodedata.normalize("NFKC", said).replace(",", "").replace(" ", "")
    if not plain:
        return None
    try:
        found = Decimal(plain.removesuffix("%"))
    except ArithmeticError:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(
            _("'{text}' is no percentage. Write 30 % or 0.3.", text=said)
            if percent
            else _("'{text}' is no number. Write it as 42 or 1,200.", text=said)
        )
    return found / 100 if percent and (plain.endswith("%") or abs(found) > 1) else found


def shown(column: Column, value: Any, say: Language) -> str:
    """A value as its field, or a page without fields, shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Markup):
        return value
    if column.kind == "money":
        return shown_amount(Decimal(value), say)
    if column.kind == "percent":
        return f"{(Decimal(value) * 100).normalize():f}%"
    if column.kind == "number":
        return f"{Decimal(value).normalize():f}"
    if column.kind == "tick":
        return "✓" if value else ""
    if column.kind == "choice":
        return next((text for text, v in column.choices.items() if v == value), str(value))
    return str(value)


def shown_amount(value: Decimal, say: Language) -> str:
    """An amount to its last digit, as short as it can be written: 1,240万, 12,400,000."""
    for size, name in ((10**8, "亿"), (10**4, "万")) if say.chinese else ():
        if value and (short := value / size) >= 1 and short == round(short, 2):
            return f"{short:,.2f}".rstrip("0").rstrip(".") + name
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def errors_of(model: type[BaseModel], values: dict[str, Any]) -> dict[str, str]:
    """What a model finds wrong with a row, by field, in our words."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        found = {}
        for one in error.errors(include_url=False):
            name = str(one["loc"][0]) if one["loc"] else ""
            about = model.model_fields.get(name)
            expected = about.description if about and about.description else ""
            found[name] = _("Expected {expected:text}.", expected=expected)
        return found
    return {}


def pasted(text: str, wanted: Sequence[Column], say: Language) -> list[dict[str, str]]:
    """Rows that were copied from Excel, as texts by column: cells between tabs, in the columns' order.

    A first row that names columns by their heads gives another order; empty rows are left out.
    """
    cells = [[c.strip() for c in row] for row in csv.reader(io.StringIO(text.strip("\r\n")), delimiter="\t")]
    rows = [row for row in cells if any(row)]
    order: list[Column | None] = [c for c in wanted if c.kind != "said"]
    heads = {normal(c.label): c for c in wanted} | {normal(c.name): c for c in wanted}
    if rows and sum(normal(c) in heads for c in rows[0]) >= min(2, len([c for c in rows[0] if c])):
        order = [heads.get(normal(c)) for c in rows.pop(0)]
    return [{c.name: said for c, said in zip(order, row, strict=False) if c and said} for row in rows]


def people(*names: Collection[str]) -> list[str]:
    """All names once, in the order of names."""
    return sorted({n for some in names for n in some if n}, key=by_name)


def _plain_types(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, UnionType):
        return [t for t in get_args(annotation) if t is not type(None)]
    return [annotation]


def _marks(annotation: Any) -> list[Any]:
    """What the types of a union are marked with, as those of Share | None are."""
    return [mark for t in get_args(annotation) for mark in getattr(t, "__metadata__", ())]


def _literals(model: type[BaseModel], name: str) -> list[Any]:
    types = _plain_types(model.model_fields[name].annotation)
    return [v for t in types if get_origin(t) is Literal for v in get_args(t)]
