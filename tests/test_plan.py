"""A target's line, the chance of the rest, what would have to be true: against numbers that are counted otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from test_walk import frame

from salesplaybook import history
from salesplaybook.areas import goals
from salesplaybook.entries.kinds import Entry, Target
from salesplaybook.history import Export, Snapshot
from salesplaybook.methods import plan
from salesplaybook.methods.needed import needed
from salesplaybook.methods.quarters import complete
from salesplaybook.periods import Period, parse
from salesplaybook.workdays import Calendar
from test_goals_page import QUARTER, RULES, TODAY, deals

CHINA, TOLD = Calendar("CN"), date(2026, 8, 18)
DAY = timedelta(days=1)


def won(*rows: tuple[date, int]) -> Snapshot:
    """Deals that were won on a day for an amount in cents, as an export of 5 January 2027 has them."""
    on = date(2027, 1, 5)
    listed = {
        f"d{n}": {"name": f"d{n}", "account": f"a{n}", "owner": "Li Na", "status": "won", "amount": cents}
        | {"value": cents, "closed": day, "created": day - 30 * DAY}
        for n, (day, cents) in enumerate(rows)
    }
    return Snapshot(on, history.versions([Export(on, frame(listed))]), [on])


# -- the line


@given(st.integers(0, 91), st.lists(st.floats(0.05, 1), min_size=3, max_size=3))
def test_a_line_rises_from_nothing_to_the_whole_and_never_on_a_day_off(n: int, seasons: list[float]):
    line, day = plan.line(QUARTER, CHINA, [s / sum(seasons) for s in seasons]), QUARTER.first + n * DAY
    assert 0 <= line.at(day - DAY) <= line.at(day) <= 1 + 1e-12
    assert (line.at(day) > line.at(day - DAY)) == CHINA.is_working(day)
    assert line.at(QUARTER.eve) == 0 and line.at(QUARTER.last) == pytest.approx(1)
    assert line.ahead(day, line.at(day)) == 0


def test_a_month_carries_the_share_that_it_usually_brings():
    line = plan.line(QUARTER, CHINA, [0.25, 0.25, 0.5])
    assert line.at(date(2026, 7, 31)) == pytest.approx(0.25) and line.at(date(2026, 8, 31)) == pytest.approx(0.5)


def test_somebodys_line_runs_through_the_days_on_which_they_are_there():
    late = plan.line(QUARTER, CHINA, first=date(2026, 9, 1))
    assert late.at(date(2026, 8, 31)) == 0 and late.at(QUARTER.last) == pytest.approx(1)
    assert late.ahead(date(2026, 9, 4), 0.0) == -4  # Tuesday to Friday
    early = plan.line(QUARTER, CHINA, last=date(2026, 7, 31))
    assert early.at(date(2026, 7, 31)) == pytest.approx(1) == early.at(QUARTER.last)


def test_seasons_are_those_of_earlier_quarters_and_a_moved_festival_takes_its_days_along():
    # Every working day of 2024 to 2026 brings as much as any other: so a month's share is its share of working days.
    days = [date(2024, 1, 1) + n * DAY for n in range(1096)]
    flat = won(*((day, 100_00) for day in days if CHINA.is_working(day)))
    quarter = parse("2027Q1")  # Spring Festival on 6 February 2027, on 17 February in 2026
    counts = np.array([CHINA.count(m.first, m.last) for m in plan.months(quarter)], dtype=float)
    assert plan.seasons(flat, quarter, CHINA) == pytest.approx(counts / counts.sum())
    # September brings as much as July and August together, as long as it had as many working days as these had each.
    double = [(day, 200_00 if day.month % 3 == 0 else 100_00) for day in days if CHINA.is_working(day)]
    worth = counts * [1, 1, 2]
    assert plan.seasons(won(*double), quarter, CHINA) == pytest.approx(worth / worth.sum(), rel=0.02)


def test_two_quarters_tell_no_season():
    few = won(*((date(2026, 7, 1) + 2 * n * DAY, 100_00) for n in range(91)))
    assert plan.seasons(few, parse("2027Q1"), CHINA) == []


# -- the chance


def test_the_chance_is_that_of_a_students_t_on_the_roots_of_what_came_in_as_many_last_days():
    sample = [4.0, 9, 16, 25]
    spread = np.std([2, 3, 4, 5], ddof=1) * np.sqrt(1.25)
    assert plan.exceeds(sample, 16) == pytest.approx(student(3, 3.5, spread).sf(4))
    assert plan.exceeds([7, 7, 7], 3) is None


@pytest.mark.parametrize("n", [4, 8])
def test_a_chance_comes_true_as_often_as_it_says(n: int):
    draw = np.random.default_rng(11)
    said, came = [], []
    for _ in range(4000):  # the rest of a quarter: some deals of skewed sizes, in good and bad quarters
        counts = draw.poisson(10 * draw.lognormal(0, 0.25, n + 1))
        rest = [float(draw.lognormal(0, 0.8, k).sum()) for k in counts]
        wanted = 14 * draw.lognormal(0, 0.6)
        said.append(plan.exceeds(rest[:n], wanted))
        came.append(rest[n] >= wanted)
    told, true = np.array(said, dtype=float), np.array(came)
    assert abs(told.mean() - true.mean()) < 0.02
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (told >= low) & (told < low + 0.2)
        assert abs(told[inside].mean() - true[inside].mean()) < 0.09
    assert ((told - true) ** 2).mean() < true.mean() * (1 - true.mean())  # better than the base rate alone


def test_a_chance_is_withheld_where_history_is_thin_and_said_with_the_days_left_in_view():
    known, quarter = deals("en"), QUARTER
    found = plan.chance(known, "bookings", quarter, TOLD, 400_000_000, 0)
    assert found.value is not None and 0 < found.value < 1
    rare = plan.chance(known, "bookings", quarter, TOLD, 4_000_000_000, 0).value
    assert found.value and rare and 1 / 10 <= rare < found.value  # never nearer to 0 than eight quarters can show
    thin = plan.chance(deals("en", 3, 2), "bookings", quarter, TOLD, 400_000_000, 0)
    assert thin.value is None and thin.reason and thin.reason.values["n"] == 2
    assert plan.chance(known, "new_customers", quarter, TOLD, 4, 4).reason.text == "reached"  # type: ignore[union-attr]
    over = plan.chance(known, "new_customers", quarter, quarter.last, 4, 0)
    assert over.value is None and over.reason and over.reason.text == "the quarter is over"


# -- what would have to be true


def by_hand(known: Snapshot, quarter: Period, told: date, rest: int) -> tuple[float, float, float]:
    """Needed, usual and best a week, counted deal by deal."""
    left, rows = (quarter.last - told).days, known.deals.frame
    over = [q for q in complete(known.deals, known.on) if q.last < quarter.first][-8:]
    opened = won_ = 0.0
    for q in over:
        for _, deal in rows.iterrows():
            if q.last - (left - 1) * DAY <= deal["created"].date() <= q.last:
                opened += deal["value"]
                closed = deal["closed"]
                won_ += deal["value"] * (deal["status"] == "won" and closed.date() <= q.last)
    days = rows.groupby(rows["created"].dt.date)["value"].sum()
    every = [over[0].first + n * DAY for n in range((told - over[0].first).days - left + 2)]
    best = max(sum(days.get(first + n * DAY, 0) for n in range(left)) for first in every)
    weeks = left / 7
    return rest / (won_ / opened) / weeks, opened / len(over) / weeks, best / weeks


def test_pipeline_needed_a_week_is_what_is_left_over_the_usual_yield_beside_the_best_weeks_ever():
    known = deals("en")
    found = needed(known, QUARTER, TOLD, 2_000_000_000, 300_000_000, 400_000_000)
    assert found and found.gap == 1_700_000_000 and found.rest == 1_300_000_000
    a_week, usual, best = by_hand(known, QUARTER, TOLD, 1_300_000_000)
    assert (found.a_week, found.usual, found.best) == pytest.approx((a_week, usual, best), abs=1)
    assert found.verdict == "never" and found.best_first and found.best_last
    assert (found.best_last - found.best_first).days + 1 == (QUARTER.last - TOLD).days
    rest = round(1_300_000_000 * usual / a_week)
    verdicts = [needed(known, QUARTER, TOLD, amount, 0, 0).verdict for amount in (rest - 1_000, rest + 1_000)]  # type: ignore[union-attr]
    assert verdicts == ["usual", "seen"]


def test_the_most_on_record_is_looked_for_in_all_of_the_record():
    day, last = date(2023, 10, 2), date(2026, 6, 30)
    rows = {}
    for n in range((last - day).days // 3):
        opened, burst = day + 3 * n * DAY, (day + 3 * n * DAY).year == 2023
        cents = 100_000_00 if burst else 1_000_00
        rows[f"d{n}"] = {"name": f"d{n}", "account": f"a{n}", "status": "won", "amount": cents, "value": cents}
        rows[f"d{n}"] |= {"created": opened, "closed": opened}
    rows["first"] = rows["d0"] | {"created": date(2023, 10, 1), "closed": date(2023, 10, 1)}
    known = Snapshot(TODAY, history.versions([Export(TODAY, frame(rows))]), [TODAY])
    found = needed(known, QUARTER, TOLD, 1_000_000_00, 0, 0)
    assert found and found.best_last and found.best_last.year == 2023 and found.verdict == "seen"


def test_whoever_reached_the_target_is_never_on_the_line_and_whoever_just_missed_it_is_behind():
    line = plan.line(QUARTER, CHINA)
    assert line.ahead(QUARTER.last, 0.9999) == -1 and line.ahead(QUARTER.last, 1.2) == 0  # told as reached


def test_nothing_is_needed_where_what_is_open_gives_the_rest_or_the_target_is_reached():
    known = deals("en")
    covered = needed(known, QUARTER, TOLD, 1_000, 500, 600)
    assert covered and covered.verdict == "covered" and covered.a_week is None
    assert needed(known, QUARTER, TOLD, 1_000, 1_000, 0) is None
    assert needed(known, QUARTER, QUARTER.last, 1_000, 0, 0) is None


def test_what_would_have_to_be_true_is_withheld_where_nobody_can_tell():
    assert needed(deals("en"), QUARTER, TOLD, 1_000, 0, None).withheld  # type: ignore[union-attr]
    thin = needed(deals("en", 3, 2), QUARTER, TOLD, 1_000, 0, 0)
    assert thin and thin.withheld and thin.a_week is None


# -- where people and metrics stand


def test_a_person_is_told_in_working_days_and_history_in_words():
    known = deals("en")
    asked: list[Entry] = [
        Target(id="q", period="2026Q3", amount=Decimal(11_000_000)),
        Target(id="a", period="2026Q3", owner="Ann Lee", amount=Decimal(1_000_000)),
        Target(id="b", period="2026Q3", owner="Bo Chen", amount=Decimal(1_000_000)),
    ]
    page = goals.body(QUARTER, replace(known, typed={TODAY: {"targets": asked}}), RULES)
    people = {p.owner: p for p in page.people}
    done = CHINA.count(QUARTER.first, TODAY)
    assert not people["Bo Chen"].reached and people["Bo Chen"].days == -done
    assert people["Ann Lee"].reached and not any(name.startswith("person") for name, _ in page.figures())
    assert people["Ann Lee"].days == CHINA.count(TODAY + DAY, QUARTER.last)  # it is reached: ahead by all that is left
    row = page.progress[0]
    assert row.history == [float(v) for v in row.history] and len(row.history) == 8
    assert row.plausible and row.plausible.values["most"] == max(row.history)
    assert row.line == pytest.approx(1_100_000_000 * page.share)


def test_all_won_and_one_customer_make_a_page_without_invented_numbers():
    day = date(2026, 7, 6)
    rows = {
        f"d{n}": {"name": "x", "account": "Only", "owner": "Li Na", "status": "won", "amount": 100, "value": 100}
        | {"closed": day + n * DAY, "created": day}
        for n in range(20)
    }
    known = Snapshot(TODAY, history.versions([Export(TODAY, frame(rows))]), [TODAY])
    asked: list[Entry] = [
        Target(id=m, period="2026Q3", metric=m, amount=Decimal(9)) for m in ("bookings", "new_customers")
    ]
    page = goals.body(QUARTER, replace(known, typed={TODAY: {"targets": asked}}), RULES)
    assert {row.metric: row.chance for row in page.progress if row.target} == {"bookings": None, "new_customers": None}
    assert all(row.unsaid for row in page.progress if row.target is not None and row.chance is None)
    assert page.people[0].owner == "Li Na" and page.split("bookings")
