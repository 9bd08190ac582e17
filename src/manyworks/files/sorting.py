"""Each file to the reader that knows its format; archives are opened, fabrication files are collected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from manyworks.files import archives
from manyworks.files.boards import BoardFile
from manyworks.files.found import Found
from manyworks.files.limits import ARCHIVE_BYTES, FABRICATION_BYTES, TABLE_BYTES
from manyworks.files.pieces import DesignFile
from manyworks.files.registry import Reader, reader_of, readers_for, resolve
from manyworks.files.sources import Source, open_source
from manyworks.files.table_files import SPREADSHEETS, tables_of
from manyworks.files.tables import Table, TableKind, read_bill, read_positions
from manyworks.files.unread import format_of, refuse
from manyworks.model import BoardDesign, Finding, error

_TEXT_TABLES = (
    ".csv", ".tsv", ".txt", ".pos", ".tab", ".bom", ".cpl", ".xy", ".mnt", ".mnb", ".pnp", ".lst", "",
)  # fmt: skip
_ARCHIVES = (".zip",)
_KERNEL = (".step", ".stp", ".p21", ".igs", ".iges")
# What is read of all files together: far beyond any product, within a small computer's memory.
FOLDER_BYTES = 1_000_000_000
_HEAD_BYTES = 8_000


def sort_files(paths: Sequence[tuple[Path, str]], found: Found) -> tuple[str, ...]:
    """Read every file as what it is; the names of all files, members of archives among them."""
    names: list[str] = []
    if any(path.suffix.lower() in _KERNEL for path, _ in paths):
        _start_kernel()
    sorting = _Sorting(found=found, left=FOLDER_BYTES)
    for path, name in paths:
        source = _open(path, name, sorting)
        if source is None:
            names.append(name)
            continue
        for one in _unpack(source, found):
            names.append(one.name)
            _sort_in(one, sorting, asked=found.asked and one is source)
    for group in group_sets(sorting.layers):
        sets, findings = resolve("fabrication:read_fabrication")(group)
        found.sets.extend(sets)
        found.findings.extend(findings)
        _account(group, sets, found)
    return tuple(names)


def _start_kernel() -> None:
    """Let the solid modelling kernel load in its own process while other files are read."""
    from manyworks.files.solids.kernel.process import KERNEL

    with suppress(OSError):  # where no process can be started, the reader says so
        KERNEL.start()


@dataclass(slots=True, kw_only=True)
class _Sorting:
    """Files being sorted: layers for later, what was seen already, and how much may still be read."""

    found: Found
    left: int
    layers: list[Source] = field(default_factory=list)
    seen: dict[tuple[str, str], Source] = field(default_factory=dict)


def _account(group: Iterable[Source], sets: Sequence[DesignFile[BoardDesign]], found: Found) -> None:
    """Fabrication files that are in no set stay named: by the set's own findings, else by a reason."""
    used = {source.name for one in sets for source in one.sources}
    for source in group:
        if source.name not in used:
            found.reasons.setdefault(source.name, "a fabrication file without a board around it")


def _open(path: Path, name: str, sorting: _Sorting) -> Source | None:
    """The file in memory, unless nobody would read it."""
    found = sorting.found
    ending = path.suffix.lower()
    known = format_of(path)
    if (known is not None or not _worth_reading(path, ending)) and not readers_for(ending):
        if found.asked:
            found.findings.append(refuse(path, name))
        return None
    source = open_source(path, name, min(_limit(ending), max(sorting.left, 0)))
    if isinstance(source, Finding):
        found.findings.append(_spent(name) if _has_spent(source, path, sorting) else source)
        return None
    sorting.left -= len(source.data)
    return source


def _has_spent(finding: Finding, path: Path, sorting: _Sorting) -> bool:
    """Whether a file would have been read, had the files before it not used up the allowance."""
    return finding.code == "files.file.too-large" and path.stat().st_size <= _limit(path.suffix.lower())


