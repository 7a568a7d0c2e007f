"""The ledger: what was said is entered once, never changed, and scored when its quarter has closed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salesplaybook import ledger
from salesplaybook.areas.weekly_track import track
from salesplaybook.errors import ProjectError
from salesplaybook.ledger import Line
from salesplaybook.results import Forecast, Said
from salesplaybook.store import Store

MONDAY, AT = date(2026, 9, 21), "2026-09-21T08:40:00+08:00"


def forecast(made_on: date = MONDAY, p50: int = 120) -> Forecast:
    return Forecast(
        period="2026Q3",
        last=date(2026, 9, 30),
        made_on=made_on,
        days_left=10,
        case="c",
        p10=100,
        p50=p50,
        p90=150,
    )


def line(made_on: date = MONDAY, p50: int = 120) -> Line:
    found = ledger.of_forecast(forecast(made_on, p50))
    assert found
    return found


def commit(said: int, made_on: date = MONDAY) -> Line:
    return Line(kind="commit", period="2026Q3", made_on=made_on, by="manager", said=said)


def test_a_forecast_is_entered_once_a_day_and_stands(tmp_path: Path):
    store = Store(tmp_path)
    ledger.enter(store, [line()], AT)
    first = store.text(*ledger.PATH)
    ledger.enter(store, [line(p50=999)], "later")
    assert store.text(*ledger.PATH) == first


def test_a_changed_commit_is_a_new_line(tmp_path: Path):
    store = Store(tmp_path)
    ledger.enter(store, [commit(1300)], AT)
    ledger.enter(store, [commit(1300), commit(1240)], AT)
    assert [found.said for found in ledger.read(store).lines] == [1300, 1240]


def test_each_line_carries_the_hash_of_the_one_before_and_a_changed_past_shows(tmp_path: Path):
    store = Store(tmp_path)
    ledger.enter(store, [line(), commit(1300), commit(1240)], AT)
    assert ledger.read(store).broken is None
    text = store.text(*ledger.PATH)
    store.write(text.replace("1300", "1100"), *ledger.PATH)
    found = ledger.read(store)
    assert found.broken == 3 and [x.said for x in found.lines] == [120, 1100]


def test_a_ledger_that_was_changed_takes_no_more_and_says_which_line(tmp_path: Path):
    store = Store(tmp_path)
    ledger.enter(store, [line()], AT)
    store.write(store.text(*ledger.PATH) + "scribble\n", *ledger.PATH)
    before = store.text(*ledger.PATH)
    assert ledger.read(store).broken == 2
    with pytest.raises(ProjectError, match=r"ledger\.jsonl, line 2"):
        ledger.enter(store, [commit(1240)], AT)
    assert store.text(*ledger.PATH) == before


def test_a_commit_corrected_on_its_day_counts_as_it_was_said_last(tmp_path: Path):
    store = Store(tmp_path)
    for said in (12_000, 1_240, 12_000, 1_240):
        ledger.enter(store, [commit(said)], AT)
    assert [x.said for x in ledger.read(store).lines] == [12_000, 1_240, 12_000, 1_240]
    assert [x.said for x in ledger.read(store).said_by(MONDAY)] == [1_240]


def test_a_name_with_any_sign_is_one_line(tmp_path: Path):
    store = Store(tmp_path)
    odd = commit(1).model_copy(update={"owner": "A\u2028B\x85C"})
    ledger.enter(store, [odd, commit(2)], AT)
    assert ledger.read(store).broken is None and len(ledger.read(store).lines) == 2


def test_what_a_week_knew_of_the_ledger_stays_the_same_when_later_lines_come(tmp_path: Path):
    store = Store(tmp_path)
    ledger.enter(store, [line()], AT)
    before = ledger.read(store).said_by(MONDAY)
    score = Line(
        kind="score",
        **line()
        .model_copy(update={"came": 130, "scored_on": date(2026, 10, 5)})
        .model_dump(include=set(Said.model_fields)),
    )
    ledger.enter(store, [line(date(2026, 9, 28)), score], AT)
    assert ledger.read(store).said_by(MONDAY) == before and before[0].came is None
    (first, _) = ledger.read(store).said_by(date(2026, 10, 5))
    assert first.came == 130 and first.inside


def test_a_withheld_forecast_enters_nothing():
    withheld = Forecast(period="2026Q3", last=MONDAY, made_on=MONDAY, days_left=1, case="b")
    assert ledger.of_forecast(withheld) is None


def test_the_track_record_is_counts_and_mean_errors():
    ranges = [
        Said(period=q, made_on=MONDAY, by="model", said=120, low=100, high=150, came=came, scored_on=MONDAY)
        for q, came in (("2026Q1", 100), ("2026Q2", 150), ("2026Q3", 160))
    ]
    own = Said(period="2026Q3", made_on=MONDAY, by="manager", said=110, came=100, scored_on=MONDAY)
    found = track([*ranges, own])
    assert found and (found.n, found.inside, found.commits) == (3, 2, 1)
    assert round(found.bias or 0, 4) == round((20 / 100 - 30 / 150 - 40 / 160) / 3, 4)
    assert round(found.commit_bias or 0, 4) == 0.1
    assert track([]) is None
    few = track(ranges[:2])
    assert few and few.n == 2 and few.bias is None


def test_thirteen_ranges_of_a_quarter_count_as_the_first_that_was_made_in_it():
    def made(day: date, high: int) -> Said:
        return Said(period="2026Q3", made_on=day, by="model", said=120, low=100, high=high, came=140, scored_on=MONDAY)

    before, first, later = made(date(2026, 6, 8), 150), made(date(2026, 7, 6), 130), made(date(2026, 9, 7), 150)
    found = track([later, first, before])
    assert found and (found.n, found.inside, found.bias) == (1, 0, None)
    early = track([made(date(2026, 6, 15), 130), before])
    assert early and (early.n, early.inside) == (1, 1)  # none in the quarter: the earliest
