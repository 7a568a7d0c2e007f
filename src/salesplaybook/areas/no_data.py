"""What a page says where there are no deals yet, or none of its period: what is missing, and how to add it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from salesplaybook.methods.actuals import GRACE
from salesplaybook.periods import Period
from salesplaybook.results import Message, defined, say
from salesplaybook.states import Known, State

# Where a closing day is taken from that has no column of its own (`history.CLOSED_BY`).
TAKEN = {
    "expected_close": defined("Closing days taken from the expected close: {n:count} of {all:count}."),
    "stage_changed": defined("Closing days taken from the last change of stage: {n:count} of {all:count}."),
    "first_seen": defined("Closing days taken from the first export that shows it: {n:count} of {all:count}."),
    "modified": defined("Closing days taken from the last change: {n:count} of {all:count}."),
}


def steps(playbook: str, unfit: Sequence[tuple[str, list[str]]] = ()) -> list[Message]:
    """How to bring in the first export; unfit: files that no table fits, with their headers."""
    notes = [
        say(
            "{file} is in data/, but mapping.yaml does not say which table it is. Its columns: {headers:list}. "
            "Write them under deals: columns: in mapping.yaml.",
            file=f,
            headers=h[:30],
        )
        for f, h in unfit
    ]
    notes = notes or [
        say("Export the deals from the CRM as Excel or CSV and put the file into the folder data/, under any name.")
    ]
    notes.append(
        say(
            "The first time: salesplaybook check shows what is understood of it and asks what isn't; on a yes it is "
            "written into mapping.yaml, where each line is explained."
        )
    )
    return [*notes, say("Run the playbook again: salesplaybook run {playbook}", playbook=playbook)]


def again(playbook: str) -> Message:
    """What to do once the export is mended."""
    return say("Then run the playbook again: salesplaybook run {playbook}", playbook=playbook)


def before(period: str, rows: pd.DataFrame) -> tuple[Message, Message]:
    """Title and note of a period that lies before the data (`rows`: all versions): from which day on there is any."""
    first = rows[["created", "first_seen"]].min().min()
    return (
        say("Nothing is known of {period}: it lies before the data", period=period),
        say("The first day in the data is {day:iso}. Take a later period.", day=first.date()),
    )


def stale(newest: date | None, until: date) -> list[Message]:
    """That the newest export is more than a week older than the last day of a page; nothing where it isn't."""
    if newest is None or (until - newest).days <= 7:
        return []
    return [say("**The newest export is of {day:iso}**: nothing is known of the days since.", day=newest)]


def known_until(known: Known, period: Period) -> date | None:
    """The newest export's day where it is more than a week older than the period's end (or the day that is known, if
    the period runs): of the days since, nothing is known. None where it isn't."""
    newest = known.newest
    if newest is None or (min(period.last, known.on) - newest).days <= GRACE:
        return None
    return newest


def gaps(opening: State, closing: State) -> list[Message]:
    """What the deals of two states can't carry, each with what would mend it."""
    notes = []
    if opening.how == "rebuilt":
        notes.append(
            say(
                "The opening is rebuilt from the dates of the export of {day:iso}: old stages, amounts and "
                "expected dates are unknown. From the next exports on they are known.",
                day=opening.export,
            )
        )
    if not closing.open["expected_close"].notna().any() and len(closing.open):
        notes.append(
            say(
                "No open deal has an expected close, so there is no walk of the deals due in the period: "
                "export that column."
            )
        )
    blank = int((closing.open["amount"].isna() & ~closing.open["at_list_price"]).sum())
    if blank and not closing.amounts_unknown:
        notes.append(say("Open deals without an amount, counted 0: {n:count}.", n=blank))
    ends = closing.frame[closing.frame["status"].isin(("won", "lost")) & closing.frame["closed"].isna()]
    if len(ends):
        notes.append(say("Won or lost deals without a closing day, in no rate: {n:count}.", n=len(ends)))
    sources = closing.decided()["closed_by"].value_counts()
    taken = sources[sources.index != "closed"]
    if len(taken):
        notes.append(say(TAKEN[taken.index[0]], n=int(taken.iloc[0]), all=int(sources.sum())))
    listed = int(closing.open["at_list_price"].sum())
    if listed:
        notes.append(say("Open deals without an amount, counted at list price: {n:count}.", n=listed))
    return notes
