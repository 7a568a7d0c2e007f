"""Any file becomes grids of cells, read by what it is and not by its name, or one sentence that says how to mend it."""

from __future__ import annotations

import csv
import gzip
import io
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import damage
from damage import ROWS, excel, old_excel, open_document, packed, parquet, sheet_xml
from salesplaybook.errors import ExportError
from salesplaybook.tables import files
from salesplaybook.tables.grid import CELLS


def rows(data: bytes | str, file: str = "deals.csv") -> list[tuple[int, list[Any]]]:
    (grid,) = files.read(file, data.encode() if isinstance(data, str) else data)
    return grid.rows


def sentence(data: bytes | str, file: str = "deals.csv") -> str:
    with pytest.raises(ExportError) as caught:
        files.read(file, data.encode() if isinstance(data, str) else data)
    assert file in str(caught.value)
    return str(caught.value)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return damage.good(tmp_path_factory.mktemp("good"))


def as_text(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, int | float) else str(cell)


KINDS = [
    "utf-8.csv",
    "gbk.csv",
    "utf-16.txt",
    "packed.csv.gz",
    "new.xlsx",
    "old.xls",
    "open.ods",
    "page.xls",
    "xml.xls",
]
KINDS.append("columns.parquet")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["deals.csv", "deals.xls", "deals.xlsx", ""])
def test_every_kind_reads_the_same_whatever_its_name(good: dict[str, bytes], kind: str, name: str):
    (grid,) = files.read(name or kind, good[kind])
    assert [number for number, _ in grid.rows] == [1, 2, 3, 4]
    assert [[as_text(c) for c in row] for _, row in grid.rows] == [[as_text(c) for c in row] for row in ROWS]


def test_names_of_exports():
    assert all(map(files.is_export, ["a.CSV", "a.xlsx", "a.csv.gz", "a.tsv.gz", "a.parquet", "a.ods", "a.xlsb"]))
    assert all(map(files.is_export, ["a.xlsx.gz", "a.XLS.GZ", "a.zip"]))
    assert not any(map(files.is_export, ["a.gz", "a.json", "a.pdf", "csv", "a.zip.gz"]))


# Text

# None of these is a separator, a quote or a line break by itself; quoting takes care of those that are drawn with them.
# (A whole row within a cell would be taken for one that an open quote swallowed.)
CELLS_OF_TEXT = st.text(st.sampled_from("ab 1,;|\t\"'\n.-客户金额一二期成交"), max_size=8).filter(
    lambda cell: not re.search(r"\n.*[,;|\t].*\n", cell)
)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(CELLS_OF_TEXT, min_size=width - 1, max_size=width - 1).map(lambda row: ["户" + str(len(row)), *row]),
        min_size=1,
        max_size=6,
    ).map(lambda body: [["编号", *(f"列{c}" for c in range(1, width))], *body])
)


@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@settings(max_examples=250, deadline=2000)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_reads_back_as_it_was_written(encoding: str, table: list, separator: str, end: str, quoted: bool):
    """Said with sep= where quoted cells hold so much of another separator that only the writer knows."""
    out = io.StringIO(newline="")
    # Where rows end with CR, the writer leaves LF in a cell unquoted: no reader could tell.
    quoting = csv.QUOTE_ALL if quoted or end == "\r" else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)
    text = f"sep={separator}{end}{out.getvalue()}"
    (grid,) = files.read("deals.csv", text.encode(encoding))
    assert grid.separator == separator
    assert [(n - 1, row) for n, row in grid.rows] == list(enumerate(table, 1))


@given(
    st.lists(st.lists(st.text("ab1.客户 '", min_size=1, max_size=5), min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]),
    st.integers(0, 2),
)
@settings(max_examples=300, deadline=2000)
def test_the_separator_is_found(table: list, separator: str, end: str, encoding: str, titles: int):
    table = [["编号", "名称", "金额"], *([f"户{a}", b, c] for a, b, c in table)]
    text = "".join(f"标题 1, 2{end}" for _ in range(titles)) + "".join(separator.join(row) + end for row in table)
    if titles == 2 and separator == ",":
        return  # two titles with a comma each are rows of two cells
    (grid,) = files.read("deals.csv", text.encode(encoding))
    assert grid.separator == separator
    assert [row for _, row in grid.rows][titles:] == table


