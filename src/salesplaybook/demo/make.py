"""The demo as a new user sees it: three projects from the template, their Mondays lived through, their pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from salesplaybook import language, periods, template
from salesplaybook.batch import once, run
from salesplaybook.demo.manager import Manager
from salesplaybook.demo.projects import DemoProject, projects
from salesplaybook.demo.quarterly import MONDAY, Plan, Quarterly, year
from salesplaybook.demo.typist import Sheet, then
from salesplaybook.entries.kinds import KINDS
from salesplaybook.project import Project

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


def lived(
    found: DemoProject, into: Path, weeks: int = 15, mondays: int = 15, quarters: Quarterly | None = None
) -> Path:
    """A new project in which the last `weeks` of its first `mondays` were lived: the export filed, the playbook opened,
    what it proposes answered by the manager, and the page made, with what was typed; and the playbooks of its quarters,
    likewise. Before, exports are only filed."""
    folder = made(found, into)
    manager = Manager(found.manager, language.Language(found.language, found.currency))
    plan: Plan = quarters.plan if quarters else {}
    if quarters and quarters.effort != "none":
        here = Project.open(folder)
        here.save_entries("targets", year(found.currency), here.entries("targets").version)
    with once.each_file_read_once():
        for number, monday in enumerate(found.mondays[:mondays]):
            found.write_export(monday, folder / "data")
            if number < mondays - weeks:
                Project.open(folder).file_exports()
                continue
            for playbook, _, quarter in (name.partition(" ") for name in plan.get(monday, MONDAY)):
                if quarter and quarters:
                    live_quarter(quarters, folder, playbook, monday, quarter)
                else:
                    live_week(manager, folder, playbook, monday)
    return folder


def live_week(manager: Manager, folder: Path, playbook: str, monday: date) -> None:
    """Runs a Monday's playbook; once its body is there, the manager answers to it."""
    page = None
    for names in running(folder, playbook, monday):
        if page is None and (page := _body(names)):
            type_entries(manager, page, Project.open(folder))


def live_quarter(quarters: Quarterly, folder: Path, playbook: str, monday: date, quarter: str) -> None:
    """Runs a quarter's playbook as of a Monday; once its body is there, its form is filled in."""
    page = None
    for names in running(folder, playbook, monday, quarter):
        if page is None and (page := names.get("people") if playbook == "performance" else _body(names)):
            quarters.fill_in(playbook, page, names["window"], Sheet(then(folder, monday)))


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


def running(folder: Path, playbook: str, monday: date, period: str = "") -> Iterator[dict[str, Any]]:
    """Runs a playbook as of a Monday, for its week or another period, in this process: a kernel takes seconds to start.

    Yields all names that there are after each code cell.
    """
    given = {"project": str(folder), "period": period or periods.week_of(monday).name, "as_of": monday.isoformat()}
    names: dict[str, Any] = {}
    for cell in json.loads(run.find(Project.open(folder), playbook).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), playbook, "exec"), names)
            names |= given if "parameters" in cell["metadata"].get("tags", ()) else {}
            yield names


def _body(names: dict[str, Any]) -> Any:
    """The body of the page, where one of the cells has made it."""
    return next((v for v in names.values() if isinstance(v, BaseModel) and type(v).__name__ == "Body"), None)
