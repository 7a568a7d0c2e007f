"""Whether a person is at the notebook: ipywidgets is imported only when one is."""

from __future__ import annotations

import os


def attended() -> bool:
    """Whether a person is at the notebook: JupyterLab and Voila say so to their kernels, papermill doesn't."""
    return any(os.environ.get(name) for name in ("JPY_SESSION_NAME", "VOILA_KERNEL_ID"))
