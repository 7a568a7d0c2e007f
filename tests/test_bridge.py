"""The bridge sums exactly whatever the order, against Shapley's definition by subsets and ACCA's variances."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from math import factorial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplaybook import metrics
from salesplaybook.language import Language
from salesplaybook.methods import bridge as bridges
from salesplaybook.methods.bridge import FACTORS, Bridge, Group, bridge, in_order, shapley, whole
from salesplaybook.project import Project
from salesplaybook.results import Message

# ACCA's example (METHODS.md): standard profit 9 and 12 a unit, budget 7,000 and 3,000 units, actual 8,000 and 7,000.
BUDGET = {"a": Group(7000, 63_000), "b": Group(3000, 36_000)}
ACTUAL = {"a": Group(8000, 72_000), "b": Group(7000, 84_000)}


def deals(*rows: tuple[int | None, str | None], **more: list[Any]) -> pd.DataFrame:
    """Won deals: (cents, product); further columns by name."""
    frame = pd.DataFrame(list(rows), columns=["amount", "product"])
    frame = frame.assign(**dict.fromkeys(("region", "department", "source"), None)).assign(**more)
    frame.index = pd.Index([f"D{n}" for n in range(len(rows))])
    return frame.astype({"amount": "Int64"})


def made(before: pd.DataFrame, now: pd.DataFrame) -> Bridge:
    found = bridge(before, now)
    assert isinstance(found, Bridge)
    return found


def by_subsets(before: dict[str, Group], now: dict[str, Group]) -> dict[str, Fraction]:
    """Shapley (1953) as defined, over subsets: |S|! (2 - |S|)! / 3! x what the factor adds to S."""

    def worth(changed: frozenset[str]) -> Fraction:
        n = sum(g.deals for g in (now if "volume" in changed else before).values())
        of = now if "mix" in changed else before
        price = now if "price" in changed else before
        total = sum(g.deals for g in of.values())
        return sum(
            (Fraction(n * of[k].deals, total) * Fraction(price[k].cents, price[k].deals) for k in before), Fraction(0)
        )

    found = {}
    for factor in FACTORS:
        others = [f for f in FACTORS if f != factor]
        subsets = [frozenset(s) for size in range(3) for s in combinations(others, size)]
        weight = {s: Fraction(factorial(len(s)) * factorial(2 - len(s)), 6) for s in subsets}
        found[factor] = sum((weight[s] * (worth(s | {factor}) - worth(s)) for s in subsets), Fraction(0))
    return found


def test_accas_variances_are_one_of_the_orders():
    """Quantity at the old mix first, then the mix: +49,500 and +7,500, total 57,000; prices don't change."""
    found = in_order(BUDGET, ACTUAL, ("volume", "mix", "price"))
    assert found == {"volume": 49_500, "mix": 7_500, "price": 0}


def test_shapley_lies_between_the_orders_and_sums_to_the_same():
    """The other order, mix before quantity, gives 5,000 and 52,000; the mean favours neither."""
    assert in_order(BUDGET, ACTUAL, ("mix", "volume", "price")) == {"mix": 5_000, "volume": 52_000, "price": 0}
    assert shapley(BUDGET, ACTUAL) == {"volume": 50_750, "mix": 6_250, "price": 0}
    assert sum(shapley(BUDGET, ACTUAL).values()) == 57_000


groups = st.builds(Group, st.integers(1, 400), st.integers(-(10**12), 10**12))
both = (
    st.integers(1, 6)
    .flatmap(lambda n: st.tuples(*[st.lists(groups, min_size=n, max_size=n)] * 2))
    .map(lambda two: tuple({f"k{i}": g for i, g in enumerate(side)} for side in two))
)


@settings(max_examples=60, deadline=None)
@given(both)
def test_it_is_shapleys_value_to_the_cent_and_sums_exactly(two: tuple[dict[str, Group], dict[str, Group]]):
    before, now = two
    found, exact = shapley(before, now), by_subsets(before, now)
    assert sum(found.values()) == sum(g.cents for g in now.values()) - sum(g.cents for g in before.values())
    assert all(abs(found[f] - exact[f]) < 1 for f in FACTORS)
    for order in permutations(FACTORS):
        assert sum(in_order(before, now, order).values()) == sum(found.values())


amounts = st.one_of(st.none(), st.integers(-(10**9), 10**11))
rows = st.lists(st.tuples(amounts, st.one_of(st.none(), st.sampled_from(["", "A", "B", "C", "D"]))), max_size=12)


@settings(max_examples=80, deadline=None)
@given(rows, rows)
def test_any_deals_give_a_bridge_that_sums_or_a_sentence(before: list[Any], now: list[Any]):
    found = bridge(deals(*before), deals(*now))
    if isinstance(found, Message):
        assert not [a for a, _ in before if a is not None] or not [a for a, _ in now if a is not None]
        return
    total = sum(a or 0 for a, _ in now) - sum(a or 0 for a, _ in before)
    assert sum(int(f.value or 0) for f in found.steps.values()) == total
    priced = [k.price for k in found.kinds if k.price is not None]
    assert sum(priced) == (found.steps["price"].value if "price" in found.steps else 0)


