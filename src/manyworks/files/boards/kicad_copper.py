"""Tracks, vias and filled areas of a KiCad board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from manyworks.files.boards.contours import Path
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import Hole
from manyworks.files.boards.kicad_layers import Layers
from manyworks.files.boards.kicad_pads import inner_rings, kept_layers
from manyworks.files.boards.kicad_shapes import GRAPHICS, points_of, read_shape, stroke_width
from manyworks.files.boards.pads import round_pad
from manyworks.files.boards.sexpr import Node, child, children, number, numbers, words

_ENDING_INSIDE = frozenset({"blind", "buried", "micro"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Nets:
    """Names of nets by their numbers, and the via drill of each one's class (formats 4 and 5)."""

    names: dict[str, str] = field(default_factory=dict)
    drills: dict[str, float] = field(default_factory=dict)

    def of(self, node: Node) -> str:
        """Net of a track, via, zone or pad: by number, or by name as files from 2025 have it."""
        stated = words(child(node, "net"))
        if not stated:
            return ""
        return self.names.get(stated[0], "") if stated[0].isdigit() else stated[0]

    def drill(self, node: Node) -> float:
        """The class's drill for a via without one of its own.

        Raises
        ------
        ValueError
            No class says one.
        """
        default = next(iter(self.drills.values()), 0.0)
        drill = self.drills.get(self.of(node), default)
        if drill <= 0:
            raise ValueError("neither it nor its net class says how wide it is drilled")
        return drill


def read_nets(root: Node) -> Nets:
    """Nets of the board.

    Raises
    ------
    ValueError
        A drill is no number.
    """
    drills: dict[str, float] = {}
    for group in children(root, "net_class"):
        drill = words(child(group, "via_drill"))
        if drill:
            drills.update(dict.fromkeys(_nets_of(group), number(drill[0])))
    names = {
        net[1]: net[2]
        for net in children(root, "net")
        if len(net) > 2 and isinstance(net[1], str) and isinstance(net[2], str)
    }
    return Nets(names=names, drills=drills)


def _nets_of(group: Node) -> Iterator[str]:
    yield f"class {words(group)[0] if words(group) else ''}"
    for net in children(group, "add_net"):
        yield from words(net)[:1]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperReader:
    """Reads what lies on copper and draws it as strokes."""

    layers: Layers
    nets: Nets
    copper: Strokes

    def track(self, node: Node) -> float | None:
        """Width of a ``segment`` or ``arc`` on copper."""
        width = numbers(child(node, "width"), 1)[0]
        on = self.layers.on(words(child(node, "layer")))
        if not on or width <= 0:
            return None
        points = _track_points(node)
        for layer in on:
            self.copper.path(points, width / 2, layer, self.nets.of(node))
        return width

    def via(self, node: Node) -> Hole:
        """The opening of a via; those without a drill of their own take their net class's."""
        own = words(child(node, "drill"))
        drill = number(own[0]) if own else self.nets.drill(node)
        if drill <= 0:
            raise ValueError(f"a drill of {drill:g} mm")
        x, y = numbers(child(node, "at"), 2)
        size = words(child(node, "size"))
        ends = self.layers.on(words(child(node, "layers"))) or (1, self.layers.count)
        first, last = min(ends), max(ends)
        hole = Hole(
            drill_mm=drill,
            plated=True,
            start=(x, y),
            end=(x, y),
            ring_mm=None,
            span=self._span(node, first, last),
        )
        if not size:
            return hole
        shape = round_pad(number(size[0])).moved((x, y))
        on = kept_layers(node, tuple(range(first, last + 1)), self.layers)
        shape.draw(self.copper, on, self.nets.of(node))
        ring = min([shape.ring(hole), *inner_rings(node, hole)])
        return replace(hole, ring_mm=round(ring, 6))

    def _span(self, node: Node, first: int, last: int) -> tuple[int, int] | None:
        inside = self.layers.count > 2 and (first, last) != (1, self.layers.count)
        return (first, last) if inside or _ENDING_INSIDE & set(words(node)) else None

    def zone(self, node: Node) -> None:
        """Filled areas of a zone; thickened by its pen in the formats that draw them so."""
        net = self.nets.of(node) or " ".join(words(child(node, "net_name"))[:1])
        own = self.layers.on(words(child(node, "layer", "layers")))
        stated = words(child(node, "min_thickness"))
        pen = max(0.0, number(stated[0])) / 2 if stated else 0.0
        bare = words(child(node, "filled_areas_thickness"))[:1] == ["no"]
        for filled in children(node, "filled_polygon"):
            points = points_of(child(filled, "pts"))
            for layer in self.layers.on(words(child(filled, "layer"))) or own:
                self.copper.area(points, 0.0 if bare else pen, layer, net)
        for filled in children(node, "fill_segments"):
            self._segments(filled, pen, own, net)

    def _segments(self, filled: Node, pen: float, own: tuple[int, ...], net: str) -> None:
        """An area filled by lines, as the oldest formats could."""
        for pair in children(filled, "pts"):
            points = points_of(pair)
            for layer in own:
                self.copper.path(points, pen, layer, net)

    def graphic(self, node: Node) -> bool:
        """Draw a graphic if it lies on copper."""
        on = self.layers.on(words(child(node, "layer", "layers")))
        if on:
            points, half = read_shape(node), stroke_width(node) / 2
            for layer in on:
                self.copper.path(points, half, layer, self.nets.of(node))
        return bool(on)


def graphics_of(root: Node) -> Iterator[Node]:
    """Graphics of the board itself."""
    return children(root, *(name for name in GRAPHICS if name.startswith("gr_")))


def _track_points(node: Node) -> Path:
    if node[0] == "arc":
        return read_shape(["gr_arc", *node[1:]])
    return read_shape(["gr_line", *node[1:]])
