"""What a manager fills in when a quarter begins: targets, goals, who carries what, tasks, which lessons were used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salesplaybook.entries.kinds import Action, Goal, Target
from salesplaybook.entries.rows import made_id
from salesplaybook.forms import fields
from salesplaybook.forms import form as forms
from salesplaybook.forms import goals_split as split
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.forms.risk import lessons
from salesplaybook.language import Language, digits
from salesplaybook.language import translate as _
from salesplaybook.names import METRIC_NAMES, PRIORITY_NAMES, RULE_NAMES
from salesplaybook.periods import Period
from salesplaybook.project import Project

WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"
MONEY = ("bookings", "revenue", "collected")


def form(here: Project, page: Any, period: Period, people: Sequence[str] = ()) -> Any:
    """The form of a quarter's goals (`areas.goals.Body`); a table of its rows where nobody is there.

    people: names to offer beside those on the page.
    """
    say, manager = here.language, here.settings.manager
    parts = [
        *([lessons(page, here.settings.name, say)] if page.lessons else []),
        targets(page, period, say),
        drafts(page, period, say, manager),
        goals(page, period, manager),
        *([split.whole(page, say), split.by_hand(page, say)] if page.split("bookings") else []),
        tasks(page, here),
    ]
    said = [row.who for row in here.entries("actions").rows if isinstance(row, Action)]
    names = fields.people(said, [p.owner for p in page.people], [manager], people)
    purpose = _(
        "Give the targets, accept the goals proposed for them, take over the breakdown. Goals that lack something stay "
        "as drafts. It goes to entries/ and stays yours; about eight fields are to be typed."
    )
    return forms.make(here, _("Goals of {quarter}", quarter=period.name), purpose, parts, names)


def targets(page: Any, period: Period, say: Language) -> Part:
    """A row a metric, with what the last quarter and the one a year ago brought; and rows for metrics of one's own."""
    measured = {row.metric: row for row in page.progress}

    def standing(saved: Rows) -> dict[str, Target]:
        mine = [t for t in saved.values() if isinstance(t, Target) and t.period == period.name and not t.owner]
        return {t.metric: t for t in mine}

    def rows(saved: Rows) -> list[Row]:
        found, there = [], standing(saved)
        for metric in dict.fromkeys([*METRIC_NAMES, *there]):
            row, target = measured.get(metric), there.get(metric)
            about = {"name": _(METRIC_NAMES[metric]) if metric in METRIC_NAMES else metric}
            for name in ("before", "year_before"):
                figure = getattr(row, name, None)
                about[name] = "–" if figure is None or figure.value is None else _shown(metric, figure.value, say)
            found.append(
                Row(
                    metric,
                    about | {"amount": target.amount if target else None, "rule": target.rule if target else None},
                )
            )
        return found

    def put(saved: Rows, typed: Typed) -> str:
        metric = typed.key or str(typed.values["name"] or "").strip()
        target, amount = standing(saved).get(metric), typed.values["amount"]
        if target and amount is None:
            del saved[target.id]
        elif target:
            saved[target.id] = target.model_copy(update={"amount": amount, "rule": typed.values["rule"]})
        elif amount is not None and metric:
            wanted = period.name if metric == "bookings" else f"{period.name}:{metric}"
            id = wanted if wanted not in saved else made_id(typed.values, saved)
            saved[id] = Target(id=id, period=period.name, metric=metric, amount=amount, rule=typed.values["rule"])
        return metric

    def check(typed: Typed) -> Notes:
        amount = typed.values["amount"]
        if amount is not None and amount <= 0:
            return {"amount": Note(_("{amount} is no target: a target is more than nothing.", amount=str(amount)))}
        if typed.key == "margin" and amount is not None and amount >= 100:
            return {"amount": Note(_("A margin of {amount} %: expected under 100, as 31.", amount=str(amount)))}
        return {}

    def warn(typed: Typed) -> Notes:
        row, amount = measured.get(typed.key), typed.values["amount"]
        if row is None or amount is None or not row.highest or typed.key not in MONEY:
            return {}
        cents = amount * 10 ** digits(say.currency)
        if cents < row.highest / 100:  # in another unit: 12.8 for 12.8 million
            for size in (10**4, 10**6, 10**8):
                if row.highest / 5 < cents * size < row.highest * 5:
                    mend = amount * size
                    offer = _("Make it {amount}", amount=fields.shown_amount(mend, say))
                    return {"amount": Note(_("This is far below every quarter on record."), mend, offer)}
        return {}

    columns = [
        Column("name", _("Metric"), "said", HALF),
        Column("year_before", _("A year ago"), "said", "120px", right=True),
        Column("before", _("Last quarter"), "said", "120px", right=True),
        Column("amount", _("Target"), "number", "170px", _("12840000; of margin in %, as 31")),
        Column("rule", _("Broken down"), "choice", "150px", choices={_(v): k for k, v in RULE_NAMES.items()}),
    ]
    note = _("in whole currency, margin in percent, customers as a count; what nobody has said stays empty")
    return Part("targets", _("Targets of the quarter"), columns, rows, put, check, warn, note)


