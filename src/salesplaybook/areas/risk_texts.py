"""What is said of the risks that the data show, a rule each: why, what, with which effect, and what to do about it.

A name holds no amount, count or share: it stays in the register for quarters, while those change.
"""

from __future__ import annotations

from typing import NamedTuple

from salesplaybook.entries.kinds import Category, Response, Tag
from salesplaybook.results import defined


class Texts(NamedTuple):
    """The texts of a rule; {account} and the like are put in where it has found something."""

    category: Category
    tag: Tag
    response: Response
    name: str
    cause: str
    event: str
    effect: str
    measure: str
    trigger: str


SAID = ("name", "cause", "event", "effect", "measure", "trigger")
# fmt: off
RULES = {
    "customer": Texts(
        "customer", "qualification", "reduce",
        defined("Much hangs on {account}"),
        defined("A large part of the business hangs on {account}"),
        defined("{account} postpones or leaves"),
        defined("The others can't make it up within the quarter"),
        defined("Open two other large deals; split the large one into parts with dates of their own"),
        defined("A date of {account} is moved, or a meeting called off")),
    "overdue": Texts(
        "cash", "cash", "reduce",
        defined("Overdue receivables stay unpaid"),
        defined("Invoices were not paid by their day"),
        defined("A part stays unpaid, or comes after the quarter"),
        defined("Cash is missing from the plan; old invoices are paid more rarely"),
        defined("Call each customer this week; agree on a day or on instalments"),
        defined("An invoice passes 60 days without a day for the payment")),
    "person": Texts(
        "people", "team", "reduce",
        defined("Much of the bookings hangs on one person"),
        defined("Customers and knowledge hang on one of us"),
        defined("This person is away for a quarter, or leaves"),
        defined("What would have come is missing until somebody else has taken over"),
        defined("Name a second person for each large deal, and introduce both to the customer"),
        defined("Notice, a long absence, or a workload that does not end")),
    "dead": Texts(
        "forecast", "forecast", "reduce",
        defined("Deals in the pipeline are probably dead"),
        defined("They are open for over {days:count} days; of 100 won deals 99 took less"),
        defined("The forecast counts on them"),
        defined("The gap is seen too late to fill it"),
        defined("Look at each: a next step with a date within two weeks, or close it"),
        defined("Their share of the pipeline grows two weeks in a row")),
    "contact": Texts(
        "customer", "decision_chain", "reduce",
        defined("At {account} we know one contact only"),
        defined("All deals with {account} name the same contact"),
        defined("This contact changes post, leaves or has no say"),
        defined("The deals start again with somebody who does not know us"),
        defined("Meet two more people of the decision chain this month"),
        defined("The contact does not answer for two weeks")),
    "no_step": Texts(
        "forecast", "qualification", "reduce",
        defined("Deals near their day have no next step"),
        defined("The day is near, and nothing is agreed with the customer"),
        defined("They slip out of the quarter, or are lost"),
        defined("The quarter misses their amount"),
        defined("Agree on a next step with each customer this week"),
        defined("A week before the day there is still no next step")),
}
# fmt: on
