"""What runs cost: CPU seconds and peak memory of a crm run on the demo, of the reviews of 40 projects, and of check
and crm on 100,000 deals.

python tests/bench.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from salesplaybook.demo import make, many, projects

sys.path.insert(0, str(Path(__file__).parent / "corpus"))
CLI = [sys.executable, "-c", "from salesplaybook.cli import main; main()"]


def main() -> None:
    with tempfile.TemporaryDirectory() as into:
        demo = make.live(projects()[0], Path(into))
        measured(f"crm on {demo.name}, 15 exports", "run", "crm", "--project", str(demo))
        many.many(40, Path(into) / "many")
        for what in ("the reviews of 40 small projects", "the same again, where little is due"):
            measured(f"{what}, 2 workers", "review", f"{into}/many", "--workers", "2", "--into", into)
        for folder in hundred_thousand(Path(into)):
            measured(f"check, 100,000 deals, {folder.name}", "check", "--json", "--project", str(folder))
            measured(f"crm, 100,000 deals, {folder.name}", "run", "crm", "--project", str(folder))


def hundred_thousand(into: Path) -> Iterator[Path]:
    """Projects on one export of 100,000 deals: as CSV in GBK, and as Excel."""
    from formats import large

    for case in large():
        yield case.put(into / case.name)


def measured(what: str, *args: str) -> None:
    """Runs a command in a process of its own, and prints what it and its children used."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *CLI, *args], capture_output=True, text=True, timeout=1800, env=os.environ
    )
    rc, cpu, memory = done.stdout.split()[-3:]
    print(f"{what}: {float(cpu):.1f} CPU s, {float(memory):.0f} MB" + ("" if rc == "0" else f" (exit code {rc})"))


if __name__ == "__main__":
    main()
