"""Triangles of a mesh file -> bodies: what makes no sense is refused before anything is built from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from manyworks.files.limits import COORDINATE_MM, SOLID_TRIANGLES
from manyworks.files.solids.contents import SolidContents, Standing
from manyworks.files.sources import Source
from manyworks.model import Finding, error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from manyworks.shapes import Shape

    Floats: TypeAlias = NDArray[np.float64]


# A piece of so many triangles is no body where they have so many times the area of the box around
# them; the finest lattices that are printed have some fifty times.
_SOUP_FROM, _SOUP = 5_000, 300.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """Triangles that a file keeps together.

    Parameters
    ----------
    triangles : (n, 3, 3)
        Corners, mm.
    name
        How the file calls it.
    places : (k, 3, 4)
        Where it stands: a turn, perhaps with a scale, and a shift; None for once, as it is.
    """

    triangles: Floats
    name: str = ""
    places: Floats | None = None


def too_many(count: int, name: str) -> Finding:
    """The error for a mesh that is larger than what is read."""
    text = f"{count:,} triangles; at most {SOLID_TRIANGLES:,} are read"
    return error("files.solid.too-large", name, text, "export it coarser")


def oversized(source: Source, limit: int) -> Finding:
    """The error for a file of more bytes than are read."""
    text = f"the file has {len(source.data):,} bytes; at most {limit:,} are read in this format"
    return error("files.file.too-large", source.name, text, "export it as binary STL or 3MF")


def build_bodies(
    pieces: Sequence[Piece], name: str, unit_remark: str
) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Turn the pieces of a file into bodies.

    Returns
    -------
    The bodies, or None with an error finding where the corners make no sense or enclose nothing.
    """
    trouble = _senseless(pieces, name)
    if trouble is not None:
        return None, (trouble,)
    pieces = [part for piece in pieces for part in _rigid(piece)]
    bodies = tuple(body for piece in pieces for body in _bodies(piece))
    flat = _flat(pieces, bodies, name)
    if flat is not None:
        return None, (flat,)
    contents = SolidContents(
        bodies=bodies,
        watertight=all(_is_closed(body.shape) for body in bodies),
        inside_out=sum(_signed_volume(piece.triangles) for piece in pieces) < 0,
        triangles=sum(
            len(piece.triangles) * (1 if piece.places is None else len(piece.places)) for piece in pieces
        ),
        unit_remark=unit_remark,
    )
    return contents, ()


def _count(piece: Piece) -> int:
    return 1 if piece.places is None else len(piece.places)


def _senseless(pieces: Sequence[Piece], name: str) -> Finding | None:
    import numpy as np

    count = sum(len(piece.triangles) * _count(piece) for piece in pieces)
    if not count:
        return error("files.solid.empty", name, "the solid has no triangles")
    if count > SOLID_TRIANGLES:
        return too_many(count, name)
    numbers = [part for piece in pieces for part in (piece.triangles, piece.places) if part is not None]
    if not all(np.isfinite(part).all() for part in numbers):
        text = "corners that are infinite or no number"
        return error("files.solid.not-finite", name, text, "export the part anew")
    if any(np.abs(part).max(initial=0) > COORDINATE_MM for part in numbers):
        text = f"corners further than {COORDINATE_MM:g} mm from the origin"
        return error("files.solid.too-far", name, text)
    if any(_is_soup(piece.triangles) for piece in pieces):
        text = "triangles that lie across each other everywhere: they are no skin of a body"
        return error("files.solid.soup", name, text, "export the part anew")
    return None


def _is_soup(triangles: Floats) -> bool:
    """Whether the triangles have more area than any skin that fits into their box.

    Rays through such a heap hit all of it: what looks for walls and pockets would not come to an end.
    """
    import numpy as np

    if len(triangles) < _SOUP_FROM:
        return False
    x, y, z = np.ptp(triangles.reshape(-1, 3), axis=0)
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return bool(np.linalg.norm(across, axis=1).sum() / 2 > _SOUP * 2 * (x * y + y * z + z * x))


def _rigid(piece: Piece) -> list[Piece]:
    """The piece where it first stands, with turns and shifts to its other places.

    Places that scale or mirror it make pieces of their own.
    """
    import numpy as np

    if piece.places is None or not len(piece.places):
        return [replace(piece, places=None)]
    groups: list[list[Floats]] = []
    for place in piece.places:
        group = next((g for g in groups if _is_turn(_step(g[0], place)[:, :3])), None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    return [
        Piece(
            triangles=_move(piece.triangles, group[0]),
            name=piece.name,
            places=np.array([_step(group[0], place) for place in group]),
        )
        for group in groups
    ]


def _move(points: Floats, place: Floats) -> Floats:
    moved: Floats = points @ place[:, :3].T + place[:, 3]
    # A mirror turns triangles inside out.
    return moved if _determinant(place) >= 0 else moved[:, ::-1]


def _determinant(place: Floats) -> float:
    import numpy as np

    return float(np.linalg.det(place[:, :3]))


def _step(first: Floats, second: Floats) -> Floats:
    """From one place to another; not finite where the first one flattens."""
    import numpy as np

    if abs(_determinant(first)) < 1e-12:
        return np.full((3, 4), np.inf)
    turn = second[:, :3] @ np.linalg.inv(first[:, :3])
    return np.column_stack((turn, second[:, 3] - turn @ first[:, 3]))


def _is_turn(matrix: Floats) -> bool:
    import numpy as np

    if not np.isfinite(matrix).all():
        return False
    return bool(np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-6) and np.linalg.det(matrix) > 0)


def _bodies(piece: Piece) -> list[Standing]:
    import numpy as np

    from manyworks.shapes.loose_bodies import loose_bodies

    places = np.eye(3, 4)[None] if piece.places is None else piece.places
    shapes, grain = loose_bodies(piece.triangles)
    return [
        Standing(
            shape=replace(shape, name=piece.name), places=places, boxes=_boxes(shape, places), grain=grain
        )
        for shape in shapes
        if shape.volume > 0
    ]


def _boxes(shape: Shape, places: Floats) -> Floats:
    import numpy as np

    moved = (shape.vertices @ place[:, :3].T + place[:, 3] for place in places)
    return np.array([(points.min(axis=0), points.max(axis=0)) for points in moved])


def _flat(pieces: Sequence[Piece], bodies: Sequence[Standing], name: str) -> Finding | None:
    import numpy as np

    corners = np.concatenate([piece.triangles.reshape(-1, 3) for piece in pieces])
    size = np.ptp(corners, axis=0)
    if bodies and size.min() > 0:
        return None
    text = f"the solid encloses no volume (box {size[0]:g} x {size[1]:g} x {size[2]:g} mm)"
    return error("files.solid.flat", name, text, "export a closed body")


def _signed_volume(triangles: Floats) -> float:
    import numpy as np

    near = triangles - triangles.mean(axis=(0, 1))
    return float(np.einsum("ij,ij->", near[:, 0], np.cross(near[:, 1], near[:, 2])) / 6)


def _is_closed(shape: Shape) -> bool:
    """Whether every edge has its twin the other way round."""
    import numpy as np

    starts, ends = shape.triangles.ravel(), np.roll(shape.triangles, -1, axis=1).ravel()
    count = len(shape.vertices)
    return bool((np.sort(starts * count + ends) == np.sort(ends * count + starts)).all())
