"""Packages of electronic parts: their names on footprints, and their sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from manyworks.market.tables import csv_rows

_METRIC = re.compile(r"(?<!\d)(\d{4,5})[ _-]?metric", re.I)
_KIND = re.compile(r"^(?:R|C|L|D|LED|CP|FB|F|Q|U|V|Y|RES|CAP|IND|DIODE|CRYSTAL|FUSE)[_ -]+", re.I)
_CHIP = re.compile(r"^(?:R|C|L|D|F|FB|RES|CAP|IND|LED|SMD)?[_ -]*(01005|\d{4}|\d{3})(?![\d.])", re.I)
_SIZED = re.compile(r"^([a-z]+[a-z\d]*?)-?(\d+)(?:-1ep)?(?:_(\d+(?:\.\d+)?x\d+(?:\.\d+)?)mm)?", re.I)
_BODY = re.compile(r"_(\d+(?:\.\d+)?x\d+(?:\.\d+)?)mm.*", re.I)
_NOISE = re.compile(
    r"(?:[_ -]?p(?:itch)?\d+(?:\.\d+)?mm|[_ -]?ep\d.*|[_ -]?handsolder\w*|_pad.*|[_ -]?tht|[_ -]?smd)", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of electronic parts: body in mm, carrier tape in mm (None: sold loose), mass in mg."""

    name: str
    body_mm: tuple[float, float, float]
    pitch_mm: float
    pins: int
    surface_mounted: bool
    joints: int
    tape_mm: float | None
    tape_pitch_mm: float | None
    mass_mg: float

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

    Understands KiCad names (``R_0603_1608Metric``, ``SOIC-8_3.9x4.9mm_P1.27mm``), board-tool
    names (``C2010``, ``LED0603``), bare codes (``0603``, also ``805``) and common aliases. Chip
    codes are inch codes unless marked ``Metric``.
    """
    text = name.strip()[:120].split(":")[-1]
    metric = _METRIC.search(text)
    if metric and (code := metric.group(1) + "metric") in _aliases():
        return packages()[_aliases()[code]]
    for form in _forms(text):
        if form in _aliases():
            return packages()[_aliases()[form]]
    return None


def same_package(one: str, other: str) -> bool | None:
    """Whether two names mean the same package; None where that cannot be told."""
    if squeeze(one) == squeeze(other):
        return True
    bodies = {body.group(1) for name in (one, other) if (body := _BODY.search(name))}
    if len(bodies) == 2:
        return False
    first, second = find_package(one), find_package(other)
    return None if first is None or second is None else first is second


def squeeze(name: str) -> str:
    """A package name without case, breaks and library prefix."""
    return re.sub(r"[\s_-]+", "", name.rsplit(":", maxsplit=1)[-1].casefold())


def _forms(text: str) -> list[str]:
    plain = _KIND.sub("", _NOISE.sub("", text))
    forms = [squeeze(text), squeeze(plain)]
    if chip := _CHIP.match(text):
        forms.append(chip.group(1).zfill(4))
    if sized := _SIZED.match(plain):
        family, pins, body = sized.groups()
        forms += [f"{family}{pins}{body}mm", f"{family}{pins}1ep{body}mm"] if body else []
        forms.append(f"{family}{pins}")
    forms.append(squeeze(_BODY.sub("", text)))
    return [form.casefold() for form in forms]


@cache
def _aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in csv_rows("packages.csv"):
        for alias in (row["name"], *row["aliases"].split(";")):
            found.setdefault(squeeze(alias), row["name"])
    return found


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
    )
