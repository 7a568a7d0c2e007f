"""What a manager fills in when a quarter begins: targets, goals, who carries what, tasks, which lessons were used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.entries.kinds import Action, Goal, Target
from salesplaybook.entries.rows import made_id
from salesplaybook.forms import fields
from salesplaybook.forms import form as forms
from salesplaybook.forms import goals_split as split
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.forms.goals_targets import own, targets
from salesplaybook.forms.goals_tasks import tasks, team
from salesplaybook.forms.risk import lessons
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.names import METRIC_NAMES
from salesplaybook.periods import Period
from salesplaybook.project import Project

__all__ = ["counted", "drafts", "form", "goals", "lessons", "own", "parts", "targets", "tasks", "team"]
WIDE, HALF = "minmax(0, 3fr)", "minmax(0, 2fr)"
FIELDS = ("what", "owner", "metric", "due", "how", "serves", "dropped")


def form(here: Project, page: Any, period: Period, people: Sequence[str] = ()) -> Any:
    """The form of a quarter's goals (`areas.goals.Body`); a table of its rows where nobody is there.

    people: names to offer beside those on the page.
    """
    said = [row.who for row in here.entries("actions").rows if isinstance(row, Action)]
    names = fields.people(said, [p.owner for p in page.people], [here.settings.manager], people)
    purpose = _(
        "Give the targets, accept the goals proposed for them, choose by what a target is shared out. A goal that "
        "lacks something stays as a draft. It goes to entries/ and stays yours; about eight fields are to be typed."
    )
    return forms.make(here, _("Goals of {quarter}", quarter=period.name), purpose, parts(here, page, period), names)


def parts(here: Project, page: Any, period: Period) -> list[Part]:
    """The form's parts in their order."""
    say, manager = here.language, here.settings.manager
    typed = [t for t in here.entries("targets").rows if isinstance(t, Target) and t.period == period.name]
    parted = {t.metric for t in typed if t.owner or t.rule}
    shared = [metric for metric in page.bases if metric == "bookings" or metric in parted]
    counts = [g for g in here.entries("goals").rows if isinstance(g, Goal) and _by_hand(g, period)]
    return [
        *([lessons(page, here.settings.name, say)] if page.lessons else []),
        targets(page, period, say),
        own(page, period, say),
        *([drafts(page, period, say, manager)] if page.drafts else []),
        goals(page, period, manager, here),
        *([counted(page, period)] if counts else []),
        *([split.again(page, say)] if any(one.changed for one in page.splits) else []),
        *(split.parts(page, metric, say) for metric in shared),
        tasks(page, here, period),
        team(page, period),
    ]


def drafts(page: Any, period: Period, say: Language, manager: str) -> Part:
    """A goal for each target that has none yet, to accept or drop."""
    proposed = {f"{period.name}:goal:{d.metric}": d for d in page.drafts}

    def texts(draft: Any) -> dict[str, str]:
        found = ((name, getattr(draft, name)) for name in ("what", "how", "serves"))
        return {name: say(said.text, **said.values) for name, said in found if said}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for id, draft in proposed.items():
            goal = saved.get(id)
            if isinstance(goal, Goal) and not goal.dropped:
                continue  # it stands below
            said = texts(draft)
            filled = {"owner": manager, "how": said.get("how", ""), "serves": said.get("serves", "")}
            found.append(Row(id, {"what": said["what"]} | ({"drop": True} if goal else {}), filled))
        return found

    def put(saved: Rows, typed: Typed) -> str:
        draft, said = proposed[typed.key], typed.values
        if said["accept"] or said["drop"]:
            typed_now = {name: str(said[name] or "") for name in ("how", "serves")}
            saved[typed.key] = Goal(
                id=typed.key,
                period=period.name,
                what=texts(draft)["what"],
                owner=said["owner"] or manager,
                metric=draft.metric,
                due=period.last,
                dropped=bool(said["drop"]),
                **typed_now,
            )
            return typed.key
        return typed.key if saved.pop(typed.key, None) else ""

    def check(typed: Typed) -> Notes:
        both = typed.values["accept"] and typed.values["drop"]
        return {"drop": Note(_("Accept it or drop it, not both."))} if both else {}

    columns = [
        Column("accept", _("Accept"), "tick", TRACKS["tick"]),
        Column("drop", _("Drop"), "tick", TRACKS["tick"]),
        Column("what", _("Goal"), "said", HALF),
        Column("owner", _("Owner"), "person", "140px"),
        Column("how", _("By which means"), "text", HALF, _("which deals, people or steps bring it")),
        Column("serves", _("What it serves"), "text", HALF, _("the year's target, a market, a customer")),
    ]
    note = _("one for each target, until the quarter's last day; what the data tell stands there already")
    return Part("goals", _("Proposed goals"), columns, rows, put, check, note=note)


