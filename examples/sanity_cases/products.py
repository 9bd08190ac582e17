"""Two plain products for the cases: a board with thirty parts, and an open plastic box."""

from __future__ import annotations

from typing import Any

from manyworks import BillLine, Item, Product
from manyworks.model import BoardDesign, ItemId, Operation, Placement, SolidDesign
from manyworks.processes import Routes

# letter, how many, footprint, surface pads, through pads, pitch in mm, part number
_PARTS = (
    ("R", 12, "R_0603_1608Metric", 2, 0, 1.6, ""),
    ("C", 8, "C_0402_1005Metric", 2, 0, 0.96, ""),
    ("Q", 5, "SOT-23", 3, 0, 0.95, ""),
    ("U", 1, "SOIC-20", 20, 0, 1.27, "ATtiny1616-SN"),
    ("J", 4, "PinHeader_1x04", 0, 4, 2.54, ""),
)


def board(sides: int = 1, **changes: Any) -> Product:
    """A two-layer board of 60 x 50 mm with thirty parts of five part numbers, four of them with legs.

    ``sides`` 2 puts the capacitors below; ``changes`` are fields of the design.
    """
    items: dict[ItemId, Item] = {}
    lines: list[BillLine] = []
    placements: list[Placement] = []
    for letter, count, footprint, surface, through, pitch, mpn in _PARTS:
        names = tuple(f"{letter}{number}" for number in range(1, count + 1))
        placements += [
            Placement(
                designator=name,
                value=name,
                footprint=footprint,
                side="bottom" if sides == 2 and letter == "C" else "top",
                x_mm=0.0,
                y_mm=0.0,
                rotation_deg=0.0,
                surface_pads=surface,
                through_pads=through,
                pitch_mm=pitch,
            )
            for name in names
        ]
        part = ItemId(f"part/{letter.lower()}")
        items[part] = Item(id=part, name=letter, footprint=footprint, mpn=mpn)
        lines.append(BillLine(item=part, quantity=float(count), designators=names))
    figures: dict[str, Any] = {
        "width_mm": 60.0,
        "height_mm": 50.0,
        "area_mm2": 3000.0,
        "copper_layers": 2,
        "thickness_mm": 1.6,
        "plated_holes": 80,
        "nonplated_holes": 2,
        "slots": 0,
        "min_track_mm": 0.2,
        "min_space_mm": 0.2,
        "min_drill_mm": 0.3,
        "placements": tuple(placements),
    }
    design = BoardDesign(**{**figures, **changes})
    root = ItemId("board")
    items[root] = Item(id=root, name="Board", design=design, bill=tuple(lines))
    return Product(root=root, items=items)


def box(name: str = "box", **changes: Any) -> Product:
    """An open box of 60 x 40 x 8 mm with walls of 1.8 mm, in ABS; ``changes`` are fields of the item."""
    inside = (56.4, 36.4, 6.2)
    design = SolidDesign(
        size_mm=(60.0, 40.0, 8.0),
        volume_mm3=60 * 40 * 8 - inside[0] * inside[1] * inside[2],
        surface_mm2=2 * 60 * 40 + 2 * 8 * (60 + 40) + 2 * inside[2] * (inside[0] + inside[1]),
        wall_mm=1.8,
        projected_mm2=2400.0,
        height_mm=8.0,
    )
    figures: dict[str, Any] = {"id": ItemId(name), "name": "Open box", "material": "ABS", "design": design}
    item = Item(**{**figures, **changes})
    return Product(root=item.id, items={item.id: item})


def operations_of(routes: Routes, routing: str) -> tuple[Operation, ...]:
    """Operations of a routing by its id."""
    return next(one.operations for one in routes.routings if one.id == routing)
