"""The form that asks what isn't known of the exports, and confirms what was understood of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from salesplaybook import language
from salesplaybook.attended import attended
from salesplaybook.errors import PlaybookError
from salesplaybook.forms.style import STYLE
from salesplaybook.language import translate as _
from salesplaybook.looks import Look, Missing, StageSeen, Understood
from salesplaybook.names import COLUMN_NAMES, STATUS_NAMES
from salesplaybook.project import Project
from salesplaybook.tables.schema import STATUSES

TRACKS = "minmax(110px, 210px) minmax(0, 430px) minmax(120px, 1fr)"


def button(here: Project, found: Understood) -> Any:
    """A button that writes what was understood into mapping.yaml, with a choice for each column and each stage that
    isn't known, and a line for each file that is left out and why.

    None where nobody is there, or nothing is to be said. What runs after the click in the same notebook reads the
    exports by it.
    """
    if not attended() or not (found.problems or _to_write(found)):
        return None
    import ipywidgets

    room = ipywidgets.VBox()
    for name in ("salesplaybook-form", "sp-plain"):
        room.add_class(name)
    _ask(room, here, found)
    return room


def _to_write(found: Understood) -> bool:
    return any(look.missing or not look.confirmed for look in _good(found).looks) or bool(_lacking(found))


def _good(found: Understood) -> Understood:
    return Understood(looks=[look for look in found.looks if look.good])


def _lacking(found: Understood, again: bool = False) -> list[tuple[Look, list[Missing]]]:
    """What is to be asked of columns, once for sheets with the same headers; `again`, only what is needed."""
    looks = {look.headers: look for look in reversed(found.looks) if look.missing}
    asked = [(look, [m for m in look.missing if m.needed or not again]) for look in reversed(looks.values())]
    return [(look, some) for look, some in asked if some]


def _ask(room: Any, here: Project, found: Understood, written: bool = False) -> None:
    """Puts the questions into `room`; `written`: some were answered, and these follow from the answers."""
    import ipywidgets

    good, lacking = _good(found), _lacking(found, again=written)
    out = [
        ipywidgets.HTML(escape(_("{file} is left out: {why}", file=look.file, why=_(why.text, **why.values))))
        for look in found.looks
        if (why := look.problem) and not look.missing and not look.good
    ]
    columns = {(look.headers, m.column): _column_choice(m) for look, some in lacking for m in some}
    stages = {(s.column, s.value): _stage_choice(s) for s in good.doubtful}
    shown = [ipywidgets.HTML(STYLE), *out]
    for look, some in lacking:
        asked = _("Which column of {file} is which?", file=look.file + (f" [{look.sheet}]" if look.sheet else ""))
        rows = [_row(_label(m), columns[look.headers, m.column], _remark(m)) for m in some]
        shown += _part(asked, (_("we need"), _("your column, and what is in it"), ""), rows)
    if stages:
        asked = _("What do these stages count as? Rows of a stage that isn't known are left out.")
        rows = [_row(escape(s.value), stages[s.column, s.value], _rows(s)) for s in good.doubtful]
        shown += _part(asked, (_("stage"), _("counts as"), _("rows")), rows)
    if not (columns or _to_write(good)):
        room.children = shown
        return
    yes = ipywidgets.Button(description=_("Yes, this is right: write mapping.yaml"), button_style="primary")
    yes.add_class("salesplaybook-confirm")
    answer = ipywidgets.HTML()

    def write(_button: Any) -> None:
        chosen: dict[tuple[str, ...], dict[str, str]] = {}
        for (headers, column), choice in columns.items():
            if choice.value:
                chosen.setdefault(headers, {})[column] = choice.value
        statuses: dict[tuple[str, str], Any] = {stage: choice.value for stage, choice in stages.items() if choice.value}
        try:
            if wrong := _wrong(lacking, chosen):
                answer.value = Markup('<p class="sp-error">{}</p>').format(wrong)
                return
            here.confirm(_good(found.placed(chosen)).answered(statuses))
            now = here.check() if chosen else found
            if chosen and not now.doubtful and not _lacking(now, again=True):
                here.confirm(_good(now))  # the stages are known: there is nothing to ask
        except PlaybookError as error:  # in a click it would be seen by nobody
            answer.value = Markup('<div style="white-space: pre-wrap">{}</div>').format(str(error))
            return
        if chosen and (now.doubtful or _lacking(now, again=True)):
            _ask(room, here, now, written=True)
            return
        yes.disabled = True
        answer.value = _("Written: mapping.yaml; change there what is wrong. Now run all cells again.")

    yes.on_click(write)
    if written:
        shown.insert(1, ipywidgets.HTML(Markup('<p class="sp-saved">✓ {}</p>').format(_("Written: mapping.yaml"))))
    beside = ipywidgets.Layout(align_items="center", grid_gap="0 14px", margin="12px 0 0")
    room.children = [*shown, ipywidgets.HBox([yes, answer], layout=beside)]


def _wrong(lacking: Sequence[tuple[Look, list[Missing]]], chosen: dict[tuple[str, ...], dict[str, str]]) -> str:
    """What can't be written: a needed column that isn't chosen, a header that is chosen twice."""
    for look, some in lacking:
        said = chosen.get(look.headers, {})
        if left := [m.column for m in some if m.needed and m.column not in said]:
            return _("Choose which column is the {column}.", column=_(COLUMN_NAMES[left[0]]))
        if twice := [h for h in said.values() if [*said.values()].count(h) > 1]:
            return _("'{header}' is chosen twice. It can be one of them.", header=twice[0])
    return ""


def _part(title: str, heads: Sequence[str], rows: list[Any]) -> list[Any]:
    import ipywidgets

    head = [ipywidgets.HTML(Markup("<p>{}</p>").format(text)) for text in heads]
    top = ipywidgets.GridBox(head, layout=_grid())
    top.add_class("sp-head")
    return [ipywidgets.HTML(Markup('<p class="sp-title" style="margin-top: 14px">{}</p>').format(title)), top, *rows]


def _row(label: str, choice: Any, remark: str) -> Any:
    import ipywidgets

    grey = Markup('<span class="sp-grey">{}</span>').format(remark)
    row = ipywidgets.GridBox([ipywidgets.HTML(label), choice, ipywidgets.HTML(grey)], layout=_grid())
    row.add_class("sp-row")
    return row


def _grid() -> Any:
    import ipywidgets

    return ipywidgets.Layout(display="grid", grid_template_columns=TRACKS, grid_gap="0 14px")


def _label(missing: Missing) -> str:
    return Markup("<b>{}</b>" if missing.needed else "{}").format(_(COLUMN_NAMES[missing.column]))


def _remark(missing: Missing) -> str:
    return _both(_("needed") if missing.needed else "", _("guessed") if missing.likely else "")


def _rows(seen: StageSeen) -> str:
    return _both(str(seen.rows), _("guessed") if seen.counts_as else "")


def _both(one: str, other: str) -> str:
    return ("，" if language.current().chinese else ", ").join(filter(None, (one, other)))


def _column_choice(missing: Missing) -> Any:
    """A field that asks which header is one of our columns; each with some of its cells."""
    import ipywidgets

    none = _("choose a column") if missing.needed else _("none of them")
    texts = [_("{header}: {cells:list}", header=h.name, cells=h.samples) for h in missing.headers]
    return ipywidgets.Dropdown(
        options=[(none, ""), *zip(texts, (h.name for h in missing.headers), strict=True)],
        value=missing.likely,
        description=_(COLUMN_NAMES[missing.column]),
    )


def _stage_choice(seen: StageSeen) -> Any:
    """A field that asks what a stage counts as."""
    import ipywidgets

    known = [(_(STATUS_NAMES[status]), status) for status in STATUSES]
    return ipywidgets.Dropdown(
        options=known if seen.counts_as else [(_("not known yet"), ""), *known],
        value=seen.counts_as or "",
        description=_("{stage} ({n:rows})", stage=seen.value, n=seen.rows),
    )
