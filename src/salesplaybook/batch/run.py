"""Runs a playbook on a project through papermill: checked first, the good record kept when it fails."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesplaybook import periods, records
from salesplaybook.batch import lean
from salesplaybook.errors import ParameterError, PlaybookFailed
from salesplaybook.project import Project
from salesplaybook.settings import nearest
from salesplaybook.share import share


@dataclass(frozen=True)
class Outcome:
    """What a run has left: the page, and the executed notebook beside it."""

    playbook: str
    page: Path
    notebook: Path


def names(here: Project | None = None) -> list[str]:
    """The playbooks that can be run: the project's own and the package's."""
    found = {p.stem for p in (share() / "playbooks").glob("*.ipynb")}
    own = here.store.files("playbooks") if here else []
    return sorted(found | {p.stem for p in own if p.suffix == ".ipynb"})


def find(here: Project, name: str) -> Path:
    """The notebook of the playbook `name`. ParameterError names the nearest right one."""
    path = here.playbook(name)
    if path is None:
        raise _unknown(
            name,
            names(here),
            ParameterError(
                "There is no playbook '{name}'. The playbooks are: {known:list}.", name=name, known=names(here)
            ),
        )
    return path


def check_parameters(notebook: Path, given: dict[str, Any]) -> None:
    """ParameterError where the notebook takes no parameter of a given name: papermill would run without a word."""
    lean.imports()
    from papermill import inspect_notebook

    known = list(inspect_notebook(str(notebook)))
    for name in given:
        if name not in known:
            raise _unknown(
                name,
                known,
                ParameterError(
                    "{playbook} has no parameter '{name}'. It takes: {known:list}.",
                    playbook=notebook.stem,
                    name=name,
                    known=known,
                ),
            )


def _unknown(name: str, known: list[str], otherwise: ParameterError) -> ParameterError:
    """The error that names the nearest known word, or `otherwise` where none is like it."""
    right = nearest(name, known)
    return (
        ParameterError("There is no '{name}'. Did you mean '{right}'?", name=name, right=right) if right else otherwise
    )


def run(
    here: Project, playbook: str, period: str = "", as_of: str = "", given: dict[str, str] | None = None
) -> Outcome:
    """Executes `playbook` on the project; PlaybookFailed with the notebook's own sentence if it stops.

    The executed notebook stands beside the page; one that failed stands there as NAME.failed.ipynb, and the last
    good record stays as it was.
    """
    notebook = find(here, playbook)
    check_parameters(notebook, given or {})
    if period:  # a slip of the pen is answered before anything is filed
        periods.parse(period, here.settings.fiscal_year_start)
    here.file_exports()
    on = here.resolve(as_of, period)
    window = here.period_of(playbook, period, on)
    parameters = {**(given or {}), "project": str(here.store.root), "period": window.name, "as_of": on.isoformat()}
    kept, failed = (
        here.store.path(*records.path(playbook, window.name, ending, (given or {}).get("owner", "")))
        for ending in ("ipynb", "failed.ipynb")
    )
    with tempfile.TemporaryDirectory() as folder:
        executed = Path(folder) / kept.name
        trouble = _execute(notebook, executed, parameters)
        (failed if trouble else kept).parent.mkdir(parents=True, exist_ok=True)
        if executed.exists():
            shutil.move(executed, failed if trouble else kept)
    if trouble:
        raise PlaybookFailed(
            "{playbook} stopped: {problem} See {file}.",
            playbook=playbook,
            problem=trouble,
            file=str(failed.relative_to(here.store.root)),
        )
    failed.unlink(missing_ok=True)
    return Outcome(playbook, kept.with_suffix(".html"), kept)


def _execute(notebook: Path, into: Path, parameters: dict[str, Any]) -> str:
    """Runs the notebook; "" if it came to its end, else the sentence of its error."""
    lean.imports()
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    # A notebook knows by these that a person is there; a papermill started inside JupyterLab would inherit them.
    for name in ("JPY_SESSION_NAME", "VOILA_KERNEL_ID"):
        os.environ.pop(name, None)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # ipykernel warns on a plain TCP connection; its own encryption needs no set-up.
    quiet = Config(KernelManager={"transport_encryption": "auto"})
    try:
        execute_notebook(
            str(notebook),
            str(into),
            parameters=parameters,
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            start_timeout=120,
            execution_timeout=1800,
            config=quiet,
        )
    except PapermillExecutionError as error:
        return str(error.evalue).strip() or error.ename
    except (RuntimeError, TimeoutError) as error:  # the kernel died, or a cell never ended
        return str(error).strip() or type(error).__name__
    return ""
