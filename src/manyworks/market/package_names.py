"""Footprint names that state their dimensions: ``QFN-20-1EP_4x4mm_P0.5mm``, ``CP_Radial_D16.0mm_P7.50mm``."""

from __future__ import annotations

import math
import re
from functools import cache

from manyworks.market.packages import Package, packages
from manyworks.market.tables import csv_rows

_IC = re.compile(
    r"^(?P<family>[a-z]{1,8}?\d?[a-z]*)[-_]?(?P<pins>\d{1,4})(?:-(?P<pad>\d)EP)?_"
    r"(?P<a>\d+(?:\.\d+)?)x(?P<b>\d+(?:\.\d+)?)mm(?:.*?_P(?:itch)?(?P<pitch>\d+(?:\.\d+)?)mm)?",
    re.I,
)
_SQUARE = re.compile(r"^(?P<family>[a-z]{3,7})[-_]?(?P<pins>\d{2,3})[-_](?P<a>\d{1,2}(?:\.\d)?)mm$", re.I)
# IPC-7351: pitch, then span, further side (if any) and height in hundredths of a millimetre.
_IPC = re.compile(
    r"^(?P<family>[a-z]{2,6})(?P<pitch>\d{2,3})P(?P<sides>\d{2,4}(?:X\d{2,4}){1,3})-(?P<pins>\d{1,4})[A-Z]?\b",
    re.I,
)
_IPC_BGA = re.compile(
    r"^BGA(?P<pins>\d+)[CN]?(?P<pitch>\d{2,3})P\d+X\d+_(?P<a>\d+)X(?P<b>\d+)X(?P<height>\d+)", re.I
)
_ROWS = re.compile(
    r"(?<![\d.])(?P<rows>\d{1,2})x(?P<columns>\d{1,3})(?:-(?P<pegs>\d)MP)?"
    r"(?:(?P<further>(?=_).*?)_P(?P<pitch>\d+(?:\.\d+)?)mm|x(?P<pitched>\d\.\d+)mm)",
    re.I,
)
_BARE_ROWS = re.compile(
    r"^(?:PINHD|PINHEADER|PINSOCKET|HEADER|HDR|HN|CONN|JUMPER|HEADER_MALE|FEMALE_HEADER)?[-_ ]?0?"
    r"(?P<rows>[1-4])X0?(?P<columns>\d{1,2})(?![\d.])(?!.*mm)",
    re.I,
)
_ROUND = re.compile(
    r"^(?:CP?|L|LED|RV|V)_(?:Radial|Disc)_D(?P<d>\d+(?:\.\d+)?)mm(?:_W(?P<w>\d+(?:\.\d+)?)mm)?"
    r"(?:_H(?P<h>\d+(?:\.\d+)?)mm)?(?:_P(?P<pitch>\d+(?:\.\d+)?)mm)?",
    re.I,
)
_BOX = re.compile(
    r"^(?:C|L|F|CP)_(?:Rect|Axial)_L(?P<l>\d+(?:\.\d+)?)mm_[WD](?P<w>\d+(?:\.\d+)?)mm.*?"
    r"_P(?P<pitch>\d+(?:\.\d+)?)mm",
    re.I,
)
_CAN = re.compile(r"^(?:CP|C)_Elec_(?P<d>\d+(?:\.\d+)?)x(?P<h>\d+(?:\.\d+)?)", re.I)
_COIL = re.compile(
    r"^L_(?:\w+?_)?(?P<l>\d+(?:\.\d+)?)x(?P<w>\d+(?:\.\d+)?)(?:mm)?_H(?P<h>\d+(?:\.\d+)?)", re.I
)
_AXIAL = re.compile(
    r"^[RDLC]P?_Axial_.*?_L(?P<l>\d+(?:\.\d+)?)mm_D(?P<d>\d+(?:\.\d+)?)mm_P(?P<pitch>\d+(?:\.\d+)?)mm", re.I
)
_PHOENIX = re.compile(
    r"^Phoenix_Contact_(?P<series>MKDS|MC|MSTB|SPT|PT)V?_?\S*?[_-](?P<columns>\d{1,2})(?:-|_)", re.I
)
_JST = re.compile(
    r"^(?:S|B)?\d*(?:JST)[_-]?(?P<series>[A-Z]{2})(?:[_-]?[A-Z]*)?(?P<columns>\d{1,2})(?!\d)", re.I
)
_SURFACE = re.compile(r"SMD|SMT|-\dMP|(?<![a-z])FH\d\d|FPC|FFC|PicoBlade_532|_SM\d\dB|BM\d\dB", re.I)

