"""What cutting a solid means: clampings, holes, pockets, corners, from measured features or from the box."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from manyworks.model import Body, Feature, SolidDesign
from manyworks.model.geometry import Vector
from manyworks.processes.routing.drafts import told
from manyworks.processes.tables import default

HOLES = ("through hole", "blind hole", "counterbored hole", "countersunk hole", "stepped hole")
RECESSES = ("pocket", "passage", "slot", "step")
HOLLOWS = ("pocket", "passage", "slot")
_CLOSED = ("pocket", "passage")
_ALONG = 0.9
_HARDLY = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Corners:
    """Sharp inside corners that no cutter leaves: ``through`` ones a wire reaches, the others not.

    ``length_mm`` of all their edges; ``passages`` a wire cuts, their profiles' length and height.
    """

    number: int
    length_mm: float
    through: int
    passages: int
    profile_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CutShape:
    """A solid as cutters see it; lengths in mm, areas in mm2, volumes in mm3.

    ``setups`` are the directions it is cut from; ``measured`` whether features were found or the
    figures are the ordinary ones of a part of its box.
    """

    setups: tuple[Vector, ...]
    features: int
    holes: int
    tapped: int
    hole_mm: float
    hole_depth_mm: float
    hole_sizes: int
    threads: tuple[str, ...]
    hole_skin_mm2: float
    hollow_mm3: float
    hollow_mm2: float
    narrow_share: float
    corner_mm: float
    depth_ratio: float
    unreached_share: float
    corners: Corners | None = None
    measured: bool = True
    assumptions: tuple[str, ...] = field(default=())


def the_body(design: SolidDesign) -> Body | None:
    """The measured body of a solid of one body."""
    return design.details[0] if design.bodies == 1 and design.details else None


def cut_shape(design: SolidDesign) -> CutShape:
    """A solid as cutters see it: from its features where they were measured, else from its box."""
    body = the_body(design)
    return _measured(body) if body is not None and body.machining is not None else _unmeasured(design)


# Measured ------------------------------------------------------------------------------------


def _measured(body: Body) -> CutShape:
    largest = default("largest_drill_mm")
    round_ = [feature for feature in body.features if feature.kind in HOLES]
    holes = [hole for hole in round_ if (hole.diameter_mm or 0.0) <= largest]
    hollows = [feature for feature in body.features if feature.kind in HOLLOWS]
    hollows += [_as_pocket(hole) for hole in round_ if (hole.diameter_mm or 0.0) > largest]
    tapped = [hole for hole in holes if hole.thread]
    places = [feature for feature in body.features if feature.kind in (*HOLES, *RECESSES, "chamfer")]
    usual = default("unmeasured_corner_mm")
    deepest, corner = _reach(body, hollows, usual)
    return CutShape(
        setups=_directions(body),
        features=len(places) + int(default("sides_of_a_block")),
        holes=len(holes),
        tapped=len(tapped),
        hole_mm=_mean((hole.diameter_mm for hole in holes), default("unmeasured_hole_mm")),
        hole_depth_mm=_mean((hole.depth_mm for hole in holes), default("unmeasured_hole_mm")),
        hole_sizes=len({round(hole.diameter_mm or 0.0, 1) for hole in holes}),
        threads=tuple(sorted({hole.thread for hole in tapped})),
        hole_skin_mm2=sum(math.pi * (h.diameter_mm or 0.0) * (h.depth_mm or 0.0) for h in holes),
        hollow_mm3=sum(_room(feature) for feature in hollows),
        hollow_mm2=sum(_skin(feature) for feature in hollows),
        narrow_share=_narrow_share(hollows, usual),
        corner_mm=corner,
        depth_ratio=deepest,
        unreached_share=body.machining.unreached_share if body.machining else 0.0,
        corners=_sharp_corners(body),
        assumptions=(
            *_told_of(body, tapped),
            *told(*(("ordinary_cutter_mm", "corner_share", "largest_drill_mm") if hollows else ())),
        ),
    )


def _as_pocket(hole: Feature) -> Feature:
    """A hole too wide for a drill, which is milled out round and round."""
    wide = hole.diameter_mm or 0.0
    area = math.pi / 4.0 * wide**2
    return replace(hole, kind="pocket", length_mm=wide, width_mm=wide, radius_mm=wide / 2.0, area_mm2=area)


def _told_of(body: Body, tapped: list[Feature]) -> tuple[str, ...]:
    lines = ["routing: skin taken as flat and round, without free forms"]
    if tapped:
        names = ", ".join(sorted({hole.thread for hole in tapped}))
        lines.append(f"routing: {len(tapped)} holes of tapping size taken as tapped ({names})")
    if body.machining and body.machining.unreached_share > _HARDLY:
        share = 100.0 * body.machining.unreached_share
        lines.append(f"routing: {share:.1f} % of the skin is seen from no side; taken as error of measuring")
    small = _small_directions(body)
    if small:
        lines.append(f"routing: {small} directions with hardly any skin left to deburring by hand")
        lines += told("least_setup_share")
    return tuple(lines)


def _directions(body: Body) -> tuple[Vector, ...]:
    setups = body.machining.setups if body.machining else ()
    least = default("least_setup_share")
    worth = tuple(setup.direction for setup in setups if setup.share >= least)
    return worth or tuple(setup.direction for setup in setups[:1]) or ((0.0, 0.0, 1.0),)


def _small_directions(body: Body) -> int:
    setups = body.machining.setups if body.machining else ()
    return len(setups) - min(len(setups), len(_directions(body)))


def _mean(values: Iterable[float | None], otherwise: float) -> float:
    known = [value for value in values if value]
    return sum(known) / len(known) if known else otherwise


def _sides(feature: Feature) -> tuple[float, float, float]:
    """Length, width and depth of a recess."""
    width = feature.width_mm or feature.diameter_mm or feature.length_mm or 0.0
    return feature.length_mm or width, width, feature.depth_mm or 0.0


def _room(feature: Feature) -> float:
    length, width, depth = _sides(feature)
    floor = feature.area_mm2 if feature.kind != "slot" and feature.area_mm2 else length * width
    return min(floor, length * width) * depth


def _skin(feature: Feature) -> float:
    length, width, depth = _sides(feature)
    walls = 2.0 * length if feature.kind == "slot" else 2.0 * (length + width)
    return (feature.area_mm2 or 0.0) + walls * depth


def _narrow(hollows: list[Feature], usual: float) -> list[tuple[float, float]]:
    """Skin of each hollow that only a small cutter gets at, and the radius of that cutter."""
    cutter, corners = default("ordinary_cutter_mm"), default("corner_share")
    return [
        (_skin(hollow) * (1.0 if 0.0 < _sides(hollow)[1] < cutter else corners), _corner_of(hollow, usual))
        for hollow in hollows
    ]


def _corner_of(hollow: Feature, usual: float) -> float:
    """Radius a cutter leaves in a hollow: its own; where sharp, the one before eroding; half of its width."""
    width = _sides(hollow)[1] / 2.0 or usual
    before = min(width, default("before_eroding_mm"))
    return hollow.radius_mm or (before if hollow.radius_mm == 0.0 else min(width, usual))


def _narrow_share(hollows: list[Feature], usual: float) -> float:
    """Share of the hollows' skin that the ordinary cutter does not get at: all of what is narrower."""
    whole = sum(_skin(hollow) for hollow in hollows)
    return sum(skin for skin, _ in _narrow(hollows, usual)) / whole if whole > 0.0 else 0.0


