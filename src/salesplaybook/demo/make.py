"""The demo as a new user sees it: three projects from the template, their Mondays lived through, their pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from salesplaybook import language, template
from salesplaybook.batch import run
from salesplaybook.demo.projects import DemoProject, projects
from salesplaybook.project import Project

PERIODS = ("2026Q3", "2026-W41")  # the quarter just over, and the week of the newest export


def demo(into: Path) -> Iterator[str]:
    """Makes the demo projects in `into` (one that is there is kept) and runs their playbooks; yields what to print."""
    said = language.current()
    for found in projects():
        folder = into / found.folder
        if not folder.exists():
            yield said(
                "{name}: a project from the template, and {n} Monday exports",
                name=found.name,
                n=len(found.mondays),
            )
            live(found, into)
        here = Project.open(folder)
        for period in PERIODS:
            yield f"  {run.run(here, 'crm', period).page}"
    yield said("Open a page in the browser: every underlined number opens to its deals.")


def live(found: DemoProject, into: Path) -> Path:
    """A new project in which each Monday's export was dropped into data/ and filed, one after the other."""
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
    for monday in found.mondays:
        found.write_export(monday, folder / "data")
        Project.open(folder).file_exports()
    return folder
