"""Runs a playbook on a project through papermill: checked first, the good record kept when it fails."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesplaybook import errors, notebooks, periods, records
from salesplaybook.batch import lean
from salesplaybook.errors import ParameterError, PlaybookFailed
from salesplaybook.language import translate as _
from salesplaybook.project import Project
from salesplaybook.settings import nearest
from salesplaybook.share import share

PATIENCE = 1800  # seconds that a cell may take


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
    notebooks.content(path)
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
    here: Project,
    playbook: str,
    period: str = "",
    as_of: str = "",
    given: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Outcome:
    """Executes `playbook` on the project; PlaybookFailed with the notebook's own sentence if it stops.

    The executed notebook stands beside the page; one that failed stands there as NAME.failed.ipynb, and the last
    good record stays as it was. `options` are papermill's, such as another engine.
    """
    given = dict(given or {})
    notebook = find(here, playbook)
    check_parameters(notebook, given)
    if period:  # a slip of the pen is answered before anything is filed
        periods.parse(period, here.settings.fiscal_year_start)
    here.file_exports()
    on = here.resolve(as_of, period)
    window = here.period_of(playbook, period, on)
    parameters = {**given, "project": str(here.store.root), "period": window.name, "as_of": on.isoformat()}
    kept, failed = (
        records.path(playbook, window.name, ending, given.get("owner", "")) for ending in ("ipynb", "failed.ipynb")
    )
    with tempfile.TemporaryDirectory() as folder:
        executed = Path(folder) / kept[-1]
        trouble = _execute(notebook, executed, parameters, options or {})
        done = executed.read_bytes() if executed.exists() else b""
    if done:
        here.store.write(done, *(failed if trouble else kept))
    if trouble:
        cell, cell_id = _stopped_at(done)
        raise PlaybookFailed(
            "{playbook} stopped: {problem} See {file}.",
            playbook=playbook,
            problem=trouble,
            file="/".join(failed),
            cell=cell,
            cell_id=cell_id,
        )
    here.store.remove(*failed)
    page = here.store.path(*records.path(playbook, window.name, "html", given.get("owner", "")))
    return Outcome(playbook, page, here.store.path(*kept))


def _execute(notebook: Path, into: Path, parameters: dict[str, Any], options: Mapping[str, Any]) -> str:
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
    standard = {"kernel_name": "python3", "progress_bar": False, "log_output": False, "start_timeout": 120}
    try:
        execute_notebook(
            str(notebook),
            str(into),
            parameters=parameters,
            **(standard | {"execution_timeout": PATIENCE, "config": quiet} | dict(options)),
        )
    except PapermillExecutionError as error:
        return _sentence(error.ename, str(error.evalue).strip())
    except TimeoutError:
        return _sentence("CellTimeout", "")
    except RuntimeError as error:  # the kernel died, or didn't start
        return _sentence("ProcessDied" if type(error).__name__ == "DeadKernelError" else "RuntimeError", str(error))
    return ""


def _sentence(ename: str, evalue: str) -> str:
    """What a notebook says of its error: our own errors are sentences, others say what they are called."""
    match ename:
        case "CellTimeout":
            return _("A cell took too long and was stopped.")
        case "ProcessDied":
            return _("A cell ended its own process: perhaps the memory was not enough.")
    if isinstance(getattr(errors, ename, None), type):
        return evalue
    said = f"{ename}: {evalue}" if evalue else ename
    return said if said[-1] in ".!?。！？" else said + _(".")


def _stopped_at(executed: bytes) -> tuple[int | None, str]:
    """The number that the failed cell of an executed notebook shows, and its id."""
    for cell in json.loads(executed)["cells"] if executed else ():
        if any(output["output_type"] == "error" for output in cell.get("outputs", ())):
            return cell.get("execution_count"), cell.get("id", "")
    return None, ""