@pytest.mark.parametrize(
    ("text", "separator", "header"),
    [
        ("所有商机\n导出: 2026-09-01, 张三\n\n编号;金额;阶段\n1;1,5;a\n2;2,5;b\n", ";", ["编号", "金额", "阶段"]),
        ("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", ";", ["a", "b", "c"]),
        ('a,b\n"x;1",2\n"y;2",3\n', ",", ["a", "b"]),
        ('"Name, full";"Amount, EUR"\n"Doe, J";"1,5"\n"Roe, R";"2,5"\n', ";", ["Name, full", "Amount, EUR"]),
        ("id|name|x\n1|a, b|2\n2|c, d|3\n", "|", ["id", "name", "x"]),
        ("id\tname\n1\ta, b\n", "\t", ["id", "name"]),
        ("a,b,c\n1,2\n3,4,5\n6,7,8\n", ",", ["a", "b", "c"]),
        ("only\n1\n", ",", ["only"]),
    ],
)
def test_the_separator_is_the_one_that_parts_the_rows_alike(text: str, separator: str, header: list[str]):
    (grid,) = files.read("deals.csv", text.encode())
    assert grid.separator == separator and header in [row for _, row in grid.rows]


def test_rows_count_as_in_the_file():
    assert rows("sep=;\r\na;b\r\n\r\n1;2\r\n") == [(2, ["a", "b"]), (4, ["1", "2"])]
    assert rows('a,b\n"x\ny",1\nz,2\n') == [(1, ["a", "b"]), (2, ["x\ny", "1"]), (3, ["z", "2"])]
    assert [n for n, _ in rows("a,b\n ,\n,\n1,2")] == [1, 4]


def test_a_quote_within_a_cell_is_a_letter():
    assert rows('id,name\n1,12" disk\n2,"say ""hi"""\n')[1:] == [(2, ["1", '12" disk']), (3, ["2", 'say "hi"'])]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a,b,c\n1,"x,y\n2,z,w\n', 2),
        ('a,b,c\n1,2,3\n4,5,"6', 3),
        ('a,b,c\n1,"x,y\n2,z,w\n3,"v",w\n', 2),  # the next quote that opens closes it
        ('a,b,c\n1,"x,y\n2,z,w\n3,z,w\n4,v",w\n', 2),  # so does the next stray one: whole rows stand within
        ('a,b,c\n1,"x,y\n' + "2,z,w\n" * 300_000, 2),
    ],
)
def test_an_open_quote_is_told_with_the_row_where_it_opens(text: str, row: int):
    assert f"row {row}: a quotation mark" in sentence(text)


def test_a_note_of_several_lines_is_no_open_quote():
    note = "one, two, three\nsecond, with, commas\nlast"
    assert rows(f'a,b,c\n1,"{note}",x\n2,y,z\n')[1] == (2, ["1", note, "x"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n" + b"x" * 10_000_000, "line 2 is 10,000,000 characters long"),
        (b"a," * 5_000_000, "line 1 is 10,000,000 characters long"),
        (b"a,b\n1," + b"x" * 1_500_000 + b"\n", "row 2 holds a cell of more than 1,000,000"),
        (b"a,b\n" + b"," * 20_000 + b"\n", "row 2 has 20,001 columns"),
        (b"1,2,3,4,5,6,7,8,9,0\n" * 510_000, "more than 5,000,000 cells"),
    ],
)
def test_what_is_too_large_is_told_quickly(data: bytes, said: str):
    assert said in sentence(data)


def test_300_columns():
    text = "\n".join(",".join(f"{r}.{c}" for c in range(300)) for r in range(50))
    assert [len(row) for _, row in rows(text)] == [300] * 50


