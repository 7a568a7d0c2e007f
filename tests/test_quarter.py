"""A quarter lived through by the demo: fifteen Mondays, its goals and risks, its review, and how the next one opens."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from test_cli import typed

from salesplaybook import ledger, periods, records
from salesplaybook.areas import weekly
from salesplaybook.demo import make, projects
from salesplaybook.demo.quarter_sayings import CHINESE
from salesplaybook.entries import keep
from salesplaybook.entries.kinds import KINDS, Action
from salesplaybook.project import Project
from salesplaybook.records import Record

WEEKS = [f"2026-W{n}" for n in range(27, 42)]
REPLAYED = ("2026-W27", "2026-W31", "2026-W36", "2026-W40")


def of_week(here: Project, week: str) -> Record:
    record = records.load(here.store, week, "weekly")
    assert record
    return record


def of_quarter(here: Project, playbook: str, quarter: str = "2026Q3") -> Record:
    record = records.load(here.store, quarter, playbook)
    assert record, playbook
    return record


def test_a_quarter_of_mondays(tmp_path: Path):
    """In one test, since living it takes minutes: the command as a user runs it, then each claim about what it left."""
    done = typed("demo", "--into", "here", cwd=tmp_path, timeout=1800)
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    pages = [tmp_path / line.strip() for line in done.stdout.splitlines() if line.strip().endswith(".html")]
    assert len(pages) == 9 and all(page.is_file() for page in pages)
    assert len({page.parts[-4] for page in pages}) == 3
    here, second, third = (Project.open(tmp_path / "here" / found.folder) for found in projects())
    each_monday_has_its_page_and_commit(here)
    promises_are_carried(here)
    the_ledger_is_scored_at_the_quarters_end(here)
    a_quarter_takes_at_most_thirty_fields(done.stdout)
    the_review_has_all_four_numbers(here, second, third)
    what_was_promised_is_answered(here)
    the_next_quarter_opens_with_promises_and_lessons(here)
    nothing_typed_is_lost(here)
    nobody_is_named_in_the_groups_record(here)
    a_week_replayed_is_the_same(here, tmp_path)
    a_quarter_replayed_is_the_same(here, tmp_path)


def a_quarter_takes_at_most_thirty_fields(printed: str) -> None:
    """Printed by the command, project by project; a talk takes at most four a person."""
    lines = [line for line in printed.splitlines() if "2026Q3" in line and "fields typed" in line]
    assert len(lines) == 2  # of the third project, hardly anything was typed
    for line in lines:
        fields, talked = (int(n) for n in re.search(r"(\d+) fields typed.*; (\d+) in the talks", line).groups())
        people = int(re.search(r"with (\d+) people", line)[1])
        assert 10 <= fields <= 30 and talked <= 4 * people
        by_area = {name: int(n) for name, n in re.findall(r"(\w+) (\d+)[,)]", line)}
        limits = {"goals": 8, "risk": 6, "retrospective": 8, "quarterly_review": 6}
        assert sum(by_area.values()) == fields
        assert all(n <= limits[name] for name, n in by_area.items()), line


def the_review_has_all_four_numbers(here: Project, second: Project, third: Project) -> None:
    for project in (here, second):
        rows = {row["metric"]: row for row in of_quarter(project, "quarterly_review").body["numbers"]}
        assert list(rows) == ["bookings", "revenue", "collected", "margin"]
        for row in rows.values():
            assert None not in (row["actual"]["value"], row["target"], row["before"]["value"], row["gap"])
            assert row["year_before"]["value"] is not None and row["verdict"] != "too_few"
        assert all(row["year_to_date"] for name, row in rows.items() if name != "margin")
    sunday = here.resolve() - timedelta(days=1)
    ledger = projects()[0].company.ledger  # the sums of the simulator's own books
    accepted = ledger.signed(sunday).query("'2026-07-01' <= accepted <= '2026-09-30'")["amount"].sum()
    paid = ledger.received(sunday).query("'2026-07-01' <= day <= '2026-09-30'")["amount"].sum()
    numbers = {row["metric"]: row["actual"]["value"] for row in of_quarter(here, "quarterly_review").body["numbers"]}
    assert (numbers["revenue"], numbers["collected"]) == (accepted, paid)
    none = {row["metric"]: row["actual"] for row in of_quarter(third, "quarterly_review").body["numbers"]}
    assert none["bookings"]["value"] and all(
        none[name]["value"] is None and "not provided" in none[name]["reason"]["text"]
        for name in ("revenue", "collected", "margin")
    )


def what_was_promised_is_answered(here: Project) -> None:
    """Each action of the review before stands there, none is dropped, and one that isn't done says why."""
    body = of_quarter(here, "quarterly_review").body
    actions = [a for a in here.entries("actions").rows if isinstance(a, Action)]
    assert [p["id"] for p in body["promised"]] == [a.id for a in actions if a.review == "2026Q2"]
    assert len(body["promised"]) == 3 and {"done", "partly"} <= {p["state"] for p in body["promised"]}
    assert all(p["why"] for p in body["promised"] if p["state"] in ("partly", "not_done"))
    assert [m["id"] for m in body["moves"]] == [a.id for a in actions if a.review == "2026Q3"]
    assert all(m["who"] and m["due"] and m["measure"] for m in body["moves"])
    assert body["verdict"]["text"] and body["decisions"] and body["asks"]
    assert body["risks"]["top"][0]["triggered"] and body["standing"] == []


