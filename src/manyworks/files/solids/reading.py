"""Any file with solids in it -> `SolidDesign`; its beginning decides how it is read, then its ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from manyworks.files.depth import Features
from manyworks.files.limits import SOLID_BYTES
from manyworks.files.pieces import DesignFile
from manyworks.files.solids.amf import read_amf
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.designs import design_solid
from manyworks.files.solids.obj import read_obj
from manyworks.files.solids.ply import read_ply
from manyworks.files.solids.step import read_iges, read_step
from manyworks.files.solids.stl import read_stl
from manyworks.files.solids.threemf import read_3mf
from manyworks.files.sources import Source, open_source
from manyworks.model import Finding, SolidDesign, error

Reader: TypeAlias = Callable[[Source], tuple[SolidContents | None, tuple[Finding, ...]]]

_READERS: dict[str, Reader] = {
    ".3mf": read_3mf,
    ".amf": read_amf,
    ".iges": read_iges,
    ".igs": read_iges,
    ".obj": read_obj,
    ".ply": read_ply,
    ".stl": read_stl,
    ".step": read_step,
    ".stp": read_step,
    ".p21": read_step,
}
SOLID_ENDINGS = tuple(_READERS)


def read_solid_source(
    source: Source, *, features: Features = True, views: bool = True
) -> tuple[DesignFile[SolidDesign] | None, tuple[Finding, ...]]:
    """Read the solid in a file.

    Parameters
    ----------
    source
        A STEP, IGES, STL, OBJ, 3MF, AMF or PLY file.
    features
        Whether its faces are searched for what they ask of a process. Without, ``details`` and
        ``views`` are empty and the rest is the same, several times sooner.
    views
        Whether pictures are drawn of what was searched.

    Returns
    -------
    The solid (mm, mm2, mm3) with its bodies and what their shape asks for; or None with at least
    one error finding. Lengths of formats that state no unit are taken for mm.
    """
    reader = _reader(source)
    if reader is None:
        text = "this is no solid in a format that is read"
        hint = "export it as STEP, 3MF or STL"
        return None, (error("files.solid.unknown", source.name, text, hint),)
    contents, findings = reader(source)
    if contents is None:
        return None, findings
    design, remarks = design_solid(contents, source.name, features=features, views=views)
    found = DesignFile(design=design, sources=(source,), role="solid")
    return found, (*findings, *remarks)


def read_solid(path: Path, name: str) -> tuple[DesignFile[SolidDesign] | None, tuple[Finding, ...]]:
    """Read the solid in a file on disk, see `read_solid_source`."""
    source = open_source(path, name, SOLID_BYTES)
    if isinstance(source, Finding):
        return None, (source,)
    return read_solid_source(source)


def _reader(source: Source) -> Reader | None:
    head = source.data[:1000]
    if b"ISO-10303-21" in head:
        return read_step
    return _READERS.get(source.path.suffix.lower()) or (read_ply if head.startswith(b"ply") else None)
