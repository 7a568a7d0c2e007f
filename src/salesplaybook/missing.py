"""Which columns of deals no header is known for, and which headers may be them: for a person to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from salesplaybook.looks import ColumnSeen, Header, How, Look, Missing
from salesplaybook.names import column_names
from salesplaybook.results import say
from salesplaybook.tables import guesses, recognise, values
from salesplaybook.tables.layout import Sheet
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.schema import DEALS

SAMPLES, LONGEST = 3, 12  # cells that are shown of a header, and their letters
PEOPLE = 40  # a column with more different texts names no owners
TEXTS = 6  # a column with fewer names no customers and no steps
# What is asked of a sheet that isn't recognised, and of one that is: numbers that pages stand on.
ALL = ("amount", "owner", "expected_close", "closed", "account", "created", "last_activity", "next_step")
FEW = ("amount", "owner", "expected_close", "closed")
NEEDED = {("id", "name"): "name", ("stage", "status", "is_won"): "stage"}  # of each group of needs, the one to ask for


def offer(look: Look, sheet: Sheet, reader: Reader) -> None:
    """Puts into a look what is missing in a sheet of deals, or in one that may be; and what is known of the others."""
    if len({h for h in sheet.header if h}) < 3 or len(sheet.rows) < 2:
        return
    if look.table is None:
        _describe(look, sheet, reader)
    there = {c.column for c in look.columns}
    free = [_free(sheet, c.header) for c in look.columns if c.how == "unknown"]
    free = [f for f in free if f.cells]
    needed = [NEEDED[group] for group in DEALS.needs if not there & {*group}]
    for column in [*needed, *(c for c in (FEW if look.table else ALL) if c not in there)]:
        ranks = {f.name: _likelihood(column, f, sheet, reader) for f in free}
        if column in needed or any(ranks.values()):
            ranked = sorted(free, key=lambda f: -ranks[f.name])
            headers = [Header(name=f.name, samples=f.samples) for f in ranked if column in needed or ranks[f.name]]
            left = [f.name for f in ranked if ranks[f.name] and f.name not in {m.likely for m in look.missing}]
            likely = left[0] if left and (column in needed or len(left) == 1) else ""
            look.missing.append(Missing(column=column, needed=column in needed, headers=headers, likely=likely))
    if needed and there - {None}:
        look.problem = say(
            "{file} looks like a table of deals, but it is not known which of its columns is the {lacking:list}. "
            "Say it once, and all later exports are read so.",
            file=look.file,
            lacking=column_names(needed),
        )


class _Header(NamedTuple):
    name: str
    cells: list[str]

    @property
    def samples(self) -> list[str]:
        texts = [c if len(c) <= LONGEST else c[:LONGEST] + "…" for c in dict.fromkeys(self.cells)]
        return texts[:SAMPLES]


def _free(sheet: Sheet, header: str) -> _Header:
    at = sheet.header.index(header)
    cells = (values.text(row[at]) for _, row in sheet.rows[: guesses.SAMPLE] if at < len(row))
    return _Header(header, [c.removesuffix(" 00:00:00") for c in cells if c])


def _describe(look: Look, sheet: Sheet, reader: Reader) -> None:
    """The headers of a sheet that no table fits, as columns of deals."""
    own = reader.how("deals")
    known = {c: headers[0] for c, headers in recognise.candidates(sheet, DEALS, own, reader.words).items()}
    ours = {header: column for column, header in known.items()}
    alike = guesses.alike(sheet, DEALS, known, reader.words)
    look.columns = []
    for header in dict.fromkeys(h for h in sheet.header if h):
        column = ours.get(header) or alike.get(header)
        unused = reader.words.unused("deals", header)
        how: How = "known" if header in ours else "guess" if column else "unused" if unused else "unknown"
        look.columns.append(ColumnSeen(header=header, column=column, how=how))


def _likelihood(column: str, header: _Header, sheet: Sheet, reader: Reader) -> float:
    """How likely a header is one of our columns, by its cells alone; 0 where it is not."""
    holds = DEALS.columns[column]
    if holds != "text":
        return float(guesses.mostly(sheet, header.name, holds))
    if guesses.mostly(sheet, header.name, "date") or guesses.mostly(sheet, header.name, "money"):
        return 0
    different = len(set(header.cells))
    share = different / len(header.cells)
    by_cells: dict[str, Callable[[], float]] = {
        # Few values, of which we know some; the fewer, the likelier.
        "stage": lambda: (
            (1 - share) * (0.2 + len(guesses.stages([*{*header.cells}], reader.words)) / different)
            if 2 <= different <= len(header.cells) / 2
            else 0
        ),
        "owner": lambda: 1 - share if 2 <= different <= min(PEOPLE, len(header.cells) / 2) else 0,
        "name": lambda: share,
        "account": lambda: share if different >= TEXTS else 0,
        "next_step": lambda: share if different >= TEXTS else 0,
    }
    return by_cells[column]()