# Pitch of JST's series by its own catalogue; those below 1.5 mm are soldered to the surface.
_JST_PITCH_MM = {
    "PH": 2.0,
    "XH": 2.5,
    "SH": 1.0,
    "GH": 1.25,
    "ZH": 1.5,
    "EH": 2.5,
    "VH": 3.96,
    "PA": 2.0,
    "SM": 2.5,
}
_JST_SURFACE = frozenset({"SH", "GH"})

# A body on a name and in the table are the same within rounding of the names.
_SAME_MM = 0.16
_SAME_WIDTH_MM = 0.25
_SAME_PITCH_MM = 0.03
# Widest part for each carrier tape; EIA-481 pockets less the clearance (confidence low).
_TAPES = ((2.6, 8.0), (6.0, 12.0), (8.5, 16.0), (15.0, 24.0), (20.0, 32.0), (30.0, 44.0), (42.0, 56.0))
_POCKET_MM = 4.0
_POCKET_WALL_MM = 1.5
_CONNECTOR_DENSITY = 1.1
_CAN_DENSITY = 1.7
_COIL_DENSITY = 3.0
_HEADER_PITCH_MM = 2.54
_HEADER_HEIGHT_PITCHES = 3.35
_MOST_PINS = 3000
_LARGEST_MM = 200.0


def read_dimensions(name: str) -> Package | None:
    """The package a name states in full; None for a name that does not.

    A package of the table with the same family, pins, pitch and body goes first, so that every
    spelling of it leads to one name.
    """
    for read in (_ic, _ipc, _ipc_bga, _rows, _round, _box, _can, _coil, _axial, _phoenix, _jst):
        found = read(name)
        if found is not None:
            return found if _is_sensible(found) else None
    return None


def _is_sensible(package: Package) -> bool:
    sides = (*package.body_mm, package.pitch_mm)
    return min(sides) > 0 and max(sides) <= _LARGEST_MM and 0 < package.pins <= _MOST_PINS


@cache
def _families() -> dict[str, dict[str, str]]:
    return {row["prefix"]: row for row in csv_rows("package_families.csv")}


def _family(letters: str) -> dict[str, str] | None:
    """The family of a name's letters, extra letters before it allowed: ``VQFN``, ``HTSSOP``."""
    plain = letters.casefold()
    known = sorted((p for p in _families() if plain.endswith(p)), key=len, reverse=True)
    return _families()[known[0]] if known else None


def _ic(name: str) -> Package | None:
    match = _IC.match(name) or _SQUARE.match(name)
    family = _family(match["family"]) if match else None
    if match is None or family is None:
        return None
    given = match.groupdict()
    pitch = float(given.get("pitch") or family["pitch_mm"])
    sides = (float(match["a"]), float(given.get("b") or match["a"]))
    pads = int(given.get("pad") or 0)
    return _known_or_made(match["family"], family, int(match["pins"]), pads, sides, pitch, None)


def _ipc(name: str) -> Package | None:
    """IPC-7351 lead names: the body is the span less the leads; two rows of pins give its length."""
    match = _IPC.match(name)
    family = _family(match["family"]) if match else None
    if match is None or family is None:
        return None
    pitch, pins = int(match["pitch"]) / 100, int(match["pins"])
    span, *others, height = (int(side) / 100 for side in match["sides"].split("X"))
    four = family["family"] in ("qfn", "qfp")
    lead = float(family["lead_mm"])
    wide = max(span - lead, 0.3)
    if not four and not others and (known := _of_width(family["family"], pins, pitch, wide)):
        return known
    long = others[0] - (lead if four else 0.0) if others else wide if four else pitch * (pins + 1) / 2
    pads = 1 if pins % 2 and pins > 5 and family["family"] != "sot" else 0
    sides = (max(long, wide), min(long, wide))
    return _known_or_made(match["family"], family, pins - pads, pads, sides, pitch, height)


