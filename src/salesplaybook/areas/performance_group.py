"""What the performance page for the group says in words: counts, and nobody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from salesplaybook.areas import performance_person as person
from salesplaybook.areas.performance_apart import CROWD
from salesplaybook.areas.performance_sentences import whole
from salesplaybook.areas.performance_team import People
from salesplaybook.periods import Period
from salesplaybook.results import Message, say

if TYPE_CHECKING:
    from salesplaybook.areas.performance import Body


def apart(page: Body, crowd: bool) -> Message:
    """Whether people can be told apart, in one clause that any page may print."""
    team = page.team
    if not crowd:
        return say("too small a team to speak of people; no ranking")
    if not team.people:
        return say("too few closed deals to tell people apart; no ranking")
    if page.tell_apart:
        return say(
            "{n:count} of {people:count} differ in win rate beyond chance; no ranking",
            n=team.apart_by_wins,
            people=team.people,
        )
    return say("too few closed deals to tell people's win rates apart; no ranking")


def title(page: Body, crowd: bool) -> list[Message]:
    """Posts filled, and whether people can be told apart."""
    first = (
        say("{filled:count} of {posts:count} posts are filled:", filled=page.filled, posts=page.posts)
        if page.posts
        else say("{filled:count} people are in the team:", filled=page.filled)
        if page.filled != 1
        else say("One person is in the team:")
    )
    if not crowd:
        return [first, say("too small a team to say anything of people")]
    if not page.team.people:
        return [first, say("too few closed deals to compare anybody")]
    if page.tell_apart:
        return [
            first,
            say(
                "{n:count} of {people:count} win more or less often than chance makes",
                n=page.team.apart_by_wins,
                people=page.team.people,
            ),
        ]
    return [first, say("nobody's win rate stands out from what chance makes")]


def lead(page: Body) -> list[Message]:
    """The smallest difference that could have been seen, at the number of deals that people have."""
    team, out = page.team, []
    if team.people and team.each and team.rate is not None:
        out.append(visible(team.each, team.low, team.high, team.rate))
    if team.people and not page.tell_apart:
        out.append(say("Smaller differences are there, perhaps: these deals can't show them."))
    return out


def visible(each: int, low: float | None, high: float | None, rate: float) -> Message:
    """The smallest difference that could be seen at this sample size."""
    said = {"n": each, "rate": whole(rate), "low": whole(low), "high": whole(high)}
    if high is not None and low is not None:
        return say(
            "**{n:count} closed deals each: only a win rate near {high} would stand out from {rate}**, "
            "or one near {low} below it.",
            **said,
        )
    if high is not None:
        return say("**{n:count} closed deals each: only a win rate near {high} would stand out from {rate}.**", **said)
    if low is not None:
        return say("**{n:count} closed deals each: only a win rate near {low} would stand out from {rate}.**", **said)
    return say("**{n:count} closed deals each: no win rate at all would stand out from {rate}.**", **said)


def load(people: People) -> Message:
    """The load in words: what it is, and what it is measured by."""
    now, usual, n = people.load.now, people.load.usual, people.load.n
    if not people.load.people:
        return say("Load: nobody who sells was there at the end")
    if now is None:
        return say("Load: withheld, it would be one person's")
    if not usual:
        return say("Load: {now} open deals a filled selling post; no earlier quarter end on record", now=f"{now:.1f}")
    said = {"load": whole(now / usual), "now": f"{now:.1f}", "usual": f"{usual:.1f}", "n": n}
    if n == 1:
        return say("Load {load}: {now} open deals a filled selling post, against {usual} a quarter before", **said)
    return say(
        "Load {load}: {now} open deals a filled selling post, against {usual} on average at the {n:count} quarter ends "
        "before",
        **said,
    )


def notes(people: People, period: Period) -> list[Message]:
    """What the group's page could not take into account."""
    out = []
    if not people.listed:
        out.append(
            say(
                "No list of the team: whoever owns a deal counts as in it. "
                "Put a list of people into data/, or type it in the goals playbook."
            )
        )
    names = {seat.name for seat in people.seats}
    owners = {str(o) for o in people.decided["owner"].dropna()} - names
    if owners:
        out.append(
            say(
                "Owners of closed deals who were not in the team in {period}, without a page: {n:count}.",
                period=period.name,
                n=len(owners),
            )
        )
    blank = people.decided["owner"].isna().sum()
    if blank:
        out.append(say("Closed deals without an owner, in nobody's numbers: {n:count}.", n=int(blank)))
    ends = people.closing.frame[
        people.closing.frame["status"].isin(("won", "lost")) & people.closing.frame["closed"].isna()
    ]
    if len(ends):
        out.append(say("Won or lost deals without a closing day, in no rate: {n:count}.", n=len(ends)))
    aside = [t for t in people.talks if t.period == period.name and t.person not in names]
    if aside:
        out.append(say("Talks typed of people who were not in the team, on no page: {n:count}.", n=len(aside)))
    others = sum(not seat.sells for seat in people.seats)
    if others:
        out.append(say("People without targets, who have no page: {n:count}.", n=others))
    return out


def together(people: People, period: Period) -> dict[str, int] | None:
    """What was promised for the period, as counts of all who sell; None where so few promised that it tells of one."""
    by_person = [person.promises(people.actions, seat.name, period, people.known.on) for seat in people.sellers]
    if sum(bool(kept) for kept in by_person) < CROWD:
        return None
    ways = [kept.way for each in by_person for kept in each]
    return {way: ways.count(way) for way in get_args(person.Way)}
