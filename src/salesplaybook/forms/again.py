"""The button below a form that saves what is typed and makes record and page again with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from salesplaybook.attended import attended
from salesplaybook.errors import PlaybookError
from salesplaybook.forms import form as forms
from salesplaybook.forms.style import STYLE
from salesplaybook.language import translate as _
from salesplaybook.project import Project


def button(make: Callable[[], Path], here: Project) -> Any:
    """A button that saves what is typed, makes record and page again with it, and links to the page."""
    if not attended():
        return None
    import ipywidgets

    button = ipywidgets.Button(description=_("Make the page again"), button_style="primary")
    button.add_class("salesplaybook-again")
    answer = ipywidgets.HTML()

    def press(_button: Any) -> None:
        button.disabled, answer.value = True, escape(_("Making the page ..."))
        try:
            left = forms.errors(forms.save_open(here))
            made = Markup(here.link(make())._repr_html_())
            said = Markup('<p role="status"><span class="sp-saved">✓ {}</span> {}</p>')
            answer.value = said.format(_("Made again:"), made) + left
        except PlaybookError as error:  # in a click it would be seen by nobody
            answer.value = forms.errors([str(error)])
        finally:
            button.disabled = False

    button.on_click(press)
    gap = ipywidgets.Layout(align_items="center", grid_gap="0 14px")
    shown = ipywidgets.VBox([ipywidgets.HTML(STYLE), ipywidgets.HBox([button, answer], layout=gap)])
    shown.add_class("salesplaybook-form")
    shown.add_class("sp-plain")
    return shown
