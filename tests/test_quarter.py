"""A quarter of Mondays, lived through by the demo: fifteen exports, what was typed each week, and what came of it."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from test_cli import typed

from salesplaybook import ledger, records
from salesplaybook.areas import weekly
from salesplaybook.project import Project
from salesplaybook.records import Record

WEEKS = [f"2026-W{n}" for n in range(27, 42)]
REPLAYED = ("2026-W27", "2026-W31", "2026-W36", "2026-W40")


def of_week(here: Project, week: str) -> Record:
    record = records.load(here.store, week, "weekly")
    assert record
    return record


def test_a_quarter_of_mondays(tmp_path: Path):
    """In one test, since living it takes minutes: the command as a user runs it, then each claim about what it left."""
    done = typed("demo", "--into", "here", cwd=tmp_path, timeout=1200)
    assert done.returncode == 0, done.stderr
    pages = [tmp_path / line.strip() for line in done.stdout.splitlines() if line.strip().endswith(".html")]
    assert len(pages) == 6 and all(page.is_file() for page in pages)
    assert len({page.parts[-4] for page in pages}) == 3
    here = Project.open(tmp_path / "here" / "east-china-parks")
    each_monday_has_its_page_and_commit(here)
    promises_are_carried(here)
    the_ledger_is_scored_at_the_quarters_end(here)
    a_week_replayed_is_the_same(here, tmp_path)


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
    assert scores and all(x.came == booked and x.scored_on and str(x.scored_on) == "2026-10-05" for x in scores)
    assert {x.made_on for x in scores if x.by == "model"} == {x.made_on for x in said}
    track = of_week(here, "2026-W41").body["track"]
    assert track["n"] >= len(said) and of_week(here, "2026-W40").body["track"] != track


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


@pytest.mark.parametrize("week", [WEEKS[0], WEEKS[-1]])
def test_the_weeks_are_those_of_the_demos_mondays(week: str):
    from salesplaybook import periods
    from salesplaybook.demo import projects

    mondays = projects()[0].mondays
    assert periods.week_of(mondays[WEEKS.index(week)]).name == week
