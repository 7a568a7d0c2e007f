"""The demo as a new user sees it: three projects from the template, their Mondays lived through, their pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from salesplaybook import language, notebooks, periods, template
from salesplaybook.batch import due, lean, once, run
from salesplaybook.demo.manager import Manager
from salesplaybook.demo.projects import DemoProject, projects
from salesplaybook.demo.quarterly import LATE, LITTLE, MONDAY, WHOLE, Effort, Plan, Quarterly, year
from salesplaybook.demo.typist import Sheet, then
from salesplaybook.entries.kinds import KINDS
from salesplaybook.pages import paper
from salesplaybook.project import Project

# The newest Monday, and the quarter just over: what a new user should open.
PAGES = (("weekly", "2026-W41"), ("crm", "2026Q3"), ("quarterly_review", "2026Q3"))
# Mondays that are lived wholly, of each project: a whole quarter; six weeks; a manager who began two weeks ago.
LIVED: tuple[tuple[int, Plan, Effort], ...] = ((15, WHOLE, "all"), (6, LATE, "some"), (2, LITTLE, "none"))


def demo(into: Path) -> Iterator[str]:
    """Makes the demo projects in `into` (one that is there is kept) and runs their playbooks; yields what to print."""
    said = language.current()
    lean.imports()
    from salesplaybook.batch import engine

    engine.register()
    options = {"engine_name": engine.NAME, "request_save_on_cell_execute": False}  # a kernel takes seconds to start
    for found, (weeks, plan, effort) in zip(projects(), LIVED, strict=True):
        folder, began = into / found.folder, time.process_time()
        if not folder.exists():
            yield said(
                "{name}: a project from the template, {n} Mondays with an export, {weeks} of them with a page and what "
                "was typed",
                name=found.name,
                n=len(found.mondays),
                weeks=weeks,
            )
            quarters = Quarterly(manager_of(found), plan, effort)
            lived(found, into, weeks, quarters=quarters)
            if told := quarters.told("2026Q3", said):
                yield f"  {told}"
            n = round(time.process_time() - began)
            yield f"  {said('{n:count} s of computing', n=n)}"
        here = Project.open(folder)
        for playbook, period in PAGES:
            # The review was made before the next quarter's goals were typed: as it was held.
            held = here.store.path("records", period, f"{playbook}.html")
            review = playbook == "quarterly_review" and held.exists()
            yield f"  {held if review else run.run(here, playbook, period, options=options).page}"
    yield said("Open a page in the browser: every underlined number opens to its deals.")


def manager_of(found: DemoProject) -> Manager:
    return Manager(found.manager, language.Language(found.language, found.currency))


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
    manager = manager_of(found)
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
            # Nobody hands an earlier week round, and printing it is a quarter of the work.
            with nullcontext() if monday == found.mondays[-1] else paper.left_out():
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
    if playbook == "quarterly_review":
        _refresh(folder, monday, quarter)
    page = None
    for names in running(folder, playbook, monday, quarter):
        if page is None and (page := names.get("people") if playbook == "performance" else _body(names)):
            quarters.fill_in(playbook, page, names["window"], Sheet(then(folder, monday)))


def _refresh(folder: Path, monday: date, quarter: str) -> None:
    """Makes again what the review reads and what is out of date, since more was typed after it."""
    here, taken = Project.open(folder), due.Taken()
    review, window = notebooks.read(here.store, "quarterly_review"), here.period(quarter, monday)
    for playbook in review.records if review else ():
        record = here.found(playbook, window, monday)
        if record and due.reasons(here, record, taken):
            list(running(folder, playbook, monday, record.period))


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
    _say_how_many_posts(folder, found.posts)
    _learn_from_those_of_its_language(folder, found.language)
    return folder


def _learn_from_those_of_its_language(folder: Path, language: str) -> None:
    """Of the projects beside it, the demo's others tell their lessons in another language."""
    path = folder / "project.yaml"
    text = path.read_text("utf-8")
    (said,) = re.findall(r"^lessons_from: \[(.*)\]$", text, re.MULTILINE)
    beside = [other for other in re.findall(r"'([^']+)'", said) if _speaks(folder / other, language)]
    line = ", ".join(f"'{other}'" for other in beside)
    path.write_text(text.replace(f"lessons_from: [{said}]", f"lessons_from: [{line}]"), "utf-8")


def _say_how_many_posts(folder: Path, posts: int | None) -> None:
    path = folder / "project.yaml"
    if posts:
        path.write_text(re.sub(r"^posts:$", f"posts: {posts}", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")


def _speaks(folder: Path, language: str) -> bool:
    return f"\nlanguage: {language}\n" in (folder / "project.yaml").read_text("utf-8")


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
