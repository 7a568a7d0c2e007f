"""How a page and a message say what is neither a number nor a sentence: chances, quarters, short days, names cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from unicodedata import east_asian_width

from salesplaybook.language import Language
from salesplaybook.results import Message, defined

# Words of estimative probability (Kent, 1964), each up to its share; printed with the chance in tenths, never 0 or 1.
WORDS = (
    (0.05, defined("almost impossible")),
    (0.20, defined("very unlikely")),
    (0.40, defined("unlikely")),
    (0.60, defined("about even")),
    (0.80, defined("likely")),
    (0.95, defined("very likely")),
    (1.01, defined("almost certain")),
)
TENTHS = (
    defined("about 1 in 10"),
    defined("about 1 in 5"),
    defined("about 3 in 10"),
    defined("about 2 in 5"),
    defined("about 1 in 2"),
    defined("about 3 in 5"),
    defined("about 7 in 10"),
    defined("about 4 in 5"),
    defined("about 9 in 10"),
)
NARROW = (
    (" ", 0.23),
    ("|',.:;ijlI!f()[]{}-", 0.31),
    ("tr/", 0.39),
    ("szcvxyJLFek", 0.53),
    ("hnoubdpq", 0.62),
    ("mwMW%@", 0.92),
)
ONE_NAME = {  # a row's deals where two names have no room: the first alone, and one more that isn't named
    "{first} {a:money}, {second} {b:money}": defined("{first} {a:money}, {n:count} more"),
    "{first} {a:money}, {second} {b:money}, {n:count} more": defined("{first} {a:money}, {n:count} more"),
    "{first}, {second}": defined("{first}, {n:count} more"),
    "{first}, {second}, {n:count} more": defined("{first}, {n:count} more"),
}
QUARTERS = (defined("Q1"), defined("Q2"), defined("Q3"), defined("Q4"))


def chance(share: float, say: Language) -> str:
    """A probability in words and tenths: unlikely (about 3 in 10)."""
    word = next(name for limit, name in WORDS if share < limit or share == limit == WORDS[-2][0])
    return say("{word:text} ({odds:text})", word=word, odds=odds(share, say))


def odds(share: float, say: Language) -> str:
    """A probability in tenths alone, for a column: about 3 in 10."""
    if share < 0.05:
        return say(defined("under 1 in 20"))
    if share > 0.95:
        return say(defined("over 19 in 20"))
    return say(TENTHS[min(max(round(share * 10), 1), 9) - 1])


def quarter(name: str, say: Language) -> str:
    """Q3 or 三季度, of 2026Q3."""
    return say(QUARTERS[int(name[-1]) - 1]) if name[-2:-1] == "Q" else name


def day(when: date | str | None, say: Language) -> str:
    """17 Sep or 9-17: a day in a column."""
    if not when:
        return ""
    found = date.fromisoformat(str(when)[:10])
    return f"{found.month}-{found.day}" if say.chinese else say.date(found)


def moved(was: date | str, now: date | str | None, say: Language) -> str:
    """18 to 24 Sep, 9-18 改 9-24: a day that became another."""
    first, last = day(was, say), day(now, say)
    if not say.chinese and first[-3:] == last[-3:]:
        first = first[:-4]
    return say("{was} to {now}", was=first, now=last)


def width(text: str) -> float:
    """About how many ems a text takes in our fonts (Noto Sans CJK, the widest of them)."""
    return sum(next((ems for those, ems in NARROW if c in those), _plain(c)) for c in text)


def _plain(c: str) -> float:
    if east_asian_width(c) in "WFA":
        return 1.0
    return 0.70 if c.isupper() else 0.58


def short(text: str, ems: float) -> str:
    """The text, or its beginning with … where it is wider than `ems`."""
    if width(text) <= ems:
        return text
    kept, used = "", 1.0
    for c in text:
        used += width(c)
        if used > ems:
            break
        kept += c
    return kept.rstrip() + "…"


def told(text: str, ems: float, lines: int = 1) -> str:
    """What is to be done, cut to its lines of `ems` (a word at the end of the first may leave a gap): of a name, a
    colon and a text, so that both can be told."""
    ems = ems if lines == 1 else ems * lines - 4.5
    colon = re.search(r"：|: (?!\d)", text)
    name, sign, rest = (text[: colon.start()], colon[0], text[colon.end() :]) if colon else ("", "", text)
    return short(short(name, max(ems * 0.45, ems - width(sign + rest))) + sign + rest, ems)


def fitting(text: str, more: str, ems: float) -> str:
    """The text, with what is to be known of it beside it where both have room."""
    both = f"{text}, {more}" if more and more != text else text
    return both if width(both) <= ems else short(text, ems)


def cut(said: dict[str, Any] | Message, ems: float) -> Message:
    """A sentence whose names are no longer than `ems`; its own words, numbers and days stay."""
    found = said if isinstance(said, Message) else Message.model_validate(said)
    plain = {k: v for k, v in found.values.items() if isinstance(v, str) and f"{{{k}}}" in found.text}
    return Message(text=found.text, values=found.values | {k: short(v, ems) for k, v in plain.items()})


def trimmed(said: dict[str, Any] | Message, ems: float, say: Language, least: int = 4) -> Message:
    """A sentence whose names are cut, the longest first and none below `least`, until it takes no more than `ems`.

    Of a row's two deals the second goes before both are cut so far that neither can be told.
    """
    found = said if isinstance(said, Message) else Message.model_validate(said)
    cuts = (cut(found, limit) for limit in range(40, least - 1, -1))
    fit = next((c for c in cuts if width(say(c.text, **c.values)) <= ems), None)
    if fit is None and found.text in ONE_NAME:
        values = found.values | {"n": found.values.get("n", 0) + 1}
        return trimmed(Message(text=ONE_NAME[found.text], values=values), ems, say, least)
    return spaced(fit or cut(found, least), say)


def spaced(said: Message, say: Language) -> Message:
    """A sentence whose Latin names have a space between them and the Chinese beside them."""
    if not say.chinese:
        return said
    text, values = say(said.text), dict(said.values)
    for name, value in said.values.items():
        left, mark, right = text.partition(f"{{{name}}}")
        if mark and isinstance(value, str) and value:
            before = " " if _chinese(left[-1:]) and value[0].isascii() and value[0].isalnum() else ""
            after = " " if _chinese(right[:1]) and value[-1].isascii() and value[-1].isalnum() else ""
            values[name] = before + value + after
    return Message(text=said.text, values=values)


def _chinese(sign: str) -> bool:
    return sign != "" and east_asian_width(sign) == "W" and sign.isalpha()


def reasons(warnings: Sequence[dict[str, Any]], ems: float, say: Language) -> tuple[str, str]:
    """Why a deal needs somebody, and what is usual: the first warning, and the next one where there is room for it."""
    said = [Message.model_validate(w["said"]) for w in warnings[:2]]
    texts = [say(m.text, **m.values) for m in said]
    usual = [w["usual"] and say(w["usual"]["text"], **w["usual"]["values"]) for w in warnings[:2]]
    if len(texts) == 2 and not say.chinese:
        texts[1] = texts[1][:1].lower() + texts[1][1:]
    both = ("；" if say.chinese else "; ").join(texts)
    if len(texts) == 2 and width(both) <= ems:
        return both, next((u for u in usual if u), "")
    if len(texts) == 2 and not usual[0]:
        return short(texts[0], ems), f"{texts[1]}; {usual[1]}" if usual[1] else texts[1]
    return (short(texts[0], ems) if texts else ""), (usual[0] or "" if usual else "")
