"""Faces with any number of corners -> triangles."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

# Above this number of corners a face is cut like a fan: looking for ears takes the square of it.
_MOST_CORNERS = 500


@dataclass(slots=True)
class Faces:
    """Faces as numbers of points, sorted by how many corners they have."""

    threes: array[int] = field(default_factory=lambda: array("q"))
    fours: array[int] = field(default_factory=lambda: array("q"))
    others: list[Sequence[int]] = field(default_factory=list)

    def add(self, corners: Sequence[int]) -> None:
        """Add a face with at least three corners."""
        if len(corners) == 3:
            self.threes.extend(corners)
        elif len(corners) == 4:
            self.fours.extend(corners)
        else:
            self.others.append(corners)

    def __bool__(self) -> bool:
        return bool(self.threes or self.fours or self.others)


def cut_faces(points: Floats, faces: Faces) -> Integers:
    """Cut faces into triangles; rows of point numbers, (n, 3).

    Convex faces are cut like a fan, others ear by ear.
    """
    import numpy as np

    threes = np.array(faces.threes, dtype=np.int64).reshape(-1, 3)
    # Corners beyond all measure are found out later.
    with np.errstate(invalid="ignore", over="ignore"):
        fours = _halve(points, np.array(faces.fours, dtype=np.int64).reshape(-1, 4))
        others = [triangle for face in faces.others for triangle in _cut(points, face)]
    return np.concatenate((threes, fours, np.array(others, dtype=np.int64).reshape(-1, 3)))


def _halve(points: Floats, fours: Integers) -> Integers:
    """Two triangles for each face of four corners, along the diagonal that lies inside."""
    import numpy as np

    a, b, c, d = (points[fours[:, k]] for k in range(4))
    first, second = np.cross(b - a, c - a), np.cross(c - a, d - a)
    inside = np.einsum("ij,ij->i", first, second) >= 0
    turned = np.where(inside[:, None], fours, np.roll(fours, -1, axis=1))
    return np.concatenate((turned[:, [0, 1, 2]], turned[:, [0, 2, 3]]))


def _cut(points: Floats, face: Sequence[int]) -> list[Sequence[int]]:
    if len(face) > _MOST_CORNERS:
        return _fan(face)
    flat = _flatten(points[list(face)])
    if flat is None or _is_convex(flat):
        return _fan(face)
    return _cut_ears(flat, face)


def _fan(face: Sequence[int]) -> list[Sequence[int]]:
    return [(face[0], face[k], face[k + 1]) for k in range(1, len(face) - 1)]


def _flatten(corners: Floats) -> list[tuple[float, float]] | None:
    """Corners in the plane of the face, turning left; None where it has no area."""
    import numpy as np

    # The normal of a polygon that need not be flat or convex (Newell).
    normal = np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    size = np.linalg.norm(normal)
    if not np.isfinite(size) or size <= 0:
        return None
    normal = normal / size
    right = np.cross(np.eye(3)[int(np.abs(normal).argmin())], normal)
    right /= np.linalg.norm(right)
    return [(float(x), float(y)) for x, y in corners @ np.column_stack((right, np.cross(normal, right)))]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _is_convex(flat: list[tuple[float, float]]) -> bool:
    count = len(flat)
    return all(_turn(flat[k - 2], flat[k - 1], flat[k]) >= 0 for k in range(count))


def _cut_ears(flat: list[tuple[float, float]], face: Sequence[int]) -> list[Sequence[int]]:
    """Cut off one corner after another that has no other corner in it; a fan of what resists."""
    left = list(range(len(face)))
    cut: list[Sequence[int]] = []
    while len(left) > 3:
        ear = next((k for k in range(len(left)) if _is_ear(flat, left, k)), None)
        if ear is None:
            break
        cut.append((face[left[ear - 1]], face[left[ear]], face[left[(ear + 1) % len(left)]]))
        del left[ear]
    return [*cut, *_fan([face[k] for k in left])]


def _is_ear(flat: list[tuple[float, float]], left: list[int], at: int) -> bool:
    a, b, c = left[at - 1], left[at], left[(at + 1) % len(left)]
    if _turn(flat[a], flat[b], flat[c]) <= 0:
        return False
    return not any(_lies_in(flat[k], flat[a], flat[b], flat[c]) for k in left if k not in (a, b, c))


def _lies_in(
    point: tuple[float, float], a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> bool:
    return _turn(a, b, point) >= 0 and _turn(b, c, point) >= 0 and _turn(c, a, point) >= 0