def drafts(page: Any, period: Period, say: Language, manager: str) -> Part:
    """A goal for each target that has none yet, to accept."""
    proposed = {f"{period.name}:goal:{d.metric}": d for d in page.drafts}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, draft in proposed.items():
            goal = saved.get(id)
            if isinstance(goal, Goal) and not goal.dropped:
                continue  # it stands below
            texts = {name: say(m.text, **m.values) if (m := getattr(draft, name)) else "–" for name in ("what", "how")}
            about: dict[str, Any] = dict(texts)
            found.append(Row(id, about | ({"drop": True} if goal else {}), {"owner": manager}))
        return found

    def put(saved: Rows, typed: Typed) -> str:
        draft = proposed[typed.key]
        texts = {name: say(m.text, **m.values) for name in ("what", "how", "serves") if (m := getattr(draft, name))}
        if typed.values["accept"] or typed.values["drop"]:
            saved[typed.key] = Goal(
                id=typed.key,
                period=period.name,
                owner=typed.values["owner"] or manager,
                metric=draft.metric,
                due=period.last,
                dropped=bool(typed.values["drop"]),
                **texts,
            )
        else:
            saved.pop(typed.key, None)
        return typed.key

    def check(typed: Typed) -> Notes:
        both = typed.values["accept"] and typed.values["drop"]
        return {"drop": Note(_("Accept it or drop it, not both."))} if both else {}

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("drop", _("Drop"), "tick", TRACKS["tick"]),
        Column("what", _("Goal"), "said", HALF),
        Column("how", _("By which means"), "said", HALF),
        Column("owner", _("Owner"), "person", "140px"),
    ]
    note = _("one for each target; the means are the largest open deals, until you say better")
    return Part("goals", _("Proposed goals"), columns, rows, put, check, note=note)


