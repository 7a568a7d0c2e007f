"""Many small projects, made quickly: what a batch is tried on. The first four have each something wrong with them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from salesplaybook.demo.company import CHINA_QUIET, US_QUIET, simulate
from salesplaybook.demo.dialects import FXIAOKE, SHEET, ZOHO, Dialect
from salesplaybook.demo.projects import MONDAYS, DemoProject
from salesplaybook.demo.words import AUTOMATION, CHANNELS, PARKS, Words
from salesplaybook.share import share

PERIOD = "2026Q3"
EXPORTS = (MONDAYS[0], MONDAYS[-2], MONDAYS[-1])  # the opening of the quarter, its last week, and its end
FAULTS = ("unreadable row", "broken entries", "own playbook stops", "no data")


@dataclass(frozen=True)
class _Kind:
    name: str
    dialect: Dialect
    words: Words
    language: str
    currency: str
    country: str
    timezone: str


KINDS = (
    _Kind("{place} Automation", ZOHO, AUTOMATION, "en", "USD", "US", "America/New_York"),
    _Kind("{place}智慧园区", FXIAOKE, PARKS, "zh_CN", "CNY", "CN", "Asia/Shanghai"),
    _Kind("{place}渠道", SHEET, CHANNELS, "zh_CN", "CNY", "CN", "Asia/Shanghai"),
)


def many(n: int, into: Path, faults: bool = True) -> list[Path]:
    """Makes `n` projects in the folder `into`, each with three exports and a target; with `faults`, the first four
    have one each, as `FAULTS` names them: a row that can't be read, entries that can't, a playbook of its own that
    stops, and no export at all. The same `n` gives the same projects."""
    folders = [_project(number, into) for number in range(n)]
    if faults:
        _unreadable(folders[0])
        (folders[1] / "entries" / "risks.yaml").write_text("- id: r1\n  cause: [never closed\n", "utf-8")
        _stops(folders[2])
        for file in (folders[3] / "data").iterdir():
            file.unlink()
    return folders


def _project(number: int, into: Path) -> Path:
    kind, folder = KINDS[number % len(KINDS)], into / f"project-{number + 1:02}"
    place = kind.words.places[number // len(KINDS) % len(kind.words.places)]
    name = kind.name.format(place=place)
    company = simulate(
        7000 + number,
        first=date(2025, 4, 1),
        words=kind.words,
        stages=kind.dialect.stages,
        new_id=kind.dialect.new_id,
        quiet=US_QUIET if kind.country == "US" else CHINA_QUIET,
        deals_a_month=4 + number % 5,
    )
    manager = kind.words.people[number % len(kind.words.people)][0]
    found = DemoProject(
        name=name,
        folder=folder.name,
        language=kind.language,
        manager=manager,
        currency=kind.currency,
        country=kind.country,
        timezone=kind.timezone,
        dialect=kind.dialect,
        company=company,
    )
    for part in ("data", "entries"):
        (folder / part).mkdir(parents=True)
    # In quotes, as the template writes them; no copies of the playbooks: one of many takes the package's.
    settings = {"name": name, "manager": manager, "language": kind.language, "currency": kind.currency}
    settings |= {"country": kind.country, "timezone": kind.timezone}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in settings.items()]
    (folder / "project.yaml").write_text("".join(lines), "utf-8")
    (folder / "mapping.yaml").write_text(found.mapping, "utf-8")
    for monday in EXPORTS:
        found.write_export(monday, folder / "data")
    won = company.export(EXPORTS[-1]).query("status == 'won' and closed >= '2026-07-01'")["amount"].sum()
    target = max(round(won * (0.7 + number % 7 / 10) / 10_000_000), 1) * 100_000
    rows = [f"- {{id: t{q}, period: 2026Q{q}, metric: bookings, amount: {target}}}\n" for q in (3, 4)]
    (folder / "entries" / "targets.yaml").write_text("".join(rows), "utf-8")
    return folder


def _unreadable(folder: Path) -> None:
    """A slip of the keyboard in the amount of the last row of the newest export."""
    newest = max((folder / "data").glob("Deals_*.csv"))
    with newest.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[-1][rows[0].index("Amount")] = "12k5"
    with newest.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _stops(folder: Path) -> None:
    """The project's own copy of `risk`, with a slip of the pen in a cell."""
    notebook = json.loads((share() / "playbooks" / "risk.ipynb").read_text("utf-8"))
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code" and "body(" in "".join(c["source"]))
    cell["source"] = ["# a slip of the pen\n", "share = 1 / 0"]
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "risk.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
