"""The register: each open risk with what it may cost without and with its response, and how right earlier chances were.

In: risks as people typed them. A risk without a chance or amounts, or with ones that can't be right, stays in the
register, is in no sum, and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel

from salesplaybook.areas import risk_checks as checks
from salesplaybook.entries.kinds import Category, Response, Risk
from salesplaybook.methods import exposure
from salesplaybook.methods.exposure import Loss
from salesplaybook.results import Message, say

SAME = 0.05  # a change of an expected loss by less is none
FEW = 5  # closed risks under which chances are not judged
LEVEL = 0.9  # as many times in ten the count of risks that come true lies within what is called chance


class Line(BaseModel):
    """A risk of the register; amounts in cents, None where they can't be told.

    usual, severe     what it costs if it happens: as often more as less; more in 1 case of 10
    expected, after   chance times mean loss, without and with the response
    of_expected, of_worst   its share of the sum after responses, and of the sum's worst tenth
    left              what the response leaves, where that was said; None: nobody said, it counts as no help
    trend             the expected loss beside the one before the quarter; "new" where there was none to compare with
    late              past its day without a response
    """

    id: str
    what: str
    category: Category = "other"
    owner: str = ""
    probability: float | None = None
    response: Response = "accept"
    measure: str = ""
    trigger: str = ""
    due: date | None = None
    triggered: bool = False
    triggered_on: date | None = None
    past: bool = False
    late: bool = False
    usual: int | None = None
    severe: int | None = None
    expected: int | None = None
    after: int | None = None
    said_after: bool = False
    cost: int | None = None
    of_expected: float | None = None
    of_worst: float | None = None
    trend: Literal["up", "down", "same", "new"] = "new"

    @property
    def removed(self) -> int:
        """How much of the expected loss the response takes away."""
        return (self.expected or 0) - (self.after or 0)


class Cost(BaseModel):
    """What a response costs and how much of the expected loss it removes, in cents; None where nobody said.

    dear   whether it costs more than it removes
    """

    id: str
    what: str
    cost: int | None
    removed: int | None
    dear: bool


class Sums(BaseModel):
    """What the risks come to together, in cents, without or with responses."""

    expected: int
    p50: int
    p90: int


class Scores(BaseModel):
    """How right the chances of closed risks were, as counts: of `n`, so many came true; as many were expected.

    low, high   how many come true by chance alone 9 times in 10; brier: mean squared distance; None under FEW
    """

    n: int
    happened: int
    expected: float
    low: int | None = None
    high: int | None = None
    brier: float | None = None


class Register(BaseModel):
    """All open risks, triggered ones first, then by expected loss; and their sums, None where none can be told.

    left_out   those in no sum, and those closed without a word of whether they happened, which no score counts
    """

    lines: list[Line]
    before: Sums | None = None
    after: Sums | None = None
    left_out: list[Message] = []


def register(risks: Sequence[Risk], earlier: Sequence[Risk], on: date, cents: int) -> Register:
    """The open risks as of a day; earlier: the risks as they stood before the quarter."""
    open_ = [risk for risk in risks if is_open(risk, on)]
    known = {risk.id: found for risk in open_ if (found := checks.losses(risk, cents))}
    then = {risk.id: checks.losses(risk, cents) for risk in earlier if is_open(risk, on)}
    before = exposure.exposure([found[0] for found in known.values()])
    after = exposure.exposure([found[1] for found in known.values()])
    worst, place = sum(after.tails), {id: n for n, id in enumerate(known)}
    lines = []
    for risk in open_:
        line = _line(risk, known.get(risk.id), on, cents)
        line.trend = _trend(risk.id, known, then)
        if risk.id in known:
            line.of_expected = known[risk.id][1].expected / after.expected if after.expected else None
            line.of_worst = after.tails[place[risk.id]] / worst if worst else None
        lines.append(line)
    lines.sort(key=lambda line: (not line.triggered, -(line.expected or 0), line.expected is None))
    return Register(
        lines=lines,
        before=_sums(before) if known else None,
        after=_sums(after) if known else None,
        left_out=[
            *(left_out(risk, cents) for risk in open_ if risk.id not in known),
            *(_unanswered(risk) for risk in risks if not risk.dropped and risk.happened is None and risk not in open_),
        ],
    )


def is_open(risk: Risk, on: date) -> bool:
    """Whether a risk is still ahead: neither dismissed nor settled by a day."""
    settled = risk.happened is not None or (risk.closed is not None and risk.closed <= on)
    return not risk.dropped and not settled


def left_out(risk: Risk, cents: int) -> Message:
    """Why a risk is in no sum, told of the risk."""
    if lacks := checks.missing(risk):
        return lacks
    told = checks.wrong(risk, cents)[0].told
    assert told is not None
    return told


def _unanswered(risk: Risk) -> Message:
    what = checks.named(risk)
    return say("{what}: closed on {day:iso}, but whether it happened isn't said", what=what, day=risk.closed)


def costs(lines: Sequence[Line]) -> list[Cost]:
    """The responses that have a cost or remove something, the best use of money first."""
    found = [
        Cost(
            id=x.id,
            what=x.what,
            cost=x.cost,
            removed=x.removed if x.said_after else None,
            dear=x.said_after and (x.cost or 0) > x.removed,
        )
        for x in lines
        if x.expected is not None and (x.cost or x.removed > 0)
    ]
    return sorted(found, key=_worth, reverse=True)


def _worth(row: Cost) -> float:
    """How much a response removes for 1 spent; one of which nobody said it stands last."""
    if row.removed is None:
        return -float("inf")
    return row.removed / row.cost if row.cost else float("inf")


def scores(risks: Sequence[Risk], on: date) -> Scores | None:
    """How right the chances of the risks were that are settled; None where none is."""
    closed = [
        r
        for r in risks
        if r.happened is not None
        and not r.dropped
        and r.probability is not None
        and 0 <= r.probability <= 1
        and (r.closed is None or r.closed <= on)
    ]
    if not closed:
        return None
    said, came = [float(r.probability or 0) for r in closed], [bool(r.happened) for r in closed]
    found = Scores(n=len(closed), happened=sum(came), expected=sum(said))
    if len(closed) < FEW:
        return found
    chances = exposure.counts(said).cumsum()
    low, high = (int((chances < share).sum()) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return found.model_copy(update={"low": low, "high": high, "brier": exposure.brier(said, came)})


def _line(risk: Risk, found: tuple[Loss, Loss] | None, on: date, cents: int) -> Line:
    past = risk.due is not None and risk.due < on
    line = Line(
        id=risk.id,
        what=checks.named(risk),
        category=risk.category,
        owner=risk.owner,
        probability=None if risk.probability is None else float(risk.probability),
        response=risk.response,
        measure=risk.measure,
        trigger=risk.trigger,
        due=risk.due,
        triggered=risk.triggered is not None and risk.triggered <= on,
        triggered_on=risk.triggered,
        past=past,
        late=past and not risk.measure and risk.response != "accept",
        cost=None if risk.cost is None or risk.cost < 0 else round(risk.cost * cents),
    )
    if found is None:
        return line
    before, after = found
    return line.model_copy(
        update={
            "usual": round(float(before.quantile(0.5))),
            "severe": round(float(before.quantile(0.9))),
            "expected": round(before.expected),
            "after": round(after.expected),
            "said_after": after != before or risk.response == "accept",
        }
    )


def _trend(
    id: str, now: dict[str, tuple[Loss, Loss]], then: dict[str, tuple[Loss, Loss] | None]
) -> Literal["up", "down", "same", "new"]:
    was, is_ = then.get(id), now.get(id)
    if id not in then or (was is None and is_ is not None):
        return "new"
    if was is None or is_ is None:
        return "same"
    change = is_[0].expected - was[0].expected
    if abs(change) <= SAME * max(was[0].expected, is_[0].expected):
        return "same"
    return "up" if change > 0 else "down"


def _sums(found: exposure.Exposure) -> Sums:
    return Sums(expected=round(found.expected), p50=round(found.p50), p90=round(found.p90))