def goals(page: Any, period: Period, manager: str, here: Project | None = None) -> Part:
    """The quarter's goals, each with what it lacks, told as one types beside the targets as they are saved."""
    metrics = {_(label): metric for metric, label in METRIC_NAMES.items()}
    metrics |= {row.metric: row.metric for row in page.progress if row.metric not in METRIC_NAMES}

    def rows(saved: Rows) -> list[Row]:
        mine = [g for g in saved.values() if isinstance(g, Goal) and g.period == period.name and not g.dropped]
        return [Row(g.id, g.model_dump(include=set(FIELDS))) for g in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {n: typed.values[n] for n in FIELDS if typed.values.get(n) not in (None, "")}
        before = saved.get(typed.key)
        kept = before.model_dump(exclude=set(FIELDS)) if before else {}
        id = typed.key or made_id({"period": period.name} | said, saved)
        saved[id] = Goal.model_validate(kept | said | {"id": id, "period": period.name})
        return id

    def lacks(typed: Typed) -> list[Any]:
        known = here.entries("targets").rows if here else []
        return list(page.missing(typed.values, [t for t in known if isinstance(t, Target)]))

    def warn(typed: Typed) -> Notes:
        if typed.blank:
            return {}
        found: Notes = {}
        columns_of = {"S": "what", "M": "metric", "A": "how", "R": "serves", "T": "due"}
        for one in lacks(typed):
            name = "owner" if one.letter == "A" and not typed.values["owner"] else columns_of[one.letter]
            if name in found or name in ("how", "serves"):
                continue
            text = _("{letter}: {what}. Mend: {mend}.", letter=one.letter, what=_told(one.what), mend=_told(one.mend))
            mend = {"owner": (manager, manager), "due": (period.last, str(period.last))}.get(name)
            found[name] = Note(text, mend[0], _("Make it {day}", day=mend[1])) if mend and mend[0] else Note(text)
        return found

    def live(typed: Typed) -> dict[str, str | Markup]:
        return {"lacks": "" if typed.blank else _smart(lacks(typed))}

    columns = [
        Column("what", _("Goal"), "text", WIDE, _("what will be there, how much, for whom")),
        Column("owner", _("Owner"), "person", "130px", _("a name")),
        Column("metric", _("Metric"), "choice", "164px", choices=metrics),
        Column("due", _("Due"), "date", TRACKS["date"]),
        Column("lacks", _("S M A R T"), "said", "150px"),
        Column("how", _("A: by which means"), "long"),
        Column("serves", _("R: what it serves"), "long"),
        Column("dropped", _("Drop"), "tick", below=True),
    ]
    note = _("specific, measurable, achievable, relevant, time-bound: what is missing makes it a draft, which stays")
    return Part(
        "goals", _("Goals"), columns, rows, put, warn=warn, note=note, add=_("Add a goal"), live=live if here else None
    )


def counted(page: Any, period: Period) -> Part:
    """What came of the metrics that people count themselves, beside their goals."""
    asked = {row.metric: row.target for row in page.progress}

    def rows(saved: Rows) -> list[Row]:
        mine = [g for g in saved.values() if isinstance(g, Goal) and _by_hand(g, period)]
        return [Row(g.id, {"what": g.what, "target": _count(asked.get(g.metric)), "came": g.came}) for g in mine]

    def put(saved: Rows, typed: Typed) -> str:
        goal = saved[typed.key]
        saved[typed.key] = goal.model_copy(update={"came": typed.values["came"]})
        return typed.key

    columns = [
        Column("what", _("Goal"), "said", WIDE),
        Column("target", _("Target"), "said", "110px", right=True),
        Column("came", _("What came so far"), "number", "150px", _("a number")),
    ]
    return Part("goals", _("Counted by hand"), columns, rows, put, note=_("of your own metrics, as of today"))


def _by_hand(goal: Goal, period: Period) -> bool:
    return goal.period == period.name and not goal.dropped and bool(goal.metric) and goal.metric not in METRIC_NAMES


def _smart(missing: Sequence[Any]) -> Markup:
    """The letters, those that lack something struck out in orange, and which they are in words."""
    lacks = [one.letter for one in missing]
    if not lacks:
        return Markup('<span class="sp-saved">✓ {}</span>').format(_("complete"))
    letters = Markup(" ").join(
        Markup('<b class="sp-error">{}</b>').format(c)
        if c in lacks
        else Markup('<span class="sp-grey">{}</span>').format(c)
        for c in "SMART"
    )
    return Markup('{}<br><span class="sp-grey">{}</span>').format(letters, _told(missing[0].what))


def _told(said: Any) -> str:
    return _(said.text, **said.values)


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:,.10g}"
