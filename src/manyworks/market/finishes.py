"""Surface finishes under their names: Ra in figures, ISO 1302 grades, SPI and VDI 3400 classes."""

from __future__ import annotations

import math
import re
import unicodedata

from manyworks.market.tables import toml_table

MICROINCH_UM = 0.0254
_RA = re.compile(
    r"Ra\s*(?:≤|<=|<)?\s*(\d+(?:\.\d+)?)\s*(u\s*m|um|microns?|u\s*in|uin|microinch(?:es)?)?", re.I
)
_NAMED = re.compile(r"(N|SPI|VDI)\W*(?:3400)?\W*([A-D]?)\W*(\d{1,2})", re.I)


def parse_finish(text: str) -> float | None:
    """Ra in micrometres of a finish named ``N6``, ``Ra 0.8``, ``Ra 32 uin``, ``SPI B-1`` or ``VDI 24``."""
    plain = unicodedata.normalize("NFKC", text[:40]).replace("μ", "u").replace("µ", "u").strip()
    if found := _RA.fullmatch(plain):
        value, unit = float(found[1]), (found[2] or "um").lower().replace(" ", "")
        return (microinch_ra_um(value) if "in" in unit else value) or None
    found = _NAMED.fullmatch(plain)
    return _by_name(found[1].upper(), found[2].upper(), found[3]) if found else None


def _by_name(scale: str, letter: str, number: str) -> float | None:
    table = toml_table("finishes.toml")
    if scale == "N":
        value = None if letter else table["n_grades"].get(f"N{int(number)}")
    elif scale == "SPI":
        value = table["spi"].get(f"{letter}{int(number)}")
    else:
        inside = not letter and table["vdi"]["least"] <= int(number) <= table["vdi"]["most"]
        value = 10 ** (int(number) / 20) / 10 if inside else None
    return None if value is None else float(value)


def microinch_ra_um(microinches: float) -> float:
    """Ra in micrometres; the microinch numbers of the preferred series mean their metric partners."""
    partner = toml_table("finishes.toml")["microinch"].get(f"{microinches:g}")
    return float(partner) if partner is not None else _exactly(microinches)


def _exactly(microinches: float) -> float:
    return microinches * MICROINCH_UM if math.isfinite(microinches) else math.nan
