"""Parts cut from the solid: milled, turned, turned and milled, with what tolerance and finish ask after."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from manyworks.model import (
    Finding,
    Item,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    SolidDesign,
    Turning,
    info,
    warning,
)
from manyworks.model.geometry import Vector
from manyworks.processes.materials import Material, describe_price, find_material
from manyworks.processes.measures import out_of_scope
from manyworks.processes.routing.blanks import METALS
from manyworks.processes.routing.coatings import coating_of, not_coated, wants_powder
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.machined_features import (
    HOLES,
    HOLLOWS,
    CutShape,
    cut_shape,
    dot,
    the_body,
)
from manyworks.processes.routing.machined_finishing import finishing_steps, left_for_finishing
from manyworks.processes.routing.machined_wishes import Wishes, read_wishes
from manyworks.processes.tables import default, read_data

MILLING, TURNING, WIRE = "cnc-milling", "cnc-turning", "wire-edm"
FIVE_AXIS = "cnc-milling-5-axis"
_PLASTICS = ("plastic", "acrylic")
_UPRIGHT = 0.01
_EQUAL_SIDES = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A solid to be cut: the thing, its material, its shape as cutters see it, what is asked of it."""

    item: Item
    design: SolidDesign
    material: Material
    shape: CutShape
    wishes: Wishes

    @property
    def form(self) -> str:
        """The form the material is bought in."""
        return "bar" if self.material.bar is not None else "sheet"

    @property
    def words(self) -> tuple[str, ...]:
        """The material as the customer writes it."""
        return (self.item.material or self.material.name,)


def machined_ways(item: Item, design: SolidDesign, draft: Draft) -> list[Routing]:
    """Routings of a part milled or turned; none where its material or shape does not allow it.

    A part that needs three clampings or more is also drawn up for machines with a fourth or fifth
    axis; one that is round about an axis is turned too; one of a constant section is cut by wire where
    that is asked for. What is finer than cutters leave goes on to
    grinding, eroding or polishing. A way beyond a process's scope is left out and said why.
    """
    material = _material(item)
    if material is None or _is_thin_sheet(item, design):
        return []
    job = Job(
        item=item,
        design=design,
        material=material,
        shape=cut_shape(design),
        wishes=read_wishes(item, design, draft),
    )
    routings = [*_milled(job, draft), *_turned(job), *_wired(job)]
    kept = [routing for routing in routings if _is_in_scope(routing, draft)]
    if kept:
        draft.findings += _told_of_corners(job)
        if wants_powder(item) and material.family not in METALS:
            draft.findings.append(not_coated(item, material.name))
    return kept


def _told_of_corners(job: Job) -> list[Finding]:
    """What sharp inside corners cost, or that they cannot be had."""
    corners = job.shape.corners
    if corners is None:
        return []
    radius = f"round them with {default('before_eroding_mm'):g} mm or more"
    if job.material.melting:
        text = f"{corners.number} sharp inside corners are eroded after milling"
        return [info("processes.route.sharp_corners", job.item.id, text, f"{radius} to save it")]
    text = f"{corners.number} sharp inside corners stay round: no cutter leaves them, and it is not eroded"
    hint = f"{radius}, or have it printed or moulded"
    return [warning("processes.route.sharp_corners", job.item.id, text, hint)]


def _material(item: Item) -> Material | None:
    """The material where it is cut from bar or plate in the ordinary way, or where cutting is asked for."""
    found = find_material(item.material or "")
    if found is None or found.speed is None or (found.bar or found.sheet) is None:
        return None
    cut = read_data("route_machining")["cut_plastics"]["names"]
    usual = found.family not in _PLASTICS or found.name in cut
    return found if usual or _is_asked_for(item) else None


def _is_asked_for(item: Item) -> bool:
    return any(process in (MILLING, FIVE_AXIS, TURNING, WIRE) for process in item.processes)


def _is_thin_sheet(item: Item, design: SolidDesign) -> bool:
    """Whether a part is of thin sheet with bends, which nobody cuts from the solid unless asked."""
    body = the_body(design)
    sheet = body.sheet if body is not None else None
    thin = sheet is not None and sheet.bends and sheet.thickness_mm < default("thin_sheet_mm")
    return bool(thin) and not _is_asked_for(item)


