"""The two halves of the badge's case, built as terrain so that they are watertight by construction.

A shell is a plate with a wall around it and posts on it, open to one side: from above it is a map of
nested closed lines, each with one height inside. The skin is then, line by line: the ground, the flat
tops between the lines, and the walls along them. No two pieces of skin are made twice and every edge
is shared by exactly two, so nothing has to be cut or joined afterwards. All walls lean by `DRAFT`, so
that the half can be pulled out of a mould along z.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from badge_drawing.outline import SLOT, Contour, circle, outline, sample, stadium
from badge_drawing.parts import BUTTON, LEDS, MOUNTING_HOLES, SWITCH, Point, led_spot

Vertex = tuple[float, float, float]
Triangle = tuple[Vertex, Vertex, Vertex]

WALL = 1.8
PLATE = 1.8
PLAY = 0.4
DRAFT = math.tan(math.radians(1.0))
ABOVE_BOARD = 3.2
BELOW_BOARD = 5.2
HALF_BOARD = 0.8
POST = 5.0
CHIMNEY_WALL = 1.6
CHIMNEY_PLAY = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What lies inside one closed line: flat at ``height``, or a hole right through (None).

    ``line(grow)`` is the line moved outwards by ``grow``; ``widens`` is +1 where the line grows with
    z (outer wall, inside of the tray, holes) and -1 where it shrinks (posts).
    """

    line: Callable[[float], Contour]
    height: float | None
    widens: int
    holes: tuple[Region, ...] = ()

    def points(self, z: float, still: float) -> list[Vertex]:
        """The line's points at a height; ``still`` is the height at which it has its nominal size."""
        flat = sample(self.line(self.widens * (z - still) * DRAFT))
        return [(x, y, z) for x, y in flat]


def area(points: Sequence[Vertex]) -> float:
    """Twice the signed area of a loop seen along z."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))


def anticlockwise(points: list[Vertex]) -> list[Vertex]:
    """The loop, running against the clock in a y-up view."""
    return points if area(points) > 0 else points[::-1]


def bridged(outer: list[Vertex], holes: Sequence[list[Vertex]]) -> list[Vertex]:
    """One loop out of an outer loop and its holes, each tied in by a cut there and back."""
    loop = list(outer)
    for hole in sorted(holes, key=lambda h: -max(p[0] for p in h)):
        start = max(range(len(hole)), key=lambda i: hole[i][0])
        tie = visible_from(hole[start], loop, holes)
        turned = [*hole[start:], *hole[: start + 1]]
        loop = [*loop[: tie + 1], *turned, *loop[tie:]]
    return loop


def visible_from(point: Vertex, loop: Sequence[Vertex], holes: Sequence[list[Vertex]]) -> int:
    """The nearest corner of the loop that a straight cut from the point reaches freely."""
    walls = [*edges_of(loop), *(edge for hole in holes for edge in edges_of(hole))]
    by_distance = sorted(range(len(loop)), key=lambda i: math.dist(point, loop[i]))
    for i in by_distance:
        corner = loop[i]
        ahead, behind = loop[(i + 1) % len(loop)], loop[i - 1]
        free = not any(crosses(point, corner, a, b) for a, b in walls)
        if free and opens_towards(behind, corner, ahead, point):
            return i
    message = "no free cut between a hole and its surroundings"
    raise ValueError(message)


def edges_of(loop: Sequence[Vertex]) -> list[tuple[Vertex, Vertex]]:
    """The edges of a closed loop."""
    return list(zip(loop, [*loop[1:], loop[0]], strict=True))


def opens_towards(behind: Vertex, corner: Vertex, ahead: Vertex, point: Vertex) -> bool:
    """Whether the corner's inside looks towards the point (matters where a corner occurs twice)."""
    if turn(behind, corner, ahead) >= 0:
        return turn(behind, corner, point) > 0 and turn(corner, ahead, point) > 0
    return turn(behind, corner, point) > 0 or turn(corner, ahead, point) > 0


