"""Decisions that the records suggest to ask the management for: a debt, a risk that comes true, a target out of reach,
dead pipeline. They are drafts: a person accepts or drops them, and says what to do where the data can't.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from salesplaybook.methods.owed import LONG
from salesplaybook.results import Message, say

if TYPE_CHECKING:
    from salesplaybook.areas.quarterly_review import Body

DAYS = 10  # working days in which a decision is asked for
UNLIKELY = 0.2  # chance of a target under which it is put to the management
BIG = 0.2  # share of the open deals that are dead, from which on closing them is put to the management


class Ask(BaseModel):
    """What the management is asked to decide; by: the latest day; otherwise: what no decision costs."""

    id: str
    matter: str
    options: str = ""
    recommend: str = ""
    by: date | None = None
    otherwise: str = ""


class Draft(BaseModel):
    """A decision that the data suggest to ask for: accepted or dropped in the form."""

    id: str
    matter: Message
    options: Message
    recommend: Message | None = None
    by: date
    otherwise: Message


def to_decide(page: Body) -> list[dict[str, Any]]:
    """What the data suggest to ask the management for; at most one of a kind."""
    return [found for found in (_debt(page), _came(page), _target(page), _dead(page)) if found]


def _debt(page: Body) -> dict[str, Any] | None:
    row = page.owed.late if page.owed else None
    if row is None:
        return None
    return {
        "id": f"owed:{row.account}:{page.quarter}",
        "matter": say(
            "{account} owes {amount:money} that is at least 30 days late: stop delivering?",
            account=row.account,
            amount=row.late,
        ),
        "options": say("stop delivering / agree on instalments / wait"),
        "recommend": say("agree on instalments"),
        "otherwise": say("{amount:money} is over 90 days late and may not come in at all", amount=row.long)
        if row.long
        else say("the oldest of it is over 90 days late from {day:date} on", day=row.due + timedelta(days=LONG + 1)),
    }


def _came(page: Body) -> dict[str, Any] | None:
    risk = next((r for r in page.risks.top if r.triggered), None) if page.risks else None
    if risk is None:
        return None
    return {
        "id": f"risk:{risk.id}:{page.quarter}",
        "matter": say("A risk is coming true: {risk}", risk=risk.what),
        "options": say("{measure} / take the loss", measure=risk.measure)
        if risk.measure
        else say("act against it / take the loss"),
        "recommend": say("{text}", text=risk.measure) if risk.measure else None,
        "otherwise": say("{usual:money} as a rule, {severe:money} at worst", usual=risk.usual, severe=risk.severe)
        if risk.usual is not None and risk.severe is not None
        else say("what it costs was not said"),
    }


def _target(page: Body) -> dict[str, Any] | None:
    told = page.forecast
    if not told or told.chance is None or told.chance >= UNLIKELY or not page.target or told.p50 is None:
        return None
    quarter = page.following[-2:]
    return {
        "id": f"target:{page.following}",
        "matter": say("Keep the target of {target:money} for {quarter:text}?", target=page.target, quarter=quarter),
        "options": say("keep it and open new pipeline / lower it to {middle:money}", middle=told.p50),
        "recommend": None,
        "otherwise": say("the plan stands on a number that is very unlikely to come"),
    }


def _dead(page: Body) -> dict[str, Any] | None:
    dead = page.dead
    if dead is None or dead.value is None or not dead.n or (page.dead_share or 0) < BIG:
        return None
    return {
        "id": f"dead:{page.quarter}",
        "matter": say(
            "{n:count} open deals ({value:money}) are probably dead: close them?", n=dead.n, value=dead.value
        ),
        "options": say("close them / keep them open"),
        "recommend": say("close them, save those with an agreed next step"),
        "otherwise": say("the pipeline goes on looking larger than it is"),
    }
