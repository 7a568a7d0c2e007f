"""The parts of the retrospective's form about what was learned: reasons of deals, well and badly, whys, lessons."""

from __future__ import annotations

from typing import Any

from salesplaybook.entries.kinds import Lesson, Reason, Reflection
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.names import TAG_NAMES

WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"
TOLD = ("situation", "did", "result", "advice")


def headings() -> dict[str, str]:
    return {
        "well": _("Went well"),
        "badly": _("Went badly"),
        "start": _("Start"),
        "stop": _("Stop"),
        "continue": _("Continue"),
    }


def reasons(page: Any, say: Language) -> Part:
    """Why the quarter's largest deals went the way they did; what the export says stands there already."""
    deals = {d.deal: d for d in page.largest}
    became = {"won": _("won"), "lost": _("lost"), "slipped": _("slipped")}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, deal in deals.items():
            row = Row(id, {"name": deal.name, "amount": say.money(deal.amount), "became": became[deal.became]})
            if isinstance(reason := saved.get(id), Reason):
                row.values |= {"why": reason.why, "competitor": reason.competitor}
            else:
                row.filled = {"why": deal.why, "competitor": deal.competitor}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        if typed.key not in saved and not typed.edited:
            return ""  # what the export says needs nobody to say it
        said = {name: typed.values[name] or "" for name in ("why", "competitor")}
        saved.pop(typed.key, None)
        if any(said.values()):
            saved[typed.key] = Reason(id=typed.key, deal=typed.key, name=deals[typed.key].name, **said)
        return typed.key

    columns = [
        Column("name", _("Deal"), "said", HALF),
        Column("amount", _("Amount"), "said", TRACKS["money"], right=True),
        Column("became", _("became"), "said", "72px"),
        Column("why", _("Why"), "text", HALF, _("the reason, in one line")),
        Column("competitor", _("Competitor"), "text", "minmax(0, 1fr)", _("who won it instead")),
    ]
    note = _("what the export says stands there already")
    return Part("reasons", _("The largest deals"), columns, rows, put, note=note)


def line_drafts(page: Any, say: Language) -> Part:
    """What the numbers say went well or badly: to accept."""
    proposed, names = {d.id: d for d in page.line_drafts}, headings()

    def text(draft: Any) -> str:
        return say(draft.text.text, **draft.text.values)

    def rows(saved: Rows) -> list[Row]:
        return [
            Row(id, {"accept": id in saved, "heading": names[d.heading], "text": text(d)}) for id, d in proposed.items()
        ]

    def put(saved: Rows, typed: Typed) -> str:
        draft, before = proposed[typed.key], saved.pop(typed.key, None)
        if typed.values["accept"]:
            new = Reflection(id=draft.id, period=page.quarter, heading=draft.heading, text=text(draft))
            saved[draft.id] = before or new
        return draft.id

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("heading", _("Heading"), "said", "104px"),
        Column("text", _("What the numbers say"), "said", WIDE),
    ]
    return Part("reflections", _("Well and badly, by the numbers"), columns, rows, put)


def lines(page: Any) -> Part:
    """What went well and badly, what to start, stop and continue."""
    proposed, names = {d.id for d in page.line_drafts}, headings()

    def rows(saved: Rows) -> list[Row]:
        mine = [r for r in _lines(saved, page) if r.heading != "why" and r.id not in proposed]
        return [Row(r.id, {"heading": r.heading, "text": r.text}) for r in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: typed.values[name] for name in ("heading", "text")}
        before = saved.get(typed.key)
        id = typed.key or made_id(said | {"period": page.quarter}, saved)
        saved[id] = before.model_copy(update=said) if before else Reflection(id=id, period=page.quarter, **said)
        return id

    def check(typed: Typed) -> Notes:
        missing = {"heading": _("Under which heading?"), "text": _("What is to be said?")}
        return {name: Note(text) for name, text in missing.items() if not typed.values[name]}

    columns = [
        Column("heading", _("Heading"), "choice", "132px", choices={text: name for name, text in names.items()}),
        Column("text", _("In a line"), "text", WIDE, _("what the numbers don't say")),
    ]
    note = _("two or three lines are enough")
    return Part(
        "reflections",
        _("Well and badly, start, stop, continue"),
        columns,
        rows,
        put,
        check,
        note=note,
        add=_("Add a line"),
    )


