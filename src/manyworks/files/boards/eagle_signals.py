"""Signals of an Eagle board: tracks, vias, and which pad is on which net."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.eagle_layers import Stackup
from manyworks.files.boards.eagle_rules import Rules
from manyworks.files.boards.eagle_shapes import layer_of, read_shape, turned_over, value
from manyworks.files.boards.elements import Hole
from manyworks.files.boards.pads import octagon_pad, round_pad, square_pad

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_VIA_SHAPES = {"square": square_pad, "octagon": octagon_pad}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalReader:
    """Reads the parts of one signal; draws their copper on the way."""

    net: str
    rules: Rules
    stack: Stackup
    copper: Strokes

    def track(self, wire: Element) -> float | None:
        """Width of a wire on copper; None for one that is not routed or has no width.

        Raises
        ------
        ValueError
            A number is missing or is none.
        """
        place, width = self.stack.place(layer_of(wire)), value(wire, "width")
        if place is None or width <= 0:
            return None
        points = [turned_over(point) for point in read_shape(wire)]
        self.copper.path(points, width / 2, place, self.net)
        return width

    def via(self, via: Element) -> Hole:
        """The opening of a via, with its span where it ends inside the board.

        Raises
        ------
        ValueError
            A number is missing or is none.
        """
        drill = value(via, "drill")
        if drill <= 0:
            raise ValueError(f"a drill of {drill:g} mm")
        at = turned_over((value(via, "x"), value(via, "y")))
        places = self._extent(via)
        diameter = max(value(via, "diameter", 0.0), drill + 2 * self.rules.ring("ViaOuter", drill))
        drawn = _VIA_SHAPES.get(via.get("shape", "round"))
        shape = (drawn(diameter, diameter) if drawn else round_pad(diameter)).moved(at)
        shape.draw(self.copper, places, self.net)
        ring = (diameter - drill) / 2
        if self.stack.count > 2:
            ring = min(ring, self.rules.ring("ViaInner", drill))
        through = len(places) == self.stack.count
        return Hole(
            drill_mm=drill,
            plated=True,
            start=at,
            end=at,
            ring_mm=round(ring, 6),
            span=None if through else (places[0], places[-1]),
        )

    def _extent(self, via: Element) -> tuple[int, ...]:
        """Places in the stack that a via reaches, of an extent such as ``1-16``."""
        first, _, last = via.get("extent", "1-16").partition("-")
        places = self.stack.between(int(first[:4]), int(last[:4]))
        if not places:
            raise ValueError(f"its extent {via.get('extent', '')[:20]!r} names no copper layer")
        return places


def nets_of_pads(board: Element) -> dict[tuple[str, str], str]:
    """Name of the signal by element and pad."""
    return {
        (contact.get("element", ""), contact.get("pad", "")): signal.get("name", "")
        for signal in board.iterfind("signals/signal")
        for contact in signal.iterfind("contactref")
    }
