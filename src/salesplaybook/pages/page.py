"""A page: one HTML file made from a record alone, the same bytes each time; no script, no request to anywhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape
from pydantic import BaseModel

from salesplaybook.attended import attended
from salesplaybook.language import Language, Unit, attained
from salesplaybook.names import (
    CATEGORY_NAMES,
    CURRENCIES,
    METRIC_NAMES,
    OUTCOME_NAMES,
    PRIORITY_NAMES,
    RESPONSE_NAMES,
    ROW_NAMES,
    STATUS_NAMES,
    TABLE_NAMES,
    TAG_NAMES,
    column_name,
)
from salesplaybook.pages import adding, marks, retrospective_room, review_room, room, wording
from salesplaybook.records import SHOWN, Record
from salesplaybook.results import Figure, Message, Walk


def html(record: Record) -> str:
    """The page of `record`, in the project's language, by the template of the playbook's name."""
    say = Language(record.project["language"], record.project["currency"])

    def opens(name: str, text: str) -> Markup:
        """`text` as a link to the deals behind the figure `name`; plain where there are none."""
        if not record.figures[name].rows:
            return escape(text)
        return Markup('<a class="n" href="#{}">{}</a>').format(name, text)

    page = environment(say, opens).get_template(f"{record.playbook}.html")
    currency = say(CURRENCIES.get(record.project["currency"], record.project["currency"]))
    return page.render(record=record, body=record.body, figures=record.figures, currency=currency, shown=SHOWN)


def check(found: BaseModel, project: dict[str, str], title: Message, unconfirmed: bool) -> str:
    """The page of what was understood of the exports (`understood.Understood`)."""
    say = Language(project["language"], project["currency"])
    page = environment(say, lambda name, text: escape(text)).get_template("check.html")
    currency = say(CURRENCIES.get(project["currency"], project["currency"]))
    looks = found.model_dump(mode="json")
    return page.render(found=looks, project=project, title=title, currency=currency, unconfirmed=unconfirmed)


class _Compiled(BytecodeCache):
    """Templates as compiled once in this process: a page has an environment of its own, since its links are."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def environment(say: Language, opens: Callable[[str, str], Markup]) -> Environment:
    """Jinja with our templates and what they call; what comes from data is escaped."""
    env = Environment(
        loader=PackageLoader("salesplaybook.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(),
    )
    env.globals.update(
        t=say,
        say=say,
        attained=attained,
        marks=marks,
        opens=opens,
        comma="，" if say.chinese else ", ",
        stop="；" if say.chinese else "; ",
        as_walk=Walk.model_validate,
        figure=Figure.model_validate,
        number=lambda f: number(f, say),
        message=lambda said: message(said, say),
        printed=lambda w, unit=None, other=None: as_printed(w, say, unit, other),
        adding=lambda w, unit: adding.adding(w, say, unit),
        walk_unit=lambda w: walk_unit(w, say),
        amount_unit=lambda w: unit_name(w, say),
        interval_line=lambda f: between(f, say) if f.low is not None else "",
        span=span,
        axis_in=lambda unit: lambda value: plain(say.money(value, unit)),
        day=lambda when: wording.day(when, say),
        moved=lambda was, now: wording.moved(was, now, say),
        quarter=lambda name: wording.quarter(name, say),
        chance=lambda share: wording.chance(share, say),
        odds=lambda share: wording.odds(share, say),
        short=wording.short,
        told=wording.told,
        fitting=wording.fitting,
        trimmed=lambda said, ems, least=4: wording.trimmed(said, ems, say, least),
        reasons=lambda warnings, ems: wording.reasons(warnings, ems, say),
        room_for=room.of,
        promise_ems=room.promise_ems,
        action_ems=room.action_ems,
        review_room=review_room.of,
        retrospective_caps=retrospective_room.caps,
        row_names=ROW_NAMES,
        status_names=STATUS_NAMES,
        table_names=TABLE_NAMES,
        category_names=CATEGORY_NAMES,
        metric_names=METRIC_NAMES,
        outcome_names=OUTCOME_NAMES,
        priority_names=PRIORITY_NAMES,
        tag_names=TAG_NAMES,
        response_names=RESPONSE_NAMES,
        column_name=lambda column: column_name(column, say),
        largest=lambda f: list(f.rows.items())[:SHOWN],
    )
    return env


def message(said: dict[str, Any] | Message, say: Language) -> Markup:
    """A kept sentence in the reader's language; **what matters** is bold."""
    found = said if isinstance(said, Message) else Message.model_validate(said)
    escaped = str(escape(say(found.text, **found.values)))
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escaped))


