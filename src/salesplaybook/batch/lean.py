"""What an unattended run does without."""

from __future__ import annotations

import sys


def imports() -> None:
    """To be called before papermill is imported.

    With JupyterLab in the environment, jsonschema's format extras build a grammar (rfc3987_syntax) on each import of
    nbformat: about 0.9 CPU s, for a check of IRIs that no notebook of ours needs.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