def the_next_quarter_opens_with_promises_and_lessons(here: Project) -> None:
    goals, risk = (of_quarter(here, name, "2026Q4").body for name in ("goals", "risk"))
    moves = [m["id"] for m in of_quarter(here, "quarterly_review").body["moves"]]
    assert [p["id"] for p in goals["promised"]][: len(moves)] == moves
    typed_ = {lesson.id for lesson in here.entries("lessons").rows}
    for body in (goals, risk):
        assert body["lessons"] and {lesson["id"] for lesson in body["lessons"]} <= typed_
        assert all(lesson["why"]["text"] for lesson in body["lessons"])
    monday = of_week(here, "2026-W41").body
    assert monday["quarter"] == "2026Q4"


def nothing_typed_is_lost(here: Project) -> None:
    """What stood in entries/ after any Monday still stands there, row by row, and each text with it."""
    for kind in KINDS:
        now = {row.id for row in here.entries(kind).rows}
        for day in sorted(path.name for path in here.store.entries("history")):
            kept = keep.load(here.store, kind, ("history", day, "entries")).rows
            assert {row.id for row in kept} <= now, (kind, day)
    texts = "".join(here.store.text("entries", f"{kind}.yaml") for kind in KINDS if here.entries(kind).rows)
    said = CHINESE
    expected = [said.verdict, said.help, said.imagined, said.why, said.task, *(t for _, t in said.lines)]
    for text in [*expected, *(t for did in said.lessons for t in did), *(t.own for t in said.talks)]:
        assert text in "".join(texts.split("\n  ")).replace("\n", "") or text in texts, text


def nobody_is_named_in_the_groups_record(here: Project) -> None:
    text = here.store.text("records", "2026Q3", "performance.json")
    people = [talk.person for talk in here.entries("talks").rows]
    assert len(people) >= 8 and not [name for name in people if name in text]
    private = {path.name for path in (here.store.root / "records" / "private" / "2026Q3").glob("performance-*.json")}
    assert len(private) == len([t for t in here.entries("talks").rows if t.period == "2026Q3"])


def each_monday_has_its_page_and_commit(here: Project) -> None:
    for week in WEEKS:
        record = of_week(here, week)
        assert record.body["commit"] or record.body["commit_skipped"], week
        assert record.body["stock"] and len(record.body["deals"]) <= 5
        text = here.store.text("records", week, "weekly.txt")
        assert len(text.encode()) <= 2048
    assert of_week(here, "2026-W39").body["due"] and of_week(here, "2026-W39").body["cash"]
    assert of_week(here, "2026-W41").body["first_week"] and of_week(here, "2026-W41").body["final"]


