"""Plastic parts moulded in soft, hard and hardened tools; the tools are items of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from manyworks.model import (
    Finding,
    Item,
    ItemId,
    Moulding,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    SolidDesign,
    ToolNeed,
    warning,
)
from manyworks.processes.frame import Bench
from manyworks.processes.measures import out_of_scope
from manyworks.processes.models.injection_moulding import PROCESS, shot_of
from manyworks.processes.plastics import Plastic, describe_figure
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.plastic_wishes import Wishes
from manyworks.processes.tables import default, process_table

_GRAM = 1e3
_MM3 = 1e-9
_CM3 = 1e-3
_CM2 = 100.0
_CM = 10.0
_N_PER_T = 9.80665e3
_GATES = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tooling:
    """A class of mould: its metal, how long it lasts, how many parts a shot."""

    slug: str
    name: str
    metal_class: float
    life: str
    density: str
    metal: str
    cavities: int
    hot: bool = False
    rim: str = "mould_rim_mm"
    plates: str = "mould_plates_mm"

    @property
    def soft(self) -> bool:
        """Whether it is one of aluminium, emptied by hand."""
        return self.metal_class == 0.0


_SOFT = _Tooling(
    slug="soft",
    name="soft tool",
    metal_class=0.0,
    life="soft_mould_life",
    density="aluminium_density",
    metal="aluminium",
    cavities=1,
    rim="soft_mould_rim_mm",
    plates="soft_mould_plates_mm",
)
_HARD = _Tooling(
    slug="hard",
    name="hard tool",
    metal_class=1.0,
    life="hard_mould_life",
    density="steel_density",
    metal="steel",
    cavities=2,
)
_SINGLE = replace(_HARD, slug="single", name="hard tool, 1 cavity", cavities=1)
_MANY = tuple(
    _Tooling(
        slug=f"hardened-{cavities}",
        name=f"hardened tool, {cavities} cavities, hot runner",
        metal_class=2.0,
        life="hardened_mould_life",
        density="steel_density",
        metal="hardened steel",
        cavities=cavities,
        hot=True,
    )
    for cavities in (4, 8, 16)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What a mould sees of a part: lengths in mm, areas in mm2.

    ``wall`` is the typical one the melt flows through, ``thick`` the one that takes longest to cool.
    """

    shadow: float
    depth: float
    sides: tuple[float, float]
    wall: float
    thick: float
    wall_basis: str
    slides: int
    patches: float
    measured: Moulding | None
    faces: int


def moulded_ways(
    item: Item, design: SolidDesign, plastic: Plastic, wishes: Wishes, draft: Draft
) -> list[Routing]:
    """Routings of a part moulded: soft tool, hard tool, and for large numbers more cavities at a time."""
    if plastic.resin_usd is None:
        return []
    if 0 < wishes.iso_class < default("finest_clean_room"):
        draft.findings.append(_too_clean(item, wishes))
        return []
    shape = _shape_of(design)
    one = _Job(item=item, design=design, plastic=plastic, wishes=wishes, shape=shape)
    return [routing for tooling in _toolings(one) if (routing := one.moulded(tooling, draft)) is not None]


def _too_clean(item: Item, wishes: Wishes) -> Finding:
    return warning(
        "processes.route.clean_room",
        item.id,
        f"a clean room of ISO class {wishes.iso_class} is asked; presses stand in rooms of class "
        f"{default('finest_clean_room'):g} to 8",
        "mould in such a room and clean the parts afterwards, or say what class the part really needs",
    )


def _shape_of(design: SolidDesign) -> _Shape:
    short, middle, long = sorted(design.size_mm)
    body = design.details[0] if len(design.details) == 1 and design.bodies == 1 else None
    found = body.moulding if body else None
    thin = design.wall_mm or 2.0 * design.volume_mm3 / design.surface_mm2
    faces = body.faces if body else 0
    patches = max(faces * default("patches_per_face"), 6.0) if faces else default("patches_unknown")
    return _Shape(
        shadow=(found.projected_mm2 if found else 0.0) or design.projected_mm2 or middle * long,
        depth=(found.depth_mm if found else 0.0) or design.height_mm or short,
        sides=_across(design, found) if found else (long, middle),
        wall=thin,
        thick=max((design.wall_max_mm or 0.0) / math.sqrt(_hot_spot_factor()), thin),
        wall_basis="measured"
        if design.wall_max_mm or design.wall_mm
        else "twice the volume over the surface",
        slides=found.slides if found else 0,
        patches=patches,
        measured=found,
        faces=faces,
    )


def _across(design: SolidDesign, found: Moulding) -> tuple[float, float]:
    """The two sides of a part across the opening of its mould, the longer first."""
    opening = max(range(3), key=lambda axis: abs(found.pull[axis]))
    one, other = (side for axis, side in enumerate(design.size_mm) if axis != opening)
    return max(one, other), min(one, other)


