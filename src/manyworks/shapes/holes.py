"""Holes: round walls closed about an axis, stacked from their mouth inwards, each counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.model.solids import Feature
from manyworks.shapes.bores import Pieces, Ring, as_vector, ring_of, round_pieces, same_radius, stacks, touch
from manyworks.shapes.gaps import is_one_room
from manyworks.shapes.shape import Shape
from manyworks.shapes.threads import suggest_thread

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats

# A cone at the mouth that opens to this many times the hole is a seat for a screw head; less only
# breaks the edge.
_SINK = 1.5
# Cones that open less than this (degrees to the axis) are walls with draft, not seats or tips.
_DRAFT = 15.0
# A wall that ends on this share of its radius has come to a point.
_POINT = 0.05
# Edges that turn less than this (degrees) run on smoothly.
_SMOOTH = 10.0
# A gap between two rings of one axis is looked at if it is at most this many of the larger diameters.
_GAP = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """How a chain of rings ends: a ``mouth`` to the outside, into another ``bore``, or on a ``floor``."""

    kind: str
    place: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chain:
    """Rings of one axis that make one hole, from low to high."""

    point: Floats
    axis: Floats
    rings: tuple[Ring, ...]

    @property
    def faces(self) -> frozenset[int]:
        return frozenset(face for ring in self.rings for face in ring.faces)


def find_holes(shape: Shape) -> tuple[Feature, ...]:
    """Round holes of a body.

    A hole is a stack of hollow cylinders and cones that close around one axis; half-round slot
    ends, notches and fillets are not. Holes through separate walls are separate also where they
    share an axis.

    Returns
    -------
    Features of kind ``through hole``, ``blind hole``, ``counterbored hole``, ``countersunk hole`` or
    ``stepped hole``, in a fixed order. ``diameter_mm`` is the smallest, ``width_mm`` the largest
    where there are several, ``depth_mm`` the length from the mouth to the end of the full
    diameter (the tip of the drill left out), ``angle_deg`` the full angle of a countersink or else
    of the tip. A hole that only opens into another hole at its far end is blind: it is drilled
    from one side. ``thread`` is a suggestion where the smallest diameter is a tapping drill.
    """
    chains = list(_chains(shape, round_pieces(shape, hollow=True)))
    bores = frozenset(face for chain in chains for face in chain.faces)
    touching = _touching(shape)
    found = []
    for chain in chains:
        low = _end(shape, chain, touching, bores, upper=False)
        high = _end(shape, chain, touching, bores, upper=True)
        feature = _describe(chain, low, high)
        if feature is not None:
            found.append(feature)
    return tuple(sorted(found, key=lambda f: (f.faces, f.kind)))


# ---- chains ------------------------------------------------------------------------------------


def _chains(shape: Shape, pieces: Pieces) -> Iterator[_Chain]:
    solid = round_pieces(shape, hollow=False)
    order = np.argsort(pieces.line, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(pieces.line[order])) + 1) if len(order) else ():
        rings = [ring for stack in stacks(pieces, rows) if (ring := ring_of(pieces, stack)) is not None]
        if not rings:
            continue
        point, axis = pieces.point[rows[0]], pieces.axis[rows[0]]
        pins = _pins(solid, point, axis)
        rings = [ring for ring in rings if not _is_groove(ring, pins)]
        for chain in _link(shape, sorted(rings, key=lambda r: (r.low, r.high)), point, axis):
            yield _Chain(point=point, axis=axis, rings=chain)


def _pins(solid: Pieces, point: Floats, axis: Floats) -> list[tuple[float, float, float]]:
    """Solid round walls on an axis: low, high, radius."""
    if not len(solid.face):
        return []
    away = solid.point - point
    away = away - (away @ axis)[:, None] * axis
    on = (np.linalg.norm(away, axis=1) < 0.01) & (np.abs(solid.axis @ axis) > 1 - 1e-5)
    found = []
    for row in np.flatnonzero(on & (solid.sweep > np.pi)):
        start = float((solid.point[row] - point) @ axis)
        sense = float(np.sign(solid.axis[row] @ axis))
        ends = sorted((start + sense * float(solid.low[row]), start + sense * float(solid.high[row])))
        found.append((ends[0], ends[1], float(max(solid.low_radius[row], solid.high_radius[row]))))
    return found


def _is_groove(ring: Ring, pins: Sequence[tuple[float, float, float]]) -> bool:
    """Whether a pin stands in the ring: then it is the outer wall of a groove around the pin."""
    middle = (ring.low + ring.high) / 2
    return any(low < middle < high and radius < ring.least for low, high, radius in pins)


def _link(shape: Shape, rings: Sequence[Ring], point: Floats, axis: Floats) -> Iterator[tuple[Ring, ...]]:
    chain: list[Ring] = []
    for ring in rings:
        if chain and not _is_next(shape, chain, ring, point, axis):
            yield tuple(chain)
            chain = []
        chain.append(ring)
    if chain:
        yield tuple(chain)


def _is_next(shape: Shape, chain: Sequence[Ring], ring: Ring, point: Floats, axis: Floats) -> bool:
    """Whether a ring goes on where a chain ends, at once or over a short room of another shape."""
    before = max(chain, key=lambda r: r.high)
    gap = ring.low - before.high
    radius = max(before.most, ring.most)
    if gap <= touch(radius):
        return True
    if gap > 2 * radius * _GAP:
        return False
    middle = point + (ring.low + before.high) / 2 * axis
    return is_one_room(shape, middle, axis, gap, radius)


# ---- ends --------------------------------------------------------------------------------------


def _touching(shape: Shape) -> dict[int, list[int]]:
    """The edges of every face."""
    edges: dict[int, list[int]] = {}
    for row, faces in enumerate(shape.edges.faces.tolist()):
        for face in faces:
            edges.setdefault(face, []).append(row)
    return edges


def _end(
    shape: Shape, chain: _Chain, touching: dict[int, list[int]], bores: frozenset[int], *, upper: bool
) -> _End:
    """What the rim at an end of a chain borders on: the longer side decides."""
    ring = max(chain.rings, key=lambda r: r.high) if upper else min(chain.rings, key=lambda r: r.low)
    place, radius = (ring.high, ring.high_radius) if upper else (ring.low, ring.low_radius)
    if radius <= _POINT * ring.most:
        return _End(kind="floor", place=place, radius=radius)
    weight = {"mouth": 0.0, "bore": 0.0, "floor": 0.0}
    middle = (ring.low + ring.high) / 2
    own = chain.faces
    for face in ring.faces:
        for row in touching.get(face, ()):
            one, other = shape.edges.faces[row]
            beyond = int(other if one == face else one)
            at = float((shape.edges.middle[row] - chain.point) @ chain.axis)
            if beyond in own or (at > middle) != upper:
                continue
            weight[_what_is(shape, row, beyond, bores)] += float(shape.edges.length[row])
    kind = max(weight, key=lambda name: weight[name]) if any(weight.values()) else "floor"
    return _End(kind=kind, place=place, radius=radius)


def _what_is(shape: Shape, edge: int, beyond: int, bores: frozenset[int]) -> str:
    """What lies beyond a rim's edge."""
    bend = float(shape.edges.bend[edge])
    if beyond < 0:
        return "mouth"
    if bend < -_SMOOTH:
        return "floor"
    if bend < _SMOOTH and shape.faces.hollow[beyond]:
        return "floor"  # a fillet or a ball end
    return "bore" if beyond in bores else "mouth"


