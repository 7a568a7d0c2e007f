"""A part of a form as widgets: rows aligned under one head, with a blank one at the end where rows can be added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.forms import fields
from salesplaybook.forms.fields import Column, Note, Part, Row, Typed
from salesplaybook.forms.line import Line, right, tracks
from salesplaybook.language import Language
from salesplaybook.language import translate as _

Carried = dict[str, dict[str, Any]]  # what stands in the fields, unsaved, by row


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
        self.total = ipywidgets.HTML()
        for row in rows:
            self._line(row)
        self._blank()
        layout = ipywidgets.Layout(display="grid", grid_template_columns=tracks(part), grid_gap="0 10px")
        heads = [ipywidgets.HTML(_head(c)) for c in part.columns]
        head = ipywidgets.Box(heads, layout=layout)
        head.add_class("sp-head")
        title = Markup('<p><span class="sp-title">{}</span>&emsp;<span class="sp-grey">{}</span></p>')
        children = [ipywidgets.HTML(title.format(part.title, part.note)), head, self.body]
        children += [self.total] if part.total else []
        self.widget = ipywidgets.VBox([*children, self._buttons()] if part.add else children)
        self.widget.add_class("sp-grid")
        self._count()

    def typed(self) -> list[tuple[Line, Typed]]:
        """Each row as it stands in the fields, without blank ones."""
        found = [(line, line.typed()) for line in self.lines]
        return [(line, typed) for line, typed in found if not typed.blank]

    def carried(self) -> Carried:
        """What a person typed and is not saved, by the row's key; new rows have keys "new 1", "new 2" ..."""
        found: Carried = {}
        for number, (line, typed) in enumerate(self.typed()):
            if typed.edited:
                found[typed.key or f"new {number}"] = {name: line.fields[name].value for name in typed.edited}
        return found

    def carry(self, carried: Carried, before: dict[str, Row]) -> None:
        """Puts what was typed back into the fields; where the saved value has changed meanwhile, says what it is."""
        standing = {line.row.key: line for line in self.lines if line.row.key}
        for key, values in carried.items():
            line = standing.get(key)
            if line is None:
                if self.part.add:
                    self.add(values, focus=False)
                continue
            now = {n: line.row.values.get(n) for n in values}
            was = before[key].values if key in before else {}
            line.put(values)
            shown = {c.name: fields.shown(c, now[c.name], self.say) for c in self.part.columns if c.name in now}
            theirs = [name for name in now if not fields.same(now[name], was.get(name))]
            line.tell({}, {n: Note(_("Saved elsewhere meanwhile: {value}", value=shown[n])) for n in theirs})

    def add(self, values: dict[str, Any] | None = None, focus: bool = True) -> None:
        """Fills the blank row at the end, or goes to it."""
        line = next((line for line in self.lines if line.typed().blank), None) or self._line(Row())
        if values:
            line.put(values)
        if focus:
            next(iter(line.fields.values())).focus()
        self._blank()

    def _line(self, row: Row) -> Line:
        line = Line(row, len(self.lines) + 1, self.part, self.say, self.people)
        self.lines.append(line)
        self.body.children = [*self.body.children, line.widget]
        for widget in line.fields.values():
            widget.observe(lambda _change: self._changed(line), "value")
        line.remove.on_click(lambda _button: self._remove(line))
        return line

    def _blank(self) -> None:
        if self.part.add and not any(line.typed().blank for line in self.lines):
            self._line(Row())

    def _changed(self, line: Line) -> None:
        typed = line.typed()
        errors = (typed.errors or self.part.check(typed)) if line.told and not typed.blank else {}
        line.tell(errors, self.part.warn(typed))
        for name in typed.edited:
            line.fields[name].remove_class("sp-filled")
        self._blank()
        self._count()
        self.heard()

    def _remove(self, line: Line) -> None:
        if line.row.key:
            self.removed.add(line.row.key)
        self.lines.remove(line)
        self.body.children = [each.widget for each in self.lines]
        self._blank()
        self._count()
        self.heard()

    def _count(self) -> None:
        if self.part.total:
            said = self.part.total([typed for _line, typed in self.typed()])
            self.total.value = Markup('<p class="sp-grey sp-total">{}</p>').format(said)

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
            for values in fields.pasted(area.value, self.part.columns, self.say):
                self.add(values, focus=False)
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
    return Markup('<p class="{}">{}</p>').format("sp-right" if right(column) else "", column.label)
