"""What a risk's chance and amounts can't be, or may not be meant to be; and what they come to as losses.

The form asks this of each row as one types, the page of each row that was saved: both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from salesplaybook.entries.kinds import Risk
from salesplaybook.methods.exposure import Loss
from salesplaybook.results import Message, defined, say

AMOUNTS = ("low", "likely", "high")
NAMES = {"low": defined("Low"), "likely": defined("Likely"), "high": defined("High")}
NOTHING = Decimal("0.01")  # of the currency: a low amount under that is none
SMALL, LARGE = 1e-5, 10  # of all that is open or was booked: an amount beyond these is probably in another unit


class Fault(NamedTuple):
    """What is wrong with a column: a sentence, and by column the values that a click puts there, called `offer`.

    told   the sentence with the risk's name, where it can't be right and is in no sum; None: it may be meant
    """

    column: str
    said: Message
    told: Message | None = None
    mend: dict[str, Decimal] | None = None
    offer: Message | None = None


def faults(
    risk: Risk, *, cents: int, scale: int | None = None, on: date | None = None, unit: int = 1000
) -> list[Fault]:
    """All that is wrong with a risk, or looks so; what is only missing is no fault.

    scale   what the project has open or booked, in cents; on: the day; unit: how much a larger unit of amounts holds
    """
    return wrong(risk, cents) or [*_unit(risk, cents, scale, unit), *_not_less(risk, cents), *_looks(risk, on)]


def wrong(risk: Risk, cents: int) -> list[Fault]:
    """What can't be right."""
    return [*_chances(risk), *_negative(risk), *_order(risk, cents), *_order(risk, cents, "_after")]


def missing(risk: Risk) -> Message | None:
    """What a risk lacks to be in the sums, told of the risk; None where it lacks nothing."""
    what = named(risk)
    given = [name for name in AMOUNTS if getattr(risk, name) is not None]
    if risk.probability is None and not given:
        return say("{what}: no chance and no amounts yet", what=what)
    if risk.probability is None:
        return say("{what}: no chance yet", what=what)
    if not given:
        return say("{what}: no amounts yet", what=what)
    if risk.low is None or risk.high is None:
        return say("{what}: low and high are both needed", what=what)
    if lacks_likely(risk):
        return say("{what}: from nothing to high, the likely amount is needed", what=what)
    if lacks_likely(risk, "_after"):
        return say("{what}: with the response from nothing to high, the likely amount after it is needed", what=what)
    return None


def lacks_likely(risk: Risk, ending: str = "") -> bool:
    """Whether a loss goes from nothing to high without a likely amount: no lognormal begins at nothing."""
    low, likely, high = three(risk, ending).values()
    return likely is None and low is not None and high is not None and 0 <= low < NOTHING and low < high


def named(risk: Risk) -> str:
    """How a risk is called where its line is empty."""
    return risk.what or risk.event or risk.cause or risk.id


def losses(risk: Risk, cents: int) -> tuple[Loss, Loss] | None:
    """A risk's loss without and with its response, in cents; None where something is missing or can't be right.

    What isn't said of the response stays as it was; avoiding leaves no chance unless one is said.
    """
    if missing(risk) or wrong(risk, cents):
        return None
    assert risk.probability is not None
    p, chance = float(risk.probability), risk.probability_after
    after = float(chance) if chance is not None else 0.0 if risk.response == "avoid" else p
    return _loss(p, three(risk), cents), _loss(after, three(risk, "_after"), cents)


def three(risk: Risk, ending: str = "") -> dict[str, Decimal | None]:
    """Low, likely and high; after the response, those that aren't said as before."""
    said = {name: getattr(risk, name + ending) for name in AMOUNTS}
    return {name: getattr(risk, name) if value is None else value for name, value in said.items()}


def of_values(values: Mapping[str, Any]) -> Risk:
    """The risk that stands in a form's fields."""
    known = {name: value for name, value in values.items() if name in Risk.model_fields and value is not None}
    return Risk.model_validate({"id": "new"} | known)


def _loss(p: float, amounts: Mapping[str, Decimal | None], cents: int) -> Loss:
    low, likely, high = (None if amounts[n] is None else float(amounts[n]) * cents for n in AMOUNTS)  # type: ignore[arg-type]
    assert low is not None and high is not None
    return Loss(p, low, likely, high)


def _chances(risk: Risk) -> Iterator[Fault]:
    what = named(risk)
    for column in ("probability", "probability_after"):
        p = getattr(risk, column)
        if p is None:
            continue
        if p == 0 and column == "probability":
            said = say("A chance of 0 % is no risk: take at least 1 %, or remove the row.")
            yield Fault(column, said, say("{what}: a chance of 0 % is no risk", what=what))
        elif not 0 <= p <= 1:
            found = f"{(p * 100).normalize():f}%"
            said = say("A chance lies between 0 and 100 %: it is {found}.", found=found)
            told = say("{what}: a chance of {found}; it lies between 0 and 100 %", what=what, found=found)
            meant = 2 <= p <= 100  # 30 typed into the file for 30 %
            offer = say("Make it {share}", share=f"{p.normalize():f}%") if meant else None
            yield Fault(column, said, told, {column: p / 100} if meant else None, offer)


