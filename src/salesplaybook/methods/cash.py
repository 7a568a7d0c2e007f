"""What is to come in: receivables due this week and overdue, from the newest list of receivables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from salesplaybook.results import Figure, defined

WEEK = timedelta(days=7)
LONG = timedelta(days=90)
SHOWN = 2  # rows of each kind


class Invoice(BaseModel):
    """A receivable on the page; kind: due this week, newly overdue, or overdue for longer."""

    kind: Literal["due", "new", "older"]
    account: str
    contract: str
    owner: str | None
    amount: int
    due: date


class Cash(BaseModel):
    """What is to come in: sums with counts, and the rows that are shown."""

    due: Figure
    overdue: Figure
    newly: Figure
    over_90: Figure
    as_of: date
    rows: list[Invoice]
    older_n: int
    older: int


def due(receivables: pd.DataFrame, as_of: date, monday: date) -> Cash | None:
    """What is due in the seven days from `monday` on, and what is overdue before it; None where nothing is listed.

    receivables   a row per invoice or instalment: contract, account, owner, due (day), amount and unpaid (cents)
    as_of         the day of that list

    What counts is what is unpaid. A row that doesn't say what is unpaid counts its whole amount: what nobody has
    entered as paid is owed. Rows without a due day, and those with nothing (or less) unpaid, are neither due nor
    overdue. Shown are the largest two of what is due and of what became overdue in the seven days before `monday`;
    all else that is overdue is summed in `older`. The figures count invoices, and have no deals as rows.
    """
    if receivables.empty:
        return None
    owed = receivables["unpaid"].fillna(receivables["amount"]).fillna(0).astype("int64")
    listed = receivables.assign(owed=owed).rename_axis("key").reset_index()
    listed = listed[(listed["owed"] > 0) & listed["due"].notna()]
    first, last = pd.Timestamp(monday), pd.Timestamp(monday + WEEK)
    this_week = listed[(listed["due"] >= first) & (listed["due"] < last)]
    overdue = listed[listed["due"] < first]
    newly = overdue[overdue["due"] >= pd.Timestamp(monday - WEEK)]
    over_90 = overdue[overdue["due"] < pd.Timestamp(monday - LONG)]
    new = _largest(newly)
    rest = overdue.drop(new.index)
    return Cash(
        due=_figure(defined("unpaid, due in the seven days from the page's Monday on"), this_week),
        overdue=_figure(defined("unpaid, due before the page's Monday"), overdue),
        newly=_figure(defined("unpaid, became overdue in the seven days before the page's Monday"), newly),
        over_90=_figure(defined("unpaid, overdue for more than 90 days"), over_90),
        as_of=as_of,
        rows=[*_invoices("due", _largest(this_week)), *_invoices("new", new)],
        older_n=len(rest),
        older=int(rest["owed"].sum()),
    )


def _figure(definition: str, invoices: pd.DataFrame) -> Figure:
    return Figure(definition=definition, value=int(invoices["owed"].sum()), n=len(invoices))


def _largest(invoices: pd.DataFrame) -> pd.DataFrame:
    """The largest, of equal ones the one that is due first."""
    return invoices.sort_values(["owed", "due"], ascending=[False, True], kind="stable").head(SHOWN)


def _invoices(kind: Literal["due", "new"], invoices: pd.DataFrame) -> list[Invoice]:
    return [
        Invoice(
            kind=kind,
            account=_text(row["account"]) or _text(row["contract"]) or str(row["key"]),
            contract=_text(row["contract"]) or "",
            owner=_text(row["owner"]),
            amount=int(row["owed"]),
            due=row["due"].date(),
        )
        for _, row in invoices.iterrows()
    ]


def _text(cell: object) -> str | None:
    return None if pd.isna(cell) or cell == "" else str(cell)  # type: ignore[call-overload]
