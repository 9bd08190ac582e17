"""Modules (footprints) of a board in KiCad's first format: texts, pads and drawings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from manyworks.files.boards.contours import Path, Point, bezier, sweep
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import Footprint, Hole, Pad
from manyworks.files.boards.footprints import Described, footprint_of
from manyworks.files.boards.kicad_pads import Frame
from manyworks.files.boards.legacy_layers import BACK, PASTE_MASK, Layers
from manyworks.files.boards.legacy_text import Block
from manyworks.files.boards.pads import Shape, long_pad, pad_hole, pad_land, round_pad, square_pad
from manyworks.files.boards.sexpr import number

_UNPLATED = ("HOLE", "MECA")
_SURFACE = ("SMD", "CONN")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleReader:
    """Reads ``$MODULE`` blocks; draws their copper on the way. ``unit`` is the file's, in mm."""

    layers: Layers
    unit: float
    copper: Strokes

    def read(self, block: Block) -> Footprint:
        """One module.

        Raises
        ------
        ValueError, IndexError
            A number is missing or is none.
        """
        frame, turn, layer = self.frame(block)
        texts = {words[0]: _last_text(words) for words in block.rows("T0", "T1")}
        name = block.head or " ".join(block.row("Li")[1:])
        kinds = {word.upper() for words in block.rows("At") for word in words[1:]}
        described = Described(
            designator=texts.get("T0", ""),
            value=texts.get("T1", ""),
            name=name,
            side="bottom" if layer == BACK else "top",
            x_mm=round(frame.x, 6),
            y_mm=round(frame.y, 6),
            rotation_deg=turn,
            excluded="VIRTUAL" in kinds,
        )
        key = f"{described.designator or name}@{frame.x:g},{frame.y:g}"
        pads = [self._pad(pad, frame, key) for pad in block.inside("PAD")]
        return footprint_of(described, pads)

    def frame(self, block: Block) -> tuple[Frame, float, int]:
        """Frame, rotation in degrees and layer of a module."""
        words = block.row("Po")
        x, y = self._size(words[1]), self._size(words[2])
        turn = number(words[3]) / 10
        angle = math.radians(turn)
        return Frame(x, y, math.cos(angle), math.sin(angle)), turn % 360, int(words[4])

    def _size(self, word: str) -> float:
        return number(word) * self.unit

    def _pad(self, block: Block, frame: Frame, module: str) -> Pad:
        shape_row, at_row, po_row = block.row("Sh"), block.row("At"), block.row("Po")
        name, kind = shape_row[1], at_row[1].upper()
        mask = int(at_row[3][:8], 16)
        on = self.layers.on(mask)
        place = frame.place((self._size(po_row[1]), self._size(po_row[2])))
        turn = number(shape_row[7]) / 10
        size = self._size(shape_row[3]), self._size(shape_row[4])
        drill_row = block.row("Dr")
        shape = self._shape(shape_row).moved(self._offset(drill_row)).placed(place, turn)
        hole = None if kind in _SURFACE else self._hole(drill_row, place, turn, shape, kind)
        if hole is None or hole.plated or shape.ring(hole) > 0:
            net = " ".join(block.row("Ne")[2:3])
            shape.draw(self.copper, on, net or f"{module}.{name}")
        return Pad(
            name=name,
            at=place,
            half_mm=max(size) / 2,
            surface=kind in _SURFACE and bool(on),
            through=hole is not None and hole.plated,
            pasted=bool(mask & PASTE_MASK),
            hole=hole,
            land=pad_land(shape, size, turn, places=on, last=self.layers.count) if kind in _SURFACE else None,
        )

    def _shape(self, words: list[str]) -> Shape:
        kind, width, height = words[2], self._size(words[3]), self._size(words[4])
        if min(width, height) <= 0:
            raise ValueError(f"pad {words[1][:30]!r} is {width:g} x {height:g} mm")
        if kind == "C":
            return round_pad(width)
        if kind == "O":
            return long_pad(width, height)
        lean = (self._size(words[5]), self._size(words[6])) if kind == "T" else (0.0, 0.0)
        return square_pad(width, height, lean=lean)

    def _offset(self, words: list[str]) -> Point:
        return (self._size(words[2]), self._size(words[3])) if len(words) > 3 else (0.0, 0.0)

    def _hole(self, words: list[str], place: Point, turn: float, shape: Shape, kind: str) -> Hole | None:
        """``Dr size dx dy``, and ``O width height`` behind it for an oblong hole."""
        width = height = self._size(words[1]) if len(words) > 1 else 0.0
        if len(words) > 6 and words[4] == "O":
            width, height = self._size(words[5]), self._size(words[6])
        if min(width, height) <= 0:
            return None
        return pad_hole((width, height), place, turn, plated=kind not in _UNPLATED, pad=shape)


def _last_text(words: list[str]) -> str:
    return words[-1] if len(words) > 8 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingReader:
    """Reads drawn lines, circles, arcs, polygons and curves."""

    unit: float

    def segment(self, block: Block) -> tuple[Path, int, float]:
        """A ``$DRAWSEGMENT``: points, layer and width of the pen.

        Raises
        ------
        ValueError, IndexError
            A number is missing or is none.
        """
        place, kind = block.row("Po"), block.row("De")
        start, end = self._point(place, 2), self._point(place, 4)
        layer, width = int(kind[1]), number(place[6]) * self.unit
        shape = place[1]
        if shape == "2":
            return sweep(start, end, _angle(kind[3])), layer, width
        if shape in ("1", "3"):  # 3 since 2006, 1 by the older description
            return sweep(start, end, math.tau), layer, width
        if shape == "5" and len(kind) > 9:
            return bezier(start, self._point(kind, 6), self._point(kind, 8), end), layer, width
        return [start, end], layer, width

    def of_module(self, block: Block) -> Iterator[tuple[Path, int, float]]:
        """Drawings of a module in its own frame.

        Raises
        ------
        ValueError, IndexError
            A number is missing or is none.
        """
        polygon: list[Point] = []
        rest, layer, width = 0, 0, 0.0
        for words in block.rows("DS", "DC", "DA", "DP", "Dl"):
            if words[0] == "DP":
                polygon, rest = [], int(words[5])
                width, layer = number(words[6]) * self.unit, int(words[7])
            elif words[0] == "Dl":
                polygon.append(self._point(words, 1))
                rest -= 1
                if rest == 0:
                    yield [*polygon, polygon[0]], layer, width
            else:
                yield self._drawn(words)

    def _drawn(self, words: list[str]) -> tuple[Path, int, float]:
        start, end = self._point(words, 1), self._point(words, 3)
        width, layer = number(words[-2]) * self.unit, int(words[-1])
        if words[0] == "DC":
            return sweep(start, end, math.tau), layer, width
        if words[0] == "DA":
            return sweep(start, end, _angle(words[5])), layer, width
        return [start, end], layer, width

    def _point(self, words: list[str], at: int) -> Point:
        return number(words[at]) * self.unit, number(words[at + 1]) * self.unit


def _angle(word: str) -> float:
    """Tenths of a degree as radians, once around at most."""
    return math.radians(max(-360.0, min(360.0, number(word) / 10)))
