"""Exports become tables: values exactly, rows that can't be read kept aside with their place and reason."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from salesplaybook import settings
from salesplaybook.errors import ExportError, SettingsError
from salesplaybook.settings import Mapping, Settings
from salesplaybook.tables import files, findings, reading, recognise, words
from salesplaybook.tables.reader import Reader


def mapping(text: str) -> Mapping:
    found = settings.read(text, Mapping, "mapping.yaml")
    recognise.check_mapping(found)
    return found


def reader(text: str = "", **given: Any) -> Reader:
    return Reader(Settings(name="East", **given), mapping(text), words.load())


def read(data: str | bytes, text: str = "", file: str = "deals.csv", **given: Any) -> reading.Reading:
    by = reader(text, **given)
    (sheet,) = by.sheets(file, data.encode() if isinstance(data, str) else data)
    fit = by.recognise(sheet)
    assert fit
    return by.read(sheet, fit)


def test_an_ambiguous_date_goes_aside_and_says_how_to_mend_it():
    found = read("id,stage,created\n1,open,3/4/2026\n2,open,\n")
    assert [(r.row, r.column, r.value) for r in found.rejected] == [(2, "created", "3/4/2026")]
    assert "dates: mdy or dates: dmy" in found.rejected[0].why.text
    assert len(read("id,stage,created\n1,open,3/4/2026\n", "deals: {dates: mdy}").frame) == 1


def test_rows_that_cannot_be_read_are_kept_aside_with_their_place():
    found = read(
        "id,name,stage,amount,created\n1,a,open,12,2026-01-01\n2,b,open,zwölf,2026-01-01\n3,c,somewhere,1,2026-01-01\n"
        ",d,open,1,2026-01-01\n5,e,open,1,soon\n6,f,open,1,2026-01-01,extra\n"
    )
    assert found.frame.index.tolist() == ["1"]
    assert [(r.row, r.column, r.value) for r in found.rejected] == [
        (3, "amount", "zwölf"),
        (4, "stage", "somewhere"),
        (5, "id", ""),
        (6, "created", "soon"),
        (7, "", "extra"),
    ]


def test_a_row_twice_counts_once_and_a_contradicting_one_goes_aside():
    found = read("id,stage,amount\n1,open,5\n1,open,5\n1,won,6\n")
    assert len(found.frame) == 1 and found.repeated == 1
    assert found.rejected[0].row == 4 and found.rejected[0].why.values["first"] == 2


def test_ids_differ_by_case_and_names_do_not():
    assert len(read("id,stage\nab,open\nAB,open\n").frame) == 2
    found = read("name,account,stage\nＡcme  phase 1,X,open\nacme phase 1,x,won\n")
    assert len(found.frame) == 1 and len(found.rejected) == 1


def test_the_status_column_wins_over_the_stage():
    text = (
        "deals:\n  columns: {id: id, stage: 阶段, status: 状态}\n"
        "  stages: {报价: open}\n  statuses: {赢单: won, 无效: void}\n"
    )
    found = read("id,阶段,状态\n1,报价,赢单\n2,报价,无效\n3,报价,\n", text)
    assert found.frame["status"].tolist() == ["won", "void", "open"]


def test_values_are_renamed_and_units_applied():
    text = (
        "deals:\n  columns: {id: id, stage: s, product: p, amount: 金额(万元)}\n"
        "  unit: 10000\n  values: {product: {GTXPro: GTX Pro}}\n"
    )
    found = read("id,s,p,金额(万元)\n1,open,GTXPro,12.34\n", text)
    assert found.frame.loc["1", ["product", "amount"]].tolist() == ["GTX Pro", 12_340_000]


def test_a_table_is_told_by_all_its_columns():
    text = (
        "deals:\n  columns: {id: opp, owner: agent, product: product, stage: stage}\n"
        "products:\n  columns: {name: product, list_price: price}\npeople:\n  columns: {name: agent}\n"
    )
    by = reader(text)

    def table(header: str) -> str | None:
        (sheet,) = by.sheets("x.csv", f"{header}\n1,2,3,4\n".encode())
        fit = by.recognise(sheet)
        return fit.table if fit else None

    assert table("opp,agent,product,stage") == "deals"
    assert table("product,price") == "products"
    assert table("agent,office") == "people"
    assert table("region,sector") is None


def test_a_missing_column_is_named_with_what_is_there():
    text = "deals:\n  columns: {id: opp, owner: agent, amount: value, stage: stage}\n"
    by = reader(text)
    (sheet,) = by.sheets("week.csv", b"opp,agent,worth,stage\n1,a,3,open\n")
    with pytest.raises(ExportError, match=r"week\.csv has no column 'value'.*'amount'.*opp, agent, worth, stage"):
        by.recognise(sheet)


def excel(rows: list[list], sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_excel_and_csv_read_the_same():
    rows = [
        ["id", "stage", "amount", "created"],
        [1, "open", 12.5, datetime(2026, 9, 3)],
        ["x2", "won", "1,000", "2026年9月4日"],
    ]
    book = read(excel(rows), file="deals.xlsx").frame
    text = read('id,stage,amount,created\n1,open,12.5,2026-09-03\nx2,won,"1,000",2026-09-04\n').frame
    assert book.drop(columns="row").equals(text.drop(columns="row"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_encodings(encoding: str):
    found = read("id,stage,name\n1,open,滨江二期\n".encode(encoding))
    assert found.frame["name"].tolist() == ["滨江二期"]


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_gets_a_sentence(data: bytes):
    with pytest.raises(ExportError, match=r"deals\.xlsx"):
        files.read("deals.xlsx", data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deals:\n  colums: {}\n", r"mapping\.yaml, line 2: there is no 'deals\.colums'. Did you mean 'columns'"),
        ("deals:\n  stages: {A: gewonnen}\n", r"line 2: 'deals\.stages\.A' is gewonnen; expected stages"),
        ("deals:\n  unit: many\n", r"line 2: 'deals\.unit' is many; expected a number"),
        ("deals:\n\tunit: 1\n", r"line 2, column 1: the line is indented by a tab"),
        ("deals:\n  columns: {ammount: x, id: i, stage: s}\n", r"deals has no column 'ammount'. It has: amount"),
        ("- 1\n", r"expected lines such as"),
        ("deals:\n  unit：1\n", r"line 2, column 7: a full-width colon"),
    ],
)
def test_a_mistake_in_the_mapping_is_named_with_its_line(text: str, said: str):
    with pytest.raises(SettingsError, match=said):
        mapping(text)


HAND = "名头,眼下到哪一步,商机金额,负责人,阶段\n东区,赢单,5,王敏,三期\n西区,谈判审核,7,李强,二期\n"


@pytest.mark.parametrize("columns", ["{stage: 眼下到哪一步, name: 名头}", "{name: 名头, stage: 眼下到哪一步}"])
def test_beside_what_a_person_has_begun_to_write_the_other_columns_are_known(columns: str):
    found = read(HAND, f"deals:\n  columns: {columns}\n")
    assert found.by == "known" and not found.confirmed
    assert found.columns == {"name": "名头", "owner": "负责人", "stage": "眼下到哪一步", "amount": "商机金额"}
    assert found.frame["status"].tolist() == ["won", "open"]


def test_one_line_is_enough_where_the_rest_is_known():
    found = read(HAND.replace("名头", "商机名称"), "deals:\n  columns: {stage: 眼下到哪一步}\n")
    assert found.columns["name"] == "商机名称" and found.columns["stage"] == "眼下到哪一步"


def test_a_mapping_that_says_what_stages_count_as_stays_as_it_is():
    text = "deals:\n  columns: {name: 名头, stage: 眼下到哪一步}\n  stages: {赢单: won, 谈判审核: open}\n"
    found = read(HAND, text)
    assert found.by == "mapping" and found.confirmed and set(found.columns) == {"name", "stage"}


def test_what_is_begun_of_one_table_makes_no_other_sheet_that_table():
    (sheet,) = reader().sheets("x.csv", "合同编号,客户,应收日期,应收金额,未收金额\n1,A,2026-01-01,5,5\n".encode())
    fit = reader("deals:\n  columns: {stage: 眼下到哪一步}\n").recognise(sheet)
    assert fit and fit.table == "receivables"


def test_sentences_beside_known_stages_are_no_second_stage():
    head = "商机名称,阶段,进展\n"
    assert read(head + "东区,赢单,等客户付款\n").columns["stage"] == "阶段"
    with pytest.raises(ExportError, match="two columns that may be the"):
        read(head + "东区,赢单,丢单\n")


WON = "id,stage,status,Expected close date,Won time,Lost time{}\n1,Qualified,Won,2026-09-01,2026-09-05,{}\n"
WON += "2,Qualified,Lost,2026-09-01,,2026-09-07{}\n3,Qualified,Open,2026-12-01,2026-01-05,{}\n"


def closings(text: str) -> list[str]:
    return [str(day)[:10] for day in read(text).frame["closed"]]


def test_won_and_lost_deals_close_on_their_own_days():
    """A day of an earlier win says nothing of a deal that is open again."""
    assert closings(WON.format("", "", "", "")) == ["2026-09-05", "2026-09-07", "NaT"]


def test_the_day_that_holds_for_won_and_lost_goes_before():
    assert closings(WON.format(",Deal closed on", ",2026-09-06", ",", ",")) == ["2026-09-06", "2026-09-07", "NaT"]


def test_a_day_of_won_deals_alone_is_told():
    found = read(WON.format("", "", "", "").replace("Lost time", "Note"))
    (told,) = [f for f in findings.of_table(found, None) if f.kind == "lost without a day"]
    assert told.rows == [3] and told.text.values["column"] == "Won time"


def test_a_won_deal_that_keeps_its_last_open_stage_is_no_contradiction():
    text = "id,stage,status\n1,Qualified,Won\n2,Qualified,Lost\n3,Closed Won,Open\n4,Qualified,Delivered\n"
    assert read(text, "deals: {statuses: {Delivered: won}}").against == [4, 5]


def test_the_same_header_twice_is_refused():
    with pytest.raises(ExportError, match="the column 'id' more than once"):
        read("id,stage,id\n1,open,2\n")


def test_a_column_mapped_since_does_not_lock_the_history():
    """A filed export is read with the columns that it has; a new one must have all that the mapping names."""
    by = reader("deals:\n  columns: {id: id, stage: stage, amount: value}\n")
    (old,) = by.again("old.csv", b"id,stage\n1,open\n", ["deals"])
    assert old.columns == {"id": "id", "stage": "stage"}
    (sheet,) = by.sheets("new.csv", b"id,stage\n1,open\n")
    with pytest.raises(ExportError, match="no column 'value'"):
        by.recognise(sheet)


def test_days_that_excel_has_swapped_are_an_alarm():
    """25/08/2026 stayed text, for Excel there is no month 25; of what it took, day and month are swapped."""
    rows = [["id", "stage", "created"], [1, "open", "25/08/2026"], [2, "open", datetime(2026, 3, 8)]]
    assert read(excel(rows), file="deals.xlsx").swapped == {"created": 1}
    rows.append([3, "open", datetime(2026, 8, 25)])  # a day after the 12th can't be swapped: Excel reads them rightly
    assert read(excel(rows), file="deals.xlsx").swapped == {}
