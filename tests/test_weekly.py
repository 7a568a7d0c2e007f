"""The Monday page on real data, and what becomes of promises, commits and drafts from week to week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from salesplaybook import metrics
from salesplaybook.areas import no_data, weekly
from salesplaybook.areas import weekly_said as said
from salesplaybook.areas import weekly_sentences as sentences
from salesplaybook.areas.weekly_track import scored, track
from salesplaybook.entries.kinds import Action, Commit, Handled, Target, target
from salesplaybook.errors import ParameterError
from salesplaybook.language import by_name
from salesplaybook.methods.cash import Cash, Invoice
from salesplaybook.methods.today import Mend, Today
from salesplaybook.methods.warnings import Warned
from salesplaybook.periods import parse
from salesplaybook.project import Project
from salesplaybook.results import Figure, Said, say
from salesplaybook.states import State
from salesplaybook.workdays import Calendar

MONDAY = date(2026, 9, 21)


def page_of(folder: Path, period: str, as_of: str = "", owner: str = "") -> weekly.Body:
    here = Project.open(folder)
    known = here.snapshot(as_of, period)
    window = here.period(period, known.on, "week")
    return weekly.body(window, known, here.rules(known), owner)


def dollars(figure: Figure | None) -> float:
    assert figure and figure.value is not None
    return figure.value / 100


# -- Maven: one export, rebuilt from dates


@pytest.fixture(scope="module")
def week38(maven: Path) -> weekly.Body:
    return page_of(maven, "2017-W38", "2017-09-17")


def test_a_monday_in_september_counts_days_and_working_days_from_it_on(week38: weekly.Body):
    assert (week38.monday, week38.quarter) == (date(2017, 9, 18), "2017Q3")
    assert (week38.days_left, week38.working_days) == (13, 10)


def test_pace_stands_beside_the_second_quarter_with_as_many_days_left(week38: weekly.Body):
    assert dollars(week38.won) == 2_439_183 and dollars(week38.won_week) == 323_276
    assert week38.forecast and week38.forecast.case == "b" and week38.forecast.quarters == ["2017Q2"]
    assert round(week38.forecast.usual_share or 0, 3) == 0.798
    assert week38.forecast.p50 is None and week38.forecast.withheld


def test_the_walk_of_the_week_is_the_pictures(week38: weekly.Body):
    walk = week38.stock
    assert walk and week38.rebuilt and week38.due is None
    assert [f.n for name in ("new", "won", "lost") if (f := walk[name])] == [174, 130, 34]
    assert (walk.opening.n, walk.closing.n) == (2320, 2330)


def test_data_to_mend_are_counts(week38: weekly.Body):
    counts = {m.rule: m.figure.n for m in week38.mend}
    assert counts["no_account"] == 981 and counts["dead"] == 513


def test_thirty_owners_are_eight_lines_and_the_rest_in_the_order_of_names(week38: weekly.Body):
    assert len(week38.owners) == 9 and week38.owners[-1].people == 22
    names = [row.owner for row in week38.owners[:8]]
    assert names == sorted(names) and sum(row.won for row in week38.owners) == week38.won.value


def test_five_deals_each_with_a_reason_and_none_of_them_dead(week38: weekly.Body):
    assert len(week38.deals) == 5
    assert all(deal.warnings and deal.warnings[0].rule != "dead" for deal in week38.deals)
    worth = [(deal.figure.value or 0) * (deal.chance or 0) for deal in week38.deals]
    assert worth == sorted(worth, reverse=True)


def test_from_three_complete_quarters_on_there_is_a_range(maven: Path):
    page = page_of(maven, "2018-W01", "2017-12-31")
    assert page.quarter == "2018Q1" and page.forecast and page.forecast.case == "c"
    low, middle, high = page.forecast.p10, page.forecast.p50, page.forecast.p90
    assert low is not None and middle is not None and high is not None and low < middle < high


def test_as_of_a_quarters_last_day_its_final_is_known_and_the_owners_add_up_to_it(maven: Path):
    page = page_of(maven, "2018-W01", "2017-12-31")
    assert page.first_week and page.final and dollars(page.final) == 2_802_496
    assert sum(row.last_quarter or 0 for row in page.owners) == page.final.value
    assert [row.people for row in page.owners] == [1] * 8 + [22]  # three of them have no deal any more
    gone = {row.owner for row in page.all_owners if not row.here}
    assert gone == {"Donn Cantrell", "Garret Kinder", "Reed Clapper"}


def test_an_owners_cut_holds_that_owners_deals_and_nothing_of_others(maven: Path):
    page = page_of(maven, "2017-W38", "2017-09-17", "Darcel Schlecht")
    assert {deal.owner for deal in page.deals} == {"Darcel Schlecht"}
    assert [row.owner for row in page.owners] == ["Darcel Schlecht"]
    assert page.forecast is None and page.cash is None and not page.mend and not page.drafts
    assert page.stock and page.stock.closing.n and page.stock.closing.n < 2330


def test_an_owners_cut_is_saved_apart_also_as_a_text_for_the_two(maven: Path):
    here = Project.open(maven)
    known = here.snapshot("2017-09-17", "2017-W38")
    window = here.period("2017-W38", known.on, "week")
    page = here.save(weekly.body(window, known, here.rules(known), "Darcel Schlecht"), window, known)
    assert page.parent == maven / "records" / "private" / "2017-W38"
    text = page.with_suffix(".txt").read_text("utf-8")
    assert "Darcel Schlecht" in text.splitlines()[0] and len(text.encode()) <= 2048
    assert not (maven / "records" / "2017-W38").exists()


def test_a_cut_of_nobody_names_who_there_is(maven: Path):
    with pytest.raises(ParameterError, match="Darcel Schlecht"):
        page_of(maven, "2017-W38", "2017-09-17", "Darcel Schlect")
    with pytest.raises(ParameterError, match="Did you mean Darcel Schlecht"):
        page_of(maven, "2017-W38", "2017-09-17", "darcel")


# -- promises


def action(id: str, **values: object) -> Action:
    return Action.model_validate({"id": id, "what": id, "who": "Li Na", "due": date(2026, 9, 18)} | values)


def test_a_promise_is_done_overdue_moved_gone_or_still_open():
    last = [action(x) for x in ("done", "late", "moved", "gone", "dropped")] + [action("open", due=date(2026, 9, 30))]
    now = [
        action("done", done=MONDAY),
        action("late"),
        action("moved", due=date(2026, 9, 25), why="legal"),
        action("dropped", dropped=True),
        action("open", due=date(2026, 9, 30)),
    ]
    states = {p.id: p.state for p in said.promises(last, now, MONDAY)}
    assert states == {
        "done": "done",
        "late": "overdue",
        "moved": "moved",
        "gone": "gone",
        "dropped": "gone",
        "open": "open",
    }
    late = said.promises(last, now, MONDAY)[0]
    assert (late.id, late.days_late) == ("late", 3)


def test_what_was_done_before_last_monday_is_no_promise_any_more():
    assert said.promises([action("x", done=date(2026, 9, 10))], [], MONDAY) == []


def test_what_was_done_or_moved_between_two_mondays_stands_in_last_weeks_state_and_counts():
    thursday = date(2026, 9, 17)
    done = action("done", done=thursday)
    moved = action("moved", due=date(2026, 9, 30), was_due=date(2026, 9, 18), moved=thursday)
    states = {p.id: (p.state, p.was_due) for p in said.promises([done, moved], [done, moved], MONDAY)}
    assert states == {"done": ("done", date(2026, 9, 18)), "moved": ("moved", date(2026, 9, 18))}
    (later,) = said.promises([moved], [moved], date(2026, 9, 28))
    assert later.state == "open"


def test_where_a_weeks_export_was_left_out_what_was_done_in_that_week_counts():
    done = action("done", done=date(2026, 9, 10))
    (kept,) = said.promises([done], [done], MONDAY, date(2026, 9, 7))
    assert kept.state == "done"
    assert said.promises([done], [done], MONDAY, date(2026, 9, 12)) == []  # of a weekend, for the Monday after


def test_a_promise_about_a_deal_that_has_closed_is_neither_late_nor_asked_for_again():
    mine = [action("lost", deal="L"), action("won", deal="W"), action("late", deal="O"), action("before", deal="B")]
    then = state({"L": "open", "W": "open", "O": "open", "B": "won"})
    now = state({"L": "lost", "W": "won", "O": "open", "B": "won"})
    told = said.promises(mine, mine, MONDAY, ends=(then, now))
    assert {p.id: p.state for p in told} == {"late": "overdue", "lost": "lost", "won": "won"}
    assert sentences.promised(told) == say(
        "Promises: {done:count} of {all:count} done, {overdue:count} overdue", done=0, all=1, overdue=1, moved=0
    )
    assert [a.id for a in said.agreed(mine, MONDAY, now)] == ["late"]
    of_goal = action("lost", deal="L", goal="G")
    assert said.promises([of_goal], [of_goal], MONDAY, ends=(then, now))[0].state == "overdue"
    reopened = action("back", deal="B")
    assert said.promises([reopened], [reopened], MONDAY, ends=(now, state({"B": "open"})))[0].state == "overdue"


def state(statuses: dict[str, str]) -> State:
    frame = pd.DataFrame({"status": statuses, "owner": "Li Na", "closed": pd.Timestamp(MONDAY), "amount": 100})
    return State(frame, MONDAY, "export", MONDAY)


# -- what is said, and what came of it


def test_without_closing_days_what_is_won_is_not_nothing():
    deals = state({"A": "won", "B": "won", "C": "won", "D": "lost"})
    deals.frame.loc[["A", "B"], "closed"] = pd.NaT
    found = metrics.bookings(deals, parse("2026Q3"))
    assert found.value is None and found.reason
    assert found.reason.values == {"blank": 2, "n": 3}
    assert sentences.lead(weekly.Body(title=[], won=found))[0].text.startswith("**What is won can't be told**")
    assert "can't be told" in sentences.title([], None, found, MONDAY, "")[1].text
    deals.frame.loc["A", "closed"] = deals.frame.loc["B", "closed"] = pd.Timestamp(MONDAY)
    deals.frame.loc["D", "closed"] = pd.NaT  # a lost deal is no booking
    assert metrics.bookings(deals, parse("2026Q3")).value == 300


def test_the_page_says_where_closing_days_come_from():
    deals = state(dict.fromkeys("ABCD", "won"))
    deals.frame["closed_by"] = ["closed", "expected_close", "expected_close", "first_seen"]
    deals.frame[["expected_close", "at_list_price"]] = [[pd.Timestamp(MONDAY), False]] * 4
    assert no_data.gaps(deals, deals) == [say(no_data.TAKEN["expected_close"], n=2, all=4)]
    deals.frame["closed_by"] = "closed"
    assert no_data.gaps(deals, deals) == []


def test_each_commit_is_scored_once_its_quarter_is_over_an_owners_by_the_owners_deals():
    line = Said(period="2026Q2", made_on=date(2026, 6, 1), by="manager", said=500)
    both = [line, line.model_copy(update={"owner": "Li Na", "said": 90})]
    deals = state({"A": "won", "B": "won"})
    deals.frame["closed"] = pd.Timestamp("2026-06-20")
    deals.frame.loc["B", "owner"] = "He Tao"
    now = replace(deals, frame=deals.frame.assign(owner="He Tao"))  # given to somebody else since
    both.append(line.model_copy(update={"owner": "Nobody"}))
    came = scored(both, now, 1, MONDAY, lambda day: deals)
    assert [(s.owner, s.came) for s in came] == [("", 200), ("Li Na", 100)]
    found = track(came)
    assert found and found.commits == 1  # no person's record stands on a page


# -- commits and targets


def commit(week: str, amount: int | None, owner: str = "", period: str = "2026Q3", **more: object) -> Commit:
    return Commit.model_validate(
        {"id": f"{period}:{week}:{owner}", "period": period, "week": week, "owner": owner, "amount": amount} | more
    )


def test_a_commit_stands_beside_the_one_before_and_not_beside_a_later_one():
    found = [commit("2026-W37", 1300), commit("2026-W39", 1240), commit("2026-W40", 1)]
    now = said.commits(found, "2026Q3", "2026-W39", 100)
    assert (now.now, now.before, now.skipped) == (124_000, 130_000, False)


def test_a_skipped_commit_is_neither_a_number_nor_missing():
    found = [commit("2026-W38", 1300), commit("2026-W39", None, skipped=True)]
    now = said.commits(found, "2026Q3", "2026-W39", 100)
    assert (now.now, now.before, now.skipped) == (None, 130_000, True)


def test_a_projects_target_is_its_own_or_else_the_sum_of_its_owners():
    people = [Target(id=x, period="2026Q3", owner=x, amount=Decimal("10.5")) for x in ("a", "b")]
    assert target(people, "2026Q3", 100) == 2100
    assert target([*people, Target(id="t", period="2026Q3", amount=Decimal(30))], "2026Q3", 100) == 3000
    assert target(people, "2026Q3", 100, "a") == 1050 and target(people, "2026Q4", 100) is None


def test_eight_owners_are_eight_lines_and_ten_are_eight_and_one():
    def rows(n: int) -> list[said.OwnerRow]:
        won = pd.Series({f"P{i:02}": i for i in range(n)})
        return said.owner_rows(won, None, set(), [], "2026Q3", "2026-W39", 100)

    assert [r.people for r in said.shown(rows(8))] == [1] * 8
    ten = said.shown(rows(10))
    assert [r.people for r in ten] == [1] * 8 + [2] and ten[-1].won == 8 + 9


def test_who_left_stands_with_the_others_and_deals_without_an_owner_are_no_person():
    last = pd.Series({"Ann": 5, "Gone": 7, "": 2})
    rows = said.owner_rows(pd.Series({"Ann": 1, "": 3}), last, {"Bob"}, [], "2026Q3", "2026-W39", 100)
    assert [(r.owner, r.people, r.here) for r in rows] == [
        ("Ann", 1, True),
        ("Bob", 1, True),
        ("Gone", 1, False),
        ("", 0, True),
    ]
    assert [(r.owner, r.people, r.last_quarter) for r in said.shown(rows)] == [
        ("Ann", 1, 5),
        ("Bob", 1, 0),
        ("Gone", 1, 7),
        ("", 0, 2),
    ]


def test_chinese_names_stand_in_the_order_of_their_sounds():
    assert sorted(["张伟", "李娜", "陈静", "何涛"], key=by_name) == ["陈静", "何涛", "李娜", "张伟"]


# -- handled ticks and drafts


def test_a_tick_hides_a_deal_for_fourteen_days():
    ticks = [Handled(id=str(d), deal=str(d), on=date(2026, 9, d)) for d in (6, 7, 8, 21)]
    assert said.hidden(ticks, MONDAY, 14) == {"8", "21"}


INVOICE = "cash:C1:2026-09-18"


def cash() -> Cash:
    figure = Figure(definition="x", value=0)
    row = Invoice(kind="new", account="Huaxin", contract="C1", owner="Chen Jing", amount=3500, due=date(2026, 9, 18))
    return Cash(due=figure, overdue=figure, newly=figure, over_90=figure, as_of=MONDAY, rows=[row], older_n=0, older=0)


@pytest.mark.parametrize(
    "typed, ids",
    [
        ([], [INVOICE]),
        ([action(INVOICE)], []),
        ([action(INVOICE, dropped=True)], []),
        ([action(INVOICE, done=date(2026, 9, 1))], [f"{INVOICE}#2"]),
        ([action(INVOICE, done=date(2026, 9, 1)), action(f"{INVOICE}#2", dropped=True)], []),
    ],
    ids=["new", "accepted", "dropped", "done", "done, then dropped"],
)
def test_a_draft_that_was_accepted_or_dropped_does_not_return(typed: list[Action], ids: list[str]):
    found = said.drafts([], cash(), [], typed, MONDAY, Calendar("CN"))
    assert [draft.id for draft in found] == ids
    if found:
        assert found[0].due == date(2026, 9, 22) and found[0].what == say(
            "Call {account} about the {amount:money}", account="Huaxin", amount=3500
        )


def test_drafts_that_were_answered_make_room_for_others():
    nothing = Figure(definition="x", value=0, n=35)
    passed = Mend(rule="close_passed", figure=nothing, share=0.4, by_amount=False, how=say("x"))
    rows = [row.model_copy(update={"contract": f"C{n}"}) for n in range(9) for row in cash().rows]
    many = cash().model_copy(update={"rows": rows})
    why = Warned(rule="no_step", said=say("No next step"))
    five = [
        Today(
            deal=f"D{n}", name="x", account=None, owner="Li Na", figure=nothing, at_list_price=False, chance=None,
            warnings=[why], do=say("x"), by=MONDAY,
        )
        for n in range(5)
    ]  # fmt: skip

    def ids(typed: list[Action]) -> list[str]:
        return [d.id for d in said.drafts(five, many, [passed], typed, MONDAY, Calendar("CN"), "2026Q3")]

    of_deals, rest = [f"no_step:D{n}" for n in range(5)], ["cash:C0:2026-09-18", "cash:C1:2026-09-18"]
    assert ids([]) == [*of_deals, rest[0]]
    assert ids([action(id) for id in of_deals]) == [*rest, "mend:close_passed:2026Q3"]
