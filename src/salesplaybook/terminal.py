"""What `check` and `review` print: for people on a terminal, and a look for programs as JSON."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from ruamel.yaml import YAML

from salesplaybook import changes, language
from salesplaybook.batch.progress import STATES
from salesplaybook.batch.report import Failure, Report
from salesplaybook.batch.summary import SAVED, Summary
from salesplaybook.changes import Change
from salesplaybook.language import translate as _
from salesplaybook.looks import ColumnSeen, Look, Understood
from salesplaybook.names import STATUS_NAMES, TABLE_NAMES, column_name
from salesplaybook.project import Project
from salesplaybook.results import Message
from salesplaybook.tables.schema import STATUSES

ROWS = 5  # rows aside that are shown of a file; --json and the page have all
WIDE = 160  # columns of a table that is not for a terminal


def check(here: Project, found: Understood, yes: bool, whole: bool) -> None:
    """Prints a look and, on a yes, writes mapping.yaml; then the page."""
    whole = whole or (yes and not found.confirmed)  # what is confirmed is shown
    show(found, None if whole else changes.since_last(here.store, found), Console())
    if not found.looks:
        click.echo(
            _(
                "Export the deals from the CRM as Excel or CSV and put the file into the folder data/, under any name. "
                "Then run salesplaybook check again."
            )
        )
    if found.problems or not any(look.table for look in found.looks):
        return
    if not found.confirmed and (yes or (sys.stdin.isatty() and click.confirm(_("Is this right? Write mapping.yaml?")))):
        if here.confirm(found if yes else found.answered(_asked(found))):
            click.echo(_("Written: {file}", file=str(here.store.path("mapping.yaml"))))
        before, found = found, here.check()
        if changed := changes.between(before, found):
            show(found, changed, Console())
    elif not found.confirmed:
        click.echo(_("Not confirmed yet: say yes here on a terminal, or run: salesplaybook check --yes"))
    changes.keep(here.store, found)
    click.echo(str(here.save_check(found)))


def _asked(found: Understood) -> dict[tuple[str, str], Any]:
    """What a person says on the terminal that stages count as which aren't known; Enter leaves one open."""
    said: dict[tuple[str, str], Any] = {}
    for stage in found.unknown:
        question = _("What does '{stage}' ({n:rows}) count as? Enter: not known yet", stage=stage.value, n=stage.rows)
        choice = click.Choice(["", *STATUSES])
        if answer := click.prompt(question, default="", type=choice, show_default=False):
            said[stage.column, stage.value] = answer
    return said


def show(found: Understood, changed: list[Change] | None, console: Console) -> None:
    """Prints what was understood; where an earlier look is known, what has changed since."""
    if changed is not None:
        _show_changes(found, changed, console)
        return
    for look in found.looks:
        console.print(_line(look) if look.earlier else Padding(_look(look), (0, 0, 1, 0)))


def _show_changes(found: Understood, changed: list[Change], console: Console) -> None:
    for said in dict.fromkeys(_say(said) for look in found.looks for said in look.alarms):
        console.print(Text(said, style="red"))
    console.print(_("Since the last look:") if changed else _("Nothing has changed since the last look."), style="bold")
    for file in dict.fromkeys(c.file for c in changed):
        console.print(Text(file, style="bold"))
        for c in changed:
            if c.file == file:
                console.print(Text(f"  {c.sign} {_say(c.text)}", style="red" if c.sign == "-" else "green"))
    for look in found.looks:
        if look.table == "deals" and not look.problem and not look.earlier:
            console.print(Text(f"{look.file}: "), _numbers(look), sep="")


def _look(look: Look) -> Group:
    parts: list[RenderableType] = [Text(_title(look), style="bold")]
    parts += [Text(_say(said), style="red") for said in ([look.problem] if look.problem else look.alarms)]
    if look.missing and not look.table:
        parts += [_columns(look), *_lines_to_write(look)]
    if not look.table:
        return Group(*parts, *([] if look.problem else [Text(_("no table of ours: not used"))]))
    if look.table == "deals":
        parts.append(_numbers(look))
    parts.append(_columns(look))
    if look.stages:
        tables = [_stages(look, column, head) for column, head in (("status", _("status")), ("stage", _("stage")))]
        parts.append(Columns([t for t in tables if t.row_count], padding=(0, 6), expand=False))
    parts += [Text(f"· {line}") for line in _lines(look)]
    if look.aside:
        parts.append(_aside(look))
    return Group(*parts)


def _line(look: Look) -> Text:
    """An export that is filed, and has a newer one."""
    aside = _("{n:rows} put aside", n=len(look.aside)) if look.aside else ""
    won = "" if look.won_amount is None else _("won amount {amount:money}", amount=look.won_amount)
    return Text(_comma([_title(look), won, aside]))


def _title(look: Look) -> str:
    name = look.file + (f" [{look.sheet}]" if look.sheet else "")
    if not look.table:
        return name
    said = _("read as {table:text}, {rows:rows}", table=TABLE_NAMES[look.table], rows=look.rows)
    day = _("as of {day:iso}", day=look.day) if look.day else ""
    return ": ".join([name, _comma([said, day])])


