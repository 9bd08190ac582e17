"""Measures of solid bodies, whatever they are made by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from manyworks.manufacturability.measures.boards import known
from manyworks.manufacturability.rules import is_plastic, material_family
from manyworks.manufacturability.subjects import Subject
from manyworks.manufacturability.verdicts import Measured, Place, Reading
from manyworks.model import Body, Feature, SolidDesign

_POCKETS = ("pocket", "slot")
_HOLES = ("through hole", "blind hole", "counterbored hole", "countersunk hole", "stepped hole")


def _family(subject: Subject) -> str:
    return material_family(subject.item.material or "")


def _body(
    measure: Callable[[Subject, Body], Measured],
) -> Callable[[Subject], Measured]:
    def measured(subject: Subject) -> Measured:
        if not isinstance(subject.design, SolidDesign):
            return Measured()
        if subject.body is None:
            return Measured(needs="the features of the solid")
        return measure(subject, subject.body)

    return measured


def _at(feature: Feature) -> Place:
    return Place(at_mm=feature.at_mm, words=feature.kind)


def _ratios(features: Iterable[Feature], kinds: Iterable[str], across: str) -> Measured:
    """Depth over width or diameter of features of some kinds."""
    readings = []
    for feature in features:
        size = getattr(feature, across)
        if feature.kind in kinds and size and feature.depth_mm is not None:
            readings.append(Reading(feature.depth_mm / size, _at(feature)))
    return Measured(readings=tuple(readings))


def _inside_radius(_: Subject, body: Body) -> Measured:
    if body.machining is None:
        return Measured(needs="set-ups")
    radius = body.machining.min_inside_radius_mm
    if radius is None:
        return Measured()
    corners = [f for f in body.features if f.kind in ("sharp inside corner", "inside radius")]
    near = [f for f in corners if abs((f.radius_mm or 0.0) - radius) < 1e-6]
    return Measured(readings=tuple(Reading(radius, _at(f)) for f in near[:50]) or (Reading(radius),))


def _corner_depth(_: Subject, body: Body) -> Measured:
    if body.machining is None or body.machining.depth_ratio is None:
        return Measured()
    return known(body.machining.depth_ratio, "")


def _thin_wall(subject: Subject, body: Body) -> Measured:
    if body.walls is None:
        return Measured(needs="wall thicknesses")
    family = _family(subject)
    variant = "plastic" if is_plastic(family) else family
    places = [f for f in body.features if f.kind == "thin wall" and f.width_mm is not None]
    readings = [Reading(f.width_mm, _at(f)) for f in places if f.width_mm is not None]
    return Measured(readings=tuple(readings) or (Reading(body.walls.p1_mm),), variant=variant)


def _wall(percentile: str) -> Callable[[Subject, Body], Measured]:
    def measured(subject: Subject, body: Body) -> Measured:
        if body.walls is None:
            return Measured(needs="wall thicknesses")
        return known(getattr(body.walls, percentile), "", variant=_family(subject))

    return measured


def _wall_ratio(_: Subject, body: Body) -> Measured:
    if body.walls is None or body.walls.p50_mm <= 0:
        return Measured(needs="wall thicknesses")
    return known(body.walls.p95_mm / body.walls.p50_mm, "")


def _spread(_: Subject, body: Body) -> Measured:
    if body.walls is None or body.walls.p50_mm <= 0:
        return Measured(needs="wall thicknesses")
    return known((body.walls.p95_mm - body.walls.p5_mm) / body.walls.p50_mm, "")


def _side(rank: int) -> Callable[[Subject, Body], Measured]:
    return lambda _, body: known(sorted(body.size_mm, reverse=True)[rank], "")


def _unreached(_: Subject, body: Body) -> Measured:
    return known(body.machining.unreached_share, "") if body.machining else Measured(needs="set-ups")


def _setups(_: Subject, body: Body) -> Measured:
    return known(float(len(body.machining.setups)), "") if body.machining else Measured(needs="set-ups")


def _tolerance(subject: Subject) -> Measured:
    stated = [p for p in subject.item.parameters if "tolerance" in p.name.casefold() and p.unit == "mm"]
    if not stated:
        return Measured(needs="a drawing with tolerances")
    return Measured(readings=tuple(Reading(float(p.value), Place(words=p.name)) for p in stated))


def _bend_ratio(subject: Subject, body: Body) -> Measured:
    if body.sheet is None or not body.sheet.bends:
        return Measured()
    thickness = body.sheet.thickness_mm
    return Measured(
        readings=tuple(
            Reading(bend.radius_mm / thickness, Place(at_mm=bend.at_mm, words="bend"))
            for bend in body.sheet.bends
        ),
        variant=_family(subject),
    )


def _flange(_: Subject, body: Body) -> Measured:
    if body.sheet is None or not body.sheet.bends:
        return Measured()
    return Measured(needs="the lengths of the flanges")


def _sheet_holes(_: Subject, body: Body) -> Measured:
    return Measured(readings=tuple(_hole_sizes(body, 1.0)) if body.sheet else ())


def _sheet_hole_ratio(_: Subject, body: Body) -> Measured:
    return Measured(readings=tuple(_hole_sizes(body, body.sheet.thickness_mm)) if body.sheet else ())


def _hole_sizes(body: Body, over: float) -> Iterator[Reading]:
    for feature in body.features:
        if feature.kind in _HOLES and feature.diameter_mm is not None:
            yield Reading(feature.diameter_mm / over, _at(feature))


def _undrafted(_: Subject, body: Body) -> Measured:
    return known(body.moulding.no_draft_share, "") if body.moulding else Measured(needs="a pull direction")


def _projected(_: Subject, body: Body) -> Measured:
    return known(body.moulding.projected_mm2, "") if body.moulding else Measured(needs="a pull direction")


def _mould_depth(_: Subject, body: Body) -> Measured:
    return known(body.moulding.depth_mm, "") if body.moulding else Measured(needs="a pull direction")


def _slides(_: Subject, body: Body) -> Measured:
    if body.moulding is None:
        return Measured(needs="a pull direction")
    value = float(body.moulding.slides)
    places = [f for f in body.features if f.kind == "undercut"]
    return Measured(readings=tuple(Reading(value, _at(f)) for f in places[:50]) or (Reading(value),))


def _overhang(_: Subject, body: Body) -> Measured:
    if body.printing is None:
        return Measured(needs="overhangs")
    share = body.printing.overhang_mm2 / body.surface_mm2
    places = [f for f in body.features if f.kind == "overhang"]
    return Measured(readings=tuple(Reading(share, _at(f)) for f in places[:50]) or (Reading(share),))


def _open_skin(subject: Subject) -> Measured:
    design = subject.design
    return known(0.0 if design.watertight else 1.0, "") if isinstance(design, SolidDesign) else Measured()


def _rib(_: Subject, __: Body) -> Measured:
    return Measured(needs="ribs told apart from walls")


MEASURES: dict[str, Callable[[Subject], Measured]] = {
    "tightest tolerance": _tolerance,
    "open skin": _open_skin,
    **{
        name: _body(function)
        for name, function in {
            "inside radius": _inside_radius,
            "corner depth over radius": _corner_depth,
            "thin wall": _thin_wall,
            "typical wall": _wall("p50_mm"),
            "thick wall": _wall("p95_mm"),
            "thick over typical wall": _wall_ratio,
            "spread of thickness": _spread,
            "pocket depth over width": lambda _, b: _ratios(b.features, _POCKETS, "width_mm"),
            "hole depth over diameter": lambda _, b: _ratios(b.features, _HOLES, "diameter_mm"),
            "longest side": _side(0),
            "middle side": _side(1),
            "shortest side": _side(2),
            "unreached skin": _unreached,
            "set-ups": _setups,
            "bend radius over thickness": _bend_ratio,
            "flange over thickness": _flange,
            "hole over thickness": _sheet_hole_ratio,
            "smallest hole": _sheet_holes,
            "skin without draft": _undrafted,
            "projected area": _projected,
            "volume": lambda _, b: known(b.volume_mm3, ""),
            "depth along the pull": _mould_depth,
            "rib over wall": _rib,
            "undercut regions": _slides,
            "overhang": _overhang,
        }.items()
    },
}
