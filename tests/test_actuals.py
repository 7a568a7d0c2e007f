"""What a period brought: each metric against the demo's books, and what is usual against an independent interval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from salesplaybook import metrics
from salesplaybook.demo import make, projects
from salesplaybook.entries.kinds import Target
from salesplaybook.history import Snapshot
from salesplaybook.language import Language
from salesplaybook.methods import actuals
from salesplaybook.periods import parse
from salesplaybook.project import Project
from salesplaybook.results import Figure
from salesplaybook.states import State

QUARTER, PARKS = parse("2026Q3"), projects()[0]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The newest Monday of the demo, its last export alone."""
    folder = make.made(PARKS, tmp_path_factory.mktemp("actuals"))
    PARKS.write_export(PARKS.mondays[-1], folder / "data")
    here = Project.open(folder)
    here.file_exports()
    return here.snapshot()


def goals(metric: str, amount: str, quarter: str = "2026Q3") -> list[Target]:
    return [Target(id=quarter, period=quarter, metric=metric, amount=Decimal(amount))]


def inside(days: pd.Series) -> pd.Series:
    return (days >= pd.Timestamp(QUARTER.first)) & (days <= pd.Timestamp(QUARTER.last))


def test_each_metric_is_what_the_books_say(known: Snapshot):
    books = PARKS.company.ledger
    said = {m: actuals.actual(known, m, QUARTER) for m in actuals.METRICS}
    assert said["revenue"].value == books.contracts.loc[inside(books.contracts["accepted"]), "amount"].sum()
    assert said["collected"].value == books.payments.loc[inside(books.payments["day"]), "amount"].sum()
    assert said["bookings"].value == metrics.bookings(known.at(QUARTER.last), QUARTER).value
    won = known.deals.frame.query("status == 'won'")
    mine = won[inside(won["closed"])].dropna(subset=["amount", "cost"])
    assert said["margin"].value == pytest.approx((mine["amount"] - mine["cost"]).sum() / mine["amount"].sum())
    first = won.sort_values("closed").drop_duplicates("account")
    assert said["new_customers"].value == inside(first["closed"]).sum()


def test_what_nobody_has_exported_is_not_nothing(maven: Path):
    here = Project.open(maven)
    known, quarter = here.snapshot(), parse("2017Q3")
    assert actuals.actual(known, "bookings", quarter).value == 298_225_500
    for metric in ("revenue", "collected", "margin", "demos"):
        figure = actuals.actual(known, metric, quarter)
        assert figure.value is None and figure.reason


def test_usual_is_what_a_prediction_interval_of_nineteen_in_twenty_holds():
    before = [100.0, 112, 95, 104, 99, 108]
    fitted = sm.OLS(np.array(before), np.ones((6, 1))).fit()
    low, high = fitted.get_prediction(np.ones((1, 1))).conf_int(obs=True, alpha=0.05)[0]
    assert [actuals.verdict(v, before) for v in (low + 0.01, high - 0.01)] == ["usual", "usual"]
    assert [actuals.verdict(v, before) for v in (low - 0.01, high + 0.01)] == ["unusual", "unusual"]
    assert actuals.verdict(100, before[:3]) == "too_few"


def why(figure: Figure) -> str:
    assert figure.value is None and figure.reason
    return Language("en")(figure.reason.text, **figure.reason.values)


def test_a_list_that_ends_before_the_quarter_does_is_no_zero(known: Snapshot):
    cut = replace(known, payments_day=date(2026, 6, 29), contracts_day=date(2026, 9, 23))
    found = actuals.measured(cut, "collected", QUARTER, goals("collected", "900"), 100)
    assert why(found.actual) == "known up to 2026-06-29 only" and found.attainment is None
    assert found.verdict == "too_few" and not actuals.on_record(cut, "collected", QUARTER)
    assert actuals.actual(cut, "collected", QUARTER.before()).value  # ended a day after: a week's grace
    assert actuals.actual(cut, "revenue", QUARTER).value  # seven days before the end


