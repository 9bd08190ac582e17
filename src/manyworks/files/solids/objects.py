"""Objects that mesh files put together from each other -> pieces at every place where they stand."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from manyworks.files.solids.limits import COMPONENT_DEPTH, INSTANCES
from manyworks.files.solids.meshes import Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class MalformedModelError(Exception):
    """What is wrong with a file."""


@dataclass(slots=True)
class Use:
    """An object used in another or built: which one, and how it is moved, (3, 4), in the file's unit."""

    key: Hashable
    move: Floats


@dataclass(slots=True)
class MeshObject:
    """An object: a mesh of its own, other objects in it, or both.

    ``numbers`` holds three figures a corner, ``corners`` three numbers of corners a triangle;
    ``factor`` is mm in one of its unit; ``helps`` says that it only supports others.
    """

    name: str = ""
    factor: float = 1.0
    helps: bool = False
    numbers: array[float] = field(default_factory=lambda: array("d"))
    corners: array[int] = field(default_factory=lambda: array("q"))
    uses: list[Use] = field(default_factory=list)


def place_objects(objects: Mapping[Hashable, MeshObject], built: Sequence[Use]) -> list[Piece]:
    """Every mesh at every place where something built has it; where nothing is said, all that stand alone.

    Raises
    ------
    MalformedModelError
        Where an object is missing, contains itself, or stands at too many places.
    """
    places: dict[Hashable, list[Floats]] = {}
    for total, (key, place) in enumerate(_standing(objects, built or outermost(objects)), 1):
        places.setdefault(key, []).append(place)
        if total > INSTANCES:
            raise MalformedModelError(f"more than {INSTANCES:,} bodies to build")
    return [_piece(objects[key], stands) for key, stands in places.items()]


def outermost(objects: Mapping[Hashable, MeshObject]) -> list[Use]:
    """Uses of all objects that are in no other object."""
    import numpy as np

    inner = {use.key for one in objects.values() for use in one.uses}
    return [Use(key, np.eye(3, 4)) for key in objects if key not in inner]


def count_idle(objects: Mapping[Hashable, MeshObject], built: Sequence[Use]) -> int:
    """How many objects with a mesh are in nothing that is built."""
    used: set[Hashable] = set()
    waiting = [use.key for use in built or outermost(objects)]
    while waiting:
        key = waiting.pop()
        if key not in used and key in objects:
            used.add(key)
            waiting += [use.key for use in objects[key].uses]
    return sum(1 for key, one in objects.items() if one.corners and key not in used)


def _standing(
    objects: Mapping[Hashable, MeshObject], built: Sequence[Use]
) -> Iterator[tuple[Hashable, Floats]]:
    """Meshes with their places; objects without any mesh below them must not be walked forever."""
    import numpy as np

    steps = 10 * INSTANCES
    waiting = [(use, np.eye(3, 4), COMPONENT_DEPTH) for use in reversed(built)]
    while waiting:
        use, place, depth = waiting.pop()
        found = objects.get(use.key)
        steps -= 1
        if found is None:
            raise MalformedModelError(f"object {str(use.key)[:60]} is used but not there")
        if depth < 0 or steps < 0:
            raise MalformedModelError(f"object {str(use.key)[:60]} contains itself, or nests too deeply")
        if found.helps:
            continue
        here = np.column_stack((place[:, :3] @ use.move[:, :3], place[:, :3] @ use.move[:, 3] + place[:, 3]))
        if found.corners:
            yield use.key, here
        waiting += [(below, here, depth - 1) for below in reversed(found.uses)]


def _piece(found: MeshObject, places: list[Floats]) -> Piece:
    import numpy as np

    points = np.array(found.numbers, dtype=np.float64).reshape(-1, 3) * found.factor
    corners = np.array(found.corners, dtype=np.int64).reshape(-1, 3)
    if len(corners) and not 0 <= corners.min() <= corners.max() < len(points):
        raise MalformedModelError(
            f"a triangle of {found.name or 'an object'} names a corner that is not there"
        )
    stands = np.array(places)
    stands[:, :, 3] *= found.factor
    return Piece(triangles=points[corners], name=found.name, places=stands)