def goals(page: Any, period: Period, manager: str) -> Part:
    """The quarter's goals, each with what it lacks."""
    lacks = {goal.id: goal for goal in page.goals}
    names = ("what", "owner", "metric", "due", "how", "serves", "came", "dropped")
    metrics = {_(label): metric for metric, label in METRIC_NAMES.items()}
    metrics |= {row.metric: row.metric for row in page.progress if row.metric not in METRIC_NAMES}

    def rows(saved: Rows) -> list[Row]:
        mine = [g for g in saved.values() if isinstance(g, Goal) and g.period == period.name and not g.dropped]
        return [Row(g.id, g.model_dump(include=set(names)) | {"lacks": _lacks(lacks.get(g.id))}) for g in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {n: typed.values[n] for n in names if typed.values.get(n) not in (None, "")}
        before = saved.get(typed.key)
        kept = before.model_dump(exclude=set(names)) if before else {}
        id = typed.key or made_id({"period": period.name} | said, saved)
        saved[id] = Goal.model_validate(kept | said | {"id": id, "period": period.name})
        return id

    def warn(typed: Typed) -> Notes:
        due = typed.values["due"]
        if due is not None and due not in period:
            text = _("{due} lies outside {quarter}.", due=str(due), quarter=period.name)
            return {"due": Note(text, period.last, _("Make it {day}", day=str(period.last)))}
        if not typed.blank and not typed.values["owner"]:
            return {"owner": Note(_("Nobody owns it: it stays a draft."), manager or None, manager)}
        return {}

    columns = [
        Column("what", _("Goal"), "text", WIDE, _("what will be there, how much, for whom")),
        Column("owner", _("Owner"), "person", "140px", _("a name")),
        Column("metric", _("Metric"), "choice", "130px", choices=metrics),
        Column("due", _("Due"), "date", TRACKS["date"]),
        Column("lacks", _("Lacks"), "said", HALF),
        Column("how", _("By which means"), "long"),
        Column("serves", _("What it serves"), "long"),
        Column("came", _("What came (own metric)"), "number", below=True),
        Column("dropped", _("Drop"), "tick", below=True),
    ]
    note = _("specific, measurable, achievable, relevant, with a date: what is missing makes it a draft")
    return Part("goals", _("Goals of the quarter"), columns, rows, put, warn=warn, note=note, add=_("Add a goal"))


def tasks(page: Any, here: Project) -> Part:
    """Tasks of the goals: promises like any other, on the Monday page when they are due."""
    whose = {_short(goal.what): goal.id for goal in page.goals if goal.what}
    known = {task.id: task.what for task in page.tasks}
    names = ("what", "who", "due", "goal", "priority", "after", "done")

    def rows(saved: Rows) -> list[Row]:
        mine = [a for a in saved.values() if isinstance(a, Action) and a.goal in whose.values() and not a.dropped]
        return [Row(a.id, a.model_dump(include=set(names))) for a in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {n: typed.values[n] for n in names if typed.values.get(n) not in (None, "")}
        before = saved.get(typed.key)
        kept = before.model_dump(exclude=set(names)) if before else {"made": page.told_on}
        id = typed.key or made_id(said, saved)
        saved[id] = Action.model_validate(kept | said | {"id": id})
        return id

    def check(typed: Typed) -> Notes:
        found = {}
        if not typed.values["what"]:
            found["what"] = Note(_("What is to be done?"))
        if not typed.values["goal"]:
            found["goal"] = Note(_("Which goal does it serve?"))
        if typed.values["after"] and typed.values["after"] == typed.key:
            found["after"] = Note(_("A task can't wait for itself."))
        return found

    columns = [
        Column("what", _("Task"), "text", HALF, _("a verb first: call, visit, close")),
        Column("goal", _("Goal"), "choice", HALF, choices=whose),
        Column("who", _("Who"), "person", "130px"),
        Column("due", _("By when"), "date", TRACKS["date"]),
        Column("priority", _("Priority"), "choice", "84px", choices={_(v): k for k, v in PRIORITY_NAMES.items()}),
        Column("after", _("After"), "choice", "130px", choices={_short(what): id for id, what in known.items()}),
        Column("done", _("Done on"), "date", below=True),
    ]
    note = _("who does what by when; they stand on the Monday page when they are due")
    return Part("actions", _("Tasks"), columns, rows, put, check, note=note, add=_("Add a task"))


def _lacks(goal: Any) -> str:
    if goal is None:
        return _("saved; told when the page is made again")
    letters = "".join(dict.fromkeys(m.letter for m in goal.missing))
    return _("complete") if not letters else " ".join(letters)


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _shown(metric: str, value: float, say: Language) -> str:
    if metric == "margin":
        return say.percent(value)
    return say.money(value) if metric in MONEY else say.count(value)