# ---- features ----------------------------------------------------------------------------------


def _describe(chain: _Chain, low: _End, high: _End) -> Feature | None:
    """The hole a chain of rings is; None for a closed void and for a mere dent."""
    if low.kind == high.kind == "floor":
        return None
    through = low.kind == high.kind  # mouths at both ends, or a passage from bore to bore
    upper = _mouth_is_upper(low, high, through=through)
    mouth = high if upper else low
    rings = list(chain.rings[::-1] if upper else chain.rings)
    tip = None if through else _tip(rings)
    if tip is not None:
        rings.remove(tip)
    walls = [ring for ring in rings if not ring.is_cone or _half_angle(ring) < _DRAFT]
    if not walls:
        return None
    least = min(ring.least for ring in walls)
    sink = _sink(rings, walls)
    most = max([ring.most for ring in walls] + ([sink.most] if sink else []))
    into = -chain.axis if upper else chain.axis
    end = min(r.low for r in rings) if upper else max(r.high for r in rings)
    cone = sink or tip
    return Feature(
        kind=_kind(walls, sink, through=through),
        at_mm=as_vector(chain.point + mouth.place * chain.axis),
        axis=as_vector(into),
        diameter_mm=round(2 * least, 4),
        width_mm=None if same_radius(most, least) else round(2 * most, 4),
        depth_mm=round(abs(mouth.place - end), 4),
        angle_deg=None if cone is None else round(2 * _half_angle(cone), 2),
        thread=suggest_thread(2 * least),
        faces=tuple(sorted(chain.faces)),
    )


def _mouth_is_upper(low: _End, high: _End, *, through: bool) -> bool:
    """The mouth is the end open to the outside; of two the wider one, else the upper."""
    if through:
        return high.radius > low.radius or same_radius(low.radius, high.radius)
    order = {"mouth": 0, "bore": 1, "floor": 2}
    return order[high.kind] < order[low.kind]


def _tip(rings: Sequence[Ring]) -> Ring | None:
    """The cone that a drill leaves at the end of a blind hole."""
    last = rings[-1]
    return last if len(rings) > 1 and last.is_cone and _half_angle(last) >= _DRAFT else None


def _half_angle(ring: Ring) -> float:
    return float(np.degrees(np.arctan2(ring.most - ring.least, ring.high - ring.low)))


def _sink(rings: Sequence[Ring], walls: Sequence[Ring]) -> Ring | None:
    """A cone at either end that opens far wider than the wall beside it."""
    for ring, beside in ((rings[0], walls[0]), (rings[-1], walls[-1])):
        if ring not in walls and ring.most >= _SINK * beside.least:
            return ring
    return None


def _kind(walls: Sequence[Ring], sink: Ring | None, *, through: bool) -> str:
    sizes = [walls[0].most]
    for ring in walls[1:]:
        if not same_radius(ring.most, sizes[-1]) and not ring.is_cone:
            sizes.append(ring.most)
    if len(sizes) == 1:
        if sink is not None:
            return "countersunk hole"
        return "through hole" if through else "blind hole"
    if len(sizes) == 2 and sizes[0] > sizes[1] and sink is None:
        return "counterbored hole"
    return "stepped hole"
