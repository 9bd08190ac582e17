"""Units of length that files of solids name."""

from __future__ import annotations

_UNITS: dict[float, tuple[str, ...]] = {
    0.001: ("micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres", "um"),
    1.0: ("millimeter", "millimeters", "millimetre", "millimetres", "mm"),
    10.0: ("centimeter", "centimeters", "centimetre", "centimetres", "cm"),
    25.4: ("inch", "inches", "in"),
    304.8: ("foot", "feet", "ft"),
    1000.0: ("meter", "meters", "metre", "metres", "m"),
}

# mm in one of a unit, by every name it goes under (lower case).
MM_PER_UNIT = {name: mm for mm, names in _UNITS.items() for name in names}