@pytest.mark.parametrize(
    ("data", "cell"),
    [
        ("Name;Ort\nMüller;Köln\nÖzdem;Zürich\n".encode("cp1252"), "Müller"),
        ("Prénom,Société\nRené,Hélène\n".encode(), "René"),
        ("姓名,公司\n朱镕基,眉山\n".encode("gbk"), "朱镕基"),
        ("id,name\n联通,x\n".encode("gbk"), "联通"),  # its bytes are UTF-8 too
        ("商機,客戶\n雲端移轉專案,台灣積體電路\n".encode("gb18030"), "雲端移轉專案"),
        ("id,name\n喆犇,堃淼\n".encode("gbk"), "喆犇"),
        ("Prénom;Société\nl’été;cœur\n".encode("cp1252"), "l’été"),
        ("id,name\n一一,x\n".encode("utf-16-le"), "一一"),
        ("id,name\n一一,一\n".encode("utf-16-be"), "一一"),
    ],
)
def test_the_encoding_is_found(data: bytes, cell: str):
    assert rows(data)[1][1][0] == cell


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("id,n\n1,滨江二期\n".encode() + "2,城东医院\n".encode("gbk"), "line 2 is UTF-8, line 3 is GBK"),
        ("id,n\n1,滨江二期\n2,客户\n".encode("gbk") + "3,城东医院\n".encode(), "line 2 is GBK, line 4 is UTF-8"),
        ("id,n\n1,滨江".encode("utf-8-sig") + "\n2,城东医院\n".encode("gbk"), "line 2 is UTF-8, line 3 is GBK"),
        ("id,n\n1,滨江".encode()[:-1], "in the middle of a character (line 2)"),
        ("id,n\n1,滨江".encode("gbk")[:-1], "in the middle of a character (line 2)"),
        ("id,n\n1,滨".encode("utf-16")[:-1], "in the middle of a character (line 2)"),
        (b"a,b\n1,\0\0\1\2\n", "no text (line 2)"),
        (bytes(range(256)) * 20, "no text"),
        (b"a,b\n\x81\xff,1\n", "line 2 is neither UTF-8 nor GBK"),
        ("案件名,会社名,担当者\n田中商事,東京,佐藤\n".encode("shift_jis"), "isn't known: line 1 would read"),
        ("id,name\n1,商機名稱客戶名稱雲端移轉專案台灣積體電路製造\n".encode("big5"), "isn't known: line 2"),
        ("Name;Ort\nMüller;Köln\nGroß & Söhne;Zürich\n".encode("mac-roman"), "isn't known: line 2 would read “M"),
        (
            "id,n\n1,滨江二期扩容\n2,客户\n".encode().replace("户".encode(), "户".encode()[:2]),
            "line 3 is not valid UTF-8",
        ),
        ("id,n\r\n1,滨江二期扩容\r\n2,客户\r\n".encode().replace("户".encode(), b"\xff"), "line 3 is not valid UTF-8"),
    ],
)
def test_what_is_not_one_text_is_told_with_its_line(data: bytes, said: str):
    assert said in sentence(data)


# Excel


def test_rows_and_columns_count_as_in_excel():
    def change(book: Any) -> None:
        sheet = book.active
        sheet["C5"], sheet["D5"], sheet["C7"] = "id", "name", 1
        sheet.merge_cells("C8:D9")
        sheet["C8"] = "x"
        sheet.row_dimensions[7].hidden = True

    (grid,) = files.read("deals.xlsx", excel([], change))
    assert [(n, [c or None for c in row]) for n, row in grid.rows] == [
        (5, [None, None, "id", "name"]),
        (7, [None, None, 1, None]),
        (8, [None, None, "x", None]),
    ]
    assert grid.merged == [(8, 2, 9, 3)] and grid.hidden == {7}


def test_hidden_rows_and_merged_cells_of_an_old_workbook():
    def change(book: Any) -> None:
        book.get_sheet("S").row(2).hidden = True
        book.get_sheet("S").write_merge(5, 6, 0, 1, "x")

    (grid,) = files.read("deals.xls", old_excel(change=change))
    assert grid.hidden == {3} and grid.merged == [(6, 0, 7, 1)]


def test_cells_keep_their_types():
    def change(book: Any) -> None:
        book.active.append(["007", True, time(9, 30), timedelta(hours=30), datetime(2026, 9, 3, 12, 30), "#N/A"])
        book.active["F1"].data_type = "e"

    cells = rows(excel([], change), "deals.xlsx")[0][1]
    assert cells == ["007", True, time(9, 30), timedelta(hours=30), datetime(2026, 9, 3, 12, 30), "#N/A"]


