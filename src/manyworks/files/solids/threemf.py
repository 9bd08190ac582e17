"""3MF files: a zip archive with objects in XML, put together by components and a list of what to build.

3D Manufacturing Format Core Specification 1.3 and Production Extension 1.1.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from manyworks.files.limits import SOLID_TRIANGLES
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.meshes import build_bodies, too_many
from manyworks.files.solids.objects import MalformedModelError, MeshObject, Use, count_idle, place_objects
from manyworks.files.solids.units import MM_PER_UNIT
from manyworks.files.solids.xml import local_name, take
from manyworks.files.solids.zips import UnpackError, Zip
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MODEL_KIND = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
# Where slicing programs keep what their volumes are for, and words for those that are no part of the body.
_SLICER_NOTES = ("Metadata/model_settings.config", "Metadata/Slic3r_PE_model.config")
_NO_PART = re.compile(
    rb"negative_part|modifier_part|support_blocker|support_enforcer"
    rb"|ParameterModifier|NegativeVolume|SupportBlocker|SupportEnforcer"
)
_RELATIONS = "_rels/.rels"
_USUAL_PART = "3D/3dmodel.model"
# Parts of the extensions that change what is built; what they hold is not read.
_UNREAD = {
    "beamlattice": "beam lattices",
    "slicestack": "stacks of slices",
    "booleans": "boolean operations",
    "levelset": "implicit volumes",
    "displacementmesh": "displaced surfaces",
}


@dataclass(slots=True)
class _Model:
    """All model parts of an archive together; objects by part and number."""

    objects: dict[Hashable, MeshObject] = field(default_factory=dict)
    built: list[Use] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    marked: str = ""
    named_parts: set[str] = field(default_factory=set)
    triangles: int = 0


def read_3mf(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read what a 3MF file says is to be built, in the places it says.

    Returns
    -------
    The bodies in mm, or None with an error finding.
    """
    try:
        model = _read_archive(source.data)
        pieces = place_objects(model.objects, model.built)
    except (MalformedModelError, UnpackError) as trouble:
        text = f"the 3MF file cannot be read: {trouble}"
        return None, (error("files.solid.malformed", source.name, text, "export the part anew"),)
    if model.triangles > SOLID_TRIANGLES:
        return None, (too_many(model.triangles, source.name),)
    contents, findings = build_bodies(pieces, source.name, "the file states its unit")
    return contents, (*_remarks(model, source.name), *findings)


def _read_archive(data: bytes) -> _Model:
    archive = Zip(data)
    main = _main_part(archive)
    model = _Model(marked=_marked(archive))
    waiting, seen = [main], {main}
    while waiting:
        part = waiting.pop()
        take(archive.stream(part), part, _PartReader(part, model, is_main=part == main))
        fresh = model.named_parts - seen
        seen |= fresh
        waiting += sorted(fresh)
    return model


def _marked(archive: Zip) -> str:
    """What a slicing program says that some volume is, where it is no part of the body."""
    for name in filter(archive.has, _SLICER_NOTES):
        notes, tail = archive.stream(name), b""
        while block := notes.read():
            found = _NO_PART.search(tail + block)
            if found:
                return found[0].decode("ascii")
            tail = block[-40:]
    return ""


def _main_part(archive: Zip) -> str:
    """The part that says what to build, by the archive's relations, else by its usual name."""
    relations = _Relations()
    if archive.has(_RELATIONS):
        take(archive.stream(_RELATIONS), _RELATIONS, relations)
    return _inside(relations.main or _USUAL_PART)


class _Relations:
    """Takes the list of what an archive is about."""

    def __init__(self) -> None:
        self.main = ""

    def begin(self, name: str, attributes: Mapping[str, str]) -> bool:
        """A relation begins."""
        if name == "Relationship" and attributes.get("Type") == _MODEL_KIND and not self.main:
            self.main = attributes.get("Target", "")
        return True

    def finish(self, name: str, text: str) -> None:
        """Nothing more is in a relation."""


