"""What the demo's manager fills in for a quarter, by the parts of the forms, and how many fields that takes.

In: the body of a playbook as its notebook has it, and a sheet on which to type. Drafts are accepted as they stand,
where only a person can know something it is typed, as little as a quarter needs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from salesplaybook.demo.manager import Manager
from salesplaybook.demo.quarter_sayings import CHINESE, ENGLISH, QuarterSays
from salesplaybook.demo.typist import Sheet
from salesplaybook.entries.kinds import Target
from salesplaybook.forms import goals
from salesplaybook.forms import performance_parts as talks
from salesplaybook.forms import quarterly_review as review
from salesplaybook.forms import quarterly_review_decisions as decisions
from salesplaybook.forms import retrospective_actions as promises
from salesplaybook.forms import retrospective_lessons as learned
from salesplaybook.forms import risk as risks
from salesplaybook.forms import risk_register as register
from salesplaybook.language import Language
from salesplaybook.periods import Period

Effort = Literal["all", "some", "none"]
Plan = dict[date, tuple[str, ...]]
# What is done on which Monday, in this order, where it isn't the Monday page alone: a quarter lived wholly, one that
# was begun late, and one of which hardly anything was typed. A playbook of a quarter is named with it; one that stands
# twice is opened again, as one does to give tasks to goals that were just accepted.
MONDAY = ("weekly",)
_OVER = tuple(f"{name} 2026Q3" for name in ("crm", "goals", "risk", "retrospective", "performance", "quarterly_review"))
_END = (*MONDAY, *_OVER, "goals 2026Q4", "risk 2026Q4")
WHOLE: Plan = {
    date(2026, 6, 29): ("risk 2026Q2", *MONDAY),
    date(2026, 7, 6): (
        "retrospective 2026Q2",
        "performance 2026Q2",
        "goals 2026Q3",
        "goals 2026Q3",
        "risk 2026Q3",
        *MONDAY,
    ),
    date(2026, 10, 5): _END,
}
LATE: Plan = {
    date(2026, 8, 31): ("retrospective 2026Q2", "goals 2026Q3", "goals 2026Q3", "risk 2026Q3", *MONDAY),
    date(2026, 10, 5): _END,
}
LITTLE: Plan = {date(2026, 10, 5): (*MONDAY, "crm 2026Q3", "retrospective 2026Q3", "quarterly_review 2026Q3")}
# What the year's first quarters were to bring, by a plan from before the project: in millions, and percent.
YEAR: dict[str, dict[str, tuple[float, float]]] = {
    "CNY": {"bookings": (12.5, 15), "revenue": (11, 14), "collected": (11, 14), "margin": (33, 33)},
    "USD": {"bookings": (2.6, 2.4), "revenue": (2.6, 2.5), "collected": (2.6, 2.4), "margin": (32, 32)},
}


def year(currency: str) -> list[Target]:
    """The targets of the year's first two quarters."""
    return [
        Target(
            id=quarter if metric == "bookings" else f"{quarter}:{metric}",
            period=quarter,
            metric=metric,
            amount=Decimal(str(amounts[n])) * (1 if metric == "margin" else 10**6),
        )
        for n, quarter in enumerate(("2026Q1", "2026Q2"))
        for metric, amounts in YEAR[currency].items()
    ]


MEASURED = ("bookings", "revenue", "collected", "margin")


