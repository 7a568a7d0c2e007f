"""The button that confirms what was understood of the exports."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from salesplaybook.attended import attended
from salesplaybook.errors import PlaybookError
from salesplaybook.language import translate as _
from salesplaybook.looks import StageSeen, Understood
from salesplaybook.names import STATUS_NAMES
from salesplaybook.project import Project
from salesplaybook.tables.schema import STATUSES


def button(here: Project, found: Understood) -> Any:
    """A button that writes what was understood into mapping.yaml, with a choice for each stage that isn't known, and a
    line for each file that is left out and why.

    None where nobody is there, or nothing is to be said. What runs after the click in the same notebook reads the
    exports by it.
    """
    good = Understood(looks=[look for look in found.looks if look.table and not look.problem])
    asked = any(not look.confirmed for look in good.looks)
    if not attended() or not (asked or found.problems):
        return None
    import ipywidgets

    left_out = [
        ipywidgets.HTML(escape(_("{file} is left out: {why}", file=look.file, why=_(why.text, **why.values))))
        for look in found.looks
        if (why := look.problem)
    ]
    if not asked:
        return ipywidgets.VBox(left_out)
    yes = ipywidgets.Button(
        description=_("Yes, this is right: write mapping.yaml"),
        button_style="primary",
        layout=ipywidgets.Layout(width="auto"),
    )
    yes.add_class("salesplaybook-confirm")
    answer = ipywidgets.HTML()
    choices = {(s.column, s.value): _choice(s) for s in good.unknown}

    def write(_button: Any) -> None:
        try:
            here.confirm(good.answered({stage: c.value for stage, c in choices.items() if c.value}))
        except PlaybookError as error:  # in a click it would be seen by nobody
            answer.value = Markup('<div style="white-space: pre-wrap">{}</div>').format(str(error))
            return
        yes.disabled = True
        answer.value = _("Written: mapping.yaml; change there what is wrong. Now run all cells again.")

    yes.on_click(write)
    ask = [ipywidgets.HTML(_("What do these stages count as? Rows of a stage that isn't known are left out."))]
    return ipywidgets.VBox(
        [*left_out, *(ask if choices else []), *choices.values(), ipywidgets.HBox([yes, answer])],
    )


def _choice(seen: StageSeen) -> Any:
    """A field that asks what a stage counts as."""
    import ipywidgets

    return ipywidgets.Dropdown(
        options=[(_("not known yet"), ""), *((_(STATUS_NAMES[status]), status) for status in STATUSES)],
        description=_("{stage} ({n:rows})", stage=seen.value, n=seen.rows),
        style={"description_width": "260px"},
        layout=ipywidgets.Layout(width="460px"),
    )
