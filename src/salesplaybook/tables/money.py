"""Amounts in cells: ¥1,234.50, 1.2万, (500), 1.234,56; and what a header says of them: 金额(万元), Amount (kUSD).

Exact: a number is taken by its shortest decimal text. What may be two amounts is none until it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from salesplaybook.language import digits
from salesplaybook.settings import CURRENCIES
from salesplaybook.tables.values import CONTROLS, LONGEST, narrow, plain

Style = Literal["point", "comma", "unclear"]
LARGEST = 10**15  # larger than any sale, and within 64 bits as cents

# How currencies are written, besides their codes. ALL and TOP are words more often than they are currencies.
_NAMES = """
CNY rmb 人民币 人民幣 人民币元 cn¥ rmb¥ cnh; USD us$ $us 美元 美金 美圆; JPY jp¥ 日元 日圆 日圓 円 yen;
EUR € 欧元 歐元 euro; GBP £ 英镑 英鎊; HKD hk$ 港币 港元 港幣 港纸; AUD a$ au$ 澳元 澳币; CAD c$ ca$ 加元 加币;
TWD nt$ ntd 新台币 新臺幣 台币 臺幣 台幣; SGD s$ sg$ 新加坡元 新币; NZD nz$ 新西兰元 纽元;
MOP mop$ 澳门元 澳门币; KRW ₩ 韩元 韩币 韓元; INR ₹ 卢比 印度卢比; RUB ₽ 卢布 руб руб.; THB ฿ 泰铢; VND ₫ 越南盾; PHP ₱;
TRY ₺; PLN zł; BRL r$; MXN mx$; CHF sfr sfr. fr fr. 瑞士法郎; MYR 马币 林吉特 rm; IDR rp rp.; CZK kč; ILS ₪; NGN ₦;
UAH ₴; KZT ₸"""
_CODES = {name: line.split()[0] for line in _NAMES.split(";") for name in line.lower().split()}
_CODES |= {code.lower(): code for code in CURRENCIES.split() if code not in ("ALL", "TOP")}
# Signs of several currencies: the project's if it is among them, else the first.
_SIGNS = {
    "¥": "CNY JPY",
    "$": "USD CAD AUD HKD SGD TWD NZD BBD BMD BND BSD BZD FJD JMD KYD LRD NAD TTD MXN ARS CLP COP",
    "元圆圓块": "CNY TWD HKD MOP SGD",
}
_SHARED = {sign: codes.split() for signs, codes in _SIGNS.items() for sign in signs}
_SHARED |= {sign: ["INR", "PKR", "LKR", "NPR", "MUR"] for sign in ("rs", "rs.", "₨")}
_CROWNS = {sign: ["SEK", "NOK", "DKK", "ISK"] for sign in ("kr", "kr.")}  # the project's, or not to be told
_SHARED |= _CROWNS
_NO_HEADERS = {"rm", "fr", "rs", "rp"}  # in a header rather a role, a country ...
_WORDS = {  # powers of ten
    2: "百 佰",
    3: "k t 千 仟 tsd. tsd thousand thousands 000 '000 000s '000s",
    4: "w 万 萬",
    5: "十万 lakh lakhs",
    6: "m mm mn mln mio. mio million millions 百万",
    7: "千万 crore crores",
    8: "亿 億",
    9: "b bn billion billions mrd. mrd 十亿",
    10: "百亿",
    11: "千亿",
    12: "万亿",
}
_POWERS = {word: power for power, words in _WORDS.items() for word in words.split()}


class Amount(NamedTuple):
    """A value in whole units of a currency: its ISO code where the cell names one, else None."""

    value: Decimal
    currency: str | None


def amount(cell: Any, unit: Decimal, style: Style | None, home: str) -> Amount | None:
    """The amount in a cell, None if blank; ValueError if it is none, or may be two.

    `unit` is what one stands for in the column, unless the cell says its own (1.2万); `style` how the column writes
    numbers (see `style`); `home` is the project's currency, which decides what a bare $, ¥ or 元 is. Where commas are
    decimal signs, 1,234 is refused: money of three decimals is less likely than a thousand.
    """
    if isinstance(cell, bool):
        raise ValueError(str(cell))
    if isinstance(cell, int | float | Decimal):
        value = Decimal(str(cell))
        return None if value.is_nan() else _sane(value, unit, None)
    said = plain(cell)
    if said is None:
        return None
    said = said.replace("’", "'")
    m = _WRITTEN.fullmatch(said)
    if not m:
        if _NOTHING.fullmatch(said.lower()):
            return None  # ¥ -: how Excel's accounting format writes nothing
        raise ValueError(said)
    before, number, power, after = m.groups()
    sign, own, currency = _around(before, after, home)
    one = unit if own is None else own
    if style == "comma" and one == 1 and _THOUSAND.fullmatch(number) and digits(home) != 3:
        raise ValueError(said)
    value = _number(number, style)
    if power:
        value = value.scaleb(int(power[1:]))
    return _sane(value * sign, one, currency)


def style(cells: Iterable[Any]) -> Style | None:
    """How a column's text cells write numbers, as far as some can be read in one way only.

    "unclear" where both ways are proved, or where every point stands before three digits (1.234); None where nothing
    needs telling: 1,234 alone are thousands.
    """
    shapes = {cell.translate(_SHAPE) for cell in cells if isinstance(cell, str)}
    proved, doubtful = set(), False
    for shape in shapes:
        try:
            said = (plain(shape) or "").replace("’", "'")
            if not (m := _WRITTEN.fullmatch(said)) or not _around(m[1], m[4], "CNY"):
                continue
        except ValueError:
            continue
        point, comma = _POINT.fullmatch(m[2]), _COMMA.fullmatch(m[2])
        if bool(point) != bool(comma) or (point and "." in m[2] and (m[3] or _EAST.search(said))):
            proved.add("point" if point else "comma")
        elif point and "." in m[2]:
            doubtful = True
    if len(proved) == 2 or (not proved and doubtful):
        return "unclear"
    return "comma" if "comma" in proved else "point" if proved else None


@lru_cache(maxsize=4096)
def header(said: str, home: str | None = None) -> tuple[str, Decimal | None, str | None]:
    """A header without marks (*, 必填, ↑) and without its unit, the unit (10000 for 万元), and the currency it names.

    What $, ¥ and 元 are can't be told without `home`: then they name no currency. Other words in brackets stay.
    """
    whole = re.sub(r"\s+", " ", said.translate(_UNSEEN)).strip()
    name, unit, currency = whole, None, None
    if len(whole) > LONGEST:
        return whole, None, None
    for m in reversed(list(_BRACKETS.finditer(name))):
        kept = []
        for part in _parts(m[1]):
            size = _unit(part, home)
            if size and not (size[0] and unit) and not (size[1] and currency):
                unit, currency = unit or size[0], currency or size[1]
            elif size or not _MARK.fullmatch(narrow(part).strip().lower()):
                kept.append(part.strip())
        name = name[: m.start()] + (m[0][0] + ",".join(kept) + m[0][-1] if any(kept) else " ") + name[m.end() :]
    name = _ARROWS.sub(" ", name)
    if (unit, currency) == (None, None):
        name, more = name[: (end := _END.search(name).start())], name[end:]  # type: ignore[union-attr]
        for m in _TAILS.finditer(name):
            tail, before = name[m.end() :].strip(), name[: m.start()].strip()
            telling = m[0].strip().lower() == "in" or not tail.isascii() or re.search(r"[A-Z]{3}|\$", tail)
            if before and telling and (size := _unit(tail, home)):
                name, (unit, currency) = before, size
                break
        name += more
    name = re.sub(r"\s+", " ", name).strip()
    return name or whole, unit, currency


def unit_left(said: str) -> str | None:
    """What in a money column's header looks like a unit that `header` can't read (万, k, 千元); None without such."""
    name, unit, _ = header(said)
    found = None if unit or len(name) > LONGEST else _LEFT.search(narrow(name))
    return found[0].strip() if found else None


def code(said: str, home: str) -> str | None:
    """The ISO code of a currency by its name: RMB, 人民币, US$, USD - U.S. Dollar; None if it is not known."""
    word = re.split(r"\s*[-(]", narrow(said).strip().lower(), maxsplit=1)[0]
    try:
        return _currency((word,), home) if word in _CODES or word in _SHARED else None
    except ValueError:
        return None  # kr, and the project's are others


def cents(value: Decimal, places: int) -> int:
    """A value in the smallest unit of its currency, which has `places` digits; rounded half up."""
    return int(value.scaleb(places).quantize(Decimal(1), ROUND_HALF_UP))


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CUR = _any([*_CODES, *_SHARED])
_UNITS = _any({*_CODES, *_SHARED} - _NO_HEADERS)
_SIZE = _any(word for word in _POWERS if word != "t" and "0" not in word) + r"|t(?=€|eur|usd|chf|gbp)"
_WRITTEN = re.compile(
    r"([^\d.,]*(?:(?<=[a-zа-я])\.[^\d.,]*)?)([.,]?\d(?:[\d.,' ]*\d)?(?:\.(?!\s*-))?)(e[+-]?\d{1,2})?(\D*)",
    re.ASCII | re.IGNORECASE,
)
_BEFORE = re.compile(rf"'?\s*([-+(]?)\s*({_CUR})?\s*({_CUR})?\s*([-+(]?)\s*")
_AFTER = re.compile(rf"(?:[,.]--?)?\s*(\)?)\s*({_CUR})?\s*({_SIZE})?\s*({_CUR})?\s*({_CUR})?\s*整?\s*([-)]?)\s*")
_NOTHING = re.compile(rf"(?:{_CUR})\s*-{{1,2}}|-{{1,2}}\s*(?:{_CUR})")
_PHRASE = re.compile(
    rf"(?:单位|單位|unit|units|in)?\s*:?\s*({_UNITS})?\s*(?:in\s+)?({_any(_POWERS)})?\s*(?:of\s+)?({_UNITS})?\s*"
    rf"({_UNITS})?(?:\s*/\s*(?:年|year|yr))?",
    re.IGNORECASE,
)
_LEFT = re.compile(
    rf"[十百佰千仟万萬亿億]+\s*(?:{_UNITS})|[十百佰千仟]*[百佰千仟万萬亿億](?![\u3400-\u9fff])|[以按][百千万亿]元?|"
    rf"(?<![a-z&])(?:[kmt]\s?(?:{_UNITS})|[kw]|m[mn]?|mio|mln|millions?|bn|billions?|mrd|tsd|thousands?|lakhs?|crores?|"
    r"(?<!\d)(?:[x×*]?\s*1[,.]?000s?|'?000s?))(?![a-z\d&])",
    re.IGNORECASE,
)
_POINT = re.compile(r"(?:\d+|[1-9]\d{0,2}([ ',])\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d\d)+,\d{3})?(?:\.\d*)?", re.ASCII)
_COMMA = re.compile(r"(?:\d+|[1-9]\d{0,2}([ '.])\d{3}(?:\1\d{3})*)?(?:,\d*)?", re.ASCII)
_THOUSAND = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)
_EAST = re.compile(r"[¥\u3400-\u9fff]")  # where 1.234 is never a thousand
_SHAPE = {ord(d): "0" for d in "0０"} | {ord(d): "1" for d in "123456789１２３４５６７８９"}
_UNSEEN: dict[int, str | None] = dict.fromkeys(
    [*CONTROLS, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)], None
)
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_COMMAS = re.compile(r"[,，、;；]")
_END = re.compile(r"(?:\s*[(（\[【][^()（）\[\]【】]*[)）\]】])*\s*$")  # brackets behind all the rest
_ARROWS = re.compile(r"^[\s*＊↑↓▲▼⇅↕⬆⬇]+|[\s*＊↑↓▲▼⇅↕⬆⬇]+$")
_MARK = re.compile(r"\*?|%|percent|百分比|非?必填项?|必选|选填|可选|必須|必填欄位|required|mandatory|optional")
_TAILS = re.compile(r"\s*[/:：_-]\s*|\s+in\s+|\s+|(?<=[\u3400-\u9fff)）])(?=[百千十]?[万萬亿億千]元$)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _around(before: str, after: str, home: str) -> tuple[int, Decimal | None, str | None]:
    """What stands around a number: its sign, its own unit and its currency; ValueError if anything else does."""
    pre, post = _BEFORE.fullmatch(before.lower()), _AFTER.fullmatch(after.lower())
    if not pre or not post:
        raise ValueError(before + after)
    signs = pre[1] + pre[4] + post[1] + post[6]
    if signs not in ("", "+", "-", "()"):
        raise ValueError(before + after)
    size, words = post[3], (pre[2], pre[3], post[2], post[4], post[5])
    named = [word for word in words[2:] if word and word[-1] in "元圆圓块円"]
    own = Decimal(10) ** _POWERS[size] if size else Decimal(1) if named else None  # 120元 in a column of 万元 is 120
    return -1 if signs in ("-", "()") else 1, own, _currency(tuple(filter(None, words)), home)


def _currency(words: tuple[str, ...], home: str | None) -> str | None:
    """The one currency that all `words` name; ValueError if they differ. Without `home`, shared signs name none."""
    named = {_CODES[word] for word in words if word in _CODES}
    shared = [_SHARED[word] for word in words if word in _SHARED]
    if not named and (not shared or not home):
        return None
    others = [] if any(word in _CROWNS for word in words) else (shared or [[]])[0]
    possible = [c for c in named or dict.fromkeys([home, *others]) if all(c in codes for codes in shared)]
    if len(named) > 1 or not possible:
        raise ValueError(" ".join(words))
    return possible[0]


def _number(said: str, style: Style | None) -> Decimal:
    """A number without signs and words, as `style` writes it; "unclear" takes what both ways read the same."""
    point = Decimal(re.sub("[ ',]", "", said)) if style != "comma" and _POINT.fullmatch(said) else None
    comma = None
    if style in ("comma", "unclear") and _COMMA.fullmatch(said):
        comma = Decimal(re.sub("[ '.]", "", said).replace(",", "."))
    if None not in (point, comma) and point != comma:
        raise ValueError(said)
    value = point if point is not None else comma
    if value is None:
        raise ValueError(said)
    return value


def _sane(value: Decimal, unit: Decimal, currency: str | None) -> Amount:
    if not value.is_finite() or value.adjusted() > 30 or abs(value * unit) > LARGEST:
        raise ValueError(str(value))
    return Amount(value * unit + 0, currency)  # no minus zero


def _parts(said: str) -> Iterator[str]:
    """The parts of a bracket: between commas; between spaces too where one part is a unit in Chinese (不含税 万元)."""
    for part in _COMMAS.split(said):
        words = part.split()
        apart = len(words) > 1 and not _unit(part, None) and any(not w.isascii() and _unit(w, None) for w in words)
        yield from words if apart else [part]


def _unit(said: str, home: str | None) -> tuple[Decimal | None, str | None] | None:
    """What one stands for by a header's words (万元, in kUSD), and the currency they name; None for other words."""
    m = _PHRASE.fullmatch(narrow(said).replace("’", "'").strip())
    if not m or not any(m.groups()):
        return None
    first, size, *last = (word and word.lower() for word in m.groups())
    words = tuple(word for word in (first, *last) if word)
    if size == "t" and not words:
        return None  # T€ is a thousand, T alone may be anything
    try:
        currency = _currency(words, home)
    except ValueError:
        return None
    named = [word for word in words if word[-1] in "元圆圓块円"]
    return Decimal(10) ** _POWERS[size] if size else Decimal(1) if named else None, currency
