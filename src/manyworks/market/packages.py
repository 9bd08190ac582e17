"""Packages of electronic parts: their names on footprints, and their sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from manyworks.market.tables import csv_rows

_METRIC = re.compile(r"(?<!\d)(\d{4,5})[ _-]?metric", re.I)
_KIND = re.compile(
    r"^(?:R|C|L|D|LED|CP|FB|F|Q|U|V|Y|RES|CAP|CAPC|IND|DIODE|CRYSTAL|FUSE|CHIPLED|CHIP)[_ -]+", re.I
)
_CHIP = re.compile(
    r"^(?:R|C|L|D|F|FB|RES|CAP|IND|LED|SMD|CHIP|CHIPLED|DIODE|FUSE|BEAD|FERRITE)?[_ -]*"
    r"(01005|\d{4}|\d{3})(?![\d.])",
    re.I,
)
_MAKER = re.compile(r"^(?:[A-Z][a-z]+|ST|TI|NXP|AMS|ROHM|onsemi)_(?=[A-Z]{2,}[A-Z\d]*-\d)")
_SIZED = re.compile(
    r"^([a-z]+\d?[a-z]*?)[-_]?(\d+)(?:-1ep)?(?:_(\d+(?:\.\d+)?x\d+(?:\.\d+)?)mm)?(?=[_ -]|$)", re.I
)
# Thin, very thin, small ... kinds of one family are alike but for their height.
_NARROWED = re.compile(r"^(?:HV|HT|[VWUTXHP])(?=QFN|DFN|SON|QFP|SSOP|SOP|FBGA|BGA)", re.I)
_BODY = re.compile(r"_(\d+(?:\.\d+)?x\d+(?:\.\d+)?)mm.*", re.I)
_EIA = re.compile(r"eia[-_ ]?(\d{4}-\d{2})", re.I)
_IPC_CHIP = re.compile(r"^(?:CAP|RES|IND|LED|DIO|FUS|BEA|THERM)[CM]?(\d{4})X\d+", re.I)
_NOISE = re.compile(
    r"(?:[_ -]?p(?:itch)?\d+(?:\.\d+)?mm|[_ -]?ep\d.*|[_ -]?handsolder\w*|_pad.*|[_ -]?tht|[_ -]?smd"
    r"|[_ -]no[_ -]?paste|[_ -]?thermalvias.*|_dnp)",
    re.I,
)
_COPY = re.compile(r"(?:_mirrored|_dnp|_reversed|[ _-]?\(?rotated\)?)+$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of electronic parts: body in mm, carrier tape in mm (None: sold loose), mass in mg.

    Parameters
    ----------
    joints
        Solder joints, those under the body and of shields and pegs included.
    tape_mm, tape_pitch_mm
        Width of the carrier tape, which is that of the feeder, and distance of its pockets.
    family
        ``chip``, ``sot``, ``so``, ``qfn``, ``bga``, ``header``, ``connector`` ...
    stated
        Whether the body was read from the footprint's own name and not from the table of packages;
        height, tape and mass are then estimates.
    """

    name: str
    body_mm: tuple[float, float, float]
    pitch_mm: float
    pins: int
    surface_mounted: bool
    joints: int
    tape_mm: float | None
    tape_pitch_mm: float | None
    mass_mg: float
    family: str = ""
    stated: bool = False

    @property
    def narrow_mm(self) -> float:
        """The shorter side of the body: what decides whether a machine can place it."""
        return min(self.body_mm[:2])


@cache
def packages() -> dict[str, Package]:
    """All packages by canonical name."""
    return {row["name"]: _package(row) for row in csv_rows("packages.csv")}


@lru_cache(maxsize=65536)
def find_package(name: str) -> Package | None:
    """The package a footprint or package name means; None where it is not known.

    Understands KiCad names (``R_0603_1608Metric``, ``SOIC-8_3.9x4.9mm_P1.27mm``), IPC-7351 names
    (``SOP65P640X120-16N``, ``RESC1608X55N``), board-tool names (``C2010``, ``LED0603``), bare codes
    (``0603``, also ``805``) and common aliases. Chip codes are inch codes unless marked ``Metric``.
    A name that states its body, pins and pitch in full is believed even where the table has no
    such package (`Package.stated`).
    """
    from manyworks.market.package_names import read_dimensions

    text = _COPY.sub("", name.strip()[:120].split(":")[-1])
    metric = _METRIC.search(text) or _IPC_CHIP.match(text)
    if metric and (code := metric.group(1) + "metric") in _aliases():
        return packages()[_aliases()[code]]
    whole = _aliases().get(squeeze(text))
    if whole is not None:
        return packages()[whole]
    plain = _MAKER.sub("", text)
    stated = read_dimensions(plain)
    if stated is not None:
        return stated
    for form in _forms(plain):
        if form in _aliases():
            return packages()[_aliases()[form]]
    return next((packages()[own] for pattern, own in _patterns() if pattern.match(text)), None)


def same_package(one: str, other: str) -> bool | None:
    """Whether two names mean the same package; None where that cannot be told."""
    if squeeze(one) == squeeze(other):
        return True
    bodies = {body.group(1) for name in (one, other) if (body := _BODY.search(name))}
    if len(bodies) == 2:
        return False
    first, second = find_package(one), find_package(other)
    return None if first is None or second is None else first.name == second.name


def squeeze(name: str) -> str:
    """A package name without case, breaks and library prefix."""
    return re.sub(r"[\s_-]+", "", name.rsplit(":", maxsplit=1)[-1].casefold())


def _forms(text: str) -> list[str]:
    plain = _KIND.sub("", _NOISE.sub("", text))
    forms = [squeeze(text), squeeze(plain)]
    if eia := _EIA.search(text):
        forms.append(f"eia{squeeze(eia.group(1))}")
    if chip := _CHIP.match(text):
        forms.append(chip.group(1).zfill(4))
    if sized := _SIZED.match(plain):
        family, pins, body = sized.groups()
        forms += [f"{family}{pins}{body}mm", f"{family}{pins}1ep{body}mm"] if body else []
        forms += [f"{family}{pins}", f"{_NARROWED.sub('', family)}{pins}"]
    forms.append(squeeze(_BODY.sub("", text)))
    return [form.casefold() for form in forms]


@cache
def _aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in csv_rows("packages.csv"):
        for alias in filter(None, (row["name"], *row["aliases"].split(";"))):
            found.setdefault(squeeze(alias), row["name"])
    return found


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = csv_rows("packages.csv")
    return tuple((re.compile(row["pattern"], re.I), row["name"]) for row in rows if row["pattern"])


def _package(row: dict[str, str]) -> Package:
    return Package(
        name=row["name"],
        body_mm=(float(row["length_mm"]), float(row["width_mm"]), float(row["height_mm"])),
        pitch_mm=float(row["pitch_mm"]),
        pins=int(row["pins"]),
        surface_mounted=row["mount"] == "smd",
        joints=int(row["joints"]),
        tape_mm=float(row["tape_mm"]) if row["tape_mm"] else None,
        tape_pitch_mm=float(row["tape_pitch_mm"]) if row["tape_pitch_mm"] else None,
        mass_mg=float(row["mass_mg"]),
        family=row["family"],
    )