def number(figure: Figure, say: Language) -> str:
    """A figure's value as it is printed, without its unit's name where a column gives it."""
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        return say.percent(figure.value)
    return say.money(figure.value) if figure.unit in ("money", "money a day") else say.count(figure.value)


def as_printed(walk: Walk, say: Language, unit: Unit | None = None, other: Walk | None = None) -> list[str]:
    """The amounts of a walk in one unit: opening, rows, closing, rounded so that they add up as printed; rows that an
    `other` walk beside it has too read alike in both, if that can be."""
    if walk.withheld:
        return [""] * (len(walk.steps) + 2)
    at = marks.levels(walk)
    unit = unit or say.unit(at)
    size = adding.last_place(say, unit)
    first, last = round(at[0] / size), round(at[-1] / size)
    beside = {} if other is None else {step.name: step.amount for step in other.steps}
    alike = {step.name for step in walk.steps if beside.get(step.name) == step.amount}
    steps = adding.rounded({step.name: step.amount / size for step in walk.steps}, last - first, alike)

    def text(value: int, signed: bool) -> str:
        return say.money(value * size, unit, signed=signed)

    return [text(first, False), *(text(s, True) for s in steps.values()), text(last, False)]


def walk_unit(walk: Walk, say: Language) -> Unit:
    """The unit that suits the rows of a walk, as long as its ends stay short in it."""
    ends = say.unit(marks.levels(walk))
    rows = say.unit([step.amount for step in walk.steps]) if walk.steps and not walk.withheld else ends
    return rows if rows.divisor * 1000 >= ends.divisor else ends


def unit_name(walk: Walk, say: Language) -> str:
    """In which unit the amounts of a walk are printed, in brackets for a column's head."""
    name = "" if walk.withheld else say.unit(marks.levels(walk)).name
    return f" ({name})" if name else ""


def plain(text: str) -> str:
    """A text whose amounts have no zeros after the point: 915万 and not 915.0万, 1.2M and not 1.20M."""
    return re.sub(r"(\d)\.0+(?=\D|$)|(\.\d*[1-9])0+(?=\D|$)", r"\1\2", text)


def between(figure: Figure, say: Language) -> str:
    """A figure's interval in words: 60.0–62.8%, n 2,047."""
    low, high = (number(figure.model_copy(update={"value": v}), say) for v in (figure.low, figure.high))
    return f"{low.rstrip('%') if figure.unit == 'share' else low}–{high}"


def span(figures: list[dict[str, Any]]) -> tuple[float, float]:
    """The scale that the intervals of a table share."""
    known = [Figure.model_validate(f) for f in figures]
    ends = [e for f in known if f.value is not None for e in (f.low, f.high) if e is not None]
    return (max(0.0, min(ends) - 0.05), min(1.0, max(ends) + 0.05)) if ends else (0.0, 1.0)


class Link(NamedTuple):
    """A saved page: its path below the project, its address, and a line about it."""

    path: str
    address: str
    note: str = ""

    @classmethod
    def to(cls, page: Path, root: Path, note: str = "") -> Link:
        """The link to a page below the project's `root`: JupyterLab opens what lies beside the notebook, and no other
        file of the computer."""
        relative, here = str(page.relative_to(root)), Path.cwd().resolve()
        if attended() and here.is_relative_to(root):
            return cls(relative, quote(os.path.relpath(page, here)), note)
        return cls(relative, page.as_uri(), note)

    def __repr__(self) -> str:
        return f"{self.path}\n{self.note}" if self.note else self.path

    def _repr_html_(self) -> str:
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f'<a href="{escape(self.address)}" target="_blank">{escape(self.path)}</a>{note}'
