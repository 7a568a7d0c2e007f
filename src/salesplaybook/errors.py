"""What goes wrong, in one sentence of the user's language: what, where, and how to mend it."""

from __future__ import annotations

from typing import Any

from salesplaybook import language


class PlaybookError(Exception):
    """A trouble that the user can mend. `text` is the English sentence (the key of its translation)."""

    def __init__(self, text: str, /, **values: Any) -> None:
        super().__init__(text, values)
        self.text, self.values = text, values

    def __str__(self) -> str:
        return language.translate(self.text, **self.values)

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: in a notebook the sentence stands alone, without a traceback.
        return [str(self)]


class SettingsError(PlaybookError):
    """project.yaml or mapping.yaml can't be used as it stands."""


class ExportError(PlaybookError):
    """An export in data/ can't be read."""


class LackingColumn(ExportError):
    """An export lacks a column that its table needs; a person may know which one it is."""


class PeriodError(PlaybookError):
    """A period or a day that can't be understood."""


class ProjectError(PlaybookError):
    """A project folder that isn't one, or can't be made."""


class ParameterError(PlaybookError):
    """A playbook was asked for something that it doesn't take."""


class PlaybookFailed(PlaybookError):
    """A playbook stopped with an error; its last good record is kept."""


class EntriesError(PlaybookError):
    """A file of what people typed can't be read as it stands."""


class EntriesChanged(EntriesError):
    """A file of what people typed was saved from elsewhere since it was read: nothing unseen is overwritten."""
