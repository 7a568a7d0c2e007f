"""Amounts in several currencies become cents of the project's: converted at its rates or withheld, never added."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from salesplaybook.language import digits
from salesplaybook.settings import Settings
from salesplaybook.tables import money
from salesplaybook.tables.columns import Column


@dataclass
class Foreign:
    """What stands in a currency without a rate: the sum of the table's amounts in it, and their rows."""

    amount: Decimal = Decimal(0)
    rows: list[int] = field(default_factory=list)


def convert(
    cells: dict[str, list[Any]], found: dict[str, Column], settings: Settings, rows: list[int]
) -> dict[str, Foreign]:
    """Puts cents in place of the amounts in `cells`, and the row's currency where it isn't the project's.

    A cell's own mark (US$) goes before the row's currency column, that before the header's (USD). An amount without a
    rate in project.yaml becomes blank; returned are its currency and what it came to.
    """
    home, places = settings.currency, digits(settings.currency)
    named = cells.get("currency", [None] * len(rows))
    codes = [money.code(said, home) or said if said else None for said in named]
    foreign: dict[str, Foreign] = {}
    left: list[str | None] = [None] * len(rows)
    main = "amount" if "amount" in found else "unpaid"
    for name, column in found.items():
        if column.holds != "money":
            continue
        cents: list[int | None] = []
        for at, amount in enumerate(cells[name]):
            if amount is None:
                cents.append(None)
                continue
            code = amount.currency or codes[at] or column.currency or home
            rate = Decimal(1) if code == home else settings.rates.get(code)
            cents.append(None if rate is None else money.cents(amount.value * rate, places))
            if code != home and name in ("amount", "unpaid"):
                left[at] = code
            if rate is None and name == main:
                entry = foreign.setdefault(code, Foreign())
                entry.amount += amount.value
                entry.rows.append(rows[at])
        cells[name] = cents
    if "currency" in cells or any(left):
        cells["currency"] = left
    return foreign
