"""A file of exact bodies -> its solids, where they stand, what they are called, and what is no solid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from OCP.BRep import BRep_Tool
from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeSolid, BRepBuilderAPI_Sewing
from OCP.BRepLib import BRepLib
from OCP.collections import IndexedMap_TopoDS_Shape_TopTools_ShapeMapHasher as Shapes
from OCP.collections import Sequence_TDF_Label as Labels
from OCP.TDataStd import TDataStd_Name
from OCP.TDF import TDF_Label
from OCP.TopAbs import TopAbs_ShapeEnum as Kind
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS
from OCP.XCAFDoc import XCAFDoc_DocumentTool, XCAFDoc_ShapeTool

from manyworks.files.solids.kernel.loading import load

# Assemblies within assemblies: real ones have a few levels.
_DEPTH = 50
# Borders of faces this near (mm) are one: what exports of surfaces leave open.
_SEAM_MM = 0.01
# What programs and the kernel itself write where nobody gave a name.
_NO_NAMES = ("Open CASCADE STEP translator", "=>[", "COMPOUND", "SOLID", "NAUO")


@dataclass(slots=True, kw_only=True)
class Solid:
    """A solid as often as it stands in the file, first place first."""

    shape: Any
    name: str
    places: list[Any]

    def moves(self) -> NDArray[np.float64]:
        """How the solid is moved from its first place to each of its places, shape (k, 3, 4)."""
        back = self.places[0].Inverted()
        steps = [place.Multiplied(back).Transformation() for place in self.places]
        return np.array(
            [[[step.Value(row, column) for column in range(1, 5)] for row in range(1, 4)] for step in steps]
        )


@dataclass(slots=True, kw_only=True)
class Contents:
    """What a file holds. ``closed_up`` counts skins that were closed but not said to be solids.

    ``sewn`` counts those that were closed only after loose faces had been sewn together.
    """

    solids: list[Solid] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    closed_up: int = 0
    sewn: int = 0
    open_shells: int = 0
    loose_faces: int = 0
    loose_edges: int = 0
    skipped: int = 0

    def remarks(self) -> dict[str, Any]:
        """Everything but the solids."""
        names = ("units", "closed_up", "sewn", "open_shells", "loose_faces", "loose_edges", "skipped")
        return {name: getattr(self, name) for name in names}


def read(data: bytes, form: str, most_solids: int) -> Contents:
    """Read a file in the form ``step`` or ``iges``.

    Raises
    ------
    UnreadableError
        Where the kernel refuses the file.
    """
    document, units = load(data, form)
    contents = Contents(units=units)
    free = Labels()
    XCAFDoc_DocumentTool.ShapeTool_s(document.Main()).GetFreeShapes(free)
    walk = _Walk(contents, most_solids)
    for label in _each(free):
        walk.below(label, TopLoc_Location(), "", _DEPTH)
    if not contents.solids:
        walk.sew()
    return contents


def _each(labels: Any) -> Iterator[Any]:
    return (labels.Value(index) for index in range(1, labels.Length() + 1))


def _name(label: Any) -> str:
    attribute = TDataStd_Name()
    if not label.FindAttribute(TDataStd_Name.GetID_s(), attribute):
        return ""
    name = str(attribute.Get().ToExtString())[:200]
    return "" if name.startswith(_NO_NAMES) else name


class _Walk:
    """A walk through the parts of an assembly, gathering what stands in them."""

    def __init__(self, contents: Contents, most: int) -> None:
        self.contents = contents
        self.room = most
        self.known = Shapes()
        self.found: list[Solid] = []
        self.loose: list[Any] = []

    def below(self, label: Any, place: Any, name: str, depth: int) -> None:
        """Every part below a label."""
        if depth < 0 or self.room <= 0:
            self.contents.skipped += 1
            return
        if not XCAFDoc_ShapeTool.IsAssembly_s(label):
            shape = XCAFDoc_ShapeTool.GetShape_s(label).Moved(place, False)
            self._collect(shape, _name(label) or name, _solid_names(label))
            return
        components = Labels()
        XCAFDoc_ShapeTool.GetComponents_s(label, components)
        for component in _each(components):
            referred = TDF_Label()
            if XCAFDoc_ShapeTool.GetReferredShape_s(component, referred):
                here = place.Multiplied(XCAFDoc_ShapeTool.GetLocation_s(component))
                self.below(referred, here, _name(component), depth - 1)

    def _collect(self, shape: Any, name: str, names: list[tuple[Any, str]]) -> None:
        contents = self.contents
        for solid in _explore(shape, Kind.TopAbs_SOLID):
            own = next((text for part, text in names if part.IsPartner(solid)), name)
            self._add(TopoDS.Solid(solid), own)
        for shell in _explore(shape, Kind.TopAbs_SHELL, Kind.TopAbs_SOLID):
            if BRep_Tool.IsClosed_s(shell):
                contents.closed_up += 1
                self._add(_filled(shell), name)
            else:
                contents.open_shells += 1
                self.loose.append(shell)
        faces = list(_explore(shape, Kind.TopAbs_FACE, Kind.TopAbs_SHELL))
        contents.loose_faces += len(faces)
        self.loose += faces
        contents.loose_edges += sum(1 for _ in _explore(shape, Kind.TopAbs_EDGE, Kind.TopAbs_FACE))

    def sew(self) -> None:
        """Join loose faces along borders that lie on each other; what closes is a solid."""
        sewing = BRepBuilderAPI_Sewing(_SEAM_MM)
        for face in self.loose:
            sewing.Add(face)
        sewing.Perform()
        whole = sewing.SewedShape()
        if not self.loose or whole is None or whole.IsNull():
            return
        shells = list(_explore(whole, Kind.TopAbs_SHELL))
        closed = [shell for shell in shells if BRep_Tool.IsClosed_s(shell)]
        for shell in closed:
            self._add(_filled(shell), "")
        self.contents.sewn = len(closed)
        if closed:
            self.contents.open_shells = len(shells) - len(closed)
            self.contents.loose_faces = sum(1 for _ in _explore(whole, Kind.TopAbs_FACE, Kind.TopAbs_SHELL))

    def _add(self, solid: Any, name: str) -> None:
        """Add a solid, or one more place of a known one: moved, neither mirrored nor scaled."""
        if self.room <= 0:
            self.contents.skipped += 1
            return
        self.room -= 1
        step = solid.Location().Transformation()
        rigid = not step.IsNegative() and abs(step.ScaleFactor() - 1) < 1e-9
        key = solid.Located(TopLoc_Location())
        index = self.known.FindIndex(key) if rigid else 0
        if index:
            self.found[index - 1].places.append(solid.Location())
            return
        found = Solid(shape=solid, name=name, places=[solid.Location()])
        if rigid:
            self.known.Add(key)
            self.found.append(found)
        self.contents.solids.append(found)


def _solid_names(label: Any) -> list[tuple[Any, str]]:
    """Names of single bodies within one part."""
    below = Labels()
    XCAFDoc_ShapeTool.GetSubShapes_s(label, below)
    named = [(XCAFDoc_ShapeTool.GetShape_s(one), _name(one)) for one in _each(below)]
    return [(shape, name) for shape, name in named if name and shape.ShapeType() == Kind.TopAbs_SOLID]


def _filled(shell: Any) -> Any:
    """The solid within a closed skin, facing outwards."""
    solid = BRepBuilderAPI_MakeSolid(TopoDS.Shell(shell)).Solid()
    BRepLib.OrientClosedSolid_s(solid)
    return solid


def _explore(shape: Any, kind: Any, outside: Any = Kind.TopAbs_SHAPE) -> Iterator[Any]:
    explorer = TopExp_Explorer(shape, kind, outside)
    while explorer.More():
        yield explorer.Current()
        explorer.Next()
