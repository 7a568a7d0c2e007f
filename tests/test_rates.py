"""Rates against published examples and other people's implementations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from salesplaybook.methods import rates
from salesplaybook.results import Figure


def test_wilson_as_newcombe_published_it():
    """Newcombe 1998, table I: 81 of 263 -> .2553 to .3662 (95 %)."""
    assert [round(x, 4) for x in rates.wilson(81, 263, 0.95)] == [0.2553, 0.3662]


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.95]))
def test_wilson_as_statsmodels_has_it(n: int, share: float, level: float):
    hits = round(share * n)
    assert rates.wilson(hits, n, level) == pytest.approx(proportion_confint(hits, n, 1 - level, "wilson"), abs=1e-9)


@given(st.integers(5, 500), st.integers(5, 500), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_a_difference_as_statsmodels_has_it(n: int, m: int, p: float, q: float):
    """MOVER with Wilson's intervals is Newcombe's method 10."""
    a, b = round(p * n), round(q * m)
    ours = rates.difference((a / n, *rates.wilson(a, n)), (b / m, *rates.wilson(b, m)))
    theirs = confint_proportions_2indep(a, n, b, m, method="newcomb", alpha=0.2)
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_velocity_as_published():
    """18 deals x 42,000 x 24 % / 78 days = 2,326 a day."""
    assert round(rates.velocity(18, 0.24, 42_000, 78)) == 2326


def test_equal_deals_are_worth_their_number_and_one_large_one_is_not():
    assert rates.effective(np.full(40, 7.0)) == pytest.approx(40)
    assert rates.effective(np.array([100.0, *[1.0] * 39])) < 2


def test_by_value_with_equal_amounts_is_by_count():
    won = np.array([1.0] * 30 + [0.0] * 70)
    assert rates.share_by_value(won, np.full(100, 5.0)) == pytest.approx((0.3, *rates.wilson(30, 100)))


def test_the_interval_by_value_covers_about_as_often_as_it_says():
    """Amounts as skewed as sales (lognormal, sd 1), true share .4: 80 % intervals cover in 75-85 % of 2,000."""
    draw = np.random.default_rng(7)
    inside = 0
    for _ in range(2000):
        amounts = draw.lognormal(0, 1, 120)
        _, low, high = rates.share_by_value((draw.random(120) < 0.4).astype(float), amounts)
        inside += low <= 0.4 <= high
    assert 0.75 <= inside / 2000 <= 0.85


def test_the_interval_of_velocity_covers_about_as_often_as_it_says():
    """True rate .35, exponential cycle of 60 days, lognormal amounts: 80 % intervals cover in 72-88 % of 500."""
    draw = np.random.default_rng(11)
    truth = 50 * 0.35 * np.exp(0.5) / 60
    inside = 0
    for _ in range(500):
        won = (draw.random(200) < 0.35).astype(float)
        low, high = rates.velocity_interval(50, won, draw.lognormal(0, 1, 200), draw.exponential(60, 200))
        inside += low <= truth <= high
    assert 0.72 <= inside / 500 <= 0.88


def test_a_rate_moved_where_newcombes_limits_at_95_percent_leave_out_zero():
    """Newcombe (1998), table II: 56/70 against 48/80 lies .0524 to .3339 apart; 5/56 against 0/29 -.0381 to .1926."""

    def of(hits: int, n: int) -> Figure:
        return Figure(definition="x", unit="share", value=hits / n, n=n)

    assert rates.moved(of(56, 70), of(48, 80)) is True
    assert rates.moved(of(5, 56), of(0, 29)) is False
    assert rates.moved(of(33, 74), of(29, 50)) is False  # at 8 in 10 it would have
    assert rates.moved(of(1, 9), Figure(definition="x", reason=rates.too_few(3), n=3)) is None
    for pair, published in (
        (((56, 70), (48, 80)), [0.0524, 0.3339]),
        (((5, 56), (0, 29)), [-0.0381, 0.1926]),
    ):
        ends = [(k / n, *rates.wilson(k, n, 0.95)) for k, n in pair]
        assert [round(end, 4) for end in rates.difference(*ends)] == published