def _is_in_scope(routing: Routing, draft: Draft) -> bool:
    found = [finding for operation in routing.operations for finding in out_of_scope(operation)]
    known = {(finding.code, finding.message) for finding in draft.findings}
    draft.findings += [finding for finding in found if (finding.code, finding.message) not in known]
    return not found


# Milled --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clamping:
    """A way to get at all sides: machine with ``axes``, clamped ``setups`` times."""

    axes: int
    setups: int

    @property
    def slug(self) -> str:
        return "milled" if self.axes == 3 else f"milled-{self.axes}-axis"

    @property
    def kind(self) -> str:
        return "milled" if self.axes == 3 else f"milled in {self.axes} axes"


def _milled(job: Job, draft: Draft) -> Iterator[Routing]:
    hindrance = _hindrance(job)
    if hindrance is not None:
        draft.findings.append(hindrance)
        return
    for clamping in _clampings(job.shape, FIVE_AXIS in job.item.processes):
        mill = _milling(job, clamping)
        yield _routing(job, clamping.slug, clamping.kind, (mill,))


def _hindrance(job: Job) -> Finding | None:
    """Why a part is not milled at all: skin that no cutter sees, walls that bend away from it."""
    unreached, body = job.shape.unreached_share, the_body(job.design)
    if unreached > default("most_unreached_share"):
        message = f"no cutter reaches {100.0 * unreached:.1f} % of the skin; not drawn up as milled"
        hint = "open the hollows, split the part, or print or cast it"
        return warning("processes.route.unreached", job.item.id, message, hint)
    wall = body.walls.p5_mm if body is not None and body.walls is not None else math.inf
    if wall < default("least_milled_wall_mm"):
        message = f"walls of {wall:.2g} mm bend away from a cutter; not drawn up as milled"
        hint = f"walls of {default('least_milled_wall_mm'):g} mm or more, or sheet, wire-edm or printing"
        return warning("processes.route.thin_wall", job.item.id, message, hint)
    return None


def _clampings(shape: CutShape, five_asked: bool) -> Iterator[_Clamping]:
    """Three axes where all directions are square to each other, more where it saves clampings or is asked."""
    directions = shape.setups
    square = all(
        min(abs(dot(one, other)), abs(abs(dot(one, other)) - 1.0)) < _UPRIGHT
        for one in directions
        for other in directions
    )
    if square:
        yield _Clamping(axes=3, setups=len(directions))
    if square and len(directions) < default("positions_from_setups") and not five_asked:
        return
    turned = [number for axis in directions if (number := _rotary_setups(axis, directions))]
    if min(turned, default=len(directions)) < len(directions):
        yield _Clamping(axes=4, setups=min(turned))
    yield _Clamping(axes=5, setups=min(len(directions), 2))


def _rotary_setups(axis: Vector, directions: tuple[Vector, ...]) -> int:
    """Clampings on a rotary table about ``axis``: one for all directions square to it, one for each end.

    0 where a direction is neither square to it nor along it.
    """
    leaning = [abs(dot(axis, direction)) for direction in directions]
    around = sum(lean < _UPRIGHT for lean in leaning)
    ends = sum(lean > 1.0 - _UPRIGHT for lean in leaning)
    return min(around, 1) + ends if around + ends == len(directions) else 0


