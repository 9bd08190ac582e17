"""Files that are not used: every one is named, with its format where that is known."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from manyworks.model import Finding, error, info, warning

_HEAD = 200


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is not read."""

    name: str
    weight: str
    endings: tuple[str, ...]
    begins: tuple[str, ...]
    twins: tuple[str, ...]


@cache
def _formats() -> tuple[Format, ...]:
    text = resources("manyworks.files").joinpath("data/formats.toml").read_text(encoding="utf-8")
    return tuple(
        Format(
            row["name"],
            row["weight"],
            tuple(row["endings"]),
            tuple(row["begins"]),
            tuple(row.get("twin", ())),
        )
        for row in tomllib.loads(text)["format"]
    )


def format_of(path: Path) -> Format | None:
    """The unread format of a file, by its ending, else by how it begins."""
    by_ending = format_by_ending(path.name)
    if by_ending is not None:
        return by_ending
    head = _head(path)
    return next((known for known in _formats() if any(map(head.startswith, known.begins))), None)


def format_by_ending(name: str) -> Format | None:
    """The unread format of a file by its name's ending."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    return next((known for known in _formats() if ending in known.endings), None)


def _head(path: Path) -> str:
    try:
        if not path.is_file():  # opening a pipe would wait for whoever writes into it
            return ""
        with path.open("rb") as file:
            return file.read(_HEAD).decode("latin-1").lstrip()
    except (OSError, ValueError):
        return ""


def refuse(path: Path, name: str) -> Finding:
    """The error for a file that somebody asked for by name and that cannot be read."""
    known = format_of(path)
    if known is None:
        text = "the format of this file is not known"
        return error("files.format.unknown", name, text, "give a board, a solid, a drawing or a parts list")
    return error("files.format.unread", name, f"{known.name} are not read", _instead(known))


def _instead(known: Format) -> str:
    if not known.twins:
        return ""
    return "export it as " + " or ".join(f".{ending}" for ending in known.twins)


def name_unused(
    names: Iterable[str],
    used: Collection[str],
    board: str,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Finding]:
    """A finding for every file that is not used.

    Parameters
    ----------
    names
        What findings call the files.
    used
        Files that were read.
    board
        Name of the board file that stands for all fabrication files; empty where there is none.
    reasons
        Why files that were understood are not used.
    """
    stems = {_stem_and_ending(name) for name in used}
    for name in names:
        if name in reasons and name not in used:
            yield info("files.unused", name, reasons[name])
        elif name not in used:
            yield _unused(name, board, stems)


def _stem_and_ending(name: str) -> tuple[str, str]:
    path = PurePosixPath(name)
    return path.stem.casefold(), path.suffix.lower().lstrip(".")


def _unused(name: str, board: str, stems: set[tuple[str, str]]) -> Finding:
    known = format_by_ending(name)
    if known is None:
        return info("files.unused", name, "not used")
    if known.weight in ("layer", "archive"):
        tail = f"; the board is taken from {board}" if board else ""
        return info("files.unused", name, f"{known.name} are not read{tail}")
    stem = _stem_and_ending(name)[0]
    twin = next((ending for ending in known.twins if (stem, ending) in stems), None)
    if twin:
        text = f"{known.name} are not read; {PurePosixPath(name).stem}.{twin} is used instead"
        return info("files.unused", name, text)
    if known.weight == "design":
        return warning("files.unused", name, f"{known.name} are not read", _instead(known))
    return info("files.unused", name, f"{known.name} are not read")
