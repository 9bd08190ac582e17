"""Copper, holes and edges as strokes (lines with a half width), and the least gaps between them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from manyworks.files.boards.contours import Point
from manyworks.files.boards.limits import COPPER_STROKES, PAIRS, PAIRS_AT_ONCE

if TYPE_CHECKING:
    import numpy as np

    Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
    Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

# Copper closer than this touches: it is one piece of metal, whatever its nets are called.
TOUCHING_MM = 1e-4
# How far apart neighbours are looked for, near first; copper farther apart than the last does not matter.
_REACHES_MM = (0.2, 0.5, 2.0, 10.0)
_FIRST_HELPING = 16
# Copper of which nobody says what it is connected to.
NO_NET = -1


class Strokes:
    """A growing table of strokes: two ends, half the width, the layer and the net.

    ``full`` says that there were more than are kept; measures of distance are then left out.
    """

    def __init__(self, limit: int = COPPER_STROKES) -> None:
        self._ends = array("d")
        self._halves = array("d")
        self._layers = array("q")
        self._nets = array("q")
        self._names: dict[str, int] = {}
        self._limit = limit
        self.full = False

    def __len__(self) -> int:
        return len(self._halves)

    def line(self, start: Point, end: Point, half: float, layer: int, net: str) -> None:
        """Add one stroke with round ends."""
        if len(self._halves) >= self._limit:
            self.full = True
            return
        self._ends.extend((*start, *end))
        self._halves.append(half)
        self._layers.append(layer)
        self._nets.append(self._names.setdefault(net, len(self._names)) if net else NO_NET)

    def path(self, points: Sequence[Point], half: float, layer: int, net: str) -> None:
        """Add a stroke along every two neighbours of a line; one point alone is a dot."""
        if len(points) == 1:
            self.line(points[0], points[0], half, layer, net)
        for start, end in pairwise(points):
            self.line(start, end, half, layer, net)

    def area(self, points: Sequence[Point], half: float, layer: int, net: str) -> None:
        """Add the edge of an area: distances to it are distances to the area from outside."""
        self.path([*points, points[0]] if len(points) > 2 else points, half, layer, net)

    @property
    def table(self) -> Table:
        """The strokes as arrays."""
        import numpy as np

        return Table(
            ends=np.frombuffer(self._ends, dtype=np.float64).reshape(-1, 4).copy(),
            halves=np.frombuffer(self._halves, dtype=np.float64).copy(),
            layers=np.frombuffer(self._layers, dtype=np.int64).copy(),
            nets=np.frombuffer(self._nets, dtype=np.int64).copy(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Strokes as arrays: ends ``(n, 4)`` in mm, half widths, layers and nets ``(n,)``."""

    ends: Floats
    halves: Floats
    layers: Numbers
    nets: Numbers

    def __len__(self) -> int:
        return len(self.halves)

    def take(self, rows: Any) -> Table:
        """The strokes of some rows."""
        return Table(
            ends=self.ends[rows], halves=self.halves[rows], layers=self.layers[rows], nets=self.nets[rows]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The least gap found, its place, and how many pairs touch instead of keeping one."""

    least_mm: float | None = None
    place: Point | None = None
    touching: int = 0
    touching_at: Point | None = None


class TooManyPairsError(Exception):
    """The strokes lie so close together that comparing them would take too long."""


@dataclass(slots=True)
class Budget:
    """How many pairs of neighbours may still be compared for one measure."""

    pairs: int = PAIRS

    def spend(self, pairs: int) -> None:
        """Take so many.

        Raises
        ------
        TooManyPairsError
            There are not so many left.
        """
        self.pairs -= pairs
        if self.pairs < 0:
            raise TooManyPairsError


def least_gap(first: Table, second: Table | None, apart: Any, budget: Budget) -> Gap:
    """Least gap between strokes of two tables, or between any two of one.

    Parameters
    ----------
    first, second
        The strokes; a ``second`` of None compares the first with itself, each pair once.
    apart
        ``apart(i, j)`` on arrays of row numbers: which pairs are to keep a distance at all.
    budget
        What may be compared; used up.

    Raises
    ------
    TooManyPairsError
        More neighbours than are compared.
    """
    found = Gap()
    for reach in _REACHES_MM:
        found = _within(first, second, apart, reach, budget)
        if found.least_mm is not None:
            break
    return found


def _within(first: Table, second: Table | None, apart: Any, reach: float, budget: Budget) -> Gap:
    import numpy as np

    found = Gap()
    for i, j in _neighbours(first, first if second is None else second, reach):
        budget.spend(len(i))
        wanted = apart(i, j) if second is not None else (i < j) & apart(i, j)
        if not np.any(wanted):
            continue
        i, j = i[wanted], j[wanted]  # noqa: PLW2901 - the pairs that count
        other = first if second is None else second
        gaps = _distances(first.ends[i], other.ends[j]) - first.halves[i] - other.halves[j]
        found = _better(found, gaps, first.ends[i], reach)
    return found


def _neighbours(first: Table, second: Table, reach: float) -> Iterable[tuple[Numbers, Numbers]]:
    """Pairs whose boxes lie within reach of each other, a bounded number at a time.

    Rows are asked in a shuffled order, so that a crowded corner shows early and the next helping can
    be made as large as is safe.
    """
    import numpy as np
    import shapely

    if not len(first) or not len(second):
        return
    tree = shapely.STRtree(_boxes(second, reach))
    order = np.random.default_rng(0).permutation(len(first))
    boxes = _boxes(first, 0.0)[order]
    start, step = 0, _FIRST_HELPING
    while start < len(boxes):
        i, j = tree.query(boxes[start : start + step])
        yield order[i + start], np.asarray(j)
        start += step
        step = max(1, min(4 * step, step * PAIRS_AT_ONCE // (4 * len(i) + 1)))


def _boxes(table: Table, margin: float) -> Any:
    import numpy as np
    import shapely

    x0, y0, x1, y1 = table.ends.T
    room = table.halves + margin
    return shapely.box(
        np.minimum(x0, x1) - room,
        np.minimum(y0, y1) - room,
        np.maximum(x0, x1) + room,
        np.maximum(y0, y1) + room,
    )


def _better(found: Gap, gaps: Floats, ends: Floats, reach: float) -> Gap:
    """The gap of both that is less; a gap beyond the reach may have closer neighbours unseen."""
    import numpy as np

    touching = gaps <= TOUCHING_MM
    count = int(np.count_nonzero(touching))
    least, place = found.least_mm, found.place
    if count < len(gaps):
        apart = np.where(touching, np.inf, gaps)
        row = int(np.argmin(apart))
        value = float(apart[row])
        if value <= reach and (least is None or value < least):
            least, place = value, _middle(ends[row])
    return Gap(
        least_mm=least,
        place=place,
        touching=found.touching + count,
        touching_at=found.touching_at or (_middle(ends[int(np.argmax(touching))]) if count else None),
    )


def _middle(ends: Floats) -> Point:
    return float(ends[0] + ends[2]) / 2, float(ends[1] + ends[3]) / 2


def _distances(first: Floats, second: Floats) -> Floats:
    """Distances of the centre lines of pairs of strokes, ``(n, 4)`` each; 0 where they cross."""
    import numpy as np

    a, b, c, d = first[:, :2], first[:, 2:], second[:, :2], second[:, 2:]
    squares = np.minimum(
        np.minimum(_from_point(a, c, d), _from_point(b, c, d)),
        np.minimum(_from_point(c, a, b), _from_point(d, a, b)),
    )
    squares[_crossing(a, b, c, d)] = 0.0
    return np.sqrt(squares)


def _from_point(point: Floats, start: Floats, end: Floats) -> Floats:
    """Squared distances of points from line pieces."""
    import numpy as np

    way = end - start
    off = point - start
    length = np.einsum("ij,ij->i", way, way)
    share = np.einsum("ij,ij->i", off, way) / np.where(length > 0, length, 1.0)
    rest = off - way * np.clip(share, 0.0, 1.0)[:, None]
    return np.asarray(np.einsum("ij,ij->i", rest, rest))


def _crossing(a: Floats, b: Floats, c: Floats, d: Floats) -> Any:
    def side(p: Floats, q: Floats, r: Floats) -> Any:
        return (q[:, 0] - p[:, 0]) * (r[:, 1] - p[:, 1]) - (q[:, 1] - p[:, 1]) * (r[:, 0] - p[:, 0])

    return (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