def test_1904_is_told_and_days_are_right():
    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    table = [["created"], [datetime(2026, 9, 3)]]
    (grid,) = files.read("deals.xlsx", excel(table, change))
    assert grid.from_1904 and grid.rows[1][1] == [date(2026, 9, 3)]
    (grid,) = files.read("deals.xls", old_excel(table, lambda book: setattr(book, "dates_1904", True)))
    assert grid.from_1904 and grid.rows[1][1] == [date(2026, 9, 3)]
    assert not files.read("deals.xlsx", excel(table))[0].from_1904


def test_formulas_give_their_values_and_none_is_made_up():
    cell = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><f>A{0}*2</f>{1}</c></row>'
    computed = "".join(cell.format(n, f"<v>{n * 2}</v>") for n in range(1, 9))
    assert rows(sheet_xml(computed), "deals.xlsx")[3] == (4, [4, 8])
    # One alone stands as it was written: it can't be taken for an amount.
    assert rows(sheet_xml(computed + cell.format(9, "<v></v>")), "deals.xlsx")[8] == (9, [9, "=A9*2"])
    empty = '<row r="9"><c r="A9"><v>1</v></c><c r="B9" t="str"><f>""</f><v></v></c></row>'
    assert rows(sheet_xml(computed + empty), "deals.xlsx")[8] == (9, [1, ""])
    none = "".join(cell.format(n, "") for n in range(1, 9))
    assert "8 formulas without values" in sentence(sheet_xml(none), "deals.xlsx")


def test_sheets_that_people_do_not_see_are_passed_over():
    def change(book: Any) -> None:
        book.create_sheet("lists").append(["x"])
        book["lists"].sheet_state = "veryHidden"
        book.create_sheet("more").append(["y"])
        book.create_chartsheet("chart")
        book.create_sheet("blank")

    assert [grid.name for grid in files.read("deals.xlsx", excel(change=change))] == ["Sheet", "more"]

    def hide(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("blank")

    assert "hidden ones are not read: Sheet" in sentence(excel(change=hide), "deals.xlsx")


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"{}</row>'


def test_a_stray_cell_far_away_is_told_and_a_format_there_is_not():
    assert "reaches to row 1,048,576 and column 16,384" in sentence(sheet_xml(FAR.format("><v>1</v></c>")), "a.xlsx")
    assert rows(sheet_xml(FAR.format(' s="0"/>')), "a.xlsx") == [(1, [1])]
    wide = "<row>" + "<c><v>1</v></c>" * 3 + "</row>"
    assert rows(sheet_xml(wide * 2), "a.xlsx") == [(1, [1, 1, 1]), (2, [1, 1, 1])]
    long = wide * 3000 + "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>"
    assert "column 16,000" in sentence(sheet_xml(long), "a.xlsx")

    def stray(book: Any) -> None:
        book.get_sheet("S").write(65_535, 255, 1)

    assert f"more than {CELLS:,} cells" in sentence(old_excel(change=stray), "a.xls")


def test_a_binary_workbook_that_asks_for_any_memory_ends_in_a_sentence():
    """Its record of dimensions says four billion rows: reading it would end the process."""
    data = old_excel()
    place = data.index(b"\x00\x02\x0e\x00")
    assert "can't be opened" in sentence(data[: place + 8] + b"\xff" * 4 + data[place + 12 :], "a.xls")


def test_repeated_cells_of_an_open_document_are_counted():
    cell = '<table:table-cell {}office:value-type="float" office:value="1"/>'
    blank = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="9"/>'
    )
    row = f"<table:table-row>{cell.format('')}</table:table-row>"
    assert rows(open_document(row + blank + "</table:table-row>"), "a.ods") == [(1, [1])]
    many = cell.format('table:number-columns-repeated="16384" ')
    far = f'<table:table-row table:number-rows-repeated="1000000">{many}</table:table-row>'
    assert f"more than {CELLS:,} cells" in sentence(open_document(far), "a.ods")


def encrypted() -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(excel())).encrypt("secret", out)
    return out.getvalue()


