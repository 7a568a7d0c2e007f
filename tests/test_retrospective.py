"""The retrospective: each claim about a quarter of ten deals made by hand, its form, and its page on one sheet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
import pytest
from conftest import needed
from playwright.sync_api import Page, sync_playwright
from statsmodels.stats.proportion import proportion_confint

from salesplaybook import records
from salesplaybook.areas import retrospective
from salesplaybook.areas import retrospective_sentences as sentences
from salesplaybook.areas.retrospective import Body
from salesplaybook.entries.kinds import Action, Entry, Goal, Lesson, Reason, Reflection, Risk, Target
from salesplaybook.forms import form as forms
from salesplaybook.forms import retrospective as filled
from salesplaybook.forms.form import Form
from salesplaybook.language import Language
from salesplaybook.methods import owed, reasons
from salesplaybook.methods.bridge import Bridge
from salesplaybook.pages import blocks, retrospective_room
from salesplaybook.periods import Period, parse
from salesplaybook.project import Project
from salesplaybook.records import Record
from salesplaybook.results import Figure, Message, Said, Walk
from test_cash import listed
from test_page import A4, CHROMIUM, CLIPPED, OVERLAPPING, QUIET

ENGLISH = Language("en", "USD")
MAPPING = """\
deals:
  columns: {id: id, name: name, account: account, owner: owner, product: product, stage: stage, amount: amount,
    cost: cost, created: created, expected_close: expected, closed: closed, loss_reason: reason, competitor: rival}
  stages: {Proposal: open, Pitch: open, Won: won, Lost: lost}
receivables:
  columns: {id: invoice, account: customer, owner: owner, due: due, amount: amount, unpaid: unpaid}
"""
HEAD = "id,name,account,owner,product,stage,amount,cost,created,expected,closed,reason,rival\n"
# Won in the second quarter: 60 and 90 thousand.
EARLIER = """\
G,Gate,Gamma,Ann,P,Won,60000,40000,2026-02-01,2026-04-30,2026-04-03,,
H,Hall,Eta,Bo,Q,Won,90000,60000,2026-03-01,2026-05-31,2026-05-05,,
"""
OPENING = """\
A,Arena,Alpha,Ann,P,Proposal,100000,70000,2026-05-01,2026-09-15,,,
B,Bridge,Beta,Bo,Q,Pitch,80000,60000,2026-05-02,2026-08-31,,,
C,Canal,Gamma,Ann,P,Proposal,70000,50000,2026-05-03,2026-09-30,,,
D,Dock,Delta,Bo,Q,Pitch,50000,30000,2026-05-04,2026-12-01,,,
"""
CLOSING = """\
A,Arena,Alpha,Ann,P,Won,110000,70000,2026-05-01,2026-09-15,2026-09-10,,
B,Bridge,Beta,Bo,Q,Lost,80000,60000,2026-05-02,2026-08-31,2026-08-20,Price,Rival
C,Canal,Gamma,Ann,P,Proposal,70000,50000,2026-05-03,2026-11-30,,,
D,Dock,Delta,Bo,Q,Won,50000,30000,2026-05-04,2026-12-01,2026-09-20,,
E,Estate,Epsilon,Ann,P,Won,40000,25000,2026-07-10,2026-09-30,2026-09-25,,
F,Ferry,Zeta,Bo,Q,Lost,30000,20000,2026-07-11,2026-09-30,2026-09-28, PRICE! ,
"""
RECEIVABLES = """\
invoice,customer,owner,due,amount,unpaid
I1,Alpha,Ann,2026-09-15,9000,9000
I2,Alpha,Ann,2026-07-01,1000,1000
I3,Beta,Bo,2026-06-01,8000,8000
I4,Gamma,Ann,2026-11-15,20000,20000
I5,Delta,Bo,2026-10-01,500,0
"""
Q3 = parse("2026Q3")


def make_quarter(folder: Path, language: str = "en", closing: str = CLOSING, more: str = "") -> Project:
    """A project with an export of each end of the third quarter; more: further lines of mapping.yaml."""
    (folder / "data").mkdir(parents=True)
    (folder / "project.yaml").write_text(
        f"name: Harbour\nlanguage: {language}\ncurrency: USD\ncountry: US\nmanager: Cy\n", "utf-8"
    )
    (folder / "mapping.yaml").write_text(MAPPING + more, "utf-8")
    (folder / "data" / "deals_2026-06-29.csv").write_text(HEAD + EARLIER + OPENING, "utf-8")
    Project.open(folder).file_exports()
    (folder / "data" / "deals_2026-10-05.csv").write_text(HEAD + EARLIER + closing, "utf-8")
    (folder / "data" / "receivables_2026-10-05.csv").write_text(RECEIVABLES, "utf-8")
    here = Project.open(folder)
    here.file_exports()
    return here


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The project in each language, made once."""
    into = tmp_path_factory.mktemp("quarter")
    return {language: make_quarter(into / language, language).store.root for language in ("en", "zh_CN")}


