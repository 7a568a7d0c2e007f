"""Which projects a batch is of: folders of projects, and folders that hold some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from salesplaybook.errors import ProjectError


def projects(folders: Sequence[Path]) -> list[Path]:
    """The projects that were named, each once, in the order of naming; of a folder of projects all, by name.

    ProjectError where none was named, or a folder is no project and holds none.
    """
    if not folders:
        raise ProjectError("Name a project's folder, or a folder that holds projects.")
    found: dict[Path, None] = {}
    for folder in folders:
        here = list(_in(folder.expanduser().resolve()))
        if not here:
            raise ProjectError(
                "{folder} is no project and holds none: there is no project.yaml in it or in a folder in it.",
                folder=str(folder),
            )
        for path in here:
            if any("\ud800" <= sign <= "\udfff" for sign in str(path)):
                raise ProjectError(
                    "The name of the folder {folder} can't be read as text. Rename it, then run again.",
                    folder=ascii(path.name),
                )
        found |= dict.fromkeys(here)
    return list(found)


def _in(folder: Path) -> Iterator[Path]:
    if (folder / "project.yaml").is_file():
        yield folder
    elif folder.is_dir():
        within = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
        yield from (p.resolve() for p in within if (p / "project.yaml").is_file())
