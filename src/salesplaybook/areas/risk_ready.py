"""Risks that most sales projects know, in a team's words, ready to be ticked; and five questions of a pre-mortem.

Chances and amounts are left to the person: no list can know them.
"""

from __future__ import annotations

from typing import NamedTuple

from salesplaybook.entries.kinds import Category, Response, Tag
from salesplaybook.results import defined


class Ready(NamedTuple):
    """A risk to be ticked; its texts are put into the project's language when it is taken."""

    key: str
    category: Category
    tag: Tag
    response: Response
    what: str
    cause: str
    event: str
    effect: str
    measure: str
    trigger: str


class Prompt(NamedTuple):
    """A question of the pre-mortem, and the minutes for it."""

    minutes: int
    text: str


# fmt: off
READY = [
    Ready("tender", "market", "tender", "reduce",
          defined("The bid is due before the specification is clear"),
          defined("The tender's date stands, the customer's specification does not"),
          defined("We bid on assumptions, or not at all"),
          defined("The bid is lost, or won at a price that does not pay"),
          defined("List the open questions, ask them in writing, decide go or no-go a week before the date"),
          defined("Two weeks before the date the specification has open points")),
    Ready("one_decider", "customer", "decision_chain", "reduce",
          defined("The only person who decides leaves"),
          defined("We know one decision maker, and nobody beside or above"),
          defined("This person changes post or leaves"),
          defined("The deal starts again with somebody who does not know us"),
          defined("Meet two more people of the decision chain this month"),
          defined("Talk of a reorganisation, or two meetings called off in a row")),
    Ready("budget", "customer", "qualification", "reduce",
          defined("The customer's budget is approved late"),
          defined("The purchase is planned, its money is not released yet"),
          defined("The approval moves beyond the quarter"),
          defined("The deal slips, and the quarter misses its amount"),
          defined("Ask who approves on which day; bring the papers that the approval needs"),
          defined("The approval has no date four weeks before the expected close")),
    Ready("acceptance", "delivery", "delivery", "reduce",
          defined("Acceptance is delayed"),
          defined("Conditions of acceptance are open, or the site is not ready"),
          defined("The customer signs the acceptance later than planned"),
          defined("Revenue and the payment tied to it come a quarter later"),
          defined("Write down the conditions of acceptance, walk through them with the customer a month ahead"),
          defined("An item of the acceptance list is open two weeks before the date")),
    Ready("key_person", "people", "team", "reduce",
          defined("A key person of our team leaves"),
          defined("Customers and knowledge hang on one of us"),
          defined("This person gives notice"),
          defined("Deals stand still for weeks, some are lost"),
          defined("Name a second person for each large deal; talk about plans and workload"),
          defined("Notice is given, or a large deal has no second person")),
    Ready("price", "market", "competition", "reduce",
          defined("A competitor undercuts our price"),
          defined("A competitor wants this customer or this market"),
          defined("A much lower offer is on the table"),
          defined("The deal is lost, or won with less margin"),
          defined("Show the cost over the whole life; agree on the lowest price before the negotiation"),
          defined("The customer asks for a new price without a change of scope")),
    Ready("partner", "delivery", "partners", "transfer",
          defined("A partner or supplier fails"),
          defined("A part of the solution comes from somebody else"),
          defined("The partner delivers late or not at all"),
          defined("Delivery is late, penalties are due, trust is lost"),
          defined("Put dates and penalties into the partner's contract; name a second source"),
          defined("A date of the partner is missed, or not confirmed")),
    Ready("presales", "people", "solution", "reduce",
          defined("Pre-sales is the bottleneck"),
          defined("More bids than people who can write them"),
          defined("A bid is not ready in time, or weak"),
          defined("Deals are lost for want of a good proposal"),
          defined("Rank the bids by amount and chance; borrow or hire for the weeks of the peak"),
          defined("More than two large bids fall into the same two weeks")),
    Ready("terms", "cash", "contract", "reduce",
          defined("Payment terms are worse than planned"),
          defined("The customer's standard contract pays late"),
          defined("We sign long terms or a large retention"),
          defined("Cash comes months later than the plan says"),
          defined("Agree on the least terms before the negotiation; trade price against a down payment"),
          defined("A draft contract has less than 30 % down payment, or more than 60 days")),
    Ready("end_of_life", "market", "solution", "avoid",
          defined("A product that we sell comes to its end"),
          defined("The maker announces the end of a series"),
          defined("Deals in hand specify what can't be delivered any more"),
          defined("Proposals are done again, some customers leave"),
          defined("Move open deals to the successor now; stock what is already promised"),
          defined("The maker sends an end-of-life notice, or lead times double")),
    Ready("one_customer", "customer", "qualification", "reduce",
          defined("One customer dominates the quarter"),
          defined("A large part of what is due is one customer's"),
          defined("This customer postpones or leaves"),
          defined("The quarter can't be made up by the others"),
          defined("Open two other large deals; split the large one into parts with dates of their own"),
          defined("One customer holds over 40 % of what is due")),
    Ready("padded", "forecast", "forecast", "reduce",
          defined("The forecast is padded"),
          defined("Deals stand in the forecast that nobody has checked"),
          defined("At the end of the quarter they do not come"),
          defined("The gap is seen too late to fill it"),
          defined("Check each large deal for date, next step and who decides; close what has none"),
          defined("The same deals were moved to the next quarter twice")),
    Ready("data", "data", "forecast", "reduce",
          defined("Data are not kept"),
          defined("Dates, amounts and next steps are entered late or never"),
          defined("We decide on numbers that are wrong"),
          defined("Time goes to the wrong deals; the forecast misleads"),
          defined("Ten minutes on Monday for each person's own deals; missing fields are named, not blamed"),
          defined("More than a tenth of the open deals has no amount or a date that has passed")),
    Ready("scope", "delivery", "delivery", "avoid",
          defined("The scope grows without a contract"),
          defined("Wishes are accepted in talks, and written down nowhere"),
          defined("We deliver more than was sold"),
          defined("Margin is lost, acceptance is argued about"),
          defined("Every change gets a price, a date and a signature before the work begins"),
          defined("The first wish beyond the contract is being worked on")),
    Ready("late_pay", "cash", "cash", "reduce",
          defined("A large customer pays late"),
          defined("The customer is short of cash, or argues about the delivery"),
          defined("An invoice stays open beyond 90 days"),
          defined("Cash is missing, bonuses and suppliers wait"),
          defined("Call before the due date; agree on instalments; stop deliveries by a rule known beforehand"),
          defined("An invoice is 30 days late without a date for the payment")),
]
# fmt: on

PROMPTS = [
    Prompt(3, defined("It is the last day of the quarter and we missed the target: what happened?")),
    Prompt(3, defined("The largest deal of the quarter did not come: why?")),
    Prompt(3, defined("A customer that we were sure of is gone: what did we overlook?")),
    Prompt(3, defined("Our team could not do it: who or what was missing?")),
    Prompt(3, defined("It was sold, and the cash did not come: what was in the way?")),
]
