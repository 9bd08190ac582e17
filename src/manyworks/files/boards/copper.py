"""Copper, holes and edges as strokes (lines with a half width), and the least gaps between them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
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
# Steps of the golden ratio, cut to one: an order in which any few in a row come from everywhere.
_GOLDEN = (5**0.5 - 1) / 2
# Copper of which nobody says what it is connected to.
NO_NET = -1


class Strokes:
    """A growing table of strokes: two ends, half the width, the layer and the net.

    ``full`` says that there were more than are kept; measures of distance are then left out.
    """

    def __init__(self, limit: int = COPPER_STROKES) -> None:
        # Lines of several points as they come, one after the other; `table` makes strokes of them.
        self._points = array("d")
        self._sizes = array("q")
        self._halves = array("d")
        self._layers = array("q")
        self._nets = array("q")
        self._names: dict[str, int] = {}
        self._limit = limit
        self._count = 0
        self.full = False

    def __len__(self) -> int:
        return self._count

    def line(self, start: Point, end: Point, half: float, layer: int, net: str) -> None:
        """Add one stroke with round ends."""
        self.path((start, end), half, layer, net)

    def path(self, points: Sequence[Point], half: float, layer: int, net: str) -> None:
        """Add a stroke along every two neighbours of a line; one point alone is a dot."""
        if len(points) == 1:
            points = (points[0], points[0])
        room = self._limit - self._count
        if len(points) - 1 > room:
            self.full = True
            points = points[: room + 1] if room else ()
        if len(points) < 2:
            return
        self._count += len(points) - 1
        self._points.extend(chain.from_iterable(points))
        self._sizes.append(len(points))
        self._halves.append(half)
        self._layers.append(layer)
        self._nets.append(self._names.setdefault(net, len(self._names)) if net else NO_NET)

    def area(self, points: Sequence[Point], half: float, layer: int, net: str) -> None:
        """Add the edge of an area: distances to it are distances to the area from outside."""
        self.path([*points, points[0]] if len(points) > 2 else points, half, layer, net)

    @property
    def table(self) -> Table:
        """The strokes as arrays."""
        import numpy as np

        points = np.frombuffer(self._points, dtype=np.float64).reshape(-1, 2)
        sizes = np.frombuffer(self._sizes, dtype=np.int64)
        begins = np.ones(len(points), dtype=bool)
        begins[np.cumsum(sizes) - 1] = False  # no stroke begins at the end of a line
        at = np.flatnonzero(begins)
        times = sizes - 1
        return Table(
            ends=np.concatenate((points[at], points[at + 1]), axis=1),
            halves=np.repeat(np.frombuffer(self._halves, dtype=np.float64), times),
            layers=np.repeat(np.frombuffer(self._layers, dtype=np.int64), times),
            nets=np.repeat(np.frombuffer(self._nets, dtype=np.int64), times),
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
    import shapely

    found = Gap()
    other = first if second is None else second
    if not len(first) or not len(other):
        return found
    tree = shapely.STRtree(_boxes(other, 0.0))
    for reach in _REACHES_MM:
        found = _within(first, second, apart, _neighbours(tree, first, reach), reach, budget)
        if found.least_mm is not None:
            break
    return found


def _within(
    first: Table,
    second: Table | None,
    apart: Any,
    pairs: Iterable[tuple[Numbers, Numbers]],
    reach: float,
    budget: Budget,
) -> Gap:
    import numpy as np

    found = Gap()
    for i, j in pairs:
        budget.spend(len(i))
        wanted = apart(i, j) if second is not None else (i < j) & apart(i, j)
        if not np.any(wanted):
            continue
        i, j = i[wanted], j[wanted]  # noqa: PLW2901 - the pairs that count
        other = first if second is None else second
        gaps = _distances(first.ends[i], other.ends[j]) - first.halves[i] - other.halves[j]
        found = _better(found, gaps, first.ends[i], reach)
    return found


def _neighbours(tree: Any, first: Table, reach: float) -> Iterable[tuple[Numbers, Numbers]]:
    """Pairs whose boxes lie within reach of each other, a bounded number at a time.

    Rows are asked in an order that jumps about, so that a crowded corner shows early and the next
    helping can be made as large as is safe.
    """
    import numpy as np

    order = np.argsort(np.arange(len(first)) * _GOLDEN % 1.0)
    boxes = _boxes(first, reach)
    start, step = 0, _FIRST_HELPING
    while start < len(boxes):
        rows = np.sort(order[start : start + step])  # neighbours in the file are neighbours in the tree
        i, j = tree.query(boxes[rows])
        yield rows[i], np.asarray(j)
        start += step
        step = max(1, min(4 * step, step * PAIRS_AT_ONCE // (4 * len(i) + 1)))


def _boxes(table: Table, margin: float) -> Any:
    """Boxes of strokes, each as the line across it: made in half the time of its four sides."""
    import numpy as np
    import shapely

    starts, ends = table.ends[:, :2], table.ends[:, 2:]
    room = (table.halves + margin)[:, None]
    across = np.stack((np.minimum(starts, ends) - room, np.maximum(starts, ends) + room), axis=1)
    return shapely.linestrings(across)


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
        touching_at=_lowest(found.touching_at, ends[touching]),
    )


def _lowest(before: Point | None, ends: Floats) -> Point | None:
    """The leftmost, then lowest of some strokes' middles and one before: the same in whatever order."""
    import numpy as np

    if not len(ends):
        return before
    x, y = (ends[:, 0] + ends[:, 2]) / 2, (ends[:, 1] + ends[:, 3]) / 2
    row = int(np.lexsort((y, x))[0])
    found = float(x[row]), float(y[row])
    return found if before is None else min(before, found)


def _middle(ends: Floats) -> Point:
    return float(ends[0] + ends[2]) / 2, float(ends[1] + ends[3]) / 2


def _distances(first: Floats, second: Floats) -> Floats:
    """Distances of the centre lines of pairs of strokes, ``(n, 4)`` each; 0 where they cross."""
    import numpy as np

    one, other = np.ascontiguousarray(first.T), np.ascontiguousarray(second.T)
    a, b, c, d = one[:2], one[2:], other[:2], other[2:]
    squares = np.minimum(_from_points((a, b), c, d), _from_points((c, d), a, b))
    return np.sqrt(np.where(_crossing(a, b, c, d), 0.0, squares))


def _from_points(points: Sequence[Floats], start: Floats, end: Floats) -> Floats:
    """Squared distances of the nearer of two points from line pieces; coordinates ``(2, n)``."""
    import numpy as np

    way = end - start
    length = way[0] * way[0] + way[1] * way[1]
    length[length <= 0] = 1.0
    squares = []
    for point in points:
        off = point - start
        share = np.clip((off[0] * way[0] + off[1] * way[1]) / length, 0.0, 1.0)
        rest = off - way * share
        squares.append(rest[0] * rest[0] + rest[1] * rest[1])
    return np.asarray(np.minimum(*squares))


def _crossing(a: Floats, b: Floats, c: Floats, d: Floats) -> Any:
    def side(p: Floats, q: Floats, r: Floats) -> Any:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
