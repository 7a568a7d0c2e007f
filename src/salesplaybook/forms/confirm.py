"""The button that confirms what was understood of the exports."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from salesplaybook.attended import attended
from salesplaybook.errors import PlaybookError
from salesplaybook.language import translate as _
from salesplaybook.looks import Understood
from salesplaybook.project import Project


def button(here: Project, found: Understood) -> Any:
    """A button that writes what was understood into mapping.yaml, and a line for each file that it leaves out and why.

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

    def write(_button: Any) -> None:
        try:
            here.confirm(good)
        except PlaybookError as error:  # in a click it would be seen by nobody
            answer.value = Markup('<div style="white-space: pre-wrap">{}</div>').format(str(error))
            return
        yes.disabled = True
        answer.value = _("Written: mapping.yaml; change there what is wrong. Now run all cells again.")

    yes.on_click(write)
    return ipywidgets.VBox([*left_out, ipywidgets.HBox([yes, answer])])
