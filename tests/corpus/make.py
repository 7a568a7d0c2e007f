"""The corpus: exports good, dirty and broken, each with what must be read from it or said about it.

As a script it writes every case as a project into a folder, with a list of what is expected, and prints the tally:
python tests/corpus/make.py FOLDER [--large]
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

if not __package__:  # run as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus import broken, dirty, formats, systems, values
from corpus.case import Case


def cases(large: bool = False) -> Iterator[Case]:
    """Every case of the corpus; with `large`, those of 100,000 rows too."""
    for room in (formats, systems, values, dirty, broken):
        yield from room.cases()
    if large:
        yield from formats.large()


def tally(found: list[Case]) -> str:
    """How many cases there are of each kind."""
    counts = Counter(case.kind for case in found)
    endings = Counter(re.search(r"\w+(\.gz)?$", case.file)[0] for case in found)
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in ("good", "dirty", "broken"))
    return f"{len(found)} cases: {kinds}\n" + ", ".join(f"{n} .{ending}" for ending, n in endings.most_common())


def write(folder: Path, large: bool = False) -> list[Case]:
    """Writes every case as a project below `folder`/KIND/NAME, and what is expected into `folder`/expected.json."""
    found = list(cases(large))
    for case in found:
        case.put(folder / case.kind / case.name)
    expected = {f"{c.kind}/{c.name}": {"file": c.file, "expects": c.expects, "why": c.why} for c in found}
    said = json.dumps(expected, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(said, "utf-8")
    return found


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Name a folder: python tests/corpus/make.py FOLDER [--large]")
    print(tally(write(Path(sys.argv[1]), "--large" in sys.argv)))
