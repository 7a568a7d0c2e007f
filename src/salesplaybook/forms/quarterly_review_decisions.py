"""The parts of the review's form that ask: for decisions, for help with a deal; and for the next quarter's commit."""

from __future__ import annotations

from typing import Any

from salesplaybook.entries.kinds import Commit, Decision, spoken
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.periods import Period, week_of

WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"
ON_PAGE = 5  # deals that decide the quarter


def drafts(page: Any, period: Period, say: Language) -> Part:
    """What the data suggest to ask for: accepted, with what is recommended, or dropped for good."""
    proposed = {draft.id: draft for draft in page.decision_drafts}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for draft in proposed.values():
            about = {"matter": _said(draft.matter, say), "otherwise": _said(draft.otherwise, say)}
            advice = _said(draft.recommend, say) if draft.recommend else ""
            filled = {"by": draft.by, "options": _said(draft.options, say), "recommend": advice}
            row = Row(draft.id, about, filled)
            if isinstance(kept := saved.get(draft.id), Decision):
                row.values |= {"accept": not kept.dropped, "drop": kept.dropped}
                row.values |= {} if kept.dropped else {n: getattr(kept, n) for n in filled}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        draft, before = proposed[typed.key], saved.pop(typed.key, None)
        if typed.values["drop"]:
            saved[draft.id] = Decision(id=draft.id, period=period.name, dropped=True)
        elif typed.values["accept"]:
            texts = {"matter": _said(draft.matter, say), "otherwise": _said(draft.otherwise, say)}
            new = Decision(id=draft.id, period=period.name, **texts)
            kept = before if isinstance(before, Decision) and not before.dropped else new
            saved[draft.id] = kept.model_copy(
                update={
                    name: typed.values[name] or ("" if name != "by" else None)
                    for name in ("options", "recommend", "by")
                }
            )
        elif before is None:
            return ""
        return draft.id

    def check(typed: Typed) -> Notes:
        if typed.values["accept"] and typed.values["drop"]:
            return {"drop": Note(_("Accept it or drop it, not both."))}
        return _wanted(typed, ("by",)) if typed.values["accept"] else {}

    def warn(typed: Typed) -> Notes:
        if typed.values["accept"] and not typed.values["recommend"]:
            return {"recommend": Note(_("What do you recommend? Without it the page shows a dash."))}
        return {}

    columns = [
        Column("accept", _("Ask"), "tick", TRACKS["tick"]),
        Column("drop", _("Drop"), "tick", TRACKS["tick"]),
        Column("matter", _("Matter"), "said", WIDE),
        Column("otherwise", _("If not"), "said", HALF),
        Column("by", _("Latest by"), "date", TRACKS["date"]),
        Column("options", _("Options"), "text", HALF, _("such as: add / withdraw"), below=True),
        Column("recommend", _("You recommend"), "text", HALF, _("one of them"), below=True),
    ]
    note = _("what the records suggest; options and advice may be changed, what is dropped does not return")
    return Part("decisions", _("Decisions that the data suggest"), columns, rows, put, check, warn, note)


