"""Bodies made with the modelling kernel, and STEP files of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("OCP", reason="the solid modelling kernel is not installed")

from OCP.BRep import BRep_Builder
from OCP.BRepAlgoAPI import BRepAlgoAPI_Common, BRepAlgoAPI_Cut, BRepAlgoAPI_Fuse
from OCP.BRepBuilderAPI import (
    BRepBuilderAPI_Copy,
    BRepBuilderAPI_NurbsConvert,
    BRepBuilderAPI_Transform,
)
from OCP.BRepPrimAPI import (
    BRepPrimAPI_MakeBox,
    BRepPrimAPI_MakeCone,
    BRepPrimAPI_MakeCylinder,
    BRepPrimAPI_MakeSphere,
    BRepPrimAPI_MakeTorus,
)
from OCP.gp import gp_Ax1, gp_Ax2, gp_Dir, gp_Pnt, gp_Trsf, gp_Vec
from OCP.IGESControl import IGESControl_Writer
from OCP.Interface import Interface_Static
from OCP.Message import Message
from OCP.STEPCAFControl import STEPCAFControl_Writer
from OCP.STEPControl import STEPControl_StepModelType, STEPControl_Writer
from OCP.TCollection import TCollection_ExtendedString
from OCP.TDataStd import TDataStd_Name
from OCP.TDocStd import TDocStd_Document
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS_Compound
from OCP.XCAFDoc import XCAFDoc_DocumentTool

Place = tuple[float, float, float]

# The kernel prints what it writes.
Message.DefaultMessenger_s().ChangePrinters().Clear()


def brick(x: float, y: float, z: float, at: Place = (0, 0, 0)) -> Any:
    """A brick with one corner at a point."""
    return BRepPrimAPI_MakeBox(gp_Pnt(*at), x, y, z).Solid()


def rod(radius: float, length: float, at: Place = (0, 0, 0), along: Place = (0, 0, 1)) -> Any:
    """A cylinder from a point along a direction."""
    return BRepPrimAPI_MakeCylinder(gp_Ax2(gp_Pnt(*at), gp_Dir(*along)), radius, length).Solid()


def ball(radius: float) -> Any:
    """A ball around the origin."""
    return BRepPrimAPI_MakeSphere(radius).Solid()


def ring(major: float, minor: float) -> Any:
    """A torus around the z axis."""
    return BRepPrimAPI_MakeTorus(major, minor).Solid()


def cone(bottom: float, top: float, height: float) -> Any:
    """A cone on the z axis, cut off at both ends."""
    return BRepPrimAPI_MakeCone(bottom, top, height).Solid()


def cut(whole: Any, *parts: Any) -> Any:
    """A body without others."""
    for part in parts:
        whole = BRepAlgoAPI_Cut(whole, part).Shape()
    return whole


def fuse(one: Any, other: Any) -> Any:
    """Two bodies as one."""
    return BRepAlgoAPI_Fuse(one, other).Shape()


def common(one: Any, other: Any) -> Any:
    """What two bodies share."""
    return BRepAlgoAPI_Common(one, other).Shape()


def as_splines(shape: Any) -> Any:
    """The same body with every surface written as a spline."""
    return BRepBuilderAPI_NurbsConvert(shape, True).Shape()


def turned(degrees: float, about: Place, shift: Place = (0, 0, 0)) -> Any:
    """A turn about an axis through the origin, then a shift."""
    turn, move = gp_Trsf(), gp_Trsf()
    turn.SetRotation(gp_Ax1(gp_Pnt(0, 0, 0), gp_Dir(*about)), degrees * 3.141592653589793 / 180)
    move.SetTranslation(gp_Vec(*shift))
    return move.Multiplied(turn)


def moved(shape: Any, move: Any) -> Any:
    """A copy that shares nothing with the shape."""
    return BRepBuilderAPI_Transform(BRepBuilderAPI_Copy(shape).Shape(), move, True).Shape()


def mirrored(shape: Any) -> Any:
    """A mirror image across the plane x = 0."""
    mirror = gp_Trsf()
    mirror.SetMirror(gp_Ax2(gp_Pnt(0, 0, 0), gp_Dir(1, 0, 0)))
    return moved(shape, mirror)


def together(*shapes: Any) -> Any:
    """Several shapes as one compound."""
    builder, compound = BRep_Builder(), TopoDS_Compound()
    builder.MakeCompound(compound)
    for shape in shapes:
        builder.Add(compound, shape)
    return compound


def step(shape: Any, *, unit: str = "MM", schema: str = "AP214IS", surfaces: bool = False) -> bytes:
    """A STEP file of one product."""
    kind = STEPControl_StepModelType
    writer = STEPControl_Writer()
    Interface_Static.SetCVal_s("write.step.schema", schema)
    Interface_Static.SetCVal_s("write.step.unit", unit)
    writer.Transfer(shape, kind.STEPControl_ShellBasedSurfaceModel if surfaces else kind.STEPControl_AsIs)
    data = _written(writer)
    Interface_Static.SetCVal_s("write.step.unit", "MM")
    return data


def iges(shape: Any, *, unit: str = "MM", solids: bool = False) -> bytes:
    """An IGES file: of surfaces, as most programs write it, or of solids."""
    writer = IGESControl_Writer(unit, 1 if solids else 0)
    writer.AddShape(shape)
    writer.ComputeModel()
    return _written(writer)


def assembly(parts: Sequence[tuple[str, Any, Sequence[Any]]]) -> bytes:
    """A STEP file of an assembly: names, shapes, and where each of them stands."""
    document = TDocStd_Document(TCollection_ExtendedString("BinXCAF"))
    tool = XCAFDoc_DocumentTool.ShapeTool_s(document.Main())
    top = tool.NewShape()
    TDataStd_Name.Set_s(top, TCollection_ExtendedString("assembly"))
    for name, shape, places in parts:
        label = tool.AddShape(shape, False)
        TDataStd_Name.Set_s(label, TCollection_ExtendedString(name))
        for place in places:
            tool.AddComponent(top, label, TopLoc_Location(place))
    tool.UpdateAssemblies()
    writer = STEPCAFControl_Writer()
    writer.Transfer(document)
    return _written(writer)


def _written(writer: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.step"
        writer.Write(str(path))
        return path.read_bytes()
