"""The only room that opens a project's files: it stays inside the folder, writes atomically, and locks."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from salesplaybook.errors import ProjectError


class Store:
    """A project's folder. Every path is relative to `root` and may not leave it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def path(self, *parts: str) -> Path:
        """The path of `parts` below the project. ProjectError if it leads out of it."""
        path = self.root.joinpath(*parts).resolve()
        if not path.is_relative_to(self.root):
            raise ProjectError("'{path}' leads out of the project folder.", path="/".join(parts))
        return path

    def exists(self, *parts: str) -> bool:
        return self.path(*parts).exists()

    def files(self, *parts: str) -> list[Path]:
        """The plain files of a folder by name, without system files, lock files (~$...) and hidden ones."""
        return [p for p in self.entries(*parts) if p.is_file()]

    def entries(self, *parts: str) -> list[Path]:
        """What lies in a folder by name, without system files, lock files (~$...) and hidden ones."""
        folder = self.path(*parts)
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return [
            p
            for p in found
            if not p.name.startswith((".", "~$")) and p.name.lower() not in ("thumbs.db", "desktop.ini")
        ]

    def folders(self, *parts: str) -> list[str]:
        folder = self.path(*parts)
        return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []

    def text(self, *parts: str) -> str:
        """A text file of ours, UTF-8 with or without a byte order mark."""
        data = self.path(*parts).read_bytes()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.rfind(b"\n", 0, error.start) + 1
            raise ProjectError(
                "{file}, line {line}, column {column}: this is not UTF-8 text (perhaps GBK). Save it again as UTF-8.",
                file="/".join(parts),
                line=data.count(b"\n", 0, error.start) + 1,
                column=len(data[line : error.start].decode("utf-8", "replace")) + 1,
            ) from None

    def write(self, data: bytes | str, *parts: str) -> Path:
        """Writes a file so that a reader sees the old one or the new one, never half of it."""
        path = self.path(*parts)
        data = data.encode("utf-8") if isinstance(data, str) else data
        if path.exists() and path.read_bytes() == data:
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return path

    def remove(self, *parts: str) -> None:
        self.path(*parts).unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One writer at a time: filing exports and saving records wait for each other."""
        self.path(".cache").mkdir(exist_ok=True)
        try:
            with FileLock(self.path(".cache", "lock"), timeout=60):
                yield
        except Timeout:
            raise ProjectError(
                "{folder} is being written by another run. Wait for it to end, then run again.", folder=self.root.name
            ) from None


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
