"""What people give -> the files in it: folders walked, every file named once, links outwards left out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from manyworks.files.limits import FOLDER_DEPTH, FOLDER_FILES
from manyworks.model import Finding, error, info, warning


def walk(folder: Path, findings: list[Finding]) -> list[tuple[Path, str]]:
    """Files of a folder and their names below it, in order; hidden ones and links outwards left out.

    None of them, with a finding, where there are too many: that is no design and takes long to read.
    """
    found: list[tuple[Path, str]] = []

    def tell(trouble: OSError) -> None:
        findings.append(_unreadable(trouble, root=not found and str(trouble.filename) == str(folder)))

    for directory, folders, names in os.walk(folder, onerror=tell):
        here = Path(directory)
        folders[:] = _below(here.relative_to(folder), folders, findings)
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and _stays(path, folder, findings):
                found.append((path, path.relative_to(folder).as_posix()))
        if len(found) > FOLDER_FILES:
            text = f"more than {FOLDER_FILES:,} files"
            findings.append(error("files.folder.too-many", folder.name, text, "give the files themselves"))
            return []
    return found


def _unreadable(trouble: OSError, *, root: bool) -> Finding:
    where = Path(str(trouble.filename)).name
    text = f"the folder cannot be read: {trouble.strerror}"
    say = error if root else warning
    return say("files.folder.unreadable", where, text, "give yourself the right to read it")


def _below(here: Path, folders: list[str], findings: list[Finding]) -> list[str]:
    """Folders to go into: no hidden ones, none beyond the greatest depth."""
    wanted = sorted(f for f in folders if not f.startswith(".") and f != "__pycache__")
    if wanted and len(here.parts) >= FOLDER_DEPTH:
        text = f"folders below the depth of {FOLDER_DEPTH} are not looked into: {', '.join(wanted[:5])}"
        findings.append(warning("files.folder.too-deep", here.as_posix(), text, "give a lower folder"))
        return []
    return wanted


def _stays(path: Path, folder: Path, findings: list[Finding]) -> bool:
    """Whether a path is an ordinary file inside the folder; links are named and left alone."""
    if path.is_symlink():
        name = path.relative_to(folder).as_posix()
        findings.append(info("files.unused", name, "a link; links are not followed", "give the file itself"))
        return False
    return path.is_file()


def named(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Files given one by one with short names; those of one name get their folder before it."""
    times = Counter(path.name for path in paths)
    return [(path, path.name if times[path.name] == 1 else path.as_posix()) for path in paths]
