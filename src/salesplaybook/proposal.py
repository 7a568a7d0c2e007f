"""What was understood, as mapping.yaml says it: written on a yes, with comments, beside what a person wrote."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML

from salesplaybook.language import translate as _
from salesplaybook.tables.schema import TABLES
from salesplaybook.understood import Look, Understood

UNCLEAR = ("true", "false", "null", "yes", "no", "on", "off", "~")


def merged(text: str, found: Understood, today: date) -> str:
    """mapping.yaml with what is not confirmed in it yet; the same text where nothing is.

    A table that it lacks is added at its end, with comments; to one that it has only what it lacks is added: columns,
    stages. What a person wrote stays as it is.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes, yaml.width = True, 10_000
    data = yaml.load(io.StringIO(text)) or {}
    blocks, touched = [], False
    for table in TABLES:
        looks = [look for look in found.looks if look.table == table and not look.confirmed and look.columns]
        if not looks:
            continue
        if not isinstance(data.get(table), dict) or not data[table]:
            blocks.append(_block(looks, today))
            if table in data:
                del data[table]
                touched = True
        else:
            touched |= _add(data[table], looks)
    if touched:
        out = io.StringIO()
        yaml.dump(data, out)
        text = out.getvalue() if data else ""
    if not blocks:
        return text
    return (text.rstrip() + "\n\n" if text.strip() else "") + "\n".join(blocks)


def _add(written: Any, looks: Sequence[Look]) -> bool:
    """Adds to a table that a person has begun what it lacks; whether there was anything."""
    before = str(written)
    if not written.get("columns"):
        written["columns"] = _columns(looks)
    for column, key in (("stage", "stages"), ("status", "statuses")):
        lacking = {v: s for v, s in _counted(looks, column).items() if v not in (written.get(key) or {})}
        if lacking:
            written[key] = written.get(key) or {}
            written[key].update(lacking)
    return str(written) != before


def _block(looks: Sequence[Look], today: date) -> str:
    """The lines of one table, each guess marked as one."""
    best = max(looks, key=lambda look: (look.day or date.min, len(look.columns)))
    files = list(dict.fromkeys(look.file for look in looks))
    lines = [
        "# " + _("Written by salesplaybook check on {day:iso} from {files:list}.", day=today, files=files),
        f"{best.table}:",
        "  columns:",
    ]
    guessed = {c.header for c in best.columns if c.how == "guess"}
    for column, header in _columns(looks).items():
        lines.append(f"    {column}: {_quoted(header)}" + (_remark(_("guessed")) if header in guessed else ""))
    left = [c.header for c in best.columns if not c.column]
    if left:
        lines.append("    # " + _("not used: {headers:list}", headers=left))
    for column, key in (("stage", "stages"), ("status", "statuses")):
        lines += _stage_lines(looks, column, key)
    if any(look.guesses.values for look in looks):
        lines.append("  values:")
        for look in looks:
            for column, renames in look.guesses.values.items():
                lines.append(f"    {column}:" + _remark(_("guessed")))
                lines += [f"      {_quoted(old)}: {_quoted(new)}" for old, new in renames.items()]
    lines += _cannot_be_known(looks)
    return "\n".join(lines) + "\n"


def _columns(looks: Sequence[Look]) -> dict[str, Any]:
    """Our column -> the header, in our order; where files of one table differ, all their headers."""
    found: dict[str, list[str]] = {}
    for look in sorted(looks, key=lambda look: look.day or date.min, reverse=True):
        for c in look.columns:
            if c.column and c.header not in found.get(c.column, []):
                found.setdefault(c.column, []).append(c.header)
    table = TABLES[looks[0].table or "deals"]
    return {c: found[c][0] if len(found[c]) == 1 else found[c] for c in table.columns if c in found}


def _counted(looks: Sequence[Look], column: str) -> dict[str, str]:
    stages = [s for look in looks for s in look.stages if s.column == column and s.counts_as]
    return {s.value: str(s.counts_as) for s in stages}


def _stage_lines(looks: Sequence[Look], column: str, key: str) -> list[str]:
    stages = {s.value: s for look in looks for s in look.stages if s.column == column}
    if not stages:
        return []
    order = {"open": 0, "won": 1, "lost": 2, "void": 3, "on_hold": 4}
    lines = [f"  {key}:" + _remark(_("the open ones in the order of your process")) if key == "stages" else f"  {key}:"]
    for s in sorted(stages.values(), key=lambda s: order.get(s.counts_as or "", 5)):
        if s.counts_as:
            lines.append(f"    {_quoted(s.value)}: {s.counts_as}" + (_remark(_("guessed")) if s.how == "guess" else ""))
        else:
            lines.append(f"    # {_quoted(s.value)}: open" + _remark(_("not known: open, won, lost, void or on_hold?")))
    return lines


def _cannot_be_known(looks: Sequence[Look]) -> list[str]:
    kinds = {f.kind for look in looks for f in look.findings}
    lines = []
    if "no amount" in kinds:
        lines.append(
            "  # list_price: true" + _remark(_("open deals without an amount count at their product's list price"))
        )
    return lines


def _remark(text: str) -> str:
    return f"  # {text}"


def _quoted(text: Any) -> str:
    """A text as YAML needs it: plain, or in quotes where it holds signs or looks like something else."""
    if isinstance(text, list):
        return "[" + ", ".join(_quoted(t) for t in text) + "]"
    simple = re.fullmatch(r"[^\W\d_][\w ()/.&+（）-]*", text) and not text.endswith(" ")
    if simple and text.casefold() not in UNCLEAR:
        return str(text)
    return "'" + str(text).replace("'", "''") + "'"
