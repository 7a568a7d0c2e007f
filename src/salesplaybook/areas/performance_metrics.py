"""Performance: a person's numbers beside the targets, over the quarters in which the person was there."""

from __future__ import annotations

from collections.abc import Sequence

from salesplaybook.areas.performance_team import People
from salesplaybook.methods import actuals
from salesplaybook.methods.actuals import Measured
from salesplaybook.periods import Period
from salesplaybook.results import Figure, defined

OWN = defined("An own metric, as counted by hand in the goals")
YEAR = 4  # quarters


def team_metrics(people: People, period: Period) -> list[str]:
    """The metrics of which something is known: those that the team has a number for, or somebody a target."""
    asked = {t.metric for t in people.targets if t.period == period.name and t.owner}
    return [m for m in actuals.METRICS if m in asked or actuals.actual(people.known, m, period).value is not None]


def attainment(people: People, period: Period, cents: int, name: str, wanted: Sequence[str]) -> list[Measured]:
    """Each of the `wanted` metrics, and own ones that the person has a target in, beside target and history.

    Without a verdict: of five numbers each for a team of ten, a few are unusual by chance every quarter.
    Targets are taken as they are set: the goals playbook splits them by the days on which somebody is there.
    """
    own = [t.metric for t in people.targets if t.owner == name and t.period == period.name and t.metric not in wanted]
    been = people.quarters(name, period, YEAR)
    return [_measured(people, period, cents, name, metric, been) for metric in dict.fromkeys([*wanted, *own])]


def _measured(people: People, period: Period, cents: int, name: str, metric: str, been: int) -> Measured:
    known, targets = people.known, people.targets
    if metric not in actuals.METRICS:
        return _own(people, period, cents, name, metric)
    found = actuals.measured(known, metric, period, targets, cents, name)
    return found.model_copy(
        update={  # what lies before a person came is nobody's zero
            "before": found.before if been else None,
            "year_before": found.year_before if been >= YEAR else None,
            "verdict": None,
        }
    )


def _own(people: People, period: Period, cents: int, name: str, metric: str) -> Measured:
    """A metric of one's own: what a person counted in the goals, without a history."""
    came = [g.came for g in people.goals if (g.metric, g.period, g.owner) == (metric, period.name, name)]
    goal = actuals.target(people.targets, metric, period.name, cents, name)
    now = actuals.actual(people.known, metric, period, name)
    value = float(came[-1]) if came and came[-1] is not None else None
    if value is None:
        return Measured(metric=metric, actual=now, target=goal, verdict=None)
    return Measured(
        metric=metric,
        actual=Figure(definition=OWN, unit="count", value=value),
        target=goal,
        attainment=value / goal if goal else None,
        gap=value - goal if goal is not None else None,
        verdict=None,
    )