def own(page: Any, period: Period) -> Part:
    """Decisions that only a person can ask for."""
    drafted = {draft.id for draft in page.decision_drafts}
    names = ("matter", "by", "options", "recommend", "otherwise")

    def rows(saved: Rows) -> list[Row]:
        mine = [d for d in _of(saved, period) if not d.deal and d.id not in drafted and not d.dropped]
        return [Row(d.id, {name: getattr(d, name) for name in names}) for d in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: typed.values[name] or ("" if name != "by" else None) for name in names}
        before = saved.get(typed.key)
        id = typed.key or made_id(said | {"period": period.name}, saved)
        saved[id] = before.model_copy(update=said) if before else Decision(id=id, period=period.name, **said)
        return id

    def check(typed: Typed) -> Notes:
        return _wanted(typed, ("matter", "by"))

    def warn(typed: Typed) -> Notes:
        if typed.values["by"] and page.on and typed.values["by"] < page.on and "by" in typed.changed:
            return {"by": Note(_("This day has passed. It can be saved; please check."))}
        if typed.values["matter"] and typed.values["by"] and not typed.values["recommend"]:
            return {"recommend": Note(_("What do you recommend? Without it the page shows a dash."))}
        return {}

    columns = [
        Column("matter", _("Matter"), "text", WIDE, _("what is to be decided, in one line")),
        Column("by", _("Latest by"), "date", TRACKS["date"]),
        Column("options", _("Options"), "text", HALF, _("such as: add / withdraw"), below=True),
        Column("recommend", _("You recommend"), "text", HALF, _("one of them"), below=True),
        Column("otherwise", _("If not"), "text", HALF, _("what no decision costs"), below=True),
    ]
    note = _("the page has room for three, drafts included; the rest stands in its annex")
    return Part("decisions", _("Your own decisions"), columns, rows, put, check, warn, note, add=_("Add a decision"))


def help_with(page: Any, period: Period, say: Language) -> Part:
    """Where the management can help with one of the deals that decide the next quarter."""
    shown = [deal for n, deal in enumerate(page.deals) if n < ON_PAGE or deal.deal in page.asks]
    deals = {f"help:{deal.deal}:{period.name}": deal for deal in shown}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, deal in deals.items():
            row = Row(id, {"deal": deal.name, "amount": say.money(deal.amount), "stage": deal.stage})
            if isinstance(kept := saved.get(id), Decision) and not kept.dropped:
                row.values["matter"] = kept.matter
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        before, text = saved.pop(typed.key, None), typed.values["matter"]
        if text:
            new = before or Decision(id=typed.key, period=period.name, deal=deals[typed.key].deal)
            saved[typed.key] = new.model_copy(update={"matter": text, "dropped": False})
        return typed.key

    columns = [
        Column("deal", _("Deal"), "said", HALF),
        Column("amount", _("Amount"), "said", TRACKS["money"], right=True),
        Column("stage", _("Stage"), "said", "130px"),
        Column("matter", _("Where the management can help"), "text", HALF, _("such as: see the vice president")),
    ]
    return Part("decisions", _("Help with a deal"), columns, rows, put, note=_("may stay empty"))


def commit(page: Any, say: Language) -> Part:
    """The manager's commit for the next quarter, where the Monday page has none yet."""
    week = week_of(page.on).name

    def rows(saved: Rows) -> list[Row]:
        standing = spoken([c for c in saved.values() if isinstance(c, Commit)], page.following, week)
        if page.commit is not None and (standing is None or standing.amount is None):
            return []  # said before, on a Monday
        return [Row("commit", {"period": page.following, "amount": standing.amount if standing else None})]

    def put(saved: Rows, typed: Typed) -> str:
        standing = spoken([c for c in saved.values() if isinstance(c, Commit)], page.following, week)
        amount = typed.values["amount"]
        if standing:
            saved.pop(standing.id)
        if amount is not None:
            new = standing or Commit(id=f"{page.following}:{week}:", period=page.following, week=week)
            saved[new.id] = new.model_copy(update={"amount": amount, "skipped": False})
        return typed.key

    columns = [
        Column("period", _("Quarter"), "said", WIDE),
        Column("amount", _("Your commit"), "money", "160px", _("such as 12.4M")),
    ]
    note = _("your own number first; the model's range is shown below afterwards")
    return Part("commits", _("Your commit for the next quarter"), columns, rows, put, note=note)


def _of(saved: Rows, period: Period) -> list[Decision]:
    return [row for row in saved.values() if isinstance(row, Decision) and row.period == period.name]


def _wanted(typed: Typed, names: tuple[str, ...]) -> Notes:
    missing = {"matter": _("What is to be decided?"), "by": _("By when at the latest?")}
    return {name: Note(missing[name]) for name in names if not typed.values[name]}


def _said(message: Any, say: Language) -> str:
    return say(message.text, **message.values)
