"""What was understood of the files in data/, before anything is computed from them: what `check` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from salesplaybook import completeness, filing, history
from salesplaybook.errors import ExportError, PlaybookError
from salesplaybook.results import Message, say
from salesplaybook.settings import Status
from salesplaybook.store import Store, sha256
from salesplaybook.tables import findings, guesses, reading
from salesplaybook.tables.findings import Finding
from salesplaybook.tables.guesses import Guesses
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.schema import STATUSES, TABLES
from salesplaybook.tables.statuses import Counted

How = Literal["mapping", "known", "guess", "unknown", "unused"]


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


class Aside(BaseModel):
    """A row that can't be read, and why."""

    row: int
    column: str
    value: str
    why: Message


class Look(BaseModel):
    """What was understood of one sheet of one file.

    problem     why it can't be used, in one sentence
    table       which table it is (None: none of ours); guessed, where none of its columns was known exactly
    statuses    how many deals count as what; won and open amounts are cents
    passed      rows around the table: titles, totals, labels of groups, footers
    """

    file: str
    sheet: str = ""
    problem: Message | None = None
    table: str | None = None
    guessed: bool = False
    confirmed: bool = False
    filed: bool = False
    day: date | None = None
    header_row: int | None = None
    rows: int = 0
    columns: list[ColumnSeen] = []
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


Known = tuple[filing.Filed, date, list[Reading]]  # a filed export, the day that it tells of, what was read


@dataclass
class _Seen:
    """A sheet while it is looked at; one that is filed and confirmed is not read again."""

    look: Look
    reading: Reading | None = None
    sheet: Sheet | None = None
    modified: datetime | None = None
    data_sha: str = ""


def understand(store: Store, reader: Reader, known: Sequence[Known], complete: set[date]) -> Understood:
    """Looks at each file in data/; `known` are the filed exports, `complete` the days that hold all deals.

    A file that can't be read has its sentence in `problem`; nothing is written.
    """
    seen = [
        s for path in store.entries("data") if filing.is_export(path) for s in _file(store, reader, path.name, known)
    ]
    _date(reader, seen, {f.sha256: day for f, day, _ in known})
    there = any(s.reading and s.look.table == "deals" for s in seen) or any("deals" in f.tables for f, *_ in known)
    lost = findings.orphans([s.reading for s in seen if s.reading])
    read = [(s.look, s.sheet, s.reading) for s in seen if s.reading]
    for place, (look, sheet, found) in enumerate(read):
        look.findings = findings.of_table(found, look.day) + lost.get(place, [])
        look.guesses = guesses.of(sheet, found, reader.words, [r for *_, r in read])
        if "closed" in look.guesses.columns.values():  # the close date is when deals closed: none is expected in it
            look.findings = [f for f in look.findings if f.kind != "no expected_close"]
        _describe(look, found, reader)
    for one in seen:
        if one.sheet and not one.reading:
            one.look.columns = [ColumnSeen(header=h, how="unknown") for h in one.sheet.header if h]
            if not there and not one.look.problem:
                one.look.problem = _said(filing.unrecognised(one.look.file, [h for h in one.sheet.header if h]))
    filed = [(day, r) for _, day, readings in known for r in readings if r.table == "deals"]
    _hold_against_history(seen, filed, complete, reader)
    order = {name: n for n, name in enumerate(TABLES)}
    return Understood(
        looks=sorted((s.look for s in seen), key=lambda k: (order.get(k.table or "", 99), k.file, k.sheet))
    )


def _said(error: PlaybookError) -> Message:
    return say(error.text, **error.values)


def _file(store: Store, reader: Reader, name: str, known: Sequence[Known]) -> list[_Seen]:
    try:
        path = filing.export(store, name)
        data = filing.content(path)
        own = sha256(data)
        filed = next((readings for f, _, readings in known if f.sha256 == own), [])
        if filed and all(r.confirmed for r in filed):
            return [
                _Seen(
                    Look(
                        file=name,
                        sheet=r.sheet,
                        header_row=r.header_row,
                        table=r.table,
                        passed=[tuple(p) for p in r.passed],
                    ),
                    r,
                    data_sha=own,
                )
                for r in filed
            ]
        sheets = reader.sheets(name, data)
    except ExportError as error:
        return [_Seen(look=Look(file=name, problem=_said(error)))]
    modified = datetime.fromtimestamp(path.stat().st_mtime, reader.settings.zone)
    found = []
    for sheet in sheets:
        seen = _Seen(
            look=Look(
                file=name, sheet=sheet.name, header_row=sheet.header_row, passed=[tuple(p) for p in sheet.passed]
            ),
            sheet=sheet,
            modified=modified,
            data_sha=own,
        )
        try:
            fit = reader.recognise(sheet)
            guess = None if fit else guesses.fit(sheet, reader.words)
            if fit or guess:
                how = reader.how(fit.table) if fit else guesses.how(sheet, guess, reader.words)  # type: ignore[arg-type]
                seen.reading = reader.read(sheet, fit or guess, how)  # type: ignore[arg-type]
                seen.look.table, seen.look.guessed = seen.reading.table, fit is None
                if seen.reading.table == "deals" and seen.reading.frame.empty:
                    seen.look.problem = _said(reading.nothing_left(seen.reading))
        except ExportError as error:
            seen.look.problem = _said(error)
        found.append(seen)
    return found


