"""Layers of an Eagle board by their fixed numbers, and how much lies on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manyworks.model import BoardLayer

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TOP, BOTTOM = 1, 16
UNROUTED, EDGE, MILLING = 19, 20, 46
# Role, side and remark of the layers whose numbers mean the same in every board.
_ROLES: dict[int, tuple[str, str, bool, str]] = {
    17: ("copper", "", False, "pads; taken from the packages"),
    18: ("copper", "", False, "vias; taken from the signals"),
    19: ("drawing", "", False, "connections that are not routed"),
    20: ("outline", "", True, "the program's layer number 20"),
    **dict.fromkeys((21, 25, 27), ("silkscreen", "top", False, "nothing is measured on it")),
    **dict.fromkeys((22, 26, 28), ("silkscreen", "bottom", False, "nothing is measured on it")),
    29: ("mask", "top", False, "its openings are not measured"),
    30: ("mask", "bottom", False, "its openings are not measured"),
    31: ("paste", "top", False, "paste is taken from the pads"),
    32: ("paste", "bottom", False, "paste is taken from the pads"),
    44: ("drill", "", True, "plated holes; taken from pads and vias"),
    45: ("drill", "", True, "holes without plating"),
    46: ("outline", "", True, "milling"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stackup:
    """Copper layers from the top, by the program's numbers."""

    copper: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of copper layers."""
        return len(self.copper)

    def place(self, layer: int) -> int | None:
        """Place of a layer in the stack, from 1 at the top; None where it is not in it."""
        return self.copper.index(layer) + 1 if layer in self.copper else None

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """Places of all layers from one number to another."""
        low, high = min(first, last), max(first, last)
        return tuple(i for i, layer in enumerate(self.copper, start=1) if low <= layer <= high)


def stackup_of(stated: Sequence[int], drawn: Mapping[int, int]) -> Stackup:
    """The copper layers of the design rules; of a file without them, those that are drawn on."""
    if stated:
        return Stackup(copper=tuple(stated))
    inner = sorted(layer for layer in drawn if TOP < layer < BOTTOM)
    return Stackup(copper=(TOP, *inner, BOTTOM))


def count_drawn(board: Element) -> Counter[int]:
    """How many elements lie on each layer, packages counted once."""
    drawn: Counter[int] = Counter()
    for element in board.iter():
        layer = element.get("layer")
        if layer is not None and layer.isdecimal() and len(layer) < 6:
            drawn[int(layer)] += 1
    return drawn


def board_layers(names: Mapping[int, str], stack: Stackup, drawn: Mapping[int, int]) -> Iterator[BoardLayer]:
    """The copper layers, and every other layer that something is drawn on."""
    for place, number in enumerate(stack.copper, start=1):
        side = "top" if place == 1 else "bottom" if place == stack.count else "inner"
        name = names.get(number, f"layer {number}")
        yield BoardLayer(name=name, role="copper", side=side, number=place, why="the layer set-up")
    for number in sorted({*drawn, EDGE} - set(stack.copper)):
        name = names.get(number, f"layer {number}")
        if TOP <= number <= BOTTOM:
            yield BoardLayer(name=name, role="unknown", used=False, why="copper outside the layer set-up")
        else:
            role, side, used, why = _ROLES.get(number, ("drawing", "", False, "a drawing"))
            count = f"{drawn.get(number, 0)} elements; {why}"
            yield BoardLayer(name=name, role=role, side=side, used=used, why=count)


def outside(stack: Stackup, drawn: Mapping[int, int]) -> list[int]:
    """Copper layers that are drawn on but not in the stack."""
    return sorted(n for n in drawn if TOP <= n <= BOTTOM and n not in stack.copper)
