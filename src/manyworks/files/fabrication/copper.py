"""Copper as drawn -> strokes with nets, for least distances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from manyworks.files.boards.contours import Path
from manyworks.files.boards.copper import Strokes
from manyworks.files.fabrication.apertures import outline_of
from manyworks.files.fabrication.limits import CLEARED, PAIRS, SPACE_SEGMENTS
from manyworks.files.fabrication.members import Member
from manyworks.files.fabrication.picture import Flash, Picture, Region, Stroke, Turn
from manyworks.model import Finding, info

if TYPE_CHECKING:
    import shapely

Thing: TypeAlias = Stroke | Flash | Region

# Areas are drawn with chords far finer than a shop can hold.
_CHORD_MM = 0.001
# A line drawn with a pen of no width still touches what it runs into.
_THINNEST_MM = 1e-4
# Shapes that are asked how many lie beside them, to tell how many pairs there are.
_ASKED = 100


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something of copper: as it was drawn, or the shape that is left after clearing."""

    thing: Thing | None
    shape: shapely.Geometry | None
    net: str


def strokes_of(layers: Sequence[tuple[int, Member, Picture]], findings: list[Finding]) -> Strokes:
    """Copper of all layers. A layer that is drawn in negative or is too much is left out and named.

    Nets are those of the file (``TO.N``); without them, what touches is one net.
    """
    strokes = Strokes()
    for number, member, picture in layers:
        why = _unfit(member, picture)
        pieces = None if why else _pieces(picture)
        if pieces is None:
            why = why or "too much of it is cleared again or lies on itself"
            text = f"distances are not measured on this layer: {why}"
            findings.append(info("files.fabrication.not-measured", member.name, text))
        stamps = _Stamps()
        for piece in pieces or ():
            _add(strokes, piece, number, stamps)
    return strokes


def _unfit(member: Member, picture: Picture) -> str:
    if member.negative:
        return "it is drawn in negative"
    drawn = sum(len(stroke.points) for stroke in picture.strokes) + len(picture.flashes)
    if drawn + sum(len(region.points) for region in picture.regions) > SPACE_SEGMENTS:
        return "there is too much of it"
    return ""


def _things(picture: Picture) -> list[Thing]:
    return [*picture.strokes, *picture.flashes, *picture.regions]


def _pieces(picture: Picture) -> list[_Piece] | None:
    """Copper with its nets; None where too much of it is cleared again or lies on itself."""
    things = _things(picture)
    told = any(thing.net for thing in things)
    if told and all(thing.dark for thing in things):
        return [_Piece(thing, None, thing.net) for thing in things]
    pieces = _cleared([_Piece(t, shape, t.net) for t, shape in zip(things, _shapes(things), strict=True)])
    if pieces is None:
        return None
    if told:
        return pieces
    numbers = _touching([piece.shape for piece in pieces])
    if numbers is None:
        return None
    return [replace(piece, net=f"piece {number}") for piece, number in zip(pieces, numbers, strict=True)]


def _cleared(pieces: list[_Piece]) -> list[_Piece] | None:
    """What is left of each dark thing after later things cleared parts of it; a pour may fall apart.

    None where more is cleared than is worth the time.
    """
    import numpy as np
    import shapely

    dark = [piece for piece in pieces if piece.thing is not None and piece.thing.dark]
    clear = [piece for piece in pieces if piece.thing is not None and not piece.thing.dark]
    if not clear:
        return dark
    erasers = np.array([piece.shape for piece in clear], dtype=object)
    tree, shapes = shapely.STRtree(erasers), np.array([piece.shape for piece in dark], dtype=object)
    if _is_crowded(tree, shapes):
        return None
    first, second = tree.query(shapes, predicate="intersects")
    if int(shapely.get_num_coordinates(erasers)[second].sum()) > CLEARED:
        return None
    eraser: dict[int, list[shapely.Geometry]] = {}
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        if _level(clear[j]) > _level(dark[i]):
            eraser.setdefault(i, []).append(clear[j].shape)
    kept: list[_Piece] = []
    for index, piece in enumerate(dark):
        kept += _left(piece, eraser[index]) if index in eraser else [piece]
    return kept


def _level(piece: _Piece) -> int:
    return piece.thing.level if piece.thing is not None else 0


