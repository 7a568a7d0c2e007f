"""Why bookings differ from those of the period before: volume, mix and price of the won deals, by kind of deal.

Bookings are deals x each kind's share of them x each kind's average amount. How much each of the three explains depends
on the order in which they are changed; here it is the mean over all six orders (Shapley 1953, for decompositions
Shorrocks 2013), which favours none and sums exactly. The textbook's variances (ACCA, mix and quantity) are one of the
orders: volume first at the old mix, then mix, then price. Kinds that one of the periods lacks stand apart, as new or
gone: they have no old, or no new, price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Literal, NamedTuple, Self

import pandas as pd
from pydantic import BaseModel, model_validator

from salesplaybook.results import Figure, Message, defined, of_deals, rows_of, say

Factor = Literal["volume", "mix", "price"]
FACTORS: tuple[Factor, ...] = ("volume", "mix", "price")
BY = ("product", "region", "department", "source")  # what deals are told apart by: the first that can carry it
ENOUGH = 0.5  # share of the won deals that must name their kind, and of value that kinds of both periods must have
DEFINITIONS = {
    "before": defined("Booked in the period before: won amounts by the day on which the deal closed"),
    "now": defined("Booked in the period: won amounts by the day on which the deal closed"),
    "volume": defined("what more, or fewer, won deals bring at unchanged shares of the kinds and unchanged averages"),
    "mix": defined("what other shares of the kinds bring, some of which are worth more than others"),
    "price": defined("what higher, or lower, average amounts within each kind bring"),
    "new": defined("won deals of kinds of which none was won in the period before"),
    "gone": defined("won deals of the period before of kinds of which none was won since"),
}


class Group(NamedTuple):
    """How many deals of a kind were won, and for how much in cents."""

    deals: int
    cents: int


class Kind(BaseModel):
    """A kind of deal in both periods; `price`: its part of the step of that name, in cents (None: won in one only)."""

    name: str
    deals_before: int
    deals: int
    before: int
    now: int
    price: int | None = None


class Bridge(BaseModel):
    """From one period's bookings to the next one's, in cents: before + steps = now.

    by       the column that tells kinds apart; empty: none can, and there is no mix
    steps    volume, mix, price, and new or gone where there are such kinds; those of nothing are left out
    kinds    each kind, the largest change first
    notes    what is to be known of it
    """

    by: str = ""
    before: Figure
    now: Figure
    steps: dict[str, Figure]
    kinds: list[Kind] = []
    notes: list[Message] = []

    @model_validator(mode="after")
    def sums(self) -> Self:
        total = int(self.before.value or 0) + sum(int(f.value or 0) for f in self.steps.values())
        if total != self.now.value:
            raise ValueError(f"a bridge of {total} cents can't end at {self.now.value}")
        return self


def bridge(before: pd.DataFrame, now: pd.DataFrame) -> Bridge | Message:
    """The bridge between the won deals of two periods (index = deal key; amount in cents, and the columns of BY).

    A sentence where one of them has no won deal with an amount: then there is nothing to compare with.
    """
    known = [frame[frame["amount"].notna()] for frame in (before, now)]
    if not len(known[0]):
        return say("nothing was won in the period before: there is nothing to compare with")
    if not len(known[1]):
        return say("nothing was won in the period: all of the bookings of the period before are gone")
    by = column(*known)
    names = [_names(frame, by) for frame in known]
    was, is_ = (groups(frame["amount"], name) for frame, name in zip(known, names, strict=True))
    common = sorted(was.keys() & is_.keys())
    parts = shapley({g: was[g] for g in common}, {g: is_[g] for g in common})
    steps: dict[str, Figure] = {
        name: Figure(definition=DEFINITIONS[name], value=parts[name]) for name in FACTORS if parts[name]
    }
    fresh, ended = ~names[1].isin(common), ~names[0].isin(common)
    if fresh.any():
        steps["new"] = of_deals(DEFINITIONS["new"], known[1].loc[fresh, "amount"])
    if ended.any():
        gone = known[0].loc[ended, "amount"]
        value = -int(gone.sum())
        steps["gone"] = Figure(definition=DEFINITIONS["gone"], value=value, n=len(gone), rows=rows_of(gone))
    return Bridge(
        by=by,
        before=of_deals(DEFINITIONS["before"], known[0]["amount"]),
        now=of_deals(DEFINITIONS["now"], known[1]["amount"]),
        steps=steps,
        kinds=_kinds(was, is_, common, parts["price"]),
        notes=_notes(before, now, names if by else [], common),
    )


def column(before: pd.DataFrame, now: pd.DataFrame) -> str:
    """The first of BY that at least half of the won deals of both periods fill in, and whose common kinds hold at least
    half of what was won; "" where none does."""
    for name in BY:
        if name not in before.columns or name not in now.columns:
            continue
        named = [_names(frame, name) for frame in (before, now)]
        if any((n == "").mean() > 1 - ENOUGH for n in named):
            continue
        common = set(named[0]) & set(named[1])
        held = [
            (frame["amount"].abs().sum(), frame.loc[n.isin(common), "amount"].abs().sum())
            for frame, n in zip((before, now), named, strict=True)
        ]
        if len(set(named[0]) | set(named[1])) > 1 and all(part >= ENOUGH * whole for whole, part in held):
            return name
    return ""


def groups(amounts: pd.Series, names: pd.Series) -> dict[str, Group]:
    """Deals and cents by kind."""
    grouped = amounts.astype("int64").groupby(names.to_numpy())
    return {str(name): Group(int(n), int(cents)) for name, n, cents in zip(*_columns(grouped), strict=True)}


def shapley(before: Mapping[str, Group], now: Mapping[str, Group]) -> dict[Factor, int]:
    """Volume, mix and price between two periods of the same kinds, in whole cents that sum to the difference."""
    by_kind = _by_kind(before, now)
    total = sum(g.cents for g in now.values()) - sum(g.cents for g in before.values())
    exact = [sum((parts[f] for parts in by_kind.values()), Fraction(0)) for f in FACTORS]
    return dict(zip(FACTORS, whole(exact, total), strict=True))


def in_order(before: Mapping[str, Group], now: Mapping[str, Group], order: Sequence[Factor]) -> dict[Factor, Fraction]:
    """What each step brings if the factors are changed one after the other in this order."""
    parts = _in_order(before, now, order)
    return {f: sum((of_kind[f] for of_kind in parts.values()), Fraction(0)) for f in FACTORS}


def whole(exact: Sequence[Fraction], total: int) -> list[int]:
    """Parts in whole cents that sum to `total`: rounded down, then the largest remainders get the cents left over."""
    down = [part.__floor__() for part in exact]
    order = sorted(range(len(exact)), key=lambda i: (down[i] - exact[i], i))
    for i in order[: total - sum(down)]:
        down[i] += 1
    return down


Parts = dict[str, dict[Factor, Fraction]]  # kind -> factor -> cents


def _by_kind(before: Mapping[str, Group], now: Mapping[str, Group]) -> Parts:
    """The mean over all orders, kind by kind."""
    orders = [_in_order(before, now, order) for order in permutations(FACTORS)]
    return {g: {f: sum((o[g][f] for o in orders), Fraction(0)) / len(orders) for f in FACTORS} for g in before}


def _in_order(before: Mapping[str, Group], now: Mapping[str, Group], order: Sequence[Factor]) -> Parts:
    changed: set[Factor] = set()
    at = _bookings(before, now, changed)
    out: Parts = {g: {} for g in before}
    for factor in order:
        changed.add(factor)
        then = _bookings(before, now, changed)
        for g in before:
            out[g][factor] = then[g] - at[g]
        at = then
    return out


def _bookings(before: Mapping[str, Group], now: Mapping[str, Group], changed: set[Factor]) -> dict[str, Fraction]:
    """Bookings by kind with the new value of the changed factors and the old one of the rest."""
    volume, mix, price = (now if f in changed else before for f in FACTORS)
    deals, of = sum(g.deals for g in volume.values()), sum(g.deals for g in mix.values())
    return {g: Fraction(deals * mix[g].deals * price[g].cents, of * price[g].deals) for g in before}


def _kinds(was: Mapping[str, Group], is_: Mapping[str, Group], common: Sequence[str], price: int) -> list[Kind]:
    """Each kind, with its part of the price step (`price`)."""
    exact = _by_kind({g: was[g] for g in common}, {g: is_[g] for g in common})
    priced = dict(zip(common, whole([exact[g]["price"] for g in common], price), strict=True))
    none = Group(0, 0)
    found = [
        Kind(
            name=name,
            deals_before=was.get(name, none).deals,
            deals=is_.get(name, none).deals,
            before=was.get(name, none).cents,
            now=is_.get(name, none).cents,
            price=priced.get(name),
        )
        for name in sorted(was.keys() | is_.keys())
    ]
    return sorted(found, key=lambda k: (-abs(k.now - k.before), k.name))


def _notes(before: pd.DataFrame, now: pd.DataFrame, names: Sequence[pd.Series], common: Sequence[str]) -> list[Message]:
    notes = []
    both = pd.concat([before["amount"], now["amount"]])
    if not names:
        notes.append(
            say("No column tells kinds of deals apart (product, region, department, source): so there is no mix.")
        )
    elif blank := sum(int((n == "").sum()) for n in names):
        notes.append(say("Won deals that don't name their kind, as a kind of their own: {n:count}.", n=blank))
    if len(common) == 1 and names:
        notes.append(say("Only one kind was won in both periods: so there is no mix."))
    if missing := int(both.isna().sum()):
        notes.append(say("Won deals without an amount, in no step of the bridge: {n:count}.", n=missing))
    if negative := int((both < 0).fillna(False).sum()):
        notes.append(say("Won deals with a negative amount, counted as they stand: {n:count}.", n=negative))
    return notes


def _names(frame: pd.DataFrame, by: str) -> pd.Series:
    """Each deal's kind; "" where none is named, or nothing tells kinds apart."""
    if not by:
        return pd.Series("", index=frame.index)
    return frame[by].astype("object").where(frame[by].notna(), "").map(lambda v: str(v).strip())


def _columns(grouped: pd.api.typing.SeriesGroupBy) -> tuple[list[str], list[int], list[int]]:
    counts = grouped.size()
    return list(counts.index), list(counts), list(grouped.sum().loc[counts.index])
