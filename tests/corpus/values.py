"""Files of one column: every way of writing a day or an amount, blank words, currencies, ids, percentages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from corpus import dialects, writers
from corpus.case import Case, dirty, good
from corpus.dialects import Rows, eighteen
from corpus.writers import book, comma

AMBIGUOUS_DAYS = ["3/4/2026", "4/5/2026", "11/12/2026"]


def cases() -> Iterator[Case]:
    yield from days()
    yield from amounts()
    yield from currencies()
    yield from blanks()
    yield from ids()
    yield from percents()


def pairs(lines: str) -> tuple[list[str], list[str]]:
    """What is written, and what it means, of 'written → meant ¦ written → meant'."""
    found = [pair.strip(" ").split(" → ") for pair in lines.split(" ¦ ")]
    return [written for written, _ in found], [meant for _, meant in found]


def column(header: str, cells: Sequence[Any], *more: tuple[str, Sequence[Any]]) -> Rows:
    """Open deals with these cells in one column (and in more)."""
    rows: Rows = [["商机编号", "商机名称", "商机阶段", header, *(h for h, _ in more)]]
    for n, cell in enumerate(cells):
        rows.append([f"V{n + 1}", f"项目{n + 1}", "需求确定", cell, *(c[n] for _, c in more)])
    return rows


def expects(rows: int, ours: str, cells: Sequence[Any], aside: Sequence[int] = (), **more: Any) -> dict[str, Any]:
    return {"rows": rows, "statuses": {"open": rows}, "aside": list(aside), "cells": {ours: list(cells)}} | more


# As it is written → the day that it is.
DAYS: dict[str, str] = {
    "iso": "2026-09-30 → 2026-09-30 ¦ 2026-09-03 → 2026-09-03 ¦ 2026-9-3 → 2026-09-03",
    "iso-with-time": "2026-09-30 23:59:59 → 2026-09-30 ¦ 2026-09-30T08:30 → 2026-09-30 ¦ "
    "2026-09-30 00:00:00.000 → 2026-09-30",
    "zones": "2026-09-30T15:59:59Z → 2026-09-30 ¦ 2026-09-30T16:00:00.000Z → 2026-10-01 ¦ "
    "2026-09-30T20:00:00-04:00 → 2026-10-01 ¦ 2026-09-30T23:00:00+08:00 → 2026-09-30 ¦ "
    "2026-09-30 20:00:00+0000 → 2026-10-01",
    "us": "9/30/2026 → 2026-09-30 ¦ 9/3/2026 → 2026-09-03 ¦ 12/01/2026 → 2026-12-01 ¦ 9/4/2026 6:55 PM → 2026-09-04",
    "us-named-month": "Sep 30, 2026 → 2026-09-30 ¦ Oct 7, 2025 6:55 PM → 2025-10-07 ¦ January 2, 2026 → 2026-01-02 ¦ "
    "3-Feb-2026 → 2026-02-03",
    "german": "30.09.2026 → 2026-09-30 ¦ 3.9.2026 → 2026-09-03 ¦ 01.12.2026 → 2026-12-01 ¦ "
    "04.09.2026 18:55 → 2026-09-04",
    "british": "30/09/2026 → 2026-09-30 ¦ 03/09/2026 → 2026-09-03 ¦ 1/12/2026 → 2026-12-01",
    "chinese": "2026年9月30日 → 2026-09-30 ¦ 2026年09月03日 → 2026-09-03 ¦ ２０２６年９月３日 → 2026-09-03 ¦ "
    "2026年9月3日 下午3:05 → 2026-09-03",
    "slashes": "2026/9/30 → 2026-09-30 ¦ 2026/09/03 → 2026-09-03 ¦ 2026/9/3 8:05 → 2026-09-03 ¦ "
    "2026/9/3 下午 3:05:09 → 2026-09-03",
    "points": "2026.9.30 → 2026-09-30 ¦ 2026.09.03 → 2026-09-03",
    "compact": "20260930 → 2026-09-30 ¦ 20260903 → 2026-09-03",
    "serials": "46295 → 2026-09-30 ¦ 46268 → 2026-09-03 ¦ 46268.75 → 2026-09-03",
    "milliseconds": "1790697600000 → 2026-09-30 ¦ 1790697599999 → 2026-09-29 ¦ 1788364800000 → 2026-09-03",
}


def days() -> Iterator[Case]:
    for name, lines in DAYS.items():
        written, meant = pairs(lines)
        made = comma(column("创建时间", written))
        yield good(f"days-{name}", file="deals.csv", data=made, expects=expects(len(written), "created", meant))
    york = {"project": "timezone: America/New_York"}
    made = comma(column("创建时间", ["2026-09-30T03:59:59Z", "2026-09-30T04:00:00Z", "1790740799000"]))
    meant = expects(3, "created", ["2026-09-29", "2026-09-30", "2026-09-29"])
    yield good("days-zones-new-york", file="deals.csv", data=made, expects=meant, **york)
    cells = [20260930, 46268, 1788364800000, datetime(2026, 9, 30, 23, 59), "2026-09-03"]
    meant = expects(5, "created", ["2026-09-30", "2026-09-03", "2026-09-03", "2026-09-30", "2026-09-03"])
    yield good("days-numbers-in-excel", file="deals.xlsx", data=book(column("创建时间", cells)), expects=meant)
    written = ["2026-09-30", "下月", "年底", "2026-13-45", "Q2", "2026-02-30", "5月1日", "soon"]
    meant = expects(1, "created", ["2026-09-30"], range(3, 10), aside_columns={3: "创建时间", 9: "创建时间"})
    yield dirty("days-that-are-none", file="deals.csv", data=comma(column("创建时间", written)), expects=meant)
    written = ["2026-01-02", *AMBIGUOUS_DAYS, "2026年3月4日"]
    meant = expects(2, "created", ["2026-01-02", "2026-03-04"], [3, 4, 5], notices=["mdy", "dmy"])
    yield dirty("days-partly-ambiguous", file="deals.csv", data=comma(column("创建时间", written)), expects=meant)
    told = {"mapping": "deals:\n  dates: dmy\n"}
    meant = expects(3, "created", ["2026-04-03", "2026-05-04", "2026-12-11"])
    made = comma(column("创建时间", AMBIGUOUS_DAYS))
    yield good("days-ambiguous-and-told", file="deals.csv", data=made, expects=meant, **told)
    written = ["2026-01-02", "13/5/2026", "5/13/2026", "3/4/2026"]
    meant = expects(3, "created", ["2026-01-02", "2026-05-13", "2026-05-13"], [5])
    why = "the column proves both orders, so it proves none: what can be one day only is that day"
    yield dirty(
        "days-of-both-orders", file="deals.csv", data=comma(column("创建时间", written)), expects=meant, why=why
    )


# As it is written → whole cents.
AMOUNTS: dict[str, str] = {
    "yuan-signs": "¥1,234.50 → 123450 ¦ ￥1,234.50 → 123450 ¦ ¥ 12 → 1200 ¦ RMB 1,234.50 → 123450 ¦ "
    "CNY 1,234.50 → 123450 ¦ 1234.5元 → 123450 ¦ 1,234.50 元 → 123450",
    "wan-and-yi": "1.2万 → 1200000 ¦ 3亿 → 30000000000 ¦ 1.2 万元 → 1200000 ¦ 0.0001万 → 100 ¦ "
    "1,234.5万 → 1234500000 ¦ 12.3456亿元 → 123456000000",
    "negatives": "(500) → -50000 ¦ （1,500.25） → -150025 ¦ -500 → -50000 ¦ −500 → -50000 ¦ ¥(500) → -50000 ¦ "
    "-¥500.00 → -50000",
    "spaces": "1 234,50 → 123450 ¦ 12 345 678,90 → 1234567890 ¦ 1\u00a0234,50 → 123450 ¦ 1\u202f234,50 → 123450 ¦ "
    "7,25 → 725",
    "german": "1.234,50 → 123450 ¦ 12.345.678,90 → 1234567890 ¦ 7,25 → 725 ¦ 1.234 → 123400 ¦ 500 → 50000",
    "us": "1,234.50 → 123450 ¦ 12,345,678.90 → 1234567890 ¦ 7.25 → 725 ¦ 1,234 → 123400 ¦ 500 → 50000",
    "full-width": "１，２３４．５０ → 123450 ¦ ５００ → 50000 ¦ ￥１，２３４．５０ → 123450 ¦ １．２万 → 1200000",
    "plain": "0 → 0 ¦ 0.1 → 10 ¦ 21739535.00 → 2173953500 ¦ 12 → 1200 ¦ +5 → 500 ¦ 1234.567 → 123457",
}


def amounts() -> Iterator[Case]:
    for name, lines in AMOUNTS.items():
        written, meant = pairs(lines)
        made = comma(column("商机金额", written))
        yield good(
            f"amounts-{name}",
            file="deals.csv",
            data=made,
            expects=expects(len(written), "amount", [int(m) for m in meant]),
        )
    dollars = ["US$1,234.00", "$1,234.00", "USD 1,234.00", "1,234.00 USD"]
    meant = expects(4, "amount", [123400] * 4)
    made = comma(column("商机金额", dollars))
    yield good("amounts-dollars", file="deals.csv", data=made, expects=meant, project="currency: USD")
    cells = ["1234.50", "1,234.50", 1234.5, 0.1 + 0.2, "1.2万", 1e7]
    meant = expects(6, "amount", [123450, 123450, 123450, 30, 1200000, 1000000000])
    yield good("amounts-text-in-excel", file="deals.xlsx", data=book(column("商机金额", cells)), expects=meant)
    small = book(column("商机金额", [0.3, 100, 0.25]))
    meant = expects(3, "amount", [30, 10000, 25])
    yield good("amounts-small", file="deals.xlsx", data=small, expects=meant, why="30 cents are no 30 %")
    units = comma(column("商机金额(万元)", ["1.2万", "12", "300元", "¥12,000"]))
    why = "a unit in the cell replaces the header's; a mere sign does not"
    meant = expects(4, "amount", [1200000, 12000000, 30000, 12000000000])
    yield good("amounts-with-a-unit-in-header-and-cell", file="deals.csv", data=units, expects=meant, why=why)
    written = ["100", "约150-200", "12%", "100-200", "10.0.0", "abc", "1e99", "10+20"]
    meant = expects(1, "amount", [10000], range(3, 10), aside_columns={3: "商机金额", 4: "商机金额"})
    made = comma(column("商机金额", written))
    yield dirty("amounts-that-are-none", file="deals.csv", data=made, expects=meant)
    worded = ["约150", "~1.5万", "150左右", "150（含税）", "about 150"]
    meant = expects(5, "amount", [15000, 1500000, 15000, 15000, 15000]) | {"findings": ["约150 = 150"]}
    made = comma(column("商机金额", worded))
    yield dirty("amounts-in-words", file="deals.csv", data=made, expects=meant, why="words that change nothing")


def currencies() -> Iterator[Case]:
    rows: Rows = [["商机编号", "商机名称", "商机阶段", "商机金额", "币种"]]
    for n, (amount, code) in enumerate((("1000", "CNY"), ("100.10", "USD"), ("10", "EUR"), ("5", "人民币")), 1):
        rows.append([f"M{n}", f"项目{n}", "赢单", amount, code])
    rates = "rates: {USD: 7.1, EUR: 8}"
    won = {"rows": 4, "statuses": {"won": 4}, "aside": []}
    meant = won | {"won_amount": "1795.71", "cells": {"amount": [100000, 71071, 8000, 500]}}
    why = "1000 + 100.10 x 7.1 + 10 x 8 + 5"
    yield good("currencies-with-rates", file="deals.csv", data=comma(rows), expects=meant, project=rates, why=why)
    meant = won | {"won_amount": "1715.71", "cells": {"amount": [100000, 71071, None, 500]}, "findings": ["EUR"]}
    yield dirty(
        "currencies-one-without-a-rate", file="deals.csv", data=comma(rows), expects=meant, project="rates: {USD: 7.1}"
    )
    meant = won | {"won_amount": "1005.00", "cells": {"amount": [100000, None, None, 500]}, "findings": ["USD", "EUR"]}
    yield dirty("currencies-without-rates", file="deals.csv", data=comma(rows), expects=meant, why="never added")
    named: Rows = [r[:4] for r in rows]
    for row, amount in zip(named[1:], ("¥1,000.00", "US$100.10", "€10.00", "CNY 5"), strict=True):
        row[3] = amount
    meant = won | {"won_amount": "1795.71", "cells": {"amount": [100000, 71071, 8000, 500]}}
    yield good("currencies-in-the-cells", file="deals.csv", data=comma(named), expects=meant, project=rates)
    sales: Rows = [["Opportunity ID", "Opportunity Name", "Stage", "Amount Currency", "Amount"]]
    sales += [
        [dialects.row_id(1), "a", "Closed Won", "CNY", "1,200.00"],
        [dialects.row_id(2), "b", "Closed Won", "USD", "100.00"],
    ]
    meant = {"rows": 2, "statuses": {"won": 2}, "won_amount": "1910.00", "aside": []}
    yield good(
        "currencies-in-salesforce", file="report.csv", data=comma(sales), expects=meant, project="rates: {USD: 7.1}"
    )


BLANKS = [
    "",
    "NULL",
    "None",
    "nan",
    "#N/A",
    "n/a",
    "-",
    "--",
    "—",
    "无",
    "待定",
    "暂无",
    "未定",
    "TBD",
    " ",
    "null",
    "N/A",
]


def blanks() -> Iterator[Case]:
    words = [*BLANKS, "面议"]
    none = [None] * len(words)
    meant = expects(len(words), "amount", none)
    yield good("blank-amounts", file="deals.csv", data=comma(column("商机金额", words)), expects=meant)
    meant = expects(len(BLANKS), "created", [None] * len(BLANKS))
    yield good("blank-days", file="deals.csv", data=comma(column("创建时间", BLANKS)), expects=meant)
    meant = expects(len(BLANKS), "owner", [None] * len(BLANKS))
    yield good("blank-owners", file="deals.csv", data=comma(column("负责人", BLANKS)), expects=meant)
    errors = book(column("商机金额", ["#N/A", 5, None, "NULL"]))
    meant = expects(4, "amount", [None, 500, None, None])
    yield good("blanks-in-excel", file="deals.xlsx", data=errors, expects=meant, why="#N/A as an error, not as text")


def ids() -> Iterator[Case]:
    def of(found: Sequence[Any], stages: Sequence[str] = ()) -> Rows:
        rows: Rows = [["Opportunity ID", "Opportunity Name", "Stage", "Amount"]]
        return rows + [[i, f"deal {n}", "Closed Won", "10"] for n, i in enumerate(found)]

    three = ["006Ax00000abcDE", "006Ax00000abcDe", "006Ax00000ABCDE"]
    meant = {"rows": 3, "statuses": {"won": 3}, "won_amount": "30.00", "aside": [], "cells": {"id": three}}
    yield good("ids-by-letter-case", file="deals.csv", data=comma(of(three)), expects=meant)
    short, other = "006Ax00000abcDE", "006Ax00000abcDe"
    rows = of([short, other, eighteen(short)])
    rows[3][1] = rows[1][1]
    once = {"rows": 2, "statuses": {"won": 2}, "won_amount": "20.00", "aside": [], "repeated": 1}
    yield dirty("ids-of-15-and-18-characters", file="deals.csv", data=comma(rows), expects=once, why="one deal")
    meant = {"rows": 3, "statuses": {"won": 3}, "aside": [], "cells": {"id": ["1001", "1002", "0003"]}}
    yield good("ids-that-are-numbers", file="deals.xlsx", data=book(of([1001, 1002.0, "0003"])), expects=meant)
    rounded = of(["1.23E+17", "4.56E+17", "123456789012345678", "7"])
    meant = {"rows": 4, "statuses": {"won": 4}, "aside": [], "notices": ["1.23E+17"]}
    why = "flagged, and not put aside: the money is right, only the id can't be trusted"
    yield dirty("ids-that-excel-rounded", file="deals.csv", data=comma(rounded), expects=meant, why=why)
    zoho = writers.comma(of(["zcrm_5437012000000000001", "zcrm_5437012000000000002"]))
    meant = {"rows": 2, "statuses": {"won": 2}, "aside": []}
    yield good("ids-of-zoho", file="deals.csv", data=zoho, expects=meant)


def percents() -> Iterator[Case]:
    written = ["30", "30%", "0.3", "３０％", "100%", "0", "95.0", ""]
    meant = expects(8, "crm_probability", [0.3, 0.3, 0.3, 0.3, 1.0, 0.0, 0.95, None])
    yield good("percents", file="deals.csv", data=comma(column("赢率(%)", written)), expects=meant)
    written = ["30%", "130%", "-5", "高"]
    meant = expects(4, "crm_probability", [0.3, None, None, None], findings=["130%"])
    yield dirty("percents-that-are-none", file="deals.csv", data=comma(column("赢率", written)), expects=meant)
    cells: Rows = column("赢率", [0.3, 0.5, 1])
    made = book(cells, formats={4: "0%"})
    meant = expects(3, "crm_probability", [0.3, 0.5, 1.0])
    yield good("percents-in-excel", file="deals.xlsx", data=made, expects=meant)
