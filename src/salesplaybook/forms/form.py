"""A form: its parts, what is saved of them, and what isn't; unattended, the same rows as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from salesplaybook.attended import attended
from salesplaybook.entries.keep import Kept
from salesplaybook.errors import EntriesChanged, PlaybookError
from salesplaybook.forms import fields
from salesplaybook.forms.fields import Part, Row, Rows
from salesplaybook.forms.grid import Carried, Grid
from salesplaybook.forms.style import STYLE
from salesplaybook.language import translate as _
from salesplaybook.pages.blocks import Block
from salesplaybook.project import Project

# The forms before a person, by project and title: a cell that runs again takes its own form's place.
_open: dict[tuple[Path, str], Form] = {}


def make(
    here: Project,
    title: str,
    purpose: str,
    parts: Sequence[Part],
    people: Sequence[str] = (),
    heard: Callable[[], None] | None = None,
) -> Any:
    """The form of some parts, as its rows are saved now; a table of them where nobody is there.

    heard is called after each save.
    """
    if not attended():
        return table(here, parts)
    made = _open[here.store.root, title] = Form(here, title, purpose, parts, people, heard)
    return made.widget


def save_open(here: Project) -> list[str]:
    """Saves what stands unsaved in the project's forms, as their buttons do; sentences on what could not be saved."""
    mine = [made for (root, _title), made in _open.items() if root == here.store.root]
    return [text for made in mine if made.unsaved for text in made.save()]


def table(here: Project, parts: Sequence[Part]) -> Block:
    """The rows of a form as they are saved, without fields."""
    shown = Markup("")
    for part in parts:
        rows = part.rows(_rows(here.entries(part.kind)))
        heads = Markup("").join(Markup("<th>{}</th>").format(c.label) for c in part.columns)
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(
                    Markup("<td>{}</td>").format(fields.shown(c, (row.filled | _said(row)).get(c.name), here.language))
                    for c in part.columns
                )
            )
            for row in rows
        )
        if rows:
            shown += Markup("<h2>{}</h2><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
                part.title, heads, body
            )
    return Block(shown or Markup("<p>{}</p>").format(_("Nothing was filled in yet.")))