def _milling(job: Job, clamping: _Clamping) -> Operation:
    short, middle, long = sorted(job.design.size_mm)
    shape, wishes = job.shape, left_for_finishing(job.wishes, MILLING)
    tools = _tool_names(shape)
    return Operation(
        id=OperationId(f"{job.item.id}/{clamping.slug}/mill"),
        name="Mill" if clamping.axes == 3 else f"Mill in {clamping.axes} axes",
        process=MILLING,
        requirement=replace(
            _asked(MILLING, job, wishes),
            size_mm=job.design.size_mm,
            axes=clamping.axes if clamping.axes > 3 else None,
        ),
        drivers={
            **_of_material(job),
            **_hole_drivers(shape),
            "length_mm": long,
            "width_mm": middle,
            "height_mm": short,
            "volume_mm3": job.design.volume_mm3,
            "surface_mm2": max(job.design.surface_mm2 - shape.hole_skin_mm2, shape.hollow_mm2),
            "setups": float(clamping.setups),
            "axes": float(clamping.axes),
            "tools": float(len(tools)) + default("tools_again") * (clamping.setups - 1),
            "features": float(shape.features),
            "pocket_mm3": shape.hollow_mm3,
            "pocket_mm2": shape.hollow_mm2,
            "narrow_share": shape.narrow_share,
            "corner_radius_mm": shape.corner_mm,
            "depth_ratio": shape.depth_ratio,
            "freeform_mm2": 0.0,
            "given_mm3": 0.0,
            **_precision(wishes),
        },
        setup_family=job.item.id,
        setup_state={"fixture": job.item.id, "tools": "|".join(tools)},
    )


def _hole_drivers(shape: CutShape) -> dict[str, float]:
    return {
        "holes": float(shape.holes),
        "tapped": float(shape.tapped),
        "hole_mm": shape.hole_mm,
        "hole_depth_mm": shape.hole_depth_mm,
    }


def _precision(wishes: Wishes) -> dict[str, float]:
    return {"it_grade": wishes.grade, "toleranced_share": wishes.share, "ra_um": wishes.ra_um}


def _tool_names(shape: CutShape) -> tuple[str, ...]:
    """Cutters of a part, so that two jobs that share some change less."""
    names = [f"cutter {number}" for number in range(1, int(default("ordinary_tools")) + 1)]
    names += [f"drill {shape.hole_mm:.1f} #{number}" for number in range(1, shape.hole_sizes + 1)]
    names += [f"tap {thread}" for thread in shape.threads]
    cutter = default("ordinary_cutter_mm")
    if shape.hollow_mm2 and 2.0 * shape.corner_mm < cutter:
        names.append(f"end mill {2.0 * shape.corner_mm:.1f}")
    return tuple(names)


def _of_material(job: Job) -> dict[str, float]:
    return {
        "density": job.material.density,
        "material_usd": job.material.price(job.form) or 0.0,
        "scrap_usd": job.material.scrap,
        "material_co2e": job.material.co2e,
        "cutting_energy": job.material.cutting,
        "cutting_speed": job.material.speed or 0.0,
    }


def _asked(process: str, job: Job, wishes: Wishes) -> Requirement:
    """Material, tolerance and finish that the machine has to hold itself."""
    nominal = sorted(job.design.size_mm)[1] if wishes.stated_grade else None
    return Requirement(
        process=process,
        materials=job.words,
        tolerance_mm=wishes.tolerance_mm,
        it_grade=wishes.stated_grade,
        nominal_mm=nominal,
        finish_ra_um=wishes.ra_um if wishes.stated_ra else None,
        certificates=job.item.required_certificates,
    )


# Turned --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """A part round about an axis: what is turned of it, and what is milled into it afterwards."""

    diameter_mm: float
    length_mm: float
    bore_mm: float
    skin_mm2: float
    places: int
    milled: Mapping[str, float]


def _turned(job: Job) -> Iterator[Routing]:
    found = _round(job)
    if found is None:
        return
    if not found.milled:
        yield _routing(job, "turned", "turned", (_turning(job, found, "turned"),))
        return
    turn = _turning(job, found, "turned-milled")
    mill = replace(_milling_after(job, found), after=(turn.id,))
    yield _routing(job, "turned-milled", "turned and milled", (turn, mill))


def _round(job: Job) -> _Round | None:
    body = the_body(job.design)
    if body is None:
        return _round_of_box(job) if TURNING in job.item.processes else None
    turning = body.turning
    if turning is None or turning.share < default("turned_share"):
        return None
    milled = _milled_into(job, turning)
    return _Round(
        diameter_mm=turning.diameter_mm,
        length_mm=turning.length_mm,
        bore_mm=turning.bore_mm or 0.0,
        skin_mm2=body.surface_mm2 * turning.share,
        places=max(body.faces, 1),
        milled=milled,
    )


