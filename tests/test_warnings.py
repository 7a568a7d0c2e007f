"""Warnings on deals, the five for today, data to mend: on small histories made by hand, and on Maven's export."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_walk import frame

from salesplaybook import history, metrics
from salesplaybook.errors import SettingsError
from salesplaybook.history import Export, Snapshot
from salesplaybook.language import Language
from salesplaybook.limits import ACTIONS, RULES, Suggestion, Warnings
from salesplaybook.methods import stages, today, warnings
from salesplaybook.methods.warnings import Warned
from salesplaybook.project import Project
from salesplaybook.results import Figure, Message, say
from salesplaybook.settings import Settings, read
from salesplaybook.states import State

MONDAY = date(2026, 9, 21)
QUARTER_LAST = date(2026, 9, 30)
Deal = dict[str, Any]
NEVER_DEAD = Figure(definition="", unit="days", reason=say("history too short"))


def ago(days: int) -> date:
    return MONDAY - timedelta(days=days)


def known(*weeks: dict[str, Deal], process: list[str] | None = None, apart: int = 7) -> Snapshot:
    """An export a week, the last one on MONDAY."""
    exports = [Export(ago(apart * n), frame(rows)) for n, rows in zip(reversed(range(len(weeks))), weeks, strict=True)]
    return Snapshot(MONDAY, history.versions(exports), [e.day for e in exports], process or [])


def warned(of: Snapshot, limits: Warnings | None = None, dead_after: Figure = NEVER_DEAD) -> dict[str, list[Warned]]:
    return warnings.of_deals(of, limits or Warnings(), dead_after)


def said(message: Message | None) -> str | None:
    return message and Language("en")(message.text, **message.values)


def told(of: Snapshot, rule: str, limits: Warnings | None = None) -> dict[str, tuple[str | None, str | None]]:
    """Deal -> the warning of one rule, and what is usual, in words."""
    found = warned(of, limits)
    return {key: (said(w.said), said(w.usual)) for key, own in found.items() for w in own if w.rule == rule}


def lives(n: int, *weeks: Any) -> list[dict[str, Deal]]:
    """n deals, each export's row a function of the deal's number; the last export shows them won."""
    return [{f"W{i}": week(i) for i in range(n)} for week in weeks]


def won(closed: date = MONDAY, **more: Any) -> Any:
    return lambda i: {"status": "won", "closed": closed, **more}


def join(weeks: list[dict[str, Deal]], *others: dict[str, Deal]) -> list[dict[str, Deal]]:
    """`others` added week by week, counted from the last."""
    return [{**week, **other} for week, other in zip(weeks, [{}] * (len(weeks) - len(others)) + [*others], strict=True)]


# Close date passed


def test_a_close_date_has_passed_from_the_day_after_it_on():
    deals = {f"D{days}": {"status": "open", "expected_close": ago(days)} for days in (-1, 0, 1, 9)}
    assert told(known(deals), "close_passed") == {
        "D1": ("Close date passed 1 day ago", None),
        "D9": ("Close date passed 9 days ago", None),
    }


@pytest.mark.parametrize(("n", "usual"), [(20, 17), (25, 22), (30, 26)])
def test_how_late_won_deals_closed_is_what_nine_of_ten_kept_to(n, usual):
    """Deal i closed i days after the date that it last promised while open; the date set on winning says nothing."""
    weeks = lives(
        n,
        lambda i: {"status": "open", "expected_close": ago(200)},
        lambda i: {"status": "open", "expected_close": ago(60)},
        lambda i: {"status": "won", "closed": ago(60 - i), "expected_close": ago(60 - i)},
    )
    found = told(known(*join(weeks, {"D": {"status": "open", "expected_close": ago(2)}})), "close_passed")
    assert usual == np.quantile(np.arange(n), 0.9, method="inverted_cdf")
    assert found["D"][1] == f"usual: 9 of 10 won deals closed at most {usual} days after their date"


def test_with_fewer_than_twenty_won_deals_the_open_ones_tell_what_is_usual():
    weeks = lives(19, lambda i: {"status": "open", "expected_close": ago(60)}, won())
    passed = {f"D{i}": {"status": "open", "expected_close": ago(2 if i < 3 else -9)} for i in range(10)}
    found = told(known(*join(weeks, passed)), "close_passed")
    assert list(found) == ["D0", "D1", "D2"]
    assert {usual for _, usual in found.values()} == {"7 of 10 open deals have a date ahead"}


# No activity


def test_quiet_is_longer_than_nine_of_ten_won_deals_ever_were_at_an_export():
    """Deal i was quiet for at most i days, in the first of its two exports while open."""
    weeks = lives(
        20,
        lambda i: {"status": "open", "last_activity": ago(14 + i)},
        lambda i: {"status": "open", "last_activity": ago(7)},
        won(last_activity=MONDAY),
    )
    deals = {f"D{days}": {"status": "open", "last_activity": ago(days)} for days in (17, 18)}
    usual = "usual: at most 17 days in 9 of 10 won deals"
    assert told(known(*join(weeks, deals)), "no_activity") == {"D18": ("No activity for 18 days", usual)}


def test_an_unchanged_row_grows_quieter_with_each_export():
    """Last active on the day of the first export and unchanged in the third: quiet for 14 days then."""
    row = {"status": "open", "last_activity": ago(21)}
    weeks = lives(20, *[lambda i: row] * 3, won())
    deals = {f"D{days}": {"status": "open", "last_activity": ago(days)} for days in (14, 15)}
    assert list(told(known(*join(weeks, deals)), "no_activity")) == ["D15"]


def test_until_won_deals_tell_project_yaml_says_how_quiet_is_too_quiet():
    weeks = lives(19, lambda i: {"status": "open", "last_activity": ago(8)}, won())
    deals = {"A": {"status": "open", "last_activity": ago(30)}, "B": {"status": "open", "last_activity": ago(31)}}
    history_of_19 = known(*join(weeks, deals))
    assert told(history_of_19, "no_activity") == {"B": ("No activity for 31 days", "limit: 30 days")}
    assert list(told(history_of_19, "no_activity", Warnings(quiet_days=29))) == ["A", "B"]


def test_days_after_the_export_are_not_counted_as_quiet():
    rows = {"A": {"status": "open", "last_activity": ago(30)}}
    of = Snapshot(MONDAY + timedelta(days=5), history.versions([Export(MONDAY, frame(rows))]), [MONDAY])
    assert told(of, "no_activity") == {}


# Stuck

PROCESS = ["Talk", "Offer"]


def moving(n: int) -> list[dict[str, Deal]]:
    """Twelve exports; deal i enters Offer in the third and is won i % 8 + 1 exports later."""
    weeks: list[dict[str, Deal]] = []
    for week in range(12):
        rows: dict[str, Deal] = {}
        for i in range(n):
            stage = "Talk" if week < 2 else "Offer"
            done = week > 2 + i % 8
            closed = ago(7 * (11 - (3 + i % 8)))
            rows[f"W{i}"] = {"status": "won", "closed": closed} if done else {"status": "open", "stage": stage}
        for i in range(10):
            rows[f"D{i}"] = {"status": "open", "stage": "Talk" if week <= i else "Offer"}
        weeks.append(rows)
    return weeks


def test_a_stuck_deal_is_one_that_crm_calls_slow_in_its_stage():
    of = known(*moving(24), process=PROCESS)
    slow = {key for stage in stages.by_stage(of.rows, of.deals, PROCESS) for key in stage.slow.rows}
    found = told(of, "stuck")
    # Won deals stood in Offer for 7, 14 ... 56 days, three each: nine of ten at most 56, half of them at most 31.5.
    assert set(found) == slow == {"D0", "D1"}
    assert found["D0"] == ("70 days in Offer", "usual: 32 days in won deals at this stage")


def test_a_stage_that_few_won_deals_passed_has_the_limit_of_project_yaml():
    of = known(*moving(9), process=PROCESS)
    found = told(of, "stuck", Warnings(stuck_days=62))
    assert set(found) == {"D0", "D1"} and {usual for _, usual in found.values()} == {"limit: 62 days"}


def test_a_deal_that_stood_there_when_exports_began_has_been_there_at_least_so_long():
    weeks = [{"D": {"status": "open", "stage": "Offer"}, "E": {"status": "open", "stage": "Talk"}}] * 11
    dated = [{**week, "F": {"status": "open", "stage": "Offer", "stage_changed": ago(200)}} for week in weeks]
    found = told(known(*dated, process=PROCESS), "stuck")
    assert found["D"][0] == "At least 70 days in Offer" and found["F"][0] == "200 days in Offer"


def test_a_stay_goes_on_while_other_fields_change():
    weeks = [{"D": {"status": "open", "stage": "Talk" if n < 1 else "Offer", "amount": n}} for n in range(11)]
    assert told(known(*weeks, process=PROCESS), "stuck")["D"][0] == "63 days in Offer"


def test_without_stages_stuck_is_open_for_longer_than_nine_of_ten_won_deals_took():
    rows = {f"W{i}": {"status": "won", "created": ago(100), "closed": ago(100 - i)} for i in range(1, 21)}
    deals = {f"D{days}": {"status": "open", "created": ago(days)} for days in (18, 19)}
    usual = "usual: 9 of 10 won deals took at most 18 days"
    assert told(known({**rows, **deals}), "stuck") == {"D19": ("Open for 19 days", usual)}
    assert told(known({**dict(list(rows.items())[1:]), **deals}), "stuck") == {}  # 19 won deals tell nothing


# Pushed


def test_a_date_that_moved_later_thrice_is_a_warning_and_one_moved_earlier_is_no_push():
    dates = {"A": [60, 50, 40, 30], "B": [60, 50, 55, 30], "C": [10, 20, 30, 40], "D": [60, 50, None, 40, 30][:4]}
    weeks = [
        {key: {"status": "open", "expected_close": ago(own[week]) if own[week] else None} for key, own in dates.items()}
        for week in range(4)
    ]
    assert told(known(*weeks), "pushed") == {"A": ("Pushed 3 times", None)}
    assert set(told(known(*weeks), "pushed", Warnings(pushed=2))) == {"A", "B", "D"}
    assert told(known(*weeks[:2]), "pushed", Warnings(pushed=1))["A"][0] == "Pushed once"


@pytest.mark.parametrize(
    ("pushes", "usual"),
    [
        (lambda i: 0, "usual: 9 of 10 won deals were never pushed"),
        (lambda i: min(i % 10, 1), "usual: 9 of 10 won deals were pushed at most once"),
        (lambda i: 2 if i > 3 else 3, "usual: 9 of 10 won deals were pushed at most 3 times"),
    ],
)
def test_how_often_won_deals_were_pushed_while_open_is_what_nine_of_ten_kept_to(pushes, usual):
    def week(number: int) -> Any:
        return lambda i: {"status": "open", "expected_close": ago(90 - min(number, pushes(i)))}

    weeks = lives(20, *(week(n) for n in range(4)), won(expected_close=MONDAY))
    mine = [{"D": {"status": "open", "expected_close": ago(90 - n)}} for n in range(5)]
    assert told(known(*join(weeks, *mine)), "pushed")["D"] == ("Pushed 4 times", usual)


dates = st.one_of(st.none(), st.integers(0, 5))
rows_of_a_week = st.lists(
    st.tuples(st.sampled_from(["open", "open", "on_hold", "absent"]), dates), min_size=4, max_size=4
)


@settings(max_examples=40, deadline=None)
@given(st.lists(rows_of_a_week, min_size=1, max_size=6))
def test_pushes_are_those_of_the_exports_one_after_the_other(found):
    weeks: list[dict[str, Deal]] = [{"keep": {"status": "open"}} for _ in range(4)]
    expected = {}
    for number, life in enumerate(found):
        last, count = None, 0
        for week, (status, day) in enumerate(life):
            if status == "absent":
                continue
            weeks[week][f"D{number}"] = {"status": status, "expected_close": None if day is None else ago(-day)}
            if status == "open" and day is not None:
                count += last is not None and day > last
                last = day
        if life[-1][0] == "open" and count:
            expected[f"D{number}"] = count
    found_now = warned(known(*weeks), Warnings(pushed=1))
    counts = {k: w.said.values["n"] for k, own in found_now.items() for w in own if w.rule == "pushed"}
    assert counts == expected


# Next steps, and what is missing


def test_a_next_step_is_missing_or_overdue_only_where_the_export_has_next_steps():
    bare = {"A": {"status": "open"}, "B": {"status": "open"}}
    assert warned(known(bare)) == {}
    steps = {
        "A": {"status": "open", "next_step": "Visit"},
        "B": {"status": "open", "next_step_date": ago(1)},
        "C": {"status": "open", "next_step_date": MONDAY},
        "D": {"status": "open"},
    }
    assert told(known(steps), "no_step") == {"D": ("No next step", None)}
    assert told(known(steps), "step_overdue") == {"B": ("Next step overdue by 1 day", None)}


def test_what_is_usual_is_told_by_won_deals_at_the_stage_then_by_all_won_then_by_open_ones():
    """Of 20 won deals 16 had a next step when last seen at Offer, none at Talk."""
    weeks = lives(
        20,
        lambda i: {"status": "open", "stage": "Talk"},
        lambda i: {"status": "open", "stage": "Offer", "next_step": "Visit" if i >= 4 else None},
        won(),
    )
    deals = {stage: {"status": "open", "stage": stage} for stage in ("Talk", "Offer", "Demo")}
    deals |= {f"D{i}": {"status": "open", "stage": "Demo", "next_step": "Visit"} for i in range(7)}
    found = told(known(*join(weeks, deals), process=["Talk", "Demo", "Offer"]), "no_step")
    assert {key: usual for key, (_, usual) in found.items()} == {
        "Offer": "8 of 10 won deals had one at this stage",
        "Demo": "8 of 10 won deals had one",
        "Talk": "8 of 10 won deals had one",
    }
    assert {usual for _, usual in told(known(deals), "no_step").values()} == {"7 of 10 open deals have one"}


def test_what_most_lack_is_told_as_it_is():
    deals = {f"D{i}": {"status": "open", "account": "Harbour" if i < 3 else None} for i in range(10)}
    assert {usual for _, usual in told(known(deals), "no_account").values()} == {"3 of 10 open deals have one"}


def test_ten_of_ten_is_said_only_where_all_had_one():
    for having, usual in ((20, "10 of 10"), (19, "9 of 10")):
        weeks = lives(20, lambda i, h=having: {"status": "open", "contact": "Li" if i < h else None}, won())
        deals = {"D": {"status": "open"}, "E": {"status": "open", "contact": "Li"}}
        assert told(known(*join(weeks, deals)), "no_contact")["D"][1] == f"{usual} won deals had one"


def test_an_amount_in_a_currency_without_a_rate_is_withheld_and_not_missing():
    deals = {
        "A": {"status": "open", "amount": 100},
        "B": {"status": "open", "currency": "JPY"},
        "C": {"status": "open"},
    }
    assert list(told(known(deals), "no_amount")) == ["C"]


def test_what_no_open_deal_has_is_no_warning():
    deals = {
        "A": {"status": "open", "account": "Huaxin"},
        "B": {"status": "open"},
        "C": {"status": "won", "contact": "Li"},
    }
    found = warned(known(deals))
    assert {key: [w.rule for w in own] for key, own in found.items()} == {"B": ["no_account"]}


# All rules together


def all_wrong() -> Snapshot:
    """Deal A has everything wrong, B nothing."""
    steps = [
        {"A": {"status": "open", "stage": "Offer", "expected_close": ago(80 - 10 * n), "last_activity": ago(70)}}
        for n in range(12)
    ]
    for n, week in enumerate(steps):
        week["A"] |= {"expected_close": ago(80 - n), "created": ago(300), "next_step_date": ago(5)}
        week["B"] = {
            "status": "open", "stage": "Talk", "expected_close": ago(-9), "last_activity": MONDAY, "next_step": "x",
            "amount": 100, "account": "Huaxin", "contact": "Li", "created": ago(100),
        }  # fmt: skip
    del steps[-1]["B"]["stage"]
    return known(*steps, process=PROCESS)


DEAD_AFTER = Figure(definition="", unit="days", value=200, n=60)


def test_a_deals_warnings_stand_in_the_order_of_the_rules():
    found = warned(all_wrong(), dead_after=DEAD_AFTER)
    assert [w.rule for w in found["A"]] == [rule for rule in RULES if rule != "no_step"]
    assert set(found) == {"A"}
    assert said(found["A"][-1].usual) == "usual: 99 of 100 won deals took at most 200 days"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "no_step"])
def test_a_rule_that_is_off_is_left_out(rule):
    found = warned(all_wrong(), Warnings(off=[rule]), DEAD_AFTER)
    assert [w.rule for w in found["A"]] == [other for other in RULES if other not in (rule, "no_step")]


def test_a_narrowed_view_or_no_export_at_all_tells_nothing():
    whole = all_wrong()
    narrowed = Snapshot(whole.on, whole.rows, whole.days, narrowed=say("only one owner's deals"))
    assert warned(narrowed, dead_after=DEAD_AFTER) == {}
    assert warned(Snapshot(MONDAY, history.versions([]), [])) == {}


def test_warnings_as_of_a_day_do_not_change_when_later_exports_come():
    weeks = moving(24)
    whole = known(*weeks, process=PROCESS)
    for last in range(5, 12):
        on = whole.days[last]
        until = [Export(day, frame(week)) for day, week in zip(whole.days[: last + 1], weeks, strict=False)]
        early = Snapshot(on, history.versions(until), [e.day for e in until], PROCESS)
        replayed = Snapshot(on, whole.rows, whole.days[: last + 1], PROCESS)
        assert warned(early) == warned(replayed)


# Maven: one export without next steps, activities and expected dates


@pytest.fixture(scope="module")
def september(maven: Path) -> Snapshot:
    return Project.open(maven).snapshot("2017-09-17", "2017Q3")


def test_maven_has_stuck_deals_deals_without_account_and_513_dead_ones(september: Snapshot):
    """As of 17 September 2017; look/monday.zh.png, made with a program of its own, has 513, 981 and 24.2 %."""
    state = september.deals
    dead_after = metrics.dead_after(state)
    found = warned(september, dead_after=dead_after)
    counts = Counter(w.rule for own in found.values() for w in own)
    ends = state.frame[state.frame["status"] == "won"]
    took = (ends["closed"] - ends["created"]).dt.days.dropna()
    limit = np.quantile(took, 0.9, method="inverted_cdf")
    age = (pd.Timestamp(september.on) - state.open["created"]).dt.days
    assert counts == {"stuck": int((age > limit).sum()), "no_account": 981, "dead": 513}
    assert {w.usual.values["n"] for own in found.values() for w in own if w.rule == "stuck"} == {int(limit)} == {106}
    mend = {m.rule: m for m in today.to_mend(state, dead_after)}
    assert list(mend) == ["no_amount", "no_account", "dead"]
    assert (mend["no_amount"].figure.n, mend["no_account"].figure.n, mend["dead"].figure.n) == (2330, 981, 513)
    assert round(mend["no_account"].share, 3) == 0.421 and round(mend["dead"].share, 3) == 0.242
    assert (mend["no_account"].by_amount, mend["dead"].by_amount) == (False, True)
    assert said(mend["no_amount"].how) == "add the column to the export"


def test_at_the_end_of_september_561_of_mavens_deals_were_dead(maven: Path):
    known = Project.open(maven).snapshot("2017-09-30", "2017Q3")
    found = warned(known, dead_after=metrics.dead_after(known.deals))
    assert sum(w.rule == "dead" for own in found.values() for w in own) == 561


def test_mavens_five_have_the_most_value_times_win_rate_at_their_age(september: Snapshot):
    state = september.deals
    found = warned(september, dead_after=metrics.dead_after(state))
    deals, _, n = five(state, found)
    can = [k for k, own in found.items() if all(w.rule != "dead" for w in own)]
    assert n == len(can)
    decided = state.decided()
    took, age = (
        (decided["closed"] - decided["created"]).dt.days,
        (pd.Timestamp(september.on) - state.open["created"]).dt.days,
    )
    top = took.max()
    step = max(s for s in (7, 14, 30, 60, 90, 180, 365) if 3 * s < top)
    bands = pd.IntervalIndex.from_breaks([-1, step, 2 * step, 3 * step, top])
    rate = (decided["status"] == "won").groupby(pd.cut(took, bands), observed=True).mean()
    worth = {k: state.open.loc[k, "value"] * rate[bands[bands.get_loc(age[k])]] for k in can}
    assert [d.deal for d in deals] == sorted(can, key=lambda k: (-worth[k], k))[:5]


# Five deals for today


def later(day: date, n: int) -> date:
    return (pd.Timestamp(day) + pd.offsets.BusinessDay(n)).date()


def five(state: State, found: dict[str, list[Warned]], **more: Any) -> tuple[list[today.Today], list[today.Today], int]:
    settled: dict[str, Any] = {"chances": pd.Series(dtype="float64"), "hidden": set(), "actions": {}} | more
    return today.five(state, found, quarter_last=QUARTER_LAST, monday=MONDAY, later=later, **settled)


def passed(amount: int, days: int = 3, **more: Any) -> Deal:
    return {"status": "open", "amount": amount, "expected_close": ago(days), **more}


def test_the_five_have_the_most_amount_times_chance_ties_by_key():
    amounts = {"A": 100, "B": 400, "C": 300, "D": 100, "E": 150, "F": 50, "G": 100}
    of = known({key: passed(amount) for key, amount in amounts.items()})
    chances = pd.Series({"A": 0.9, "B": 0.1, "C": 0.3, "D": 0.9, "E": 0.2, "F": 1.0, "G": 0.9})
    deals, _, n = five(of.deals, warned(of), chances=chances)
    # 90, 40, 90, 90, 30, 50, 90
    assert [d.deal for d in deals] == ["A", "C", "D", "G", "F"] and n == 7
    assert [d.chance for d in deals] == [0.9, 0.3, 0.9, 0.9, 1.0]
    assert deals[1].figure.value == 300 and deals[1].figure.rows == {"C": 300}


def test_only_deals_that_are_due_or_undated_alive_and_not_handled_and_can_be_mended_are_shown():
    rows: dict[str, Deal] = {
        "due": passed(1, next_step="x"),
        "undated": {"status": "open", "amount": 1},
        "next_quarter": {"status": "open", "amount": 1, "expected_close": date(2026, 10, 1)},
        "dead": passed(1, created=ago(300)),
        "handled": passed(1),
        "fine": {"status": "open", "amount": 1, "expected_close": QUARTER_LAST, "next_step": "x"},
    }
    of = known(rows)
    deals, _, n = five(of.deals, warned(of, dead_after=DEAD_AFTER), hidden={"handled"})
    assert sorted(d.deal for d in deals) == ["due", "undated"] and n == 2
    assert five(of.deals, {}) == ([], [], 0)


def test_a_deal_shows_its_two_gravest_warnings_and_what_to_do_about_the_gravest():
    found = warned(all_wrong())
    deals, _, _ = five(all_wrong().deals, found)
    assert [w.rule for w in deals[0].warnings] == ["close_passed", "no_activity"]
    assert deals[0].do.text == ACTIONS["close_passed"][0] and deals[0].by == MONDAY
    own = Suggestion(do="Ring the bell", days=3)
    deals, _, _ = five(all_wrong().deals, found, actions={"close_passed": own, "stuck": Suggestion(do="no")})
    assert said(deals[0].do) == "Ring the bell" and deals[0].by == date(2026, 9, 24)


def test_larger_ones_that_only_their_chance_keeps_out_are_named():
    deals = {f"D{n}": passed(10 * n) for n in range(1, 6)} | {
        "old": passed(900),
        "older": passed(700),
        "small": passed(5),
    }
    of = known(deals)
    chances = pd.Series({f"D{n}": 0.5 for n in range(1, 6)} | {"old": 0.001, "older": 0.001, "small": 0.001})
    first, larger, n = five(of.deals, warned(of), chances=chances)
    assert {d.deal for d in first} == {f"D{n}" for n in range(1, 6)} and n == 8
    assert [d.deal for d in larger] == ["old", "older"]


def test_without_any_decided_deal_the_largest_come_first_and_no_chance_is_said():
    of = known({key: passed(amount, name=f"Project {key}") for key, amount in {"A": 1, "B": 3, "C": 2}.items()})
    deals, _, _ = five(of.deals, warned(of))
    assert [(d.deal, d.name, d.chance, d.owner) for d in deals] == [
        ("B", "Project B", None, None),
        ("C", "Project C", None, None),
        ("A", "Project A", None, None),
    ]


def test_a_deal_without_a_chance_has_the_win_rate_at_its_age_and_without_an_age_that_of_all():
    """Decided within a week: 15 won, 5 lost; later: 2 won, 18 lost."""
    rows: dict[str, Deal] = {}
    for i in range(40):
        status = "won" if i < 15 or i >= 38 else "lost"
        rows[f"W{i}"] = {"status": status, "created": ago(50), "closed": ago(47 if i < 20 else 40)}
    rows |= {
        "young": passed(1, created=ago(2)),
        "old": passed(1, created=ago(9)),
        "ageless": passed(1),
        "told": passed(1),
    }
    of = known(rows)
    deals, _, _ = five(of.deals, warned(of), chances=pd.Series({"told": 0.5, "old": np.nan}))
    assert {d.deal: d.chance for d in deals} == {"young": 0.75, "old": 0.1, "ageless": 17 / 40, "told": 0.5}


# Data to mend


def test_data_to_mend_are_counted_in_a_fixed_order_and_only_where_there_are_any():
    rows: dict[str, Deal] = {
        "A": {"status": "open", "amount": 300, "owner": "Li", "account": "Huaxin", "created": ago(10)},
        "B": {"status": "open", "owner": "Li", "account": "Huaxin", "created": ago(10), "expected_close": ago(1)},
        "C": {"status": "open", "amount": 100, "created": ago(300)},
        "D": {"status": "open", "amount": 100, "owner": "Wu"},
    }
    found = today.to_mend(known(rows).deals, DEAD_AFTER)
    assert [(m.rule, sorted(m.figure.rows), m.share, m.by_amount) for m in found] == [
        ("no_amount", ["B"], 0.25, False),
        ("close_passed", ["B"], 0.25, False),
        ("no_account", ["C", "D"], 0.5, False),
        ("no_owner", ["C"], 0.25, False),
        ("no_created", ["D"], 0.25, False),
        ("dead", ["C"], 0.2, True),
    ]
    assert [said(m.how) for m in found[:2]] == ["enter it, or void", "new date, or lost"]
    whole = {"A": {**rows["A"], "expected_close": MONDAY}}
    assert today.to_mend(known(whole).deals, DEAD_AFTER) == []


def test_without_any_amount_dead_deals_are_a_share_of_the_count():
    rows = {"A": {"status": "open", "created": ago(300)}, "B": {"status": "open", "created": ago(3)}}
    found = {m.rule: m for m in today.to_mend(known(rows).deals, DEAD_AFTER)}
    assert (found["dead"].share, found["dead"].by_amount) == (0.5, False)
    assert found["no_amount"].figure.n == 2


def test_amounts_that_a_rebuilt_state_cannot_know_are_not_missing():
    rows = {"A": {"status": "open", "created": ago(30), "amount": 5}}
    earlier = Snapshot(ago(7), history.versions([Export(MONDAY, frame(rows))]), [MONDAY])
    assert earlier.deals.how == "rebuilt" and today.to_mend(earlier.deals, DEAD_AFTER) == []


# -- what project.yaml says of warnings


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("warnings: {quiet_day: 5}", "line 2: there is no 'warnings.quiet_day'. Did you mean 'quiet_days'?"),
        ("scorecard: {promise: 5}", "there is no 'scorecard.promise'. Did you mean 'promises'?"),
        ("actions: {no_steps: {do: x}}", "there is no 'actions.no_steps'. Did you mean 'no_step'?"),
        ("actions: {no_step: {do: x, day: 2}}", "there is no 'actions.no_step.day'. Did you mean 'days'?"),
        ("actions: {dead: {do: x}}", "line 2: no action is ever suggested for 'dead'. Take 'actions.dead' out."),
        ("warnings: {pushed: 0}", "'warnings.pushed' is 0; expected at least 1: how often"),
    ],
)
def test_what_nothing_would_go_by_is_pointed_out(said: str, answer: str):
    with pytest.raises(SettingsError) as error:
        read(f"name: P\n{said}\n", Settings, "project.yaml")
    assert answer in str(error.value)


def test_what_a_person_adds_of_their_own_stays():
    known = read("name: P\nwarnings: {owner_note: ask Ann, quiet_days: 5}\n", Settings, "project.yaml")
    assert known.warnings.quiet_days == 5
