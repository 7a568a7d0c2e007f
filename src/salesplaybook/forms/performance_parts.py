"""The parts of a person's talk: what became of the last promises, own words and career wish, two new commitments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from salesplaybook.entries.kinds import Entry, Talk
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.names import OUTCOME_NAMES
from salesplaybook.project import Project

WIDE = "minmax(0, 3fr)"
# Of each side: what was promised, by when, and what came of it.
SIDES = {"person": ("promise", "due", "outcome"), "manager": ("support", "support_due", "support_outcome")}


def all_of(here: Project, page: Any) -> list[Part]:
    """The parts for one person's page (`areas.performance.Person`), in the order in which they are talked over."""
    return [before(page, here.language), own(page), commitments(page, here)]


def standing(saved: Mapping[str, Entry], person: str, quarter: str) -> Talk | None:
    """A person's talk about a quarter, as it is saved; of two, the later one."""
    mine = [t for t in saved.values() if isinstance(t, Talk) and (t.person, t.period) == (person, quarter)]
    return mine[-1] if mine else None


def before(page: Any, say: Language) -> Part:
    """What was promised for this quarter, and what came of it: a choice each."""

    def rows(saved: Rows) -> list[Row]:
        talk, found = standing(saved, page.owner, page.before_quarter), []
        for side, (what, due, outcome) in SIDES.items() if talk else ():
            if promised := getattr(talk, what):
                said = {"who": _who(side, page), "what": promised, "due": say.date(getattr(talk, due))}
                found.append(Row(side, said | {"outcome": getattr(talk, outcome)}))
        return found

    def put(saved: Rows, typed: Typed) -> str:
        _say(saved, page.owner, page.before_quarter, {SIDES[typed.key][2]: typed.values["outcome"]})
        return typed.key

    columns = [
        Column("who", _("Who"), "said", TRACKS["person"]),
        Column("what", _("promised"), "said", WIDE),
        Column("due", _("by"), "said", "96px"),
        Column("outcome", _("What came of it"), "choice", "170px", choices={_(t): v for v, t in OUTCOME_NAMES.items()}),
    ]
    title = _("Promised in {quarter}", quarter=page.before_quarter)
    return Part("talks", title, columns, rows, put, note=_("the talk opens with these"))


def own(page: Any) -> Part:
    """What the person writes before anything else, and where the person wants to go."""

    def rows(saved: Rows) -> list[Row]:
        talk = standing(saved, page.owner, page.quarter)
        return [Row("own", {"own": talk.own if talk else "", "wish": talk.wish if talk else ""})]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: (typed.values[name] or "").strip() for name in ("own", "wish")}
        return typed.key if _say(saved, page.owner, page.quarter, said) else ""

    columns = [
        Column("own", _("In your own words"), "long", WIDE, _("what went well, what didn't, what you need")),
        Column("wish", _("Where you want to go"), "long", WIDE, _("the next step that you wish for")),
    ]
    return Part("talks", _("Own words first"), columns, rows, put, note=_("before the numbers"))


def commitments(page: Any, here: Project) -> Part:
    """One promise of the person, one of the manager, each with its day."""
    say, today = here.language, here.today

    def rows(saved: Rows) -> list[Row]:
        talk, found = standing(saved, page.owner, page.quarter), []
        for side, (what, due, _outcome) in SIDES.items():
            row = Row(side, {"who": _who(side, page)}, {"due": page.propose})
            if talk and getattr(talk, what):
                row.values |= {"what": getattr(talk, what), "due": getattr(talk, due)}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        what, due, _outcome = SIDES[typed.key]
        promised = (typed.values["what"] or "").strip()
        said = {what: promised, due: typed.values["due"] if promised else None}
        return typed.key if _say(saved, page.owner, page.quarter, said) else ""

    def check(typed: Typed) -> Notes:
        if typed.values["what"] and not typed.values["due"]:
            offer = _("Make it {day}", day=say.date(page.propose))
            return {"due": Note(_("By when?"), page.propose, offer)}
        return {}

    def warn(typed: Typed) -> Notes:
        due = typed.values.get("due")
        if not due or not typed.values.get("what") or "due" not in typed.edited:
            return {}
        if due < today:
            text = _("This day, {day:date}, has passed (today is {today:date}). It can be saved.", day=due, today=today)
            return {"due": Note(text, page.propose, _("Make it {day}", day=say.date(page.propose)))}
        if due > page.propose + timedelta(weeks=12):
            return {"due": Note(_("This is after the next talk. It can be saved; please check."))}
        return {}

    columns = [
        Column("who", _("Who"), "said", TRACKS["person"]),
        Column("what", _("promises"), "text", WIDE, _("one thing, in one line")),
        Column("due", _("By when"), "date", TRACKS["date"]),
    ]
    note = _("after looking at the numbers; the next talk opens with them")
    return Part("talks", _("Two commitments"), columns, rows, put, check, warn, note)


def _who(side: str, page: Any) -> str:
    return page.owner if side == "person" else _("the manager")


def _say(saved: Rows, person: str, quarter: str, said: dict[str, Any]) -> bool:
    """Puts what is said into a person's talk about a quarter; nothing is no talk."""
    talk = standing(saved, person, quarter)
    if talk is None and not any(said.values()):
        return False
    id = f"{quarter}:{person}"
    talk = talk or Talk(id=id, period=quarter, person=person)
    saved[talk.id] = talk.model_copy(update=said)
    return True
