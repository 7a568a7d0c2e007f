"""The parts of the goals form about who does what: the goals' tasks, and who is in the team from when until when."""

from __future__ import annotations

from typing import Any

from salesplaybook.entries.kinds import Action, Goal, Member
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import translate as _
from salesplaybook.names import PRIORITY_NAMES
from salesplaybook.periods import Period
from salesplaybook.project import Project

FIELDS = ("what", "who", "due", "goal", "priority", "after")
SHORT = 24  # signs of a goal or task in a choice


def tasks(page: Any, here: Project, period: Period | None = None) -> Part:
    """Tasks of the goals: promises like any other, on the Monday page when they are due."""
    goals = _goals(page, here, period)
    known = {row.id: row for row in here.entries("actions").rows if isinstance(row, Action)}
    standing: dict[str, Action] = {}

    def rows(saved: Rows) -> list[Row]:
        standing.clear()
        standing.update({a.id: a for a in saved.values() if isinstance(a, Action) and not a.dropped})
        mine = [a for a in standing.values() if a.goal in goals]
        return [Row(a.id, a.model_dump(include=set(FIELDS)) | {"finished": a.done is not None}) for a in mine]

    def put(saved: Rows, typed: Typed) -> str:
        said = {n: typed.values[n] for n in FIELDS if typed.values.get(n) not in (None, "")}
        before = saved.get(typed.key)
        kept = before.model_dump(exclude=set(FIELDS)) if before else {"made": page.told_on}
        id, done = typed.key or made_id(said, saved), kept.get("done")
        kept["done"] = (done or here.today) if typed.values["finished"] else None
        saved[id] = Action.model_validate(kept | said | {"id": id})
        return id

    def check(typed: Typed) -> Notes:
        wanted = {"what": _("What is to be done?"), "goal": _("Which goal does it serve?"), "who": _("Who does it?")}
        found = {name: Note(text) for name, text in wanted.items() if not typed.values[name]}
        if circle := _circle(typed, standing):
            text = _("These wait for each other in a circle: {tasks}. Choose another, or none.", tasks=circle)
            found["after"] = Note(text, {"after": None}, _("Wait for none"))
        return found

    def warn(typed: Typed) -> Notes:
        if typed.blank or not typed.values["what"]:
            return {}
        first, due = standing.get(typed.values["after"] or ""), typed.values["due"]
        if due is None:
            return {"due": Note(_("Without a day it stands on no Monday page."))}
        if first is not None and first.due and first.due > due:
            values = {"task": _short(first.what), "first": str(first.due), "due": str(due)}
            return {
                "due": Note(_("It waits for '{task}', due {first}, and is due {due}, before it.", **values), first.due)
            }
        return {}

    columns = [
        Column("what", _("Task"), "text", "minmax(0, 2fr)", _("a verb first: call, visit, close")),
        Column("goal", _("Goal"), "choice", "minmax(0, 1.4fr)", choices={text: id for id, text in goals.items()}),
        Column("who", _("Who"), "person", "120px", _("a name")),
        Column("due", _("By when"), "date", TRACKS["date"]),
        Column("priority", _("Priority"), "choice", "84px", choices={_(v): k for k, v in PRIORITY_NAMES.items()}),
        Column("after", _("After"), "choice", "minmax(0, 1fr)", choices=_tasks(known, goals)),
        Column("finished", _("Done"), "tick", TRACKS["tick"]),
    ]
    note = _("who does what by when; each stands on the Monday page in the week in which it is due")
    return Part("actions", _("Tasks"), columns, rows, put, check, warn, note, _("Add a task"))


def team(page: Any, period: Period) -> Part:
    """Who joins, leaves, or has less than a full post: as the exports have it, and as it is typed. All others are there
    as they were."""
    there = {person.owner: person for person in page.people if person.joined or person.left}

    def rows(saved: Rows) -> list[Row]:
        typed = {row.name: row for row in saved.values() if isinstance(row, Member)}
        found = []
        for name in dict.fromkeys([*there, *typed]):
            member, person = typed.get(name), there.get(name)
            row = Row(member.id if member else name, {"name": name})
            if member:
                row.values |= member.model_dump(include={"joined", "left", "capacity"}) | {"none": not member.sells}
            elif person:
                row.values |= {"joined": person.joined, "left": person.left}
                row.filled = {"capacity": 1}
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        name, before = str(typed.values["name"]).strip(), saved.get(typed.key)
        if not typed.edited and before is None:
            return ""  # as the exports have it
        said = {n: typed.values[n] for n in ("joined", "left", "capacity") if typed.values[n] is not None}
        id = before.id if before else name
        saved[id] = Member.model_validate({"id": id, "name": name, "sells": not typed.values["none"]} | said)
        return id

    def check(typed: Typed) -> Notes:
        said = typed.values
        if not said["name"]:
            return {"name": Note(_("Who is it?"))}
        if said["joined"] and said["left"] and said["left"] < said["joined"]:
            text = _("{left} lies before {joined}, the first day.", left=str(said["left"]), joined=str(said["joined"]))
            return {"left": Note(text, {"joined": said["left"], "left": said["joined"]}, _("Swap the two"))}
        if said["capacity"] is not None and not 0 <= said["capacity"] <= 1:
            text = _("{share} of a post: expected is 0 to 100%.", share=f"{(said['capacity'] * 100).normalize():f}%")
            return {"capacity": Note(text, 1, _("Make it {amount}", amount="100%"))}
        return {}

    columns = [
        Column("name", _("Who"), "person", "minmax(0, 2fr)", _("a name")),
        Column("joined", _("First day"), "date", TRACKS["date"]),
        Column("left", _("Last day"), "date", TRACKS["date"]),
        Column("capacity", _("Of a post"), "percent", "92px", "100%"),
        Column("none", _("Carries no target"), "tick", "130px"),
    ]
    note = _("only who joins or leaves within the quarter, or has less than a full post; then make the page again")
    return Part("people", _("Team"), columns, rows, put, check, note=note, add=_("Add somebody"))


def _goals(page: Any, here: Project, period: Period | None) -> dict[str, str]:
    """What a task can serve, by id: goals as they are saved, and those that are proposed and may be accepted."""
    name = period.name if period else page.quarter
    mine = [g for g in here.entries("goals").rows if isinstance(g, Goal) and g.period == name and not g.dropped]
    found = {goal.id: _short(goal.what) for goal in mine if goal.what}
    say = here.language
    return found | {
        id: _short(say(draft.what.text, **draft.what.values))
        for draft in page.drafts
        if (id := f"{name}:goal:{draft.metric}") not in found
    }


def _tasks(known: dict[str, Action], goals: dict[str, str]) -> dict[str, str]:
    return {_short(a.what): a.id for a in known.values() if a.goal in goals and not a.dropped and not a.done}


def _circle(typed: Typed, standing: dict[str, Action]) -> str:
    """The names along a circle that the row would close; empty where it closes none."""
    if not typed.key:
        return ""  # nothing waits for a new one yet
    path, at = [str(typed.values["what"])], typed.values["after"]
    seen = set()
    while at and at in standing and at not in seen and at != typed.key:
        seen.add(at)
        path.append(standing[at].what)
        at = standing[at].after
    return " → ".join([*path, path[0]]) if at == typed.key else ""


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
