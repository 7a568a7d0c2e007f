"""Why deals were won and lost: reasons, competitors, the stage where they were lost, as counts with intervals.

Reasons come as free text: alike are those that differ in case, width, spaces and punctuation only; no more is guessed.
What a person typed of a deal counts more than what the export says.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd
from pydantic import BaseModel

from salesplaybook.entries.kinds import Reason
from salesplaybook.methods import stages
from salesplaybook.methods.rates import FEW, wilson
from salesplaybook.results import Figure, Message, defined, rows_of, say


class Count(BaseModel):
    """How many of `of` deals had something in common; low, high: the 80 % interval of that share (Wilson), None where
    they are few."""

    name: str
    figure: Figure
    of: int
    low: float | None = None
    high: float | None = None


class Review(BaseModel):
    """The won and lost deals of a period.

    told      how many lost deals have a reason, of how many
    reasons   of those with one, the most frequent first; competitors: of the lost deals that name one (won deals
              seldom do, so there is no win rate against each)
    stages    the lost deals by the stage where they stood before; staged: of how many that is known
    notes     what can't be told, each with what would mend it
    """

    won: Figure
    lost: Figure
    rate: Figure
    told: int
    reasons: list[Count] = []
    competitors: list[Count] = []
    stages: list[Count] = []
    staged: int = 0
    notes: list[Message] = []


def review(decided: pd.DataFrame, rate: Figure, typed: Sequence[Reason], stood: Mapping[str, str]) -> Review:
    """The review of the deals `decided` in a period (index = deal key; status, value, loss_reason, competitor).

    rate    their win rate; typed: what people said of deals; stood: key -> the stage where a deal stood before
    """
    won, lost = (decided[decided["status"] == s] for s in ("won", "lost"))
    said = {r.deal: r for r in typed}
    told, against = (_told(lost, said, *names) for names in (("loss_reason", "why"), ("competitor", "competitor")))
    where = {key: stood[key] for key in lost.index if stood.get(key)}
    return Review(
        won=Figure(definition=defined("won in the period"), value=len(won), unit="deals", n=len(won), rows=_rows(won)),
        lost=Figure(
            definition=defined("lost in the period"), value=len(lost), unit="deals", n=len(lost), rows=_rows(lost)
        ),
        rate=rate,
        told=len(told),
        reasons=counts(told, lost, defined("lost deals with this reason")),
        competitors=counts(against, lost, defined("lost deals that name this competitor")),
        stages=counts(where, lost, defined("lost deals that stood in this stage before")),
        staged=len(where),
        notes=_notes(len(lost), len(told), len(where), bool(against)),
    )


def counts(named: Mapping[str, str], deals: pd.DataFrame, definition: str) -> list[Count]:
    """How many deals go by each name (deal key -> text as written), the most frequent first."""
    spelled, of = spellings(named.values()), len(named)
    keys: dict[str, list[str]] = {}
    for key, text in named.items():
        keys.setdefault(normal(text), []).append(key)
    found = [_count(spelled[name], definition, len(mine), of, deals.loc[mine]) for name, mine in keys.items()]
    return sorted(found, key=lambda c: (-c.figure.value, c.name))  # type: ignore[operator]


def normal(text: str) -> str:
    """A reason without what makes no difference: case, width, spaces, punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum()) or plain.strip()


def spellings(texts: Iterable[str]) -> dict[str, str]:
    """Each reason as it is written most often."""
    written: dict[str, Counter[str]] = {}
    for text in texts:
        written.setdefault(normal(text), Counter())[text.strip()] += 1
    return {name: min(found, key=lambda t: (-found[t], t)) for name, found in written.items()}


def stood(rows: pd.DataFrame, process: Sequence[str], until: date) -> dict[str, str]:
    """Deal -> the stage of the process in which the exports last showed it open by a day; of those that they did."""
    if rows.empty or not process:
        return {}
    last = stages.visits(rows, list(process), until).drop_duplicates("key", keep="last")
    return dict(zip(last["key"], last["stage"], strict=True))


def _count(name: str, definition: str, hits: int, of: int, deals: pd.DataFrame) -> Count:
    low, high = wilson(hits, of) if of >= FEW else (None, None)
    figure = Figure(definition=definition, unit="deals", value=hits, n=hits, rows=_rows(deals))
    return Count(name=name, figure=figure, of=of, low=low, high=high)


def _rows(deals: pd.DataFrame) -> dict[str, int | None]:
    return rows_of(deals["value"])


def _told(lost: pd.DataFrame, said: Mapping[str, Reason], column: str, field: str) -> dict[str, str]:
    """What is known of each lost deal, of those of which anything is: as typed, else as exported."""
    exported = lost[column].astype("object").where(lost[column].notna(), "")
    both = {str(k): str(getattr(said.get(str(k)), field, "")).strip() or str(v).strip() for k, v in exported.items()}
    return {key: text for key, text in both.items() if text}


def _notes(lost: int, told: int, staged: int, competitors: bool) -> list[Message]:
    notes = []
    if lost and not told:
        notes.append(
            say("No lost deal has a reason: export that column (loss reason), or type it for the largest below.")
        )
    if lost and not competitors:
        notes.append(say("No deal names a competitor: export that column."))
    if lost and not staged:
        notes.append(
            say("In which stage deals were lost isn't known: it takes exports from before they were lost, and stages.")
        )
    return notes
