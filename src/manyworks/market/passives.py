"""Resistors, capacitors and inductors by what they do: a key that any equal part shares, and its doubts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from manyworks.market.packages import find_package
from manyworks.market.part_numbers import coded_package
from manyworks.market.tables import toml_table
from manyworks.market.values import Reading, read_value

_KINDS = {"resistor": "ohm", "capacitor": "F", "electrolytic": "F", "inductor": "H"}
_LETTERS = {"R": "resistor", "C": "capacitor", "L": "inductor"}
_ALIKE = 2e-3
"""A value read from text is that of a series within rounding to three digits."""

_MULTIPLIERS = (
    (1e9, "G"),
    (1e6, "M"),
    (1e3, "k"),
    (1.0, ""),
    (1e-3, "m"),
    (1e-6, "u"),
    (1e-9, "n"),
    (1e-12, "p"),
)
# Sizes beyond which nobody makes a part: a misread multiplier lies there. In ohm, farad, henry.
_RANGE = {
    "resistor": (1e-4, 1e10),
    "capacitor": (1e-13, 1e-3),
    "electrolytic": (1e-8, 10.0),
    "inductor": (1e-10, 10.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveKey:
    """What makes two passive parts equal.

    Parameters
    ----------
    kind
        ``resistor``, ``capacitor``, ``electrolytic`` or ``inductor``.
    size
        In ohm, farad or henry.
    package
        Canonical package name; empty where not stated.
    tolerance_percent, voltage_v, power_w, dielectric
        Ratings; None or empty where not stated.
    doubts
        Why it may have been read wrongly: a value no maker sells, a kind that was only assumed.
    """

    kind: str
    size: float
    package: str
    tolerance_percent: float | None = None
    voltage_v: float | None = None
    power_w: float | None = None
    dielectric: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The key in one line: ``capacitor 1 uF 0201 10 V X5R 20 %``."""
        ratings = (
            self.package,
            f"{self.voltage_v:g} V" if self.voltage_v is not None else "",
            f"{self.power_w:g} W" if self.power_w is not None else "",
            self.dielectric,
            f"{self.tolerance_percent:g} %" if self.tolerance_percent is not None else "",
        )
        return " ".join(filter(None, (self.kind, written(self.size, self.kind), *ratings)))


def passive_key(
    value: str, package: str = "", text: str = "", *, mpn: str = "", designator: str = ""
) -> PassiveKey | None:
    """The key of a passive part from its value, package and further text; None where it is none.

    Understands ``4k7``, ``2K2 1%``, ``0R``, ``4u7``, ``"0201, 1uF, 10V, X5R, 20%"`` and the like, see
    `manyworks.market.values.read_value`.

    Parameters
    ----------
    mpn
        Maker's number; where no package is stated, its ordering code may tell one.
    designator
        ``R7``, ``C1``: tells the kind where value and package leave it open (``470`` in 0603).
    """
    size = package or coded_package(mpn)
    reading = read_value(value, size, text)
    word = _LETTERS.get(_letters(designator), "")
    if word and (reading.assumed or not reading.kind):
        reading = read_value(value, size, f"{text} {word}")
    if reading.kind not in _KINDS or not reading.value:
        return None
    return PassiveKey(
        kind=reading.kind,
        size=float(reading.value),
        package=reading.package,
        tolerance_percent=reading.tolerance_percent,
        voltage_v=reading.voltage_v,
        power_w=reading.power_w,
        dielectric=reading.dielectric,
        doubts=tuple(_doubts(reading, size)),
    )


def _letters(designator: str) -> str:
    """The letters a designator begins with, less the small letter that a panel puts before them."""
    return designator[:20].rstrip("0123456789").lstrip("abcdefghijklmnopqrstuvwxyz").upper()


def _doubts(reading: Reading, package: str) -> list[str]:
    doubts = []
    size = float(reading.value)
    if reading.assumed:
        doubts.append(f"taken for a {reading.kind} by its multiplier alone")
    low, high = _RANGE[reading.kind]
    if size and not low <= size <= high:
        doubts.append(f"no {reading.kind} of {written(size, reading.kind)} is made; is the multiplier right?")
    elif size and not is_usual(size, reading.kind):
        near = " or ".join(written(value, reading.kind) for value in nearest_preferred(size))
        doubts.append(
            f"{written(size, reading.kind)} is in no series of preferred values; near it are {near}"
        )
    if package and find_package(package) is None:
        doubts.append(f"the package {package[:60]!r} is not known")
    return doubts


def series_of(size: float) -> str:
    """The coarsest series of preferred values that has a size (``E3`` ... ``E192``); empty for none."""
    digits = _digits(size)
    if digits is None:
        return ""
    return next((name for name, values in _series().items() if _is_in(digits, values)), "")


def is_usual(size: float, kind: str) -> bool:
    """Whether makers sell such a value: of a series, or one of the round ones sold all the same.

    Zero ohm is usual for a resistor and nothing else.
    """
    if size == 0:
        return kind == "resistor"
    digits = _digits(size)
    if digits is None:
        return False
    steps = toml_table("e_series.toml")["usual"].get(kind, ())
    round_one = any(
        size <= most * (1 + 1e-9) and abs(size / step - round(size / step)) < 1e-6 for most, step in steps
    )
    extra = tuple(toml_table("e_series.toml")["usual_digits"].get(kind, ()))
    return bool(series_of(size)) or round_one or _is_in(digits, extra)


def nearest_preferred(size: float, series: str = "E24") -> tuple[float, ...]:
    """The values of a series next below and next above a size; one where the size is in it, none for 0."""
    digits = _digits(size)
    if digits is None:
        return ()
    scale = size / digits
    values = (*_series()[series], 10.0)
    if _is_in(digits, values):
        return (min(values, key=lambda value: abs(value - digits)) * scale,)
    below = max(value for value in values if value <= digits)
    return below * scale, min(value for value in values if value > digits) * scale


def written(size: float, kind: str) -> str:
    """A size as people write it: ``4.7 uF``, ``100 ohm``."""
    factor, letter = next(
        ((f, letter) for f, letter in _MULTIPLIERS if size >= f * (1 - 1e-9)), _MULTIPLIERS[-1]
    )
    if size == 0:
        factor, letter = 1.0, ""
    return f"{size / factor:.4g} {letter}{_KINDS[kind]}"


def _digits(size: float) -> float | None:
    """The size as a number from 1 to below 10; None for zero and what is not finite."""
    if not math.isfinite(size) or size <= 0:
        return None
    digits = size / 10.0 ** math.floor(math.log10(size))
    return digits / 10 if digits >= 10 * (1 - 1e-9) else digits


def _is_in(digits: float, values: tuple[float, ...]) -> bool:
    return any(abs(value - digits) <= _ALIKE * value for value in (*values, 10.0))


@cache
def _series() -> dict[str, tuple[float, ...]]:
    table = toml_table("e_series.toml")
    found = {name: tuple(values) for name, values in table["listed"].items()}
    for name, count in table["computed"].items():
        found[name] = tuple(_rounded(10 ** (index / count)) for index in range(count))
    return found


def _rounded(value: float) -> float:
    text = f"{value:.2f}"
    return float(toml_table("e_series.toml")["exceptions"].get(text, text))