def _date(reader: Reader, seen: list[_Seen], filed: dict[str, date]) -> None:
    """Puts the day of each file: that under which it is filed (hash -> day), else would be."""
    dateless = []
    for one in seen:
        mates = [s.reading for s in seen if s.look.file == one.look.file and s.reading]
        one.look.filed = one.data_sha in filed
        if one.look.filed:
            one.look.day = filed[one.data_sha]
        elif one.modified and mates:
            one.look.day, by = filing.day_of(one.look.file, mates, one.modified, reader.mapping)
            if by == "time" and all(r.newest is None for r in mates):
                dateless.append(one.look)
    deals = [s.look.day for s in seen if s.look.table == "deals" and s.look.day]
    for look in dateless if deals else []:
        look.day = max(deals)  # as filing does: a list without dates belongs to the deals that came with it


def _describe(look: Look, found: Reading, reader: Reader) -> None:
    ours = {header: column for column, header in found.columns.items()}
    guessed = look.guesses.columns
    for header in filter(None, found.header):
        column = guessed.get(header) or ours.get(header)
        how: How = "guess" if header in guessed else found.by if column else "unknown"
        if (not column and reader.words.unused(found.table, header)) or (not column and found.by == "mapping"):
            how = "unused"
        look.columns.append(ColumnSeen(header=header, column=column, how=how))
    for c in _in_order(found, reader):
        offered = look.guesses.stages.get(c.value)
        how = "guess" if (look.guessed and c.how == "mapping") or (not c.counts_as and offered) else c.how
        look.stages.append(
            StageSeen(value=c.value, column=c.column, counts_as=c.counts_as or offered, how=how, rows=c.rows)
        )
    look.confirmed = found.confirmed and not look.guessed
    look.rows, look.repeated, look.hidden = len(found.frame), found.repeated, found.hidden
    look.aside = [Aside(row=r.row, column=r.column, value=r.value, why=r.why) for r in found.rejected]
    if found.table == "deals":
        counts = found.frame["status"].value_counts()
        look.statuses = {s: int(counts[s]) for s in STATUSES if s in counts}
        amounts = found.frame.groupby("status")["amount"].sum()
        look.won_amount, look.open_amount = (int(amounts.get(s, 0)) for s in ("won", "open"))


def _in_order(found: Reading, reader: Reader) -> list[Counted]:
    """Stages and statuses as the process goes: the open ones in its order, then won, lost, void, on hold, unknown."""
    going_on = reader.words.in_order([c.value for c in found.counted if c.counts_as == "open"])
    place = {stage: n for n, stage in enumerate(going_on)}
    status = dict(zip(STATUSES, range(len(STATUSES)), strict=True))
    return sorted(
        found.counted,
        key=lambda c: (c.column != "status", status.get(c.counts_as or "", len(status)), place.get(c.value, 0)),
    )


def _hold_against_history(
    seen: list[_Seen], filed: Sequence[tuple[date, Reading]], complete: set[date], reader: Reader
) -> None:
    """An export older than the last one filed, or a narrowed view, is flagged."""
    new = [(s.look.day, s.reading) for s in seen if s.look.table == "deals" and s.look.day and not s.look.filed]
    narrowed = completeness.narrowed(history.exports([*filed, *new]), complete)  # type: ignore[list-item]
    newest = max((day for day, _ in filed), default=None)
    for one in seen:
        day = one.look.day
        if one.look.table != "deals" or day is None or one.reading is None or one.look.problem:
            continue
        view = reader.words.view(reader.words.system(one.reading.header), reader.settings.language)
        if newest and day < newest and not one.look.filed:
            text = say(
                "This export is of {day:iso}, older than the last one ({newest:iso}): it is filed under its own day, "
                "and pages stand on the newest",
                day=day,
                newest=newest,
            )
            one.look.findings.append(Finding(kind="older", text=text))
        if day in narrowed:
            text = completeness.sentence(narrowed[day], view)
            one.look.findings.append(Finding(kind=f"narrowed: {narrowed[day].why}", text=text))
