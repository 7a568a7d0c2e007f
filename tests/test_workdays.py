"""Working days: against the days that the State Council and the U.S. government announced."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplaybook import periods
from salesplaybook.workdays import Calendar

DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def left(country: str, week: str) -> tuple[int, int]:
    """Days and working days from a Monday page's Monday to the quarter's end, both included."""
    monday = periods.parse(week).last + DAY
    last = periods.period_of(monday, "quarter").last
    return (last - monday).days + 1, Calendar(country).count(monday, last)


def test_the_days_left_of_the_third_quarter_of_2026_in_china() -> None:
    assert left("CN", "2026-W39") == (10, 7)


def test_the_days_left_of_the_third_quarter_of_2017_in_the_united_states() -> None:
    assert left("US", "2017-W38") == (13, 10)


def test_a_holiday_is_named_in_the_projects_language() -> None:
    first, last = date(2026, 9, 21), date(2026, 9, 30)
    assert Calendar("CN", language="zh_CN").holidays_between(first, last) == {date(2026, 9, 25): "中秋节"}
    assert Calendar("CN", language="en").holidays_between(first, last) == {date(2026, 9, 25): "Mid-Autumn Festival"}
    labor_day = {date(2017, 9, 4): "Labor Day"}  # the library has no Chinese name
    assert Calendar("US", language="zh_CN").holidays_between(date(2017, 9, 1), date(2017, 9, 30)) == labor_day


def test_a_weekend_that_is_worked_instead_of_another_day_is_worked() -> None:
    # General Office of the State Council, 2025-11-04, on the holidays of 2026.
    china = Calendar("CN")
    assert china.is_working(date(2026, 9, 20))  # a Sunday, and the first thing that this calendar is asked
    assert not china.is_working(date(2026, 9, 27))
    assert china.count(date(2026, 9, 14), date(2026, 9, 20)) == 6
    assert [d.day for d in china.holidays_between(date(2026, 10, 1), date(2026, 10, 31))] == [1, 2, 5, 6, 7]


def test_a_worked_weekend_in_december_is_known_before_the_next_year_was_asked_for() -> None:
    assert Calendar("CN").is_working(date(2011, 12, 31))  # a Saturday, worked instead of 3 January 2012


@pytest.mark.parametrize("code, name, off", [("zh_CN", "调休", "放假"), ("en", "day off in lieu", "day off")])
def test_a_swapped_day_and_a_day_of_the_projects_own_read_well(code: str, name: str, off: str) -> None:
    calendar = Calendar("CN", off=[date(2026, 10, 8)], language=code)
    named = calendar.holidays_between(date(2026, 10, 6), date(2026, 10, 8))
    assert named == {date(2026, 10, 6): name, date(2026, 10, 7): name, date(2026, 10, 8): off}


def test_the_projects_own_days_go_before_the_countrys() -> None:
    calendar = Calendar("CN", off=[date(2026, 9, 21), date(2026, 9, 20)], on=[date(2026, 9, 25), date(2026, 9, 26)])
    worked = [day for n in range(10) if calendar.is_working(day := date(2026, 9, 18) + n * DAY)]
    assert [d.day for d in worked] == [18, 22, 23, 24, 25, 26]
    assert list(calendar.holidays_between(date(2026, 9, 18), date(2026, 9, 26))) == [date(2026, 9, 21)]


def test_a_country_that_is_not_known_has_weekends_and_says_so() -> None:
    nowhere = Calendar("XX", off=[date(2026, 9, 22)], language="en")
    assert not nowhere.known and Calendar("CN").known
    assert nowhere.count(date(2026, 9, 21), date(2026, 9, 30)) == 7
    assert nowhere.holidays_between(date(2026, 9, 21), date(2026, 9, 30)) == {date(2026, 9, 22): "day off"}


def test_weekends_are_the_countrys() -> None:
    riyadh = Calendar("SA", language="en")
    sunday = date(2026, 11, 29)
    assert riyadh.is_working(sunday) and not riyadh.is_working(sunday - 2 * DAY)
    assert riyadh.holidays_between(sunday - 7 * DAY, sunday) == {}


def test_years_that_nobody_has_announced_have_weekends_and_fixed_holidays() -> None:
    china = Calendar("CN")
    assert not china.is_working(date(2035, 10, 1))
    assert china.count(date(2150, 3, 1), date(2150, 3, 31)) == 22


def test_the_next_working_day_passes_over_holidays() -> None:
    china = Calendar("CN")
    thursday, friday, saturday = date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 26)
    monday, tuesday = date(2026, 9, 28), date(2026, 9, 29)
    assert [china.later(thursday, n) for n in (0, 1, 2)] == [thursday, monday, tuesday]
    assert [china.later(friday, n) for n in (0, 1)] == [china.later(saturday, n) for n in (0, 1)] == [monday, monday]


@given(DAYS, st.integers(1, 12), st.sampled_from(["CN", "US", "SA", "XX"]))
def test_the_nth_working_day_has_n_working_days_up_to_it(day: date, n: int, country: str) -> None:
    calendar = Calendar(country)
    then = calendar.later(day, n)
    assert calendar.is_working(then) and calendar.count(day + DAY, then) == n


def test_the_library_is_loaded_by_the_first_day_that_is_asked_for() -> None:
    code = (
        "import sys, datetime; from salesplaybook.workdays import Calendar; here = Calendar('CN'); "
        "loaded = lambda: print('holidays' in sys.modules); "
        "loaded(); here.is_working(datetime.date(2026, 9, 21)); loaded()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.split() == ["False", "True"]
