"""A file of the corpus, with what must be read from it, or what the sentence about it must name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

SAYS = str | tuple[str, ...]  # a fragment that the sentence contains; of a tuple, at least one


@dataclass(frozen=True)
class Case:
    """What lies in data/, and what it is.

    kind       good (nothing is lost), dirty (rows go aside, once, or are passed over) or broken (one sentence)
    expects    of a readable file, what `check --json` says of its deals: rows, statuses, won_amount, open_amount,
               aside (rows as Excel counts), repeated, totals, hidden, header_row, columns (our column -> header),
               aside_columns (row -> header), findings (fragments, each in some finding); and beside that:
               cells    our column -> what the table holds from top to bottom (days as text, money in whole cents)
               tables   table -> rows, of every table in data/
               notices  fragments that stand somewhere in the findings or the rows aside
    expects    of a broken one, a list of fragments of the sentence
    project    lines of project.yaml that replace the usual ones (name, language, currency, timezone)
    mapping    the text of mapping.yaml
    extra      other files: path below the project -> bytes
    place      puts what is no plain file (a folder, a link, a pipe) into data/, whose path it is given
    words      the command, where it is not `check --json`
    limited    runs as a process of its own, under 1,500 MB of memory and 60 s
    large      made only when asked for
    """

    name: str
    kind: str
    file: str
    data: bytes
    expects: Any
    project: str = ""
    mapping: str = ""
    extra: dict[str, bytes] = field(default_factory=dict)
    place: Callable[[Path], None] | None = None
    words: tuple[str, ...] = ("check", "--json")
    limited: bool = False
    large: bool = False
    why: str = ""

    def put(self, folder: Path) -> Path:
        """Makes the project in `folder`, which must not be there yet, and returns it."""
        data = folder / "data"
        data.mkdir(parents=True)
        lines = {"name": "Corpus", "language": "en", "currency": "CNY", "timezone": "Asia/Shanghai"}
        lines |= dict(line.split(": ", 1) for line in self.project.splitlines() if line)
        (folder / "project.yaml").write_text("".join(f"{k}: {v}\n" for k, v in lines.items()), "utf-8")
        (folder / "mapping.yaml").write_text(self.mapping, "utf-8")
        if self.place:
            self.place(data)
        else:
            (data / self.file).write_bytes(self.data)
        for path, content in self.extra.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder


good, dirty, broken = (partial(Case, kind=kind) for kind in ("good", "dirty", "broken"))
