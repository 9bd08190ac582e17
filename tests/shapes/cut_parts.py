"""Parts cut from blocks with the modelling kernel, as shapes with exact faces and as bare triangles."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from manyworks.shapes import Shape

SHARED = Path(__file__).resolve().parents[3] / "shared"
DESIGNS = SHARED / "data" / "designs"
X, Y, Z = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def needs_kernel() -> None:
    pytest.importorskip("OCP", reason="the modelling kernel is not installed")


def block(x, y, z, at=(0, 0, 0)) -> Any:
    from OCP.BRepPrimAPI import BRepPrimAPI_MakeBox
    from OCP.gp import gp_Pnt

    return BRepPrimAPI_MakeBox(gp_Pnt(*map(float, at)), float(x), float(y), float(z)).Shape()


def rod(at, along, radius, length) -> Any:
    from OCP.BRepPrimAPI import BRepPrimAPI_MakeCylinder

    return BRepPrimAPI_MakeCylinder(_place(at, along), float(radius), float(length)).Shape()


def taper(at, along, first, last, length) -> Any:
    """A cone from radius ``first`` to radius ``last``."""
    from OCP.BRepPrimAPI import BRepPrimAPI_MakeCone

    return BRepPrimAPI_MakeCone(_place(at, along), float(first), float(last), float(length)).Shape()


def ball(at, radius) -> Any:
    from OCP.BRepPrimAPI import BRepPrimAPI_MakeSphere
    from OCP.gp import gp_Pnt

    return BRepPrimAPI_MakeSphere(gp_Pnt(*map(float, at)), float(radius)).Shape()


def _place(at, along) -> Any:
    from OCP.gp import gp_Ax2, gp_Dir, gp_Pnt

    return gp_Ax2(gp_Pnt(*map(float, at)), gp_Dir(*map(float, along)))


def cut(part, *others) -> Any:
    from OCP.BRepAlgoAPI import BRepAlgoAPI_Cut

    for other in others:
        part = BRepAlgoAPI_Cut(part, other).Shape()
    return part


def fuse(part, *others) -> Any:
    from OCP.BRepAlgoAPI import BRepAlgoAPI_Fuse

    for other in others:
        part = BRepAlgoAPI_Fuse(part, other).Shape()
    return part


def fillet(part, radius, pick) -> Any:
    """Round the edges whose middle (x, y, z) is picked."""
    from OCP.BRepAdaptor import BRepAdaptor_Curve
    from OCP.BRepFilletAPI import BRepFilletAPI_MakeFillet
    from OCP.TopAbs import TopAbs_EDGE
    from OCP.TopExp import TopExp_Explorer
    from OCP.TopoDS import TopoDS

    maker, edges = BRepFilletAPI_MakeFillet(part), TopExp_Explorer(part, TopAbs_EDGE)
    while edges.More():
        edge = TopoDS.Edge(edges.Current())
        curve = BRepAdaptor_Curve(edge)
        middle = curve.Value((curve.FirstParameter() + curve.LastParameter()) / 2)
        if pick(middle.X(), middle.Y(), middle.Z()):
            maker.Add(radius, edge)
        edges.Next()
    return maker.Shape()


def drill(part, at, along, diameter, depth, tip=True) -> Any:
    """A blind hole with the 118 degree tip of a drill, ``depth`` deep to the full diameter."""
    away = np.array(at, float) + depth * np.array(along, float)
    part = cut(part, rod(at, along, diameter / 2, depth))
    length = diameter / 2 / np.tan(np.radians(59))
    return cut(part, taper(away, along, diameter / 2, 0, length)) if tip else part


def turned(part, turn: np.ndarray) -> Any:
    from OCP.BRepBuilderAPI import BRepBuilderAPI_Transform
    from OCP.gp import gp_Trsf

    move = gp_Trsf()
    (a, b, c), (d, e, f), (g, h, i) = turn.tolist()
    move.SetValues(a, b, c, 3.0, d, e, f, -7.0, g, h, i, 11.0)
    return BRepBuilderAPI_Transform(part, move, True).Shape()


def exact(part) -> Shape:
    """The shape with the kernel's own faces, by way of a STEP file."""
    from OCP.STEPControl import STEPControl_AsIs, STEPControl_Writer

    writer = STEPControl_Writer()
    writer.Transfer(part, STEPControl_AsIs)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "part.step"
        writer.Write(str(path))
        (shape,) = read(path)
    return shape


def triangles_of(shape: Shape) -> np.ndarray:
    """Its triangles as an STL file has them: single precision, nothing shared."""
    return shape.vertices[shape.triangles].astype(np.float32).astype(float)


def meshed(part) -> Shape:
    """The shape with faces found in the kernel's triangles."""
    from manyworks.shapes import from_mesh

    (shape,) = from_mesh(triangles_of(exact(part)))
    return shape


def any_turn(seed: int) -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return turn * np.linalg.det(turn)


@cache
def design(name: str) -> tuple[Shape, ...]:
    """The bodies of a real design; skipped where it is not at hand."""
    path = DESIGNS / name
    if not path.is_file():
        pytest.skip("the real designs are not beside this repository")
    if path.suffix == ".stl":
        from manyworks.shapes import from_mesh

        return from_mesh(read_stl(path))
    needs_kernel()
    return read(path)


def read(path: Path) -> tuple[Shape, ...]:
    """The bodies of a STEP file."""
    from manyworks.files.solids.step import read_step
    from manyworks.files.sources import open_source

    found, findings = read_step(open_source(path, path.name, 10**8))
    assert found is not None, findings
    return tuple(body.shape for body in found.bodies)


def read_stl(path: Path) -> np.ndarray:
    data = path.read_bytes()
    kind = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("more", "<u2")])
    return np.frombuffer(data[84:], dtype=kind)["corners"].astype(float)
