"""What an export shows only beside others: that it is old, a narrowed view, or has deals on two of its sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from salesplaybook import completeness, dating, history
from salesplaybook.looks import NAME_OVERRULED, Known, Look
from salesplaybook.results import say
from salesplaybook.tables.findings import Finding
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading


def hold(looks: Sequence[tuple[Look, Reading]], known: Sequence[Known], reader: Reader) -> None:
    """Adds to the looks at deals what they show beside the filed exports (`known`), and beside one another."""
    files = [(f.name, str(f.day), day) for f, day, _ in known]
    files += [(look.file, "", look.day) for look, _ in looks if look.day]
    complete = completeness.complete(reader.mapping, files)
    filed = [(day, r) for _, day, readings in known for r in readings if r.table == "deals"]
    new = [(look.day, r) for look, r in looks if look.day and not look.filed and not look.guessed]
    narrowed = completeness.narrowed(history.exports([*filed, *new]), complete)
    newest = max((day for day, _ in filed), default=None)
    for look, found in looks:
        if look.day is None or look.problem or look.guessed:
            continue
        if newest and look.day < newest and not look.filed:
            text = say(
                "This export is of {day:iso}, older than the last one ({newest:iso}): it is filed under its own day, "
                "and pages stand on the newest",
                day=look.day,
                newest=newest,
            )
            look.findings.append(Finding(kind="older", text=text))
        if str(look.day) not in reader.mapping.dates:
            look.findings = [*_named(look), *look.findings]
        if look.day in narrowed:
            text = completeness.sentence(narrowed[look.day], reader.all_deals(found.header))
            look.findings.append(Finding(kind=f"narrowed: {narrowed[look.day].why}", text=text))
    for file in dict.fromkeys(look.file for look, _ in looks):
        _sheets([(look, found) for look, found in looks if look.file == file])


def _named(look: Look) -> Iterator[Finding]:
    """That the day in a file's name was not believed: rows tell of later ones, or none of the last month before it."""
    named = dating.day_in_name(look.file)
    if look.day and (overruled := dating.overruled(look.file, look.day, look.dated_by)):
        yield Finding(kind=NAME_OVERRULED, text=overruled)
    elif named and named != look.day and look.dated_by == "newest":
        text = say(
            "Its name says {named:iso}, but the newest date in it is {day:iso}: it counts as of that day. If the name "
            "is right, write in mapping.yaml: dates: {{'{file}': {named}}}",
            named=named,
            day=look.day,
            file=look.file,
        )
        yield Finding(kind="name not believed", text=text)


def _sheets(looks: Sequence[tuple[Look, Reading]]) -> None:
    """Of a workbook with deals on several sheets: its numbers together, and the deals that stand on two."""
    if len(looks) < 2:
        return
    seen: set[str] = set()
    for look, found in looks:
        twice = found.frame[found.frame.index.isin(seen)]
        seen.update(found.frame.index)
        if len(twice):
            text = say("{n:deals} stand on an earlier sheet of this workbook too; this sheet counts", n=len(twice))
            look.findings.append(Finding(kind="on two sheets", text=text, rows=[int(r) for r in twice["row"]]))
    together = history.exports([(date.min, found) for _, found in looks])[0].frame
    won = together[together["status"] == "won"]
    text = say(
        "All sheets of {file} together: {open:count} open, {won:count} won, {lost:count} lost, "
        "won amount {amount:money}",
        file=looks[0][0].file,
        open=int((together["status"] == "open").sum()),
        won=len(won),
        lost=int((together["status"] == "lost").sum()),
        amount=int(won["amount"].sum()),
    )
    looks[0][0].findings.append(Finding(kind="all sheets", text=text))