def test_a_bridge_that_doesnt_sum_isnt_made():
    found = made(deals((100, "A"), (200, "B")), deals((150, "A"), (50, "B")))
    with pytest.raises(ValueError, match="can't end at"):
        Bridge(before=found.before, now=found.now, steps={})


@pytest.mark.parametrize(
    ("exact", "total", "parts"),
    [(["1/3", "1/3", "1/3"], 1, [1, 0, 0]), (["-1/2", "3/2"], 1, [0, 1]), (["-2/3", "-1/3"], -1, [-1, 0]), ([], 0, [])],
)
def test_cents_left_over_go_to_the_largest_remainders(exact: list[str], total: int, parts: list[int]):
    assert whole([Fraction(e) for e in exact], total) == parts


def test_only_prices_have_changed():
    found = made(deals((100, "A"), (300, "B")), deals((120, "A"), (310, "B")))
    assert {n: f.value for n, f in found.steps.items()} == {"price": 30}
    assert {k.name: k.price for k in found.kinds} == {"A": 20, "B": 10}


def test_kinds_of_one_period_stand_apart_with_their_deals():
    found = made(deals((100, "A"), (300, "B"), (50, "C")), deals((100, "A"), (300, "B"), (70, "D")))
    assert {n: f.value for n, f in found.steps.items()} == {"new": 70, "gone": -50}
    assert found.steps["gone"].rows == {"D2": 50} and found.steps["new"].rows == {"D2": 70}


def test_the_first_column_that_can_carry_it_tells_kinds_apart_and_is_named():
    east, west = ["E", "W"], ["W", "E"]
    plain = made(deals((1, None), (2, None), region=east), deals((3, None), (4, None), region=west))
    assert plain.by == "region"
    unique = made(deals((1, "p1"), (2, "p2"), source=east), deals((3, "p3"), (4, "p4"), source=west))
    assert unique.by == "source"  # every deal a product of its own: nothing would be left to compare
    none = made(
        deals((1, None), (2, None)),
        deals(
            (9, None),
        ),
    )
    assert none.by == "" and set(none.steps) <= {"volume", "price"}
    assert "no mix" in none.notes[0].text


@pytest.mark.parametrize(("before", "now"), [(0, 1), (1, 0), (0, 0)])
def test_a_period_without_deals_gives_a_sentence_and_no_number(before: int, now: int):
    found = bridge(deals(*[(100, "A")] * before), deals(*[(100, "A")] * now))
    assert isinstance(found, Message) and found.text.startswith("nothing was won in the period")


def test_what_is_odd_is_said():
    found = made(deals((100, "A"), (None, "A"), (50, "B")), deals((-30, "A"), (30, None), (10, "B"), (20, "B")))
    assert [Language("en")(n.text, **n.values) for n in found.notes] == [
        "Won deals that don't name their kind, as a kind of their own: 1.",
        "Won deals without an amount, in no step of the bridge: 1.",
        "Won deals with a negative amount, counted as they stand: 1.",
    ]
    one = made(deals((100, "A"), (1, "B")), deals((90, "A"), (1, "C")))
    assert any("Only one kind" in n.text for n in one.notes)


def test_one_deal_in_each_quarter_is_enough():
    found = made(deals((100, "A")), deals((80, "A")))
    assert {n: f.value for n, f in found.steps.items()} == {"price": -20}


def test_maven_third_quarter_against_the_second(maven: Path):
    """2,982,255 - 3,086,111 exactly; each part against Shapley by subsets, from the csv and pandas alone."""
    here = Project.open(maven)
    known = here.snapshot()
    window = here.period("2017Q3", known.on)
    state = known.at(window.last)
    now, before = (metrics.decided_in(state, p) for p in (window, window.before()))
    found = made(*(frame[frame["status"] == "won"] for frame in (before, now)))
    assert (found.before.value, found.now.value) == (308_611_100, 298_225_500)
    steps = {n: int(f.value or 0) for n, f in found.steps.items()}
    assert sum(steps.values()) == 298_225_500 - 308_611_100 and found.by == "product"
    csv = pd.read_csv(maven / "data" / "sales_pipeline.csv", parse_dates=["close_date"]).replace({"GTXPro": "GTX Pro"})
    won = csv[csv["deal_stage"] == "Won"].assign(quarter=csv["close_date"].dt.quarter)
    sides = [
        {k: Group(len(v), int(v.sum()) * 100) for k, v in won[won["quarter"] == q].groupby("product")["close_value"]}
        for q in (2, 3)
    ]
    exact = by_subsets(sides[0], sides[1])
    assert all(abs(steps[f] - exact[f]) < 1 for f in FACTORS)


def test_columns_are_named_once():
    assert bridges.BY == ("product", "region", "department", "source")
