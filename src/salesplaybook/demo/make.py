"""The demo as a new user sees it: three projects from the template, their Mondays lived through, their pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from salesplaybook import filing, language, periods, template
from salesplaybook.batch import run
from salesplaybook.demo.manager import Manager
from salesplaybook.demo.projects import DemoProject, projects
from salesplaybook.entries.kinds import KINDS
from salesplaybook.filing import Filed
from salesplaybook.project import Project
from salesplaybook.store import Store
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading

# The newest Monday, and the quarter just over: what a new user should open.
PAGES = (("weekly", "2026-W41"), ("crm", "2026Q3"))
# Mondays that are lived wholly, of each project: a whole quarter; six weeks; a manager who began two weeks ago.
LIVED = (15, 6, 2)


def demo(into: Path) -> Iterator[str]:
    """Makes the demo projects in `into` (one that is there is kept) and runs their playbooks; yields what to print."""
    said = language.current()
    for found, weeks in zip(projects(), LIVED, strict=True):
        folder = into / found.folder
        if not folder.exists():
            yield said(
                "{name}: a project from the template, {n} Mondays with an export, {weeks} of them with a page and what "
                "was typed",
                name=found.name,
                n=len(found.mondays),
                weeks=weeks,
            )
            lived(found, into, weeks)
        here = Project.open(folder)
        for playbook, period in PAGES:
            yield f"  {run.run(here, playbook, period).page}"
    yield said("Open a page in the browser: every underlined number opens to its deals.")


def live(found: DemoProject, into: Path) -> Path:
    """A new project in which each Monday's export was dropped into data/ and filed, one after the other."""
    folder = made(found, into)
    for monday in found.mondays:
        found.write_export(monday, folder / "data")
        Project.open(folder).file_exports()
    return folder


def lived(found: DemoProject, into: Path, weeks: int = 15, mondays: int = 15) -> Path:
    """A new project in which the last `weeks` of its first `mondays` were lived: the export filed, the playbook opened,
    what it proposes answered by the manager, and the page made, with what was typed. Before, exports are only filed."""
    folder = made(found, into)
    manager = Manager(found.manager, language.Language(found.language, found.currency))
    with _each_file_read_once():
        for number, monday in enumerate(found.mondays[:mondays]):
            found.write_export(monday, folder / "data")
            if number < mondays - weeks:
                Project.open(folder).file_exports()
                continue
            page = None
            for names in running(folder, "weekly", monday):
                if page is None and (page := _body(names)):
                    type_entries(manager, page, Project.open(folder))
    return folder


def made(found: DemoProject, into: Path) -> Path:
    """A new project with its mapping.yaml, and no export yet."""
    folder = template.make_project(
        found.name,
        folder=found.folder,
        manager=found.manager,
        language=found.language,
        into=into,
        currency=found.currency,
        country=found.country,
        timezone=found.timezone,
    )
    (folder / "mapping.yaml").write_text(found.mapping, "utf-8")
    return folder


def type_entries(manager: Manager, body: Any, here: Project) -> None:
    """What the manager answers to the page, saved in entries/."""
    kept = {kind: here.entries(kind) for kind in KINDS}
    for kind, rows in manager.types(body, {kind: known.rows for kind, known in kept.items()}).items():
        if rows != kept[kind].rows:
            here.save_entries(kind, rows, kept[kind].version)


def running(folder: Path, playbook: str, monday: date) -> Iterator[dict[str, Any]]:
    """Runs a playbook for a Monday in this process, and not in a kernel, which takes seconds to start.

    Yields all names that there are after each code cell.
    """
    given = {"project": str(folder), "period": periods.week_of(monday).name, "as_of": monday.isoformat()}
    names: dict[str, Any] = {}
    for cell in json.loads(run.find(Project.open(folder), playbook).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), playbook, "exec"), names)
            names |= given if "parameters" in cell["metadata"].get("tags", ()) else {}
            yield names


def _body(names: dict[str, Any]) -> Any:
    """The body of the page, where one of the cells has made it."""
    return next((v for v in names.values() if isinstance(v, BaseModel) and type(v).__name__ == "Body"), None)


@contextmanager
def _each_file_read_once() -> Iterator[None]:
    """Within it, an export that is filed is parsed once, not anew by every notebook that runs in this process."""
    parse, known = filing.read_filed, {}

    def read_filed(store: Store, filed: Filed, reader: Reader) -> list[Reading]:
        key = (filed.path, filed.sha256)
        if key not in known:
            known[key] = parse(store, filed, reader)
        return known[key]

    filing.read_filed = read_filed
    try:
        yield
    finally:
        filing.read_filed = parse
