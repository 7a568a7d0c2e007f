"""The columns of a form's grid, and how a kind's model tells them. No widget is made here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

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
    below    it stands in the part that a row opens to, as long ones always do
    share    beside an amount, a percentage may be typed: 31 % is 31
    """

    name: str
    label: str
    kind: Kind = "text"
    track: str = "minmax(0, 2fr)"
    hint: str = ""
    choices: dict[str, Any] = field(default_factory=dict)
    right: bool = False
    below: bool = False
    share: bool = False


# How narrow a column may become in a narrow window.
LEAST: dict[Kind, int] = {
    "text": 110,
    "person": 72,
    "date": 92,
    "money": 56,
    "percent": 44,
    "number": 48,
    "tick": 36,
    "choice": 60,
}
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