def _reach(body: Body, hollows: list[Feature], usual: float) -> tuple[float, float]:
    """Depth over radius of the hardest hollow, and the radius that stands for all corners.

    A cutter's rate goes with the square of its diameter, so corners count by their skin over the
    square of their radius. One too small for any cutter stands for itself, so that it is refused.
    """
    machining = body.machining
    least = machining.min_inside_radius_mm if machining else None
    narrow = [(skin, radius) for skin, radius in _narrow(hollows, usual) if skin > 0.0]
    hard = sum(skin / radius**2 for skin, radius in narrow)
    radius = math.sqrt(sum(skin for skin, _ in narrow) / hard) if hard > 0.0 else usual
    if least and least < default("least_cutter_radius_mm"):
        radius = least
    if machining and machining.depth_ratio:
        return machining.depth_ratio, radius
    return max((_sides(f)[2] / _corner_of(f, usual) for f in hollows), default=0.0), radius


# Sharp corners -------------------------------------------------------------------------------


def _sharp_corners(body: Body) -> Corners | None:
    """Corners along the way of the cutter in closed hollows; those along a floor a cutter leaves sharp."""
    edges = [feature for feature in body.features if feature.kind == "sharp inside corner"]
    hollows = [f for f in body.features if f.kind in _CLOSED and f.radius_mm == 0.0 and f.axis]
    pairs = [(edge, hollow) for edge in edges if (hollow := _hollow_of(edge, hollows))]
    if not pairs:
        return None
    passages = {id(hollow): hollow for _, hollow in pairs if hollow.kind == "passage"}.values()
    return Corners(
        number=len(pairs),
        length_mm=sum(edge.length_mm or 0.0 for edge, _ in pairs),
        through=sum(hollow.kind == "passage" for _, hollow in pairs),
        passages=len(passages),
        profile_mm=sum(2.0 * (_sides(hollow)[0] + _sides(hollow)[1]) for hollow in passages),
        height_mm=max((_sides(hollow)[2] for hollow in passages), default=0.0),
    )


