"""JupyterLab on a project, made for people who don't program: in the project's language, without news, on the playbook.

Its settings are the project's own, in `.cache/lab/`: neither what the computer has set for JupyterLab counts, nor is it
changed. What a person sets there afterwards stays.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from salesplaybook.errors import PlaybookError
from salesplaybook.language import Language
from salesplaybook.language import translate as _
from salesplaybook.project import Project

# The playbook that is opened: the first one that is there. Each week's first, then the quarter's in its order.
FIRST = ("weekly", "crm", "goals", "risk", "performance", "retrospective", "quarterly_review")
# What is no use to a manager, or deletes a cell at one click.
_LEFT_OUT = ("cell-toolbar-extension", "debugger-extension", "extensionmanager-extension")
_BUTTONS_LEFT_OUT = ("insert", "cut", "copy", "paste", "run", "interrupt", "restart", "restart-and-run", "cellType")
# What differs from JupyterLab's own settings: nothing pops up.
_CALM: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {
        "enableKernelInitNotification": True,
        "kernelShutdown": True,
        "scrollPastEnd": False,
    },
    "filebrowser-extension/browser": {"navigateToCurrentDirectory": True, "singleClickNavigation": True},
    "statusbar-extension/plugin": {"visible": False},
}


def open_lab(here: Project, port: int = 0, browser: bool = True) -> None:
    """Runs JupyterLab on a project until it is ended by Ctrl+C: for this computer alone, and with a token.

    port: 0 takes any that is free. browser: whether to open one. PlaybookError where JupyterLab isn't installed, or the
    port is taken.
    """
    if not importlib.util.find_spec("jupyterlab"):
        raise PlaybookError(
            "JupyterLab is not installed. Install it, with its Chinese texts: {python} -m pip install "
            "'jupyterlab>=4.2' jupyterlab-language-pack-zh-CN ipywidgets",
            python=sys.executable,
        )
    port, token = _free(port), secrets.token_urlsafe(24)
    _settle(here)
    # For the server and its kernels; the token not as an argument, which others on this computer could read.
    os.environ |= _surroundings(here.store.path(".cache", "lab")) | {"JUPYTER_TOKEN": token}
    from jupyterlab.labapp import LabApp

    server = LabApp.initialize_server(_arguments(here, port, browser))
    address = f"http://127.0.0.1:{port}{_first(here)}?token={token}"
    print(_("JupyterLab is open, until you press Ctrl+C here: {address}", address=address), flush=True)
    server.start()


def _arguments(here: Project, port: int, browser: bool) -> list[str]:
    said = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": here.store.root,
        "ServerApp.open_browser": browser,
        "ServerApp.answer_yes": True,
        "ServerApp.allow_root": True,  # in a container people are root; it listens to nobody else
        "Application.log_level": "ERROR",
        "ContentsManager.preferred_dir": "playbooks" if here.store.exists("playbooks") else "",
        "LabApp.default_url": _first(here),
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "KernelManager.transport_encryption": "auto",
        "MultiKernelManager.default_kernel_name": "python3",
    }
    return [f"--{name}={value}" for name, value in said.items()]


def _first(here: Project) -> str:
    """The address at which it opens: the first playbook that the project has."""
    for name in FIRST:
        if here.store.exists("playbooks", f"{name}.ipynb"):
            return f"/lab/tree/playbooks/{name}.ipynb"
    return "/lab"


def _surroundings(folder: Path) -> dict[str, str]:
    """Where JupyterLab looks for its settings: in `folder`, and for extensions and kernels there first."""
    above = [str(folder), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    return {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_PATH": os.pathsep.join(above),
    }


def _settle(here: Project) -> None:
    """Writes the settings below `.cache/lab/` that aren't there yet; what depends on language or Python always.
    Which tabs were open the last time is forgotten: each Monday begins with the playbook."""
    from ipykernel.kernelspec import get_kernel_dict

    left_out = {f"@jupyterlab/{name}": True for name in _LEFT_OUT}
    locale = "zh_CN" if here.language.chinese else "en"
    always = {
        "kernels/python3/kernel.json": get_kernel_dict(),  # the Python that runs us
        "config/labconfig/page_config.json": {"disabledExtensions": left_out},
        **_settings(
            {"translation-extension/plugin": {"locale": locale}, "notebook-extension/panel": _bar(here.language)}
        ),
    }
    once = _settings(_CALM)
    with here.store.lock():
        shutil.rmtree(here.store.path(".cache", "lab", "workspaces"), ignore_errors=True)
        for name, said in (always | once).items():
            place = (".cache", "lab", *name.split("/"))
            if name in always or not here.store.exists(*place):
                here.store.write(json.dumps(said, ensure_ascii=False, indent=1).encode(), *place)


def _settings(said: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"settings/@jupyterlab/{name}.jupyterlab-settings": values for name, values in said.items()}


def _bar(say: Language) -> dict[str, Any]:
    """The buttons above a notebook: save, and run all."""
    run = {
        "name": "salesplaybook-run",
        "command": "notebook:run-all-cells",
        "icon": "ui-components:fast-forward",
        "label": say("Run all"),
        "caption": say("Runs the whole playbook; at its end the page is saved"),
        "rank": 11,
    }
    return {"toolbar": [run, *({"name": name, "disabled": True} for name in _BUTTONS_LEFT_OUT)]}


def _free(port: int) -> int:
    """`port` if it is free; 0: any that is."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PlaybookError("The port {port} is taken. Leave --port out, or take another.", port=port) from None
        return int(probe.getsockname()[1])
