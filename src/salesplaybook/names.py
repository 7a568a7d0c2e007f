"""How people call what has a short name here: rows of walks, statuses, tables, columns, currencies."""

from __future__ import annotations

from collections.abc import Sequence

from salesplaybook.language import Language, current
from salesplaybook.results import defined

# What walks call their rows, on every page.
ROW_NAMES = {
    "new": defined("New"),
    "returned": defined("Returned"),
    "pulled_in": defined("Pulled in"),
    "won": defined("Won"),
    "lost": defined("Lost"),
    "void": defined("Void"),
    "on_hold": defined("On hold"),
    "vanished": defined("Vanished"),
    "slipped": defined("Slipped out"),
    "grown": defined("Grown"),
    "shrunk": defined("Shrunk"),
    "still_due": defined("Still due"),
    "won_elsewhere": defined("Won, other period"),
    "opened_and_won": defined("Opened and won"),
    "reopened_and_won": defined("Reopened and won"),
    "dated_in": defined("Dated into it"),
    "from_open": defined("Open at start, won"),
    "amount_changes": defined("Amount changes"),
}
STATUS_NAMES = {
    "open": defined("open"),
    "won": defined("won"),
    "lost": defined("lost"),
    "void": defined("void"),
    "on_hold": defined("on hold"),
    "undated": defined("of the open ones without a created day"),
}
TABLE_NAMES = {
    "deals": defined("deals"),
    "accounts": defined("accounts"),
    "products": defined("products"),
    "people": defined("people"),
    "activities": defined("activities"),
    "contracts": defined("contracts"),
    "receivables": defined("receivables"),
    "payments": defined("payments"),
}
# What targets are set in.
METRIC_NAMES = {
    "bookings": defined("Bookings"),
    "revenue": defined("Revenue (accepted)"),
    "collected": defined("Cash collected"),
    "margin": defined("Gross margin"),
    "new_customers": defined("New customers"),
}
CATEGORY_NAMES = {
    "forecast": defined("forecast"),
    "customer": defined("customer"),
    "people": defined("people"),
    "market": defined("market"),
    "delivery": defined("delivery"),
    "cash": defined("cash"),
    "data": defined("data"),
    "other": defined("other"),
}
RESPONSE_NAMES = {
    "avoid": defined("avoid"),
    "reduce": defined("reduce"),
    "transfer": defined("transfer"),
    "accept": defined("accept"),
}
OUTCOME_NAMES = {"done": defined("done"), "partly": defined("partly"), "not_done": defined("not done")}
# By which a target is broken down over people and months.
RULE_NAMES = {
    "history": defined("history"),
    "seasonality": defined("seasons"),
    "capacity": defined("working days"),
    "equal": defined("equal parts"),
}
PRIORITY_NAMES = {"high": defined("high"), "normal": defined("normal"), "low": defined("low")}
TAG_NAMES = {
    "qualification": defined("qualifying"),
    "decision_chain": defined("who decides"),
    "pricing": defined("price"),
    "competition": defined("competitors"),
    "tender": defined("tender"),
    "solution": defined("solution"),
    "contract": defined("contract"),
    "delivery": defined("delivery and acceptance"),
    "cash": defined("collecting cash"),
    "forecast": defined("forecast"),
    "team": defined("team"),
    "partners": defined("partners"),
}
CURRENCIES = {
    "CNY": defined("yuan"),
    "USD": defined("US dollars"),
    "EUR": defined("euros"),
    "GBP": defined("pounds"),
    "JPY": defined("yen"),
    "HKD": defined("HK dollars"),
}
# Our columns in words; mapping.yaml calls them by their keys.
COLUMN_NAMES = {
    "id": defined("id"),
    "name": defined("name"),
    "account": defined("account"),
    "owner": defined("owner"),
    "contact": defined("contact"),
    "product": defined("product"),
    "stage": defined("stage"),
    "pipeline": defined("pipeline"),
    "status": defined("status"),
    "is_closed": defined("is closed"),
    "is_won": defined("is won"),
    "record_state": defined("record state"),
    "amount": defined("amount"),
    "currency": defined("currency"),
    "cost": defined("cost"),
    "created": defined("created"),
    "expected_close": defined("expected close"),
    "closed": defined("closed"),
    "won_on": defined("won on"),
    "lost_on": defined("lost on"),
    "stage_changed": defined("stage changed"),
    "modified": defined("modified"),
    "next_step": defined("next step"),
    "next_step_date": defined("next step date"),
    "last_activity": defined("last activity"),
    "source": defined("source"),
    "forecast_category": defined("forecast category"),
    "crm_probability": defined("CRM probability"),
    "loss_reason": defined("loss reason"),
    "competitor": defined("competitor"),
    "region": defined("region"),
    "department": defined("department"),
    "industry": defined("industry"),
    "level": defined("level"),
    "series": defined("series"),
    "list_price": defined("list price"),
    "role": defined("role"),
    "joined": defined("joined"),
    "left": defined("left"),
    "email": defined("email"),
    "deal": defined("deal"),
    "kind": defined("kind"),
    "subject": defined("subject"),
    "day": defined("day"),
    "contract": defined("contract"),
    "due": defined("due date"),
    "unpaid": defined("unpaid"),
    "paid": defined("paid"),
    "method": defined("method"),
}


def column_name(column: str, say: Language) -> str:
    """Our column in the reader's words; mapping.yaml's key for it beside them where they differ."""
    said = say(COLUMN_NAMES.get(column, column))
    return column if said.casefold().replace(" ", "_") == column else f"{said} {column}"


def column_names(columns: Sequence[str]) -> list[str]:
    """Several columns, in the current language: for a sentence that is said at once."""
    return [column_name(column, current()) for column in columns]
