"""What every reader of solids hands on: distinct bodies and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from manyworks.shapes import Shape

    Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """A body and where it stands.

    Parameters
    ----------
    shape
        At its first place, mm.
    places : (k, 3, 4)
        How it is moved from its first place to each of its places: a turn and a shift.
    boxes : (k, 2, 3)
        Lowest and highest corner at each place, tight also where the mesh is coarse.
    grain
        How exact the corners are, mm, where the faces are still to be found in the mesh; None where
        the kernel named them.
    """

    shape: Shape
    places: Floats
    boxes: Floats
    grain: float | None = None

    @property
    def count(self) -> int:
        """How often it stands there."""
        return len(self.places)

    def with_faces(self) -> Standing:
        """The same with its faces: finding them takes longer than all else there is to read."""
        if self.grain is None:
            return self
        from manyworks.shapes.mesh_faces import find_faces

        return replace(self, shape=find_faces(self.shape, self.grain), grain=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolidContents:
    """The bodies of a file.

    Parameters
    ----------
    bodies
        At least one.
    watertight
        Whether every skin is closed.
    inside_out
        Whether the file had the triangles face inwards.
    triangles
        How many the file has, where it is a mesh.
    unit_remark
        What there is to say about its unit, to end a sentence.
    """

    bodies: tuple[Standing, ...]
    watertight: bool = True
    inside_out: bool = False
    triangles: int = 0
    unit_remark: str = "the file states its unit"
