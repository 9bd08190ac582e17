"""Measures of a body that hint at how it is meant to be made, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from manyworks.model.solids import Body, Feature
from manyworks.shapes.looks import Look
from manyworks.shapes.prisms import constant_share, section_areas
from manyworks.shapes.rays import Floats, Skin
from manyworks.shapes.samples import Samples
from manyworks.shapes.shape import FaceKind, FaceTable
from manyworks.shapes.walls import Thickness

# Walls within this share of the median are one wall.
_EVEN = 0.3
# Leans from the pull direction that designers give walls on purpose, degrees.
_DRAFT_DEG = (0.4, 6.0)
# Leans that designers give overhangs so that they print, degrees.
_BEVEL_DEG = (43.0, 47.0)
# Point angles of twist drills, degrees.
_TIP_DEG = (115.0, 142.0)
# Skin leaning less than this is level or upright.
_SQUARE = float(np.sin(np.radians(1.5)))
# Rounds smaller than this share of the half-diagonal that turn no more than half around are fillets.
_SMALL_ROUND = 0.08
# A plate is at most this share as thick as it is wide.
_FLAT = 0.35
# Sections within this share of the typical one are the same section.
_SAME_SECTION = 0.05
_SECTIONS = 15
# Sections larger than the typical one and volume beyond its own count this much against an extrusion.
_TOO_MUCH = 2.0
# Less of one section than this is no extrusion.
_EXTRUDED = 0.5
# An extrusion is at least this share as long as its section is wide.
_LONG = 0.8


def gather_clues(body: Body, look: Look, corners: Sequence[Feature]) -> dict[str, float]:
    """Measures by name; those that the shape does not give are left out.

    Parameters
    ----------
    body
        Everything measured so far.
    corners
        Inside corners along the tool of a clamping.
    """
    faces = look.shape.faces
    clues = dict(_wall_clues(body, look.thickness))
    clues |= dict(_milling_clues(body, look))
    clues |= dict(_corner_clues(body, corners))
    clues |= dict(_mould_clues(body, look.samples))
    clues |= dict(_printing_clues(body, look.samples))
    clues |= dict(_section_clues(body, look))
    clues |= dict(_turning_clues(body))
    clues["fillet_share"] = _fillets(faces, look.skin)
    clues["free_share"] = _share_of(faces, faces.kind == FaceKind.FREE)
    clues["mesh"] = float(not look.shape.exact)
    return clues


def _wall_clues(body: Body, thickness: Thickness) -> Iterator[tuple[str, float]]:
    if body.walls is None or body.walls.p50_mm <= 0:
        return
    typical = body.walls.p50_mm
    found = thickness.behind[thickness.found]
    even = float((np.abs(found / typical - 1) < _EVEN).mean())
    yield "wall_p5", body.walls.p5_mm
    yield "wall_p50", typical
    yield "wall_p95", body.walls.p95_mm
    if typical < _FLAT * min(body.machining.stock_mm if body.machining else body.size_mm):
        yield "shell_share", even
    if body.sheet:
        yield "sheet_thickness", body.sheet.thickness_mm
        yield "sheet_bends", float(len(body.sheet.bends))


def _milling_clues(body: Body, look: Look) -> Iterator[tuple[str, float]]:
    milling = body.machining
    if milling is None or not milling.setups:
        return
    ways = np.vstack((look.box.axes, [setup.direction for setup in milling.setups]))
    facing = np.abs(look.samples.normals @ ways.T)
    square = ((facing < _SQUARE) | (facing > np.sqrt(1 - _SQUARE**2))).mean(axis=0)
    yield "square_share", float(square.max())
    yield "setups", float(len(milling.setups))
    yield "unreached_share", milling.unreached_share
    yield "removed_share", milling.removed_mm3 / max(float(np.prod(milling.stock_mm)), 1e-9)


def _corner_clues(body: Body, corners: Sequence[Feature]) -> Iterator[tuple[str, float]]:
    sharp = sum(corner.depth_mm or 0.0 for corner in corners if not corner.radius_mm)
    rounded = sum(corner.depth_mm or 0.0 for corner in corners if corner.radius_mm)
    if sharp + rounded > 0:
        yield "sharp_share", sharp / (sharp + rounded)
        yield "least_radius", min((corner.radius_mm for corner in corners if corner.radius_mm), default=0.0)
    tips = [hole for hole in body.features if hole.kind == "blind hole" and _is_drilled(hole)]
    yield "drill_tips", float(len(tips))
    if body.machining and body.machining.depth_ratio is not None:
        yield "depth_ratio", body.machining.depth_ratio


def _is_drilled(hole: Feature) -> bool:
    least, most = _TIP_DEG
    return hole.angle_deg is not None and least <= hole.angle_deg <= most


def _mould_clues(body: Body, samples: Samples) -> Iterator[tuple[str, float]]:
    if body.moulding is None:
        return
    yield "draft_share", _leaning(samples, np.array(body.moulding.pull), *_DRAFT_DEG)
    yield "upright_share", body.moulding.no_draft_share
    yield "undercut_share", body.moulding.undercut_share
    yield "slides", float(body.moulding.slides)


def _printing_clues(body: Body, samples: Samples) -> Iterator[tuple[str, float]]:
    if body.printing is None:
        return
    yield "bevel_share", _leaning(samples, np.array(body.printing.up), *_BEVEL_DEG)
    yield "support_share", body.printing.support_mm3 / max(body.volume_mm3, 1e-9)


def _section_clues(body: Body, look: Look) -> Iterator[tuple[str, float]]:
    prism = body.prism
    across = float(look.box.size[1])
    if prism and prism.length_mm < _FLAT * across:
        yield "plate_share", prism.share
        yield "plate_thickness", prism.length_mm
        yield "plate_bends", float(len(body.sheet.bends)) if body.sheet else 0.0
    share, length, outline = max(
        _extruded(look.skin, look.samples, axis, body.volume_mm3) for axis in look.box.axes
    )
    if share > _EXTRUDED:
        yield "extruded_share", share
        yield "extruded_length", length
        yield "extruded_outline", outline


def _extruded(skin: Skin, samples: Samples, axis: Floats, volume: float) -> tuple[float, float, float]:
    """How far a body is one section along an axis; its length there; its outline against a square's."""
    length = float(np.ptp(skin.vertices @ axis))
    sections = section_areas(skin, axis, _SECTIONS)
    typical = max(float(np.median(sections)), 1e-12)
    if length < _LONG * np.sqrt(typical):
        return (0.0, length, 0.0)
    off = sections / typical - 1
    same = float((np.abs(off) < _SAME_SECTION).mean())
    # What is missing can be cut off afterwards; what is too much cannot be put on.
    too_much = float((off > _SAME_SECTION).mean()) + max(volume / (typical * length) - 1, 0.0)
    sides = samples.area * float((np.abs(samples.normals @ axis) < _SQUARE).sum())
    share = constant_share(skin, samples, axis) * same - _TOO_MUCH * too_much
    return share, length, sides / length / (4 * float(np.sqrt(typical)))


def _turning_clues(body: Body) -> Iterator[tuple[str, float]]:
    turning = body.turning
    if turning is None or turning.diameter_mm <= 0:
        return
    yield "turned_share", turning.share
    yield "turned_diameter", turning.diameter_mm
    yield "turned_length", turning.length_mm
    yield "turned_slenderness", turning.length_mm / turning.diameter_mm
    if body.walls:
        yield "turned_wall", body.walls.p50_mm / turning.diameter_mm


def _fillets(faces: FaceTable, skin: Skin) -> float:
    small = np.isin(faces.kind, (FaceKind.CYLINDER, FaceKind.TORUS, FaceKind.SPHERE))
    small &= (faces.radius < _SMALL_ROUND * skin.scale) & (faces.sweep < np.pi * 1.01)
    return _share_of(faces, small)


def _share_of(faces: FaceTable, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    return float(faces.area[chosen].sum() / max(faces.area.sum(), 1e-12))


def _leaning(samples: Samples, direction: Floats, least: float, most: float) -> float:
    """Share of the skin that leans between two angles, degrees, from a direction."""
    lean = np.degrees(np.arcsin(np.clip(np.abs(samples.normals @ direction), 0.0, 1.0)))
    return float(((lean > least) & (lean < most)).mean())
