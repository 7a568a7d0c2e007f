"""A part of a form as widgets: rows aligned under one head, with a blank one at the end where rows can be added."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.forms import cells, fields
from salesplaybook.forms.fields import Column, Part, Row, Typed
from salesplaybook.forms.line import Line
from salesplaybook.language import Language
from salesplaybook.language import translate as _


class Grid:
    """The widgets of a part. `heard` is called whenever something in it was changed."""

    def __init__(
        self, part: Part, rows: Sequence[Row], say: Language, people: Sequence[str], heard: Callable[[], None]
    ) -> None:
        import ipywidgets

        self.part, self.say, self.people, self.heard = part, say, people, heard
        self.removed: set[str] = set()
        self.lines: list[Line] = []
        self.body = ipywidgets.VBox([])
        self.body.add_class("sp-rows")
        self.total = ipywidgets.HTML()
        for row in rows:
            self._line(row)
        self._arrange()
        layout = ipywidgets.Layout(display="grid", grid_template_columns=cells.tracks(part), grid_gap=cells.gap(part))
        heads = [ipywidgets.HTML(_head(c)) for c in part.line]
        head = ipywidgets.Box([*([ipywidgets.HTML()] if part.opens else []), *heads], layout=layout)
        head.add_class("sp-head")
        title = Markup('<p><span class="sp-title">{}</span>&emsp;<span class="sp-grey">{}</span></p>')
        children = [ipywidgets.HTML(title.format(part.title, part.note)), head, self.body]
        children += [self.total] if part.total else []
        self.widget = ipywidgets.VBox([*children, self._buttons()] if part.add else children)
        self.widget.add_class("sp-grid")
        if len(part.line) > 8:
            self.widget.add_class("sp-dense")

    def typed(self) -> list[tuple[Line, Typed]]:
        """Each row as it stands in the fields, without blank ones."""
        found = [(line, line.typed()) for line in self.lines]
        return [(line, typed) for line, typed in found if not typed.blank]

    @property
    def unsaved(self) -> bool:
        """Whether a person typed, or removed, something that is not saved."""
        return bool(self.removed) or any(typed.edited for _line, typed in self.typed())

    def refresh(self, rows: Sequence[Row], keep: Collection[str] = ()) -> None:
        """The rows are saved so now: new ones come, those that are gone go, what a person has typed stays.

        keep: those that stay too, for they were just saved here.
        """
        known = {row.key: row for row in rows}
        for line in [line for line in self.lines if line.row.key and line.row.key not in {*known, *keep}]:
            if self.part.add and line.typed().edited:
                line.renew(Row())  # to be saved as a new one
            else:
                self.lines.remove(line)
        standing = {line.row.key: line for line in self.lines if line.row.key}
        place = max((n for n, line in enumerate(self.lines, 1) if line.row.key), default=0)
        for row in rows:
            if row.key in standing:
                if not self._alike(row, standing[row.key].row):
                    standing[row.key].renew(row)
            elif row.key not in self.removed:
                self._line(row, place)
                place += 1
        self._arrange()

    def add(self) -> None:
        """Goes to the blank row at the end."""
        line = next(line for line in reversed(self.lines) if line.typed().blank)
        next(iter(line.fields.values())).focus()

    def paste(self, text: str) -> None:
        """Adds rows that were copied from Excel."""
        for values in fields.pasted(text, self.part.columns, self.say):
            blank = next((line for line in reversed(self.lines) if line.typed().blank), None)
            (blank or self._line(Row())).put(values)

    def _line(self, row: Row, place: int | None = None) -> Line:
        line = Line(row, len(self.lines) + 1, self.part, self.say, self.people, self._changed)
        self.lines.insert(len(self.lines) if place is None else place, line)
        line.remove.on_click(lambda _button: self._remove(line))
        return line

    def _arrange(self) -> None:
        """Draws the lines in their order, with a blank one at the end, and tells their sum."""
        if self.part.add and not any(line.typed().blank for line in self.lines if not line.row.key):
            self._line(Row())
        for number, line in enumerate(self.lines, 1):
            if line.number != number:
                line.call(number)
        widgets = tuple(line.widget for line in self.lines)
        if self.body.children != widgets:
            self.body.children = widgets
        if self.part.total:
            said = self.part.total([typed for _line, typed in self.typed()])
            looks = "sp-sum" if isinstance(said, Markup) else "sp-grey sp-total"
            self.total.value = Markup('<div class="{}">{}</div>').format(looks, said)

    def _changed(self, line: Line, by_hand: bool) -> None:
        typed = line.typed()
        if by_hand and self.part.opens and not (line.row.key or line.opened or line.begun or typed.blank):
            self._begin(line)
        line.live(typed)
        errors = (typed.errors or self.part.check(typed)) if line.told and not typed.blank else {}
        line.tell(errors, self.part.warn(typed))
        for name in typed.edited:
            line.fields[name].remove_class("sp-filled")
        self._arrange()
        self.heard()

    def _alike(self, row: Row, other: Row) -> bool:
        """Whether the same stands in both, saved or not."""
        return all(fields.same(row.shows(c.name), other.shows(c.name)) for c in self.part.columns)

    def _begin(self, line: Line) -> None:
        """A new row opens as soon as something is typed in it; the one before it closes."""
        for each in self.lines:
            if each.begun:
                each.open(False)
        line.begun = True
        line.open(True)

    def _remove(self, line: Line) -> None:
        if line.row.key:
            self.removed.add(line.row.key)
        self.lines.remove(line)
        self._arrange()
        self.heard()

    def _buttons(self) -> Any:
        import ipywidgets

        add = ipywidgets.Button(description="+ " + self.part.add)
        add.on_click(lambda _button: self.add())
        paste = ipywidgets.Button(description=_("Paste from Excel"))
        area = ipywidgets.Textarea(description=_("Rows copied from Excel"), rows=4)
        hint = _("Paste the rows here, then press the button: {heads:list}", heads=_typed_heads(self.part))
        area.placeholder = hint
        take = ipywidgets.Button(description=_("Take these rows"))
        box = ipywidgets.VBox([area, take], layout=ipywidgets.Layout(display="none", margin="8px 0 0"))

        def show(_button: Any) -> None:
            hidden = box.layout.display == "none"
            box.layout.display = "flex" if hidden else "none"
            if hidden:
                area.focus()

        def into(_button: Any) -> None:
            self.paste(area.value)
            area.value = ""
            box.layout.display = "none"

        paste.on_click(show)
        take.on_click(into)
        return ipywidgets.VBox(
            [ipywidgets.HBox([add, paste]), box], layout=ipywidgets.Layout(margin="8px 0 0", overflow="visible")
        )


def _typed_heads(part: Part) -> list[str]:
    return [c.label for c in part.columns if c.kind != "said"]


def _head(column: Column) -> Markup:
    return Markup('<p class="{}">{}</p>').format("sp-right" if cells.right(column) else "", column.label)
