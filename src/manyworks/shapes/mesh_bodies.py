"""From loose triangles to closed bodies: weld corners, turn triangles the same way, tell bodies apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.crossings import ASKEW, crossings
from manyworks.shapes.mesh_graph import components, distinct, number_from_zero, sums, undirected_pairs
from manyworks.shapes.products import cross

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# Grids to weld on where equal corners are not equal to the last bit, as shares of the box's diagonal.
_WELD_STEPS = (1e-7, 1e-6, 1e-5)
# Above this number of shells the rest is kept together as one body: nobody looks at them one by one.
MOST_SHELLS = 1000
# Triangles looked at to find out which shell lies in which.
_MOST_INSIDE_TESTS = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LooseBody:
    """Triangles of one body: an outer shell with the voids in it."""

    vertices: Floats
    triangles: Integers


def split_bodies(corners: Floats) -> tuple[LooseBody, ...]:
    """Weld triangles of shape (n, 3, 3) and split them into bodies, each facing outwards.

    Bodies come in the order of their first triangle. Triangles with a corner that is no number,
    and those that are only a line or a point after welding, are dropped.
    """
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    if not len(corners):
        return ()
    vertices, triangles = _weld(corners)
    if not len(triangles):
        return ()
    one, other, opposed = undirected_pairs(triangles)
    shell = _shells(triangles, one, other)
    if not opposed.all():
        triangles = _turn_alike(triangles, one, other, opposed)
    shell, count = number_from_zero(shell)
    if count > MOST_SHELLS:
        shell, count = _lump(shell, count, vertices, triangles)
    body, triangles = _nest(vertices, triangles, shell, count)
    return tuple(_cut_out(vertices, triangles[body == label]) for label in distinct(body))


def _cut_out(vertices: Floats, triangles: Integers) -> LooseBody:
    used, numbers = np.unique(triangles, return_inverse=True)
    return LooseBody(vertices=vertices[used], triangles=numbers.reshape(-1, 3).astype(np.int64))


def signed_volumes(vertices: Floats, triangles: Integers, group: Integers, count: int) -> Floats:
    """Sum of signed tetrahedra for every group of triangles."""
    points = vertices - vertices.mean(axis=0)
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return sums(group, np.einsum("ij,ij->i", a, cross(b, c)) / 6, count)


# ---- welding -----------------------------------------------------------------------------------


def _weld(corners: Floats) -> tuple[Floats, Integers]:
    """Vertices and triangles; a coarser grid is taken only where it leaves fewer edges open."""
    points = corners.reshape(-1, 3) + 0.0  # -0.0 becomes 0.0
    best = _without_lines(points, _name_points(points))
    left = _open_edges(best[1])
    diagonal = float(np.linalg.norm(np.ptp(points, axis=0)))
    for share in _WELD_STEPS:
        if not left or not diagonal:
            break
        tried = _without_lines(points, _name_points(np.round(points / (share * diagonal))))
        still = _open_edges(tried[1])
        if still < left:
            best, left = tried, still
    return best


def _without_lines(points: Floats, names: tuple[Integers, Integers]) -> tuple[Floats, Integers]:
    first, numbers = names
    triangles = numbers.reshape(-1, 3)
    proper = (triangles != np.roll(triangles, -1, axis=1)).all(axis=1)
    return points[first], triangles[proper]


def _name_points(points: Floats) -> tuple[Integers, Integers]:
    """Row of the first of each set of equal points, and for each point the number of its set."""
    bits = np.ascontiguousarray(points + 0.0).view(np.uint64)
    mixed = np.zeros(len(points), dtype=np.uint64)
    for axis, factor in enumerate((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)):
        word = bits[:, axis] * np.uint64(factor)
        mixed = (mixed ^ word ^ (word >> np.uint64(29))) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
    _, first, numbers = np.unique(mixed, return_index=True, return_inverse=True)
    numbers = numbers.reshape(-1)
    if not np.array_equal(points[first][numbers], points):  # two points with one hash
        _, first, numbers = np.unique(points, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), numbers.reshape(-1).astype(np.int64)


def _open_edges(triangles: Integers) -> int:
    one, _, _ = undirected_pairs(triangles)
    return 3 * len(triangles) - 2 * len(one)


# ---- shells ------------------------------------------------------------------------------------


def _shells(triangles: Integers, one: Integers, other: Integers) -> Integers:
    """A label per triangle: connected over edges; torn shells also where they share a corner."""
    count = len(triangles)
    label = components(one, other, count)
    sides = np.bincount(one, minlength=count) + np.bincount(other, minlength=count)
    torn = np.flatnonzero(sides < 3)
    if not len(torn):
        return label
    corner = triangles[torn].ravel()
    owner = np.repeat(torn, 3)
    order = np.argsort(corner, kind="stable")
    same = corner[order][1:] == corner[order][:-1]
    first, second = owner[order][:-1][same], owner[order][1:][same]
    # Shells that touch in a closed edge of four triangles have no torn triangle save those four.
    open_shell = np.zeros(count, dtype=bool)
    open_shell[label[_with_odd_edges(triangles)]] = True
    kept = open_shell[label[first]] & open_shell[label[second]]
    return components(np.append(one, first[kept]), np.append(other, second[kept]), count)


def _with_odd_edges(triangles: Integers) -> Integers:
    """Triangles at an edge that an odd number of triangles share."""
    ends = np.stack((triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()))
    keys = ends.min(axis=0) * (int(triangles.max()) + 1) + ends.max(axis=0)
    _, numbers, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.flatnonzero((counts[numbers.reshape(-1)] % 2).reshape(-1, 3).any(axis=1))


def _turn_alike(triangles: Integers, one: Integers, other: Integers, opposed: Truths) -> Integers:
    """Flip triangles so that neighbours agree, by the two-sheeted cover of the neighbour graph.

    Every triangle stands for two nodes, as it is and flipped; an edge run in opposite senses links
    like with like, else like with unlike. The sheet of a shell's least triangle wins.
    """
    count = len(triangles)
    ones = np.concatenate((one, one + count))
    others = np.where(opposed, other, other + count), np.where(opposed, other + count, other)
    label = components(ones, np.concatenate(others), 2 * count)
    flip = label[:count] > label[count:]
    turned = triangles.copy()
    turned[flip] = triangles[flip][:, ::-1]
    return turned


def _lump(shell: Integers, count: int, vertices: Floats, triangles: Integers) -> tuple[Integers, int]:
    """Keep the shells with most triangles apart; all others get one label."""
    sizes = np.bincount(shell, minlength=count)
    kept = np.sort(np.argsort(-sizes, kind="stable")[: MOST_SHELLS - 1])
    renamed = np.full(count, MOST_SHELLS - 1, dtype=np.int64)
    renamed[kept] = np.arange(MOST_SHELLS - 1)
    return renamed[shell], MOST_SHELLS


# ---- what lies in what -------------------------------------------------------------------------


def _nest(vertices: Floats, triangles: Integers, shell: Integers, count: int) -> tuple[Integers, Integers]:
    """A body label per triangle, and the triangles turned so that every body faces outwards.

    A shell that lies in an odd number of others and faces the other way than the shell around it
    is a void of that one; a shell that faces the same way is a body of its own.
    """
    volume = signed_volumes(vertices, triangles, shell, count)
    around = _around(vertices, triangles, shell, count)
    depth = around.sum(axis=0)
    owner = np.arange(count)
    outwards = volume >= 0
    for inner in np.flatnonzero(depth % 2 == 1):
        outer = np.flatnonzero(around[:, inner])
        nearest = outer[np.argmax(depth[outer])]
        if outwards[inner] != outwards[nearest]:
            owner[inner] = nearest
    flip = ~outwards[owner][shell]
    turned = triangles.copy()
    turned[flip] = triangles[flip][:, ::-1]
    first = np.full(count, len(triangles), dtype=np.int64)
    np.minimum.at(first, owner[shell], np.arange(len(triangles)))
    return first[owner[shell]], turned


def _around(vertices: Floats, triangles: Integers, shell: Integers, count: int) -> Truths:
    """Whether shell i holds shell j, shape (count, count)."""
    around = np.zeros((count, count), dtype=bool)
    if count == 1:
        return around
    points = vertices[triangles]
    low = np.full((count, 3), np.inf)
    high = np.full((count, 3), -np.inf)
    np.minimum.at(low, shell, points.min(axis=1))
    np.maximum.at(high, shell, points.max(axis=1))
    below: Truths = np.asarray((low[:, None] < low[None]).all(axis=2))
    holds: Truths = below & (high[:, None] > high[None]).all(axis=2)
    sample = points[np.unique(shell, return_index=True)[1]].mean(axis=1)
    budget = _MOST_INSIDE_TESTS
    for outer in np.flatnonzero(holds.any(axis=1)):
        skin = points[shell == outer]
        inner = np.flatnonzero(holds[outer])
        budget -= len(skin) * len(inner)
        if budget < 0:
            break
        for one in inner:
            around[outer, one] = _is_inside(skin, sample[one])
    return around


def _is_inside(skin: Floats, point: Floats) -> bool:
    """Whether a ray from the point crosses the skin an odd number of times."""
    return bool(np.isfinite(crossings(skin, point, ASKEW)).sum() % 2)
