"""A field of a form as a widget, how it is filled, and how wide its column is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.forms import values
from salesplaybook.forms.columns import LEAST, Column
from salesplaybook.forms.fields import Note, Part, Row
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.tables.values import normal


def cell(column: Column, row: Row, people: Sequence[str], say: Language) -> Any:
    """The widget of a field, with what is saved in it, or what stands in it unsaved."""
    import ipywidgets

    widget: Any
    match column.kind:
        case "person":
            widget = ipywidgets.Combobox(options=list(people), ensure_option=False, placeholder=column.hint)
        case "date":
            widget = ipywidgets.DatePicker()
        case "tick":
            widget = ipywidgets.Checkbox(indent=False)
        case "choice":
            widget = ipywidgets.Dropdown(options=[(column.hint, None), *column.choices.items()])
        case "long":
            widget = ipywidgets.Textarea(placeholder=column.hint, rows=2)
        case _:
            widget = ipywidgets.Text(placeholder=column.hint)
    widget.layout.width, widget.layout.min_width = "auto", "0"
    widget.add_class(f"sp-{column.kind}")
    if right(column):
        widget.add_class("sp-flush")
    fill(column, widget, row, say)
    return widget


def fill(column: Column, widget: Any, row: Row, say: Language) -> None:
    """Puts into a field what is saved of a row, or else what stands there unsaved, in grey."""
    unsaved = values.nothing(row.values.get(column.name)) and column.name in row.filled
    put(column, widget, row.shows(column.name), say)
    (widget.add_class if unsaved else widget.remove_class)("sp-filled")


def put(column: Column, widget: Any, value: Any, say: Language) -> Note | None:
    """Puts a value, or a text as it was copied, into a field; a sentence where the field can't hold it."""
    if isinstance(value, str) and column.kind in ("date", "tick"):
        try:
            value = values.read(column, value, say)
        except ValueError as error:
            return Note(str(error))
    if column.kind == "tick":
        widget.value = bool(value)
    elif column.kind == "date":
        widget.value = value or None
    elif column.kind == "choice":
        return _choose(column, widget, value)
    else:
        widget.value = value if isinstance(value, str) else values.shown(column, value, say)
    return None


def said(column: Column, value: Any, say: Language) -> Markup:
    return Markup('<div class="{}">{}</div>').format(
        "sp-right" if right(column) else "", values.shown(column, value, say)
    )


def right(column: Column) -> bool:
    return column.right or column.kind in ("money", "percent", "number")


def tracks(part: Part) -> str:
    """The columns' widths, the opener's first; the last is the button's that removes a row, kept free elsewhere so that
    parts align."""
    own = [_track(c) for c in part.line]
    rest = [] if any("fr" in track for track in own) else ["1fr"]
    return " ".join([*(["34px"] if part.opens else []), *own, *rest, "30px"])


def gap(part: Part) -> str:
    """The space between columns; many stand closer."""
    return "0 6px" if len(part.line) > 8 else "0 10px"


def _track(column: Column) -> str:
    """A column's width where there is room; in a narrow window all shrink, and none away."""
    wide = column.track
    if wide.endswith("px"):
        width = int(wide.removesuffix("px"))
        return f"minmax({min(width, LEAST.get(column.kind, round(0.64 * width)))}px, {wide})"
    return wide.replace("minmax(0,", f"minmax({LEAST.get(column.kind, 60)}px,")


def _choose(column: Column, widget: Any, value: Any) -> Note | None:
    """Chooses by value, or by a text that names it."""
    named = {normal(str(v)): v for v in column.choices.values()} | {normal(t): v for t, v in column.choices.items()}
    known = value in column.choices.values()
    widget.value = value if known else named.get(normal(str(value))) if value is not None else None
    if values.nothing(value) or widget.value is not None:
        return None
    choices = list(column.choices)
    return Note(_("'{text}' is none of these: {choices:list}.", text=value, choices=choices))
