"""Facts of the workshop from the data folder, by section and name."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def making(section: str) -> dict[str, float]:
    """Values of a section of ``data/making.toml`` by name."""
    text = files("manyworks.shapes").joinpath("data/making.toml").read_text(encoding="utf-8")
    return {name: float(fact["value"]) for name, fact in tomllib.loads(text)[section].items()}
