"""A form where nobody is there: the rows of its parts as tables, without fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from salesplaybook.forms import cells, fields
from salesplaybook.forms.fields import Column, Part, Row, Typed
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.pages.blocks import Block
from salesplaybook.project import Project

EMPTY = {"text": "", "long": "", "person": "", "choice": "", "tick": False}


def table(here: Project, parts: Sequence[Part]) -> Block:
    """The rows of a form as they are saved; what a row opens to stands below it, if something was filled in there."""
    shown, say = Markup(""), here.language
    for part in parts:
        if rows := part.rows({row.id: row for row in here.entries(part.kind).rows}):
            heads = Markup("").join(_cell("th", c, c.label) for c in part.line)
            body = Markup("").join(_row(part, row, say) for row in rows)
            shown += Markup("<h2>{}</h2><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
                part.title, heads, body
            )
            if part.total and (total := part.total([_typed(part, row) for row in rows])):
                shown += Markup("<p>{}</p>").format(total)
    return Block(shown or Markup("<p>{}</p>").format(_("Nothing was filled in yet.")))


def _row(part: Part, row: Row, say: Language) -> Markup:
    said: dict[str, Any] = _typed(part, row).values | (dict(part.live(_typed(part, row))) if part.live else {})
    texts = {c.name: fields.shown(c, said.get(c.name), say) for c in part.columns}
    line = Markup("").join(_cell("td", c, texts[c.name]) for c in part.line)
    below = [_("{label}: {text}", label=c.label, text=texts[c.name]) for c in part.below if texts[c.name]]
    opened = Markup('<tr><td colspan="{}" style="white-space: normal">{}</td></tr>').format(
        len(part.line), Markup("<br>").join(below)
    )
    return Markup("<tr>{}</tr>").format(line) + (opened if below else Markup(""))


def _typed(part: Part, row: Row) -> Typed:
    """The row as its fields would hold it: each has a value, if an empty one."""
    empty = {c.name: EMPTY.get(c.kind) for c in part.columns if c.kind != "said"}
    return Typed(row.key, empty | row.filled | {n: v for n, v in row.values.items() if not fields.nothing(v)})


def _cell(kind: str, column: Column, text: str) -> Markup:
    return Markup("<{0}{1}>{2}</{0}>").format(kind, Markup(' class="r"') if cells.right(column) else "", text)
