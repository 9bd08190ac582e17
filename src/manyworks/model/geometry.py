"""Shapes of values that designs share."""

from __future__ import annotations

from typing import TypeAlias

Vector: TypeAlias = tuple[float, float, float]
# Points of a closed line in the plane; the first is not repeated at the end.
Contour: TypeAlias = tuple[tuple[float, float], ...]
