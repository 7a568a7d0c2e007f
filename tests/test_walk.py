"""Walks and quarter identities: they sum to the cent and by count, whatever happens to deals between two states.

The expected rows are worked out deal by deal in plain Python from the written definitions, not from the code.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from salesplaybook import history
from salesplaybook.history import Export, Snapshot
from salesplaybook.methods import walk
from salesplaybook.periods import Period, parse
from salesplaybook.results import Walk
from salesplaybook.states import State
from salesplaybook.tables.schema import DEALS

FIRST = date(2026, 6, 29)  # a Monday, two days before the quarter
QUARTER = parse("2026Q3")
STATUS = ["open", "won", "lost", "void", "on_hold"]
Deal = dict[str, Any]


def days(low: int, high: int) -> st.SearchStrategy[date]:
    return st.integers(low, high).map(lambda n: FIRST + timedelta(days=n))


deal = st.fixed_dictionaries(
    {
        "status": st.sampled_from([*STATUS, "open", "open"]),
        "amount": st.one_of(st.none(), st.integers(0, 10**9)),
        "expected_close": st.one_of(st.none(), days(-20, 130)),
        "created": st.one_of(st.none(), days(-60, 100)),
        "closed": st.one_of(st.none(), days(-60, 110)),
    }
)
# Three to six weekly exports of up to seven deals; a deal may be absent from any of them.
lives = st.integers(3, 6).flatmap(
    lambda weeks: st.lists(st.lists(st.one_of(st.none(), deal), min_size=weeks, max_size=weeks), min_size=1, max_size=7)
)


def frame(rows: dict[str, Deal]) -> pd.DataFrame:
    out = pd.DataFrame(
        {c: [r.get(c) for r in rows.values()] for c in DEALS.columns}, index=pd.Index(rows, dtype="object")
    )
    for column, holds in DEALS.columns.items():
        kind = {"money": "Int64", "date": "datetime64[s]", "percent": "float64"}.get(holds, "object")
        out[column] = pd.to_datetime(out[column]).astype(kind) if holds == "date" else out[column].astype(kind)
    return out


def snapshot(found: list[list[Deal | None]], prices: dict[str, int] | None = None, step: int = 21) -> Snapshot:
    """Exports every `step` days; later ones than the last are not known."""
    weeks = len(found[0])
    exports = []
    for week in range(weeks):
        rows = {f"D{n}": life[week] for n, life in enumerate(found) if life[week]}
        exports.append(Export(FIRST + timedelta(days=step * week), frame(rows)))
    on = exports[-1].day
    return Snapshot(on, history.versions(exports), [e.day for e in exports], prices=prices or {})


def row_sums(found: Walk) -> dict[str, tuple[int, int]]:
    return {s.name: (s.figure.n, int(s.figure.value or 0)) for s in found.steps}


def by_hand(A: State, B: State, period: Period) -> tuple[dict, dict, dict, dict]:
    """The rows of the four walks, each deal told by the written definitions: name -> (count, cents)."""
    stock, due, outcome, booked = (defaultdict(lambda: [0, 0]) for _ in range(4))
    last, over = pd.Timestamp(period.last), B.day >= period.last

    def add(rows: dict, name: str, cents: int) -> None:
        rows[name][0] += 1
        rows[name][1] += cents

    for key in sorted(set(A.frame.index) | set(B.frame.index)):
        if key in A.undated:
            continue
        x = A.frame.loc[key] if key in A.frame.index else None
        y = B.frame.loc[key] if key in B.frame.index else None
        a, b = (0 if x is None else int(x["value"])), (0 if y is None else int(y["value"]))
        was, is_ = ("absent" if x is None else x["status"]), ("absent" if y is None else y["status"])
        due_a = was == "open" and x["expected_close"] <= last
        due_b = is_ == "open" and y["expected_close"] <= last
        never = was == "absent" and key not in A.seen
        late = never and is_ in ("won", "lost", "void") and y["closed"] <= pd.Timestamp(A.day)
        inside = is_ == "won" and pd.Timestamp(period.first) <= y["closed"] <= last
        would = is_ == "won" or (y is not None and y["expected_close"] <= last)
        for rows, opened, ends, came in ((stock, was == "open", is_ == "open", True), (due, due_a, due_b, would)):
            if rows is due and key in A.unplanned:  # nobody knows whether it was due: it is told as new
                was, never = "absent", True
            pulled = rows is due and was == "open" and not due_a and (due_b or is_ == "won")
            if never and not late and is_ != "absent" and (ends or (is_ != "open" and came)):
                add(rows, "new", b)
            back = was == "absent" and not never
            if (
                ((was in ("won", "lost", "void", "on_hold") or back) and ends)
                or (back and is_ not in ("absent", "open") and came)
                or (was in ("lost", "void", "on_hold") and is_ == "won")
            ):
                add(rows, "returned", b)
            if is_ == "won" and was != "won" and not late:
                add(rows, "won", b)
            if is_ in ("lost", "void", "on_hold") and not late and (opened or (was == "absent" and came)):
                add(rows, is_, a if opened else b)
            if opened and is_ == "absent":
                add(rows, "vanished", a)
            if pulled:
                add(rows, "pulled_in", a)
            if rows is due and due_a and is_ == "open" and not due_b:
                add(rows, "slipped", a)
            if (pulled or (opened and (ends or is_ == "won"))) and a != b:
                add(rows, "grown" if b > a else "shrunk", b - a)
        if due_a:
            if is_ == "won":
                add(outcome, "won" if inside else "won_elsewhere", a)
            elif is_ in ("lost", "void"):
                add(outcome, "lost", a)
            elif is_ == "absent":
                add(outcome, "vanished", a)
            else:
                add(outcome, "slipped" if over or is_ == "on_hold" or not due_b else "still_due", a)
    for key, y in B.frame[B.frame["status"] == "won"].iterrows():
        if not (pd.Timestamp(period.first) <= y["closed"] <= last):
            continue
        x = A.frame.loc[key] if key in A.frame.index else None
        own = 0 if pd.isna(y["amount"]) else int(y["amount"])
        if x is None:
            add(booked, "opened_and_won", own)
        elif x["status"] == "open":
            if A.open["expected_close"].notna().any() and key not in A.unplanned and (A.seen or not A.unplanned):
                add(booked, "won" if x["expected_close"] <= last else "pulled_in", int(x["value"]))
                if own != int(x["value"]):
                    add(booked, "amount_changes", own - int(x["value"]))
            else:
                add(booked, "from_open", own)
        else:
            add(booked, "dated_in" if x["status"] == "won" else "reopened_and_won", own)
    return tuple({n: tuple(v) for n, v in rows.items()} for rows in (stock, due, outcome, booked))  # type: ignore[return-value]


@example(  # open in the first export without a created day, so in no earlier state, and then won
    [[None] * 6] * 6
    + [[{"status": "open", "amount": 1}, None, None, None, {"status": "won", "closed": date(2026, 9, 19)}, None]],
    0,
    4,
    21,
    False,
)
@settings(max_examples=60, deadline=None)
@given(lives, st.integers(0, 4), st.integers(1, 5), st.sampled_from([5, 7, 21]), st.booleans())
def test_walks_hold_deal_by_deal_to_the_cent(found, start, length, step, priced):
    known = snapshot(found, {None: 12_345} if priced else None, step)
    opening_day = FIRST + timedelta(days=step * start - 2)
    closing_day = min(opening_day + timedelta(days=step * length), known.on)
    if closing_day <= opening_day:
        return
    A, B = known.at(opening_day), known.at(closing_day)
    stock, due, outcome, booked = by_hand(A, B, QUARTER)
    found_stock, found_due = walk.stock(A, B, QUARTER), walk.due(A, B, QUARTER)
    if found_stock.withheld is None:
        assert row_sums(found_stock) == stock
    assert found_stock.opening.n == len(A.open)
    assert found_stock.closing.n == len(B.open.index.difference(A.undated))
    if found_due:
        assert row_sums(found_due) == due
    if (found_outcome := walk.outcome(A, B, QUARTER)) is not None:
        assert row_sums(found_outcome) == outcome
    found_booked = walk.booked(A, B, QUARTER)
    assert row_sums(found_booked) == booked
    won = B.frame[
        (B.frame["status"] == "won") & (B.frame["closed"] >= "2026-07-01") & (B.frame["closed"] <= "2026-09-30")
    ]
    assert found_booked.closing.value == int(won["amount"].fillna(0).sum())
    assert found_booked.closing.n == len(won)


@settings(max_examples=20, deadline=None)
@given(lives, st.integers(2, 5))
def test_a_state_does_not_change_when_later_exports_come(found, known_weeks):
    """As of an early week, what a day looked like is the same before and after later exports are there."""
    known_weeks = min(known_weeks, len(found[0]))
    early = snapshot([life[:known_weeks] for life in found], step=7)
    everything = snapshot(found, step=7)
    replayed = Snapshot(early.on, everything.rows, [d for d in everything.days if d <= early.on])
    for offset in range(-5, 7 * known_weeks, 3):
        day = min(FIRST + timedelta(days=offset), early.on)
        before, after = early.at(day), replayed.at(day)
        pd.testing.assert_frame_equal(before.frame, after.frame)
        assert before.seen == after.seen and before.undated == after.undated


def test_one_export_with_one_date_does_not_tell_what_was_due():
    """HubSpot and Salesforce have one close date: of a deal that has closed, the day that was expected is gone."""
    rows = {
        "won": {"status": "won", "amount": 50, "created": date(2026, 9, 1), "expected_close": date(2026, 10, 7)},
        "open": {"status": "open", "amount": 70, "created": date(2026, 9, 1), "expected_close": date(2026, 10, 30)},
    }
    quarter = parse("2026Q4")
    known = Snapshot(date(2026, 10, 9), history.versions([Export(date(2026, 10, 9), frame(rows))]), [date(2026, 10, 9)])
    opening, closing = known.at(date(2026, 9, 30)), known.deals
    assert opening.unplanned == ["won"]
    assert walk.due(opening, closing, quarter) is None and walk.outcome(opening, closing, quarter) is None
    assert row_sums(walk.booked(opening, closing, quarter)) == {"from_open": (1, 50)}
    assert row_sums(walk.stock(opening, closing, quarter)) == {"won": (1, 50)}


def test_of_a_deal_that_came_closed_nobody_knows_whether_it_was_due():
    """Created in September, first exported when it was won in October: new and won, but not pulled in."""
    open_ = {"status": "open", "amount": 70, "created": date(2026, 9, 1), "expected_close": date(2026, 10, 30)}
    won = {"status": "won", "amount": 50, "created": date(2026, 9, 1), "expected_close": date(2026, 10, 7)}
    exports = [Export(date(2026, 9, 21), frame({"D": open_})), Export(date(2026, 10, 9), frame({"D": open_, "E": won}))]
    known = Snapshot(date(2026, 10, 9), history.versions(exports), [e.day for e in exports])
    found = walk.due(known.at(date(2026, 9, 30)), known.deals, parse("2026Q4"))
    assert found and found.opening.n == 1 and row_sums(found) == {"new": (1, 50), "won": (1, 50)}


def test_deals_that_the_first_export_shows_closed_without_a_day_are_not_new():
    rows = {"D": {"status": "won", "amount": 50}, "E": {"status": "lost"}, "F": {"status": "open", "amount": 7}}
    rows["F"]["created"] = date(2026, 9, 1)
    exports = [Export(date(2026, 10, 9), frame(rows))]
    known = Snapshot(date(2026, 10, 9), history.versions(exports), [e.day for e in exports])
    opening = known.at(date(2026, 10, 2))
    assert opening.undated == ["D", "E"]
    assert row_sums(walk.stock(opening, known.deals, parse("2026Q4"))) == {}


def test_one_quarters_closing_state_is_the_next_ones_opening():
    rows = [
        [{"status": "open", "amount": 100, "created": FIRST}] * 6,
        [None, None, {"status": "won", "amount": 7, "closed": FIRST}, None, None, None],
    ]
    known = snapshot(rows, step=21)
    pd.testing.assert_frame_equal(known.at(date(2026, 9, 30)).frame, known.at(QUARTER.last).frame)


def test_an_export_soon_after_a_day_is_rolled_back_to_it():
    """An export of 8 October closes 30 September: a deal won on 3 October was open on 30 September, as last seen."""
    before = {"D": {"status": "open", "amount": 500, "stage": "Offer", "created": date(2026, 9, 1)}}
    after = {
        "D": {"status": "won", "amount": 450, "closed": date(2026, 10, 3), "created": date(2026, 9, 1)},
        "E": {"status": "open", "amount": 9, "created": date(2026, 10, 2)},
    }
    exports = [Export(date(2026, 9, 21), frame(before)), Export(date(2026, 10, 8), frame(after))]
    known = Snapshot(date(2026, 10, 8), history.versions(exports), [e.day for e in exports])
    state = known.at(date(2026, 9, 30))
    assert state.how == "rolled back" and list(state.frame.index) == ["D"]
    assert state.frame.loc["D", ["status", "stage", "value"]].tolist() == ["open", "Offer", 500]
    # The day before the export is known, so is what the rollback may use.
    assert Snapshot(date(2026, 9, 30), known.rows, [date(2026, 9, 21)]).at(date(2026, 9, 30)).how == "export"


def test_the_day_of_closing_keeps_its_source():
    """First the stage-change day; when a closing column comes later, the day first taken stays."""
    exports = [
        Export(date(2026, 7, 6), frame({"D": {"status": "open"}})),
        Export(date(2026, 7, 13), frame({"D": {"status": "won", "stage_changed": date(2026, 7, 9)}})),
        Export(
            date(2026, 7, 20),
            frame({"D": {"status": "won", "stage_changed": date(2026, 7, 9), "closed": date(2026, 7, 1)}}),
        ),
    ]
    rows = history.versions(exports)
    assert rows["closed_by"].dropna().unique().tolist() == ["stage_changed"]
    assert rows["closed"].dropna().dt.date.unique().tolist() == [date(2026, 7, 9)]


def test_a_plan_is_no_closing_day():
    """A won deal whose expected close lies after the export closed by then: the first export that shows it counts."""
    exports = [
        Export(date(2026, 7, 6), frame({"D": {"status": "open", "expected_close": date(2026, 9, 1)}})),
        Export(date(2026, 7, 13), frame({"D": {"status": "won", "expected_close": date(2026, 9, 1)}})),
    ]
    rows = history.versions(exports)
    assert rows["closed_by"].dropna().tolist() == ["first_seen"]
    assert rows["closed"].dropna().dt.date.tolist() == [date(2026, 7, 13)]


def test_a_deal_already_seen_closed_does_not_close_again():
    """Won without any day in the first export of all: the second export tells nothing about when."""
    won = {"D": {"status": "won", "amount": 10}}
    rows = history.versions([Export(date(2026, 9, 14), frame(won)), Export(date(2026, 9, 21), frame(won))])
    assert rows["closed"].isna().all() and len(rows) == 1


def test_a_closing_day_taken_from_modified_time_does_not_drift():
    exports = [
        Export(date(2026, 7, day), frame({"D": {"status": "won", "modified": date(2026, 7, day - 3)}}))
        for day in (6, 13)
    ]
    rows = history.versions(exports)
    assert rows["closed"].dt.date.unique().tolist() == [date(2026, 7, 3)]


def test_a_row_that_cannot_be_read_is_no_vanished_deal():
    seen = {"D": {"status": "open", "amount": 10}, "E": {"status": "open", "amount": 20}}
    exports = [
        Export(date(2026, 7, 6), frame(seen)),
        Export(date(2026, 7, 13), frame({"E": seen["E"]}), frozenset({"D"})),
    ]
    known = Snapshot(date(2026, 7, 13), history.versions(exports), [e.day for e in exports])
    assert known.at(date(2026, 7, 13)).open["value"].sum() == 30


def test_a_rebuilt_opening_does_not_invent_amounts():
    """A list price stands for an amount that was never there, not for one that can't be known."""
    rows = {
        "D": {"status": "open", "amount": 5000, "product": "X", "created": date(2026, 6, 1)},
        "E": {"status": "open", "product": "X", "created": date(2026, 6, 1)},
    }
    known = Snapshot(
        date(2026, 9, 1),
        history.versions([Export(date(2026, 9, 1), frame(rows))]),
        [date(2026, 9, 1)],
        prices={"x": 99},
    )
    opening, closing = known.at(QUARTER.eve), known.at(date(2026, 9, 1))
    found = walk.stock(opening, closing, QUARTER)
    assert found.withheld and found.opening.value is None and found.opening.n == 2
    assert closing.open["value"].tolist() == [5000, 99]
