"""Goals: checked letter by letter, broken down to the cent, on their line; bad input is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesplaybook.areas import goals
from salesplaybook.demo import make, projects
from salesplaybook.entries.kinds import Action, Entry, Goal, Lesson, Target
from salesplaybook.history import Snapshot
from salesplaybook.language import Language
from salesplaybook.limits import Rules, Warnings
from salesplaybook.periods import parse
from salesplaybook.project import Project
from salesplaybook.results import Message
from salesplaybook.workdays import Calendar

QUARTER = parse("2026Q3")
RULES = Rules(Warnings(), {}, Calendar("CN"))
EMPTY = Snapshot(date(2026, 9, 7), Snapshot.__dataclass_fields__["products"].default_factory(), [])
ENGLISH = Language("en")


def text(message: Message | None) -> str:
    return ENGLISH(message.text, **message.values) if message else ""


@pytest.fixture(scope="module")
def parks(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The demo as of 7 September 2026, its last export of that day alone."""
    project = projects()[0]
    folder = make.made(project, tmp_path_factory.mktemp("goals"))
    for monday in project.mondays[9:11]:
        project.write_export(monday, folder / "data")
        Project.open(folder).file_exports()
    return Project.open(folder).snapshot()


def typed(known: Snapshot, **kinds: list[Entry]) -> Snapshot:
    return replace(known, typed={known.on: dict(kinds)})


def targets(**amounts: Any) -> list[Entry]:
    return [Target(id=m, period="2026Q3", metric=m, amount=Decimal(str(a))) for m, a in amounts.items()]


def body(known: Snapshot, lessons: Any = (), **kinds: list[Entry]) -> goals.Body:
    return goals.body(QUARTER, typed(known, **kinds), RULES, lessons)


FULL = {"what": "Book the smart park deals of Suzhou", "owner": "王敏", "metric": "bookings", "how": "three tenders"}


def test_a_goal_with_all_five_is_complete_and_each_that_lacks_is_named_with_its_mend():
    full = Goal(id="g", period="2026Q3", serves="the year's plan", due=date(2026, 9, 30), **FULL)
    page = body(EMPTY, goals=[full], targets=targets(bookings=12_000_000))
    assert page.counts == {"complete": 1, "draft": 0}
    for field, letter in (("what", "S"), ("metric", "M"), ("how", "A"), ("serves", "R"), ("due", "T")):
        lacking = full.model_copy(update={field: None if field == "due" else ""})
        (found,) = body(EMPTY, goals=[lacking], targets=targets(bookings=12_000_000)).goals
        assert [m.letter for m in found.missing] == [letter] and text(found.missing[0].mend)
    (nobody,) = body(EMPTY, goals=[full.model_copy(update={"owner": ""})], targets=targets(bookings=1)).goals
    assert nobody.missing and not nobody.complete
    assert body(EMPTY, goals=[Goal(id="g", period="2026Q3")]).counts == {"complete": 0, "draft": 1}


def test_the_breakdown_sums_to_the_target_over_people_and_over_months(parks: Snapshot):
    page = body(parks, targets=targets(bookings=12_840_000.01))
    split = page.split("bookings")
    assert split and sum(p.amount for p in split.parts) == split.whole == 1_284_000_001
    assert all(sum(p.months.values()) == p.amount for p in split.parts)
    by_hand = Target(id="x", period="2026Q3", owner=split.parts[0].owner, amount=Decimal(500_000), by_hand=True)
    again = body(parks, targets=[*targets(bookings=12_840_000.01), by_hand]).split("bookings")
    assert again and again.parts[0].amount == 50_000_000 and sum(p.amount for p in again.parts) == again.whole


def test_a_chance_is_said_only_where_history_carries_it_and_never_of_a_person(parks: Snapshot):
    page = body(parks, targets=targets(bookings=20_000_000, revenue=16_000_000, demos=30))
    rows = {row.metric: row for row in page.progress}
    assert 0 < (rows["bookings"].chance or 0) < 1 and 0 < (rows["revenue"].chance or 0) < 1
    assert rows["demos"].chance is None and text(rows["demos"].unsaid)
    assert rows["bookings"].line and rows["bookings"].plausible
    assert page.people and not hasattr(page.people[0], "chance")


def test_what_would_have_to_be_true_adds_up(parks: Snapshot):
    page = body(parks, targets=targets(bookings=40_000_000))
    need = page.needed
    assert need and need.open_gives is not None and need.rest == max(need.gap - need.open_gives, 0)
    assert (need.a_week is None) == (need.withheld is not None or need.verdict == "covered")


def test_the_last_reviews_promises_and_lessons_that_fit_stand_at_the_head():
    move = Action(id="m", what="Close the dead deals", who="王敏", due=date(2026, 7, 31), review="2026Q2", dropped=True)
    lesson = Lesson(id="l", period="2026Q2", situation="late tender", advice="ask earlier", tag="forecast")
    page = body(EMPTY, [("华东", lesson)], actions=[move])
    assert [p.what for p in page.promised] == ["Close the dead deals"]
    assert [x.advice for x in page.lessons] == ["ask earlier"]
    assert text(page.lessons[0].why) == "about forecast, which concerns every target"  # no goal has a tag


def test_the_groups_page_holds_no_persons_amounts(parks: Snapshot):
    owner = body(parks, targets=targets(bookings=12_000_000)).people[0].owner
    own = Target(id="x", period="2026Q3", owner=owner, amount=Decimal(1_234_567))
    goal = Goal(id="g", period="2026Q3", serves="the year's plan", due=date(2026, 9, 30), **FULL | {"owner": owner})
    page = body(parks, targets=[*targets(bookings=12_000_000), own], goals=[goal])
    assert page.goals[0].target is None and page.goals[0].complete
    assert page.people[0].targeted and page.people[0].days is not None
    assert set(page.people[0].model_dump()) == {"owner", "targeted", "reached", "days", "there", "joined", "left"}
    assert not any(name.startswith("person") for name, _ in page.figures())


def test_what_would_have_to_be_true_isnt_told_of_bookings_that_nobody_knows(parks: Snapshot):
    late = goals.body(QUARTER, replace(typed(parks, targets=targets(bookings=12_000_000)), on=date(2026, 9, 28)), RULES)
    assert late.progress[0].actual.value is None and late.needed is None


def test_bad_input_is_a_sentence_and_no_number(parks: Snapshot):
    page = body(parks, targets=targets(bookings=0, revenue=-5, margin=130))
    said = " | ".join(map(text, page.problems))
    assert "a target is more than nothing" in said and "-5" in said and "130" in said
    assert all(row.target is None for row in page.progress if row.metric in ("bookings", "revenue"))
    circle = [
        Action(id="a", what="write", goal="g", after="b"),
        Action(id="b", what="send", goal="g", after="a"),
        Action(id="c", what="call", goal="g", after="nowhere"),
    ]
    told = " | ".join(map(text, body(EMPTY, actions=circle).problems))
    assert "write → send → write" in told and "'call' waits for a task 'nowhere'" in told


def test_no_data_and_no_target_make_a_page_that_says_so(maven: Path):
    page = body(EMPTY)
    assert page.notes and text(page.title[0]) == "2026Q3: no target yet"
    here = Project.open(maven)
    known = here.snapshot()
    made = goals.body(parse("2017Q3"), known, here.rules(known))
    assert made.progress[0].actual.value == 298_225_500 and made.needed is None
