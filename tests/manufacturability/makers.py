"""Parts to be checked, written on the spot."""

from __future__ import annotations

from typing import Any

from manyworks.model import (
    BoardDesign,
    Body,
    Capability,
    Design,
    DrillTool,
    Item,
    ItemId,
    Machine,
    MachineId,
    Machining,
    Moulding,
    Network,
    PlaceId,
    Placement,
    Printing,
    Product,
    SheetDesign,
    Shop,
    ShopId,
    SolidDesign,
    Walls,
)


def product(design: Design | None, **more: Any) -> Product:
    """A product of one item."""
    item = Item(id=ItemId("thing"), name="thing", design=design, **more)
    return Product(root=item.id, items={item.id: item})


def board(**more: Any) -> BoardDesign:
    """A plain board of two layers that every shop makes."""
    plain: dict[str, Any] = {
        "width_mm": 100.0,
        "height_mm": 80.0,
        "area_mm2": 8000.0,
        "copper_layers": 2,
        "thickness_mm": 1.6,
        "plated_holes": 10,
        "nonplated_holes": 4,
        "slots": 0,
        "min_track_mm": 0.2,
        "min_space_mm": 0.2,
        "min_drill_mm": 0.3,
        "min_ring_mm": 0.25,
        "min_hole_gap_mm": 0.6,
        "copper_to_edge_mm": 0.5,
        "drills": (DrillTool(diameter_mm=0.4, holes=10), DrillTool(diameter_mm=3.2, holes=4, plated=False)),
        "outline_mm": (((0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (0.0, 80.0)),),
    }
    return BoardDesign(**{**plain, **more})


def placement(name: str = "R1", **more: Any) -> Placement:
    """A part of 0603 on the top."""
    plain: dict[str, Any] = {
        "designator": name,
        "value": "1k",
        "footprint": "Resistor_SMD:R_0603_1608Metric",
        "side": "top",
        "x_mm": 10.0,
        "y_mm": 10.0,
        "rotation_deg": 0.0,
        "surface_pads": 2,
        "through_pads": 0,
        "pitch_mm": 1.6,
    }
    return Placement(**{**plain, **more})


def body(**more: Any) -> Body:
    """A body that is easy to make whichever way."""
    plain: dict[str, Any] = {
        "size_mm": (60.0, 40.0, 20.0),
        "volume_mm3": 12000.0,
        "surface_mm2": 9000.0,
        "faces": 20,
        "walls": Walls(p1_mm=1.9, p5_mm=1.95, p50_mm=2.0, p95_mm=2.1, samples=2000),
        "machining": Machining(
            stock_mm=(60.0, 40.0, 20.0), removed_mm3=36000.0, setups=(), unreached_share=0.0
        ),
        "moulding": Moulding(
            pull=(0.0, 0.0, 1.0),
            projected_mm2=2400.0,
            depth_mm=20.0,
            undercut_share=0.0,
            no_draft_share=0.0,
            slides=0,
        ),
        "printing": Printing(
            up=(0.0, 0.0, 1.0), height_mm=20.0, overhang_mm2=0.0, support_mm3=0.0, base_mm2=2400.0
        ),
    }
    return Body(**{**plain, **more})


def solid(*bodies: Body, **more: Any) -> SolidDesign:
    """A solid of the bodies given."""
    plain: dict[str, Any] = {"size_mm": (60.0, 40.0, 20.0), "volume_mm3": 12000.0, "surface_mm2": 9000.0}
    return SolidDesign(**{**plain, "details": bodies or (body(),), **more})


def sheet(**more: Any) -> SheetDesign:
    """A drawing of one piece."""
    plain: dict[str, Any] = {
        "size_mm": (100.0, 50.0),
        "unit": "mm",
        "unit_source": "header",
        "pieces": 1,
        "area_mm2": 5000.0,
        "cut_mm": 300.0,
        "engrave_mm": 0.0,
        "pierces": 1,
        "thickness_mm": 3.0,
    }
    return SheetDesign(**{**plain, **more})


def network(*machines: Machine) -> Network:
    """Machines, each in the shop it names."""
    shops = {m.shop: Shop(id=m.shop, name=str(m.shop), place=PlaceId("here")) for m in machines}
    return Network(
        name="test", currency="GBP", as_of="2026-01-01", shops=shops, machines={m.id: m for m in machines}
    )


def machine(shop: str, process: str, coefficients: dict[str, float] | None = None, **stated: Any) -> Machine:
    """A machine of one capability."""
    return Machine(
        id=MachineId(f"{shop}-machine"),
        shop=ShopId(shop),
        name=shop,
        capabilities=(Capability(process=process, **stated),),
        coefficients=coefficients or {},
    )
