"""Plastic parts: printed, or moulded in a soft or a hard tool; the tools are items of their own."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model import (
    Item,
    ItemId,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    SolidDesign,
    ToolNeed,
)
from manyworks.processes.plastics import (
    Plastic,
    cooling_seconds,
    describe_figure,
    find_plastic,
)
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.tables import default, process_table

_GRAM = 1e3
_MM3 = 1e-9
_CM2 = 100.0
_CM = 10.0
_PRINTED, _MOULDED = "PLA", "ABS"
_N_PER_T = 9.80665e3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tooling:
    """A class of mould."""

    slug: str
    name: str
    soft: bool
    life: str
    density: str
    metal: str


_TOOLS = (
    _Tooling(
        slug="soft",
        name="soft tool",
        soft=True,
        life="soft_mould_life",
        density="aluminium_density",
        metal="aluminium",
    ),
    _Tooling(
        slug="hard",
        name="hard tool",
        soft=False,
        life="hard_mould_life",
        density="steel_density",
        metal="steel",
    ),
)


def plastic_ways(item: Item, design: SolidDesign, draft: Draft) -> list[Routing]:
    """Routings of a plastic part: printed, moulded soft, moulded hard; none where it is of no plastic."""
    plastics = _plastics(item, draft)
    if plastics is None:
        return []
    printed, moulded = plastics
    routings = [_printing(item, design, printed)] if printed.filament_usd is not None else []
    if printed.filament_usd is None:
        draft.assume("no_filament", item.id, f"{printed.name} is not sold as filament; not printed")
    return routings + [_moulding(item, design, moulded, tooling, draft) for tooling in _TOOLS]


def _plastics(item: Item, draft: Draft) -> tuple[Plastic, Plastic] | None:
    """The plastic to print and the one to mould; None where the item is of none."""
    if item.material:
        plastic = find_plastic(item.material)
        return (plastic, plastic) if plastic is not None else None
    draft.assume(
        "material",
        item.id,
        f"no material; taken as {_PRINTED} where printed and {_MOULDED} where moulded",
        "state the material of the item",
    )
    printed, moulded = find_plastic(_PRINTED), find_plastic(_MOULDED)
    return (printed, moulded) if printed and moulded else None


# Printing ------------------------------------------------------------------------------------


def _printing(item: Item, design: SolidDesign, plastic: Plastic) -> Routing:
    x, y, z = _lying(design)
    price = plastic.filament_usd or 0.0
    operation = Operation(
        id=OperationId(f"{item.id}/printed/print"),
        name="Print",
        process="fdm-printing",
        requirement=Requirement(
            process="fdm-printing",
            size_mm=design.size_mm,
            materials=(plastic.name,),
            certificates=item.required_certificates,
        ),
        drivers={
            "volume_mm3": design.volume_mm3,
            "surface_mm2": design.surface_mm2,
            "size_x_mm": x,
            "size_y_mm": y,
            "size_z_mm": z,
            "density": plastic.density,
            "filament_usd": price,
            "filament_co2e": plastic.co2e,
        },
        setup_family=f"print {plastic.name} {item.colour or ''}".strip(),
    )
    return Routing(
        id=RoutingId(f"{item.id}/printed"),
        item=item.id,
        kind="printed",
        operations=(operation,),
        assumptions=(
            describe_figure(plastic, "filament price", price, "USD/kg"),
            describe_figure(plastic, "density", plastic.density, "kg/m3"),
            "routing: printed lying on its largest face",
        ),
    )


def _lying(design: SolidDesign) -> tuple[float, float, float]:
    """Sides as laid on the bed: the shortest upright."""
    short, middle, long = sorted(design.size_mm)
    return long, middle, short


# Moulding ------------------------------------------------------------------------------------


def _wall_mm(design: SolidDesign) -> float:
    """Wall that decides how long to cool; a thin shell has about ``2 V / A``."""
    return design.wall_max_mm or design.wall_mm or 2.0 * design.volume_mm3 / design.surface_mm2


def _shadow_mm2(design: SolidDesign) -> float:
    _, middle, long = sorted(design.size_mm)
    return design.projected_mm2 or middle * long


def _clamp_t(design: SolidDesign, plastic: Plastic) -> float:
    """Clamp force for one cavity, tonnes: shadow times pressure with a margin."""
    return _shadow_mm2(design) * plastic.pressure / _N_PER_T * default("clamp_safety")


def _cavities(design: SolidDesign, plastic: Plastic, tooling: _Tooling) -> int:
    if tooling.soft:
        return 1
    most = int(default("cavity_clamp_limit_t") // _clamp_t(design, plastic))
    return max(1, min(int(default("hard_cavities")), most))


def _moulding(item: Item, design: SolidDesign, plastic: Plastic, tooling: _Tooling, draft: Draft) -> Routing:
    cavities = _cavities(design, plastic, tooling)
    mould = _mould(item, design, cavities, tooling, draft)
    part_kg = design.volume_mm3 * _MM3 * plastic.density
    runner = process_table("injection-moulding").coefficients["runner_share"].value
    shot_g = part_kg * _GRAM * cavities * (1.0 + runner) / default("largest_shot_share")
    clamp = _clamp_t(design, plastic) * cavities
    operation = Operation(
        id=OperationId(f"{item.id}/moulded-{tooling.slug}/mould"),
        name=f"Mould, {cavities} at a time" if cavities > 1 else "Mould",
        process="injection-moulding",
        requirement=Requirement(
            process="injection-moulding",
            materials=(plastic.name,),
            clamp_force_t=clamp,
            shot_g=shot_g,
            certificates=item.required_certificates,
        ),
        drivers={
            "part_kg": part_kg,
            "cool_s": cooling_seconds(plastic, _wall_mm(design)),
            "cavities": float(cavities),
            "clamp_t": clamp,
            "soft_tool": float(tooling.soft),
            "resin_usd": plastic.resin_usd,
            "resin_co2e": plastic.co2e,
        },
        tools=(ToolNeed(item=mould.id, life=default(tooling.life) * cavities),),
        setup_family=mould.id,
    )
    return Routing(
        id=RoutingId(f"{item.id}/moulded-{tooling.slug}"),
        item=item.id,
        kind=f"moulded, {tooling.name}",
        operations=(operation,),
        assumptions=_moulding_assumptions(design, plastic, tooling),
    )


def _moulding_assumptions(design: SolidDesign, plastic: Plastic, tooling: _Tooling) -> tuple[str, ...]:
    wall = _wall_mm(design)
    basis = "measured" if design.wall_max_mm or design.wall_mm else "twice the volume over the surface"
    names = [tooling.life, "clamp_safety", "largest_shot_share"]
    names += [] if tooling.soft else ["hard_cavities", "cavity_clamp_limit_t"]
    return (
        describe_figure(plastic, "resin price", plastic.resin_usd, "USD/kg"),
        describe_figure(plastic, "cavity pressure", plastic.pressure, "MPa"),
        f"routing: wall to cool = {wall:.3g} mm ({basis})",
        "routing: no undercuts, so no slides or lifters in the mould",
        *told(*names),
    )


def _mould_box(design: SolidDesign, cavities: int) -> tuple[float, float, float]:
    """Outer size of a mould: cavities side by side, with metal around, above and below."""
    short, middle, long = sorted(design.size_mm)
    margin = default("mould_margin_mm")
    across = middle * cavities + margin * (cavities + 1)
    height = (design.height_mm or short) + default("mould_depth_mm")
    return max(across, long + 2.0 * margin), min(across, long + 2.0 * margin), height


def _mould(item: Item, design: SolidDesign, cavities: int, tooling: _Tooling, draft: Draft) -> Item:
    long, wide, high = _mould_box(design, cavities)
    mass = long * wide * high * _MM3 * default(tooling.density) * default("mould_solid_share")
    cavities_told = f", {cavities} cavities" if cavities > 1 else ""
    made = Item(
        id=ItemId(f"{item.id}/mould-{tooling.slug}"),
        name=f"{item.name}, mould ({tooling.name}{cavities_told})",
        size_mm=(long, wide, high),
        material=tooling.metal,
        derived_from=item.id,
        licence=item.licence,
    )
    made = draft.put(made, "mould", mass_kg=mass, basis=f"block of {made.material} around the part")
    operation = Operation(
        id=OperationId(f"{made.id}/cut/mould"),
        name=f"Cut the mould ({tooling.name})",
        process="mould-making",
        requirement=Requirement(process="mould-making", size_mm=made.size_mm, materials=(tooling.metal,)),
        drivers={
            "projected_cm2": _shadow_mm2(design) / _CM2,
            "cavities": float(cavities),
            "base_cm2": long * wide / _CM2,
            "base_cm": high / _CM,
            "soft": float(tooling.soft),
            "mould_kg": mass,
        },
        setup_family=made.id,
    )
    routing = Routing(
        id=RoutingId(f"{made.id}/cut"),
        item=made.id,
        kind="cut mould",
        operations=(operation,),
        assumptions=told("mould_margin_mm", "mould_depth_mm", "mould_solid_share", tooling.density),
    )
    draft.add(made, [routing])
    return made
