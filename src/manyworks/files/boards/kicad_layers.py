"""Layers and stack-up of a KiCad board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from manyworks.files.boards.elements import Stack
from manyworks.files.boards.sexpr import Node, child, children, number, numbers, words
from manyworks.files.limits import THICKEST_MM
from manyworks.model import BoardLayer

EDGE_LAYER = "Edge.Cuts"
_COPPER_KINDS = frozenset({"signal", "power", "mixed", "jumper"})
_BOTTOM_ORDINALS = ("31", "2")
# The second half of a layer's name says what it is for.
_ROLES = {
    "Mask": ("mask", "its openings are not measured"),
    "Paste": ("paste", "tells parts that are soldered from bare pads"),
    "SilkS": ("silkscreen", "nothing is measured on it"),
    "Silkscreen": ("silkscreen", "nothing is measured on it"),
    "Adhes": ("drawing", "adhesive; nothing is measured on it"),
    "Adhesive": ("drawing", "adhesive; nothing is measured on it"),
}
_SIDES = {"F": "top", "B": "bottom"}
_FLEXIBLE = ("polyimide", "kapton", "pet", "polyester")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """All layers, and the copper ones by number from 1 at the top."""

    rows: tuple[BoardLayer, ...]
    top: str = ""
    bottom: str = ""
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of copper layers."""
        return len(self.numbers)

    def on(self, names: Iterable[str]) -> tuple[int, ...]:
        """Numbers of the copper layers that a list of names means, wild cards too."""
        found: set[int] = set()
        for name in names:
            if name in self.numbers:
                found.add(self.numbers[name])
            elif name == "*.Cu":
                return tuple(self.numbers.values())
            elif name == "F&B.Cu":
                found |= {1, self.count}
        return tuple(sorted(found))


def read_layers(root: Node) -> Layers:
    """Layers in file order. Formats up to 5 let people rename copper layers, so kinds decide."""
    rows = [
        (row[0], row[1], row[2])
        for row in (child(root, "layers") or [])[1:]
        if isinstance(row, list) and len(row) > 2 and all(isinstance(word, str) for word in row[:3])
    ]
    copper = [(str(ordinal), str(name)) for ordinal, name, kind in rows if kind in _COPPER_KINDS]
    names = [name for _, name in copper]
    bottom = _bottom(copper)
    if bottom in names:  # always the last of the stack, whatever the list's order
        names.remove(bottom)
        names.append(bottom)
    numbers_ = {name: index for index, name in enumerate(names, start=1)}
    return Layers(
        rows=tuple(_board_layers([str(name) for _, name, _ in rows], numbers_)),
        top=names[0] if names else "",
        bottom=bottom,
        numbers=numbers_,
    )


def _bottom(copper: list[tuple[str, str]]) -> str:
    names = [name for _, name in copper]
    if "B.Cu" in names:
        return "B.Cu"
    by_ordinal = dict(copper)
    last = names[-1] if names else ""
    return next((by_ordinal[key] for key in _BOTTOM_ORDINALS if key in by_ordinal), last)


def _board_layers(names: list[str], numbers_: dict[str, int]) -> Iterator[BoardLayer]:
    last = len(numbers_)
    for name in names:
        if name in numbers_:
            place = numbers_[name]
            side = "top" if place == 1 else "bottom" if place == last else "inner"
            yield BoardLayer(name=name, role="copper", side=side, number=place, why="the file's layer list")
        elif name == EDGE_LAYER:
            yield BoardLayer(name=name, role="outline", why="the file's layer list")
        else:
            first, _, second = name.partition(".")
            role, why = _ROLES.get(second, ("drawing", "a drawing; nothing is measured on it"))
            side = _SIDES.get(first, "")
            yield BoardLayer(name=name, role=role, side=side, used=role == "paste", why=why)


def read_stack(setup: Node) -> Stack:
    """What the stack-up says where the file has one; the thickness stands elsewhere.

    Raises
    ------
    ValueError
        A thickness that is no number.
    """
    stackup = child(setup, "stackup") or []
    layers = list(children(stackup, "layer"))
    return Stack(
        thickness_mm=0.0,
        finish=_stated(stackup, "copper_finish"),
        mask_colour=next(filter(None, (_stated(layer, "color") for layer in _masks(layers))), ""),
        copper_um=next(filter(None, map(_copper_um, layers)), None),
        flexible=_flexible(layers),
        castellated=_yes(stackup, "castellated_pads"),
        edge_plated=_yes(stackup, "edge_plating"),
    )


def read_thickness(general: Node) -> float:
    """Thickness of the board.

    Raises
    ------
    ValueError
        None is given, or none that a board could have.
    """
    stated = child(general, "thickness")
    if stated is None:
        raise ValueError("it does not say how thick the board is, as in (thickness 1.6)")
    thickness = numbers(stated, 1)[0]
    if not 0 < thickness < THICKEST_MM:
        raise ValueError(f"a board of {thickness:g} mm, expected more than 0 and less than {THICKEST_MM:g}")
    return thickness


def _stated(node: Node, name: str) -> str:
    text = " ".join(words(child(node, name)))[:80]
    return "" if text.casefold() in ("none", "user defined", "not specified") else text


def _masks(layers: list[Node]) -> Iterator[Node]:
    for layer in layers:
        if "mask" in _stated(layer, "type").casefold():
            yield layer


def _copper_um(layer: Node) -> float | None:
    """Thickness of the first copper layer of the stack, which is an outer one."""
    if _stated(layer, "type") != "copper":
        return None
    stated = words(child(layer, "thickness"))
    value = number(stated[0]) * 1000 if stated else 0.0
    return round(value, 3) if value > 0 else None


def _flexible(layers: list[Node]) -> bool | None:
    """Whether the cores are of film; None where no material is named."""
    cores = [
        material
        for layer in layers
        if _stated(layer, "type") in ("core", "prepreg") and (material := _stated(layer, "material"))
    ]
    if not cores:
        return None
    return all(any(word in core.casefold().split() for word in _FLEXIBLE) for core in cores)


def _yes(node: Node, name: str) -> bool | None:
    stated = child(node, name)
    return None if stated is None else words(stated)[:1] != ["no"]
