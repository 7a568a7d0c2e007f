"""The form of goals without a browser: what is typed becomes rows, parts sum exactly, what is wrong is mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_lab_form import project

from salesplaybook import language
from salesplaybook.areas import goals as area
from salesplaybook.entries.kinds import Action, Entry, Goal, Member, Target
from salesplaybook.forms import goals as forms
from salesplaybook.forms import goals_split as split
from salesplaybook.forms.fields import Part, Typed, pasted
from salesplaybook.forms.form import Form
from salesplaybook.forms.values import read
from salesplaybook.language import Language
from salesplaybook.project import Project
from test_goals_page import QUARTER, RULES, TODAY, deals, nothing

EN, ZH = Language("en", "CNY"), Language("zh_CN", "CNY")
Q = "2026Q3"
Rows = dict[str, Entry]


def page(saved: Rows | None = None, **more: list[Entry]) -> area.Body:
    now = deals("en")
    targets = [row for row in (saved or {}).values() if isinstance(row, Target)]
    return area.body(QUARTER, replace(now, typed={now.on: {"targets": targets} | more}), RULES)


@cache
def plain() -> area.Body:
    """With a target for bookings, and nothing else typed."""
    return page(target())


def target(amount: int = 20_000_000, **more: Any) -> Rows:
    return {Q: Target(id=Q, period=Q, amount=Decimal(amount), **more)}


def typed(part: Part, saved: Rows, key: str, **said: Any) -> Typed:
    """A row of a part with some of its fields changed; a new one where no row has the key."""
    row = next((row for row in part.rows(saved) if row.key == key), None)
    names = [c.name for c in part.columns if c.kind != "said"]
    values: dict[str, Any] = {name: None for name in names}
    if row:
        values |= {n: row.values.get(n, row.filled.get(n)) for n in names}
    return Typed(row.key if row else "", values | said, changed=set(said), edited=set(said))


def put(part: Part, saved: Rows, key: str, **said: Any) -> Entry | None:
    row = typed(part, saved, key, **said)
    assert not part.check(row)
    return saved.get(part.put(saved, row))


def carried(saved: Rows, metric: str = "bookings", period: str = Q) -> dict[str, Decimal]:
    rows = [row for row in saved.values() if isinstance(row, Target) and row.owner]
    return {row.owner: row.amount or Decimal(0) for row in rows if (row.metric, row.period) == (metric, period)}


# -- targets


def test_a_target_is_typed_as_people_write_it_and_history_answers_as_one_types():
    part = forms.targets(plain(), QUARTER, EN)
    row = typed(part, {}, "bookings", amount=Decimal(90_000_000))
    assert part.live and "is 755% above it" in part.live(row)["history"]
    assert "reached in" in part.live(typed(part, {}, "bookings", amount=Decimal(2_000_000)))["history"]
    assert "reached in" in part.live(typed(part, {}, "margin", amount=Decimal(20)))["history"]
    (before,) = [row.values["before"] for row in part.rows({}) if row.key == "bookings"]
    assert before == "10.52M"
    (column,) = [c for c in part.columns if c.name == "amount"]
    for margin in ("31", "31%", "31 %", "31％"):
        assert read(column, margin, EN) == Decimal(31)


def test_a_target_in_another_unit_is_pointed_out_with_both_amounts_and_a_mend():
    part = forms.targets(plain(), QUARTER, EN)
    row = typed(part, {}, "bookings", amount=Decimal(11))
    (note,) = part.warn(row).values()
    assert "10,522,621" in note.text and note.mend == 11_000_000 and "11,000,000" in note.offer
    assert not part.check(row)  # a warning does not block
    assert not part.warn(typed(part, {}, "bookings", amount=Decimal(12_000_000)))


@pytest.mark.parametrize(("key", "amount", "said"), [("bookings", 0, "more than nothing"), ("margin", 130, "130 %")])
def test_what_can_be_no_target_is_refused_in_words(key: str, amount: int, said: str):
    part = forms.targets(plain(), QUARTER, EN)
    assert said in part.check(typed(part, {}, key, amount=Decimal(amount)))["amount"].text


def test_a_share_is_not_shared_out():
    part = forms.targets(plain(), QUARTER, EN)
    note = part.check(typed(part, {}, "margin", amount=Decimal(31), rule="equal"))["rule"]
    assert note.mends("rule") == {"rule": None}


def test_a_metric_of_ones_own_is_a_name_and_a_number():
    saved: Rows = {}
    made = put(forms.own(page(), QUARTER, EN), saved, "", name="demos", amount=Decimal(30))
    assert isinstance(made, Target) and (made.metric, made.amount) == ("demos", 30)
    part = forms.own(page(saved), QUARTER, EN)
    assert "own row" in part.check(typed(part, saved, "", name="Bookings", amount=Decimal(1)))["name"].text
    assert set(part.check(typed(part, saved, "", name="calls"))) == {"amount"}


# -- who carries what


@pytest.mark.parametrize("rule", ["history", "seasonality", "capacity", "equal"])
def test_choosing_a_rule_shares_a_target_out_over_people_and_months_to_the_cent(rule: str):
    saved = target(12_840_001)
    put(forms.targets(plain(), QUARTER, EN), saved, "bookings", amount=Decimal("12840000.01"), rule=rule)
    people = carried(saved)
    assert len(people) == 9 and sum(people.values()) == Decimal("12840000.01")
    for owner, amount in people.items():
        assert sum(carried(saved, period=f"2026-0{month}")[owner] for month in (7, 8, 9)) == amount
    assert not any(row.by_hand for row in saved.values() if isinstance(row, Target))


def test_a_changed_target_is_shared_out_again_and_what_was_set_by_hand_stays():
    saved = target(rule="equal")
    put(split.parts(plain(), "bookings", EN), saved, f"{Q}:bookings:Bo Chen", amount=Decimal(5_000_000))
    assert carried(saved)["Bo Chen"] == 5_000_000 and sum(carried(saved).values()) == 20_000_000
    put(forms.targets(plain(), QUARTER, EN), saved, "bookings", amount=Decimal(24_000_000))
    assert carried(saved)["Bo Chen"] == 5_000_000 and sum(carried(saved).values()) == 24_000_000
    free = put(split.parts(plain(), "bookings", EN), saved, f"{Q}:bookings:Bo Chen", amount=None)
    assert isinstance(free, Target) and not free.by_hand and free.amount != 5_000_000
    assert sum(carried(saved).values()) == 24_000_000


def test_a_month_set_by_hand_stays_and_the_others_give_way():
    saved = target(rule="history")
    put(forms.targets(plain(), QUARTER, EN), saved, "bookings", amount=Decimal(21_000_000))
    part = split.parts(plain(), "bookings", EN)
    put(part, saved, f"{Q}:bookings:Ann Lee", m0=Decimal(100_000))
    assert carried(saved, period="2026-07")["Ann Lee"] == 100_000
    assert sum(carried(saved, period=f"2026-0{m}")["Ann Lee"] for m in (7, 8, 9)) == carried(saved)["Ann Lee"]


def test_parts_by_hand_over_the_whole_are_refused_with_both_values_and_a_mend():
    saved = target(rule="equal")
    part = split.parts(plain(), "bookings", EN)
    row = typed(part, saved, f"{Q}:bookings:Bo Chen", amount=Decimal(25_000_000))
    note = part.check(row)["amount"]
    assert "25.00M" in note.text and "20.00M" in note.text and note.mend == 20_000_000
    # two rows, each below the whole, and together above it
    part = split.parts(plain(), "bookings", EN)
    for key in ("Ann Lee", "Bo Chen"):
        row = typed(part, saved, f"{Q}:bookings:{key}", amount=Decimal(12_000_000))
        assert part.live
        part.live(row)
    assert part.check(row)["amount"].mend == 8_000_000


def test_a_proposal_is_saved_only_once_a_rule_is_chosen_or_something_is_changed():
    saved = target()
    part = split.parts(plain(), "bookings", EN)
    rows = part.rows(saved)
    assert len(rows) == 9 and all(row.filled["amount"] for row in rows)
    unchanged = Typed(rows[0].key, rows[0].filled | {"owner": "Ann Lee"}, changed={"amount"})
    assert part.put(saved, unchanged) == "" and not carried(saved)
    assert part.total and "A proposal" in part.total([Typed(r.key, {"amount": r.filled["amount"]}) for r in rows])


def test_a_split_is_pasted_from_excel():
    saved = target()
    part = split.parts(plain(), "bookings", EN)
    text = "Who\t2026-07\t2026-08\t2026-09\t2026Q3\nNew Person\t1M\t1M\t2M\t4,000,000\nAnn Lee\t\t\t\t3,000,000"
    for row in pasted(text, part.columns, EN):
        said = {n: Decimal(v.replace("M", "000000").replace(",", "")) for n, v in row.items() if n != "owner"}
        put(part, saved, "", owner=row["owner"], **said)
    assert carried(saved)["New Person"] == 4_000_000 and carried(saved)["Ann Lee"] == 3_000_000
    assert carried(saved, period="2026-09")["New Person"] == 2_000_000
    assert sum(carried(saved).values()) == 20_000_000


def test_who_left_gives_the_part_up_and_who_joined_takes_one():
    saved = target(rule="capacity")
    put(forms.targets(plain(), QUARTER, EN), saved, "bookings", amount=Decimal(18_000_000))
    members: list[Entry] = [
        Member(id="Ann Lee", name="Ann Lee", left=date(2026, 6, 30)),
        Member(id="Joe New", name="Joe New", joined=date(2026, 9, 1)),
    ]
    now = page(saved, people=members)
    (row,) = (part := split.again(now, EN)).rows(saved)
    assert "Ann Lee" in row.values["why"] and "Joe New joined on 1 Sep" in row.values["why"]
    put(part, saved, "bookings", again=True)
    assert "Ann Lee" not in carried(saved) and not carried(saved, period="2026-07")["Joe New"]
    assert 0 < carried(saved)["Joe New"] < carried(saved)["Bo Chen"] and sum(carried(saved).values()) == 18_000_000
    assert not page(saved, people=members).split("bookings").changed  # type: ignore[union-attr]


AMOUNTS = st.dictionaries(st.sampled_from(["Ann Lee", "Bo Chen", "Cy Marsh"]), st.integers(0, 6_000_000), max_size=3)


@settings(max_examples=30, deadline=None)
@given(AMOUNTS, st.integers(19_000_000, 10**9), st.sampled_from(["history", "seasonality", "capacity", "equal"]))
def test_whatever_is_set_by_hand_the_parts_sum_to_the_target(by_hand: dict[str, int], whole: int, rule: str):
    saved, now = target(whole, rule=rule), plain()
    part = split.parts(now, "bookings", EN)
    for owner, amount in by_hand.items():
        put(part, saved, f"{Q}:bookings:{owner}", owner=owner, amount=Decimal(amount) / 100)
    assert split.share_out(saved, now, "bookings", EN) is None
    assert sum(carried(saved).values()) == whole
    assert {owner: carried(saved)[owner] for owner in by_hand} == {o: Decimal(a) / 100 for o, a in by_hand.items()}
    for owner, amount in carried(saved).items():
        assert sum(carried(saved, period=f"2026-0{m}")[owner] for m in (7, 8, 9)) == amount


# -- goals


def test_a_proposed_goal_takes_one_tick_and_a_dropped_one_does_not_return():
    saved = target()
    now = page(saved)
    part, rows = forms.drafts(now, QUARTER, EN, "Min Wang"), dict[str, Entry]()
    made = put(part, rows, f"{Q}:goal:bookings", accept=True)
    assert isinstance(made, Goal) and made.what == "Book 20.00M in 2026Q3" and "Park" in made.how
    assert (made.owner, made.due, made.metric) == ("Min Wang", QUARTER.last, "bookings")
    rows.clear()
    dropped = put(part, rows, f"{Q}:goal:bookings", drop=True)
    assert isinstance(dropped, Goal) and dropped.dropped
    assert not page(saved, goals=[dropped]).goals
    assert "drop" in part.check(typed(part, {}, f"{Q}:goal:bookings", accept=True, drop=True))


def test_the_letters_that_lack_something_are_told_as_one_types(tmp_path: Path):
    language.use(EN)
    here = Project.open(project(tmp_path / "en", "en"))
    here.save_entries("targets", list(target().values()), here.entries("targets").version)
    part = forms.goals(plain(), QUARTER, "Min Wang", here)
    row = typed(part, {}, "", what="Growth")
    assert part.live and not part.check(row)  # a draft is never refused
    said = str(part.live(row)["lacks"])
    assert [letter for letter in "SMART" if f'sp-error">{letter}<' in said] == list("SMART")
    notes = part.warn(row)
    assert set(notes) == {"what", "metric", "owner", "due"} and notes["owner"].mend == "Min Wang"
    assert notes["due"].mend == QUARTER.last
    full = {"what": "Book the five park deals", "owner": "A", "metric": "bookings", "how": "h", "serves": "s"}
    assert "complete" in str(part.live(typed(part, {}, "", **full, due=QUARTER.last))["lacks"])
    assert 'sp-error">M<' in str(part.live(typed(part, {}, "", **full | {"metric": "collected"}))["lacks"])


def test_what_came_of_an_own_metric_is_typed_beside_its_goal_and_counted():
    goal = Goal(id="g", period=Q, what="Show it to thirty", metric="demos", owner="A", how="h", serves="s")
    saved: Rows = {"g": goal, "b": Goal(id="b", period=Q, metric="bookings")}
    asked = {Q: Target(id=Q, period=Q, metric="demos", amount=Decimal(30))}
    part = forms.counted(page(asked), QUARTER)
    assert [row.key for row in part.rows(saved)] == ["g"]
    put(part, saved, "g", came=Decimal(12))
    (row,) = [r for r in page(asked, goals=list(saved.values())).progress if r.metric == "demos"]
    assert row.actual.value == 12 and row.attainment == pytest.approx(0.4) and row.days is not None and row.days < 0


# -- tasks and team


@pytest.fixture
def here(tmp_path: Path) -> Project:
    made = Project.open(project(tmp_path / "en", "en"))
    goal = Goal(id="g", period=Q, what="Book the park deals", owner="A")
    made.save_entries("goals", [goal], made.entries("goals").version)
    return made


def test_a_task_names_goal_person_and_day_and_circles_are_named(here: Project):
    now, saved = plain(), dict[str, Entry]()
    part = forms.tasks(now, here, QUARTER)
    goals = next(c for c in part.columns if c.name == "goal").choices
    assert "g" in goals.values() and f"{Q}:goal:bookings" in goals.values()  # those that may be accepted yet, too
    made = put(part, saved, "", what="call", who="Li Na", goal="g", due=TODAY, priority="high")
    assert isinstance(made, Action) and made.priority == "high" and made.made == now.told_on
    saved |= {"b": Action(id="b", what="visit", who="x", goal="g", after=made.id)}
    part.rows(saved)
    note = part.check(typed(part, saved, made.id, after="b"))["after"]
    assert "call → visit → call" in note.text and note.mends("after") == {"after": None}
    assert set(part.check(typed(part, saved, "", who="x"))) == {"what", "goal"}
    done = put(part, saved, made.id, finished=True)
    assert isinstance(done, Action) and done.done == here.today


def test_a_task_before_the_one_that_it_waits_for_is_pointed_out(here: Project):
    part = forms.tasks(plain(), here, QUARTER)
    saved: Rows = {"b": Action(id="b", what="visit", who="x", goal="g", due=TODAY)}
    part.rows(saved)
    row = typed(part, saved, "", what="call", who="x", goal="g", due=TODAY - timedelta(3), after="b")
    note = part.warn(row)["due"]
    assert str(TODAY) in note.text and str(TODAY - timedelta(3)) in note.text and note.mend == TODAY


def test_only_who_joins_leaves_or_has_half_a_post_is_typed():
    gone: list[Entry] = [Member(id="Cy Marsh", name="Cy Marsh", left=date(2026, 8, 31))]
    part, saved = forms.team(page(target(), people=gone), QUARTER), dict[str, Entry]()
    assert [row.key for row in part.rows(saved)] == ["Cy Marsh"]  # all others are there as they were
    unchanged = typed(part, saved, "Cy Marsh")
    assert part.put(saved, unchanged) == "" and not saved
    made = put(part, saved, "", name="Ann Lee", left=date(2026, 8, 31), capacity=Decimal("0.5"))
    assert isinstance(made, Member) and made.sells
    assert (made.id, made.left, made.capacity) == ("Ann Lee", date(2026, 8, 31), Decimal("0.5"))
    wrong = part.check(typed(part, saved, "Ann Lee", joined=date(2026, 9, 3)))["left"]
    assert "2026-08-31" in wrong.text and "2026-09-03" in wrong.text and wrong.mends("left")["left"] == date(2026, 9, 3)
    over = part.check(typed(part, saved, "", name="Bo Chen", capacity=Decimal("1.5")))["capacity"]
    assert "150%" in over.text and over.mend == 1


# -- the whole


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("data", [True, False])
def test_the_form_opens_with_and_without_data_and_saves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, data: bool
):
    monkeypatch.setenv("JPY_SESSION_NAME", "form.ipynb")
    here = Project.open(project(tmp_path / code, code))
    now = deals(code) if data else nothing()
    body = area.body(QUARTER, now, RULES)
    made = Form(here, "Goals", "", forms.parts(here, body, QUARTER))
    targets = next(grid for grid in made.grids if grid.part.title == language.translate("Targets"))
    line = next(line for line in targets.lines if line.row.key == "bookings")
    line.fields["amount"].value = "2,000万" if code == "zh_CN" else "20M"
    line.fields["rule"].value = "history"
    assert made.save() == []
    rows = {row.id: row for row in here.entries("targets").rows}
    assert rows[Q].amount == 20_000_000  # type: ignore[attr-defined]
    assert sum(carried(rows).values()) == (20_000_000 if data else 0)
    if data:
        parts = next(grid for grid in made.grids if grid.part.add == language.translate("Add a person"))
        assert len([line for line in parts.lines if line.row.key]) == 9
        parts.lines[0].fields["amount"].value = "30M"
        assert len(made.save()) == 1  # more than the whole: it stays in its field