def _round_of_box(job: Job) -> _Round | None:
    """A turned part of which only the box is known: two equal sides are its diameter."""
    sides = sorted(job.design.size_mm)
    if abs(sides[1] - sides[0]) <= _EQUAL_SIDES * sides[1]:
        diameter, length = sides[1], sides[2]
    elif abs(sides[2] - sides[1]) <= _EQUAL_SIDES * sides[2]:
        diameter, length = sides[2], sides[0]
    else:
        return None
    places = int(default("unmeasured_features"))
    return _Round(
        diameter_mm=diameter,
        length_mm=length,
        bore_mm=0.0,
        skin_mm2=job.design.surface_mm2,
        places=places,
        milled={},
    )


def _milled_into(job: Job, turning: Turning) -> dict[str, float]:
    """Drivers of what lies off the axis: cross holes, flats, pockets; empty where there is nothing."""
    body = the_body(job.design)
    features = body.features if body is not None else ()
    bore = turning.bore_mm or float("inf")
    holes = [
        hole
        for hole in features
        if hole.kind in HOLES
        and not (
            hole.axis
            and abs(dot(hole.axis, turning.axis)) > 1.0 - _UPRIGHT
            and (hole.diameter_mm or 0.0) >= (1.0 - _EQUAL_SIDES) * bore
        )
    ]
    hollows = [feature for feature in features if feature.kind in HOLLOWS]
    if turning.share >= default("wholly_turned_share") and not holes and not hollows:
        return {}
    directions = {tuple(round(c, 1) for c in f.axis) for f in (*holes, *hollows) if f.axis}
    depths = [hole.depth_mm for hole in holes if hole.depth_mm]
    return {
        "holes": float(len(holes)),
        "tapped": float(sum(bool(hole.thread) for hole in holes)),
        "hole_mm": max((hole.diameter_mm or 0.0 for hole in holes), default=job.shape.hole_mm),
        "hole_depth_mm": sum(depths) / len(depths) if depths else job.shape.hole_depth_mm,
        "setups": float(max(len(directions), 1)),
        "features": float(len(holes) + len(hollows) + 1),
    }


def _turning(job: Job, found: _Round, slug: str) -> Operation:
    wishes = left_for_finishing(job.wishes, TURNING)
    stated = wishes.stated_ra or wishes.tolerance_mm is not None or wishes.stated_grade is not None
    holdings = default("holdings_when_fine") if stated else 1.0
    tools = [f"insert {number}" for number in range(1, int(default("turned_tools")) + 1)]
    tools += [f"drill {found.bore_mm:.1f}"] if found.bore_mm else []
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/turn"),
        name="Turn",
        process=TURNING,
        requirement=replace(
            _asked(TURNING, job, wishes), diameter_mm=found.diameter_mm, length_mm=found.length_mm
        ),
        drivers={
            **_of_material(job),
            "diameter_mm": found.diameter_mm,
            "length_mm": found.length_mm,
            "volume_mm3": job.design.volume_mm3,
            "turned_mm": found.skin_mm2 / (math.pi * found.diameter_mm),
            "bore_mm": found.bore_mm,
            "bore_depth_mm": found.length_mm if found.bore_mm else 0.0,
            "grooves": 0.0,
            "threads": 0.0,
            "chuckings": holdings,
            "slenderness": found.length_mm / found.diameter_mm,
            "tools": float(len(tools)),
            "features": float(found.places),
            **_precision(wishes),
        },
        setup_family=job.item.id,
        setup_state={"chuck": f"bar {found.diameter_mm:.1f}", "tools": "|".join(tools)},
    )


def _milling_after(job: Job, found: _Round) -> Operation:
    """Milling what lies off the axis of a turned piece."""
    whole = _milling(job, _Clamping(axes=3, setups=int(found.milled["setups"])))
    skin = max(job.design.surface_mm2 - found.skin_mm2, job.shape.hollow_mm2)
    taken = job.shape.hollow_mm3
    drivers = {
        **whole.drivers,
        **found.milled,
        "surface_mm2": skin,
        "given_mm3": job.design.volume_mm3 + taken,
    }
    return replace(
        whole, id=OperationId(f"{job.item.id}/turned-milled/mill"), name="Mill off the axis", drivers=drivers
    )


