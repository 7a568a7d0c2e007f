"""What a manager fills in about risks: what the data show, ready ones, a pre-mortem, the register, what came true."""

from __future__ import annotations

from datetime import date
from typing import Any

from salesplaybook.entries.kinds import Lesson, Risk
from salesplaybook.forms import fields
from salesplaybook.forms import form as forms
from salesplaybook.forms import risk_register as registers
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.names import CATEGORY_NAMES
from salesplaybook.periods import Period
from salesplaybook.project import Project

WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"


def form(here: Project, page: Any, period: Period) -> Any:
    """The form of a quarter's risks (`areas.risk.Body`); a table of its rows where nobody is there."""
    say, manager = here.language, here.settings.manager
    parts = [
        *([lessons(page, here.settings.name, say)] if page.lessons else []),
        *([proposals(page, say, manager)] if page.proposed else []),
        ready(page, period, manager, say),
        premortem(page, period, manager, say),
        *([settled(page, period)] if _older(here, page, period) else []),
        registers.part(page, say, manager),
    ]
    owners = [row.owner for row in here.entries("risks").rows if isinstance(row, Risk)]
    names = fields.people(owners, [one.owner for one in page.proposed], [manager], _owners(here))
    purpose = _(
        "A risk a row: what may happen, how likely, what it costs. The expected loss is told as you type; rows without "
        "errors are saved in entries/risks.yaml, blank ones not."
    )
    return forms.make(here, _("Risks of the quarter"), purpose, parts, names)


def proposals(page: Any, say: Language, manager: str) -> Part:
    """What the data show: accepted with a chance, or dropped for good."""
    proposed = {one.id: one for one in page.proposed}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for one in proposed.values():
            risk = saved.get(one.id)
            if isinstance(risk, Risk) and not risk.dropped:
                continue  # it stands in the register
            about = {"what": _said(one.what, say), "stake": _stake(one, say)}
            row = Row(one.id, about, {"owner": one.owner or manager, "due": one.due})
            row.values |= {"drop": True} if risk else {}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        one, before = proposed[typed.key], saved.pop(typed.key, None)
        if typed.values["drop"]:
            saved[one.id] = Risk(id=one.id, what=_said(one.name, say), dropped=True)
        elif typed.values["accept"]:
            texts = {n: _said(getattr(one, n), say) for n in ("cause", "event", "effect", "measure", "trigger")}
            plain = {n: getattr(one, n) for n in ("category", "tag", "response", "low", "likely", "high")}
            named = {"id": one.id, "what": _said(one.name, say), "made": page.told_on}
            new = Risk.model_validate(named | texts | plain)
            kept = before if isinstance(before, Risk) and not before.dropped else new
            saved[one.id] = kept.model_copy(update={n: typed.values[n] for n in ("probability", "owner", "due")})
        elif before is None:
            return ""
        return one.id

    def check(typed: Typed) -> Notes:
        if typed.values["accept"] and typed.values["drop"]:
            return {"drop": Note(_("Accept it or drop it, not both."))}
        wrong = registers.notes(page, {"probability": typed.values["probability"]}, say, grave=True)
        return {name: note for name, note in wrong.items() if name == "probability"}

    def warn(typed: Typed) -> Notes:
        if typed.values["accept"] and typed.values["probability"] is None:
            return {"probability": Note(_("Without a chance it is in no sum."))}
        if typed.values["probability"] is not None and not (typed.values["accept"] or typed.values["drop"]):
            return {"accept": Note(_("Tick it too, or it is not saved."))}
        return {}

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("drop", _("Drop"), "tick", TRACKS["tick"]),
        Column("what", _("Risk"), "said", WIDE),
        Column("stake", _("At stake"), "said", WIDE),
        Column("probability", _("Chance"), "percent", TRACKS["percent"], "%"),
        Column("owner", _("Owner"), "person", "132px", _("a name")),
        Column("due", _("Due"), "date", TRACKS["date"]),
    ]
    note = _("read off the exports; what is accepted goes into the register, what is dropped does not return")
    return Part("risks", _("What the data show"), columns, rows, put, check, warn, note)


def ready(page: Any, period: Period, manager: str, say: Language) -> Part:
    """Risks that most teams know, chosen by a tick."""
    listed = {f"{one.key}:{period.name}": one for one in page.ready}

    def rows(saved: Rows) -> list[Row]:
        return [
            Row(id, {"take": id in saved, "what": _(one.what), "cause": _(one.cause), "kind": _category(one.category)})
            for id, one in listed.items()
        ]

    def put(saved: Rows, typed: Typed) -> str:
        one, before = listed[typed.key], saved.pop(typed.key, None)
        if typed.values["take"]:
            texts = {n: _(getattr(one, n)) for n in ("what", "cause", "event", "effect", "measure", "trigger")}
            plain = {"category": one.category, "tag": one.tag, "response": one.response, "owner": manager}
            new = Risk.model_validate({"id": typed.key, "made": page.told_on} | texts | plain)
            saved[typed.key] = before or new
        return typed.key

    columns = [
        Column("take", _("Take"), "tick", TRACKS["tick"]),
        Column("what", _("Risk"), "said", HALF),
        Column("cause", _("Because"), "said", HALF),
        Column("kind", _("Category"), "said", "72px"),
    ]
    note = _("tick what fits; cause, effect, response and sign come with it, chance and amounts are yours")
    return Part("risks", _("Ready risks"), columns, rows, put, note=note)


