"""A row of a form as widgets, each called by its part, head and row; messages stand below their own fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.forms import fields
from salesplaybook.forms.fields import Column, Note, Notes, Part, Row, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _


class Line:
    """A row of widgets, with the messages below it."""

    def __init__(self, row: Row, number: int, part: Part, say: Language, people: Sequence[str]) -> None:
        import ipywidgets

        self.row, self.part, self.say, self.told = row, part, say, False
        self.fields = {c.name: _field(c, row, number, part, people, say) for c in part.columns if c.kind != "said"}
        self.before = {name: widget.value for name, widget in self.fields.items()}
        cells = [
            self.fields.get(c.name) or ipywidgets.HTML(_said(c, row.values.get(c.name), say)) for c in part.columns
        ]
        self.remove = ipywidgets.Button(description="✕", tooltip=_("Remove row {row}", row=number))
        self.remove.add_class("sp-small")
        widths = tracks(part)
        laid = ipywidgets.Layout(display="grid", grid_template_columns=widths, grid_gap="0 10px")
        self.messages = ipywidgets.Box(
            [], layout=ipywidgets.Layout(display="none", grid_template_columns=widths, grid_gap="0 10px")
        )
        line = ipywidgets.Box([*cells, self.remove] if part.add else cells, layout=laid)
        line.add_class("sp-line")
        self.messages.add_class("sp-line")
        self.widget = ipywidgets.VBox([line, self.messages])
        self.widget.add_class("sp-row")

    def typed(self) -> Typed:
        """The row as it stands in the fields."""
        found = Typed(self.row.key, {})
        for column in self.part.columns:
            if column.kind == "said":
                continue
            widget = self.fields[column.name]
            try:
                value = fields.read(column, widget.value, self.say)
            except ValueError as error:
                found.errors[column.name] = Note(str(error))
                value = None
            found.values[column.name] = value
            if column.name in found.errors or not fields.same(value, self.row.values.get(column.name)):
                found.changed.add(column.name)
            if widget.value != self.before[column.name]:
                found.edited.add(column.name)
        return found

    def tell(self, errors: Notes, warnings: Notes | None = None) -> None:
        """Shows the messages, each below its own field; errors are orange and bold."""
        import ipywidgets

        shown = []
        names = [c.name for c in self.part.columns]
        for number, (name, note) in enumerate([*errors.items(), *(warnings or {}).items()]):
            wrong = number < len(errors)
            place = names.index(name) if name in names else 0
            text = Markup('<p class="{}" role="alert">{} {}</p>').format(
                "sp-error" if wrong else "sp-grey", "!" if wrong else "?", note.text
            )
            children: list[Any] = [ipywidgets.HTML(text)]
            if note.mend is not None and name in self.fields:
                children.append(self._mend(name, note))
            flush = right(self.part.columns[place])
            area = f"auto / 1 / auto / {place + 2}" if flush else f"auto / {place + 1} / auto / -1"
            layout = ipywidgets.Layout(grid_area=area, justify_content="flex-end" if flush else "flex-start")
            shown.append(ipywidgets.HBox(children, layout=layout))
        self.messages.children = shown
        self.messages.layout.display = "grid" if shown else "none"
        for name, widget in self.fields.items():
            (widget.add_class if name in errors else widget.remove_class)("sp-wrong")

    def settle(self, key: str) -> None:
        """What stands in the fields is saved under `key`."""
        typed = self.typed()
        self.row = Row(key, self.row.values | typed.values)
        self.before = {name: widget.value for name, widget in self.fields.items()}
        self.told = False
        for widget in self.fields.values():
            widget.remove_class("sp-filled")

    def put(self, values: dict[str, Any]) -> None:
        """Puts values, or texts, into the fields."""
        for column in self.part.columns:
            if column.name in values and column.name in self.fields:
                _put(column, self.fields[column.name], values[column.name], self.say)

    def _mend(self, name: str, note: Note) -> Any:
        import ipywidgets

        button = ipywidgets.Button(description=note.offer)
        button.add_class("sp-mend")
        button.on_click(lambda _button: self.put({name: note.mend}))
        return button


def _field(column: Column, row: Row, number: int, part: Part, people: Sequence[str], say: Language) -> Any:
    """The widget of a field, which is called by its part, its head and its row, for those who don't see these."""
    import ipywidgets

    label = _("{part}: {label} {row}", part=part.title, label=column.label, row=number)
    auto = ipywidgets.Layout(width="auto", min_width="0")
    widget: Any
    match column.kind:
        case "person":
            widget = ipywidgets.Combobox(options=list(people), ensure_option=False, placeholder=column.hint)
        case "date":
            widget = ipywidgets.DatePicker()
        case "tick":
            widget = ipywidgets.Checkbox(indent=False)
        case "choice":
            widget = ipywidgets.Dropdown(options=[("", None), *column.choices.items()])
        case _:
            widget = ipywidgets.Text(placeholder=column.hint)
    widget.description, widget.layout = label, auto
    value = row.values.get(column.name)
    filled = fields.nothing(value) and column.name in row.filled
    _put(column, widget, row.filled[column.name] if filled else value, say)
    widget.add_class(f"sp-{column.kind}")
    if filled:
        widget.add_class("sp-filled")
    return widget


def _put(column: Column, widget: Any, value: Any, say: Language) -> None:
    if isinstance(value, str) and column.kind in ("date", "tick"):
        try:
            value = fields.read(column, value, say)
        except ValueError:
            value = None
    if column.kind == "tick":
        widget.value = bool(value)
    elif column.kind == "date":
        widget.value = value
    elif column.kind == "choice":
        widget.value = column.choices.get(str(value), value if value in column.choices.values() else None)
    else:
        widget.value = value if isinstance(value, str) else fields.shown(column, value, say)


def _said(column: Column, value: Any, say: Language) -> Markup:
    return Markup('<p class="{}">{}</p>').format("sp-right" if right(column) else "", fields.shown(column, value, say))


def right(column: Column) -> bool:
    return column.right or column.kind in ("money", "percent", "number")


def tracks(part: Part) -> str:
    """The columns' widths; the last is the button's that removes a row, kept free elsewhere so that parts align."""
    return " ".join([*(c.track for c in part.columns), "30px"])