def turn(a: Vertex, b: Vertex, c: Vertex) -> float:
    """Above zero for a left turn at ``b``."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def crosses(a: Vertex, b: Vertex, c: Vertex, d: Vertex) -> bool:
    """Whether two edges properly cross."""
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def triangles(loop: list[Vertex]) -> list[Triangle]:
    """Cut a simple loop into triangles, ear by ear."""
    left = list(loop)
    made: list[Triangle] = []
    while len(left) > 3:
        i = next(i for i in range(len(left)) if is_ear(left, i))
        made.append((left[i - 1], left[i], left[(i + 1) % len(left)]))
        del left[i]
    return [*made, (left[0], left[1], left[2])]


def is_ear(loop: Sequence[Vertex], i: int) -> bool:
    """Whether a corner can be cut off without touching the rest."""
    a, b, c = loop[i - 1], loop[i], loop[(i + 1) % len(loop)]
    if turn(a, b, c) <= 1e-12:
        return False
    others = (p for p in loop if p not in (a, b, c))
    return not any(turn(a, b, p) >= 0 and turn(b, c, p) >= 0 and turn(c, a, p) >= 0 for p in others)


def flat(outer: list[Vertex], holes: Sequence[list[Vertex]], up: bool) -> list[Triangle]:
    """The flat face between a loop and its holes, looking up or down."""
    ring = bridged(anticlockwise(outer), [anticlockwise(hole)[::-1] for hole in holes])
    faces = triangles(ring)
    return faces if up else [(a, c, b) for a, b, c in faces]


def wall(low: list[Vertex], high: list[Vertex], outside: bool) -> list[Triangle]:
    """The wall between one line at two heights, looking away from its inside or into it."""
    if area(low) < 0:
        low, high = low[::-1], high[::-1]
    made: list[Triangle] = []
    for i in range(len(low)):
        j = (i + 1) % len(low)
        made += [(low[i], low[j], high[j]), (low[i], high[j], high[i])]
    return made if outside else [(a, c, b) for a, b, c in made]


def through(region: Region) -> list[Region]:
    """All holes right through, however deep they are nested."""
    if region.height is None:
        return [region]
    return [hole for inner in region.holes for hole in through(inner)]


def skin(region: Region, around: float, rim: float) -> list[Triangle]:
    """The skin inside a line: its wall up or down from ``around``, its top, and all within."""
    floor = 0.0 if region.height is None else region.height
    low, high = sorted((around, floor))
    made = wall(region.points(low, rim), region.points(high, rim), outside=floor > around)
    if region.height is None:
        return made
    made += flat(region.points(floor, rim), [hole.points(floor, rim) for hole in region.holes], up=True)
    for hole in region.holes:
        made += skin(hole, floor, rim)
    return made


def solid(region: Region) -> list[Triangle]:
    """The closed skin of a shell that stands on z = 0."""
    rim = region.height or 0.0
    ground = flat(region.points(0.0, rim), [hole.points(0.0, rim) for hole in through(region)], up=False)
    return [*ground, *skin(region, 0.0, rim)]


def round_region(at: Point, diameter: float, height: float | None, widens: int, *holes: Region) -> Region:
    """A round post or hole."""
    return Region(
        line=lambda grow: circle(at, diameter + 2 * grow), height=height, widens=widens, holes=holes
    )


def slot_region(width: float, length: float, at: Point, height: float | None, *holes: Region) -> Region:
    """A slot with round ends, or a chimney around one."""
    widens = 1 if height is None else -1
    return Region(
        line=lambda grow: stadium(at, length + 2 * grow, width + 2 * grow),
        height=height,
        widens=widens,
        holes=holes,
    )


def chimney(height: float) -> Region:
    """The tube that the lanyard goes through; it fits into the slot of the board."""
    at, length, width = SLOT
    length, width = length - 2 * CHIMNEY_PLAY, width - 2 * CHIMNEY_PLAY
    hole = slot_region(width - 2 * CHIMNEY_WALL, length - 2 * CHIMNEY_WALL, at, None)
    return slot_region(width, length, at, height, hole)


def tray(wall_height: float, *inside: Region) -> Region:
    """A plate with a wall around it."""
    floor = Region(line=lambda grow: outline(PLAY + grow), height=PLATE, widens=1, holes=inside)
    return Region(line=lambda grow: outline(PLAY + WALL + grow), height=wall_height, widens=1, holes=(floor,))


def front_shell() -> list[Triangle]:
    """The front: windows for the LEDs, the button and the switch, posts that take the screws."""
    top = PLATE + ABOVE_BOARD
    posts = [round_region(at, POST, top, -1, round_region(at, 1.6, 1.0, 1)) for at in MOUNTING_HOLES]
    lights = [round_region(led_spot(i), 3.2, None, 1) for i in range(1, LEDS + 1)]
    button = round_region(BUTTON, 4.0, None, 1)
    slide = Region(
        line=lambda grow: stadium((SWITCH[0] - 0.5, SWITCH[1]), 6.0 + 2 * grow, 4.0 + 2 * grow),
        height=None,
        widens=1,
    )
    return solid(tray(top + HALF_BOARD, *posts, *lights, button, slide, chimney(top + HALF_BOARD)))


def back_shell() -> list[Triangle]:
    """The back: deep enough for the cell, posts with holes for the screws."""
    top = PLATE + BELOW_BOARD
    posts = [round_region(at, POST, top, -1, round_region(at, 2.4, None, 1)) for at in MOUNTING_HOLES]
    return solid(tray(top + HALF_BOARD, *posts, chimney(top + HALF_BOARD)))


def stl_bytes(name: str, faces: Sequence[Triangle]) -> bytes:
    """A binary STL file."""
    head = f"{name}, example of the manyworks project, mm".encode("ascii").ljust(80, b" ")
    return head + struct.pack("<I", len(faces)) + b"".join(facet(face) for face in faces)


def facet(face: Triangle) -> bytes:
    """One triangle with its normal."""
    a, b, c = face
    u = [b[i] - a[i] for i in range(3)]
    v = [c[i] - a[i] for i in range(3)]
    normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
    length = math.hypot(*normal) or 1.0
    return struct.pack("<12fH", *(n / length for n in normal), *a, *b, *c, 0)
