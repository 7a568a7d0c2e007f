"""The parts of the Monday form about what is to be done: proposed and own actions, promises, the deals of today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from salesplaybook.entries.kinds import Action, Handled
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _

WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"


def drafts(page: Any, say: Language) -> Part:
    proposed = {d.id: d for d in page.drafts}

    def text(draft: Any) -> str:
        return say(draft.what.text, **draft.what.values)

    def rows(saved: Rows) -> list[Row]:
        found = []
        for draft in proposed.values():
            row = Row(draft.id, {"what": text(draft)}, {"who": draft.who, "due": draft.due})
            if isinstance(action := saved.get(draft.id), Action):
                row.values |= {"accept": not action.dropped, "drop": action.dropped}
                row.values |= {} if action.dropped else {"who": action.who, "due": action.due}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        draft, before = proposed[typed.key], saved.pop(typed.key, None)
        if typed.values["drop"]:
            saved[draft.id] = Action(id=draft.id, dropped=True)
        elif typed.values["accept"]:
            new = Action(id=draft.id, what=text(draft), made=page.monday, deal=draft.deal)
            kept = before if isinstance(before, Action) and not before.dropped else new
            saved[draft.id] = kept.model_copy(update={n: typed.values[n] for n in ("who", "due")})
        elif before is None:
            return ""
        return draft.id

    def check(typed: Typed) -> Notes:
        if typed.values["accept"] and typed.values["drop"]:
            return {"drop": Note(_("Accept it or drop it, not both."))}
        return _wanted(typed, ("who", "due")) if typed.values["accept"] else {}

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("drop", _("Drop"), "tick", TRACKS["tick"]),
        Column("what", _("What"), "said", WIDE),
        Column("who", _("Who"), "person", TRACKS["person"], _("a name")),
        Column("due", _("By when"), "date", TRACKS["date"]),
    ]
    note = _("what the page proposes; who and when may be changed")
    return Part("actions", _("Proposed actions"), columns, rows, put, check, partial(_early, page.monday), note)


def own(page: Any) -> Part:
    def rows(saved: Rows) -> list[Row]:
        mine = [
            a
            for a in saved.values()
            if isinstance(a, Action) and not a.dropped and a.made == page.monday and _of_page(a, page)
        ]
        shown = _elsewhere(page)
        return [Row(a.id, {"what": a.what, "who": a.who, "due": a.due}) for a in mine if a.id not in shown]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: typed.values[name] for name in ("what", "who", "due")}
        before = saved.get(typed.key)
        id = typed.key or made_id(said | {"made": page.monday}, saved)
        saved[id] = before.model_copy(update=said) if before else Action(id=id, made=page.monday, **said)
        return id

    columns = [
        Column("what", _("What"), "text", WIDE, _("what will be done, in one line")),
        Column("who", _("Who"), "person", TRACKS["person"], _("a name")),
        Column("due", _("By when"), "date", TRACKS["date"]),
    ]
    check = partial(_wanted, names=("what", "who", "due"))
    warn = partial(_early, page.monday)
    return Part("actions", _("Agreed this week"), columns, rows, put, check, warn, add=_("Add an action"))


def promises(page: Any, say: Language, today: date) -> Part:
    told = {p.id: p for p in page.promises}

    def rows(saved: Rows) -> list[Row]:
        drafted = {d.id for d in page.drafts}
        older = [
            a.id
            for a in saved.values()
            if isinstance(a, Action)
            and a.what
            and _of_page(a, page)
            and not (a.dropped or a.done or a.made == page.monday or a.id in drafted)
        ]
        actions = (saved.get(id) for id in dict.fromkeys([*told, *older]))
        return [_promise(a, told.get(a.id), say) for a in actions if isinstance(a, Action) and not a.dropped]

    def put(saved: Rows, typed: Typed) -> str:
        action, said = saved[typed.key], typed.values
        assert isinstance(action, Action)
        new: dict[str, Any] = {"why": said["why"]} if "why" in typed.changed else {}
        if "done" in typed.changed:
            new["done"] = today if said["done"] else None
        if "moved" in typed.changed:
            promise = told.get(action.id)
            new["due"] = said["moved"] or (promise.was_due if promise else action.due)
            if said["moved"]:  # so that it still counts as moved when next Monday's export has come
                new |= {"moved": today, "was_due": action.due if action.moved is None else action.was_due}
            else:
                new |= {"moved": None, "was_due": None}
        saved[action.id] = action.model_copy(update=new)
        return action.id

    def check(typed: Typed) -> Notes:
        both = typed.values["done"] and typed.values["moved"] and "moved" in typed.changed
        return {"moved": Note(_("It is done or moved, not both."))} if both else {}

    columns = [
        Column("done", _("Done"), "tick", TRACKS["tick"]),
        Column("what", _("What"), "said", HALF),
        Column("who", _("Who"), "said", "minmax(0, .8fr)"),
        Column("due", _("Due"), "said", "minmax(0, 1.1fr)"),
        Column("moved", _("Moved to"), "date", TRACKS["date"]),
        Column("why", _("Why"), "text", HALF, _("why it was moved")),
    ]
    return Part("actions", _("Promises so far"), columns, rows, put, check, partial(_early, page.monday, name="moved"))


def _promise(action: Action, told: Any, say: Language) -> Row:
    was = told.was_due if told else action.due
    due = say.date(was)
    if told and told.days_late and not action.done:
        late = _("{n:count} days late", n=told.days_late) if told.days_late != 1 else _("1 day late")
        due = Markup('{}<br><span class="sp-error">{}</span>').format(due, late)
    values = {"done": action.done is not None, "what": action.what, "who": action.who, "due": due, "why": action.why}
    return Row(action.id, values | {"moved": None if action.due == was else action.due})


def _of_page(action: Action, page: Any) -> bool:
    """One person's cut holds that person's actions alone."""
    return not page.owner or action.who == page.owner


def _elsewhere(page: Any) -> set[str]:
    return {d.id for d in page.drafts} | {p.id for p in page.promises}


def _wanted(typed: Typed, names: Sequence[str]) -> Notes:
    missing = {"what": _("What will be done?"), "who": _("Who does it?"), "due": _("By when?")}
    return {name: Note(missing[name]) for name in names if not typed.values[name]}


def _early(monday: date, typed: Typed, name: str = "due") -> Notes:
    """A day that has passed may be meant; it is pointed out."""
    day = typed.values.get(name)
    if not day or day >= monday or name not in typed.changed:
        return {}
    return {name: Note(_("This is before the page's Monday. It can be saved; please check."))}


# -- deals


def handled(page: Any, say: Language, days: int, theirs: Collection[str] = ()) -> Part:
    """The deals of today and those ticked today. days: for how many a tick holds; theirs: the deals of the person
    whose cut the page is."""
    deals = {f"{d.deal}:{page.monday}": d for d in page.deals}

    def rows(saved: Rows) -> list[Row]:
        found = [
            Row(id, {"deal": d.name, "amount": say.money(d.figure.value), "do": _do(d, say)}) for id, d in deals.items()
        ]
        ticks = [h for h in saved.values() if isinstance(h, Handled) and h.on == page.monday]
        gone = [h for h in ticks if h.id not in deals and (not page.owner or h.deal in theirs)]
        found += [Row(h.id, {"deal": h.name or h.deal}) for h in gone]
        for row in found:
            if isinstance(tick := saved.get(row.key), Handled):
                row.values |= {"handled": True, "note": tick.note}
        return found

    def put(saved: Rows, typed: Typed) -> str:
        before = saved.pop(typed.key, None)
        if not typed.values["handled"]:
            return typed.key
        deal = deals.get(typed.key)
        new = {"note": typed.values["note"]} | ({"name": deal.name} if deal else {})
        if before:
            saved[typed.key] = before.model_copy(update=new)
        elif deal:
            saved[typed.key] = Handled(id=typed.key, deal=deal.deal, on=page.monday, **new)
        return typed.key

    def check(typed: Typed) -> Notes:
        if typed.values["note"] and not typed.values["handled"]:
            return {"note": Note(_("Tick the deal as handled too, or clear the note."))}
        return {}

    columns = [
        Column("handled", _("Handled"), "tick", "64px"),
        Column("deal", _("Deal"), "said", HALF),
        Column("amount", _("Amount"), "said", TRACKS["money"], right=True),
        Column("do", _("To do"), "said", HALF),
        Column("note", _("Note"), "text", HALF, _("what was done")),
    ]
    note = _("a tick takes a deal off the page for {n:count} days", n=days)
    return Part("handled", _("Deals of today"), columns, rows, put, check, note=note)


def _do(deal: Any, say: Language) -> str:
    return say(deal.do.text, **deal.do.values)
