"""Layers, units and nets of a board in KiCad's first format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from manyworks.files.boards.legacy_text import Block
from manyworks.files.boards.sexpr import number
from manyworks.model import BoardLayer

BACK, FRONT, EDGE = 0, 15, 28
PASTE_MASK = (1 << 18) | (1 << 19)
# A ten-thousandth of an inch, in which the files of version 1 count.
_DECIMIL_MM = 0.00254
_INCH_MM = 25.4
# Name, role and side of the layers above copper, whose numbers are fixed.
_TECHNICAL: dict[int, tuple[str, str, str]] = {
    16: ("adhesive back", "drawing", "bottom"),
    17: ("adhesive front", "drawing", "top"),
    18: ("paste back", "paste", "bottom"),
    19: ("paste front", "paste", "top"),
    20: ("silkscreen back", "silkscreen", "bottom"),
    21: ("silkscreen front", "silkscreen", "top"),
    22: ("mask back", "mask", "bottom"),
    23: ("mask front", "mask", "top"),
    24: ("drawings", "drawing", ""),
    25: ("comments", "drawing", ""),
    26: ("ECO1", "drawing", ""),
    27: ("ECO2", "drawing", ""),
    28: ("edges", "outline", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """How many copper layers there are, counted in the file from 0 at the back to 15 at the front."""

    count: int
    names: Mapping[int, str] = field(default_factory=dict)

    def place(self, layer: int) -> int | None:
        """Place in the stack from 1 at the top; None for what is no copper layer of the board."""
        if layer == FRONT:
            return 1
        if layer == BACK:
            return self.count if self.count > 1 else 1
        return self.count - layer if 0 < layer < self.count - 1 else None

    def on(self, mask: int) -> tuple[int, ...]:
        """Places of all copper layers in a mask of bits."""
        places = (self.place(layer) for layer in range(16) if mask >> layer & 1)
        return tuple(sorted({place for place in places if place is not None}))

    def rows(self, drawn: Mapping[int, int]) -> Iterator[BoardLayer]:
        """The copper layers from the top, then what is drawn on the others."""
        for place in range(1, self.count + 1):
            old = FRONT if place == 1 else self.count - place
            side = "top" if place == 1 else "bottom" if place == self.count else "inner"
            name = self.names.get(old, f"copper {old}")
            yield BoardLayer(name=name, role="copper", side=side, number=place, why="the file's set-up")
        for layer in sorted({*drawn, EDGE} - set(range(16))):
            name, role, side = _TECHNICAL.get(layer, (f"layer {layer}", "unknown", ""))
            why = f"{drawn.get(layer, 0)} elements; layer number {layer}"
            yield BoardLayer(name=name, role=role, side=side, used=role in ("outline", "paste"), why=why)


def read_layers(root: Block) -> Layers:
    """Number and names of the copper layers.

    Raises
    ------
    ValueError
        The file does not say how many there are, or no number from 1 to 16.
    """
    count = 0
    names: dict[int, str] = {}
    for setup in root.inside("SETUP"):
        count = int(number((setup.row("Layers") or ["", "0"])[1]))
        for words in setup.rows():
            if words[0].startswith("Layer[") and len(words) > 1:
                names[int(words[0][6:].rstrip("]")[:4])] = words[1]
    if not count:
        count = _count_of(root)
    if not 1 <= count <= 16:
        raise ValueError(f"{count} copper layers, expected 1 to 16")
    return Layers(count=count, names=names)


def _count_of(root: Block) -> int:
    """Layers by the general block: their number, else the bits of the mask of those in use."""
    for general in root.inside("GENERAL"):
        stated = general.row("LayerCount")
        if len(stated) > 1:
            return int(number(stated[1]))
        mask = general.row("EnabledLayers", "Ly")
        if len(mask) > 1:
            return (int(mask[1][:8], 16) & 0xFFFF).bit_count()
    return 0


def read_unit(root: Block) -> float:
    """Millimetres of one unit of the file: stated in mm, else the unit it was edited in, else by version.

    Raises
    ------
    ValueError
        A unit that is none.
    """
    for general in root.inside("GENERAL"):
        if general.row("Units")[1:2] == ["mm"]:
            return 1.0
    version = next((words for words in root.rows("PCBNEW-BOARD")), [])
    if version[1:3] == ["Version", "2"]:
        return 1.0
    for setup in root.inside("SETUP"):
        stated = setup.row("InternalUnit")
        if len(stated) > 2:
            size = number(stated[1]) * (_INCH_MM if stated[2].upper() == "INCH" else 1.0)
            if not 0 < size <= _INCH_MM:
                raise ValueError(f"a unit of {size:g} mm")
            return size
    return _DECIMIL_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Nets:
    """Names of nets by number; drills of vias by the name of their net, and for all others."""

    names: Mapping[str, str] = field(default_factory=dict)
    drills: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    usual: tuple[float, float] = (0.0, 0.0)

    def drill(self, net: str, micro: bool) -> float:
        """Drill in file units of a via without one of its own; 0 where nothing says it."""
        return self.drills.get(net, self.usual)[micro]


def read_nets(root: Block) -> Nets:
    """Nets and their classes.

    Raises
    ------
    ValueError
        A drill is no number.
    """
    names: dict[str, str] = {}
    for net in root.inside("EQUIPOT"):
        words = net.row("Na")
        if len(words) > 2:
            names[words[1]] = words[2]
    usual = (0.0, 0.0)
    for setup in root.inside("SETUP"):
        usual = _drills(setup, "ViaDrill", "MicroViaDrill")
    drills: dict[str, tuple[float, float]] = {}
    for position, group in enumerate(root.inside("NCLASS")):
        own = _drills(group, "ViaDrill", "uViaDrill")
        if position == 0 and own[0] > 0:
            usual = own
        for words in group.rows("AddNet"):
            drills[" ".join(words[1:2])] = own
    return Nets(names=names, drills=drills, usual=usual)


def _drills(block: Block, through: str, micro: str) -> tuple[float, float]:
    return (
        number((block.row(through) or ["", "0"])[1]),
        number((block.row(micro) or ["", "0"])[1]),
    )
