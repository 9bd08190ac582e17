"""Each file to the reader that knows its format; archives are opened, fabrication files are collected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from manyworks.files import archives
from manyworks.files.boards import BoardFile
from manyworks.files.found import Found
from manyworks.files.limits import ARCHIVE_BYTES, FABRICATION_BYTES, TABLE_BYTES
from manyworks.files.registry import Reader, reader_of, readers_for, resolve
from manyworks.files.sources import Source, open_source
from manyworks.files.table_files import SPREADSHEETS, tables_of
from manyworks.files.tables import Table, TableKind, read_bill, read_positions
from manyworks.files.unread import format_of, refuse
from manyworks.model import Finding, error

_TEXT_TABLES = (
    ".csv", ".tsv", ".txt", ".pos", ".tab", ".bom", ".cpl", ".xy", ".mnt", ".mnb", ".pnp", ".lst", "",
)  # fmt: skip
_ARCHIVES = (".zip",)


def sort_files(paths: Sequence[tuple[Path, str]], found: Found) -> tuple[str, ...]:
    """Read every file as what it is; the names of all files, members of archives among them."""
    names: list[str] = []
    layers: list[Source] = []
    for path, name in paths:
        source = _open(path, name, found)
        if source is None:
            names.append(name)
            continue
        for one in _unpack(source, found):
            names.append(one.name)
            _sort_in(one, layers, found)
    for group in group_sets(layers):
        sets, findings = resolve("fabrication:read_fabrication")(group)
        found.sets.extend(sets)
        found.findings.extend(findings)
        _account(group, sets, found)
    return tuple(names)


def _account(group: Iterable[Source], sets: Sequence[object], found: Found) -> None:
    """Fabrication files whose set came to nothing stay named by the set's own findings."""
    if not sets:
        for source in group:
            found.reasons.setdefault(source.name, "a fabrication file without a board around it")


def _open(path: Path, name: str, found: Found) -> Source | None:
    """The file in memory, unless nobody would read it."""
    ending = path.suffix.lower()
    known = format_of(path)
    if known is not None and not readers_for(ending):
        if found.asked:
            found.findings.append(refuse(path, name))
        return None
    source = open_source(path, name, _limit(ending))
    if isinstance(source, Finding):
        found.findings.append(source)
        return None
    return source


def _limit(ending: str) -> int:
    readers = readers_for(ending)
    if readers:
        return max(reader.limit for reader in readers)
    if ending in _ARCHIVES:
        return ARCHIVE_BYTES
    return TABLE_BYTES if ending in (*_TEXT_TABLES, *SPREADSHEETS) else FABRICATION_BYTES


def _unpack(source: Source, found: Found) -> tuple[Source, ...]:
    if source.path.suffix.lower() not in _ARCHIVES or not archives.is_archive(source):
        return (source,)
    members, findings = archives.expand(source)
    found.findings.extend(findings)
    if members:
        found.used.add(source.name)
    return members


def _sort_in(source: Source, layers: list[Source], found: Found) -> None:
    reader = reader_of(source)
    ending = source.path.suffix.lower()
    if reader is not None:
        _read_design(reader, source, found)
    elif _is_fabrication(source):
        layers.append(source)
    elif ending in SPREADSHEETS:
        tables, findings = tables_of(source)
        found.findings.extend(findings)
        for table in tables:
            _sort_table(table, found)
        if tables:
            found.used.add(source.name)
    elif ending in _TEXT_TABLES:
        _sort_text(source, found)
    elif found.asked:
        found.findings.append(refuse(source.path, source.name))


def _is_fabrication(source: Source) -> bool:
    try:
        return bool(resolve("fabrication:is_fabrication")(source))
    except (ImportError, AttributeError):
        return False


def _read_design(reader: Reader, source: Source, found: Found) -> None:
    thing, findings = resolve(reader.read)(source)
    found.findings.extend(findings)
    found.used.add(source.name)
    if thing is None:
        return
    if isinstance(thing, BoardFile):
        found.boards.append(thing)
    elif reader.role == "manifest":
        found.manifests.append((source, thing))
    else:
        found.designs.append(thing)


def _sort_text(source: Source, found: Found) -> None:
    tables, _ = tables_of(source)
    if tables and tables[0].kind is not TableKind.OTHER:
        _sort_table(tables[0], found)
    elif found.asked:
        text = "this is neither a parts list nor a position file"
        hint = "name its columns as parts lists do"
        found.findings.append(error("files.table.unknown", source.name, text, hint))


def _sort_table(table: Table, found: Found) -> None:
    name = table.name
    if table.kind is TableKind.POSITIONS:
        positions, found.remarks[name] = read_positions(table)
        found.positions.append((table, positions))
    elif table.kind is TableKind.OTHER:
        found.reasons[name] = "a table that is neither a parts list nor a position file"
    else:
        bill, found.remarks[name] = read_bill(table)
        found.bills.append(bill)


def group_sets(layers: Iterable[Source]) -> list[list[Source]]:
    """Fabrication files by the folder they lie in; a folder of drill files only joins its neighbour.

    CAD programs write layers and drills into sister folders or into one, and one folder of a
    product may hold another board's set.
    """
    groups: dict[str, list[Source]] = {}
    for source in layers:
        groups.setdefault(str(PurePosixPath(source.name).parent), []).append(source)
    for place in [place for place, group in groups.items() if not any(map(_has_picture, group))]:
        parent = str(PurePosixPath(place).parent)
        near = [
            other
            for other in groups
            if other != place and (other == parent or str(PurePosixPath(other).parent) in (parent, place))
        ]
        if len(near) == 1:
            groups[near[0]].extend(groups.pop(place))
    return list(groups.values())


def _has_picture(source: Source) -> bool:
    """Whether a file draws (Gerber), other than drill files, netlists and reports."""
    return b"%FS" in source.data[:20_000] or b"%MO" in source.data[:20_000]
