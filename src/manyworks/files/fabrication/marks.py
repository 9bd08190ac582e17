"""Points where a board has copper or holes, and how many of them a contour holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from manyworks.files.boards.contours import Path, Point, bounds
from manyworks.files.fabrication.picture import Box

if TYPE_CHECKING:
    import numpy as np

# So many points of a board tell well enough where it is.
_SAMPLE = 6_000


class Marks:
    """A sample of the points of a board."""

    def __init__(self, points: Iterable[Point]) -> None:
        import numpy as np

        every = list(points)
        sample = every[:: max(1, len(every) // _SAMPLE)]
        self.points: np.ndarray[Any, np.dtype[np.float64]] = np.array(sample, dtype=np.float64).reshape(-1, 2)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def box(self) -> Box | None:
        """Box of the points; None without any."""
        if not len(self.points):
            return None
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def in_box(self, box: Box, margin: float) -> int:
        """How many lie in a box with a margin around it."""
        return int(self._within(box, margin).sum())

    def inside(self, path: Path) -> int:
        """How many lie inside a closed contour."""
        import shapely

        if len(path) < 3 or not len(self.points):
            return 0
        near = self.points[self._within(bounds(path), 0.0)]
        if not len(near):
            return 0
        polygon = shapely.Polygon(path)
        shapely.prepare(polygon)
        return int(shapely.contains_xy(polygon, near[:, 0], near[:, 1]).sum())

    def _within(self, box: Box, margin: float) -> Any:
        x, y = self.points[:, 0], self.points[:, 1]
        left, low, right, high = box
        return (x >= left - margin) & (x <= right + margin) & (y >= low - margin) & (y <= high + margin)
