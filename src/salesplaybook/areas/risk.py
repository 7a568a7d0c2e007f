"""Risks: what may happen, what it would cost, what is done about it, and what that leaves.

In: risks as people typed them, deals and receivables as of a day. Out: a Body with the register (expected loss without
and with responses, exact; how far the sum may go, simulated), what responses cost and remove, risks that the data show
and nobody has taken up, and how right the chances of earlier risks were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas import risk_checks as checks
from salesplaybook.areas import risk_register as registers
from salesplaybook.areas import risk_sentences as sentences
from salesplaybook.areas.risk_checks import Fault
from salesplaybook.areas.risk_proposed import Proposal, proposed
from salesplaybook.areas.risk_ready import PROMPTS, READY, Prompt, Ready
from salesplaybook.areas.risk_register import Cost, Line, Scores, Sums
from salesplaybook.entries.kinds import Category, Lesson, Risk
from salesplaybook.limits import Rules
from salesplaybook.methods.similar import Recalled, recall
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, defined, say
from salesplaybook.states import Known

SHORT = 3  # risks up to which the page asks for more
TOP = 3  # risks that the quarter's review names
YEAR = timedelta(days=365)


class Starter(BaseModel):
    """A ready risk as a page of a short register asks for it, and the sign by which it is known to come."""

    category: Category
    what: str
    trigger: str


class Body(BaseModel):
    """All that the risk page shows, beside the record's own head; amounts in cents.

    risks      every open risk, triggered ones first, then by expected loss; top: the first of them
    before, after   the sums without and with responses; None where no risk has a chance and amounts
    expected_before, expected_after, p90_before, p90_after   the same, as the quarter's review reads them
    left_out   risks that are in no sum or no score, each with the reason
    proposed   what the data show and nobody has taken up or dismissed
    cents      how many make a unit of the currency, in which risks are typed
    starters   ready risks that nobody has taken, where the register is short; questions: the pre-mortem, where it
               is empty
    scale      all that is open or was booked in a year, whichever is more: beside it an amount looks right or not
    """

    schema_number: int = 1
    title: list[Message]
    lead: list[Message] = []
    titles: dict[str, Message] = {}
    told_on: date
    quarter: str
    risks: list[Line] = []
    top: list[Line] = []
    before: Sums | None = None
    after: Sums | None = None
    expected_before: int | None = None
    expected_after: int | None = None
    p90_before: int | None = None
    p90_after: int | None = None
    costs: list[Cost] = []
    left_out: list[Message] = []
    proposed: list[Proposal] = []
    scores: Scores | None = None
    lessons: list[Recalled] = []
    starters: list[Starter] = []
    questions: list[str] = []
    scale: int | None = None
    cents: int = 100
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        counted = sum(line.expected is not None for line in self.risks)
        for name, text in DEFINITIONS.items():
            value: int | None = getattr(self, name)
            reason = None if value is not None else say("no risk has a chance and amounts")
            yield name, Figure(definition=text, value=value, reason=reason, n=counted)
        yield from ((f"proposed.{number}", found.figure) for number, found in enumerate(self.proposed, 1))

    @property
    def ready(self) -> list[Ready]:
        """Risks to be ticked in the form; no part of the record."""
        return READY

    @property
    def prompts(self) -> list[Prompt]:
        """The questions of the pre-mortem, for the form."""
        return PROMPTS

    def faults(self, values: Mapping[str, Any], unit: int) -> list[Fault]:
        """What is wrong with a row of the form, or looks so."""
        risk = checks.of_values(values)
        return checks.faults(risk, cents=self.cents, scale=self.scale, on=self.told_on, unit=unit)

    def losses(self, values: Mapping[str, Any]) -> tuple[int, int] | None:
        """The expected loss of a row of the form without and with its response; None where it can't be told."""
        found = checks.losses(checks.of_values(values), self.cents)
        return (round(found[0].expected), round(found[1].expected)) if found else None


DEFINITIONS = {
    "expected_before": defined("Expected loss: chance times mean loss, summed; without responses"),
    "expected_after": defined("Expected loss with responses: what they leave"),
    "p90_before": defined("Loss that 1 quarter in 10 exceeds, without responses"),
    "p90_after": defined("Loss that 1 quarter in 10 exceeds, with responses"),
}


def body(
    period: Period,
    known: Known,
    rules: Rules,
    lessons: Sequence[tuple[str, Lesson]] = (),
    earlier: Sequence[Any] = (),
) -> Body:
    """The risk page of a quarter as of a day.

    lessons   of this and other projects, each with its project; earlier: the risks as they stood before the quarter
    """
    risks = _risks(known.entries("risks"))
    found = registers.register(risks, _risks(earlier) if not known.empty else [], known.on, rules.cents)
    page = Body(
        title=[],
        told_on=known.on,
        quarter=period.name,
        risks=found.lines,
        top=found.lines[:TOP],
        before=found.before,
        after=found.after,
        expected_before=found.before.expected if found.before else None,
        expected_after=found.after.expected if found.after else None,
        p90_before=found.before.p90 if found.before else None,
        p90_after=found.after.p90 if found.after else None,
        costs=registers.costs(found.lines),
        left_out=found.left_out,
        proposed=proposed(known, period, rules, risks),
        scores=registers.scores(risks, known.on),
        starters=_starters(risks, period) if len(found.lines) <= SHORT else [],
        questions=[one.text for one in PROMPTS] if not found.lines else [],
        scale=_scale(known),
        cents=rules.cents,
        notes=_notes(known),
    )
    open_ = [risk for risk in risks if registers.is_open(risk, known.on)]
    tags = [risk.tag for risk in open_ if risk.tag] + [p.tag for p in page.proposed]
    texts = [f"{risk.what} {risk.cause} {risk.event}" for risk in open_]
    return page.model_copy(
        update={
            "title": sentences.title(page),
            "lead": sentences.lead(page),
            "titles": sentences.titles(page),
            "lessons": recall(lessons, texts, tags),
        }
    )


def _risks(rows: Sequence[Any]) -> list[Risk]:
    return [row for row in rows if isinstance(row, Risk)]


def _starters(risks: Sequence[Risk], period: Period) -> list[Starter]:
    taken = {risk.id for risk in risks}
    listed = [one for one in READY if f"{one.key}:{period.name}" not in taken]
    return [Starter(category=one.category, what=one.what, trigger=one.trigger) for one in listed]


def _scale(known: Known) -> int | None:
    if known.empty:
        return None
    state = known.deals
    decided = state.decided(known.on - YEAR)
    booked = int(decided.loc[decided["status"] == "won", "amount"].sum())
    return max(booked, int(metrics.pipeline(state).value or 0)) or None


def _notes(known: Known) -> list[Message]:
    if known.empty:
        return [say("No export yet, so no risk is proposed from data: put one into data/.")]
    notes = [known.narrowed] if known.narrowed else []
    if known.receivables.empty:
        notes.append(say("No list of receivables: overdue cash can't be proposed as a risk."))
    if not known.narrowed and not known.deals.frame["contact"].notna().any():
        notes.append(say("The export has no contacts: who hangs on one contact can't be told."))
    return notes
