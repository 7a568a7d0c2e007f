"""The door of this room: a file's bytes become readings, by a project's settings, its mapping and the known words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from salesplaybook.errors import ExportError
from salesplaybook.settings import Mapping, Settings, TableMapping
from salesplaybook.tables import files, layout, reading, recognise
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.recognise import Fit
from salesplaybook.tables.schema import TABLES
from salesplaybook.tables.words import Words


@dataclass(frozen=True)
class Reader:
    """How a project's exports are read."""

    settings: Settings
    mapping: Mapping
    words: Words
    own_words: str = ""  # the text of the project's words.yaml

    def sheets(self, file: str, data: bytes) -> list[Sheet]:
        """The tables that a file holds, as they stand. ExportError if it can't be opened or holds nothing."""
        return [layout.sheet(grid, self.knows, self.roles) for grid in files.read(file, data)]

    def check_sheets(self, opened: list[str]) -> None:
        """ExportError where mapping.yaml names a sheet and none of those that were opened has that name."""
        names = list(dict.fromkeys(filter(None, opened)))
        for table in TABLES:
            wanted = self.how(table).sheet
            if wanted and names and wanted not in names:
                raise ExportError(
                    "No workbook in data/ has the sheet '{sheet}', which mapping.yaml names for {table}. There are: "
                    "{names:list}. Mend mapping.yaml, or name the sheet so.",
                    sheet=wanted,
                    table=table,
                    names=names[:12],
                )

    def recognise(self, sheet: Sheet) -> Fit | None:
        """Which table a new sheet is (see `recognise.recognise`)."""
        return recognise.recognise(sheet, self.mapping, self.words)

    def read(self, sheet: Sheet, fit: Fit, how: TableMapping | None = None) -> Reading:
        """The sheet as the table that it fits; `how` stands for what mapping.yaml says of that table."""
        return reading.read(sheet, fit, how or self.how(fit.table), self.settings, self.words)

    def again(self, file: str, data: bytes, tables: list[str], sheets: dict[str, str] | None = None) -> list[Reading]:
        """A file that was filed as `tables`, as today's mapping reads it: what is mapped since stays blank.

        sheets: the sheets that were read when it was filed, each with its table; the others are left alone.
        """
        found = []
        for sheet in self.sheets(file, data):
            fits = [
                Fit(name, columns, recognise.by(TABLES[name], self.how(name)))
                for name in ([sheets[sheet.name]] if sheets and sheet.name in sheets else [] if sheets else tables)
                if (columns := recognise.columns(sheet, TABLES[name], self.how(name), self.words))
            ]
            if fits:
                found.append(self.read(sheet, max(fits, key=lambda fit: len(fit.columns))))
        return found

    def all_deals(self, headers: list[str]) -> str:
        """The name of the view that holds all deals, in the CRM that an export with these headers comes from."""
        return self.words.view(self.words.system(headers), self.settings.language)

    def how(self, table: str) -> TableMapping:
        """What mapping.yaml says of a table."""
        found: TableMapping = getattr(self.mapping, table)
        return found

    @cached_property
    def _mapped(self) -> set[str]:
        columns = [headers for table in TABLES for headers in self.how(table).columns.values()]
        return {recognise.plain(header) for headers in columns for header in recognise.wanted(headers)}

    def roles(self, header: str) -> set[str]:
        """Which of our columns a header may be, in any table."""
        said = recognise.plain(header)
        mapped = {
            column
            for table in TABLES
            for column, headers in self.how(table).columns.items()
            if said in map(recognise.plain, recognise.wanted(headers))
        }
        return mapped or {c for table in TABLES if (c := self.words.column(table, header))}

    def knows(self, header: str) -> bool:
        """Whether mapping.yaml or the known words hold a header."""
        return recognise.plain(header) in self._mapped or self.words.known(header)
