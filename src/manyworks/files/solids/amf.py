"""AMF files (ISO/ASTM 52915): meshes in XML, perhaps packed, perhaps set up in constellations."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from manyworks.files.limits import SOLID_TRIANGLES
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.meshes import build_bodies, too_many
from manyworks.files.solids.objects import MalformedModelError, MeshObject, Use, place_objects
from manyworks.files.solids.units import MM_PER_UNIT
from manyworks.files.solids.xml import Readable, figure, number, take
from manyworks.files.solids.zips import UnpackError, Zip
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MOVES = ("deltax", "deltay", "deltaz", "rx", "ry", "rz")


@dataclass(slots=True)
class _Model:
    unit: str = "millimeter"
    objects: dict[Hashable, MeshObject] = field(default_factory=dict)
    curved: bool = False
    triangles: int = 0


def read_amf(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read an AMF file: objects where constellations put them, else where they stand.

    Returns
    -------
    The bodies in mm, or None with an error finding.
    """
    try:
        model = _read(_unpacked(source.data))
        pieces = place_objects(model.objects, ())
    except (MalformedModelError, UnpackError) as trouble:
        text = f"the AMF file cannot be read: {trouble}"
        return None, (error("files.solid.malformed", source.name, text, "export the part anew"),)
    if model.triangles > SOLID_TRIANGLES:
        return None, (too_many(model.triangles, source.name),)
    contents, findings = build_bodies(pieces, source.name, "the file states its unit")
    return contents, (*_remarks(model, source.name), *findings)


def _unpacked(data: bytes) -> Readable:
    if not data.startswith(b"PK"):
        return BytesIO(data)
    archive = Zip(data)
    return archive.stream(archive.only(".amf"))


def _read(file: Readable) -> _Model:
    reader = _Reader()
    take(file, "its text", reader)
    return reader.model


class _Reader:
    """Takes the elements of the file as they come."""

    def __init__(self) -> None:
        self.model = _Model()
        self.object = MeshObject()
        self.user = ""
        self.metadata = ""
        self.moves: dict[str, float] = {}

    def begin(self, name: str, attributes: Mapping[str, str]) -> bool:
        """An element begins."""
        if name == "amf":
            self.model.unit = attributes.get("unit", "millimeter").lower()[:40]
        elif name in ("object", "constellation"):
            self.object = MeshObject(factor=MM_PER_UNIT.get(self.model.unit, 1.0))
            self.model.objects[attributes.get("id", "")] = self.object
        elif name == "instance":
            self.moves, self.user = {}, attributes.get("objectid", "")
        elif name == "metadata":
            self.metadata = attributes.get("type", "")
        return self.model.triangles <= SOLID_TRIANGLES

    def finish(self, name: str, text: str) -> None:
        """An element ends: a corner's figure, a triangle's corner, a move, a name."""
        found = self.object
        if name in ("x", "y", "z"):
            found.numbers.append(figure(text, name))
        elif name in ("v1", "v2", "v3"):
            found.corners.append(number(text, name))
        elif name in ("triangle", "vertex"):
            self.model.triangles += name == "triangle"
            if len(found.corners) % 3 or len(found.numbers) % 3:
                raise MalformedModelError(f"a {name} that has not three parts")
        elif name in ("normal", "edge"):
            self.model.curved = True
        elif name in _MOVES:
            self.moves[name] = figure(text, name)
        elif name == "instance":
            found.uses.append(Use(self.user, _move(self.moves)))
        elif name == "metadata" and self.metadata == "name" and not found.name:
            found.name = text.strip()[:200]


def _move(moves: Mapping[str, float]) -> Floats:
    """A turn about x, then y, then z, then a shift."""
    import numpy as np

    shift = [moves.get(name, 0.0) for name in _MOVES[:3]]
    turn = np.eye(3)
    for axis, name in enumerate(_MOVES[3:]):
        angle = np.radians(moves.get(name, 0.0))
        one, two = (axis + 1) % 3, (axis + 2) % 3
        step = np.eye(3)
        step[one, one] = step[two, two] = np.cos(angle)
        step[one, two], step[two, one] = -np.sin(angle), np.sin(angle)
        turn = step @ turn
    return np.column_stack((turn, shift))


def _remarks(model: _Model, name: str) -> Iterator[Finding]:
    if model.unit in MM_PER_UNIT:
        yield info("files.solid.unit", name, f"lengths in {model.unit}, read as mm")
    else:
        yield warning("files.solid.unit", name, f"the unit {model.unit[:40]!r} is unknown; taken for mm")
    if model.curved:
        text = "triangles curved by normals or edges are read as flat ones"
        yield warning("files.solid.left-out", name, text, "export a plain mesh")
