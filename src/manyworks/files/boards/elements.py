"""What every board format has, in one form: holes, pads, footprints, strokes of copper, the stack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from manyworks.files.boards.contours import Outline, Point
from manyworks.files.boards.copper import Strokes
from manyworks.files.part_kinds import PART
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, BoardLayer, Land, Placement

# Shorter than this a slot is a round hole whose two measures were rounded apart.
SLOT_MM = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A drilled or routed opening: the tool's diameter, and the way of its centre.

    ``ring_mm`` is the least copper around it, None where it has none; ``span`` the first and last
    copper layer, counted from 1 at the top, None through the whole board.
    """

    drill_mm: float
    plated: bool
    start: Point
    end: Point
    ring_mm: float | None = None
    span: tuple[int, int] | None = None

    @property
    def slot(self) -> bool:
        """Whether it is longer than wide."""
        return math.dist(self.start, self.end) > SLOT_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad:
    """A pad in board coordinates. ``half_mm`` is half of its larger side."""

    name: str
    at: Point
    half_mm: float
    surface: bool
    through: bool
    pasted: bool
    hole: Hole | None = None
    land: Land | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """One footprint of the board file.

    ``kind`` is ``part`` or what it is instead; ``excluded`` whether the design says that it is not
    in the parts list.
    """

    placement: Placement
    kind: str
    excluded: bool
    holes: tuple[Hole, ...] = field(default=())
    lands: tuple[Land, ...] = field(default=())

    @property
    def is_part(self) -> bool:
        """Whether, without a parts list, this counts as something to fit."""
        return self.kind == PART and not self.excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What the file says of the bare board's make-up; None and empty where it says nothing."""

    thickness_mm: float
    finish: str = ""
    mask_colour: str = ""
    copper_um: float | None = None
    flexible: bool | None = None
    castellated: bool | None = None
    edge_plated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardElements:
    """Everything of a board that measures are taken from, whichever program drew it.

    ``holes`` are those outside footprints: vias and loose holes. ``rule_space_mm`` is the least
    clearance the file asks of itself. ``y_up`` says which way the y axis points.
    """

    source: Source
    layers: tuple[BoardLayer, ...]
    outline: Outline
    stack: Stack
    footprints: tuple[Footprint, ...]
    holes: tuple[Hole, ...]
    copper: Strokes
    track_mm: float | None = None
    rule_space_mm: float | None = None
    y_up: bool = False

    @property
    def copper_layers(self) -> int:
        """Number of copper layers."""
        return sum(layer.role == "copper" for layer in self.layers)

    @property
    def all_holes(self) -> Sequence[Hole]:
        """Every opening, of footprints too."""
        return [*self.holes, *(hole for footprint in self.footprints for hole in footprint.holes)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFile:
    """A board as its file has it: the design without a parts list's opinion, and every footprint.

    Coordinates are the file's, y downwards as KiCad has it; Eagle's, which count upwards, are turned
    over, so that the picture of every board file is drawn the same way round.
    """

    design: BoardDesign
    footprints: tuple[Footprint, ...]
    source: Source
