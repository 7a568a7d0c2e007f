"""Good files: the one table in every format, encoding, separator and layout that the issue names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from corpus import dialects, writers
from corpus.case import Case, good
from corpus.deals import ALL, DEALS, PLAIN, expected
from corpus.dialects import Rows, zh, zh_typed
from corpus.writers import book, comma, text, workbook

ROWS = zh(DEALS)
LARGE = 4_167  # times 24 deals: 100,008 rows


def cases() -> Iterator[Case]:
    yield from separated()
    yield from other_containers()
    yield from workbooks()
    yield from headers()
    yield from companions()


def as_text(name: str, file: str, data: bytes | str, expects: dict[str, Any] = ALL, **more: Any) -> Case:
    return good(name=name, file=file, data=data.encode() if isinstance(data, str) else data, expects=expects, **more)


def separated() -> Iterator[Case]:
    plain = text(ROWS)
    yield as_text("csv-utf8-crlf", "商机_20260921.csv", plain, expected(DEALS, header_row=1))
    yield as_text("csv-utf8-bom", "deals.csv", plain.encode("utf-8-sig"))
    yield as_text("csv-gbk", "商机导出.csv", plain.encode("gbk"))
    rare = [DEALS[0]._replace(name="㐂𠮷滨江一期"), *DEALS[1:]]
    yield as_text("csv-gb18030-rare", "deals.csv", text(zh(rare)).encode("gb18030"), expected(rare))
    tabs = text(ROWS, "\t")
    yield as_text("csv-utf16-le-tab", "deals.csv", b"\xff\xfe" + tabs.encode("utf-16-le"))
    yield as_text("txt-utf16-be", "deals.txt", b"\xfe\xff" + tabs.encode("utf-16-be"))
    yield as_text("csv-semicolon", "deals.csv", text(ROWS, ";"))
    yield as_text("csv-semicolon-gbk", "deals.csv", text(ROWS, ";").encode("gbk"))
    yield as_text("txt-tab", "deals.txt", tabs)
    yield as_text("tsv", "deals.tsv", tabs)
    yield as_text("csv-bar", "deals.csv", text(ROWS, "|"))
    yield as_text("csv-sep-line", "deals.csv", "sep=;\r\n" + text(ROWS, ";"))
    yield as_text("csv-sep-line-bom", "deals.csv", b"\xef\xbb\xbfsep=|\r\n" + text(ROWS, "|").encode())
    yield as_text("csv-lf-all-quoted", "deals.csv", text(ROWS, end="\n", every=True))
    yield as_text("csv-cr", "deals.csv", text(ROWS, end="\r", every=True))
    yield as_text("csv-no-last-end", "deals.csv", plain.rstrip("\r\n"))
    apart = plain.replace("\r\nD0003", "\r\n\r\n\r\nD0003").replace("\r\nD0009", "\r\n,,,,,,,,,\r\nD0009")
    yield as_text("csv-blank-lines", "deals.csv", apart + "\r\n\r\n")
    ragged = "".join(line + ",,\r\n" for line in text(zh(PLAIN[:3])).splitlines())
    yield as_text("csv-commas-at-the-end", "deals.csv", ragged, expected(PLAIN[:3]))
    cents = text([[*r[:6], r[6].replace(".", ","), *r[7:]] for r in ROWS], ";")
    yield as_text("csv-german", "deals.csv", cents, why="semicolons because the decimal mark is a comma")
    commas = [[*r[:2], f"{r[2]}, Inc., Ltd., Co." if n else r[2], *r[3:]] for n, r in enumerate(ROWS)]
    why = "the separator isn't the most frequent mark"
    yield as_text("csv-many-commas-in-names", "deals.csv", text(commas, ";"), why=why)
    yield as_text("csv-gz", "deals.csv.gz", writers.gzipped(plain.encode("gbk")))
    yield as_text("csv-gz-that-is-none", "deals.csv.gz", plain)
    titled = "商机明细表\r\n导出时间：2026-09-21 08:10,,\r\n\r\n" + plain
    yield as_text("csv-titles-above", "deals.csv", titled, expected(DEALS, header_row=4))


def other_containers() -> Iterator[Case]:
    types = {"商机金额": "DECIMAL(18,2)", "创建时间": "DATE", "预计成交日期": "TIMESTAMP", "实际成交日期": "DATE"}
    try:
        yield as_text("parquet", "deals.parquet", writers.parquet(ROWS, types))
        yield as_text("parquet-all-text", "deals.parquet", writers.parquet(ROWS, {}))
        yield as_text("xls", "商机.xls", writers.old_workbook(zh_typed(DEALS)))
        yield as_text("xls-renamed-xlsx", "deals.xlsx", writers.old_workbook(zh_typed(DEALS)))
    except ImportError as missing:  # they are made where duckdb and xlwt are installed
        print(f"left out: {missing}")
    yield as_text("xls-that-is-a-web-page", "deals.xls", writers.web_page(ROWS))
    title = "<h1>商机</h1><table><tr><td>导出人：王敏</td></tr></table>"
    yield as_text("xls-that-is-a-web-page-in-gbk", "商机.xls", writers.web_page(ROWS, "gbk", title))
    yield as_text("xls-that-is-tab-text", "deals.xls", b"\xff\xfe" + text(ROWS, "\t").encode("utf-16-le"))
    yield as_text("xls-that-is-csv", "deals.xls", text(ROWS).encode("gbk"))
    yield as_text("xls-that-is-xlsx", "deals.xls", book(zh_typed(DEALS)))
    yield as_text("csv-that-is-xlsx", "deals.csv", book(ROWS))


def workbooks() -> Iterator[Case]:
    typed = zh_typed(DEALS)
    yield as_text("xlsx-text", "deals.xlsx", book(ROWS))
    yield as_text("xlsx-typed", "商机 2026.09.21.xlsx", book(typed), expected(DEALS, header_row=1))
    yield as_text("xlsm", "deals.xlsm", book(typed))
    yield as_text("xlsx-1904", "deals.xlsx", book(typed, from_1904=True))
    numbers = _serials(typed, date(1899, 12, 30))
    yield as_text("xlsx-serials", "deals.xlsx", book(numbers), why="dates kept as General numbers")
    numbers = _serials(typed, date(1904, 1, 1))
    yield as_text("xlsx-1904-serials", "deals.xlsx", book(numbers, from_1904=True))
    cover: Rows = [["销售月报"], ["制表人", "王敏"], ["日期", "2026-09-21"]]
    yield as_text("xlsx-cover-sheet", "deals.xlsx", workbook(("封面", cover), ("明细", typed)))
    summary: Rows = [["商机阶段", "数量", "商机金额"], ["赢单", 6, 2211011.83], ["输单", 4, 338400.8]]
    yield as_text("xlsx-summary-sheet", "deals.xlsx", workbook(("汇总", summary), ("明细", typed), ("Sheet3", [])))
    listed: Rows = [
        ["产品名称", "产品编码", "系列", "标价"],
        ["门禁通 M2", "P1", "安防", 86000],
        ["云 E1", "P2", "能源", 5],
    ]
    both = workbook(("商机", typed), ("产品", listed))
    yield as_text("xlsx-deals-and-products", "crm.xlsx", both, expected(DEALS, tables={"deals": 24, "products": 2}))
    yield as_text("xlsx-not-in-a1", "deals.xlsx", book(typed, at=(5, 3)), expected(DEALS, header_row=5))
    titled: Rows = [["2026年三季度商机明细表"], ["单位：元", "", "制表人：王敏"], [], *typed]
    made = book(titled, merged=[(1, 1, 1, 10)])
    yield as_text("xlsx-titles-above", "deals.xlsx", made, expected(DEALS, header_row=4))
    hidden = book(typed, hidden=[3, 4, 9])
    yield as_text("xlsx-hidden-rows", "deals.xlsx", hidden, expected(DEALS, hidden=3), why="hidden rows are rows")
    yield as_text("xlsx-formulas", "deals.xlsx", writers.with_formulas(ROWS, 6), why="values that Excel left are read")
    ordered = sorted(DEALS, key=lambda d: (dialects.zh_stage(d), dialects.ZH_STATUS[d.status]))
    rows = zh_typed(ordered)
    runs = [run for column in (4, 5) for run in _runs(rows, column)]
    made = book(_only_first(rows, runs), merged=runs)
    yield as_text(
        "xlsx-merged-data", "deals.xlsx", made, expected(ordered), why="a merged cell counts for all its rows"
    )
    more = ([f"自定义字段{n}", *[f"值{n}-{i}" for i in range(24)]] for n in range(290))
    yield as_text("xlsx-300-columns", "deals.xlsx", book(writers.columns(typed, *more)))
    more = ([f"自定义字段{n}", *[""] * 24] for n in range(290))
    yield as_text("csv-300-columns", "deals.csv", comma(writers.columns(ROWS, *more)))


def large() -> Iterator[Case]:
    """100,008 rows: made only when asked for."""
    rows = [[f"{r[0]}-{n}", *r[1:]] for n in range(LARGE) for r in ROWS[1:]]
    expects = {
        "rows": 24 * LARGE,
        "statuses": {k: v * LARGE for k, v in ALL["statuses"].items()},
        "won_amount": "9213286295.61",  # 4,167 x 2,211,011.83
        "aside": [],
    }
    yield as_text("large-csv", "deals.csv", text([ROWS[0], *rows]).encode("gbk"), expects, large=True)
    yield as_text("large-xlsx", "deals.xlsx", book([ROWS[0], *rows]), expects, large=True)


def headers() -> Iterator[Case]:
    typed = zh_typed(DEALS)
    wan = [[*r[:6], None if r[6] is None else dialects.wan(d.amount), *r[7:]] for d, r in zip(DEALS, typed[1:])]  # noqa: B905
    for name, header in (
        ("half-width", "商机金额(万元)"),
        ("full-width", "商机金额（万元）"),
        ("spaced", "商机金额 (万元)"),
    ):
        head = [*ROWS[0][:6], header, *ROWS[0][7:]]
        yield as_text(f"header-wan-{name}", "deals.xlsx", book([head, *wan]))
    both = ["商机金额(元)", *[r[6] for r in typed[1:]]]
    head = [*ROWS[0][:6], "商机金额(万元)", *ROWS[0][7:]]
    yield as_text("header-wan-beside-yuan", "deals.xlsx", book(writers.columns([head, *wan], both)))
    noisy = ["*商机编号", "商机名称（必填）", " 客户名称 ", "负责人*", "商机\n阶段", "商机状态(*)", "商机金额（元）"]
    yield as_text("header-noise", "deals.xlsx", book([[*noisy, *ROWS[0][7:]], *typed[1:]]))
    groups: Rows = [["基本信息", "", "", "", "进展", "", "金额与时间"], *typed]
    made = book(groups, merged=[(1, 1, 1, 4), (1, 5, 1, 6), (1, 7, 1, 10)])
    yield as_text("header-groups-above", "deals.xlsx", made, expected(DEALS, header_row=2))
    top = [*ROWS[0][:6], "金额与时间", "", "", ""]
    below = [*[""] * 6, *ROWS[0][6:]]
    merges = [*((1, c, 2, c) for c in range(1, 7)), (1, 7, 1, 10)]
    yield as_text("header-of-two-rows", "deals.xlsx", book([top, below, *typed[1:]], merged=merges))
    wide = [[*r[:3], "", *r[3:]] for r in typed]
    yield as_text("header-merged-across", "deals.xlsx", book(wide, merged=[(1, 3, 1, 4)]))
    turned = [[*r[6:], *r[:6]] for r in ROWS]
    yield as_text("header-in-another-order", "deals.csv", comma(turned))
    capital = dialects.zoho(DEALS)
    capital[0] = [h.upper().replace(" ", "_") for h in capital[0]]
    yield as_text("header-capitals-and-underscores", "deals.csv", comma(capital))


def companions() -> Iterator[Case]:
    lock = {"data/~$deals.xlsx": b"\x05Wang " + bytes(160), "data/.~lock.deals.xlsx#": b",wang,pc,;"}
    yield as_text("beside-a-lock-file", "deals.xlsx", book(ROWS), extra=lock)
    system = {"data/.DS_Store": b"\0\0\0\1Bud1", "data/Thumbs.db": b"\xd0\xcf\x11\xe0", "data/desktop.ini": b"[.]"}
    mac = {"data/._deals.csv": b"\0\5\x16\7\0\2\0\0Mac OS X", "data/readme.md": b"# notes"}
    yield as_text("beside-system-files", "deals.csv", text(ROWS), extra=system | mac)

    def in_folder(data: Path) -> None:
        (data / "deals.csv").write_bytes(comma(ROWS))
        (data / "old").mkdir()
        (data / "old" / "deals.csv").write_bytes(comma(zh(PLAIN)))

    yield good(name="beside-a-folder", file="deals.csv", data=b"", expects=ALL, place=in_folder)


def _serials(typed: Rows, since: date) -> Rows:
    return [typed[0], *([*r[:7], *(c and dialects.serial(c.date(), since) for c in r[7:])] for r in typed[1:])]


def _runs(rows: Rows, column: int) -> list[writers.Merge]:
    """The stretches of equal cells in a column, as merges (rows and columns from 1)."""
    found, first = [], 1
    for i in range(2, len(rows) + 1):
        if i == len(rows) or rows[i][column] != rows[first][column]:
            if i - first > 1:
                found.append((first + 1, column + 1, i, column + 1))
            first = i
    return found


def _only_first(rows: Rows, runs: list[writers.Merge]) -> Rows:
    """`rows` with what lies under a merge left blank, as Excel keeps it."""
    rows = [list(r) for r in rows]
    for first, left, last, _ in runs:
        for number in range(first + 1, last + 1):
            rows[number - 1][left - 1] = None
    return rows
