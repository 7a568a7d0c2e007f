"""A whole in parts: they sum to it exactly, whatever the weights; what is set by hand stays."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from salesplaybook.methods import plan, split
from salesplaybook.methods.team import Seat
from salesplaybook.periods import parse
from salesplaybook.workdays import Calendar

QUARTER, CHINA = parse("2026Q1"), Calendar("CN")
WEIGHTS = st.dictionaries(
    st.sampled_from("abcdefghij"), st.one_of(st.just(0.0), st.floats(0, 1e9, allow_subnormal=False)), min_size=1
)


@given(st.integers(0, 10**14), WEIGHTS, st.data())
def test_parts_of_a_target_sum_to_the_target(whole: int, weights: dict[str, float], data: st.DataObject):
    names = data.draw(st.lists(st.sampled_from(sorted(weights)), unique=True, max_size=len(weights)))
    by_hand, left = {}, whole
    for name in names:
        by_hand[name] = data.draw(st.integers(0, left))
        left -= by_hand[name]
    made = split.parts(whole, weights, by_hand)
    if made.parts is None:
        assert left and set(by_hand) == set(weights) and made.problem
        return
    assert sum(made.parts.values()) == whole
    assert {name: made.parts[name] for name in by_hand} == by_hand
    assert all(part >= 0 for part in made.parts.values())


def test_the_largest_remainders_get_what_is_left_over():
    # Balinski and Young 2001: Hamilton's method on quotas 4.4, 3.4, 2.2 of ten seats.
    assert split.apportioned(10, [4.4, 3.4, 2.2]) == [5, 3, 2] or split.apportioned(10, [4.4, 3.4, 2.2]) == [4, 4, 2]
    assert split.apportioned(100, [1, 1, 1]) == [34, 33, 33]
    assert split.apportioned(7, [0, 0]) == [4, 3]


def test_parts_by_hand_over_the_whole_are_named_with_both_values():
    made = split.parts(100, {"a": 1, "b": 1}, {"a": 120})
    assert (
        made.parts is None and made.problem and made.problem.values["sum"] == 120 and made.problem.values["over"] == 20
    )


def test_somebody_who_joins_in_march_carries_the_days_that_are_left_and_the_rest_is_split_again():
    team = [Seat("Li Na", QUARTER.first, QUARTER.last), Seat("Bo Chen", date(2026, 3, 2), QUARTER.last)]
    weights = split.of_people("capacity", team, QUARTER, CHINA, {})
    all_days, his = CHINA.count(QUARTER.first, QUARTER.last), CHINA.count(date(2026, 3, 2), QUARTER.last)
    assert abs(weights["Bo Chen"] / weights["Li Na"] - his / all_days) < 1e-12
    before = split.parts(12_000_000, {"Li Na": 1.0}, {}).parts
    after = split.parts(12_000_000, weights, {}).parts
    assert before == {"Li Na": 12_000_000} and after and sum(after.values()) == 12_000_000
    assert after["Bo Chen"] < after["Li Na"]


def test_the_spring_festival_moves_the_plan_line():
    # 2026: 15-23 February are off in China; 2027: 5-11 February or so.
    line = plan.line(QUARTER, CHINA, [])
    worked = CHINA.count(QUARTER.first, date(2026, 2, 14)) / CHINA.count(QUARTER.first, QUARTER.last)
    assert abs(line.at(date(2026, 2, 14)) - worked) < 1e-12
    assert line.at(date(2026, 2, 14)) == line.at(date(2026, 2, 22))
    assert line.at(QUARTER.eve) == 0 and abs(line.at(QUARTER.last) - 1) < 1e-12


def test_days_ahead_are_counted_in_working_days():
    line = plan.line(QUARTER, CHINA, [])
    friday = date(2026, 1, 16)
    assert line.ahead(friday, line.at(friday)) == 0
    assert line.ahead(friday, line.at(date(2026, 1, 20))) == 2
    assert line.ahead(friday, line.at(date(2026, 1, 14))) == -2