@pytest.fixture
def here(kept: dict[str, Path], tmp_path: Path) -> Project:
    return copied(kept, tmp_path)


def copied(kept: dict[str, Path], into: Path, language: str = "en") -> Project:
    return Project.open(shutil.copytree(kept[language], into / "x"))


def put(here: Project, **kinds: list[Entry]) -> None:
    for kind, rows in kinds.items():
        here.save_entries(kind, rows, here.entries(kind).version)


class Remembering:
    """What is known, each day's state made once: these tests ask for the same few states again and again."""

    def __init__(self, known: Any) -> None:
        self.known, self.states = known, {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.known, name)

    def at(self, day: date) -> Any:
        if day not in self.states:
            self.states[day] = self.known.at(day)
        return self.states[day]


def body(here: Project, period: Period = Q3, said: list[Said] | None = None) -> Body:
    known = here.snapshot()
    rules = here.rules(known)
    rules = replace(rules, said=said) if said is not None else rules
    return retrospective.body(period, Remembering(known), rules, here.lessons(known), here.unfit)


def steps(walk: Any) -> dict[str, int]:
    return {step.name: int(step.figure.value or 0) // 100 for step in walk.steps}


def told(said: Message | list[Message], say: Language = ENGLISH) -> str:
    return " ".join(say(m.text, **m.values) for m in ([said] if isinstance(said, Message) else said))


def named(page: Body, metric: str) -> Any:
    return next(n for n in page.numbers if n.metric == metric)


# -- what came of the plan


def test_both_walks_of_the_quarter_sum_and_say_where_it_went(here: Project):
    page = body(here)
    assert page.outcome and page.booked
    assert page.outcome.opening.value == 250_000_00
    assert steps(page.outcome) == {"won": 100_000, "lost": 80_000, "slipped": 70_000}
    assert steps(page.booked) == {
        "won": 100_000,
        "pulled_in": 50_000,
        "amount_changes": 10_000,
        "opened_and_won": 40_000,
    }
    assert page.booked.closing.value == 200_000_00


def test_numbers_stand_beside_their_targets_and_say_what_isnt_provided(here: Project):
    put(here, targets=[Target(id="a", period="2026Q3", amount=Decimal(250_000)),
                       Target(id="b", period="2026Q3", metric="margin", amount=Decimal(31))])  # fmt: skip
    page = body(here)
    bookings, margin = named(page, "bookings"), named(page, "margin")
    assert (bookings.actual.value, bookings.target, bookings.attainment) == (200_000_00, 250_000_00, 0.8)
    assert bookings.before.value == 150_000_00
    assert margin.actual.value == pytest.approx(75 / 200) and margin.gap == pytest.approx(75 / 200 - 0.31)
    assert "not provided" in told(named(page, "revenue").actual.reason)
    assert told(page.title) == "2026Q3: 200k booked, 80% of target, 70k of what was due slipped and 80k was lost"
    assert told(page.titles["plan"]) == "Plan against actual: 1 of 2 targets reached"


def test_the_bridge_from_the_second_quarter_sums_exactly(here: Project):
    page = body(here)
    assert page.bridge and page.bridge.by == "product"
    assert sum(int(f.value or 0) for f in page.bridge.steps.values()) == 50_000_00
    kinds = {k.name: (k.deals_before, k.deals, k.before, k.now) for k in page.bridge.kinds}
    assert kinds == {"P": (1, 2, 6_000_000, 15_000_000), "Q": (1, 1, 9_000_000, 5_000_000)}


def test_the_three_largest_deals_have_the_reason_that_is_known(here: Project):
    page = body(here)
    assert [(d.name, d.became, d.amount // 100, d.why, d.said_by) for d in page.largest] == [
        ("Arena", "won", 100_000, "", ""),
        ("Bridge", "lost", 80_000, "Price", "data"),
        ("Canal", "slipped", 70_000, "", ""),
    ]
    assert page.largest[1].competitor == "Rival"
    put(here, reasons=[Reason(id="B", deal="B", why="no reference"), Reason(id="C", deal="C", why="budget late")])
    page = body(here)
    assert [(d.why, d.said_by) for d in page.largest[1:]] == [("no reference", "manager"), ("budget late", "manager")]


def test_reasons_are_grouped_by_their_text_alone(here: Project):
    review = body(here).review
    assert review and (review.won.value, review.lost.value, review.told) == (3, 2, 2)
    assert [(c.name, c.figure.value, c.of, c.low) for c in review.reasons] == [("PRICE!", 2, 2, None)]
    assert [(c.name, c.figure.value) for c in review.stages] == [("Pitch", 1)]
    assert [(c.name, c.figure.value, c.of) for c in review.competitors] == [("Rival", 1, 1)]
    assert reasons.normal("价格 偏高。") == reasons.normal("价格偏高") != reasons.normal("价格低")


def test_an_interval_is_wilsons_as_statsmodels_has_it_and_withheld_where_few():
    frame = pd.DataFrame({"value": [1] * 12}, index=[str(n) for n in range(12)])
    found = reasons.counts({str(n): "a" if n < 4 else "b" for n in range(12)}, frame, "x")
    assert [(c.name, c.figure.value) for c in found] == [("b", 8), ("a", 4)]
    assert (found[1].low, found[1].high) == pytest.approx(proportion_confint(4, 12, 0.2, "wilson"), abs=1e-9)
    assert reasons.counts({"0": "a"}, frame, "x")[0].low is None


def test_dates_goals_forecasts_and_risks_are_counts(here: Project):
    put(
        here,
        targets=[Target(id="t", period="2026Q3", amount=Decimal(150_000)),
                 Target(id="u", period="2026Q3", metric="margin", amount=Decimal(60))],
        goals=[Goal(id="a", period="2026Q3", what="win", owner="Cy", metric="bookings", due=date(2026, 9, 30)),
               Goal(id="b", period="2026Q3", what="earn", owner="Cy", metric="margin"),
               Goal(id="c", period="2026Q3", what="?"),
               Goal(id="d", period="2026Q3", what="no data", owner="Cy", metric="collected"),
               Goal(id="e", period="2026Q2", what="other", owner="Cy", metric="bookings")],
        actions=[Action(id="1", what="x", due=date(2026, 7, 10), done=date(2026, 7, 10)),
                 Action(id="2", what="x", due=date(2026, 8, 30), was_due=date(2026, 7, 20), done=date(2026, 8, 1)),
                 Action(id="3", what="x", due=date(2026, 9, 1)),
                 Action(id="4", what="x", due=date(2026, 9, 1), dropped=True),
                 Action(id="5", what="x", due=date(2026, 10, 20)),
                 Action(id="6", what="x", due=date(2026, 9, 1), outcome="done")],
        risks=[Risk(id="r", happened=True, closed=date(2026, 9, 1), probability=Decimal("0.3")),
               Risk(id="s", happened=False, closed=date(2026, 9, 1), probability=Decimal("0.2")),
               Risk(id="q", happened=True, closed=date(2026, 5, 1), probability=Decimal("0.2")),
               Risk(id="o")],
    )  # fmt: skip
    said = [
        Said(period="2026Q3", made_on=date(2026, 8, 1), by="model", said=180_000_00, low=150_000_00, high=210_000_00),
        Said(period="2026Q3", made_on=date(2026, 8, 8), by="model", said=260_000_00, low=220_000_00, high=290_000_00),
        Said(period="2026Q3", made_on=date(2026, 8, 8), by="manager", said=230_000_00),
        Said(period="2026Q3", made_on=date(2026, 8, 8), by="manager", owner="Ann", said=1),
        Said(period="2026Q4", made_on=date(2026, 10, 5), by="model", said=1, low=1, high=1),
    ]
    page = body(here, said=said)
    assert page.dates.model_dump() == {
        "due": 4, "in_time": 1, "late": 1, "undated": 1, "open": 1, "goals_due": 1,
    }  # fmt: skip
    assert {g.id: g.state for g in page.goals} == {"a": "reached", "b": "not_reached", "c": "draft", "d": "draft"}
    track = page.track
    assert (track.inside, track.scored, track.held) == (1, 1, True)  # two of one quarter are one
    assert (track.commit, track.bias) == (230_000_00, None)
    assert (track.risks_happened, track.risks_scored, track.risks_expected) == (1, 2, 0.5)
    assert told(page.titles["said"]) == "What we said: 1 of 1 ranges held, 1 of 2 risks came true"


def test_a_running_quarter_is_neither_reached_nor_missed(here: Project):
    q4 = parse("2026Q4")
    put(
        here,
        targets=[Target(id="t", period="2026Q4", amount=Decimal(150_000))],
        goals=[Goal(id="a", period="2026Q4", what="win", owner="Cy", metric="bookings", due=date(2026, 12, 31))],
        actions=[Action(id="1", what="x", due=date(2026, 10, 2), done=date(2026, 10, 2)),
                 Action(id="2", what="x", due=date(2026, 12, 1)),
                 Action(id="p", what="y", due=date(2026, 12, 1), review="2026Q3")],
    )  # fmt: skip
    page = body(here, q4)
    assert {n.verdict for n in page.numbers} == {"running"} and page.numbers[0].year_to_date is None
    assert [g.state for g in page.goals] == ["running"]
    assert (page.dates.due, page.dates.in_time, page.dates.open) == (1, 1, 0)
    assert page.bridge is None and told(page.no_bridge) == "the quarter is still running"
    assert told(page.titles["plan"]) == "Plan against actual: the quarter is still running"
    assert told(page.titles["promised"]) == "Promised in the last review: 1, none due yet"
    assert "so far, 0% of target" in told(page.title)
    assert [d.id for d in page.line_drafts] == ["2026Q4:badly:over_90"]
    here.save(page, q4, here.snapshot())
    html = here.page("retrospective", "2026Q4").read_text("utf-8")
    assert "not over yet" in html and "still running: 1" in html and "not due yet" in html


def test_exports_that_end_before_the_quarter_are_no_whole_quarter(here: Project):
    q4, known = parse("2026Q4"), here.snapshot("2027-01-08", "2026Q4")
    page = retrospective.body(q4, known, here.rules(known))
    assert page.known_until == date(2026, 10, 5) and page.numbers[0].actual.value is None
    assert told(page.title) == "2026Q4 is known up to 2026-10-05 only: what it brought can't be told yet"
    here.save(page, q4, known)
    html = here.page("retrospective", "2026Q4").read_text("utf-8")
    assert "Data as of 2026-10-05" in html


def test_the_groups_record_holds_no_persons_target_or_result(here: Project):
    put(here, targets=[Target(id="a", period="2026Q3", owner="Ann", amount=Decimal(123_456))],
        goals=[Goal(id="g", period="2026Q3", what="win", owner="Ann", metric="bookings")])  # fmt: skip
    (goal,) = body(here).goals
    assert goal.state == "reached" and (goal.target, goal.came) == (None, None)


def test_a_step_is_called_most_of_a_change_from_half_of_it_on():
    def bridge(**steps: int) -> str:
        made = {n: Figure(definition="", value=v, n=1) for n, v in steps.items()}
        ends = [Figure(definition="", value=v, n=1) for v in (1_000_000, 1_000_000 + sum(steps.values()))]
        found = Bridge(before=ends[0], now=ends[1], steps=made)
        return told(sentences._bridge(Body(title=[], before="2026Q2", bridge=found)))

    assert bridge(volume=60_000, price=50_000) == "1,100 more than in 2026Q2, mostly by number of deals (600)"
    steps = {"volume": -40_000, "mix": -35_000, "price": -35_000}
    assert bridge(**steps) == "1,100 less than in 2026Q2; the largest step: number of deals (−400)"


def test_bookings_of_reopened_or_dated_in_deals_were_not_all_open_before():
    def walk(**steps: int) -> Walk:
        made = [{"name": n, "counts": 1, "figure": Figure(definition="", value=v, n=1)} for n, v in steps.items()]
        ends = [Figure(definition="", value=v, n=n) for v, n in ((0, 0), (sum(steps.values()), len(steps)))]
        return Walk.model_validate({"opening": ends[0], "steps": made, "closing": ends[1]})

    assert told(sentences._sources(walk(won=5, pulled_in=3))).startswith("All bookings came")
    assert told(sentences._sources(walk(won=5, dated_in=3))).startswith("Not all bookings came")
    assert told(sentences._sources(walk(reopened_and_won=5))).startswith("Not all bookings came")


def test_a_target_just_missed_is_not_at_a_hundred_percent(here: Project):
    put(here, targets=[Target(id="a", period="2026Q3", amount=Decimal(200_800))])
    page = body(here)
    assert "99% of target" in told(page.title)
    here.save(page, Q3, here.snapshot())
    assert ">100%<" not in here.page("retrospective", "2026Q3").read_text("utf-8")


# -- cash


def test_what_is_owed_by_customer_and_when_it_is_due(here: Project):
    found = body(here).owed
    assert found and found.as_of == date(2026, 10, 5)
    sums = {
        name: (getattr(found, name).value, getattr(found, name).n)
        for name in ("total", "overdue", "over_90", "due_next")
    }
    assert sums == {
        "total": (38_000_00, 4),
        "overdue": (18_000_00, 3),
        "over_90": (9_000_00, 2),
        "due_next": (20_000_00, 1),
    }
    assert [(r.account, r.owner, r.amount, r.days_late, r.n) for r in found.rows] == [
        ("Alpha", "Ann", 10_000_00, 96, 2),
        ("Beta", "Bo", 8_000_00, 126, 1),
    ]


def test_whose_debt_is_late_goes_by_what_is_late_and_not_by_its_oldest_receivable():
    rows = [
        {"account": "A", "amount": 10_000, "unpaid": 10_000, "due": -96},
        {"account": "A", "amount": 990_000, "unpaid": 990_000, "due": -5},
        {"account": "B", "amount": 40_000, "unpaid": 40_000, "due": -30},
        {"account": "C", "amount": 9_000, "unpaid": 9_000, "due": -29},
    ]
    found = owed.owed(listed(*rows), date(2026, 9, 21), parse("2026Q4"))
    assert found and [(r.account, r.amount, r.late, r.long) for r in found.rows] == [
        ("A", 1_000_000, 10_000, 10_000), ("B", 40_000, 40_000, 0), ("C", 9_000, 0, 0),
    ]  # fmt: skip
    assert found.late and found.late.account == "B"
    fresh = owed.owed(listed(rows[3]), date(2026, 9, 21), parse("2026Q4"))
    assert fresh and fresh.late is None


def test_receivables_without_a_day_or_a_name_are_counted_and_said():
    rows = [
        {"account": "A", "amount": 100, "unpaid": None, "due": None},
        {"account": None, "contract": "HT-1", "amount": 50, "unpaid": 40, "due": -10},
        {"account": "B", "amount": 50, "unpaid": -5, "due": -10},
    ]
    found = owed.owed(listed(*rows), date(2026, 9, 21), parse("2026Q4"))
    assert found and (found.total.value, found.overdue.value) == (140, 40)
    assert found.undated and found.undated.value == 100 and found.rows[0].account == "HT-1"
    assert owed.owed(listed(), date(2026, 9, 21), Q3) is None


# -- promises and lessons


PROMISES = [
    Action(id="p1", what="call", who="Ann", due=date(2026, 8, 1), review="2026Q2", outcome="done",
           done=date(2026, 8, 1)),
    Action(id="p2", what="visit", who="Bo", due=date(2026, 8, 1), review="2026Q2", dropped=True),
    Action(id="p3", what="old", who="Bo", due=date(2026, 9, 1), was_due=date(2026, 5, 1), moved=date(2026, 7, 6),
           review="2026Q1", outcome="not_done", why="ill"),
    Action(id="p4", what="done long ago", review="2026Q1", outcome="done", done=date(2026, 5, 1)),
    Action(id="m1", what="next", who="Ann", due=date(2026, 10, 20), review="2026Q3", measure="paid", dropped=True),
]  # fmt: skip


def test_what_was_promised_in_the_last_review_stands_whoever_drops_it(here: Project):
    put(here, actions=[*PROMISES])
    page = body(here)
    assert [(p.id, p.state, p.moved_to) for p in page.promised] == [
        ("p1", "done", None),
        ("p2", "open", None),
        ("p3", "not_done", date(2026, 9, 1)),
    ]
    assert [(m.id, m.measure) for m in page.moves] == [("m1", "paid")]
    assert body(here, parse("2026Q4")).promised[0].id == "m1"  # and is asked for in the next one


def test_a_lesson_that_was_learned_before_is_pointed_at(here: Project):
    put(here, lessons=[
        Lesson(id="old", period="2026Q1", situation="promised without an approved budget", advice="see the approval"),
        Lesson(id="new", period="2026Q3", situation="the budget was promised and not approved", advice="ask for it"),
        Lesson(id="own", period="2026Q3", situation="a rival was cheaper", advice="show the value"),
    ])  # fmt: skip
    found = {x.id: x.before for x in body(here).lessons}
    assert set(found) == {"new", "own"} and found["own"] is None
    assert found["new"] and (found["new"].id, found["new"].project) == ("old", "Harbour")


def test_drafts_rest_on_numbers_of_the_page(here: Project):
    put(here, targets=[Target(id="t", period="2026Q3", amount=Decimal(250_000))])
    page = body(here)
    texts = [told(d.text) for d in page.line_drafts]
    assert texts[0] == "Bookings: 200k of 250k (80.0%)" and page.line_drafts[0].heading == "badly"
    assert "1 deal of the 3 due slipped out of the quarter, 70k" in texts
    assert {d.id for d in page.lesson_drafts} == {"2026Q3:slipped:C", "2026Q3:lost:B"}
    assert [(told(d.what), d.who) for d in page.action_drafts] == [
        ("Agree with Alpha how and when the 10k is paid", "Ann"),
        ("Agree with the customer on a date for Canal", "Ann"),
    ]
    assert all(d.due > date(2026, 10, 5) for d in page.action_drafts)


def test_three_questions_are_for_the_customer_of_the_largest_lost_deal(here: Project):
    page = body(here)
    assert page.asked == "Beta" and len(page.questions) == 3
    assert all(told(q).endswith("?") for q in page.questions)


# -- bad input


def test_without_deals_what_was_typed_still_stands_and_nothing_is_invented(tmp_path: Path):
    (tmp_path / "project.yaml").write_text("name: x\nlanguage: en\n", "utf-8")
    here = Project.open(tmp_path)
    put(here, actions=[*PROMISES])
    page = body(here)
    assert "No deals yet" in told(page.title) and page.numbers == [] and page.bridge is None
    assert len(page.promised) == 3 and page.notes
    assert here.save(page, Q3, here.snapshot()).exists()


@pytest.mark.parametrize(
    ("closing", "sentence"),
    [
        ("", "nothing was won in the period"),
        ("A,Arena,Alpha,Ann,P,Won,-5000,,2026-05-01,,2026-09-10,,\n", "negative amount, counted as they stand: 1."),
        ("A,Arena,Alpha,Ann,P,Won,,,2026-05-01,,2026-09-10,,\n", "nothing was won in the period"),
        ("B,Bridge,,,,Lost,,,2026-05-01,,2026-09-10,,\n", "No lost deal has a reason"),
        ("E,Estate,,,,Won,5,,2026-07-01,,2026-09-10,,\n", "No column tells kinds of deals apart"),
    ],
)
def test_a_thin_or_odd_quarter_is_told_in_a_sentence(tmp_path: Path, closing: str, sentence: str):
    here = make_quarter(tmp_path / "odd", closing=closing, more="complete: [2026-10-05]\n")
    page = body(here)
    assert sentence in told(page.notes)
    path = here.save(page, Q3, here.snapshot())
    assert "Traceback" not in path.read_text("utf-8") and "None" not in path.read_text("utf-8").split("<main")[1]


def test_a_quarter_that_isnt_over_or_lies_before_the_data_says_so(here: Project):
    assert "The quarter isn't over" in told(body(here, parse("2026Q4")).notes)
    before = body(here, parse("2020Q1"))
    assert "Nothing is known of 2020Q1" in told(before.title) and before.numbers == []


def test_a_target_of_nothing_or_of_another_owner_is_no_attainment(here: Project):
    put(here, targets=[Target(id="t", period="2026Q3", amount=Decimal(0))])
    bookings = named(body(here), "bookings")
    assert bookings.target is None and bookings.attainment is None


# -- the form


@pytest.fixture
def made(here: Project, monkeypatch: pytest.MonkeyPatch) -> Form:
    put(here, actions=[*PROMISES], targets=[Target(id="t", period="2026Q3", amount=Decimal(250_000))])
    return opened(here, monkeypatch)


def opened(here: Project, monkeypatch: pytest.MonkeyPatch) -> Form:
    found: list[Form] = []

    def caught(*args: Any) -> Form:
        found.append(Form(*args))
        return found[-1]

    monkeypatch.setenv("JPY_SESSION_NAME", "retrospective.ipynb")
    with monkeypatch.context() as patched:
        patched.setattr(forms, "Form", caught)
        filled.form(here, body(here), Q3)
    return found[0]


def part(made: Form, title: str) -> Any:
    return next(grid for grid in made.grids if grid.part.title == title)


def type_into(grid: Any, row: int, **values: Any) -> None:
    for name, value in values.items():
        grid.lines[row].fields[name].value = value


def entries(here: Project, kind: str) -> dict[str, Any]:
    return {row.id: row for row in here.entries(kind).rows}


def test_promises_have_an_outcome_a_reason_and_no_way_out(here: Project, made: Form):
    grid = part(made, "Promised in the last review")
    assert not grid.part.add and "can be taken out" in grid.part.note
    type_into(grid, 1, outcome="partly")
    made.save()
    assert entries(here, "actions")["p2"].outcome is None and "t it done?" in str(grid.lines[1].messages.children)
    type_into(grid, 1, outcome="not_done", why="travelling", moved=date(2026, 11, 30))
    made.save()
    moved = entries(here, "actions")["p2"]
    assert (moved.outcome, moved.why, moved.due, moved.was_due) == (
        "not_done", "travelling", date(2026, 11, 30), date(2026, 8, 1),
    )  # fmt: skip
    type_into(grid, 1, outcome="done", moved=None, why="")
    made.save()
    again = entries(here, "actions")["p2"]
    assert (again.outcome, again.done, again.due, again.moved) == ("done", here.today, date(2026, 8, 1), None)


def test_reasons_of_the_export_stand_there_and_are_saved_only_once_a_person_says_so(here: Project, made: Form):
    grid = part(made, "The largest deals")
    assert [line.fields["why"].value for line in grid.lines] == ["", "Price", ""]
    type_into(grid, 2, why="budget late")
    made.save()
    assert {id: r.why for id, r in entries(here, "reasons").items()} == {"C": "budget late"}


def test_drafts_are_accepted_with_a_tick_and_dropped_ones_stay_away(here: Project, made: Form):
    lines, lessons = part(made, "Well and badly, by the numbers"), part(made, "Lessons of the largest deals")
    moves = part(made, "Proposed for the next quarter")
    type_into(lines, 0, accept=True)
    type_into(lessons, 0, accept=True, advice="see the approval first")
    type_into(moves, 0, accept=True)
    type_into(moves, 1, drop=True)
    assert made.save() == []
    assert [r.heading for r in entries(here, "reflections").values()] == ["badly"]
    lesson = entries(here, "lessons")["2026Q3:slipped:C"]
    assert (lesson.situation, lesson.tag, lesson.advice) == ("Canal, 70k", "forecast", "see the approval first")
    action = entries(here, "actions")["2026Q3:owed:Alpha"]
    assert (action.review, action.who, action.measure) == ("2026Q3", "Ann", "paid, or a plan with dates")
    assert entries(here, "actions")["2026Q3:slipped:C"].dropped
    assert [m.id for m in body(here).moves] == ["m1", "2026Q3:owed:Alpha"]


def test_a_lesson_needs_a_situation_a_tag_and_an_advice_an_action_all_four(here: Project, made: Form):
    type_into(part(made, "Lessons"), 0, situation="late specification")
    grid = part(made, "Promised for the next quarter")
    type_into(grid, 1, what="train the pitch", who="Bo")
    left = made.save()
    assert left and "Lessons 1" in left[0] and "Promised for the next quarter 2" in left[0]
    type_into(part(made, "Lessons"), 0, tag="tender", advice="meet their engineers")
    type_into(grid, 1, due=date(2026, 11, 1), measure="two pitches won")
    assert made.save() == []
    page = body(here)
    assert [x.tag for x in page.lessons] == ["tender"] and page.moves[-1].measure == "two pitches won"


def test_five_whys_are_a_chain_under_the_first_line_that_went_badly(here: Project, made: Form):
    type_into(part(made, "Well and badly, by the numbers"), 0, accept=True)
    made.save()
    grid = part(made, "Five whys")
    type_into(grid, 0, text="the budget came late")
    type_into(grid, 1, text="nobody asked")  # a blank one has come
    made.save()
    whys = [line for line in body(here).lines if line.heading == "why"]
    assert [(w.text, w.of) for w in whys] == [
        ("the budget came late", "2026Q3:badly:bookings"),
        ("nobody asked", "2026Q3:badly:bookings"),
    ]


def test_at_most_eight_fields_are_to_be_typed_for_a_full_page(here: Project, made: Form):
    """Ticks and choices aside: two reasons, a why twice, a lesson's advice and what was done, a promise's why."""
    promised, deals = part(made, "Promised in the last review"), part(made, "The largest deals")
    type_into(promised, 1, outcome="partly", why="travelling")
    type_into(deals, 0, why="they know us")
    type_into(deals, 2, why="budget late")
    type_into(part(made, "Well and badly, by the numbers"), 0, accept=True)
    type_into(part(made, "Five whys"), 0, text="the budget came late")
    type_into(part(made, "Five whys"), 1, text="nobody asked")
    type_into(part(made, "Lessons of the largest deals"), 0, accept=True, did="waited", advice="see the approval")
    type_into(part(made, "Proposed for the next quarter"), 0, accept=True)
    type_into(part(made, "Proposed for the next quarter"), 1, accept=True)
    assert made.save() == []
    page = body(here)
    assert page.lines and page.lessons and len(page.moves) == 3 and all(d.why for d in page.largest)


def test_an_earlier_reviews_form_is_a_table(here: Project, monkeypatch: pytest.MonkeyPatch):
    put(here, actions=[*PROMISES])
    monkeypatch.setenv("JPY_SESSION_NAME", "retrospective.ipynb")
    shown = filled.form(here, body(here, parse("2026Q2")), parse("2026Q2"))
    assert "A later quarter is over by now" in shown and not isinstance(shown, Form)
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert "visit" in filled.form(here, body(here), Q3)


# -- the page


def full(here: Project, language: str, longest: bool) -> None:
    """All that a page may hold, in the longest words."""
    zh = language == "zh_CN"
    text = (
        "客户的分管副总在十月前不在国内，预算批复顺延到下一季度"
        if zh
        else "The vice president is away until October, so the budget waits"
    )
    long = text * 3 if longest else text
    who = "欧阳诸葛明" if zh else "Bartholomew Longfellow"
    put(
        here,
        actions=[
            Action(id=f"p{n}", what=long, who=who, due=date(2026, 8, 1), review="2026Q2", why=long, outcome="partly",
                   moved=date(2026, 10, 5), was_due=date(2026, 7, 1)) for n in range(7)
        ] + [Action(id=f"m{n}", what=long, who=who, due=date(2026, 10, 20), review="2026Q3", measure=long)
             for n in range(5)],
        reflections=[
            Reflection.model_validate({"id": f"{h}{n}", "period": "2026Q3", "heading": h, "text": long})
            for h in ("well", "badly", "why", "start", "stop", "continue") for n in range(4)
        ],
        lessons=[Lesson(id=f"l{n}", period="2026Q3", situation=long, did=long, result=long, advice=long, tag="delivery")
                 for n in range(5)] + [Lesson(id="old", period="2026Q1", situation=long, advice=long, tag="delivery")],
        reasons=[Reason(id=d, deal=d, why=long, competitor=who) for d in "ABC"],
        targets=[Target(id=m, period="2026Q3", metric=m, amount=Decimal(31 if m == "margin" else 250_000))
                 for m in ("bookings", "revenue", "collected", "margin")],
    )  # fmt: skip


def record(here: Project, page: Body) -> Record:
    here.save(page, Q3, here.snapshot())
    found = records.load(here.store, "2026Q3", "retrospective")
    assert found
    return found


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    needed(bool(shutil.which("chromium")), "chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200}).new_page()
        browser.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("holds", ["longest", "little", "nothing"])
def test_the_page_is_one_sheet_whatever_it_holds(
    kept: dict[str, Path], tmp_path: Path, shown: Page, language: str, holds: str
):
    if holds == "nothing":
        (tmp_path / "project.yaml").write_text(f"name: x\nlanguage: {language}\n", "utf-8")
        here = Project.open(tmp_path)
    else:
        here = copied(kept, tmp_path, language)
    if holds == "longest":
        full(here, language, longest=True)
    path = here.save(body(here), Q3, here.snapshot())
    shown.goto(path.as_uri())
    printed = pypdfium2.PdfDocument(shown.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 1 and tuple(round(side) for side in printed[0].get_size()) == A4
    for media in ("screen", "print"):
        shown.emulate_media(media=media)
        assert shown.evaluate("document.querySelector('main').scrollHeight") <= 1123
        assert shown.evaluate(CLIPPED) == [] and shown.evaluate(OVERLAPPING) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_the_page_cuts_stands_in_whole_below_it(kept: dict[str, Path], tmp_path: Path, language: str):
    here = copied(kept, tmp_path, language)
    full(here, language, longest=True)
    found = record(here, body(here))
    html = here.page("retrospective", "2026Q3").read_text("utf-8")
    caps = retrospective_room.caps(found)
    assert caps.promised < 7 and retrospective_room.height(found, caps) <= retrospective_room.SHEET
    for list_ in ("promised", "moves", "lessons", "lines"):
        assert f'href="#more-{list_}"' in html and f'id="more-{list_}"' in html
    assert html.split("</main>")[1].count(entries(here, "actions")["p1"].what) >= 7


def test_every_number_of_the_page_opens_to_its_deals(here: Project):
    found = record(here, body(here))
    html = here.page("retrospective", "2026Q3").read_text("utf-8")
    for name in ("number.bookings", "outcome.slipped", "booked.won", "bridge.now", "reasons.1", "lost"):
        assert f'href="#{name}"' in html and f'id="{name}"' in html, name
    assert found.figures["bridge.now"].value == found.figures["number.bookings"].value
    assert Body.model_validate(found.body | {"schema_number": found.schema_number}).quarter == "2026Q3"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_notebook_shows_each_piece_of_the_page(kept: dict[str, Path], tmp_path: Path, language: str):
    here = copied(kept, tmp_path, language)
    full(here, language, longest=False)
    page = body(here)
    for piece in ("plan", "debtors", "walks", "bridge", "review", "questions", "held", "lines", "lessons", "moves"):
        assert len(blocks.show(page, piece).striptags()) > 20, piece


def test_maven_says_what_it_lacks_and_sums_exactly(maven: Path):
    here = Project.open(maven)
    known = here.snapshot()
    window = here.period("2017Q3", known.on, "quarter", over=True)
    page = retrospective.body(window, known, here.rules(known), here.lessons(known))
    assert told(page.title) == "2017Q3: 2.98M booked, 104k less than in 2017Q2, mostly by mix (−94k)"
    assert page.bridge and page.bridge.now.value == 2_982_255_00 and page.bridge.before.value == 3_086_111_00
    assert sum(int(f.value or 0) for f in page.bridge.steps.values()) == (2_982_255 - 3_086_111) * 100
    assert page.outcome is None and page.owed is None and page.review and page.review.reasons == []
    assert "not provided" in told(named(page, "collected").actual.reason)
    reasons_left = told(page.notes)
    assert "No lost deal has a reason" in reasons_left and "No list of receivables" in reasons_left
    figures = dict(page.figures())
    assert isinstance(figures["bridge.now"], Figure) and figures["bridge.now"].n == 1257
