"""The pieces of a page, shown in a notebook as they stand on the page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from pydantic import BaseModel

from salesplaybook import language
from salesplaybook.pages import page, room


class Block(Markup):
    """HTML that a notebook shows as it is."""

    def __repr__(self) -> str:
        return self.striptags()[:200]  # where no HTML is shown; the whole would be kept twice in a notebook

    def _repr_html_(self) -> str:
        style = _environment(language.current()).get_template("page.css").render()
        tongue = "zh-CN" if language.current().chinese else "en"
        return f'<div class="salesplaybook" lang="{tongue}"><style>{_within(style)}</style>{self}</div>'


def sources(read: BaseModel) -> Block:
    """What was read: a line a file, with the first rows that were kept aside."""
    return _block("sources", read.model_dump(mode="json"))


def understood(found: BaseModel, changed: Sequence[tuple[Any, ...]] | None = None) -> Block:
    """What was understood of the exports; with `changed`, only what differs from the last look."""
    return _block("understood", found.model_dump(mode="json"), changed)


def headline(body: BaseModel) -> Block:
    """The five numbers at the head of the page."""
    return _block("headline", body.model_dump(mode="json"))


def flow(body: BaseModel, name: str) -> Block:
    """One of the walks under its sentence: stock, due, outcome or booked; nothing where the data can't carry it."""
    return _block("flow", body.model_dump(mode="json"), name)


def stages(body: BaseModel) -> Block:
    """Open deals by stage."""
    return _block("stages", body.model_dump(mode="json"))


def ages(body: BaseModel) -> Block:
    """Open deals by days open."""
    return _block("ages", body.model_dump(mode="json"))


def evidence(body: BaseModel) -> Block:
    """Which deals are dead, and what says so."""
    return _block("evidence", body.model_dump(mode="json"))


def forecast(body: BaseModel) -> Block:
    """What the quarter ahead will bring."""
    return _block("forecast", body.model_dump(mode="json"))


def idle(body: BaseModel) -> Block:
    """Who has no deal."""
    return _block("idle", body.model_dump(mode="json"))


def pace(body: BaseModel) -> Block:
    """Monday: what is won, and where the quarter ends by single benchmarks; without the model's range."""
    return _monday("pace", body, False)


def changes(body: BaseModel) -> Block:
    """Monday: the walks of all open deals and of those due this quarter, side by side."""
    return _monday("changes", body)


def deals(body: BaseModel) -> Block:
    """Monday: the deals that need somebody today."""
    return _monday("deals", body)


def promises(body: BaseModel) -> Block:
    """Monday: what became of last week's promises."""
    return _monday("promises", body)


def cash(body: BaseModel) -> Block:
    """Monday: receivables due this week and overdue."""
    return _monday("cash", body)


def show(body: BaseModel, piece: str, *args: Any) -> Block:
    """A piece of the page that `body` belongs to: the macro of that name in the templates' AREA_blocks.html."""
    area = type(body).__module__.rpartition(".")[2]
    return Block(_macro(f"{area}_blocks.html", piece, body.model_dump(mode="json"), *args))


def _monday(name: str, body: BaseModel, *args: Any) -> Block:
    found = _macro("weekly_blocks.html", name, body.model_dump(mode="json"), room.Room(wide=3.2), *args)
    return Block(f'<div class="monday">{found}</div>')


def _block(name: str, *args: Any) -> Block:
    return Block(_macro("blocks.html", name, *args))


def _macro(template: str, name: str, *args: Any) -> str:
    macros = _environment(language.current()).get_template(template).module
    return str(getattr(macros, name)(*args))


@cache
def _environment(say: language.Language) -> Environment:
    return page.environment(say, lambda name, text: escape(text))


def _within(css: str) -> str:
    """The page's rules for what is in a block, and nothing else of the notebook."""
    rules = [
        rule.strip() for rule in css.split("@media")[0].split("}") if "{" in rule and not rule.strip().startswith("@")
    ]
    scoped = []
    for rule in rules:
        selectors, _, declarations = rule.partition("{")
        names = [s.strip() for s in selectors.split(",") if not s.strip().startswith(("html", "body", "main", ":lang"))]
        if names:
            # The class twice: JupyterLab's own rules for tables are as specific as once.
            within = (s if s.startswith(".salesplaybook") else f".salesplaybook.salesplaybook {s}" for s in names)
            scoped.append(", ".join(within) + "{" + declarations + "}")
    return "\n".join(scoped)
