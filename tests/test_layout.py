"""A table is found in its sheet, whatever stands around it; a sheet is known for what it is, or a sentence says why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from corpus import writers
from salesplaybook.errors import ExportError
from salesplaybook.settings import Mapping, Settings
from salesplaybook.settings import read as settings_of
from salesplaybook.tables import layout, words
from salesplaybook.tables.grid import Grid, filled
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading

Rows = list[list[Any]]
HEAD = ["客户", "项目名称", "销售", "阶段", "金额(万元)", "登记日期"]
DEALS: Rows = [
    ["东海", "一期", "王敏", "初步接洽", 12.5, "2026-09-01"],
    ["东海", "二期", "王敏", "已签约", 30, "2026-08-02"],
    ["南湖", "三期", "陈立", "丢单", 8, "2026-07-03"],
]


def laid(rows: Rows, merged: list[tuple[int, int, int, int]] | None = None, hidden: tuple[int, ...] = ()) -> Sheet:
    """The table in a sheet of `rows`; merged: rows from 1, columns from 0."""
    there = [(n, row) for n, row in enumerate(rows, 1) if filled(row)]
    grid = Grid("台账.xlsx", "Sheet1", there, merged or [], frozenset(hidden))
    by = reader()
    return layout.sheet(grid, by.knows, by.roles)


def reader(mapping: str = "", **more: Any) -> Reader:
    how = settings_of(mapping, Mapping, "mapping.yaml")
    return Reader(Settings(name="P", **more), how, words.load())


def read(data: bytes | str, mapping: str = "", file: str = "deals.xlsx", **more: Any) -> Reading:
    by = reader(mapping, **more)
    (sheet,) = by.sheets(file, data.encode() if isinstance(data, str) else data)
    fit = by.recognise(sheet)
    assert fit
    return by.read(sheet, fit)


def refused(text: str, mapping: str = "") -> str:
    with pytest.raises(ExportError) as caught:
        read(text, mapping, "deals.csv")
    assert "deals.csv" in str(caught.value)
    return str(caught.value)


def passed(sheet: Sheet) -> dict[int, str]:
    return {p.row: p.kind for p in sheet.passed}


# -- above the header


def test_a_plain_table_has_nothing_around_it():
    sheet = laid([HEAD, *DEALS])
    assert (sheet.header, sheet.header_row, sheet.passed) == (HEAD, 1, [])
    assert sheet.rows == list(enumerate(DEALS, 2))


@pytest.mark.parametrize(
    "titles",
    [
        [["2026年销售台账"]],
        [["2026年销售台账"], [], ["制表人：王敏", None, None, "2026-09-30"]],
        [["Pipeline"], ["As of", "2026-09-30"], ["Owner", "All", "Region", "East"]],
        [[None, None, "2026年销售台账", None, "单位", "万元"]],
    ],
)
def test_titles_above_the_header_are_passed_over(titles: Rows):
    sheet = laid([*titles, HEAD, *DEALS])
    assert sheet.header == HEAD and sheet.header_row == len(titles) + 1
    assert [row for _, row in sheet.rows] == DEALS
    assert set(passed(sheet).values()) == {"above"}


def test_a_header_that_nobody_knows_is_the_first_row_of_texts_as_wide_as_the_table():
    rows = [["Quarterly list"], ["Foo", "Bar", "Baz"], ["a", "b", 3], ["c", "d", 4]]
    sheet = laid(rows)
    assert sheet.header == ["Foo", "Bar", "Baz"] and len(sheet.rows) == 2


def test_a_header_cell_of_two_lines_is_one_header():
    assert laid([["客户\n名称", "Deal\nName", " 阶段 "], ["a", "b", "c"]]).header == ["客户名称", "Deal Name", "阶段"]


def test_a_table_may_begin_in_any_column():
    rows = [[None, None, *row] for row in [HEAD, *DEALS]]
    found = read(writers.book(rows))
    assert len(found.frame) == 3 and found.frame["amount"].sum() == 50_500_000


# -- a header of two rows


def test_a_spanning_header_gives_its_name_to_what_stands_below():
    top = ["客户", "项目名称", "阶段", "预计", None, "金额(万元)"]
    sub = [None, None, None, "成交日期", "毛利", None]
    merged = [(1, 3, 1, 4), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 5, 2, 5)]
    sheet = laid([top, sub, ["东海", "一期", "初步接洽", "2026-12-01", 3, 12.5]], merged)
    assert sheet.header_row == 2 and len(sheet.rows) == 1
    assert sheet.header[:3] == ["客户", "项目名称", "阶段"] and sheet.header[5] == "金额(万元)"
    assert words.load().column("deals", sheet.header[3]) == "expected_close"


def test_groups_of_headers_above_the_true_ones_are_part_of_the_header():
    top = ["基本信息", None, None, None, "商务信息", None]
    sheet = laid([top, HEAD, *DEALS], [(1, 0, 1, 3), (1, 4, 1, 5)])
    assert [row for _, row in sheet.rows] == DEALS and sheet.header_row == 2
    assert [words.load().column("deals", h) for h in sheet.header] == [
        "account",
        "name",
        "owner",
        "stage",
        "amount",
        "created",
    ]


def test_a_unit_in_the_second_row_of_the_header_counts():
    """Hand-kept sheets put (万元) in a cell of its own below 金额: 12.5 is 125,000, not 12 yuan 50."""
    top = ["客户", "项目名称", "销售", "阶段", "金额", "登记日期"]
    rows: Rows = [top, [None, None, None, None, "(万元)", None], *DEALS]
    assert read(writers.book(rows)).frame["amount"].sum() == 50_500_000


def test_a_unit_above_the_header_counts_or_is_told():
    """单位：万元 at the right above the table is how Chinese reports say it."""
    top = ["客户", "项目名称", "销售", "阶段", "金额", "登记日期"]
    rows: Rows = [["销售台账"], [None, None, None, None, "单位：万元"], top, *DEALS]
    assert read(writers.book(rows)).frame["amount"].sum() == 50_500_000


def test_the_first_deal_is_not_taken_for_a_second_row_of_the_header():
    rows = [["Name", "Stage", "Owner"], ["Alpha", "Won", "Ann"], ["Beta", "Lost", "Bob"]]
    sheet = laid(rows)
    assert sheet.header == rows[0] and [row for _, row in sheet.rows] == rows[1:]


# -- within and below the table


@pytest.mark.parametrize(
    "word",
    ["合计", "合  计", "总计：", "小计", "东海小计", "Total", "Grand Total", "Subtotal", "Sum", "共 3 条", "平均"],
)
def test_a_total_is_no_deal(word: str):
    sheet = laid([HEAD, *DEALS, [word, None, None, None, 50.5, None]])
    assert [row for _, row in sheet.rows] == DEALS
    assert passed(sheet) == {5: "totals"}


def test_a_total_of_several_columns_is_no_deal():
    head = ["客户", "项目名称", "阶段", "金额(万元)", "预估成本(万元)", "毛利(万元)"]
    rows = [["东海", "一期", "初步接洽", 10, 6, 4], ["南湖", "二期", "已签约", 20, 11, 9]]
    sheet = laid([head, *rows, ["合计", None, None, 30, 17, 13]])
    assert [row for _, row in sheet.rows] == rows and passed(sheet) == {4: "totals"}


def test_a_deal_whose_account_is_called_like_a_total_stays():
    rows = [["Total", "Rig 4", "王敏", "初步接洽", 12.5, "2026-09-01"], *DEALS]
    assert [row for _, row in laid([HEAD, *rows]).rows] == rows


def test_a_sum_without_a_word_below_the_table_is_no_deal():
    sheet = laid([HEAD, *DEALS, [None, None, None, None, 50.5, None]])
    assert [row for _, row in sheet.rows] == DEALS


def test_labels_of_groups_and_the_header_again_are_passed_over():
    sheet = laid([HEAD, ["华东区"], *DEALS[:2], HEAD, ["华南区"], DEALS[2]])
    assert [row for _, row in sheet.rows] == DEALS
    assert passed(sheet) == {2: "label", 5: "label", 6: "label"}


@pytest.mark.parametrize(
    "footer",
    [
        [["制表人：王敏"]],
        [["Confidential Information - Do Not Distribute"], ["Copyright © 2000-2026 salesforce.com"]],
        [["备注：金额含税"], ["导出时间", "2026-09-30 10:00"]],
        [["Generated by Zoho CRM"], ["Page 1 of 1"]],
    ],
)
def test_what_stands_below_the_table_is_passed_over(footer: Rows):
    sheet = laid([HEAD, *DEALS, [], *footer])
    assert [row for _, row in sheet.rows] == DEALS
    assert set(passed(sheet).values()) == {"footer"} and len(sheet.passed) == len(footer)


def test_a_last_deal_with_few_cells_stays():
    few = ["北江", "四期", None, "初步接洽", None, None]
    assert [row for _, row in laid([HEAD, *DEALS, few]).rows] == [*DEALS, few]


def test_in_a_report_with_subtotals_a_groups_name_counts_for_its_rows():
    rows: Rows = [
        ["Stage", "Deal Name", "Account Name", "Amount"],
        ["Won", "a", "x", 1],
        [None, "b", "y", 2],
        ["Subtotal", None, None, 3],
        ["Lost", "c", "z", 4],
        [None, "d", "z", 5],
        ["Subtotal", None, None, 9],
        ["Total", None, None, 12],
    ]
    sheet = laid(rows)
    assert [row[0] for _, row in sheet.rows] == ["Won", "Won", "Lost", "Lost"]
    assert [number for number, _ in sheet.rows] == [2, 3, 5, 6]


def test_without_subtotals_a_blank_stays_blank():
    rows: Rows = [["Owner", "Deal Name", "Stage"], ["Ann", "a", "Won"], [None, "b", "Lost"], ["Bob", "c", "Won"]]
    assert [row[0] for _, row in laid(rows).rows] == ["Ann", None, "Bob"]


def test_a_cell_over_several_rows_counts_for_each():
    rows = [HEAD, DEALS[0], [None, *DEALS[1][1:]], DEALS[2]]
    sheet = laid(rows, [(2, 0, 3, 0)])
    assert [row[0] for _, row in sheet.rows] == ["东海", "东海", "南湖"]


def test_hidden_rows_are_read_and_counted():
    found = read(writers.book([HEAD, *DEALS], hidden=(3, 4)))
    assert len(found.frame) == 3 and found.hidden == 2


def test_a_row_number_is_that_of_excel_whatever_stands_above():
    rows: Rows = [["台账"], [], HEAD, *DEALS, ["北江", "四期", "王敏", "什么阶段", 1, "2026-09-01"]]
    (aside,) = read(writers.book(rows)).rejected
    assert (aside.row, aside.column, aside.value) == (7, "阶段", "什么阶段")


def test_all_of_it_at_once_is_read_to_the_last_cent():
    rows: Rows = [
        ["2026年销售台账"],
        HEAD,
        ["华东区"],
        *DEALS[:2],
        ["华东区小计", None, None, None, 42.5, None],
        ["华南区"],
        DEALS[2],
        ["华南区小计", None, None, None, 8, None],
        ["合计", None, None, None, 50.5, None],
        ["制表：王敏"],
    ]
    found = read(writers.book(rows, hidden=(4,)))
    assert found.frame["amount"].sum() == 50_500_000 and not found.rejected
    assert found.frame["status"].value_counts().to_dict() == {"open": 1, "won": 1, "lost": 1}
    assert [p.kind for p in found.passed].count("totals") == 3


# -- which table a sheet is


def test_two_columns_for_one_field_are_told_with_the_first_row_where_they_differ():
    said = refused("商机编号,阶段,金额,商机金额\n1,赢单,5,5\n2,赢单,7,8\n")
    assert "'金额'" in said and "'商机金额'" in said and "row 3" in said and "mapping.yaml" in said


def test_two_columns_for_one_field_that_say_the_same_are_one():
    found = read("商机编号,阶段,金额,商机金额\n1,赢单,5,5.00\n2,赢单,7,7\n", file="deals.csv")
    assert found.frame["amount"].sum() == 1200


def test_the_same_amount_in_yuan_and_in_wan_is_one():
    found = read("商机编号,阶段,金额(万元),商机金额(元)\n1,赢单,1.2,12000\n2,赢单,3,30000\n", file="deals.csv")
    assert found.frame["amount"].sum() == 4_200_000


def test_of_two_columns_for_one_field_the_mapping_chooses():
    how = "deals:\n  columns: {id: 商机编号, stage: 阶段, amount: 商机金额}\n"
    found = read("商机编号,阶段,金额,商机金额\n1,赢单,5,6\n", how, "deals.csv")
    assert found.frame["amount"].sum() == 600


@pytest.mark.parametrize("row", ["7,", ",7"])
def test_a_column_without_a_value_does_not_hide_its_filled_twin(row: str):
    found = read(f"商机编号,阶段,金额,商机金额\n1,赢单,{row}\n2,赢单,{row}\n", file="deals.csv")
    assert found.frame["amount"].sum() == 1400


def test_a_table_without_what_it_needs_is_told_with_what_is_there():
    said = refused("商机编号,商机名称,客户名称,金额,创建时间\n1,a,x,5,2026-09-01\n")
    assert "stage" in said and "商机名称" in said and "mapping.yaml" in said


def test_without_an_id_or_a_name_a_table_of_deals_is_told():
    said = refused("阶段,金额,创建时间,预计成交日期\n赢单,5,2026-09-01,2026-09-02\n")
    assert "id" in said and "name" in said


def test_a_missing_column_of_the_mapping_is_named():
    how = "deals:\n  columns: {id: id, stage: stage, amount: Betrag}\n"
    said = refused("id,stage,Amount\n1,Won,5\n", how)
    assert "'Betrag'" in said and "Amount" in said


def test_the_mappings_headers_are_found_whatever_their_width_and_line_breaks():
    how = "deals:\n  columns: {id: 编号, stage: 阶段, amount: 金额（万元）}\n"
    found = read(writers.book([["编号", "阶段", "金额\n(万元)"], [1, "赢单", 1.5]]), how)
    assert found.frame["amount"].sum() == 1_500_000


def test_a_sheet_of_something_else_is_no_table_of_ours():
    by = reader()
    (sheet,) = by.sheets("other.csv", b"Recipe,Flour,Sugar\nCake,200,100\n")
    assert by.recognise(sheet) is None


def test_each_sheet_of_a_workbook_is_known_for_itself():
    by = reader()
    people = [["姓名", "部门"], ["王敏", "一组"]]
    data = writers.workbook(("台账", [HEAD, *DEALS]), ("人员", people), ("说明", [["填写说明"], ["每周一更新"]]))
    fits = [by.recognise(sheet) for sheet in by.sheets("all.xlsx", data)]
    assert [fit and fit.table for fit in fits] == ["deals", "people", None]


def test_dates_of_a_workbook_stay_days_below_a_title():
    rows: Rows = [["台账"], HEAD, [*DEALS[0][:5], datetime(2026, 9, 1)]]
    assert str(read(writers.book(rows)).frame["created"].iloc[0].date()) == "2026-09-01"


def test_a_sheet_that_mapping_yaml_names_and_nobody_has_is_asked_for():
    by = reader("deals: {sheet: 三月}\n")
    sheets = by.sheets("deals.xlsx", writers.book([HEAD, *DEALS]))
    with pytest.raises(ExportError, match="has the sheet '三月'"):
        by.check_sheets([s.name for s in sheets])
    reader("deals: {sheet: Sheet1}\n").check_sheets([s.name for s in sheets])


def test_where_mapping_yaml_takes_deals_from_one_file_no_other_becomes_something_else():
    text = "商机编号,商机名称,客户名称,负责人,商机阶段,创建时间\n1,a,x,王敏,赢单,2026-09-01\n"
    by = reader("deals: {file: 本周.csv}\n")
    (sheet,) = by.sheets("旧商机.csv", text.encode())
    assert by.recognise(sheet) is None
    (sheet,) = by.sheets("本周.csv", text.encode())
    assert by.recognise(sheet).table == "deals"
