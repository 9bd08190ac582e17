"""Everything the shape of one body asks of a process, in one go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from manyworks.model.geometry import Vector
from manyworks.model.solids import (
    Body,
    Feature,
    Machining,
)
from manyworks.shapes.clues import gather_clues
from manyworks.shapes.corners import find_inside_corners
from manyworks.shapes.guesses import guess_processes
from manyworks.shapes.holes import find_holes
from manyworks.shapes.looks import Look, look_at
from manyworks.shapes.machining import corners_along_tools, limit_by_corners, plan_milling
from manyworks.shapes.moulding import plan_mould
from manyworks.shapes.pockets import find_pockets
from manyworks.shapes.printing import plan_print
from manyworks.shapes.prisms import find_prism
from manyworks.shapes.rays import make_skin
from manyworks.shapes.shape import FaceKind, Shape
from manyworks.shapes.sheet_metal import find_sheet
from manyworks.shapes.turning import find_turning
from manyworks.shapes.walls import find_thin_places

# Bodies of more faces than this are scans or sculptures: holes, pockets, corners and bends are not
# looked for face by face in them.
MOST_FACES = 5_000


def describe(shape: Shape) -> Body:
    """Measure everything about a body that processes ask for.

    Parts of the answer that the shape does not give are None. All figures but ``size_mm``, which
    is along the file's axes, stay the same when the file is turned. Time and memory grow with the
    number of triangles and no further: at most 12,000 points are looked at from 24 sides, and bodies
    of more than `MOST_FACES` faces are not searched for holes, pockets, inside corners and bends.

    Parameters
    ----------
    shape
        One body, from the modelling kernel or from a mesh.
    """
    skin = make_skin(shape)
    if skin is None:
        return _bare(shape)
    look = look_at(shape, skin)
    detailed = len(shape.faces.kind) <= MOST_FACES
    corners = find_inside_corners(shape) if detailed else ()
    machining = _milling(look)
    along = corners_along_tools(machining, corners, skin, shape.faces)
    radius, ratio = limit_by_corners(along)
    mould, undercuts = plan_mould(skin, look.samples, look.sight)
    printing, overhangs = plan_print(skin, look.samples, look.box, shape.volume)
    thin = find_thin_places(look.samples, look.thickness, look.walls) if look.walls else ()
    turning = find_turning(shape, skin, look.samples, look.directions)
    prism = find_prism(skin, look.samples, look.axes, shape.volume)
    body = Body(
        name=shape.name,
        size_mm=_size(shape),
        volume_mm3=round(shape.volume, 4),
        surface_mm2=round(shape.area, 4),
        faces=len(shape.faces.kind),
        features=(*_cut_features(shape, detailed), *corners, *thin, *undercuts, *overhangs),
        walls=look.walls,
        machining=replace(machining, min_inside_radius_mm=radius, depth_ratio=ratio),
        moulding=mould,
        sheet=find_sheet(shape) if detailed else None,
        turning=turning,
        prism=prism,
        printing=printing,
    )
    clues = gather_clues(body, look, along)
    return replace(body, guesses=guess_processes(clues))


def _bare(shape: Shape) -> Body:
    """A body whose skin has no area: only what the file says of it."""
    return Body(
        name=shape.name,
        size_mm=_size(shape),
        volume_mm3=shape.volume,
        surface_mm2=shape.area,
        faces=len(shape.faces.kind),
    )


def _size(shape: Shape) -> Vector:
    points = shape.vertices[shape.triangles].reshape(-1, 3)
    if not len(points) or not np.isfinite(points).all():
        return (0.0, 0.0, 0.0)
    x, y, z = (round(float(edge), 5) for edge in np.ptp(points, axis=0))
    return (x, y, z)


def _cut_features(shape: Shape, detailed: bool) -> tuple[Feature, ...]:
    return (*find_holes(shape), *find_pockets(shape)) if detailed else ()


def _milling(look: Look) -> Machining:
    flat = look.shape.faces.kind[look.samples.faces] == FaceKind.PLANE
    return plan_milling(look.skin, look.samples, look.box, look.sight, look.shape.volume, flat=flat)