def _negative(risk: Risk) -> Iterator[Fault]:
    for name in (*AMOUNTS, "cost", *(f"{n}_after" for n in AMOUNTS)):
        value = getattr(risk, name)
        if value is not None and value < 0:
            said = say("A loss is written without a minus: it is {value}.", value=f"{value:,f}")
            told = say(
                "{what}: a loss of {value}; it is written without a minus", what=named(risk), value=f"{value:,f}"
            )
            yield Fault(name, said, told, {name: -value}, say("Take the minus away"))


def _order(risk: Risk, cents: int, ending: str = "") -> Iterator[Fault]:
    """Of low, likely and high the first pair in the wrong order, with both amounts."""
    if ending and all(getattr(risk, name + ending) is None for name in AMOUNTS):
        return
    amounts = {name: value for name, value in three(risk, ending).items() if value is not None}
    for first, second in (("low", "likely"), ("likely", "high"), ("low", "high")):
        if first not in amounts or second not in amounts or amounts[first] <= amounts[second]:
            continue
        pair: dict[str, Any] = {"first": NAMES[first], "second": NAMES[second]}
        pair |= {n: round(amounts[of] * cents) for n, of in (("a", first), ("b", second))}
        said = say("'{first:text}' can't be above '{second:text}': they are {a:money} and {b:money}.", **pair)
        told = say(
            "{what}: '{first:text}' is {a:money} and above '{second:text}', which is {b:money}",
            what=named(risk),
            **pair,
        )
        mend, offer = {first + ending: amounts[second], second + ending: amounts[first]}, say("Swap the two")
        ordered = sorted(amounts.values())
        if list((amounts | {first: amounts[second], second: amounts[first]}).values()) != ordered:
            mend = dict(zip((n + ending for n in amounts), ordered, strict=True))
            offer = say("Put the three in order")
        if ending and (other := _in_proportion(risk)):
            mend, offer = other, say("Take the others in proportion")
        yield Fault(first + ending, said, told, mend, offer)
        return


def _in_proportion(risk: Risk) -> dict[str, Decimal]:
    """Where one amount after the response is said, the other two in the proportion of those before."""
    given = [n for n in AMOUNTS if getattr(risk, f"{n}_after") is not None]
    before = {n: getattr(risk, n) for n in AMOUNTS}
    if len(given) != 1 or not before[given[0]]:
        return {}
    by = getattr(risk, f"{given[0]}_after") / before[given[0]]
    return {f"{n}_after": round(v * by) for n, v in before.items() if v is not None and n not in given}


def _unit(risk: Risk, cents: int, scale: int | None, unit: int) -> Iterator[Fault]:
    """An amount that is tiny, or huge, beside all that the project has open or booked."""
    if not scale or not risk.high:
        return
    high = risk.high * cents
    given = {n: v for n in AMOUNTS if (v := getattr(risk, n)) is not None}
    if high < scale * Decimal(SMALL):
        mend = {n: v * unit for n, v in given.items()}
        said = say("This is tiny beside the {scale:money} that are open or booked: is it in another unit?", scale=scale)
    elif high > scale * LARGE:
        mend = {n: v / unit for n, v in given.items()}
        said = say(
            "This is over ten times the {scale:money} that are open or booked: is it in another unit?", scale=scale
        )
    else:
        return
    fits = scale * Decimal(SMALL) <= mend["high"] * cents <= scale * LARGE
    offer = say("Make it {amount:money}", amount=round(mend["high"] * cents)) if fits else None
    yield Fault("high", said, None, mend if fits else None, offer)


def _not_less(risk: Risk, cents: int) -> Iterator[Fault]:
    """A response after which more is left than before, or of which nobody says what it changes."""
    found = losses(risk, cents)
    if found is None:
        return
    before, after = (round(loss.expected) for loss in found)
    if after > before:
        said = say("More is left with the response than without: {a:money} and {b:money}.", a=after, b=before)
        yield Fault("probability_after", said)
    elif after == before and risk.measure and risk.response != "accept":
        said = say("Nobody has said yet what the response leaves; it is counted as no help.")
        yield Fault("probability_after", said)


def _looks(risk: Risk, on: date | None) -> Iterator[Fault]:
    if risk.probability == 1:
        yield Fault("probability", say("What is certain is no risk any more: plan with it."))
    if not risk.owner:
        yield Fault("owner", say("Nobody is responsible yet: name one person."))
    if on and risk.due and risk.due < on:
        yield Fault("due", say("The day is before {on:date}. It can be saved; please check.", on=on))