class Form:
    """The widgets of a form. Rows without errors are saved, faulty ones are named; nothing unseen is overwritten."""

    def __init__(
        self,
        here: Project,
        title: str,
        purpose: str,
        parts: Sequence[Part],
        people: Sequence[str] = (),
        heard: Callable[[], None] | None = None,
    ) -> None:
        import ipywidgets

        self.here, self.parts, self.people, self.heard = here, list(parts), list(people), heard
        self.kept: dict[str, Kept] = {}
        self.undone: dict[str, Kept] = {}  # what the last save replaced
        self.mark = ipywidgets.HTML()
        self.body = ipywidgets.VBox([])
        self.undo_button = _button(_("Undo the last save"), self.undo, "salesplaybook-undo", disabled=True)
        self.read_button = _button(_("Read again"), self.read_again, "salesplaybook-read")
        self.read_button.layout.display = "none"
        save = _button(_("Save"), self.save, "salesplaybook-save", primary=True)
        head = Markup('<p class="sp-purpose"><span class="sp-title">{}</span>&emsp;<span class="sp-grey">{}</span></p>')
        keys = Markup('<p class="sp-grey"><kbd>Tab</kbd> {}&emsp;<kbd>{}</kbd> {}</p>').format(
            _("next field"), _("Space"), _("tick, press a button")
        )
        wide = ipywidgets.Layout(justify_content="space-between", align_items="center")
        buttons = ipywidgets.HBox([self.undo_button, self.read_button])
        gap = ipywidgets.Layout(grid_gap="0 18px", align_items="center")
        right = ipywidgets.HBox([ipywidgets.HTML(keys), save], layout=gap)
        self.mark.add_class("sp-mark")
        foot = ipywidgets.VBox([ipywidgets.HBox([buttons, right], layout=wide), self.mark])
        foot.add_class("sp-foot")
        self.widget = ipywidgets.VBox(
            [ipywidgets.HTML(STYLE), ipywidgets.HTML(head.format(title, purpose)), self.body, foot]
        )
        self.widget.add_class("salesplaybook-form")
        self.grids: list[Grid] = []
        self._build()

    @property
    def unsaved(self) -> bool:
        """Whether anything was typed, or removed, since the last save."""
        return any(grid.removed or grid.carried() for grid in self.grids)

    def save(self) -> list[str]:
        """Saves what can be saved, kind by kind, and says what was and what wasn't; sentences on what wasn't."""
        faulty, saved, troubles = [], [], []
        before = dict(self.kept)
        for kind, kept in before.items():
            rows, settled = _rows(kept), []
            for grid in (g for g in self.grids if g.part.kind == kind):
                for key in grid.removed:
                    rows.pop(key, None)
                for line, typed in grid.typed():
                    wrong = typed.errors or (grid.part.check(typed) if typed.changed else {})
                    line.told = bool(wrong)
                    line.tell(wrong, grid.part.warn(typed))
                    if wrong:
                        faulty.append(_("{part} {row}", part=grid.part.title, row=grid.lines.index(line) + 1))
                    elif typed.changed and (key := grid.part.put(rows, typed)):
                        settled.append((line, key))
            if list(rows.values()) == kept.rows:
                continue
            try:
                self.kept[kind] = self.here.save_entries(kind, list(rows.values()), kept.version)
            except PlaybookError as error:  # in a click it would be seen by nobody
                troubles.append(str(error))
                if isinstance(error, EntriesChanged):
                    self.read_button.layout.display = ""
                continue
            saved.append(kind)
            for grid in (g for g in self.grids if g.part.kind == kind):
                grid.removed.clear()
            for line, key in settled:
                line.settle(key)
        if saved:
            self.undone = {kind: before[kind] for kind in saved}
            self.undo_button.disabled = False
        left = [_("Not saved, see the message below each: {rows:list}", rows=faulty)] if faulty else []
        self._told(saved, left, troubles)
        if saved and self.heard:
            self.heard()
        return [*left, *troubles]

    def undo(self) -> None:
        """Saves again what the last save replaced."""
        done, troubles = [], []
        typed, before = self._typed()
        for kind, was in self.undone.items():
            try:
                self.here.save_entries(kind, was.rows, self.kept[kind].version)
                done.append(kind)
            except PlaybookError as error:
                troubles.append(str(error))
        self.undone = {}
        self.undo_button.disabled = True
        self._build(typed, before)
        said = Markup('<p class="sp-grey" role="status">{}</p>').format(_("The last save was undone.") if done else "")
        self.mark.value = said + errors(troubles)
        if self.heard:
            self.heard()

    def read_again(self) -> None:
        """Reads what is saved now and puts what was typed here back on top of it."""
        try:
            self._build(*self._typed())
        except PlaybookError as error:
            self.mark.value = errors([str(error)])
            return
        self.read_button.layout.display = "none"
        said = _("Read again; what you typed here stands in its fields. Look at it, then save.")
        self.mark.value = Markup('<p class="sp-grey" role="status">{}</p>').format(said)

    def _typed(self) -> tuple[list[Carried], list[dict[str, Row]]]:
        """What stands in the fields and is not saved, part by part, and the rows that it was typed over."""
        rows = [{line.row.key: line.row for line in grid.lines} for grid in self.grids]
        return [grid.carried() for grid in self.grids], rows

    def _build(self, carried: Sequence[Carried] = (), before: Sequence[dict[str, Row]] = ()) -> None:
        self.kept = {part.kind: self.here.entries(part.kind) for part in self.parts}
        say, rows = self.here.language, {kind: _rows(kept) for kind, kept in self.kept.items()}
        self.grids = [Grid(p, p.rows(rows[p.kind]), say, self.people, self._changed) for p in self.parts]
        for grid, typed, was in zip(self.grids, carried, before, strict=False):
            grid.carry(typed, was)
        self.body.children = [g.widget for g in self.grids if g.lines]

    def _changed(self) -> None:
        self.mark.value = Markup('<p class="sp-grey" role="status">{}</p>').format(_("Changed, not saved yet."))

    def _told(self, saved: list[str], left: list[str], troubles: list[str]) -> None:
        parts = []
        if saved:
            now = datetime.now(self.here.settings.zone)
            files = [f"entries/{kind}.yaml" for kind in saved]
            parts.append(
                Markup('<span class="sp-saved">✓ {}</span> {}').format(
                    _("Saved"), _("{time}, {files:list}", time=f"{now:%H:%M}", files=files)
                )
            )
        elif not left and not troubles:
            parts.append(Markup('<span class="sp-grey">{}</span>').format(_("Nothing new to save.")))
        parts += [Markup('<span class="sp-error">{}</span>').format(text) for text in left]
        line = Markup('<p role="status">{}</p>').format(Markup("&emsp;|&emsp;").join(parts)) if parts else Markup("")
        self.mark.value = line + errors(troubles)


def _rows(kept: Kept) -> Rows:
    return {row.id: row for row in kept.rows}


def _said(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if not fields.nothing(value)}


def errors(troubles: Sequence[str]) -> Markup:
    """Sentences on what went wrong, a line each."""
    return Markup("").join(Markup('<p class="sp-error" role="alert">{}</p>').format(text) for text in troubles)


def _button(text: str, press: Callable[[], object], name: str, primary: bool = False, disabled: bool = False) -> Any:
    import ipywidgets

    button = ipywidgets.Button(description=text, button_style="primary" if primary else "", disabled=disabled)
    button.add_class(name)
    button.on_click(lambda _button: press())
    return button
