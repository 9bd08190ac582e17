"""Files we write: all of them or none, and never half of one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from manyworks.model import Finding, FindingsError, error

STANDARD_OUTPUT = "-"
_LONGEST_NAME = 255
_OURS = (".json", ".html", ".htm")


class OutputError(FindingsError):
    """Something could not be written where it was asked for."""


def as_json(content: Mapping[str, Any]) -> str:
    """JSON text that any reader can read: no NaN, no infinity."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def check_outputs(*names: str | None, inputs: Iterable[str | Path] = ()) -> list[Finding]:
    """Say beforehand what cannot be written, so that nobody waits for nothing.

    ``inputs`` are files and folders that are read: neither they nor what belongs to them is replaced.
    """
    wanted = [name for name in names if name and name != STANDARD_OUTPUT]
    findings = [finding for name in dict.fromkeys(wanted) for finding in _obstacles(name)]
    findings += [
        _refusal(Path(name), f"it belongs to what is read, {str(source)!r}")
        for name in dict.fromkeys(wanted)
        for source in inputs
        if _is_part_of(Path(name), Path(source))
    ]
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    return findings + [
        error("cli.output", name, "is asked for twice", "give each output a file of its own")
        for name in twice
    ]


def _is_part_of(output: Path, source: Path) -> bool:
    """Whether a file that stands already is an input, or lies among inputs and is no page or JSON of ours."""
    try:
        if not output.is_file() or not source.exists():
            return False
        among = output.suffix.lower() not in _OURS and source.resolve() in output.resolve().parents
        return among or (source.is_file() and output.samefile(source))
    except (OSError, ValueError, RuntimeError):
        return False


def _obstacles(name: str) -> Iterable[Finding]:
    path = Path(name)
    try:
        if "\0" in name:
            yield _refusal(path, "no file can have such a name")
        elif path.is_dir():
            yield _refusal(path, "is a folder")
        elif not path.parent.is_dir():
            yield _refusal(path, f"there is no folder {str(path.parent)!r}")
        elif not os.access(path if path.exists() else path.parent, os.W_OK):
            yield _refusal(path, "may not be written")
    except (OSError, ValueError) as trouble:
        yield _refusal(path, str(trouble))


def write_outputs(texts: Mapping[str | Path, str | Iterable[str]]) -> None:
    """Write texts to files, each complete under another name first; ``-`` is standard output.

    A text too large to hold at once is given in pieces.

    Raises
    ------
    OutputError
        With every file that cannot be written; then none has changed.
    """
    printed = [_pieces(text) for name, text in texts.items() if str(name) == STANDARD_OUTPUT]
    pending: dict[Path, Path] = {}
    findings: list[Finding] = []
    for name, text in texts.items():
        if str(name) != STANDARD_OUTPUT:
            findings += _prepare(Path(name), text, pending)
    if not findings:
        findings = _settle(pending)
    if findings:
        _discard(pending.values())
        raise OutputError(findings)
    for pieces in printed:
        sys.stdout.writelines(pieces)


def _pieces(text: str | Iterable[str]) -> Iterable[str]:
    return [text] if isinstance(text, str) else text


def _write(path: Path, text: str | Iterable[str]) -> None:
    if isinstance(text, str):
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(text)


def _prepare(path: Path, text: str | Iterable[str], pending: dict[Path, Path]) -> list[Finding]:
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            _write(target, text)  # a device or a pipe: nothing to rename
            return []
        draft = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
        pending[target] = draft
        _write(draft, text)
    except (OSError, ValueError) as trouble:
        return [_refusal(path, _reason(trouble))]
    return []


def _settle(pending: Mapping[Path, Path]) -> list[Finding]:
    blocked = [_refusal(target, "is a folder") for target in pending if target.is_dir()]
    if blocked:
        return blocked
    for target, draft in pending.items():
        try:
            draft.replace(target)
        except OSError as trouble:
            return [_refusal(target, _reason(trouble))]
    return []


def _discard(drafts: Iterable[Path]) -> None:
    for draft in drafts:
        try:
            draft.unlink(missing_ok=True)
        except OSError:
            continue


def _reason(trouble: Exception) -> str:
    return getattr(trouble, "strerror", None) or str(trouble)


def _refusal(path: Path, why: str) -> Finding:
    return error("cli.output", str(path), f"cannot be written: {why}", "name another place")


def check_folder(path: Path) -> list[Finding]:
    """Say beforehand why a folder cannot be made or written into."""
    ground = next((one for one in (path, *path.absolute().parents) if _stands(one)), path)
    if not is_folder(ground):
        return [_refusal(path, f"{str(ground)!r} is no folder")]
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in path.parts):
        return [_refusal(path, "the name is too long")]
    return [] if os.access(ground, os.W_OK) else [_refusal(path, f"{str(ground)!r} may not be written to")]


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; a path that cannot be one at all is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _stands(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def make_folder(path: Path) -> None:
    """Make the folder and those above it.

    Raises
    ------
    OutputError
        Where that cannot be done.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as trouble:
        raise OutputError([_refusal(path, _reason(trouble))]) from trouble