def premortem(page: Any, period: Period, manager: str, say: Language) -> Part:
    """Five questions, three minutes each: an answer becomes a risk."""
    asked = {f"premortem:{period.name}:{n}": one for n, one in enumerate(page.prompts, 1)}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, one in asked.items():
            risk = saved.get(id)
            minutes = _("{n:count} min", n=one.minutes)
            said = risk.what if isinstance(risk, Risk) else ""
            found.append(Row(id, {"minutes": minutes, "question": _(one.text), "what": said}))
        return found

    def put(saved: Rows, typed: Typed) -> str:
        before, what = saved.pop(typed.key, None), typed.values["what"]
        if what:
            new = Risk(id=typed.key, made=page.told_on, owner=manager, response="reduce")
            saved[typed.key] = (before or new).model_copy(update={"what": what})
        return typed.key

    columns = [
        Column("minutes", _("Minutes"), "said", "64px"),
        Column("question", _("Imagine"), "said", HALF),
        Column("what", _("What happened"), "text", HALF, _("in one line; it becomes a risk")),
    ]
    note = _("fifteen minutes with the team, everybody writes first; leave blank what brings nothing")
    return Part("risks", _("Pre-mortem"), columns, rows, put, note=note)


def settled(page: Any, period: Period) -> Part:
    """Risks of earlier quarters: whether they came true. Each chance is scored by that."""

    said = {True: "yes", False: "no", None: None}

    def rows(saved: Rows) -> list[Row]:
        return [
            Row(risk.id, {"what": risk.what, "chance": _percent(risk), "happened": said[risk.happened]})
            for risk in _of_earlier(saved.values(), page, period)
        ]

    def put(saved: Rows, typed: Typed) -> str:
        risk, happened = saved[typed.key], {"yes": True, "no": False}.get(typed.values["happened"])
        saved[typed.key] = risk.model_copy(
            update={"happened": happened, "closed": None if happened is None else _settled_on(page, period)}
        )
        return typed.key

    columns = [
        Column("what", _("Risk"), "said", WIDE),
        Column("chance", _("Chance said"), "said", "96px", right=True),
        Column("happened", _("Did it happen?"), "choice", "160px", choices={_("came true"): "yes", _("did not"): "no"}),
    ]
    note = _("of earlier quarters, and triggered ones; leave open what may still happen")
    return Part("risks", _("What came true"), columns, rows, put, note=note)


def lessons(page: Any, project: str, say: Language) -> Part:
    """Lessons that fit, with a tick where one was used; only this project's own can be ticked."""
    recalled = {one.id: one for one in page.lessons}

    def rows(saved: Rows) -> list[Row]:
        return [
            Row(id, {"used": page.quarter in lesson.used, "advice": one.advice, "why": _said(one.why, say)})
            for id, one in recalled.items()
            if one.project == project and isinstance(lesson := saved.get(id), Lesson)
        ]

    def put(saved: Rows, typed: Typed) -> str:
        lesson = saved[typed.key]
        assert isinstance(lesson, Lesson)
        used = [quarter for quarter in lesson.used if quarter != page.quarter]
        saved[typed.key] = lesson.model_copy(update={"used": used + [page.quarter] * bool(typed.values["used"])})
        return typed.key

    columns = [
        Column("used", _("Used"), "tick", TRACKS["tick"]),
        Column("advice", _("Advice"), "said", WIDE),
        Column("why", _("Why it is shown"), "said", HALF),
    ]
    return Part("lessons", _("Learned before"), columns, rows, put, note=_("tick what you use this quarter"))


def _stake(one: Any, say: Language) -> str:
    amounts = [fields.shown_amount(a, say) for a in (one.low, one.likely, one.high) if a is not None]
    said = _said(one.amounts, say)
    return " / ".join(amounts) + ("：" if say.chinese else ": ") + said if amounts else said


def _said(message: Any, say: Language) -> str:
    return say(message.text, **message.values)


def _category(name: str) -> str:
    return _(CATEGORY_NAMES[name])


def _percent(risk: Risk) -> str:
    return "–" if risk.probability is None else f"{risk.probability * 100:.0f}%"


def _of_earlier(rows: Any, page: Any, period: Period) -> list[Risk]:
    """Risks made before the quarter, or triggered, that are open or were settled on the page's day; once it is over,
    all of them."""
    on, over = _settled_on(page, period), page.told_on > period.last
    risks = [r for r in rows if isinstance(r, Risk) and (r.happened is None or r.closed == on)]
    return [r for r in risks if not r.dropped and (over or r.triggered or (r.made and r.made < period.first))]


def _settled_on(page: Any, period: Period) -> date:
    """The page's day, or the quarter's last: what is said in its review counts in it."""
    day: date = min(page.told_on, period.last)
    return day


def _older(here: Project, page: Any, period: Period) -> bool:
    return bool(_of_earlier(here.entries("risks").rows, page, period))


def _owners(here: Project) -> list[str]:
    """Those who have open deals in the newest export."""
    known = here.snapshot()
    return [] if known.empty else [str(name) for name in known.deals.open["owner"].dropna().unique()]
