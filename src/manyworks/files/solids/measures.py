"""What a triangle mesh measures: volume, skin, bodies, shadow and walls (mm, mm2, mm3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from manyworks.model import Finding, SolidDesign, error, info, warning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

_TINY_MM = 1.0
_HUGE_MM = 2000.0
# Corners closer than this are one corner: what plain-text files lose by rounding.
_SAME_CORNER_MM = 1e-5
_SCAN_LINES = 240
_SCAN_TESTS = 30_000_000
_SCAN_CROSSINGS = 2_000_000
_FEWEST_LINES = 30
_RAY_TESTS = 3_000_000
_RAYS = 200
_FEWEST_RAYS = 24


def measure(triangles: Floats, name: str) -> tuple[SolidDesign | None, tuple[Finding, ...]]:
    """Measure a mesh.

    Parameters
    ----------
    triangles
        Corners, shape (n, 3, 3), mm, finite.
    name
        What findings call it.

    Returns
    -------
    The design, or None with an error finding where the mesh encloses nothing. The volume is the
    sum of signed tetrahedra, exact for closed meshes.
    """
    import numpy as np

    corner = triangles.min(axis=(0, 1))
    triangles = triangles - corner
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    areas = np.linalg.norm(normals, axis=1) / 2
    volume = float(np.einsum("ij,ij->i", triangles[:, 0], normals).sum() / 6)
    size = triangles.max(axis=(0, 1))
    if not volume or min(size) <= 0:
        text = f"the solid encloses no volume (box {size[0]:g} x {size[1]:g} x {size[2]:g} mm)"
        return None, (error("files.solid.flat", name, text, "export a closed body"),)
    watertight, bodies = _topology(triangles[areas > 0])
    shadow, height = _largest_shadow(triangles, size)
    wall, thickest = _walls(triangles, normals if volume > 0 else -normals, areas)
    design = SolidDesign(
        size_mm=(round(float(size[0]), 5), round(float(size[1]), 5), round(float(size[2]), 5)),
        volume_mm3=round(abs(volume), 4),
        surface_mm2=round(float(areas.sum()), 4),
        bodies=bodies,
        watertight=watertight,
        wall_mm=round(wall or 2 * abs(volume) / float(areas.sum()), 4),
        wall_max_mm=None if thickest is None else round(thickest, 4),
        projected_mm2=round(shadow, 3),
        height_mm=round(height, 5),
        faces=len(triangles),
    )
    return design, tuple(_remarks(design, name, inside_out=volume < 0))


def _remarks(design: SolidDesign, name: str, *, inside_out: bool) -> Iterator[Finding]:
    if not design.watertight:
        text = "the skin has holes or double faces; the volume is uncertain"
        yield warning("files.solid.not-watertight", name, text, "repair it in the CAD program")
    elif inside_out:
        yield info("files.solid.inside-out", name, "the triangles face inwards; the solid is turned right")
    if design.bodies > 1:
        text = f"{design.bodies} separate bodies in one file are taken as one part"
        yield warning("files.solid.several-bodies", name, text, "keep one part in a file")
    largest = max(design.size_mm)
    if not _TINY_MM <= largest <= _HUGE_MM:
        text = f"the largest measure is {largest:g} mm; STL states no unit"
        yield warning("files.solid.unit", name, text, "is it in inches or metres? export it in mm")


def _topology(triangles: Floats) -> tuple[bool, int]:
    """Whether every edge has its twin the other way round, and the number of outer bodies."""
    import numpy as np

    corners = _names(triangles.reshape(-1, 3)).reshape(-1, 3)
    rolled = np.roll(corners, -1, axis=1)
    corners = corners[(corners != rolled).all(axis=1)]
    if not len(corners):
        return False, 0
    starts, ends = corners.ravel(), np.roll(corners, -1, axis=1).ravel()
    count = int(corners.max()) + 1
    closed = bool((np.sort(starts * count + ends) == np.sort(ends * count + starts)).all())
    labels = _components(starts, ends, count)[corners[:, 0]]
    return closed, len(np.unique(labels))


def _names(points: Floats) -> Integers:
    """A number for every point, equal for points that are one corner."""
    import numpy as np

    name = np.zeros(len(points), dtype=np.int64)
    for axis in range(3):
        grid = np.round(points[:, axis] / _SAME_CORNER_MM)
        _, place = np.unique(grid, return_inverse=True)
        _, name = np.unique(name * (int(place.max()) + 1) + place, return_inverse=True)
    return name.astype(np.int64)


def _components(starts: Integers, ends: Integers, count: int) -> Integers:
    """The smallest point each point can reach over edges (hooking and pointer jumping)."""
    import numpy as np

    parent = np.arange(count, dtype=np.int64)
    while True:
        before = parent.copy()
        low = np.minimum(parent[starts], parent[ends])
        np.minimum.at(parent, before[starts], low)
        np.minimum.at(parent, before[ends], low)
        parent = parent[parent]
        if (parent == before).all():
            return parent


def _largest_shadow(triangles: Floats, size: Floats) -> tuple[float, float]:
    """Area of the largest shadow along an axis, and the extent along that axis."""
    boxes = sorted(((float(size.prod() / size[axis]), axis) for axis in range(3)), reverse=True)
    best, height = 0.0, 0.0
    for box, axis in boxes:
        if box <= best:
            break
        shadow = _shadow(triangles, axis)
        if shadow > best:
            best, height = shadow, float(size[axis])
    return best, height


def _shadow(triangles: Floats, axis: int) -> float:
    """Area of the outline seen along an axis: scan lines, exact along each, midpoints between them."""
    import numpy as np

    across, along = (other for other in range(3) if other != axis)
    xs, ys = triangles[:, :, across], triangles[:, :, along]
    low, high = ys.min(axis=1), ys.max(axis=1)
    extent = float(high.max())
    lines = min(_SCAN_LINES, _SCAN_TESTS // len(triangles))
    # How many triangles one line crosses on average: skins of sane bodies are crossed here and there.
    crossed = float((high - low).sum()) / extent
    lines = int(max(_FEWEST_LINES, min(lines, _SCAN_CROSSINGS // max(crossed, 1.0))))
    step = extent / lines
    total = 0.0
    for line in range(lines):
        y = (line + 0.5) * step
        hit = (low <= y) & (high > y)
        total += _covered(xs[hit], ys[hit], y)
    return float(np.float64(total * step))


def _covered(xs: Floats, ys: Floats, y: float) -> float:
    """Length of a scan line that lies in at least one of the triangles it crosses."""
    import numpy as np

    if not len(xs):
        return 0.0
    next_x, next_y = np.roll(xs, -1, axis=1), np.roll(ys, -1, axis=1)
    crosses = (ys <= y) != (next_y <= y)
    slope = np.divide(y - ys, next_y - ys, out=np.zeros_like(ys), where=crosses)
    points = xs + slope * (next_x - xs)
    left = np.where(crosses, points, np.inf).min(axis=1)
    right = np.where(crosses, points, -np.inf).max(axis=1)
    order = np.argsort(left)
    left, right = left[order], np.maximum.accumulate(right[order])
    begins = np.maximum(left[1:], right[:-1])
    return float(right[0] - left[0] + np.maximum(right[1:] - begins, 0).sum())


def _walls(triangles: Floats, normals: Floats, areas: Floats) -> tuple[float | None, float | None]:
    """Median and 95th percentile of the wall: rays from points of the skin straight inwards.

    The points are spread evenly over the skin by a fixed rule, so that equal files measure equal.
    None where the mesh has too many triangles to look at enough rays.
    """
    import numpy as np

    rays = min(_RAYS, _RAY_TESTS // len(triangles))
    if rays < _FEWEST_RAYS:
        return None, None
    index = np.arange(rays)
    total = np.cumsum(areas)
    chosen = np.searchsorted(total, (index + 0.5) / rays * total[-1]).clip(0, len(areas) - 1)
    u, v = (index * 0.7548776662466927 + 0.5) % 1, (index * 0.5698402909980532 + 0.5) % 1
    fold = u + v > 1
    u, v = np.where(fold, 1 - u, u), np.where(fold, 1 - v, v)
    base = triangles[chosen]
    points = base[:, 0] + u[:, None] * (base[:, 1] - base[:, 0]) + v[:, None] * (base[:, 2] - base[:, 0])
    inward = -normals[chosen] / np.linalg.norm(normals[chosen], axis=1, keepdims=True)
    targets = _targets(triangles)
    depths = np.array([_first_hit(targets, p, d) for p, d in zip(points, inward, strict=True)])
    met = np.isfinite(depths)
    if met.sum() < _FEWEST_RAYS // 2:
        return None, None
    median = float(np.median(depths[met]))
    for i in np.flatnonzero(met & (depths > 1.1 * median)):
        depths[i] = min(depths[i], _narrowest(targets, points[i] + depths[i] / 2 * inward[i], inward[i]))
    depths = depths[met]
    return float(np.median(depths)), float(np.percentile(depths, 95))


def _narrowest(targets: _Targets, middle: Floats, direction: Floats) -> float:
    """The shorter of two chords across a ray: a ray down a rim runs along the wall, not through it."""
    import numpy as np

    aside = np.cross(direction, np.eye(3)[int(np.argmin(np.abs(direction)))])
    aside /= np.linalg.norm(aside)
    chords = (
        _first_hit(targets, middle, way) + _first_hit(targets, middle, -way)
        for way in (aside, np.cross(direction, aside))
    )
    return min(chords)


@dataclass(frozen=True, slots=True)
class _Targets:
    """Triangles laid out for shooting at: first corner and two edges, each of shape (3, n)."""

    corner: Floats
    first: Floats
    second: Floats


def _targets(triangles: Floats) -> _Targets:
    import numpy as np

    corner = np.ascontiguousarray(triangles[:, 0].T)
    return _Targets(
        corner,
        np.ascontiguousarray(triangles[:, 1].T) - corner,
        np.ascontiguousarray(triangles[:, 2].T) - corner,
    )


def _first_hit(targets: _Targets, point: Floats, direction: Floats) -> float:
    """Distance to the first triangle along a ray, infinite for none (Moeller and Trumbore 1997)."""
    import numpy as np

    p = _cross(direction, targets.second)
    det = _dot(targets.first, p)
    det[np.abs(det) < 1e-12] = np.nan
    away = point[:, None] - targets.corner
    u = _dot(away, p) / det
    near = np.flatnonzero((u >= -1e-9) & (u <= 1 + 1e-9))
    q = _cross(away[:, near], targets.first[:, near])
    v = _dot(direction, q) / det[near]
    t = _dot(targets.second[:, near], q) / det[near]
    hit = (v >= -1e-9) & (u[near] + v <= 1 + 1e-9) & (t > 1e-4)
    return float(t[hit].min()) if hit.any() else float("inf")


def _cross(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _dot(a: Floats, b: tuple[Floats, Floats, Floats]) -> Floats:
    product: Floats = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return product
