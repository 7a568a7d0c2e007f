"""A project's own copies of the playbooks, in its language: notebook in, translated notebook out.

Standard library only, since cookiecutter's hook calls it. A notebook is a dict as in its file. Its messages (the keys
of `locale/*.po`) are the paragraphs of its markdown, the comment at the head of a code cell, and the comments of the
parameters. A copy carries the hash of its cells as written, so that one that nobody changed can be replaced later.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from salesplaybook.language import catalog

Notebook = dict[str, Any]
Span = tuple[int, int]
_FENCE = re.compile(r"`{3,}|~{3,}")


def write_copies(playbooks: Path, into: Path, code: str) -> list[Path]:
    """Writes each notebook of `playbooks` into the folder `into`, in the language `code`; returns the paths.

    Copies have no outputs and keep the cells' ids; code is folded, so that JupyterLab shows the comment at its head
    (parameters without one stay in sight). A copy that someone changed is left alone.
    """
    into.mkdir(parents=True, exist_ok=True)
    paths = []
    for original in sorted(playbooks.glob("*.ipynb")):
        path = into / original.name
        if path.exists() and not untouched(json.loads(path.read_text("utf-8"))):
            continue
        made = translated(json.loads(original.read_text("utf-8")), code)
        for cell in made["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
                if _source(cell).startswith("#") or not _has_parameters(cell):
                    cell["metadata"]["jupyter"] = cell["metadata"].get("jupyter", {}) | {"source_hidden": True}
        mark = {"language": code, "written": written(made)}
        made["metadata"]["salesplaybook"] = made["metadata"].get("salesplaybook", {}) | mark
        # As Jupyter writes it, so that saving a copy unchanged leaves the same bytes.
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n")
        paths.append(path)
    return paths


def untouched(notebook: Notebook) -> bool:
    """Whether a copy's cells are as they were written."""
    return bool(notebook["metadata"].get("salesplaybook", {}).get("written") == written(notebook))


def written(notebook: Notebook) -> str:
    """The sha256 of the cells' types and sources: outputs and metadata don't count."""
    cells = [[cell["cell_type"], _source(cell)] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def translated(notebook: Notebook, code: str) -> Notebook:
    """A copy of `notebook` in the language `code`; a message without a translation stays as it is."""
    made, known = copy.deepcopy(notebook), catalog(code)
    for cell in made["cells"]:
        source = _source(cell)
        for start, end in reversed(_messages(cell)):
            source = source[:start] + known.get(source[start:end], source[start:end]) + source[end:]
        cell["source"] = source.splitlines(keepends=True)
    return made


def paragraphs(notebook: Notebook) -> Iterator[str]:
    """The messages of a notebook, in its order."""
    for cell in notebook["cells"]:
        source = _source(cell)
        yield from (source[start:end] for start, end in _messages(cell))


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _has_parameters(cell: dict[str, Any]) -> bool:
    return "parameters" in cell["metadata"].get("tags", [])


def _messages(cell: dict[str, Any]) -> list[Span]:
    """Where in a cell's source its messages are, in order."""
    match cell["cell_type"]:
        case "markdown":
            return _paragraphs(_source(cell))
        case "code":
            return _comments(_source(cell), every=_has_parameters(cell))
    return []


def _paragraphs(text: str) -> list[Span]:
    """Markdown, split at blank lines outside fences; what is nothing but fenced code is no message."""
    spans: list[Span] = []
    at, fence, within = 0, "", False
    for line in text.splitlines(keepends=True):
        bare, mark = line.strip(), _FENCE.match(line.strip())
        if bare or fence:
            end = at + len(line.rstrip("\n"))
            spans[-1:] = [(spans[-1][0], end)] if within else [*spans[-1:], (at, end)]
        within = bool(bare or fence)
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif mark:
            fence = mark[0]
        at += len(line)
    return [(a, b) for a, b in spans if not _is_code(text[a:b])]


def _is_code(paragraph: str) -> bool:
    lines = paragraph.strip().splitlines()
    return all(_FENCE.match(line.strip()) for line in (lines[0], lines[-1]))


def _comments(text: str, every: bool) -> list[Span]:
    """The texts of the comment in the first line, or of every comment; '# ' stays outside."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    spans = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            row, column = token.start
            if token.type == tokenize.COMMENT and (every or (row, column) == (1, 0)):
                at = starts[row - 1] + column
                words = token.string.lstrip("#").lstrip()
                spans.append((at + len(token.string) - len(words), at + len(token.string)))
    except (tokenize.TokenError, SyntaxError):
        pass  # magics and shell lines are no Python: what stands before them is found
    return [(a, b) for a, b in spans if a < b]
