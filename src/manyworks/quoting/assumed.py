"""The quote's own assumptions, read from data: spreads nobody measured yet, carbon in bought goods."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Standard deviations of the logarithm, and days; meaning and source in the data file."""

    seller: float
    lead: float
    queue: float
    estimate: float
    footprint: float
    estimate_lead_days: float
    valid_days: float


def _table(name: str) -> dict[str, Any]:
    text = resources.files("manyworks.quoting").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def uncertainty() -> Uncertainty:
    """Read the figures of ``data/uncertainty.toml``."""
    return Uncertainty(**{name: float(row["value"]) for name, row in _table("uncertainty.toml").items()})


@cache
def uncertainty_notes() -> tuple[str, ...]:
    """One sentence for every figure of ``data/uncertainty.toml``, for the list of assumptions."""
    return tuple(
        f"{row['what']}: {row['value']:g} {row['unit']} ({row['source']}, confidence {row['confidence']})"
        for row in _table("uncertainty.toml").values()
    )


@cache
def embodied_factor(commodity_code: str, condition: str) -> float:
    """Kg CO2e in one kg of bought goods; the row with the longest matching commodity code."""
    table = _table("embodied.toml")
    rows = [row for row in table["factor"] if commodity_code.startswith(row["commodity"])]
    factor = float(max(rows, key=lambda row: len(row["commodity"]))["value"])
    return factor * (float(table["reused_share"]["value"]) if condition == "reclaimed" else 1.0)
