"""Bodies -> one `SolidDesign`: totals, what each distinct body asks for, pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from manyworks.files.depth import EXACT, Features
from manyworks.files.solids.contents import SolidContents, Standing
from manyworks.files.solids.limits import (
    BODIES_DESCRIBED,
    DRAWN_TRIANGLES,
    HUGE_MM,
    MOST_BORDER,
    TINY_MM,
    TRIANGLES_DESCRIBED,
)
from manyworks.model import Body, Finding, SolidDesign, Vector, View, info, warning

# A closed skin shows as much area to one side as to the other, but for rounding: this share of it.
_SAME_AREA = 1e-6

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from manyworks.shapes import Shape

    Floats = NDArray[np.float64]


def design_solid(
    contents: SolidContents, name: str, *, features: Features = True, views: bool = True
) -> tuple[SolidDesign, tuple[Finding, ...]]:
    """Measure and describe the bodies of a file as one solid.

    Parameters
    ----------
    contents
        At least one body.
    name
        What findings call the file.
    features, views
        Whether ``details`` and, with them, ``views`` are filled; the rest does not depend on it.

    Returns
    -------
    The design (mm, mm2, mm3; sums over all bodies) and what is worth saying about it.
    """
    design = _measure(contents)
    findings: tuple[Finding, ...] = ()
    if features is True or (features == EXACT and not contents.triangles):
        bodies = tuple(body.with_faces() for body in contents.bodies)
        details, findings = _details(bodies, name)
        design = replace(design, details=details, views=_views(bodies) if views else ())
    return design, (*findings, *_remarks(design, contents, name))


def _views(bodies: Sequence[Standing]) -> tuple[View, ...]:
    from manyworks.shapes.views import render_views

    drawn = [body for body in bodies if not is_ragged(body.shape)]
    return render_views(_standing_shapes(drawn)) if drawn else ()


def _measure(contents: SolidContents) -> SolidDesign:
    """What does not depend on faces."""
    from manyworks.files.solids.walls import measure_walls

    bodies = contents.bodies
    low, high = _box(bodies)
    size = high - low
    shadow, height = _largest_shadow(_standing_shapes(bodies), size, closed=contents.watertight)
    wall, thickest = measure_walls([body.shape for body in bodies])
    return SolidDesign(
        size_mm=_vector(size),
        volume_mm3=round(sum(body.shape.volume * body.count for body in bodies), 4),
        surface_mm2=round(sum(body.shape.area * body.count for body in bodies), 4),
        bodies=sum(body.count for body in bodies),
        watertight=contents.watertight,
        wall_mm=wall,
        wall_max_mm=thickest,
        projected_mm2=round(shadow, 3),
        height_mm=round(height, 5),
        faces=contents.triangles or sum(len(body.shape.faces.kind) * body.count for body in bodies),
    )


def _largest_shadow(shapes: Sequence[Shape], size: Floats, *, closed: bool) -> tuple[float, float]:
    """Area (mm2) of the largest shadow along an axis, and the extent (mm) along that axis.

    Of a closed skin half the triangles throw all of the shadow: those that face the light.
    """
    import numpy as np

    from manyworks.shapes.shadows import union_area

    triangles = np.concatenate([shape.vertices[shape.triangles] for shape in shapes])
    boxes = sorted(((float(size.prod() / size[axis]), axis) for axis in range(3)), reverse=True)
    best, height = 0.0, 0.0
    for box, axis in boxes:
        if box <= best:
            break
        flat = np.delete(triangles, axis, axis=2)
        shadow = union_area(_facing(flat) if closed else flat)
        if shadow > best:
            best, height = shadow, float(size[axis])
    return best, height


def _facing(flat: Floats) -> Floats:
    """Triangles of the plane, (n, 3, 2), that run counter-clockwise; all where both ways differ in area."""
    import numpy as np

    one, other = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    doubled = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    whole = float(np.abs(doubled).sum())
    return flat[doubled > 0] if abs(float(doubled.sum())) < _SAME_AREA * whole else flat


def _vector(values: Floats) -> Vector:
    x, y, z = (round(float(value), 5) for value in values)
    return x, y, z


def _box(bodies: Sequence[Standing]) -> tuple[Floats, Floats]:
    """Box of all bodies along the file's axes."""
    import numpy as np

    boxes = np.concatenate([body.boxes for body in bodies])
    return boxes[:, 0].min(axis=0), boxes[:, 1].max(axis=0)


def _standing_shapes(bodies: Sequence[Standing]) -> list[Shape]:
    """Every body at every place, the largest first where not all can be drawn."""
    shapes: list[Shape] = []
    room = DRAWN_TRIANGLES
    for body in sorted(bodies, key=lambda body: -body.shape.volume):
        for place in body.places:
            room -= len(body.shape.triangles)
            if room < 0 and shapes:
                return shapes
            shapes.append(move(body.shape, place))
    return shapes


