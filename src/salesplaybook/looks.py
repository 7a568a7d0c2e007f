"""What a look at data/ holds: file by file and sheet by sheet, what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from salesplaybook.filing import Filed
from salesplaybook.results import Message
from salesplaybook.settings import Status
from salesplaybook.tables.findings import Finding
from salesplaybook.tables.guesses import Guesses
from salesplaybook.tables.reading import Reading

Known = tuple[Filed, date, list[Reading]]  # a filed export, the day that it tells of, what was read
How = Literal["mapping", "known", "guess", "unknown", "unused"]
NAME_OVERRULED = "name overruled"  # the kind of the finding that the day in a file's name can't be


class ColumnSeen(BaseModel):
    """A header of the file, our column that it is, and who says so; `unused` is known, and nothing to us."""

    header: str
    column: str | None = None
    how: How


class StageSeen(BaseModel):
    """A stage or status, what it counts as and who says so, on how many rows."""

    value: str
    column: Literal["stage", "status"]
    counts_as: Status | None
    how: How
    rows: int


class Header(BaseModel):
    """A header that nothing took, with some of its cells."""

    name: str
    samples: list[str]


class Missing(BaseModel):
    """One of our columns that no header is known for; `headers` are those that may be it, the likeliest first.

    needed      without it nothing can be read
    likely      the header whose cells say most clearly that it is the one; empty where they don't
    """

    column: str
    needed: bool
    headers: list[Header]
    likely: str = ""


class Aside(BaseModel):
    """A row that can't be read, and why."""

    row: int
    column: str
    value: str
    why: Message


class Look(BaseModel):
    """What was understood of one sheet of one file.

    problem     why it can't be used, in one sentence
    table       which table it is (None: none of ours); guessed, where it is none for sure and this is the likeliest
    earlier     filed, and a newer file of its table is there: shown as a line
    statuses    how many deals count as what; won and open amounts are cents
    missing     columns of deals that no header is known for: a person may know which one it is
    passed      rows around the table: titles, totals, labels of groups, footers
    """

    file: str
    sheet: str = ""
    problem: Message | None = None
    table: str | None = None
    guessed: bool = False
    confirmed: bool = False
    filed: bool = False
    earlier: bool = False
    day: date | None = None
    dated_by: str = ""
    header_row: int | None = None
    rows: int = 0
    columns: list[ColumnSeen] = []
    missing: list[Missing] = []
    stages: list[StageSeen] = []
    statuses: dict[str, int] = {}
    won_amount: int | None = None
    open_amount: int | None = None
    aside: list[Aside] = []
    repeated: int = 0
    passed: list[tuple[int, str, str]] = []
    hidden: int = 0
    findings: list[Finding] = []
    guesses: Guesses = Guesses()

    @property
    def alarms(self) -> list[Message]:
        """What is to be read before anything else."""
        return [f.text for f in self.findings if f.kind == NAME_OVERRULED]

    @property
    def good(self) -> bool:
        """Whether it can be confirmed: it is a table, even if it has no row until somebody says what its stages are."""
        unread = not self.rows and any(s.counts_as is None for s in self.stages)
        return self.table is not None and (unread or not self.problem)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.header for c in self.columns))

    @property
    def totals(self) -> int:
        return sum(kind == "totals" for _, kind, _ in self.passed)


class Understood(BaseModel):
    """All that lies in data/, file by file and sheet by sheet."""

    looks: list[Look] = []

    @property
    def problems(self) -> list[Message]:
        return [look.problem for look in self.looks if look.problem]

    @property
    def confirmed(self) -> bool:
        """Whether a person has said in mapping.yaml what each table's columns and stages are."""
        tables = [look.confirmed for look in self.looks if look.table]
        return bool(tables) and all(tables)

    @property
    def asked(self) -> Understood:
        """What nobody has confirmed yet, and what has a problem or alarms."""
        return Understood(looks=[x for x in self.looks if not x.confirmed or x.problem or x.alarms])

    @property
    def unknown(self) -> list[StageSeen]:
        """The stages and statuses of which nobody knows what they count as, each once, those on most rows first."""
        found = {(s.column, s.value): s for look in self.looks for s in look.stages if s.counts_as is None}
        return sorted(found.values(), key=lambda s: -s.rows)

    @property
    def doubtful(self) -> list[StageSeen]:
        """The stages and statuses to be asked for: those that nobody knows, then those that are guessed."""
        guessed = {
            (s.column, s.value): s for look in self.looks for s in look.stages if s.counts_as and s.how == "guess"
        }
        return [*self.unknown, *guessed.values()]

    def placed(self, said: Mapping[tuple[str, ...], Mapping[str, str]]) -> Understood:
        """The same, with what a person says that headers are: all headers of a sheet -> our column -> its header.

        A sheet that lacks nothing more is one of deals.
        """

        def look(seen: Look) -> Look:
            columns = said.get(seen.headers, {}) if seen.missing else {}
            if not columns:
                return seen
            ours = {header: column for column, header in columns.items()}
            placed = [
                ColumnSeen(header=c.header, column=ours[c.header], how="mapping") if c.header in ours else c
                for c in seen.columns
            ]
            left = [m for m in seen.missing if m.column not in columns]
            known: dict[str, Any] = {"columns": placed, "missing": left}
            if not any(m.needed for m in left):
                known |= {"table": "deals", "problem": None}
            return seen.model_copy(update=known)

        return Understood(looks=[look(seen) for seen in self.looks])

    def answered(self, said: Mapping[tuple[str, str], Status]) -> Understood:
        """The same, with what a person says that stages count as: (column, stage or status as written) -> status."""

        def stage(seen: StageSeen) -> StageSeen:
            answer = said.get((seen.column, seen.value))
            return seen.model_copy(update={"counts_as": answer, "how": "mapping"}) if answer else seen

        looks = [look.model_copy(update={"stages": [stage(s) for s in look.stages]}) for look in self.looks]
        return Understood(looks=looks)