def _of_width(family: str, pins: int, pitch: float, wide: float) -> Package | None:
    """The table's package of two rows whose body is as wide; such names leave its length unsaid."""
    alike = (known for known in packages().values() if known.family == family and known.pins == pins)
    near = (known for known in alike if abs(known.pitch_mm - pitch) < _SAME_PITCH_MM)
    return next((k for k in near if min(abs(side - wide) for side in k.body_mm[:2]) <= _SAME_WIDTH_MM), None)


def _ipc_bga(name: str) -> Package | None:
    match = _IPC_BGA.match(name)
    if match is None:
        return None
    sides = (int(match["a"]) / 100, int(match["b"]) / 100)
    height, pitch = int(match["height"]) / 100, int(match["pitch"]) / 100
    return _known_or_made("bga", _families()["bga"], int(match["pins"]), 0, sides, pitch, height)


def _known_or_made(
    letters: str,
    family: dict[str, str],
    pins: int,
    pads: int,
    sides: tuple[float, float],
    pitch: float,
    height: float | None,
) -> Package | None:
    """The table's package of these dimensions, else one made of them."""
    if not pins:
        return None
    long, short = max(sides), min(sides)
    for known in packages().values():
        same = (
            known.family == family["family"]
            and known.pins == pins
            and abs(known.pitch_mm - pitch) < _SAME_PITCH_MM
        )
        bare = known.joints == known.pins or pads or family["family"] in ("qfn", "dfn")
        if same and bare and _near(known, long, short):
            return known
    tall = height or float(family["height_mm"])
    extra = f"-{pads}ep" if pads else ""
    return _made(
        f"{letters.casefold()}-{pins}{extra}-{long:g}x{short:g}-p{pitch:g}",
        (long, short, tall),
        pitch,
        (pins, pins + pads),
        family["family"],
        family["mount"] == "smd",
        float(family["density"]),
        reach=float(family["lead_mm"]),
    )


def _near(known: Package, long: float, short: float) -> bool:
    sides = sorted(known.body_mm[:2])
    return abs(sides[1] - long) <= _SAME_MM and abs(sides[0] - short) <= _SAME_MM


def _rows(name: str) -> Package | None:
    """Pin headers, sockets and connectors: rows x columns and a pitch."""
    match = _ROWS.search(name)
    if match:
        pitch = float(match["pitch"] or match["pitched"])
        pegs = int(match["pegs"] or 0) * 2
    else:
        match = _BARE_ROWS.match(name)
        if match is None:
            return None
        pitch, pegs = _HEADER_PITCH_MM, 0
    rows, columns = int(match["rows"]), int(match["columns"])
    if not rows or not columns or not 0.2 <= pitch <= 20:
        return None
    return _block(name, rows, columns, pitch, pegs)


def _block(name: str, rows: int, columns: int, pitch: float, pegs: int) -> Package:
    surface = bool(_SURFACE.search(name)) and "_THT" not in name.upper()
    plain = re.match(r"(?:pin|hdr|hn|\d|jumper|header|female|conn_?\d)", name, re.I) is not None
    kind = "header" if plain else "connector"
    size = (columns * pitch, max(rows * pitch, 1.0), max(pitch * _HEADER_HEIGHT_PITCHES, 1.0))
    mount = "-smd" if surface else ""
    pins = rows * columns
    named = f"{kind}-{rows}x{columns}-p{pitch:g}{mount}"
    return _made(named, size, pitch, (pins, pins + pegs), kind, surface, _CONNECTOR_DENSITY)


def _round(name: str) -> Package | None:
    match = _ROUND.match(name)
    if match is None:
        return None
    wide = float(match["d"])
    deep = float(match["w"] or wide)
    tall = float(match["h"] or (wide * 1.6 if not match["w"] else wide * 1.2))
    pitch = float(match["pitch"] or max(wide / 2, 1.0))
    kind = "radial" if match["w"] else "electrolytic"
    named = f"radial-{wide:g}x{deep:g}-p{pitch:g}" if match["w"] else f"radial-{wide:g}-p{pitch:g}"
    return _through(named, (wide, deep, tall), pitch, kind)