# Cut by wire ---------------------------------------------------------------------------------


def _wired(job: Job) -> Iterator[Routing]:
    """A constant section eroded from plate or bar, where somebody asks for it: it takes hours a piece."""
    body, melting = the_body(job.design), job.material.melting
    prism = body.prism if body is not None else None
    if body is None or prism is None or melting is None or WIRE not in job.item.processes:
        return
    wishes = left_for_finishing(job.wishes, WIRE)
    inside = sum(feature.kind in (*HOLES, "passage") for feature in body.features)
    material = {name: value for name, value in _of_material(job).items() if not name.startswith("cutting")}
    operation = Operation(
        id=OperationId(f"{job.item.id}/wired/cut"),
        name="Cut by wire",
        process=WIRE,
        requirement=replace(_asked(WIRE, job, wishes), size_mm=job.design.size_mm),
        drivers={
            **material,
            "melting": melting,
            "cut_mm": max(body.surface_mm2 - 2.0 * prism.section_mm2, 0.0) / prism.length_mm,
            "height_mm": prism.length_mm,
            "openings": 1.0 + inside,
            "start_holes": float(inside),
            "stock_mm3": _plate_mm3(job.design, prism.length_mm),
            "volume_mm3": job.design.volume_mm3,
            "ra_um": wishes.ra_um,
            "it_grade": wishes.grade,
        },
        setup_family=job.item.id,
        setup_state={"block": job.item.id},
    )
    yield _routing(job, "wired", "cut by wire", (operation,))


def _plate_mm3(design: SolidDesign, length_mm: float) -> float:
    """Plate a section is cut from: its box with an edge to hold it by."""
    sides = sorted(design.size_mm, key=lambda side: abs(side - length_mm))
    edge = 2.0 * default("wire_edge_mm")
    return length_mm * (sides[1] + edge) * (sides[2] + edge)


# The whole routing ---------------------------------------------------------------------------


def _routing(job: Job, slug: str, kind: str, cut: tuple[Operation, ...]) -> Routing:
    steps = finishing_steps(job.item, job.design, job.shape, job.wishes, cut[-1], job.material)
    operations = [*cut]
    for step in steps:
        operations.append(
            replace(
                step,
                id=OperationId(f"{job.item.id}/{slug}/{step.process}"),
                after=(operations[-1].id,),
            )
        )
    words = [kind, *(step.name.lower() for step in steps)]
    told_of = _told_of_steps(operations)
    coating = _coating(job, operations)
    if coating is not None:
        operations.append(coating)
        words.append("powder coated")
    return Routing(
        id=RoutingId(f"{job.item.id}/{slug}"),
        item=job.item.id,
        kind=", ".join(words),
        operations=tuple(operations),
        assumptions=(
            describe_price(job.material, job.form),
            *job.shape.assumptions,
            *job.wishes.assumptions,
            *told_of,
        ),
    )


def _coating(job: Job, operations: list[Operation]) -> Operation | None:
    """The powder coat that is asked for after cutting, its threads plugged; None where none is."""
    if job.material.family not in METALS:
        return None
    return coating_of(job.item, job.design.surface_mm2, operations, masked=float(job.shape.tapped))


_BEHIND = {
    MILLING: ("ordinary_tools", "tools_again"),
    TURNING: ("holdings_when_fine", "turned_tools"),
    WIRE: ("wire_edge_mm",),
    "sinker-edm": ("before_eroding_mm",),
    "surface-grinding": ("grinding_leaves_mm", "grade_before_grinding"),
    "cylindrical-grinding": ("grinding_leaves_mm", "grade_before_grinding"),
    "polishing": ("ra_before_polishing_um", "least_open_share", "mirror_ra_um"),
}


def _told_of_steps(operations: list[Operation]) -> tuple[str, ...]:
    """The defaults behind each step."""
    names = dict.fromkeys(name for operation in operations for name in _BEHIND[operation.process])
    turned = any(operation.process == TURNING for operation in operations)
    blind = ("routing: no grooves or threads are read from a turned shape",) if turned else ()
    return (*blind, *told(*names))