def _hot_spot_factor() -> float:
    """How much longer than its wall the model takes a part to cool; a measured thick spot is not that too."""
    return process_table(PROCESS).coefficients["hot_spot_factor"].value


def flow_ratio(long_mm: float, wide_mm: float, depth_mm: float, wall_mm: float, gates: int) -> float:
    """Longest way of the melt over the wall: from the middle to a corner and down, shared by the gates."""
    return (math.hypot(long_mm, wide_mm) / 2.0 / math.sqrt(gates) + depth_mm) / wall_mm


def _toolings(job: _Job) -> Iterator[_Tooling]:
    """Soft with one cavity, hard with one and with two, hardened with more where a press closes them."""
    yield _SOFT
    one = job.clamp_of_one_t()
    cold = int(
        min(default("hard_cavities"), default("cold_cavities_most"), default("cavity_clamp_limit_t") // one)
    )
    yield replace(_HARD, cavities=max(cold, 1))
    if cold > 1:
        yield _SINGLE
    for tooling in _MANY:
        if one * tooling.cavities <= default("largest_clamp_t"):
            yield tooling


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One part to be moulded, in any of the toolings."""

    item: Item
    design: SolidDesign
    plastic: Plastic
    wishes: Wishes
    shape: _Shape

    def gates(self) -> int:
        """Fewest gates that fill the part; the most there are where none do."""
        return next((gates for gates in _GATES if self.flow_share(gates) <= 1.0), _GATES[-1])

    def flow_share(self, gates: int) -> float:
        """Flow over wall as a share of the longest that the resin flows at this wall."""
        shape = self.shape
        ratio = flow_ratio(*shape.sides, shape.depth, shape.wall, gates)
        wall = shape.wall / default("flow_limit_wall_mm")
        easier: float = wall ** default("flow_wall_exponent")
        return ratio / (self.plastic.flow_limit * easier)

    def clamp_of_one_t(self) -> float:
        """Clamp force of one cavity at the resin's ordinary pressure, tonnes."""
        return self.shape.shadow * self.plastic.pressure / _N_PER_T * default("clamp_safety")

    def drivers(self, tooling: _Tooling) -> dict[str, float]:
        """What an injection moulding operation states."""
        plastic, shape, wishes = self.plastic, self.shape, self.wishes
        asked = wishes.precision()
        asked.pop("ra_um", None)
        return {
            "part_cm3": self.design.volume_mm3 * _CM3,
            "wall_mm": shape.thick,
            "projected_cm2": shape.shadow / _CM2,
            "cavities": float(tooling.cavities),
            "flow_share": self.flow_share(self.gates()),
            "pressure_mpa": plastic.pressure,
            "density": plastic.density,
            "cooling_s_per_mm2": plastic.cooling,
            "resin_usd": plastic.resin_usd or 0.0,
            "resin_co2e": plastic.co2e,
            "hot_runner": float(tooling.hot),
            "soft_tool": float(tooling.soft),
            "iso_class": float(wishes.iso_class),
            **asked,
        }

    def moulded(self, tooling: _Tooling, draft: Draft) -> Routing | None:
        """The routing with one tooling; None, with findings, where the process cannot make the part."""
        operation = self._operation(tooling)
        cut = self._cutting(tooling)
        limits = (*out_of_scope(operation), *out_of_scope(cut))
        known = {(finding.code, finding.message) for finding in draft.findings}
        draft.findings += [finding for finding in limits if (finding.code, finding.message) not in known]
        if limits:
            return None
        self._put_mould(tooling, cut, draft)
        life = default(tooling.life) * tooling.cavities
        least = default("pieces_for_a_cavity") * tooling.cavities if tooling.hot else 1.0
        return Routing(
            id=RoutingId(f"{self.item.id}/moulded-{tooling.slug}"),
            item=self.item.id,
            kind=f"moulded, {tooling.name}",
            operations=(replace(operation, tools=(ToolNeed(item=self._mould_id(tooling), life=life),)),),
            min_quantity=least,
            assumptions=self._assumptions(tooling),
        )

    def _operation(self, tooling: _Tooling) -> Operation:
        item, plastic, wishes = self.item, self.plastic, self.wishes
        mould = self._mould_id(tooling)
        cavities = tooling.cavities
        bare = Operation(
            id=OperationId(f"{item.id}/moulded-{tooling.slug}/mould"),
            name=f"Mould, {cavities} at a time" if cavities > 1 else "Mould",
            process=PROCESS,
            requirement=Requirement(process=PROCESS),
            drivers=self.drivers(tooling),
            setup_family=mould,
            setup_state={"mould": mould, "resin": plastic.name, "colour": item.colour or "natural"},
        )
        bench = Bench(process_table(PROCESS), ())
        shot = shot_of(bare, bench)
        asked = Requirement(
            process=PROCESS,
            materials=(plastic.name,),
            clamp_force_t=float(shot.clamp_t),
            shot_g=float(shot.mass_kg) * _GRAM / float(bench["largest_shot_share"]),
            iso_class=wishes.iso_class or None,
            tolerance_mm=wishes.tolerance_mm,
            nominal_mm=wishes.nominal_mm if wishes.tolerance_mm else None,
            finish_ra_um=wishes.ra_um,
            certificates=item.required_certificates,
        )
        return replace(bare, requirement=asked)

    def _assumptions(self, tooling: _Tooling) -> tuple[str, ...]:
        plastic, shape = self.plastic, self.shape
        gates = self.gates()
        names = [tooling.life, "clamp_safety", "flow_wall_exponent"]
        names += ["pieces_for_a_cavity", "largest_clamp_t"] if tooling.hot else []
        names += [] if tooling.soft or tooling.hot else ["hard_cavities", "cavity_clamp_limit_t"]
        undercuts = (
            f"routing: {shape.slides} slides for undercuts, as measured"
            if shape.measured
            else "routing: no undercuts, so no slides or lifters in the mould"
        )
        share = self.flow_share(gates)
        return (
            describe_figure(plastic, "resin price", plastic.resin_usd or 0.0, "USD/kg"),
            describe_figure(plastic, "cavity pressure", plastic.pressure, "MPa"),
            describe_figure(plastic, "longest flow over wall", plastic.flow_limit, "ratio"),
            f"routing: wall to cool = {shape.thick:.3g} mm ({shape.wall_basis})",
            f"routing: {gates} gate{'s' if gates > 1 else ''} in the middle of what they fill; "
            f"the melt flows {share:.0%} of its longest way",
            undercuts,
            *self.wishes.told(),
            *told(*names),
        )

    # The mould -------------------------------------------------------------------------------

    def _mould_id(self, tooling: _Tooling) -> ItemId:
        return ItemId(f"{self.item.id}/mould-{tooling.slug}")

    def _box(self, tooling: _Tooling) -> tuple[float, float, float]:
        """Outer size of a mould: cavities in rows, with metal around, above and below."""
        long, middle = self.shape.sides
        rows = next(n for n in range(int(math.sqrt(tooling.cavities)), 0, -1) if tooling.cavities % n == 0)
        margin = default(tooling.rim)
        sliding = 2.0 * default("slide_width_mm") if self.shape.slides else 0.0
        across = middle * (tooling.cavities // rows) + margin * (tooling.cavities // rows + 1) + sliding
        along = long * rows + margin * (rows + 1)
        height = self.shape.depth + default(tooling.plates)
        return max(across, along), min(across, along), height

    def _cutting(self, tooling: _Tooling) -> Operation:
        shape, wishes, mould = self.shape, self.wishes, self._mould_id(tooling)
        long, wide, high = self._box(tooling)
        drops = self.gates() * tooling.cavities if tooling.hot else 0
        return Operation(
            id=OperationId(f"{mould}/cut/mould"),
            name=f"Cut the mould ({tooling.name})",
            process="mould-making",
            requirement=Requirement(
                process="mould-making", size_mm=(long, wide, high), materials=(tooling.metal,)
            ),
            drivers={
                "projected_cm2": shape.shadow / _CM2,
                "depth_cm": shape.depth / _CM,
                "surface_cm2": self.design.surface_mm2 / _CM2,
                "patches": shape.patches,
                "slides": float(shape.slides),
                "cavities": float(tooling.cavities),
                "hot_drops": float(drops),
                "metal_class": tooling.metal_class,
                "texture": float(wishes.textured),
                "base_cm2": long * wide / _CM2,
                "base_cm": high / _CM,
                **wishes.precision(),
            },
            setup_family=mould,
        )

    def _put_mould(self, tooling: _Tooling, cut: Operation, draft: Draft) -> None:
        """Enter the mould as an item with the routing that cuts it."""
        long, wide, high = self._box(tooling)
        mass = long * wide * high * _MM3 * default(tooling.density) * default("mould_solid_share")
        cavities = f", {tooling.cavities} cavities" if tooling.cavities > 1 and not tooling.hot else ""
        made = Item(
            id=self._mould_id(tooling),
            name=f"{self.item.name}, mould ({tooling.name}{cavities})",
            size_mm=(long, wide, high),
            material=tooling.metal,
            derived_from=self.item.id,
            licence=self.item.licence,
        )
        made = draft.put(made, "mould", mass_kg=mass, basis=f"block of {made.material} around the part")
        faces = (
            f"routing: {self.shape.patches:.0f} faces to cut, {default('patches_per_face'):g} of the "
            f"{self.shape.faces} of the model"
        )
        names = [tooling.rim, tooling.plates, "mould_solid_share", tooling.density]
        names += ["patches_per_face"] if self.shape.faces else ["patches_unknown"]
        names += ["slide_width_mm"] if self.shape.slides else []
        routing = Routing(
            id=RoutingId(f"{made.id}/cut"),
            item=made.id,
            kind="cut mould",
            operations=(cut,),
            assumptions=(*((faces,) if self.shape.faces else ()), *told(*names)),
        )
        draft.add(made, [routing])
