"""Cookiecutter's answers go through the checks of salesplaybook.template: both ways in say the same sentences.

A Jinja extension, not a hook: it is asked before anything is on disk, and its sentence stands alone, where a failing hook
ends in a traceback. It needs nothing but the standard library and cookiecutter.
"""

import sys
from pathlib import Path

from cookiecutter.exceptions import FailedHookException
from jinja2.ext import Extension

root = Path(__file__).resolve().parents[2]
# In a checkout the package is in src/; in the wheel, root is site-packages/salesplaybook/_share.
sys.path.insert(0, str(root / "src" if (root / "src").is_dir() else root.parents[1]))

from salesplaybook.errors import ProjectError  # noqa: E402
from salesplaybook.language import Language, from_environment  # noqa: E402
from salesplaybook.template import check_folder, check_line, check_name, slug  # noqa: E402


class Answers(Extension):
    """`name | slug` is the folder proposed; `cookiecutter | checked` is the folder, once all answers are good."""

    def __init__(self, environment):
        super().__init__(environment)
        environment.filters |= {"slug": slug, "checked": checked}

    def preprocess(self, source, name, filename=None):
        """Cookiecutter renders what is given on its command line: Jinja of anyone but ours is refused unrendered."""
        if name is None and "cookiecutter." not in source and "cookiecutter |" not in source:
            said(check_line, source, from_environment())
        return source


def checked(answers):
    said(check_name, answers["name"], answers["language"])
    said(check_line, answers["manager"], answers["language"])
    return said(check_folder, answers["folder"], answers["language"])


def said(check, answer, code):
    """The checked answer; cookiecutter prints this exception as its sentence."""
    try:
        return check(answer)
    except ProjectError as error:
        raise FailedHookException(Language(code)(error.text, **error.values)) from None
