"""What the risk page says in words: title, lead, and a sentence above each section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesplaybook.areas.risk_register import FEW, Cost, Line
from salesplaybook.results import Message, say

if TYPE_CHECKING:
    from salesplaybook.areas.risk import Body

LESS = 0.98  # of the expected loss: with more left than that, responses have cut nothing


def title(page: Body) -> list[Message]:
    """What responses do to the expected loss, and how far it may still go."""
    before, after, n = page.before, page.after, len(page.risks)
    if not n:
        found = len(page.proposed)
        if not found:
            return [say("No risk is registered yet")]
        shown = (
            say("the data show 1 to accept or dismiss")
            if found == 1
            else say("the data show {n:count} to accept or dismiss", n=found)
        )
        return [say("No risk is registered yet;"), shown]
    if before is None or after is None:
        return [
            say("{n:count} risks are registered, none with a chance and amounts yet", n=n)
            if n > 1
            else say("One risk is registered, without a chance and amounts yet")
        ]
    far = say("1 quarter in 10 it is over {p90:money}", p90=after.p90)
    if not after.p90:
        far = say("9 quarters in 10 pass without a loss")
    if not after.expected:
        far = say("nothing is left of what has an amount")
    if after.expected < LESS * before.expected:
        return [
            say("Responses cut the expected loss from {a:money} to {b:money};", a=before.expected, b=after.expected),
            far,
        ]
    if after.expected > before.expected:
        return [
            say(
                "With responses the expected loss is higher than without: {b:money} and {a:money};",
                a=before.expected,
                b=after.expected,
            ),
            far,
        ]
    return [say("We expect to lose {a:money}, and no response lowers that yet;", a=before.expected), far]


def lead(page: Body) -> list[Message]:
    """What asks for somebody: what was triggered, what has no response, and the largest part."""
    out = []
    triggered = [line.what for line in page.risks if line.triggered]
    if len(triggered) == 1:
        out.append(say("**Triggered: {what}.**", what=triggered[0]))
    elif triggered:
        out.append(say("**{n:count} are triggered**, first of all: {what}.", n=len(triggered), what=triggered[0]))
    late = [line.what for line in page.risks if line.late]
    if len(late) == 1:
        out.append(say("**Past its day without a response: {what}.**", what=late[0]))
    elif late:
        out.append(say("**{n:count} are past their day without a response**, as {what}.", n=len(late), what=late[0]))
    largest = _largest(page.risks)
    if largest and largest.of_expected is not None and len(_summed(page.risks)) > 1:
        said = {"what": largest.what, "n": round(100 * largest.of_expected), "m": round(100 * (largest.of_worst or 0))}
        out.append(
            say(
                "The largest part of what is left comes from {what}: {n:count}% of it, and {m:count}% of the worst "
                "quarters.",
                **said,
            )
        )
    return out


def titles(page: Body) -> dict[str, Message]:
    """A sentence above each section."""
    found = {"register": _register(page)}
    if largest := _largest(page.risks):
        n = round(100 * (largest.of_expected or 0))
        found["parts"] = say("{n:count}% of what is left comes from {what}", n=n, what=largest.what)
    if page.costs:
        found["costs"] = _costs(page.costs)
    if page.scores:
        found["scores"] = _scores(page)
    if page.proposed:
        n = len(page.proposed)
        found["proposed"] = (
            say("The data show one more risk, not accepted yet")
            if n == 1
            else say("The data show {n:count} more risks, not accepted yet", n=n)
        )
    return found


def _summed(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.expected is not None]


def _largest(lines: list[Line]) -> Line | None:
    known = [line for line in _summed(lines) if line.after]
    return max(known, key=lambda line: line.after or 0, default=None)


def _register(page: Body) -> Message:
    n = len(page.risks)
    out = n - len(_summed(page.risks))
    if not n:
        return say("No risk is registered yet")
    if out:
        return say("{n:count} open risks; {out:count} of them in no sum yet", n=n, out=out)
    triggered = sum(line.triggered for line in page.risks)
    if triggered:
        return say("{n:count} open risks, {m:count} of them triggered", n=n, m=triggered)
    return say("{n:count} open risks, none of them triggered", n=n) if n > 1 else say("One open risk, not triggered")


def _costs(costs: list[Cost]) -> Message:
    known = [row for row in costs if row.cost and row.removed is not None]
    if not known:
        return say("Nobody has said what the responses cost, or what they leave")
    dear = [row for row in known if row.dear]
    cost, removed = sum(row.cost or 0 for row in known), sum(row.removed or 0 for row in known)
    if len(dear) == 1:
        return say("One response costs more than it removes: {what}", what=dear[0].what)
    if dear:
        return say("{n:count} responses cost more than they remove, as {what}", n=len(dear), what=dear[0].what)
    return say("Responses that cost {cost:money} remove {removed:money} of expected loss", cost=cost, removed=removed)


def _scores(page: Body) -> Message:
    assert page.scores is not None
    found = page.scores
    if found.n < FEW or found.low is None or found.high is None:
        if found.n == 1:
            return say("One risk settled so far: too few to judge the chances (it takes {few})", few=FEW)
        return say("{n:count} risks settled so far: too few to judge the chances (it takes {few})", n=found.n, few=FEW)
    said = {"happened": found.happened, "n": found.n, "expected": f"{found.expected:.1f}"}
    if found.happened > found.high:
        return say("{happened:count} of {n:count} came true, {expected} were expected: chances were too low", **said)
    if found.happened < found.low:
        return say("{happened:count} of {n:count} came true, {expected} were expected: chances were too high", **said)
    return say("{happened:count} of {n:count} came true, {expected} were expected: within chance", **said)
