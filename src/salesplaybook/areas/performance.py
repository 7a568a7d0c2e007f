"""Performance: a page for each person, written to be read by that person, and for the group what names nobody.

In: the deals at a quarter's end, people, targets, promises, what each person wrote. Out: a Person each (it has an
`owner` and is kept in records/private/), and a Body for the group: posts, load, whether people can be told apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas import no_data
from salesplaybook.areas import performance_group as group
from salesplaybook.areas import performance_person as person
from salesplaybook.areas import performance_sentences as sentences
from salesplaybook.areas.performance_apart import CROWD, Team, Verdict
from salesplaybook.areas.performance_metrics import attainment, team_metrics
from salesplaybook.areas.performance_person import Commitment, Faulty, Kept, Score
from salesplaybook.areas.performance_team import Load, People, look
from salesplaybook.entries.kinds import Talk
from salesplaybook.errors import ParameterError
from salesplaybook.language import by_name
from salesplaybook.limits import Rules, Scorecard
from salesplaybook.methods import warnings
from salesplaybook.methods.actuals import Measured
from salesplaybook.methods.team import Seat
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, of_deals, say
from salesplaybook.states import Known


class Body(BaseModel):
    """The page for the group: counts, and no name.

    filled, posts   people at the period's end, and how many the team is to have (None: project.yaml doesn't say)
    load            open deals a selling post at the end / the mean of earlier quarter ends (`load_says` in words)
    tell_apart      whether anybody's win rate stands out beyond chance; None: too few deals, or under three people
    joined, left, idle   how many came and went in the period, and own no deal at all
    promises        what was due in the period, by its Way; None where it would be one or two people's
    wrote, agreed   how many have written, and have both commitments; pages: how many have a page
    weights         of the scorecard, the same for everybody
    """

    schema_number: int = 1
    title: list[Message]
    lead: list[Message] = []
    quarter: str = ""
    filled: int = 0
    posts: int | None = None
    load: float | None = None
    load_says: Message = say("Load: no deals yet")
    loads: Load = Load()
    tell_apart: bool | None = None
    sentence: Message = say("no closed deals yet to tell people apart")
    team: Team = Team()
    rates_first: date | None = None
    rates_last: date | None = None
    joined: int = 0
    left: int = 0
    idle: int | None = None
    promises: dict[str, int] | None = None
    pages: int = 0
    wrote: int | None = None
    agreed: int | None = None
    weights: dict[str, float] = {}
    regression: Message | None = None
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """None: behind each stand deals with their owners, and this page names nobody."""
        return iter(())


class Person(BaseModel):
    """One person's page, for that person and the manager.

    own, wish    in the person's words; before, now: both sides' promises of the quarter before, and of this one
    first, last  of the days that the person was there in the period; whole: whether these are all;
                 running: whether the period isn't over
    metrics      each beside its target; made: new deals, made_before: those of earlier quarters by name
    win_rate, cycle   over the days from rates_first to rates_last, beside `verdict.others` and `win_rate_before`
    change       how the win rate moved, in words; regression: how much of an "improved" is none
    """

    schema_number: int = 1
    owner: str
    title: list[Message]
    lead: list[Message] = []
    titles: dict[str, Message] = {}
    quarter: str = ""
    first: date | None = None
    last: date | None = None
    whole: bool = True
    running: bool = False
    own: str = ""
    wish: str = ""
    before: list[Commitment] = []
    before_quarter: str = ""
    now: list[Commitment] = []
    metrics: list[Measured] = []
    made: Figure | None = None
    made_before: list[tuple[str, Figure]] = []
    promises: list[Kept] = []
    open_deals: Figure | None = None
    mend: list[Faulty] = []
    mend_any: Figure | None = None
    win_rate: Figure | None = None
    win_rate_before: Figure | None = None
    change: Message | None = None
    regression: Message | None = None
    cycle: Figure | None = None
    verdict: Verdict = Verdict()
    verdict_says: list[Message] = []
    rates_first: date | None = None
    rates_last: date | None = None
    score: Score = Score()
    propose: date | None = None
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, each with its deals."""
        yield from ((f"metric.{m.metric}", m.actual) for m in self.metrics)
        yield from ((f"made.{quarter}", figure) for quarter, figure in self.made_before)
        yield from ((f"mend.{fault.rule}", fault.figure) for fault in self.mend)
        for name in ("made", "open_deals", "mend_any", "win_rate", "win_rate_before", "cycle"):
            figure: Figure | None = getattr(self, name)
            if figure:
                yield name, figure


def body(period: Period, known: Known, rules: Rules, unfit: Sequence[tuple[str, list[str]]] | None = None) -> Body:
    """What may be said of the team in a period; unfit: files that no table fits, named where there are no deals."""
    if known.empty:
        none = say("No deals yet: put an export into data/")
        return Body(title=[none], notes=no_data.steps("performance", unfit or ()))
    people = look(period, known, rules)
    if withheld := _nothing(people, period):
        return withheld
    talks = [t for t in known.entries("talks") if isinstance(t, Talk) and t.period == period.name]
    mine = [t for t in (person.talk_of(talks, seat.name, period.name) for seat in people.sellers) if t]
    filled = sum(seat.last == period.last for seat in people.seats)
    crowd, team, load = len(people.sellers) >= CROWD, people.team, people.load
    apart = (team.apart_by_wins > 0) if crowd and team.people else None
    found = Body(
        title=[],
        quarter=period.name,
        filled=filled,
        posts=rules.posts,
        load=load.now / load.usual if load.now is not None and load.usual else None,
        loads=load,
        tell_apart=apart,
        team=team if crowd else Team(),
        rates_first=people.window.first,
        rates_last=min(people.window.last, people.known.on),
        joined=sum(seat.first > period.first for seat in people.seats),
        left=sum(seat.last < period.last for seat in people.seats),
        idle=people.idle if crowd else None,
        promises=group.together(people, period),
        pages=len(people.sellers),
        wrote=sum(bool(t.own) for t in mine) if crowd else None,
        agreed=sum(bool(t.promise and t.support) for t in mine) if crowd else None,
        weights={name: weight for name, weight in rules.scorecard if name in Scorecard.model_fields},
        regression=sentences.regression(people.team_before) if crowd else None,
        notes=group.notes(people, period),
    )
    return found.model_copy(
        update={
            "title": group.title(found, crowd),
            "lead": [*no_data.stale(known.newest, min(period.last, known.on)), *group.lead(found)],
            "load_says": group.load(people),
            "sentence": group.apart(found, crowd),
        }
    )


