"""What a manager fills in for the quarterly review: the verdict in own words, decisions to ask for, where others can
help, and the commit for the next quarter where the Monday page has none yet.
"""

from __future__ import annotations

from typing import Any

from salesplaybook.entries.kinds import Verdict
from salesplaybook.forms import form as forms
from salesplaybook.forms import quarterly_review_decisions as decisions
from salesplaybook.forms.fields import Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.periods import Period
from salesplaybook.project import Project

WIDE = "minmax(0, 3fr)"


def form(here: Project, page: Any, period: Period) -> Any:
    """The form of a quarter's review (`areas.quarterly_review.Body`); a table of its rows where nobody is there.

    None without deals. It shows what is saved in entries/ now, and saves there.
    """
    if page.empty:
        return None
    purpose = _(
        "Nearly all of the page is there already. Ask for what you need decided; rewrite the verdict if you would say "
        "it otherwise. Six fields at most; rows without errors are saved in entries/."
    )
    title = _("Review of {quarter}", quarter=period.name)
    return forms.make(here, title, purpose, parts(here, page, period), [here.settings.manager])


def parts(here: Project, page: Any, period: Period) -> list[Part]:
    """The form's parts in the order of the page."""
    say = here.language
    found = [verdict(page, period, say)]
    found += [decisions.drafts(page, period, say)] if page.decision_drafts else []
    found.append(decisions.own(page, period))
    found += [decisions.help_with(page, period, say)] if page.deals else []
    return [*found, decisions.commit(page, say)]


def verdict(page: Any, period: Period, say: Language) -> Part:
    """The quarter in a sentence or two; the draft stands beside it and on the page until it is rewritten."""
    between = "" if say.chinese else " "
    said = [say(part.text, **part.values) for part in page.verdict.draft]
    drafted = ("。" if say.chinese else ". ").join([said[0], between.join(said[1:])]) if said[1:] else "".join(said)

    def rows(saved: Rows) -> list[Row]:
        standing = saved.get(period.name)
        text = standing.text if isinstance(standing, Verdict) else ""
        return [Row(period.name, {"draft": drafted, "length": counted(text), "text": text})]

    def put(saved: Rows, typed: Typed) -> str:
        before, text = saved.pop(typed.key, None), (typed.values["text"] or "").strip()
        if text:
            new = before or Verdict(id=period.name, period=period.name)
            saved[period.name] = new.model_copy(update={"text": text})
        return typed.key

    def counted(text: str) -> str:
        if not text.strip():
            return _("the draft stands")
        found = page.length(text)
        return (
            _("{n:count} of {limit:count} characters", n=found.n, limit=found.limit)
            if found.chinese
            else _("{n:count} of {limit:count} words", n=found.n, limit=found.limit)
        )

    def warn(typed: Typed) -> Notes:
        text = typed.values["text"] or ""
        if not page.length(text).over:
            return {}
        return {"text": Note(_("Longer than the page has room for: it is cut there, and stands whole in the annex."))}

    columns = [
        Column("draft", _("What the data say"), "said", WIDE),
        Column("length", _("Length"), "said", "140px"),
        Column("text", _("In your own words"), "long", hint=_("leave blank to keep the draft")),
    ]
    note = _("a sentence or two, 80 Chinese characters or 35 words at most")
    return Part(
        "verdicts",
        _("The verdict"),
        columns,
        rows,
        put,
        warn=warn,
        note=note,
        live=lambda typed: {"length": counted(typed.values["text"] or "")},
    )
