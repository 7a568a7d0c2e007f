"""Figures against the demo company's known truth and against counting by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from test_walk import by_hand, row_sums

from salesplaybook import history, metrics
from salesplaybook.demo import simulate
from salesplaybook.history import Export, Snapshot
from salesplaybook.methods import stages, walk
from salesplaybook.periods import parse
from salesplaybook.project import Project
from salesplaybook.states import State

Q3 = parse("2026Q3")


@pytest.fixture(scope="module")
def company():
    return simulate(11, deals_a_month=20)


@pytest.fixture(scope="module")
def known(company) -> Snapshot:
    """Sixteen Monday exports of the simulated company, filed as they came."""
    exports = []
    for week in range(16):
        day = date(2026, 6, 28) + timedelta(weeks=week)
        if day <= date(2026, 10, 5):
            exports.append(Export(day, company.export(day).set_index("id", drop=False).rename_axis("key")))
    return Snapshot(
        exports[-1].day, history.versions(exports), [e.day for e in exports], stages=list(company.stages.open)
    )


def test_the_walks_hold_on_the_simulated_quarter(known: Snapshot):
    opening, closing = known.at(Q3.eve), known.at(Q3.last)
    stock, due = walk.stock(opening, closing, Q3), walk.due(opening, closing, Q3)
    assert stock.opening.n == len(opening.open) and stock.closing.n == len(closing.open)
    assert due and walk.outcome(opening, closing, Q3)
    booked = walk.booked(opening, closing, Q3)
    assert booked.closing.value == metrics.bookings(closing, Q3).value


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_walks_hold_on_the_demos_exports(number: int, tmp_path, filed):
    """The three dialects, read from their files: the quarter and each week, deal by deal as by hand."""
    folder = filed(number, tmp_path)
    known = Project.open(folder).snapshot()
    windows = [Q3, *(parse(f"2026-W{week}") for week in range(28, 42))]
    for period in windows:
        opening, closing = known.at(period.eve), known.at(period.last)
        stock, due, outcome, booked = by_hand(opening, closing, period)
        assert row_sums(walk.stock(opening, closing, period)) == stock
        assert row_sums(walk.due(opening, closing, period)) == due
        assert row_sums(walk.outcome(opening, closing, period)) == outcome
        assert row_sums(walk.booked(opening, closing, period)) == booked


def test_the_weeks_of_a_quarter_have_the_net_of_the_quarter(known: Snapshot):
    """Weekly walks chain: what one ends with, the next begins with."""
    ends = [known.at(day) for day in known.days]
    week = parse("2026-W30")
    chained = [walk.stock(a, b, week) for a, b in pairwise(ends)]
    assert [w.closing.n for w in chained[:-1]] == [w.opening.n for w in chained[1:]]
    assert [w.closing.value for w in chained[:-1]] == [w.opening.value for w in chained[1:]]


def test_dead_finds_mostly_deals_that_are_truly_dead(company, known: Snapshot):
    closing = known.at(Q3.last)
    found = metrics.dead(closing, metrics.dead_after(closing))
    truth = company.truth["outcome"].reindex(list(found.rows))
    assert found.n and (truth == "zombie").mean() > 0.8


def test_win_rate_is_won_over_won_and_lost(known: Snapshot):
    closing = known.at(Q3.last)
    decided = metrics.decided_in(closing, Q3)
    assert decided["status"].isin(["won", "lost"]).all()
    assert metrics.win_rate(decided).value == (decided["status"] == "won").sum() / len(decided)


def test_dead_is_the_smallest_day_with_99_percent_at_or_under_it():
    """100 won deals of 1..100 days: 99 days. One of 99 more: still 99."""
    frame = pd.DataFrame({"status": "won", "created": pd.Timestamp("2025-01-01")}, index=[str(n) for n in range(100)])
    frame["closed"] = frame["created"] + pd.to_timedelta(np.arange(1, 101), unit="D")
    state = known_state(frame, date(2025, 12, 31))
    assert metrics.dead_after(state).value == 99


@pytest.mark.parametrize(
    ("won", "day", "reason"), [(49, date(2026, 12, 31), "won deals"), (60, date(2025, 2, 20), "days")]
)
def test_dead_is_withheld_on_thin_data(won: int, day: date, reason: str):
    frame = pd.DataFrame({"status": "won", "created": pd.Timestamp("2025-01-01")}, index=[str(n) for n in range(won)])
    frame["closed"] = frame["created"] + pd.Timedelta(days=30)
    found = metrics.dead_after(known_state(frame, day))
    assert found.value is None and found.reason and reason in found.reason.text


def known_state(frame: pd.DataFrame, day: date):
    return State(frame.reindex(columns=[*frame.columns, "value", "amount"]), day, "export", day)


def test_conversion_counts_only_deals_that_could_have_got_that_far():
    """Of four deals first seen in A: one reached C, one was lost in B, one is in B, one was lost in A.
    A deal first seen in C tells nothing about A and B."""
    order = ["A", "B", "C"]
    seen = [("1", "A"), ("1", "B"), ("1", "C"), ("2", "A"), ("2", "B"), ("3", "A"), ("3", "B"), ("4", "A"), ("5", "C")]
    stay = pd.DataFrame([{"key": k, "stage": s, "rank": order.index(s)} for k, s in seen])
    status = pd.Series({"1": "open", "2": "lost", "3": "open", "4": "lost", "5": "won"})
    ways = {s: way.value_counts().to_dict() for s, way in stages.conversions(stay, status, order).items()}
    assert ways == {
        "A": {"further": 3, "ended": 1},
        "B": {"further": 1, "ended": 1, "still": 1},
        "C": {"further": 1, "still": 1},
    }


def test_days_in_stage_are_those_of_the_exports(company, known: Snapshot):
    """A stay whose entry was seen lasts as long as the simulated stage did, to the week of the exports."""
    stay = stages.visits(known.rows, list(company.stages.open), known.on)
    done = stay[stay["seen"] & stay["left"].notna()]
    assert len(done) > 50 and ((done["left"] - done["entered"]).dt.days >= 0).all()
    assert set(stay["stage"]) <= set(company.stages.open)


def test_a_deal_whose_amount_changes_still_stands_in_its_stage(company, known: Snapshot):
    stay = stages.visits(known.rows, list(company.stages.open), known.on)
    standing = stay[stay["left"].isna()].set_index("key")["stage"]
    here = known.deals.open["stage"]
    assert standing.to_dict() == here.to_dict()
