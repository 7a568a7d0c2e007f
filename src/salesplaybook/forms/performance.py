"""A person's quarter, talked over: what became of the last promises, own words first, then the numbers, then two
commitments, one of each side. At most four fields are typed a person; nothing of it stands in a notebook for a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.attended import attended
from salesplaybook.entries.kinds import Talk
from salesplaybook.forms import form as forms
from salesplaybook.forms import performance_parts as parts
from salesplaybook.forms.style import STYLE
from salesplaybook.language import translate as _
from salesplaybook.pages import blocks
from salesplaybook.pages.blocks import Block
from salesplaybook.project import Project


def form(here: Project, pages: Sequence[Any], owner: str = "") -> Any:
    """The talks of a period's people (`areas.performance.Person`), one at a time; None where there is nobody.

    Where nobody is at the notebook: of one `owner` the rows and the numbers, of a group only how many have written.
    """
    people = {page.owner: page for page in pages if getattr(page, "owner", "")}
    if not people:
        return None
    if not attended():
        return _table(here, people[owner]) if owner else _counts(here, list(people.values()))
    return _Talks(here, people).widget


class _Talks:
    """Whose talk it is, that person's form, and below it the numbers, once there are own words."""

    def __init__(self, here: Project, people: dict[str, Any]) -> None:
        import ipywidgets

        self.here, self.people, self.shown = here, people, next(iter(people))
        room = ipywidgets.Layout(width="320px")
        self.who = ipywidgets.Dropdown(options=list(people), description=_("Whose talk"), layout=room)
        self.who.add_class("sp-named")
        self.who.observe(self._chosen, "value")
        self.left, self.form, self.numbers = ipywidgets.HTML(), ipywidgets.VBox([]), ipywidgets.HTML()
        head = ipywidgets.VBox([ipywidgets.HTML(STYLE), ipywidgets.HTML(_pick()), self.who, self.left])
        head.add_class("salesplaybook-form")
        head.add_class("sp-plain")
        self.numbers.add_class("salesplaybook-numbers")
        rows = [*([head] if len(people) > 1 else []), self.form, self.numbers]
        self.widget = ipywidgets.VBox(rows)
        self.widget.add_class("salesplaybook-talks")
        self._show()

    def _chosen(self, _change: Any) -> None:
        if self.who.value == self.shown:
            return
        if troubles := forms.save_open(self.here):  # nobody's words are lost on the way to another person
            self.who.value = self.shown
            self.left.value = forms.errors(troubles)
            return
        self.left.value, self.shown = "", self.who.value
        self._show()

    def _show(self) -> None:
        page = self.people[self.shown]
        title = _("Talk with {person}", person=page.owner)
        purpose = _("Write first, save, then look at the numbers below and agree on two commitments.")
        made = forms.make(self.here, title, purpose, parts.all_of(self.here, page), (), self._numbers)
        self.form.children = [made]
        self._numbers()

    def _numbers(self) -> None:
        page = self.people[self.shown]
        self.numbers.value = _numbers(page) if _own(self.here, page) else _first()


def _pick() -> Markup:
    said = _("One person at a time; what is typed is saved before the next one is shown.")
    return Markup('<p class="sp-grey">{}</p>').format(said)


def _first() -> str:
    return str(
        Markup('<p class="lead"><b>{}</b> {}</p>').format(
            _("Own words first."), _("The numbers stand here once this person's own words are saved.")
        )
    )


def _numbers(page: Any) -> str:
    return blocks.show(page, "numbers")._repr_html_()


def _own(here: Project, page: Any) -> str:
    talk = _talk(here, page)
    return talk.own if talk else ""


def _talk(here: Project, page: Any) -> Talk | None:
    rows = [row for row in here.entries("talks").rows if isinstance(row, Talk)]
    return parts.standing({row.id: row for row in rows}, page.owner, page.quarter)


def _table(here: Project, page: Any) -> Block:
    """One person's rows as they are saved, and the numbers where there are own words."""
    rows = Markup(str(forms.table(here, parts.all_of(here, page))))
    return Block(rows + (Markup(str(blocks.show(page, "numbers"))) if _own(here, page) else Markup(_first())))


def _counts(here: Project, pages: Sequence[Any]) -> Block:
    """How many have written and agreed: a notebook of a group holds nothing of a person."""
    talks = [_talk(here, page) for page in pages]
    wrote, agreed = sum(bool(t and t.own) for t in talks), sum(bool(t and t.promise and t.support) for t in talks)
    said = _(
        "{n:count} pages, one a person, in records/private/: {wrote:count} have written their own words, with "
        "{agreed:count} both commitments are agreed on. What they wrote stands there alone.",
        n=len(pages),
        wrote=wrote,
        agreed=agreed,
    )
    return Block(Markup("<p>{}</p>").format(said))