def _box(name: str) -> Package | None:
    match = _BOX.match(name)
    if match is None:
        return None
    long, wide, pitch = (float(match[key]) for key in ("l", "w", "pitch"))
    return _through(f"box-{long:g}x{wide:g}-p{pitch:g}", (long, wide, wide * 2), pitch, "radial")


def _axial(name: str) -> Package | None:
    match = _AXIAL.match(name)
    if match is None:
        return None
    long, wide, pitch = (float(match[key]) for key in ("l", "d", "pitch"))
    return _through(f"axial-{long:g}x{wide:g}", (long, wide, wide), pitch, "axial")


def _through(name: str, body: tuple[float, float, float], pitch: float, family: str) -> Package:
    """A body with two wires through the board; the table's own where its size is the same."""
    for known in packages().values():
        if known.family == family and known.pins == 2 and _near(known, body[0], body[1]):
            return known
    return _made(name, body, pitch, (2, 2), family, False, _CAN_DENSITY)


def _can(name: str) -> Package | None:
    match = _CAN.match(name)
    if match is None:
        return None
    wide, tall = float(match["d"]), float(match["h"])
    base = wide * 1.03 + 0.1
    size = (base, base, tall)
    return _made(f"can-{wide:g}x{tall:g}", size, wide * 0.75, (2, 2), "electrolytic", True, _CAN_DENSITY)


def _coil(name: str) -> Package | None:
    match = _COIL.match(name)
    if match is None:
        return None
    long, wide, tall = (float(match[key]) for key in ("l", "w", "h"))
    named = f"coil-{long:g}x{wide:g}x{tall:g}"
    return _made(named, (long, wide, tall), long * 0.75, (2, 2), "inductor", True, _COIL_DENSITY)


def _phoenix(name: str) -> Package | None:
    """Phoenix Contact terminals: names end in poles and pitch (``MKDS_5-2-952``, ``MC_1,5_3-G-3,81``)."""
    match = _PHOENIX.match(name)
    if match is None:
        return None
    stated = re.search(r"-(\d{1,2})[,.](\d{1,2})(?:\D|$)", name)
    whole = re.search(r"-(\d{3})(?:\D|$)", name)
    pitch = float(f"{stated[1]}.{stated[2]}") if stated else int(whole[1]) / 100 if whole else 5.08
    poles = int(match["columns"])
    if not poles or not 1.0 <= pitch <= 20.0:
        return None
    named = f"terminal-1x{poles}-p{pitch:g}"
    return _made(
        named, (poles * pitch, 10.0, 12.0), pitch, (poles, poles), "connector", False, _CONNECTOR_DENSITY
    )


def _jst(name: str) -> Package | None:
    """JST connectors under short names (``JSTPH2``, ``JST-XH-4``): the series tells the pitch."""
    match = _JST.match(name)
    pitch = _JST_PITCH_MM.get(match["series"].upper()) if match else None
    if match is None or pitch is None or not int(match["columns"]):
        return None
    return _block(
        f"JST {'SMD' if match['series'].upper() in _JST_SURFACE else ''}", 1, int(match["columns"]), pitch, 0
    )


def _made(
    name: str,
    body: tuple[float, float, float],
    pitch: float,
    pins: tuple[int, int],
    family: str,
    surface: bool,
    density: float,
    *,
    reach: float = 0.0,
) -> Package:
    """A package of stated dimensions, with tape and mass estimated from its body."""
    span = max(body[0], body[1] + reach)
    tape = next((width for most, width in _TAPES if span <= most), None) if surface else None
    pocket = math.ceil((min(body[:2]) + reach + _POCKET_WALL_MM) / _POCKET_MM) * _POCKET_MM if tape else None
    return Package(
        name=name,
        body_mm=body,
        pitch_mm=pitch,
        pins=pins[0],
        surface_mounted=surface,
        joints=pins[1],
        tape_mm=tape,
        tape_pitch_mm=pocket,
        mass_mg=body[0] * body[1] * body[2] * density,
        family=family,
        stated=True,
    )