def old_encrypted() -> bytes:
    """An .xls with the record FILEPASS where Excel writes it: right after the first."""
    data = old_excel()
    place = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return data[:place] + b"\x2f\x00\x06\x00\x00\x00\x01\x02\x03\x04" + data[place + 10 :]


ODT = "application/vnd.oasis.opendocument.text"


def without(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({n: archive.read(n) for n in archive.namelist() if n != name})


BILLION_LAUGHS = '<!DOCTYPE w [<!ENTITY a "{}"><!ENTITY b "{}"><!ENTITY c "{}"><!ENTITY d "{}">]>'.format(
    "a" * 10_000, "&a;" * 10_000, "&b;" * 10_000, "&c;" * 10_000
)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "is empty (0 bytes)"),
        (lambda: b" \r\n\t ", "nothing but spaces"),
        (lambda: b"\xef\xbb\xbf", "nothing but spaces"),
        (lambda: excel([]), "no cell of it is filled"),
        (lambda: excel()[:2000], "damaged or cut off"),
        (lambda: excel()[:-10], "damaged or cut off"),
        (lambda: old_excel()[:1500], "can't be opened"),
        (lambda: packed({}), "an empty zip archive"),
        (lambda: packed({"a.csv": "a,b", "b.csv": "a,b"}), "zip archive, no workbook; it holds: a.csv, b.csv"),
        (lambda: packed({"a.pdf": "a,b"}), "zip archive, no workbook; it holds: a.pdf"),
        (lambda: packed({"a.zip": packed({"a.csv": "a,b"})}), "zip archive, no workbook; it holds: a.zip"),
        (lambda: packed({"a.csv": ""}), "an empty file"),
        (lambda: packed({"a.csv": b" " * 151_000_000}), "more than 150 MB"),
        (lambda: packed({"商机.pdf".encode("gbk").decode("cp437"): "x"}), "it holds: 商机.pdf"),
        (lambda: without(open_document(""), "mimetype"), "an OpenDocument spreadsheet (.ods), and can't be read"),
        (lambda: packed({"xl/workbook.bin": "x"}), "a binary workbook (.xlsb), and can't be read"),
        (lambda: packed({"mimetype": ODT, "content.xml": "<a/>"}), "an OpenDocument text or presentation"),
        (lambda: damage.OPEN_DOCUMENT.encode(), "a flat OpenDocument file"),
        (lambda: packed({"word/document.xml": "<a/>"}), "a Word document"),
        (lambda: packed({"xl/workbook.xml": "<a/>"}), "can't be opened"),
        (lambda: b"PK\x03\x04broken", "damaged or cut off"),
        (lambda: b"not a workbook", "plain text without columns; it begins with: not a workbook"),
        (encrypted, "protected by a password"),
        (old_encrypted, "protected by a password"),
        (lambda: damage.with_part(excel(), "xl/worksheets/sheet1.xml", BILLION_LAUGHS + "&d;"), "can't be opened"),
        (lambda: damage.with_part(excel(), "xl/worksheets/sheet1.xml", b"\0" * 400_000_000), "more than 300 MB"),
        (lambda: b"%PDF-1.7", "is a PDF"),
        (lambda: b"PAR1 and so on", "can't be read as a Parquet file"),
    ],
)
def test_a_file_that_is_no_table_gets_one_sentence(make: Any, said: str):
    assert said in sentence(make(), "deals.xlsx")


@pytest.mark.parametrize("inside", ["csv", "xlsx", "csv.gz"])
def test_the_only_table_in_a_zip_is_read(good: dict[str, bytes], inside: str):
    data = {"csv": good["gbk.csv"], "xlsx": good["new.xlsx"], "csv.gz": good["packed.csv.gz"]}[inside]
    found = rows(packed({f"导出/商机.{inside}": data, "__MACOSX/导出/._商机.csv": "x", "notes.pdf": "x"}), "deals.zip")
    assert [[as_text(c) for c in row] for _, row in found] == [[as_text(c) for c in row] for row in ROWS]


def test_a_packed_workbook_may_be_packed_again(good: dict[str, bytes]):
    assert rows(gzip.compress(good["new.xlsx"]), "deals.xlsx.gz") == rows(good["new.xlsx"])


