"""The ledger: forecasts and commits as they were said, and what came of them. Lines are only ever added.

A line carries the hash of the one before it, so that a changed past shows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from salesplaybook.errors import ProjectError
from salesplaybook.results import Forecast, Said
from salesplaybook.store import Store, sha256

PATH = ("records", "ledger.jsonl")


class Line(Said):
    """A line: a forecast, a commit, or the score of one; when it was entered, and the hash of the line before."""

    kind: Literal["forecast", "commit", "score"]
    question: str = "won by the end of the period"
    rebuilt: bool = False
    entered_at: str = ""
    before: str = ""

    @property
    def about(self) -> tuple[object, ...]:
        """What the line says something of: by whom, of which period, on which day."""
        return (self.question, self.period, self.made_on, self.by, self.owner)


class Ledger(NamedTuple):
    """The lines that hang together, and the number of the first that doesn't (None: all do)."""

    lines: list[Line]
    broken: int | None = None

    def said_by(self, day: date) -> list[Said]:
        """What had been said up to `day`, of a commit that was corrected the last; each with its score if it was scored
        by then."""
        last = {line.about: line for line in self.lines if line.kind != "score" and line.made_on <= day}
        scores = {x.about: x for x in self.lines if x.kind == "score" and x.scored_on and x.scored_on <= day}
        fields = set(Said.model_fields)
        return [Said(**scores.get(about, line).model_dump(include=fields)) for about, line in last.items()]


def read(store: Store) -> Ledger:
    """The ledger as it stands; empty where there is none."""
    if not store.exists(*PATH):
        return Ledger([])
    lines: list[Line] = []
    before = ""
    for number, text in enumerate(_lines(store.text(*PATH)), 1):
        try:
            line = Line.model_validate(json.loads(text))
        except ValueError:
            return Ledger(lines, number)
        if line.before != before:
            return Ledger(lines, number)
        lines.append(line)
        before = sha256(text.encode())
    return Ledger(lines)


def of_forecast(forecast: Forecast) -> Line | None:
    """A forecast as a line; None where it is withheld."""
    if forecast.p50 is None:
        return None
    return Line(
        kind="forecast",
        period=forecast.period,
        made_on=forecast.made_on,
        by="model",
        said=forecast.p50,
        low=forecast.p10,
        high=forecast.p90,
        rebuilt=forecast.rebuilt,
    )


def enter(store: Store, new: Sequence[Line], at: str) -> None:
    """Adds what isn't in the ledger yet; `at` is the time of entering. To be called under the lock.

    A forecast of a day is entered once and stands, so does a score; a commit is entered as often as it changes.
    ProjectError where the ledger doesn't hang together any more.
    """
    found = read(store)
    if found.broken is not None:
        raise ProjectError(
            "{file}, line {line}: this line, or the one before it, was changed after it was entered. Put the ledger "
            "back from a copy, or move it away to begin a new one.",
            file="/".join(PATH),
            line=found.broken,
        )
    last = {(line.kind, line.about): line for line in found.lines}
    text = store.text(*PATH) if found.lines else ""
    for line in new:
        known = last.get((line.kind, line.about))
        if known and (line.kind != "commit" or known.said == line.said):
            continue
        last[line.kind, line.about] = line
        before = sha256(_lines(text)[-1].encode()) if text else ""
        said = line.model_copy(update={"entered_at": at, "before": before})
        text += json.dumps(said.model_dump(mode="json"), ensure_ascii=False) + "\n"
    if text:
        store.write(text, *PATH)


def _lines(text: str) -> list[str]:
    # Not splitlines, which also breaks at signs that a name may hold.
    return text.removesuffix("\n").split("\n") if text else []
