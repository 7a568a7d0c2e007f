"""Where a playbook's notebook is, and what it says of itself: its code, what it looks at, its kind of period."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from salesplaybook.errors import ProjectError
from salesplaybook.periods import Kind
from salesplaybook.share import share
from salesplaybook.store import Store, sha256


class Notebook(NamedTuple):
    """A playbook's notebook: `kind` is the kind of period that it takes by default, the running one or (`over`) the
    last that is over; `looks_at` the tables, `entries` the kinds of entries that it reads (None: all, of one that says
    nothing), `records` the playbooks whose records of the period it reads; `schema_number` the form of its record."""

    path: Path
    code: str
    kind: Kind = "quarter"
    looks_at: tuple[str, ...] | None = None
    entries: tuple[str, ...] | None = None
    over: bool = False
    records: tuple[str, ...] = ()
    schema_number: int | None = None


def find(store: Store, name: str) -> Path | None:
    """The notebook of a playbook: the project's own copy, else the package's; None where there is none."""
    own = store.path("playbooks", f"{name}.ipynb")
    packed = share() / "playbooks" / f"{name}.ipynb"
    return own if own.is_file() else packed if packed.is_file() else None


def content(path: Path) -> dict[str, Any]:
    """A notebook as it is saved. ProjectError where it is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise ProjectError(
            "playbooks/{name}.ipynb is damaged: it can't be read as a notebook. Put back the copy that came with the "
            "project, or delete it: then ours is taken.",
            name=path.stem,
        ) from None
    return found


def read(store: Store, name: str) -> Notebook | None:
    """What the notebook of a playbook says of itself; `code` is the hash of its code cells, "" of a damaged
    one."""
    path = find(store, name)
    if path is None:
        return None
    try:
        notebook = content(path)
        code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    except (ProjectError, KeyError, TypeError):  # told when it is run
        return Notebook(path, "")
    said = notebook.get("metadata", {}).get("salesplaybook", {})
    kind: Kind = said.get("period", "quarter")
    looks_at, entries = (tuple(said[k]) if k in said else None for k in ("looks_at", "entries"))
    over, records = bool(said.get("over")), tuple(said.get("reads_records", ()))
    code_hash = sha256("\n\n".join(code).encode())
    return Notebook(path, code_hash, kind, looks_at, entries, over, records, said.get("schema"))
