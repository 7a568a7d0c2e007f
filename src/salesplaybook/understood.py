"""What was understood of the files in data/, before anything is computed from them: what `check` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salesplaybook import comparison, dating, filing, missing
from salesplaybook.errors import ExportError, LackingColumn, PlaybookError
from salesplaybook.looks import Aside, ColumnSeen, How, Known, Look, StageSeen, Understood
from salesplaybook.results import Message, say
from salesplaybook.store import Store, sha256
from salesplaybook.tables import findings, guesses, reading
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.schema import STATUSES, TABLES
from salesplaybook.tables.statuses import Counted


@dataclass
class _Seen:
    """A sheet while it is looked at; one that is filed and confirmed is not read again."""

    look: Look
    reading: Reading | None = None
    sheet: Sheet | None = None
    modified: datetime | None = None
    data_sha: str = ""


def understand(store: Store, reader: Reader, known: Sequence[Known]) -> Understood:
    """Looks at each file in data/; `known` are the filed exports.

    A file that can't be read has its sentence in `problem`; nothing is written.
    """
    there = store.entries("data")
    seen = [s for path in there if filing.is_export(path) for s in _file(store, reader, path.name, known)]
    seen += [_Seen(Look(file=path.name)) for path in there if not filing.is_export(path) and path.suffix != ".md"]
    reader.check_sheets([s.look.sheet for s in seen])
    _guess(reader, seen)
    _date(reader, seen, known)
    deals = any(s.reading and s.look.table == "deals" for s in seen) or any("deals" in f.tables for f, *_ in known)
    lost = findings.orphans([s.reading for s in seen if s.reading])
    read = [(s.look, s.sheet, s.reading) for s in seen if s.reading]
    for place, (look, sheet, found) in enumerate(read):
        look.findings = findings.of_table(found, look.day) + lost.get(place, [])
        look.guesses = guesses.of(sheet, found, reader.words, [r for *_, r in read])
        if "closed" in look.guesses.columns.values():  # the close date is when deals closed: none is expected in it
            look.findings = [f for f in look.findings if f.kind != "no expected_close"]
        if look.table == "deals" and found.frame.empty and not look.guesses.stages:
            look.problem = _said(reading.nothing_left(found))
        _describe(look, found, reader)
        if sheet and look.table == "deals" and not look.confirmed:
            missing.offer(look, sheet, reader)
    for one in seen:
        if one.sheet and not one.reading and not one.look.missing:
            one.look.columns = [ColumnSeen(header=h, how="unknown") for h in one.sheet.header if h]
            if not deals and not one.look.problem:
                one.look.problem = say(
                    "{file} is not recognised: no table of ours has its columns ({headers:list}), and nothing in it is "
                    "like them. If it is the export, say in mapping.yaml which column is which.",
                    file=one.look.file,
                    headers=[h for h in one.sheet.header if h][:12],
                )
                missing.offer(one.look, one.sheet, reader)
    comparison.hold([(look, found) for look, _, found in read if look.table == "deals"], known, reader)
    return Understood(looks=_newest_first([s.look for s in seen]))


def _newest_first(looks: list[Look]) -> list[Look]:
    """Table by table, the newest first; those that are filed and have a newer one are marked as earlier, and last."""
    newest = {table: max((k.day for k in looks if k.table == table and k.day), default=None) for table in TABLES}
    for look in looks:
        last = newest.get(look.table or "")
        look.earlier = bool(look.filed and look.day and last and look.day < last and not look.problem)
    order = {name: n for n, name in enumerate(TABLES)}

    def place(look: Look) -> tuple[int, bool, int, str, str]:
        day = look.day.toordinal() if look.day else 0
        return (
            order.get(look.table or ("deals" if look.missing else ""), len(order)),
            look.earlier,
            -day,
            look.file,
            look.sheet,
        )

    return sorted(looks, key=place)


def _said(error: PlaybookError) -> Message:
    return say(error.text, **error.values)


def _file(store: Store, reader: Reader, name: str, known: Sequence[Known]) -> list[_Seen]:
    """The sheets of one file, read where they are known; one that is filed and confirmed is not opened again."""
    try:
        path = filing.export(store, name)
        data = filing.content(path)
        own = sha256(data)
        filed = next((readings for f, _, readings in known if f.sha256 == own), [])
        if filed and all(r.confirmed for r in filed):
            return [_Seen(_begun(name, r.sheet, r, r.table), r, data_sha=own) for r in filed]
        sheets = reader.sheets(name, data)
    except ExportError as error:
        return [_Seen(look=Look(file=name, problem=_said(error)))]
    modified = datetime.fromtimestamp(path.stat().st_mtime, reader.settings.zone)
    found = []
    for sheet in sheets:
        seen = _Seen(_begun(name, sheet.name, sheet), sheet=sheet, modified=modified, data_sha=own)
        try:
            if fit := reader.recognise(sheet):
                seen.reading, seen.look.table = reader.read(sheet, fit), fit.table
        except ExportError as error:
            seen.look.problem = _said(error)
            if isinstance(error, LackingColumn):
                missing.offer(seen.look, sheet, reader)
        found.append(seen)
    return found


def _begun(file: str, name: str, laid: Sheet | Reading, table: str | None = None) -> Look:
    """A look at a sheet as it is laid out: its header, and what stands around the table."""
    passed = [(p.row, p.kind, p.text) for p in laid.passed]
    return Look(file=file, sheet=name, table=table, header_row=laid.header_row, passed=passed)


def _guess(reader: Reader, seen: list[_Seen]) -> None:
    """Reads the sheets that fit no table as the one that they may be; not as one that another file is."""
    there = {one.look.table for one in seen if one.look.table}
    there |= {table for table in TABLES if reader.how(table).file or reader.how(table).sheet}
    for one in seen:
        if one.sheet is None or one.reading or one.look.problem:
            continue
        guess = guesses.fit(one.sheet, reader.words, without=there, mapping=reader.mapping)
        if guess:
            try:
                how = guesses.how(one.sheet, guess, reader.words, reader.how(guess.table))
                one.reading = reader.read(one.sheet, guess, how)
                one.look.table, one.look.guessed = guess.table, True
            except ExportError as error:
                one.look.problem = _said(error)


def _date(reader: Reader, seen: list[_Seen], known: Sequence[Known]) -> None:
    """Puts the day of each file: that under which it is filed, else would be."""
    filed = {f.sha256: day for f, day, _ in known}
    new: dict[str, dating.Arrived] = {}
    for one in seen:
        one.look.filed = one.data_sha in filed
        if one.look.filed:
            one.look.day = filed[one.data_sha]
        elif one.modified and one.reading:
            new.setdefault(one.look.file, dating.Arrived(one.look.file, [], one.modified)).readings.append(one.reading)
    taken, names = {f.day for f, *_ in known}, {f.name for f, *_ in known}
    days = dating.days_of(list(new.values()), reader.mapping, taken, names)
    for one in seen:
        if one.look.file in days and not one.look.filed:
            one.look.day, one.look.dated_by = days[one.look.file]


def _describe(look: Look, found: Reading, reader: Reader) -> None:
    guessed = look.guesses.columns
    for header in filter(None, dict.fromkeys(found.header)):
        # One header may be two of our columns: when the stage changed, and when the deal closed.
        ours: list[str | None] = (
            [guessed[header]] if header in guessed else [c for c, h in found.columns.items() if h == header]
        )
        mapped = any(c in reader.how(found.table).columns for c in ours if c)
        how: How = "guess" if header in guessed else "mapping" if mapped else found.by if ours else "unknown"
        if not ours and (reader.words.unused(found.table, header) or found.by == "mapping"):
            how = "unused"
        look.columns += [ColumnSeen(header=header, column=column, how=how) for column in ours or [None]]
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
    pipelines = found.frame["pipeline"].dropna().unique() if found.table == "deals" else ()
    going_on = reader.words.in_order([c.value for c in found.counted if c.counts_as == "open"], set(pipelines))
    place = {stage: n for n, stage in enumerate(going_on)}
    status = dict(zip(STATUSES, range(len(STATUSES)), strict=True))
    return sorted(
        found.counted,
        key=lambda c: (c.column != "status", status.get(c.counts_as or "", len(status)), place.get(c.value, 0)),
    )
