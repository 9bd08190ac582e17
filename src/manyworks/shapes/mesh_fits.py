"""Fit cylinders, cones and spheres to many groups of mesh points at once.

A mesher puts its corners on the true surface, so the fits look at corners; the normals of the
triangles only say where to start and whether the surface faces the right way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.mesh_graph import sums
from manyworks.shapes.products import cross
from manyworks.shapes.shape import FaceKind

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# Rounds of Gauss and Newton; corners lie on the surface, so the steps shrink quadratically.
_ROUNDS = 6
# A step this small, as a share of the group's extent, is followed by one that only rounds.
_SETTLED = 1e-8
# A corner may lie this share of the radius (or of the group's extent, if less) off the surface.
_OFF = 1e-3
# A triangle's middle may lie this share of the radius off: chords of up to 45 degrees.
_CHORD = 0.08
# Triangles face along the surface's normal within this cosine (chords and tilted slivers).
_FACING = 0.85
# Slope below which a cone is a cylinder: half a tenth of a degree.
_STRAIGHT = 1e-3
# Cones flatter than 85 degrees are planes to us.
_STEEPEST = 11.0
# Variance of the normals along the axis above which no cylinder or cone is tried: 10 degrees off.
_SCATTER = 0.03
# The fewest corners a torus is fitted to (it has seven numbers), and the most (it takes time).
_TORUS_CORNERS = (12, 20_000)
# Radius over extent above which a surface is too flat to be told from a plane.
_FLATTEST = 30.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Corners and triangles of ``count`` groups, in any order.

    ``points`` (p, 3) with ``point_group`` (p,); ``middles`` (t, 3), ``normals`` (t, 3) and
    ``areas`` (t,) of triangles with ``triangle_group`` (t,). ``grain`` is how exact corners are.
    """

    count: int
    points: Floats
    point_group: Integers
    middles: Floats
    normals: Floats
    areas: Floats
    triangle_group: Integers
    grain: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surfaces:
    """One surface per row.

    `FaceKind`, a point and direction of the axis (or the centre of a sphere), the radius there,
    its growth along the axis, the radius of the ring for a torus (whose ``radius`` is the tube's), and
    whether triangles face the axis.
    """

    kind: Integers
    origin: Floats
    axis: Floats
    radius: Floats
    slope: Floats
    major: Floats
    hollow: Truths

    def take(self, rows: Integers | Truths) -> Surfaces:
        """Chosen rows."""
        return Surfaces(
            kind=self.kind[rows],
            origin=self.origin[rows],
            axis=self.axis[rows],
            radius=self.radius[rows],
            slope=self.slope[rows],
            major=self.major[rows],
            hollow=self.hollow[rows],
        )


def no_surfaces() -> Surfaces:
    """A table without rows."""
    return _nothing(0)


def _nothing(count: int) -> Surfaces:
    return Surfaces(
        kind=np.zeros(count, dtype=np.int64),
        origin=np.zeros((count, 3)),
        axis=np.zeros((count, 3)),
        radius=np.zeros(count),
        slope=np.zeros(count),
        major=np.zeros(count),
        hollow=np.zeros(count, dtype=bool),
    )


def join_surfaces(one: Surfaces, other: Surfaces) -> Surfaces:
    """The rows of both."""
    return Surfaces(
        kind=np.append(one.kind, other.kind),
        origin=np.concatenate((one.origin, other.origin)),
        axis=np.concatenate((one.axis, other.axis)),
        radius=np.append(one.radius, other.radius),
        slope=np.append(one.slope, other.slope),
        major=np.append(one.major, other.major),
        hollow=np.append(one.hollow, other.hollow),
    )


def fit_groups(groups: Groups, kinds: Collection[FaceKind]) -> tuple[Surfaces, Truths, Floats]:
    """The simplest surface that every corner of a group lies on.

    Cylinders are tried before cones before spheres before tori, as far as they are among ``kinds``:
    two circles of corners alone fit the first three, three circles any torus. Groups whose normals
    scatter too much for a cylinder or a cone are not tried with it.

    Returns
    -------
    The surface of every group or the closest one tried, whether the group lies on it, and how far
    its worst corner lies off.
    """
    best = _Best(
        surfaces=_nothing(groups.count),
        good=np.zeros(groups.count, dtype=bool),
        worst=np.full(groups.count, np.inf),
    )
    for kind in (FaceKind.CYLINDER, FaceKind.CONE):
        if kind in kinds:
            conical = kind == FaceKind.CONE
            axis, scatter = _axis_of_normals(groups, centred=conical)
            rows = np.flatnonzero(~best.good & (scatter < _SCATTER))
            _try(groups, rows, partial(_fit_axial, axis=axis[rows], conical=conical), best)
    if FaceKind.SPHERE in kinds:
        _try(groups, np.flatnonzero(~best.good), _fit_spheres, best)
    if FaceKind.TORUS in kinds:
        _try(groups, np.flatnonzero(~best.good & _worth_a_torus(groups)), _fit_tori, best)
    return best.surfaces, best.good, best.worst


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Best:
    """The best surface of each group so far; filled in place."""

    surfaces: Surfaces
    good: Truths
    worst: Floats


