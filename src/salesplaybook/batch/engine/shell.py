"""An IPython shell whose outputs are collected as a notebook keeps them, cell by cell, without a kernel around it."""

from __future__ import annotations

import base64
import io
import os
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]


class Outputs:
    """The outputs of all cells so far; `changed` are the cells whose outputs changed since they were last taken."""

    def __init__(self) -> None:
        self.cells: dict[int, list[Output]] = {}
        self.changed: set[int] = set()
        self.cell = -1
        self._clear_next = False
        self._named: dict[str, list[tuple[int, Output]]] = {}  # display_id -> its outputs, for updates

    def begin(self, cell: int) -> None:
        self.cell, self.cells[cell], self._clear_next = cell, [], False
        self.changed.add(cell)

    def add(self, output: Output, display_id: str = "") -> None:
        if self._clear_next:
            self.clear()
        self.cells[self.cell].append(output)
        self.changed.add(self.cell)
        if display_id:
            self._named.setdefault(display_id, []).append((self.cell, output))

    def update(self, output: Output, display_id: str) -> None:
        """Another content for all outputs of that id, in whichever cell they stand."""
        for cell, earlier in self._named.get(display_id, ()):
            earlier |= {"data": output["data"], "metadata": output["metadata"]}
            self.changed.add(cell)

    def write(self, stream: str, text: str) -> None:
        """A printed text; one after the other of the same stream are one output."""
        cell = self.cells[self.cell]
        if cell and not self._clear_next and cell[-1].get("name") == stream:
            cell[-1]["text"] += text
            self.changed.add(self.cell)
        elif text:
            self.add({"output_type": "stream", "name": stream, "text": text})

    def clear(self, wait: bool = False) -> None:
        self._clear_next = wait
        if not wait:
            self.cells[self.cell] = []
            self.changed.add(self.cell)

    def take(self) -> dict[int, list[Output]]:
        taken = {cell: self.cells[cell] for cell in sorted(self.changed)}
        self.changed.clear()
        return taken


class _Stream(io.TextIOBase):
    def __init__(self, outputs: Outputs, name: str) -> None:
        self.outputs, self.name = outputs, name

    encoding, errors = "utf-8", "replace"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.write(self.name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    shell: Shell

    def publish(self, data: Any, metadata: Any = None, *_: Any, **said: Any) -> None:
        name = (said.get("transient") or {}).get("display_id", "")
        output = {"output_type": "display_data", "data": _plain(data), "metadata": metadata or {}}
        outputs: Outputs = self.shell.outputs
        if said.get("update"):
            outputs.update(output, name)
        else:
            outputs.add(output, name)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class _Hook(DisplayHook):
    shell: Shell
    showing = False  # whether a cell's last value is being shown just now

    def start_displayhook(self) -> None:
        self.showing = True

    def write_output_prompt(self) -> None: ...

    def finish_displayhook(self) -> None:
        self.showing = False

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        output = {"output_type": "execute_result", "execution_count": self.prompt_count}
        self.shell.outputs.add(output | {"data": _plain(format_dict), "metadata": md_dict or {}})


class Shell(InteractiveShell):
    """Runs cells. Each has its outputs in `outputs`, its errors too."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    displayhook: _Hook

    def __init__(self, **given: Any) -> None:
        self.outputs, self.unshown = Outputs(), False
        # No history: its database would make notebooks wait for each other.
        super().__init__(config=Config(HistoryManager={"enabled": False}), **given)

    def run(self, cell: int, source: str, cell_id: str = "") -> tuple[bool, int]:
        """Runs a cell: whether it came to its end, and its number in the order of running."""
        self.outputs.begin(cell)
        number, self.unshown, self.displayhook.showing = self.execution_count, False, False
        result = self.run_cell(source, store_history=True, cell_id=cell_id or None)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not any(o["output_type"] == "error" for o in self.outputs.cells[cell]):
            self._showtraceback(type(error), error, [f"{type(error).__name__}: {error}"])  # magics only print theirs
        return bool(result.success) and not self.unshown, number

    def captured(self) -> None:
        """From now on what is printed is an output."""
        sys.stdout, sys.stderr = _Stream(self.outputs, "stdout"), _Stream(self.outputs, "stderr")

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.unshown |= self.displayhook.showing  # a value that can't be shown is an error, as in a kernel
        said = {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        self.outputs.add({"output_type": "error"} | said)

    def enable_gui(self, gui: Any = None) -> None: ...

    def ask_exit(self) -> None:
        os._exit(0)  # exit() in a cell ends the process, as it would end a kernel


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """A bundle as JSON has it: pictures as base64."""
    return {kind: base64.b64encode(v).decode("ascii") if isinstance(v, bytes) else v for kind, v in data.items()}
