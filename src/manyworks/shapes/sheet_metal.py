"""Bodies of one thickness: plates and bent sheets, found from geometry alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.model.solids import Bend, SheetMetal
from manyworks.shapes.flat_pattern import FlatPattern, unfold
from manyworks.shapes.mesh_graph import components
from manyworks.shapes.shape import FaceKind, Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# The largest planes looked at for opposite sides, and the thicknesses tried.
_PLANES = 60
_TRIED = 6
# Faces that meet at less than this (degrees) are one side of the sheet.
_SMOOTH = 5.0
# Planes face each other within this cosine.
_OPPOSITE = -0.99998
# Thicknesses that differ less than this share are one.
_LIKE = 0.005
# Volume over thickness must be the mean of both sides within this share ...
_SIDES = 0.04
# ... and each side alone within this: outer skins of tight bends are larger.
_ONE_SIDE = 0.25
# Both sides together are at least this share of the skin, and as wide as this many thicknesses.
_SKIN = 0.55
_WIDE = 4.0
# Share of a side that may be neither flat nor a bend.
_ODD = 0.01
# The skin beside both sides may differ by this share from cut length times thickness.
_RIM = 0.15
# Share of a side's borders that may be inside corners: bosses, ribs and steps stand on a side.
_CONCAVE = 0.005
# The flat pattern may differ by this share from volume over thickness.
_FLAT = 0.05
# Radii of a bend's two sides differ by the thickness within this share of it.
_BEND = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sides:
    thickness: float
    front: Integers
    back: Integers


def find_sheet(shape: Shape, thickness_mm: float | None = None) -> SheetMetal | None:
    """The sheet a body is made of, unfolded; None where it is not one.

    Parameters
    ----------
    shape
        The body.
    thickness_mm
        A measured wall to look for, such as the median of rays shot inwards; only thicknesses
        within a tenth of it are tried. By default all distances of opposite planes and of
        coaxial cylinders are.

    Returns
    -------
    Thickness, bends and flat pattern. A sheet has two smooth sides of flat faces and cylinders, a
    thickness apart, whose mean area times the thickness is the volume; bends are cylinders of
    one side with a coaxial one on the other. A closed profile (a tube), a side with a step, and a
    pattern that overlaps itself are no sheets.

    Notes
    -----
    The bend allowance is ``angle * (r + K t)`` with K by DIN 6935 (see `k_factors`). The cut
    length sums the borders of one side as they lie in the flat pattern; ``pierces`` counts their
    contours. ``flat_mm`` is the smallest rectangle around the pattern, the longer side first.
    """
    if not shape.volume > 0:
        return None
    smooth = _smooth_sides(shape)
    for thickness in _thicknesses(shape, thickness_mm):
        sides = _sides(shape, smooth, thickness)
        if sides is None:
            continue
        bends = _bend_faces(shape, sides)
        if bends is None:
            continue
        flat = unfold(shape, sides.front, thickness)
        if flat is not None and _is_plausible(shape, sides, flat):
            return _describe(shape, thickness, bends, flat)
    return None


def _is_plausible(shape: Shape, sides: _Sides, flat: FlatPattern) -> bool:
    """Whether pattern times thickness is the volume, and contours times thickness the rest of the skin."""
    body = abs(flat.area * sides.thickness - shape.volume) <= _FLAT * shape.volume
    rim = shape.area - float(shape.faces.area[np.concatenate((sides.front, sides.back))].sum())
    return body and abs(flat.cut * sides.thickness - rim) <= _RIM * rim


def _describe(shape: Shape, thickness: float, bends: Integers, flat: FlatPattern) -> SheetMetal:
    return SheetMetal(
        thickness_mm=round(thickness, 4),
        bends=_bends(shape, bends, thickness),
        flat_mm=(round(flat.length, 3), round(flat.width, 3)),
        flat_area_mm2=round(flat.area, 3),
        cut_length_mm=round(flat.cut, 3),
        pierces=flat.contours,
    )


# ---- thickness ---------------------------------------------------------------------------------


def _thicknesses(shape: Shape, wanted: float | None) -> list[float]:
    """Distances between opposite faces, those with most area behind them first."""
    gap, weight = (np.concatenate(part) for part in zip(_planes(shape), _rounds(shape), strict=True))
    if wanted is not None:
        near = np.abs(gap - wanted) <= 0.1 * wanted
        gap, weight = gap[near], weight[near]
    order = np.argsort(gap, kind="stable")
    gap, weight = gap[order], weight[order]
    if not len(gap):
        return []
    group = np.cumsum(np.append(0, gap[1:] > gap[:-1] * (1 + _LIKE)))
    total = np.bincount(group, weight)
    mean = np.bincount(group, weight * gap) / total
    return [float(mean[k]) for k in np.argsort(-total, kind="stable")[:_TRIED]]


def _planes(shape: Shape) -> tuple[Floats, Floats]:
    faces = shape.faces
    rows = np.flatnonzero(faces.kind == FaceKind.PLANE)
    rows = rows[np.argsort(-faces.area[rows], kind="stable")[:_PLANES]]
    normal, centre = faces.normal[rows], faces.centre[rows]
    one, other = np.nonzero(np.triu(normal @ normal.T < _OPPOSITE))
    gap = np.einsum("ij,ij->i", centre[one] - centre[other], normal[one])
    weight = np.minimum(faces.area[rows][one], faces.area[rows][other])
    inside = gap > 0  # material between them, not air
    return gap[inside], weight[inside]


def _rounds(shape: Shape) -> tuple[Floats, Floats]:
    faces = shape.faces
    rows = np.flatnonzero(faces.kind == FaceKind.CYLINDER)
    rows = rows[np.argsort(-faces.area[rows], kind="stable")[:_PLANES]]
    inner, outer = rows[faces.hollow[rows]], rows[~faces.hollow[rows]]
    one, other = (part.ravel() for part in np.meshgrid(inner, outer, indexing="ij"))
    gap = faces.radius[other] - faces.radius[one]
    kept = (gap > 0) & _coaxial(shape, one, other, 0.05 * np.abs(gap))
    return gap[kept], np.minimum(faces.area[one], faces.area[other])[kept]


def _coaxial(shape: Shape, one: Integers, other: Integers, allowed: Floats) -> Truths:
    axis = shape.faces.axis[one]
    away = shape.faces.origin[other] - shape.faces.origin[one]
    away = away - np.einsum("ij,ij->i", away, axis)[:, None] * axis
    parallel = np.abs(np.einsum("ij,ij->i", axis, shape.faces.axis[other])) > -_OPPOSITE
    coaxial: Truths = parallel & (np.linalg.norm(away, axis=1) <= allowed)
    return coaxial


# ---- sides -------------------------------------------------------------------------------------


def _smooth_sides(shape: Shape) -> Integers:
    """A label per face: faces that run into each other without an edge."""
    edges = shape.edges
    smooth = (np.abs(edges.bend) < _SMOOTH) & (edges.faces >= 0).all(axis=1)
    return components(edges.faces[smooth, 0], edges.faces[smooth, 1], len(shape.faces.kind))


def _sides(shape: Shape, smooth: Integers, thickness: float) -> _Sides | None:
    """The two largest smooth sides, where they and the volume agree on the thickness."""
    area = np.bincount(smooth, shape.faces.area, len(smooth))
    first, second = np.argsort(-area, kind="stable")[:2] if len(area) > 1 else (0, 0)
    middle = shape.volume / thickness
    mean = (area[first] + area[second]) / 2
    if first == second or abs(mean - middle) > _SIDES * middle or 2 * mean < _SKIN * shape.area:
        return None
    if max(abs(area[first] - middle), abs(area[second] - middle)) > _ONE_SIDE * middle:
        return None
    if middle < (_WIDE * thickness) ** 2:
        return None
    sides = _Sides(
        thickness=thickness, front=np.flatnonzero(smooth == first), back=np.flatnonzero(smooth == second)
    )
    return sides if _is_developable(shape, sides) and not _carries_something(shape, sides) else None


def _is_developable(shape: Shape, sides: _Sides) -> bool:
    kinds, areas = shape.faces.kind[sides.front], shape.faces.area[sides.front]
    odd = (kinds != FaceKind.PLANE) & (kinds != FaceKind.CYLINDER)
    return bool(areas[odd].sum() <= _ODD * areas.sum())


def _carries_something(shape: Shape, sides: _Sides) -> bool:
    """Whether something stands on a side: the borders of a cut sheet turn outwards everywhere."""
    inside = np.zeros(len(shape.faces.kind) + 1, dtype=bool)  # the last row is for -1
    inside[sides.front] = inside[sides.back] = True
    border = inside[shape.edges.faces].sum(axis=1) == 1
    concave = border & (shape.edges.bend < -_SMOOTH)
    return bool(shape.edges.length[concave].sum() > _CONCAVE * shape.edges.length[border].sum())


def _bend_faces(shape: Shape, sides: _Sides) -> Integers | None:
    """Cylinders of the front side, each with a partner behind it; None where one has none."""
    faces = shape.faces
    front: Integers = sides.front[faces.kind[sides.front] == FaceKind.CYLINDER]
    back = sides.back[faces.kind[sides.back] == FaceKind.CYLINDER]
    for face in front:
        across = back[faces.hollow[back] != faces.hollow[face]]
        wanted = faces.radius[face] + (sides.thickness if faces.hollow[face] else -sides.thickness)
        across = across[np.abs(faces.radius[across] - wanted) <= _BEND * sides.thickness]
        same = np.full(len(across), face)
        if not _coaxial(shape, same, across, np.full(len(across), _BEND * sides.thickness)).any():
            return None
    return front


# ---- bends -------------------------------------------------------------------------------------


def _bends(shape: Shape, rows: Integers, thickness: float) -> tuple[Bend, ...]:
    """One bend for every cylinder of the front side; pieces that run into each other are one."""
    edges, faces = shape.edges, shape.faces
    chosen = np.zeros(len(faces.kind), dtype=bool)
    chosen[rows] = True
    pair = edges.faces[(np.abs(edges.bend) < _SMOOTH) & (edges.faces >= 0).all(axis=1)]
    pair = pair[chosen[pair[:, 0]] & chosen[pair[:, 1]]]
    like = np.abs(faces.radius[pair[:, 0]] - faces.radius[pair[:, 1]]) < _BEND * thickness
    pair = pair[like & _coaxial(shape, pair[:, 0], pair[:, 1], np.full(len(pair), _BEND * thickness))]
    label = components(pair[:, 0], pair[:, 1], len(faces.kind))
    return tuple(
        _bend(shape, rows[label[rows] == name], thickness) for name in dict.fromkeys(label[rows].tolist())
    )


def _bend(shape: Shape, pieces: Integers, thickness: float) -> Bend:
    faces = shape.faces
    first = pieces[0]
    inside = faces.radius[first] - (0.0 if faces.hollow[first] else thickness)
    length, angle = float(faces.length[first]), float(faces.sweep[first])
    if len(pieces) > 1:
        corners = shape.vertices[shape.triangles[np.isin(shape.face_of, pieces)].ravel()]
        length = float(np.ptp(corners @ faces.axis[first]))
        angle = float(faces.area[pieces].sum() / (faces.radius[first] * length))
    x, y, z = np.average(faces.centre[pieces], axis=0, weights=faces.area[pieces]).tolist()
    return Bend(
        radius_mm=round(max(float(inside), 0.0), 4),
        angle_deg=round(float(np.degrees(angle)), 3),
        length_mm=round(length, 4),
        at_mm=(round(x, 5), round(y, 5), round(z, 5)),
    )
