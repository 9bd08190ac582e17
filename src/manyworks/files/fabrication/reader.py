"""Fabrication sets -> boards: the door of this subroom."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from manyworks.files.doors import bound
from manyworks.files.fabrication.board import read_set
from manyworks.files.fabrication.kinds import Kind
from manyworks.files.fabrication.limits import FILES
from manyworks.files.fabrication.members import Member, give_role, members_of
from manyworks.files.fabrication.naming import shared_start
from manyworks.files.fabrication.sets import mark_copies, split
from manyworks.files.fabrication.sidecars import Facts, read_job
from manyworks.files.fabrication.vocabulary import vocabulary
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding, error, errors, warning

_WHOLE = {Kind.ODB: "ODB++ data", Kind.IPC2581: "IPC-2581 data"}


def read_fabrication(
    sources: Sequence[Source],
) -> tuple[tuple[DesignFile[BoardDesign], ...], tuple[Finding, ...]]:
    """Read the Gerber, drill and accompanying files of one folder or archive.

    Parameters
    ----------
    sources
        The files; those that are no fabrication data are passed over (see `is_fabrication`).

    Returns
    -------
    One `DesignFile` for each set of layers (a board and its panel are two), the largest set first:
    role ``board``, its `BoardDesign.layers` naming every fabrication file of the set, used or why
    not. And findings; a set with an error among them gives no design.
    """
    findings: list[Finding] = []
    members = members_of(sources)
    if len(members) > FILES:
        text = f"{len(members)} fabrication files; at most {FILES} are read"
        return (), (error("files.fabrication.too-many", members[0].name, text, "give one board at a time"),)
    findings.extend(_whole(members))
    members = [member for member in members if member.kind not in _WHOLE]
    if not any(member.kind in (Kind.GERBER, Kind.DRILL) for member in members):
        return (), tuple(findings)
    _first_roles(members)
    designs = []
    for files in split(members, findings):
        remarks = [*mark_copies(files)]
        design = read_set(files, remarks)
        findings.extend(dict.fromkeys(remarks))
        if design is not None and not errors(remarks):
            designs.append(_design_file(design, files))
    return tuple(designs), tuple(bound(dict.fromkeys(findings)))


def fingerprint(design: BoardDesign) -> str:
    """A key that the same board has however its files are packed: loose, in an archive, renamed.

    It is made of size, layers, holes by tool and the least measures, not of names or places.
    """
    drills = sorted(
        (round(d.diameter_mm, 3), d.holes, d.slots, d.plated, d.span or (0, 0)) for d in design.drills
    )
    pads = sorted((land.side, land.size_mm) for land in design.lands)
    measures = (
        round(design.width_mm, 2),
        round(design.height_mm, 2),
        round(design.area_mm2, 1),
        design.copper_layers,
        design.plated_holes,
        design.nonplated_holes,
        design.slots,
        round(design.min_track_mm or 0.0, 3),
    )
    return hashlib.sha256(repr((measures, drills, pads)).encode()).hexdigest()


def _whole(members: Sequence[Member]) -> list[Finding]:
    found = []
    for kind, name in _WHOLE.items():
        first = next((member for member in members if member.kind is kind), None)
        if first is not None:
            text = f"{name} are not read yet"
            hint = "add Gerber and drill files"
            found.append(warning("files.fabrication.unread", first.name, text, hint))
    return found


def _first_roles(members: Sequence[Member]) -> None:
    """Roles as far as they are needed to tell sets apart; each set decides again for itself."""
    facts = Facts()
    for member in members:
        if member.kind is Kind.JOB:
            read_job(member.source, facts)
    shared = shared_start([m.source.path.name for m in members if m.kind in (Kind.GERBER, Kind.DRILL)])
    for member in members:
        give_role(member, facts, shared)


def _design_file(design: BoardDesign, members: Sequence[Member]) -> DesignFile[BoardDesign]:
    order = sorted(members, key=lambda member: (not member.used, member.role.role != "copper"))
    return DesignFile(
        design=design,
        sources=tuple(member.source for member in order),
        role="board",
        name=_title(members),
    )


def _title(members: Sequence[Member]) -> str:
    """What the layers' names have in common, else the folder or archive they are in."""
    layers = [member for member in members if member.kind in (Kind.GERBER, Kind.DRILL)]
    stems = [member.source.path.stem for member in layers]
    common = stems[0]
    for stem in stems[1:]:
        same = [a == b for a, b in zip(common, stem, strict=False)]
        common = common[: same.index(False) if False in same else len(same)]
    if any(stem != common and stem[len(common) :][:1].isalnum() for stem in stems):
        common = re.sub(r"[^\W_]*\Z", "", common)
    common = common.strip(" -_.,()[]")
    if len(common) > 1 and common.lower() not in vocabulary().folders:
        return common
    return next(filter(None, map(_folder_name, PurePosixPath(layers[0].name).parents)), "")


def _folder_name(folder: PurePosixPath) -> str:
    """The name of a folder or archive; empty where it is called what such folders are always called."""
    name = re.sub(r"\.zip$", "", folder.name, flags=re.IGNORECASE)
    return "" if re.sub(r"[\W_]+", "", name).lower() in vocabulary().folders else name
