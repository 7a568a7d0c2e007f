"""A row of a form: a line of fields, the messages below it, and the part with the long fields that it opens to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from salesplaybook.forms import cells, fields
from salesplaybook.forms.below import Below
from salesplaybook.forms.fields import Note, Notes, Part, Row, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _


class Line:
    """A row of widgets. `heard` is called after a change, and told whether a person typed it."""

    def __init__(
        self,
        row: Row,
        number: int,
        part: Part,
        say: Language,
        people: Sequence[str],
        heard: Callable[[Line, bool], None],
    ) -> None:
        import ipywidgets

        self.row, self.part, self.say, self.heard = row, part, say, heard
        self.told = False  # whether its errors were told: from then on they are told as one types
        self.opened = bool(part.below) and not part.opens
        self.begun = False  # a new row into which something was typed
        self.refused: Notes = {}  # what was pasted and could not be taken
        self._errors: Notes = {}
        self._warnings: Notes = {}
        self._shown: object = None
        self._putting = False
        self.fields = {c.name: cells.cell(c, row, people, say) for c in part.columns if c.kind != "said"}
        self.said = {c.name: ipywidgets.HTML() for c in part.columns if c.kind == "said"}
        self.before = {name: widget.value for name, widget in self.fields.items()}
        self.below = Below(part.below, self.fields | self.said)
        if part.opens and (main := next((c.name for c in part.line if c.kind == "text"), "")):
            self.fields[main].add_class("sp-main")
        if not part.opens:
            self.below.widget.add_class("sp-whole")
        self.opener = ipywidgets.Button(layout=ipywidgets.Layout(width="auto"))
        self.opener.add_class("sp-opener")
        self.opener.on_click(lambda _button: self.open(not self.opened, focus=True))
        self.remove = ipywidgets.Button(description="✕")
        self.remove.add_class("sp-small")
        self.remove.layout.grid_area = "1 / -2 / 2 / -1"
        tracks, gap = cells.tracks(part), cells.gap(part)
        self.messages = ipywidgets.Box([], layout=ipywidgets.Layout(display="none", grid_area="2 / 1 / 3 / -1"))
        self.messages.layout.grid_template_columns, self.messages.layout.grid_gap = tracks, gap
        found = [self.fields.get(c.name) or self.said[c.name] for c in part.line]
        children = [*([self.opener] if part.opens else []), *found, self.messages]
        children += [self.below.widget] if part.below else []
        self.widget = ipywidgets.Box([*children, self.remove] if part.add else children)
        self.widget.layout.display, self.widget.layout.grid_gap = "grid", gap
        self.widget.layout.grid_template_columns = tracks
        self.widget.add_class("sp-row")
        self.call(number)
        self.open(self.opened)
        self.live(self.typed())
        for name, widget in self.fields.items():
            widget.observe(lambda _change, name=name: self._typed_in(name), "value")

    def call(self, number: int) -> None:
        """Names fields and buttons by their part, head and row, for those who don't see these."""
        self.number = number
        for column in self.part.columns:
            if column.kind != "said":
                called = _("{part}: {label} {row}", part=self.part.title, label=column.label, row=number)
                self.fields[column.name].description = called
        self.remove.tooltip = _("Remove row {row}", row=number)
        self._call_opener()

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

    def live(self, typed: Typed) -> None:
        """Tells what the `said` columns show: what was read with the row, or what follows from what is typed."""
        told = self.part.live(typed) if self.part.live else {}
        for column in self.part.columns:
            if column.kind == "said":
                value = told.get(column.name, self.row.values.get(column.name))
                self.said[column.name].value = cells.said(column, value, self.say)

    def tell(self, errors: Notes, warnings: Notes | None = None) -> None:
        """Shows the messages, each below its own field; errors are orange and bold, and open the row for it."""
        below = {c.name for c in self.part.below}
        if any(below & {name, *note.also} for name, note in errors.items()):
            self.open(True)
        self._errors, self._warnings = errors, warnings or {}
        self._show()

    def open(self, wide: bool, focus: bool = False) -> None:
        """Opens the row to its long fields, or closes it."""
        if not self.part.below:
            return
        self.opened = wide
        self.below.show(wide)
        self._call_opener()
        (self.opener.add_class if wide else self.opener.remove_class)("sp-open")
        self._show()
        if focus and wide:
            self.fields[self.part.below[0].name].focus()

    def settle(self, key: str) -> None:
        """What stands in the fields is saved under `key`; a number stands there as it was understood."""
        typed = self.typed()
        self.row = Row(key, self.row.values | typed.values)
        self.told = False
        numbers = {c.name: typed.values[c.name] for c in self.part.columns if c.kind in ("money", "percent", "number")}
        self._fill(numbers)
        self.before = {name: widget.value for name, widget in self.fields.items()}
        for widget in self.fields.values():
            widget.remove_class("sp-filled")

    def renew(self, row: Row) -> None:
        """The row is saved so now. What a person has typed stays, with a word where something else was saved there."""
        edited = self.typed().edited
        theirs = [n for n in edited if not fields.same(row.values.get(n), self.row.values.get(n))]
        self.row = row
        with self._silent():
            for column in self.part.columns:
                if column.kind != "said" and column.name not in edited:
                    cells.fill(column, self.fields[column.name], row, self.say)
        self.before |= {n: widget.value for n, widget in self.fields.items() if n not in edited}
        self.live(self.typed())
        shown = {c.name: fields.shown(c, row.values.get(c.name), self.say) for c in self.part.columns}
        notes = {n: Note(_("Saved elsewhere meanwhile: {value}", value=shown[n])) for n in theirs}
        self.tell(self._errors if self.told else {}, notes)

    def put(self, values: dict[str, Any]) -> None:
        """Puts values, or texts, into the fields, and tells once that they have changed."""
        self.refused = self._fill(values)
        self.heard(self, False)

    def _fill(self, values: dict[str, Any]) -> Notes:
        """Fills the fields; sentences on what they could not take."""
        with self._silent():
            told = {
                c.name: cells.put(c, self.fields[c.name], values[c.name], self.say)
                for c in self.part.columns
                if c.name in values and c.name in self.fields
            }
        return {name: note for name, note in told.items() if note}

    @contextmanager
    def _silent(self) -> Iterator[None]:
        """What is put into fields meanwhile was not typed."""
        self._putting = True
        try:
            yield
        finally:
            self._putting = False

    def _typed_in(self, name: str) -> None:
        if not self._putting:
            self.refused.pop(name, None)
            self.heard(self, True)

    def _call_opener(self) -> None:
        called = {"part": self.part.title, "row": self.number}
        told = _("{part}: close row {row}", **called) if self.opened else _("{part}: open row {row}", **called)
        self.opener.description = told

    def _show(self) -> None:
        errors, warnings, below = self._errors, self.refused | self._warnings, {c.name for c in self.part.below}
        if self._shown == (errors, warnings, self.opened):
            return
        self._shown = (errors, warnings, self.opened)
        wrong = {each for name, note in errors.items() for each in (name, *note.also)}
        for name, widget in self.fields.items():
            (widget.add_class if name in wrong else widget.remove_class)("sp-wrong")
        told = [(name, note, True) for name, note in errors.items()]
        told += [(name, note, False) for name, note in warnings.items()]
        self.below.tell({name: self._message(name, note, bad) for name, note, bad in told if name in below})
        in_line = [each for each in told if each[0] not in below or not self.opened]
        self.messages.children = [self._placed(*each) for each in in_line]
        self.messages.layout.display = "grid" if in_line else "none"

    def _placed(self, name: str, note: Note, wrong: bool) -> Any:
        """A message below its field in the line: from its left on, or flush right where no room is left of the line."""
        names = [c.name for c in self.part.line]
        first = 2 if self.part.opens else 1
        place = names.index(name) if name in names else 0
        if name in (closed := {c.name: c.label for c in self.part.below}):
            note = note._replace(text=_("{label}: {text}", label=closed[name], text=note.text))
        shown = self._message(name, note, wrong)
        flush = place >= max(len(names) - 2, 1) and cells.right(self.part.line[place])
        area = f"1 / auto / {place + first + 1}" if flush else f"{place + first} / auto / -1"
        shown.layout.grid_area = f"auto / {area}"
        shown.layout.justify_content = "flex-end" if flush else "flex-start"
        return shown

    def _message(self, name: str, note: Note, wrong: bool) -> Any:
        import ipywidgets

        text = Markup('<p class="{}" role="alert"><span class="sp-sign">{}</span> {}</p>').format(
            "sp-error" if wrong else "sp-grey", "!" if wrong else "?", note.text
        )
        children: list[Any] = [ipywidgets.HTML(text)]
        if mends := {each: value for each, value in note.mends(name).items() if each in self.fields}:
            button = ipywidgets.Button(description=note.offer)
            button.add_class("sp-mend")
            button.on_click(lambda _button: self._mend(mends))
            children.append(button)
        shown = ipywidgets.HBox(children)
        shown.add_class("sp-note")
        return shown

    def _mend(self, values: dict[str, Any]) -> None:
        """Puts the values, and the keyboard where they stand: the button is gone."""
        self.put(values)
        self.fields[next(iter(values))].focus()
