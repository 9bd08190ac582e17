"""Points and directions between arrays and nouns."""

from __future__ import annotations

from manyworks.model.geometry import Vector
from manyworks.shapes.rays import Floats

# Beyond this figure coordinates are rounding, not shape.
_DIGITS = 6


def as_vector(values: Floats) -> Vector:
    """Turn three numbers into a vector of the nouns: rounded, and zero without a sign."""
    x, y, z = (round(float(value), _DIGITS) + 0.0 for value in values)
    return (x, y, z)
