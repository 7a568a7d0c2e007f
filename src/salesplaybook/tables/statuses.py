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
) -> list[Counted]:
    """Sets `status` of each row: by its status where that is known, else by the CRM's flags, else by its stage.

    mapping.yaml goes before the words that we know. A voided record is void, whatever its stage. A row of which
    nothing is known goes aside.
    """
    by_status = _known(frame["status"], how.statuses, words)
    by_stage = _known(frame["stage"], how.stages, words)
    void = frame["record_state"].map(lambda s: "void" if s and words.counts_as(s) == "void" else None)
    won = frame["is_won"].map({True: "won"})
    lost = frame["is_closed"].map({True: "lost"}).where(frame["is_won"].notna())
    going_on = frame["is_closed"].map({False: "open"})
    counts_as = void
    for source in (frame["status"].map(by_status), won, lost, frame["stage"].map(by_stage), going_on):
        counts_as = counts_as.where(counts_as.notna(), source)
    _put_aside(frame[counts_as.isna()], columns, file, aside)
    counted = _counted(frame, "status", how.statuses, by_status) + _counted(frame, "stage", how.stages, by_stage)
    frame["status"] = counts_as.astype("object")
    return counted


def _known(said: pd.Series, mapped: dict[str, Status], words: Words) -> dict[str, Status]:
    own = {value: words.counts_as(value) or (value if value in STATUSES else None) for value in said.dropna().unique()}
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
    column = "stage" if "stage" in columns else "status"
    header = columns.get(column, "")
    for row, value in zip(unknown["row"], unknown[column], strict=True):
        if value:
            why = say(
                "mapping.yaml does not say what this counts as: add it under {where}",
                where="stages" if column == "stage" else "statuses",
            )
        else:
            why = say("the row has no {column}", column=header)
        aside.setdefault(int(row), Rejected(file, int(row), header, str(value or ""), why, "stage"))
