"""How long a verdict may be, counted as people count: Chinese characters, or words; a number is one of either."""

from __future__ import annotations

import re

from pydantic import BaseModel

CHARACTERS, WORDS = 80, 35
_CHINESE = "\u3400-\u9fff\uf900-\ufaff"
# A Chinese character; or all else that stands together without a space: a word, a number with its sign and unit.
_PIECE = re.compile(f"[{_CHINESE}]|[^\\s{_CHINESE}]+")
_COUNTS = re.compile(r"[^\W_]")


class Length(BaseModel):
    """n of at most `limit` Chinese characters, or (`chinese` False) words."""

    n: int
    limit: int
    chinese: bool

    @property
    def over(self) -> bool:
        return self.n > self.limit


def length(text: str) -> Length:
    """How long a text is; one in which Chinese characters are most is counted by them."""
    found = _counted(text)
    chinese = sum(_is_chinese(piece[0]) for piece in found) * 2 > len(found)
    return Length(n=len(found), limit=CHARACTERS if chinese else WORDS, chinese=chinese)


def cut(text: str) -> str:
    """The text, or as much of its beginning as may stand on the page."""
    known = length(text)
    if not known.over:
        return text
    left = known.limit
    for match in _PIECE.finditer(text):
        left -= bool(_COUNTS.search(match[0]))
        if left < 0:
            return text[: match.start()].rstrip(" ，,；;。.：:") + "…"
    return text


def _counted(text: str) -> list[str]:
    return [m[0] for m in _PIECE.finditer(text) if _COUNTS.search(m[0])]


def _is_chinese(sign: str) -> bool:
    return re.match(f"[{_CHINESE}]", sign) is not None
