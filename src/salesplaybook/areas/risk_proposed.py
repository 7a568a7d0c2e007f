"""Risks that the data show, proposed to be accepted: each by a rule, with what is at stake by the data's own amounts.

In: what is known as of a day. A chance is never proposed, for no export knows it; amounts are where the data hold them.
Ids are of rule and thing, so that what was dismissed does not return.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas import risk_sums as sums
from salesplaybook.areas.risk_texts import RULES, SAID, Texts
from salesplaybook.entries.kinds import Category, Response, Risk, Tag
from salesplaybook.limits import Rules
from salesplaybook.methods import cash
from salesplaybook.methods.team import seats
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, defined, of_deals, say
from salesplaybook.states import Known, State

CUSTOMER = 0.4  # of what is due, or was booked, over which one customer is a risk
PERSON = 1 / 3  # of the bookings of the last four quarters, likewise
CONTACT = 0.02  # of all that is open: a customer with less may hang on one contact
FEW_CONTACT = 2  # deals of a customer under which the export could not know of a second contact
DEAD = 0.1  # of all that is open: what is dead below that is for the Monday page
FEW_DUE, FEW_WON = 3, 5  # deals under which a share says nothing
SELLERS = 3  # people under whom one person's share tells the others' as well
FEW_RATE = 20  # decided deals under which no usual share is given
CONTACTS = 2  # customers with one contact that are proposed
USED = 0.5  # share of open deals with a next step, under which nobody keeps that column
SOON = timedelta(days=14)


class Proposal(BaseModel):
    """A risk that the data show: its texts, what is at stake in whole currency, and from what that is.

    what     what the data show today, in numbers; name: what it is called once accepted, true of later exports too
    figure   what was counted, with its deals; of a rule about a person without them
    """

    id: str
    rule: str
    category: Category
    tag: Tag
    response: Response
    what: Message
    name: Message
    cause: Message
    event: Message
    effect: Message
    measure: Message
    trigger: Message
    owner: str = ""
    due: date
    low: Decimal | None = None
    likely: Decimal | None = None
    high: Decimal | None = None
    amounts: Message
    figure: Figure


Stake = tuple[float | None, float | None, float | None]  # low, likely and high in cents
NOT_SAID: Stake = (None, None, None)


class _Found(BaseModel):
    """What a rule has found: the thing that it is about, and the values of its texts."""

    thing: str
    what: Message
    stake: Stake
    amounts: Message
    figure: Figure
    owner: str = ""
    values: dict[str, str | int | float] = {}


def proposed(known: Known, period: Period, rules: Rules, taken: Sequence[Risk]) -> list[Proposal]:
    """What the data show and nobody has taken up or dismissed."""
    if known.empty or known.narrowed:
        return []
    state, due = known.deals, rules.calendar.later(known.on + SOON, 0)
    by_id, out = {risk.id: risk for risk in taken}, []
    for rule, look in _RULES.items():
        for found in look(known, state, period):
            id = f"{rule}:{found.thing}"
            if (before := by_id.get(id)) and not before.dropped and before.closed and before.closed < period.first:
                id += f":{period.name}"  # settled in an earlier quarter, and here again
            if id not in by_id:
                out.append(_proposal(id, rule, RULES[rule], found, rules.cents, due))
    return out


def _customer(known: Known, state: State, period: Period) -> Iterator[_Found]:
    """One customer holds over 40 % of what is open and due in the period, or of what was booked in it."""
    due = state.open[state.open["expected_close"] <= pd.Timestamp(period.last)]
    if (largest := sums.largest(due, "account", "value", FEW_DUE)) and largest[1] > CUSTOMER:
        account, share, theirs = largest
        figure = of_deals(defined("Due in the quarter, of the customer with the largest part"), theirs["value"])
        what = say("{account} holds {share:percent} of what is due this quarter", account=account, share=share)
        yield _of_open(state, period, account, what, theirs, figure, account=account)
        return
    booked = sums.won(state, period)
    booked = booked if len(booked) >= FEW_WON else sums.won_before(state, period)
    if (largest := sums.largest(booked, "account", "amount", FEW_WON)) and largest[1] > CUSTOMER:
        account, share, theirs = largest
        figure = of_deals(defined("Booked with the customer that brings the largest part"), theirs["amount"])
        what = say("{account} brings {share:percent} of the bookings", account=account, share=share)
        stake, said = sums.by_quarter(state, period, account)
        owner, values = sums.mostly(theirs["owner"]), {"account": account}
        yield _Found(
            thing=account, what=what, stake=stake, amounts=said, figure=figure, owner=owner, values=dict(values)
        )


def _contact(known: Known, state: State, period: Period) -> Iterator[_Found]:
    """Customers of whom all deals, open and closed, name one contact: those with most open."""
    open_ = state.open[state.open["value"] > 0]
    deals = state.frame[state.frame["account"].notna() & state.frame["contact"].notna()]
    deals = deals[deals.groupby("account")["account"].transform("size") >= FEW_CONTACT]
    contacts = deals.groupby("account")["contact"].agg(sums.different) if len(deals) else pd.Series(dtype="int64")
    theirs_open = open_.groupby("account")["value"].sum().sort_values(ascending=False, kind="stable")
    least = CONTACT * float(open_["value"].sum())
    alone = [str(a) for a, value in theirs_open.items() if contacts.get(a) == 1 and float(value) >= least]
    for account in alone[:CONTACTS]:
        theirs = open_[open_["account"] == account]
        figure = of_deals(defined("Open deals of a customer of whom all deals name one contact"), theirs["value"])
        what = say("At {account} we know one contact only", account=account)
        yield _of_open(state, period, account, what, theirs, figure, account=account)


def _overdue(known: Known, state: State, period: Period) -> Iterator[_Found]:
    """Receivables that are overdue."""
    found = cash.due(known.receivables, known.receivables_day or known.on, known.on)
    if found is None or not found.overdue.value:
        return
    old, all_ = float(found.over_90.value or 0), float(found.overdue.value)
    yield _Found(
        thing=period.name,
        what=say("{amount:money} are overdue in {n:count} invoices", amount=found.overdue.value, n=found.overdue.n)
        if found.overdue.n != 1
        else say("{amount:money} are overdue in one invoice", amount=found.overdue.value),
        stake=(None, old or None, all_),
        amounts=say("likely what is overdue for over 90 days, at most all")
        if old
        else say("at most all that is overdue; nothing is for over 90 days"),
        figure=found.overdue,
    )


def _person(known: Known, state: State, period: Period) -> Iterator[_Found]:
    """Somebody who is still there brings over a third of the bookings of the last four quarters.

    Neither a name is said nor an amount, which would be one person's results, and nothing where few sell.
    """
    there = [seat for seat in seats(known, period) if seat.last >= min(period.last, known.on)]
    if sum(seat.sells for seat in there) < SELLERS:
        return
    booked = sums.won_before(state, period)
    largest = sums.largest(booked, "owner", "amount", 2 * FEW_WON, [seat.name for seat in there])
    if largest is None or largest[1] <= PERSON:
        return
    name, share, _theirs = largest
    text = defined("Of the bookings of the last four quarters, by the person with the largest part")
    yield _Found(
        # On a page for the group nobody is named: neither by the id nor by the deals.
        thing=hashlib.sha256(name.encode()).hexdigest()[:8],
        what=say("One person brings {n:count}% of the bookings", n=round(100 * share)),
        stake=NOT_SAID,
        amounts=say("no amount: it would be one person's results"),
        figure=Figure(definition=text, value=round(share, 2), unit="share", n=len(booked)),
    )


def _dead(known: Known, state: State, period: Period) -> Iterator[_Found]:
    """Open deals that are older than 99 of 100 won ones ever were; how many of so old ones come, nobody knows."""
    after = metrics.dead_after(state)
    found = metrics.dead(state, after)
    values = state.open["value"][state.open["value"] > 0].astype(float)
    theirs, total = float(values[values.index.isin(list(found.rows))].sum()), float(values.sum())
    if not theirs or after.value is None or theirs < DEAD * total:
        return
    share = theirs / total
    what = (
        say("{n:deals} in the pipeline are probably dead ({share:percent} of its amount)", n=found.n, share=share)
        if found.n != 1
        else say("A deal in the pipeline is probably dead ({share:percent} of its amount)", share=share)
    )
    yield _Found(
        thing=period.name,
        what=what,
        stake=(None, None, theirs),
        amounts=say("at most all of them; how much usually comes is known of younger deals only"),
        figure=found,
        values={"days": after.value},
    )


def _no_step(known: Known, state: State, period: Period) -> Iterator[_Found]:
    """Deals expected to close within two weeks that have no next step, where the team keeps next steps at all."""
    if not len(state.open) or state.open["next_step"].notna().mean() < USED:
        return
    day, today = state.open["expected_close"], pd.Timestamp(known.on)
    bare = state.open[(day >= today) & (day <= today + SOON) & state.open["next_step"].isna()]
    if (bare["value"] > 0).any():
        what = (
            say("{n:deals} expected within two weeks have no next step", n=len(bare))
            if len(bare) > 1
            else say("A deal expected within two weeks has no next step")
        )
        figure = of_deals(defined("Expected to close within two weeks, without a next step"), bare["value"])
        yield _of_open(state, period, period.name, what, bare, figure)


# The gravest first: the order in which they are proposed.
_RULES: dict[str, Callable[[Known, State, Period], Iterator[_Found]]] = {
    "customer": _customer,
    "overdue": _overdue,
    "person": _person,
    "dead": _dead,
    "contact": _contact,
    "no_step": _no_step,
}


def _of_open(
    state: State, period: Period, thing: str, what: Message, theirs: pd.DataFrame, figure: Figure, **values: str | float
) -> _Found:
    """A finding about open deals; at stake are their smallest, what usually comes of them, and all."""
    amounts = theirs["value"][theirs["value"] > 0].astype(float)
    decided = state.decided(sums.year(period)[-1].first)
    rate = float((decided["status"] == "won").mean()) if len(decided) >= FEW_RATE else None
    total, least = float(amounts.sum()), float(amounts.min()) if len(amounts) else 0.0
    usual = total * rate if rate else None
    low = min(least, usual or least)
    said = (
        say("the smallest deal, the {rate:percent} of all that usually come, and all", rate=rate)
        if usual
        else say("from the smallest deal to all; too few decided deals to say how much usually comes")
    )
    stake, owner = (low, usual, total) if len(amounts) else NOT_SAID, sums.mostly(theirs["owner"])
    return _Found(thing=thing, what=what, stake=stake, amounts=said, figure=figure, owner=owner, values=values)


def _proposal(id: str, rule: str, texts: Texts, found: _Found, cents: int, due: date) -> Proposal:
    low, likely, high = (None if a is None else _whole(a, cents) for a in found.stake)
    said = {name: say(getattr(texts, name), **found.values) for name in SAID}
    return Proposal(
        id=id,
        rule=rule,
        category=texts.category,
        tag=texts.tag,
        response=texts.response,
        what=found.what,
        owner=found.owner,
        due=due,
        low=low,
        likely=likely,
        high=high,
        amounts=found.amounts,
        figure=found.figure,
        **said,
    )


def _whole(amount: float, cents: int) -> Decimal:
    """Cents in whole currency, to four digits: no more can be known."""
    whole = round(amount / cents)
    return Decimal(round(whole, 4 - len(str(abs(whole)))))
