"""What each deal counts as: open, won, lost, void or on hold, by its status, its stage, or the CRM's own flags."""

from __future__ import annotations

from typing import Literal, NamedTuple

import pandas as pd

from salesplaybook.results import say
from salesplaybook.settings import Status, TableMapping
from salesplaybook.tables.columns import Rejected
from salesplaybook.tables.schema import STATUSES
from salesplaybook.tables.words import Words


class Counted(NamedTuple):
    """A stage or status of the export: its column here, what it counts as and who says so, on how many rows."""

    value: str
    column: Literal["stage", "status"]
    counts_as: Status | None
    how: Literal["mapping", "known", "unknown"]
    rows: int


def put(
    frame: pd.DataFrame,
    how: TableMapping,
    columns: dict[str, str],
    words: Words,
    file: str,
    aside: dict[int, Rejected],
) -> tuple[list[Counted], list[int]]:
    """Sets `status` of each row: by its status where that is known, else by the CRM's flags, else by its stage.

    mapping.yaml goes before the words that we know. A voided record is void, whatever its stage. A row of which
    nothing is known goes aside.

    Returns what each stage and status counts as, and the rows of which stage and status contradict each other. A won
    deal that keeps its last open stage, as in Pipedrive, does not, if its status is a word for how deals end.
    """
    pipelines = set(frame["pipeline"].dropna())
    by_status = _known(frame["status"], how.statuses, words, pipelines)
    by_stage = _known(frame["stage"], how.stages, words, pipelines)
    void = frame["record_state"].map(lambda s: "void" if s and words.counts_as(s) == "void" else None)
    won = frame["is_won"].map({True: "won"})
    lost = frame["is_closed"].map({True: "lost"}).where(frame["is_won"].notna())
    going_on = frame["is_closed"].map({False: "open"})
    counts_as = void
    for source in (frame["status"].map(by_status), won, lost, frame["stage"].map(by_stage), going_on):
        counts_as = counts_as.where(counts_as.notna(), source)
    _put_aside(frame[counts_as.isna()], columns, file, aside)
    counted = _counted(frame, "status", how.statuses, by_status) + _counted(frame, "stage", how.stages, by_stage)
    ends = frame["stage"].map(by_stage).where(lambda s: s.isin(("won", "lost", "open")))
    against = ends.notna() & counts_as.isin(("won", "lost", "open")) & (ends != counts_as)
    outcome = {v for v, status in by_status.items() if words.counts_as(v, pipelines) == status}
    against &= ends.isin(("won", "lost")) | (frame["status"].isin(set(by_status) - outcome))
    frame["status"] = counts_as.astype("object")
    return counted, [int(row) for row in frame.loc[against, "row"]]


def _known(said: pd.Series, mapped: dict[str, Status], words: Words, pipelines: set[str]) -> dict[str, Status]:
    values = said.dropna().unique()
    own = {v: words.counts_as(v, pipelines) or (v if v in STATUSES else None) for v in values}
    return {value: status for value, status in own.items() if status} | mapped


def _counted(
    frame: pd.DataFrame, column: Literal["stage", "status"], mapped: dict[str, Status], known: dict[str, Status]
) -> list[Counted]:
    found = frame[column].value_counts(sort=False)
    return [
        Counted(
            str(value),
            column,
            known.get(str(value)),
            "mapping" if value in mapped else "known" if value in known else "unknown",
            int(n),
        )
        for value, n in found.items()
    ]


def _put_aside(unknown: pd.DataFrame, columns: dict[str, str], file: str, aside: dict[int, Rejected]) -> None:
    column = next((c for c in ("stage", "status", "is_won") if c in columns), "stage")
    header = columns.get(column, "")
    for row, value in zip(unknown["row"], unknown[column], strict=True):
        if value is False:
            why = say("that it isn't won doesn't say whether it is open or lost: export the stage too")
        elif value:
            why = say(
                "mapping.yaml does not say what this counts as: add it under {where}",
                where="stages" if column == "stage" else "statuses",
            )
        else:
            why = say("the row has no {column}", column=header)
        aside.setdefault(int(row), Rejected(file, int(row), header, str(value or ""), why, "stage"))