def _spent(name: str) -> Finding:
    text = f"the files before this one have {FOLDER_BYTES:,} bytes together, the most that is read at once"
    return error("files.folder.too-large", name, text, "give the files of one product only")


def _worth_reading(path: Path, ending: str) -> bool:
    """Whether a file of this ending may be read, or its first bytes show fabrication data."""
    if ending in (*_ARCHIVES, *_TEXT_TABLES, *SPREADSHEETS):
        return True
    try:
        if not path.is_file():  # opening a pipe would wait for whoever writes into it
            return True
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError):
        return True  # opening it once more tells what is wrong
    return _is_fabrication(Source(path=path, name=path.name, data=head))


def _limit(ending: str) -> int:
    readers = readers_for(ending)
    if readers:
        return max(reader.limit for reader in readers)
    if ending in _ARCHIVES:
        return ARCHIVE_BYTES
    return TABLE_BYTES if ending in (*_TEXT_TABLES, *SPREADSHEETS) else FABRICATION_BYTES


def _unpack(source: Source, found: Found) -> tuple[Source, ...]:
    if not archives.is_archive(source):
        return (source,)
    members, findings = archives.expand(source)
    found.findings.extend(findings)
    if members:
        found.used.add(source.name)
        return members
    return (source,)


def _sort_in(source: Source, sorting: _Sorting, *, asked: bool) -> None:
    found = sorting.found
    ending = source.path.suffix.lower()
    if archives.is_archive(source):
        return  # its findings say why nothing came out of it
    if _is_copy(source, sorting) or _is_too_large(source, found):
        return
    reader = reader_of(source)
    if reader is not None:
        _read_design(reader, source, found)
    elif _is_fabrication(source):
        sorting.layers.append(source)
    elif ending in SPREADSHEETS:
        _sort_spreadsheet(source, found)
    elif ending in _TEXT_TABLES:
        _sort_text(source, found, asked=asked)
    elif asked:
        found.findings.append(refuse(source.path, source.name))


def _is_copy(source: Source, sorting: _Sorting) -> bool:
    """Whether a file was read already, loose or from another archive. Fabrication sets are compared whole."""
    key = (source.path.name, hashlib.sha256(source.data).hexdigest())
    first = sorting.seen.setdefault(key, source)
    if first is source or _archive_of(first) == _archive_of(source) or _is_fabrication(source):
        return False
    if not source.data:
        return False
    sorting.found.reasons[source.name] = f"the same file as {first.name}, which is read"
    return True


def _archive_of(source: Source) -> str:
    """The archive a file is in, by what its name begins with; empty for a loose file."""
    head, mark, _ = source.name.lower().rpartition(".zip/")
    return head + mark


def _is_too_large(source: Source, found: Found) -> bool:
    """Whether a member of an archive is larger than its format is read."""
    limit = _limit(source.path.suffix.lower())
    if len(source.data) <= limit:
        return False
    text = f"the file has {len(source.data):,} bytes; at most {limit:,} are read"
    found.findings.append(error("files.file.too-large", source.name, text, "split or simplify it"))
    return True


def _sort_spreadsheet(source: Source, found: Found) -> None:
    tables, findings = tables_of(source)
    found.findings.extend(findings)
    repeated = {finding.where for finding in findings if finding.code == "files.sheet.repeats"}
    for table in tables:
        if table.name not in repeated:
            _sort_table(table, found)
    if any(table.sheet for table in tables):  # each sheet is told of by its own name
        found.used.add(source.name)


def _is_fabrication(source: Source) -> bool:
    return bool(resolve("fabrication:is_fabrication")(source))


def _read_design(reader: Reader, source: Source, found: Found) -> None:
    solid = reader.role == "solid"
    options = {"features": found.features, "views": found.views} if solid else {}
    thing, findings = resolve(reader.read)(source, **options)
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


def _sort_text(source: Source, found: Found, *, asked: bool) -> None:
    tables, _ = tables_of(source)
    if tables and tables[0].kind is not TableKind.OTHER:
        _sort_table(tables[0], found)
    elif asked:
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
