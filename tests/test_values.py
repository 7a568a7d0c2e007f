"""Cells become values as a person would read them; what a person couldn't tell is refused, and never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplaybook.tables import days, money, values

SHANGHAI = ZoneInfo("Asia/Shanghai")
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789,.:-"}
WRITTEN = st.text("0123456789.,-/:'()¥$€%万亿元年月日上午TZk eE+", max_size=20)
MOMENTS = st.dates() | st.times() | st.timedeltas() | st.datetimes(timezones=st.none() | st.just(UTC))
CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | WRITTEN | MOMENTS


def each(said: str) -> list[str]:
    """Cells written one beside the other, with | between them."""
    return [cell.strip() for cell in said.split("|")]


def pairs(said: str) -> list[tuple[str, str]]:
    """Cells and what each is: ¥5 = CNY | £5 = GBP."""
    return [(cell, value) for cell, _, value in (part.partition(" = ") for part in each(said))]


def amount(cell: Any, style: money.Style | None = None, unit: int = 1, home: str = "CNY") -> tuple[str, str | None]:
    found = money.amount(cell, Decimal(unit), style, home)
    assert found
    return f"{found.value.normalize():f}", found.currency


def day(cell: Any, order: str | None = None, **more: bool) -> str:
    return str(days.day(cell, order, SHANGHAI, **more))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *pairs("""1,234.50 = 1234.5 | 1234.5 = 1234.5 | 1 234.50 = 1234.5 | 1'234.50 = 1234.5 |
            １，２３４．５０ = 1234.5 | '1234.50 = 1234.5 | ="1234.50" = 1234.5 | 1,23,456.00 = 123456 | (500) = -500 |
            -500 = -500 | 500- = -500 | −500 = -500 | （500） = -500 | +5 = 5 | 1.2万 = 12000 | 3亿 = 300000000 |
            1.5千万 = 15000000 | 50w = 500000 | 2百万 = 2000000 | 5k = 5000 | 1.2M = 1200000 | 2 Mio. = 2000000 |
            3bn = 3000000000 | (1.5万) = -15000 | 500,- = 500 | 500.- = 500 | .5 = 0.5 | 1.5E7 = 15000000 | -0 = 0"""),
        *[(7, "7"), (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"), (Decimal("1.10"), "1.1")],
    ],
)
def test_amounts_are_read_to_the_last_digit(cell, value):
    assert amount(cell) == (value, None)


@pytest.mark.parametrize(
    ("cell", "currency"),
    pairs("""¥5 = CNY | ￥5 = CNY | RMB 5 = CNY | 人民币5元 = CNY | 5元 = CNY | 5 CNY = CNY | CNY ¥5 = CNY |
        ¥5 JPY = JPY | US$5 = USD | USD 5 = USD | 5美元 = USD | $5 = USD | HK$5 = HKD | NT$5 = TWD | A$5 = AUD |
        C$5 = CAD | S$5 = SGD | €5 = EUR | 5 € = EUR | £5 = GBP | 5日元 = JPY"""),
)
def test_a_cell_may_name_its_currency(cell, currency):
    assert amount(cell) == ("5", currency)


@pytest.mark.parametrize(
    ("cell", "value"),
    pairs("""Rs. 12,34,567.00 = 1234567 INR | Rs.500 = 500 INR | ₹500 = 500 INR | Fr. 100 = 100 CHF |
        100 Fr. = 100 CHF | CHF 100.- = 100 CHF | R$ 5 = 5 BRL | RM 5 = 5 MYR | RMB 5 = 5 CNY | 5 руб. = 5 RUB |
        руб. 5 = 5 RUB | 5 Kč = 5 CZK"""),
)
def test_currencies_have_short_names(cell, value):
    assert " ".join(map(str, amount(cell))) == value


def test_crowns_are_the_projects_or_none():
    assert [amount(c, home=home) for c in ("100 kr", "kr. 100") for home in ("SEK", "NOK", "DKK")] == 2 * [
        *[("100", "SEK"), ("100", "NOK"), ("100", "DKK")],
    ]
    for home in ("CNY", "EUR"):
        with pytest.raises(ValueError):
            money.amount("100 kr", Decimal(1), None, home)
        assert money.code("kr", home) is None
    assert amount("100 kr SEK", home="EUR") == ("100", "SEK")


def test_a_sign_of_several_currencies_means_the_projects_if_it_can():
    assert [amount("¥5", home=home)[1] for home in ("CNY", "JPY", "USD")] == ["CNY", "JPY", "CNY"]
    assert [amount("$5", home=home)[1] for home in ("CNY", "SGD", "USD", "AUD")] == ["USD", "SGD", "USD", "AUD"]
    assert [amount("5元", home=home)[1] for home in ("CNY", "TWD", "USD")] == ["CNY", "TWD", "CNY"]
    assert money.code("人民币", "USD") == money.code("¥", "CNY") == "CNY" and money.code("ducats", "CNY") is None
    assert money.code("usd", "CNY") == money.code("USD - U.S. Dollar", "CNY") == "USD"


def test_a_cell_in_wan_is_not_multiplied_again():
    assert amount("1.2万", unit=10_000) == ("12000", None)
    assert amount("120万元", unit=10_000) == ("1200000", "CNY")
    assert amount("120元", unit=10_000) == ("120", "CNY")  # it says itself that it is not in 万
    assert amount("¥1.2", unit=10_000) == ("12000", "CNY")
    assert amount(33.333333, unit=10_000) == ("333333.33", None)


@pytest.mark.parametrize(
    "cell",
    [
        *each("""abc | 35% | 约150 | 约100万 | 150左右 | 100-200 | 150+ | --5 | 12..3 | 1,2345 | 1 23 | 5² | ½ | 5T |
            八万 | USD 5 EUR | 2026-09-30 |
            9:30 | 1e99 | inf | 2e15 | 99999999亿 | #REF! | 12,5 | 1.234,56 | 0,500 | -(5) |
            (5 | 5) | 万"""),
        *[True, float("inf"), 10**16, Decimal("1e99999"), datetime(2026, 9, 30), time(8), timedelta(3)],
    ],
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(ValueError):
        money.amount(cell, Decimal(1), None, "CNY")


@pytest.mark.parametrize(
    "cell",
    [
        *each(
            " | ? | ？ | 未知 | 不详 | 待补充 | unknown | To be confirmed | - | — | － | / | NULL | None | nan | #N/A |"
            " n/a | Ｎ/Ａ | tbd | ＴＢＤ | 无 | 待定 | 面议 | 暂无 | 未定"
        ),
        *[None, float("nan"), Decimal("nan"), "\u3000", " "],
    ],
)
def test_blanks_are_blank_in_every_column(cell):
    assert money.amount(cell, Decimal(1), None, "CNY") is days.day(cell, None, SHANGHAI) is None
    assert values.text(cell) is values.percent(cell) is values.flag(cell) is values.identifier(cell) is None


def test_blank_words_count_only_as_the_whole_cell():
    assert values.text("待定项目") == "待定项目" and values.text("TBD GmbH") == "TBD GmbH"
    with pytest.raises(ValueError):
        money.amount("待定 5", Decimal(1), None, "CNY")


@pytest.mark.parametrize(
    ("column", "style"),
    pairs("""1.234,56 = comma | 12,5 = comma | 1 234,50 = comma | 1.234.567 = comma | 1.234; 5.678; 0,5 = comma |
        12,5 €; x = comma | 1,234.56 = point | 12.5 = point | 1,234,567 = point | 0.500 = point |
        １，２３４．５ = point | 1.234; 5.678; 0.5 = point | 1.234万; 5.678万 = point | 12,5; 12.5 = unclear |
        1.234; 5.678 = unclear | 1.234; 1.234 = unclear | 1,234; 5.678 = unclear | 1234; abc = None |
        1,234; 5,678 = None | 1.234 = unclear | 1200; 1.200 = unclear | ¥1.200 = point |
        12,5% = None | 2026.9.30 = None"""),
)
def test_the_decimal_sign_is_what_the_columns_cells_prove(column, style):
    assert str(money.style([None, 5.5, *column.split("; ")])) == style


def test_the_columns_style_decides_what_a_point_is():
    assert amount("1.234", "comma")[0] == "1234" and amount("1.234", "point")[0] == amount("1.234")[0] == "1.234"
    assert amount("1,234", "point")[0] == "1234" and amount("1,2345", "comma")[0] == "1.2345"
    assert amount("1 234,50", "comma")[0] == amount("1.234,50 €", "comma")[0] == "1234.5"


def test_money_of_three_decimals_is_refused_where_it_may_be_thousands():
    for cell in ("1,234", "12,345 €", "(1,234)"):  # beside 1,5: the comma is proved, and 1.234 improbable
        with pytest.raises(ValueError):
            money.amount(cell, Decimal(1), "comma", "CNY")
    assert amount("12,345", "comma", unit=10_000)[0] == amount("12,345万", "comma")[0] == "123450"
    assert amount("0,500", "comma")[0] == "0.5" and amount("1.234,567", "comma")[0] == "1234.567"
    assert amount("1,234", "comma", home="KWD")[0] == "1.234"  # a dinar has a thousand fils
    assert money.style(["1,5", "1,234"]) == "comma"


def test_where_the_decimal_sign_is_unclear_only_what_reads_the_same_both_ways_is_read():
    assert [amount(c, "unclear")[0] for c in ("500", "12,5", "12.5", "1.234,5")] == ["500", "12.5", "12.5", "1234.5"]
    for cell in ("1.234", "1,234"):
        with pytest.raises(ValueError):
            money.amount(cell, Decimal(1), "unclear", "CNY")


def test_cents_are_rounded_half_up():
    assert [money.cents(Decimal(v), 2) for v in ("0.005", "-0.005", "0.0049", "12")] == [1, -1, 0, 1200]
    assert money.cents(Decimal("12.5"), 0) == 13


@pytest.mark.parametrize(
    ("said", "meant"),
    pairs("""金额(万元) = 金额 10000 None | 金额（万元） = 金额 10000 None | 金额/万元 = 金额 10000 None |
        金额：万 = 金额 10000 None | 金额（单位：万元） = 金额 10000 None | 金额万元 = 金额 10000 None |
        金额 (元) = 金额 1 None | 金额(万美元) = 金额 10000 USD | 预计金额（USD） = 预计金额 None USD |
        金额(万元，含税) = 金额(含税) 10000 None | Amount (kUSD) = Amount 1000 USD | Amount (k€) = Amount 1000 EUR |
        Amount ($'000) = Amount 1000 None | Amount (in thousands) = Amount 1000 None |
        Amount (USD mn) = Amount 1000000 USD | Amount (in USD, thousands) = Amount 1000 USD |
        Umsatz in TEUR = Umsatz 1000 EUR | Rate (%) = Rate None None | *Rate(必填) = Rate None None |
        Rate（选填） (*) = Rate None None | \ufeffRate ↑ = Rate None None | Deal\nName\u00a0 = Deal Name None None |
        Amount (converted) = Amount (converted) None None | 客户（集团） = 客户（集团） None None |
        Plan B = Plan B None None | 价格(元/年) = 价格 1 None | 价格(元/吨) = 价格(元/吨) None None |
            商机金额/千元 = 商机金额 1000 None | 商机金额 单位:万元 = 商机金额 10000 None |
            合同金额（单位：万元人民币） = 合同金额 10000 CNY | 金额(不含税 万元) = 金额(不含税) 10000 None |
            商机金额（万元/年） = 商机金额 10000 None | 签约金额 万元（含税） = 签约金额（含税） 10000 None |
            合同金额（含税）万元 = 合同金额（含税） 10000 None | Owner (RM) = Owner (RM) None None |
            \x1b]0;x\x07Amount (USD) = ]0;xAmount None USD | Won/Lost = Won/Lost None None"""),
)
def test_a_header_gives_its_unit_and_keeps_its_name(said, meant):
    assert " ".join(map(str, money.header(said))) == meant


@pytest.mark.parametrize(
    ("header", "left"),
    pairs("""金额万 = 万 | 金额亿 = 亿 | 金额 千元左右 = 千元 | 万元金额 = 万元 | 价格(万元/月) = 万元 | Amount k = k |
        Amount_M = M | 商机金额（以万计） = 以万 | Amount x1000 = x1000 | Amount in Thousand dollars = Thousand |
        金额 = None | 金额(万元) = None | 金额(元) = None | Amount (kUSD) = None | 万科项目金额 = None |
        M&A Amount = None | Amount (converted) = None | Marketing Amount = None | Amount 2026 = None |
        价格(元/吨) = None"""),
)
def test_what_looks_like_a_unit_and_is_not_read_as_one_is_told(header, left):
    assert str(money.unit_left(header)) == left


def test_the_project_tells_what_a_headers_yuan_are():
    assert [money.header("金额(万元)", home)[2] for home in (None, "CNY", "TWD", "USD")] == [None, "CNY", "TWD", "CNY"]


@pytest.mark.parametrize(
    "cell",
    [
        *each("""2026-09-03 | 2026/9/3 | 2026.9.3 | 2026年9月3日 | 2026 年 9 月 3 日 | ２０２６年９月３日 |
            26年9月3日 | 20260903 | 2026-09-03 14:56:28 | 2026-09-03T08:30:00 | 2026年9月3日 下午3:30 |
            2026/9/3 上午 8:05 | 2026-9-3 周四 | 2026-09-03T08:30:00.000Z | 2026-09-03 08:30 UTC |
            2026-09-03 23:00 GMT+8 | 2026-09-03T08:30:00+0800 | 2026-09-03T23:59:59+08:00 | 20260903081500 | 46268 |
            46268.5 | 1788393600000 | 1788393600 | 3.9.2026 | 03.09.2026 14:30 | 03.09.2026, 14:30:00 Uhr | 03.09.26 |
            3. September 2026 | ="2026-09-03" | 3 Sep 2026 | Sep 3, 2026 6:55 PM | 03-Sep-2026 | 3-SEP-26 |
            September 3rd, 2026 | 2026-Sep-03 | Thu, 3 Sep 2026 08:00:00 GMT |
            Thu Sep 03 2026 18:55:00 GMT+0800 (China Standard Time) | 202609030930 | 2026-09-03（四） |
            2026-09-03 (Thu) | 2026-09-03(四) 23:30 | 2026-09-03 Thursday | 2026-09-03 23:30:00 +0800 CST |
            2026、9、3"""),
        *[
            20260903,
            20260903.0,
            202609030930,
            20260903081500,
            46268,
            46268.99,
            1788393600000,
            1788393600000.0,
            1788393600,
        ],
        *[datetime(2026, 9, 3, 8), date(2026, 9, 3), datetime(2026, 9, 3, 8, tzinfo=UTC)],
    ],
)
def test_days(cell):
    assert day(cell) == "2026-09-03"


@pytest.mark.parametrize(
    ("cell", "shanghai", "new_york"),
    [
        ("2026-09-03T20:00:00.000Z", "2026-09-04", "2026-09-03"),
        ("2026-09-03T02:00:00+08:00", "2026-09-03", "2026-09-02"),
        ("9/3/2026 11:30 PM PDT", "2026-09-04", "2026-09-04"),
        (1788465600000, "2026-09-04", "2026-09-03"),
        (datetime(2026, 9, 3, 20, tzinfo=UTC), "2026-09-04", "2026-09-03"),
        ("2026-09-03 23:30", "2026-09-03", "2026-09-03"),
    ],
)
def test_a_moment_with_a_zone_is_the_day_of_the_projects_zone(cell, shanghai, new_york):
    assert day(cell, "mdy") == shanghai
    assert str(days.day(cell, "mdy", ZoneInfo("America/New_York"))) == new_york


@pytest.mark.parametrize("month", ["Mär", "März", "mar", "MARCH", "Mrz"])
def test_months_have_names_in_english_and_german(month):
    assert day(f"7. {month} 2026") == "2026-03-07"


def test_the_order_of_month_and_day_is_what_the_columns_cells_prove():
    assert days.order(["3/4/2026", "9/30/2026"]) == days.order(["9-30-26"]) == "mdy"
    assert days.order(["3/4/2026", "30/9/2026 14:00"]) == days.order(["30/9/26"]) == "dmy"
    assert days.order(["9/30/2026", "13/45/2026", "30/2/2026"]) == "mdy"  # what is no day proves nothing
    assert days.order(["3/4/2026"]) is days.order(["9/30/2026", "30/9/2026"]) is days.order(["2026/9/30", 5]) is None
    assert days.order(["26/9/30", "26/10/5", "26/11/12"]) is None  # the year seems to come first


def test_without_an_order_only_what_is_one_day_is_read():
    assert [day(c) for c in ("13/1/2026", "1/13/26", "3/3/2026")] == ["2026-01-13", "2026-01-13", "2026-03-03"]
    for cell in ("3/4/2026", "3-4-2026", "3/4/26", "26/9/30"):
        with pytest.raises(ValueError):
            day(cell)
    assert day("3/4/2026", "mdy") == day("3.4.2026", "mdy") == "2026-03-04"
    assert day("3/4/2026", "dmy") == day("3.4.2026") == day("03.04.26") == "2026-04-03"
    assert day("26/9/30", "ymd") == "2026-09-30"
    with pytest.raises(ValueError):
        day("9/30/2026", "dmy")


def test_old_mac_workbooks_count_their_days_from_1904():
    assert day(46268 - 1462, from_1904=True) == day("2026-09-03", from_1904=True) == "2026-09-03"


@pytest.mark.parametrize(
    "cell",
    [
        *each("0 | 0000-00-00 | 0000-00-00 00:00:00 | 1900-01-00 | 1/0/1900 | 12/30/1899"),
        *[0, 0.0, time(0), date(1899, 12, 30), datetime(1899, 12, 31)],
    ],
)
def test_the_zero_date_is_no_day(cell):
    assert days.day(cell, None, SHANGHAI) is None


@pytest.mark.parametrize(
    "cell",
    [
        *each("""2026-02-30 | 13/45/2026 | 年底 | Q2 | 下月 | 2026年9月 | 9月30日 | 2026-09 | Sep 2026 | 12 May |
            2026 | 1850-01-01 | 2201-01-01 | 2026-09-30 25:00 | 2026-09-30 soon | 2026-09-30 ~ 2026-10-05 | 2026-9/30 |
            2026-09-30 08:00 CST | 13800138000 | 123456 | 123456789012 |
            202613050930 | 2026-09-30 monkey | 2026-09-30 23:30:00 CST | 1.79E+12 | 20260931"""),
        *[
            True,
            -5,
            1234,
            1e20,
            123456789012,
            600000000000,
            time(8),
            date(1, 1, 1),
            20261301,
            20260930.5,
            datetime.max.replace(tzinfo=UTC),
        ],
    ],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(ValueError):
        day(cell)


@pytest.mark.parametrize(
    ("cell", "last"),
    pairs("""2026年8月 = 31 | 26年8月 = 31 | 2026年8月底 = 31 | 2026年8月份 = 31 | 2026-08 = 31 | 2026/8 = 31 |
        ２０２６－０８ = 31 | 2026.08 = 31 | 08/2026 = 31 | Aug 2026 = 31 | August, 2026 = 31 | end of Aug 2026 = 31 |
        2026 Aug = 31"""),
)
def test_a_month_without_a_day_ends_with_its_last(cell, last):
    assert days.month(cell) == date(2026, 8, int(last))
    with pytest.raises(ValueError):
        day(cell)


def test_february_and_what_is_no_month():
    assert [str(days.month(c)) for c in ("2026年2月", "2028-02")] == ["2026-02-28", "2028-02-29"]
    others = each("8月 | 8月底 | 2026年8月上旬 | 2026-13 | 2026 | Q3 2026 | 2026-08-01 | 2026.1 | Aug-26 | 年底 | -")
    assert not any(map(days.month, [*others, None, 202608, 2026.08, date(2026, 8, 1), "x" * 200]))


def test_probabilities_are_shares_of_one():
    cells = ["30", "30%", 30, 0.3, "０.３", "30 ％", "30,0%"]
    assert {values.percent(cell) for cell in cells} == {0.3}
    assert [values.percent(c) for c in (1, "1%", 100, 0, "12,5 %")] == [1, 0.01, 1, 0, 0.125]
    for cell in ("八折", "8折", "abc", 101, -1, True, "~50%", "1,000"):
        with pytest.raises(ValueError):
            values.percent(cell)


def test_flags_are_yes_or_no():
    assert {values.flag(cell) for cell in (True, "TRUE", 1, "1", "yes", "Ｙ", "是")} == {True}
    assert {values.flag(cell) for cell in (False, "false", 0, 0.0, "No", "否")} == {False}
    assert {values.flag(cell) for cell in ("已成交", "成交", "已赢单", "已经签约", "已结束")} == {True}
    assert {values.flag(cell) for cell in ("未成交", "没有", "没成交", "未结束", "尚未签约")} == {False}
    for cell in ("perhaps", "赢单", "输单", "Won", "lost"):  # lost isn't won, but it is closed
        with pytest.raises(ValueError):
            values.flag(cell)


def test_what_steers_a_terminal_is_taken_out():
    assert values.text("\x1b]0;pwned\x07Deal\x00 \x9b31m甲\x7f") == "]0;pwnedDeal 31m甲"
    assert values.text("a\tb\r\nc\x0bd") == "a\tb\r\nc d"
    assert values.text("\x1b\x07") is None


def test_ids_are_compared_letter_by_letter():
    assert [values.identifier(c) for c in (123.0, "123.0", 123, "00123", '="00123"', "aB", "Ab")] == [
        *("123", "123", "123", "00123", "00123", "aB", "Ab"),
    ]


def test_salesforce_ids_of_18_letters_are_those_of_15():
    assert values.identifier("001D000000IRFmaIAH") == values.identifier("001D000000IRFma") == "001D000000IRFma"
    assert values.identifier("001D000000IRFmaIAB") == "001D000000IRFmaIAB"  # a wrong checksum: not Salesforce's
    assert values.identifier("123456789012345678") == "123456789012345678"


def test_ids_that_excel_has_rounded_are_noticed():
    assert all(values.rounded(cell) for cell in ("1.23E+17", "1.23457E+17", "1E+15", 1.23e17, 1e15))
    assert not any(
        values.rounded(c) for c in ("12E5", "5E10", "123456789012345678", 10**17, 123456789012345.0, None, "A", True)
    )


@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 10_000, 10**8]), st.integers(0, 5))
def test_an_amount_reads_back_the_same_in_every_style(cents, unit, kind):
    value = Decimal(cents) / 100
    point = f"{abs(value):,.2f}"
    comma = point.translate({ord(","): ".", ord("."): ","})
    apart = comma.replace(".", "\u202f")
    written = [point, f"¥{point}", point.translate(WIDE), comma, f"{apart} €", comma.replace(".", "'")][kind]
    cell, style = f"({written})" if cents < 0 else written, "comma" if kind > 2 else "point"
    found = money.amount(cell, Decimal(unit), style, "CNY")
    assert found and found.value == value * unit
    assert money.style([cell]) == style


@given(st.integers(1, 10**12), st.sampled_from([("万", 4), ("亿", 8), ("k", 3), ("M", 6), ("千万元", 7)]))
def test_an_amount_with_its_own_unit_reads_back_the_same(whole, size):
    written = f"{Decimal(whole).scaleb(-size[1]):f}{size[0]}"
    found = money.amount(written, Decimal(10_000), None, "CNY")
    assert found and found.value == whole


@given(st.datetimes(datetime(1970, 1, 2), datetime(2068, 12, 30)))
def test_a_day_reads_back_the_same_in_every_way_of_writing(at):
    numbers = f"{at.year}年{at.month}月{at.day}日", f"{at:%Y/%m/%d %H:%M}", f"{at:%Y%m%d}", int(f"{at:%Y%m%d%H%M%S}")
    names = f"{at:%b} {at.day}, {at:%Y %I:%M %p}", f"{at:%d-%b-%y}", f"{at.day}. {at:%B} {at.year}"
    others = f"{at:%d.%m.%Y %H:%M:%S}", at.isoformat(), at.isoformat().translate(WIDE), at
    serial = (at.replace(microsecond=0) - datetime(1899, 12, 30)) / timedelta(1)
    moment = at.replace(tzinfo=SHANGHAI)
    for cell in (*numbers, *names, *others, serial, moment.isoformat(), moment.astimezone(UTC).isoformat()):
        if cell is not serial or serial >= 36_000:
            assert day(cell) == str(at.date()), cell
    assert day(f"{at.month}/{at.day}/{at.year}", "mdy") == day(f"{at:%d/%m/%y}", "dmy") == str(at.date())
    epoch = int(moment.timestamp()) * 1000
    if at.year > 1990:
        assert day(epoch) == day(str(epoch)) == str(at.date())


@given(CELLS, st.sampled_from(["point", "comma", "unclear", None]), st.sampled_from(["mdy", "dmy", None]))
def test_any_cell_is_a_value_or_blank_or_refused(cell, style, order):
    for read in (
        lambda: money.amount(cell, Decimal(10_000), style, "CNY"),
        lambda: days.day(cell, order, SHANGHAI),
        lambda: values.percent(cell),
        lambda: values.flag(cell),
    ):
        try:
            found = read()
        except ValueError:
            continue
        assert found is None or isinstance(found, money.Amount | date | float | bool)
    assert values.identifier(cell) is None or values.identifier(cell)
    assert values.rounded(cell) in (True, False)
    assert money.style([cell]) in ("point", "comma", "unclear", None) and days.order([cell]) in ("mdy", "dmy", None)


@given(st.text() | st.text("金额万元(（)）*/: USDk%必填,", max_size=20))
def test_any_text_is_a_header(said):
    name, unit, currency = money.header(said, "CNY")
    assert isinstance(name, str) and (unit is None or unit > 0) and (currency is None or len(currency) == 3)


def test_long_junk_takes_no_time():
    for cell in ("5" + " " * 10**6 + "x", "¥" * 10**6, "1." * 10**6, "5" + " -" * 48, "2026-09-30" + " " * 80 + "x"):
        for read in (lambda c: money.amount(c, Decimal(1), None, "CNY"), day):
            with pytest.raises(ValueError):
                read(cell)
        assert money.header(cell)[0] and money.style([cell]) is days.order([cell]) is None
