"""The ledger: forecasts and commits as they were said, and what came of them. Lines are only ever added.

A line carries the hash of the one before it, so that a changed past shows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

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
    def key(self) -> tuple[object, ...]:
        """What is entered once: a forecast a day; a commit as often as it changes; a score of each."""
        said = self.said if self.kind == "commit" else None
        return (self.kind, self.question, self.period, self.made_on, self.by, self.owner, said)


class Ledger(NamedTuple):
    """The lines that hang together, and the number of the first that doesn't (None: all do)."""

    lines: list[Line]
    broken: int | None = None

    def said_by(self, day: date) -> list[Said]:
        """What had been said up to `day`, each with its score if it was scored by then."""
        scores = {line.key[1:6]: line for line in self.lines if line.kind == "score" and _by(line.scored_on, day)}
        said = [line for line in self.lines if line.kind != "score" and line.made_on <= day]
        fields = set(Said.model_fields)
        return [Said(**scores.get(line.key[1:6], line).model_dump(include=fields)) for line in said]


def read(store: Store) -> Ledger:
    """The ledger as it stands; empty where there is none."""
    if not store.exists(*PATH):
        return Ledger([])
    lines: list[Line] = []
    before = ""
    for number, text in enumerate(store.text(*PATH).splitlines(), 1):
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
    """Adds the lines that are not in the ledger yet; `at` is the time of entering. To be called under the lock."""
    known = {line.key for line in read(store).lines}
    text = store.text(*PATH) if store.exists(*PATH) else ""
    if text and not text.endswith("\n"):
        text += "\n"
    for line in new:
        if line.key in known:
            continue
        known.add(line.key)
        before = sha256(text.splitlines()[-1].encode()) if text else ""
        said = line.model_copy(update={"entered_at": at, "before": before})
        text += json.dumps(said.model_dump(mode="json"), ensure_ascii=False) + "\n"
    if text:
        store.write(text, *PATH)


def _by(scored: date | None, day: date) -> bool:
    return scored is not None and scored <= day
