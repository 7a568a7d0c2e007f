"""The register as a part of the form: a risk a row, its long texts and what the response leaves below, the expected
loss beside it and in sum as one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from salesplaybook.entries.kinds import KINDS, Risk
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import Column, Note, Notes, Part, Row, Rows, Typed, columns
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.names import CATEGORY_NAMES, RESPONSE_NAMES
from salesplaybook.pages import marks


def part(page: Any, say: Language, manager: str) -> Part:
    """Every open risk, and a blank row for one more."""

    def rows(saved: Rows) -> list[Row]:
        open_ = [r for r in saved.values() if isinstance(r, Risk) and not r.dropped and r.happened is None]
        return [Row(risk.id, risk.model_dump(exclude={"id"})) for risk in _in_order(open_, page)]

    def put(saved: Rows, typed: Typed) -> str:
        said = {name: value for name, value in typed.values.items() if name in typed.changed}
        before = saved[typed.key].model_dump() if typed.key in saved else {"made": page.told_on}
        id = typed.key or made_id(said, saved)
        row = {name: value for name, value in (before | said | {"id": id}).items() if value is not None}
        saved[id] = KINDS["risks"].model_validate(row)
        return id

    def check(typed: Typed) -> Notes:
        found = notes(page, typed.values, say, grave=True)
        return found if typed.values["what"] else {"what": Note(_("What may happen?"))} | found

    def warn(typed: Typed) -> Notes:
        if typed.blank:
            return {}
        # A row that was saved by hand may be wrong as it stands: a form tells errors only of what was changed.
        standing = {} if typed.changed else notes(page, typed.values, say, grave=True)
        return notes(page, typed.values, say, grave=False) | standing

    def live(typed: Typed) -> dict[str, str | Markup]:
        return {"loss": _loss(page, typed, say)}

    def total(typed: list[Typed]) -> str | Markup:
        return _total(page, typed, say)

    note = (
        _("amounts as 40万, 400,000 or 400k; a chance as 30% or 0.3")
        if say.chinese
        else _("amounts as 400,000 or 400k; a chance as 30% or 0.3")
    )
    title = _("Register")
    return Part("risks", title, _columns(say), rows, put, check, warn, note, _("Add a risk"), total, live)


def notes(page: Any, values: Mapping[str, Any], say: Language, grave: bool) -> Notes:
    """What the area finds wrong with a row (`grave`), or only odd, by column."""
    found: Notes = {}
    for fault in page.faults(values, 10_000 if say.chinese else 1_000):
        if (fault.told is not None) == grave and fault.column not in found:
            offer = say(fault.offer.text, **fault.offer.values) if fault.offer else ""
            mend = dict(fault.mend) if fault.mend else None
            also = tuple(name for name in mend or () if grave and name != fault.column)
            found[fault.column] = Note(say(fault.said.text, **fault.said.values), mend, offer, also)
    return found


def _columns(say: Language) -> list[Column]:
    money = "66px" if say.chinese else "82px"
    labels = {
        "what": (_("Risk"), "minmax(180px, 1fr)"),
        "category": (_("Category"), "72px" if say.chinese else "86px"),
        "owner": (_("Owner"), "98px"),
        "probability": (_("Chance"), "58px"),
        "low": (_("Low"), money),
        "likely": (_("Likely"), money),
        "high": (_("High"), money),
        "response": (_("Response"), "72px" if say.chinese else "80px"),
        "due": (_("Due"), "122px"),
    }
    below = {
        "cause": _("Cause"),
        "event": _("Event"),
        "effect": _("Effect"),
        "measure": _("What is done about it"),
        "trigger": _("Sign that it is coming"),
        "probability_after": _("Chance after"),
        "low_after": _("Low after"),
        "likely_after": _("Likely after"),
        "high_after": _("High after"),
        "cost": _("Its cost"),
        "triggered": _("Sign seen on"),
    }
    choices = {
        "category": {_(text): name for name, text in CATEGORY_NAMES.items()},
        "response": {_(text): name for name, text in RESPONSE_NAMES.items()},
    }
    hints = {"what": _("in a line: what may happen"), "owner": _("a name"), "probability": "%"}
    made = columns(Risk, {n: label for n, (label, _track) in labels.items()} | below, choices)
    in_row = [replace(c, track=labels[c.name][1], hint=hints.get(c.name, "")) for c in made if c.name in labels]
    loss = Column("loss", _("Loss: before → after"), "said", "156px", right=True)
    return [*in_row, loss, *(replace(c, below=True) for c in made if c.name in below)]


def _in_order(risks: Sequence[Risk], page: Any) -> list[Risk]:
    """As on the page; what was entered since, after that."""
    place = {line.id: n for n, line in enumerate(page.risks)}
    return sorted(risks, key=lambda risk: place.get(risk.id, len(place)))


def _loss(page: Any, typed: Typed, say: Language) -> str | Markup:
    """A row's expected loss without and with its response, or why there is none."""
    if typed.blank:
        return _grey(_("a blank row is not saved"))
    if typed.errors or notes(page, typed.values, say, grave=True):
        return _grey(_("counted once mended"))
    found = page.losses(typed.values)
    if found is None:
        return _grey(_lacking(typed.values))
    before, after = found
    largest = max([before, after, *(line.expected or 0 for line in page.risks)])
    unit = say.unit([largest])
    return Markup('<span class="sp-loss" style="white-space: nowrap">{} {} → <b>{}</b>{}</span>').format(
        marks.dumbbell(before, after, largest, 44, 16), say.money(before, unit), say.money(after, unit), unit.name
    )


def _lacking(values: Mapping[str, Any]) -> str:
    """What a row lacks to be counted, in a few words."""
    chance, low, high, likely = (values.get(name) is not None for name in ("probability", "low", "high", "likely"))
    if not chance:
        return _("chance missing") if high else _("no chance, no amounts")
    if not (low and high):
        return _("low and high missing")
    return _("likely missing") if not likely and not values["low"] else _("likely after missing")


def _total(page: Any, typed: Sequence[Typed], say: Language) -> Markup:
    """The sum without and with responses, what is not in it, and the largest part of what is left."""
    known = [(row, found) for row in typed if not row.errors and (found := page.losses(row.values))]
    if not known:
        return Markup("{}").format(_("Expected loss together: no risk has a chance and amounts yet"))
    before, after = (sum(found[n] for _row, found in known) for n in (0, 1))
    said = Markup("<b>{}</b> {}").format(
        _("Expected loss together"),
        _("without responses {before:money}, with them {after:money}", before=before, after=after),
    )
    mark = marks.dumbbell(before, after, max(before, after, 1), 180, 16, line=True)
    row, found = max(known, key=lambda pair: pair[1][1])
    largest = ""
    if after:
        share = round(100 * found[1] / after)
        largest = _("Largest: {what}, {n:count}% of what is left", what=row.values.get("what") or "", n=share)
    out = len(typed) - len(known)
    left = _("{n:count} rows are in no sum", n=out) if out > 1 else _("1 row is in no sum") if out else ""
    parts = [p for p in (largest, left) if p]
    return Markup("&emsp;").join([mark + " " + said, *parts])


def _grey(text: str) -> Markup:
    return Markup('<span class="sp-grey">{}</span>').format(text)