def test_a_file_that_is_too_large_is_told_by_its_size():
    assert len(old_excel()) < files.LARGEST == 150_000_000
    assert str(files.too_large("deals.csv")) == sentence(b"a" * (files.LARGEST + 1))


@pytest.mark.parametrize("name", ["deals.xlsx", "deals.xls", "deals.parquet"])
@pytest.mark.parametrize("kind", KINDS[4:])
def test_no_words_of_other_programs_come_out(good: dict[str, bytes], kind: str, name: str):
    """Whatever is cut off: one of our own sentences, which are translated."""
    for part in (3, 2, 1.2, 1.01):
        try:
            files.read(name, good[kind][: int(len(good[kind]) / part)])
        except ExportError as error:
            assert not {"problem", "error"} & error.values.keys()


def test_sizes_that_a_zip_does_not_tell_truly_are_counted():
    """It says 1,000 bytes where 400 million come out."""
    data = damage.with_part(excel(), "xl/worksheets/sheet1.xml", b" " * 400_000_000)
    lie = data.replace((400_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(lie)) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size == 1000
    assert "300 MB" in sentence(lie, "deals.xlsx") or "damaged" in sentence(lie, "deals.xlsx")


def test_a_long_text_in_many_cells_does_not_fill_the_memory():
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5000))
    data = damage.with_part(sheet_xml(cells), "xl/sharedStrings.xml", f"<sst><si><t>{'x' * 100_000}</t></si></sst>")
    assert "repeats long texts" in sentence(data, "deals.xlsx")


@pytest.mark.parametrize("kind", ["bomb.xlsx", "bomb.csv.gz"])
def test_a_bomb_stays_under_1500_mb_and_a_minute(tmp_path: Path, kind: str):
    if kind == "bomb.xlsx":
        cells = "<row>" + "<c><v>1</v></c>" * 16_000_000 + "</row>"
        data = sheet_xml(cells)
    else:
        data = gzip.compress(b"a,b\n" * 60_000_000, 1)
    (tmp_path / kind).write_bytes(data)
    program = (
        "import resource, pathlib, sys\nfrom salesplaybook.tables import files\n"
        "try: files.read('x', pathlib.Path(sys.argv[1]).read_bytes())\nexcept files.ExportError as e: print(e)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / kind], capture_output=True, text=True, timeout=60, check=True
    )
    said, peak = done.stdout.splitlines()
    assert said.startswith("x") and int(peak) < 1500 and not done.stderr


# Gzip and Parquet


def test_gzip_in_parts_and_cut_off():
    data = gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n")
    assert rows(data, "deals.csv.gz") == [(1, ["a", "b"]), (2, ["1", "2"])]
    assert "damaged or cut off" in sentence(data[:-9], "deals.csv.gz")
    assert "an empty file" in sentence(gzip.compress(b""), "deals.csv.gz")


def test_parquet_types(tmp_path: Path):
    query = (
        "SELECT 1 AS id, 1.50::decimal(12, 2) AS amount, timestamptz '2026-09-03 08:00:00+08' AS zoned, "
        "timestamp '2026-09-03 10:00:00' AS plain, date '2026-09-03' AS day, true AS flag, [1, 2] AS list, "
        "'nan'::double AS none, 'x'::blob AS bytes, NULL::varchar AS blank"
    )
    (grid,) = files.read("deals.parquet", parquet(query, tmp_path))
    (_, header), (_, cells) = grid.rows
    assert header == ["id", "amount", "zoned", "plain", "day", "flag", "list", "none", "bytes", "blank"]
    assert cells[:2] == [1, Decimal("1.50")] and isinstance(cells[1], Decimal)
    assert cells[2].isoformat() == "2026-09-03T00:00:00+00:00"
    assert cells[3:] == [datetime(2026, 9, 3, 10), date(2026, 9, 3), True, "1; 2", None, "x", None]
    assert not list(tmp_path.iterdir())
    assert "cut off" in sentence(parquet(query, tmp_path)[:300], "deals.parquet")
    many = parquet("SELECT 1 AS a, 2 AS b FROM range(3000000)", tmp_path)
    assert "more than 5,000,000 cells" in sentence(many, "deals.parquet")


