"""Cash due and overdue, from a list of receivables made by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplaybook.methods import cash
from salesplaybook.methods.cash import Cash
from salesplaybook.tables.schema import RECEIVABLES

MONDAY = date(2026, 9, 21)
AS_OF = date(2026, 9, 20)


def listed(*rows: dict[str, Any]) -> pd.DataFrame:
    """Receivables as the reader gives them; `due` in days from the page's Monday."""
    frame = pd.DataFrame([{c: row.get(c) for c in RECEIVABLES.columns} for row in rows], columns=[*RECEIVABLES.columns])
    frame.index = pd.Index([f"R{n}" for n in range(len(rows))], name="key")
    days = [None if row.get("due") is None else MONDAY + timedelta(days=row["due"]) for row in rows]
    frame["due"] = pd.to_datetime(pd.Series(days, index=frame.index)).astype("datetime64[s]")
    return frame.astype({"amount": "Int64", "unpaid": "Int64"})


def due(*rows: dict[str, Any]) -> Cash:
    found = cash.due(listed(*rows), AS_OF, MONDAY)
    assert found
    return found


def owed(day: int | None, unpaid: int | None, **more: Any) -> dict[str, Any]:
    return {
        "due": day,
        "unpaid": unpaid,
        "amount": 1000,
        "contract": "C-1",
        "account": "Huaxin",
        "owner": "Li Na",
        **more,
    }


def test_no_list_is_not_the_same_as_nothing_owed():
    assert cash.due(listed(), AS_OF, MONDAY) is None
    assert cash.due(pd.DataFrame(), AS_OF, MONDAY) is None
    settled = due(owed(-3, 0))
    assert (settled.due.value, settled.overdue.value, settled.rows, settled.older_n) == (0, 0, [], 0)


def test_due_is_from_monday_to_sunday_and_overdue_before_it():
    found = due(owed(-1, 1), owed(0, 10), owed(6, 100), owed(7, 1000))
    assert (found.due.value, found.due.n) == (110, 2)
    assert (found.overdue.value, found.overdue.n) == (1, 1)
    assert found.as_of == AS_OF and found.due.rows == {}


def test_newly_overdue_was_due_in_the_week_before():
    found = due(owed(-1, 1), owed(-7, 10), owed(-8, 100))
    assert (found.newly.value, found.newly.n) == (11, 2)
    assert (found.overdue.value, found.overdue.n) == (111, 3)


def test_over_ninety_days_begins_with_the_ninety_first():
    found = due(owed(-90, 1), owed(-91, 10))
    assert (found.over_90.value, found.over_90.n) == (10, 1)


def test_a_row_that_does_not_say_what_is_unpaid_counts_its_amount():
    assert due(owed(-1, None), owed(-1, 30)).overdue.value == 1030
    assert due(owed(-1, None, amount=None)).overdue.n == 0


def test_credits_and_rows_without_a_due_day_are_neither_due_nor_overdue():
    found = due(owed(-1, -50), owed(2, -50), owed(None, 70))
    assert (found.due.n, found.overdue.n) == (0, 0)


def test_the_two_largest_due_and_the_two_largest_new_are_shown_and_the_rest_is_one_line():
    found = due(
        *(owed(3, 10 * n, contract=f"D{n}") for n in (1, 3, 2)),
        *(owed(-2, 10 * n, contract=f"N{n}") for n in (5, 4, 6)),
        owed(-30, 900, contract="old"),
    )
    assert [(row.kind, row.contract, row.amount) for row in found.rows] == [
        ("due", "D3", 30),
        ("due", "D2", 20),
        ("new", "N6", 60),
        ("new", "N5", 50),
    ]
    assert (found.older_n, found.older) == (2, 940)


def test_of_equal_amounts_the_one_due_first_is_shown_first():
    found = due(*(owed(day, 10, contract=f"C{day}") for day in (4, 1, 2)))
    assert [row.contract for row in found.rows] == ["C1", "C2"]


def test_a_row_without_a_customer_is_named_by_its_contract_or_its_key():
    rows = due(owed(1, 2, account=None, owner=None), owed(1, 1, account=None, contract=None)).rows
    assert [(row.account, row.contract, row.owner) for row in rows] == [("C-1", "C-1", None), ("R1", "", "Li Na")]


def test_two_invoices_under_one_key_are_two():
    frame = listed(owed(-1, 10), owed(-1, 5), owed(-9, 1))
    found = cash.due(frame.set_axis(["R", "R", "R"]), AS_OF, MONDAY)
    assert found and (found.overdue.value, [r.amount for r in found.rows], found.older) == (16, [10, 5], 1)


row = st.builds(owed, st.one_of(st.none(), st.integers(-120, 20)), st.one_of(st.none(), st.integers(-5, 500)))


@settings(max_examples=100, deadline=None)
@given(st.lists(row, min_size=1, max_size=12))
def test_new_rows_and_the_line_of_the_rest_sum_to_what_is_overdue(rows):
    found = due(*rows)
    shown = [r for r in found.rows if r.kind == "new"]
    assert sum(r.amount for r in shown) + found.older == found.overdue.value
    assert len(shown) + found.older_n == found.overdue.n
    by_hand = [
        r["amount"] if r["unpaid"] is None else r["unpaid"] for r in rows if r["due"] is not None and r["due"] < 0
    ]
    assert found.overdue.value == sum(v for v in by_hand if v > 0)