def _inside(path: str) -> str:
    """A part's name in the archive; never anything outside of it."""
    return posixpath.normpath("/" + path).lstrip("/")


class _PartReader:
    """Takes the elements of one model part as they come."""

    def __init__(self, part: str, model: _Model, *, is_main: bool) -> None:
        self.part = part
        self.model = model
        self.is_main = is_main
        self.object = MeshObject()
        self.factor = 1.0

    def begin(self, name: str, attributes: Mapping[str, str]) -> bool:
        """An element begins; everything this format says is in attributes."""
        try:
            if name == "vertex":
                x, y, z = attributes["x"], attributes["y"], attributes["z"]
                self.object.numbers.extend((float(x), float(y), float(z)))
            elif name == "triangle":
                a, b, c = attributes["v1"], attributes["v2"], attributes["v3"]
                self.object.corners.extend((int(a), int(b), int(c)))
                self.model.triangles += 1
            else:
                self._begin_other(name, attributes)
        except (KeyError, ValueError, OverflowError) as trouble:
            text = f"a {name} that cannot be understood: {str(dict(attributes))[:100]}"
            raise MalformedModelError(text) from trouble
        return self.model.triangles <= SOLID_TRIANGLES

    def finish(self, name: str, text: str) -> None:
        """Nothing this format says is in texts."""

    def _begin_other(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "model":
            unit = attributes.get("unit", "millimeter").lower()[:40]
            self.model.units[self.part] = unit
            self.factor = MM_PER_UNIT.get(unit, 1.0)
        elif name == "object":
            self.object = MeshObject(
                name=attributes.get("name", "")[:200],
                factor=self.factor,
                helps=attributes.get("type", "").lower() in ("support", "other"),
            )
            self.model.objects[self.part, attributes.get("id", "")] = self.object
        elif name == "component":
            self.object.uses.append(self._use(attributes))
        elif name == "item" and self.is_main:
            self.model.built.append(self._use(attributes))
        elif name in _UNREAD:
            self.model.unread.add(_UNREAD[name])

    def _use(self, attributes: Mapping[str, str]) -> Use:
        path = next((value for key, value in attributes.items() if local_name(key) == "path"), "")
        part = _inside(path) if path else self.part
        self.model.named_parts.add(part)
        return Use((part, attributes.get("objectid", "")), _matrix(attributes.get("transform", "")))


def _matrix(text: str) -> Floats:
    """A turn and a shift, (3, 4); the format writes rows of a 4 x 3 matrix that points stand left of."""
    import numpy as np

    if not text:
        return np.eye(3, 4)
    try:
        rows = np.array([float(word) for word in text.split()[:13]]).reshape(4, 3)
    except ValueError as trouble:
        raise MalformedModelError(f"a transform that is not twelve figures: {text[:60]!r}") from trouble
    return rows.T.copy()


def _remarks(model: _Model, name: str) -> Iterator[Finding]:
    units = sorted(set(model.units.values()))
    yield info("files.solid.unit", name, f"lengths in {', '.join(units)}, read as mm")
    strange = [unit for unit in units if unit not in MM_PER_UNIT]
    if strange:
        yield warning("files.solid.unit", name, f"the unit {strange[0]!r} is unknown; taken for mm")
    helpers = sum(1 for one in model.objects.values() if one.helps)
    if helpers:
        yield info("files.solid.left-out", name, f"{helpers} objects that only support others are not used")
    idle = count_idle(model.objects, model.built)
    if idle:
        yield warning("files.solid.left-out", name, f"{idle} objects are in the file but not to be built")
    if model.marked:
        text = f"the slicing program marks volumes as {model.marked}; they are read as parts of the body"
        yield warning("files.solid.marked", name, text, "export the part without them")
    if model.unread:
        text = f"{' and '.join(sorted(model.unread))} are not read; the mesh beside them is"
        yield warning("files.solid.left-out", name, text, "export a plain mesh")
