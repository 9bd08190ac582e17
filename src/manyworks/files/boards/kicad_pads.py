"""Footprints of a KiCad board: where they are, which pads and holes they have."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from manyworks.files.boards.contours import Path, Point
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import Footprint, Hole, Pad
from manyworks.files.boards.footprints import Described, footprint_of, says_left_out
from manyworks.files.boards.kicad_layers import Layers
from manyworks.files.boards.kicad_shapes import GRAPHICS, read_shape, stroke_width
from manyworks.files.boards.pads import Shape, cut_pad, long_pad, pad_hole, pad_land, round_pad, square_pad
from manyworks.files.boards.sexpr import Node, child, children, number, numbers, words
from manyworks.model import Land

_HOLED = ("thru_hole", "np_thru_hole")
_SURFACE = ("smd", "connect")
# Copper around an unplated hole that is no wider than this is only a rounded number.
_BARE_MM = 0.01


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a footprint sits: turns its own points into board points.

    Bottom footprints are stored already mirrored, so the turn is the same on both sides.
    """

    x: float
    y: float
    cos: float
    sin: float

    def place(self, point: Point) -> Point:
        """A point of the footprint on the board."""
        dx, dy = point
        return (self.x + dx * self.cos + dy * self.sin, self.y - dx * self.sin + dy * self.cos)

    def place_all(self, chain: Path) -> Path:
        """Points of the footprint on the board."""
        return [self.place(point) for point in chain]


def frame_of(node: Node) -> tuple[Frame, float]:
    """Frame and rotation in degrees of a footprint."""
    at = child(node, "at")
    x, y = numbers(at, 2)
    turn = _turn(at)
    angle = math.radians(turn)
    return Frame(x, y, math.cos(angle), math.sin(angle)), turn


def _turn(at: Node | None) -> float:
    return number(at[3]) if at is not None and len(at) > 3 and at[3] != "unlocked" else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintReader:
    """Reads ``footprint`` (``module`` before format 6) lists; draws their copper on the way.

    ``net_of`` names the net of a pad, empty where it has none.
    """

    layers: Layers
    copper: Strokes
    net_of: Callable[[Node], str]

    def read(self, node: Node) -> Footprint:
        """One footprint.

        Raises
        ------
        ValueError
            A number is missing or is none.
        """
        frame, turn = frame_of(node)
        texts = _texts(node)
        name = node[1] if len(node) > 1 and isinstance(node[1], str) else ""
        value = texts.get("value", "")
        attributes = {word for attr in children(node, "attr") for word in words(attr)}
        described = Described(
            designator=texts.get("reference", ""),
            value=value,
            name=name,
            side="bottom" if self.layers.bottom in words(child(node, "layer")) else "top",
            x_mm=frame.x,
            y_mm=frame.y,
            rotation_deg=turn,
            drawing="board_only" in attributes,
            excluded=bool(attributes & {"virtual", "exclude_from_bom", "board_only"}),
            left_out="dnp" in attributes or says_left_out(texts),
        )
        key = f"{described.designator or name}@{frame.x:g},{frame.y:g}"
        pads = [self._pad(pad, frame, key) for pad in children(node, "pad")]
        self._graphics(node, frame)
        return footprint_of(described, pads)

    def _land(self, node: Node, placed: Shape, turn: float, on: tuple[int, ...]) -> Land | None:
        width, height = numbers(child(node, "size"), 2)
        return pad_land(placed, (width, height), turn, places=on, last=self.layers.count)

    def _graphics(self, node: Node, frame: Frame) -> None:
        """Drawings on copper, which are metal of no net."""
        for shape in children(node, *FOOTPRINT_GRAPHICS):
            for layer in self.layers.on(words(child(shape, "layer", "layers"))):
                points, half = frame.place_all(read_shape(shape)), stroke_width(shape) / 2
                self.copper.path(points, half, layer, "")

    def _pad(self, node: Node, frame: Frame, footprint: str) -> Pad:
        name = node[1] if len(node) > 1 and isinstance(node[1], str) else ""
        kind = node[2] if len(node) > 2 and isinstance(node[2], str) else ""
        at = child(node, "at")
        x, y = numbers(at, 2)
        place, turn = frame.place((x, y)), _turn(at)
        layers = words(child(node, "layers"))
        on = self.layers.on(layers)
        shape = _shape(node)
        placed = shape.placed(place, turn) if shape is not None else None
        hole = _hole(node, place, turn, placed, kind) if kind in _HOLED else None
        surface = kind in _SURFACE and bool(on)
        if placed is not None and _has_copper(kind, placed, hole):
            net = self.net_of(node) or f"{footprint}.{name}"
            placed.draw(self.copper, kept_layers(node, on, self.layers), net)
            self._primitives(node, place, turn, on, net)
        return Pad(
            name=name,
            at=place,
            half_mm=_larger(node) / 2,
            surface=surface,
            through=kind == "thru_hole" and hole is not None,
            pasted=any(layer.endswith(".Paste") for layer in layers),
            hole=hole,
            land=self._land(node, placed, turn, on) if surface and placed is not None else None,
        )

    def _primitives(self, node: Node, place: Point, turn: float, on: tuple[int, ...], net: str) -> None:
        """Further shapes of a pad that is drawn freely."""
        angle = math.radians(turn)
        frame = Frame(*place, math.cos(angle), math.sin(angle))
        for part in (child(node, "primitives") or [])[1:]:
            if isinstance(part, list) and part and str(part[0]) in _DRAWN:
                half = stroke_width(part) / 2
                points = frame.place_all(read_shape(part))
                for layer in on:
                    self.copper.path(points, half, layer, net)