def move(shape: Shape, place: Floats) -> Shape:
    """A body moved: its mesh and the ends of its edges (its face table stays where it was)."""
    turn, shift = place[:, :3], place[:, 3]
    edges = replace(
        shape.edges,
        start=shape.edges.start @ turn.T + shift,
        middle=shape.edges.middle @ turn.T + shift,
        end=shape.edges.end @ turn.T + shift,
    )
    return replace(shape, vertices=shape.vertices @ turn.T + shift, edges=edges)


def _details(bodies: Sequence[Standing], name: str) -> tuple[tuple[Body, ...], tuple[Finding, ...]]:
    """What each distinct body asks for; only measures for the smallest ones where there are very many."""
    from manyworks.files.solids.copies import group_copies

    groups = group_copies(bodies)
    chosen = _worth_describing(groups)
    details = tuple(
        replace(
            _described(group[0].shape) if number in chosen else _measured(group[0].shape),
            size_mm=_vector(group[0].boxes[0, 1] - group[0].boxes[0, 0]),
            copies=sum(body.count for body in group),
        )
        for number, group in enumerate(groups)
    )
    return details, tuple(_not_searched([group[0].shape for group in groups], chosen, name))


def _not_searched(shapes: Sequence[Shape], chosen: set[int], name: str) -> Iterator[Finding]:
    """What of the bodies is left unsearched because it is too much."""
    from manyworks.shapes.descriptions import MOST_FACES

    left = len(shapes) - len(chosen)
    if left:
        which = f"{left} of {len(shapes)} different bodies, the smallest or most open,"
        text = f"{which} are not searched for features"
        yield warning("files.solid.too-many", name, text, "export them one by one")
    large = [len(shapes[number].faces.kind) for number in sorted(chosen)]
    large = [faces for faces in large if faces > MOST_FACES]
    if large:
        text = (
            f"{len(large)} of {len(shapes)} different bodies have more than {MOST_FACES:,} faces (the most: "
            f"{max(large):,}); holes, pockets, inside corners and bends are not looked for in them"
        )
        hint = "for a scan or a sculpture that is as it should be; else export the part as STEP, or coarser"
        yield warning("files.solid.not-searched", name, text, hint)


def is_ragged(shape: Shape) -> bool:
    """Whether the skin has more border than a body with a gap in it has: loose sheets, a triangle soup.

    A box without its lid is no more open than twice the root of its skin; one triangle is.
    """
    border = shape.edges.length[shape.edges.faces.min(axis=1, initial=0) < 0].sum()
    return bool(border > MOST_BORDER * math.sqrt(max(shape.area, 0.0)))


def _worth_describing(groups: Sequence[Sequence[Standing]]) -> set[int]:
    """The largest bodies, as many as there is time for; ragged ones have no features to speak of."""
    chosen: set[int] = set()
    room = TRIANGLES_DESCRIBED
    whole = [number for number, group in enumerate(groups) if not is_ragged(group[0].shape)]
    for number in sorted(whole, key=lambda at: -groups[at][0].shape.volume):
        room -= len(groups[number][0].shape.triangles)
        if chosen and (room < 0 or len(chosen) >= BODIES_DESCRIBED):
            break
        chosen.add(number)
    return chosen


def _described(shape: Shape) -> Body:
    from manyworks.shapes import describe

    return describe(shape)


def _measured(shape: Shape) -> Body:
    return Body(
        name=shape.name,
        size_mm=(0.0, 0.0, 0.0),
        volume_mm3=round(shape.volume, 4),
        surface_mm2=round(shape.area, 4),
        faces=len(shape.faces.kind),
    )


def _remarks(design: SolidDesign, contents: SolidContents, name: str) -> Iterator[Finding]:
    if not contents.watertight:
        text = "the skin has holes or double faces; the volume is uncertain"
        yield warning("files.solid.not-watertight", name, text, "repair it in the CAD program")
    elif contents.inside_out:
        yield info("files.solid.inside-out", name, "the triangles face inwards; the solid is turned right")
    if design.bodies > 1:
        text = f"{design.bodies} separate bodies in one file are taken as one part"
        yield warning("files.solid.several-bodies", name, text, "keep one part in a file")
    largest = max(design.size_mm)
    if not TINY_MM <= largest <= HUGE_MM:
        text = f"the largest measure is {largest:g} mm; {contents.unit_remark}"
        yield warning("files.solid.unit", name, text, "is it in inches or metres? export it in mm")
