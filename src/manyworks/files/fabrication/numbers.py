"""Coordinates without a decimal point: how many digits, and which zeros were left out."""

from __future__ import annotations

from dataclasses import dataclass

INCH_MM = 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """A number format.

    Parameters
    ----------
    whole, decimals
        Digits before and after the point that is not written.
    trailing_omitted
        Zeros at the end are left out: digits count from the left. Otherwise zeros at the beginning
        are left out and digits count from the right.
    unit_mm
        Length of the unit.
    """

    whole: int
    decimals: int
    trailing_omitted: bool
    unit_mm: float

    def read(self, text: str) -> float:
        """A coordinate in mm. A decimal point that is written wins.

        Raises
        ------
        ValueError
            Where it is no number.
        """
        if "." in text:
            return float(text) * self.unit_mm
        if not self.trailing_omitted:
            return int(text) * self.unit_mm / 10.0**self.decimals
        digits = text.lstrip("+-")
        value: float = int(digits) * 10.0 ** (self.whole - len(digits))
        return (-value if text.startswith("-") else value) * self.unit_mm

    def __str__(self) -> str:
        zeros = "trailing" if self.trailing_omitted else "leading"
        unit = "inch" if self.unit_mm == INCH_MM else "mm"
        return f"{self.whole}:{self.decimals} {unit}, {zeros} zeros left out"
