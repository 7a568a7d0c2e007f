"""What customers owe at a quarter's end, from the newest list of receivables: in all, overdue, and due in the next."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pydantic import BaseModel

from salesplaybook.periods import Period
from salesplaybook.results import Figure, defined

LATE, LONG = 30, 90  # days overdue: at least so many are late, more than so many are long
SHOWN = 3
DEFINITIONS = {
    "total": defined("unpaid receivables, whether due or not"),
    "overdue": defined("unpaid receivables that were due before the day of the list"),
    "over_90": defined("unpaid receivables, overdue for more than 90 days"),
    "due_next": defined("unpaid receivables that fall due in the next quarter"),
}


class Debtor(BaseModel):
    """A customer's overdue receivables together: the amount in cents, since when, and who sees to the largest.

    due, days_late   of the one that is overdue for longest; n: how many there are
    late, long       of the amount what is overdue for at least 30 days, and for more than 90
    """

    account: str
    owner: str
    amount: int
    days_late: int
    due: date
    n: int = 1
    late: int = 0
    long: int = 0


class Owed(BaseModel):
    """What is unpaid by the list of the day `as_of`: sums with counts of receivables, and the largest overdue.

    undated   unpaid receivables without a due day: in the total and nowhere else
    late      the customer with the most that is overdue for at least 30 days; None where nobody has any
    others    overdue customers that `rows` leaves out
    """

    total: Figure
    overdue: Figure
    over_90: Figure
    due_next: Figure
    rows: list[Debtor]
    late: Debtor | None = None
    others: int = 0
    undated: Figure | None = None
    as_of: date


def owed(receivables: pd.DataFrame, as_of: date, following: Period) -> Owed | None:
    """What is owed; None where nothing is listed.

    receivables   a row per invoice or instalment: contract, account, owner, due (day), amount and unpaid (cents)
    as_of         the day of that list; following: the quarter after the one that is looked back on

    A row that doesn't say what is unpaid counts its whole amount; one with nothing (or less) unpaid counts nowhere.
    The figures count receivables, and have no deals as rows.
    """
    if receivables.empty:
        return None
    unpaid = receivables["unpaid"].fillna(receivables["amount"]).fillna(0).astype("int64")
    listed = receivables.assign(owed=unpaid).rename_axis("key").reset_index()
    listed = listed[listed["owed"] > 0]
    day = pd.Timestamp(as_of)
    overdue = listed[listed["due"] < day]
    next_first, next_last = pd.Timestamp(max(following.first, as_of)), pd.Timestamp(following.last)
    undated = listed[listed["due"].isna()]
    debtors = _debtors(overdue, as_of)
    return Owed(
        total=_figure("total", listed),
        overdue=_figure("overdue", overdue),
        over_90=_figure("over_90", overdue[_days(overdue, as_of) > LONG]),
        due_next=_figure("due_next", listed[(listed["due"] >= next_first) & (listed["due"] <= next_last)]),
        rows=debtors[:SHOWN],
        late=max((d for d in debtors if d.late), key=lambda d: d.late, default=None),
        others=len(debtors[SHOWN:]),
        undated=Figure(definition=defined("unpaid receivables without a due day"), value=_sum(undated), n=len(undated))
        if len(undated)
        else None,
        as_of=as_of,
    )


def _figure(name: str, rows: pd.DataFrame) -> Figure:
    return Figure(definition=DEFINITIONS[name], value=_sum(rows), n=len(rows))


def _sum(rows: pd.DataFrame) -> int:
    return int(rows["owed"].sum())


def _days(rows: pd.DataFrame, as_of: date) -> pd.Series:
    """For how many days each has been overdue."""
    return (pd.Timestamp(as_of) - rows["due"].dt.normalize()).dt.days


def _debtors(overdue: pd.DataFrame, as_of: date) -> list[Debtor]:
    """Each customer's overdue receivables, the largest sum first."""
    rows = overdue.assign(who=[_who(row) for _, row in overdue.iterrows()])
    found = []
    for account, mine in rows.groupby("who", sort=True):
        first, days = mine["due"].min().date(), _days(mine, as_of)
        largest = mine.sort_values("owed", ascending=False, kind="stable")
        owners = [str(o) for o in largest["owner"].dropna() if o]
        found.append(
            Debtor(
                account=str(account),
                owner=owners[0] if owners else "",
                amount=_sum(mine),
                days_late=(as_of - first).days,
                due=first,
                n=len(mine),
                late=_sum(mine[days >= LATE]),
                long=_sum(mine[days > LONG]),
            )
        )
    return sorted(found, key=lambda d: (-d.amount, d.due, d.account))


def _who(row: pd.Series) -> str:
    """Whose receivable it is: the customer; where none is named, the contract or the receivable itself."""
    return next((str(v) for v in (row["account"], row["contract"]) if not pd.isna(v) and v != ""), str(row["key"]))
