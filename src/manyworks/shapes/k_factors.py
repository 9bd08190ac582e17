"""Where the neutral fibre of a bent sheet lies."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib import resources


@cache
def _constants() -> dict[str, float]:
    text = resources.files("manyworks.shapes").joinpath("data/k_factors.toml").read_text(encoding="utf-8")
    return {name: float(row["value"]) for name, row in tomllib.loads(text).items()}


def k_factor(inside_radius_mm: float, thickness_mm: float) -> float:
    """Distance of the neutral fibre from the inside over the thickness (DIN 6935)."""
    constants = _constants()
    ratio = max(inside_radius_mm / thickness_mm, 1e-6)
    value = constants["at_ratio_one"] + constants["per_decade"] * math.log10(ratio)
    return min(max(value, constants["least"]), constants["most"])