FOOTPRINT_GRAPHICS = tuple(name for name in GRAPHICS if name.startswith("fp_"))
_DRAWN = frozenset({"gr_line", "gr_arc", "gr_circle", "gr_rect", "gr_poly", "gr_curve"})


def _texts(node: Node) -> dict[str, str]:
    """Reference, value and own fields, whichever way the format writes them; names in lower case."""
    found: dict[str, str] = {}
    for part in children(node, "fp_text", "property"):
        if len(part) > 2 and isinstance(part[1], str) and isinstance(part[2], str):
            found.setdefault(part[1].lower(), part[2])
    return found


def _larger(node: Node) -> float:
    size = child(node, "size")
    return max(numbers(size, 2)) if size is not None else 0.0


def _shape(node: Node) -> Shape | None:
    """Shape of a pad before it is turned and placed; None where it has no size."""
    size = child(node, "size")
    if size is None:
        return None
    width, height = numbers(size, 2)
    if min(width, height) <= 0:
        return None
    kind = node[3] if len(node) > 3 and isinstance(node[3], str) else "rect"
    if kind == "custom":
        kind = next(iter(words(child(child(node, "options") or [], "anchor"))), "circle")
    return _drawn(node, kind, width, height).moved(_offset(node))


def _drawn(node: Node, kind: str, width: float, height: float) -> Shape:
    if kind == "circle":
        return round_pad(width)
    if kind == "oval":
        return long_pad(width, height)
    if kind == "roundrect":
        chamfers = words(child(node, "chamfer"))
        if chamfers:
            return cut_pad(width, height, _ratio(node, "chamfer_ratio") * min(width, height), chamfers)
        corner = min(0.5, _ratio(node, "roundrect_rratio")) * min(width, height)
        return square_pad(width, height, corner=corner)
    if kind == "trapezoid" and child(node, "rect_delta") is not None:
        down, right = numbers(child(node, "rect_delta"), 2)
        return square_pad(width, height, lean=(right, down))
    return square_pad(width, height)


def _ratio(node: Node, name: str) -> float:
    stated = words(child(node, name))
    return max(0.0, number(stated[0])) if stated else 0.0


def _offset(node: Node) -> Point:
    """How far the copper sits off the hole."""
    stated = child(child(node, "drill") or [], "offset")
    if stated is None:
        return 0.0, 0.0
    x, y = numbers(stated, 2)
    return x, y


def _hole(node: Node, place: Point, turn: float, placed: Shape | None, kind: str) -> Hole | None:
    """``(drill 1)``, ``(drill oval 1 2)``; an oval is as wide as its first number, as high as the other."""
    drill = child(node, "drill")
    plain = words(drill)
    sizes = [number(word) for word in plain if word != "oval"][:2]
    if not sizes or min(sizes) <= 0:
        return None
    width, height = sizes if "oval" in plain and len(sizes) == 2 else (sizes[0], sizes[0])
    if "oval" not in plain:
        width = height = min(sizes)
    hole = pad_hole((width, height), place, turn, plated=kind == "thru_hole", pad=placed)
    if hole.ring_mm is None:
        return hole
    return replace(hole, ring_mm=min([hole.ring_mm, *inner_rings(node, hole)]))


def inner_rings(node: Node, hole: Hole) -> Iterator[float]:
    """Rings on the layers of a pad or via that has another size there (formats from 9)."""
    for layer in children(child(node, "padstack") or [], "layer"):
        size = child(layer, "size")
        if size is not None:
            stated = [number(word) for word in words(size)[:2]]
            if stated and min(stated) > 0:
                yield (min(stated) - hole.drill_mm) / 2


def _has_copper(kind: str, placed: Shape, hole: Hole | None) -> bool:
    """Whether there is metal: what is around an unplated hole is often exactly its size."""
    return kind != "np_thru_hole" or hole is None or placed.ring(hole) > _BARE_MM


def kept_layers(node: Node, on: tuple[int, ...], layers: Layers) -> tuple[int, ...]:
    """The layers where a through pad really has copper, if unused ones are removed."""
    removed = child(node, "remove_unused_layers", "remove_unused_layer")
    if removed is None or words(removed)[:1] == ["no"]:
        return on
    used = {1, layers.count, *layers.on(words(child(node, "zone_layer_connections")))}
    return tuple(layer for layer in on if layer in used)
