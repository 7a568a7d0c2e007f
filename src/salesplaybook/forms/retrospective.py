"""What a manager fills in to look back on a quarter: promises, reasons, what went well and badly, lessons, actions.

Nearly all is drafted; to type are a reason or two, what went well and badly, whys, and a lesson's advice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook import filing
from salesplaybook.attended import attended
from salesplaybook.entries.kinds import Action
from salesplaybook.forms import fields
from salesplaybook.forms import form as forms
from salesplaybook.forms import retrospective_actions as actions
from salesplaybook.forms import retrospective_lessons as lessons
from salesplaybook.forms.fields import Part
from salesplaybook.language import translate as _
from salesplaybook.pages.blocks import Block
from salesplaybook.periods import Period
from salesplaybook.project import Project


def form(here: Project, page: Any, period: Period, people: Sequence[str] = ()) -> Any:
    """The form of a quarter's page (`areas.retrospective.Body`); a table of its rows where nobody is there, or where
    a later quarter is over by now: what was promised then stands. None without deals.

    It shows what is saved in entries/ now, and saves there. people: names to offer beside those on the page.
    """
    if not page.quarter:
        return None
    shown = parts(here, page, period)
    if attended() and _later(here, period):
        said_so = _("A later quarter is over by now: what was promised in this review stands, and is asked for there.")
        return Block(Markup("<p><b>{}</b></p>").format(said_so) + forms.table(here, shown))
    said = [row.who for row in here.entries("actions").rows if isinstance(row, Action)]
    owners = [deal.owner for deal in page.largest] + [draft.who for draft in page.action_drafts]
    names = fields.people(said, owners, [here.settings.manager], people)
    purpose = _(
        "Say what became of each promise, accept what fits, add a line where you know more, save. It goes to entries/ "
        "and stays yours; about eight fields are to be typed."
    )
    return forms.make(here, _("Looking back on {quarter}", quarter=period.name), purpose, shown, names)


def parts(here: Project, page: Any, period: Period) -> list[Part]:
    """The form's parts in their order: what came, why, what was learned, what is to be done."""
    say = here.language
    found = [actions.promised(page, say, here.today)] if page.promised else []
    found += [lessons.reasons(page, say)] if page.largest else []
    found += [lessons.line_drafts(page, say)] if page.line_drafts else []
    found += [lessons.lines(page), lessons.whys(page)]
    found += [lessons.lesson_drafts(page, say)] if page.lesson_drafts else []
    found.append(lessons.own(page))
    found += [actions.drafts(page, say, period)] if page.action_drafts else []
    return [*found, actions.moves(page, period)]


def _later(here: Project, period: Period) -> bool:
    """Whether a later quarter is over by the newest export: this one's review has been held."""
    if not filing.filed(here.store):
        return False
    return here.period("", here.resolve(), "quarter", over=True).first > period.first
