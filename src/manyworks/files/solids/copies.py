"""Which bodies are the same body again, moved and turned but not mirrored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyworks.files.solids.contents import Standing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from manyworks.shapes import Shape

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

# Two measures are the same when they agree to this share; files round at the sixth figure or later.
_SAME = 1e-5
# Two points are the same when they are this near, as a share of the body's extent.
_SAME_POINT = 1e-4
# Ways to lay one body on the other, and distances between points, that are tried at most; two bodies
# that alike and yet not shown to be the same are counted apart.
_TRIED = 2_000
_DISTANCES = 30_000_000
_LOOKED_AT = 400


def group_copies(bodies: Sequence[Standing]) -> list[list[Standing]]:
    """Sort bodies into groups of equal ones, in the order they first appear."""
    groups: list[list[Standing]] = []
    near: dict[tuple[int, ...], list[list[Standing]]] = {}
    for body in bodies:
        shape = body.shape
        key = (len(shape.faces.kind), len(shape.edges.length))
        group = next((g for g in near.get(key, ()) if is_same_body(g[0].shape, shape)), None)
        if group is None:
            group = []
            groups.append(group)
            near.setdefault(key, []).append(group)
        group.append(body)
    return groups


def is_same_body(first: Shape, second: Shape) -> bool:
    """Whether a turn and a shift bring one body onto the other.

    Compared are marked points: the middles of faces (with their area) and of edges (with their
    length). Three points that few others resemble are laid on each other in every possible way;
    then every point must find its like. A mirror image is another body.
    """
    if not _near(first.volume, second.volume) or not _near(first.area, second.area):
        return False
    marks, others = _marks(first), _marks(second)
    order, other_order = _sorted(marks), _sorted(others)
    if len(order) != len(other_order) or not _all_near(marks[order, 3], others[other_order, 3]):
        return False
    return _turns_onto(marks[order], others[other_order])


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME * max(abs(a), abs(b))


def _all_near(a: Floats, b: Floats) -> bool:
    import numpy as np

    return bool((np.abs(a - b) <= _SAME * np.maximum(np.abs(a), np.abs(b)) + 1e-9).all())


def _marks(shape: Shape) -> Floats:
    """Points with a number each that a turn does not change: areas positive, lengths negative; (n, 4)."""
    import numpy as np

    faces = np.column_stack((shape.faces.centre, shape.faces.area))
    edges = np.column_stack((shape.edges.middle, -shape.edges.length))
    return np.concatenate((faces, edges))


def _sorted(marks: Floats) -> Integers:
    import numpy as np

    return np.argsort(marks[:, 3], kind="stable").astype(np.int64)


def _turns_onto(marks: Floats, others: Floats) -> bool:
    """Whether some turn and shift lays each marked point on one of the same mark."""
    import numpy as np

    classes = _classes(marks[:, 3])
    points, targets = marks[:, :3], others[:, :3]
    extent = float(np.ptp(points, axis=0).max())
    corners = _three(points, classes, extent)
    if corners is None:
        # All points on one line: nothing tells a turn from a mirror, equal distances are enough.
        return _all_near(np.sort(_spread(points)), np.sort(_spread(targets)))
    base = points[corners]
    widest = int(np.bincount(classes).max())
    most = max(1, _DISTANCES // (min(widest, _LOOKED_AT) * len(points)))
    for triple in _candidates(base, targets, classes, corners, extent)[:most]:
        turn, shift = _fit(base, triple)
        moved = points @ turn.T + shift
        if _lies_on(moved, targets, classes, _SAME_POINT * extent):
            return True
    return False


def _spread(points: Floats) -> Floats:
    import numpy as np

    return np.asarray(np.linalg.norm(points - points.mean(axis=0), axis=1))


def _classes(values: Floats) -> Integers:
    """Numbers of runs of near-equal values in sorted order."""
    import numpy as np

    steps = np.abs(np.diff(values)) > _SAME * np.abs(values[1:]) + 1e-9
    return np.concatenate(([0], np.cumsum(steps))).astype(np.int64)


def _three(points: Floats, classes: Integers, extent: float) -> list[int] | None:
    """Three points off one line, of kinds as rare as possible; None where there are none."""
    import numpy as np

    rare = np.argsort(np.bincount(classes)[classes], kind="stable")
    first = rare[0]
    away = np.linalg.norm(points - points[first], axis=1)
    second = next((i for i in rare if away[i] > 0.05 * extent), None)
    if second is None:
        return None
    along = (points[second] - points[first]) / away[second]
    off = np.linalg.norm(np.cross(points - points[first], along), axis=1)
    third = next((i for i in rare if off[i] > 0.05 * extent), None)
    return None if third is None else [int(first), int(second), int(third)]


def _candidates(
    base: Floats, targets: Floats, classes: Integers, corners: list[int], extent: float
) -> list[Floats]:
    """Triples of points with the marks and the distances of the three chosen ones."""
    import numpy as np

    near = 2 * _SAME_POINT * extent
    one, two, three = (targets[classes == classes[corner]] for corner in corners)
    sides = [float(np.linalg.norm(base[a] - base[b])) for a, b in ((0, 1), (0, 2), (1, 2))]
    found: list[Floats] = []
    for a in one:
        seconds = two[np.abs(np.linalg.norm(two - a, axis=1) - sides[0]) < near]
        thirds = three[np.abs(np.linalg.norm(three - a, axis=1) - sides[1]) < near]
        for b in seconds:
            fits = thirds[np.abs(np.linalg.norm(thirds - b, axis=1) - sides[2]) < near]
            found.extend(np.array([a, b, c]) for c in fits)
            if len(found) > _TRIED:
                return found
    return found


def _fit(base: Floats, triple: Floats) -> tuple[Floats, Floats]:
    """The proper turn and shift that lay three points on three others best (Kabsch 1976)."""
    import numpy as np

    middle, target = base.mean(axis=0), triple.mean(axis=0)
    u, _, vt = np.linalg.svd((base - middle).T @ (triple - target))
    way = np.sign(np.linalg.det(vt.T @ u.T))
    turn = vt.T @ np.diag([1.0, 1.0, way]) @ u.T
    return turn, target - turn @ middle


def _lies_on(moved: Floats, targets: Floats, classes: Integers, near: float) -> bool:
    """Whether each point (of very many, some) has one of its kind nearby."""
    import numpy as np

    for number in range(int(classes[-1]) + 1):
        mine, theirs = moved[classes == number], targets[classes == number]
        mine = mine[:: -(-len(mine) // _LOOKED_AT)]
        distances = np.linalg.norm(mine[:, None] - theirs[None], axis=2)
        if (distances.min(axis=1) > near).any():
            return False
    return True
