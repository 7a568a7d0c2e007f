"""Cells become values: what all cells share, and text, probabilities, flags and ids. Amounts: `money`; days: `days`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

# Cells that say nothing, in any case and width, when they are all that the cell holds.
_SAYING_NOTHING = r"""
null|none|nan|nat|nil|<na>|#n/a|#n/a n/a|n/a|na|n.a.|(null)|(none)|(blank)|\n|tbd|tba|tbc|t.b.d.|k.a.|keine angabe|
not available|not applicable|-|--|---|—|——|―|/|//|...|…|……|无|無|空|空白|(空)|(空白)|(无)|待定|未定|面议|面議|待议|另议|
暂无|暫無|暂缺|暂未确定|未填|未填写|待填|待补充|待補充|不适用|未知|不详|不詳|?|??|???|unknown|to be confirmed|
to be determined|to be advised"""
BLANKS = {word.strip() for word in _SAYING_NOTHING.split("|")} | {""}
LONGEST = 100  # letters of a cell that may be an amount or a day
_WIDE: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_WIDE |= dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_WIDE |= dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63], "-") | {0xFFE5: "¥", 0xFFE1: "£"}
_WIDE |= dict.fromkeys([0xFEFF, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)], None)
CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"]
_UNSEEN: dict[int, str | None] = dict.fromkeys(CONTROLS, None) | dict.fromkeys([0x0B, 0x0C, 0x85], " ")
_SPACES = {code: to for code, to in _WIDE.items() if to is None or code == 0xA0}  # and signs that can't be seen


def text(cell: Any) -> str | None:
    """A cell as text, without the spaces around it and what steers terminals; None where it says nothing."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(Decimal(str(cell)))  # by its shortest text: 1.23456789012345e+17 ends in 000 as in Excel
    said = str(cell)
    if not said.isprintable():
        said = said.translate(_UNSEEN)
    if not said.isascii():
        said = unicodedata.normalize("NFC", said).translate(_SPACES)
    said = said.strip()
    if said.startswith('="') and said.endswith('"') and len(said) > 2:
        said = said[2:-1].strip()  # how programs write a number into .csv that Excel shall take as text
    return None if narrow(said).strip().lower() in BLANKS else said


def normal(said: str | None) -> str:
    """Text for comparing names: full-width and capital letters, and spaces, make no difference."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", said or "")).strip().casefold()


def narrow(said: str) -> str:
    """Text with the usual signs for full-width ones, rare spaces and dashes; other letters stay: ² is not 2."""
    return said if said.isascii() else said.translate(_WIDE)


def plain(cell: Any) -> str | None:
    """A cell as narrow text, for reading a number or a day; None if blank, ValueError if it is too long for one."""
    said = text(cell)
    if said is not None and len(said) > LONGEST:
        raise ValueError(said)
    return None if said is None else " ".join(narrow(said).split())


def percent(cell: Any) -> float | None:
    """A probability as a share of one: 30, 30% and 0.3 are all .3. ValueError if it is none."""
    said = plain(cell)
    if said is None:
        return None
    m = _PERCENT.fullmatch(said)
    if not m or isinstance(cell, bool):
        raise ValueError(said)
    value = float(m[1].replace(",", "."))
    value = value / 100 if m[2] or value > 1 else value
    if not 0 <= value <= 1:
        raise ValueError(said)
    return value


def flag(cell: Any) -> bool | None:
    """Yes or no: true/false, 1/0, yes/no, 是/否, 已成交/未成交. None if blank, ValueError if it is neither.

    Won and lost are neither: lost is a no to whether it is won, and a yes to whether it is closed.
    """
    said = plain(cell)
    if said is None:
        return None
    if said.lower() not in _FLAGS:
        raise ValueError(said)
    return _FLAGS[said.lower()]


def identifier(cell: Any) -> str | None:
    """An id as it is compared, letter by letter: 123.0 is 123, and Salesforce's 18 letters are its 15."""
    said = text(cell)
    if said is None:
        return None
    if m := _NUMBERED.fullmatch(said):
        return m[1]
    return said[:15] if len(said) == 18 and said[15:] == _salesforce(said[:15]) else said


def rounded(cell: Any) -> bool:
    """Whether this is an id of which Excel has kept the first 15 digits only: 1.23E+17, or a number from 1e15."""
    if isinstance(cell, float):  # whole numbers are exact: Parquet's
        return cell == cell and Decimal(cell).adjusted() >= 15
    return bool(isinstance(cell, str) and _SCIENTIFIC.fullmatch(cell.strip()))


_PERCENT = re.compile(r"(\d+(?:\.\d*)?|\.\d+|\d{1,3},\d{1,2}|\d\.?\d*e-\d+)\s*(%|percent|prozent)?", re.ASCII | re.I)
_YES, _NO = "true t yes y 1 是 对 真 √ ✓ ✔ wahr ja", "false f no n 0 否 不是 假 × ✗ ✘ falsch nein"
_DONE = "成交 赢单 成单 签约 签单 中标 赢得 结束 关闭 结案 完成"
_FLAGS = {word: words is _YES for words in (_YES, _NO) for word in words.split()}
_FLAGS |= {
    f"{said}{word}": said[0] == "已" for said in ("已", "已经", "未", "没", "没有", "尚未") for word in _DONE.split()
}
_FLAGS |= {"成交": True, "有": True, "没有": False}
_NUMBERED = re.compile(r"'?(\d+)(?:\.0)?", re.ASCII)  # a number that passed through Excel, perhaps marked as text
_SCIENTIFIC = re.compile(r"[1-9](?:[.,]\d+E\+?|E\+)\d{2,3}", re.ASCII | re.I)


def _salesforce(letters: str) -> str:
    """The three letters that Salesforce adds to an id of 15: one for each five, telling which of them are capitals."""
    if not (letters.isascii() and letters.isalnum()):
        return ""
    fives = (letters[at : at + 5] for at in (0, 5, 10))
    return "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[sum(c.isupper() << i for i, c in enumerate(f))] for f in fives)