def whys(page: Any) -> Part:
    """Five whys: a chain that begins with what went badly, each answer asked again."""

    def chain(saved: Rows) -> list[Reflection]:
        return [r for r in _lines(saved, page) if r.heading == "why"]

    def rows(saved: Rows) -> list[Row]:
        return [Row(r.id, {"text": r.text}) for r in chain(saved)]

    def put(saved: Rows, typed: Typed) -> str:
        before, text = saved.get(typed.key), typed.values["text"] or ""
        bad = next((r.id for r in _lines(saved, page) if r.heading == "badly"), "")
        id = typed.key or made_id({"period": page.quarter, "why": len(chain(saved)), "text": text}, saved)
        new = Reflection(id=id, period=page.quarter, heading="why", text=text, of=bad)
        saved[id] = before.model_copy(update={"text": text}) if before else new
        return id

    columns = [Column("text", _("Because"), "text", WIDE, _("each answer is asked again: why?"))]
    bad = next((line.text for line in page.lines if line.heading == "badly"), "")
    note = _("of: {text}", text=bad) if bad else _("of the first line that went badly")
    return Part(
        "reflections",
        _("Five whys"),
        columns,
        rows,
        put,
        note=f"{note}{_('; stop where you can change something')}",
        add=_("Ask why again"),
    )


def lesson_drafts(page: Any, say: Language) -> Part:
    """Lessons that deals propose: what was done, and the advice, only a person knows."""
    proposed = {d.id: d for d in page.lesson_drafts}

    def text(said: Any) -> str:
        return say(said.text, **said.values)

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, draft in proposed.items():
            row = Row(
                id,
                {"situation": _("{situation}; {result}", situation=text(draft.situation), result=text(draft.result))},
                {"tag": draft.tag},
            )
            if isinstance(lesson := saved.get(id), Lesson):
                row.values |= {"accept": True, "tag": lesson.tag, "did": lesson.did, "advice": lesson.advice}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        draft, before = proposed[typed.key], saved.pop(typed.key, None)
        if not typed.values["accept"]:
            return typed.key if before else ""
        said = {"tag": typed.values["tag"]} | {name: typed.values[name] or "" for name in ("did", "advice")}
        new = Lesson(
            id=draft.id,
            period=page.quarter,
            situation=text(draft.situation),
            result=text(draft.result),
            deal=draft.deal,
        )
        saved[draft.id] = (before or new).model_copy(update=said)
        return draft.id

    def check(typed: Typed) -> Notes:
        if typed.values["accept"]:
            return {} if typed.values["advice"] else {"advice": Note(_("What is to be done next time?"))}
        written = typed.values["did"] or typed.values["advice"]
        return {"accept": Note(_("Tick it to keep what is written here."))} if written else {}

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("situation", _("Situation and result"), "said", HALF),
        Column("tag", _("Tag"), "choice", "132px", choices=_tags()),
        Column("did", _("What we did"), "text", HALF),
        Column("advice", _("Next time"), "text", HALF, _("what to do next time")),
    ]
    return Part("lessons", _("Lessons of the largest deals"), columns, rows, put, check)


def own(page: Any) -> Part:
    """Lessons as a person tells them."""
    proposed = {d.id for d in page.lesson_drafts}

    def rows(saved: Rows) -> list[Row]:
        mine = [x for x in saved.values() if isinstance(x, Lesson) and x.period == page.quarter]
        return [Row(x.id, {n: getattr(x, n) for n in (*TOLD, "tag")}) for x in mine if x.id not in proposed]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: typed.values[name] or "" for name in TOLD} | {"tag": typed.values["tag"]}
        before = saved.get(typed.key)
        id = typed.key or made_id(said | {"period": page.quarter}, saved)
        saved[id] = before.model_copy(update=said) if before else Lesson(id=id, period=page.quarter, **said)
        return id

    def check(typed: Typed) -> Notes:
        missing = {
            "situation": _("What was the situation?"),
            "tag": _("Under which tag is it found again?"),
            "advice": _("What is to be done next time?"),
        }
        return {name: Note(text) for name, text in missing.items() if not typed.values[name]}

    columns = [
        Column("situation", _("Situation"), "text", HALF, _("where would somebody meet it again?")),
        Column("tag", _("Tag"), "choice", "132px", choices=_tags()),
        Column("advice", _("Next time"), "text", HALF, _("what to do next time")),
        Column("did", _("What we did"), "long"),
        Column("result", _("What came of it"), "long"),
    ]
    note = _("goals and risks of this and other projects find it again, by its tag and its words")
    return Part("lessons", _("Lessons"), columns, rows, put, check, note=note, add=_("Add a lesson"))


def _tags() -> dict[str, Any]:
    return {_(name): value for value, name in TAG_NAMES.items()}


def _lines(saved: Rows, page: Any) -> list[Reflection]:
    return [r for r in saved.values() if isinstance(r, Reflection) and r.period == page.quarter]
