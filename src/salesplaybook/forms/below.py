"""The part that a row opens to: long fields beside each other, each below its label and above its message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from salesplaybook.forms.columns import Column, Kind

# From which width on a short field stands beside others in the room of a long one.
_WIDTHS: dict[Kind, int] = {"percent": 60, "number": 72, "money": 72, "date": 122, "tick": 60}


class Below:
    """The widgets below a line. They are drawn when it is opened for the first time: forms have hundreds of them."""

    def __init__(self, columns: Sequence[Column], fields: Mapping[str, Any]) -> None:
        import ipywidgets

        self.columns, self.fields = columns, fields
        self.notes: dict[str, Any] = {}
        self.widget = ipywidgets.Box([], layout=ipywidgets.Layout(display="none", grid_area="3 / 1 / 4 / -1"))
        self.widget.add_class("sp-below")

    def show(self, wide: bool) -> None:
        if wide and not self.widget.children:
            self._build()
        self.widget.layout.display = "grid" if wide else "none"

    def tell(self, messages: Mapping[str, Any]) -> None:
        """Puts the messages below their fields."""
        for name, note in self.notes.items():
            note.children = [messages[name]] if name in messages else []

    def _build(self) -> None:
        import ipywidgets

        rooms = []
        for long, some in groupby(self.columns, lambda c: c.kind == "long"):
            found = [self._labelled(c) for c in some]
            if not long:
                found = [ipywidgets.Box(found)]
                found[0].add_class("sp-short")
            rooms += found
        beside = len(rooms) if len(rooms) < 4 else 2 if len(rooms) == 4 else 3
        self.widget.layout.grid_template_columns = f"repeat({beside}, minmax(0, 1fr))"
        self.widget.children = rooms

    def _labelled(self, column: Column) -> Any:
        import ipywidgets

        label = ipywidgets.HTML(Markup('<p class="sp-label" aria-hidden="true">{}</p>').format(column.label))
        self.notes[column.name] = ipywidgets.Box([])
        found = ipywidgets.VBox([label, self.fields[column.name], self.notes[column.name]])
        if column.kind != "long":
            found.layout.flex = f"1 1 {_WIDTHS.get(column.kind, 120)}px"
        found.add_class("sp-labelled")
        return found
