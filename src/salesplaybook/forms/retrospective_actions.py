"""The parts of the retrospective's form about promises: those of the last review, and those for the next quarter."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from salesplaybook.entries.kinds import Action
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.names import OUTCOME_NAMES
from salesplaybook.periods import Period

WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"
MOST = 3  # actions of a review: of two or three something comes
FIELDS = ("what", "who", "due", "measure")


def promised(page: Any, say: Language, today: date) -> Part:
    """What the last review promised: outcome, why, and until when it is moved. Nothing can be taken out here."""
    told = {p.id: p for p in page.promised}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, promise in told.items():
            action = saved.get(id)
            if isinstance(action, Action):
                due = say.date(action.was_due or action.due)
                measured = _("{what} ({measure})", what=action.what, measure=promise.measure)
                values: dict[str, Any] = {"what": measured if promise.measure else action.what}
                values |= {"who": action.who, "due": due}
                values |= {"outcome": action.outcome or ("done" if action.done else None), "why": action.why}
                found.append(Row(id, values | {"moved": action.due if action.moved else None}))
        return found

    def put(saved: Rows, typed: Typed) -> str:
        action, said = saved[typed.key], typed.values
        assert isinstance(action, Action)
        new: dict[str, Any] = {"outcome": said["outcome"], "why": said["why"] or ""}
        if "outcome" in typed.changed:
            new["done"] = (action.done or today) if said["outcome"] == "done" else None
        if "moved" in typed.changed:
            first = action.was_due or action.due
            moved = said["moved"]
            new |= {"due": moved or first, "was_due": first if moved else None, "moved": today if moved else None}
        saved[action.id] = action.model_copy(update=new)
        return action.id

    def check(typed: Typed) -> Notes:
        said, found = typed.values, {}
        if said["outcome"] in ("partly", "not_done") and not said["why"]:
            found["why"] = Note(_("Why isn't it done?"))
        if said["outcome"] == "done" and said["moved"] and "moved" in typed.changed:
            found["moved"] = Note(_("It is done or moved, not both."))
        return found

    columns = [
        Column("what", _("What"), "said", HALF),
        Column("who", _("Who"), "said", "minmax(0, 1fr)"),
        Column("due", _("Due"), "said", "minmax(0, .7fr)"),
        Column("outcome", _("Outcome"), "choice", "104px", choices=_outcomes(say)),
        Column("moved", _("Moved to"), "date", TRACKS["date"]),
        Column("why", _("Why"), "text", HALF, _("why it isn't done")),
    ]
    title, note = _("Promised in the last review"), _("they stay until they are done: none can be taken out")
    return Part("actions", title, columns, rows, put, check, note=note)


def drafts(page: Any, say: Language, period: Period) -> Part:
    """Actions that the numbers propose for the next quarter: accept or drop."""
    proposed = {d.id: d for d in page.action_drafts}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for draft in proposed.values():
            text = say(draft.what.text, **draft.what.values)
            filled = {"who": draft.who, "due": draft.due, "measure": say(draft.measure.text, **draft.measure.values)}
            row = Row(draft.id, {"what": text}, filled)
            if isinstance(action := saved.get(draft.id), Action):
                row.values |= {"accept": not action.dropped, "drop": action.dropped}
                row.values |= {} if action.dropped else {n: getattr(action, n) for n in FIELDS[1:]}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        draft, before = proposed[typed.key], saved.pop(typed.key, None)
        if typed.values["drop"]:
            saved[draft.id] = Action(id=draft.id, dropped=True)
        elif typed.values["accept"]:
            what = say(draft.what.text, **draft.what.values)
            new = Action(id=draft.id, what=what, made=page.on, deal=draft.deal, review=period.name)
            kept = before if isinstance(before, Action) and not before.dropped else new
            saved[draft.id] = kept.model_copy(update={n: typed.values[n] for n in FIELDS[1:]})
        elif before is None:
            return ""
        return draft.id

    def check(typed: Typed) -> Notes:
        if typed.values["accept"] and typed.values["drop"]:
            return {"drop": Note(_("Accept it or drop it, not both."))}
        return _wanted(typed, ("who", "due", "measure")) if typed.values["accept"] else {}

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("drop", _("Drop"), "tick", TRACKS["tick"]),
        Column("what", _("What"), "said", HALF),
        *_who_and_when(),
    ]
    note = _("who, when and the measure may be changed")
    return Part("actions", _("Proposed for the next quarter"), columns, rows, put, check, _early(page), note)


def moves(page: Any, period: Period) -> Part:
    """The owned actions of this review."""
    shown = {d.id for d in page.action_drafts}

    def rows(saved: Rows) -> list[Row]:
        mine = [a for a in saved.values() if isinstance(a, Action) and a.review == period.name and a.id not in shown]
        return [Row(a.id, {name: getattr(a, name) for name in FIELDS}) for a in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: typed.values[name] or ("" if name != "due" else None) for name in FIELDS}
        before = saved.get(typed.key)
        id = typed.key or made_id(said | {"review": period.name}, saved)
        new = Action(id=id, made=page.on, review=period.name, **said)
        saved[id] = before.model_copy(update=said) if before else new
        return id

    def total(typed: list[Typed]) -> str:
        return _("{n:count} actions: of two or three more comes.", n=len(typed)) if len(typed) > MOST else ""

    columns = [Column("what", _("What"), "text", HALF, _("a verb first: call, visit, close")), *_who_and_when()]
    return Part(
        "actions",
        _("Promised for the next quarter"),
        columns,
        rows,
        put,
        partial(_wanted, names=FIELDS),
        _early(page),
        _("two or three, each with one owner; the next review asks for them"),
        _("Add an action"),
        total,
    )


def _who_and_when() -> list[Column]:
    return [
        Column("who", _("Who"), "person", "150px", _("a name")),
        Column("due", _("By when"), "date", TRACKS["date"]),
        Column("measure", _("How it will be known"), "text", "minmax(0, 1.6fr)", _("a number or a paper")),
    ]


def _outcomes(say: Language) -> dict[str, Any]:
    return {say(name): value for value, name in OUTCOME_NAMES.items()}


def _wanted(typed: Typed, names: tuple[str, ...]) -> Notes:
    missing = {
        "what": _("What will be done?"),
        "who": _("Who does it?"),
        "due": _("By when?"),
        "measure": _("How will it be known that it is done?"),
    }
    return {name: Note(missing[name]) for name in names if not typed.values[name]}


def _early(page: Any) -> Any:
    """A day within the quarter that is over may be meant; it is pointed out."""

    def warn(typed: Typed) -> Notes:
        day = typed.values.get("due")
        if not day or page.closing_day is None or day > page.closing_day:
            return {}
        return {"due": Note(_("This lies in the quarter that is over. It can be saved; please check."))}

    return warn