def _left(piece: _Piece, erased: list[shapely.Geometry]) -> Iterator[_Piece]:
    import shapely

    rest = shapely.difference(shapely.make_valid(piece.shape), shapely.union_all(erased))
    for part in shapely.get_parts(rest):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            yield _Piece(None, part, piece.net)


def _touching(shapes: Sequence[Any]) -> list[int] | None:
    """A number for each shape; those that touch share one. None where too many lie on each other."""
    import numpy as np
    import shapely

    if not shapes:
        return []
    every = np.array(shapes, dtype=object)
    shapely.prepare(every)
    tree = shapely.STRtree(every)
    if _is_crowded(tree, every):
        return None
    first, second = tree.query(every, predicate="intersects")
    return _components(len(every), first, second)


def _is_crowded(tree: Any, shapes: Any) -> bool:
    """Whether there are more pairs to compare than is worth the time, as some of the shapes tell."""
    some = shapes[:: -(-len(shapes) // _ASKED)]
    near = sum(len(tree.query(shape)) for shape in some)
    return near * len(shapes) > PAIRS * max(1, len(some))


def _components(count: int, first: Any, second: Any) -> list[int]:
    """Connected components: every shape takes the least number among its neighbours until all agree."""
    import numpy as np

    label = np.arange(count)
    while True:
        before = label.copy()
        np.minimum.at(label, first, label[second])
        np.minimum.at(label, second, label[first])
        label = label[label]
        if np.array_equal(before, label):
            return [int(value) for value in label]


def _shapes(things: Sequence[Thing]) -> list[Any]:
    """The area of each thing, in their order."""
    stamps = _Stamps()
    strokes = [thing for thing in things if isinstance(thing, Stroke)]
    shapes: list[Any] = [*_wide(strokes)]
    rest = things[len(strokes) :]
    return shapes + [stamps.shape(t) if isinstance(t, Flash) else _area(t) for t in rest]


def _wide(strokes: Sequence[Stroke]) -> Any:
    import numpy as np
    import shapely

    lines = np.array([shapely.linestrings(np.array(stroke.points)) for stroke in strokes], dtype=object)
    halves = np.array([max(stroke.width / 2, _THINNEST_MM) for stroke in strokes])
    return shapely.buffer(lines, halves, quad_segs=8)


def _area(thing: Any) -> Any:
    """A filled area; one with holes is drawn as a line that runs in and out again."""
    import numpy as np
    import shapely

    area = shapely.polygons(np.array(thing.points))
    return area if thing.dark else shapely.make_valid(area)


class _Stamps:
    """Contours of apertures around their origin, worked out once for each aperture and turn."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, Turn], list[Any]] = {}

    def contours(self, flash: Flash) -> list[Any]:
        """Contours of a flash as arrays ``(n, 2)``."""
        import numpy as np

        key = (id(flash.aperture), flash.turn)
        if key not in self.known:
            self.known[key] = [
                np.array([*map(flash.turn.mover((0.0, 0.0)), path)])
                for path in outline_of(flash.aperture)
                if len(path) > 2
            ]
        return [path + np.array(flash.at) for path in self.known[key]]

    def shape(self, flash: Flash) -> Any:
        """The area of a flash."""
        import shapely

        parts = [shapely.make_valid(shapely.polygons(path)) for path in self.contours(flash)]
        return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _add(strokes: Strokes, piece: _Piece, number: int, stamps: _Stamps) -> None:
    thing = piece.thing
    if isinstance(thing, Stroke):
        strokes.path(thing.points, thing.width / 2, number, piece.net)
    elif isinstance(thing, Flash) and thing.aperture.round:
        strokes.line(thing.at, thing.at, thing.size[0] / 2, number, piece.net)
    elif isinstance(thing, Flash):
        for path in stamps.contours(thing):
            strokes.area(path.tolist(), 0.0, number, piece.net)
    elif isinstance(thing, Region):
        strokes.area(_coarser([*thing.points, thing.points[0]]), 0.0, number, piece.net)
    else:
        polygon: Any = piece.shape
        for ring in (polygon.exterior, *polygon.interiors):
            strokes.area(_coarser(ring.coords), 0.0, number, piece.net)


def _coarser(ring: Any) -> Path:
    """A closed contour with fewer points, none dropped further than a chord's height off."""
    import numpy as np
    import shapely

    line = shapely.simplify(shapely.linestrings(np.array(ring)), _CHORD_MM, preserve_topology=False)
    return [(x, y) for x, y in shapely.get_coordinates(line)[:-1].tolist()]
