"""Write the badge as a KiCad 8 board: stack, nets, footprints, tracks, vias and edges."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from badge_drawing.copper import LAYERS, VIA, VIA_DRILL, Track, Via, tracks, vias
from badge_drawing.outline import SLOT, Arc, Contour, Line, outline, stadium
from badge_drawing.parts import Pad, Part, Point, parts

PAGE = (100.0, 80.0)
THICKNESS = 1.6
NAMESPACE = uuid.UUID("6d0f5f52-1c52-5b0e-9d3e-0b4b6d5a3c11")
LETTER = {"top": "F", "bottom": "B"}
HEAD = """(kicad_pcb
  (version 20240108)
  (generator "manyworks_badge")
  (generator_version "8.0")
  (general
    (thickness 1.6)
    (legacy_teardrops no)
  )
  (paper "A4")
  (title_block
    (title "Beach festival badge")
    (rev "A")
    (comment 1 "Example of the manyworks project, Apache-2.0")
  )
  (layers
    (0 "F.Cu" signal)
    (31 "B.Cu" signal)
    (34 "B.Paste" user)
    (35 "F.Paste" user)
    (36 "B.SilkS" user "B.Silkscreen")
    (37 "F.SilkS" user "F.Silkscreen")
    (38 "B.Mask" user)
    (39 "F.Mask" user)
    (44 "Edge.Cuts" user)
    (46 "B.CrtYd" user "B.Courtyard")
    (47 "F.CrtYd" user "F.Courtyard")
    (48 "B.Fab" user)
    (49 "F.Fab" user)
  )
  (setup
    (stackup
      (layer "F.SilkS" (type "Top Silk Screen") (color "White"))
      (layer "F.Paste" (type "Top Solder Paste"))
      (layer "F.Mask" (type "Top Solder Mask") (color "Blue") (thickness 0.01))
      (layer "F.Cu" (type "copper") (thickness 0.035))
      (layer "dielectric 1" (type "core") (thickness 1.51) (material "FR4") (epsilon_r 4.5)
        (loss_tangent 0.02))
      (layer "B.Cu" (type "copper") (thickness 0.035))
      (layer "B.Mask" (type "Bottom Solder Mask") (color "Blue") (thickness 0.01))
      (layer "B.Paste" (type "Bottom Solder Paste"))
      (layer "B.SilkS" (type "Bottom Silk Screen") (color "White"))
      (copper_finish "HAL lead-free")
      (dielectric_constraints no)
    )
    (pad_to_mask_clearance 0)
    (allow_soldermask_bridges_in_footprints no)
  )
"""


def number(value: float) -> str:
    """A length as KiCad writes it: at most four decimals, no needless zeros, no minus zero."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def on_page(point: Point) -> str:
    """A point of the badge as the two numbers on KiCad's page."""
    return f"{number(point[0] + PAGE[0])} {number(point[1] + PAGE[1])}"


def name_of(*what: object) -> str:
    """A unique id that stays the same from run to run."""
    return f'(uuid "{uuid.uuid5(NAMESPACE, repr(what))}")'


def net_numbers() -> dict[str, int]:
    """KiCad's number of each net; 0 is no net."""
    nets = sorted({net for part in parts() for net in part.nets.values()})
    return {"": 0} | {net: i for i, net in enumerate(nets, start=1)}


def text(part: Part, what: str, value: str, layer: str, hidden: bool) -> str:
    """One property of a footprint."""
    above = -part.footprint.body[1] / 2 - 1.0
    mirrored = " (justify mirror)" if part.side == "bottom" else ""
    hide = " (hide yes)" if hidden else ""
    return (
        f'    (property "{what}" "{value}" (at 0 {number(above)} {number(part.rotation)})'
        f' (layer "{LETTER[part.side]}.{layer}"){hide} {name_of(part.designator, what)}\n'
        f"      (effects (font (size 0.8 0.8) (thickness 0.12)){mirrored}))\n"
    )


def properties(part: Part) -> str:
    """Reference, value and what the parts list says."""
    lines = [
        text(part, "Reference", part.designator, "SilkS", hidden=not part.bought),
        text(part, "Value", part.value, "Fab", hidden=False),
        text(part, "Footprint", part.footprint.name, "Fab", hidden=True),
    ]
    if part.mpn:
        lines.append(text(part, "Manufacturer", part.manufacturer, "Fab", hidden=True))
        lines.append(text(part, "MPN", part.mpn, "Fab", hidden=True))
    return "".join(lines)


def attributes(part: Part) -> str:
    """How KiCad says what is placed, bought and fitted."""
    kind = [part.footprint.kind] if part.footprint.kind != "marker" else []
    if not part.bought:
        kind += ["exclude_from_pos_files", "exclude_from_bom"]
    if not part.fitted:
        kind += ["exclude_from_pos_files", "dnp"]
    return f"    (attr {' '.join(kind)})\n"


def pad_layers(part: Part, pad: Pad) -> str:
    """The layers that a pad is on."""
    if pad.drill:
        return '"*.Cu" "*.Mask"'
    side = LETTER[part.side]
    paste = f' "{side}.Paste"' if part.bought else ""
    return f'"{side}.Cu"{paste} "{side}.Mask"'


def pad_text(part: Part, pad: Pad, index: int, nets: dict[str, int]) -> str:
    """One pad."""
    kind = ("thru_hole" if pad.plated else "np_thru_hole") if pad.drill else "smd"
    net = part.nets.get(pad.name, "")
    size = " ".join(number(n) for n in pad.size)
    at = " ".join(number(n) for n in (*pad.at, part.rotation))
    return (
        f'    (pad "{pad.name}" {kind} {pad.shape} (at {at}) (size {size})'
        + (f" (drill {number(pad.drill)})" if pad.drill else "")
        + f" (layers {pad_layers(part, pad)})"
        + (" (roundrect_rratio 0.25)" if pad.shape == "roundrect" else "")
        + (f' (net {nets[net]} "{net}")' if net else "")
        + f" {name_of(part.designator, 'pad', index)})\n"
    )


def body(part: Part) -> str:
    """The part's body on the fabrication layer and the space it keeps."""
    w, h = part.footprint.body[0] / 2, part.footprint.body[1] / 2
    x = part.footprint.body[0] / 2 - 1.27 if part.footprint.kind == "through_hole" else 0.0
    rows = []
    for layer, grow in (("Fab", 0.0), ("CrtYd", 0.25)):
        start = f"{number(x - w - grow)} {number(-h - grow)}"
        end = f"{number(x + w + grow)} {number(h + grow)}"
        rows.append(
            f"    (fp_rect (start {start}) (end {end}) (stroke (width 0.05) (type solid)) (fill none)"
            f' (layer "{LETTER[part.side]}.{layer}") {name_of(part.designator, layer)})\n'
        )
    return "".join(rows)


def footprint(part: Part, nets: dict[str, int]) -> str:
    """A placed part."""
    turn = f" {number(part.rotation)}" if part.rotation else ""
    return (
        f'  (footprint "{part.footprint.name}"\n    (layer "{LAYERS[part.side]}")\n'
        f"    {name_of(part.designator)}\n    (at {on_page(part.at)}{turn})\n"
        + (f'    (descr "{part.description}")\n' if part.description else "")
        + properties(part)
        + attributes(part)
        + body(part)
        + "".join(pad_text(part, pad, i, nets) for i, pad in enumerate(part.footprint.pads))
        + "  )\n"
    )


def track_text(track: Track, nets: dict[str, int]) -> str:
    """One track."""
    return (
        f"  (segment (start {on_page(track.start)}) (end {on_page(track.end)}) (width {number(track.width)})"
        f' (layer "{LAYERS[track.side]}") (net {nets[track.net]}) {name_of("track", track)})\n'
    )


def via_text(via: Via, nets: dict[str, int]) -> str:
    """One via."""
    return (
        f"  (via (at {on_page(via.at)}) (size {number(VIA)}) (drill {number(VIA_DRILL)})"
        f' (layers "F.Cu" "B.Cu") (net {nets[via.net]}) {name_of("via", via)})\n'
    )


def edge(piece: Line | Arc) -> str:
    """One piece of the outline."""
    if isinstance(piece, Line):
        shape = f"gr_line (start {on_page(piece.start)}) (end {on_page(piece.end)})"
    else:
        ends = f"(start {on_page(piece.at(0))}) (mid {on_page(piece.at(0.5))}) (end {on_page(piece.at(1))})"
        shape = f"gr_arc {ends}"
    return f'  ({shape} (stroke (width 0.05) (type default)) (layer "Edge.Cuts") {name_of("edge", piece)})\n'


def edges(contours: Iterable[Contour]) -> str:
    """All pieces of all contours."""
    return "".join(edge(piece) for contour in contours for piece in contour)


def greeting() -> str:
    """What the badge says to its wearer."""
    words = (("WAVES & LIGHTS", (20.0, -19.5), "F", ""), ("CR2032  +", (0.0, 21.0), "B", " (justify mirror)"))
    return "".join(
        f'  (gr_text "{words}" (at {on_page(at)} 0) (layer "{side}.SilkS") {name_of("text", words)}\n'
        f"    (effects (font (size 1.2 1.2) (thickness 0.18)){mirror}))\n"
        for words, at, side, mirror in words
    )


def board_text() -> str:
    """The whole board file."""
    nets = net_numbers()
    return (
        HEAD
        + "".join(f'  (net {i} "{net}")\n' for net, i in nets.items())
        + "".join(footprint(part, nets) for part in parts())
        + edges([outline(), stadium(*SLOT)])
        + greeting()
        + "".join(track_text(track, nets) for track in tracks())
        + "".join(via_text(via, nets) for via in vias())
        + ")\n"
    )
