"""Which days a period's name stands for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplaybook import periods
from salesplaybook.errors import PeriodError


@pytest.mark.parametrize(
    ("name", "start", "first", "last"),
    [
        ("2026Q3", 1, "2026-07-01", "2026-09-30"),
        ("2026Q3", 4, "2026-10-01", "2026-12-31"),
        ("2026Q4", 4, "2027-01-01", "2027-03-31"),
        ("2026-09", 1, "2026-09-01", "2026-09-30"),
        ("2026", 4, "2026-04-01", "2027-03-31"),
        ("2026q1", 1, "2026-01-01", "2026-03-31"),
        ("2026-W39", 1, "2026-09-14", "2026-09-20"),
        ("2017-W38", 1, "2017-09-11", "2017-09-17"),
        ("2024-02", 1, "2024-02-01", "2024-02-29"),
    ],
)
def test_names(name: str, start: int, first: str, last: str):
    period = periods.parse(name, start)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(
    "name", ["2026Q5", "2026-W54", "2025-W53", "2026-13", "26Q1", "Q3", "", "2026-09-30", "../x", "２０２６Q5"]
)
def test_what_is_no_period_gets_a_sentence(name: str):
    with pytest.raises(PeriodError):
        periods.parse(name)


def test_the_page_of_a_monday_is_named_by_its_week():
    assert periods.week_of(date(2026, 9, 21)).name == "2026-W39"


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.sampled_from(["month", "quarter", "year"]), st.integers(1, 12))
def test_periods_follow_each_other_without_gap(day, kind, start):
    period = periods.period_of(day, kind, start)
    assert day in period
    assert period.before().last == period.eve
    assert periods.parse(period.name, start) == period


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_weeks_follow_each_other_without_gap(day):
    week = periods.week_of(day)
    assert week.last < day <= date.fromordinal(week.last.toordinal() + 7)
    assert week.before().last == week.eve


def test_a_weekend_counts_to_the_coming_monday():
    assert periods.coming_monday(date(2026, 9, 19)) == date(2026, 9, 21)
    assert periods.coming_monday(date(2026, 9, 21)) == date(2026, 9, 21)
