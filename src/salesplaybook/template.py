"""A new project folder from the template: four answers in, a folder that runs at once out."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from salesplaybook.errors import ProjectError
from salesplaybook.language import LANGUAGES, from_environment, translate
from salesplaybook.share import share

LONGEST = 60  # in UTF-8 at most 240 bytes; file systems take 255
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_NAMES_OF_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\..*)?", re.IGNORECASE)
_OPTIONS = ("currency", "tax", "country", "timezone", "fiscal_year_start")


def make_project(
    name: str,
    *,
    folder: str | None = None,
    manager: str = "",
    language: str = "zh_CN",
    into: Path = Path("."),
    **defaults: Any,
) -> Path:
    """Makes the project `name` in `into`/`folder` (None or empty: made from the name) and returns its path.

    `defaults` are other lines of project.yaml: currency, tax, country, timezone, fiscal_year_start. What can't be taken
    is a ProjectError or SettingsError, and nothing is left on disk.
    """
    name, manager = check_name(name), check_line(manager)
    target = into / check_folder(folder or slug(name))
    check_language(language)
    for option in defaults:
        if option not in _OPTIONS:
            raise ProjectError(
                "The template has no '{option}'. It has: {known:list}.", option=option, known=list(_OPTIONS)
            )
    if os.path.lexists(target):
        raise ProjectError("{folder} is there already. Take another folder name, or move it away.", folder=str(target))
    answers = {"name": name, "folder": target.name, "manager": manager, "language": language}
    answers |= {f"_{option}": str(value) for option, value in defaults.items()}
    answers["_lessons_from"] = ", ".join(f"'../{other}'" for other in _beside(into))
    try:
        into.mkdir(parents=True, exist_ok=True)
        # Made beside its place and moved there whole: a failure leaves nothing.
        with tempfile.TemporaryDirectory(prefix=".new-", dir=into) as beside:
            os.rename(_made(answers, Path(beside)), target)
    except OSError as error:
        problem = error.strerror or str(error)
        raise ProjectError("{folder} can't be made: {problem}.", folder=str(target), problem=problem) from None
    return target


def slug(name: str) -> str:
    """The folder name that is proposed for a project: its name, Chinese kept, unsafe characters and spaces as '-'."""
    proposed = re.sub(r"[\s{}]", "-", _UNSAFE.sub("-", name.strip()))[:LONGEST].strip(" .-")
    return proposed or "sales-project"


def ask(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Asks on the terminal what `given` lacks of name, folder, manager and language; an answer that can't be taken is
    asked again. Returns all four, as `make_project` takes them."""
    answers = dict(given or {})
    questions: list[tuple[str, str, Callable[[], str | None], Callable[[str], str]]] = [
        ("name", translate("Project name"), lambda: None, check_name),
        ("folder", translate("Folder name"), lambda: slug(answers["name"]), check_folder),
        ("manager", translate("Manager"), lambda: "", check_line),
        (
            "language",
            translate("Language: zh_CN or en"),
            lambda: likely_language(answers["name"], answers["manager"]),
            check_language,
        ),
    ]
    for key, question, default, check in questions:
        if key not in answers:
            answers[key] = _ask(question, default(), check)
    return answers


def likely_language(name: str, manager: str = "") -> str:
    """The language of a project that nobody gave one: Chinese where a name is, else as the computer is set."""
    return "zh_CN" if re.search("[一-鿿]", name + manager) else from_environment()


def check_name(name: str) -> str:
    """A project's name as it goes into project.yaml."""
    name = check_line(name)
    if not name:
        raise ProjectError("The project needs a name.")
    return name


def check_line(answer: str) -> str:
    """An answer without the spaces around it: one line of text, and no Jinja, which cookiecutter would run."""
    answer = answer.strip()
    odd = next((c for c in answer if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\ufffe\uffff"), None)
    if odd:
        raise ProjectError(
            "An answer is one line of text; this one holds the character {code}.", code=f"U+{ord(odd):04X}"
        )
    found = next((mark for mark in ("{{", "{%", "{#") if mark in answer), None)
    if found:
        raise ProjectError("'{answer}' can't hold {found}. Write it without.", answer=answer, found=found)
    return answer


def check_language(code: str) -> str:
    """One of our languages."""
    if code not in LANGUAGES:
        raise ProjectError(
            "There is no language '{code}'. Take one of: {known:list}.", code=code, known=list(LANGUAGES)
        )
    return code


def check_folder(folder: str) -> str:
    """One folder name that every system takes, so that a project can be copied anywhere."""
    folder = check_line(folder)
    if unsafe := _UNSAFE.search(folder):
        raise ProjectError(
            "The folder name '{folder}' can't hold {found}. It is one name without any of {unsafe}.",
            folder=folder,
            found=unsafe[0],
            unsafe='< > : " / \\ | ? *',
        )
    if len(folder) > LONGEST:
        raise ProjectError(
            "The folder name has {n:count} characters; take at most {most:count}.", n=len(folder), most=LONGEST
        )
    if not folder or folder != folder.strip("."):
        raise ProjectError(
            "The folder name '{folder}' can't be empty, nor begin or end with a full stop.", folder=folder
        )
    if _NAMES_OF_DEVICES.fullmatch(folder):
        raise ProjectError(
            "'{folder}' is a name that Windows keeps for itself. Take another folder name.", folder=folder
        )
    return folder


def _beside(into: Path) -> list[str]:
    """The projects that lie in a folder, whose lessons a new one there reads; names that YAML or Jinja would read
    otherwise are left out."""
    found = sorted(p.parent.name for p in into.glob("*/project.yaml")) if into.is_dir() else []
    return [name for name in found if not re.search(r"['\\]|\{[{%#]", name) and name.isprintable()]


def _ask(question: str, default: str | None, check: Callable[[str], str]) -> str:
    import click

    def checked(answer: str) -> str:
        try:
            return check(answer)
        except ProjectError as error:
            raise click.BadParameter(str(error)) from None

    return str(click.prompt(question, default=default, value_proc=checked, show_default=bool(default)))


def _made(answers: dict[str, str], beside: Path) -> Path:
    """The project as cookiecutter makes it in `beside`; cookiecutter's own files stay there too, none in the home."""
    from cookiecutter.exceptions import CookiecutterException
    from cookiecutter.main import cookiecutter

    from salesplaybook.settings import Settings, read

    kept: Any = {"replay_dir": str(beside / "replay"), "cookiecutters_dir": str(beside / "cookiecutters")}
    try:
        made = Path(
            cookiecutter(
                str(share() / "templates" / "sales-project"),
                no_input=True,
                extra_context=answers,
                output_dir=str(beside / "made"),
                default_config=kept,
            )
        )
    except CookiecutterException as error:
        raise ProjectError("cookiecutter could not make the project: {problem}.", problem=str(error)) from None
    read((made / "project.yaml").read_text("utf-8"), Settings, "project.yaml")
    return made
