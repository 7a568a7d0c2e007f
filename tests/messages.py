"""All texts that people see, gathered from code, templates and playbooks; run it to bring locale/*.po up to date.

python tests/messages.py adds what is new (empty, to be translated) and drops what is gone.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from salesplaybook import copies, errors

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "salesplaybook"
CALLS = {"say", "said", "translate", "_", "defined", "verb", "_ask"}
ERRORS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.PlaybookError)
}


def gather() -> dict[str, str]:
    """English text -> where it is first found."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for text in _python(path):
            found.setdefault(text, str(path.relative_to(ROOT)))
    for path in sorted((SOURCE / "pages" / "templates").glob("*.html")):
        for text in _template(path):
            found.setdefault(text, str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "playbooks").glob("*.ipynb")):
        for text in copies.paragraphs(json.loads(path.read_text("utf-8"))):
            found.setdefault(text, str(path.relative_to(ROOT)))
    return found


def _python(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0] if node.args else None
            if name in CALLS or name in ERRORS:
                yield from _literals(first)
            elif name == "Field":  # what an error message says was expected
                yield from (
                    k.value.value for k in node.keywords if k.arg == "description" and isinstance(k.value, ast.Constant)
                )
        elif isinstance(node, ast.FunctionDef) and path.name == "metrics.py" and not node.name.startswith("_"):
            returns = getattr(node.returns, "id", "")
            doc = ast.get_docstring(node)
            if returns == "Figure" and doc and not node.name.startswith("share"):  # a figure's definition
                yield doc.splitlines()[0]


def _literals(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value + " ":
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _template(path: Path) -> Iterator[str]:
    for call in Environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
        if (
            isinstance(call.node, nodes.Name)
            and call.node.name == "t"
            and call.args
            and isinstance(call.args[0], nodes.Const)
        ):
            yield call.args[0].value


def update(code: str) -> None:
    """Writes locale/CODE.po with the texts of today and the translations that it had."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    path = SOURCE / "locale" / f"{code}.po"
    kept: dict[str, str] = {}
    if path.exists():
        with path.open("rb") as file:
            kept = {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}
    catalog = Catalog(locale=code, project="salesplaybook", charset="utf-8", fuzzy=False)
    for text, where in gather().items():
        catalog.add(text, kept.get(text, ""), locations=[(where, None)])
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_by_file=True, omit_header=True, include_lineno=False)


if __name__ == "__main__":
    update("zh_CN")
