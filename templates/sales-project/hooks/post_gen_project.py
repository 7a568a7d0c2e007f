"""Copies the playbooks into the new project, in its language. Standard library only, since it runs in
cookiecutter's environment: the package comes from src/ of the checkout, or from beside _share/ of the wheel."""

import sys
from pathlib import Path

root = Path({{ "%r" % cookiecutter._repo_dir }}).parents[1]
sys.path.insert(0, str(root / "src" if (root / "src").is_dir() else root.parents[1]))

from salesplaybook.copies import write_copies  # noqa: E402

write_copies(root / "playbooks", Path("playbooks"), {{ "%r" % cookiecutter.language }})
