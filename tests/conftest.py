"""What tests share: Maven's data where they are, and projects made of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

MAVEN = Path(__file__).resolve().parents[2] / "shared" / "data" / "maven-crm"
# At most 30 lines: what a manager writes for this export.
MAVEN_MAPPING = """\
deals:
  columns:
    id: opportunity_id
    owner: sales_agent
    product: product
    account: account
    stage: deal_stage
    created: engage_date
    closed: close_date
    amount: close_value
  stages:
    Prospecting: open
    Engaging: open
    Won: won
    Lost: lost
  values:
    product: {GTXPro: GTX Pro}
  list_price: true
products:
  columns: {name: product, series: series, list_price: sales_price}
people:
  columns: {name: sales_agent, department: regional_office}
"""


def needed(available: bool, what: str) -> None:
    """Skips a test that can't run here; in CI, where everything is to be there, it fails."""
    if available:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must have it")
    pytest.skip(f"{what} is missing here")


def make_maven(folder: Path, language: str = "en") -> Path:
    """A project with Maven's export and its mapping."""
    needed(MAVEN.is_dir(), "../shared/data/maven-crm")
    (folder / "data").mkdir(parents=True)
    for file in MAVEN.glob("*.csv"):
        shutil.copyfile(file, folder / "data" / file.name)
    name = "硬件直销项目" if language == "zh_CN" else "Hardware direct sales"
    text = f"name: {name}\nlanguage: {language}\ncurrency: USD\ncountry: US\ntimezone: America/New_York\n"
    (folder / "project.yaml").write_text(text, "utf-8")
    (folder / "mapping.yaml").write_text(MAVEN_MAPPING, "utf-8")
    return folder


@pytest.fixture(scope="session")
def maven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maven's project, its export filed. Shared: tests may add records and nothing else."""
    from salesplaybook.project import Project

    folder = make_maven(tmp_path_factory.mktemp("maven") / "hardware")
    Project.open(folder).file_exports()
    return folder


@pytest.fixture(scope="session")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, Path], Path]:
    """Copies a demo project, all its exports filed, into a folder; it is made once for all of pytest's workers."""
    from salesplaybook.demo import make, projects

    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def copied(number: int, into: Path) -> Path:
        found = projects()[number]
        with FileLock(base / f"demo{number}.lock"):
            made = base / f"demo{number}" / found.folder
            if not made.exists():
                make.live(found, base / f"demo{number}")
        return Path(shutil.copytree(made, into / made.name))

    return copied


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quarter that takes minutes begins first, so that the other worker does the rest beside it."""
    items.sort(key=lambda item: item.path.name != "test_quarter.py")


@pytest.fixture(autouse=True)
def english() -> None:
    """What is said is English until a project is opened, whatever the test before has opened."""
    from salesplaybook import language

    language.use(language.Language("en"))
