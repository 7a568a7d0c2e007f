"""The pieces of a page, shown in a notebook as they stand on the page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from pydantic import BaseModel

from salesplaybook import language
from salesplaybook.pages import page


class Block(Markup):
    """HTML that a notebook shows as it is."""

    def __repr__(self) -> str:
        return self.striptags()[:200]  # where no HTML is shown; the whole would be kept twice in a notebook

    def _repr_html_(self) -> str:
        style = _environment(language.current()).get_template("page.css").render()
        return f'<div class="salesplaybook"><style>{_within(style)}</style>{self}</div>'


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


def idle(body: BaseModel) -> Block:
    """Who has no deal."""
    return _block("idle", body.model_dump(mode="json"))


def _block(name: str, *args: Any) -> Block:
    macros = _environment(language.current()).get_template("blocks.html").module
    return Block(getattr(macros, name)(*args))


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