def promises_are_carried(here: Project) -> None:
    """What was agreed and not done on one Monday stands under promises on the next."""
    carried = 0
    for week, after in pairwise(WEEKS):
        agreed = {a["id"] for a in of_week(here, week).body["agreed"] if not a["done"]}
        promised = {p["id"] for p in of_week(here, after).body["promises"]}
        assert agreed == promised, after
        carried += len(promised)
    assert carried > 10
    states = {p["state"] for week in WEEKS for p in of_week(here, week).body["promises"]}
    assert {"done", "overdue"} <= states


def the_ledger_is_scored_at_the_quarters_end(here: Project) -> None:
    found = ledger.read(here.store)
    assert found.broken is None
    of_quarter = [x for x in found.lines if x.period == "2026Q3"]
    said = [x for x in of_quarter if x.kind == "forecast"]
    scores = [x for x in of_quarter if x.kind == "score"]
    assert len({x.made_on for x in said}) == len(said) >= 13
    booked = of_week(here, "2026-W41").figures["final"].value
    assert scores and all(x.scored_on and str(x.scored_on) == "2026-10-05" for x in scores)
    assert all(x.came == booked for x in scores if not x.owner)
    of_owners = {x.owner: x.came for x in scores if x.owner}
    owners = {row["owner"]: row["last_quarter"] for row in of_week(here, "2026-W41").body["owners"]}
    assert of_owners and all(owners[owner] == came for owner, came in of_owners.items())
    assert {x.made_on for x in scores if x.by == "model"} == {x.made_on for x in said}
    track = of_week(here, "2026-W41").body["track"]
    assert track["n"] == 1  # one range a quarter, not one a week
    assert of_week(here, "2026-W40").body["track"] != track


def a_week_replayed_is_the_same(here: Project, tmp_path: Path) -> None:
    """Weeks later, a run as of a Monday gives the same record and page as it gave then."""
    copy = tmp_path / "replayed"
    shutil.copytree(here.store.root, copy)
    again = Project.open(copy)
    before = (copy / "records" / "ledger.jsonl").read_bytes()
    for week in REPLAYED:
        kept = of_week(here, week)
        known = again.snapshot(str(kept.as_of), week)
        window = again.period(week, known.on, "week")
        page = again.save(weekly.body(window, known, again.rules(known)), window, known)
        assert of_week(again, week).fingerprint == kept.fingerprint, week
        assert page.read_bytes() == (here.store.root / "records" / week / "weekly.html").read_bytes()
    assert (copy / "records" / "ledger.jsonl").read_bytes() == before


def a_quarter_replayed_is_the_same(here: Project, tmp_path: Path) -> None:
    """Months later, a playbook run as of its day gives the same record as it gave then; and so does one run twice."""
    kept = of_quarter(here, "risk", "2026Q2").fingerprint
    found = []
    for name in ("once", "twice"):
        copy = tmp_path / name
        shutil.copytree(here.store.root, copy)
        if name == "once":
            list(make.running(copy, "risk", date(2026, 6, 29), "2026Q2"))
            assert of_quarter(Project.open(copy), "risk", "2026Q2").fingerprint == kept
        for playbook in ("retrospective", "quarterly_review"):
            list(make.running(copy, playbook, date(2026, 10, 5), "2026Q3"))
            record = of_quarter(Project.open(copy), playbook)
            found.append((playbook, record.fingerprint, (copy / "records/2026Q3" / f"{playbook}.html").read_bytes()))
    assert found[:2] == found[2:]


@pytest.mark.parametrize("week", [WEEKS[0], WEEKS[-1]])
def test_the_weeks_are_those_of_the_demos_mondays(week: str):
    mondays = projects()[0].mondays
    assert periods.week_of(mondays[WEEKS.index(week)]).name == week
