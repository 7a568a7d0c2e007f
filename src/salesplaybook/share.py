"""Where playbooks, templates and cookiecutter.json are: in the wheel, an editable install and a checkout alike."""

from __future__ import annotations

from pathlib import Path


def share() -> Path:
    """The folder that holds `playbooks/`, `templates/` and `cookiecutter.json`."""
    package = Path(__file__).resolve().parent
    packed = package / "_share"
    return packed if packed.is_dir() else package.parents[1]
