"""The project's language: texts from `locale/*.po`, and how money, dates and shares are written in it.

The English source text is the key of a translation. Standard library only: cookiecutter's hook, whose
environment may hold nothing of ours, translates the notebooks of a new project with this file.
"""

from __future__ import annotations

import ast
import os
import string
from contextvars import ContextVar
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = ("zh_CN", "en")
# ISO 4217: digits after the point, where they are not two.
DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "RWF": 0}
DIGITS |= {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHINESE_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Unit(NamedTuple):
    """In which unit amounts from `threshold` on are written: 2.98M is divisor 1,000,000 with two places."""

    threshold: int
    divisor: int
    places: int
    name: str


CHINESE_UNITS = (Unit(0, 1, 0, ""), Unit(10**4, 10**4, 1, "万"), Unit(10**8, 10**8, 2, "亿"))
ENGLISH_UNITS = (Unit(0, 1, 0, ""), Unit(10**4, 10**3, 0, "k"), Unit(10**6, 10**6, 2, "M"), Unit(10**9, 10**9, 2, "B"))


def by_name(name: str) -> bytes:
    """The order of names: GB 18030 has the usual Chinese characters in the order of their pinyin."""
    return name.casefold().encode("gb18030", "replace")


def digits(currency: str) -> int:
    """How many digits of `currency` (ISO 4217 code) stand after the point."""
    return DIGITS.get(currency, 2)


@cache
def catalog(code: str) -> dict[str, str]:
    """The translations of `locale/CODE.po`, English text to translated text; fuzzy and empty ones are left out."""
    path = Path(__file__).parent / "locale" / f"{code}.po"
    return read_po(path.read_text("utf-8")) if path.exists() else {}


def read_po(text: str) -> dict[str, str]:
    """The finished translations in the text of a .po file (no plurals, no contexts: we use neither)."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if any(line.startswith("#,") and "fuzzy" in line for line in lines):
            continue
        parts: dict[str, str] = {}
        field = ""
        for line in lines:
            if line.startswith(("msgid ", "msgstr ")):
                field, line = line.split(" ", 1)
            if field and line.startswith('"'):
                parts[field] = parts.get(field, "") + ast.literal_eval(line)
        if parts.get("msgid") and parts.get("msgstr"):
            found[parts["msgid"]] = parts["msgstr"]
    return found


class Language(string.Formatter):
    """Writes texts and numbers in one language; amounts are whole cents (the smallest unit) of `currency`.

    A text may say how a value is written: {n:count}, {n:deals}, {n:rows}, {value:money}, {day:date}, {day:weekday},
    {day:iso}, {rate:percent}, {names:list}, or {text:text} for a text that is translated itself.
    """

    def __init__(self, code: str, currency: str = "CNY") -> None:
        self.code, self.currency = code, currency
        self.chinese = code.startswith("zh")

    def __call__(self, text: str, /, **values: Any) -> str:
        """`text` translated, its values put in."""
        translated = catalog(self.code).get(text, text)
        return self.vformat(translated, (), values) if values else translated

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "count":
                return self.count(value)
            case "deals":
                return self.deals(value)
            case "rows":
                return self.count(value) + (" 行" if self.chinese else " row" if value == 1 else " rows")
            case "money":
                return self.money(value)
            case "date":
                return self.date(value)
            case "weekday":
                return self.weekday(value)
            case "iso":
                return str(value)
            case "percent":
                return self.percent(value)
            case "text":
                return self(str(value))
            case "list":
                return self.list(value)
        return str(super().format_field(value, format_spec))

    def count(self, value: float | None, signed: bool = False) -> str:
        """2,409; with `signed`, +2,409 or −790."""
        return "" if value is None else _signed(f"{abs(value):,.0f}", value, signed)

    def deals(self, n: int) -> str:
        """1 deal, 2,409 deals, 2,409 单."""
        return self.count(n) + (" 单" if self.chinese else " deal" if n == 1 else " deals")

    def money(self, cents: float | None, unit: Unit | None = None, signed: bool = False) -> str:
        """An amount as people say it: 298.2万 or 2.98M. With a `unit` (see `unit`), the number alone, for a column."""
        if cents is None:
            return ""
        value = cents / 10 ** digits(self.currency)
        own = unit or self.unit([cents])
        return _signed(f"{abs(value) / own.divisor:,.{own.places}f}" + ("" if unit else own.name), value, signed)

    def exact(self, cents: int | None) -> str:
        """An amount to its last digit: 10,005,534 or 1,234.50."""
        if cents is None:
            return ""
        places = digits(self.currency)
        whole = cents % 10**places == 0
        return _signed(f"{abs(cents) / 10**places:,.{0 if whole else places}f}", cents, False)

    def unit(self, cents: list[Any]) -> Unit:
        """The unit for a column of amounts: the one that suits its largest."""
        largest = max((abs(c) for c in cents if c is not None), default=0) / 10 ** digits(self.currency)
        units = CHINESE_UNITS if self.chinese else ENGLISH_UNITS
        best = units[0]
        for smaller, larger in pairwise(units):
            if round(largest / smaller.divisor, smaller.places) * smaller.divisor >= larger.threshold:
                best = larger  # also where rounding would bring it there: 1.00M, not 1,000k
        return best

    def percent(self, share: float | None, places: int = 1) -> str:
        """61.4%: a rate with one decimal."""
        return "" if share is None else f"{share * 100:.{places}f}%"

    def weekday(self, day: date | str | None) -> str:
        """Wed 23 Sep, 周三 9-23: a day to do something on."""
        if not day:
            return ""
        day = date.fromisoformat(str(day)[:10])
        name = (CHINESE_DAYS if self.chinese else DAYS)[day.weekday()]
        return f"{name} {day.month}-{day.day}" if self.chinese else f"{name} {self.date(day)}"

    def date(self, day: date | str | None) -> str:
        """30 Sep, 9月30日: a day within a sentence."""
        if not day:
            return ""
        day = date.fromisoformat(str(day)[:10])
        return f"{day.month}月{day.day}日" if self.chinese else f"{day.day} {MONTHS[day.month - 1]}"

    def list(self, values: list[Any]) -> str:
        """Names one after the other, with the language's comma."""
        return ("、" if self.chinese else ", ").join(str(v) for v in values)


def _signed(text: str, value: float, signed: bool) -> str:
    # U+2212: a hyphen is no minus sign, and is narrower than the plus above it.
    return ("−" if value < 0 else "+" if signed and value > 0 else "") + text


def attained(share: float) -> str:
    """92%: a share of a target, never rounded up to one that was missed."""
    return f"{min(round(share * 100), 99) if share < 1 else round(share * 100)}%"


def from_environment() -> str:
    """The language that the computer is set to: zh_CN or en."""
    said = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), "")
    return "zh_CN" if said.startswith("zh") else "en"


_current: ContextVar[Language | None] = ContextVar("salesplaybook_language", default=None)
_newest: list[Language] = []  # for threads that were told none: JupyterLab runs clicks in one of its own


def use(language: Language) -> None:
    """From here on, what is said to the user (errors, command line, notebook) is said in `language`."""
    _current.set(language)
    _newest[:] = [language]


def current() -> Language:
    """The language of the project at hand; before one is opened, the computer's."""
    return _current.get() or (_newest[0] if _newest else Language(from_environment()))


def translate(text: str, /, **values: Any) -> str:
    """`text` in the current language: for what is said on a screen, not for what is kept in a record."""
    return current()(text, **values)
