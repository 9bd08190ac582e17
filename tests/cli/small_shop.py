"""A keyring with a printed tag, and a town of four shops that can make it: small enough to quote at once."""

from __future__ import annotations

import itertools
import struct

HEAD = """name = "Small town"
currency = "GBP"
as_of = 2026-11-20

[exchange]
USD = 0.76
"""

TABLES = {
    "shops.csv": """\
id,name,country,latitude,longitude,timezone,shifts,holidays,queue_days
print-house,Print House,GB,51.748,-3.378,Europe/London,Mon-Fri 09:00-17:00,GB-WLS,1
pack-room,Pack Room,GB,51.481,-3.179,Europe/London,Mon-Sat 08:00-18:00,GB-WLS,0
mould-works,Mould Works,GB,51.777,-3.207,Europe/London,Mon-Fri 08:00-17:00,GB-WLS,5
stall,Parts Stall,GB,51.481,-3.178,Europe/London,Mon-Sun 09:00-18:00,,0
""",
    "machines.csv": """\
id,shop,name,count,coefficients
printers,print-house,Printer,4,
table,pack-room,Table,1,
press,mould-works,Press,1,
mill,mould-works,Mill,1,
""",
    "capabilities.csv": """\
machine,process,materials,envelope_mm,clamp_force_t,shot_g,min_lot
printers,fdm-printing,PLA; ABS,250 x 210 x 200,,,
table,final-assembly,,500 x 500 x 500,,,
table,packing,,500 x 500 x 500,,,
press,injection-moulding,PLA; ABS,250 x 210 x 200,60,80,5000
mill,mould-making,,400 x 300 x 300,,,
""",
    "workers.csv": """\
id,shop,name,processes,count
print-tender,print-house,Tender,fdm-printing,1
packers,pack-room,Packers,final-assembly; packing,2
setter,mould-works,Setter,injection-moulding; mould-making,1
""",
    "offers.csv": """\
id,seller,mpn,name,breaks,stock,lead_days,origin
ring-stock,stall,RING-25,Split ring 25 mm,1:0.10,60,1,GB
ring-dear,stall,RING-25,Split ring 25 mm,1:0.50,,1,GB
""",
}

PRODUCT = """\
[product]
id = "keyring"
name = "Keyring with tag"
commodity_code = "732690"

[[item]]
id = "tag"
name = "Tag"
design = "tag.stl"
material = "PLA"
commodity_code = "392690"

[[item]]
id = "ring"
name = "Split ring, 25 mm"
mpn = "RING-25"
mass_kg = 0.003
size_mm = [25.0, 25.0, 3.0]
commodity_code = "732690"

[[bill]]
parent = "keyring"
item = "tag"
quantity = 1

[[bill]]
parent = "keyring"
item = "ring"
quantity = 1
"""

ORDERS = """\
[[order]]
id = "first"
product = "keyring"
quantity = 50
ship_to = "Cardiff, GB"
due = 2027-01-29

[[order]]
id = "second"
product = "keyring"
quantity = 40
ship_to = "Swansea, GB"
"""

FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def box_stl(width=40.0, depth=24.0, height=3.0):
    """A closed box as a binary STL file."""
    corners = list(itertools.product((0.0, width), (0.0, depth), (0.0, height)))
    triangles = [(a, b, c) for a, b, c, _ in FACES] + [(a, c, d) for a, _, c, d in FACES]
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(number for corner in triangle for number in corners[corner]), 0)
        for triangle in triangles
    )
    return b"\0" * 80 + struct.pack("<I", len(triangles)) + body


def write_network(folder, **changed):
    """The network's tables; ``changed`` replaces the text of a table by its name (``shops=...``)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.toml").write_text(HEAD, encoding="utf-8")
    for name, text in TABLES.items():
        (folder / name).write_text(changed.get(name.removesuffix(".csv"), text), encoding="utf-8")
    return folder


def write_product(folder, text=PRODUCT):
    """The keyring's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "product.toml").write_text(text, encoding="utf-8")
    (folder / "tag.stl").write_bytes(box_stl())
    return folder


def write_orders(folder, text=ORDERS):
    """An orders file beside the keyring's folder."""
    write_product(folder / "keyring")
    path = folder / "orders.toml"
    path.write_text(text, encoding="utf-8")
    return path


BOARD = """(kicad_pcb (version 20240108) (generator "drawn")
  (general (thickness 1.6))
  (layers (0 "F.Cu" signal) (31 "B.Cu" signal) (44 "Edge.Cuts" user))
  OUTLINE
  (footprint "R_0603" (layer "F.Cu") (at 10 10)
    (attr smd)
    (property "Reference" "R1" (at 0 0)) (property "Value" "220R" (at 0 0))
    (pad "1" smd rect (at -0.8 0) (size 0.8 0.9) (layers "F.Cu"))
    (pad "2" smd rect (at 0.8 0) (size 0.8 0.9) (layers "F.Cu")))
  (footprint "C_0603" (layer "F.Cu") (at 20 10)
    (attr smd)
    (property "Reference" "C1" (at 0 0)) (property "Value" "100n" (at 0 0))
    (pad "1" smd rect (at -0.8 0) (size 0.8 0.9) (layers "F.Cu"))
    (pad "2" smd rect (at 0.8 0) (size 0.8 0.9) (layers "F.Cu"))))
"""
OUTLINE = (
    '(gr_rect (start 0 0) (end 30 20) (stroke (width 0.1) (type solid)) (fill none) (layer "Edge.Cuts"))'
)
BOARD_BILL = """\
Reference,Quantity,Value,Footprint,MPN
R1,1,220R,R_0603,RC0603FR-07220RL
C1,1,100n,C_0603,CL10B104KB8NNNC
"""


def write_board(folder, outline=OUTLINE, bill=BOARD_BILL):
    """A board with two parts and its parts list."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "blinker.kicad_pcb").write_text(BOARD.replace("OUTLINE", outline), encoding="utf-8")
    (folder / "bom.csv").write_text(bill, encoding="utf-8")
    return folder
