"""The door that notebooks use: open a project, file its exports, see what was known, save a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from salesplaybook import (
    filing,
    language,
    ledger,
    notebooks,
    periods,
    proposal,
    provenance,
    records,
    saving,
    settings,
    snapshots,
    typed,
    understood,
)
from salesplaybook.entries import keep
from salesplaybook.entries.kinds import Entry, Lesson, Target, target
from salesplaybook.errors import PeriodError, ProjectError
from salesplaybook.filing import Filed
from salesplaybook.history import Snapshot
from salesplaybook.limits import Rules
from salesplaybook.looks import Understood
from salesplaybook.pages import page
from salesplaybook.pages.page import Link
from salesplaybook.periods import Kind, Period
from salesplaybook.records import Body, Read, Record, Source
from salesplaybook.results import say
from salesplaybook.settings import Mapping, Settings
from salesplaybook.store import Store, sha256
from salesplaybook.tables import words
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading
from salesplaybook.workdays import Calendar


@dataclass
class Project:
    """A project folder: its settings, its mapping, and its files by `store`."""

    store: Store
    reader: Reader
    unfit: list[tuple[str, list[str]]] = field(default_factory=list)
    _readings: dict[str, list[Reading]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: str | Path = "") -> Project:
        """The project in `folder`; empty: the one that the current folder lies in.

        ProjectError if it is none, SettingsError if project.yaml or mapping.yaml can't be used.
        """
        above = [Path.cwd(), *Path.cwd().parents]
        around = next((p for p in above if (p / "project.yaml").is_file()), Path.cwd())
        store = Store(Path(folder).expanduser() if folder else around)
        if not store.exists("project.yaml"):
            raise ProjectError(
                "{folder} is no project: it has no project.yaml. Make one with 'salesplaybook new', "
                "or name a project's folder with --project.",
                folder=str(store.root),
            )
        text = store.text("project.yaml")
        said = re.search(r"^language:\s*['\"]?(zh_CN|en)\b", text, re.MULTILINE)
        if said:  # so that a mistake in this file is told in its language
            language.use(language.Language(said[1]))
        known = settings.read(text, Settings, "project.yaml")
        language.use(language.Language(known.language, known.currency))
        mapping, own = (store.text(f) if store.exists(f) else "" for f in ("mapping.yaml", "words.yaml"))
        return cls(store, Reader(known, settings.read(mapping, Mapping, "mapping.yaml"), words.load(own), own))

    @property
    def settings(self) -> Settings:
        return self.reader.settings

    @property
    def mapping(self) -> Mapping:
        return self.reader.mapping

    @property
    def language(self) -> language.Language:
        return language.Language(self.settings.language, self.settings.currency)

    def check(self) -> Understood:
        """What is understood of the files in data/ (see `understood`); nothing is computed, filed or written."""
        filing.check_named(self.store, self.mapping)
        known = [(f, self.day(f), self._read(f)) for f in filing.filed(self.store)]
        return understood.understand(self.store, self.reader, known)

    def save_check(self, found: Understood) -> Path:
        """Saves the page of what was understood; its path."""
        deals = [(look.day or date.min, look.rows) for look in found.looks if look.table == "deals"]
        n = max(deals, default=(date.min, 0))[1]
        title = say("{n:count} rows of deals were understood: is this your data?", n=n)
        project = self.settings.model_dump(include={"name", "manager", "language", "currency"})
        made = page.check(found, project, title, not found.confirmed)
        with self.store.lock():
            return self.store.write(made, "records", "check.html")

    def confirm(self, found: Understood) -> bool:
        """Writes into mapping.yaml what was understood and isn't in it yet; whether there was anything."""
        with self.store.lock():  # as it stands now: a person may have saved it since it was read
            path, data = self.store.path("mapping.yaml"), b""
            if path.exists():
                self.store.text("mapping.yaml")  # refused with a sentence where it isn't UTF-8
                data = path.read_bytes()  # with its mark and line ends
            proposed = proposal.merged(data.decode("utf-8"), found, self.today)
            mapping = settings.read(proposed.removeprefix("\ufeff"), Mapping, "mapping.yaml")
            if proposed.encode() == data:
                return False
            self.store.write(proposed.encode(), "mapping.yaml")
        self.reader = Reader(self.settings, mapping, self.reader.words, self.reader.own_words)
        self._readings = {}
        return True

    def file_exports(self) -> list[Filed]:
        """Files what is new in data/ under its day in history/; the same file again makes nothing new."""
        new, self.unfit = filing.file_exports(self.store, self.reader)
        return new

    def resolve(self, as_of: str = "", period: str = "") -> date:
        """The last day that a run may know about: `as_of`; empty, the newest export's day, and where `period` is a
        week, the newest export's in that week, else the Sunday before it."""
        if as_of:
            return periods.parse_day(as_of)
        days = sorted({self.day(f) for f in filing.filed(self.store) if "deals" in f.tables})
        window = periods.parse(period, self.settings.fiscal_year_start) if period else None
        if window and window.kind == "week":
            within = [d for d in days if timedelta(1) <= d - window.last <= timedelta(7)]
            return max(within, default=min([window.last, *days[-1:]]))
        return days[-1] if days else self.today

    def snapshot(self, as_of: str = "", period: str = "") -> Snapshot:
        """All that was known as of the end of a day (see `resolve`)."""
        days = [(f, self.day(f)) for f in filing.filed(self.store)]
        return snapshots.take(self.store, self.reader, days, self.readings(), self.resolve(as_of, period))

    def entries(self, kind: str) -> keep.Kept:
        """The rows of a kind as they stand in entries/, with the version that `save_entries` asks for."""
        return keep.load(self.store, kind)

    def save_entries(self, kind: str, rows: Sequence[Entry], version: str) -> keep.Kept:
        """Saves rows that a person typed, and keeps them beside the newest export. EntriesChanged if the file was
        saved from elsewhere since `version`."""
        kept = keep.save(self.store, kind, rows, version)
        with self.store.lock():
            filing.keep_typed(self.store, filing.filed(self.store), self.mapping)
        return kept

    def rules(self, known: Snapshot) -> Rules:
        """What areas go by (see `limits.Rules`), as of a day."""
        said = ledger.read(self.store).said_by(known.on)
        own = self.settings
        calendar = Calendar(own.country, tuple(own.days_off), tuple(own.days_on), own.language)
        cents = 10 ** language.digits(own.currency)
        return Rules(own.warnings, own.actions, calendar, own.fiscal_year_start, cents, said, own.posts, own.scorecard)

    def targets(self, known: Snapshot) -> dict[str, int]:
        """What quarters are to bring in bookings, in cents, as people had typed it."""
        cents = 10 ** language.digits(self.settings.currency)
        found = [t for t in known.entries("targets") if isinstance(t, Target)]
        said = {t.period: target(found, t.period, cents) for t in found}
        return {quarter: amount for quarter, amount in said.items() if amount is not None}

    def lessons(self, known: Snapshot) -> list[tuple[str, Lesson]]:
        """What this project has learned, as people had typed it, and those that `lessons_from` in project.yaml names,
        each with its project's name."""
        own = [(self.settings.name, x) for x in known.entries("lessons") if isinstance(x, Lesson)]
        return own + self.lent(known.on).lessons

    def lent(self, on: date) -> typed.Lent:
        """The lessons of other projects as of a day, and which of them could not be read."""
        return typed.lent(self.store, self.settings.lessons_from, on, self.settings.fiscal_year_start)

    def period(self, name: str, on: date, kind: Kind = "quarter", *, over: bool = False) -> Period:
        """The period called `name`; empty: the one of this kind that contains `on`, a weekend counting to Monday, or
        the last that is `over`."""
        start = self.settings.fiscal_year_start
        if not name and over:
            return periods.last_complete(on, kind, start)
        if not name:
            return periods.period_of(periods.coming_monday(on), kind, start)
        period = periods.parse(name, start)
        if period.first > periods.coming_monday(on):
            raise PeriodError(
                "{name} begins on {first:iso}, after the last day that is known ({on:iso}). Take an earlier period.",
                name=name,
                first=period.first,
                on=on,
            )
        return period

    def readings(self) -> list[tuple[date, Reading]]:
        """Every filed export as today's mapping reads it, with the day that it tells of, in the order of filing."""
        found = []
        for f in filing.filed(self.store):
            found += [(self.day(f), r) for r in self._read(f)]
        return found

    def _read(self, filed: Filed) -> list[Reading]:
        if filed.path not in self._readings:
            self._readings[filed.path] = filing.read_filed(self.store, filed, self.reader)
        return self._readings[filed.path]

    def day(self, filed: Filed) -> date:
        """The day that an export tells of."""
        return filing.true_day(filed, self.mapping)

    def save(self, body: Body, period: Period, known: Snapshot) -> Path:
        """Saves record, page and the deals behind the numbers of the playbook that `body` belongs to.

        Returns the page's path. The playbook is the area's module: areas.crm.Body is saved as crm. A body with an
        `owner` is that person's alone and is saved in records/private/.
        """
        playbook = type(body).__module__.rpartition(".")[2]
        told_on: date = getattr(body, "told_on", None) or period.last
        read, deals = self.read(known, playbook, period), records.described(known.until(told_on))
        record = saving.record(self.settings, body, period, known.on, read, deals)
        with self.store.lock():
            # What may be misread is no word to be held to.
            sure = all(s.mapping == "confirmed" for s in record.read.sources if s.table == "deals")
            new = record.audience == "group" and known.on == self.resolve()  # a replay says nothing new
            rows = records.rows_csv(record.figures, deals, self.language)
            return saving.save(self.store, record, rows, body if sure and new else None)

    def read(self, known: Snapshot, playbook: str, period: Period | None = None) -> Read:
        """What a run of a playbook on `known` stands on: the exports that it looks at, up to its day, the settings,
        what was typed, its code, and the records of `period` that it reads."""
        sources: list[Source] = []
        until, notebook = max([known.on, *known.days]), notebooks.read(self.store, playbook)
        for filed in filing.filed(self.store) if known.days else []:
            if (day := self.day(filed)) <= until:
                sources += provenance.sources(filed, day, self._read(filed), self.mapping, day in known.days)
        if notebook and notebook.looks_at is not None:
            sources = [s for s in sources if s.table in notebook.looks_at]
        said = self.settings.model_dump_json() + self.mapping.model_dump_json() + self.reader.own_words
        return Read(
            sources=sources,
            not_used=[name for name, _ in self.unfit],
            settings=sha256(said.encode()),
            code=notebook.code if notebook else "",
            typed=typed.fingerprint(known.typed, notebook.entries if notebook else None),
            records=self._records(notebook, period, known.on) if notebook and period else {},
        )

    def _records(self, notebook: notebooks.Notebook, period: Period, on: date) -> dict[str, str]:
        found = [records.newest(self.store, period, name, on) for name in notebook.records]
        lent = self.lent(on).read if "lessons" in (notebook.entries or ()) else {}
        return {f"{x.period}/{x.playbook}": x.fingerprint for x in found if x} | lent

    def found(self, playbook: str, period: Period, on: date) -> Record | None:
        """The record of a playbook that tells most of `period` (see `records.newest`); None where it wasn't run."""
        return records.newest(self.store, period, playbook, on)

    def waiting(self) -> list[str]:
        """The files in data/ that are new and will be filed with the next run."""
        return filing.waiting(self.store)

    def unrecognised(self) -> list[str]:
        """The files in data/ that no table in mapping.yaml fits."""
        return [name for name, _ in filing.unfit(self.store, self.reader)]

    def page(self, playbook: str, period: str = "") -> Path:
        """The page of a playbook: of `period`, or the one made last. ProjectError if there is none."""
        found = sorted(
            self.store.root.glob(f"records/{period or '*'}/{playbook}.html"), key=lambda p: p.stat().st_mtime
        )
        if not found:
            raise ProjectError(
                "There is no page of {playbook} yet. Make it: salesplaybook run {playbook}.", playbook=playbook
            )
        return found[-1]

    def link(self, path: Path) -> Link:
        """Where a page was saved, as a notebook shows it, and what is to be installed where it has no PDF."""
        return Link.to(path, self.store.root, saving.not_on_paper(path, self.language))

    def playbook(self, name: str) -> Path | None:
        """The notebook of a playbook: the project's own copy, else the package's."""
        return notebooks.find(self.store, name)

    def period_of(self, playbook: str, name: str, on: date) -> Period:
        """The period that a playbook takes as of a day: the one called `name`; empty, the one that it would take."""
        found = notebooks.read(self.store, playbook)
        return self.period(name, on, found.kind, over=found.over) if found else self.period(name, on)

    @property
    def today(self) -> date:
        return datetime.now(self.settings.zone).date()
