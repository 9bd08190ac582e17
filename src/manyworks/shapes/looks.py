"""What every measure of a body starts from, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.solids import Walls
from manyworks.shapes.boxes import Box, find_box
from manyworks.shapes.directions import Directions, find_directions, join_families
from manyworks.shapes.machining import Sight, look_around
from manyworks.shapes.rays import Floats, Skin
from manyworks.shapes.samples import Samples, count_samples, spread_samples
from manyworks.shapes.shape import Shape
from manyworks.shapes.walls import Thickness, find_walls, measure_thickness

# Axes that a body is looked at along, from both ends.
_MOST_AXES = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """A body with its skin, points, directions, block, and what is seen of it.

    Parameters
    ----------
    axes : (k, 3)
        Directions the body is looked at along: its block's, its round faces', its flats'.
    """

    shape: Shape
    skin: Skin
    samples: Samples
    directions: Directions
    box: Box
    axes: Floats
    sight: Sight
    thickness: Thickness
    walls: Walls | None


def look_at(shape: Shape, skin: Skin) -> Look:
    """Look at a body from all sides."""
    samples = spread_samples(skin, count_samples(len(shape.faces.kind), len(skin.areas)))
    directions = find_directions(shape, skin)
    box = find_box(skin, shape.faces, directions)
    axes = join_families(box.axes, directions.rounds, directions.planes, most=_MOST_AXES)
    thickness = measure_thickness(skin, samples, box.axes)
    return Look(
        shape=shape,
        skin=skin,
        samples=samples,
        directions=directions,
        box=box,
        axes=axes,
        sight=look_around(skin, samples, axes),
        thickness=thickness,
        walls=find_walls(thickness),
    )