def pages(
    period: Period,
    known: Known,
    rules: Rules,
    owner: str = "",
    unfit: Sequence[tuple[str, list[str]]] | None = None,
) -> list[Body | Person]:
    """The pages to be saved: the group's and everybody's, or only `owner`'s (without data one that says what to do)."""
    found = persons(period, known, rules, owner)
    if owner and found:
        return [*found]
    team = body(period, known, rules, unfit)
    if owner:
        return [Person(owner=owner, title=team.title, notes=team.notes)]
    return [team, *found]


def persons(period: Period, known: Known, rules: Rules, owner: str = "") -> list[Person]:
    """A page for everybody who sells and was there in the period, in the order of names; or only for `owner`."""
    if known.empty:
        return []
    people = look(period, known, rules)
    seats = [seat for seat in people.sellers if not owner or seat.name == owner]
    if owner and not seats:
        names = sorted((seat.name for seat in people.sellers), key=by_name)
        like = difflib.get_close_matches(owner, names, n=3) or names[:12]
        raise ParameterError(
            "Nobody called '{owner}' was in the team in {period}. There were: {known:list}.",
            owner=owner,
            period=period.name,
            known=like,
        )
    if _nothing(people, period):
        return []
    warned = warnings.of_deals(people.known, rules.warnings, metrics.dead_after(people.known.deals))
    wanted = team_metrics(people, period)
    return [_person(people, seat, period, rules, warned, wanted) for seat in seats]


def _person(
    people: People,
    seat: Seat,
    period: Period,
    rules: Rules,
    warned: dict[str, list[warnings.Warned]],
    wanted: Sequence[str],
) -> Person:
    known, name, latest = people.known, seat.name, people.known.deals
    talks, last = people.talks, period.before().name
    talk = person.talk_of(talks, name, period.name)
    made = person.made(people.closing, period, name)
    running = known.on < period.last
    before = person.made_before(people.closing, period, name, people.quarters(name, period, person.QUARTERS))
    measured = attainment(people, period, rules.cents, name, wanted)
    kept = person.promises(people.actions, name, period, known.on)
    mine = latest.open[latest.open["owner"] == name]
    open_deals, mend = of_deals(person.OPEN, mine["value"]), person.to_mend(latest, warned, name)
    faulty = list({key for fault in mend for key in fault.figure.rows})
    mend_any = of_deals(person.TO_MEND, mine.loc[[k for k in mine.index if k in faulty], "value"])
    decided = people.decided[people.decided["owner"] == name]
    now, earlier = metrics.win_rate(decided), people.earlier
    past = metrics.win_rate(earlier[earlier["owner"] == name]) if earlier is not None else None
    found = Person(
        owner=name,
        title=[],
        quarter=period.name,
        first=seat.first,
        last=seat.last,
        whole=(seat.first, seat.last) == (period.first, period.last),
        own=talk.own if talk else "",
        wish=talk.wish if talk else "",
        before=person.commitments(talks, name, last),
        before_quarter=last,
        now=person.commitments(talks, name, period.name),
        metrics=measured,
        made=made,
        made_before=before,
        promises=kept,
        open_deals=open_deals,
        mend=mend,
        mend_any=mend_any,
        win_rate=now,
        win_rate_before=past,
        cycle=person.cycle(people.decided, name),
        verdict=people.verdicts.get(name, Verdict()),
        rates_first=people.window.first,
        rates_last=min(people.window.last, people.known.on),
        running=running,
        score=person.score(
            rules.scorecard, measured, made, [f for _, f in before], kept, open_deals, mend_any, running
        ),
        propose=rules.calendar.later(max(known.on, period.last) + timedelta(weeks=6), 0),
    )
    change, improved = sentences.change(found, people)
    return found.model_copy(
        update={
            "title": sentences.title(found, people),
            "lead": [*no_data.stale(known.newest, min(period.last, known.on)), *sentences.lead(found)],
            "titles": sentences.titles(found, people),
            "verdict_says": sentences.verdict(found.verdict),
            "change": change,
            "regression": (sentences.regression(people.team_before) or sentences.by_itself()) if improved else None,
            "notes": sentences.own_notes(found, people),
        }
    )


def _nothing(people: People, period: Period) -> Body | None:
    """The page where nothing can be said: a narrowed view, or a period before the data."""
    known = people.known
    if known.narrowed:
        title = say("The newest export holds only some of the deals: nobody's quarter can be told from it")
        return Body(title=[title], notes=[known.narrowed, no_data.again("performance")])
    if people.closing.frame.empty and not known.rows.empty:
        before, note = no_data.before(period.name, known.rows)
        return Body(title=[before], notes=[note])
    return None