def _try(groups: Groups, rows: Integers, fit: Callable[[Groups], Surfaces], best: _Best) -> None:
    """Fit some of the groups and keep what fits, or what comes closer than what was tried before."""
    if not len(rows):
        return
    some = groups if len(rows) == groups.count else _only(groups, rows)
    fitted = fit(some)
    fine = fits(some, fitted, _spread(some))
    off, _, _ = offsets(fitted, some.point_group, some.points)
    worst = np.zeros(some.count)
    np.maximum.at(worst, some.point_group, np.where(np.isfinite(off), np.abs(off), np.inf))
    kept = fine | (worst < best.worst[rows])
    for column in ("kind", "origin", "axis", "radius", "slope", "major", "hollow"):
        getattr(best.surfaces, column)[rows[kept]] = getattr(fitted, column)[kept]
    best.worst[rows[kept]] = worst[kept]
    best.good[rows[fine]] = True


def _only(groups: Groups, rows: Integers) -> Groups:
    place = np.full(groups.count, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    points = place[groups.point_group] >= 0
    triangles = place[groups.triangle_group] >= 0
    return Groups(
        count=len(rows),
        points=groups.points[points],
        point_group=place[groups.point_group[points]],
        middles=groups.middles[triangles],
        normals=groups.normals[triangles],
        areas=groups.areas[triangles],
        triangle_group=place[groups.triangle_group[triangles]],
        grain=groups.grain,
    )


def _spread(groups: Groups) -> Floats:
    """Diagonal of every group's box."""
    low = np.full((groups.count, 3), np.inf)
    high = np.full((groups.count, 3), -np.inf)
    np.minimum.at(low, groups.point_group, groups.points)
    np.maximum.at(high, groups.point_group, groups.points)
    spread: Floats = np.maximum(np.linalg.norm(high - low, axis=1), np.finfo(float).tiny)
    return spread


# ---- judging -----------------------------------------------------------------------------------


def offsets(surfaces: Surfaces, rows: Integers, points: Floats) -> tuple[Floats, Floats, Floats]:
    """Signed distance of points off a surface, the local radius, and the surface's unit normals.

    ``rows`` names the surface of every point.
    """
    away = points - surfaces.origin[rows]
    axis = surfaces.axis[rows]
    ball = surfaces.kind[rows] == FaceKind.SPHERE
    along = np.where(ball, 0.0, np.einsum("ij,ij->i", away, axis))
    radial = away - along[:, None] * axis
    reach = np.sqrt(np.einsum("ij,ij->i", radial, radial))
    unit = radial / np.where(reach > 0, reach, 1.0)[:, None]
    slope = np.where(ball, 0.0, surfaces.slope[rows])
    local = surfaces.radius[rows] + slope * along
    steep = np.sqrt(1 + slope**2)
    off = (reach - local) / steep
    normal = (unit - slope[:, None] * axis) / steep[:, None]
    ring = np.flatnonzero(surfaces.kind[rows] == FaceKind.TORUS)
    if len(ring):
        out = reach[ring] - surfaces.major[rows[ring]]
        tube = np.hypot(out, along[ring])
        off[ring] = tube - local[ring]
        turned = out[:, None] * unit[ring] + along[ring, None] * axis[ring]
        normal[ring] = turned / np.where(tube > 0, tube, 1.0)[:, None]
    return off, local, normal


def tolerances(surfaces: Surfaces, spread: Floats, grain: float) -> Floats:
    """How far a corner may lie off each surface."""
    return _OFF * np.minimum(np.abs(surfaces.radius), spread) + 4 * grain


def fits(groups: Groups, surfaces: Surfaces, spread: Floats) -> Truths:
    """Which groups lie on their surface with all corners, middles and normals."""
    off, local, _ = offsets(surfaces, groups.point_group, groups.points)
    allowed = tolerances(surfaces, spread, groups.grain)
    bad = (np.abs(off) > allowed[groups.point_group]) | (local < -allowed[groups.point_group])
    wrong = np.bincount(groups.point_group[bad | ~np.isfinite(off)], minlength=groups.count)
    off, local, normal = offsets(surfaces, groups.triangle_group, groups.middles)
    facing = np.einsum("ij,ij->i", normal, groups.normals)
    side = np.where(surfaces.hollow[groups.triangle_group], -facing, facing)
    flat = (groups.areas > 0) & (np.abs(off) > _CHORD * np.abs(local) + allowed[groups.triangle_group])
    astray = flat | ((groups.areas > 0) & (side < _FACING))
    wrong += np.bincount(groups.triangle_group[astray], minlength=groups.count)
    sane = np.isfinite(surfaces.radius) & (surfaces.radius > 0) & (surfaces.radius < _FLATTEST * spread)
    good: Truths = sane & (np.abs(surfaces.slope) < _STEEPEST) & (wrong == 0)
    return good


def _hollow(groups: Groups, surfaces: Surfaces) -> Truths:
    _, _, normal = offsets(surfaces, groups.triangle_group, groups.middles)
    facing = np.einsum("ij,ij->i", normal, groups.normals) * groups.areas
    hollow: Truths = sums(groups.triangle_group, facing, groups.count) < 0
    return hollow


def _with_side(groups: Groups, surfaces: Surfaces) -> Surfaces:
    return Surfaces(
        kind=surfaces.kind,
        origin=surfaces.origin,
        axis=surfaces.axis,
        radius=surfaces.radius,
        slope=surfaces.slope,
        major=surfaces.major,
        hollow=_hollow(groups, surfaces),
    )


# ---- cylinders and cones -----------------------------------------------------------------------


def _fit_axial(groups: Groups, axis: Floats, *, conical: bool) -> Surfaces:
    """Least squares of ``distance from axis - radius - slope * place along the axis``."""
    spread = _spread(groups)
    centre = _mean(groups.points, groups.point_group, groups.count)
    points = (groups.points - centre[groups.point_group]) / spread[groups.point_group, None]
    origin, radius = _circle(points, groups.point_group, axis)
    slope = np.zeros(groups.count)
    for _ in range(_ROUNDS):
        u, v = across(axis)
        step = _step(points, groups.point_group, (origin, axis, radius, slope), (u, v), conical=conical)
        origin = origin + step[:, :1] * u + step[:, 1:2] * v
        axis = axis + step[:, 2:3] * u + step[:, 3:4] * v
        axis /= np.linalg.norm(axis, axis=1, keepdims=True)
        radius, slope = radius + step[:, 4], slope + step[:, 5]
        if np.abs(step).max(initial=0.0) < _SETTLED:
            break
    turned = np.where(slope < 0, -1.0, 1.0)  # cones open along their axis
    kind = np.where(np.abs(slope) > _STRAIGHT, FaceKind.CONE, FaceKind.CYLINDER).astype(np.int64)
    return _with_side(
        groups,
        Surfaces(
            kind=kind,
            origin=centre + origin * spread[:, None],
            axis=axis * turned[:, None],
            radius=radius * spread,
            slope=np.where(kind == FaceKind.CONE, np.abs(slope), 0.0),
            major=np.zeros(groups.count),
            hollow=np.zeros(groups.count, dtype=bool),
        ),
    )


def _mean(points: Floats, group: Integers, count: int) -> Floats:
    number = np.maximum(np.bincount(group, minlength=count), 1)
    return sums(group, points, count) / number[:, None]


def _axis_of_normals(groups: Groups, *, centred: bool) -> tuple[Floats, Floats]:
    """Direction the normals vary least along, and their variance along it.

    All are square to a cylinder's axis, and equally askew to a cone's.
    """
    normals, weight = groups.normals, groups.areas
    total = sums(groups.triangle_group, weight, groups.count)
    total = np.where(total > 0, total, 1.0)
    if centred:
        mean = sums(groups.triangle_group, normals * weight[:, None], groups.count) / total[:, None]
        normals = normals - mean[groups.triangle_group]
    moments = _moments(normals, groups.triangle_group, groups.count, weight) / total[:, None, None]
    values, vectors = np.linalg.eigh(moments)
    return vectors[:, :, 0], values[:, 0]


def across(axis: Floats) -> tuple[Floats, Floats]:
    """Two unit vectors square to each axis and to each other; shapes (n, 3)."""
    least = np.argmin(np.abs(axis), axis=1)
    u = cross(axis, np.eye(3)[least])
    u /= np.maximum(np.linalg.norm(u, axis=1, keepdims=True), np.finfo(float).tiny)
    return u, cross(axis, u)


def _circle(points: Floats, group: Integers, axis: Floats) -> tuple[Floats, Floats]:
    """Centre (in space) and radius of the circle through points seen along the axis (Kasa 1976)."""
    count = len(axis)
    u, v = across(axis)
    x = np.einsum("ij,ij->i", points, u[group])
    y = np.einsum("ij,ij->i", points, v[group])
    columns = np.stack((x, y, np.ones(len(x))), axis=1)
    solution = _solve(columns, x * x + y * y, group, count)
    middle = solution[:, :1] / 2 * u + solution[:, 1:2] / 2 * v
    square = solution[:, 2] + (solution[:, 0] ** 2 + solution[:, 1] ** 2) / 4
    return middle, np.sqrt(np.maximum(square, 1e-12))


def _solve(columns: Floats, wanted: Floats, group: Integers, count: int) -> Floats:
    """Least squares for every group by normal equations, lightly damped so that all can be solved."""
    width = columns.shape[1]
    left = _moments(columns, group, count)
    right = sums(group, columns * wanted[:, None], count)
    trace = np.trace(left, axis1=1, axis2=2)
    left += (1e-13 * trace + 1e-30)[:, None, None] * np.eye(width)
    return np.asarray(np.linalg.solve(left, right[:, :, None])[:, :, 0], dtype=np.float64)


def _moments(columns: Floats, group: Integers, count: int, weight: Floats | None = None) -> Floats:
    """Sums of the products of every two columns for every group, (count, width, width)."""
    width = columns.shape[1]
    moments = np.empty((count, width, width))
    weighted = columns if weight is None else columns * weight[:, None]
    for i in range(width):
        moments[:, i, i:] = sums(group, weighted[:, i : i + 1] * columns[:, i:], count)
        moments[:, i:, i] = moments[:, i, i:]
    return moments


def _step(
    points: Floats,
    group: Integers,
    now: tuple[Floats, Floats, Floats, Floats],
    square: tuple[Floats, Floats],
    *,
    conical: bool,
) -> Floats:
    """Gauss-Newton step: shift along both directions square to the axis, tilt along both, radius, slope."""
    origin, axis, radius, slope = now
    u, v = square
    away = points - origin[group]
    along = np.einsum("ij,ij->i", away, axis[group])
    in_u = np.einsum("ij,ij->i", away, u[group])
    in_v = np.einsum("ij,ij->i", away, v[group])
    reach = np.hypot(in_u, in_v)
    safe = np.where(reach > 0, reach, 1.0)
    eu, ev = in_u / safe, in_v / safe
    grows = slope[group]
    columns = [-eu, -ev, -along * eu - grows * in_u, -along * ev - grows * in_v, -np.ones(len(eu))]
    if conical:
        columns.append(-along)
    off = reach - radius[group] - grows * along
    step = _solve(np.stack(columns, axis=1), -off, group, len(axis))
    limit = np.clip(step, -0.5, 0.5)  # a wild step is cut short, not followed
    return limit if conical else np.concatenate((limit, np.zeros((len(axis), 1))), axis=1)


# ---- spheres -----------------------------------------------------------------------------------


def _fit_spheres(groups: Groups) -> Surfaces:
    """Linear least squares of ``|p|^2 = 2 c.p + d``."""
    spread = _spread(groups)
    centre = _mean(groups.points, groups.point_group, groups.count)
    points = (groups.points - centre[groups.point_group]) / spread[groups.point_group, None]
    columns = np.concatenate((2 * points, np.ones((len(points), 1))), axis=1)
    solution = _solve(columns, np.einsum("ij,ij->i", points, points), groups.point_group, groups.count)
    middle = solution[:, :3]
    square = solution[:, 3] + np.einsum("ij,ij->i", middle, middle)
    return _with_side(
        groups,
        Surfaces(
            kind=np.full(groups.count, FaceKind.SPHERE, dtype=np.int64),
            origin=centre + middle * spread[:, None],
            axis=np.zeros((groups.count, 3)),
            radius=np.sqrt(np.maximum(square, 1e-12)) * spread,
            slope=np.zeros(groups.count),
            major=np.zeros(groups.count),
            hollow=np.zeros(groups.count, dtype=bool),
        ),
    )


# ---- tori --------------------------------------------------------------------------------------


def _worth_a_torus(groups: Groups) -> Truths:
    """Groups with enough corners that a torus through them means something, and not too many."""
    corners = np.bincount(groups.point_group, minlength=groups.count)
    return (corners >= _TORUS_CORNERS[0]) & (corners <= _TORUS_CORNERS[1])


def _fit_tori(groups: Groups) -> Surfaces:
    """Least squares of ``distance from the ring - tube radius``, from an axis that all normals meet."""
    spread = _spread(groups)
    centre = _mean(groups.points, groups.point_group, groups.count)
    scale = spread[groups.point_group, None]
    points = (groups.points - centre[groups.point_group]) / scale
    origin, axis = _axis_of_revolution(groups, centre, spread)
    along, reach = _along_and_reach(points, groups.point_group, origin, axis)
    columns = np.stack((reach, along, np.ones(len(reach))), axis=1)
    solution = _solve(columns, reach**2 + along**2, groups.point_group, groups.count)
    major, height = solution[:, 0] / 2, solution[:, 1] / 2
    minor = np.sqrt(np.maximum(solution[:, 2] + major**2 + height**2, 1e-12))
    origin = origin + height[:, None] * axis
    for _ in range(_ROUNDS):
        u, v = across(axis)
        step = _torus_step(points, groups.point_group, (origin, axis, major, minor), (u, v))
        origin = origin + step[:, :1] * u + step[:, 1:2] * v + step[:, 2:3] * axis
        axis = axis + step[:, 3:4] * u + step[:, 4:5] * v
        axis /= np.linalg.norm(axis, axis=1, keepdims=True)
        major, minor = major + step[:, 5], minor + step[:, 6]
        if np.abs(step).max(initial=0.0) < _SETTLED:
            break
    return _with_side(
        groups,
        Surfaces(
            kind=np.full(groups.count, FaceKind.TORUS, dtype=np.int64),
            origin=centre + origin * spread[:, None],
            axis=axis,
            radius=minor * spread,
            slope=np.zeros(groups.count),
            major=major * spread,
            hollow=np.zeros(groups.count, dtype=bool),
        ),
    )


def _axis_of_revolution(groups: Groups, centre: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Point and direction of the line that comes closest to meeting every normal.

    A line with direction d and moment m meets the normal n at p where ``d.(p x n) + m.n = 0``
    (Pottmann and Randrup 1998); the least eigenvector of the six by six moments is the best one.
    """
    middles = (groups.middles - centre[groups.triangle_group]) / spread[groups.triangle_group, None]
    rows = np.concatenate((cross(middles, groups.normals), groups.normals), axis=1)
    moments = _moments(rows, groups.triangle_group, groups.count, groups.areas)
    least = np.linalg.eigh(moments)[1][:, :, 0]
    way, moment = least[:, :3], least[:, 3:]
    size = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    axis = way / size
    axis = np.where(np.linalg.norm(axis, axis=1, keepdims=True) > 0.5, axis, np.array([0.0, 0.0, 1.0]))
    return cross(way, moment) / size**2, axis / np.linalg.norm(axis, axis=1, keepdims=True)


def _along_and_reach(points: Floats, group: Integers, origin: Floats, axis: Floats) -> tuple[Floats, Floats]:
    away = points - origin[group]
    along = np.einsum("ij,ij->i", away, axis[group])
    return along, np.linalg.norm(away - along[:, None] * axis[group], axis=1)


def _torus_step(
    points: Floats,
    group: Integers,
    now: tuple[Floats, Floats, Floats, Floats],
    square: tuple[Floats, Floats],
) -> Floats:
    """Gauss-Newton step: shift along three directions, tilt along two, ring radius, tube radius."""
    origin, axis, major, minor = now
    u, v = square
    away = points - origin[group]
    along = np.einsum("ij,ij->i", away, axis[group])
    in_u, in_v = np.einsum("ij,ij->i", away, u[group]), np.einsum("ij,ij->i", away, v[group])
    reach = np.hypot(in_u, in_v)
    eu, ev = in_u / np.where(reach > 0, reach, 1.0), in_v / np.where(reach > 0, reach, 1.0)
    tube = np.hypot(reach - major[group], along)
    out = (reach - major[group]) / np.where(tube > 0, tube, 1.0)
    up = along / np.where(tube > 0, tube, 1.0)
    columns = (
        -out * eu,
        -out * ev,
        -up,
        -out * along * eu + up * in_u,
        -out * along * ev + up * in_v,
        -out,
        -np.ones(len(out)),
    )
    step = _solve(np.stack(columns, axis=1), minor[group] - tube, group, len(axis))
    return np.clip(step, -0.5, 0.5)