def _numbers(look: Look) -> Text:
    """The three numbers by which people recognise their own data."""
    say = language.current()
    counts = [f"{say(STATUS_NAMES[s])} {say.count(n)}" for s, n in look.statuses.items()]
    won = _("won amount {amount}", amount=f"{say.exact(look.won_amount)} {say.currency}")
    going_on = _("open amount {amount}", amount=f"{say.exact(look.open_amount)} {say.currency}")
    return Text(_comma([*counts, won, going_on]), style="bold cyan")


def _columns(look: Look) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    heads = {
        "mapping": _("columns, by mapping.yaml"),
        "known": _("columns recognised"),
        "guess": _("columns guessed"),
        "unknown": _("not recognised"),
        "unused": _("not used"),
    }
    for how, head in heads.items():
        said = [_column(c) for c in look.columns if c.how == how]
        if said:
            table.add_row(Text(head, style="yellow" if how in ("guess", "unknown") else ""), Text(_comma(said)))
    return table


def _lines_to_write(look: Look) -> Iterator[Text]:
    """What to write into mapping.yaml for the headers that are most likely the missing columns."""
    likely = {m.column: m.likely for m in look.missing if m.likely}
    if not any(m.likely for m in look.missing if m.needed):
        return
    lines = io.StringIO()
    yaml = YAML()
    yaml.width, yaml.indent = 1000, 2
    yaml.dump({"deals": {"columns": likely}}, lines)
    yield Text(_("Probably, by what is in them; if so, write into mapping.yaml:"))
    yield Text(lines.getvalue().rstrip(), style="bold")


def _column(seen: ColumnSeen) -> str:
    return seen.header + (f" → {column_name(seen.column, language.current())}" if seen.column else "")


def _stages(look: Look, column: str, head: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title, justify in ((head, "left"), (_("rows"), "right"), (_("counts as"), "left")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for s in (s for s in look.stages if s.column == column):
        counts = _(STATUS_NAMES[s.counts_as]) if s.counts_as else _("not known")
        guess = f" ({_('guessed')})" if s.how == "guess" else ""
        table.add_row(
            Text(s.value), str(s.rows), Text(counts + guess, style="yellow" if guess or not s.counts_as else "")
        )
    return table


def _lines(look: Look) -> Iterator[str]:
    for f in (f for f in look.findings if f.text not in look.alarms):
        amount = f" ({language.current().money(f.cents)})" if f.cents and f.kind != "no amount" else ""
        yield _say(f.text) + amount
    for column, renames in look.guesses.values.items():
        for old, new in renames.items():
            yield _("{column}: {old} is probably {new} (guessed)", column=column, old=old, new=new)
    for row, kind, text in look.passed:
        if kind != "above":
            yield _("row {row} passed over: {text}", row=row, text=text)


def _aside(look: Look) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), title=_("{n:rows} put aside", n=len(look.aside)))
    table.title_justify = "left"
    for head in (_("Row"), _("Column"), _("Found"), _("Why")):
        table.add_column(head)
    for a in look.aside[:ROWS]:
        table.add_row(str(a.row), Text(a.column), Text(a.value[:40]), Text(_say(a.why)))
    return table


def _say(message: Message) -> str:
    return _(message.text, **message.values)


def _comma(parts: list[str]) -> str:
    return ("，" if language.current().chinese else ", ").join(p for p in parts if p)


def as_json(found: Understood) -> dict[str, Any]:
    """The look for programs: texts in the project's language, amounts as decimal text, days as ISO."""
    return {
        "confirmed": found.confirmed,
        "problems": [_say(p) for p in found.problems],
        "files": [_as_json(look) for look in found.looks],
    }


def _as_json(look: Look) -> dict[str, Any]:
    places = language.digits(language.current().currency)

    def amount(cents: int | None) -> str | None:
        return None if cents is None else str(Decimal(cents).scaleb(-places))

    plain = look.model_dump(mode="json", exclude={"problem", "aside", "findings", "won_amount", "open_amount"})
    return plain | {
        "problem": _say(look.problem) if look.problem else None,
        "totals": look.totals,
        "won_amount": amount(look.won_amount),
        "open_amount": amount(look.open_amount),
        "aside": [a.model_dump() | {"why": _say(a.why)} for a in look.aside],
        "findings": [
            {"kind": f.kind, "text": _say(f.text), "rows": f.rows, "amount": amount(f.cents)} for f in look.findings
        ],
    }


def summary(found: Summary, into: Path) -> None:
    """Prints what became of the projects of a batch, where and why something failed, and where the rest is."""
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    counts = [f"{n} {_(STATES[state])}" for state, n in found.counts.items() if n]
    console.print(Text(_("{n:count} projects: {counts:list}", n=len(found.projects), counts=counts), style="bold"))
    failed = [(r.project, f.playbook, f.where, _why(r, f)) for r in found.projects for f in r.failures]
    missing = [(report.project, gap) for report in found.projects for gap in report.gaps]
    _table(console, _("What failed"), (_("Project"), _("Playbook"), _("Cell"), _("Why")), failed)
    _table(console, _("What is missing"), (_("Project"), _("Gap")), missing)
    for name in SAVED:
        click.echo(str((into / name).resolve()))


def _why(report: Report, failure: Failure) -> str:
    kept = str(Path(report.folder) / failure.notebook) if failure.notebook else ""
    return f"{failure.sentence}\n{kept}".strip()


def _table(console: Console, title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
