"""Thresholds and suggested actions of deal warnings: what project.yaml may change, with what stands if it doesn't."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from salesplaybook.results import Said, defined

if TYPE_CHECKING:
    from salesplaybook.workdays import Calendar

# In the order in which a deal's warnings are told: the gravest first.
Rule = Literal[
    "close_passed",
    "no_activity",
    "stuck",
    "pushed",
    "step_overdue",
    "no_step",
    "no_amount",
    "no_contact",
    "no_account",
    "dead",
]
RULES: tuple[Rule, ...] = get_args(Rule)
# What is suggested, and in how many working days (0: today), where project.yaml says nothing else.
ACTIONS: dict[Rule, tuple[str, int]] = {
    "close_passed": (defined("Set a new date and a next step, or close it"), 0),
    "no_activity": (defined("Meet the customer"), 2),
    "stuck": (defined("Ask what the decision waits for"), 1),
    "pushed": (defined("Confirm the date with the customer"), 2),
    "step_overdue": (defined("Do the next step, or set it anew"), 0),
    "no_step": (defined("Agree on a next step"), 1),
    "no_amount": (defined("Enter the amount"), 1),
    "no_contact": (defined("Find out who decides"), 2),
    "no_account": (defined("Enter the customer"), 1),
}


class Warnings(BaseModel):
    """`warnings:` in project.yaml. Each description is what an error message says was expected."""

    model_config = ConfigDict(extra="allow")
    pushed: int = Field(
        3, description="at least 1: how often the close date was moved later before it is a warning", ge=1
    )
    quiet_days: int = Field(30, description="at least 1: days without activity, until won deals tell the usual", ge=1)
    stuck_days: int = Field(60, description="at least 1: days in a stage, until won deals tell the usual", ge=1)
    handled_days: int = Field(14, description="at least 1: for how many days 'handled' hides a deal", ge=1)
    off: list[Rule] = Field([], description="warnings that are not wanted, of: " + ", ".join(RULES))


class Scorecard(BaseModel):
    """`scorecard:` in project.yaml: what counts how much when a person's quarter is looked at; 0 leaves it out."""

    model_config = ConfigDict(extra="allow")
    attainment: float = Field(50, description="a weight from 0 on, as 50", ge=0)
    pipeline: float = Field(20, description="a weight from 0 on, as 20", ge=0)
    promises: float = Field(20, description="a weight from 0 on, as 20", ge=0)
    data: float = Field(10, description="a weight from 0 on, as 10", ge=0)


class Suggestion(BaseModel):
    """A line of `actions:` in project.yaml: what to do about a warning, and in how many working days."""

    do: str = Field(description="what to do, in one line", min_length=1)
    days: int = Field(1, description="in how many working days; 0 is today", ge=0)


@dataclass(frozen=True)
class Rules:
    """What an area goes by: thresholds and suggestions, the calendar, the fiscal year's first month, how many `cents`
    make a unit of the currency, what had been `said` of quarters (the ledger), how many `posts` the team has (None:
    nobody said), and the scorecard's weights."""

    warnings: Warnings
    actions: dict[Rule, Suggestion]
    calendar: Calendar
    fiscal_start: int = 1
    cents: int = 100
    said: list[Said] = field(default_factory=list)
    posts: int | None = None
    scorecard: Scorecard = field(default_factory=Scorecard)