def _hollow_of(edge: Feature, hollows: list[Feature]) -> Feature | None:
    """The hollow an edge runs down in, None where it lies elsewhere or along a floor."""
    for hollow in hollows:
        inside = set(edge.faces) <= set(hollow.faces)
        if inside and edge.axis and hollow.axis and abs(dot(edge.axis, hollow.axis)) > _ALONG:
            return hollow
    return None


def dot(one: Vector, other: Vector) -> float:
    """Scalar product."""
    return sum(a * b for a, b in zip(one, other, strict=True))


# Unmeasured ----------------------------------------------------------------------------------

_GUESSED = (
    "unmeasured_setups",
    "unmeasured_features",
    "unmeasured_holes",
    "unmeasured_hole_mm",
    "unmeasured_hole_depths",
    "unmeasured_inside_share",
    "unmeasured_corner_mm",
    "unmeasured_depth_ratio",
)


def _unmeasured(design: SolidDesign) -> CutShape:
    """An ordinary part of the solid's box, volume and skin: what is skin beyond the box's lies in hollows."""
    short, middle, long = sorted(design.size_mm)
    box_skin = 2.0 * (short * middle + middle * long + short * long)
    inside = min(max(design.surface_mm2 - box_skin, 0.0), design.surface_mm2)
    removed = max(short * middle * long - design.volume_mm3, 0.0)
    hollow = removed * default("unmeasured_inside_share") if inside else 0.0
    holes, hole_mm = default("unmeasured_holes"), default("unmeasured_hole_mm")
    radius = min(default("unmeasured_corner_mm"), middle / 4.0)
    return CutShape(
        setups=tuple((0.0, 0.0, 1.0 - 2.0 * (n % 2)) for n in range(int(default("unmeasured_setups")))),
        features=int(default("unmeasured_features")),
        holes=int(holes),
        tapped=0,
        hole_mm=min(hole_mm, middle / 2.0),
        hole_depth_mm=min(short, default("unmeasured_hole_depths") * hole_mm),
        hole_sizes=1,
        threads=(),
        hole_skin_mm2=0.0,
        hollow_mm3=hollow,
        hollow_mm2=inside,
        narrow_share=default("corner_share"),
        corner_mm=radius,
        depth_ratio=default("unmeasured_depth_ratio") if inside else 0.0,
        unreached_share=0.0,
        measured=False,
        assumptions=(
            "routing: features were not measured; an ordinary part of its box, volume and skin",
            *told(*_GUESSED, "corner_share"),
        ),
    )
