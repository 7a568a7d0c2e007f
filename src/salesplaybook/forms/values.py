"""Typed text as values, values as text: what a field's kind lets one write, and the sentence on what can't be read."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pydantic import BaseModel, ValidationError

from salesplaybook.forms.columns import Column
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.tables import days, money
from salesplaybook.tables.values import flag, normal


def nothing(value: Any) -> bool:
    """Whether a field with this value says nothing: an amount of 0 says something."""
    return value is None or value is False or value == ""


def same(value: Any, other: Any) -> bool:
    """Whether two values of a field say the same."""
    return bool(value == other) or (nothing(value) and nothing(other))


def read(column: Column, said: Any, say: Language) -> Any:
    """What was typed into a field as a value; None for nothing. ValueError, with a sentence, if it can't be read."""
    if not isinstance(said, str) or column.kind in ("said", "choice"):
        return said
    said = said.strip()
    if column.kind == "money":
        return amount(said.rstrip("%％ ") if column.share else said, say)
    if column.kind in ("percent", "number"):
        return number(said, percent=column.kind == "percent")
    if column.kind == "date":
        try:
            return days.day(said, "ymd", ZoneInfo("UTC"))
        except ValueError:
            raise ValueError(_("'{text}' is no day. Write it as 2026-09-30.", text=said)) from None
    if column.kind == "tick":
        try:
            return bool(flag(said))
        except ValueError:
            raise ValueError(_("'{text}' is neither yes nor no.", text=said)) from None
    return said


def amount(said: str, say: Language) -> Decimal | None:
    """An amount in whole currency: 12400000, 12,400,000, 1240万, 12.4M. ValueError, with a sentence, if it is none."""
    try:
        found = money.amount(said, Decimal(1), "point", say.currency)
    except ValueError:
        found = money.Amount(Decimal(-1), None)
    if found is None:
        return None
    if found.value < 0 or found.currency not in (None, say.currency):
        raise ValueError(_("'{text}' is no amount. Write 12400000, 12,400,000 or 12.4M.", text=said))
    return found.value


def number(said: str, percent: bool = False) -> Decimal | None:
    """A plain number; a percentage, typed as 30 %, 30 or 0.3, as the share .3. ValueError, with a sentence, if none."""
    plain = unicodedata.normalize("NFKC", said).replace(",", "").replace(" ", "")
    if not plain:
        return None
    try:
        found = Decimal(plain.removesuffix("%") if percent else plain)
    except ArithmeticError:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(
            _("'{text}' is no percentage. Write 30 % or 0.3.", text=said)
            if percent
            else _("'{text}' is no number. Write it as 42 or 1,200.", text=said)
        )
    if percent and found == 1 and not plain.endswith("%"):
        raise ValueError(_("'{text}' may be 1% or 100%. Write it with the sign: 1% or 100%.", text=said))
    return found / 100 if percent and (plain.endswith("%") or abs(found) > 1) else found


def shown(column: Column, value: Any, say: Language) -> str:
    """A value as its field, or a page without fields, shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Markup):
        return value
    if column.kind == "money":
        return shown_amount(Decimal(value), say)
    if column.kind == "percent":
        return f"{(Decimal(value) * 100).normalize():f}%"
    if column.kind == "number":
        return f"{Decimal(value).normalize():f}"
    if column.kind == "tick":
        return "✓" if value else ""
    if column.kind == "choice":
        return next((text for text, v in column.choices.items() if v == value), str(value))
    return str(value)


def shown_amount(value: Decimal, say: Language) -> str:
    """An amount to its last digit, as short as it can be written: 1,240万, 12,400,000."""
    for size, name in ((10**8, "亿"), (10**4, "万")) if say.chinese else ():
        if value and (short := value / size) >= 1 and short == round(short, 2):
            return f"{short:,.2f}".rstrip("0").rstrip(".") + name
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def errors_of(model: type[BaseModel], values: dict[str, Any]) -> dict[str, str]:
    """What a model finds wrong with a row, by field, in our words."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        found = {}
        for one in error.errors(include_url=False):
            name = str(one["loc"][0]) if one["loc"] else ""
            about = model.model_fields.get(name)
            expected = about.description if about and about.description else ""
            found[name] = _("Expected {expected:text}.", expected=expected)
        return found
    return {}


def pasted(text: str, wanted: Sequence[Column], say: Language) -> list[dict[str, str]]:
    """Rows that were copied from Excel, as texts by column: cells between tabs, in the columns' order.

    A first row that names columns by their heads gives another order; empty rows are left out.
    """
    cells = [[c.strip() for c in row] for row in csv.reader(io.StringIO(text.strip("\r\n")), delimiter="\t")]
    rows = [row for row in cells if any(row)]
    order: list[Column | None] = [c for c in wanted if c.kind != "said"]
    heads = {normal(c.label): c for c in wanted} | {normal(c.name): c for c in wanted}
    if rows and sum(normal(c) in heads for c in rows[0]) >= min(2, len([c for c in rows[0] if c])):
        order = [heads.get(normal(c)) for c in rows.pop(0)]
    return [{c.name: said for c, said in zip(order, row, strict=False) if c and said} for row in rows]