@dataclass
class Quarterly:
    """A manager's quarters: what is done on which Monday, and how much of it is typed.

    typed   fields, by quarter and playbook; talked: how many people had a talk in a quarter
    """

    manager: Manager
    plan: Plan
    effort: Effort = "all"
    typed: Counter[tuple[str, str]] = field(default_factory=Counter)
    talked: Counter[str] = field(default_factory=Counter)

    @property
    def says(self) -> QuarterSays:
        return CHINESE if self.manager.said.chinese else ENGLISH

    def fill_in(self, playbook: str, page: Any, period: Period, sheet: Sheet) -> None:
        """Answers a playbook's form: `page` is its body, of performance the bodies of its people."""
        if self.effort != "none" and (answer := getattr(self, f"_{playbook}", None)):
            answer(page, period, sheet)
            sheet.save()
            self.typed[period.name, playbook] += sheet.typed

    def told(self, quarter: str, said: Language) -> str:
        """How many fields a quarter took; "" where nothing was typed."""
        areas = {playbook: n for (name, playbook), n in self.typed.items() if name == quarter and n}
        talks_ = areas.pop("performance", 0)
        if not areas:
            return ""
        text = said("{quarter}: {n:count} fields typed", quarter=quarter, n=sum(areas.values()))
        text += f" ({', '.join(f'{playbook} {n}' for playbook, n in areas.items())})"
        if talks_:
            n = self.talked[quarter]
            text += said("; {n:count} in the talks with {people:count} people", n=talks_, people=n)
        return text

    def _goals(self, page: Any, period: Period, sheet: Sheet) -> None:
        """Targets, and by what bookings are shared out; opened again, the goals proposed for them, and a task."""
        say, name, whole = sheet.here.language, self.manager.name, self.effort == "all"
        if page.told_on >= period.last:
            return  # the quarter is over: nothing is planned in it any more
        targets, known = goals.targets(page, period, say), {t.metric: t for t in _targets(sheet, period)}
        for row in page.progress:
            if row.metric in MEASURED and row.metric not in known and (amount := self._aim(row, period.name)):
                sheet.put(targets, row.metric, amount=amount)
        if page.bases and any(t.metric == "bookings" and not t.rule for t in _targets(sheet, period)):
            sheet.put(targets, "bookings", rule="history")
        lessons = risks.lessons(page, sheet.here.settings.name, say)
        for lesson in sheet.keys(lessons)[:1]:
            sheet.put(lessons, lesson, used=True)
        drafts = goals.drafts(page, period, say, name)
        for key in sheet.keys(drafts)[:2]:  # the first is a whole goal, of the second nobody says what it serves
            first = whole and key.endswith(":bookings")
            sheet.put(drafts, key, accept=True, **({"serves": self.says.serves} if first else {}))
        if whole and page.drafts and not page.goals:
            sheet.save()
            goal, due = f"{period.name}:goal:{page.drafts[0].metric}", _weeks(page.told_on + timedelta(days=1), 5)
            tasks = goals.tasks(page, sheet.here, period)
            sheet.put(tasks, what=self.says.task, goal=goal, who=name, due=due, priority="high")

    def _aim(self, row: Any, quarter: str) -> Decimal | None:
        """A target somewhat above what the quarter before brought; of margin, a point."""
        if row.before is None or not row.before.value:
            return None
        if row.metric == "margin":
            return Decimal(round(row.before.value * 100) + 1)
        return self.manager.aim(quarter, row.before.value)

    def _risk(self, page: Any, period: Period, sheet: Sheet) -> None:
        """What came true of older risks, what the data show, and once a quarter a ready risk, with its amounts."""
        say, name, whole = sheet.here.language, self.manager.name, self.effort == "all"
        settled, listed = risks.settled(page, period), register.part(page, say, name)
        came = {"dead": "yes", "budget": "no", "premortem": "no"}
        if page.told_on < period.last:
            came["overdue"] = "no"  # of an earlier quarter: paid since
        for key in sheet.keys(settled):
            if said := came.get(key.split(":")[0]):
                sheet.put(settled, key, happened=said)
        if page.told_on > period.last:
            late = [key for key in sheet.keys(listed) if key.startswith("overdue")]
            for key in late if whole else ():
                sheet.put(listed, key, triggered=date(2026, 9, 21))
            return
        wanted = {"overdue": "0.4", "customer": "0.2"} if page.risks else {"contact": "0.3", "dead": "0.8"}
        proposals = risks.proposals(page, say, name)
        for one in page.proposed:
            if one.rule in wanted:
                sheet.put(proposals, one.id, accept=True, probability=Decimal(wanted.pop(one.rule)))
                if one.low is None:
                    sheet.put(listed, one.id, low=one.high * Decimal("0.1"))
                if one.rule == "contact":
                    cost = self.manager.round((page.scale or 0) * 0.0005)
                    sheet.put(listed, one.id, probability_after=Decimal("0.1"), cost=cost)
        if page.risks or not whole:
            sheet.put(risks.ready(page, period, name, say), ready := f"budget:{period.name}", take=True)
            if whole:
                loss = {n: self.manager.round((page.scale or 0) * part) for n, part in (("low", 0.01), ("high", 0.04))}
                sheet.put(listed, ready, probability=Decimal("0.25"), **loss)
        else:
            key = f"premortem:{period.name}:1"
            sheet.put(risks.premortem(page, period, name, say), key, what=self.says.imagined)

    def _retrospective(self, page: Any, period: Period, sheet: Sheet) -> None:
        """What became of the promises, reasons, what went well and badly, a lesson, and three promises."""
        say, says, whole = sheet.here.language, self.says, self.effort == "all"
        for promise in page.promised:
            part = promises.promised(page, say, sheet.here.today)
            if promise.id.endswith(":dead"):
                sheet.put(part, promise.id, outcome="partly", why=says.late[1], moved=_weeks(page.on, 4))
            elif promise.state == "open":
                sheet.put(part, promise.id, outcome="not_done", why=says.late[0])
        for deal in page.largest if whole else ():
            if deal.became == "lost" and not deal.why:
                sheet.put(learned.reasons(page, say), deal.deal, why=says.gone)
        for draft in page.line_drafts:
            if draft.id.endswith(":promises"):
                continue  # what became of them is said just now
            sheet.put(learned.line_drafts(page, say), draft.id, accept=True)
        for heading, text in says.lines[1:] if whole and page.promised else says.lines[:1]:
            sheet.put(learned.lines(page), heading=heading, text=text)
        if whole and page.promised:
            sheet.put(learned.whys(page), text=says.why)
        for draft in page.lesson_drafts[:1]:
            did, advice = says.lessons[draft.tag != "forecast"]
            sheet.put(learned.lesson_drafts(page, say), draft.id, accept=True, did=did, advice=advice)
        drafts = page.action_drafts[: promises.MOST]
        for draft in drafts:
            sheet.put(promises.drafts(page, say, period), draft.id, accept=True, who=draft.who or self.manager.name)
        if whole and len(drafts) < promises.MOST:
            what, measure = says.move
            who, due = self.manager.name, _weeks(page.on, 8)
            sheet.put(promises.moves(page, period), what=what, who=who, due=due, measure=measure)

    def _performance(self, pages: Any, period: Period, sheet: Sheet) -> None:
        people = [page for page in pages if getattr(page, "owner", "")]
        for number, page in enumerate(people if self.effort == "all" else people[:3]):
            said = self.says.talks[number % len(self.says.talks)]
            before = talks.before(page, sheet.here.language)
            for side, outcome in zip(sheet.keys(before), ("done", "partly"), strict=False):
                sheet.put(before, side, outcome=outcome)
            sheet.put(talks.own(page), "own", own=said.own, wish=said.wish)
            sheet.put(talks.commitments(page, sheet.here), "person", what=said.promise)
            sheet.put(talks.commitments(page, sheet.here), "manager", what=said.support)
            self.talked[period.name] += 1

    def _quarterly_review(self, page: Any, period: Period, sheet: Sheet) -> None:
        """What is asked of the management, help with the first deal, and the verdict in the manager's own words."""
        say = sheet.here.language
        for draft in page.decision_drafts[: 3 if self.effort == "all" else 1]:
            sheet.put(decisions.drafts(page, period, say), draft.id, accept=True)
        if self.effort == "all":
            sheet.put(review.verdict(page, period, say), period.name, text=self.says.verdict)
            for key in sheet.keys(decisions.help_with(page, period, say))[:1]:
                sheet.put(decisions.help_with(page, period, say), key, matter=self.says.help)


def _targets(sheet: Sheet, period: Period) -> list[Target]:
    """The targets of the whole project."""
    rows = [row for row in sheet.saved("targets").values() if isinstance(row, Target)]
    return [row for row in rows if row.period == period.name and not row.owner]


def _weeks(day: date, weeks: int) -> date:
    """A Wednesday, `weeks` weeks after a Monday."""
    return day + timedelta(days=2, weeks=weeks)
