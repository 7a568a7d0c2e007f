"""What a period brought: each metric against the demo's books, and what is usual against an independent interval."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from salesplaybook import metrics
from salesplaybook.demo import make, projects
from salesplaybook.entries.kinds import Target
from salesplaybook.history import Snapshot
from salesplaybook.methods import actuals
from salesplaybook.periods import parse
from salesplaybook.project import Project

QUARTER, PARKS = parse("2026Q3"), projects()[0]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The newest Monday of the demo, its last export alone."""
    folder = make.made(PARKS, tmp_path_factory.mktemp("actuals"))
    PARKS.write_export(PARKS.mondays[-1], folder / "data")
    here = Project.open(folder)
    here.file_exports()
    return here.snapshot()


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


def test_a_target_of_nothing_is_none_and_margins_are_percent():
    def of(metric: str, amount: str) -> list[Target]:
        return [Target(id="t", period="2026Q3", metric=metric, amount=Decimal(amount))]

    assert actuals.target(of("bookings", "12840000"), "bookings", "2026Q3", 100) == 1_284_000_000
    assert actuals.target(of("margin", "31"), "margin", "2026Q3", 100) == pytest.approx(0.31)
    assert actuals.target(of("new_customers", "8"), "new_customers", "2026Q3", 100) == 8
    assert actuals.target(of("bookings", "0"), "bookings", "2026Q3", 100) is None
    assert actuals.target(of("bookings", "-5"), "bookings", "2026Q3", 100) is None
