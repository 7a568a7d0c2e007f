"""What a manager fills in on a Monday: actions, promises, what is handled, the commit; and the range, commit first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from markupsafe import Markup

from salesplaybook import filing
from salesplaybook.attended import attended
from salesplaybook.entries.kinds import Action, Commit, spoken
from salesplaybook.forms import fields
from salesplaybook.forms import form as forms
from salesplaybook.forms import monday_actions as actions
from salesplaybook.forms import monday_commits as commits
from salesplaybook.forms.fields import Part
from salesplaybook.language import digits
from salesplaybook.language import translate as _
from salesplaybook.pages.blocks import Block
from salesplaybook.periods import Period
from salesplaybook.project import Project

# Who is to hear of a save: the cell that shows the range, by project and week. A cell that runs again takes its place.
_hears: dict[tuple[Path, str], Callable[[], None]] = {}


def form(here: Project, page: Any, period: Period, people: Sequence[str] = ()) -> Any:
    """The form of a week's page (`areas.weekly.Body`); a table of its rows where nobody is there, or where
    the page is of an earlier week than the newest export. None without deals.

    It shows what is saved in entries/ now, and saves there. people: names to offer beside those on the page.
    """
    if page.monday is None:
        return None
    parts = _parts(here, page, period.name)
    if attended() and _earlier(here, page):
        said_so = _("This is an earlier week: what is typed now belongs to the newest one.")
        return Block(Markup("<p><b>{}</b></p>").format(said_so) + forms.table(here, parts))
    said = [row.who for row in here.entries("actions").rows if isinstance(row, Action)]
    owners = [row.owner for row in commits.all_owners(page)] + [deal.owner for deal in page.deals if deal.owner]
    names = fields.people(said, owners, [draft.who for draft in page.drafts], [here.settings.manager], people)

    def saved() -> None:
        if hears := _hears.get((here.store.root, period.name)):
            hears()

    purpose = _(
        "Tick, fill in what is missing, save. It goes to entries/; rows without errors are saved, blank ones not."
    )
    return forms.make(here, _("This week"), purpose, parts, names, saved)


def outlook(here: Project, page: Any, period: Period) -> Any:
    """The model's range, once this week's commit is saved or skipped; before that, who is to speak first."""
    if page.monday is None or page.forecast is None:
        return None
    if not attended():
        return Block(_outlook(here, page, period))
    import ipywidgets

    shown = ipywidgets.HTML()

    def show() -> None:
        shown.value = Block(_outlook(here, page, period))._repr_html_()

    show()
    shown.add_class("salesplaybook-outlook")
    _hears[here.store.root, period.name] = show
    return shown


def _earlier(here: Project, page: Any) -> bool:
    """Whether an export of a later week is there: what is typed now is kept beside the newest one."""
    return bool(filing.filed(here.store)) and here.resolve() >= page.monday + timedelta(days=7)


def _theirs(here: Project, owner: str) -> set[str]:
    """The deals of an owner in the newest export."""
    if not owner or not filing.filed(here.store):
        return set()
    deals = here.snapshot().deals.frame
    return set(deals.index[deals["owner"] == owner])


def _parts(here: Project, page: Any, week: str) -> list[Part]:
    """The form's parts for a page of all or of one owner, in their order."""
    say, days = here.language, here.settings.warnings.handled_days
    found = [actions.drafts(page, say), actions.own(page), actions.promises(page, say, here.today)]
    found.append(actions.handled(page, say, days, _theirs(here, page.owner)))
    if not page.owner:
        found += [commits.target(page), commits.commit(page, week, say)]
    return [*found, commits.owners(page, week, say)]


def _outlook(here: Project, page: Any, period: Period) -> Markup:
    """The range in words, or that the commit comes first."""
    rows = [row for row in here.entries("commits").rows if isinstance(row, Commit)]
    commit, say, found = spoken(rows, page.quarter, period.name), here.language, page.forecast
    if commit is None:
        return Markup('<p class="lead"><b>{}</b> {}</p>').format(
            _("Commit first."),
            _("The model's range stands here once this week's commit is saved, or expressly skipped."),
        )
    if found.p50 is None:
        said = say(found.withheld.text, **found.withheld.values) if found.withheld else ""
        return Markup('<p class="lead">{}</p>').format(said)
    said = _(
        "The model: {low:money} to {high:money} in {quarter}, 8 times in 10 inside; the middle: {middle:money}.",
        low=found.p10,
        high=found.p90,
        quarter=found.period,
        middle=found.p50,
    )
    if commit.amount is not None:
        said += " " + _where(round(commit.amount * 10 ** digits(say.currency)), found.p10, found.p90)
    return Markup('<p class="lead">{}</p>').format(said)


def _where(cents: int, low: int, high: int) -> str:
    if cents < low:
        return _("Your commit of {amount:money} lies below it.", amount=cents)
    if cents > high:
        return _("Your commit of {amount:money} lies above it.", amount=cents)
    return _("Your commit of {amount:money} lies inside.", amount=cents)
