"""What needs a person at the notebook: ipywidgets is imported only when one is there."""

from __future__ import annotations

import os
from typing import Any

from salesplaybook.language import translate as _
from salesplaybook.project import Project
from salesplaybook.understood import Understood


def attended() -> bool:
    """Whether a person is at the notebook: JupyterLab and Voila say so to their kernels, papermill doesn't."""
    return any(os.environ.get(name) for name in ("JPY_SESSION_NAME", "VOILA_KERNEL_ID"))


def confirm(here: Project, found: Understood) -> Any:
    """A button that writes what was understood into mapping.yaml; None where nobody is there, or nothing is to be said.

    What runs after the click in the same notebook reads the exports by it.
    """
    if not attended() or found.confirmed or found.problems or not found.looks:
        return None
    import ipywidgets

    button = ipywidgets.Button(
        description=_("Yes, this is right: write mapping.yaml"),
        button_style="primary",
        layout=ipywidgets.Layout(width="auto"),
    )
    button.add_class("salesplaybook-confirm")
    answer = ipywidgets.HTML()

    def write(_button: Any) -> None:
        here.confirm(found)
        button.disabled = True
        answer.value = _("Written: mapping.yaml; change there what is wrong. Now run all cells again.")

    button.on_click(write)
    return ipywidgets.HBox([button, answer])
