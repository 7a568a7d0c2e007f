"""Cells that say more or less than a value: what is sure is read and told, the rest is blank or puts its row aside."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from salesplaybook.tables import findings, soft
from salesplaybook.tables.reading import Reading
from test_tables import read

ABOUT = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("cell", "taken"),
    [
        *((c, "55.1") for c in ("约55.1", "~55.1", "～55.1", "大约 55.1", "55.1左右", "55.1 (含税)", "55.1（不含税）")),
        *((c, "55") for c in ("ca. 55", "about 55", "55 excl. VAT", "55 (est.)", "暂估55")),
        ("约¥55.1万", "¥55.1万"),
        ("预计55万(含税)", "55万"),
    ],
)
def test_words_that_change_nothing_are_left_out_of_an_amount(cell: str, taken: str):
    assert soft.amount(cell) == taken


@pytest.mark.parametrize(
    "cell", ["55", "55.1万", "50-60", "55~60", "55+", "55(未定)", "55/60", "", "面议", "约", 55, None]
)
def test_in_other_texts_no_amount_is_looked_for(cell: object):
    assert soft.amount(cell) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        *((c, "2026-11-30") for c in ("11月底", "11月", "11月份", "十一月底", "11月末前", "end of November", "Nov")),
        ("11月15日", "2026-11-15"),
        ("12月底前", "2026-12-31"),
        ("1月", "2027-01-31"),
        ("9月", "2026-09-30"),
    ],
)
def test_a_day_without_a_year_is_the_nearest(cell: str, day: str):
    assert soft.day(cell, ABOUT) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "cell", ["5月", "May", "13月", "2月30日", "11月前", "年底前", "Q4", "四季度", "下月", "end of year", "soon", None]
)
def test_what_may_be_two_days_or_none_is_no_day(cell: str | None):
    assert soft.day(cell, ABOUT) is None


HEAD = "id,stage,金额(万元),创建日期,预计成交日期,实际成交日期\n"


def told(found: Reading, kind: str) -> list[tuple[object, object]]:
    return [
        (f.text.values["column"], f.text.values["values"]) for f in findings.of_table(found, None) if f.kind == kind
    ]


def test_a_soft_amount_counts_and_is_told():
    found = read(HEAD + "1,open,约55.1,2026-11-02,,\n2,open,12(含税),2026-11-02,,\n3,open,50-60,2026-11-02,,\n")
    assert found.frame["amount"].tolist() == [55_100_000, 12_000_000]
    assert told(found, "soft") == [("金额(万元)", ["约55.1 = 55.1", "12(含税) = 12"])]
    assert [(r.row, r.value) for r in found.rejected] == [(4, "50-60")]


@pytest.mark.parametrize(
    ("cell", "tax", "taken"),
    [
        ("55(含税)", "included", "55"),
        ("55(含税)", "excluded", None),
        ("55(不含税)", "included", None),
        ("55 plus vat", "excluded", "55"),
        ("55 plus vat", "included", None),
        ("约55", "excluded", "55"),
        ("税后55", "unstated", None),  # after which tax nobody knows
    ],
)
def test_an_amount_on_another_tax_basis_is_another_amount(cell: str, tax: str, taken: str | None):
    assert soft.amount(cell, tax) == taken


def test_an_unreadable_expected_close_leaves_an_open_deal_in_its_place():
    rows = (
        "1,open,5,2026-11-02,11月底,\n2,open,5,2026-11-02,年底前,\n3,open,5,2026-11-02,Q4,\n4,open,5,2026-11-02,待定,\n"
    )
    found = read(HEAD + rows)
    assert found.rejected == [] and found.frame.index.tolist() == ["1", "2", "3", "4"]
    assert found.frame.loc["1", "expected_close"] == pd.Timestamp("2026-11-30")
    assert found.frame["expected_close"].isna().tolist() == [False, True, True, True]
    assert told(found, "soft") == [("预计成交日期", ["11月底 = 2026-11-30"])]
    assert told(found, "blanked") == [("预计成交日期", ["年底前", "Q4"])]


def test_of_a_decided_deal_the_day_that_it_closed_must_be_there():
    """Without a closing day its expected close is that day."""
    rows = "1,won,5,2026-11-02,年底前,\n2,lost,5,2026-11-02,年底前,2026-11-09\n3,won,5,2026-11-02,2026-11-09,年底前\n"
    found = read(HEAD + rows + "4,won,5,2026-11-02,12月底,\n")
    assert [(r.row, r.value) for r in found.rejected] == [(2, "年底前"), (4, "年底前"), (5, "12月底")]
    assert found.frame.index.tolist() == ["2"] and told(found, "blanked") == [("预计成交日期", ["年底前"])]


def test_an_expected_close_that_a_line_in_the_mapping_would_settle_puts_its_row_aside():
    found = read("id,stage,expected_close\n1,open,3/4/2026\n2,open,\n")
    assert [r.row for r in found.rejected] == [2] and "dates: mdy" in found.rejected[0].why.text


def test_without_any_day_in_the_file_a_month_without_a_year_is_blank():
    found = read("id,stage,预计成交日期\n1,open,11月底\n")
    assert found.frame["expected_close"].isna().all() and told(found, "blanked") == [("预计成交日期", ["11月底"])]