# Web pages, XML, JSON


def test_tables_of_a_web_page():
    page = (
        '<meta charset="gb2312"><table><tr><td>外<table><tr><th rowspan=2>编号</th><th colspan="2">金额</th></tr>'
        "<tr><td>USD<br>净<td>a &amp; b</tr><tr><td>1</td><td><b>2</b></td><td>3</table></td></tr></table>"
        "<script>if (a < b) '<table>'</script><table><tr><td>p</td><td>q</td></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    first, second = files.read("deals.xls", page.encode("gbk"))
    assert first.rows == [(1, ["编号", "金额", None]), (2, [None, "USD\n净", "a & b"]), (3, ["1", "2", "3"])]
    assert first.merged == [(1, 0, 2, 0), (1, 1, 1, 2)]
    assert (first.name, second.name) == ("1", "2") and second.rows[1] == (2, ["1", "2"])


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<!DOCTYPE html><title>Sign in &amp; go</title><form><input type='password'></form>", "“Sign in & go”"),
        (
            "<html><title>登录</title><table><tr><td>User</td><td>a</td></tr><tr><td>Password</td><td>"
            '<input name="p" type="password"></td></tr></table>',
            "“登录”",
        ),
        ("<html><body><h1>502 Bad Gateway</h1></body></html>", "“502 Bad Gateway”"),
        ("<html><table><tr><td>one cell</td></tr></table>", "without a table"),
        ('<?xml version="1.0"?><deals><deal>1</deal></deals>', "is XML"),
        ('{"error": "not logged in"}', "is JSON"),
        ('[{"id": 1}]', "is JSON"),
        ('{"id": 1}\n{"id": 2}\n', "is JSON"),
        ('["id", 1]', "is JSON"),
    ],
)
def test_what_is_no_export_at_all_is_told(page: str, said: str):
    assert said in sentence(page)


def test_a_header_in_brackets_is_no_json():
    assert rows("[id],name\n1,2\n")[0] == (1, ["[id]", "name"])


def test_an_xml_workbook():
    sheet = (
        '<Worksheet ss:Name="Deals"><Table><Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1">'
        '<Data ss:Type="String">金额 &amp; &lt;b&gt;</Data></Cell></Row><Row ss:Hidden="1"><Cell>'
        '<Data ss:Type="Number">1.5</Data><Comment><ss:Data>note</ss:Data></Comment></Cell><Cell ss:StyleID="x"/><Cell>'
        '<Data ss:Type="DateTime">2026-09-03T00:00:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell>'
        "</Row></Table></Worksheet>"
        '<Worksheet ss:Name="Lists"><Table><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table>'
        "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
    )
    (grid,) = files.read("deals.xls", damage.SPREADSHEETML.format(sheet).encode())
    assert grid.name == "Deals" and grid.merged == [(2, 1, 2, 2)] and grid.hidden == {3}
    assert grid.rows == [(2, [None, "金额 & <b>", None]), (3, [1.5, None, datetime(2026, 9, 3), True])]
    assert "cut off" in sentence(damage.SPREADSHEETML.format(sheet)[:-30], "deals.xls")


# Damage


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=80, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_bytes_give_grids_or_a_sentence(good: dict[str, bytes], kind: str, data: st.DataObject):
    broken = data.draw(damage.damaged(good[kind]))
    try:
        assert all(grid.rows for grid in files.read(kind, broken))
    except ExportError as error:
        assert kind in str(error)


@pytest.mark.parametrize("kind", ["new.xlsx", "open.ods"])
@given(data=st.data())
@settings(max_examples=200, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_does_damage_within_a_packed_workbook(good: dict[str, bytes], kind: str, data: st.DataObject):
    with zipfile.ZipFile(io.BytesIO(good[kind])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "theme" not in name}
    name = data.draw(st.sampled_from(sorted(parts)))
    broken = damage.with_part(good[kind], name, data.draw(damage.damaged(parts[name])))
    try:
        assert all(grid.rows for grid in files.read(kind, broken))
    except ExportError as error:
        assert kind in str(error)
