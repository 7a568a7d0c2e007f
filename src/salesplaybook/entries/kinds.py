"""What people type, all kinds on one screen: a file each in entries/, a list of rows, each row an id and its fields.

Amounts are in whole currency (12400000, not cents), days are days. Unknown keys are kept; no row is thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from salesplaybook.results import defined

Person = Annotated[str, "person"]  # a form offers the project's people
Metric = Literal["bookings", "revenue", "collected", "margin", "new_customers"]


class Entry(BaseModel):
    """A row. Its id stays the same for ever, so that one week's row can be found in the next week's."""

    model_config = ConfigDict(extra="allow")
    id: str = Field(description="the row's id, which stays as it is", min_length=1)


class Action(Entry):
    """A promise: who does what by when. A draft that was accepted has the draft's id; `dropped` keeps it from
    coming back."""

    what: str = Field("", description="what will be done, in one line")
    who: Person = Field("", description="one person's name")
    due: date | None = Field(None, description="a day, as 2026-09-23")
    made: date | None = Field(None, description="the day on which it was promised, as 2026-09-21")
    deal: str = Field("", description="the deal's id, if it is about one")
    done: date | None = Field(None, description="the day on which it was done, as 2026-09-22")
    was_due: date | None = Field(None, description="the day before it was moved, as 2026-09-18")
    moved: date | None = Field(None, description="the day on which it was moved, as 2026-09-17")
    why: str = Field("", description="why it was moved or isn't done")
    dropped: bool = Field(False, description="true or false")


class Handled(Entry):
    """A deal that needs nobody for a while; its id is the deal's and the day's."""

    deal: str = Field("", description="the deal's id")
    name: str = Field("", description="the deal's name")
    on: date = Field(description="the day of the tick, as 2026-09-21")
    note: str = Field("", description="what was done, in one line")


class Commit(Entry):
    """What the manager (owner empty), or an owner, commits to win in a period, said in a week."""

    period: str = Field(description="a quarter, as 2026Q3")
    week: str = Field(description="the week in which it was said, as 2026-W39")
    owner: Person = Field("", description="a person's name; empty: the manager, for all")
    amount: Decimal | None = Field(None, description="an amount in whole currency, as 12400000", ge=0)
    skipped: bool = Field(False, description="true or false")


class Target(Entry):
    """What a period is to bring, of the whole project or of an owner."""

    period: str = Field(description="a quarter, as 2026Q3")
    metric: Metric = Field("bookings", description="bookings, revenue, collected, margin or new_customers")
    owner: Person = Field("", description="a person's name; empty: the whole project")
    amount: Decimal | None = Field(None, description="an amount in whole currency, as 12840000", gt=0)


KINDS: dict[str, type[Entry]] = {"actions": Action, "handled": Handled, "commits": Commit, "targets": Target}
# The first line of a kind's file.
ABOUT: dict[str, str] = {
    "actions": defined("Promises: who does what by when."),
    "handled": defined("Deals that were ticked as handled, each on its day."),
    "commits": defined("What the manager, and each owner, commits to win in a period, week by week."),
    "targets": defined("What a period is to bring."),
}


def spoken(rows: Sequence[Commit], quarter: str, week: str, owner: str = "") -> Commit | None:
    """What an owner (empty: the manager) committed to for a quarter in a week, or that it was skipped; None before.

    Of two rows that say so, the last counts, and an amount more than a skip.
    """
    mine = [c for c in rows if (c.period, c.week, c.owner) == (quarter, week, owner)]
    said = [c for c in mine if c.amount is not None] or [c for c in mine if c.skipped]
    return said[-1] if said else None


def target(found: Sequence[Target], quarter: str, cents: int, owner: str = "") -> int | None:
    """What the quarter is to bring in bookings, in cents (`cents` to a unit of currency); None where nothing is said.

    For the whole, where only owners have targets, their sum.
    """
    mine = {t.owner: t.amount for t in found if t.period == quarter and t.metric == "bookings" and t.amount}
    amount = mine.get(owner) or (sum(mine.values()) if not owner else None)
    return round(amount * cents) if amount else None
