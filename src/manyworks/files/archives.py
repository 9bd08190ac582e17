"""Zip archives -> their members as files in memory. Nothing is ever written to disk."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning

# Beyond any honest set of design files, small enough to stay safe.
MEMBERS = 3_000
MEMBER_BYTES = 150_000_000
TOTAL_BYTES = 300_000_000
NAME_CHARACTERS = 500
# A text of one repeated line packs 1000 : 1 and no real file does; small ones do no harm.
RATIO = 250
RATIO_FROM_BYTES = 1_000_000
# A zip in a zip is opened; a zip in that one is not.
DEPTH = 1

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_RUBBISH = frozenset({"thumbs.db", "desktop.ini", "__macosx", "icon\r"})
_ENCRYPTED = 0x1
_NAMED = 5
_TROUBLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)

# What can be wrong with members: the finding's weight, what was found, what to do.
_KINDS = {
    "encrypted": (warning, "locked with a password and not read", "pack the files without a password"),
    "unsafe": (warning, "a name that points outside the archive; not read", "pack the files anew"),
    "link": (warning, "a link to another file; links are not followed", "pack the file itself"),
    "malformed": (warning, "damaged or packed in a way that is not known; not read", "pack the files anew"),
    "too-large": (warning, f"larger than {MEMBER_BYTES:,} bytes; not read", "split or simplify it"),
    "bomb": (warning, f"packed more than {RATIO} : 1, which no design file is; not read", ""),
    "too-deep": (warning, "a zip in a zip in a zip; it is not opened", "unpack it first"),
    "twice": (warning, "there more than once under one name; the last one is read", "give each its own name"),
    "backslash": (info, "named with backslashes; they are read as folders", ""),
    "rubbish": (info, "left behind by an operating system or hidden; not read", ""),
}


@dataclass(slots=True)
class _Reading:
    """What is left of the allowance, shared by an archive and those inside it, and what was found."""

    members: int = MEMBERS
    total: int = TOTAL_BYTES
    kinds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)


def is_archive(source: Source) -> bool:
    """Whether a file is a zip archive to be opened: by its ending, or by content where it has none.

    Other zip containers (spreadsheets, CAD projects) have endings of their own and are no archives.
    """
    ending = source.path.suffix.lower()
    return ending == ".zip" or (ending == "" and source.data.startswith(_MAGIC))


def expand(source: Source) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
    """Read all files in a zip archive, and in archives directly inside it.

    Parameters
    ----------
    source
        The archive. Its path is only used as the beginning of the members' paths.

    Returns
    -------
    The members, in the archive's order, named ``archive.zip/inner/name``; and findings: an error
    where the archive as a whole cannot be read (no members then), one warning or info for each kind
    of member that was left out or needs a remark. Never an exception, whatever the bytes are.
    """
    reading = _Reading()
    members = tuple(_open(source, reading, DEPTH))
    told = [_tell(kind, names, source.name) for kind, names in reading.kinds.items()]
    findings = (*reading.findings, *told)
    if not members and not findings:
        return (), (info("files.archive.empty", source.name, "the archive holds no files"),)
    return members, findings


def _open(source: Source, reading: _Reading, depth: int) -> Iterator[Source]:
    count = source.data.count(_DIRECTORY_ENTRY)
    if count > reading.members:
        text = f"about {count:,} files in one archive; at most {MEMBERS:,} are read"
        reading.findings.append(
            error("files.archive.too-many", source.name, text, "give the design files only")
        )
        return
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            yield from _members(archive, source, reading, depth)
    except _TROUBLE as trouble:
        text = f"this is no zip archive that can be read: {str(trouble)[:120]}"
        reading.findings.append(error("files.archive.malformed", source.name, text, "pack it anew as a zip"))


def _members(archive: zipfile.ZipFile, source: Source, reading: _Reading, depth: int) -> Iterator[Source]:
    chosen: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = _usable(member, source, reading)
        if name is None:
            continue
        if name in chosen:
            reading.kinds["twice"].append(f"{source.name}/{name}")
        chosen[name] = member
    reading.members -= len(chosen)
    for name, member in chosen.items():
        full = f"{source.name}/{name}"
        data = _read(archive, member, full, reading)
        if data is None:
            continue
        inner = Source(path=source.path / name, name=full, data=data)
        if inner.path.suffix.lower() != ".zip":
            yield inner
        elif depth > 0:
            yield from _open(inner, reading, depth - 1)
        else:
            reading.kinds["too-deep"].append(full)


def _usable(member: zipfile.ZipInfo, source: Source, reading: _Reading) -> str | None:
    """The member's name with ``/`` between folders; None for folders and for what is not read."""
    name = member.filename.replace("\\", "/")
    full = f"{source.name}/{name}"[:NAME_CHARACTERS]
    if member.is_dir() or name.endswith("/"):
        return None
    kind = _refusal(member, name)
    if kind is not None:
        reading.kinds[kind].append(full)
        return None
    if "\\" in member.filename:
        reading.kinds["backslash"].append(full)
    return name


def _refusal(member: zipfile.ZipInfo, name: str) -> str | None:
    """Which kind of member that is not read this is; None for an ordinary one."""
    parts = PurePosixPath(name).parts
    size = member.file_size
    reasons = {
        "unsafe": "\0" in member.orig_filename or _leads_out(name, parts) or len(name) > NAME_CHARACTERS,
        "rubbish": any(part.startswith(".") or part.lower() in _RUBBISH for part in parts),
        "link": stat.S_ISLNK(member.external_attr >> 16),
        "encrypted": bool(member.flag_bits & _ENCRYPTED),
        "too-large": size > MEMBER_BYTES,
        "bomb": size > RATIO_FROM_BYTES and size > RATIO * max(1, member.compress_size),
    }
    return next((kind for kind, holds in reasons.items() if holds), None)


def _leads_out(name: str, parts: tuple[str, ...]) -> bool:
    drive = len(name) > 1 and name[1] == ":"
    return not parts or name.startswith("/") or drive or ".." in parts


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, full: str, reading: _Reading) -> bytes | None:
    # The directory may lie about sizes: what is really unpacked is bounded, not what is announced.
    allowed = min(MEMBER_BYTES, max(RATIO_FROM_BYTES, RATIO * member.compress_size), reading.total)
    try:
        with archive.open(member) as stream:
            data = stream.read(allowed + 1)
    except _TROUBLE:
        reading.kinds["malformed"].append(full)
        return None
    if len(data) <= allowed:
        reading.total -= len(data)
        return data
    if allowed == reading.total:
        _spent(full, reading)
    else:
        reading.kinds["bomb"].append(full)
    return None


def _spent(full: str, reading: _Reading) -> None:
    reading.total = 0
    code = "files.archive.unpacks-too-large"
    if not any(finding.code == code for finding in reading.findings):
        text = f"the archive unpacks to more than {TOTAL_BYTES:,} bytes; from this file on none is read"
        reading.findings.append(error(code, full, text, "give the design files only"))


def _tell(kind: str, names: list[str], where: str) -> Finding:
    say, text, hint = _KINDS[kind]
    shown = ", ".join(repr(name[len(where) + 1 :][:80]) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return say(f"files.archive.{kind}", where, f"{shown}{more}: {text}", hint)
