"""A form: its parts, what is saved of them, and what isn't; unattended, the same rows as a table (`plain`)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from salesplaybook.attended import attended
from salesplaybook.entries.keep import Kept
from salesplaybook.errors import EntriesChanged, PlaybookError
from salesplaybook.forms.fields import Part, Rows
from salesplaybook.forms.grid import Grid
from salesplaybook.forms.line import Line
from salesplaybook.forms.plain import table as table
from salesplaybook.forms.style import STYLE
from salesplaybook.language import translate as _
from salesplaybook.project import Project

PATIENCE = 0.4  # seconds
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
        self.undone: dict[str, Kept] = {}  # what the last save replaced
        self.mark = ipywidgets.HTML()
        self.body = ipywidgets.VBox([])
        self.undo_button = _button(_("Undo the last save"), self.undo, "salesplaybook-undo", disabled=True)
        self.read_button = _button(_("Read again"), self.read_again, "salesplaybook-read")
        self.read_button.layout.display = "none"
        self.save_button = _button(_("Save"), self.save, "salesplaybook-save", primary=True)
        head = Markup('<p class="sp-purpose"><span class="sp-title">{}</span>&emsp;<span class="sp-grey">{}</span></p>')
        keys = Markup('<p class="sp-grey"><kbd>Tab</kbd> {}&emsp;<kbd>{}</kbd> {}</p>').format(
            _("next field"), _("Space"), _("tick, press a button")
        )
        wide = ipywidgets.Layout(justify_content="space-between", align_items="center")
        buttons = ipywidgets.HBox([self.undo_button, self.read_button])
        gap = ipywidgets.Layout(grid_gap="0 18px", align_items="center")
        right = ipywidgets.HBox([ipywidgets.HTML(keys), self.save_button], layout=gap)
        self.mark.add_class("sp-mark")
        foot = ipywidgets.VBox([ipywidgets.HBox([buttons, right], layout=wide), self.mark])
        foot.add_class("sp-foot")
        self.widget = ipywidgets.VBox(
            [ipywidgets.HTML(STYLE), ipywidgets.HTML(head.format(title, purpose)), self.body, foot]
        )
        self.widget.add_class("salesplaybook-form")
        self.conflict = Markup("")  # that something was saved elsewhere meanwhile: it stands until it is read again
        self.kept = {part.kind: here.entries(part.kind) for part in parts}
        say = here.language
        self.grids = [Grid(p, p.rows(_rows(self.kept[p.kind])), say, people, self._changed) for p in self.parts]
        self._draw()

    @property
    def unsaved(self) -> bool:
        """Whether anything was typed, or removed, since the last save."""
        return any(grid.unsaved for grid in self.grids)

    def save(self) -> list[str]:
        """Saves what can be saved, kind by kind, and says what was and what wasn't; sentences on what wasn't."""
        faulty, saved, troubles = [], [], []
        before, self.conflict = dict(self.kept), Markup("")
        for kind, kept in before.items():
            rows, settled = _rows(kept), defaultdict[Grid, list[tuple[Line, str]]](list)
            for grid in (g for g in self.grids if g.part.kind == kind):
                for key in grid.removed:
                    rows.pop(key, None)
                for line, typed in grid.typed():
                    wrong = typed.errors or (grid.part.check(typed) if typed.changed else {})
                    line.told = bool(wrong)
                    line.tell(wrong, grid.part.warn(typed))
                    if wrong:
                        faulty.append((grid, line))
                    elif typed.changed and (key := grid.part.put(rows, typed)):
                        settled[grid].append((line, key))
            if list(rows.values()) == kept.rows:
                continue
            try:
                self.kept[kind] = self.here.save_entries(kind, list(rows.values()), kept.version)
            except PlaybookError as error:  # in a click it would be seen by nobody
                troubles.append(str(error))
                if isinstance(error, EntriesChanged):
                    self.read_button.layout.display = ""
                    self.conflict += errors([str(error)])
                continue
            saved.append(kind)
            for grid in (g for g in self.grids if g.part.kind == kind):
                grid.removed.clear()
                for line, key in settled.get(grid, []):
                    line.settle(key)
                grid.refresh(grid.part.rows(rows), [key for _line, key in settled.get(grid, [])])
        if saved:
            self.undone = {kind: before[kind] for kind in saved}
            self.undo_button.disabled = False
        named = [_("{part} {row}", part=grid.part.title, row=line.number) for grid, line in faulty]
        left = [_("Not saved, see the message below each: {rows:list}", rows=named)] if named else []
        self._draw()
        self._told(saved, left, troubles)
        if saved and self.heard:
            self.heard()
        return [*left, *troubles]

    def undo(self) -> None:
        """Saves again what the last save replaced."""
        done, troubles = [], []
        for kind, was in self.undone.items():
            try:
                self.here.save_entries(kind, was.rows, self.kept[kind].version)
                done.append(kind)
            except PlaybookError as error:
                troubles.append(str(error))
        self.undone = {}
        self.undo_button.disabled = True
        self._read()
        said = Markup('<p class="sp-grey" role="status">{}</p>').format(_("The last save was undone.") if done else "")
        self.mark.value = said + errors(troubles)
        if self.heard:
            self.heard()

    def read_again(self) -> None:
        """Reads what is saved now; what was typed here stays on top of it."""
        try:
            self._read()
        except PlaybookError as error:
            self.mark.value = errors([str(error)])
            return
        self.read_button.layout.display = "none"
        said = _("Read again; what you typed here stands in its fields. Look at it, then save.")
        self.mark.value = Markup('<p class="sp-grey" role="status">{}</p>').format(said)
        self.save_button.focus()  # the button that was pressed is gone

    def _read(self) -> None:
        self.kept, self.conflict = {part.kind: self.here.entries(part.kind) for part in self.parts}, Markup("")
        for grid in self.grids:
            grid.refresh(grid.part.rows(_rows(self.kept[grid.part.kind])))
        self._draw()

    def _draw(self) -> None:
        """Shows the parts that have rows."""
        shown = tuple(grid.widget for grid in self.grids if grid.lines)
        if self.body.children != shown:
            self.body.children = shown

    def _changed(self) -> None:
        said = Markup('<p class="sp-grey" role="status">{}</p>').format(_("Changed, not saved yet."))
        self.mark.value = said + self.conflict

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


def errors(troubles: Sequence[str]) -> Markup:
    """Sentences on what went wrong, a line each."""
    return Markup("").join(Markup('<p class="sp-error" role="alert">{}</p>').format(text) for text in troubles)


def _button(text: str, press: Callable[[], object], name: str, primary: bool = False, disabled: bool = False) -> Any:
    import ipywidgets

    button = ipywidgets.Button(description=text, button_style="primary" if primary else "", disabled=disabled)
    button.add_class(name)
    button.on_click(lambda _button: _soon(press))
    return button


def _soon(press: Callable[[], object]) -> None:
    """While the kernel is busy, a browser keeps back what is typed, but sends a click at once: so a click waits until
    what was typed before it is here."""
    try:
        asyncio.get_running_loop().call_later(PATIENCE, press)
    except RuntimeError:  # no kernel
        press()
