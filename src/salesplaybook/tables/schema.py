"""Our tables: their columns in standard CRM words, what each holds, and what identifies a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from salesplaybook.settings import Status

STATUSES: tuple[str, ...] = get_args(Status)
Holds = Literal["text", "id", "money", "date", "percent"]


@dataclass(frozen=True)
class Table:
    """columns: name -> what it holds (money in whole cents, dates as days); key: the columns that identify a row."""

    name: str
    columns: dict[str, Holds]
    key: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]  # of each group, at least one column must be mapped


DEALS = Table(
    "deals",
    {
        "id": "id",
        "name": "text",
        "account": "text",
        "owner": "text",
        "contact": "text",
        "product": "text",
        "stage": "text",
        "status": "text",
        "amount": "money",
        "cost": "money",
        "created": "date",
        "expected_close": "date",
        "closed": "date",
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
    needs=(("id", "name"), ("stage", "status")),
)
PRODUCTS = Table(
    "products", {"name": "text", "series": "text", "list_price": "money"}, key=("name",), needs=(("name",),)
)
PEOPLE = Table(
    "people",
    {"name": "text", "department": "text", "joined": "date", "left": "date"},
    key=("name",),
    needs=(("name",),),
)
TABLES = {table.name: table for table in (DEALS, PRODUCTS, PEOPLE)}