def test_deals_last_exported_in_a_quarter_do_not_tell_what_it_brought(known: Snapshot):
    later = replace(known, on=date(2027, 1, 11))
    for metric in ("bookings", "margin", "new_customers"):
        assert why(actuals.actual(later, metric, parse("2026Q4"))) == "known up to 2026-10-05 only"
    assert actuals.actual(later, "bookings", QUARTER).value == actuals.actual(known, "bookings", QUARTER).value


def test_lists_come_with_their_days(known: Snapshot):
    assert known.contracts_day == known.payments_day == known.receivables_day == date(2026, 10, 5)


def test_a_running_quarter_is_not_judged(known: Snapshot):
    fourth = parse("2026Q4")
    targets = [t for q in ("2026Q1", "2026Q2", "2026Q3", "2026Q4") for t in goals("bookings", "9000000", q)]
    running = actuals.measured(known, "bookings", fourth, targets, 100)
    assert (running.verdict, running.year_to_date) == ("running", None)
    over = actuals.measured(known, "bookings", QUARTER, targets, 100)
    assert over.verdict in ("usual", "unusual") and over.year_to_date


def test_all_that_is_compared_is_taken_from_one_state(known: Snapshot):
    asked = set()

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(known, name)

        def at(self, day: date) -> State:
            asked.add(day)
            return known.at(day)

    targets = [t for q in ("2026Q1", "2026Q2", "2026Q3") for t in goals("bookings", "9000000", q)]
    assert actuals.measured(Watched(), "bookings", QUARTER, targets, 100).year_to_date
    assert asked == {QUARTER.last}


def test_nobody_is_new_while_a_year_is_not_on_record(known: Snapshot):
    assert known.deals.decided()["closed"].min() == pd.Timestamp("2024-07-03")
    for quarter in ("2024Q3", "2024Q4", "2025Q1", "2025Q2"):  # 22, 11, 14, 8: most of them old customers
        told = actuals.actual(known, "new_customers", parse(quarter))
        assert why(told) == "on record from 2024-07-03 on: it takes a year to know who is new"
        assert not actuals.on_record(known, "new_customers", parse(quarter))
    assert [f.value for f in actuals.past(known, "new_customers", QUARTER)] == [12, 9, 8, 6]


def test_a_margin_of_a_few_deals_is_not_that_of_all(known: Snapshot):
    frame = known.deals.frame
    won = frame[(frame["status"] == "won") & inside(frame["closed"])]
    state = replace(known.at(QUARTER.last), frame=frame.assign(cost=frame["cost"].where(frame.index == won.index[0])))
    assert "the cost is known of under half of what was won (1 of" in why(
        actuals.actual(known, "margin", QUARTER, state=state)
    )


def test_an_owners_target_below_nothing_takes_none_from_the_others():
    def of(owner: str, amount: int) -> Target:
        return Target(id=owner, period="2026Q3", owner=owner, amount=Decimal(amount))

    assert actuals.target([of("A", 500), of("B", -300)], "bookings", "2026Q3", 100) == 50_000


def test_a_target_of_nothing_is_none_and_margins_are_percent():
    def of(metric: str, amount: str) -> list[Target]:
        return [Target(id="t", period="2026Q3", metric=metric, amount=Decimal(amount))]

    assert actuals.target(of("bookings", "12840000"), "bookings", "2026Q3", 100) == 1_284_000_000
    assert actuals.target(of("margin", "31"), "margin", "2026Q3", 100) == pytest.approx(0.31)
    assert actuals.target(of("new_customers", "8"), "new_customers", "2026Q3", 100) == 8
    assert actuals.target(of("bookings", "0"), "bookings", "2026Q3", 100) is None
    assert actuals.target(of("bookings", "-5"), "bookings", "2026Q3", 100) is None
