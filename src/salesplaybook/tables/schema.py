"""Our tables: their columns in standard CRM words, what each holds, what identifies a row, and what it refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from salesplaybook.settings import Status

STATUSES: tuple[str, ...] = get_args(Status)
Holds = Literal["text", "id", "money", "date", "percent", "flag"]


@dataclass(frozen=True)
class Table:
    """columns: name -> what it holds (money in whole cents of the project's currency, dates as days).

    key         the columns that identify a row; where the export has none of them, `otherwise`
    events      without an id, only rows alike in all columns are one: there may be two payments of one day
    needs       of each group, at least one column must be there
    references  column -> (table, its column): a value that isn't found there is an orphan
    """

    name: str
    columns: dict[str, Holds]
    key: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    otherwise: tuple[str, ...] = ()
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    events: bool = False


DEALS = Table(
    "deals",
    {
        "id": "id",
        "name": "text",
        "account": "text",
        "owner": "text",
        "contact": "text",
        "product": "text",
        "pipeline": "text",
        "stage": "text",
        "status": "text",
        "is_closed": "flag",
        "is_won": "flag",
        "record_state": "text",
        "amount": "money",
        "currency": "text",
        "cost": "money",
        "created": "date",
        "expected_close": "date",
        "closed": "date",
        "won_on": "date",
        "lost_on": "date",
        "stage_changed": "date",
        "modified": "date",
        "next_step": "text",
        "next_step_date": "date",
        "last_activity": "date",
        "source": "text",
        "forecast_category": "text",
        "crm_probability": "percent",
        "loss_reason": "text",
        "competitor": "text",
        "region": "text",
        "department": "text",
    },
    key=("id",),
    otherwise=("account", "name"),
    needs=(("id", "name"), ("stage", "status", "is_won")),
    references={"account": ("accounts", "name"), "product": ("products", "name"), "owner": ("people", "name")},
)
ACCOUNTS = Table(
    "accounts",
    {
        "id": "id",
        "name": "text",
        "owner": "text",
        "industry": "text",
        "level": "text",
        "region": "text",
        "source": "text",
        "created": "date",
        "last_activity": "date",
    },
    key=("id",),
    otherwise=("name",),
    needs=(("name",),),
    references={"owner": ("people", "name")},
)
PRODUCTS = Table(
    "products",
    {"id": "id", "name": "text", "series": "text", "list_price": "money"},
    key=("name",),
    needs=(("name",),),
)
PEOPLE = Table(
    "people",
    {
        "id": "id",
        "name": "text",
        "department": "text",
        "role": "text",
        "joined": "date",
        "left": "date",
        "email": "text",
    },
    key=("name",),
    needs=(("name",),),
)
ACTIVITIES = Table(
    "activities",
    {
        "id": "id",
        "deal": "text",
        "account": "text",
        "owner": "text",
        "kind": "text",
        "subject": "text",
        "day": "date",
        "created": "date",
    },
    key=("id",),
    needs=(("day", "created"), ("subject", "kind")),
    references={"deal": ("deals", "name"), "account": ("accounts", "name"), "owner": ("people", "name")},
    events=True,
)
CONTRACTS = Table(
    "contracts",
    {
        "id": "id",
        "deal": "text",
        "account": "text",
        "owner": "text",
        "signed": "date",
        "delivered": "date",
        "accepted": "date",
        "amount": "money",
        "cost": "money",
        "currency": "text",
    },
    key=("id",),
    otherwise=("account", "deal"),
    needs=(("id", "deal"), ("amount",), ("accepted", "signed")),
    references={"account": ("accounts", "name"), "owner": ("people", "name")},
)
RECEIVABLES = Table(
    "receivables",
    {
        "id": "id",
        "contract": "text",
        "account": "text",
        "deal": "text",
        "owner": "text",
        "due": "date",
        "amount": "money",
        "unpaid": "money",
        "paid": "money",
        "currency": "text",
    },
    key=("id",),
    needs=(("amount", "unpaid"), ("due",), ("contract", "account", "id")),
    references={"account": ("accounts", "name"), "owner": ("people", "name")},
    events=True,
)
PAYMENTS = Table(
    "payments",
    {
        "id": "id",
        "contract": "text",
        "account": "text",
        "deal": "text",
        "owner": "text",
        "day": "date",
        "amount": "money",
        "currency": "text",
        "method": "text",
    },
    key=("id",),
    needs=(("amount",), ("day",), ("contract", "account", "id", "deal")),
    references={"account": ("accounts", "name"), "owner": ("people", "name")},
    events=True,
)
TABLES = {
    table.name: table for table in (DEALS, ACCOUNTS, PRODUCTS, PEOPLE, ACTIVITIES, CONTRACTS, RECEIVABLES, PAYMENTS)
}
