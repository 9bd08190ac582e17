"""Small designs written on the spot, and the truth about the real ones where it is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"

BOARD = """(kicad_pcb (version 20240108) (generator "pcbnew")
  (general (thickness 1.6))
  (layers (0 "F.Cu" signal) (31 "B.Cu" signal) (44 "Edge.Cuts" user))
  {extra}
)
"""
RECTANGLE = '(gr_rect (start 0 0) (end 50 30) (stroke (width 0.1) (type solid)) (layer "Edge.Cuts"))'


def footprint(
    reference: str,
    *,
    name: str = "Resistor_SMD:R_0603_1608Metric",
    value: str = "1k",
    at: str = "10 10",
    layer: str = "F.Cu",
    attr: str = "smd",
    pads: str | None = None,
) -> str:
    """A KiCad 8 footprint with two surface pads 1.6 mm apart unless `pads` says otherwise."""
    side = layer[0]
    two = "".join(
        f'(pad "{k}" smd roundrect (at {x} 0) (size 0.8 0.9) (layers "{layer}" "{side}.Paste" "{side}.Mask"))'
        for k, x in ((1, -0.8), (2, 0.8))
    )
    return (
        f'(footprint "{name}" (layer "{layer}") (at {at}) (attr {attr})'
        f'(property "Reference" "{reference}" (at 0 0) (layer "F.SilkS"))'
        f'(property "Value" "{value}" (at 0 0) (layer "F.Fab")) {two if pads is None else pads})'
    )


def truth(table: str) -> list[dict[str, str]]:
    """Rows of a table of measured figures; empty where it is not at hand."""
    path = SHARED / "bench" / "designs" / table
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
