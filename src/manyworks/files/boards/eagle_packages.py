"""Packages of an Eagle board where they are placed: pads, holes and who they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manyworks.files.boards.contours import Path
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.eagle_layers import BOTTOM, TOP, Stackup
from manyworks.files.boards.eagle_rules import Rules
from manyworks.files.boards.eagle_shapes import (
    SHAPES,
    Frame,
    frame_of,
    layer_of,
    read_shape,
    rotation,
    turned_over,
    value,
)
from manyworks.files.boards.elements import Footprint, Hole, Pad
from manyworks.files.boards.footprints import Described, footprint_of, says_left_out
from manyworks.files.boards.pads import Shape, long_pad, octagon_pad, pad_land, round_pad, square_pad

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """All packages of the file by library and name."""

    by_name: Mapping[tuple[str, str, str], Element]

    def of(self, element: Element) -> Element:
        """The package of a placed element.

        Raises
        ------
        ValueError
            The file does not hold it.
        """
        library, urn = element.get("library", ""), element.get("library_urn", "")
        package = element.get("package", "")
        found = self.by_name.get((library, urn, package))
        if found is None:
            found = self.by_name.get((library, "", package))
        if found is None:
            raise ValueError(f"its package {package[:60]!r} of library {library[:60]!r} is not in the file")
        return found


def read_packages(board: Element) -> Packages:
    """Packages of all libraries; two libraries of one name differ in their address."""
    found: dict[tuple[str, str, str], Element] = {}
    for library in board.iterfind("libraries/library"):
        name, urn = library.get("name", ""), library.get("urn", "")
        for package in library.iterfind("packages/package"):
            key = package.get("name", "")
            found[name, urn, key] = package
            found.setdefault((name, "", key), package)
    return Packages(by_name=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageReader:
    """Reads placed elements; draws their copper on the way.

    ``nets`` names the net of a pad by element and pad; ``variant`` is the assembly variant in use.
    """

    packages: Packages
    rules: Rules
    stack: Stackup
    copper: Strokes
    nets: Mapping[tuple[str, str], str]
    variant: str = ""

    def read(self, element: Element) -> Footprint:
        """One placed element.

        Raises
        ------
        ValueError
            A number is missing or is none, or its package is.
        """
        package = self.packages.of(element)
        frame = frame_of(element)
        name = element.get("name", "")
        pads = [self._pad(part, frame, name) for part in package.iterfind("pad")]
        pads += [self._surface(part, frame, name) for part in package.iterfind("smd")]
        pads += [_bare_hole(part, frame) for part in package.iterfind("hole")]
        x, y = turned_over((frame.x, frame.y))
        chosen = self._chosen(element)
        described = Described(
            designator=name,
            value=chosen.get("value", "") or element.get("value", ""),
            name=element.get("package", ""),
            side="bottom" if frame.mirrored else "top",
            x_mm=round(x, 6),
            y_mm=round(y, 6),
            rotation_deg=frame.turn_deg,
            left_out=chosen.get("populate", element.get("populate", "yes")) == "no"
            or says_left_out(_attributes(element)),
        )
        return footprint_of(described, pads)

    def _chosen(self, element: Element) -> Mapping[str, str]:
        """What the variant in use says of the element."""
        if not self.variant:
            return {}
        found = (v for v in element.iterfind("variant") if v.get("name") == self.variant)
        return next((variant.attrib for variant in found), {})

    def _net(self, element: str, pad: str) -> str:
        return self.nets.get((element, pad)) or f"{element}.{pad}"

    def _pad(self, part: Element, frame: Frame, element: str) -> Pad:
        """A pad with a hole: as large as its own diameter and the design rules both ask for."""
        name = part.get("name", "")
        drill = value(part, "drill")
        if drill <= 0:
            raise ValueError(f"pad {name[:30]!r} has a drill of {drill:g} mm")
        at = turned_over(frame.place((value(part, "x"), value(part, "y"))))
        diameter = max(value(part, "diameter", 0.0), drill + 2 * self.rules.ring("PadTop", drill))
        shape = _through_shape(part.get("shape", "round"), diameter, self.rules)
        placed = _placed(shape, part, frame, at)
        hole = Hole(drill_mm=drill, plated=True, start=at, end=at)
        ring = placed.ring(hole)
        if self.stack.count > 2:
            ring = min(ring, self.rules.ring("PadInner", drill))
        placed.draw(self.copper, range(1, self.stack.count + 1), self._net(element, name))
        hole = Hole(drill_mm=drill, plated=True, start=at, end=at, ring_mm=round(ring, 6))
        half = max(abs(x) for point in shape.points for x in point) + shape.half_mm
        return Pad(name=name, at=at, half_mm=half, surface=False, through=True, pasted=False, hole=hole)

    def _surface(self, part: Element, frame: Frame, element: str) -> Pad:
        name = part.get("name", "")
        width, height = value(part, "dx"), value(part, "dy")
        if min(width, height) <= 0:
            raise ValueError(f"pad {name[:30]!r} is {width:g} x {height:g} mm")
        layer = layer_of(part)
        layer = TOP + BOTTOM - layer if frame.mirrored else layer
        at = turned_over(frame.place((value(part, "x"), value(part, "y"))))
        corner = min(1.0, max(0.0, value(part, "roundness", 0.0) / 100)) * min(width, height) / 2
        shape = square_pad(width, height, corner=corner)
        place = self.stack.place(layer)
        placed, on = _placed(shape, part, frame, at), (place,) if place is not None else ()
        placed.draw(self.copper, on, self._net(element, name))
        return Pad(
            name=name,
            at=at,
            half_mm=max(width, height) / 2,
            surface=bool(on),
            through=False,
            pasted=part.get("cream", "yes") != "no",
            land=pad_land(placed, (width, height), _turn(part, frame), places=on, last=self.stack.count),
        )


def _attributes(element: Element) -> dict[str, str]:
    return {
        attribute.get("name", "").lower(): attribute.get("value", "")
        for attribute in element.iterfind("attribute")
    }


def _turn(part: Element, frame: Frame) -> float:
    """Turn of a pad as seen from above the board: a mirrored package turns its pads the other way."""
    turn = frame.turn_deg + rotation(part)[0]
    return (-turn if frame.mirrored else turn) % 360


def _placed(shape: Shape, part: Element, frame: Frame, at: tuple[float, float]) -> Shape:
    return shape.placed(at, _turn(part, frame), mirror=frame.mirrored)


def _through_shape(kind: str, diameter: float, rules: Rules) -> Shape:
    """Long pads are stretched by the rules' elongation; offset ones have their hole at one end."""
    if kind == "square":
        return square_pad(diameter, diameter)
    if kind == "octagon":
        return octagon_pad(diameter, diameter)
    if kind == "long":
        return long_pad(diameter * (1 + rules.share("psElongationLong", 1.0)), diameter)
    if kind == "offset":
        length = diameter * (1 + rules.share("psElongationOffset", 1.0))
        return long_pad(length, diameter).moved(((length - diameter) / 2, 0.0))
    return round_pad(diameter)


def _bare_hole(part: Element, frame: Frame) -> Pad:
    at = turned_over(frame.place((value(part, "x"), value(part, "y"))))
    hole = loose_hole(part, at)
    return Pad(name="", at=at, half_mm=0.0, surface=False, through=False, pasted=False, hole=hole)


def loose_hole(part: Element, at: tuple[float, float]) -> Hole:
    """A ``hole``, which has no plating."""
    drill = value(part, "drill")
    if drill <= 0:
        raise ValueError(f"a drill of {drill:g} mm")
    return Hole(drill_mm=drill, plated=False, start=at, end=at)


def placed_shapes(element: Element, package: Element, layer: int) -> Iterator[tuple[Path, float]]:
    """Graphics of a placed package on one layer, and the width of their pen."""
    frame = frame_of(element)
    for part in package.iterfind("*"):
        if part.tag in SHAPES and layer_of(part) == layer:
            yield frame.place_all(read_shape(part)), value(part, "width", 0.0)
