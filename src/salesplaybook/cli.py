"""The command line: one verb, one function. Nothing heavy is imported before a verb needs it, so that help is quick."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from salesplaybook import __version__, language
from salesplaybook.errors import PlaybookError
from salesplaybook.language import translate as _

FOLDER = click.Path(path_type=Path)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("An export goes in, an honest page comes out: playbooks for managers of sales projects."),
)
@click.version_option(__version__)
def app() -> None:
    pass


def verb(help: str, *examples: str, name: str | None = None) -> Callable[[Callable[..., None]], click.Command]:
    """A command whose help ends with examples."""
    shown = "\b\n" + "\n".join([_("Examples:"), *(f"  salesplaybook {e}" for e in examples)])
    return app.command(name, help=help, epilog=shown)


project_option = click.option("--project", default="", help=_("The project's folder; empty: the one you are in."))
period_option = click.option(
    "--period",
    default="",
    help=_("2026Q3, 2026-09, 2026 or 2026-W39, which tells of the week before; empty: the newest."),
)


@verb(
    _("Makes a project folder from the template; asks what is not given."),
    "new",
    "new 华东智慧园区 --manager 王敏",
    "new 'East Smart Park' --language en --folder east-park",
)
@click.argument("name", default="")
@click.option("--folder", default="", help=_("The folder's name; empty: the project's name."))
@click.option("--manager", default="", help=_("The manager's name."))
@click.option("--language", "code", default="", help=_("zh_CN or en; empty: Chinese where a name is."))
@click.option("--into", type=FOLDER, default=Path("."), help=_("Where the folder is made."))
def new(name: str, folder: str, manager: str, code: str, into: Path) -> None:
    from salesplaybook import settings, template

    given = {"name": name, "folder": folder, "manager": manager, "language": code}
    answers: dict[str, Any] = {k: v for k, v in given.items() if v}
    answers = answers | template.ask(answers) if not name else answers
    answers.setdefault("language", template.likely_language(name, manager))
    language.use(language.Language(template.check_language(answers["language"])))
    made = template.make_project(**answers, into=into)
    click.echo(
        _(
            "Made {folder}. Put an export into {data}, then: salesplaybook check --project {folder}, and: "
            "salesplaybook run weekly --project {folder}",
            folder=str(made),
            data=str(made / "data"),
        )
    )
    lent = settings.read((made / "project.yaml").read_text("utf-8"), settings.Settings, "project.yaml").lessons_from
    if lent:
        click.echo(
            _(
                "Lessons of the projects beside it will be found again here ({projects:list}); take out of "
                "lessons_from: in project.yaml those that are none of its business.",
                projects=[Path(other).name for other in lent[:5]] + ["…"] * (len(lent) > 5),
            )
        )


@verb(
    _("Runs playbooks on a project and prints the paths of their pages."),
    "run weekly",
    "run weekly crm --project acme",
    "run crm --period 2026Q3 --as-of 2026-09-30",
    "run weekly --owner 'Zhang Wei'",
)
@click.argument("playbooks", nargs=-1, required=True, metavar="PLAYBOOK...")
@project_option
@period_option
@click.option("--as-of", default="", help=_("The last day to know about, 2026-09-30; empty: the newest export's."))
@click.option("--owner", default="", help=_("One person's cut for a one-to-one, in records/private/."))
@click.option("-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help=_("A parameter of the playbook."))
def run(
    playbooks: tuple[str, ...],
    project: str,
    period: str,
    as_of: str,
    owner: str,
    given: tuple[tuple[str, str], ...],
) -> None:
    from salesplaybook import filing
    from salesplaybook.batch import run as batch
    from salesplaybook.project import Project

    parameters = dict(given) | ({"owner": owner} if owner else {})
    here = Project.open(parameters.pop("project", project))
    period, as_of = parameters.pop("period", period), parameters.pop("as_of", as_of)
    for name in playbooks:
        batch.check_parameters(batch.find(here, name), parameters)
    last = max((f.number for f in filing.filed(here.store)), default=0)
    for name in playbooks:
        page = batch.run(here, name, period, as_of, parameters).page
        click.echo(str(page))
        if note := here.link(page).note:
            click.echo(note, err=True)
    for said in filing.overruled(here.store, last):
        click.echo(_(said.text, **said.values), err=True)
    for file, headers in here.unfit:
        click.echo(
            _(
                "{file} in data/ was not used: no table in mapping.yaml has its columns ({headers:list}). "
                "The header must be the first row.",
                file=file,
                headers=headers[:12],
            ),
            err=True,
        )
    newest = here.resolve()
    if as_of and as_of < newest.isoformat():
        click.echo(
            _(
                "As of {day}: this replaces the period's page, though the newest export is of {newest:iso}. "
                "Run again without --as-of to have the newest.",
                day=as_of,
                newest=newest,
            ),
            err=True,
        )


@verb(
    _("Shows what is understood of the files in data/, and on a yes writes mapping.yaml. Computes nothing."),
    "check --project acme",
    "check --yes",
    "check --json",
)
@project_option
@click.option("--yes", is_flag=True, help=_("Confirm: write mapping.yaml without asking."))
@click.option("--all", "whole", is_flag=True, help=_("Show all, not only what has changed since the last look."))
@click.option("--json", "as_json", is_flag=True, help=_("The same for programs; writes nothing."))
def check(project: str, yes: bool, whole: bool, as_json: bool) -> None:
    from salesplaybook import terminal
    from salesplaybook.project import Project

    here = Project.open(project)
    found = here.check()
    if as_json:
        click.echo(json.dumps(terminal.as_json(found), ensure_ascii=False, indent=1))
    else:
        terminal.check(here, found, yes, whole)
    if found.problems:
        sys.exit(2)


@verb(
    _(
        "Makes the quarterly review of each project: runs its playbooks that are due, then the review. A folder of "
        "projects counts as all of them. What fails, fails alone; run again, it does what is not done. Exit code: 0 "
        "all well, 1 something failed, 2 wrong use, 130 stopped by Ctrl-C."
    ),
    "review acme --period 2026Q3",
    "review projects --period 2026Q3 --workers 4",
    "review north south --period 2026Q3 --into reports",
)
@click.argument("projects", nargs=-1, type=FOLDER, metavar="PROJECT...")
@click.option("--period", default="", help=_("The quarter, 2026Q3; empty: each project's last that is over."))
@click.option("--workers", default=0, type=click.IntRange(0), help=_("How many at once; empty: one a processor."))
@click.option("--into", type=FOLDER, default=Path("."), help=_("Where summary.html, .json and .log go; empty: here."))
@click.option("--all", "every", is_flag=True, help=_("Run all playbooks, not only those that are due."))
@click.option("--timeout", default=600, type=click.IntRange(1), help=_("The seconds that a cell may take; empty: 600."))
def review(projects: tuple[Path, ...], period: str, workers: int, into: Path, every: bool, timeout: int) -> None:
    try:
        from salesplaybook import terminal
        from salesplaybook.batch import reviews

        summary = reviews.make(projects, period, workers=workers, into=into, every=every, patience=timeout)
    except KeyboardInterrupt:  # before anything was begun
        sys.exit(130)
    terminal.summary(summary, into)
    sys.exit(summary.code)


@verb(_("Says which playbooks are due, and why."), "status", "status --project acme --period 2026Q3")
@project_option
@period_option
def status(project: str, period: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from salesplaybook.batch import due
    from salesplaybook.project import Project

    here = Project.open(project)
    table = Table(_("playbook"), _("period"), _("last run"), _("due"), title=here.settings.name, title_justify="left")
    for item in due.standing(here, period):
        why = "; ".join(_(m.text, **m.values) for m in item.reasons)
        table.add_row(item.playbook, item.period, item.made_at[:16].replace("T", " ") or "–", why or _("up to date"))
    Console().print(table)
    unknown = here.unrecognised()
    if unknown:
        click.echo(_("Not recognised in data/: {files:list}", files=unknown))


@verb(_("Opens a page in the browser and prints its path."), "open", "open crm --period 2026Q3", name="open")
@click.argument("playbook", default="weekly")
@project_option
@click.option("--period", default="", help=_("2026Q3, 2026-W39, 2026-09 or 2026; empty: the page made last."))
def open_page(playbook: str, project: str, period: str) -> None:
    import webbrowser

    from salesplaybook.project import Project

    path = Project.open(project).page(playbook, period)
    click.echo(str(path))
    webbrowser.open(path.as_uri())


@verb(
    _("Opens JupyterLab on the project, on its Monday page; for this computer alone."),
    "lab",
    "lab --project acme --port 8888",
)
@project_option
@click.option("--port", default=0, type=click.IntRange(0, 65535), help=_("The port; empty: any that is free."))
@click.option("--no-browser", is_flag=True, help=_("Open no browser, print the address only."))
def lab(project: str, port: int, no_browser: bool) -> None:
    from salesplaybook import lab as jupyter
    from salesplaybook.project import Project

    jupyter.open_lab(Project.open(project), port, not no_browser)


@verb(
    _("Makes three projects of an invented company, runs their playbooks and prints the paths of the pages."),
    "demo",
    "demo --into my-demo",
)
@click.option("--into", type=FOLDER, default=Path("salesplaybook-demo"), help=_("Where the projects are made."))
def demo(into: Path) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads can't be forked
    from salesplaybook.demo import make

    for line in make.demo(into):
        click.echo(line)


def main() -> None:
    """The entry point: a trouble that the user can mend is one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows ? instead of failing
    try:
        app(prog_name="salesplaybook")
    except PlaybookError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
