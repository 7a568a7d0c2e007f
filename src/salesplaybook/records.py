"""Records: what a playbook found, with its provenance, as JSON beside the page. Saved whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, Protocol

import pandas as pd
from pydantic import BaseModel

from salesplaybook.language import Language, digits
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, defined
from salesplaybook.store import Store, sha256

Deal = dict[str, str | None]  # our columns of a deal as text, days as ISO
SHOWN = 50  # deals that a number opens on the page; all of them stand in the .csv


class Body(Protocol):
    """What an area returns: a pydantic model that can name its figures."""

    schema_number: int

    def figures(self) -> Iterator[tuple[str, Figure]]: ...

    def model_dump(self, **options: Any) -> dict[str, Any]: ...


class Source(BaseModel):
    """A file that was read: which, of what day, how many rows, the rows kept aside, and what is to be known of it.

    confirmed   whether a person may rely on its day
    mapping     whether a person has confirmed which column is which, and what each stage counts as
    """

    file: str
    sha256: str
    table: str
    day: date
    dated_by: str
    confirmed: bool
    mapping: Literal["confirmed", "not confirmed"] = "confirmed"
    rows: int
    repeated: int = 0
    rejected: list[tuple[int, str, str, Message]] = []
    unused: list[str] = []
    notes: list[Message] = []


class Read(BaseModel):
    """What a record stands on: the exports; settings, the notebook's code and what people typed (as hashes); and other
    records (playbook and period -> fingerprint)."""

    sources: list[Source]
    not_used: list[str] = []
    settings: str
    code: str
    typed: str = ""
    records: dict[str, str] = {}


class Record(BaseModel):
    """A playbook's findings on a project for a period, as known on a day.

    figures   every number of the page by name, flat
    deals     the deals that the page can show (key -> our columns), the 50 largest behind each number
    body      what else the page shows; its figures come without their rows
    owner     whose cut it is, where it is about one person
    """

    playbook: str
    schema_number: int
    project: dict[str, str]
    period: str
    first: date
    last: date
    as_of: date
    audience: Literal["group", "team", "person"] = "group"
    owner: str = ""
    read: Read
    parameters: dict[str, str]
    figures: dict[str, Figure]
    deals: dict[str, Deal]
    body: dict[str, Any]
    made_at: str = ""
    made_by: str = ""

    @property
    def fingerprint(self) -> str:
        """The hash of all but when and by which version it was made, and of what lay unused: same inputs, same hash."""
        said = self.model_dump(mode="json", exclude={"made_at": True, "made_by": True, "read": {"not_used"}})
        return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode())

    def path(self, ending: str) -> tuple[str, ...]:
        """Where it belongs below the project."""
        return path(self.playbook, self.period, ending, self.owner if self.audience == "person" else "")


# What the page and the .csv show of a deal, and how the .csv calls it.
DEAL_COLUMNS = {
    "name": defined("Deal"),
    "account": defined("Account"),
    "owner": defined("Owner"),
    "product": defined("Product"),
    "stage": defined("Stage"),
    "status": defined("counts as"),
    "created": defined("Created"),
    "expected_close": defined("Expected"),
    "closed": defined("Closed"),
    "closed_by": defined("closing day taken from"),
}


def path(playbook: str, period: str, ending: str, owner: str = "") -> tuple[str, ...]:
    """Where a record's files are below the project: what is about one `owner` stays in records/private/."""
    if not owner:
        return ("records", period, f"{playbook}.{ending}")
    safe = re.sub(r"[^\w.-]+", "-", owner).strip("-.")
    if safe != owner:  # two names may look alike without their signs
        safe = f"{safe}-{sha256(owner.encode())[:4]}"
    return ("records", "private", period, f"{playbook}-{safe}.{ending}")


def without_rows(body: Body) -> dict[str, Any]:
    """A body as a record keeps it: the rows of its figures stand with the record's figures, once."""
    return body.model_dump(mode="json", context={"rows": False}, exclude={"schema_number"})


def shown(figures: Mapping[str, Figure], deals: Mapping[str, Deal]) -> dict[str, Deal]:
    """The deals that the page can show: the largest behind each number."""
    keys = {key for figure in figures.values() for key in islice(figure.rows, SHOWN)}
    return {key: deal for key, deal in deals.items() if key in keys}


def described(rows: pd.DataFrame) -> dict[str, Deal]:
    """Each deal (a row each) by its key: our columns as text, days as ISO."""
    said = rows.reindex(columns=list(DEAL_COLUMNS)).copy()
    for column in ("created", "expected_close", "closed"):
        said[column] = said[column].astype("datetime64[s]").dt.strftime("%Y-%m-%d")
    said = said.astype("object").where(said.notna(), None)
    deals = zip(said.index, said.to_dict("records"), strict=True)
    return {str(key): {str(column): value for column, value in deal.items()} for key, deal in deals}


def save(store: Store, record: Record) -> str:
    """Writes the record; the path of its JSON below the project."""
    said = record.model_dump(mode="json") | {"fingerprint": record.fingerprint}
    store.write(json.dumps(said, ensure_ascii=False, indent=1), *record.path("json"))
    return "/".join(record.path("json"))


def load(store: Store, period: str, playbook: str, owner: str = "") -> Record | None:
    """The record of a playbook for a period, of one owner where one is named; None where there is none."""
    place = path(playbook, period, "json", owner)
    if not store.exists(*place):
        return None
    try:
        said = json.loads(store.text(*place))
        said.pop("fingerprint", None)
        return Record.model_validate(said)
    except ValueError:  # of another version of ours, or not whole: as good as none, and made anew by the next run
        return None


def newest(store: Store, period: Period, playbook: str, on: date) -> Record | None:
    """A playbook's record for the group that tells most of `period` as of `on`: the one of the period itself; of a
    weekly one, the last made in it or in the two weeks after."""
    if found := load(store, period.name, playbook):
        return found
    weeks = [p.name for p in store.entries("records") if "-W" in p.name]
    loaded = [record for week in weeks if (record := load(store, week, playbook))]
    near = [x for x in loaded if x.as_of <= on and period.first <= x.as_of <= period.last + timedelta(days=14)]
    return max(near, key=lambda record: record.as_of, default=None)


def rows_csv(figures: Mapping[str, Figure], deals: Mapping[str, Deal], say: Language) -> bytes:
    """Every deal behind every number, for Excel: UTF-8 with its mark, formulas defused, amounts in whole currency."""
    places = digits(say.currency)
    plain = {key: [_plain(key), *(_plain(deal[c]) for c in DEAL_COLUMNS)] for key, deal in deals.items()}
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    heads = [defined("Number"), defined("Meaning"), defined("Amount here"), defined("Key"), *DEAL_COLUMNS.values()]
    write.writerow([say(head) for head in heads])
    for name, figure in figures.items():
        meaning = say(figure.definition)
        for key, amount in figure.rows.items():
            here = "" if amount is None else str(Decimal(amount).scaleb(-places))
            write.writerow([name, meaning, here, *plain[key]])
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    # Excel runs a cell that begins like a formula, whoever wrote it into the CRM.
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
